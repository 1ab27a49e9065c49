"""Where a soak's ledger lies, and what is in it as nobody but SQLite or Postgres itself tells."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from loopai_nb.devserver.counters import prompt_hash

_ANSWERS = (
    "SELECT request_no, key, text, model, finish_reason, input_tokens, output_tokens, cost_pusd, run_id,"
    " answered_ms FROM answers"
)


@dataclass
class State:
    """What a ledger holds at one moment.

    Attributes:
        answers: All of an answer, by number.
        answered: How many answers each prompt has, by the server's hash.
        attempts: Attempts of a prompt by outcome, by hash.
        requests: Requests by state.
        held: Hashes of the prompts that are leased.
        runs: State, reason, spent and reserved of each.
        days: Spent and reserved of each day.
        charged: Sum of what the attempts cost, picodollars.
        unfinished: Plans that were never finished.
        strange: Texts of answers that are not in their own prompt.
    """

    answers: dict = field(default_factory=dict)
    answered: Counter = field(default_factory=Counter)
    attempts: dict = field(default_factory=lambda: defaultdict(Counter))
    requests: Counter = field(default_factory=Counter)
    held: set = field(default_factory=set)
    runs: list = field(default_factory=list)
    days: list = field(default_factory=list)
    charged: int = 0
    unfinished: int = 0
    strange: list = field(default_factory=list)

    @property
    def unknown(self):
        """Attempts whose outcome is unknown."""
        return sum(counts["unknown"] for counts in self.attempts.values())


class File:
    """A ledger in a SQLite file."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._count = 0
        self.renew()

    def renew(self):
        """A new ledger from here on."""
        shutil.rmtree(self._folder / f"{self._count}", ignore_errors=True)
        self._count += 1
        self.place_in(self._folder / f"{self._count}")

    def place_in(self, folder):
        """Have the ledger in this folder."""
        self.path = folder / "ledger.sqlite3"
        self.address = str(self.path)

    def state(self):
        """What is on the disk; SQLite finds it whole.

        Read from a copy: whoever opens the file itself and closes it last tidies up what a kill left there.
        """
        with tempfile.TemporaryDirectory(dir=self._folder) as copies:
            for path in self.path.parent.glob("ledger.sqlite3*"):
                if not path.name.endswith(("-shm", "-lock")):
                    shutil.copyfile(path, Path(copies, path.name))
            copy = Path(copies, self.path.name)
            if not copy.exists():
                return State()
            with contextlib.closing(sqlite3.connect(copy)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                    return State()
                return _state(lambda sql: connection.execute(sql).fetchall())


class Database:
    """A ledger in a database of a real Postgres."""

    def __init__(self, url):
        self.address = url

    def renew(self):
        """A new ledger from here on."""
        with self._connected() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS loopai_nb CASCADE")

    def state(self):
        """What the database says, in one snapshot."""
        with self._connected() as cursor:

            def query(sql):
                cursor.execute(sql)
                return cursor.fetchall()

            if query("SELECT to_regclass('loopai_nb.meta') IS NULL") == [(True,)]:
                return State()
            return _state(query)

    @contextlib.contextmanager
    def _connected(self):
        connection = psycopg2.connect(self.address, options="-c search_path=loopai_nb")
        with contextlib.closing(connection), connection:
            connection.set_session(isolation_level="REPEATABLE READ")
            yield connection.cursor()


def _state(query):
    state = State()
    hashes, prompts = {}, {}
    for number, prompt, stands in query("SELECT request_no, prompt, state FROM requests"):
        hashes[number], prompts[number] = prompt_hash(prompt), prompt
        state.requests[stands] += 1
        if stands == "LEASED":
            state.held.add(hashes[number])
    for number, key, *rest in query(_ANSWERS):
        state.answers[number] = (bytes(key), *rest)
        if rest[0] not in prompts[number]:
            state.strange.append(rest[0])
        state.answered[hashes[number]] += 1
    for number, outcome, n, cost in query(
        "SELECT request_no, outcome, count(*), sum(cost_pusd) FROM attempts GROUP BY request_no, outcome"
    ):
        state.attempts[hashes[number]][outcome] += n
        state.charged += int(cost)
    state.runs = query("SELECT state, reason, spent_pusd, reserved_pusd, budget_pusd FROM runs")
    state.days = query("SELECT spent_pusd, reserved_pusd FROM accounts")
    ((state.unfinished,),) = query("SELECT count(*) FROM plans WHERE digest IS NULL")
    return state
