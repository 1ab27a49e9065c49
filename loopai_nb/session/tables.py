"""The tables of a session: look at them, rows out of them, answers back into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.session.pushing import push_answers
from loopai_nb.session.wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    import pandas as pd

    from loopai_nb.postgres.push import PushSummary

__all__ = ["Tables"]


class Tables(Wiring):
    """The part of a session that knows its database's tables."""

    def tables(self, pattern: str | None = None) -> pd.DataFrame:
        """The database's tables and views; see ``catalog.tables``."""
        from loopai_nb.postgres import catalog

        return catalog.tables(self.database, pattern)

    def describe(self, table: str) -> pd.DataFrame:
        """The columns of a table; see ``catalog.describe``."""
        from loopai_nb.postgres import catalog

        return catalog.describe(self.database, table)

    def pull(
        self,
        source: str,
        *,
        where: str | None = None,
        params: Mapping[str, object] | None = None,
        limit: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """Rows of a table or of a query as a DataFrame; see ``pull.pull``."""
        from loopai_nb.postgres.pull import pull

        return pull(self.database, source, where=where, params=params, limit=limit, columns=columns)

    def query(self, sql: str, params: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """The rows of a small statement as dictionaries, in a read-only transaction."""
        return self.database.execute(sql, params)

    def push(
        self,
        frame: pd.DataFrame,
        table: str,
        *,
        key: str | Sequence[str] | None = None,
        mode: Literal["append", "upsert"] | None = None,
        columns: Sequence[str] | None = None,
    ) -> PushSummary:
        """Answers back into Postgres, with their lineage, in one transaction; see ``push_answers``."""
        return push_answers(self.database, self.ledger, frame, table, key=key, mode=mode, columns=columns)
