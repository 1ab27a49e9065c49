"""``alerts``: a look at the rules now, for people and for cron."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.cli.exits import Exit
from loopai_nb.hints import in_shell
from loopai_nb.notebook import verbs_alerts as views

if TYPE_CHECKING:
    import argparse

    from loopai_nb.cli.console import Console

__all__ = ["alerts"]


def alerts(args: argparse.Namespace, console: Console) -> int:
    """List what fired; exit code 1 while anything fires."""
    with console.session() as session:
        session.check_alerts()
        if not args.quiet:
            rows = session.alerts(since=args.since, limit=args.limit or views.MOST)
            console.show(in_shell(views.listed(session, rows).text()))
        return Exit.ERROR if session.firing_alerts() else Exit.DONE
