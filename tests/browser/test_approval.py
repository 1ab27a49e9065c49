"""What a person does with the approval widget, in JupyterLab, on each release of ipykernel."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from exporting import exported
from kernels import RELEASES, environment_of
from looks import LOOKS, faint, looked_at, misplaced, nameless

from loopai_nb.devserver.serve import DevServer
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from conftest import Lab
    from playwright.sync_api import Browser, Locator, Page

OUTPUT = ".jp-OutputArea-output"
RUN_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }"
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
INTERRUPT = "() => { window.jupyterapp.commands.execute('kernelmenu:interrupt') }"
IS_TRUSTED = "() => window.jupyterapp.shell.currentWidget.content.model.cells.get(2).trusted"
CELLS = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
WAIT_MS = 60_000

FRAME = """import pandas as pd
texts = [f'bird {i} struck the engine (report NAME)' for i in range(ROWS)]
texts[3] = 'dent in wing, write to ann@example.com or bob@example.org NAME'
texts[5] = 'odd \\u202e\\u200b\\x1b[31m <img src=x onerror=alert(1)> wing NAME'
texts[7] = 'wing ' * 400 + 'NAME'
frame = pd.DataFrame({'text': texts})"""
MAP = """%%loopai map frame --as out --max-tokens 4
Which part was hit? engine, wing, other. One word.
{{ text }}"""


@pytest.fixture(scope="module")
def ledger() -> Iterator[Path]:
    """The ledger's file, which a test may look into."""
    with tempfile.TemporaryDirectory(prefix="loopai-nb-approval-") as folder:
        yield Path(folder) / "ledger.sqlite3"


@pytest.fixture(scope="module")
def model_server() -> Iterator[DevServer]:
    """A model server that counts."""
    with DevServer() as server:
        yield server


@pytest.fixture(scope="module", params=RELEASES)
def lab_environment(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    model_server: DevServer,
    ledger: Path,
) -> Mapping[str, str]:
    """Kernels with each release of ipykernel, which mask addresses and know a price."""
    return {
        **environment_of(request.param, tmp_path_factory.mktemp("kernels")),
        "LOOPAI_SERVER": model_server.openai_url,
        "LOOPAI_LEDGER": str(ledger),
        "LOOPAI_USER": "ann",
        "LOOPAI_REDACT": "email",
        "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "0.2",
        "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "0.8",
        "LOOPAI_BUDGET_USD": "0.05",
        "XDG_CONFIG_HOME": str(ledger.parent / "config"),
    }


@pytest.fixture
def asked(
    jupyter_lab: Lab, open_notebook: Callable[[str], Page], request: pytest.FixtureRequest
) -> Callable[..., Page]:
    """A function that opens a notebook whose third cell asks about a plan, and runs it."""
    name = re.sub(r"\W+", "-", request.node.name)

    def opened(rows: int = 40, first: str = "", after: str = "print('after', len(out))") -> Page:
        # Every test asks something else: what was answered once is not asked again.
        frame = FRAME.replace("NAME", name).replace("ROWS", str(rows))
        cells = [f"{first}\n%load_ext loopai_nb", frame, MAP, after]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, jupyter_lab.root / f"{name}.ipynb")
        page = open_notebook(f"{name}.ipynb")
        page.evaluate(RUN_ALL)
        widget(page).locator("pre").first.wait_for(timeout=WAIT_MS)
        return page

    return opened


def widget(page: Page) -> Locator:
    """The approval widget."""
    return page.locator(".loopai-approval")


