"""Connections to one server that are kept between two requests, and whether they may be.

HTTP/1.1 numbers neither requests nor answers. A server that writes an answer too many, after the next request
has gone out, has it taken for that request's own, and from then on each answer of the connection belongs to
the request before. So a connection rests before it is used again, that what is late finds it idle; and a
server that was seen to write unasked gets a connection of its own for each request.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loopai_nb.clients.connection import Connection

__all__ = ["IDLE_S", "REST_S", "Kept"]

IDLE_S = 4.0
"""Seconds that an unused connection is kept: servers close theirs after 5 (uvicorn, Node) or later."""

REST_S = 0.002
"""Seconds between an answer's end and the next request on its connection, in which a surplus shows itself."""

_FEW_REQUESTS = 8
_REQUESTS_PER_SPARE = 4
"""Of few requests in flight, how many share one connection more that spares them another one's rest.

No more than that, for a server with few threads holds one for each open connection (llama.cpp has two to
spare). Who asks more at once has a server that can take it: only the few wait.
"""

_log = logging.getLogger(__name__)


class Kept:
    """What is known of one server: its idle connections, the one unused for longest first.

    Args:
        name: How the log calls the server.
        is_trusted: Whether its connections may be used again.

    Attributes:
        in_flight: Requests that have a connection, open one, or wait for one; the caller counts them.
        is_trusted: As above; False from the first byte that nobody asked for.
    """

    def __init__(self, name: str, *, is_trusted: bool = True) -> None:
        self.name = name
        self.is_trusted = is_trusted
        self.in_flight = 0
        self._idle: deque[Connection] = deque()
        self._fewest_idle = 0

    def __len__(self) -> int:
        return len(self._idle)

    async def take(self, deadline: float) -> Connection | None:
        """Return a connection that may be used at once, or None where one is to be opened.

        Args:
            deadline: Of the loop's clock; a rest does not outlast it.
        """
        loop = asyncio.get_running_loop()
        while self._idle:
            now = loop.time()
            rested = self._idle[0].idle_since + REST_S
            if rested > now and (len(self._idle) <= self._spares() or rested >= deadline):
                self._fewest_idle = 0
                return None
            connection = self._idle.popleft()
            self._fewest_idle = min(self._fewest_idle, len(self._idle))
            if rested > now:
                try:
                    await asyncio.sleep(rested - now)
                except asyncio.CancelledError:
                    connection.abort()
                    raise
            # Asked last of all, so that nothing is between this and the request's first byte.
            if connection.is_fresh(loop.time(), IDLE_S) and self.is_trusted:
                return connection
            connection.abort()
        return None

    def _spares(self) -> int:
        return max(self.in_flight // _REQUESTS_PER_SPARE, self.in_flight - _FEW_REQUESTS)

    def put(self, connection: Connection) -> None:
        """Keep a connection whose exchange has just ended well."""
        self._idle.append(connection)

    def trim(self, now: float) -> None:
        """Close what is idle for long, and what was needed by nobody since the last time."""
        while self._idle:
            oldest = self._idle.popleft()
            if self._fewest_idle <= 0 and oldest.is_fresh(now, IDLE_S):
                self._idle.appendleft(oldest)
                break
            self._fewest_idle -= 1
            oldest.abort()
        self._fewest_idle = len(self._idle)

    def clear(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.popleft().abort()

    def distrust(self) -> None:
        """Keep no connection to this server any more: it has written what nobody asked for."""
        if not self.is_trusted:
            return
        self.is_trusted = False
        self.clear()
        _log.warning(
            "%s has written what nobody asked for. From now on each request to it gets a connection of its "
            "own, which is slower, so that none is given the answer to another one.",
            self.name,
        )
