"""``ledger``: where it is, whether it is sound, and forgetting what is old."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loopai_nb.cli.asking import reader
from loopai_nb.cli.exits import Exit
from loopai_nb.errors import InputError

if TYPE_CHECKING:
    import argparse
    from typing import Literal

    from loopai_nb.cli.console import Console
    from loopai_nb.ledger.retention import Pruned
    from loopai_nb.ledger.store import Ledger

__all__ = ["check", "path", "prune", "rebuild"]


def path(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  (a verb's signature)
    """Print where the ledger is, whether it is there or not; a database's password is not shown."""
    from loopai_nb.redaction import mask_url

    where = console.settings().ledger
    console.show(str(where) if isinstance(where, Path) else mask_url(where.reveal()))
    return Exit.DONE


def check(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  (a verb's signature)
    """Look through all of the ledger, and say what is wrong with it."""
    from loopai_nb.ledger.integrity import check as look_through

    with console.session() as session:
        found = look_through(session.ledger)
        for line in found:
            console.show(line)
        if found:
            console.say("Keep a copy of the ledger before anything else, and send nothing more with it.")
            return Exit.ERROR
        console.show(f"The ledger {session.ledger.label} is sound.")
    return Exit.DONE


def rebuild(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  (a verb's signature)
    """Make the figures over time and the search index anew, from the attempts and the texts."""
    from loopai_nb.ledger.rebuilding import rebuild as make_anew

    with console.session() as session:
        made = make_anew(session.ledger)
        console.show(f"{made:,} figures over time and the search index were made anew.")
    return Exit.DONE


def prune(args: argparse.Namespace, console: Console) -> int:
    """Forget what is old, after saying what that is and asking."""
    from loopai_nb.ledger import retention

    mode: Literal["blank", "drop"] = "drop" if args.drop else "blank"
    days = float(args.older_than)
    with console.session() as session:
        ledger = session.ledger
        planned = retention.prune(ledger, older_than_days=days, mode=mode, dry_run=True)
        console.say(_sentence(planned, "would be"))
        _say_kept(planned, console)
        _say_copies(ledger, console)
        if args.dry_run:
            return Exit.DONE
        if not _agreed(args):
            console.say("Nothing was changed.")
            return Exit.NOT_APPROVED
        done = retention.prune(ledger, older_than_days=days, mode=mode, vacuum=args.vacuum)
        console.show(_sentence(done, "were"))
        if not done.clean and ledger.engine.dialect.name == "sqlite":
            console.say(
                "Another process reads the ledger; until it ends the old text stays in the file beside it. "
                "Run the same command again then."
            )
    return Exit.DONE


def _sentence(pruned: Pruned, were: str) -> str:
    from loopai_nb.ledger.money import day_of

    before = day_of(pruned.before_ms)
    if pruned.mode == "drop":
        return (
            f"Of before {before}, {pruned.plans:,} plans with {pruned.requests:,} requests, "
            f"{pruned.answers:,} answers and {pruned.attempts:,} attempts {were} deleted."
        )
    return (
        f"Of before {before}, {pruned.requests:,} prompts, {pruned.answers:,} answers and the texts of "
        f"{pruned.attempts:,} attempts {were} emptied; tokens, costs and times stay."
    )


def _say_kept(pruned: Pruned, console: Console) -> None:
    if pruned.kept:
        why = "not ended" if pruned.mode == "drop" else "carried out just now"
        console.say(f"Left alone, since {why}: {', '.join(pruned.kept)}.")


def _say_copies(ledger: Ledger, console: Console) -> None:
    """A copy from before the tables changed holds the old text as well."""
    if ledger.engine.dialect.name != "sqlite":
        return
    file = Path(ledger.label)
    copies = sorted(file.parent.glob(f"{file.stem}.v*{file.suffix}"))
    if copies:
        console.say(f"Not touched, remove them yourself: {', '.join(map(str, copies))}")


def _agreed(args: argparse.Namespace) -> bool:
    if args.yes:
        return True
    said = reader()("What is forgotten can't be brought back. Go on? [y/N] ")
    if said is None:
        raise InputError("Nobody is there to ask, and nothing was changed.", "Add --yes to do it.")
    return said.strip().lower() in {"y", "yes"}