def seen(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait for text in an output."""
    # Attached, not visible: JupyterLab hides the content of cells that are scrolled out of sight.
    page.locator(OUTPUT, has_text=text).first.wait_for(timeout=WAIT_MS, state="attached")


def rows_of(ledger: Path, statement: str) -> list[Any]:
    """What the ledger's file says."""
    with contextlib.closing(sqlite3.connect(ledger)) as connection:
        return connection.execute(statement).fetchall()


def approval(ledger: Path, digest: str) -> tuple[Any, ...]:
    """State, who, how and what was said of the question about a digest."""
    (row,) = rows_of(
        ledger, f"SELECT state, decided_by, means, feedback FROM approvals WHERE digest = '{digest}'"
    )
    return tuple(row)


def digest_of(page: Page) -> str:
    """The whole digest of the plan that is shown."""
    return str(widget(page).locator(".digest code").get_attribute("title"))


def test_a_person_approves_while_the_cell_waits(
    asked: Callable[..., Page], model_server: DevServer, ledger: Path
) -> None:
    """The key "a" approves: the rows are sent, the next cell comes after, and the ledger says who and how."""
    page = asked()
    before = model_server.stats().requests
    assert page.locator(OUTPUT, has_text="after").count() == 0
    digest = digest_of(page)

    widget(page).focus()
    page.keyboard.press("a")

    seen(page, "after 40")
    seen(page, "approved by ann")
    assert widget(page).count() == 0
    assert model_server.stats().requests == before + 40
    assert approval(ledger, digest) == ("APPROVED", "ann", "widget", "")


def test_an_edited_template_is_another_plan(asked: Callable[..., Page], ledger: Path) -> None:
    """The change is shown with the new digest, the old question is withdrawn, and the new plan is sent."""
    page = asked(rows=20)
    first = digest_of(page)

    widget(page).focus()
    page.keyboard.press("e")
    template = widget(page).locator("textarea").first
    template.fill(template.input_value().replace("One word.", "Only one word, please."))
    assert widget(page).get_by_role("button", name="Approve").is_disabled()
    page.keyboard.press("Control+Enter")
    differs = widget(page).locator(".differs")
    differs.wait_for(timeout=WAIT_MS)
    second = digest_of(page)

    assert second != first
    assert differs.locator("pre ins").all_inner_texts() == ["Only one", ", please"]
    assert [first[:12], second[:12]] == differs.locator("dd").first.inner_text().split()
    assert approval(ledger, first)[0] == "REJECTED"
    widget(page).get_by_role("button", name="Approve").click()
    seen(page, "after 20")
    assert approval(ledger, second) == ("APPROVED", "ann", "widget", "")
    seen(page, "in the place of plan")
    prompts = rows_of(
        ledger,
        "SELECT prompt FROM requests JOIN plans USING (plan_id)"
        f" WHERE digest = '{second}' AND requests.state = 'ANSWERED'",
    )
    assert len(prompts) == 20
    assert all("Only one word, please." in prompt for (prompt,) in prompts)


@pytest.mark.slow
def test_a_template_that_is_wrong_is_told(asked: Callable[..., Page]) -> None:
    """What the template asks for and the frame does not have is said in the widget; the plan stays."""
    page = asked(rows=10)
    first = digest_of(page)

    widget(page).get_by_role("tab", name="Template").click()
    widget(page).locator("textarea").first.fill("One word. {{ txt }}")
    page.keyboard.press("Control+Enter")

    widget(page).get_by_role("alert").get_by_text('Did you mean "text"?').wait_for(timeout=WAIT_MS)
    assert digest_of(page) == first


def test_a_person_rejects_with_a_reason(
    asked: Callable[..., Page], model_server: DevServer, ledger: Path
) -> None:
    """Nothing is sent, the reason is kept, and letters in the reason decide nothing."""
    page = asked(rows=11)
    before, digest = model_server.stats().requests, digest_of(page)

    widget(page).focus()
    page.keyboard.press("r")
    page.keyboard.type("as dear as a car")
    page.keyboard.press("Enter")

    seen(page, "Nothing of it was sent")
    seen(page, "rejected by ann: as dear as a car")
    assert widget(page).count() == 0
    assert approval(ledger, digest) == ("REJECTED", "ann", "widget", "as dear as a car")
    assert model_server.stats().requests == before


@pytest.mark.slow
def test_nobody_decides_in_time(asked: Callable[..., Page], model_server: DevServer, ledger: Path) -> None:
    """The countdown ends as TIMEOUT; nothing is sent."""
    page = asked(rows=12, first="import os; os.environ['LOOPAI_APPROVAL_TIMEOUT_S'] = '30'")
    before, digest = model_server.stats().requests, digest_of(page)
    assert re.fullmatch(r"waits 0:\d\d", widget(page).get_by_role("timer").inner_text())

    seen(page, "was not approved in time")

    assert widget(page).count() == 0
    assert approval(ledger, digest)[:2] == ("TIMEOUT", None)
    assert model_server.stats().requests == before


def test_rows_are_left_out(asked: Callable[..., Page], model_server: DevServer) -> None:
    """Two rows are marked with "x", that makes a new plan, and they stay in the result without an answer."""
    page = asked(rows=15, after="print('missing', out.index[out['answer'].isna()].tolist())")
    before = model_server.stats().requests

    widget(page).focus()
    page.keyboard.press("x")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("a")  # nothing is approved before there is a plan without them
    page.keyboard.press("u")
    widget(page).locator(".differs", has_text="2 rows: 0, 3").wait_for(timeout=WAIT_MS)
    page.locator(".loopai-approval:not([aria-busy])").wait_for(timeout=WAIT_MS)
    page.keyboard.press("a")

    seen(page, "missing [0, 3]")
    assert model_server.stats().requests == before + 13


def test_some_rows_are_sent_first(asked: Callable[..., Page], model_server: DevServer) -> None:
    """Their answers are shown, they are paid once, and the others are asked about, with the keys at hand."""
    page = asked(rows=30)
    before = model_server.stats().requests

    widget(page).get_by_label("How many to send first").fill("5")
    page.keyboard.press("Enter")
    seen(page, "the first answers")
    assert model_server.stats().requests == before + 5
    widget(page).get_by_text("5 answered before").first.wait_for(timeout=WAIT_MS)
    page.wait_for_function("document.activeElement.matches('.loopai-approval')", timeout=WAIT_MS)
    page.keyboard.press("a")

    seen(page, "after 30")
    assert model_server.stats().requests == before + 30


def test_an_interrupt_ends_the_wait(
    asked: Callable[..., Page], model_server: DevServer, ledger: Path
) -> None:
    """■ takes the widget away, nothing can be approved any more, and the kernel goes on."""
    page = asked(rows=13)
    before, digest = model_server.stats().requests, digest_of(page)

    page.evaluate(INTERRUPT)

    seen(page, "stopped before a decision. Nothing was sent.")
    assert widget(page).count() == 0
    assert approval(ledger, digest)[0] != "APPROVED"
    seen(page, re.compile(r"^\s*Stopped\.\s*$"))  # which ends what was to be run
    assert page.locator(OUTPUT, has_text="NameError").count() == 0  # of the last cell
    page.evaluate(RUN_ALL)
    widget(page).locator("pre").first.wait_for(timeout=WAIT_MS)
    widget(page).focus()
    page.keyboard.press("a")
    seen(page, "after 13")
    assert model_server.stats().requests == before + 13


@pytest.mark.slow
def test_a_decision_from_elsewhere_ends_the_wait(asked: Callable[..., Page], ledger: Path) -> None:
    """Whoever approves in another process is first; the notebook goes on, and says who it was."""
    page = asked(rows=14)
    digest = digest_of(page)

    with contextlib.closing(Ledger(ledger)) as other:
        (waiting,) = [row for row in other.approvals(ApprovalState.PENDING) if row.digest == digest]
        other.decide_approval(waiting.approval_id, ApprovalState.APPROVED, decided_by="bob", means="cli")

    seen(page, "after 14")
    seen(page, "approved by bob (cli)")


@pytest.mark.slow
def test_keys_of_the_widget_are_not_the_notebooks(asked: Callable[..., Page]) -> None:
    """No cell is inserted, deleted or run by a key, and what is written into a field decides nothing."""
    page = asked(rows=16)
    cells = page.evaluate(CELLS)

    widget(page).focus()
    for key in ("b", "d", "d", "y", "Enter", "Shift+Enter", "z"):
        page.keyboard.press(key)
    page.keyboard.press("/")
    page.keyboard.type("bar sees aardvarks")
    page.keyboard.press("Enter")
    widget(page).get_by_text("in no row").wait_for(timeout=WAIT_MS)

    assert page.evaluate(CELLS) == cells
    assert widget(page).count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    seen(page, "after 16")


def test_text_of_a_row_is_never_live_and_never_hidden(asked: Callable[..., Page]) -> None:
    """ATTACKS 1 and 9: markup is text, bidi, zero-width and ANSI are spelled out, masks are explained."""
    page = asked(rows=17)

    widget(page).focus()
    page.keyboard.press("o")
    prompt = widget(page).locator(".one pre")
    prompt.get_by_text("[U+202E]").wait_for(timeout=WAIT_MS)
    assert "[U+202E][U+200B]␛[31m <img src=x onerror=alert(1)> wing" in prompt.inner_text()
    assert widget(page).locator("img").count() == 0
    assert prompt.locator(".loopai-odd").count() == 3

    page.keyboard.press("m")
    prompt.get_by_text("ann@example.com").wait_for(timeout=WAIT_MS)
    assert prompt.locator("del").all_inner_texts() == ["ann@example.com", "bob@example.org"]
    assert prompt.locator("ins").all_inner_texts() == ["[email]", "[email]"]
    page.keyboard.press("l")
    prompt.get_by_text("wing wing wing").wait_for(timeout=WAIT_MS)
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    seen(page, "Nothing of it was sent")
    assert "ann@example.com" not in page.locator(OUTPUT, has_text="rejected").first.inner_html()


@pytest.mark.slow
def test_ten_thousand_rows_are_a_window(asked: Callable[..., Page]) -> None:
    """Only the rows in sight are in the page, also at the end, behind a search, and behind a jump."""
    page = asked(rows=10_000)

    widget(page).focus()
    page.keyboard.press("End")
    widget(page).locator(".one .what", has_text="10,000 of 10,000").wait_for(timeout=WAIT_MS)
    widget(page).locator(".loopai-row[aria-selected='true']", has_text="bird 9999").wait_for(timeout=WAIT_MS)
    widget(page).get_by_label("Find in prompts").fill("BIRD 4321 ")
    page.keyboard.press("Enter")
    widget(page).locator(".one mark", has_text="bird 4321").wait_for(timeout=WAIT_MS)
    widget(page).get_by_label("Go to row").fill("77")
    page.keyboard.press("Enter")
    widget(page).locator(".one pre", has_text="bird 77 ").wait_for(timeout=WAIT_MS)

    assert 10 < widget(page).locator(".loopai-row").count() < 60
    page.evaluate(INTERRUPT)
    seen(page, "Nothing was sent")


def test_a_saved_notebook_reads_without_a_kernel(
    asked: Callable[..., Page],
    jupyter_lab: Lab,
    open_notebook: Callable[..., Page],
    chromium: Browser,
    tmp_path: Path,
) -> None:
    """Saved, it has no widget, also while it waits; exported it shows what was decided, and so untrusted."""
    page = asked(rows=18)
    digest = digest_of(page)
    (path,) = jupyter_lab.root.glob("test_a_saved_notebook*.ipynb")
    seen(page, "waited for a decision as a-")  # hidden, for who opens it later
    page.evaluate(SAVE)
    waiting = path.read_text()
    assert "application/vnd.jupyter.widget-view" not in waiting
    assert "waited for a decision as a-" in waiting
    widget(page).focus()
    page.keyboard.press("a")
    seen(page, "after 18")
    page.evaluate(SAVE)
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.close()

    notebook = nbformat.read(path, as_version=4)
    assert "application/vnd.jupyter.widget" not in str(notebook)
    shown = [o["data"]["text/plain"] for o in notebook.cells[2].outputs if o.output_type == "display_data"]
    assert sum("approved by ann" in text for text in shown) == 1

    with exported(notebook, chromium, tmp_path) as reader:
        assert reader.get_by_text("approved by ann").is_visible()

    # Nobody has signed this one, as if it had come by mail.
    notebook.cells[0].source += "\n"
    nbformat.write(notebook, jupyter_lab.root / "untrusted.ipynb")
    foreign = open_notebook("untrusted.ipynb")
    assert not foreign.evaluate(IS_TRUSTED)
    decided = foreign.locator("summary", has_text="approved by ann")
    decided.click()
    foreign.locator(OUTPUT, has_text=digest).first.wait_for(timeout=WAIT_MS)
    assert foreign.locator(OUTPUT, has_text="18 of 18 answered").count() == 1


def test_a_step_of_ones_own_code_waits_in_the_same_widget(
    jupyter_lab: Lab, open_notebook: Callable[[str], Page], ledger: Path, request: pytest.FixtureRequest
) -> None:
    """An awaited ``ApprovalGate`` shows its context; the key "a" lets the step go on."""
    code = (
        "%load_ext loopai_nb\nfrom loopai_nb import ApprovalGate\ngate = ApprovalGate()\n"
        f"context = {{'rows': 12, 'to': '<b>all</b>', 'of': {request.node.name!r}}}\n"
        "said = await gate.arequire_approval('publish', context, 'No way back.')\n"
        "print('gate:', said.status, said.decided_by)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, jupyter_lab.root / "step.ipynb")
    page = open_notebook("step.ipynb")
    page.evaluate(RUN_ALL)

    widget(page).get_by_text('"to": "<b>all</b>"').wait_for(timeout=WAIT_MS)
    assert widget(page).get_by_text("No way back.").is_visible()
    digest = digest_of(page)
    widget(page).focus()
    page.keyboard.press("a")

    seen(page, "gate: APPROVED ann")
    seen(page, "publish: approved by ann")
    assert approval(ledger, digest)[:3] == ("APPROVED", "ann", "widget")


def test_it_can_be_heard_seen_and_used_without_a_mouse(asked: Callable[..., Page], ledger: Path) -> None:
    """All has a name, nothing is faint, cut off or overlaps in both themes up to 200%, Tab leads into it."""
    page = asked(rows=19)
    digest = digest_of(page)
    for look in LOOKS:
        looked_at(page, look)
        for tab in ("Template", "Prompts"):
            widget(page).get_by_role("tab", name=tab).click()
            assert (nameless(widget(page)), faint(widget(page)), misplaced(widget(page))) == ([], [], [])

    page.locator(".jp-Cell.jp-mod-active").focus()
    page.keyboard.press("Tab")
    assert widget(page).evaluate("(widget) => widget === document.activeElement")
    page.keyboard.press("Tab")
    page.keyboard.press("a")

    seen(page, "after 19")
    assert approval(ledger, digest)[0] == "APPROVED"
