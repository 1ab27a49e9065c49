import asyncio
import itertools
from dataclasses import replace

import numpy as np
import pytest

from loopai_nb.errors import InputError
from loopai_nb.ledger import log_newest, log_order
from loopai_nb.ledger.figures import template_key
from loopai_nb.ledger.records import Settlement
from loopai_nb.ledger.request_log import RequestLog, Wanted
from loopai_nb.ledger.reviews import Judgement
from loopai_nb.records import Outcome, RequestState, ReviewState, RunState

T0_MS = 1_700_000_000_000
MINUTE_MS = 60_000


class Clock:
    """Stands where the test says."""

    def __init__(self):
        self.at_ms = 0

    def __call__(self):
        """Seconds since the epoch."""
        return (T0_MS + self.at_ms) / 1000


@pytest.fixture
def clock():
    """The ledger's."""
    return Clock()


class Told:
    """A ledger with ways to let things happen at a time."""

    def __init__(self, shelf, clock):
        self.shelf, self.clock = shelf, clock
        self.log = RequestLog(shelf.ledger)

    def run(self, prompts, at_ms, model="m"):
        """Begin a run; its id."""
        self.clock.at_ms = at_ms
        return self.shelf.run(prompts, model=model)[1]

    def lease(self, run_id, n):
        """Lease requests."""
        return asyncio.run(self.shelf.ledger.aclaim(run_id, n)).leases

    def record(self, run_id, at_ms, *settlements):
        """Record how attempts ended, and have it in the index, which a search waits for a moment only."""
        self.clock.at_ms = at_ms
        asyncio.run(self.shelf.ledger.arecord(run_id, settlements))
        while self.shelf.ledger.fill_search():
            pass

    def end(self, run_id, at_ms):
        """End a run."""
        self.clock.at_ms = at_ms
        self.shelf.ledger.end_run(run_id, RunState.COMPLETED, "", 1)

    def prompts(self, **wanted):
        """Prompts in the log's order: by the short way for a first page, and by the order of all."""
        asked = Wanted(**wanted)
        short = [row.prompt for row in RequestLog(self.shelf.ledger).window(asked, 0, 100)]
        total = self.log.count(asked)
        whole = [row.prompt for row in self.log.window(asked, 0, 100)]
        assert short == whole
        assert total == len(whole)
        return whole


def answered(lease, text="yes", latency_ms=100.0, cost_pusd=43, tokens=(3, 4)):
    """An answer."""
    return Settlement(
        lease,
        Outcome.ANSWERED,
        RequestState.ANSWERED,
        cost_pusd,
        text=text,
        model="m-1",
        finish_reason="stop",
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        latency_ms=latency_ms,
        status_code=200,
    )


def failed(lease, state=RequestState.FAILED, kind="bad_request", outcome=Outcome.REJECTED, cost_pusd=0):
    """An attempt without an answer."""
    return Settlement(
        lease,
        outcome,
        state,
        cost_pusd,
        error_kind=kind,
        error=f"no: {kind}",
        latency_ms=20.0,
        status_code=400,
    )


@pytest.fixture
def told(shelf, clock):
    """Two runs in which everything happened once.

    r1 at 0: "one" answered; "two" refused for good; "three" slow down, then answered; "four" perhaps paid,
    then answered; "five" waits to be tried again; "six" was never tried. r2 (model n) at 10 minutes: "one"
    is another request of that model; and r3 (model m) at 20 minutes finds "one" in the ledger.
    """
    made = Told(shelf, clock)
    made.r1 = made.run(["one", "two", "three", "four", "five", "six"], 0)
    one, two, three, four, five = made.lease(made.r1, 5)
    made.record(made.r1, 1_000, answered(one, "A robin, \u202e50% of it", 900.0), failed(two))
    made.record(
        made.r1,
        2_000,
        failed(three, RequestState.WAITING, "rate_limited", Outcome.DEFERRED),
        failed(four, RequestState.WAITING, "timeout", Outcome.UNKNOWN, 80),
        failed(five, RequestState.WAITING, "busy", Outcome.DEFERRED),
    )
    made.clock.at_ms = 500_000
    again = {lease.prompt: lease for lease in made.lease(made.r1, 2)}
    made.record(made.r1, 501_000, answered(again["three"], "a wren", 50.0, 10, (1, 1)))
    made.record(made.r1, 502_000, answered(again["four"], "a gull", 70.0, 20, (9, 9)))
    made.r2 = made.run(["one"], 10 * MINUTE_MS, model="n")
    made.record(made.r2, 10 * MINUTE_MS + 5, answered(*made.lease(made.r2, 1), "a crow", 10.0, 5))
    made.end(made.r2, 11 * MINUTE_MS)
    made.r3 = made.run(["one"], 20 * MINUTE_MS)
    return made


