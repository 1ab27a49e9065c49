"""What a person does with the request log of a dashboard, in JupyterLab."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from logged import answered, begin, carry_out, refused

from loopai_nb.ledger.store import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conftest import Lab
    from playwright.sync_api import Page

    from loopai_nb.ledger.records import Lease, Settlement

WAIT_MS = 60_000
REQUESTS = 5_000
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
HOSTILE = "<img src=x onerror='window.pwned = 1'> \u202egnp.exe it's $(id)"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the ledger is, with some thousand requests in it; every hundredth was refused."""
    with tempfile.TemporaryDirectory(prefix="loopai-nb-log-") as made:
        texts = [HOSTILE if n == 0 else f"gull {n}" for n in range(REQUESTS)]
        with ThreadPoolExecutor() as elsewhere:
            elsewhere.submit(ask, Path(made), texts, ends).result()
        yield Path(made)


def ends(lease: Lease) -> Settlement:
    """How a request ends."""
    return refused(lease) if lease.prompt.endswith("00") else answered(lease, "a wing")


def ask(folder: Path, texts: list[str], ends: Callable[[Lease], Settlement]) -> None:
    """Carry out a run in the ledger."""
    ledger = Ledger(folder / "ledger.sqlite3")
    carry_out(ledger, begin(ledger, texts, system="One word."), ends)
    ledger.close()


@pytest.fixture(scope="module")
def lab_environment(folder: Path) -> Mapping[str, str]:
    """A kernel on that ledger."""
    return {
        "LOOPAI_LEDGER": str(folder / "ledger.sqlite3"),
        "LOOPAI_USER": "ann",
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


@pytest.fixture
def page(jupyter_lab: Lab, open_notebook: Callable[[str], Page]) -> Page:
    """A notebook with a dashboard, at its requests."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in ("%load_ext loopai_nb", "%loopai dashboard")]
    )
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, jupyter_lab.root / "log.ipynb")
    opened = open_notebook("log.ipynb")
    opened.evaluate(RUN_ALL)
    opened.get_by_role("tab", name="Requests").click(timeout=WAIT_MS)
    counted(opened, f"{REQUESTS:,} requests")
    return opened


def counted(page: Page, said: str) -> None:
    """Wait until the log says how many requests there are."""
    page.locator(".log .count", has_text=said).wait_for(timeout=WAIT_MS)


def test_a_person_goes_through_the_log(page: Page, folder: Path) -> None:
    """Scroll far, filter, search, open, copy, sort, by keyboard; no text is live; what comes is on top."""
    log = page.locator(".log")
    rows = log.locator(".loopai-row")
    listed = log.get_by_role("listbox", name="Requests")

    listed.evaluate("list => { list.scrollTop = list.scrollHeight; }")
    last = page.locator(f'.log .loopai-row[aria-posinset="{REQUESTS}"]')
    last.get_by_text("a wing").wait_for(timeout=WAIT_MS)
    assert "gnp.exe" in last.inner_text()
    assert "[U+202E]" in last.inner_text()
    assert rows.count() < 100

    log.get_by_label("Status", exact=True).select_option("failed")
    counted(page, "49 requests")
    log.get_by_role("button", name="Clear").click()
    counted(page, f"{REQUESTS:,} requests")
    listed.focus()
    page.keyboard.press("/")
    page.keyboard.type("gnp.exe")
    page.keyboard.press("Enter")
    counted(page, "1 request")

    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    one = log.get_by_label("One request")
    one.get_by_text("One word.").wait_for(timeout=WAIT_MS)
    assert one.locator(".loopai-odd").first.inner_text() == "[U+202E]"
    assert one.locator("mark", has_text="gnp.exe").count() == 1
    assert one.locator("img").count() == 0
    assert page.evaluate("() => window.pwned") is None
    assert "***" in one.get_by_label("Sent as").inner_text()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("c")
    one.get_by_text("$LOOPAI_API_KEY").wait_for(timeout=WAIT_MS)
    command = page.evaluate("() => navigator.clipboard.readText()")
    assert command.startswith("curl http://gpu-box:8000/v1/chat/completions")
    assert "\\u202e" in command
    page.keyboard.press("Escape")
    one.wait_for(state="hidden", timeout=WAIT_MS)

    log.get_by_role("button", name="Clear").click()
    counted(page, f"{REQUESTS:,} requests")
    log.get_by_role("button", name="Latency").click()
    page.locator('.log .loopai-row[aria-posinset="1"]', has_text="120 ms").wait_for(timeout=WAIT_MS)
    log.get_by_role("button", name="Ended").click()
    page.locator(".log:not([aria-busy])").wait_for(timeout=WAIT_MS)
    listed.focus()
    page.keyboard.press("End")
    page.locator(f'.log .loopai-row[aria-posinset="{REQUESTS}"][aria-selected="true"]').wait_for(
        timeout=WAIT_MS
    )
    page.keyboard.press("Home")

    with ThreadPoolExecutor() as elsewhere:  # Playwright keeps an event loop in this thread
        elsewhere.submit(ask, folder, ["a new text"], answered).result()
    counted(page, f"{REQUESTS + 1:,} requests")
    page.locator('.log .loopai-row[aria-posinset="1"]', has_text="a new text").wait_for(timeout=WAIT_MS)
