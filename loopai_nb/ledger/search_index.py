"""The index of words in prompts and answers beside the ledger's tables: FTS5 on SQLite, tsvector on Postgres.

What has ended waits in ``search_queue``, which costs a recorded batch one row; ``fill_some`` takes it from
there when there is time. The index holds words and no texts: on SQLite a document that is to be forgotten has
to be named with the text that it was made of, before that text goes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import delete, func, select, text

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.hot import hot
from loopai_nb.ledger.schema import answers, requests, search_queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

__all__ = [
    "CREATE",
    "begin_anew",
    "clean_some",
    "fill_some",
    "forget",
    "has_index",
    "requeue",
    "strangers",
    "words_in",
]

CREATE = (
    "CREATE TABLE search_index (request_no BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX search_index_by_word ON search_index USING gin (words)",
)
"""On Postgres, with the tables; on SQLite it is made when there is something for it, where SQLite can."""

_LONGEST = 100_000
"""Characters of a prompt or an answer that are looked at; Postgres takes a megabyte of words."""

_BATCHES = 4
"""Of the queue, taken at once."""


def words_in(said: str) -> list[str]:
    """Its words as the index has them: letters and digits, small."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", said).lower())


def fill_some(connection: Connection) -> bool:
    """Take some of what waits into the index, in the transaction under way; whether there may be more."""
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite and not _has_module(connection):
        return False
    batches = (
        select(search_queue.c.batch_no, search_queue.c.numbers)
        .order_by(search_queue.c.batch_no)
        .limit(_BATCHES)
        .with_for_update(skip_locked=True)
    )
    taken = connection.execute(batches).all()
    if not taken:
        return False
    numbers = sorted({number for batch in taken for number in orjson.loads(batch.numbers)})
    if on_sqlite:
        if not _is_made(connection):
            connection.exec_driver_sql(_MAKE)
        connection.exec_driver_sql(_FILL, (_listed(numbers),))
    else:
        _fill_tsvector(connection, numbers)
    connection.execute(
        delete(search_queue).where(search_queue.c.batch_no.in_([batch.batch_no for batch in taken]))
    )
    return len(taken) == _BATCHES


def forget(connection: Connection, numbers: Sequence[int]) -> None:
    """Take requests out of the index, in the transaction that empties or deletes their texts, before it does.

    Raises:
        LedgerError: There is an index, and this Python's SQLite can't change it.
    """
    if connection.dialect.name != "sqlite":
        listed = {"numbers": list(numbers)}
        connection.execute(text("DELETE FROM search_index WHERE request_no = ANY (:numbers)"), listed)
    elif _is_made(connection):
        if not _has_module(connection):
            raise LedgerError(
                "The ledger has a search index, which the SQLite of this Python can't change: it lacks FTS5.",
                "Use a Python whose SQLite has it. Nothing was changed.",
            )
        connection.exec_driver_sql(_FORGET_PROMPTS, (_listed(numbers),))
        connection.exec_driver_sql(_FORGET_BOTH, (_listed(numbers),))


def requeue(connection: Connection, numbers: Sequence[int]) -> None:
    """Have what is left of requests be looked at again."""
    hot(connection).queue(connection, numbers)


def clean_some(connection: Connection) -> bool:
    """Write parts of the index anew, without what was taken out of it; whether there is more to do."""
    if connection.dialect.name != "sqlite" or not _is_made(connection) or not _has_module(connection):
        return False
    before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    connection.exec_driver_sql("INSERT INTO search_index (search_index, rank) VALUES ('merge', -500)")
    # Where there is nothing left to merge, it moves by less than 2 (SQLite's documentation of FTS5).
    changed: int = connection.exec_driver_sql("SELECT total_changes()").scalar_one() - before
    return changed > 1


def strangers(connection: Connection) -> int:
    """How many requests the index has words of that are gone."""
    if connection.dialect.name != "sqlite":
        sql = "SELECT count(*) FROM search_index WHERE request_no NOT IN (SELECT request_no FROM requests)"
    elif _is_made(connection):
        sql = (
            "SELECT count(*) FROM search_index_docsize WHERE id / 2 NOT IN (SELECT request_no FROM requests)"
        )
    else:
        return 0
    found: int = connection.exec_driver_sql(sql).scalar_one()
    return found


