import contextlib

import psycopg2
import pytest

from loopai_nb.errors import InputError
from loopai_nb.postgres.pull import pull
from loopai_nb.postgres.reading import Reading

TEMPLATE = "Which part was hit? engine, wing. One word.\n{{ body }}"


@pytest.fixture
def sql(database):
    """Runs statements, each committed at once."""
    with contextlib.closing(psycopg2.connect(database)) as connection:
        connection.autocommit = True

        def run(statement):
            with connection.cursor() as cursor:
                cursor.execute(statement)

        yield run


@pytest.fixture
def strikes(sql):
    """A table of four rows without a primary key."""
    sql("CREATE TABLE strikes (id bigint, part text, body text)")
    sql(
        "INSERT INTO strikes SELECT n, 'p' || n, (ARRAY['engine', 'wing'])[1 + n % 2] "
        "FROM generate_series(1, 4) n"
    )
    return "strikes"


@pytest.mark.parametrize("key", ["id", "part", ["part", "id"]])
@pytest.mark.parametrize("backend", ["pyarrow", "numpy_nullable"])
def test_answers_find_their_rows_after_a_second_pull(session, strikes, sql, key, backend):
    """By the key of both pulls, whatever came, went or moved in the table meanwhile."""
    reading = Reading(dtype_backend=backend)
    run = session.map(
        pull(session.database, strikes, key=key, chunks=3, reading=reading),
        TEMPLATE,
        approve=True,
        max_tokens=4,
    )
    sql("DELETE FROM strikes WHERE id = 2")
    sql("INSERT INTO strikes VALUES (0, 'p0', 'wing')")
    query = "SELECT * FROM strikes ORDER BY id"

    whole = run.result(pull(session.database, query, key=key, reading=reading))
    pieces = list(run.results(pull(session.database, query, key=key, chunks=2, reading=reading)))

    assert list(whole["answer"]) == [None, "wing", "wing", "engine"]
    assert [answer for piece in pieces for answer in piece["answer"]] == list(whole["answer"])
    assert list(whole["id"]) == [0, 1, 3, 4]


def test_the_answers_of_a_stream_are_pushed_by_key(session, strikes):
    """Without its frames: the index still has the key's name."""
    run = session.map(
        pull(session.database, strikes, key="id", chunks=3), TEMPLATE, approve=True, max_tokens=4
    )
    for piece in run.results(chunks=3):
        session.push(piece, "parts", key="id")
    pushed = session.pull("parts")
    assert dict(zip(pushed["id"], pushed["answer"], strict=True)) == {
        1: "wing",
        2: "engine",
        3: "wing",
        4: "engine",
    }


def test_a_key_that_two_chunks_share_is_refused(session, strikes, sql):
    """Each chunk alone looks sound; the plan of all does not."""
    sql("INSERT INTO strikes VALUES (1, 'p9', 'wing')")
    with pytest.raises(InputError, match=r"Two rows of the frame have the key 1"):
        session.plan(pull(session.database, strikes, key="id", chunks=2), TEMPLATE)
