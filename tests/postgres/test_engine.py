import signal
import subprocess
import sys
import traceback
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from leisure import at_leisure

from loopai_nb.errors import (
    DatabaseDenied,
    DatabaseError,
    DatabaseUnavailable,
    InputError,
    QueryFailed,
    SettingsError,
    TableNotFound,
)
from loopai_nb.postgres.engine import Database

CANARY = "canary-7f3a9c"


@pytest.fixture
def db(database):
    """One connection to a fresh database."""
    with closing(Database(database, name="shop", source=".env (DATABASE_URL)")) as opened:
        yield opened


def changed(url, *, password=None, database=None, port=None):
    """Return the URL with one part replaced."""
    parts = urlsplit(url)
    netloc = f"{parts.username}:{password or parts.password}@{parts.hostname}:{port or parts.port}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}" if database else parts.path))


def error_of(work):
    """Return the error that the work ends with."""
    with pytest.raises(DatabaseError) as caught:
        work()
    return caught.value


def everything_said(error):
    """Return all that a verbose traceback of the whole chain prints, locals included."""
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()) + repr(
        [error.args, error.__cause__, error.__context__]
    )


def test_the_modules_cost_nothing_to_import():
    """No heavy library is loaded before a database is used."""
    code = (
        "import sys, loopai_nb.postgres.engine, loopai_nb.postgres.pull, loopai_nb.postgres.push, "
        "loopai_nb.postgres.catalog\n"
        "print({'pandas','pyarrow','sqlalchemy','psycopg2','adbc_driver_manager'} & set(sys.modules))"
    )
    assert subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout == ("set()\n")


def test_the_summary_says_what_is_connected(db, database):
    """Version, user, host, database, the promise to only read, and where the URL came from; no password."""
    parts = urlsplit(database)

    line = db.summary()

    assert line.startswith("Postgres 1")
    assert line.endswith(
        f" · {parts.username}@{parts.hostname}:{parts.port}{parts.path} · read-only for pulls"
        " · from .env (DATABASE_URL)"
    )
    assert parts.password not in line + repr(db) + repr(db.engine) + repr(db.engine.url) + repr(vars(db))


def test_check_tells_who_and_where(db, database):
    """The server's own account of itself, with the latency of an open connection."""
    info = db.check()

    assert (info.user, info.host) == (urlsplit(database).username, urlsplit(database).hostname)
    assert info.database == urlsplit(database).path[1:]
    assert info.latency_ms > 0


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2"])
def test_every_usual_scheme_is_taken(database, scheme):
    """The three spellings that other tools write are one."""
    with closing(Database(f"{scheme}{database[database.index(':') :]}")) as opened:
        assert opened.execute("SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://root:{CANARY}@127.0.0.1/x",
        f"postgresql://root:{CANARY}/{CANARY}@127.0.0.1/x",
        f"postgresql://root:x@127.0.0.1:{CANARY}/x",
        f"postgresql://127.0.0.1/x?nonsense={CANARY}",
        CANARY,
        "",
    ],
)
def test_what_is_no_url_is_not_repeated(url):
    """The driver's own message quotes pieces of the URL, and with a slash in it the password."""
    with pytest.raises(SettingsError) as caught:
        Database(url)
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None


def test_values_are_bound_and_never_sql(db):
    """ATTACKS 26: a value that tries to end the statement comes back as it went in."""
    evil = "'; DROP TABLE t; -- \\' :x %s %(a)s"
    db.execute("CREATE TABLE t (a text)", read_only=False)
    db.execute("INSERT INTO t VALUES (:a)", {"a": evil}, read_only=False)

    rows = db.execute("SELECT a, '100%' AS b, ':c' AS c FROM t WHERE a = :a AND a LIKE '%'", {"a": evil})

    assert rows == [{"a": evil, "b": "100%", "c": ":c"}]


def test_values_of_pandas_and_numpy_are_bound(db):
    """What a cell of a DataFrame holds can be a parameter."""
    import numpy as np
    import pandas as pd

    values = {
        "i": np.int64(5),
        "f": np.float64(0.5),
        "n": pd.NA,
        "t": pd.NaT,
        "l": [np.int64(1), 2],
        "d": {"a": 1},
    }

    (row,) = db.execute("SELECT :i AS i, :f::float8 AS f, :n AS n, :t AS t, :l AS l, :d::jsonb AS d", values)

    assert row == {"i": 5, "f": 0.5, "n": None, "t": None, "l": [1, 2], "d": {"a": 1}}


