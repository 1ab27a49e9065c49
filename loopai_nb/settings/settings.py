"""The settings of a session, each with the place that it came from."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from loopai_nb.connections import Connections
from loopai_nb.redaction import Secret, mask_url, visible
from loopai_nb.settings import notifying, places
from loopai_nb.settings.channels import Notify
from loopai_nb.settings.readers import READERS
from loopai_nb.settings.sources import Source, read_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal
    from typing import Literal, Self

    from loopai_nb.connections import DatabaseConnection
    from loopai_nb.records import ServerKind
    from loopai_nb.settings.alert_rules import AlertRule

__all__ = ["Settings"]


_SHORTEST_PASSWORD = 8
"""A shorter password is a word that stands in messages for other reasons ("demo", "postgres")."""

_NOT_SHOWN = ("database_saved", "notes", "sources")


def _default_ledger() -> Path:
    import platformdirs

    return platformdirs.user_data_path("loopai_nb") / "ledger.sqlite3"


def _default_user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without an entry in the password file
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "unknown"


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """What a session needs to know; ``load`` reads it, and nothing is read before.

    Attributes:
        database_url: ``postgresql://...``; None where none is named.
        server_url: Base URL of the model server, without secrets; None where none is named.
        server_kind: Its protocol; None where it is to be guessed.
        model: Name of the model; None where the server is to be asked.
        api_key: For the model server.
        ledger: A file's path, or the URL of a Postgres database.
        ui: ``auto`` shows widgets where it can; ``text`` asks in words and shows none; ``static`` is one
            deterministic output a cell.
        approval_timeout_s: Seconds that a plan waits for a decision.
        approve_below_usd: A plan whose worst case stays below it needs no person; None: each needs one.
        max_tokens: Most tokens of one answer.
        temperature: 0 to 2.
        timeout_s: Seconds that one request may take, from its first byte to its answer's last.
        read_timeout_s: Seconds of silence within an answer after which it is given up; None: only
            ``timeout_s`` counts.
        concurrency: Requests in flight at most.
        requests_per_minute: Most requests a minute; None for as many as the server says.
        tokens_per_minute: Most tokens a minute; None for as many as the server says.
        on_unknown: What to do with a request that may have been paid without a recorded answer: ``resend``
            it, ``skip`` it, or leave it and ``ask`` when the run is resumed.
        budget_usd: Most that a run may cost in USD; None: each run says.
        budget_usd_per_day: Most that all runs of the ledger may cost together in a day (UTC); None: no limit.
        cache_days: Older answers of the ledger are not used; None: of any age; 0: none.
        redact: Personal data that is masked before it is sent or stored, see ``Redactor``.
        price_input_usd_per_mtok: USD per million input tokens, where the price list is wrong or silent.
        price_output_usd_per_mtok: USD per million output tokens.
        statement_timeout_s: Seconds after which Postgres stops a statement; None: its own setting counts.
        lock_timeout_s: Seconds for which it waits for a lock; None as above.
        idle_in_transaction_timeout_s: Seconds after which it ends a transaction in which nothing happens;
            None as above.
        user: Who approves and reviews.
        serve_url: Where ``loopai-nb serve`` is reached, for the links in notices; None: no links.
        notify: Whom to tell of what happens.
        alerts: When to tell that something is not as it should be.
        log_file: Where every step is written in lines; None: nowhere.
        log_format: Of those lines: ``logfmt`` or ``json``.
        log_console: Write the steps to stderr as well.
        otel: Where OpenTelemetry spans and metrics go: ``on`` (as the program or the environment says), a
            collector's base URL, or None: nowhere.
        telemetry_content: Texts of prompts and answers may go there, and their beginnings into the log.
        database_saved: The saved connection that ``database_url`` is of; None where it is of none.
        notes: What a person should know about the sources, one sentence each.
        sources: Where each value came from, by field; what is missing is a default.
    """

    database_url: Secret | None = None
    server_url: str | None = None
    server_kind: ServerKind | None = None
    model: str | None = None
    api_key: Secret | None = None
    ledger: Path | Secret = field(default_factory=_default_ledger)
    ui: Literal["auto", "text", "static"] = "auto"
    approval_timeout_s: float = 3600.0
    approve_below_usd: Decimal | None = None
    max_tokens: int = 512
    temperature: float = 0.7
    timeout_s: float = 300.0
    read_timeout_s: float | None = None
    concurrency: int = 32
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    on_unknown: Literal["resend", "ask", "skip"] = "resend"
    budget_usd: Decimal | None = None
    budget_usd_per_day: Decimal | None = None
    cache_days: float | None = None
    redact: tuple[str, ...] = ()
    price_input_usd_per_mtok: Decimal | None = None
    price_output_usd_per_mtok: Decimal | None = None
    statement_timeout_s: float | None = None
    lock_timeout_s: float | None = None
    idle_in_transaction_timeout_s: float | None = None
    user: str = field(default_factory=_default_user)
    serve_url: str | None = None
    notify: Notify = field(default_factory=Notify)
    alerts: tuple[AlertRule, ...] = ()
    log_file: Path | None = None
    log_format: Literal["logfmt", "json"] = "logfmt"
    log_console: bool = False
    otel: str | None = None
    telemetry_content: bool = False
    database_saved: DatabaseConnection | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    @classmethod
    def load(
        cls,
        *,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        config_dir: Path | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> Self:
        """Read every source.

        Overrides win over the environment; then come the nearest ``.env`` upward from ``cwd``,
        ``[tool.loopai_nb]`` in the nearest ``pyproject.toml``, the saved connections, and the defaults.
        Within one source a ``LOOPAI_*`` name wins over the first design's. Blank values count as not set.

        Args:
            environ: By default ``os.environ``; it is only read.
            cwd: Where to look for the files; by default the current folder.
            config_dir: Folder of ``connections.toml``; by default the user's.
            overrides: Values by field (also ``database`` and ``server``); None counts as not set.

        Raises:
            SettingsError: A value can't be used; the message says which, where it stands, and what to write.
        """
        folder = (Path.cwd() if cwd is None else cwd).absolute()
        given = Source(0, "given here", folder, dict(overrides or {}), by_key=True)
        environment = Source(1, "environment", folder, os.environ if environ is None else environ)
        # A traceback with locals shows this frame; a Source does not show its values.
        del environ, overrides
        specs = (*places.SPECS, *notifying.SPECS, *(spec for spec, _ in READERS))
        sources, notes = read_sources(specs, given, environment)
        connections = _once(config_dir, notes)
        loaded, origins = _places(sources, connections, notes)
        for spec, read in READERS:
            found = places.first(spec, sources)
            if found is not None:
                loaded[spec.field], origins[spec.field] = read(found), found.origin
        notify, origin = notifying.find_notify(sources, notes)
        if notify is not None:
            loaded["notify"], origins["notify"] = notify, origin
        return cls(**loaded, notes=tuple(notes), sources=MappingProxyType(origins))

    def source_of(self, name: str) -> str:
        """Where a field's value came from, such as ``".env (DATABASE_URL)"`` or ``"default"``."""
        return self.sources.get(name, "default")

    def provenance(self) -> list[tuple[str, str, str]]:
        """Name, value as it may be shown, and source of every setting, in the order of the fields."""
        names = (each.name for each in fields(self) if each.name not in _NOT_SHOWN)
        return [(name, _shown(getattr(self, name)), self.source_of(name)) for name in names]

    @property
    def secrets(self) -> list[str]:
        """Every value that must not be shown, wherever it turns up: whole URLs, and the passwords in them."""
        named = (self.database_url, self.api_key, self.ledger)
        told = (secret for channel in self.notify.channels for secret in channel.secrets)
        found = [secret.reveal() for secret in (*named, *told) if isinstance(secret, Secret) and secret]
        for url in found[:]:
            with contextlib.suppress(ValueError):  # no URL
                password = urlsplit(url).password or ""
                if len(password) >= _SHORTEST_PASSWORD:
                    found += [password, unquote(password)]
        return found

    def __repr__(self) -> str:
        return f"Settings({', '.join(f'{name}={shown}' for name, shown, _ in self.provenance())})"


