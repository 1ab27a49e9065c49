"""A run in the middle, at one moment."""

from loopai_nb.execution.progress import Progress
from loopai_nb.records import RunState

GOING = Progress(
    state=RunState.RUNNING,
    total=2_000,
    answered=1_200,
    cached=300,
    failed=3,
    in_flight=8,
    elapsed_s=21.4,
    per_s=41.2,
    left_s=19.3,
    spent_pusd=4_100_000_000,
    budget_pusd=5_000_000_000,
    p50_ms=210.0,
    p95_ms=1_540.0,
    held_s=0.0,
    limit=8,
    limit_before=16,
    ceiling=32,
)
