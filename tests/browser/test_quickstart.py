from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import psycopg2
import pytest

from loopai_nb.demo.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conftest import Lab
    from playwright.sync_api import Page

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
RUN_ALL_AND_GO_ON = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
OUTPUT = ".jp-OutputArea-output"
TEMPLATE = """%%loopai map frame --as out --max-tokens 4
Which part was hit? engine, wing, other. One word.
{{ text }}"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A Postgres with the bird strikes and a model server, for this module."""
    folder = Path(tempfile.mkdtemp(prefix="loopai-nb-browser-"))
    folder.chmod(0o755)  # as root the Postgres runs as `nobody`
    try:
        with Stack(folder / "postgres", folder / "ledger" / "ledger.sqlite3") as started:
            started.start_postgres()
            started.start_server()
            yield started
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def lab_environment(stack: Stack) -> Mapping[str, str]:
    """Point the kernels at the stack."""
    return stack.environment()


def _seen(page: Page, text: str) -> None:
    # Attached, not visible: JupyterLab hides the content of cells that are scrolled out of sight.
    page.locator(OUTPUT, has_text=text).first.wait_for(timeout=60_000, state="attached")


def test_the_quickstart_runs_from_pull_to_push(
    jupyter_lab: Lab, open_notebook: Callable[[str], Page], stack: Stack
) -> None:
    """All cells of the quickstart run in JupyterLab; the plan, the end of the run and the push are seen."""
    shutil.copy(NOTEBOOKS / "01_quickstart.ipynb", jupyter_lab.root)

    page = open_notebook("01_quickstart.ipynb")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.evaluate(RUN_ALL)

    _seen(page, "read-only for pulls")
    _seen(page, "→ birds")
    _seen(page, "distinct requests")
    _seen(page, "500 of 500 answered")
    _seen(page, "500 inserted")
    _seen(page, "→ by_part")
    assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    with psycopg2.connect(stack.postgres.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT part_hit) FROM bird_parts")
        assert cursor.fetchone()[0] == 500


def test_a_person_is_asked_and_a_no_sends_nothing(
    jupyter_lab: Lab, open_notebook: Callable[[str], Page], stack: Stack
) -> None:
    """With LOOPAI_UI=text the cell shows the plan and asks in words; no sends nothing, then yes sends it."""
    cells = [
        "import os; os.environ['LOOPAI_UI'] = 'text'",
        "%load_ext loopai_nb",
        "import pandas as pd\nframe = pd.DataFrame({'text': ['bird in engine', 'dent in wing']})",
        TEMPLATE,
        "print(out['answer'].tolist())",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, jupyter_lab.root / "asked.ipynb")
    before = stack.server.stats().requests

    page = open_notebook("asked.ipynb")
    page.evaluate(RUN_ALL_AND_GO_ON)
    prompt = page.locator(".jp-Stdin-input")
    prompt.wait_for()
    prompt.fill("n")
    prompt.press("Enter")
    _seen(page, "Nothing of it was sent")
    assert stack.server.stats().requests == before

    page.evaluate(RUN_ALL_AND_GO_ON)
    prompt.wait_for()
    prompt.fill("y")
    prompt.press("Enter")
    _seen(page, "['engine', 'wing']")
    assert stack.server.stats().requests == before + 2