def _places(
    sources: Sequence[Source], connections: Callable[[], Connections], notes: list[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Database, server and key by field, and where each was said."""
    loaded: dict[str, Any] = {}
    origins: dict[str, str] = {}
    database = places.find_database(sources, connections, notes)
    if database is not None:
        loaded["database_url"], origins["database_url"] = database.url, database.origin
        loaded["database_saved"] = database.saved
    server = places.find_server(sources, connections)
    if server is not None:
        loaded["server_url"], origins["server_url"] = server.url, server.origin
        if server.kind is not None:
            loaded["server_kind"], origins["server_kind"] = server.kind, server.origin
        if server.model is not None:
            loaded["model"], origins["model"] = server.model, server.origin
    key, origin = places.find_key(server, sources, connections, notes)
    if key is not None:
        loaded["api_key"], origins["api_key"] = key, origin
    return loaded, origins


def _once(config_dir: Path | None, notes: list[str]) -> Callable[[], Connections]:
    """Read the saved connections when they are first asked for: most sessions need none."""
    kept: list[Connections] = []

    def read() -> Connections:
        if not kept:
            kept.append(Connections.load(None if config_dir is None else config_dir / "connections.toml"))
            notes.extend(kept[0].notes)
        return kept[0]

    return read


def _shown(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Secret):
        masked = mask_url(value.reveal())
        return visible(masked, one_line=True) if masked.startswith("postgresql://") else str(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, float):
        return f"{value:g}"
    return visible(str(value), one_line=True)
