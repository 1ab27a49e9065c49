"""Verbs about what is connected: connect, server, status."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError, LoopaiNbError
from loopai_nb.notebook.shown import Grid, Sentences, Shown, Stack
from loopai_nb.notebook.wording import (
    joined,
    latency,
    place,
    unlisted,
    versionless,
)
from loopai_nb.pricing import format_usd, usd
from loopai_nb.redaction import Secret, mask_text, mask_url

if TYPE_CHECKING:
    from loopai_nb.notebook.workbench import Call
    from loopai_nb.postgres.engine import Database
    from loopai_nb.session import Session

__all__ = ["connect", "server", "status"]

_VARIABLE = re.compile(r"\{(?P<braced>[^\W\d]\w*)\}|\$(?P<plain>[^\W\d]\w*)")


def connect(call: Call) -> None:
    """Make a database the current one; those that were used before stay open."""
    database = call.session.connect(_meant(call, call.args.name))
    info = database.check()
    beside = ", ".join(each.name for each in call.session.databases_beside())
    call.bench.show(
        Sentences(
            joined(
                [
                    f"Postgres {info.version}",
                    f"{info.user}@{_where(call, info.host, info.port)}/{info.database}",
                    "read-only for pulls",
                    f"from {database.source}" if database.source not in {"", "given"} else "",
                    f"beside {beside}" if beside else "",
                ]
            )
        )
    )


def _meant(call: Call, typed: str | None) -> str | None:
    """What was typed, with ``{name}`` and ``$name`` as in IPython's own magics.

    Raises:
        InputError: There is no such variable, or it holds no text.
    """
    if typed is None:
        return None
    return _VARIABLE.sub(lambda found: _text(call, found[found.lastgroup or 0]), typed)


def _text(call: Call, name: str) -> str:
    if name not in call.names:
        raise InputError(f'There is no variable "{name}" in this notebook.', "Set it in a cell above.")
    value = call.names[name]
    if isinstance(value, Secret):
        return value.reveal()  # the session hides it again
    if not isinstance(value, str | int):
        raise InputError(f'"{name}" is a {type(value).__name__}, and should be a text.')
    return str(value)


def _where(call: Call, host: str, port: int) -> str:
    from loopai_nb.postgres.engine import DEFAULT_PORT

    return host if call.bench.static or port == DEFAULT_PORT else f"{host}:{port}"


def server(call: Call) -> None:
    """Choose a model server."""
    args = call.args
    info = call.session.use_server(
        _meant(call, args.where), model=_meant(call, args.model), kind=args.kind, price=args.price
    )
    call.bench.models = info.models
    static = call.bench.static
    chosen = call.session.server
    call.bench.show(
        Sentences(
            joined(
                [
                    f"{chosen.model} at {place(chosen.base_url, static=static)}",
                    info.description,
                    "" if static else f"answered in {latency(info.latency_ms)}",
                    _price(call),
                ]
            ),
            # A server need not list its models; one that is asked at the wrong place lists none either.
            "" if info.models else versionless(chosen.base_url, chosen.kind),
            unlisted(chosen.model, info.models),
        )
    )


def _price(call: Call) -> str:
    price = call.session.price
    if price is None:
        return "no price known (set one with --price IN,OUT)"
    if price.input_pusd_per_token == 0 and price.output_pusd_per_token == 0:
        return "priced 0 (local; set a price with --price)" if price.source == "local" else "priced 0"
    per_mtok = [format_usd(p * 10**6) for p in (price.input_pusd_per_token, price.output_pusd_per_token)]
    return f"{per_mtok[0]} USD in, {per_mtok[1]} out per million tokens ({price.source})"


def status(call: Call) -> Shown:
    """What is connected, and where each setting came from."""
    session = call.session
    static = call.bench.static
    rows = [
        ("database", *_database_status(call)),
        *(
            (f"database {each.name}", _address(call, each), "--connection")
            for each in session.databases_beside()
        ),
        ("model server", *_server_status(call)),
    ]
    ledger = session.settings.ledger
    if isinstance(ledger, Path):
        made = "" if ledger.exists() else "not made yet"
        rows.append(("ledger", ledger.name if static else str(ledger), made))
    else:
        rows.append(("ledger", "in Postgres" if static else mask_url(ledger.reveal()), ""))
    chosen = _chosen(session)
    settings = [
        chosen.get(name, (name, shown, source))
        for name, shown, source in session.settings.provenance()
        if not (static and name in {"ledger", "database_url", "server_url", "user"})
    ]
    notes = [Sentences(note) for note in session.settings.notes]
    return Stack(Grid([], rows), Grid(["setting", "value", "from"], settings), *notes)


def _chosen(session: Session) -> dict[str, tuple[str, str, str]]:
    """The lines of settings in whose place this session has chosen another server, or asked it."""
    if session.server_info is None:
        return {}
    server, price, settings = session.server, session.price, session.settings
    now = {"server_url": server.base_url, "server_kind": str(server.kind), "model": server.model}
    was = {
        "server_url": (settings.server_url or "").rstrip("/"),
        "server_kind": str(settings.server_kind or ""),
        "model": settings.model or "",
    }
    if price is not None and price.source == "set":
        for side in ("input", "output"):
            name = f"price_{side}_usd_per_mtok"
            per_mtok = usd(getattr(price, f"{side}_pusd_per_token") * 10**6)
            if per_mtok != getattr(settings, name):
                now[name], was[name] = f"{per_mtok.normalize():f}", ""
    return {
        name: (name, value, f"this session{f', not {was[name]}' if was[name] else ''}")
        for name, value in now.items()
        if value != was[name]
    }


def _database_status(call: Call) -> tuple[str, str]:
    try:
        database = call.session.database
        info = database.check()
    except LoopaiNbError as error:
        return "not connected", mask_text(error.message)
    return f"{info.user}@{_where(call, info.host, info.port)}/{info.database}", f"Postgres {info.version}"


def _address(call: Call, database: Database) -> str:
    return f"{_where(call, database.host, database.port)}/{database.database}"


def _server_status(call: Call) -> tuple[str, str]:
    try:
        chosen = call.session.server
    except LoopaiNbError as error:
        return "not chosen", mask_text(error.message)
    where = f"{chosen.model} at {place(chosen.base_url, static=call.bench.static)}"
    return where, f"{chosen.kind} · {_price(call)}"
