"""A ledger with questions, and the server of its pages."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

from loopai_nb.approval.links import LinkKey, page_link
from loopai_nb.asgi.serve import PageServer
from loopai_nb.ledger.store import Ledger
from loopai_nb.planning.plan import PlanDigest, PlanSpec, planned_rows
from loopai_nb.pricing import Price
from loopai_nb.prompts.template import Rendered
from loopai_nb.records import Parameters, ServerKind
from loopai_nb.redaction import Secret
from loopai_nb.settings import Settings

if TYPE_CHECKING:
    from loopai_nb.ledger.records import ApprovalRow


class House:
    """A ledger with questions, whose clock a test can move, and the server of its pages."""

    def __init__(self, folder) -> None:
        self.ahead_s = 0.0
        self.ledger = Ledger(folder / "ledger" / "ledger.sqlite3", clock=lambda: time.time() + self.ahead_s)
        self.key = LinkKey(Secret("5a" * 32))
        self.server = PageServer(self.ledger, Settings(), port=0, key=self.key)
        self._numbers = itertools.count(1)

    @property
    def host(self) -> str:
        """As it is called in a Host header."""
        return self.server.url.removeprefix("http://")

    def ask_plan(
        self, prompts, *, timeout_s=3600.0, template="About {{ text }}", budget_pusd=None
    ) -> ApprovalRow:
        """A question about a plan of these prompts; None is a row that can't be asked."""
        price = Price(1_000_000, 10_000_000, "set")
        spec = PlanSpec(
            ServerKind.OPENAI, "http://gpu-box:8000/v1", "phi-4", Parameters(8), price, budget_pusd, template
        )
        rendered = [Rendered(p or "", None, None if p else "no text in it") for p in prompts]
        planned = list(planned_rows(spec, rendered, [str(n) for n in range(len(prompts))]))
        digest = PlanDigest(spec)
        for row in planned:
            digest.add(row.key)
        plan_id = self.ledger.begin_plan(spec.as_json(), "reviews")
        self.ledger.add_rows(plan_id, planned)
        self.ledger.finish_plan(plan_id, digest.hexdigest(), len(prompts))
        return self.ledger.approval(
            self.ledger.ask_approval(
                digest=digest.hexdigest(),
                plan_id=plan_id,
                title="requests of reviews to phi-4",
                asked_by="ada",
                timeout_s=timeout_s,
            )
        )

    def ask_gate(self, context=None, *, title="publish", timeout_s: float | None = 3600.0) -> ApprovalRow:
        """A question about a step of a user's own code."""
        approval_id = self.ledger.ask_approval(
            digest=f"{next(self._numbers):064x}",
            kind="gate",
            title=title,
            context=context,
            asked_by="ada",
            timeout_s=timeout_s,
        )
        return self.ledger.approval(approval_id)

    def link(self, row: ApprovalRow) -> str:
        """Where it is decided."""
        return page_link(self.server.url, self.key, row, self.ledger.now_ms()).reveal()

    def now(self, row: ApprovalRow) -> ApprovalRow:
        """The row as the ledger has it now."""
        return self.ledger.approval(row.approval_id)
