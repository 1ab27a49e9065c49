"""From a frame and a template to a plan that is stored, estimated, and waits for approval."""

from __future__ import annotations

import array
import collections
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError
from loopai_nb.execution.result import check_columns, index_labels, index_names, is_keyed
from loopai_nb.ledger import queries
from loopai_nb.ledger.schema import NO_CACHE_MS
from loopai_nb.planning.estimate import estimate
from loopai_nb.planning.plan import Plan, PlanDigest, PlannedRow, PlanSpec, history_key, planned_rows
from loopai_nb.pricing import pusd
from loopai_nb.records import LEFT_OUT, Parameters, ServerKind
from loopai_nb.session.asking import no_price
from loopai_nb.session.frames import Frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from concurrent.futures import Future
    from decimal import Decimal

    import pandas as pd

    from loopai_nb.clients.base import ModelServer
    from loopai_nb.execution.counts import Limits
    from loopai_nb.ledger.store import Ledger
    from loopai_nb.pricing import Price
    from loopai_nb.prompts.structured import AnswerSchema
    from loopai_nb.prompts.template import Rendered, Template
    from loopai_nb.redaction import Redactor

__all__ = ["MapOptions", "make_plan"]

_ROWS_PER_WRITE = 10_000
_BYTES_PER_WRITE = 4_000_000
"""Of prompts; a larger transaction writes fewer pages twice, and what is held in memory stays bounded."""

_WRITES_AHEAD = 1
"""Batches that wait for the ledger while the next one is rendered."""

