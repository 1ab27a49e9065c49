"""Where a database is, as far as it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.postgres.parameters import DEFAULT_PORT, Parameters, hosts, parse, resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.redaction import Secret

__all__ = ["DatabaseInfo", "Place"]


@dataclass(frozen=True, slots=True)
class DatabaseInfo:
    """What a server said of itself.

    Attributes:
        version: Such as ``"16.4"``.
        user: That statements run as.
        host: As connected to.
        port: As connected to.
        database: Name.
        latency_ms: Of one statement on an open connection.
    """

    version: str
    user: str
    host: str
    port: int
    database: str
    latency_ms: float


class Place:
    """Connection parameters, and what of them may be shown.

    Args:
        url: Of the database.
        source: Where it came from; may be "".
        options: libpq's parameters that stand in place of the URL's.
        password: In place of the URL's.

    Raises:
        SettingsError: Not a Postgres URL; the message does not repeat it.
    """

    def __init__(
        self, url: Secret, source: str, options: Mapping[str, str] | None, password: Secret | None
    ) -> None:
        self._given = Parameters()  # before parsing, which may fail: the repr asks for it
        self._given.update(parse(url, source))
        self._given.update(options or {})
        if password:
            self._given["password"] = password.reveal()

    @property
    def host(self) -> str:
        """As in the URL, the service or ``PGHOST``; "localhost" where none of them names one."""
        known = resolved(self._given)
        return known.get("host") or known.get("hostaddr") or "localhost"

    @property
    def port(self) -> int:
        """As in the URL, the service or ``PGPORT``; the first where it names several."""
        return hosts(resolved(self._given))[0][1]

    @property
    def where(self) -> str:
        """``host:port``."""
        return f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """``user@host:port/database`` without the password; the port only where it is not 5432."""
        user, port = (
            resolved(self._given).get("user", ""),
            f":{self.port}" if self.port != DEFAULT_PORT else "",
        )
        return f"{user}{'@' if user else ''}{self.host}{port}/{self.database}"

    @property
    def database(self) -> str:
        """Name of the database."""
        known = resolved(self._given)
        return known.get("dbname") or known.get("user", "")