def test_a_value_without_a_type_in_sql_is_refused(db):
    """The error names the parameter and its type, not its content."""
    with pytest.raises(InputError, match="'a' is a object"):
        db.execute("SELECT :a", {"a": object()})


def test_statements_read_unless_told_otherwise(db):
    """ATTACKS 28: a write in a read-only transaction is refused by the server and changes nothing."""
    db.execute("CREATE TABLE t (a int)", read_only=False)

    assert error_of(lambda: db.execute("INSERT INTO t VALUES (1)")).sqlstate == "25006"
    assert error_of(
        lambda: db.execute("SELECT set_config('transaction_read_only', 'off', false)")
    ).sqlstate == ("25001")
    with pytest.raises(InputError, match="several statements"):
        db.execute("COMMIT; INSERT INTO t VALUES (1)")
    assert db.execute("SELECT * FROM t") == []


@pytest.mark.parametrize(
    ("sql", "kind", "position", "words"),
    [
        ("select 1 frm x y", QueryFailed, 14, "(line 1, character 14): select 1 frm >>> x y"),
        ("select 'ü',\n  nope", QueryFailed, 15, "(line 2, character 3): >>> nope"),
        ("select :p, nope", QueryFailed, 12, "select :p, >>> nope"),
        ("select * from nope", TableNotFound, None, "select * from >>> nope"),
        ("select 1/0", QueryFailed, None, "Division by zero."),
        ("select 'x'::int", QueryFailed, 8, "invalid input syntax"),
    ],
)
def test_an_error_in_sql_shows_its_place(db, sql, kind, position, words):
    """The position is one in what the person wrote, and the line is shown in one line."""
    params = {"p": "a value longer than its name"} if ":p" in sql else None

    error = error_of(lambda: db.execute(sql, params))

    assert type(error) is kind
    assert getattr(error, "position", None) == position
    assert words.lower() in str(error).lower()
    assert "\n" not in str(error)


@at_leisure
def test_a_statement_that_takes_too_long_is_stopped_by_the_server(database, times):
    """The timeout is the server's; the error has its code and says what was allowed."""
    with closing(Database(database, statement_timeout_s=0.1 * times)) as slow:
        error = error_of(lambda: slow.execute("SELECT pg_sleep(60)"))

        assert error.sqlstate == "57014"
        assert f"{0.1 * times:g} s" in str(error)
        assert slow.execute("SELECT 1 AS one") == [{"one": 1}]


def test_nothing_listening_is_told_by_host_and_port(database):
    """A server that is off: where it was looked for, why, and what to do."""
    with closing(Database(changed(database, port=1))) as off:
        error = error_of(off.check)

    assert type(error) is DatabaseUnavailable
    assert "1:1 (connection refused)." in str(error).replace("127.0.0.1:1", "1:1")
    assert "Start it" in error.hint


def test_of_several_hosts_each_that_is_silent_is_named():
    """A URL may name several hosts and ports; none of them listening, all are told with their reasons."""
    with closing(Database("postgresql://u:p@127.0.0.1:1,nowhere.invalid:2/x")) as off:
        said = str(error_of(off.check))

    assert "No Postgres at 127.0.0.1:1 (connection refused) or nowhere.invalid:2 (unknown host)." in said


def test_of_several_hosts_the_one_that_answers_is_asked_why(database):
    """Behind a host that is off, the server that refuses the password is the one that is named."""
    parts = urlsplit(database)
    hosts = f"{parts.username}:wrong@127.0.0.1:1,{parts.hostname}:{parts.port}"
    with closing(Database(urlunsplit(parts._replace(netloc=hosts)))) as second:
        error = error_of(second.check)

    assert type(error) is DatabaseDenied
    assert f"Postgres at {parts.hostname}:{parts.port}" in str(error)


def test_an_unknown_host_is_told():
    """A name that does not resolve is not called a refused connection."""
    with closing(Database("postgresql://u:p@nowhere.invalid/x")) as nowhere:
        assert "(unknown host)" in str(error_of(nowhere.check))


