"""Spans of requests, by the SDK's own exporter."""

from canaries import CANARY
from opentelemetry.context import Context
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from loopai_nb.ledger.records import Lease, Settlement
from loopai_nb.records import Outcome, Parameters, RequestState, ServerKind
from loopai_nb.telemetry.attempts import RunTold
from loopai_nb.telemetry.masking import Masker
from loopai_nb.telemetry.spans import RunSpans


def test_no_words_of_a_server_hold_a_secret():
    """One that says back the key as the model, as the text and as why it ended: it is masked in each."""
    exporter = InMemorySpanExporter()
    tracers = TracerProvider(shutdown_on_exit=False)
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    meter = MeterProvider(shutdown_on_exit=False).get_meter("test")
    spans = RunSpans(
        RunTold("r-1", "m", ServerKind.OPENAI, "http://127.0.0.1:1/v1", Parameters(8)),
        tracer=tracers.get_tracer("test"),
        durations=meter.create_histogram("d"),
        tokens=meter.create_histogram("t"),
        content=True,
        mask=Masker([CANARY]),
        parent=Context(),
    )
    lease = Lease(1, b"k", "What is it?", None, 1, 0)
    spans.attempted(
        Settlement(
            lease,
            Outcome.ANSWERED,
            RequestState.ANSWERED,
            text=f"It is {CANARY}.",
            model=f"m {CANARY}",
            finish_reason=f"said {CANARY}",
        ),
        1,
        2,
    )
    (span,) = exporter.get_finished_spans()
    assert "gen_ai.output.messages" in span.attributes
    assert CANARY not in span.to_json()
