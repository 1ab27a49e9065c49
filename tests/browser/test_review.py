"""What a person does with the review widget, in JupyterLab, on each release of ipykernel."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from kernels import RELEASES, environment_of
from nbconvert import HTMLExporter

from loopai_nb.devserver.serve import DevServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conftest import Lab
    from playwright.sync_api import Browser, Locator, Page

OUTPUT = ".jp-OutputArea-output"
HOUSED = "[class^=loopai-home-] .loopai-review"
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
CLEAN = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
RUN_LAST = """() => {
  const cells = window.jupyterapp.shell.currentWidget.content;
  document.querySelectorAll('.loopai-review').forEach(shown => shown.classList.add('of-before'));
  cells.activeCellIndex = cells.widgets.length - 1;
  window.jupyterapp.commands.execute('notebook:run-cell');
}"""
BUSY = """() => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  kernel.requestExecute({ code: 'import time; time.sleep(3)' });
}"""
CELLS = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
WAIT_MS = 60_000

FRAME = "import pandas as pd\nframe = pd.DataFrame({'text': TEXTS})"
MAP = """%%loopai map frame --as out --max-tokens 4 --yes OPTIONS
Which part was hit? engine, wing, other. One word.
{{ text }}"""
HOSTILE = r"'odd \u202e\u200b\x1b[31m <img src=x onerror=alert(1)> ![x](http://example.com/x.png)'"
LATEST = """
    SELECT rows.position, reviews.state, reviews.text, reviews.note FROM rows
    JOIN requests ON requests.plan_id = rows.plan_id AND requests.key = rows.key
    JOIN runs ON runs.plan_id = rows.plan_id AND runs.run_id = ?
    JOIN reviews ON reviews.request_no = requests.answer_no AND reviews.run_id = runs.run_id
        AND reviews.undone = 0
    ORDER BY rows.position"""


@pytest.fixture(scope="module")
def ledger() -> Iterator[Path]:
    """The ledger's file, which a test may look into."""
    with tempfile.TemporaryDirectory(prefix="loopai-nb-review-") as folder:
        yield Path(folder) / "ledger.sqlite3"


@pytest.fixture(scope="module")
def model_server() -> Iterator[DevServer]:
    """A model server."""
    with DevServer() as server:
        yield server


@pytest.fixture(scope="module", params=RELEASES)
def lab_environment(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    model_server: DevServer,
    ledger: Path,
) -> Mapping[str, str]:
    """Kernels with each release of ipykernel."""
    return {
        **environment_of(request.param, tmp_path_factory.mktemp("kernels")),
        "LOOPAI_SERVER": model_server.openai_url,
        "LOOPAI_LEDGER": str(ledger),
        "LOOPAI_USER": "ann",
        "XDG_CONFIG_HOME": str(ledger.parent / "config"),
    }


@pytest.fixture
def reviewed(
    jupyter_lab: Lab, open_notebook: Callable[[str], Page], request: pytest.FixtureRequest
) -> Callable[..., Page]:
    """A function that opens a notebook whose last cell reviews the answers of the one before, and runs it."""
    name = re.sub(r"\W+", "-", request.node.name)

    def opened(texts: str, options: str = "") -> Page:
        cells = ["%load_ext loopai_nb", FRAME.replace("TEXTS", texts), MAP.replace("OPTIONS", options)]
        cells.append("%loopai review out")
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, jupyter_lab.root / f"{name}.ipynb")
        page = open_notebook(f"{name}.ipynb")
        page.evaluate(RUN_ALL)
        answer(page).wait_for(timeout=WAIT_MS)
        page.locator(HOUSED).wait_for(timeout=WAIT_MS)
        return page

    return opened


def widget(page: Page) -> Locator:
    """The review widget."""
    return page.locator(".loopai-review")


def answer(page: Page) -> Locator:
    """The answer that is looked at."""
    return widget(page).locator(".one .answer :is(.text, .values)").first


