"""Two runs on the same rows side by side."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.progress import percentile
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.records import RowStatus
from loopai_nb.session.agreement import agreement_of
from loopai_nb.session.review_rows import ReviewRows, there, word
from loopai_nb.session.review_sheet import Sheet
from loopai_nb.session.same_rows import doubt_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from loopai_nb.execution.run import Run
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.redaction import Redactor
    from loopai_nb.session.agreement import Agreement

__all__ = ["Comparison", "Side", "compare", "lined_up"]

_FAILED = str(RowStatus.FAILED)

MOST_CATEGORIES = 12
"""Distinct answers of both runs together up to which there is a cross table."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs.

    Attributes:
        run_id: Which.
        model: That it asked.
        rows: How many it asked about.
        answered: Rows with an answer.
        failed: Rows that have none for good.
        spent_pusd: Picodollars that it cost.
        p50_ms: Median latency of its answers, over rows; None without one.
        p95_ms: 95th percentile likewise.
        labelled: How far it says what the label says, of rows with both; None without a label.
    """

    run_id: str
    model: str
    rows: int
    answered: int
    failed: int
    spent_pusd: int
    p50_ms: float | None
    p95_ms: float | None
    labelled: Agreement | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs say of the same rows.

    Attributes:
        first: The one.
        second: The other.
        by: How rows were lined up: ``position`` where both asked the same rows, else ``label`` of the index.
        frame: A row for each that both asked, under its index label: ``position`` (in the first), ``first``
            and ``second`` (answers, None without one), ``changed`` (whether both answered, and otherwise),
            ``first_status``, ``second_status``, ``first_latency_ms``, ``second_latency_ms``, and ``label``
            where one was asked for.
        agreement: Of the two, over rows that both answered.
        new_failures: Rows that only the second failed to answer.
        gone_failures: Rows that only the first failed to answer.
        only_first: Rows that only the first asked about.
        only_second: Rows that only the second asked about.
        label: Name of the labelled column; None without one.
        doubt: Why rows may be lined up that are not the same, and what to do about it; "" for nothing.
    """

    first: Side
    second: Side
    by: str
    frame: pd.DataFrame
    agreement: Agreement
    new_failures: int
    gone_failures: int
    only_first: int
    only_second: int
    label: str | None
    doubt: str = ""

    @property
    def changed(self) -> int:
        """Rows that both answered, and otherwise."""
        return self.agreement.n - self.agreement.agreed

    @property
    def changes(self) -> list[tuple[str, str, int]]:
        """Each change of an answer into another and how often, the most frequent first."""
        found = [(one, other, n) for (one, other), n in self.agreement.cross.items() if one != other]
        return sorted(found, key=lambda each: (-each[2], each[0], each[1]))

    @property
    def cross(self) -> pd.DataFrame | None:
        """How often the first (rows) and the second (columns) said what; None of more than a few answers."""
        import pandas as pd

        names = [*self.agreement.categories]
        if not names or len(names) > MOST_CATEGORIES:
            return None
        counts = [[self.agreement.cross.get((one, other), 0) for other in names] for one in names]
        index = pd.Index(names, name=f"{self.first.run_id} \\ {self.second.run_id}", dtype=object)
        return pd.DataFrame(counts, index=index, columns=pd.Index(names, dtype=object))

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    @property
    def sentences(self) -> list[str]:
        """What is said of it, a line each."""
        said = [
            (
                f"{self.changed:,} of {self.agreement.n:,} answers changed from {self.first.run_id} to "
                f"{self.second.run_id}: {self.agreement}."
            )
        ]
        if self.new_failures or self.gone_failures:
            said.append(
                f"{self.new_failures:,} rows fail that did not, {self.gone_failures:,} failed and do not."
            )
        if self.only_first or self.only_second:
            said.append(
                f"{self.only_first:,} rows only the first asked, {self.only_second:,} only the second."
            )
        return [*said, self.doubt] if self.doubt else said


def compare(
    ledger: Ledger,
    first: Run,
    second: Run,
    *,
    label: str | None = None,
    redactor: Redactor | None = None,
    labelled: Run | None = None,
) -> Comparison:
    """Compare the models' answers of two runs, whatever was edited since.

    Args:
        ledger: Where they are.
        first: The one.
        second: The other.
        label: A column of the frame with what should have been answered, such as a person's; ``part=label``
            compares a field of structured answers. Rows without a label do not count.
        redactor: What masked the index labels; None where nothing did.
        labelled: A handle of the first run beside the frame that has the label; the first itself by default.

    Raises:
        InputError: No row was asked by both, the rows can't be lined up, or there is no such column.
    """
    one, other = (Sheet(ledger, run.plan_id, run.run_id) for run in (first, second))
    by, places = lined_up(one.labels, other.labels, first.run_id, second.run_id)
    field, equals, column = (label or "").partition("=")
    truth: Sequence[Any] | None = None
    if label is not None:
        rows = ReviewRows(one, labelled or first, redactor)
        truth = rows.column(column.strip() if equals else label).tolist()
    both_texts = [
        _texts(sheet, run, field.strip() if equals else None)
        for sheet, run in ((one, first), (other, second))
    ]
    pairs = [(both_texts[0][here], both_texts[1][at]) for here, at in places]
    answered = [(mine, theirs) for mine, theirs in pairs if mine is not None and theirs is not None]
    failed = [(one.statuses[here] == _FAILED, other.statuses[at] == _FAILED) for here, at in places]
    labels = None if truth is None else [truth[here] for here, _ in places]
    return Comparison(
        first=_side(first, one, _against([mine for mine, _ in pairs], labels)),
        second=_side(second, other, _against([theirs for _, theirs in pairs], labels)),
        by=by,
        frame=_frame(one, other, places, [_changed(*pair) for pair in pairs], labels),
        agreement=agreement_of([mine for mine, _ in answered], [theirs for _, theirs in answered]),
        new_failures=sum(now and not before for before, now in failed),
        gone_failures=sum(before and not now for before, now in failed),
        only_first=one.rows - len(places),
        only_second=other.rows - len(places),
        label=label,
        doubt=doubt_of(ledger, first, second, one.labels, other.labels),
    )


