import asyncio

from loopai_nb.ledger.moves import Moves, run_times
from loopai_nb.ledger.records import Settlement
from loopai_nb.records import Outcome, RequestState, RunState


def test_marks_differ_after_something_was_written(shelf):
    """A run, an attempt and a run's end move what figures are made of; looking moves nothing."""
    ledger = shelf.ledger
    seen = [Moves.of(ledger)]

    _, run_id = shelf.run(["a", "b"])
    seen.append(Moves.of(ledger))
    (one, _) = asyncio.run(ledger.aclaim(run_id, 2)).leases
    failed = Settlement(one, Outcome.REJECTED, RequestState.FAILED, error_kind="bad", error="no")
    asyncio.run(ledger.arecord(run_id, [failed]))
    seen.append(Moves.of(ledger))
    ledger.end_run(run_id, RunState.PARTIAL, "stopped", 5)
    seen.append(Moves.of(ledger))

    assert len({each.requests for each in seen}) == len(seen)
    assert Moves.of(ledger) == seen[-1] == Moves.from_json(seen[-1].json())
    assert Moves.from_json({"requests": 1}) is None


def test_a_run_says_when_it_was(shelf):
    """Its beginning, and its end once it has ended; nothing where there is none."""
    _, run_id = shelf.run(["a"])
    begun_ms, ended_ms = run_times(shelf.ledger, run_id)
    assert 0 < begun_ms <= shelf.ledger.now_ms()
    assert ended_ms is None
    assert run_times(shelf.ledger, "r-none") is None
