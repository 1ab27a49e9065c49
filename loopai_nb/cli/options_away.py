"""What can be typed to be told, and to let decide, away from the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.cli.parser import Parser, add_verb

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["add_away"]


def add_away(verbs: Any, port: Callable[[str], int], whole: Callable[[str], int]) -> None:
    """Add ``notify``, ``alerts`` and ``serve`` to the verbs.

    Args:
        verbs: What ``add_subparsers`` returned.
        port: Reads a TCP port.
        whole: Reads a whole number from 1.
    """
    notify = add_verb(verbs, "notify", "telling:overview", "whom the settings tell of what happens")
    actions = notify.add_subparsers(
        title="actions", metavar="ACTION [options]", required=False, parser_class=Parser
    )
    add_verb(actions, "list", "telling:overview", "the channels; no secret is shown")
    test = add_verb(
        actions, "test", "telling:test", "tell every channel something now", " Exit code 1 where one fails."
    )
    test.add_argument("name", nargs="?", metavar="NAME", help="only this channel")
    _add_alerts(verbs, whole)
    serve = add_verb(
        verbs,
        "serve",
        "serving:serve",
        "the pages on which plans are approved by a link, and /metrics",
        " Ctrl-C ends it.\n\nIt listens on this machine only, and says the links of what waits.",
    )
    serve.add_argument("--host", default="127.0.0.1", metavar="H", help="address (127.0.0.1)")
    serve.add_argument("--port", type=port, default=8770, metavar="P", help="8770; 0 takes a free one")
    serve.add_argument("--allow-remote", action="store_true", help="allow an address others can reach")
    serve.add_argument(
        "--remote-metrics", action="store_true", help="let other machines read /metrics as well"
    )
    serve.add_argument(
        "--allowed-host", action="append", default=[], metavar="H", help="further Host headers it serves"
    )


def _add_alerts(verbs: Any, whole: Callable[[str], int]) -> None:
    alerts = add_verb(
        verbs,
        "alerts",
        "alerting:alerts",
        "look at the rules of LOOPAI_ALERTS now, and list what fired",
        " Whoever is to be told is told.\n\nExit code 1 while one fires.",
    )
    alerts.add_argument("--since", metavar="WHEN", help="30m, 24h, 7d, 2026-11-01")
    alerts.add_argument("--limit", type=whole, metavar="N", help="how many, the last one first (20)")
    alerts.add_argument("--quiet", action="store_true", help="list nothing; for cron")