def lined_up(
    first: Sequence[str], second: Sequence[str], first_id: str, second_id: str
) -> tuple[str, list[tuple[int, int]]]:
    """Which rows of two runs are the same, by their index labels.

    Args:
        first: Labels of the one, in its order.
        second: Of the other.
        first_id: Of the one, in messages.
        second_id: Of the other.

    Returns:
        ``position`` or ``label``, and the positions in both of each row that both asked.

    Raises:
        InputError: There is none, or a label repeats.
    """
    if first == second:
        return "position", [(place, place) for place in range(len(first))]
    for run_id, labels in ((first_id, first), (second_id, second)):
        label, times = Counter(labels).most_common(1)[0]
        if times > 1:
            raise InputError(
                f"Two rows of run {run_id} have the label {label}, by which the two runs are lined up.",
                "Ask frames whose index tells rows apart, such as those of pull --key.",
            )
    at: Mapping[str, int] = {label: place for place, label in enumerate(second)}
    places = [(place, at[label]) for place, label in enumerate(first) if label in at]
    if not places:
        raise InputError(
            f"No row was asked by both {first_id} and {second_id}.", "Compare runs over the same frame."
        )
    return "label", places


def _texts(sheet: Sheet, run: Run, field: str | None) -> list[str | None]:
    """What is compared of each answer: its text, a structured one in any order, or a field."""
    schema = run.schema
    if field is not None:
        if schema is None or field not in {each.name for each in schema.fields}:
            raise InputError(f"The answers of run {run.run_id} have no field {field!r}.")
        values = schema.columns(sheet.originals)[field].tolist()
        return [word(value) if there(value) else None for value in values]
    plain = schema is None
    return [None if text is None else text.strip() if plain else _canonical(text) for text in sheet.originals]


def _canonical(text: str) -> str:
    try:
        return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)
    except ValueError:
        return text.strip()


def _changed(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _against(texts: Sequence[str | None], labels: Sequence[Any] | None) -> Agreement | None:
    """How far answers say what labels say, of rows that have both."""
    if labels is None:
        return None
    both = [
        (text, word(label))
        for text, label in zip(texts, labels, strict=True)
        if text is not None and there(label)
    ]
    return agreement_of([text for text, _ in both], [label for _, label in both])


def _frame(
    one: Sheet,
    other: Sheet,
    places: Sequence[tuple[int, int]],
    changed: Sequence[bool],
    labels: Sequence[Any] | None,
) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = {
        "position": [here for here, _ in places],
        "first": pd.Series([one.originals[here] for here, _ in places], dtype=object),
        "second": pd.Series([other.originals[at] for _, at in places], dtype=object),
        "changed": changed,
        "first_status": [one.statuses[here] for here, _ in places],
        "second_status": [other.statuses[at] for _, at in places],
        "first_latency_ms": [one.latencies_ms[here] for here, _ in places],
        "second_latency_ms": [other.latencies_ms[at] for _, at in places],
    }
    if labels is not None:
        columns["label"] = pd.Series(labels, dtype=object)
    frame = pd.DataFrame(columns)
    frame.index = pd.Index([_label(one.labels[here]) for here, _ in places])
    return frame


def _side(run: Run, sheet: Sheet, labelled: Agreement | None) -> Side:
    row = run.row
    latencies = sorted(value for value in sheet.latencies_ms.tolist() if value == value)  # noqa: PLR0124  (NaN)
    return Side(
        run_id=run.run_id,
        model=PlanSpec.from_json(row.spec).model,
        rows=sheet.rows,
        answered=sum(text is not None for text in sheet.originals),
        failed=sheet.statuses.count("failed"),
        spent_pusd=row.spent_pusd,
        p50_ms=percentile(latencies, 0.5),
        p95_ms=percentile(latencies, 0.95),
        labelled=labelled,
    )


def _label(label: str) -> Any:
    value = json.loads(label)
    return tuple(value) if isinstance(value, list) else value
