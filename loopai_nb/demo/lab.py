"""``make lab``: JupyterLab on the example notebooks, with a Postgres and a model server behind it."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

from loopai_nb.demo.notebooks import find
from loopai_nb.demo.stack import Stack
from loopai_nb.errors import LoopaiNbError, MissingExtra

__all__ = ["main"]


def main() -> int:
    """Run JupyterLab until Ctrl-C, then stop everything that was started for it.

    Returns:
        JupyterLab's exit code; 1 with the reason on stderr where something could not start.
    """
    try:
        return _serve()
    except LoopaiNbError as exc:
        print(f"{exc.message}\n{exc.hint}", file=sys.stderr)  # noqa: T201  (a command speaks to its terminal)
        return 1


def _serve() -> int:
    notebook = find("01_quickstart", Path.cwd())
    if importlib.util.find_spec("jupyterlab") is None:
        raise MissingExtra("JupyterLab is not installed.", "pip install 'loopai_nb[lab,demo]'")
    with Stack() as stack:
        rows = stack.start_postgres()
        stack.start_server()
        print(  # noqa: T201
            f"  postgres        127.0.0.1:{stack.postgres.port}, bird_strikes with {rows:,} rows\n"
            f"  model server    127.0.0.1:{stack.server.port}\n"
            "  jupyterlab      starting; Ctrl-C twice ends all of it",
            flush=True,
        )
        command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={notebook.parent}"]
        command.append(f"--LabApp.default_url=/lab/tree/{notebook.name}")
        command.append("--ServerApp.answer_yes=True")  # the first Ctrl-C ends it, as it is said
        if os.geteuid() == 0:
            command.append("--allow-root")
        process = subprocess.Popen(command, env={**os.environ, **stack.environment()})  # noqa: S603  (ours)
        # Asked to end ourselves, we ask JupyterLab first: it would go on without us.
        before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            return _wait(process)
        finally:
            signal.signal(signal.SIGTERM, before)


def _wait(process: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab gets the same Ctrl-C, and asks whether it is meant
