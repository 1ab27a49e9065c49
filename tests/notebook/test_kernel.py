"""A real ipykernel: what a front end is asked, and what it is sent."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FRAME = "import pandas as pd\nmany = pd.DataFrame({'body': [f'text {i}' for i in range(60)]})"
CELL = "%%loopai many --as out --concurrency 4\nOne: a, b. {{ body }}"


@dataclass
class Seen:
    """What a front end received for one cell."""

    displays: list[dict[str, Any]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)
    streams: str = ""
    errors: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


class FrontEnd:
    """A client that runs cells, answers questions and keeps what it is sent."""

    def __init__(self, client: Any, manager: Any) -> None:
        self.client = client
        self.manager = manager

    def run(
        self,
        code: str,
        *,
        says: str | Sequence[str] | None = None,
        interrupt_at: str = "",
        behind: str | None = None,
    ) -> Seen:
        """Run a cell.

        Args:
            code: The cell.
            says: Typed where the kernel asks, one after the other; None for a front end that can't be asked.
            interrupt_at: Interrupt when an update with this text arrives.
            behind: Another cell, which waits by then, as in "Run All".
        """
        seen = Seen()
        answers = iter([says] if isinstance(says, str) else says or [])

        def output(message: dict[str, Any]) -> None:
            kind, content = message["header"]["msg_type"], message["content"]
            kept = {"display_data": seen.displays, "update_display_data": seen.updates}.get(kind)
            if kept is not None:
                kept.append(content["data"])
            elif kind == "execute_result":
                seen.results.append(content["data"])
            elif kind == "stream":
                seen.streams += content["text"]
            elif kind == "error":
                seen.errors.append("\n".join(content["traceback"]))
            nonlocal interrupt_at
            if interrupt_at and kind == "update_display_data" and interrupt_at in str(content["data"]):
                interrupt_at = ""
                if behind is not None:
                    self.client.execute(behind)
                self.manager.interrupt_kernel()

        def question(message: dict[str, Any]) -> None:
            seen.questions.append(message["content"]["prompt"])
            self.client.input(next(answers))

        self.client.execute_interactive(
            code,
            allow_stdin=says is not None,
            stdin_hook=question,
            output_hook=output,
            timeout=60,
        )
        return seen

    def value(self, expression: str) -> str:
        """The text of an expression in the kernel."""
        return str(self.run(expression).results[0]["text/plain"])


@pytest.fixture(scope="module")
def kernel(tmp_path_factory) -> Iterator[FrontEnd]:
    """One kernel for all tests here: it takes seconds to start."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LOOPAI_")}
    environment.pop("DATABASE_URL", None)
    environment["IPYTHONDIR"] = str(tmp_path_factory.mktemp("ipython"))
    manager, client = start_new_kernel(env=environment)
    yield FrontEnd(client, manager)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


@pytest.fixture
def front_end(kernel, environment, tmp_path, model_server) -> FrontEnd:
    """The kernel with a session of its own and a DataFrame of 60 rows; each answer takes 20 ms."""
    model_server.faults(latency_ms=20)
    kernel.run(f"import os\nos.environ.update({environment!r})\nos.chdir({str(tmp_path)!r})")
    seen = kernel.run(f"%reload_ext loopai_nb\n{FRAME}")
    assert seen.errors == []
    return kernel


def test_a_person_approves_and_sees_the_progress(front_end, model_server):
    """The plan is shown, "y" sends it, progress replaces the plan in place, and two lines stay."""
    seen = front_end.run(CELL, says="y")

    assert seen.questions == ["Send 60 to demo-lexical? y, or n and why: "]
    assert len(seen.displays) == 1
    assert "60 rows" in seen.displays[0]["text/html"]
    bars = [each for each in seen.updates if "progressbar" in each["text/html"]]
    assert 1 <= len(bars) <= 20
    last = seen.updates[-1]
    assert "progressbar" not in last["text/html"]
    assert "approved by ann" in last["text/plain"]
    (result,) = seen.results
    assert "60 of 60 answered" in result["text/html"]
    assert "out is ready" in result["text/plain"]
    assert model_server.stats().requests == 60
    assert (
        front_end.value("get_ipython().find_line_magic('loopai').__self__.bench.session.runs()[0].decided_by")
        == "'ann'"
    )


