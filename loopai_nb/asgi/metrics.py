"""``/metrics``: the ledger's figures for a scraper on this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from typing import TYPE_CHECKING

from loopai_nb.asgi.guard import LOOPBACK_NAMES
from loopai_nb.asgi.messages import Answer
from loopai_nb.errors import LoopaiNbError, MissingExtra
from loopai_nb.session.metrics import MOST_KINDS, MOST_MODELS, gather
from loopai_nb.telemetry.exposition import exposed
from loopai_nb.telemetry.labels import Capped

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.asgi.messages import Scope
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.telemetry.metrics import Metrics

__all__ = ["PATH", "MetricsPage"]

PATH = "/metrics"

_FRESH_S = 1.0
"""So long the same figures are told again: a hundred scrapers are no load."""

_TEXT = "text/plain; charset=utf-8"
_PASSED_ON = frozenset(
    {b"forwarded", b"via", b"x-real-ip", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"}
)

_log = logging.getLogger(__name__)


class MetricsPage:
    """Answers scrapers.

    Names of models and costs are nobody else's: without ``remote`` it answers this machine only, also where
    the other pages are reached through a proxy.

    Args:
        ledger: Of which.
        remote: Answer whoever reaches it.
        clock: Monotonic seconds.
    """

    def __init__(
        self, ledger: Ledger, *, remote: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ledger = ledger
        self._remote = remote
        self._clock = clock
        self._reading = asyncio.Lock()
        self._read: tuple[float, Metrics] | None = None
        # Kept, so that what is told as "other" once stays so.
        self._models, self._kinds = Capped(MOST_MODELS), Capped(MOST_KINDS)

    async def __call__(self, scope: Scope) -> Answer:
        """Answer one request that the guard let through."""
        if not self._remote and not _is_from_here(scope):
            return _said(403, "Metrics are for this machine only. Let others read them: --remote-metrics")
        accept = b", ".join(value for name, value in scope["headers"] if name == b"accept")
        try:
            metrics = await self._metrics()
            body, media_type = await asyncio.to_thread(exposed, metrics, accept.decode("latin-1"))
        except MissingExtra as error:
            return _said(501, error.notebook_text)
        except LoopaiNbError as error:
            _log.warning("Metrics could not be read: %s", error.message)
            return _said(503, "The ledger did not answer. Try again soon.")
        except Exception as error:  # noqa: BLE001  (a server's border)
            _log.error("Metrics could not be made: %s", type(error).__name__)
            return _said(500, "Something here is at fault.")
        return Answer(200, body, media_type)

    async def _metrics(self) -> Metrics:
        async with self._reading:
            now_s = self._clock()
            if self._read is None or now_s - self._read[0] > _FRESH_S:
                # The ledger may wait for its lock: in a thread, so that others are answered.
                found = await asyncio.to_thread(gather, self._ledger, models=self._models, kinds=self._kinds)
                self._read = (now_s, found)
            return self._read[1]


def _is_from_here(scope: Scope) -> bool:
    """Whether this machine asks, under its own name, and not for somebody else."""
    client = scope.get("client")
    try:
        near = client is not None and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        near = False
    headers = dict(scope["headers"])
    name, colon, port = headers.get(b"host", b"").decode("latin-1").lower().rpartition(":")
    host = name if colon and port.isdigit() else name + colon + port
    return near and host in LOOPBACK_NAMES and _PASSED_ON.isdisjoint(headers)


def _said(status: int, sentence: str) -> Answer:
    return Answer(status, f"{sentence}\n".encode(), _TEXT)
