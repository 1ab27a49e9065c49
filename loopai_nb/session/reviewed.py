"""What people decided about the answers that are pushed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.prompts.structured import AnswerSchema
from loopai_nb.records import ReviewState
from loopai_nb.session.review_rows import places_of
from loopai_nb.session.review_sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from loopai_nb.ledger.records import RunRow
    from loopai_nb.ledger.reviews import ReviewRow
    from loopai_nb.ledger.store import Ledger

__all__ = ["Verdict", "accepted", "as_edited", "review_columns", "verdicts"]

_TAKEN = (ReviewState.ACCEPTED, ReviewState.EDITED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about one row.

    Attributes:
        state: What was said last; None where nobody decided.
        text: The answer as it was accepted: edited, or the model's; None where it was not.
        original: The model's answer.
        reviewer: Who accepted it; None where nobody did.
        edits: What anybody ever put in its place, also what was undone or decided otherwise since.
    """

    state: ReviewState | None
    text: str | None
    original: str | None
    reviewer: str | None
    edits: frozenset[str] = frozenset()

    @property
    def accepted(self) -> bool:
        """Whether the answer may be used, as it is or edited."""
        return self.state in _TAKEN


def review_columns(answer: str) -> tuple[str, ...]:
    """Names of the columns that a review adds to a result, by that of the answer's."""
    return ("review", "reviewed_by", "review_note", f"{answer}_original")


def verdicts(ledger: Ledger, run: RunRow, answered: pd.DataFrame) -> list[Verdict] | None:
    """Tell what was decided about rows of a run, by whoever reviewed it.

    Args:
        ledger: Where the reviews are.
        run: Whose rows.
        answered: Rows of its result, with their ``request_id``. Where their index was lost, what was decided
            about all rows of a request is found by that.

    Returns:
        One for each row, in their order; None where nobody ever reviewed the run.

    Raises:
        InputError: Rows with one request were decided differently, and the index does not tell them apart.
    """
    edits = ledger.edits_of(run.run_id)
    if not edits and not ledger.is_reviewed(run.run_id):
        return None
    sheet = Sheet(ledger, run.plan_id, run.run_id)
    sheet.refresh("")
    by_request: dict[str, list[int]] = {}
    for position in range(sheet.rows):
        if (name := sheet.request_id(position)) is not None:
            by_request.setdefault(name, []).append(position)
    found = []
    for place, name in zip(places_of(answered, sheet.labels), answered["request_id"], strict=True):
        if place is not None and sheet.request_id(place) == name:
            found.append(_verdict(sheet, place, edits))
            continue
        same = {_verdict(sheet, position, edits) for position in by_request.get(name, ())}
        if len(same) > 1:
            raise InputError(
                f"Rows with the request {name} were reviewed one by one, and these have lost the index that "
                "tells which is which.",
                "Push the result with its index, such as review.frame().",
            )
        found.append(same.pop() if same else Verdict(None, None, None, None))
    return found


def accepted(
    run: RunRow, answered: pd.DataFrame, decided: Sequence[Verdict], *, unreviewed: bool
) -> tuple[pd.DataFrame, list[Verdict]]:
    """The rows of a reviewed run that are pushed, with what was decided about them.

    Raises:
        InputError: There are none.
    """
    taken = [each.accepted or (unreviewed and each.state is not ReviewState.REJECTED) for each in decided]
    if not any(taken):
        raise InputError(
            f"Run {run.run_id} is reviewed, and none of these {len(taken):,} answers is accepted.",
            "Accept some first, or push those that are not decided: --unreviewed, in Python unreviewed=True. "
            "Nothing was pushed.",
        )
    return answered[taken], [each for each, is_taken in zip(decided, taken, strict=True) if is_taken]


def as_edited(run: RunRow, answered: pd.DataFrame, answer: str, decided: Sequence[Verdict]) -> pd.DataFrame:
    """The rows with the answers as they were accepted; what was changed in the frame stays.

    A frame that was made during the review may hold an edit that was undone or edited again since: that is no
    change of the frame's own.
    """
    import pandas as pd

    texts = [_put_right(value, each) for value, each in zip(answered[answer], decided, strict=True)]
    # Of a frame that has the accepted answers already, its fields were read anew when they were put there.
    if all(text is None for text in texts):
        return answered
    mask = pd.Series([text is not None for text in texts], index=answered.index)
    answered = answered.copy(deep=False)
    answered[answer] = answered[answer].mask(mask.to_numpy(), pd.Series(texts, index=answered.index))
    schema = PlanSpec.from_json(run.spec).parameters.schema
    if schema is not None:
        for name, values in AnswerSchema.of(dict(schema)).columns(texts, answered.index).items():
            if name in answered.columns:
                answered[name] = answered[name].mask(mask.to_numpy(), values)
    return answered


def _put_right(value: object, verdict: Verdict) -> str | None:
    """What has to stand in the place of a frame's value; None where the value stays."""
    text = verdict.text if verdict.accepted else verdict.original
    if text is None or str(value) == text:
        return None
    return text if str(value) == verdict.original or str(value) in verdict.edits else None


def _verdict(sheet: Sheet, position: int, edits: Mapping[int, frozenset[str]]) -> Verdict:
    row: ReviewRow | None = sheet.said(position)
    number, original = sheet.request_nos[position], sheet.originals[position]
    made = frozenset[str]() if number is None else edits.get(number, frozenset())
    if row is None or row.state not in _TAKEN:
        return Verdict(None if row is None else row.state, None, original, None, made)
    text = row.text if row.state is ReviewState.EDITED else original
    return Verdict(row.state, text, original, row.reviewer, made)
