"""A deadline for a request's headers: uvicorn waits for them for ever, a byte at a time (ATTACKS 54)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

__all__ = ["protocol_of"]

_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def protocol_of(headers_s: float) -> type[asyncio.Protocol]:
    """Uvicorn's protocol, which closes a connection whose headers take longer.

    Args:
        headers_s: Seconds from the opening of a connection, or from the first byte of a later request.
    """

    class InTime(_InTime):
        within_s = headers_s

    return InTime


class _InTime(H11Protocol):
    """Closes silently what sent nothing, as browsers expect of connections that they open ahead."""

    within_s: float
    _timer: asyncio.TimerHandle | None = None
    _heard = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        self._heard = True
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Start the clock unless it runs, while the other side has its headers to say."""
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._timer is None:
            self._timer = self.loop.call_later(self.within_s, self._give_up)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self._heard:
            self.transport.write(_TOO_LATE)
        self.transport.close()