def test_each_request_that_was_tried_is_there_once_newest_first(told):
    """By when its last attempt ended; what the ledger knew stands where its run began."""
    found = told.log.window(Wanted(), 0, 100)
    shown = [(row.run_id, row.prompt, row.status, row.attempts, row.at_ms - T0_MS) for row in found]
    assert shown == [
        (told.r3, "one", "cached", 0, 20 * MINUTE_MS),
        (told.r2, "one", "answered", 1, 10 * MINUTE_MS + 5),
        (told.r1, "four", "answered", 2, 502_000),
        (told.r1, "three", "answered", 2, 501_000),
        (told.r1, "five", "waiting", 1, 2_000),
        (told.r1, "two", "failed", 1, 1_000),
        (told.r1, "one", "answered", 1, 1_000),
    ]
    assert told.log.count(Wanted()) == 7
    cached, crow, four, *_ = found
    assert (cached.answer, cached.cost_pusd, cached.latency_ms) == ("A robin, \u202e50% of it", 0, None)
    assert (crow.model, crow.frame_name, crow.review) == ("n", "birds", None)
    assert (four.cost_pusd, four.latency_ms, four.error_kind) == (100, 70.0, "timeout")
    assert told.prompts(descending=False) == [row.prompt for row in reversed(found)]


FILTERS = [
    ({"status": "answered"}, ["one", "four", "three", "one"]),
    ({"status": "failed"}, ["two"]),
    ({"status": "cached"}, ["one"]),
    ({"status": "retried"}, ["five", "three"]),
    ({"status": "unknown"}, ["four"]),
    ({"error_kind": "rate_limited"}, ["three"]),
    ({"error_kind": "no such"}, []),
    ({"model": "n"}, ["one"]),
    ({"model": "m", "status": "answered"}, ["four", "three", "one"]),
    ({"server": "http://elsewhere"}, []),
    ({"template": template_key("t", None), "status": "failed"}, ["two"]),
    ({"since_ms": T0_MS + 501_500, "until_ms": T0_MS + 20 * MINUTE_MS}, ["one", "four"]),
    ({"since_ms": T0_MS + 20 * MINUTE_MS}, ["one"]),
    ({"min_latency_ms": 60, "max_latency_ms": 100}, ["four"]),
    ({"min_cost_pusd": 43, "max_cost_pusd": 99}, ["one"]),
    ({"max_cost_pusd": 5, "order": "cost", "descending": False}, ["five", "two", "one", "one"]),
    ({"min_tokens": 10}, ["four"]),
    ({"order": "cost", "status": "answered"}, ["four", "one", "three", "one"]),
    ({"order": "tokens", "status": "answered", "descending": False}, ["three", "one", "one", "four"]),
    ({"order": "latency", "status": "answered"}, ["one", "four", "three", "one"]),
    ({"order": "latency", "model": "m"}, ["one", "four", "three", "five", "two", "one"]),
    ({"search": "WREN"}, ["three"]),
    ({"search": "four"}, ["four"]),
    ({"search": "one"}, ["one", "one", "one"]),
    ({"search": "one", "status": "cached"}, ["one"]),
    ({"search": "one", "model": "m", "descending": False}, ["one", "one"]),
    ({"search": "nowhere"}, []),
]


