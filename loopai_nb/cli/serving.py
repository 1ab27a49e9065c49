"""``serve``: the pages on which somebody away from the notebook decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.cli.exits import Exit
from loopai_nb.hints import in_shell

if TYPE_CHECKING:
    import argparse

    from loopai_nb.cli.console import Console

__all__ = ["serve"]


def serve(args: argparse.Namespace, console: Console) -> int:
    """Serve until Ctrl-C.

    Raises:
        InputError: The address is not the loopback's, and that is not allowed.
        LoopaiNbError: The port is taken.
        MissingExtra: The extra ``serve`` is not installed.
    """
    from loopai_nb.asgi.serve import PageServer

    with console.session() as session:
        server = PageServer(
            session.ledger,
            session.settings,
            host=args.host,
            port=args.port,
            hosts=args.allowed_host,
            allow_remote=args.allow_remote,
            remote_metrics=args.remote_metrics,
        )
        console.show(f"Approval pages on {server.url} · ledger {session.ledger.label} · Ctrl-C ends it")
        if session.settings.serve_url is None:
            console.say(
                f"Notices hold no links yet: put LOOPAI_SERVE_URL={server.url} into .env of the notebook."
            )
        session.watch_alerts()
        server.run(lambda line: console.show(in_shell(line)))
    return Exit.DONE