def begin_anew(connection: Connection) -> None:
    """Empty the index, and have all that has ended be looked at again."""
    on_sqlite = connection.dialect.name == "sqlite"
    if not on_sqlite:
        connection.exec_driver_sql("DELETE FROM search_index")
    elif has_index(connection):
        connection.exec_driver_sql("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    connection.execute(delete(search_queue))
    connection.exec_driver_sql(_QUEUE_ALL.format(array_of="json_group_array" if on_sqlite else "json_agg"))


def has_index(connection: Connection) -> bool:
    """Whether there is an index that can be asked."""
    return connection.dialect.name != "sqlite" or (_is_made(connection) and _has_module(connection))


def _has_module(connection: Connection) -> bool:
    found = connection.exec_driver_sql("SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'")
    return bool(found.scalar_one())


def _is_made(connection: Connection) -> bool:
    found = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'search_index'")
    return bool(found.scalar_one())


def _listed(numbers: Sequence[int]) -> str:
    return orjson.dumps(list(numbers)).decode()


# A request's document has an even number while there is no answer, which may come when it is asked again, and
# an odd one with its answer: neither is ever changed, since FTS5 needs the old text to do so.
_MAKE = """
CREATE VIRTUAL TABLE search_index
USING fts5(prompt, answer, content='', tokenize='unicode61 remove_diacritics 2')
"""
_PROMPT = f"substr(q.prompt, 1, {_LONGEST})"
_BOTH = f"{_PROMPT} AS prompt, substr(coalesce(a.text, ''), 1, {_LONGEST}) AS answer"
_FROM = """
FROM json_each(?) w CROSS JOIN requests q ON q.request_no = w.value
LEFT JOIN answers a ON a.request_no = coalesce(q.answer_no, q.request_no)
"""
_FILL = f"""
INSERT INTO search_index (rowid, prompt, answer)
SELECT 2 * q.request_no + (a.text IS NOT NULL), {_BOTH} {_FROM}
WHERE (q.prompt != '' OR a.text IS NOT NULL) AND NOT EXISTS
    (SELECT 1 FROM search_index_docsize d WHERE d.id = 2 * q.request_no + (a.text IS NOT NULL))
"""  # noqa: S608  (our own names)
_FORGET_BOTH = f"""
INSERT INTO search_index (search_index, rowid, prompt, answer)
SELECT 'delete', 2 * q.request_no + 1, {_BOTH} {_FROM}
WHERE EXISTS (SELECT 1 FROM search_index_docsize d WHERE d.id = 2 * q.request_no + 1)
"""  # noqa: S608  (our own names)
_FORGET_PROMPTS = f"""
INSERT INTO search_index (search_index, rowid, prompt, answer)
SELECT 'delete', 2 * q.request_no, {_PROMPT}, '' {_FROM}
WHERE EXISTS (SELECT 1 FROM search_index_docsize d WHERE d.id = 2 * q.request_no)
"""  # noqa: S608  (our own names)
_QUEUE_ALL = """
INSERT INTO search_queue (numbers) SELECT {array_of}(q.request_no) FROM requests q
WHERE q.ended_ms IS NOT NULL AND q.prompt != ''
    AND NOT (q.cached AND EXISTS (SELECT 1 FROM requests p WHERE p.request_no = q.answer_no))
GROUP BY q.request_no / 100 ORDER BY q.request_no / 100
"""
_FILL_TSVECTOR = """
INSERT INTO search_index (request_no, words)
SELECT request_no, to_tsvector('simple', words)
FROM json_to_recordset(:documents) AS d(request_no bigint, words text)
ON CONFLICT (request_no) DO UPDATE SET words = excluded.words
"""


def _fill_tsvector(connection: Connection, numbers: Sequence[int]) -> None:
    # The words are told apart here: what a letter is depends on the database's locale there.
    statement = (
        select(
            requests.c.request_no,
            func.substr(requests.c.prompt, 1, _LONGEST).label("prompt"),
            func.substr(func.coalesce(answers.c.text, ""), 1, _LONGEST).label("answer"),
        )
        .join(
            answers,
            answers.c.request_no == func.coalesce(requests.c.answer_no, requests.c.request_no),
            isouter=True,
        )
        .where(requests.c.request_no.in_(numbers))
    )
    documents: list[dict[str, Any]] = []
    for number, prompt, answer in connection.execute(statement):
        words = " ".join(words_in(prompt) + words_in(answer))
        if words:
            documents.append({"request_no": number, "words": words})
    connection.execute(text(_FILL_TSVECTOR), {"documents": orjson.dumps(documents).decode()})
