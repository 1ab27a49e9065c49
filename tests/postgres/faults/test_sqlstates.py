"""What each code of the server becomes: its class, its code, and what to do, seen from a real server."""

import threading
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
from leisure import at_leisure

from loopai_nb.errors import DatabaseDenied, DatabaseError, QueryFailed, TableNotFound
from loopai_nb.postgres.failures import driver_errors
from loopai_nb.postgres.pull import pull


@pytest.fixture
def db(database, opened):
    """A database with a table of reviews."""
    made = opened(database)
    made.execute(
        "CREATE TABLE reviews (review_id int PRIMARY KEY, body text, price numeric(6, 2))", read_only=False
    )
    made.execute("INSERT INTO reviews VALUES (1, 'a', 1), (2, 'b', 2)", read_only=False)
    return made


def refused(work):
    """The error that the work ends with."""
    with pytest.raises(DatabaseError) as caught:
        work()
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("way", ["execute", "pull"])
@pytest.mark.parametrize(
    ("sql", "kind", "code", "told"),
    [
        ("SELECT 1 frm reviews r", QueryFailed, "42601", ("select 1 frm >>> reviews r", "Correct the SQL")),
        ("SELECT bdy FROM reviews", QueryFailed, "42703", ("select >>> bdy", "body")),
        ("SELECT zzzz FROM reviews", QueryFailed, "42703", (">>> zzzz", "There is: body, price, review_id.")),
        ("SELECT body FROM revews", TableNotFound, "42P01", ("revews", "reviews")),
        ("SELECT nofun(body) FROM reviews", QueryFailed, "42883", (">>> nofun", "type cast")),
        ("SELECT body FROM reviews WHERE body = 1", QueryFailed, "42883", (">>> = 1", "type cast")),
        ("SELECT 'x'::int AS n", QueryFailed, "22P02", ("invalid input syntax", "cast the column")),
        ("SELECT 2000000000 + 2000000000 AS n", QueryFailed, "22003", ("out of range", "::bigint")),
        ("SELECT 1 / 0 AS n", QueryFailed, "22012", ("division by zero", "NULLIF")),
        ("SELECT '2026-02-30'::date AS d", QueryFailed, "22008", ("2026-02-30", "year, month, day")),
        ("SELECT 'soon'::date AS d", QueryFailed, "22007", ("soon", "2026-01-31")),
        ("SELECT (SELECT body FROM reviews) AS b", QueryFailed, "21000", ("more than one row", "LIMIT 1")),
        ("SELECT nextval('seq') AS n", QueryFailed, "25006", ("read-only", "a pull only reads")),
        ("SELECT repeat('x', 1200000000) AS t", DatabaseError, "54000|XX000|22001", ("", "")),
    ],
)
def test_a_wrong_statement(db, way, sql, kind, code, told):
    """Both drivers tell the same: the code, the place and what to do."""
    says, todo = told
    db.execute("CREATE SEQUENCE seq", read_only=False)

    error = refused(lambda: db.execute(sql) if way == "execute" else pull(db, sql))

    assert isinstance(error, kind)
    assert error.sqlstate in code.split("|")
    assert says.lower() in error.message.lower()
    assert todo in error.hint


