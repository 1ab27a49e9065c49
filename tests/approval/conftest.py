import itertools
import json
import time
from pathlib import Path

import pytest

from loopai_nb.ledger.store import Ledger
from loopai_nb.planning.estimate import Estimate
from loopai_nb.planning.plan import Plan, PlanDigest, PlanSpec, planned_rows
from loopai_nb.pricing import Price
from loopai_nb.prompts.template import Rendered
from loopai_nb.records import Parameters, ServerKind
from loopai_nb.redaction import Secret

PRICE = Price(1, 10, "set")


class Desk:
    """A ledger with plans to decide on, and a clock that a test moves.

    Args:
        where: A file's path, or a Postgres URL.
    """

    def __init__(self, where):
        self.where = where
        self.now_s = 1_763_772_000.0
        self.ledger = Ledger(where, clock=self._clock)
        self._others = []
        self._numbers = itertools.count(1)

    def _clock(self):
        return time.time() if self.now_s is None else self.now_s

    def live(self):
        """Let the clock go, as that of other processes does."""
        self.now_s = None

    def other(self):
        """The same ledger as another process has it open."""
        self._others.append(Ledger(self.where, clock=self._clock))
        return self._others[-1]

    def plan(
        self, prompts=("robin",), *, price=PRICE, model="m", budget_pusd=None, worst_pusd=200, schema=None
    ):
        """A stored plan of these prompts."""
        asked = Parameters(8, schema=schema)
        spec = PlanSpec(*(ServerKind.OPENAI, "http://127.0.0.1:1/v1", model, asked, price, budget_pusd, "t"))
        digest = PlanDigest(spec)
        rendered = [Rendered(prompt, None, None) for prompt in prompts]
        planned = list(planned_rows(spec, rendered, [str(n) for n in range(len(prompts))]))
        for row in planned:
            digest.add(row.key)
        plan_id = self.ledger.begin_plan(spec.as_json(), "birds")
        self.ledger.add_rows(plan_id, planned)
        self.ledger.finish_plan(plan_id, digest.hexdigest(), len(prompts))
        n = len(prompts)
        estimate = Estimate(n, n, 0, n, 9, 9, 9, 0, worst_pusd, worst_pusd, None, None)
        return Plan(plan_id, digest.hexdigest(), spec, "birds", n, n, 0, 0, estimate)

    def begin(self, plan, approval_id):
        """Spend the approval on the plan; the run's id."""
        return self.ledger.begin_run(plan.plan_id, plan.digest, approval_id, plan.spec.budget_pusd)

    def chain(self):
        """What the chain tells, row by row."""
        with self.ledger.engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT content FROM chain ORDER BY seq").scalars().all()
        return [json.loads(content) for content in found]

    def sql(self, statement):
        """Change the ledger as somebody would who has its file, or its database's password."""
        with self.ledger.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def close(self):
        """Close every ledger."""
        for ledger in (*self._others, self.ledger):
            ledger.close()


@pytest.fixture
def desk(tmp_path):
    """A ledger in a file of the test's own."""
    made = Desk(tmp_path / "ledger.sqlite3")
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgres"])
def each_desk(request):
    """The same on each kind of database."""
    if request.param == "sqlite":
        where = Path(request.getfixturevalue("tmp_path")) / "ledger.sqlite3"
    else:
        where = Secret(request.getfixturevalue("database"))
    made = Desk(where)
    yield made
    made.close()