@pytest.mark.parametrize("few", [5_000, 0])
def test_requests_are_filtered_and_sorted_by_everything(told, monkeypatch, few):
    """Each filter takes what a view of figures counts under it, and nothing else."""
    monkeypatch.setattr(log_newest, "FEW", few)
    assert [told.prompts(**wanted) for wanted, _ in FILTERS] == [prompts for _, prompts in FILTERS]


def test_a_run_and_its_reviews_are_filters(told):
    """Of one run; and by what people said last, also of an answer that was paid for by another run."""
    assert told.prompts(run_id=told.r3) == ["one"]
    assert told.prompts(run_id=told.r2) == ["one"]
    assert told.prompts(run_id="r-none") == []
    answers = {row.prompt: row.request_no for row in told.log.window(Wanted(run_id=told.r1), 0, 9)}
    ledger = told.shelf.ledger
    ledger.add_reviews(told.r3, [Judgement(answers["one"], None, ReviewState.REJECTED)], reviewer="ada")
    ledger.add_reviews(told.r1, [Judgement(answers["four"], None, ReviewState.SKIPPED)], reviewer="ada")
    ledger.add_reviews(told.r1, [Judgement(answers["four"], None, ReviewState.ACCEPTED)], reviewer="ada")
    found = RequestLog(ledger).window(Wanted(review="rejected"), 0, 9)
    assert [(row.run_id, row.review) for row in found] == [(told.r3, "REJECTED")]
    assert told.prompts(review="accepted") == ["four"]
    assert told.prompts(review="skipped") == []
    assert told.prompts(review="none") == ["one", "three", "one"]


def test_what_comes_is_taken_in_when_it_is_asked_for(told):
    """Rows keep their places until then; a request that is tried again moves to the top and counts once."""
    wanted = Wanted()
    assert told.log.news(wanted)
    before = [row.request_no for row in told.log.window(wanted, 0, 9)] if told.log.count(wanted) else []
    assert not told.log.news(wanted)
    told.clock.at_ms = 25 * MINUTE_MS
    five, six = told.lease(told.r1, 2)
    told.record(told.r1, 25 * MINUTE_MS, answered(five), answered(six))
    r4 = told.run(["two", "one"], 30 * MINUTE_MS)
    assert told.log.news(wanted)
    assert [row.request_no for row in told.log.window(wanted, 0, 9)] == before

    told.log.refresh(wanted)

    shown = [(row.run_id, row.prompt) for row in told.log.window(wanted, 0, 3)]
    assert shown == [(r4, "one"), (told.r1, "six"), (told.r1, "five")]
    assert told.log.count(wanted) == 9
    whole = RequestLog(told.shelf.ledger)
    assert whole.count(wanted) == 9
    assert whole.window(wanted, 0, 9) == told.log.window(wanted, 0, 9)
    r5 = told.run(["one"], 40 * MINUTE_MS)
    assert told.log.news(wanted)
    told.log.refresh(wanted)
    assert told.log.window(wanted, 0, 1)[0].run_id == r5
    slowest = Wanted(order="latency")
    told.log.count(slowest)
    told.log.refresh(slowest)
    assert told.log.count(slowest) == 10


