"""The slowest and the dearest requests of what a dashboard looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.ledger.wanted import Wanted
from loopai_nb.notebook.shown import one_line
from loopai_nb.notebook.wording import joined, latency
from loopai_nb.pricing import format_usd

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.ledger.figures import Scope
    from loopai_nb.ledger.request_log import LoggedRequest, RequestLog

__all__ = ["MOST_TOPS", "tops_of"]

MOST_TOPS = 300_000
"""Requests that are looked through: half a second or so."""

_MOST = 5
_SHOWN = 90
_NAME = 24


def tops_of(log: RequestLog, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Both lists as the widget is sent them; see ``Asked`` in ``src/dash/wire.ts``."""
    return {
        "slowest": _top(log, scope, "latency", lambda one: one.latency_ms, latency),
        "dearest": _top(log, scope, "cost", lambda one: one.cost_pusd, lambda pusd: format_usd(round(pusd))),
    }


def _top(
    log: RequestLog,
    scope: Scope,
    order: str,
    size: Callable[[LoggedRequest], float | None],
    said: Callable[[float], str],
) -> list[dict[str, Any]]:
    wanted = Wanted(
        since_ms=scope.since_ms,
        until_ms=scope.until_ms,
        run_id=scope.run_id,
        server=scope.server,
        model=scope.model,
        template=scope.template,
        order=order,
    )
    found = [(one, sized) for one in log.window(wanted, 0, _MOST) if (sized := size(one))]
    largest = max((sized for _, sized in found), default=1)
    return [
        {
            "run_id": one.run_id,
            "request_no": one.request_no,
            "shown": one_line(one.prompt[one.same :] or one.prompt, _SHOWN),
            "note": joined([one.run_id, one_line(one.model, _NAME)]),
            "value": said(sized),
            "share": round(sized / largest, 3),
        }
        for one, sized in found
    ]
