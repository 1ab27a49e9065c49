"""One span for each logical request of a run, its attempts as events; and what it took, as metrics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from loopai_nb.records import Outcome, RequestState, ServerKind
from loopai_nb.telemetry.labels import Capped
from loopai_nb.telemetry.names import GenAi, Ours

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.context import Context
    from opentelemetry.metrics import Histogram
    from opentelemetry.trace import Span, Tracer

    from loopai_nb.telemetry.attempts import RunTold, Settled
    from loopai_nb.telemetry.masking import Masker

__all__ = ["RunSpans"]

_OPERATIONS = {
    ServerKind.OPENAI: ("chat", "openai"),
    ServerKind.LOOPAI: ("chat", "loopai"),
    ServerKind.GENERATE: ("text_completion", "loopai.generate"),
}
"""What is done, and the provider: the flavour of the protocol, as the conventions mean it, not the maker."""

_PORTS = {"http": 80, "https": 443}
_LONGEST_TEXT = 32_000
"""Characters of a prompt or an answer in a span; collectors refuse what is much longer."""

_MOST_MODELS = 20
_MOST_KINDS = 50
_UNKNOWN = "_OTHER"


class RunSpans:
    """Tells of one run's requests. Of one that was tried again there is one span, from its first attempt on.

    Args:
        run: Whose requests.
        tracer: Makes the spans.
        durations: Histogram of whole requests, seconds.
        tokens: Histogram of tokens, a request's attempts together.
        content: Put prompts and answers into the spans.
        mask: Takes secrets out of a text.
        parent: Where the run was started; its spans belong there.
    """

    def __init__(
        self,
        run: RunTold,
        *,
        tracer: Tracer,
        durations: Histogram,
        tokens: Histogram,
        content: bool,
        mask: Masker,
        parent: Context,
    ) -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode

        self._tracer = tracer
        self._durations = durations
        self._tokens = tokens
        self._content = content
        self._mask, self._whole = mask.line, mask.whole
        self._parent = parent
        self._kind = SpanKind.CLIENT
        self._error = Status(StatusCode.ERROR)
        self._common, self._request = _attributes(run, mask.line)
        self._name = f"{self._common[GenAi.OPERATION]} {self._common[GenAi.REQUEST_MODEL]}"
        self._models = Capped(_MOST_MODELS)
        self._kinds = Capped(_MOST_KINDS)
        self._open: dict[int, _Open] = {}

    def attempted(self, settled: Settled, began_ns: int, ended_ns: int) -> None:
        """See ``AttemptObserver``."""
        number = settled.lease.request_no
        request = self._open.pop(number, None)
        if request is None:
            span = self._tracer.start_span(
                self._name, self._parent, self._kind, self._request, start_time=began_ns
            )
            span.set_attribute(Ours.REQUEST, number)
            request = _Open(span, began_ns)
        request.add(settled, began_ns, ended_ns)
        if settled.state is RequestState.WAITING:
            self._open[number] = request
        else:
            self._finish(request, settled.state)

    def ended(self) -> None:
        """End the spans of what the run leaves unanswered."""
        left, self._open = self._open, {}
        for request in left.values():
            self._finish(request, RequestState.WAITING)

    def _finish(self, request: _Open, state: RequestState) -> None:
        span, last = request.span, request.last
        # As a label of metrics: a server may name as many models and codes as it likes.
        labels = dict(self._common)
        if last.model:
            labels[GenAi.RESPONSE_MODEL] = self._models(self._mask(last.model))
        if state is not RequestState.ANSWERED:
            labels[GenAi.ERROR_TYPE] = self._kinds(self._mask(last.error_kind or _UNKNOWN))
        seconds = (request.ended_ns - request.began_ns) / 1e9
        self._durations.record(seconds, labels)
        for count, kind in ((request.input_tokens, "input"), (request.output_tokens, "output")):
            if count is not None:
                self._tokens.record(count, {**labels, GenAi.TOKEN_TYPE: kind})
        if span.is_recording():
            self._describe(span, request, state)
        span.end(request.ended_ns)

    def _describe(self, span: Span, request: _Open, state: RequestState) -> None:
        last = request.last
        found: dict[str, Any] = {
            Ours.STATE: state.value,
            Ours.ATTEMPTS: request.attempts,
            Ours.COST: request.cost_pusd / 1e12,
            GenAi.INPUT_TOKENS: request.input_tokens,
            GenAi.OUTPUT_TOKENS: request.output_tokens,
            GenAi.RESPONSE_MODEL: self._mask(last.model) if last.model else None,
            GenAi.FINISH_REASONS: [self._mask(last.finish_reason)] if last.finish_reason else None,
        }
        if state is not RequestState.ANSWERED:
            found[GenAi.ERROR_TYPE] = self._mask(last.error_kind or _UNKNOWN)
            span.set_status(self._error)
        if self._content:
            found |= self._texts(last)
        span.set_attributes({name: value for name, value in found.items() if value is not None})

    def _texts(self, last: Settled) -> dict[str, str]:
        """What was said, in the form of the conventions' JSON schemas; redacted as it is stored."""
        lease = last.lease
        found = {GenAi.INPUT_MESSAGES: _messages("user", self._cut(lease.prompt))}
        if lease.system:
            found[GenAi.SYSTEM_INSTRUCTIONS] = json.dumps(_parts(self._cut(lease.system)), ensure_ascii=False)
        if last.text is not None:
            reason = self._mask(last.finish_reason or "stop")
            found[GenAi.OUTPUT_MESSAGES] = _messages("assistant", self._cut(last.text), finish_reason=reason)
        return found

    def _cut(self, text: str) -> str:
        text = self._whole(text)
        return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


