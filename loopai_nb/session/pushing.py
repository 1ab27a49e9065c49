"""Answers back into Postgres, each with where it came from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.result import ANSWER_COLUMNS, request_id
from loopai_nb.ledger import queries
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import usd
from loopai_nb.records import RowStatus, RunState
from loopai_nb.session.reviewed import accepted, as_edited, review_columns, verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    import pandas as pd

    from loopai_nb.ledger.records import RunRow
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.postgres.engine import Database
    from loopai_nb.postgres.job import PushMode
    from loopai_nb.postgres.push import Lineage, PushSummary
    from loopai_nb.session.reviewed import Verdict

    LineageForm = Literal["table", "columns", "none"]

__all__ = ["push_answers"]

_REQUEST_ID = re.compile(r"q-[0-9a-f]{16}")


def push_answers(
    database: Database,
    ledger: Ledger,
    frame: pd.DataFrame,
    table: str,
    *,
    key: str | Sequence[str] | None,
    mode: PushMode | None,
    columns: Sequence[str] | None,
    lineage: LineageForm = "table",
    partial: bool = False,
    unreviewed: bool = False,
    dry_run: bool = False,
) -> PushSummary:
    """Write the answered rows of a result into a table, with their lineage, in one transaction.

    Of a run that is reviewed, what was accepted is written, edited answers as they were edited, whenever the
    frame was made. The summary says which rows were left out, and where the run has not answered all that it
    asked. A row of this run that an append finds there already, the same in every column, is left as it is.

    Args:
        database: Whose table.
        ledger: Where the answers come from.
        frame: The result of a run; rows without an answer are left out. A frame that holds no answers of a
            run is written whole, without lineage.
        table: Created where it is missing.
        key: Columns that tell a row; also its primary key where the table is created.
        mode: append, upsert by key, or replace: also take away the table's other rows; upsert where there is
            a key, else append.
        columns: What is written beside key and answer; by default all columns of the frame that are not
            about the request (status, latency, tokens, cost), and ``request_id``.
        lineage: Where the answers came from: a record for each in the ``"table"`` ``loopai_lineage``, or the
            ``"columns"`` run_id, model, template_sha256, prompt_sha256, input_tokens, output_tokens,
            cost_usd, approved_by, reviewed_by, answered_at and edited beside the answer, or ``"none"``.
        partial: Push what there is, where the run has not answered all that it asked.
        unreviewed: Of a reviewed run also answers that nobody has decided about, or that were skipped; what
            was rejected is never pushed.
        dry_run: Do it, tell what it did, and roll it back.

    Raises:
        InputError: It is no DataFrame, a column is missing, nothing is answered, it can't be told which run
            the answers are of, a part of a run was not asked for, or the run is reviewed and none of these
            answers is accepted.
        DatabaseError: See ``push.push``; nothing is written then.
    """
    from loopai_nb.postgres.push import push

    if lineage not in ("table", "columns", "none"):
        raise InputError(f"lineage is {lineage!r}.", "Use 'table', 'columns' or 'none'.")
    _refuse_other_things(frame)
    keys = [key] if isinstance(key, str) else list(key or [])
    origin = frame.attrs.get("loopai") or {}
    if not _holds_answers(frame, origin):
        whole = _chosen(frame, keys, columns)
        return push(database, whole, table, key=keys or None, mode=mode, dry_run=dry_run)
    answer = origin["answer_column"]
    run = queries.run_row(ledger, origin["run_id"])
    answered = frame[frame["status"].isin([RowStatus.ANSWERED, RowStatus.CACHED])]
    if len(answered) == 0:
        raise InputError("No row has an answer, so there is nothing to push.")
    if not partial:
        _refuse_part(run, missing=len(frame) - len(answered), rows=len(frame))
    asked, decided = len(answered), verdicts(ledger, run, answered)
    if decided is not None:
        # Where all was undone it counts as not reviewed; the frame may hold an edit from before.
        unreviewed = unreviewed or not ledger.is_reviewed(run.run_id)
        answered, decided = accepted(run, answered, decided, unreviewed=unreviewed)
        answered = as_edited(run, answered, answer, decided)
    about = {*ANSWER_COLUMNS[1:-1], *(review_columns(answer) if origin.get("reviewed") else ())}
    kept = [c for c in frame.columns if c not in about] if columns is None else columns
    wanted = [*dict.fromkeys([*keys, *kept, answer, "request_id"])]
    chosen = _chosen(answered, keys, wanted)
    records = _lineage(ledger, run, answered, answer, decided)
    summary = push(
        database,
        _with_lineage(chosen, records) if lineage == "columns" else chosen,
        table,
        key=keys or None,
        mode=mode,
        lineage=records if lineage == "table" else (),
        once="request_id",
        dry_run=dry_run,
    )
    return replace(
        summary,
        left_out=len(frame) - asked,
        not_accepted=asked - len(answered),
        run_id=run.run_id,
        run_state=run.state,
        run_reason=run.reason or ("its process ended" if run.owner_gone else ""),
        examples=tuple(change.without("request_id") for change in summary.examples),
    )


def _refuse_other_things(frame: object) -> None:
    """Refuse what is no DataFrame, and say how it becomes one.

    Raises:
        InputError: It is none.
    """
    import pandas as pd

    if isinstance(frame, pd.DataFrame):
        return
    hint = "Push a DataFrame."
    if callable(getattr(frame, "result", None)):
        hint = "Push its answers: run.result()."
    elif isinstance(frame, pd.Series):
        hint = "Make it one, with its index: series.reset_index()."
    elif isinstance(frame, Iterable):
        hint = "Push each of its frames, by key: for frame in stream: session.push(frame, TABLE, key=...)"
    raise InputError(f"A {type(frame).__name__} can't be pushed.", hint)


def _refuse_part(run: RunRow, *, missing: int, rows: int) -> None:
    """Refuse what would be taken for all of a run.

    Raises:
        InputError: The run has not come to its end, or rows have no answer.
    """
    if run.state is RunState.COMPLETED and not missing:
        return
    why = run.reason.rstrip(".") or ("its process ended" if run.owner_gone else "")
    open_rows = run.rows - run.answered_rows
    said = (
        f"{missing:,} of these {rows:,} rows have no answer" if missing else "these rows all have an answer"
    )
    if open_rows and (open_rows, run.rows) != (missing, rows):
        said += f", {open_rows:,} of the run's {run.rows:,} have none"
    raise InputError(
        f"Run {run.run_id} is {run.state}{f' ({why})' if why else ''}: {said}.",
        f"Go on with it: %loopai resume {run.run_id}. Or push what there is: --partial, in Python "
        "partial=True. Nothing was pushed.",
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


def _with_lineage(frame: pd.DataFrame, records: Sequence[Lineage]) -> pd.DataFrame:
    """The frame with a column for each part of its lineage.

    Raises:
        InputError: It has a column of one of the names.
    """
    import pandas as pd

    from loopai_nb.postgres.push import Lineage

    names = [field.name for field in fields(Lineage) if field.name not in ("request_id", "plan_id")]
    if taken := [name for name in names if name in frame.columns]:
        raise InputError(
            f"The frame has a column {taken[0]!r}, which the lineage would overwrite.",
            "Rename it, leave it out (--columns), or keep the lineage in its table (--lineage table).",
        )
    dtypes = {
        "answered_at": "datetime64[us, UTC]",
        "input_tokens": "Int64",
        "output_tokens": "Int64",
        "edited": "bool",
    }
    columns = {
        name: pd.Series(
            [getattr(record, name) for record in records],
            index=frame.index,
            dtype=dtypes.get(name, "object"),
        )
        for name in names
    }
    return frame.assign(**columns)


def _lineage(
    ledger: Ledger,
    run: RunRow,
    answered: pd.DataFrame,
    answer: str,
    decided: Sequence[Verdict] | None,
) -> list[Lineage]:
    """One record per pushed row, in the rows' order; it says where an answer is not the model's any more."""
    from loopai_nb.postgres.push import Lineage

    spec = PlanSpec.from_json(run.spec)
    template = f"{spec.system or ''}\0{spec.template}"
    template_sha256 = hashlib.sha256(template.encode()).hexdigest()
    by_request = _answers_by_request(ledger, run, set(answered["request_id"]))
    made: dict[str, Lineage] = {}  # one for each request, however many rows it answers
    for name in answered["request_id"].unique():
        found = by_request.get(name)
        if found is None:
            raise InputError(
                f"Run {run.run_id} has no answer to a request {name!r}, so its lineage can't be recorded.",
                "Push the rows of one run at a time, with the request_id that it gave them.",
            )
        made[name] = Lineage(
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
    originals = {name: found["text"] for name, found in by_request.items()}
    none: list[Verdict | None] = [None] * len(answered)
    said = zip(answered["request_id"], answered[answer], decided or none, strict=True)
    changed: dict[tuple[str, bool, str | None], Lineage] = {}
    records = []
    for name, value, verdict in said:
        if verdict is None and isinstance(value, str) and value == originals[name]:
            records.append(made[name])
            continue
        key = (name, _is_edited(value, originals[name]), _reviewer(value, verdict))
        if key not in changed:
            changed[key] = replace(made[name], edited=key[1], reviewed_by=key[2])
        records.append(changed[key])
    return records


def _is_edited(value: object, original: str | None) -> bool:
    """Whether what is pushed is not what the model answered; unknown of one that was blanked, so no."""
    return original is not None and str(value) != original


def _reviewer(value: object, verdict: Verdict | None) -> str | None:
    """Who accepted what is pushed; nobody accepted what was changed afterwards."""
    if verdict is None or not verdict.accepted or str(value) != str(verdict.text):
        return None
    return verdict.reviewer


def _answers_by_request(ledger: Ledger, run: RunRow, names: set[str]) -> dict[str, Any]:
    """Where the answers of these requests come from; of a chunk of a large run only its own are asked for."""
    found = {key: request_id(key) for key in queries.keys_in_order(ledger, run.plan_id) if key is not None}
    keys = [key for key, name in found.items() if name in names]
    return {found[key]: row for key, row in queries.lineage(ledger, run.run_id, keys).items()}
