"""The committed widgets are what their TypeScript builds."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WIDGETS = ROOT / "loopai_nb" / "notebook" / "widgets"
MAKES_HTML = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(")
ASKS = ("fetch(", "XMLHttpRequest", "WebSocket", "import(", "http://", "https://", "url(")
KEPT = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with Node's packages as the lockfile has them."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no Node on this machine")
    folder = tmp_path_factory.mktemp("widgets")
    for name in KEPT:
        shutil.copy(ROOT / name, folder)
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "widgets.mjs", folder / "scripts")
    shutil.copytree(WIDGETS / "src", folder / WIDGETS.relative_to(ROOT) / "src")
    command = [npm, "ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI") == "true":
            pytest.fail(done.stderr)
        pytest.skip(f"npm can't get Node's packages here: {done.stderr[-200:]}")
    return folder


def run(folder: Path, script: str, *arguments: str) -> None:
    """Run a script of package.json, which has to succeed."""
    done = subprocess.run(
        ["npm", "run", "--silent", script, "--", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_committed_is_what_is_built(workshop: Path) -> None:
    """Byte for byte, every file and no other."""
    run(workshop, "build", "--out", str(workshop / "built"))

    built = {path.name: path.read_bytes() for path in (workshop / "built").iterdir()}
    committed = {path.name: path.read_bytes() for path in (WIDGETS / "static").iterdir()}
    assert built.keys() == committed.keys()
    assert [name for name in built if built[name] != committed[name]] == [], "run: make widgets"


def test_the_sources_are_typed_and_their_own_tests_pass(workshop: Path) -> None:
    """TypeScript in its strict form, and the tests that lie beside what they test."""
    run(workshop, "check")
    run(workshop, "test")


def test_no_widget_makes_html_of_text_or_asks_for_anything() -> None:
    """ATTACKS 1: no way from text to HTML, and no request, in what is delivered."""
    for path in (WIDGETS / "static").iterdir():
        text = path.read_text()
        for forbidden in MAKES_HTML + ASKS:
            assert forbidden not in text, (path.name, forbidden)
