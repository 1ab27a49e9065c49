"""Pulling only what is new: rows past a mark that the ledger keeps, and the mark that they would move it to.

How far a pull comes is decided first, by one statement (its highest value, and which rows have it); then the
rows up to there are pulled. What commits in between is either among them, or is past the mark and comes with
the next pull; rows that have the very value of the mark are told apart by their key.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.ledger import watermarks
from loopai_nb.session.past_mark import MOST_KEYS, New, PastMark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from loopai_nb.ledger.store import Ledger
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.reading import Reading
    from loopai_nb.postgres.stream import Stream

__all__ = ["New", "pull_new", "sentences"]

_log = logging.getLogger(__name__)


def pull_new(
    db: Database,
    ledger: Ledger,
    new: New,
    *,
    columns: Sequence[str] | None = None,
    key: str | Sequence[str] | None = None,
    chunks: int | None = None,
    reading: Reading | None = None,
) -> pd.DataFrame | Stream:
    """Rows past the mark of the pulls of this kind; the first takes all.

    The mark stays where it is until a run over every one of these rows has completed, or a person says that
    they are seen: a kernel that dies in between loses nothing, the next pull brings them again.

    Args:
        db: Where from.
        ledger: Keeps the mark.
        new: What.
        columns: See ``pull.pull``.
        key: What tells a row, also as index label; by default the table's primary key tells it.
        chunks: See ``pull.pull``.
        reading: See ``pull.pull``.

    Returns:
        As ``pull.pull``. ``attrs["loopai"]["since"]`` has ``column``, ``type``, ``value`` (exactly, as text),
        ``after`` (the mark so far, or None), ``pull`` (its number in the ledger), ``rows`` (None for a
        stream), ``left_out`` (rows without a value that can be a mark: NULL, infinity, NaN; they are in no
        such pull) and ``repeats`` (whether so many rows have the mark's own value that they come again).
        Without anything new ``pull`` and ``value`` are None.

    Raises:
        InputError: A column that can't tell what is new; nothing that tells rows apart; see ``pull.pull``.
        DatabaseError: See ``pull.pull``.
        LedgerError: See ``Ledger``.
    """
    from loopai_nb.postgres.pull import pull, row_count

    row_count(new.limit, f"The limit is {new.limit}.", least=1)
    if new.limit is not None and new.overlap is not None:
        raise InputError(
            "Rows of the overlap come again each time, and would use up the limit.", "Leave one out."
        )
    what: dict[str, Any] = {"columns": columns, "key": key, "chunks": chunks, "reading": reading}
    # Says of wrong names and conditions what a pull says of them, at their place.
    probe = pull(db, new.source, where=new.where, params=new.params, limit=0)
    query = PastMark(db, new, probe, [key] if isinstance(key, str) else list(key or ()))
    before = None if new.start_over else watermarks.current(ledger.engine, query.mark_key)
    reach = query.reach(None if before is None else before.mark)
    told: dict[str, Any] = {
        "column": new.since,
        "type": query.type,
        "value": None,
        "after": None if before is None else before.mark.value,
        "pull": None,
        "rows": 0,
        "left_out": reach.left_out,
        "repeats": reach.value is not None and reach.keys is None,
    }
    if reach.value is None:
        found: Any = pull(db, new.source, where=new.where, params=new.params, limit=0, **what)
    else:
        where, params = query.bounds(None if before is None else before.mark, reach)
        found = pull(db, new.source, where=where, params=params, **what)
        rows = None if chunks is not None else len(found)
        try:
            if rows != 0:
                told |= {"value": reach.value, "rows": rows, "pull": ledger.record_pull(query.mark(reach))}
        except BaseException:
            if chunks is not None:  # nobody gets the stream
                found.close()
            raise
    if reach.left_out:
        # A notebook and the command line say it in their own words; a program has only its log.
        _log.warning("%s", _left_out(told))
    found.attrs["loopai"] = {**found.attrs["loopai"], "since": told}
    pulled: pd.DataFrame | Stream = found
    return pulled


def sentences(since: Mapping[str, Any], *, rows: int | None) -> list[str]:
    """What is said of a pull since a mark.

    Args:
        since: Of the attrs.
        rows: That were pulled; None of a stream.
    """
    column, after = since["column"], since["after"]
    past = f"with {column} after {after}" if after is not None else f"with {column}, all there are"
    if since["pull"] is None:
        said = [f"Nothing is new: there are no rows {past if after is not None else f'with {column}'}."]
    else:
        count = "the rows" if rows is None else f"{rows:,} row{'' if rows == 1 else 's'}"
        said = [f"{count} {past}; the mark moves to {since['value']} when a run over all of them completes."]
    if since["repeats"]:
        said.append(
            f"More than {MOST_KEYS:,} rows have the mark's own value, too many to remember: they come again."
        )
    return [*said, _left_out(since)] if since["left_out"] else said


def _left_out(since: Mapping[str, Any]) -> str:
    n, column = since["left_out"], since["column"]
    have, are = ("row has", "is") if n == 1 else ("rows have", "are")
    return (
        f"{n:,} {have} no {column}, or an infinite one, and {are} left out: no mark can pass them. Pull them "
        "by a condition, or write a query that gives them a value."
    )