def test_a_person_rejects_with_a_reason(front_end, model_server):
    """With "n" nothing is sent; the reason is in the ledger, and the output says what happened."""
    seen = front_end.run(CELL, says="n too dear")

    assert "was rejected. Nothing of it was sent." in seen.streams + "".join(seen.errors)
    assert "rejected by ann" in seen.updates[-1]["text/plain"]
    assert model_server.stats().requests == 0
    reasons = (
        "from sqlalchemy import text\n"
        "ledger = get_ipython().find_line_magic('loopai').__self__.bench.session.ledger\n"
        "with ledger.engine.connect() as c:\n"
        "    found = c.execute(text('SELECT state, means, feedback FROM approvals')).all()"
    )
    front_end.run(reasons)
    assert front_end.value("found") == "[('REJECTED', 'person', 'too dear')]"


@pytest.mark.slow
def test_a_front_end_that_shows_no_widget_is_asked_in_words(front_end, model_server):
    """With widgets allowed and none met, the question comes after 15 seconds; "y" sends the same plan."""
    front_end.run("os.environ['LOOPAI_UI'] = 'auto'\n%reload_ext loopai_nb")
    seen = front_end.run(CELL, says="y")

    assert any("application/vnd.jupyter.widget-view+json" in each for each in seen.displays)
    assert seen.questions == ["Send 60 to demo-lexical? y, or n and why: "]
    assert any("approved by ann" in str(each.get("text/plain")) for each in seen.updates)
    assert "widget-view" not in str(seen.updates[-1])
    assert model_server.stats().requests == 60


def test_an_unclear_answer_is_asked_again(front_end, model_server):
    """Anything but yes and no is no approval."""
    seen = front_end.run(CELL, says=["", "yess", "yes"])

    assert len(seen.questions) == 3
    assert model_server.stats().requests == 60


def test_a_front_end_that_cannot_answer_means_no(front_end, model_server):
    """Without stdin (nbclient, papermill) the plan is refused with what to do, and nothing is sent."""
    seen = front_end.run(CELL)

    assert "needs approval and nobody can answer here" in seen.streams + "".join(seen.errors)
    assert model_server.stats().requests == 0


@pytest.mark.parametrize("around", ["%%time", "%%capture captured"])
def test_a_cell_within_a_cell_is_asked_and_runs(front_end, model_server, around):
    """Magics that run a cell which awaits nothing run this one, too."""
    seen = front_end.run(f"{around}\n{CELL}", says="y")

    assert seen.errors == []
    assert len(seen.questions) == 1
    assert front_end.value("sorted(set(out['status']))") == "['answered']"
    assert model_server.stats().requests == 60


def test_an_interrupt_keeps_what_is_answered(front_end):
    """■ stops the run and its cell: the finished rows are bound, and the kernel goes on."""
    seen = front_end.run(CELL, says="y", interrupt_at="progressbar")

    assert seen.errors == ["Stopped."]
    assert "answered and kept. Go on: %loopai resume r-" in seen.displays[-1]["text/plain"]
    run_id = seen.displays[-1]["text/plain"].rpartition("resume ")[2].split()[0]
    resumed = front_end.run(f"%loopai resume {run_id} --as out", says="")
    assert "60 of 60 answered" in resumed.results[0]["text/plain"]
    assert front_end.value("sorted(set(out['status']))") == "['answered']"


def test_run_all_ends_at_an_interrupted_cell(front_end):
    """After ■ no cell behind runs: it would work with a part of the answers."""
    seen = front_end.run(CELL, says="y", interrupt_at="progressbar", behind="after = 1")

    assert seen.errors == ["Stopped."]
    assert front_end.client.get_shell_msg(timeout=30)["content"]["status"] == "aborted"
    assert front_end.value("'after' in globals()") == "False"


