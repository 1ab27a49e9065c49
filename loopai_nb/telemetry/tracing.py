"""Spans and metrics for OpenTelemetry: to the program's own providers, or to a collector over OTLP/HTTP."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import MissingExtra
from loopai_nb.telemetry.names import SCHEMA_URL, GenAi
from loopai_nb.telemetry.spans import RunSpans
from loopai_nb.version import __version__

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from loopai_nb.telemetry.attempts import RunTold
    from loopai_nb.telemetry.masking import Masker

__all__ = ["ON", "Tracing"]

ON = "on"
"""As the setting: where to is said by the program, or by the variables of OpenTelemetry's own."""

_CLOSE_S = 2.0


class Tracing:
    """What is told of the runs of one session.

    Args:
        tracers: Makes spans.
        meters: Makes metrics.
        content: Put prompts and answers into spans.
        mask: Takes secrets out of a text.
        owned: They are ours to close.
    """

    def __init__(
        self,
        tracers: TracerProvider,
        meters: MeterProvider,
        *,
        content: bool,
        mask: Masker,
        owned: bool = False,
    ) -> None:
        self._tracer = tracers.get_tracer("loopai_nb", __version__, schema_url=SCHEMA_URL)
        meter = meters.get_meter("loopai_nb", __version__, schema_url=SCHEMA_URL)
        self._durations = meter.create_histogram(
            GenAi.DURATION,
            "s",
            "GenAI operation duration.",
            explicit_bucket_boundaries_advisory=GenAi.DURATION_BOUNDS_S,
        )
        self._tokens = meter.create_histogram(
            GenAi.TOKEN_USAGE,
            "{token}",
            "Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=[float(bound) for bound in GenAi.TOKEN_BOUNDS],
        )
        self._content = content
        self._mask = mask
        self._closing: list[Any] = [tracers, meters] if owned else []

    @classmethod
    def open(cls, where: str, *, content: bool, mask: Masker) -> Tracing:
        """To a collector.

        Args:
            where: Its base URL; or ``on``: the providers that the program has set up, and where it has none,
                what the variables ``OTEL_EXPORTER_OTLP_*`` say, by default ``http://localhost:4318``.
            content: See ``Tracing``.
            mask: See ``Tracing``.

        Raises:
            MissingExtra: The extra ``otel`` is not installed.
        """
        try:
            if where == ON and (found := _of_program()) is not None:
                return cls(*found, content=content, mask=mask)
            tracers, meters = _exporting(None if where == ON else where)
        except ModuleNotFoundError as error:
            raise MissingExtra(
                f"To tell OpenTelemetry of runs takes {error.name}, which is not installed.",
                "Install it with: pip install 'loopai_nb[otel]', or set LOOPAI_OTEL=off",
            ) from error
        return cls(tracers, meters, content=content, mask=mask, owned=True)

    def of_run(self, run: RunTold) -> RunSpans:
        """Told of the attempts of a run that is started now, in this thread."""
        from opentelemetry import context

        return RunSpans(
            run,
            tracer=self._tracer,
            durations=self._durations,
            tokens=self._tokens,
            content=self._content,
            mask=self._mask,
            parent=context.get_current(),
        )

    def close(self) -> None:
        """Send what is left, for two seconds at most: a collector that is down keeps nobody waiting."""
        closing, self._closing = self._closing, []
        threads = [
            threading.Thread(target=each.shutdown, name="loopai-nb-otel-end", daemon=True) for each in closing
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(_CLOSE_S / len(threads))


def _of_program() -> tuple[TracerProvider, MeterProvider] | None:
    """The providers that the program has set up for itself, if it has any for spans."""
    from opentelemetry import metrics, trace

    tracers = trace.get_tracer_provider()
    return None if isinstance(tracers, trace.ProxyTracerProvider) else (tracers, metrics.get_meter_provider())


def _exporting(url: str | None) -> tuple[Any, Any]:
    """Providers of our own, which nobody else in the process sees."""
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    to_traces, to_metrics = (None, None) if url is None else (f"{url}/v1/traces", f"{url}/v1/metrics")
    ours: dict[str, Any] = {
        "service.name": "loopai_nb",
        "service.version": __version__,
        "process.pid": os.getpid(),
    }
    resource = Resource(ours).merge(OTELResourceDetector().detect())  # what the environment says wins
    tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=to_traces)))
    reader = PeriodicExportingMetricReader(OTLPMetricExporter(endpoint=to_metrics))
    return tracers, MeterProvider([reader], resource=resource, shutdown_on_exit=False)
