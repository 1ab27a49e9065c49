"""Make a ledger as a year of work leaves it: ``python -m benchmarks.make_ledger PATH [REQUESTS]``.

Several models on two servers, hundreds of runs from one request to a tenth of all, heavy-tailed latencies,
retries, failures, lost answers, answers from the cache, approvals and some reviews. Plans, approvals and runs
are made by the ledger itself; what a run records is written in bulk, with the figures and the search index
made from it as an upgrade of an older ledger makes them.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import sqlite3
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopai_nb.ledger.store import Ledger

__all__ = ["make_ledger"]

YEAR_S = 365 * 86_400
ENDS_S = 1_795_305_540.0  # 2026-11-21 23:59 UTC

MODELS = (
    # model, server, input and output pUSD per token, median latency in ms, share of the runs
    ("gpt-4o-mini", "https://api.openai.com/v1", 150_000, 600_000, 620.0, 0.5),
    ("gpt-4o", "https://api.openai.com/v1", 2_500_000, 10_000_000, 1_400.0, 0.2),
    ("qwen2.5-7b", "http://gpu.example:8000/v1", 20_000, 80_000, 240.0, 0.3),
)
TEMPLATES = tuple(
    f"{ask}\n{{{{ remarks }}}}"
    for ask in (
        "Which part of the aircraft was hit? windshield, engine, wing, other.",
        "Summarize the report in one sentence.",
        "Is the damage substantial? yes or no.",
        "Name the species, or unknown.",
        "Translate into German.",
    )
)
WORDS = (
    *("bird", "struck", "windshield", "takeoff", "roll", "damage", "engine", "ingested", "gull", "hawk"),
    *(
        "runway",
        "approach",
        "climb",
        "landing",
        "wing",
        "leading",
        "edge",
        "cracked",
        "precautionary",
        "return",
    ),
    *(
        "tower",
        "reported",
        "remains",
        "found",
        "species",
        "unknown",
        "starling",
        "flock",
        "captain",
        "radome",
    ),
    *("dent", "inspection", "airport", "nose", "gear", "descent", "visibility", "dusk", "pigeon", "goose"),
    *("fan", "blade", "replaced"),
)
ANSWERS = ("windshield", "engine", "wing", "other", "yes", "no", "gull", "European starling", "unknown")
KINDS = ("http_429", "http_503", "connect")


@dataclass(frozen=True)
class _Made:
    """A run as the ledger made it, and what is to be written of it."""

    run_id: str
    plan_id: str
    began_s: float
    size: int
    model: int


def make_ledger(path: Path, requests: int = 1_000_000, *, index: bool = True, seed: int = 6) -> None:
    """Make a ledger of so many requests at a path where there is none.

    Args:
        path: Of the file.
        requests: How many.
        index: Fill the search index as well; it takes as long as all the rest.
        seed: Of the random choices; the plans' and runs' ids are the ledger's own.
    """
    from loopai_nb.ledger.rebuilding import rebuild
    from loopai_nb.ledger.store import Ledger

    draw = random.Random(seed)  # noqa: S311  (data, not secrets)
    clock = [ENDS_S - YEAR_S]
    with contextlib.closing(Ledger(path, clock=lambda: clock[0])) as ledger:
        runs = []
        for began_s, size, model in sorted(_sizes(draw, requests)):
            clock[0] = began_s
            runs.append(_begun(ledger, draw, began_s, size, model))
            clock[0] += size / 25
            ledger.end_run(runs[-1].run_id, _state(draw), "", size * 40)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA synchronous = OFF; BEGIN")
        _fill(connection, draw, runs)
        connection.execute("COMMIT")
    clock[0] = ENDS_S
    with contextlib.closing(Ledger(path, clock=lambda: clock[0])) as ledger:
        rebuild(ledger, index=index)


def _sizes(draw: random.Random, requests: int) -> Iterator[tuple[float, int, int]]:
    """When runs begin (epoch seconds), how many requests they have, and of which model."""
    left = requests
    while left:
        size = min(left, max(1, min(requests // 10, int(draw.lognormvariate(5.5, 2.2)))))
        left -= size
        weights = [model[5] for model in MODELS]
        yield ENDS_S - draw.random() * YEAR_S, size, draw.choices(range(len(MODELS)), weights)[0]


def _state(draw: random.Random) -> Any:
    from loopai_nb.records import RunState

    return RunState.COMPLETED if draw.random() < 0.9 else RunState.PARTIAL


def _begun(ledger: Ledger, draw: random.Random, began_s: float, size: int, model: int) -> _Made:
    from loopai_nb.planning.plan import PlanSpec
    from loopai_nb.pricing import Price
    from loopai_nb.records import ApprovalState, Parameters, ServerKind

    name, server, input_pusd, output_pusd, *_ = MODELS[model]
    price = Price(input_pusd, output_pusd, "set")
    template = draw.choice(TEMPLATES)
    spec = PlanSpec(ServerKind.OPENAI, server, name, Parameters(64), price, None, template)
    plan_id = ledger.begin_plan(spec.as_json(), "strikes")
    digest = hashlib.sha256(f"{plan_id}{began_s}".encode()).hexdigest()
    ledger.finish_plan(plan_id, digest, size)
    by = draw.choice(("ada", "bob", "eve"))
    approval_id = ledger.record_approval(
        plan_id, digest, ApprovalState.APPROVED, decided_by=by, means="widget"
    )
    return _Made(ledger.begin_run(plan_id, digest, approval_id, None), plan_id, began_s, size, model)


def _fill(connection: sqlite3.Connection, draw: random.Random, runs: list[_Made]) -> None:
    spent: Counter[str] = Counter()
    number = 0
    known: list[tuple[bytes, str, int]] = []  # content that was answered: key, prompt, number
    for run in runs:
        rows = _Rows(run, draw, number, known)
        for _ in range(run.size):
            rows.add()
        number += run.size
        for table, columns, values in rows.tables():
            marks = ", ".join("?" * len(columns.split(",")))
            connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)  # noqa: S608  (our own names)
        connection.execute(
            "UPDATE runs SET spent_pusd = ? WHERE run_id = ?", (sum(rows.spent.values()), run.run_id)
        )
        spent += rows.spent
    connection.executemany("INSERT OR REPLACE INTO accounts VALUES (?, ?, 0)", sorted(spent.items()))


class _Rows:
    """What a run of so many requests leaves."""

    def __init__(
        self, run: _Made, draw: random.Random, number: int, known: list[tuple[bytes, str, int]]
    ) -> None:
        self._run, self._draw, self._number, self._known = run, draw, number, known
        self._position = 0
        self._taken: set[bytes] = set()
        self._at_s = run.began_s
        self._of_model = MODELS[run.model]
        self._rows: list[tuple[Any, ...]] = []
        self._requests: list[tuple[Any, ...]] = []
        self._attempts: list[tuple[Any, ...]] = []
        self._answers: list[tuple[Any, ...]] = []
        self._reviews: list[tuple[Any, ...]] = []
        self.spent: Counter[str] = Counter()

    def add(self) -> None:
        """One more request with all that happened to it."""
        draw, run = self._draw, self._run
        self._number += 1
        self._at_s += draw.expovariate(25)
        lucky = draw.random()
        if lucky < 0.02 and self._known:
            key, prompt, answer_no = draw.choice(self._known)
            if key not in self._taken:
                self._taken.add(key)
                self._request(key, prompt, "ANSWERED", answer_no, int(run.began_s * 1000), cached=True)
                return
        prompt = f"Report {self._number}: {' '.join(draw.choices(WORDS, k=24))}."
        key = hashlib.sha256(f"{run.plan_id}{self._number}".encode()).digest()
        tries = 0
        if lucky > 0.95:
            tries = 1
            lost = lucky > 0.99
            kind = "read_timeout" if lost else draw.choice(KINDS)
            outcome, counted = ("unknown", "unknown") if lost else ("deferred", "retried")
            self._attempt(1, outcome, counted, kind=kind, cost_pusd=30_000_000 if lost else 0)
        if 0.94 < lucky <= 0.95:
            self._attempt(tries + 1, "rejected", "failed", kind="http_400")
            self._request(key, prompt, "FAILED", None, self._now_ms(), kind="http_400")
            return
        self._answered(key, prompt, tries + 1)

    def _answered(self, key: bytes, prompt: str, tries: int) -> None:
        draw = self._draw
        _, _, input_pusd, output_pusd, median_ms, _ = self._of_model
        latency_ms = median_ms * draw.lognormvariate(0, 0.6)
        if draw.random() < 0.01:
            latency_ms *= draw.paretovariate(1.2)  # a tail as real servers have
        answer = draw.choice(ANSWERS)
        tokens = (60 + draw.randrange(40), 2 + draw.randrange(30))
        cost_pusd = tokens[0] * input_pusd + tokens[1] * output_pusd
        self._attempt(
            tries, "answered", "answered", latency_ms=latency_ms, tokens=tokens, cost_pusd=cost_pusd
        )
        self._request(key, prompt, "ANSWERED", self._number, self._now_ms(), attempts=tries)
        self._answers.append(
            (
                *(self._number, key, answer, self._of_model[0], "stop", *tokens, cost_pusd, latency_ms),
                *(self._run.run_id, self._now_ms()),
            )
        )
        if draw.random() < 0.005:
            self._known.append((key, prompt, self._number))
            self._taken.add(key)
            state = draw.choice(("ACCEPTED", "ACCEPTED", "REJECTED"))
            self._reviews.append(
                (self._number, self._run.run_id, self._position - 1, state, "", "ada", self._now_ms(), 0)
            )

    def _now_ms(self) -> int:
        return int(self._at_s * 1000)

    def _attempt(
        self,
        number: int,
        outcome: str,
        counted: str,
        *,
        latency_ms: float | None = None,
        kind: str | None = None,
        tokens: tuple[int, int] = (0, 0),
        cost_pusd: int = 0,
    ) -> None:
        self._attempts.append(
            (
                *(self._run.run_id, self._number, number, self._now_ms(), latency_ms, outcome, counted),
                *(200 if outcome == "answered" else None, kind, kind, *tokens, cost_pusd),
            )
        )
        if cost_pusd:
            self.spent[time.strftime("%Y-%m-%d", time.gmtime(self._at_s))] += cost_pusd

    def _request(
        self,
        key: bytes,
        prompt: str,
        state: str,
        answer_no: int | None,
        ended_ms: int,
        *,
        attempts: int = 0,
        cached: bool = False,
        kind: str | None = None,
    ) -> None:
        run = self._run
        self._rows.append((run.plan_id, self._position, str(self._position), key))
        self._position += 1
        self._requests.append(
            (
                *(run.plan_id, key, prompt, len(prompt), len(prompt) // 4, 40_000_000, state, cached),
                *(answer_no, attempts, run.run_id, ended_ms, kind, kind, self._number),
            )
        )

    def tables(self) -> Iterator[tuple[str, str, list[tuple[Any, ...]]]]:
        """Rows by table and columns."""
        requests = (
            "plan_id, key, prompt, prompt_bytes, estimated_tokens, worst_case_pusd, state, cached, "
            "answer_no, attempts, run_id, ended_ms, error_kind, error, request_no, not_before_ms"
        )
        attempts = (
            "run_id, request_no, number, ended_ms, latency_ms, outcome, counted_as, status_code, "
            "error_kind, error, input_tokens, output_tokens, cost_pusd"
        )
        answers = (
            "request_no, key, text, model, finish_reason, input_tokens, output_tokens, cost_pusd, "
            "latency_ms, run_id, answered_ms"
        )
        reviews = "request_no, run_id, position, state, note, reviewer, at_ms, undone"
        yield "rows", "plan_id, position, label, key", self._rows
        yield "requests", requests, [(*row, 0) for row in self._requests]
        yield "attempts", attempts, self._attempts
        yield "answers", answers, self._answers
        yield "reviews", reviews, self._reviews


if __name__ == "__main__":
    make_ledger(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
