"""Forgetting old text, or old plans with all that belongs to them, on request.

What is done is done in many small transactions, so that others can write in between. After a kill in the
middle the same call does the rest.
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from sqlalchemy import func, or_, select, text, update

from loopai_nb.errors import InputError
from loopai_nb.ledger import dropping, forgetting, search_index, watermarks
from loopai_nb.ledger.locks import hold_plan
from loopai_nb.ledger.money import day_of
from loopai_nb.ledger.runs import LIVE
from loopai_nb.ledger.schema import answers, attempts, plans, requests, reviews, runs
from loopai_nb.ledger.transaction import Kept, carry_out
from loopai_nb.records import RequestState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection, Engine

    from loopai_nb.ledger.store import Ledger

__all__ = ["BLANKED", "Pruned", "prune"]

T = TypeVar("T")

BLANKED = "blanked on "
"""How the error of a request begins whose answer was blanked; a day (UTC) follows."""

CHUNK = 1_000
"""Rows that one transaction changes at most."""

_MS_PER_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten, or would be.

    Attributes:
        mode: ``blank`` or ``drop``.
        before_ms: What was answered before (epoch milliseconds).
        plans: Dropped.
        requests: Dropped, or whose prompt was emptied.
        answers: Dropped, or whose text was emptied. One that a younger plan uses is not dropped.
        attempts: Dropped, or whose text and error were emptied.
        kept: Runs that are old enough and were left alone: carried out or, for ``drop``, interrupted (they
            can be resumed).
        clean: Nothing of it is left in the files of a SQLite ledger; False while somebody reads in it, whose
            view of what was before keeps it in the log. On Postgres, whether it was vacuumed.
    """

    mode: str
    before_ms: int
    plans: int = 0
    requests: int = 0
    answers: int = 0
    attempts: int = 0
    kept: tuple[str, ...] = ()
    clean: bool = False


def prune(
    ledger: Ledger,
    *,
    older_than_days: float,
    mode: Literal["blank", "drop"],
    vacuum: bool = False,
    dry_run: bool = False,
) -> Pruned:
    """Forget what is older than an age.

    Args:
        ledger: Where.
        older_than_days: The age, 0 or more.
        mode: ``blank`` empties the prompts, system prompts and texts of what was answered before, and the
            texts and errors of its attempts, what reviewers wrote and what was shown and said in approvals;
            keys, tokens, costs and times stay, and such an answer serves as cache no more. What has no answer
            keeps its prompt, or it could not be resumed. ``drop`` deletes plans and runs that ended before
            with all that belongs to them; the days' accounts and the audit chain stay.
        vacuum: Give the room back afterwards; a SQLite ledger needs as much again while that is done.
        dry_run: Only count.

    Raises:
        InputError: The age is negative or no number.
        LedgerError: A write failed; what was forgotten before stays so.
    """
    if not (math.isfinite(older_than_days) and older_than_days >= 0):
        raise InputError("The age has to be a number of days, 0 or more.")
    before_ms = ledger.now_ms() - int(older_than_days * _MS_PER_DAY)
    work = _Blanking if mode == "blank" else _Dropping
    return work(ledger, before_ms, dry_run=dry_run).done(vacuum=vacuum)


class _Work:
    """What both ways of forgetting share."""

    mode = ""

    def __init__(self, ledger: Ledger, before_ms: int, *, dry_run: bool) -> None:
        self._ledger = ledger
        self._before_ms = before_ms
        self._dry_run = dry_run

    def done(self, *, vacuum: bool) -> Pruned:
        """Do it."""
        kept = tuple(self._kept())
        counts = self._count(kept) if self._dry_run else self._carry_out(kept)
        if not self._dry_run:
            # They hold values and keys of rows. A moved mark stays: without it all would be pulled again.
            self._do(partial(watermarks.drop_waiting, before_ms=self._before_ms))
        while not self._dry_run and self._do(search_index.clean_some):
            pass
        clean = not self._dry_run and _clean(self._ledger.engine, vacuum=vacuum)
        return Pruned(self.mode, self._before_ms, kept=kept, clean=clean, **counts)

    def _kept(self) -> Iterable[str]:
        raise NotImplementedError

    def _count(self, kept: tuple[str, ...]) -> dict[str, int]:
        raise NotImplementedError

    def _carry_out(self, kept: tuple[str, ...]) -> dict[str, int]:
        raise NotImplementedError

    def _live(self) -> list[Any]:
        """Old runs that say RUNNING or PAUSED, with whether nobody carries them out any more."""
        statement = (
            select(runs.c.run_id)
            .join(plans, plans.c.plan_id == runs.c.plan_id)
            .where(runs.c.state.in_(LIVE), plans.c.created_ms < self._before_ms)
            .order_by(runs.c.created_ms)
        )
        with _reading(self._ledger.engine) as connection:
            found = connection.execute(statement).scalars().all()
            return [(run_id, self._ledger.nobody_left(connection, run_id)) for run_id in found]

    def _do(self, operation: Callable[[Connection], T]) -> T:
        with contextlib.closing(Kept(self._ledger.engine)) as own:
            (done,) = carry_out(own, [lambda connection: _securely(connection, operation)])
        return cast("T", done)

    def _until_none(self, some: Callable[..., int]) -> None:
        """Carry out a step of ``forgetting`` until nothing is left for it."""
        step = partial(some, before_ms=self._before_ms, most=CHUNK, now_ms=self._ledger.now_ms())
        while self._do(step):
            pass

    def _all(self, statement: Any) -> list[Any]:
        """The first column of a query."""
        with _reading(self._ledger.engine) as connection:
            return list(connection.execute(statement).scalars())


