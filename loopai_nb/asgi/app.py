"""The application of `loopai-nb serve`, for any ASGI server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.asgi.approvals import ApprovalPages
from loopai_nb.asgi.guard import Guard
from loopai_nb.asgi.html import plain_page
from loopai_nb.asgi.metrics import PATH, MetricsPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loopai_nb.approval.links import LinkKey
    from loopai_nb.asgi.messages import Answer, App, Scope
    from loopai_nb.ledger.store import Ledger

__all__ = ["make_app"]


def make_app(
    ledger: Ledger,
    key: LinkKey,
    *,
    hosts: Iterable[str] = (),
    concurrency: int = 32,
    remote_metrics: bool = False,
) -> App:
    """The guarded application.

    Args:
        ledger: Which has what waits for a decision.
        key: Signs the links.
        hosts: Names under which it may be asked, without port, beside the loopback's.
        concurrency: Requests in flight at most, for the time that a plan would take.
        remote_metrics: Let other machines read the metrics.
    """
    pages = ApprovalPages(ledger, key, concurrency=concurrency)
    metrics = MetricsPage(ledger, remote=remote_metrics)

    async def handle(scope: Scope, body: bytes) -> Answer:
        if scope["path"] == PATH and scope["method"] != "POST":
            return await metrics(scope)
        return await pages(scope, body)

    return Guard(handle, hosts=hosts, refusal=_refusal)


def _refusal(status: int, sentence: str) -> Answer:
    return plain_page(status, "That is not taken", sentence)
