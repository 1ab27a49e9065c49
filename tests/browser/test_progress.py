"""What a person does with the progress widget, in JupyterLab, on each release of ipykernel."""

from __future__ import annotations

import logging
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from exporting import exported
from kernels import RELEASES, environment_of
from looks import LOOKS, faint, looked_at, misplaced, nameless

from loopai_nb.devserver.serve import DevServer
from loopai_nb.ledger import queries
from loopai_nb.ledger.store import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conftest import Lab
    from playwright.sync_api import Browser, Locator, Page

    from loopai_nb.ledger.records import RunRow

log = logging.getLogger(__name__)

OUTPUT = ".jp-OutputArea-output"
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
INTERRUPT = "() => { window.jupyterapp.commands.execute('kernelmenu:interrupt') }"
WAIT_MS = 60_000

FRAME = """import pandas as pd
{name} = pd.DataFrame({{'text': [f'{test} {{i}} hit {name}' for i in range({rows})]}})"""
MAP = """%%loopai map {name} --as {name}_out --max-tokens 4 --concurrency 4{more}
Which part was hit? engine, wing, other. One word.
{{{{ text }}}}"""

TIMED = """async ([selector, key, state]) => {
  const widget = document.querySelector(selector);
  const begin = performance.now();
  widget.querySelector(`button[aria-keyshortcuts="${key}"]`).click();
  const is = () => (state === "gone" ? !widget.isConnected : widget.dataset.state === state);
  while (!is()) await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - begin;
}"""
"""Clicks a button and returns how many milliseconds passed until the widget says so (or is gone)."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the ledger is."""
    with tempfile.TemporaryDirectory(prefix="loopai-nb-progress-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def model_server() -> Iterator[DevServer]:
    """A model server that takes its time."""
    with DevServer() as server:
        yield server


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    """The kernels' ledger, opened from here as well."""
    opened = Ledger(folder / "ledger.sqlite3")
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=RELEASES)
def lab_environment(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    model_server: DevServer,
    folder: Path,
) -> Mapping[str, str]:
    """Kernels with each release of ipykernel, of one ledger and one server."""
    return {
        **environment_of(request.param, tmp_path_factory.mktemp("kernels")),
        "LOOPAI_SERVER": model_server.openai_url,
        "LOOPAI_LEDGER": str(folder / "ledger.sqlite3"),
        "LOOPAI_USER": "ann",
        "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "0.2",
        "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "0.8",
        "LOOPAI_BUDGET_USD": "0.05",
        "XDG_CONFIG_HOME": str(folder / "config"),
    }


@pytest.fixture
def going(
    jupyter_lab: Lab,
    open_notebook: Callable[..., Page],
    request: pytest.FixtureRequest,
    model_server: DevServer,
) -> Callable[..., Page]:
    """A function that opens a notebook which maps frames of so many rows by name, and runs all of it.

    It returns when their widgets are there; where the plan is asked about (without --yes), at once.
    """
    test = re.sub(r"\W+", "-", request.node.name)

    def opened(after: str, more: str = " --yes", *, classic: bool = False, **frames: int) -> Page:
        model_server.faults(latency_ms=60, jitter_ms=60)
        cells = ["%load_ext loopai_nb"]
        cells += [FRAME.format(name=name, rows=rows, test=test) for name, rows in frames.items()]
        cells += [MAP.format(name=name, more=more) for name in frames]
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in [*cells, after]]
        )
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, jupyter_lab.root / f"{test}.ipynb")
        page = open_notebook(f"{test}.ipynb", classic=classic)
        page.evaluate(RUN_ALL)
        if "--yes" not in more:
            return page
        for nth in range(len(frames)):
            widget(page, nth).locator(".figures dd").first.wait_for(timeout=WAIT_MS, state="attached")
        return page

    return opened


def widget(page: Page, nth: int = 0) -> Locator:
    """A progress widget; the first one by default."""
    return page.locator(".loopai-progress").nth(nth)


def state(page: Page, wanted: str, nth: int = 0) -> None:
    """Wait until a widget says so."""
    page.locator(f'.loopai-progress[data-state="{wanted}"]').nth(nth).wait_for(
        timeout=WAIT_MS, state="attached"
    )