@pytest.mark.parametrize("search", [None, "often"])
def test_pages_are_of_one_moment(told, monkeypatch, search):
    """What comes after a first page moves nothing on those that follow, and is let in by a refresh."""
    monkeypatch.setattr(log_newest, "FEW", 0)
    run_id = told.run([f"often {n}" for n in range(8)], 50 * MINUTE_MS)
    leases = told.lease(run_id, 8)
    told.record(run_id, 51 * MINUTE_MS, *map(answered, leases[:5]))
    wanted = Wanted(search=search)
    pages = [told.log.window(wanted, 0, 2)]
    told.record(run_id, 52 * MINUTE_MS, *map(answered, leases[5:7]))
    pages.append(told.log.window(wanted, 2, 1))
    total = told.log.count(wanted)
    told.record(run_id, 53 * MINUTE_MS, answered(leases[7]))
    pages.append(told.log.window(wanted, 3, 99))
    shown = [row.prompt for page in pages for row in page]
    assert shown[:5] == [f"often {n}" for n in (4, 3, 2, 1, 0)]
    assert len(shown) == len(set(zip(shown, [row.run_id for page in pages for row in page], strict=True)))
    assert total == len(shown)
    assert told.log.news(wanted)

    told.log.refresh(wanted)

    assert [row.prompt for row in told.log.window(wanted, 0, 4)] == [f"often {n}" for n in (7, 6, 5, 4)]
    assert told.log.count(wanted) == total + 3
    assert not told.log.news(wanted)


def test_what_was_tried_and_then_found_stands_where_it_was_found(told):
    """A request that waits to be tried again is answered by another run's answer, and is the newest then."""
    other = told.run(["five"], 25 * MINUTE_MS)
    told.record(other, 25 * MINUTE_MS, answered(*told.lease(other, 1)))
    told.clock.at_ms = 30 * MINUTE_MS
    assert [lease.prompt for lease in told.lease(told.r1, 9)] == ["six"]
    assert told.prompts() == ["five", "five", "one", "one", "four", "three", "two", "one"]
    newest = told.log.window(Wanted(), 0, 1)[0]
    assert (newest.run_id, newest.status, newest.at_ms) == (told.r1, "cached", T0_MS + 30 * MINUTE_MS)


def test_one_request_is_opened_whole(told):
    """Attempts with their waits and errors, what it cost, who approved, what people said, which rows."""
    log, ledger = told.log, told.shelf.ledger
    four = log.window(Wanted(search="four"), 0, 1)[0]
    ledger.add_reviews(
        told.r1,
        [Judgement(four.request_no, 3, ReviewState.EDITED, "a tern", "look again")],
        reviewer="ada",
    )

    whole = log.one(four.request_no, told.r1)

    first, second = whole.attempts
    assert (first.outcome, first.error_kind, first.error, first.cost_pusd) == (
        *("unknown", "timeout", "no: timeout"),
        80,
    )
    assert (first.waited_ms, second.waited_ms) == (None, 502_000 - 70 - 2_000)
    assert (whole.prompt, whole.answer, whole.answer_model) == ("four", "a gull", "m-1")
    assert (whole.cost_pusd, whole.answer_cost_pusd, whole.spec.price.source) == (100, 20, "set")
    assert (whole.decided_by, whole.means, whole.rows, whole.row_count) == ("tester", "code", (("3", 3),), 1)
    (said,) = whole.reviews
    assert (said.state, said.text, said.note, said.reviewer) == ("EDITED", "a tern", "look again", "ada")
    assert not whole.is_cached
    cached = log.one(log.window(Wanted(status="cached"), 0, 1)[0].request_no, told.r3)
    assert (cached.is_cached, cached.paid_by, cached.cost_pusd) == (True, told.r1, 0)
    assert log.one(four.request_no).run_id == told.r1
    for number, run_id in ((10_000, None), (2**70, None), (four.request_no, told.r2)):
        with pytest.raises(InputError, match="There is no request"):
            log.one(number, run_id)


def test_texts_are_cut_in_a_window_and_whole_in_an_export(told):
    """Attack 10: a window of ten megabyte prompts is small; ``all`` gives every character."""
    run_id = told.run(["x" * 10_000_000], 40 * MINUTE_MS)
    (lease,) = told.lease(run_id, 1)
    told.record(run_id, 40 * MINUTE_MS, answered(lease, "y" * 5_000))
    (row,) = told.log.window(Wanted(), 0, 1)
    assert (len(row.prompt), row.same, len(row.answer)) == (300, 0, 300)
    (row,) = told.log.all(Wanted(run_id=run_id))
    assert (len(row.prompt), len(row.answer)) == (10_000_000, 5_000)
    assert [row.prompt for row in told.log.all(Wanted(status="failed"), limit=5)] == ["two"]


