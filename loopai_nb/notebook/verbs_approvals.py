"""Verbs about approvals: what waits and what was decided, one in detail, and deciding from elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from loopai_nb.approval.pending import decided_text, is_set_aside
from loopai_nb.ledger import queries
from loopai_nb.notebook.shown import Grid, Preformatted, Sentences, Shown, Stack
from loopai_nb.notebook.wording import joined, moment, place, plural
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import format_usd
from loopai_nb.records import ApprovalState

if TYPE_CHECKING:
    from loopai_nb.approval.chain import Verified
    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.notebook.workbench import Call
    from loopai_nb.session import Session

__all__ = [
    "MOST",
    "approval_details",
    "approvals",
    "approve",
    "chain_lines",
    "decided_lines",
    "listed",
    "reject",
]

MOST = 20
"""Approvals in a list."""

_DIGITS = 12


def approvals(call: Call) -> Shown:
    """What waits and what was decided, newest first, with the chain's state; or one in detail."""
    args, session, static = call.args, call.session, call.bench.static
    if args.id is not None:
        return approval_details(session, session.approval(args.id), static=static)
    chain = session.verify_approvals(noted=args.noted)
    if args.verify:
        return Sentences(*chain_lines(chain, static=static))
    rows = session.approvals(args.limit or MOST, state="PENDING" if args.waiting else None)
    table = listed(rows, waiting=args.waiting, static=static)
    return Stack(table, Sentences(*chain_lines(chain, static=static)))


def approve(call: Call) -> Shown:
    """Approve what waits in another notebook, a script, or behind a link."""
    row = call.session.decide(
        call.args.id, approved=True, feedback=call.args.feedback or "", means="notebook"
    )
    return Sentences(*decided_lines(row))


def reject(call: Call) -> Shown:
    """Reject what waits."""
    row = call.session.decide(
        call.args.id, approved=False, feedback=call.args.feedback or "", means="notebook"
    )
    return Sentences(*decided_lines(row))


def decided_lines(row: ApprovalRow) -> list[str]:
    """What is said after a decision."""
    said = f"{row.approval_id} is {decided_text(row)}."
    if row.state is not ApprovalState.APPROVED:
        return [said, "Whoever waits for it is told; nothing is sent or done."]
    if row.kind == "gate":
        return [said, f"Whoever waits for {row.title} goes on, once."]
    return [
        said,
        "Whoever waits for it goes on. A script that was refused: run it again, its plan counts once.",
    ]


def chain_lines(chain: Verified, *, static: bool = False) -> list[str]:
    """What is said of the audit chain."""
    if chain.broken:
        return [f"The audit chain is broken in {plural(len(chain.broken), 'place')}.", *chain.broken]
    if static or not chain.rows:
        return ["The audit chain is whole."]
    return [f"The audit chain is whole: {plural(chain.rows, 'row')}, its end is {chain.head}"]


def listed(rows: list[ApprovalRow], *, waiting: bool = False, static: bool = False) -> Shown:
    """Approvals as a table, or that there are none."""
    if not rows:
        return Sentences("Nothing waits for a decision." if waiting else "Nothing was asked yet.")
    header = ["state", "what", "by", "means"]
    lines = [
        ["SET ASIDE" if is_set_aside(row) else row.state, row.title, row.decided_by or "", row.means or ""]
        for row in rows
    ]
    if static:
        return Grid(["state", "what", "means"], [[line[0], line[1], line[3]] for line in lines])
    full = [
        [row.approval_id, moment(row.asked_ms), *line, row.digest[:_DIGITS], row.used_by or ""]
        for row, line in zip(rows, lines, strict=True)
    ]
    note = "One of them: %loopai approvals ID · decide: %loopai approve ID"
    return Grid(["id", "asked", *header, "digest", "used by"], full, note=note)


def approval_details(session: Session, row: ApprovalRow, *, static: bool = False) -> Shown:
    """All that is known of one approval, and of what is decided on."""
    facts = [("state", row.state)] if static else _facts(row)
    texts = [] if static else [("digest", row.digest)]
    if row.modifications:
        texts.append(("modifications", _json(row.modifications)))
    if row.kind == "plan":
        plan_facts, plan_texts = _of_plan(session, row, static=static)
        facts, texts = facts + plan_facts, texts + plan_texts
    elif row.context is None:
        texts.append(("context", "blanked"))
    else:
        why = row.context.get("explanation")
        texts += [("why", why)] if why else []
        texts.append(("context", _json(row.context.get("context"))))
    shown = [Preformatted(f"{name}: {text}") for name, text in texts]
    return Stack(Sentences(row.title or row.approval_id), Grid([], facts), *shown)


def _facts(row: ApprovalRow) -> list[tuple[str, str]]:
    return [
        ("approval", row.approval_id),
        ("state", row.state if row.state is ApprovalState.PENDING else decided_text(row)),
        ("asked", joined([moment(row.asked_ms), f"by {row.asked_by}" if row.asked_by else ""])),
        *([("until", moment(row.expires_ms))] if row.expires_ms is not None else []),
        *([("decided", moment(row.decided_ms))] if row.decided_ms is not None else []),
        *([("used by", row.used_by)] if row.used_by else []),
    ]


def _of_plan(
    session: Session, row: ApprovalRow, *, static: bool
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Short facts about a plan, and its texts."""
    plan_id = row.plan_id or ""
    stored = queries.plan_spec(session.ledger, plan_id)
    if stored is None:
        return [("plan", f"{plan_id}, which is no more")], []
    spec = PlanSpec.from_json(stored)
    budget = "none" if spec.budget_pusd is None else f"{format_usd(spec.budget_pusd)} USD"
    facts = [
        *([] if static else [("plan", plan_id)]),
        ("model", f"{spec.model} at {place(spec.server_url, static=static)}"),
        ("budget", budget),
    ]
    first = queries.prompts_of(session.ledger, plan_id, 1)
    return facts, [
        ("template", spec.template),
        *([("system", spec.system)] if spec.system else []),
        *([("first prompt", first[0].prompt)] if first else []),
    ]


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
