"""What the workers of a soak do, each in a process of its own, through the public API. See forking.py."""

import ctypes
import importlib
import json
import resource
import signal
import sys
import time
from pathlib import Path

import pandas as pd

from loopai_nb.errors import InputError, LedgerError
from loopai_nb.records import RunState
from loopai_nb.session import Session
from loopai_nb.settings import Settings

TEMPLATE = "Say in one sentence what happened.\n{{ text }}"
"""The development server's answer is the row's own text: a row can't get another one's unnoticed."""


def modules(*, server: str, ledger: str) -> None:
    """Map a few rows, and say what that imported, with what a ledger in Postgres imports beside."""
    for name in _OF_POSTGRES:
        importlib.import_module(name)
    carry_out(server=server, ledger=ledger, mark="warm", rows=4, concurrency=2)
    say(list(sys.modules))


def carry_out(
    *,
    server: str,
    ledger: str,
    mark: str,
    rows: int,
    concurrency: int,
    fixed: bool = True,
    env: dict[str, str] | None = None,
) -> None:
    """Go on with an interrupted run, else map the rows; say state, statuses, answers, errors and texts."""
    with _session(server, ledger, concurrency, env) as session:
        frame = remarks(mark, rows)
        waiting = session.interrupted() or [run for run in session.runs() if run.state in _TO_RESUME]
        if waiting:
            run = session.resume(waiting[0].run_id, frame=frame, fixed=fixed)
        else:
            run = session.map(frame, TEMPLATE, approve=True, wait=False, fixed=fixed)
        run.wait()
        result = run.result()
        say([run.state, *(result[name].tolist() for name in ("status", "answer", "error", "text"))])


def map_with_budget(
    *, server: str, ledger: str, mark: str, rows: int, budget_usd: str | None, env: dict[str, str]
) -> None:
    """Map the rows within a budget of the run, of the day, or both."""
    with _session(server, ledger, 8, env) as session:
        session.map(remarks(mark, rows), TEMPLATE, approve=True, budget_usd=budget_usd, fixed=True)


def help_out(*, server: str, ledger: str, env: dict[str, str]) -> None:
    """Join a run that somebody carries out, take up one that nobody does; until all have ended."""
    gives_up_s = time.monotonic() + _WITHOUT_A_RUN_S
    with _session(server, ledger, 8, env) as session:
        while True:
            runs = session.runs()
            live = [run for run in runs if run.state in (RunState.RUNNING, RunState.PAUSED)]
            if not live and (runs or time.monotonic() > gives_up_s):
                return
            for run in live:
                try:
                    helping = session.resume if run.owner_gone else session.join
                    helping(run.run_id, fixed=True).wait()
                except InputError:  # it ended, or somebody else took it up
                    time.sleep(0.005)
            time.sleep(0.005)


def finish(*, server: str, ledger: str, env: dict[str, str]) -> None:
    """Take up each run that was interrupted, one after the other; say how all have ended."""
    with _session(server, ledger, 8, env) as session:
        while waiting := session.interrupted():
            session.resume(waiting[0].run_id, fixed=True).wait()
        say([[run.state, run.reason] for run in session.runs()])


def until_it_fails(
    *, server: str, ledger: str, mark: str, rows: int, fault: dict[str, object], shim: str | None
) -> None:
    """Map the rows on a ledger whose file can't be written from some moment on; say what was raised."""
    try:
        _plant(Path(ledger).parent, fault, shim)
        carry_out(server=server, ledger=ledger, mark=mark, rows=rows, concurrency=8)
    except LedgerError as error:
        say(["LedgerError", str(error)])
    if shim is not None:
        say(["writes", ctypes.CDLL(shim).soak_seen()])


def _plant(folder: Path, fault: dict[str, object], shim: str | None) -> None:
    if "most_bytes" in fault:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as on a full disk: the write fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (fault["most_bytes"], fault["most_bytes"]))
    if shim is not None:
        ctypes.CDLL(shim).soak_arm(
            str(folder.resolve()).encode(), fault.get("nth", 0), fault.get("errno", 0), fault.get("lasts", 0)
        )


def remarks(mark: str, rows: int) -> pd.DataFrame:
    """Distinct rows; those of another mark are others."""
    return pd.DataFrame({"text": [f"bird {mark} {n} struck the windshield" for n in range(rows)]})


def say(what: object) -> None:
    """One line for the test."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


_WITHOUT_A_RUN_S = 1.0
"""Who was to begin a run may have been killed before it did."""

_OF_POSTGRES = (
    "psycopg2.extras",
    "sqlalchemy.dialects.postgresql.psycopg2",
    "loopai_nb.ledger.connect_postgres",
    "loopai_nb.ledger.hot_postgres",
)

_TO_RESUME = (RunState.PARTIAL, RunState.FAILED, RunState.CANCELLED)


def _session(server: str, ledger: str, concurrency: int, env: dict[str, str] | None) -> Session:
    environ = {
        "LOOPAI_SERVER": server,
        "LOOPAI_SERVER_KIND": "openai",
        "LOOPAI_MODEL": "demo-lexical",
        "LOOPAI_LEDGER": ledger,
        "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "1",
        "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "2",
        "LOOPAI_MAX_TOKENS": "12",
        "LOOPAI_CONCURRENCY": str(concurrency),
        **(env or {}),
    }
    folder = Path(__file__).parent
    return Session(Settings.load(environ=environ, cwd=folder, config_dir=folder))
