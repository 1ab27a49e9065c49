"""One request of the log as a person reads it: what was asked, every attempt, its cost, who said what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.clients.as_curl import SentAs, sent_as
from loopai_nb.errors import InputError
from loopai_nb.execution.result import request_id
from loopai_nb.notebook.marked import MOST, marked
from loopai_nb.notebook.wording import joined, latency, moment, plural
from loopai_nb.pricing import format_usd
from loopai_nb.records import RequestState
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from loopai_nb.ledger.request_course import Attempted, RequestCourse, Reviewed
    from loopai_nb.pricing import Price

__all__ = ["curl_of", "request_shown", "request_text"]

_MOST_CURL = 2_000_000
"""Characters of a prompt: more is not pasted."""

_MOST_ROWS = 20
_MOST_LABEL = 80
_MOST_LINE = 500
_PER_MTOK = 1_000_000

_STATES = {
    RequestState.ANSWERED: "answered",
    RequestState.FAILED: "failed",
    RequestState.MAYBE_PAID: "unknown: perhaps paid, and not sent again",
    RequestState.LEASED: "being sent",
    RequestState.WAITING: "waiting to be sent",
}
_OUTCOMES = {
    "answered": "answered",
    "not_sent": "not sent",
    "deferred": "asked to come later",
    "rejected": "refused",
    "unknown": "unknown: perhaps paid",
    "invalid": "answered with what can't be used",
}


def request_shown(course: RequestCourse, *, hit: str = "") -> dict[str, Any]:
    """One request for the widget (src/dash/request.ts); texts are marked, and cut where they are long.

    Args:
        course: Of the ledger.
        hit: What was searched for.
    """
    sent = _sent(course, _cut(course.prompt), None if course.system is None else _cut(course.system))
    return {
        "request_no": course.request_no,
        "run_id": course.run_id,
        "title": f"Request {course.request_no}",
        "facts": [[name, visible(value, one_line=True)] for name, value in _facts(course)],
        "prompt": marked(course.prompt, hit=hit),
        "system": None if course.system is None else marked(course.system, hit=hit),
        "answer": None if course.answer is None else marked(course.answer, hit=hit),
        "no_answer": "" if course.answer is not None else _short(course.error or "There is none."),
        "attempts": [_attempt(one) for one in course.attempts],
        "headers": [["POST", visible(sent.url)], *([name, value] for name, value in sent.headers.items())],
        "reviews": [_review(one) for one in course.reviews],
        "rows": _rows(course),
    }


def request_text(course: RequestCourse) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The same where there is no widget: facts, and texts as they are stored, by name."""
    facts = _facts(course)
    for one in course.attempts:
        shown = _attempt(one)
        took = f"took {shown['latency']}" if shown["latency"] else ""
        said = joined(
            [shown["outcome"], shown["waited"], took, shown["status"], shown["cost"], shown["error"]]
        )
        facts.append((f"attempt {one.number}", said))
    for review in course.reviews:
        shown = _review(review)
        facts.append(("review", joined([shown["state"], f"by {shown['by']}", shown["where"], shown["note"]])))
    facts.append(("rows", ", ".join(_rows(course))))
    texts = [] if course.system is None else [("system prompt", course.system)]
    texts.append(("prompt", course.prompt))
    texts.append(("answer", course.answer if course.answer is not None else course.error or "There is none."))
    return facts, texts


def curl_of(course: RequestCourse) -> str:
    """The request as a curl command, whole.

    Raises:
        InputError: It is too long to be pasted, or its prompt was blanked.
    """
    if len(course.prompt) > _MOST_CURL:
        raise InputError(
            f"The prompt has {len(course.prompt):,} characters, too many to paste.",
            "Export the log instead: loopai-nb log --jsonl FILE",
        )
    if not course.prompt:
        raise InputError("The prompt was blanked, so that it can't be sent again.")
    return _sent(course, course.prompt, course.system).curl()


def _sent(course: RequestCourse, prompt: str, system: str | None) -> SentAs:
    spec = course.spec
    return sent_as(spec.server_kind, spec.server_url, spec.model, prompt, system, spec.parameters)


