"""One server as it is asked: where it is, its key, and the pool that carries requests to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from loopai_nb.clients.http import HttpPool, checked_headers
from loopai_nb.clients.keys import authorization
from loopai_nb.clients.replies import checked_model, server_at
from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping
    from contextlib import AbstractAsyncContextManager

    from loopai_nb.clients.http import HttpAnswer, HttpStream
    from loopai_nb.records import ServerKind
    from loopai_nb.redaction import Secret

__all__ = ["CHECK_TIMEOUT_S", "Channel", "ChannelServer"]

CHECK_TIMEOUT_S = 10.0
"""Deadline of asking a server what it is."""


class Channel:
    """Requests below one base URL, with the headers that each of them carries.

    Args:
        base_url: As ``clean_base_url`` returns it.
        api_key: Sent as a bearer token; None sends none.
        headers: Sent besides.
        pool: Of the caller, who closes it; None makes one.
        read_timeout_s: Longest silence in seconds while an answer is waited for; None: only the deadline of
            each request counts.

    Raises:
        InputError: The key or a header is none that HTTP allows, or the timeout is not above 0.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | Secret | None = None,
        headers: Mapping[str, str] | None = None,
        pool: HttpPool | None = None,
        read_timeout_s: float | None = None,
    ) -> None:
        if read_timeout_s is not None and not read_timeout_s > 0:
            raise InputError("A read timeout is a number of seconds above 0.", "None waits to the deadline.")
        self.base_url = base_url
        self.what = server_at(base_url)
        # Checked once: the pool keeps what it has prepared for headers that it meets again.
        self._headers = checked_headers(
            {"content-type": "application/json", **authorization(api_key), **(headers or {})}
        )
        self._pool = HttpPool() if pool is None else pool
        self._owns_pool = pool is None
        self._read_timeout_s = read_timeout_s

    def get(self, path: str, timeout_s: float) -> Coroutine[Any, Any, HttpAnswer]:
        """Read a path; to be awaited, errors as ``HttpPool.request``."""
        return self._request("GET", path, None, timeout_s)

    def post(self, path: str, content: bytes, timeout_s: float) -> Coroutine[Any, Any, HttpAnswer]:
        """Send a body to a path; to be awaited, errors as ``HttpPool.request``."""
        return self._request("POST", path, content, timeout_s)

    def stream(self, path: str, content: bytes, timeout_s: float) -> AbstractAsyncContextManager[HttpStream]:
        """Send a body and read its answer as it comes; errors as ``HttpPool.request``."""
        return self._pool.stream(
            "POST",
            self.base_url + path,
            content=content,
            headers=self._headers,
            timeout_s=timeout_s,
            read_timeout_s=self._read_timeout_s,
            shown=self.base_url,
        )

    async def aclose(self) -> None:
        """Close every connection, unless the pool is the caller's."""
        if self._owns_pool:
            await self._pool.aclose()

    def _request(
        self, method: str, path: str, content: bytes | None, timeout_s: float
    ) -> Coroutine[Any, Any, HttpAnswer]:
        # Handed on and not awaited here: each coroutine between costs its part of every request.
        return self._pool.request(
            method,
            self.base_url + path,
            content=content,
            headers=self._headers,
            timeout_s=timeout_s,
            read_timeout_s=self._read_timeout_s,
            shown=self.base_url,
        )


class ChannelServer:
    """What every model server over one channel has; see ``ModelServer``.

    Args:
        channel: To the server.
        model: What is asked for there.

    Raises:
        InputError: The model's name has a line break or control character in it.
    """

    KIND: ClassVar[ServerKind]

    def __init__(self, channel: Channel, model: str) -> None:
        self._channel = channel
        self._model = checked_model(model)

    @property
    def kind(self) -> ServerKind:
        """Its protocol."""
        return self.KIND

    @property
    def base_url(self) -> str:
        """Where it is, without a trailing slash; safe to show and to hash."""
        return self._channel.base_url

    @property
    def model(self) -> str:
        """Name of the model; for Loopai the task's id."""
        return self._model

    def __repr__(self) -> str:
        if not hasattr(self, "_channel"):  # half made: a traceback with locals shows what could not be made
            return f"{type(self).__name__}()"
        return f"{type(self).__name__}({self.base_url!r}, {self._model!r})"

    async def aclose(self) -> None:
        """Close every connection, unless the pool is the caller's."""
        await self._channel.aclose()
