"""Searching prompts and answers for words."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import func, select, text

from loopai_nb.ledger.schema import answers, requests, search_queue
from loopai_nb.ledger.search_index import has_index, words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from loopai_nb.ledger.store import Ledger

    Numbers = NDArray[np.int64]

__all__ = ["Found", "search"]

_NEWEST = 50_000
"""Requests that are looked through one by one where there is no index, or none for such a script."""

_LONGEST = 500
"""Characters of what is looked for; the rest is left out."""

_LEAST_PREFIX = 3
"""Characters from which on a word stands for all that begin so."""

_FEW = 5_000
"""Requests each of which is asked what shares its answer; of more all that shares any is read."""

_CATCH_UP_S = 0.15
"""How long the index is brought up to date before it is asked."""

_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: where a word ends is not written."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a search found.

    Attributes:
        numbers: Of the requests, ascending; those that the ledger answered from the cache among them.
        whole: Nothing was left out because there was too much to look through.
        waiting: Requests that have ended and are not in the index yet.
    """

    numbers: Numbers
    whole: bool
    waiting: int


class _Term(NamedTuple):
    """Words in a row; as a prefix the last one stands for all that begin so."""

    words: tuple[str, ...]
    is_prefix: bool


def search(ledger: Ledger, wanted: str) -> Found:
    """Requests in whose prompt or answer, together, all words are.

    Args:
        ledger: Where.
        wanted: Words, in small or large letters. From three letters on a word finds all that begin so;
            "words in quotation marks" are found as they stand.
    """
    import numpy as np

    waiting = _caught_up(ledger)
    terms = _terms(wanted)
    if not terms:
        return Found(np.empty(0, np.int64), whole=True, waiting=waiting)
    with ledger.engine.connect().execution_options(reading=True) as connection:
        if _WITHOUT_SPACES.search(wanted) or not has_index(connection):
            numbers, whole = _looked_through(connection, terms)
        elif connection.dialect.name == "sqlite":
            numbers, whole = _by_fts(connection, terms), True
        else:
            numbers, whole = _by_tsvector(connection, terms), True
        numbers = _once(np.concatenate([numbers, _sharing(connection, numbers)]))
        return Found(numbers, whole=whole, waiting=waiting)


def _caught_up(ledger: Ledger) -> int:
    """Fill the index for a moment; how many requests still wait then."""
    deadline_s = time.monotonic() + _CATCH_UP_S
    while waiting := _waiting(ledger):
        if not ledger.fill_search() or time.monotonic() > deadline_s:
            return _waiting(ledger)
    return waiting


def _waiting(ledger: Ledger) -> int:
    listed = search_queue.c.numbers
    commas = func.length(listed) - func.length(func.replace(listed, ",", ""))
    with ledger.engine.connect().execution_options(reading=True) as connection:
        return int(connection.execute(select(func.coalesce(func.sum(commas + 1), 0))).scalar_one())


def _terms(wanted: str) -> list[_Term]:
    terms: list[_Term] = []
    for i, part in enumerate(wanted[:_LONGEST].split('"')):
        words = tuple(words_in(part))
        if i % 2 and words:
            terms.append(_Term(words, is_prefix=False))
        elif not i % 2:
            terms += [_Term((word,), is_prefix=len(word) >= _LEAST_PREFIX) for word in words]
    return terms


def _by_fts(connection: Connection, terms: Sequence[_Term]) -> Numbers:
    match = " AND ".join(f'"{" ".join(words)}"{" *" if is_prefix else ""}' for words, is_prefix in terms)
    # Not a row each: SQLite finds half a million in less time than Python takes to make numbers of them.
    listed = "SELECT group_concat(rowid) FROM search_index WHERE search_index MATCH ?"
    return _once(_read(connection.exec_driver_sql(listed, (match,)).scalar_one()) // 2)


def _by_tsvector(connection: Connection, terms: Sequence[_Term]) -> Numbers:
    # Words are letters and digits, so that nothing in them means anything to a tsquery.
    query = " & ".join(f"({' <-> '.join(words)}{':*' if is_prefix else ''})" for words, is_prefix in terms)
    listed = text(
        "SELECT string_agg(request_no::text, ',') FROM search_index "
        "WHERE words @@ to_tsquery('simple', :query)"
    )
    return _read(connection.execute(listed, {"query": query}).scalar_one())


def _read(listed: str | None) -> Numbers:
    """Whole numbers that a database has written one after the other, with commas."""
    import numpy as np

    return np.fromstring(listed, np.int64, sep=",") if listed else np.empty(0, np.int64)


def _once(numbers: Numbers) -> Numbers:
    """Each once, ascending. They nearly are: NumPy's own way, through a table, takes ten times as long."""
    import numpy as np

    ascending = np.sort(numbers, kind="stable")
    once: Numbers = ascending[np.append(True, ascending[1:] != ascending[:-1])[: len(ascending)]]
    return once


def _looked_through(connection: Connection, terms: Sequence[_Term]) -> tuple[Numbers, bool]:
    """The newest requests that hold each term, one by one."""
    import numpy as np

    newest = select(requests).order_by(requests.c.request_no.desc()).limit(_NEWEST).subquery()
    holds = [
        newest.c.prompt.icontains(" ".join(term.words), autoescape=True)
        | answers.c.text.icontains(" ".join(term.words), autoescape=True)
        for term in terms
    ]
    statement = (
        select(newest.c.request_no)
        .join(answers, answers.c.request_no == newest.c.answer_no, isouter=True)
        .where(newest.c.ended_ms.is_not(None), *holds)
    )
    numbers = np.array(connection.execute(statement).scalars().all(), np.int64)
    there: int = connection.execute(select(func.count()).select_from(requests)).scalar_one()
    return numbers, there <= _NEWEST


def _sharing(connection: Connection, numbers: Numbers) -> Numbers:
    """Requests that were answered from the cache with what these ones were paid for."""
    import numpy as np

    on_sqlite = connection.dialect.name == "sqlite"
    if len(numbers) <= _FEW:
        among: Any = orjson.dumps(numbers.tolist()).decode() if on_sqlite else numbers.tolist()
        answered = "IN (SELECT value FROM json_each(:numbers))" if on_sqlite else "= ANY (:numbers)"
        sql = f"SELECT request_no FROM requests WHERE {_CACHED[on_sqlite]} AND answer_no {answered}"  # noqa: S608  (our own words)
        return np.array(connection.execute(text(sql), {"numbers": among}).scalars().all(), np.int64)
    listed = "group_concat" if on_sqlite else "string_agg"
    pairs = f"SELECT {listed}(request_no || ',' || answer_no, ',') FROM requests WHERE {_CACHED[on_sqlite]}"  # noqa: S608  (our own words)
    request_nos, answer_nos = _read(connection.exec_driver_sql(pairs).scalar_one()).reshape(-1, 2).T
    return request_nos[np.isin(answer_nos, numbers)]


_CACHED = {True: "cached = 1 AND answer_no IS NOT NULL", False: "cached AND answer_no IS NOT NULL"}
"""As the index of what was answered from the cache has it, on SQLite or not."""
