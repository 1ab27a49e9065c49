"""Several processes on two runs, in any order of what may happen to them; see test_promises.py."""

import asyncio
import contextlib
import itertools
from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from leases import ENDINGS, REQUESTS, Held, Row

from loopai_nb.errors import InputError, LedgerError
from loopai_nb.ledger.rebuilding import differ
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.runs import Reopening
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import Outcome, RequestState, RunState

SHORTLY_BEFORE_MIDNIGHT_S = 1_795_305_540.0  # 2026-11-21 23:59 UTC

WORKERS = 3
PROMPTS = ([str(n) for n in range(6)], [str(n) for n in range(3, 9)])  # three in common

_RARE = ["heartbeat", "time_passes", "join", "crash", "end", "cancel", "pause", "go", "go"]
_OFTEN = [*ENDINGS, *["answered"] * 5]


def _somebody_holds(machine):
    return any(ledger._holders for ledger in machine.ledgers)


class Promises(RuleBasedStateMachine):
    """Three processes, each an object ``Ledger`` that the others know by its heartbeat only.

    ``shelf_at`` makes a shelf on a new ledger; ``finished`` is called after each example.
    """

    shelf_at: staticmethod
    finished: staticmethod

    workers = st.integers(0, WORKERS - 1)
    which = st.integers(0, 1)

    def __init__(self):
        super().__init__()
        self.reader = None
        self.now_s = SHORTLY_BEFORE_MIDNIGHT_S
        self.shelf = None
        self.ledgers: list[Ledger] = []
        self.leases: list[Held] = []
        self.attempts = Counter()  # by run: settlements that were recorded, and leases that were taken back
        self.spent = Counter()  # by day
        self.beyond = Counter()  # by run and by day: what answers cost more than their worst case
        self.answers = {}
        self.before = {}
        self.texts = itertools.count()

    @initialize(
        budget=st.sampled_from([None, None, 2_000, 6_000]),
        day_budget=st.sampled_from([None, None, 3_000]),
        helpers=st.integers(1, WORKERS - 1),
    )
    def begin(self, budget, day_budget, helpers):
        """Two runs of two plans, begun by the first process; others help."""
        self.day_budget = day_budget
        self.shelf = self.shelf_at(clock=lambda: self.now_s, day_budget_pusd=day_budget)
        self.reader = self.shelf.connected()
        self.ledgers = [self.shelf.ledger, *(self._ledger() for _ in range(WORKERS - 1))]
        self.runs = [self.shelf.run(prompts, budget_pusd=budget)[1] for prompts in PROMPTS]
        for ledger in self.ledgers[1 : 1 + helpers]:
            for run_id in self.runs:
                ledger.join_run(run_id)

    # What happens

    @precondition(_somebody_holds)
    @rule(worker=workers, which=which, n=st.integers(1, 4))
    def claim(self, worker, which, n):
        """A process leases up to n requests."""
        ledger, run_id, holder = self._holding(worker, which)
        paused = self._is_paused(run_id)
        with self._moves() as moved:
            claim = asyncio.run(ledger.aclaim(run_id, n))
        assert all(row.state == "WAITING" for row in moved)
        assert len(moved) == len(claim.leases) + claim.cached
        registered = self._sql("SELECT 1 FROM owners WHERE owner_id = ?", holder.owner_id)
        assert claim.taken_over == (not registered)
        assert not (claim.leases and (claim.taken_over or claim.cancel_requested or paused))
        self.leases += [Held(ledger, holder.owner_id, run_id, lease) for lease in claim.leases]

    @precondition(lambda self: any(held.run_id in held.ledger._holders for held in self.leases))
    @rule(worker=workers, n=st.integers(1, 3), ending=st.sampled_from(_OFTEN))
    def record_late(self, worker, n, ending):
        """A process records how attempts ended whose leases it lost meanwhile."""
        self.record(worker, n, lost=True, ending=ending)

    @precondition(lambda self: any(held.run_id in held.ledger._holders for held in self.leases))
    @rule(worker=workers, n=st.integers(1, 3), lost=st.booleans(), ending=st.sampled_from(_OFTEN))
    def record(self, worker, n, lost, ending):
        """A process records how attempts ended, first of all of leases that it lost meanwhile, or last."""
        held_by = self._recordable()
        if not held_by:
            return
        first = sorted(held_by, key=lambda held: held_by[held] == lost)[worker % len(held_by)]
        ledger, run_id = first.ledger, first.run_id
        mine = [held for held in held_by if (held.ledger, held.run_id) == (ledger, run_id)]
        mine = sorted(mine, key=lambda held: held_by[held] == lost)[:n]
        kept = [held for held in mine if held_by[held]]
        settlements = [self._settlement(held.lease, ending) for held in mine]
        with self._moves() as moved:
            asyncio.run(ledger.arecord(run_id, settlements))
        numbers = {held.lease.request_no for held in kept}
        for row in moved:
            late = row.state in ("WAITING", "MAYBE_PAID", "FAILED") and ENDINGS[ending][1] == "ANSWERED"
            assert row.request_no in numbers or late
        self.attempts[run_id] += len(mine)
        for held, settlement in zip(mine, settlements, strict=True):
            self.leases.remove(held)
            if held in kept:
                self._charge(held, settlement.cost_pusd)
        for held, settlement in zip(mine, settlements, strict=True):
            if held in kept and not self._was_swept(run_id, held.lease):
                with self._moves() as moved, pytest.raises(LedgerError):  # never twice
                    asyncio.run(ledger.arecord(run_id, [settlement]))
                assert not moved

    @precondition(_somebody_holds)
    @rule(worker=workers, which=which, n=st.integers(1, 2))
    def release(self, worker, which, n):
        """A process gives back what it did not send."""
        ledger, run_id, holder = self._holding(worker, which)
        mine = [held for held in self._of(ledger, run_id) if held.owner_id == holder.owner_id][:n]
        rows = self._rows()
        with self._moves() as moved:
            asyncio.run(ledger.arelease(run_id, [held.lease for held in mine]))
        held_numbers = {h.lease.request_no for h in mine if h.is_held(rows[h.lease.request_no])}
        assert {row.request_no for row in moved} == held_numbers
        self.leases = [held for held in self.leases if held not in mine]

    def time_passes(self, worker, which):
        """Nobody says anything for a while."""
        self.now_s += (1, 12, 31, 61, 3_600, 43_200)[worker + WORKERS * which]

    def heartbeat(self, worker, which):
        """A process says that it lives."""
        ledger, run_id, _ = self._holding(worker, which)
        asyncio.run(ledger.aheartbeat(run_id))

    @precondition(_somebody_holds)
    @rule(worker=workers, which=which, n=st.integers(1, 4), seconds=st.sampled_from([31, 43_200]))
    def take_over(self, worker, which, n, seconds):
        """All but one are silent until they are taken for dead; that one leases what they held."""
        self.now_s += seconds
        self.heartbeat(worker, which)
        self.sweep(worker, which, resend=True)
        self.claim(worker, which, n)

    def crash(self, worker, which):
        """A process ends without a word, and another one is started."""
        ledger, _, _ = self._holding(worker, which)
        self.leases = [held for held in self.leases if held.ledger is not ledger]
        ledger.close()
        self.ledgers[self.ledgers.index(ledger)] = self._ledger()

    @precondition(_somebody_holds)
    @rule(worker=workers, which=which, resend=st.booleans())
    def sweep(self, worker, which, resend):
        """A process takes back what dead ones held."""
        ledger, run_id, _ = self._holding(worker, which)
        with self._moves() as moved:
            lost = asyncio.run(ledger.asweep(run_id, resend=resend))
        assert lost == len(moved)
        self._taken_back(moved)

    @rule(
        worker=workers,
        which=which,
        resend=st.booleans(),
        retry_failed=st.booleans(),
        more=st.sampled_from([None, 0, 700]),
    )
    def resume(self, worker, which, resend, retry_failed, more):
        """A process takes a run up again, perhaps with more budget; refused while another one lives."""
        ledger, run_id = self._at(worker, which)
        ((budget,),) = self._sql("SELECT budget_pusd FROM runs WHERE run_id = ?", run_id)
        raised = None if budget is None or more is None else budget + more
        how = Reopening(budget_pusd=raised, resend=resend, retry_failed=retry_failed, decided_by="tester")
        with self._moves() as moved:
            try:
                lost = ledger.reopen_run(run_id, how)
            except InputError:
                lost = None
        if lost is None:
            assert not moved
            return
        assert lost == sum(row.state == "LEASED" for row in moved)
        self._taken_back(row for row in moved if row.state == "LEASED")
        assert len(self._sql("SELECT 1 FROM owners WHERE run_id = ?", run_id)) == 1

    def _left_behind(self, moved):
        """What those held who are gone is taken back when nobody is left; nothing else moves."""
        assert all(row.state == "LEASED" for row in moved)
        self._taken_back(moved)

    def join(self, worker, which):
        """A process helps with a run; refused where nobody carries it out, or it does already."""
        ledger, run_id = self._at(worker, which)
        with self._moves() as moved, contextlib.suppress(InputError):
            ledger.join_run(run_id)
        assert not moved

    def cancel(self, worker, which):
        """Somebody asks a run to stop."""
        with self._moves() as moved:
            self.ledgers[worker].request_cancel(self.runs[which])
        self._left_behind(moved)

    def pause(self, worker, which):
        """Somebody pauses a run; refused where nobody carries it out."""
        self._turned(self.ledgers[worker].request_pause, self.runs[which])

    def go(self, worker, which):
        """Somebody lets a run go on; refused where it has ended."""
        self._turned(self.ledgers[worker].request_go_on, self.runs[which])

    def _turned(self, request, run_id):
        pauses, refused = request.__name__ == "request_pause", False
        with self._moves() as moved:
            try:
                request(run_id, "tester")
            except InputError:
                refused = True
        assert not moved
        assert refused or self._is_paused(run_id) == pauses

    def end(self, worker, which):
        """A process stops carrying a run out; the last one ends it."""
        ledger, run_id, _ = self._holding(worker, which)
        with self._moves() as moved:
            ended = ledger.end_run(run_id, RunState.PARTIAL, "test", 1)
        assert ended or not moved
        self._left_behind(moved)
        if ended:
            assert self._sql("SELECT state FROM runs WHERE run_id = ?", run_id) == [("PARTIAL",)]

    @precondition(_somebody_holds)
    @rule(
        worker=workers,
        which=which,
        what=st.sampled_from(
            ["heartbeat", "time_passes", "join", "crash", "end", "cancel", "pause", "go", "go"]
        ),
    )
    def now_and_then(self, worker, which, what):
        """What would leave nobody to do anything else if it happened as often as the rest."""
        getattr(self, what)(worker, which)

    # What holds

    @precondition(lambda self: self.shelf is not None)
    @invariant()
    def money_is_what_happened(self):
        """Spent is what the attempts cost, reserved is what is leased; neither passes a budget."""
        rows = self._rows().values()
        leased = [row for row in rows if row.state == "LEASED"]
        runs = self._sql("SELECT run_id, spent_pusd, reserved_pusd, budget_pusd FROM runs")
        costs = dict(self._sql("SELECT run_id, sum(cost_pusd) FROM attempts GROUP BY run_id"))
        for run_id, spent, reserved, budget in runs:
            assert spent == costs.get(run_id, 0)
            assert reserved == sum(row.worst_case_pusd for row in leased if row.run_id == run_id)
            assert budget is None or spent + reserved <= budget + self.beyond[run_id]
        days = self._sql("SELECT day, spent_pusd, reserved_pusd FROM accounts")
        for day, spent, reserved in days:
            assert spent == self.spent[day]
            assert reserved == sum(row.worst_case_pusd for row in leased if row.day == day)
            assert self.day_budget is None or spent + reserved <= self.day_budget + self.beyond[day]
        assert sum(spent for _, spent, _ in days) == sum(spent for _, spent, _, _ in runs)

    @precondition(lambda self: self.shelf is not None)
    @invariant()
    def answers_stay(self):
        """No answer vanishes or changes, no request is answered twice, and each is found by its request."""
        answers = dict(self._sql("SELECT request_no, text FROM answers"))
        assert self.answers.items() <= answers.items()
        self.answers = answers
        for row in self._rows().values():
            if row.state == "ANSWERED":
                assert row.answer_no in answers
            else:
                assert row.answer_no is None
                # Paid late while the request was leased again: that lease's end brings it back.
                assert row.request_no not in answers or row.state == "LEASED"
            before = self.before.get(row.request_no)
            if before is not None and before.state == "ANSWERED":
                assert (row.state, row.answer_no) == ("ANSWERED", before.answer_no)
            assert (row.state == "LEASED") == (row.owner_id is not None)
        self.before = self._rows()

    @precondition(lambda self: self.shelf is not None)
    @invariant()
    def attempts_are_complete(self):
        """Each send that was recorded, and each lease that was taken back, is one attempt."""
        found = self._sql("SELECT run_id, count(*) FROM attempts GROUP BY run_id")
        assert dict(found) == {run_id: n for run_id, n in self.attempts.items() if n}

    @precondition(lambda self: self.shelf is not None)
    @invariant()
    def rollups_say_the_same(self):
        """What is added up by time is what the attempts and the answers from the cache come to."""
        with self.ledgers[0].engine.connect().execution_options(reading=True) as connection:
            assert not differ(connection)

    def teardown(self):
        """Close what was opened."""
        if self.shelf is not None:
            for ledger in self.ledgers:
                ledger.close()
            self.reader.close()
            self.finished(self.shelf)

    # Means

    def _ledger(self):
        return Ledger(self.shelf.where, clock=lambda: self.now_s, day_budget_pusd=self.day_budget)

    def _at(self, worker, which):
        ledger, run_id = self.ledgers[worker], self.runs[which]
        return ledger, run_id

    def _holding(self, worker, which):
        """One of the processes that believe that they carry out a run, that run if any, and as whom."""
        pairs = [
            (ledger, run_id) for run_id in self.runs for ledger in self.ledgers if run_id in ledger._holders
        ]
        wanted = [pair for pair in pairs if pair[1] == self.runs[which]] or pairs
        ledger, run_id = wanted[worker % len(wanted)]
        return ledger, run_id, ledger._holders[run_id]

    def _recordable(self):
        """Leases that their processes may record, and whether each is still held."""
        rows = self._rows() if self.leases else {}
        found = {}
        for held in self.leases:
            holder, holds = held.ledger._holders.get(held.run_id), held.is_held(rows[held.lease.request_no])
            # What it holds under a former name of its own nobody has taken back yet.
            if holder is not None and (held.owner_id == holder.owner_id or not holds):
                found[held] = holds
        return found

    def _is_paused(self, run_id):
        return self._sql("SELECT state FROM runs WHERE run_id = ?", run_id) == [("PAUSED",)]

    def _of(self, ledger, run_id):
        return [held for held in self.leases if held.ledger is ledger and held.run_id == run_id]

    def _sql(self, statement, *parameters):
        return self.shelf.sql(statement, *parameters, by=self.reader)

    def _rows(self):
        return {row[0]: Row(*row) for row in self._sql(REQUESTS)}

    @contextlib.contextmanager
    def _moves(self):
        """The requests that the block changes, as they were before."""
        before, moved = self._rows(), []
        yield moved
        after = self._rows()
        moved += [row for no, row in before.items() if after[no] != row]

    def _settlement(self, lease, ending):
        outcome, state, share, mismatch = ENDINGS[ending]
        return Settlement(
            lease,
            outcome,
            state,
            cost_pusd=int(lease.worst_case_pusd * share),
            not_before_ms=int(self.now_s * 1000) + 20_000 if outcome is Outcome.DEFERRED else 0,
            text=f"answer {next(self.texts)}" if outcome is Outcome.ANSWERED else None,
            latency_ms=10.0 * lease.request_no if outcome is Outcome.ANSWERED else None,
            error_kind=ending if state is not RequestState.ANSWERED else None,
            mismatch=mismatch,
        )

    def _charge(self, held, cost_pusd):
        self.spent[held.lease.day] += cost_pusd
        beyond = max(cost_pusd - held.lease.worst_case_pusd, 0)
        self.beyond[held.lease.day] += beyond
        self.beyond[held.run_id] += beyond

    def _taken_back(self, moved):
        for row in moved:
            assert row.state == "LEASED"
            self.spent[row.day] += row.worst_case_pusd
            self.attempts[row.run_id] += 1

    def _was_swept(self, run_id, lease):
        return bool(
            self._sql(
                "SELECT 1 FROM attempts WHERE error_kind = 'process_ended' AND run_id = ? AND request_no = ? "
                "AND number = ?",
                *(run_id, lease.request_no, lease.attempt),
            )
        )
