"""Runs in a ledger without a model server: what each request came to is said by the test."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from loopai_nb.ledger.records import Settlement
from loopai_nb.planning.plan import PlanDigest, PlanSpec, planned_rows
from loopai_nb.pricing import Price
from loopai_nb.prompts.template import Rendered
from loopai_nb.records import ApprovalState, Outcome, Parameters, RequestState, RunState, ServerKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loopai_nb.ledger.records import Lease
    from loopai_nb.ledger.store import Ledger

__all__ = ["answered", "begin", "carry_out", "refused"]

_TEMPLATE = "Which part was hit? {{ remarks }}"


def begin(ledger: Ledger, texts: Sequence[str], *, model: str = "phi-4", system: str | None = None) -> str:
    """A run over texts, approved and begun; its id."""
    spec = PlanSpec(
        ServerKind.OPENAI,
        "http://gpu-box:8000/v1",
        model,
        Parameters(8),
        Price(200_000, 800_000, "set"),
        None,
        _TEMPLATE,
        system,
    )
    rendered = [Rendered(_TEMPLATE.replace("{{ remarks }}", text), system, None) for text in texts]
    planned = list(planned_rows(spec, rendered, [str(n) for n in range(len(texts))]))
    digest = PlanDigest(spec)
    for row in planned:
        digest.add(row.key)
    plan_id = ledger.begin_plan(spec.as_json(), "birds")
    ledger.add_rows(plan_id, planned)
    ledger.finish_plan(plan_id, digest.hexdigest(), len(texts))
    approval_id = ledger.record_approval(
        plan_id, digest.hexdigest(), ApprovalState.APPROVED, decided_by="ann", means="widget"
    )
    return ledger.begin_run(plan_id, digest.hexdigest(), approval_id, None)


def carry_out(ledger: Ledger, run_id: str, ends: Callable[[Lease], Settlement]) -> None:
    """Lease all that can be leased, and record how each ended; then the run has ended."""
    while leases := asyncio.run(ledger.aclaim(run_id, 500)).leases:
        asyncio.run(ledger.arecord(run_id, [ends(lease) for lease in leases]))
    ledger.end_run(run_id, RunState.COMPLETED, "", 1_000)


def answered(lease: Lease, text: str = "wing", latency_ms: float = 120.0) -> Settlement:
    """An answer."""
    return Settlement(
        lease,
        Outcome.ANSWERED,
        RequestState.ANSWERED,
        20 * 200_000 + 800_000,
        text=text,
        model="phi-4",
        finish_reason="stop",
        input_tokens=20,
        output_tokens=1,
        latency_ms=latency_ms,
        status_code=200,
    )


def refused(lease: Lease) -> Settlement:
    """A refusal for good."""
    return Settlement(
        lease,
        Outcome.REJECTED,
        RequestState.FAILED,
        latency_ms=15.0,
        status_code=400,
        error_kind="bad_request",
        error="The server refused the request (400): too long.",
    )
