"""A real IPython, a real kernel, and a real model server to type ``%loopai`` at."""

from __future__ import annotations

import atexit
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from loopai_nb.devserver.serve import DevServer
from loopai_nb.notebook.failures import CellInterrupted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Output:
    """What a cell did: its value, and every display (its value's included) by MIME type."""

    value: Any
    displays: list[dict[str, Any]]
    stderr: str
    stdout: str
    error: BaseException | None

    @property
    def text(self) -> str:
        """All text/plain, one display below the other."""
        return "\n".join(str(each.get("text/plain", "")) for each in self.displays)

    @property
    def html(self) -> str:
        """All text/html."""
        return "\n".join(str(each.get("text/html", "")) for each in self.displays)


class Notebook:
    """A shell that runs cells and keeps what they display."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell

    def run(self, code: str) -> Output:
        """Run a cell, whatever becomes of it."""
        with capture_output() as captured:
            done = self.shell.run_cell(code, store_history=True)
        displays = [each.data for each in captured.outputs]
        if done.result is not None:
            displays.append(self.shell.display_formatter.format(done.result)[0])
        return Output(done.result, displays, captured.stderr, captured.stdout, done.error_in_exec)

    def ok(self, code: str) -> Output:
        """Run a cell that has to succeed."""
        output = self.run(code)
        assert not output.stderr, output.stderr
        return output

    def interrupted(self, code: str) -> Output:
        """Run a cell that has to end by an interrupt."""
        output = self.run(code)
        assert isinstance(output.error, CellInterrupted), output
        return output

    def __getitem__(self, name: str) -> Any:
        return self.shell.user_ns[name]


@pytest.fixture
def model_server() -> Iterator[DevServer]:
    """The development server, which counts what it was asked."""
    with DevServer() as server:
        yield server


@pytest.fixture
def environment(tmp_path: Path, model_server: DevServer) -> dict[str, str]:
    """Settings of a person who has a model server and nothing else."""
    return {
        "LOOPAI_LEDGER": str(tmp_path / "ledger.sqlite3"),
        "LOOPAI_SERVER": model_server.openai_url,
        "LOOPAI_USER": "ann",
        "LOOPAI_UI": "text",  # nobody clicks here; tests/browser has those that do
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }


@pytest.fixture
def plain_shell(tmp_path, environment, monkeypatch) -> Iterator[Notebook]:
    """IPython in this process, in an empty folder, without the extension."""
    for name in [name for name in os.environ if name.startswith("LOOPAI_")] + ["DATABASE_URL"]:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.hist_file = str(tmp_path / "history.sqlite")
    shell = InteractiveShell.instance(config=config)
    yield Notebook(shell)
    shell.run_line_magic("unload_ext", "loopai_nb")
    atexit.unregister(shell.atexit_operations)  # it would write to the history that is closed here
    history = shell.history_manager
    history.end_session()
    if history.save_thread is not None:
        history.save_thread.stop()
    history.db.close()
    InteractiveShell.clear_instance()


@pytest.fixture
def notebook(plain_shell: Notebook) -> Notebook:
    """The same with the extension, and a DataFrame ``reviews``."""
    plain_shell.ok("%load_ext loopai_nb")
    plain_shell.ok(
        "import pandas as pd\n"
        "reviews = pd.DataFrame({'id': [1, 2, 3, 4], 'body': ['late', 'broken', 'late', '']},"
        " index=['a', 'b', 'b', 'd'])"
    )
    return plain_shell