def test_an_unknown_database_names_those_that_exist(database):
    """One letter too many in the name: the right one is shown."""
    name = urlsplit(database).path[1:]
    with closing(Database(changed(database, database=f"{name}x"))) as wrong:
        error = error_of(wrong.check)

    assert (type(error), error.sqlstate) == (DatabaseUnavailable, "3D000")
    assert f'No database "{name}x"' in error.message
    assert name in error.hint


@pytest.mark.parametrize("arrow", [False, True])
def test_a_wrong_password_is_denied_and_never_shown(database, arrow):
    """ATTACKS 18 and 19: neither the message, the chain nor a traceback with locals holds it."""
    with closing(Database(changed(database, password=CANARY), source=".env")) as wrong:

        def connect():
            if arrow:
                with wrong.arrow(read_only=True):
                    pass
            else:
                wrong.check()

        error = error_of(connect)

    assert type(error) is DatabaseDenied
    assert ".env" in error.hint
    assert CANARY not in everything_said(error)


def test_a_failed_query_shows_no_password(database):
    """The chain of a driver's error holds the connection; printing its locals must not show the secret."""
    with closing(Database(database)) as opened:
        error = error_of(lambda: opened.execute("SELECT nope"))

    assert error.__cause__ is not None
    assert f"{urlsplit(database).password}@" not in everything_said(error)
    assert f"password={urlsplit(database).password}" not in everything_said(error)


def test_a_missing_privilege_is_denied(db, database):
    """ATTACKS 29: what the role may not do is refused by the server, and said."""
    role = f"reader_{urlsplit(database).path[1:]}"
    db.execute("CREATE TABLE secret_t (a int)", read_only=False)
    db.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'", read_only=False)
    try:
        parts = urlsplit(database)
        with closing(Database(f"postgresql://{role}:x@{parts.hostname}:{parts.port}{parts.path}")) as reader:
            denied = error_of(lambda: reader.execute("SELECT * FROM secret_t"))
            file = error_of(lambda: reader.execute("SELECT pg_read_file('/etc/passwd')"))
    finally:
        db.execute(f"DROP ROLE {role}", read_only=False)

    assert (type(denied), denied.sqlstate) == (DatabaseDenied, "42501")
    assert type(file) is DatabaseDenied


def test_it_connects_anew_after_its_connection_was_killed(db, database):
    """A terminated backend costs nothing: the next statement finds a new connection."""
    (row,) = db.execute("SELECT pg_backend_pid() AS pid")
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", (row["pid"],))

    assert db.execute("SELECT 1 AS one") == [{"one": 1}]


def test_a_backend_killed_in_a_query_is_told(db):
    """The code of the server is kept, and the next statement works."""
    error = error_of(lambda: db.execute("SELECT pg_terminate_backend(pg_backend_pid())"))

    assert type(error) is DatabaseUnavailable
    assert db.execute("SELECT 1 AS one") == [{"one": 1}]


def test_a_closed_database_opens_again(db):
    """``close`` releases the connections and is no end."""
    db.execute("SELECT 1")
    db.close()
    db.close()

    assert db.execute("SELECT 1 AS one") == [{"one": 1}]


def test_an_interrupt_cancels_the_statement_on_the_server(database, until):
    """Promise 4: SIGINT in a psycopg2 query ends it there and leaves the connection usable."""
    script = """
import sys
from loopai_nb.postgres.engine import Database
db = Database(sys.argv[1])
try:
    db.execute("SELECT pg_sleep(120) AS interrupt_me")
except KeyboardInterrupt:
    print("interrupted", db.execute("SELECT 1 AS one"))
"""
    with closing(psycopg2.connect(database)) as other, other.cursor() as cursor:
        other.autocommit = True
        child = subprocess.Popen([sys.executable, "-c", script, database], stdout=subprocess.PIPE, text=True)
        try:
            running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND state = 'active'"

            def seen():
                assert child.poll() is None
                cursor.execute(running, ("SELECT pg_sleep(120)%",))
                return cursor.fetchone()[0]

            until(seen)
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate(timeout=30)
            cursor.execute(running, ("SELECT pg_sleep(120)%",))
            left = cursor.fetchall()
        finally:
            child.kill()
            child.wait()

    assert said == "interrupted [{'one': 1}]\n"
    assert left == [(0,)]
