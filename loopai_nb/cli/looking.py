"""Verbs that send nothing to a model: is all there, what was run, stop one, report one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from loopai_nb.cli.exits import Exit
from loopai_nb.errors import InputError, LoopaiNbError
from loopai_nb.hints import in_shell
from loopai_nb.notebook import verbs_places, verbs_runs
from loopai_nb.notebook.run_lines import run_sentences
from loopai_nb.notebook.shown import Grid, Shown, plain
from loopai_nb.notebook.wording import joined, latency, place, unlisted, versionless
from loopai_nb.notebook.workbench import Call, Workbench

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from loopai_nb.cli.console import Console
    from loopai_nb.session import Session

__all__ = ["cancel", "check", "go_on", "log", "pause", "report", "runs", "show", "status"]


class _Bench(Workbench):
    """What the notebook's verbs work with, here on a terminal.

    Args:
        session: Opened.
        console: Where things appear.
    """

    def __init__(self, session: Session, console: Console) -> None:
        super().__init__(shell=None)
        self._session = session
        self._console = console

    @property
    def static(self) -> bool:
        """A terminal's text is looked at once; without its ids nobody could go on."""
        return False

    def show(self, *shown: Shown) -> None:
        """Write to stdout."""
        for each in shown:
            self._console.show(each.text())


def check(args: argparse.Namespace, console: Console) -> int:
    """Say of database, model server and ledger whether each can be used."""
    with console.session() as session:
        parts: list[tuple[str, Callable[[], str]]] = [
            ("database", lambda: _database(session, args.database)),
            ("model server", lambda: _server(session, args)),
            ("ledger", lambda: _ledger(session)),
        ]
        well = [_report(name, look, console) for name, look in parts]
        for note in session.settings.notes:
            console.say(note)
    return Exit.DONE if all(well) else Exit.ERROR


def _report(name: str, look: Callable[[], str], console: Console) -> bool:
    try:
        said, well = look(), True
    except LoopaiNbError as error:
        said, well = in_shell(console.masked(error.notebook_text)), False
    console.show(f"{name:<14}{'ok' if well else 'no':<4}{plain(said)}")
    return well


def _database(session: Session, name: str | None) -> str:
    if name is not None and "://" in name:
        raise InputError(
            "A URL on the command line is seen by every user of this machine.",
            "Save it: loopai-nb connections add NAME",
        )
    database = session.connect(name)
    info = database.check()
    return joined([f"Postgres {info.version}", database.address, latency(info.latency_ms), database.source])


def _server(session: Session, args: argparse.Namespace) -> str:
    info = session.use_server(args.server, model=args.model, kind=args.kind, price=args.price)
    server = session.server
    return joined(
        [
            f"{server.model} at {place(server.base_url)}",
            info.description,
            latency(info.latency_ms),
            unlisted(server.model, info.models),  # no error: some answer under names that they do not list
            "" if info.models else in_shell(versionless(server.base_url, server.kind)),
        ]
    )


def _ledger(session: Session) -> str:
    started_s = time.perf_counter()
    path = session.ledger.label
    return joined([str(path), latency((time.perf_counter() - started_s) * 1000)])


def status(args: argparse.Namespace, console: Console) -> int:
    """What is connected, and where each setting came from."""
    with console.session() as session:
        console.show(verbs_places.status(_call(args, session, console)).text())
    return Exit.DONE


def runs(args: argparse.Namespace, console: Console) -> int:
    """What was run, newest first."""
    with console.session() as session:
        listed = verbs_runs.runs(_call(args, session, console))
    if isinstance(listed, Grid):
        listed.note = in_shell(listed.note)
    console.show(listed.text())
    return Exit.DONE


def show(args: argparse.Namespace, console: Console) -> int:
    """One run in detail."""
    with console.session() as session:
        run = verbs_runs.show(_call(args, session, console))
        console.show(in_shell(run_sentences(run, session).text()))
    return Exit.DONE


def log(args: argparse.Namespace, console: Console) -> int:
    """What was asked, request by request, one of them whole, or as a file."""
    from loopai_nb.notebook import verbs_log  # not on the way of the other verbs

    with console.session() as session:
        shown = verbs_log.log(_call(args, session, console))
        if shown is not None:
            console.show(in_shell(shown.text()))
    return Exit.DONE


def cancel(args: argparse.Namespace, console: Console) -> int:
    """Stop a run, of whatever process."""
    with console.session() as session:
        run = verbs_runs.cancel(_call(args, session, console))
        console.show(in_shell(run_sentences(run, session).text()))
    return Exit.DONE


def pause(args: argparse.Namespace, console: Console) -> int:
    """Let a run send nothing more for now, of whatever process."""
    with console.session() as session:
        run = verbs_runs.pause(_call(args, session, console))
        console.show(in_shell(run_sentences(run, session).text()))
    return Exit.DONE


def go_on(args: argparse.Namespace, console: Console) -> int:
    """Let a paused run go on, of whatever process."""
    with console.session() as session:
        run = verbs_runs.go_on(_call(args, session, console))
        console.show(in_shell(run_sentences(run, session).text()))
    return Exit.DONE


def report(args: argparse.Namespace, console: Console) -> int:
    """A run as one HTML file."""
    with console.session() as session:
        verbs_runs.report(_call(args, session, console))
    return Exit.DONE


def _call(args: argparse.Namespace, session: Session, console: Console) -> Call:
    return Call(_Bench(session, console), args, None, {})