@pytest.mark.usefixtures("db")
def test_a_missing_grant_is_named(database, opened, ask):
    """The statement that the owner would run, for schema and table; what is allowed is not in it."""
    role = f"reader_{urlsplit(database).path[1:]}"
    parts = urlsplit(database)
    ask(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
    try:
        ask(
            'CREATE SCHEMA "Own"; CREATE TABLE "Own".t (a int); CREATE SEQUENCE s; '
            "CREATE TABLE open_t (a int)"
        )
        ask(f"GRANT SELECT ON open_t TO {role}")
        reader = opened(f"postgresql://{role}:x@{parts.hostname}:{parts.port}{parts.path}")
        hints = [
            refused(lambda: reader.execute("SELECT * FROM reviews JOIN open_t ON true")).hint,
            refused(lambda: reader.execute("SELECT * FROM public.reviews")).hint,
            refused(lambda: reader.execute('SELECT * FROM "Own".t')).hint,
            refused(lambda: reader.execute("SELECT nextval('s')", read_only=False)).hint,
            refused(lambda: reader.execute("INSERT INTO open_t VALUES (1)", read_only=False)).hint,
            refused(lambda: reader.execute("UPDATE reviews SET body = ''", read_only=False)).hint,
        ]
        denied = refused(lambda: reader.execute("SELECT pg_read_file('/etc/passwd')"))
    finally:
        ask(f"DROP OWNED BY {role}; DROP ROLE {role}")

    assert [hint.partition(": ")[2] for hint in hints] == [
        f"GRANT SELECT ON public.reviews TO {role}",
        f"GRANT SELECT ON public.reviews TO {role}",
        f'GRANT USAGE ON SCHEMA "Own" TO {role}; GRANT SELECT ON "Own".t TO {role}',
        hints[3].partition(": ")[2],  # the sequence stands in a string
        f"GRANT INSERT ON public.open_t TO {role}",
        f"GRANT UPDATE, SELECT ON public.reviews TO {role}",
    ]
    assert (type(denied), denied.sqlstate) == (DatabaseDenied, "42501")


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "ways", [{}, {"connections": 2}, {"chunks": 10}], ids=["one connection", "two connections", "stream"]
)
def test_a_refused_pull_names_the_grant(database, opened, ask, ways):
    """However the rows are read: what is sent is our COPY, the hint is about the person's statement."""
    role = f"puller_{urlsplit(database).path[1:]}"
    parts = urlsplit(database)
    ask(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
    try:
        ask("CREATE TABLE mine AS SELECT n FROM generate_series(1, 10000) AS n; ANALYZE mine")
        reader = opened(f"postgresql://{role}:x@{parts.hostname}:{parts.port}{parts.path}")
        hint = refused(lambda: pull(reader, "mine", **ways)).hint
    finally:
        ask(f"DROP OWNED BY {role}; DROP ROLE {role}")

    assert hint.endswith(f"GRANT SELECT ON public.mine TO {role}")


@pytest.mark.usefixtures("db")
def test_a_lock_that_is_not_had_in_time(database, opened):
    """lock_timeout_s: 55P03, and how to see who holds it."""
    waiting = opened(database, lock_timeout_s=0.05)
    with psycopg2.connect(database) as holder, holder.cursor() as cursor:
        cursor.execute("LOCK reviews")
        said = [
            refused(lambda: waiting.execute("SELECT * FROM reviews")),
            refused(lambda: pull(waiting, "SELECT * FROM reviews")),
        ]
    holder.close()

    assert [error.sqlstate for error in said] == ["55P03", "55P03"]
    assert all("pg_blocking_pids" in error.hint and "lock_timeout_s" in error.hint for error in said)


@at_leisure
def test_a_statement_that_takes_too_long(database, opened, times):
    """statement_timeout_s: 57014 with either driver, and what was allowed."""
    slow = opened(database, statement_timeout_s=0.05 * times)

    said = [
        refused(lambda: slow.execute("SELECT pg_sleep(60)")),
        refused(lambda: pull(slow, "SELECT pg_sleep(60) AS s")),
    ]

    assert [error.sqlstate for error in said] == ["57014", "57014"]
    assert all(f"{0.05 * times:g} s" in error.hint for error in said)


def test_two_that_wait_for_each_other(db, database, ask, until):
    """A deadlock: the server ends one of them, and that one may be done again."""
    db.execute(
        "CREATE FUNCTION crossed(a int, b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE reviews SET body = 'x' WHERE review_id = a; PERFORM pg_advisory_xact_lock_shared(7); "
        "UPDATE reviews SET body = 'x' WHERE review_id = b; RETURN 1; END $$",
        read_only=False,
    )
    said = []

    def work(a, b):
        try:
            db.execute(f"SELECT crossed({a}, {b})", read_only=False)
        except DatabaseError as error:
            said.append(error)

    with closing(psycopg2.connect(database)) as holder, holder.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7)")
        threads = [threading.Thread(target=work, args=pair) for pair in ((1, 2), (2, 1))]
        for thread in threads:
            thread.start()
        until(
            lambda: ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == [(2,)]
        )
    for thread in threads:
        thread.join(60)

    assert [error.sqlstate for error in said] == ["40P01"]
    assert "do it again" in said[0].hint


def test_two_that_changed_the_same_row(db, database):
    """A serialization failure: 40001."""
    first, second = psycopg2.connect(database), psycopg2.connect(database)

    def clash():
        with driver_errors(where=db.where), first.cursor() as one, second.cursor() as two:
            one.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            one.execute("SELECT body FROM reviews")
            two.execute("UPDATE reviews SET body = 'y' WHERE review_id = 1")
            second.commit()
            one.execute("UPDATE reviews SET body = 'z' WHERE review_id = 1")

    error = refused(clash)
    first.close()
    second.close()

    assert error.sqlstate == "40001"
    assert "do it again" in error.hint


def test_a_server_without_room_or_memory(own_server, opened):
    """53100, 53200 and 53400 from the server itself: a full device, its lock table, its limit of files."""
    db = opened(own_server.url)

    full = refused(lambda: db.execute("COPY (SELECT repeat('x', 100000)) TO '/dev/full'"))
    memory = refused(
        lambda: db.execute("SELECT pg_advisory_xact_lock(n) FROM generate_series(1, 200000) AS n")
    )
    db.execute("ALTER ROLE loopai SET temp_file_limit = 64", read_only=False)
    limited = opened(own_server.url)
    sort = (
        "SELECT count(*) FROM (SELECT n FROM generate_series(1, 3000000) AS n ORDER BY n DESC OFFSET 1) AS q"
    )
    files = refused(lambda: limited.execute(sort))
    db.execute("ALTER ROLE loopai RESET temp_file_limit", read_only=False)

    assert (full.sqlstate, memory.sqlstate, files.sqlstate) == ("53100", "53200", "53400")
    assert "disk is full" in full.hint
    assert "memory" in memory.message.lower()
    assert "who runs it" in files.hint
    assert db.execute("SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("08006", "DatabaseUnavailable"),
        ("0A000", "QueryFailed"),
        ("23505", "DatabaseError"),
        ("25P03", "DatabaseUnavailable"),
        ("28000", "DatabaseDenied"),
        ("3D000", "DatabaseUnavailable"),
        ("53100", "DatabaseError"),
        ("53200", "DatabaseError"),
        ("53300", "DatabaseUnavailable"),
        ("57P02", "DatabaseUnavailable"),
        ("57P03", "DatabaseUnavailable"),
        ("58030", "DatabaseError"),
        ("P0001", "DatabaseError"),
        ("XX001", "DatabaseError"),
    ],
)
def test_each_class_has_its_error(db, code, kind):
    """What a server raises with this code keeps it, and becomes the branch that says who can do something."""
    db.execute(
        "CREATE FUNCTION raised() RETURNS int LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE 'it happened' USING ERRCODE = '{code}'; END $$",
        read_only=False,
    )

    error = refused(lambda: db.execute("SELECT raised()"))

    assert (type(error).__name__, error.sqlstate) == (kind, code)
    assert "it happened" in error.message.lower()
    assert db.execute("SELECT 1 AS one") == [{"one": 1}]
