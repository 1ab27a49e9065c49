"""Tab on what is in a database: real Postgres, real sockets between, a real IPython."""

from __future__ import annotations

import contextlib
import socket
import threading
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
from IPython.core.completer import provisionalcompleter

from loopai_nb.connections import Connections

DDL = """
CREATE TABLE strikes (id int, remarks text, "Id X" int);
CREATE TABLE "MixedCase" (a int); CREATE TABLE mixedcase (b int); CREATE TABLE "Mixed Only" ("Col A" int);
CREATE TABLE "order" (x int); CREATE SCHEMA sales; CREATE TABLE sales.parts (part text, id int)
"""


class Proxy:
    """Stands between a client and a server; what it holds back goes on when it is let.

    Args:
        server: Host and port.
    """

    def __init__(self, server: tuple[str, int]) -> None:
        self.flows = threading.Event()
        self.flows.set()
        self._server = server
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cut every connection, and take no other."""
        self._cut(self._listener)
        for each in self._sockets:
            self._cut(each)
        self.flows.set()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                self._sockets += [client, server]
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                self.flows.wait(60)
                target.sendall(data)
        self._cut(target)

    @staticmethod
    def _cut(each: socket.socket) -> None:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@pytest.fixture
def filled(database) -> str:
    """URL of a database with a few tables."""
    with closing(psycopg2.connect(database)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(DDL)
    return database


@pytest.fixture
def proxy(filled):
    """Before that database."""
    parts = urlsplit(filled)
    with closing(Proxy((parts.hostname, parts.port))) as between:
        yield between


@pytest.fixture
def connect(notebook, monkeypatch):
    """A function that starts the notebook's session anew on a URL, and opens it."""

    def start(url: str) -> None:
        monkeypatch.setenv("DATABASE_URL", url)
        notebook.ok("%unload_ext loopai_nb")
        notebook.ok("%load_ext loopai_nb")
        notebook.ok("%loopai connect")

    return start


@pytest.fixture
def through(connect, filled, proxy):
    """The notebook, connected through the proxy."""
    parts = urlsplit(filled)
    connect(filled.replace(f":{parts.port}/", f":{proxy.port}/"))
    return proxy


def tab(notebook, cell: str) -> set[str]:
    """What the cell is after each of Tab's offers was taken at the ``^``, by default the end of the cell.

    An offer that changes nothing keeps others from offering something: it is left out.
    """
    before, _, after = cell.partition("^")
    with provisionalcompleter():
        offers = list(notebook.shell.Completer.completions(before + after, len(before)))
    return {before[: each.start] + each.text + after for each in offers} - {before + after}


@pytest.fixture
def soon(notebook, until):
    """Waits until Tab offers exactly that: what the first one did not wait for arrives."""

    def wait(cell: str, *taken: str) -> None:
        seen: list[set[str]] = []

        def fits() -> bool:
            seen.append(tab(notebook, cell))
            return seen[-1] == set(taken)

        try:
            until(fits, 10)
        except AssertionError:
            pytest.fail(f"{cell!r} offers {seen[-1]}")

    return wait


@pytest.mark.parametrize(
    ("cell", "taken"),
    [
        ("%loopai describe str", ["%loopai describe strikes"]),
        ("%loopai tables --schema sa", ["%loopai tables --schema sales"]),
        ("%loopai pull sales.", ["%loopai pull sales.parts"]),
        ("%loopai pull ord", ['%loopai pull "order"']),
        ("%loopai push reviews str", ["%loopai push reviews strikes"]),
        ("%loopai pull --limit 5 strikes --columns id,re", [
            "%loopai pull --limit 5 strikes --columns id,remarks"
        ]),
        ('%loopai pull strikes --where "re', ['%loopai pull strikes --where "remarks']),
        ("%loopai pull strikes --where 'id = 1 and re", ["%loopai pull strikes --where 'id = 1 and remarks"]),
        ("%loopai pull strikes --where 'Id", [
            "%loopai pull strikes --where 'id", "%loopai pull strikes --where '\"Id X\""
        ]),
        ('%loopai pull strikes --where "Id ', []),
        ("%loopai describe nope", []),
    ],
)  # fmt: skip
def test_lines(connect, filled, soon, cell, taken):
    """Tables, schemas, columns and conditions on a magic's line."""
    connect(filled)

    soon(cell, *taken)


@pytest.mark.parametrize(
    ("sql", "taken"),
    [
        ("SELECT * FROM str^", ["SELECT * FROM strikes"]),
        ("SELECT * FROM sales.^", ["SELECT * FROM sales.parts"]),
        ("SELECT * FROM mixed^", [
            'SELECT * FROM "MixedCase"', "SELECT * FROM mixedcase", 'SELECT * FROM "Mixed Only"'
        ]),
        ('SELECT * FROM "Mixed O^', ['SELECT * FROM "Mixed Only"']),
        ("SELECT re^ FROM strikes", ["SELECT remarks FROM strikes"]),
        ("SELECT id\nFROM strikes\nWHERE re^ = 'x'", ["SELECT id\nFROM strikes\nWHERE remarks = 'x'"]),
        ('SELECT "Co^ FROM "Mixed Only"', ['SELECT "Col A" FROM "Mixed Only"']),
        ("SELECT p.^ FROM strikes s, sales.parts p", [
            "SELECT p.part FROM strikes s, sales.parts p", "SELECT p.id FROM strikes s, sales.parts p"
        ]),
        ("SELECT pa^ FROM strikes s JOIN sales.parts p USING (id)", [
            "SELECT part FROM strikes s JOIN sales.parts p USING (id)"
        ]),
        ("SELECT * FROM strikes WHERE id ^", []),
        ("SELECT 'pri^", []),
    ],
)  # fmt: skip
def test_the_sql_of_a_cell(connect, filled, soon, sql, taken):
    """Tables behind FROM and JOIN, columns of the tables that are named, quoted as SQL needs it."""
    connect(filled)
    head = "%%loopai pull --as df\n"

    soon(head + sql, *(head + each for each in taken))


