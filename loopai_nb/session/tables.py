"""The tables of a session: look at them, rows out of them, answers back into them."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, overload

from loopai_nb.errors import InputError
from loopai_nb.redaction import Redactor
from loopai_nb.session.pushing import push_answers
from loopai_nb.session.serving import hidden
from loopai_nb.session.wiring import Wiring
from loopai_nb.telemetry.steps import step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from typing import Literal

    import pandas as pd

    from loopai_nb.postgres.listing import Order
    from loopai_nb.postgres.push import PushSummary
    from loopai_nb.postgres.stream import Stream

__all__ = ["Tables"]

_TABLE = re.compile(r'[\w."$]{1,200}')

_log = logging.getLogger(__name__)


class Tables(Wiring):
    """The part of a session that knows its database's tables."""

    def tables(
        self,
        pattern: str | None = None,
        *,
        schema: str | None = None,
        partitions: bool = False,
        order: Order = "name",
        connection: str | None = None,
    ) -> pd.DataFrame:
        """The tables and views of a database; see ``catalog.tables``.

        Args:
            pattern: A word, or a pattern with ``*`` and ``?``.
            schema: Only this one.
            partitions: Show them, below the partitioned table that has their sums.
            order: ``"name"``, ``"rows"`` or ``"size"``.
            connection: Name of a saved database; None for the current one.
        """
        from loopai_nb.postgres import catalog

        named = hidden(connection)
        del connection
        database = self.database_of(named)
        return catalog.tables(database, pattern, schema=schema, partitions=partitions, order=order)

    def describe(self, table: str, *, examples: bool = True, connection: str | None = None) -> pd.DataFrame:
        """The columns of a table, and what it is; see ``catalog.describe``.

        Args:
            table: ``t``, ``schema.t`` or ``"Mixed Case"``.
            examples: False to look at no value. Personal data in them is masked as the settings say.
            connection: Name of a saved database; None for the current one.
        """
        from loopai_nb.postgres import catalog

        redactor = Redactor(self.settings.redact) if self.settings.redact else None
        named = hidden(connection)
        del connection
        return catalog.describe(self.database_of(named), table, examples=examples, redactor=redactor)

    @overload
    def pull(
        self,
        source: str,
        *,
        where: str | None = None,
        params: Mapping[str, object] | None = None,
        limit: int | None = None,
        columns: Sequence[str] | None = None,
        key: str | Sequence[str] | None = None,
        since: str | None = None,
        overlap: str | float | None = None,
        start_over: bool = False,
        chunks: None = None,
        connection: str | None = None,
        dtype_backend: Literal["pyarrow", "numpy_nullable"] = "pyarrow",
        decimals: Literal["exact", "float64"] = "exact",
        infinities: Literal["missing", "text"] = "missing",
        json: Literal["objects", "text"] = "objects",
    ) -> pd.DataFrame: ...

    @overload
    def pull(
        self,
        source: str,
        *,
        where: str | None = None,
        params: Mapping[str, object] | None = None,
        limit: int | None = None,
        columns: Sequence[str] | None = None,
        key: str | Sequence[str] | None = None,
        since: str | None = None,
        overlap: str | float | None = None,
        start_over: bool = False,
        chunks: int | None,
        connection: str | None = None,
        dtype_backend: Literal["pyarrow", "numpy_nullable"] = "pyarrow",
        decimals: Literal["exact", "float64"] = "exact",
        infinities: Literal["missing", "text"] = "missing",
        json: Literal["objects", "text"] = "objects",
    ) -> pd.DataFrame | Stream: ...

    def pull(  # noqa: PLR0913  (options of one call, each named where it is used)
        self,
        source: str,
        *,
        where: str | None = None,
        params: Mapping[str, object] | None = None,
        limit: int | None = None,
        columns: Sequence[str] | None = None,
        key: str | Sequence[str] | None = None,
        since: str | None = None,
        overlap: str | float | None = None,
        start_over: bool = False,
        chunks: int | None = None,
        connection: str | None = None,
        dtype_backend: Literal["pyarrow", "numpy_nullable"] = "pyarrow",
        decimals: Literal["exact", "float64"] = "exact",
        infinities: Literal["missing", "text"] = "missing",
        json: Literal["objects", "text"] = "objects",
    ) -> pd.DataFrame | Stream:
        """Rows of a table or of a query as a DataFrame, or chunk by chunk as several.

        Args:
            source: Table or SELECT; see ``pull.pull``, as for what is not said here.
            where: SQL condition.
            params: Values of the ``:name`` parameters.
            limit: Most rows.
            columns: Which, in this order.
            key: Columns whose values become the index labels, so that answers find their rows again in a
                later pull.
            since: Column whose values only grow: only rows past the mark that the ledger keeps of these
                pulls; see ``since.pull_new``. It moves when a run over all of them completes, or by ``seen``.
            overlap: How far before the mark to begin, such as ``"1 hour"``, for rows committed late.
            start_over: Take all rows, whatever the mark says.
            chunks: Rows of each frame of a ``Stream``, which holds a transaction open on the server until it
                is read or closed; None for one frame.
            connection: Name of a saved database; None for the current one.
            dtype_backend: This and the rest are the choices of ``reading.Reading``.
            decimals: See there.
            infinities: See there.
            json: See there.
        """
        from loopai_nb.postgres.pull import pull
        from loopai_nb.postgres.reading import Reading

        named = hidden(connection)
        del connection
        if since is not None:
            from loopai_nb.session.past_mark import New
            from loopai_nb.session.since import pull_new

            with self._pulling(source) as told:
                found = pull_new(
                    self.database_of(named),
                    self.ledger,
                    New(source, since, where, params, limit, overlap, start_over),
                    columns=columns,
                    key=key,
                    chunks=chunks,
                    reading=Reading(dtype_backend, decimals, infinities, json),
                )
                return self._watched_stream(found, told)
        if overlap is not None or start_over:
            raise InputError(
                "An overlap, or to start over, is about a mark.", "Say of which column: --since COLUMN"
            )
        with self._pulling(source) as told:
            found = pull(
                self.database_of(named),
                source,
                where=where,
                params=params,
                limit=limit,
                columns=columns,
                key=key,
                chunks=chunks,
                reading=Reading(dtype_backend, decimals, infinities, json),
            )
            return self._watched_stream(found, told)

    def _pulling(self, source: str) -> AbstractContextManager[dict[str, Any]]:
        """The step in the log; a query may hold values, and its text is there only where that is allowed."""
        shown = self.settings.telemetry_content or _TABLE.fullmatch(str(source))
        return step(_log, "pull", source=source if shown else "a query")

    def _watched_stream(self, found: pd.DataFrame | Stream, told: dict[str, Any]) -> pd.DataFrame | Stream:
        from loopai_nb.postgres.stream import Stream

        if isinstance(found, Stream):
            return self._databases.watched(found)
        told["rows"] = len(found)
        return found

    def query(self, sql: str, params: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """The rows of a small statement as dictionaries, in a read-only transaction."""
        return self.database.execute(sql, params)

    def push(
        self,
        frame: pd.DataFrame,
        table: str,
        *,
        key: str | Sequence[str] | None = None,
        mode: Literal["append", "upsert", "replace"] | None = None,
        columns: Sequence[str] | None = None,
        lineage: Literal["table", "columns", "none"] = "table",
        partial: bool = False,
        unreviewed: bool = False,
        dry_run: bool = False,
        connection: str | None = None,
    ) -> PushSummary:
        """Answers back into Postgres, with their lineage, in one transaction; see ``push_answers``.

        Args:
            frame: See there, as for the others.
            table: Made where it is missing.
            key: Columns that tell a row.
            mode: ``"replace"`` takes away every row of the table that is not in the frame.
            columns: What is written beside key and answer.
            lineage: Where it is kept.
            partial: Needed for a run that has not answered all that it asked.
            unreviewed: Also answers that nobody has decided about, of a run that is reviewed.
            dry_run: Show what would change; nothing of it is kept.
            connection: A saved connection; None for the connected database.

        Returns:
            What it did; of a dry run what it would do.
        """
        named = hidden(connection)
        del connection
        with step(_log, "push", table=table, dry_run=dry_run or None) as told:
            summary = push_answers(
                self.database_of(named),
                self.ledger,
                frame,
                table,
                key=key,
                mode=mode,
                columns=columns,
                lineage=lineage,
                partial=partial,
                unreviewed=unreviewed,
                dry_run=dry_run,
            )
            told["rows"] = len(frame)
        if summary.created and not dry_run:
            self._databases.changed()
        return summary