def seen(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait for text in an output."""
    page.locator(OUTPUT, has_text=text).first.wait_for(timeout=WAIT_MS, state="attached")


def saved(page: Page, words: str) -> None:
    """Wait until the widget says so of what is in the ledger, and that nothing is on its way there."""
    widget(page).locator(".words", has_text=words).wait_for(timeout=WAIT_MS)
    page.wait_for_function("() => document.querySelector('.loopai-review .saving').textContent === ''")


def told(ledger: Path, statement: str, *values: Any) -> list[Any]:
    """What the ledger's file says."""
    with contextlib.closing(sqlite3.connect(ledger)) as connection:
        return connection.execute(statement, values).fetchall()


def run_of(page: Page) -> str:
    """Whose answers are reviewed."""
    return widget(page).locator("h3").inner_text().removeprefix("Review of ")


def decide(page: Page, number: int) -> None:
    """Press the keys of one row: what becomes of it depends on its number alone."""
    keys = page.keyboard
    if number % 10 == 3:
        keys.press("x")
        keys.type(f"as {number}")  # which would decide, were it not written
        keys.press("Enter")
    elif number % 10 == 5:
        keys.press("e")
        keys.type(f"sea {number}")
        keys.press("Control+Enter")
    elif number % 10 == 7:
        keys.press("s")
        keys.press("u")
        keys.press("s")
    else:
        keys.press("a")


def decided(number: int) -> tuple[Any, ...]:
    """What the ledger has to say of it."""
    special = {
        3: ("REJECTED", None, f"as {number}"),
        5: ("EDITED", f"sea {number}", ""),
        7: ("SKIPPED", None, ""),
    }
    return (number, *special.get(number % 10, ("ACCEPTED", None, "")))


@pytest.mark.timeout(600)  # seven hundred keys, as fast as a browser takes them
@pytest.mark.parametrize("rows", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_answers_by_keyboard_over_two_days(
    reviewed: Callable[..., Page],
    open_notebook: Callable[[str], Page],
    jupyter_lab: Lab,
    ledger: Path,
    rows: int,
) -> None:
    """None is lost or doubled, also when the tab is closed in the middle; each end says what can be typed."""
    page = reviewed(f"[f'bird {{i}} struck the wing' for i in range({rows})]")
    run, name = run_of(page), page.url.rsplit("/", 1)[-1]
    widget(page).focus()
    for number in range(rows // 2):
        decide(page, number)
    page.evaluate(SAVE)
    page.wait_for_function(CLEAN)
    # A copy, which no kernel of this session knows.
    (jupyter_lab.root / "copied.ipynb").write_bytes((jupyter_lab.root / name).read_bytes())
    page.close()

    page = open_notebook("copied.ipynb")
    seen(page, f"{run} is reviewed here by ann. When it was opened: 0 of {rows} reviewed")
    seen(page, f"Go on: %loopai review {run}")
    assert page.get_by_text("Error displaying widget").count() == 0
    page.close()

    page = open_notebook(name)
    page.evaluate(RUN_LAST)
    page.locator(".loopai-review:not(.of-before) .answer .text").wait_for(timeout=WAIT_MS)
    first = int(widget(page).locator(".place").inner_text().split()[0]) - 1
    # The rows that were decided are the first ones: none was passed over on the way into the ledger.
    assert [row[0] for row in told(ledger, LATEST, run)] == list(range(first))
    widget(page).focus()
    for number in range(first, rows):
        decide(page, number)
    saved(page, f"{rows} of {rows} reviewed")

    assert told(ledger, LATEST, run) == [decided(number) for number in range(rows)]
    undone = told(ledger, "SELECT count(*) FROM reviews WHERE run_id = ? AND undone = 1", run)
    assert undone == [(rows // 10,)]
    page.keyboard.press("Enter")
    tenth = rows // 10
    ends = (f"{7 * tenth} accepted", f"{tenth} edited", f"{tenth} rejected", f"{tenth} skipped")
    seen(page, " · ".join([f"{rows} of {rows} reviewed", *ends]))
    seen(page, "%loopai push out TABLE --key ID")
    assert widget(page).count() == 0


def test_what_is_not_saved_is_told_and_hostile_text_stays_text(
    reviewed: Callable[..., Page], jupyter_lab: Lab, chromium: Browser, tmp_path: Path
) -> None:
    """ATTACKS 1, 6, 9, 11; an edit that does not fit comes back with its words; the saved file reads well."""
    page = reviewed(
        f"['bird hit the wing', {HOSTILE}, 'dent in engine']",
        '--schema "part: engine|wing|other, n?: int" --max-tokens 60',
    )
    cells = page.evaluate(CELLS)
    widget(page).focus()
    page.keyboard.press("j")
    row = widget(page).locator(".one > .row")
    row.get_by_text("[U+202E]").wait_for(timeout=WAIT_MS)
    assert "[U+202E][U+200B]␛[31m <img src=x onerror=alert(1)> ![x](http" in row.inner_text()
    assert row.locator(".loopai-odd").count() == 3
    assert widget(page).locator("img").count() == 0

    page.keyboard.press("e")
    editor = widget(page).locator(".editor")
    editor.get_by_label("part").select_option("other")
    editor.get_by_label("n", exact=True).fill("many")
    page.keyboard.press("Control+Enter")
    widget(page).get_by_role("alert").get_by_text("n is 'many', and takes a number").wait_for(timeout=WAIT_MS)
    assert editor.get_by_label("n", exact=True).input_value() == "many"
    editor.get_by_label("n", exact=True).fill("2")
    page.keyboard.press("Control+Enter")
    saved(page, "1 of 3 reviewed")
    for key in ("d", "d", "y", "Shift+Enter", "z", "c", "Escape"):  # of the notebook, and not of the widget
        page.keyboard.press(key)
    assert page.evaluate(CELLS) == cells

    widget(page).get_by_role("button", name="Done").click()
    seen(page, "1 of 3 reviewed · 1 edited")
    page.evaluate(SAVE)
    page.wait_for_function(CLEAN)
    (path,) = jupyter_lab.root.glob("test_what_is_not_saved*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    assert "application/vnd.jupyter.widget" not in str(notebook)
    exported = tmp_path / "exported.html"
    exported.write_text(HTMLExporter(template_name="basic").from_notebook_node(notebook)[0])
    context = chromium.new_context(offline=True)
    reader = context.new_page()
    reader.goto(exported.as_uri())
    assert reader.get_by_text("go on: %loopai review out", exact=False).is_visible()
    assert reader.locator("img").count() == 0
    context.close()


@pytest.mark.slow
def test_ten_thousand_rows_are_filtered_and_decided_at_once(
    reviewed: Callable[..., Page], ledger: Path
) -> None:
    """Only rows in sight are in the page; many are decided and undone at once; keys may be early."""
    page = reviewed("[f'bird {i % 500} hit the ' + ('engine' if i % 5 else 'wing') for i in range(10_000)]")
    run = run_of(page)
    widget(page).focus()
    page.keyboard.press("End")
    widget(page).locator(".place", has_text="10,000 of 10,000").wait_for(timeout=WAIT_MS)
    row = widget(page).locator(".one > .row")
    row.get_by_text("bird 499 hit the engine").wait_for(timeout=WAIT_MS)
    page.keyboard.press("t")
    widget(page).locator(".loopai-row[aria-selected='true']", has_text="bird 499").wait_for(timeout=WAIT_MS)
    assert 10 < widget(page).locator(".loopai-row").count() < 60
    page.keyboard.press("/")
    page.keyboard.type("BIRD 321 ")
    page.keyboard.press("Enter")
    widget(page).get_by_text("in 20").wait_for(timeout=WAIT_MS)
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    row.locator("mark", has_text="bird 321").wait_for(timeout=WAIT_MS)

    page.keyboard.press("f")
    widget(page).locator(".filter").get_by_label("Rule").fill("text.str.endswith('wing')")
    page.keyboard.press("Enter")
    widget(page).locator(".filtered", has_text="2,000 rows").wait_for(timeout=WAIT_MS)
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    widget(page).locator(".counted", has_text="2,000 rows.").wait_for(timeout=WAIT_MS)
    page.keyboard.press("a")
    widget(page).get_by_role("button", name="Accept 2,000 rows").wait_for(timeout=WAIT_MS)
    assert told(ledger, "SELECT count(*) FROM reviews WHERE run_id = ?", run) == [(0,)]
    page.keyboard.press("Enter")
    saved(page, "2,000 of 10,000 reviewed")
    page.keyboard.press("u")
    saved(page, "0 of 10,000 reviewed")
    widget(page).get_by_role("button", name="All rows").last.click()
    widget(page).locator(".place", has_text="of 10,000").wait_for(timeout=WAIT_MS)
    widget(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("a")
    saved(page, "20 of 10,000 reviewed")  # of one request
    assert widget(page).locator(".place").inner_text().startswith("2 of")

    page.evaluate(BUSY)  # what is typed before the row is there is kept, and a note is no command
    page.keyboard.press("End")
    page.keyboard.press("x")
    page.keyboard.type("ask again")
    page.keyboard.press("Enter")
    saved(page, "40 of 10,000 reviewed")
    assert told(ledger, LATEST, run)[-1] == (9_999, "REJECTED", None, "ask again")