def test_names_that_differ_by_case_alone_are_told_apart(notebook, connect, filled, soon):
    """The one that the line would fold into the other keeps its quotes, and what Tab makes is found."""
    connect(filled)

    soon("%loopai pull mixedc", "%loopai pull mixedcase", "%loopai pull '\"MixedCase\"'")
    assert list(notebook.ok("%loopai pull '\"MixedCase\"'").value.columns) == ["a"]
    assert list(notebook.ok("%loopai pull mixedcase").value.columns) == ["b"]


def test_a_condition_with_a_quoted_name_runs(notebook, connect, filled, soon):
    """Inside of double quotes SQL's own are written so that the line holds together."""
    connect(filled)
    line = '%loopai pull "Mixed Only" --where "'

    soon(f"{line}co", f'{line}\\"Col A\\"')
    assert len(notebook.ok(f'{line}\\"Col A\\" = 1"').value) == 0


def test_a_named_connection_completes_its_own_tables(connect, filled, postgres, soon):
    """``--connection`` on the line, or above a cell, says whose tables and columns."""
    connect(postgres.url)
    Connections.load().add_database("shop", filled)

    soon("%loopai describe --connection sh", "%loopai describe --connection shop")
    soon("%loopai describe --connection shop str", "%loopai describe --connection shop strikes")
    head = "%%loopai pull --connection shop\n"
    soon(f"{head}SELECT rem^ FROM strikes", f"{head}SELECT remarks FROM strikes")
    soon("%loopai describe str")


def test_a_database_that_does_not_answer_holds_nobody_up(notebook, through, soon):
    """Tab returns without it, offers what it can without it, and has the tables when they have come."""
    through.flows.clear()

    assert tab(notebook, "%loopai describe str") == set()
    assert tab(notebook, "%%loopai pull\nSELECT * FROM str^") == set()
    assert tab(notebook, "%loopai pull strikes --lim") == {"%loopai pull strikes --limit"}
    assert tab(notebook, "%%loopai rev") == {"%%loopai review", "%%loopai reviews"}
    through.flows.set()
    soon("%loopai describe str", "%loopai describe strikes")


def test_what_was_known_is_offered_while_the_database_is_slow(notebook, through, soon):
    """The tables stay there to be completed; columns that were never asked for do not."""
    soon("%loopai describe str", "%loopai describe strikes")
    through.flows.clear()

    assert tab(notebook, "%loopai describe str") == {"%loopai describe strikes"}
    assert tab(notebook, "%loopai pull strikes --columns rem") == set()


def test_a_dead_database_offers_nothing_and_says_nothing(notebook, through, capfd):
    """No traceback below a Tab, on whichever thread."""
    through.close()

    assert tab(notebook, "%loopai describe str") == set()
    assert tab(notebook, "%%loopai pull\nSELECT rem^ FROM strikes") == set()
    assert tab(notebook, "%loopai describe --connection nowhere str") == set()
    assert capfd.readouterr() == ("", "")


def test_another_database_is_asked_after_a_reconnect(notebook, connect, filled, postgres, soon):
    """What the one before had is forgotten at once."""
    connect(filled)
    soon("%loopai describe str", "%loopai describe strikes")
    Connections.load().add_database("other", postgres.url)
    notebook.ok("%loopai connect other")

    assert tab(notebook, "%loopai describe str") == set()


def test_a_connect_in_python_is_noticed(notebook, connect, filled, postgres, soon):
    """At once, and not when what was known has grown old."""
    connect(filled)
    soon("%loopai describe str^", "%loopai describe strikes")

    notebook.shell.user_ns["elsewhere"] = postgres.url
    notebook.ok("from loopai_nb.notebook import current_session\n_ = current_session().connect(elsewhere)")

    soon("%loopai describe str^")


def test_a_table_that_a_push_made_is_offered(notebook, connect, filled, soon):
    """The magic's and that of Python."""
    connect(filled)
    notebook.ok("import pandas as pd\nnew = pd.DataFrame({'a': [1]})")
    soon("%loopai describe new_^")

    notebook.ok("%loopai push new new_one")
    soon("%loopai describe new_^", "%loopai describe new_one")
    notebook.ok("from loopai_nb.notebook import current_session\n_ = current_session().push(new, 'new_two')")
    soon("%loopai describe new_^", "%loopai describe new_one", "%loopai describe new_two")
