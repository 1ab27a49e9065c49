"""Answers back into Postgres, each with where it came from."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.result import ANSWER_COLUMNS, request_id
from loopai_nb.ledger import queries
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import usd
from loopai_nb.records import RowStatus

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    import pandas as pd

    from loopai_nb.ledger.records import RunRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.push import Lineage, PushSummary

__all__ = ["push_answers"]

_REQUEST_ID = re.compile(r"q-[0-9a-f]{16}")


def push_answers(
    database: Database,
    ledger: Ledger,
    frame: pd.DataFrame,
    table: str,
    *,
    key: str | Sequence[str] | None,
    mode: Literal["append", "upsert"] | None,
    columns: Sequence[str] | None,
) -> PushSummary:
    """Write the answered rows of a result into a table, with their lineage, in one transaction.

    The summary says which rows were left out, and where the run has not answered all that it asked.

    Args:
        database: Whose table.
        ledger: Where the answers come from.
        frame: The result of a run; rows without an answer are left out. A frame that holds no answers of a
            run is written whole, without lineage.
        table: Created where it is missing.
        key: Columns that tell a row; also its primary key where the table is created.
        mode: append, or upsert by key; upsert where there is a key.
        columns: What is written beside key and answer; by default all columns of the frame that are not
            about the request (status, latency, tokens, cost), and ``request_id``.

    Raises:
        InputError: A column is missing, nothing is answered, or it can't be told which run the answers are
            of.
        DatabaseError: See ``push.push``; nothing is written then.
    """
    from loopai_nb.postgres.push import push

    keys = [key] if isinstance(key, str) else list(key or [])
    origin = frame.attrs.get("loopai") or {}
    if not _holds_answers(frame, origin):
        return push(database, _chosen(frame, keys, columns), table, key=keys or None, mode=mode)
    answer = origin["answer_column"]
    run = queries.run_row(ledger, origin["run_id"])
    answered = frame[frame["status"].isin([RowStatus.ANSWERED, RowStatus.CACHED])]
    if len(answered) == 0:
        raise InputError("No row has an answer, so there is nothing to push.")
    kept = [c for c in frame.columns if c not in ANSWER_COLUMNS[1:-1]] if columns is None else columns
    wanted = [*dict.fromkeys([*keys, *kept, answer, "request_id"])]
    lineage = _lineage(ledger, run, answered)
    summary = push(
        database, _chosen(answered, keys, wanted), table, key=keys or None, mode=mode, lineage=lineage
    )
    return replace(
        summary,
        left_out=len(frame) - len(answered),
        run_id=run.run_id,
        run_state=run.state,
        run_reason=run.reason or ("its process ended" if run.owner_gone else ""),
    )


def _holds_answers(frame: pd.DataFrame, origin: Mapping[str, object]) -> bool:
    """Whether it is the result of a run, all or some of its rows, with columns more or less.

    Raises:
        InputError: It was made from one, and no longer tells of which run or of which requests.
    """
    if "run_id" not in origin:
        if _looks_like_a_result(frame):
            raise InputError(
                "These rows hold answers, and no longer tell of which run: merge and concat drop that.",
                "Put it back with frame.attrs = result.attrs, or drop the column request_id to push the rows "
                "whole and without lineage.",
            )
        return False
    missing = [name for name in ("status", "request_id") if name not in frame.columns]
    if missing and origin["answer_column"] in frame.columns:
        raise InputError(
            f"The answers of run {origin['run_id']} have lost their column {missing[0]!r}, which tells what "
            "was answered.",
            "Keep status and request_id in the frame, and choose what is pushed: --columns, columns=[...]",
        )
    return not missing


def _looks_like_a_result(frame: pd.DataFrame) -> bool:
    if not {"request_id", "status"} <= {*frame.columns}:
        return False
    names = frame["request_id"].dropna()
    return len(names) > 0 and all(isinstance(name, str) and _REQUEST_ID.fullmatch(name) for name in names)


def _chosen(frame: pd.DataFrame, keys: list[str], columns: Sequence[str] | None) -> pd.DataFrame:
    """The columns that are written; a key that is the index's name becomes a column."""
    if any(name not in frame.columns and name in frame.index.names for name in keys):
        frame = frame.reset_index()
    if columns is None:
        return frame
    missing = [name for name in [*keys, *columns] if name not in frame.columns]
    if missing:
        raise InputError(
            f"There is no column {missing[0]!r} to push.", f"Columns: {', '.join(map(str, frame.columns))}"
        )
    return frame[list(columns)]


def _lineage(ledger: Ledger, run: RunRow, answered: pd.DataFrame) -> list[Lineage]:
    """One record per pushed row, in the rows' order."""
    from loopai_nb.postgres.push import Lineage

    spec = PlanSpec.from_json(run.spec)
    template = f"{spec.system or ''}\0{spec.template}"
    template_sha256 = hashlib.sha256(template.encode()).hexdigest()
    by_request = _answers_by_request(ledger, run.plan_id, run.run_id)
    records = []
    for name in answered["request_id"]:
        found = by_request.get(name)
        if found is None:
            raise InputError(
                f"Run {run.run_id} has no answer to a request {name!r}, so its lineage can't be recorded.",
                "Push the rows of one run at a time, with the request_id that it gave them.",
            )
        records.append(
            Lineage(
                request_id=name,
                run_id=run.run_id,
                plan_id=run.plan_id,
                template_sha256=template_sha256,
                prompt_sha256=found["key"].hex(),
                model=found["model"] or spec.model,
                input_tokens=found["input_tokens"],
                output_tokens=found["output_tokens"],
                cost_usd=usd(found["cost_pusd"]),
                approved_by=found["decided_by"],
                reviewed_by=None,
                answered_at=datetime.fromtimestamp(found["answered_ms"] / 1000, UTC),
            )
        )
    return records


def _answers_by_request(ledger: Ledger, plan_id: str, run_id: str) -> dict[str, Any]:
    keys = list({key for key in queries.keys_in_order(ledger, plan_id) if key is not None})
    return {request_id(key): found for key, found in queries.lineage(ledger, run_id, keys).items()}
