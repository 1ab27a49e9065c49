import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

from loopai_nb.approval.gate import approve_in_code
from loopai_nb.background import BackgroundLoop
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.devserver.serve import DevServer
from loopai_nb.execution.counts import Limits
from loopai_nb.execution.pacing import Paces
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.pricing import Price, pusd
from loopai_nb.prompts.template import Template
from loopai_nb.resilience.retry import RetryPolicy
from loopai_nb.session import asking
from loopai_nb.session.making import MapOptions, make_plan

PRICE = Price(1_000_000, 2_000_000, "set")  # 1 and 2 USD per million tokens
TEMPLATE = "Which part was hit? windshield, engine, wing, other. One word.\n{{ text }}"


class Bench:
    """The plan-run path on a real ledger file and a real HTTP server."""

    def __init__(self, path, server_url, model="demo-lexical"):
        self.path = path
        self.loop = BackgroundLoop()
        self.ledger = Ledger(path)
        self.server = OpenAIServer(server_url, model)
        quick = RetryPolicy(base_delay_s=0.01, max_delay_s=0.1)
        self.work = asking.Work(self.loop, self.ledger, self.server, None, Paces(), retry=quick)

    def plan(
        self, frame, *, template=TEMPLATE, system=None, budget_usd=None, price=PRICE, max_tokens=8, **options
    ):
        """A stored plan of the frame."""
        chosen = MapOptions(
            name="birds",
            answer="answer",
            max_tokens=max_tokens,
            temperature=0.0,
            budget_usd=asking.money(budget_usd),
            extra={},
            constants={},
            **options,
        )
        return make_plan(
            frame,
            Template(template, system),
            chosen,
            ledger=self.ledger,
            server=self.server,
            redactor=None,
            price=price,
            limits=Limits(concurrency=8),
        )

    def start(
        self, plan, frame=None, *, concurrency=8, timeout_s=10.0, unreachable_s=30.0, caller=None, **limits
    ):
        """Approve the plan and begin its run."""
        chosen = Limits(concurrency=concurrency, timeout_s=timeout_s, unreachable_s=unreachable_s, **limits)
        caller = caller or asking.Caller(frame)
        return asking.start(self.work, plan, approve_in_code("tester"), chosen, caller)

    def reopen(self, run_id, *, budget_usd=None, resend_unknown=True, retry_failed=False, frame=None):
        """Go on with a run."""
        how = Reopening(
            budget_pusd=None if budget_usd is None else pusd(budget_usd),
            resend=resend_unknown,
            retry_failed=retry_failed,
        )
        work = replace(self.work, resend_unknown=resend_unknown)
        limits = Limits(concurrency=8, timeout_s=10.0)
        return asking.reopen(work, run_id, limits, how, asking.Caller(frame))

    def serve(self, server):
        """Ask another server from here on."""
        self.loop.wait(self.server.aclose())
        self.server = server
        self.work = replace(self.work, server=server)

    def sql(self, statement, *parameters):
        """Rows of a query on the ledger's file, by a connection of its own."""
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(statement, parameters).fetchall()

    def close(self):
        """End the connections, the loop and the ledger's writer."""
        self.loop.wait(self.server.aclose())
        self.loop.close()
        self.ledger.close()


@pytest.fixture
def devserver() -> Iterator[DevServer]:
    """A fresh development server."""
    with DevServer() as server:
        yield server


@pytest.fixture
def bench(tmp_path, devserver) -> Iterator[Bench]:
    """A bench on a ledger of its own and that server."""
    made = Bench(tmp_path / "ledger.sqlite3", devserver.openai_url)
    yield made
    made.close()


@pytest.fixture
def birds():
    """Makes a frame of distinct remarks."""

    def make(n, index=None):
        return pd.DataFrame({"text": [f"bird {i} struck the windshield" for i in range(n)]}, index=index)

    return make
