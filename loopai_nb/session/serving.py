"""From settings and names to a model server and its price."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from loopai_nb.connections import Connections
from loopai_nb.errors import InputError, SettingsError
from loopai_nb.redaction import Secret, password_in_url
from loopai_nb.telemetry.steps import step

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from loopai_nb.background import BackgroundLoop
    from loopai_nb.clients.base import ModelServer
    from loopai_nb.pricing import Price
    from loopai_nb.records import ServerInfo, ServerKind
    from loopai_nb.settings import Settings

__all__ = ["Chosen", "Servers", "choose_server", "closed", "hidden", "price_for"]

_log = logging.getLogger(__name__)

_CHECK_TIMEOUT_S = 15.0
_UNNAMED = "default"
"""For a protocol without model names, and until a server has told its own."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A model server that has answered.

    Attributes:
        server: The model that was chosen.
        info: What it said of itself.
        make: Another model of the same server, with the same key.
    """

    server: ModelServer
    info: ServerInfo
    make: Callable[[str], ModelServer]


class Servers:
    """The model server that a session has chosen, its other models, and those that runs go on with.

    Safe to use from several threads: one at a time asks over the network which server it is, and nobody waits
    for that who only wants the one that is chosen.

    Args:
        loop: Where servers are asked.
        settings: Name the server until another is chosen.
    """

    def __init__(self, loop: BackgroundLoop, settings: Settings) -> None:
        self._loop = loop
        self._settings = settings
        self._choosing = threading.Lock()
        self._lock = threading.Lock()
        self._chosen: Chosen | None = None
        self._others: dict[str, ModelServer] = {}
        self._retired: list[ModelServer] = []
        self._price: tuple[Decimal, Decimal] | None = None
        self._closed = False

    @property
    def chosen(self) -> Chosen | None:
        """The chosen one; None before."""
        return self._chosen

    def current(self) -> Chosen:
        """The chosen one, by default that of the settings.

        Raises:
            LoopaiNbError: As ``choose``.
        """
        chosen = self._chosen
        if chosen is None:
            with self._choosing:
                # Another thread may have chosen while this one waited.
                chosen = self._chosen or self._choose(None, None, None, None)
        return chosen

    def choose(
        self,
        where: str | Secret | None,
        model: str | None,
        kind: ServerKind | str | None,
        price: tuple[Decimal, Decimal] | None,
    ) -> Chosen:
        """Choose another; the one before stays chosen where this one does not answer.

        Raises:
            LoopaiNbError: See ``choose_server``.
        """
        with self._choosing:
            return self._choose(where, model, kind, price)

    def of(self, model: str | None) -> ModelServer:
        """The chosen server, asked for one of its models; None for the chosen model."""
        chosen = self.current()
        if model is None or model == chosen.server.model:
            return chosen.server
        with self._lock:
            if self._closed:
                raise closed()
            if chosen is not self._chosen:  # chosen anew since; closed with the session
                server = chosen.make(model)
                self._retired.append(server)
                return server
            if model not in self._others:
                self._others[model] = chosen.make(model)
            return self._others[model]

    def price_of(self, server: ModelServer) -> Price | None:
        """What a token costs there now; None where nobody knows."""
        return price_for(self._settings, server, self._price, datetime.now(UTC))

    def close(self) -> None:
        """Close every connection; may be called twice."""
        with self._lock:
            self._closed = True
            servers = self._taken()
            self._chosen = None
        for server in servers:
            # A server that is slow to close, or a loop that is closed, keeps no other one open.
            with contextlib.suppress(Exception):
                self._loop.wait(server.aclose(), timeout_s=5)

    def _choose(
        self,
        where: str | Secret | None,
        model: str | None,
        kind: ServerKind | str | None,
        price: tuple[Decimal, Decimal] | None,
    ) -> Chosen:
        with step(_log, "server") as found:
            chosen = choose_server(
                self._loop, self._settings, where, model=model, kind=kind, connections=Connections.load()
            )
            found |= {"url": chosen.server.base_url, "model": chosen.server.model}
        with self._lock:
            if not self._closed:
                # Runs that go on with the old server keep it; it is closed with the session.
                self._retired = self._taken()
                self._chosen, self._price = chosen, price
                return chosen
        self._loop.wait(chosen.server.aclose())
        raise closed()

    def _taken(self) -> list[ModelServer]:
        """All that are open, which from now on the caller holds."""
        servers = [*([self._chosen.server] if self._chosen else []), *self._others.values(), *self._retired]
        self._others, self._retired = {}, []
        return servers


def closed() -> InputError:
    """The error of every use of a closed session."""
    return InputError("This session is closed.", "Make a new one: Session()")


def hidden(address: str | None) -> str | Secret | None:
    """An address as it may stand in a traceback that prints locals: one that may hold a password hides it."""
    return Secret(address) if address is not None and password_in_url(address) else address


def choose_server(
    loop: BackgroundLoop,
    settings: Settings,
    where: str | Secret | None,
    *,
    model: str | None,
    kind: ServerKind | str | None,
    connections: Connections,
) -> Chosen:
    """The model server of a URL, of a saved name, or of the settings, after it has answered.

    Raises:
        SettingsError: Nothing of that name, or the settings name no server.
        InputError: A password in the URL; several models and none chosen; an unknown kind.
        ModelServerError: It does not answer.
    """
    from loopai_nb.clients.connect import guess_kind, model_server
    from loopai_nb.records import ServerKind

    url, api_key, model, kind = _wanted(settings, where, model, kind, connections)
    if kind is not None and kind not in set(ServerKind):
        raise InputError(f"{kind!r} is no kind of model server.", "Kinds: openai, loopai, generate.")
    if kind:
        found = ServerKind(kind)
    else:
        found = loop.wait(guess_kind(url, api_key=api_key), timeout_s=_CHECK_TIMEOUT_S)
    if found is ServerKind.LOOPAI and not model:
        raise InputError(f"{url} runs Loopai tasks.", "Say which: --model TASK_ID")

    def make(name: str) -> ModelServer:
        return model_server(
            url, kind=found, model=name, api_key=api_key, read_timeout_s=settings.read_timeout_s
        )

    server = make(model or _UNNAMED)
    try:
        info = loop.wait(server.check(), timeout_s=_CHECK_TIMEOUT_S)
        name = model or _only_model(info)
    except BaseException:
        loop.wait(server.aclose())
        raise
    if name != server.model:
        loop.wait(server.aclose())
        server = make(name)
    return Chosen(server, info, make)


def _wanted(
    settings: Settings,
    where: str | Secret | None,
    model: str | None,
    kind: ServerKind | str | None,
    connections: Connections,
) -> tuple[str, Secret | None, str | None, ServerKind | str | None]:
    """Address, key, model and kind of what was asked for."""
    url, api_key = settings.server_url, settings.api_key
    if where is None:
        model = model or settings.model
        kind = kind or settings.server_kind
    elif isinstance(where, Secret) or password_in_url(where):
        raise InputError(
            "A password in the server's URL would be saved with the notebook.",
            "Put the key into .env as LOOPAI_API_KEY, and give the URL without it.",
        )
    elif "://" in where:
        if _host(where) != _host(url or ""):
            api_key = None  # a key is for the host that it was set for
        url = where
    else:
        saved = connections.get_server(where)
        url, api_key = saved.url, saved.api_key
        model = model or saved.model
        kind = kind or saved.kind
    if url is None:
        raise SettingsError(
            "No model server is set.",
            "Put LOOPAI_SERVER=http://127.0.0.1:8000/v1 into .env, or choose one: %loopai server URL",
        )
    return url, api_key, model, kind


def price_for(
    settings: Settings, server: ModelServer, given: tuple[Decimal, Decimal] | None, at: datetime
) -> Price | None:
    """What a token costs there: as given, as set, or as the price list says; None where nobody knows."""
    from loopai_nb.pricing import price_of

    input_usd, output_usd = given or (
        settings.price_input_usd_per_mtok,
        settings.price_output_usd_per_mtok,
    )
    return price_of(
        server.model,
        server.base_url,
        input_usd_per_mtok=input_usd,
        output_usd_per_mtok=output_usd,
        at=at,
    )


def _only_model(info: ServerInfo) -> str:
    from loopai_nb.records import ServerKind

    if len(info.models) == 1:
        return info.models[0]
    if info.kind is ServerKind.GENERATE:
        return _UNNAMED
    names = ", ".join(info.models[:8]) or "none listed"
    raise InputError(f"{info.base_url} offers several models: {names}.", "Say which: --model NAME")


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).netloc.rpartition("@")[2]
