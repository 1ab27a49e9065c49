"""The page of one question, and the decision on it. Reading decides nothing: programs follow links, too."""

from __future__ import annotations

import asyncio
import hmac
import html
import json
import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from loopai_nb.asgi.html import fact_list, page, plain_page, shown, text
from loopai_nb.asgi.messages import Answer
from loopai_nb.asgi.plan_view import Place, plan_view
from loopai_nb.errors import InputError, LoopaiNbError
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.approval.links import LinkKey
    from loopai_nb.asgi.messages import Scope
    from loopai_nb.ledger.records import ApprovalRow
    from loopai_nb.ledger.store import Ledger

__all__ = ["ApprovalPages"]

_MOST_NAME = 100
_MOST_REASON = 2_000
_MOST_FIELDS = 10
_SHOWN_DIGITS = 16
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_TEXT = "text/plain; charset=utf-8"
_DECISIONS = {"approve": ApprovalState.APPROVED, "reject": ApprovalState.REJECTED}

_log = logging.getLogger(__name__)


class _Refused(Exception):
    """A link or a form that is not taken; carries its answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class ApprovalPages:
    """Answers what the guard lets through.

    Args:
        ledger: Which has the questions.
        key: Signs the links.
        concurrency: Requests in flight at most, for the time that a plan would take.
    """

    def __init__(self, ledger: Ledger, key: LinkKey, *, concurrency: int = 32) -> None:
        self._ledger = ledger
        self._key = key
        self._concurrency = concurrency

    async def __call__(self, scope: Scope, body: bytes) -> Answer:
        """Answer one request."""
        path: str = scope["path"]
        if path.startswith("/a/"):
            # The ledger may wait for its lock: in a thread, so that others are answered.
            return await asyncio.to_thread(self._question, path[3:], scope, body)
        if scope["method"] == "POST":
            return plain_page(404, "There is nothing here", "Open the link that you were sent.")
        if path == "/health":
            return Answer(200, b"ok\n", _TEXT)
        if path == "/":
            sentence = "Pages to decide on plans are served here. Open the link that you were sent."
            return plain_page(200, "loopai_nb", sentence)
        return plain_page(404, "There is nothing here", "Open the link that you were sent.")

    def _question(self, token: str, scope: Scope, body: bytes) -> Answer:
        try:
            row = self._row_of(token)
            if scope["method"] == "POST":
                return self._decided(row, scope["path"], body)
            query = parse_qs(
                scope["query_string"].decode("latin-1"), max_num_fields=_MOST_FIELDS, errors="replace"
            )
            return self._page(row, Place.read(query))
        except _Refused as refused:
            return refused.answer
        except LoopaiNbError as error:
            _log.warning("A page could not be made: %s", error.message)
            return plain_page(503, "It can't be shown now", "The ledger did not answer. Try again soon.")
        except ValueError:  # too many fields
            return plain_page(400, "That was not understood", "Open the link that you were sent.")
        except Exception as error:  # noqa: BLE001  (a server's border; what it says may hold a prompt)
            _log.error("A page could not be made: %s", type(error).__name__)
            return plain_page(500, "It can't be shown", "Something here is at fault. Decide in a terminal.")

    def _row_of(self, token: str) -> ApprovalRow:
        """The question of a link that is ours, has not expired, and is for this content.

        Raises:
            _Refused: It is not.
        """
        link = self._key.read(token)
        if link is None:
            raise _Refused(
                plain_page(403, "This link is not valid", "It was changed, cut, or is of another machine.")
            )
        if link.expires_ms <= self._ledger.now_ms():
            raise _Refused(plain_page(410, "This link has expired", "Ask again for a decision."))
        try:
            row = self._ledger.approval(link.approval_id)
        except InputError:
            raise _Refused(
                plain_page(410, "This question is gone", "The ledger that is served here does not have it.")
            ) from None
        if not hmac.compare_digest(row.digest.encode(), link.digest.encode()):
            raise _Refused(
                plain_page(403, "This link is for another content", "What it was made for is not asked now.")
            )
        return row

    # Showing

    def _page(
        self,
        row: ApprovalRow,
        place: Place,
        *,
        error: str = "",
        form: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Answer:
        waits = row.state is ApprovalState.PENDING
        title, content = self._content(row, place)
        left = _left(row, self._ledger.now_ms()) if waits else ""
        lead = f"{row.asked_by or 'Somebody'} asked at {_clock(row.asked_ms)}."
        jump = '<p class="jump"><a href="#decide">Decide</a></p>' if waits else ""
        side = _form(row, form or {}, error) if waits else _result(row)
        facts = [
            ("Approval", row.approval_id),
            ("Plan", row.plan_id or ""),
            ("Digest", f"{row.digest[:_SHOWN_DIGITS]}…"),
        ]
        record = (
            f'<section class="card"><h2>In the ledger</h2>{fact_list(facts)}<p class="note">'
            "What is done is held against the digest; a change of one character needs another approval."
            "</p></section>"
        )
        head = f'<h1>{text(title)}</h1><p class="lead">{text(lead)}</p>{jump}'
        columns = f'<div class="two"><div>{content}</div><aside class="aside">{side}{record}</aside></div>'
        return page(title, head + columns, note=left, status=status, decides=waits)

    def _content(self, row: ApprovalRow, place: Place) -> tuple[str, str]:
        if row.plan_id is None:
            return row.title or row.approval_id, _context(row.context)
        try:
            return plan_view(self._ledger, row.plan_id, place, concurrency=self._concurrency)
        except InputError:
            return row.title or row.approval_id, '<p class="card">The plan is not in the ledger any more.</p>'

    # Deciding

    def _decided(self, row: ApprovalRow, path: str, body: bytes) -> Answer:
        form = {
            name: given[0]
            for name, given in parse_qs(
                body.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="replace"
            ).items()
        }
        state = _DECISIONS.get(form.get("decision", ""))
        if state is None or not hmac.compare_digest(form.get("digest", "").encode(), row.digest.encode()):
            return plain_page(400, "That was not understood", "Open the link again, and decide there.")
        if row.state is not ApprovalState.PENDING:
            return self._page(row, Place(), status=409)
        name, reason = form.get("name", "").strip(), form.get("reason", "").replace("\r\n", "\n").strip()
        problem = _problem(name, reason)
        if problem:
            return self._page(row, Place(), error=problem, form=form, status=400)
        given = self._ledger.decide_approval(
            row.approval_id, state, decided_by=name, means="link", feedback=reason
        )
        if not given:  # somebody was first, a moment ago
            return self._page(self._ledger.approval(row.approval_id), Place(), status=409)
        _log.info("%s was decided by a link: %s.", row.approval_id, state)
        # So that a page that is loaded anew posts nothing.
        return Answer(303, b"", _TEXT, (("location", path),))


def _problem(name: str, reason: str) -> str:
    if not name:
        return "Write your name: the ledger keeps who decided."
    if len(name) > _MOST_NAME or visible(name, one_line=True) != name:
        return f"Write your name in {_MOST_NAME} visible characters at most."
    return f"Give the reason in {_MOST_REASON:,} characters at most." if len(reason) > _MOST_REASON else ""


def _form(row: ApprovalRow, form: Mapping[str, str], error: str) -> str:
    said = f'<p class="error" id="error" role="alert">{text(error)}</p>' if error else ""
    described = ' aria-describedby="error" aria-invalid="true"' if error else ""
    return (
        '<section class="card" id="decide" tabindex="-1" aria-labelledby="decide-title">'
        f'<h2 id="decide-title">Your decision</h2>{said}<form method="post">'
        f'<input type="hidden" name="digest" value="{text(row.digest)}">'
        f'<label for="name">Your name</label><input id="name" name="name" required maxlength="{_MOST_NAME}" '
        f'autocomplete="name" value="{text(form.get("name", ""))}"{described}>'
        '<label for="reason">Reason <small>(kept with the decision)</small></label>'
        f'<textarea id="reason" name="reason" maxlength="{_MOST_REASON}">'
        f"\n{html.escape(form.get('reason', ''))}</textarea>"
        '<div class="buttons"><button class="yes" name="decision" value="approve">Approve</button>'
        '<button class="no" name="decision" value="reject">Reject</button></div></form>'
        '<p class="note">It is decided once, by whoever is first. Your name is kept as you write it.</p>'
        "</section>"
    )


def _result(row: ApprovalRow) -> str:
    words = {
        ApprovalState.APPROVED: "Approved",
        ApprovalState.REJECTED: "Rejected",
        ApprovalState.TIMEOUT: "Not decided in time",
    }
    by = f"by {row.decided_by}" if row.decided_by else ""
    how = f"({row.means})" if row.means else ""
    at = f"at {_clock(row.decided_ms)}" if row.decided_ms is not None else ""
    used = f"Used by {row.used_by}." if row.used_by else ""
    reason = f'<p class="said">{shown(row.feedback, most=_MOST_REASON)}</p>' if row.feedback else ""
    kind = "state" if row.state is ApprovalState.APPROVED else "state no"
    return (
        '<section class="card" role="status"><h2>Decided</h2>'
        f'<p class="{kind}">{words.get(row.state, text(row.state))}</p>'
        f'<p class="note">{text(" ".join(part for part in (by, how, at) if part))}. {text(used)}</p>'
        f"{reason}</section>"
    )


def _context(context: object) -> str:
    """What a gate shows."""
    if not isinstance(context, dict):
        return ""
    explanation = str(context.get("explanation") or "")
    said = (
        f'<section class="card"><h2>Why</h2><p class="why">{shown(explanation)}</p></section>'
        if explanation
        else ""
    )
    inner = context.get("context", {})
    if not inner:
        return said
    if isinstance(inner, dict) and all(not isinstance(value, dict | list) for value in inner.values()):
        body = fact_list((str(name), _plain(value)) for name, value in inner.items())
    else:
        body = f"<pre>{shown(json.dumps(inner, indent=2, ensure_ascii=False))}</pre>"
    return f'{said}<section class="card"><h2>What is asked about</h2>{body}</section>'


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _left(row: ApprovalRow, now_ms: int) -> str:
    if row.expires_ms is None:
        return "waits for a decision"
    left_ms = max(0, row.expires_ms - now_ms)
    if left_ms >= 2 * _HOUR_MS:
        said = f"{left_ms // _HOUR_MS} hours"
    else:
        minutes = max(1, left_ms // _MINUTE_MS)
        said = f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"waits until {_clock(row.expires_ms)}, {said} from now"


def _clock(at_ms: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at_ms / 1000))