def test_a_run_in_the_background_goes_on_below_its_cell(front_end):
    """``--no-wait`` returns at once; the next cells work, and the answers are bound when it is done."""
    first = front_end.run(CELL.replace("--as out", "--as out --yes --no-wait"), says="")
    assert "goes on" in first.results[0]["text/plain"]

    assert front_end.value("1 + 1") == "2"
    # They belong to the first cell, so that no later cell's front end is handed them.
    update = ""
    while "out is ready" not in update:
        message = front_end.client.get_iopub_msg(timeout=30)
        if message["msg_type"] == "update_display_data":
            update = message["content"]["data"]["text/plain"]

    assert "60 of 60 answered" in update
    assert front_end.value("sorted(set(out['status']))") == "['answered']"


def test_an_executed_and_exported_notebook_is_escaped_and_still(environment, tmp_path, monkeypatch):
    """ATTACKS 11: nbclient runs it with one output a step, and its HTML export holds no live text."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name, value in {**environment, "LOOPAI_UI": "static"}.items():
        monkeypatch.setenv(name, value)
    hostile = "<img src=x onerror=alert(1)>"
    cells = [
        "%load_ext loopai_nb",
        f"import pandas as pd\nbad = pd.DataFrame({{'{hostile}': ['{hostile}'], 'body': ['{hostile}']}})",
        "%%loopai bad --as out --yes\nOne: a, b. {{ body }}",
        "%%loopai ask\nSay: {{ bad }}",
        "%loopai show r-0000",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    with pytest.raises(CellExecutionError):  # the last cell's mistake stops a run, as any error does
        NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}, timeout=60).execute()

    mapped = notebook.cells[2].outputs
    assert [each.output_type for each in mapped] == ["display_data", "execute_result"]
    assert "progressbar" not in str(notebook)
    exported, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    assert "<img" not in exported
    assert "&lt;img src=x onerror=alert(1)&gt;" in exported


def test_a_server_that_asks_to_slow_down_is_seen(front_end, model_server):
    """While the server wants a pause the progress says who, why and until when, and how to stop it."""
    model_server.faults("ok*30, 429:2*4, ok*100")

    seen = front_end.run(CELL, says="y")

    held = [each["text/html"] for each in seen.updates if "asks to slow down" in each["text/html"]]
    assert held
    assert re.search(r"127\.0\.0\.1:\d+ asks to slow down; trying again at \d\d:\d\d:\d\d", held[-1])
    assert "■ stops it" in held[-1]
    assert "60 of 60 answered" in seen.results[0]["text/plain"]


@pytest.fixture
def asking_front_end(front_end) -> Iterator[FrontEnd]:
    """The same with a session that asks about requests that may have been paid."""
    front_end.run("os.environ['LOOPAI_ON_UNKNOWN'] = 'ask'\n%reload_ext loopai_nb")
    yield front_end
    front_end.run("del os.environ['LOOPAI_ON_UNKNOWN']")


def test_lost_requests_are_asked_about(asking_front_end, model_server):
    """Where an answer was lost, "n" leaves its request out, "y" sends it again; nobody to ask is neither."""
    model_server.faults("ok*5, lost*3, ok*100")
    first = asking_front_end.run(CELL, says="y").results[0]["text/plain"]
    assert "57 of 60 answered and kept. Send those again: %loopai resume r-" in first
    run_id = first.rpartition("resume ")[2].split()[0]
    question = (
        f"3 requests of {run_id} may have been paid, and the answer was lost. "
        "Send again? y, or n to leave out: "
    )

    left = asking_front_end.run(f"%loopai resume {run_id} --as out", says=["what?", "n"])
    assert left.questions == [question, "Please type y or n: "]
    assert "57 of 60 answered and kept" in left.results[0]["text/plain"]

    refused = asking_front_end.run(f"%loopai resume {run_id}")
    assert "Say what to do with them: %loopai resume" in refused.streams + "".join(refused.errors)

    sent = asking_front_end.run(f"%loopai resume {run_id} --as out", says="y")
    assert "60 of 60 answered" in sent.results[0]["text/plain"]
    assert model_server.stats().requests == 63