_SAMPLES = 5
_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What a caller may say about a plan, beside frame and template.

    Attributes:
        name: Name of the frame in messages.
        answer: Name of the answer's column.
        max_tokens: Most tokens of an answer.
        temperature: 0 to 2.
        budget_usd: Most that the run may cost, USD; None for no limit.
        extra: Further fields for the model server, JSON values.
        constants: Template variables that are the same for every row.
        schema: What each answer has to fit; None for free text.
        schema_retries: How often an answer that does not fit is asked for again.
        cache_max_age_s: Older answers of the ledger are not used; 0 uses none, None those of any age.
        dedup: Send identical requests once.
        leave_out: Positions of rows that are not asked.
    """

    name: str
    answer: str
    max_tokens: int
    temperature: float
    budget_usd: Decimal | None
    extra: Mapping[str, object]
    constants: Mapping[str, object]
    schema: AnswerSchema | None = None
    schema_retries: int = 2
    cache_max_age_s: float | None = None
    dedup: bool = True
    leave_out: frozenset[int] = frozenset()


def make_plan(
    given: Frames | pd.DataFrame,
    template: Template,
    options: MapOptions,
    *,
    ledger: Ledger,
    server: ModelServer,
    redactor: Redactor | None,
    price: Price | None,
    limits: Limits,
) -> Plan:
    """Render, key and store every request; nothing is sent.

    Rows stream from the frames into the ledger: a plan of a million is never held as a whole. Where it fails
    or is interrupted, no plan is left behind; a stream is closed in any case.

    Raises:
        InputError: The frames have a column that an answer would overwrite, or differ; their index is the key
            and two rows have the same; a parameter is out of range.
        TemplateError: The template asks for a column that is not there.
    """
    frames = given if isinstance(given, Frames) else Frames(given, options.name)
    try:
        return _made(
            frames,
            template,
            options,
            ledger=ledger,
            server=server,
            redactor=redactor,
            price=price,
            limits=limits,
        )
    finally:
        frames.close()


def _made(
    frames: Frames,
    template: Template,
    options: MapOptions,
    *,
    ledger: Ledger,
    server: ModelServer,
    redactor: Redactor | None,
    price: Price | None,
    limits: Limits,
) -> Plan:
    first = frames.first
    if first is None:
        raise AssertionError("frames are read once")
    check_columns(first, options.name, options.answer, options.schema)
    columns = [*map(str, first.columns), *options.constants]
    template.check(columns, frame_name=options.name)
    names, keyed = index_names(first), is_keyed(first)
    del first
    spec = _spec(server, template, options, price, ledger.day_budget_pusd)
    key = history_key(spec)
    plan_id = ledger.begin_plan(
        spec.as_json(),
        options.name,
        cache_after_ms=_cache_after_ms(options.cache_max_age_s, ledger.now_ms()),
        history_key=key,
    )
    masked: dict[str, int] = {}
    stored = _Stored(ledger, plan_id, spec, labels=array.array("q") if keyed else None)
    try:
        for start, frame in frames:
            rendered = template.render_frame(frame, options.constants)
            if options.leave_out:
                rendered = _without(rendered, options.leave_out, start)
            if redactor is not None:
                rendered = _redacted(rendered, redactor, masked)
            labels = index_labels(frame, redactor, start)
            stored.add(planned_rows(spec, rendered, labels, start))
            del frame, rendered, labels  # the next one takes its place, not one beside it
        stored.flush()
        # Masked labels may be alike where the keys are not: such answers line up by position only.
        if keyed and redactor is None:
            stored.check_labels(options.name)
        digest = stored.finish(frames.rows, names, frames.pull_no)
    except BaseException:
        stored.abandon()
        ledger.drop_plan(plan_id)
        raise
    sums = ledger.plan_sums(plan_id)
    return Plan(
        plan_id=plan_id,
        digest=digest,
        spec=spec,
        frame_name=options.name,
        rows=frames.rows,
        distinct=sums["distinct"],
        cached=sums["cached"],
        left_out=stored.left_out,
        problems=tuple(stored.problems),
        masked=tuple(sorted(masked.items())),
        samples=tuple(stored.samples),
        estimate=estimate(
            rows=frames.rows,
            distinct=sums["distinct"],
            cached=sums["cached"],
            input_tokens=sums["tokens"],
            worst_case_pusd=sums["worst_case_pusd"],
            parameters=spec.parameters,
            price=price,
            concurrency=limits.concurrency,
            history=queries.past(ledger, key),
            requests_per_min=limits.requests_per_min,
            tokens_per_min=limits.tokens_per_min,
        ),
        saved_pusd=sums["saved_pusd"],
    )


class _Stored:
    """Takes in rows one by one and hands them to the ledger in batches, a few ahead of its commits."""

    def __init__(
        self, ledger: Ledger, plan_id: str, spec: PlanSpec, *, labels: array.array[int] | None
    ) -> None:
        self.left_out = 0
        self.problems: list[tuple[int, str]] = []
        self.samples: list[PlannedRow] = []
        self._ledger = ledger
        self._plan_id = plan_id
        self._digest = PlanDigest(spec)
        self._batch: list[PlannedRow] = []
        self._bytes = 0
        self._labels = labels  # their hashes: 8 bytes a row
        self._writes: collections.deque[Future[None]] = collections.deque()

    def add(self, rows: Iterable[PlannedRow]) -> None:
        """Take in the next rows."""
        for row in rows:
            self._digest.add(row.key)
            if row.key is None:
                self.left_out += 1
                if len(self.problems) < _PROBLEMS:
                    self.problems.append((row.position, row.error or ""))
            elif len(self.samples) < _SAMPLES:
                self.samples.append(row)
            if self._labels is not None:
                self._labels.append(hash(row.label))
            self._batch.append(row)
            self._bytes += row.prompt_bytes
            if len(self._batch) == _ROWS_PER_WRITE or self._bytes >= _BYTES_PER_WRITE:
                self._write()

    def flush(self) -> None:
        """Wait until all that was taken in is durable."""
        self._write()
        while self._writes:
            self._writes.popleft().result()

    def check_labels(self, name: str) -> None:
        """Refuse a key that two rows have: nobody could tell later whose answer is whose."""
        import numpy as np

        hashes = np.sort(np.frombuffer(self._labels or b"", dtype=np.int64))
        if not (hashes[1:] == hashes[:-1]).any():
            return
        label = self._ledger.repeated_label(self._plan_id)
        if label is not None:  # and not two that only have one hash
            raise InputError(
                f"Two rows of {name} have the key {label}, by which answers would be lined up with rows.",
                "Pull with a key that tells every row: --key A,B",
            )

    def finish(self, rows: int, names: str, pull_no: int | None) -> str:
        """Freeze the plan, of which all is durable; returns its digest."""
        digest = self._digest.hexdigest()
        self._ledger.finish_plan(self._plan_id, digest, rows, index_names=names, pull_no=pull_no)
        return digest

    def abandon(self) -> None:
        """Take back what waits to be written."""
        for write in self._writes:
            write.cancel()

    def _write(self) -> None:
        batch, self._batch, self._bytes = self._batch, [], 0
        self._writes.append(self._ledger.queue_rows(self._plan_id, batch))
        if len(self._writes) > _WRITES_AHEAD:
            self._writes.popleft().result()


def _cache_after_ms(max_age_s: float | None, now_ms: int) -> int:
    if max_age_s is None:
        return 0
    return NO_CACHE_MS if max_age_s <= 0 else now_ms - int(max_age_s * 1000)


def _spec(
    server: ModelServer,
    template: Template,
    options: MapOptions,
    price: Price | None,
    day_budget_pusd: int | None,
) -> PlanSpec:
    if options.max_tokens < 1:
        raise InputError(f"max_tokens is {options.max_tokens}; it has to be at least 1.")
    if not 0 <= options.temperature <= 2:  # noqa: PLR2004  (the range of the protocol; NaN fails it as well)
        raise InputError(f"temperature is {options.temperature}; it has to be between 0 and 2.")
    if options.schema_retries < 0:
        raise InputError(f"schema_retries is {options.schema_retries}; it has to be 0 or more.")
    if server.kind is ServerKind.LOOPAI and template.system is not None:  # every row would be refused
        raise InputError(
            "A Loopai task takes no system prompt.", "Leave it out; the task's description says what to do."
        )
    budget_pusd = None if options.budget_usd is None else pusd(options.budget_usd)
    if price is None and (budget_pusd is not None or day_budget_pusd is not None):
        raise no_price(server)
    return PlanSpec(
        server_kind=server.kind,
        server_url=server.base_url,
        model=server.model,
        parameters=Parameters(
            options.max_tokens,
            float(options.temperature),
            options.extra,
            None if options.schema is None else options.schema.json_schema,
        ),
        price=price,
        budget_pusd=budget_pusd,
        template=template.text,
        system=template.system,
        schema_retries=options.schema_retries,
        cache_max_age_s=options.cache_max_age_s,
        dedup=options.dedup,
    )


def _without(rendered: Iterator[Rendered], leave_out: frozenset[int], start: int) -> Iterator[Rendered]:
    from loopai_nb.prompts.template import Rendered

    for position, item in enumerate(rendered, start):
        yield Rendered("", None, LEFT_OUT) if position in leave_out else item


def _redacted(rendered: Iterator[Rendered], redactor: Redactor, masked: dict[str, int]) -> Iterator[Rendered]:
    from loopai_nb.prompts.template import Rendered

    def apply(text: str) -> str:
        clean, counts = redactor.redact(text)
        for rule, n in counts.items():
            masked[rule] = masked.get(rule, 0) + n
        return clean

    for item in rendered:
        if item.error is not None:
            yield item
        else:
            system = None if item.system is None else apply(item.system)
            yield Rendered(apply(item.prompt), system, None)
