"""What the dashboard's request log is told and may ask; the widget's side is src/dash/log.ts."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.ledger.figures import Figures, Scope
from loopai_nb.ledger.request_log import RequestLog
from loopai_nb.ledger.wanted import ORDERS, Wanted
from loopai_nb.notebook.dashboard_scope import PRESETS, Looked
from loopai_nb.notebook.log_request import curl_of, request_shown
from loopai_nb.notebook.wording import latency
from loopai_nb.pricing import format_usd
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loopai_nb.ledger.request_log import LoggedRequest
    from loopai_nb.ledger.store import Ledger

__all__ = ["LogDesk"]

_MOST_WINDOW = 200
_FIRST_WINDOW = 64
_MOST_TEXT = 160
_MOST_NAME = 60
_MOST_SEARCH = 500
_LOOKS_KEPT = 8
_MOST_NUMBER = 2**53
_MOST_KINDS = 100


class LogDesk:
    """Answers what a request log asks. Safe to use from several threads.

    A look is a filter whose period is fixed when it is opened, so that rows keep their places; ``refresh``
    lets in what came since.

    Args:
        ledger: Of which.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._log = RequestLog(ledger)
        self._lock = threading.Lock()
        self._looks: OrderedDict[str, Wanted] = OrderedDict()
        self._made = 0

    @property
    def handlers(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """By the kinds of messages, without ``log.``."""
        return {
            "open": self._open,
            "count": self._count,
            "window": self._window,
            "refresh": self._refresh,
            "one": self._one,
            "curl": self._curl,
            "kinds": self._kinds,
        }

    def _open(self, message: dict[str, Any]) -> dict[str, Any]:
        """The newest of what is wanted, at once; how many there are is asked for next."""
        wanted = wanted_of(message, self._ledger.now_ms())
        with self._lock:
            self._made += 1
            look = str(self._made)
            self._looks[look] = wanted
            while len(self._looks) > _LOOKS_KEPT:
                self._looks.popitem(last=False)
        if self._log.news(wanted):  # it may have been looked at before
            self._log.refresh(wanted)
        rows = self._log.window(wanted, 0, _FIRST_WINDOW)
        total = len(rows) if len(rows) < _FIRST_WINDOW else None
        return {"look": look, "rows": [_row(row) for row in rows], "total": total}

    def _count(self, message: dict[str, Any]) -> int:
        return self._log.count(self._look(message))

    def _window(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        first, count = max(0, int(message["first"])), min(_MOST_WINDOW, int(message["count"]))
        return [_row(row) for row in self._log.window(self._look(message), first, count)]

    def _refresh(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """What there is now; None where nothing came."""
        wanted = self._look(message)
        if not self._log.news(wanted):
            return None
        self._log.refresh(wanted)
        total = self._log.count(wanted)
        return {
            "look": str(message["look"]),
            "rows": [_row(row) for row in self._log.window(wanted, 0, _FIRST_WINDOW)],
            "total": total,
        }

    def _one(self, message: dict[str, Any]) -> dict[str, Any]:
        course = self._log.one(*_named(message))
        return request_shown(course, hit=str(message.get("hit") or "")[:_MOST_SEARCH])

    def _curl(self, message: dict[str, Any]) -> str:
        return curl_of(self._log.one(*_named(message)))

    def _kinds(self, message: dict[str, Any]) -> list[str]:
        """Kinds of errors that there are in the scope."""
        wanted = wanted_of({"scope": message.get("scope")}, self._ledger.now_ms())
        scope = Scope(wanted.since_ms or 0, wanted.until_ms or self._ledger.now_ms() + 1)
        return Figures(self._ledger).choices(scope).error_kinds[:_MOST_KINDS]

    def _look(self, message: dict[str, Any]) -> Wanted:
        with self._lock:
            wanted = self._looks.get(str(message.get("look")))
        if wanted is None:
            raise InputError("The log was looked at in another way meanwhile.", "Look again.")
        return wanted


def wanted_of(message: Mapping[str, Any], now_ms: int) -> Wanted:
    """Which requests a widget asks for, by its ``scope`` and ``wanted`` (src/dash/state.ts).

    What makes no sense there is as if it was not said.

    Raises:
        InputError: There is no such status, review or order.
    """
    looked = Looked.of(message)
    given = message.get("wanted")
    said: dict[str, Any] = given if isinstance(given, dict) else {}
    since_ms, until_ms = looked.since_ms, looked.until_ms
    if looked.last is not None and looked.last in PRESETS:
        since_ms, until_ms = now_ms - PRESETS[looked.last], None
    search = _text(said.get("search"))
    order = _text(said.get("order"))
    return Wanted(
        since_ms=since_ms,
        until_ms=until_ms,
        run_id=looked.run,
        server=looked.server,
        model=looked.model,
        template=looked.template,
        search=None if search is None or not search.strip() else search[:_MOST_SEARCH],
        status=_text(said.get("status")),
        error_kind=_text(said.get("error_kind")),
        min_latency_ms=_number(said.get("min_latency_ms")),
        max_latency_ms=_number(said.get("max_latency_ms")),
        min_cost_pusd=_whole(said.get("min_cost_pusd")),
        max_cost_pusd=_whole(said.get("max_cost_pusd")),
        review=_text(said.get("review")),
        order=ORDERS[0] if order is None else order,
        descending=said.get("descending") is not False,
    )


def _named(message: Mapping[str, Any]) -> tuple[int, str | None]:
    """Which request a message is about."""
    given = message.get("request")
    request: dict[str, Any] = given if isinstance(given, dict) else {}
    number = request.get("request_no")
    if not isinstance(number, int) or isinstance(number, bool):
        raise InputError("That is no request.")
    return number, _text(request.get("run_id"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _MOST_NUMBER
    return float(value) if good else None  # type: ignore[arg-type]


def _whole(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _row(row: LoggedRequest) -> dict[str, Any]:
    """A line of the list: short, in one line, and with nothing in it that would not be seen."""
    return {
        "request_no": row.request_no,
        "run_id": row.run_id,
        "at_ms": row.at_ms,
        "status": row.status,
        "model": _short(row.model, _MOST_NAME),
        # What tells it from others of its template.
        "prompt": _short(row.prompt[row.same :], _MOST_TEXT),
        "answer": None if row.answer is None else _short(row.answer, _MOST_TEXT),
        "error": "" if row.status == "answered" else _short(row.error_kind or row.error or "", _MOST_NAME),
        "latency": "" if row.latency_ms is None else latency(row.latency_ms),
        "cost": format_usd(row.cost_pusd) if row.cost_pusd else "",
        "tokens": row.input_tokens + row.output_tokens,
        "attempts": row.attempts,
        "review": "" if row.review is None else row.review.lower(),
    }


def _short(text: str, most: int) -> str:
    """Its beginning; of what belongs together all white space is one space."""
    return visible(" ".join(text[: 2 * most].split()), one_line=True)[:most]
