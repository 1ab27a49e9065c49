"""What the executor and the ledger hand each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from loopai_nb.records import ApprovalState, Outcome, RequestState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.records import RunState

__all__ = [
    "ApprovalRow",
    "Asked",
    "Claim",
    "Decided",
    "Event",
    "Lease",
    "Past",
    "RunRow",
    "Settlement",
    "Wishes",
]


@dataclass(slots=True)  # for each request one is made, as of a Settlement: frozen, it takes thrice as long
class Lease:
    """One request that this process may send once, its worst case already reserved. Nobody changes it.

    Attributes:
        request_no: Of the request in the ledger.
        key: Its content key.
        prompt: Rendered.
        system: Rendered, or None.
        attempt: Number of the send that it is for, from 1.
        worst_case_pusd: What is reserved for it.
        copy: See ``PlannedRow``.
        mismatches: Answers to it so far that did not fit the schema.
        feedback: Why the last of those did not fit; else None.
        day: On whose account it is reserved (UTC, as 2026-11-21).
    """

    request_no: int
    key: bytes
    prompt: str
    system: str | None
    attempt: int
    worst_case_pusd: int
    copy: int | None = None
    mismatches: int = 0
    feedback: str | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim brought.

    Attributes:
        leases: To be sent, in order.
        waiting: Requests of the plan that still wait for a lease.
        leased: Requests of the plan that somebody holds, these included.
        due_ms: When the earliest waiting request may be tried (epoch milliseconds); None where none waits.
        cached: Requests that another run answered meanwhile, settled without sending.
        over_budget: The next request's worst case does not fit the budget of the run.
        over_day: It does not fit what is left of the day's budget.
        reserved_pusd: What the budget that has no room has reserved besides, and may give back; 0 where it
            has room.
        cancel_requested: Somebody asked to cancel the run; nothing is leased then.
        taken_over: Another process carries the run out now; nothing is leased then.
        paused: A person paused the run; nothing is leased then.
    """

    leases: tuple[Lease, ...]
    waiting: int
    leased: int
    due_ms: int | None
    cached: int = 0
    over_budget: bool = False
    over_day: bool = False
    reserved_pusd: int = 0
    cancel_requested: bool = False
    taken_over: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of those who carry a run out.

    Attributes:
        cancel: Stop it.
        paused_by: Who wants nothing sent for now; None where nobody does.
        held: It is PAUSED since a server let one of them wait.
    """

    cancel: bool = False
    paused_by: str | None = None
    held: bool = False


@dataclass(slots=True)  # as a Lease
class Settlement:
    """How one leased request's attempt ended. Nobody changes it.

    Attributes:
        lease: What was held.
        outcome: Of the attempt.
        state: Where the request goes: ANSWERED, FAILED, or WAITING for another try.
        cost_pusd: What is charged; the worst case where the outcome is unknown.
        not_before_ms: For WAITING, when it may be tried again (epoch milliseconds).
        text: The answer, for ANSWERED; else what was paid for and did not fit the schema.
        model: The model that the server says it used.
        finish_reason: See ``Reply``.
        input_tokens: As charged; None where unknown.
        output_tokens: As charged; None where unknown.
        latency_ms: Of the attempt; None where nothing was measured.
        status_code: HTTP status, where there was one.
        error_kind: Short stable word for grouping.
        error: One line without secrets.
        mismatch: It was answered, and the answer did not fit the schema.
        is_busy: The server asked to come again later; that uses up none of the tries.
    """

    lease: Lease
    outcome: Outcome
    state: RequestState
    cost_pusd: int = 0
    not_before_ms: int = 0
    text: str | None = None
    model: str = ""
    finish_reason: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    latency_ms: float | None = None
    status_code: int | None = None
    error_kind: str | None = None
    error: str | None = None
    mismatch: bool = False
    is_busy: bool = False

    @property
    def is_free_try(self) -> bool:
        """Whether it uses up none of the request's tries: it never reached the server's model."""
        return self.is_busy or self.outcome is Outcome.NOT_SENT

    @property
    def counted_as(self) -> str:
        """The outcome under which rollups count it: ``answered, failed, retried`` or ``unknown``."""
        if self.state is RequestState.ANSWERED:
            return "answered"
        if self.state is RequestState.FAILED:
            return "failed"
        return "unknown" if self.outcome is Outcome.UNKNOWN else "retried"

    @property
    def kept_text(self) -> str | None:
        """What is kept with the attempt: a paid text that is no answer."""
        return None if self.state is RequestState.ANSWERED else self.text


@dataclass(frozen=True, slots=True)
class Past:
    """What one earlier request came to.

    Attributes:
        estimated_tokens: Input tokens as its plan expected them.
        input_tokens: As charged; 0 where the server did not say.
        output_tokens: As charged; 0 where the server did not say.
        latency_ms: Milliseconds.
    """

    estimated_tokens: int
    input_tokens: int
    output_tokens: int
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person may want to hear of.

    Attributes:
        at_ms: Epoch milliseconds.
        kind: ``budget_80``, ``budget_100``, ``paused``, ``resumed``, ``server_refused``; ``told`` and
            ``not_told`` of somebody away from the notebook.
        message: One sentence without secrets.
        run_id: Of which run; None of none.
    """

    at_ms: int
    kind: str
    message: str
    run_id: str | None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the ledger has it, with its plan's counts.

    Attributes:
        run_id: Such as ``r-204e``.
        plan_id: What it carries out.
        state: Where it stands.
        reason: Why it ended as it did; "" for COMPLETED.
        frame_name: Name of the frame.
        spec: The plan's spec as JSON.
        rows: Rows of the frame.
        answered_rows: Rows with an answer, those from the cache included.
        cached_rows: Rows whose answer was in the ledger before.
        failed_rows: Rows that ended without one.
        waiting_rows: Rows that nobody has asked yet.
        distinct: Distinct requests.
        answered: Distinct requests with an answer, those from the cache included.
        cached: Distinct requests answered from the ledger.
        failed: Distinct requests that ended without an answer.
        maybe_paid: Attempts of unknown outcome.
        maybe_paid_pusd: What they are counted as in ``spent_pusd``, picodollars: the worst case of each.
        created_ms: Epoch milliseconds.
        active_ms: Milliseconds that it was being carried out.
        spent_pusd: Picodollars.
        budget_pusd: Picodollars, or None.
        decided_by: Who approved.
        owner_gone: It says RUNNING or PAUSED and every process that carried it out is no more.
    """

    run_id: str
    plan_id: str
    state: RunState
    reason: str
    frame_name: str
    spec: str
    rows: int
    answered_rows: int
    cached_rows: int
    failed_rows: int
    waiting_rows: int
    distinct: int
    answered: int
    cached: int
    failed: int
    maybe_paid: int
    maybe_paid_pusd: int
    created_ms: int
    active_ms: int
    spent_pusd: int
    budget_pusd: int | None
    decided_by: str
    owner_gone: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for a decision.

    Attributes:
        kind: ``plan``, or ``gate`` for a step of a user's own code.
        digest: Hex SHA-256 over what is decided on.
        plan_id: Of a plan.
        title: One line to be shown, without secrets.
        context: JSON to be shown, redacted; None of a plan, whose requests the ledger has.
        asked_by: Name of whoever asks.
        expires_ms: When the question is over (epoch milliseconds); None: never.
    """

    kind: str
    digest: str
    plan_id: str | None = None
    title: str = ""
    context: str | None = None
    asked_by: str = ""
    expires_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision.

    Attributes:
        state: APPROVED, REJECTED or TIMEOUT.
        by: Name of the person, or of whoever ran the code; "" for TIMEOUT.
        means: How: ``widget``, ``person``, ``code``, ``policy``, ``cli``, ``link``, ``notebook``, ``resume``.
        feedback: What was added.
        modifications: JSON of what is to be changed; None for nothing.
    """

    state: ApprovalState
    by: str = ""
    means: str = ""
    feedback: str = ""
    modifications: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One approval as the ledger has it.

    Attributes:
        approval_id: Such as ``a-91c2``.
        kind: ``plan`` or ``gate``.
        plan_id: Of a plan.
        digest: Hex SHA-256 over what is decided on.
        title: One line.
        context: What a gate shows; None of a plan.
        state: PENDING, APPROVED, REJECTED or TIMEOUT, which it is as soon as it has expired.
        asked_ms: Epoch milliseconds.
        expires_ms: Epoch milliseconds; None: never.
        asked_by: Who asked.
        decided_by: Who decided; None where nobody has.
        means: See ``Decided``; None where nobody has decided.
        decided_ms: Epoch milliseconds; None while it is PENDING.
        feedback: What was added to the decision.
        modifications: What is to be changed; None for nothing.
        used_by: The run that spent it, or ``"gate"``; None while it is unused.
    """

    approval_id: str
    kind: str
    plan_id: str | None
    digest: str
    title: str
    context: Any
    state: ApprovalState
    asked_ms: int
    expires_ms: int | None
    asked_by: str
    decided_by: str | None
    means: str | None
    decided_ms: int | None
    feedback: str
    modifications: Mapping[str, Any] | None
    used_by: str | None

    def at(self, now_ms: int) -> ApprovalRow:
        """The row as it is at a time: a question that nobody answered is over once it has expired."""
        if self.state is not ApprovalState.PENDING or self.expires_ms is None or now_ms < self.expires_ms:
            return self
        return replace(self, state=ApprovalState.TIMEOUT, decided_ms=self.expires_ms)
