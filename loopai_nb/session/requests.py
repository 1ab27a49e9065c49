"""The request log and the costs of a session, as DataFrames and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from loopai_nb.errors import InputError
from loopai_nb.ledger.figures import Figures, Scope
from loopai_nb.ledger.queries import run_row
from loopai_nb.ledger.request_log import RequestLog
from loopai_nb.ledger.wanted import Wanted
from loopai_nb.pricing import PUSD_PER_USD, pusd
from loopai_nb.session.metrics import Measured
from loopai_nb.session.moments import since_ms

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    import pandas as pd

    from loopai_nb.execution.run import Run
    from loopai_nb.ledger.request_log import LoggedRequest
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.session.moments import Since

__all__ = ["COST_GROUPS", "Requests", "wanted_of"]

COST_GROUPS = ("run", "model", "server", "template", "error_kind", "day")

_FILTERS = (
    *("search", "status", "error_kind", "model", "server", "template", "review"),
    *("min_latency_ms", "max_latency_ms", "min_tokens", "max_tokens"),
)
_MOST_GROUPS = 1_000_000
_AT_ONCE = 5_000
"""Requests of one frame while a file is written."""


class Requests(Measured):
    """The part of a session that shows what was asked, request by request."""

    def requests(self, run: str | Run | None = None, **options: Any) -> pd.DataFrame:
        """The request log: every request that was sent, or answered from the ledger.

        Args:
            run: Only of this run, by its id or handle.
            **options: ``search`` (words in prompts and answers), ``status`` (answered, cached, failed,
                retried, unknown), ``error_kind``, ``model``, ``server``, ``template``, ``since`` and
                ``until`` ("24h", "7d", a date, a datetime), ``min_latency_ms``, ``max_latency_ms``,
                ``min_cost_usd``, ``max_cost_usd``, ``min_tokens``, ``max_tokens``, ``review`` (accepted,
                edited, rejected, skipped, none), ``order`` (at, latency, cost, tokens; "-at", the default,
                is the newest first) and ``limit`` (10,000; None for all).

        Returns:
            A row each: ``at`` (when it ended, UTC), ``run_id``, ``status`` (answered, cached, failed,
            unknown, or waiting to be tried again), ``server``, ``model``, ``frame``, ``prompt``, ``system``,
            ``answer``, ``error_kind``, ``error``, ``latency_ms``, ``input_tokens``, ``output_tokens`` and
            ``cost_usd`` of all its attempts, ``attempts``, ``review`` and ``request_id``, by which a result
            has it; the index is ``request_no``. Texts are as they are stored: redacted.

        Raises:
            InputError: There is no such run or option, or a value is none that it takes.
        """
        limit = options.pop("limit", 10_000)
        wanted = wanted_of(self.ledger, run, **options)
        return _frame(list(RequestLog(self.ledger).all(wanted, _checked(limit))))

    def costs(
        self,
        by: Literal["run", "model", "server", "template", "error_kind", "day"] = "model",
        *,
        since: Since | None = None,
        until: Since | None = None,
        run: str | Run | None = None,
    ) -> pd.DataFrame:
        """What requests came to, by run, model, server, template, kind of error or day (UTC).

        Args:
            by: What makes a row.
            since: Only what ended then or later: "24h", "7d", a date, a datetime. Whole minutes.
            until: And before.
            run: Only of this run.

        Returns:
            The dearest first, days in order; the index is the name. ``label`` (the name of a run's frame, the
            first line of a template), ``requests``, ``answered``, ``cached``, ``failed``, ``retried``,
            ``unknown``, ``input_tokens``, ``output_tokens``, ``cost_usd``, ``saved_usd`` (what answers from
            the ledger had cost), ``p50_ms``, ``p95_ms``.

        Raises:
            InputError: Nothing is counted by that, or a time that is none.
        """
        import pandas as pd

        if by not in COST_GROUPS:
            raise InputError(f"Costs are not counted by {by!r}.", f"There are: {', '.join(COST_GROUPS)}.")
        now_ms = self.ledger.now_ms()
        scope = Scope(
            0 if since is None else since_ms(since, now_ms),
            now_ms + 1 if until is None else since_ms(until, now_ms),
            run_id=_run_id(self.ledger, run),
        )
        found = Figures(self.ledger).by(scope, by, most=_MOST_GROUPS)
        records = [
            {
                "label": group.label,
                "requests": group.totals.requests,
                "answered": group.totals.answered,
                "cached": group.totals.cached,
                "failed": group.totals.failed,
                "retried": group.totals.retried,
                "unknown": group.totals.unknown,
                "input_tokens": group.totals.input_tokens,
                "output_tokens": group.totals.output_tokens,
                "cost_usd": group.totals.cost_pusd / PUSD_PER_USD,
                "saved_usd": group.totals.saved_pusd / PUSD_PER_USD,
                "p50_ms": group.totals.p50_ms,
                "p95_ms": group.totals.p95_ms,
            }
            for group in found
        ]
        index = pd.Index([group.name for group in found], name=by, dtype="object")
        return pd.DataFrame(records, index=index, columns=list(_COSTS)).astype(_COSTS)

    def export(
        self,
        what: pd.DataFrame | Literal["requests"],
        path: str | os.PathLike[str],
        **options: Any,
    ) -> int:
        """Write a DataFrame, or the request log, as ``.csv``, ``.parquet`` or ``.jsonl``; returns its rows.

        In CSV a text that a spreadsheet would compute gets an apostrophe before it. A frame's index is
        written where it has a name. The log is written some requests at a time, however long it is.

        Args:
            what: A frame, or ``"requests"``.
            path: Is replaced when all is written.
            **options: Of ``requests``; without a limit all are written.

        Raises:
            InputError: No such ending, it can't be written, or see ``requests``.
        """
        from loopai_nb.session.frame_files import export

        if not isinstance(what, str):
            named = [name for name in what.index.names if name is not None]
            frame = what.reset_index() if named and len(named) == what.index.nlevels else what
            return export([frame], path)
        if what != "requests":
            raise InputError(f"There is no {what!r} to write.", 'Write a DataFrame, or "requests".')
        limit = _checked(options.pop("limit", None))
        run = options.pop("run", None)
        wanted = wanted_of(self.ledger, run, **options)
        return export(_frames(RequestLog(self.ledger).all(wanted, limit)), path)


def wanted_of(
    ledger: Ledger,
    run: str | Run | None = None,
    *,
    since: Since | None = None,
    until: Since | None = None,
    order: str = "-at",
    min_cost_usd: Decimal | float | str | None = None,
    max_cost_usd: Decimal | float | str | None = None,
    **filters: Any,
) -> Wanted:
    """Which requests are meant by the options of ``Requests.requests``.

    Raises:
        InputError: An option that there is not, or a value that it does not take.
    """
    for name in filters:
        if name not in _FILTERS:
            more = ("since", "until", "order", "min_cost_usd", "max_cost_usd", "limit")
            raise InputError(f"Requests have no {name!r}.", f"There are: {', '.join([*_FILTERS, *more])}.")
    now_ms = ledger.now_ms()
    return Wanted(
        since_ms=None if since is None else since_ms(since, now_ms),
        until_ms=None if until is None else since_ms(until, now_ms),
        run_id=_run_id(ledger, run),
        min_cost_pusd=None if min_cost_usd is None else pusd(min_cost_usd),
        max_cost_pusd=None if max_cost_usd is None else pusd(max_cost_usd),
        order=order.removeprefix("-"),
        descending=order.startswith("-"),
        **filters,
    )


def _run_id(ledger: Ledger, run: str | Run | None) -> str | None:
    if run is None:
        return None
    return run_row(ledger, run).run_id if isinstance(run, str) else run.run_id


def _checked(limit: int | None) -> int | None:
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
        raise InputError(f"limit is {limit!r}; it has to be a whole number, 0 or more, or None.")
    return limit


def _frames(found: Iterable[LoggedRequest]) -> Iterator[pd.DataFrame]:
    part: list[LoggedRequest] = []
    for one in found:
        part.append(one)
        if len(part) == _AT_ONCE:
            yield _frame(part).reset_index()
            part = []
    yield _frame(part).reset_index()


def _frame(found: list[LoggedRequest]) -> pd.DataFrame:
    import pandas as pd

    from loopai_nb.execution.result import request_id

    index = pd.Index([one.request_no for one in found], name="request_no", dtype="int64")
    at = pd.to_datetime(
        pd.Series([one.at_ms for one in found], index=index, dtype="int64"), unit="ms", utc=True
    )
    columns: dict[str, Any] = {
        "at": at.dt.as_unit("ms"),
        "run_id": [one.run_id for one in found],
        "status": [one.status for one in found],
        "server": [one.server for one in found],
        "model": [one.model for one in found],
        "frame": [one.frame_name for one in found],
        "prompt": [one.prompt for one in found],
        "system": [one.system for one in found],
        "answer": [one.answer for one in found],
        "error_kind": [one.error_kind for one in found],
        "error": [one.error for one in found],
        "latency_ms": [one.latency_ms for one in found],
        "input_tokens": [one.input_tokens for one in found],
        "output_tokens": [one.output_tokens for one in found],
        "cost_usd": [one.cost_pusd / PUSD_PER_USD for one in found],
        "attempts": [one.attempts for one in found],
        "review": [one.review for one in found],
        "request_id": [request_id(one.key) for one in found],
    }
    numbers = {"latency_ms": "float64", "cost_usd": "float64"}
    numbers |= dict.fromkeys(("input_tokens", "output_tokens", "attempts"), "int64")
    return pd.DataFrame(
        {
            name: values
            if name == "at"
            else pd.Series(values, index=index, dtype=numbers.get(name, "object"))
            for name, values in columns.items()
        },
        index=index,
    )


_COSTS = {"label": "object"}
_COSTS |= dict.fromkeys(
    ("requests", "answered", "cached", "failed", "retried", "unknown", "input_tokens", "output_tokens"),
    "int64",
)
_COSTS |= dict.fromkeys(("cost_usd", "saved_usd", "p50_ms", "p95_ms"), "float64")
