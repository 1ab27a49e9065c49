import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from loopai_nb.ledger.store import Ledger
from loopai_nb.planning.plan import PlanDigest, PlanSpec, planned_rows
from loopai_nb.pricing import Price
from loopai_nb.prompts.template import Rendered
from loopai_nb.records import ApprovalState, Parameters, ServerKind
from loopai_nb.redaction import Secret

PRICE = Price(1, 10, "set")


class Shelf:
    """A ledger with ways to put plans and runs into it without a model server.

    Args:
        where: A file's path, or a Postgres URL.
        options: Of the ``Ledger``.
    """

    def __init__(self, where, **options):
        self.where = where
        self.ledger = Ledger(where, **options)

    @property
    def path(self):
        """The ledger's file; there is none on Postgres."""
        assert isinstance(self.where, Path)
        return self.where

    @property
    def address(self):
        """Where it is, as an argument of a process."""
        return str(self.where) if isinstance(self.where, Path) else self.where.reveal()

    def spec(self, *, budget_pusd=None, model="m", max_tokens=8):
        """What a plan fixes, for a server that is not there."""
        return PlanSpec(
            ServerKind.OPENAI, "http://127.0.0.1:1/v1", model, Parameters(max_tokens), PRICE, budget_pusd, "t"
        )

    def plan(self, prompts, *, budget_pusd=None, model="m"):
        """Store a plan of these prompts (None for a row that can't be asked); its id and digest."""
        spec = self.spec(budget_pusd=budget_pusd, model=model)
        rendered = [
            Rendered("", None, "no prompt") if prompt is None else Rendered(prompt, None, None)
            for prompt in prompts
        ]
        digest = PlanDigest(spec)
        planned = list(planned_rows(spec, rendered, [str(n) for n in range(len(prompts))]))
        for row in planned:
            digest.add(row.key)
        plan_id = self.ledger.begin_plan(spec.as_json(), "birds")
        self.ledger.add_rows(plan_id, planned)
        self.ledger.finish_plan(plan_id, digest.hexdigest(), len(prompts))
        return plan_id, digest.hexdigest()

    def approve(self, plan_id, digest, state=ApprovalState.APPROVED):
        """Record a decision about the plan; its id."""
        return self.ledger.record_approval(plan_id, digest, state, decided_by="tester", means="code")

    def run(self, prompts, *, budget_pusd=None, model="m"):
        """Store, approve and begin a plan; its id and its run's."""
        plan_id, digest = self.plan(prompts, budget_pusd=budget_pusd, model=model)
        return plan_id, self.ledger.begin_run(plan_id, digest, self.approve(plan_id, digest), budget_pusd)

    def connected(self):
        """A connection of its own, each statement in its own transaction; to be closed."""
        if isinstance(self.where, Path):
            return sqlite3.connect(self.where, isolation_level=None)
        options = "-c search_path=loopai_nb"
        connection = psycopg2.connect(self.where.reveal(), options=options)
        connection.autocommit = True
        return connection

    def sql(self, statement, *parameters, by=None):
        """Rows of a statement (parameters as ``?``), by a connection of its own or by the given one."""
        if by is None:
            with contextlib.closing(self.connected()) as connection:
                return self.sql(statement, *parameters, by=connection)
        cursor = by.cursor()
        mark = "?" if isinstance(self.where, Path) else "%s"
        cursor.execute(statement.replace("?", mark), parameters)
        return cursor.fetchall() if cursor.description else []

    def money(self, run_id):
        """What the run has spent and reserved, picodollars."""
        ((spent, reserved),) = self.sql("SELECT spent_pusd, reserved_pusd FROM runs WHERE run_id = ?", run_id)
        return spent, reserved


def place(kind, request):
    """Where a ledger of this test's own may lie, on ``sqlite`` or ``postgres``."""
    if kind == "sqlite":
        return request.getfixturevalue("tmp_path") / "ledger" / "ledger.sqlite3"
    return Secret(request.getfixturevalue("database"))


@pytest.fixture
def clock():
    """The ledger's, in seconds; a test module may override it."""
    return time.time


@pytest.fixture(params=["sqlite", "postgres"])
def shelf(request, clock) -> Iterator[Shelf]:
    """A ledger of this test's own, on each kind of database."""
    made = Shelf(place(request.param, request), clock=clock)
    yield made
    made.ledger.close()


@pytest.fixture
def file_shelf(tmp_path) -> Iterator[Shelf]:
    """A ledger in a file of this test's own."""
    made = Shelf(tmp_path / "ledger" / "ledger.sqlite3")
    yield made
    made.ledger.close()