@pytest.mark.parametrize("wanted", [{"status": "no"}, {"review": "no"}, {"order": "no"}])
def test_a_filter_that_there_is_not_is_told(wanted):
    """With those that there are."""
    with pytest.raises(InputError, match="There are: "):
        Wanted(**wanted)


def test_a_window_at_any_depth_is_what_the_whole_order_has(told, monkeypatch):
    """Of many attempts, with bounds found by halves and first pages by steps, all ways find the same."""
    run_id = told.run([f"{'often' if n % 30 else 'seldom'} {n}" for n in range(300)], 50 * MINUTE_MS)
    monkeypatch.setattr(log_order, "_OUT_OF_ORDER", 20)
    monkeypatch.setattr(log_newest, "FEW", 0)
    rng = np.random.default_rng(5)
    at_ms = 50 * MINUTE_MS
    while leases := told.lease(run_id, 40):
        at_ms += 10_000
        ended = [
            answered(lease, latency_ms=float(rng.integers(1, 99)), cost_pusd=int(rng.integers(0, 50)))
            if rng.random() < 0.7
            else failed(lease, RequestState.WAITING if lease.attempt < 3 else RequestState.FAILED, "busy")
            for lease in leases
        ]
        told.record(run_id, at_ms, *ended)
        at_ms += 400_000
        told.clock.at_ms = at_ms
    told.end(run_id, at_ms)
    everything = list(RequestLog(told.shelf.ledger).all(Wanted()))
    assert len({row.request_no for row in everything}) == len(everything) == 307
    assert all(one.at_ms >= two.at_ms for one, two in itertools.pairwise(everything))
    middle_ms = everything[150].at_ms
    for wanted in (
        Wanted(run_id=run_id),
        Wanted(since_ms=middle_ms),
        Wanted(until_ms=middle_ms, status="answered"),
        Wanted(run_id=run_id, status="failed"),
        Wanted(min_cost_pusd=10, order="cost"),
        Wanted(order="latency", descending=False),
        Wanted(search="often"),
        Wanted(search="seldom"),
        Wanted(search="seldom", status="failed"),
        Wanted(search="seldom", since_ms=middle_ms),
    ):
        fresh = RequestLog(told.shelf.ledger)
        first = fresh.window(wanted, 0, 40)
        assert first == list(fresh.all(wanted))[:40]
        for count, most in ((1, 100_000), (5, 100_000), (5, 30)):
            monkeypatch.setattr(log_newest, "_MOST_LOOKED_AT", most)
            assert RequestLog(told.shelf.ledger).window(wanted, 0, count) == first[:count]
        took = [row for row in everything if _takes(wanted, row)]
        assert sorted(row.request_no for row in fresh.all(wanted)) == sorted(row.request_no for row in took)
        if wanted.order != "at":
            values = [
                getattr(row, {"cost": "cost_pusd", "latency": "latency_ms"}[wanted.order]) for row in took
            ]
            known = sorted((v for v in values if v is not None), reverse=wanted.descending)
            shown = [
                getattr(row, {"cost": "cost_pusd", "latency": "latency_ms"}[wanted.order])
                for row in fresh.all(wanted)
            ]
            assert shown[: len(known)] == known
        assert replace(wanted) == wanted


def _takes(wanted, row):
    return (
        wanted.run_id in {None, row.run_id}
        and (wanted.since_ms is None or row.at_ms >= wanted.since_ms)
        and (wanted.until_ms is None or row.at_ms < wanted.until_ms)
        and wanted.status in {None, row.status}
        and (wanted.search or "") in row.prompt
        and (wanted.min_cost_pusd is None or row.cost_pusd >= wanted.min_cost_pusd)
    )