class _Open:
    """A request whose span has not ended."""

    __slots__ = (
        "attempts",
        "began_ns",
        "cost_pusd",
        "ended_ns",
        "input_tokens",
        "last",
        "output_tokens",
        "span",
    )

    last: Settled

    def __init__(self, span: Span, began_ns: int) -> None:
        self.span = span
        self.began_ns = self.ended_ns = began_ns
        self.attempts = 0
        self.cost_pusd = 0
        self.input_tokens: int | None = None
        self.output_tokens: int | None = None

    def add(self, settled: Settled, began_ns: int, ended_ns: int) -> None:
        """Take in an attempt; what it used was paid, also where its answer did not fit."""
        self.last = settled
        self.ended_ns = ended_ns
        self.attempts += 1
        self.cost_pusd += settled.cost_pusd
        self.input_tokens = _sum(self.input_tokens, settled.input_tokens)
        self.output_tokens = _sum(self.output_tokens, settled.output_tokens)
        if self.span.is_recording():
            event = {
                Ours.NUMBER: settled.lease.attempt,
                Ours.OUTCOME: settled.outcome.value,
                Ours.DURATION_MS: (ended_ns - began_ns) / 1e6,
                GenAi.STATUS_CODE: settled.status_code,
                GenAi.ERROR_TYPE: settled.error_kind if settled.outcome is not Outcome.ANSWERED else None,
            }
            kept = {name: value for name, value in event.items() if value is not None}
            self.span.add_event(Ours.ATTEMPT, kept, ended_ns)


def _attributes(run: RunTold, mask: Callable[[str], str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of metrics and spans alike, and what a span has besides."""
    operation, provider = _OPERATIONS[run.kind]
    address = urlsplit(run.server_url)
    common: dict[str, Any] = {
        GenAi.OPERATION: operation,
        GenAi.PROVIDER: provider,
        GenAi.REQUEST_MODEL: mask(run.model),
        GenAi.SERVER_ADDRESS: address.hostname or "",
        GenAi.SERVER_PORT: address.port or _PORTS.get(address.scheme, 0),
    }
    request = {
        **common,
        Ours.RUN: run.run_id,
        GenAi.MAX_TOKENS: run.parameters.max_tokens,
        GenAi.TEMPERATURE: run.parameters.temperature,
        GenAi.OUTPUT_TYPE: "text" if run.parameters.schema is None else "json",
    }
    return common, request


def _messages(role: str, text: str, **more: str) -> str:
    return json.dumps([{"role": role, "parts": _parts(text), **more}], ensure_ascii=False)


def _parts(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "content": text}]


def _sum(so_far: int | None, more: int | None) -> int | None:
    return so_far if more is None else more + (so_far or 0)
