"""``approvals``, ``approve`` and ``reject``: decide on the command line what waits somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.cli.exits import Exit
from loopai_nb.hints import in_shell
from loopai_nb.notebook import verbs_approvals as views
from loopai_nb.notebook.shown import Sentences, plain

if TYPE_CHECKING:
    import argparse

    from loopai_nb.cli.console import Console

__all__ = ["approvals", "approve", "reject"]


def approvals(args: argparse.Namespace, console: Console) -> int:
    """List what waits and what was decided, newest first; look at one; or only verify the audit chain."""
    with console.session() as session:
        if args.id is not None:
            console.show(views.approval_details(session, session.approval(args.id)).text())
            return Exit.DONE
        chain = session.verify_approvals(noted=args.noted)
        if not args.verify:
            rows = session.approvals(args.limit or views.MOST, state="PENDING" if args.waiting else None)
            console.show(in_shell(views.listed(rows, waiting=args.waiting).text()))
    said = views.chain_lines(chain)
    tell = console.show if args.verify else console.say
    for line in said:
        tell(plain(line))
    return Exit.DONE if chain.is_whole else Exit.ERROR


def approve(args: argparse.Namespace, console: Console) -> int:
    """Approve what waits."""
    return _decide(args, console, approved=True)


def reject(args: argparse.Namespace, console: Console) -> int:
    """Reject what waits."""
    return _decide(args, console, approved=False)


def _decide(args: argparse.Namespace, console: Console, *, approved: bool) -> int:
    with console.session() as session:
        row = session.decide(args.id, approved=approved, feedback=args.feedback or "", means="cli")
        console.show(Sentences(*views.decided_lines(row)).text())
    return Exit.DONE