def seen(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait for text in an output."""
    # Attached, not visible: JupyterLab hides the content of cells that are scrolled out of sight.
    page.locator(OUTPUT, has_text=text).first.wait_for(timeout=WAIT_MS, state="attached")


def newest(ledger: Ledger) -> RunRow:
    """The run that was begun last."""
    return queries.run_rows(ledger, 1)[0]


def timed(page: Page, key: str, wanted: str) -> None:
    """Click a button, and tell the log how long it took until it was seen; no test asserts it."""
    took_ms = page.evaluate(TIMED, [".loopai-progress", key, wanted])
    log.info("from the click on %s to %s: %.0f ms", key, wanted, took_ms)


def test_pause_and_go_on_while_the_cell_waits(
    going: Callable[..., Page],
    ledger: Ledger,
    model_server: DevServer,
    until: Callable[..., None],
) -> None:
    """Paused, nothing more is sent, the ledger says who, and the cell waits on; then all is answered once."""
    page = going("print('cell ended', len(birds_out))", birds=160)

    timed(page, "p", "paused")
    widget(page).get_by_text("Paused by ann").first.wait_for(timeout=WAIT_MS)
    until(lambda: model_server.stats().in_flight == 0)
    row = newest(ledger)
    assert (row.state, row.reason) == ("PAUSED", "paused by ann")
    asked = model_server.stats().requests
    page.wait_for_timeout(600)
    assert model_server.stats().requests == asked
    assert page.locator(OUTPUT, has_text="cell ended").count() == 0

    widget(page).focus()
    page.keyboard.press("p")
    state(page, "running")
    model_server.faults(latency_ms=0)
    seen(page, "cell ended 160")
    seen(page, "160 of 160 answered")
    assert newest(ledger).answered == 160
    assert widget(page).count() == 0


def test_cancel_while_the_cell_waits(going: Callable[..., Page], ledger: Ledger) -> None:
    """Cancel ends the run and the cell, the next one has what was answered, and a resume takes the rest."""
    page = going("print('cell ended', int(birds_out['answer'].notna().sum()) < 2000)", birds=2_000)

    timed(page, "c", "gone")

    seen(page, "cell ended True")
    seen(page, re.compile("Stopped: .* Go on: %loopai resume"))
    row = newest(ledger)
    assert row.state == "CANCELLED"
    assert row.answered < 2_000


@pytest.mark.slow
def test_two_runs_at_once_after_their_cells_returned(
    going: Callable[..., Page], ledger: Ledger, model_server: DevServer
) -> None:
    """With --no-wait each run has its widget: one is paused and cancelled while the other one goes on."""
    page = going("print('cell ended', 1)", more=" --yes --no-wait", birds=1_500, bats=1_500)
    seen(page, "cell ended 1")

    widget(page, 0).get_by_role("button", name="Pause").click()
    widget(page, 0).get_by_text("Paused by ann").first.wait_for(timeout=WAIT_MS)
    assert widget(page, 1).get_attribute("data-state") == "running"
    rows = {row.frame_name: row for row in queries.run_rows(ledger, 2)}
    assert (rows["birds"].state, rows["bats"].state) == ("PAUSED", "RUNNING")

    widget(page, 0).get_by_role("button", name="Cancel").click()
    seen(page, re.compile("Stopped: .* Go on: %loopai resume"))
    assert widget(page).count() == 1
    model_server.faults(latency_ms=0)
    seen(page, "1,500 of 1,500 answered")
    assert widget(page).count() == 0


def test_an_interrupt_stops_the_run(going: Callable[..., Page], ledger: Ledger) -> None:
    """■ stops the run and the cells behind, and keeps what is answered, which a resume goes on from."""
    page = going("print('cell ended', birds_out.shape[0])", birds=2_000)

    page.evaluate(INTERRUPT)

    seen(page, re.compile("Stopped: .* Go on: %loopai resume"))
    seen(page, re.compile(r"^\s*Stopped\.\s*$"))
    assert page.locator(OUTPUT, has_text="cell ended").count() == 0
    row = newest(ledger)
    assert row.state == "CANCELLED"
    assert widget(page).count() == 0


@pytest.mark.slow
def test_a_saved_notebook_shows_how_it_ended(
    going: Callable[..., Page],
    jupyter_lab: Lab,
    open_notebook: Callable[[str], Page],
    model_server: DevServer,
    chromium: Browser,
    tmp_path: Path,
) -> None:
    """Saved, opened again or exported it has no widget: a line says how it went, and opens a drawing."""
    page = going("print('cell ended', 1)", birds=120)
    page.wait_for_timeout(1_500)
    model_server.faults(latency_ms=0)
    seen(page, "cell ended 1")
    page.evaluate(SAVE)
    name = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    page.close()

    saved = (jupyter_lab.root / name).read_text()
    assert "widget-view" not in saved
    assert "widget-state" not in saved
    with exported(nbformat.reads(saved, as_version=4), chromium, tmp_path) as reader:
        opens_drawing(reader)
    again = open_notebook(name)
    opens_drawing(again)
    assert widget(again).count() == 0


def opens_drawing(page: Page) -> None:
    """Click on the line."""
    page.locator("summary", has_text="How r-").click()
    page.locator("svg[role=img]").first.wait_for(timeout=WAIT_MS)


@pytest.mark.slow
def test_a_closed_kernel_leaves_words(
    going: Callable[..., Page], jupyter_lab: Lab, open_notebook: Callable[[str], Page]
) -> None:
    """A kernel that is shut down in the middle of a run leaves in the notebook what became of it."""
    page = going("print('cell ended', 1)", birds=2_000)

    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    seen(page, re.compile("was stopped with its kernel.*Go on: %loopai resume"))

    page.evaluate(SAVE)
    name = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    page.close()
    assert "widget-view" not in (jupyter_lab.root / name).read_text()
    seen(open_notebook(name), "was stopped with its kernel")


@pytest.mark.slow
def test_it_can_be_heard_seen_and_used_without_a_mouse(going: Callable[..., Page]) -> None:
    """All has a name, nothing is faint, cut off or overlaps in both themes up to 200%, Tab leads into it."""
    page = going("print('cell ended', 1)", birds=3_000)
    widget(page).locator(".loopai-chart").wait_for(timeout=WAIT_MS)

    bar = widget(page).get_by_role("progressbar", name="Requests that are done")
    assert 0 <= int(str(bar.get_attribute("aria-valuenow"))) <= 100
    assert "p95" in str(widget(page).get_by_role("img").get_attribute("aria-label"))
    assert widget(page).get_by_role("meter", name="spent of the budget").count() == 1
    for name in ("Pause", "Cancel"):
        assert widget(page).get_by_role("button", name=name).count() == 1
    widget(page).locator("summary").click()
    assert widget(page).get_by_role("row").count() > 2
    heard = widget(page).get_by_role("status")
    assert "Running" in heard.inner_text()

    assert nameless(widget(page)) == []
    for look in LOOKS:
        looked_at(page, look)
        assert (faint(widget(page)), misplaced(widget(page))) == ([], [])

    # By the keyboard alone; "c" outside of the widget is JupyterLab's.
    page.locator(".jp-Cell.jp-mod-active").focus()
    for _ in range(3):  # the widget, the table of the chart, Pause
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    state(page, "paused")
    page.keyboard.press("c")
    seen(page, "cell ended 1")


@pytest.mark.slow
def test_nothing_is_said_while_nothing_changes(going: Callable[..., Page]) -> None:
    """A paused run's widget gets no message: what the page has is right."""
    page = going("print('cell ended', 1)", birds=2_000)
    widget(page).get_by_role("button", name="Pause").click()
    state(page, "paused")
    page.wait_for_timeout(2_000)

    page.evaluate(
        """() => {
          window.changes = 0;
          const widget = document.querySelector('.loopai-progress');
          new MutationObserver((found) => { window.changes += found.length; }).observe(widget, {
            subtree: true, childList: true, characterData: true, attributes: true });
        }"""
    )
    page.wait_for_timeout(1_500)
    assert page.evaluate("() => window.changes") == 0
    widget(page).get_by_role("button", name="Cancel").click()
    seen(page, "cell ended 1")


def test_notebook_7_approves_watches_and_cancels(going: Callable[..., Page], ledger: Ledger) -> None:
    """In Notebook 7 the key "a" approves while the cell waits, numbers move, and a click cancels the run."""
    page = going("print('cell ended', 1)", more="", classic=True, birds=2_000)
    asked = page.locator(".loopai-approval")
    asked.locator("pre").first.wait_for(timeout=WAIT_MS)
    assert page.locator(OUTPUT, has_text="cell ended").count() == 0
    asked.focus()
    page.keyboard.press("a")

    done = widget(page).get_by_role("progressbar", name="Requests that are done")
    some = widget(page).locator(".legend .answered b", has_not_text=re.compile("^0$"))
    some.wait_for(timeout=WAIT_MS)
    assert str(done.get_attribute("aria-valuetext")).endswith("Running")
    assert asked.count() == 0
    widget(page).get_by_role("button", name="Cancel").click()

    seen(page, "cell ended 1")
    seen(page, "approved by ann")
    assert widget(page).count() == 0
    row = newest(ledger)
    assert (row.state, row.decided_by) == ("CANCELLED", "ann")
    assert 0 < row.answered < 2_000
