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

    from sqlalchemy import Connection

    from loopai_nb.ledger.store import Ledger

__all__ = ["Found", "search"]

_NEWEST = 50_000
"""Requests that are looked through one by one where there is no index, or none for such a script."""

_LONGEST = 500
"""Characters of what is looked for; the rest is left out."""

_LEAST_PREFIX = 3
"""Characters from which on a word stands for all that begin so."""

_CATCH_UP_S = 0.15
"""How long the index is brought up to date before it is asked."""

_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: where a word ends is not written."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        numbers: Of the requests, ascending; those that the ledger answered from the cache among them.
        whole: Nothing was left out because there was too much to look through or to tell.
        waiting: Requests that have ended and are not in the index yet.
    """

    numbers: list[int]
    whole: bool
    waiting: int


class _Term(NamedTuple):
    """Words in a row; as a prefix the last one stands for all that begin so."""

    words: tuple[str, ...]
    is_prefix: bool


def search(ledger: Ledger, wanted: str, *, most: int = 100_000) -> Found:
    """Requests in whose prompt or answer, together, all words are; the newest where there are too many.

    Args:
        ledger: Where.
        wanted: Words, in small or large letters. From three letters on a word finds all that begin so;
            "words in quotation marks" are found as they stand.
        most: Requests that are told at most, not counting those that share their answers.
    """
    waiting = _caught_up(ledger)
    terms = _terms(wanted)
    if not terms:
        return Found([], whole=True, waiting=waiting)
    with ledger.engine.connect().execution_options(reading=True) as connection:
        if _WITHOUT_SPACES.search(wanted) or not has_index(connection):
            numbers, whole = _looked_through(connection, terms)
        elif connection.dialect.name == "sqlite":
            numbers, whole = _by_fts(connection, terms, most)
        else:
            numbers, whole = _by_tsvector(connection, terms, most)
        return Found(sorted({*numbers, *_sharing(connection, numbers)}), whole=whole, waiting=waiting)


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


def _by_fts(connection: Connection, terms: Sequence[_Term], most: int) -> tuple[list[int], bool]:
    match = " AND ".join(f'"{" ".join(words)}"{" *" if is_prefix else ""}' for words, is_prefix in terms)
    found = connection.exec_driver_sql(
        "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rowid DESC LIMIT ?",
        (match, most + 1),
    ).scalars()
    documents = list(found)
    return list({document // 2 for document in documents[:most]}), len(documents) <= most


def _by_tsvector(connection: Connection, terms: Sequence[_Term], most: int) -> tuple[list[int], bool]:
    # Words are letters and digits, so that nothing in them means anything to a tsquery.
    query = " & ".join(f"({' <-> '.join(words)}{':*' if is_prefix else ''})" for words, is_prefix in terms)
    found = connection.execute(
        text(
            "SELECT request_no FROM search_index WHERE words @@ to_tsquery('simple', :query) "
            "ORDER BY request_no DESC LIMIT :most"
        ),
        {"query": query, "most": most + 1},
    ).scalars()
    numbers = list(found)
    return numbers[:most], len(numbers) <= most


def _looked_through(connection: Connection, terms: Sequence[_Term]) -> tuple[list[int], bool]:
    """The newest requests that hold each term, one by one."""
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
    numbers = list(connection.execute(statement).scalars())
    there: int = connection.execute(select(func.count()).select_from(requests)).scalar_one()
    return numbers, there <= _NEWEST


def _sharing(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """Requests that were answered from the cache with what these ones were paid for."""
    if connection.dialect.name == "sqlite":
        among: Any = orjson.dumps(list(numbers)).decode()
        sql = "cached = 1 AND answer_no IN (SELECT value FROM json_each(:numbers))"
    else:
        among, sql = list(numbers), "cached AND answer_no = ANY (:numbers)"
    found = connection.execute(text(f"SELECT request_no FROM requests WHERE {sql}"), {"numbers": among})  # noqa: S608  (our own words)
    return list(found.scalars())
