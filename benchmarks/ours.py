"""Our whole path with everything on: ``python -m benchmarks.ours [--adaptive] URL ROWS IN_FLIGHT``.

Plan (render, key, store), approval in code, run (claim, send, record with a FULL commit, account against a
budget), result. Told as the peers tell theirs, and besides: ``plan_s``, ``run_s``, ``result_s``.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.common import MAX_TOKENS, MODEL, TEMPLATE, main

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from loopai_nb.execution.run import Run
    from loopai_nb.planning.plan import Plan
    from loopai_nb.session import Session

__all__ = ["open_session"]


def open_session(url: str, folder: Path) -> Session:
    """A session on a model server, with a ledger of its own, a price and a budget."""
    from loopai_nb.session import Session
    from loopai_nb.settings import Settings

    environ = {
        "LOOPAI_SERVER": url,
        "LOOPAI_SERVER_KIND": "openai",
        "LOOPAI_MODEL": MODEL,
        "LOOPAI_LEDGER": str(folder / "ledger" / "ledger.sqlite3"),
        "LOOPAI_USER": "bench",
        "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "0.15",
        "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "0.60",
        "LOOPAI_BUDGET_USD": "1000",
    }
    return Session(Settings.load(environ=environ, cwd=folder, config_dir=folder))


def _load() -> None:
    # All that the first request would import, as the peers import all of theirs.
    import loopai_nb.clients.connect
    import loopai_nb.execution.executor
    import loopai_nb.ledger.store
    import loopai_nb.prompts.renderer
    import loopai_nb.session.asking  # noqa: F401  (timed)


def _ask(url: str, frame: pd.DataFrame, in_flight: int) -> tuple[Sequence[Any], Mapping[str, float]]:
    with open_session(url, Path(os.environ["BENCH_FOLDER"])) as session:
        began_s = time.perf_counter()
        plan = session.plan(frame, TEMPLATE, max_tokens=MAX_TOKENS, temperature=0)
        planned_s = time.perf_counter()
        run = _run(session, plan, in_flight)
        ran_s = time.perf_counter()
        answers = list(run.result()["answer"])
        ended_s = time.perf_counter()
    return answers, {"plan_s": planned_s - began_s, "run_s": ran_s - planned_s, "result_s": ended_s - ran_s}


def _run(session: Session, plan: Plan, in_flight: int) -> Run:
    # The one place that knows how a run is started: fixed is what the peers do.
    fixed = "--adaptive" not in sys.argv
    return session.run(plan, approve=True, concurrency=in_flight, fixed=fixed).wait()


if __name__ == "__main__":
    main(_load, _ask)