class _Blanking(_Work):
    mode = "blank"

    def _kept(self) -> Iterable[str]:
        return (run_id for run_id, left in self._live() if not left)

    def _old_answers(self, kept: tuple[str, ...]) -> Any:
        return (
            (answers.c.answered_ms < self._before_ms)
            & answers.c.text.is_not(None)
            & answers.c.run_id.not_in(kept)
        )

    def _old_attempts(self, kept: tuple[str, ...]) -> Any:
        return (
            (attempts.c.ended_ms < self._before_ms)
            & or_(attempts.c.text.is_not(None), attempts.c.error.is_not(None))
            & attempts.c.run_id.not_in(kept)
        )

    def _count(self, kept: tuple[str, ...]) -> dict[str, int]:
        old = (answers.c.answered_ms < self._before_ms) & answers.c.run_id.not_in(kept)
        prompts = (
            select(func.count())
            .select_from(requests)
            .join(plans, plans.c.plan_id == requests.c.plan_id)
            .join(answers, answers.c.request_no == requests.c.answer_no)
            .where(plans.c.created_ms < self._before_ms, old, _ANSWERED, requests.c.prompt != "")
            .where(plans.c.plan_id.not_in(_plans_of(kept)))
        )
        with _reading(self._ledger.engine) as connection:
            return {
                "answers": _counted(connection, answers, self._old_answers(kept)),
                "attempts": _counted(connection, attempts, self._old_attempts(kept)),
                "requests": connection.execute(prompts).scalar_one(),
            }

    def _carry_out(self, kept: tuple[str, ...]) -> dict[str, int]:
        texts = self._through(
            answers, answers.c.request_no, self._old_answers(kept), {"text": None}, indexed=True
        )
        sends = self._through(
            attempts, attempts.c.attempt_no, self._old_attempts(kept), {"text": None, "error": None}
        )
        with _reading(self._ledger.engine) as connection:
            carried_out = set(connection.execute(_plans_of(kept)).scalars())
            every = connection.execute(
                select(plans.c.plan_id, plans.c.created_ms).where(plans.c.digest.is_not(None))
            ).all()
        old_reviews = (reviews.c.at_ms < self._before_ms) & reviews.c.run_id.not_in(kept)
        written = or_(reviews.c.text.is_not(None), reviews.c.note != "")
        self._through(reviews, reviews.c.review_no, old_reviews & written, {"text": None, "note": ""})
        self._until_none(forgetting.blank_some)
        prompts = 0
        for plan in every:
            old = plan.created_ms < self._before_ms and plan.plan_id not in carried_out
            while changed := self._do(partial(self._say, plan=plan, old=old)):
                prompts += changed if old else 0
        return {"answers": texts, "attempts": sends, "requests": prompts}

    def _through(
        self, table: Any, number: Any, condition: Any, values: dict[str, Any], *, indexed: bool = False
    ) -> int:
        """Change all rows of a table that a condition holds for, in the order of their numbers."""
        total, last = 0, -1
        while True:
            with _reading(self._ledger.engine) as connection:
                chunk = connection.execute(
                    select(number).where(number > last, condition).order_by(number).limit(CHUNK)
                )
                found = list(chunk.scalars())
            if not found:
                return total
            last = found[-1]
            change = update(table).where(number.in_(found), condition).values(values)
            total += self._do(partial(_changed, change=change, indexed=found if indexed else ()))

    def _say(self, connection: Connection, *, plan: Any, old: bool) -> int:
        """Say of requests that their answer was blanked, and empty the prompts where the plan is old, too."""
        hold_plan(connection, plan.plan_id)
        to_do: Any = or_(requests.c.error.is_(None), requests.c.error.not_like(f"{BLANKED}%"))
        values: dict[str, Any] = {"error": BLANKED + day_of(self._ledger.now_ms())}
        if old:
            to_do = or_(to_do, requests.c.prompt != "")
            values |= {"prompt": "", "system": None}
        chunk = (
            select(requests.c.request_no)
            .join(answers, answers.c.request_no == requests.c.answer_no)
            .where(requests.c.plan_id == plan.plan_id, _ANSWERED, answers.c.text.is_(None), to_do)
            .limit(CHUNK)
        )
        found = list(connection.execute(chunk).scalars())
        if not found:
            return 0
        if old:
            search_index.forget(connection, found)
        return connection.execute(
            update(requests).where(requests.c.request_no.in_(found)).values(values)
        ).rowcount