def _cut(text: str) -> str:
    return text[:_MOST_LINE]  # only address and headers are shown


def _facts(course: RequestCourse) -> list[tuple[str, str]]:
    """What there is to say of it by name, in the order in which a person asks."""
    spec = course.spec
    state = "answered from the ledger" if course.is_cached else _STATES[course.state]
    facts = [
        ("status", state),
        ("asked", f"{spec.model} at {spec.server_url}"),
        ("run", f"{course.run_id} · {course.frame_name} · began {moment(course.begun_ms)}"),
        ("request id", request_id(course.key)),
    ]
    if course.answered_ms is not None:
        model = "" if course.answer_model in {"", spec.model} else f"by {course.answer_model}"
        took = "" if course.latency_ms is None else f"in {latency(course.latency_ms)}"
        facts.append(("answered", joined([moment(course.answered_ms), took, model, course.finish_reason])))
    if course.is_cached and course.paid_by is not None:
        cost = format_usd(course.answer_cost_pusd or 0)
        facts.append(("paid by", f"{course.paid_by}, {cost} USD, which were saved here"))
    facts += [("tokens", _tokens(course)), ("cost", _cost(course))]
    if course.decided_by or course.means:
        when = "" if course.decided_ms is None else moment(course.decided_ms)
        by = f"by {course.decided_by}" if course.decided_by else ""
        told = f"“{course.feedback}”" if course.feedback else ""
        facts.append(("approved", joined([by, f"({course.means})", when, course.approval_id, told])))
    return facts


def _tokens(course: RequestCourse) -> str:
    if course.input_tokens is None:
        return "unknown"
    if not course.input_tokens:
        return "the server counted none"
    return f"{course.input_tokens:,} in, {course.output_tokens or 0:,} out"


def _cost(course: RequestCourse) -> str:
    """What it cost, by which price."""
    price = course.spec.price
    if price is None:
        return "unknown: nobody knows the price"
    tries = f" for {plural(len(course.attempts), 'attempt')}" if len(course.attempts) > 1 else ""
    return f"{format_usd(course.cost_pusd)} USD{tries}, at {_price(price)}"


def _price(price: Price) -> str:
    million = (
        format_usd(one * _PER_MTOK) for one in (price.input_pusd_per_token, price.output_pusd_per_token)
    )
    inward, outward = million
    return f"{inward} in and {outward} out per million tokens ({price.source})"


def _attempt(one: Attempted) -> dict[str, Any]:
    tokens = "" if one.input_tokens is None else f"{one.input_tokens:,} in, {one.output_tokens or 0:,} out"
    status = "" if one.status_code is None else f"HTTP {one.status_code}"
    kind = one.error_kind or ""
    return {
        "number": one.number,
        "at_ms": one.ended_ms,
        "waited": "" if one.waited_ms is None else f"after {latency(one.waited_ms)}",
        "outcome": _OUTCOMES.get(one.outcome, one.outcome),
        "good": one.outcome == "answered",
        "latency": "" if one.latency_ms is None else latency(one.latency_ms),
        "status": joined([status, visible(kind, one_line=True)]),
        "error": _short(one.error or ""),
        "tokens": tokens,
        "cost": f"{format_usd(one.cost_pusd)} USD" if one.cost_pusd else "",
        "text": None if one.text is None else marked(one.text, most=MOST // 10),
    }


def _review(said: Reviewed) -> dict[str, Any]:
    return {
        "state": said.state.lower(),
        "by": visible(said.reviewer, one_line=True),
        "at_ms": said.at_ms,
        "note": _short(said.note),
        "text": None if said.text is None else marked(said.text, most=MOST // 10),
        "where": "" if said.position is None else f"row {said.position:,} alone",
    }


def _rows(course: RequestCourse) -> list[str]:
    """The labels of its rows, and how many more there are."""
    shown = [visible(label, one_line=True)[:_MOST_LABEL] for label, _ in course.rows[:_MOST_ROWS]]
    more = course.row_count - len(shown)
    return [*shown, f"and {more:,} more"] if more > 0 else shown


def _short(text: str) -> str:
    return visible(text, one_line=True)[:_MOST_LINE]