class _Dropping(_Work):
    mode = "drop"

    def _kept(self) -> Iterable[str]:
        return (run_id for run_id, _ in self._live())

    def _old_plans(self) -> Any:
        """Plans that are old, and whose runs have all ended before."""
        busy = select(runs.c.plan_id).where(
            or_(
                runs.c.state.in_(LIVE),
                func.coalesce(runs.c.ended_ms, runs.c.created_ms) >= self._before_ms,
            )
        )
        return (
            (plans.c.created_ms < self._before_ms)
            & plans.c.digest.is_not(None)
            & plans.c.plan_id.not_in(busy)
        )

    def _count(self, kept: tuple[str, ...]) -> dict[str, int]:  # noqa: ARG002  (the other way needs it)
        old = select(plans.c.plan_id).where(self._old_plans())
        of_old = requests.c.plan_id.in_(old)
        paid = answers.c.request_no.in_(select(requests.c.request_no).where(of_old))
        sent = attempts.c.run_id.in_(select(runs.c.run_id).where(runs.c.plan_id.in_(old)))
        with _reading(self._ledger.engine) as connection:
            return {
                "plans": _counted(connection, plans, self._old_plans()),
                "requests": _counted(connection, requests, of_old),
                "answers": _counted(connection, answers, paid),
                "attempts": _counted(connection, attempts, sent),
            }

    def _carry_out(self, kept: tuple[str, ...]) -> dict[str, int]:  # noqa: ARG002  (the other way needs it)
        condition, before_ms = self._old_plans(), self._before_ms
        closed = [
            plan_id
            for plan_id in self._all(select(plans.c.plan_id).where(condition))
            if self._do(
                partial(
                    dropping.close,
                    plan_id=plan_id,
                    condition=condition,
                    before_ms=before_ms,
                    now_ms=self._ledger.now_ms(),
                )
            )
        ]
        counts = {"plans": len(closed), "requests": 0, "answers": 0, "attempts": 0}
        forgotten = self._all(select(plans.c.plan_id).where(self._forgotten()))
        for plan_id in dict.fromkeys((*closed, *forgotten)):
            requested = CHUNK
            while requested:
                requested, paid = self._do(partial(dropping.some_requests, plan_id=plan_id, most=CHUNK))
                counts["requests"] += requested
                counts["answers"] += paid
            while self._do(partial(dropping.some_rows, plan_id=plan_id, most=CHUNK)):
                pass
        gone = attempts.c.run_id.not_in(select(runs.c.run_id))
        for run_id in self._all(select(attempts.c.run_id).where(gone).distinct()):
            while sent := self._do(partial(dropping.some_attempts, run_id=run_id, most=CHUNK)):
                counts["attempts"] += sent
        found = self._all(select(answers.c.request_no).where(dropping.orphans(before_ms)))
        for start in range(0, len(found), CHUNK):
            chunk = found[start : start + CHUNK]
            counts["answers"] += self._do(partial(dropping.some_orphans, found=chunk))
        self._until_none(forgetting.drop_some_gates)
        return counts

    def _forgotten(self) -> Any:
        """Plans without a digest that nobody is making any more: closed before, or left by a kill."""
        day_ago_ms = self._ledger.now_ms() - _MS_PER_DAY
        return plans.c.digest.is_(None) & (plans.c.created_ms < min(self._before_ms, day_ago_ms))


_ANSWERED = requests.c.state == RequestState.ANSWERED


def _plans_of(run_ids: tuple[str, ...]) -> Any:
    return select(runs.c.plan_id).where(runs.c.run_id.in_(run_ids))


def _counted(connection: Connection, table: Any, condition: Any) -> int:
    return connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()


def _changed(connection: Connection, change: Any, indexed: Sequence[int]) -> int:
    """Carry out a change; of these answers the search index keeps no word."""
    numbers: list[int] = []
    if indexed:
        # Two statements, each by its index.
        for using in (
            requests.c.request_no.in_(indexed),
            requests.c.cached & requests.c.answer_no.in_(indexed),
        ):
            numbers += connection.execute(select(requests.c.request_no).where(using)).scalars()
    if numbers:
        search_index.forget(connection, numbers)
        search_index.requeue(connection, numbers)
    return connection.execute(change).rowcount


def _reading(engine: Engine) -> Connection:
    return engine.connect().execution_options(reading=True)


def _securely(connection: Connection, operation: Callable[[Connection], T]) -> T:
    """What is freed is written over with zeros, so that nobody finds the text in the file."""
    if connection.dialect.name != "sqlite":
        return operation(connection)
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        return operation(connection)
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")


def _clean(engine: Engine, *, vacuum: bool) -> bool:
    if engine.dialect.name != "sqlite":
        if vacuum:
            options = {"isolation_level": "AUTOCOMMIT", "unmarked": True}
            with engine.connect().execution_options(**options) as connection:
                for table in ("answers", "attempts", "requests", "plans", "search_index"):
                    connection.execute(text(f"VACUUM {table}"))
        return vacuum
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if vacuum:
            with driver.writing():
                driver.execute("PRAGMA secure_delete = ON")
                driver.execute("VACUUM")
                driver.execute("PRAGMA secure_delete = OFF")
        return bool(driver.checkpoint())
