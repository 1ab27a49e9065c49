"""What a session tells OpenTelemetry and its log, against a real collector's socket and a real server."""

from __future__ import annotations

import collections
import contextlib
import subprocess
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from canaries import CANARY
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from receivers import listening

from loopai_nb.devserver.serve import DevServer
from loopai_nb.errors import MissingExtra
from loopai_nb.session import Session
from loopai_nb.settings import Settings
from loopai_nb.telemetry.names import SCHEMA_URL

if TYPE_CHECKING:
    from receivers import Hook

BIRDS = pd.DataFrame({"text": ["struck the windshield", "went into engine 1", "hit the wing"]})


@pytest.fixture
def collector():
    """A collector: takes OTLP over HTTP and keeps it."""
    with listening() as made:
        yield made


@pytest.fixture
def opened(tmp_path):
    """Opens a session on a development server."""
    servers = contextlib.ExitStack()

    def make(server: DevServer, **environ: str) -> Session:
        servers.enter_context(server)
        given = {
            "LOOPAI_SERVER": server.openai_url,
            "LOOPAI_MODEL": "demo-lexical",
            "LOOPAI_LEDGER": str(tmp_path / "ledger.sqlite3"),
            "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "1",
            "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "2",
            "LOOPAI_LOG_FILE": "steps.log",
        }
        return Session(Settings.load(environ=given | environ, cwd=tmp_path, config_dir=tmp_path))

    with servers:
        yield make


def _plain(value):
    kind = value.WhichOneof("value")
    found = getattr(value, kind)
    return list(map(_plain, found.values)) if kind == "array_value" else found


def _attributes(thing):
    return {each.key: _plain(each.value) for each in thing.attributes}


def _spans(hook: Hook):
    bodies = [seen.body for seen in hook.seen if seen.path.endswith("/v1/traces")]
    exports = map(ExportTraceServiceRequest.FromString, bodies)
    return [
        (of_scope, span)
        for export in exports
        for of_resource in export.resource_spans
        for of_scope in of_resource.scope_spans
        for span in of_scope.spans
    ]


def _points(hook: Hook):
    exports = [
        ExportMetricsServiceRequest.FromString(x.body) for x in hook.seen if x.path.endswith("/v1/metrics")
    ]
    return {
        (metric.name, _attributes(point).get("gen_ai.token.type")): (metric.unit, point)
        for export in exports
        for of_resource in export.resource_metrics
        for of_scope in of_resource.scope_metrics
        for metric in of_scope.metrics
        for point in metric.histogram.data_points
    }


def test_a_collector_gets_one_span_a_request_with_its_attempts(opened, collector):
    """Spans and metrics by the GenAI conventions, over OTLP; the texts are nowhere, since nobody asked."""
    with opened(DevServer(faults="429:ms, ok*99"), LOOPAI_OTEL=collector.url) as session:
        run = session.map(BIRDS, f"Which part? {CANARY} {{{{ text }}}}", approve=True, concurrency=1)
        requests = run.row.answered

    spans = _spans(collector)
    assert requests == len(spans) == len({span.span_id for _, span in spans}) == 3
    attempts = collections.Counter(len(span.events) for _, span in spans)
    assert attempts == {1: 2, 2: 1}
    for scope, span in spans:
        found = _attributes(span)
        assert (scope.scope.name, scope.schema_url) == ("loopai_nb", SCHEMA_URL)
        assert (span.name, span.kind) == ("chat demo-lexical", span.SPAN_KIND_CLIENT)
        assert found["gen_ai.provider.name"] == "openai"
        assert found["server.address"] == "127.0.0.1"
        assert found["loopai.run.id"] == run.run_id
        assert found["gen_ai.usage.input_tokens"] > 0
        assert found["gen_ai.response.finish_reasons"] == ["stop"]
        assert "error.type" not in found
        assert span.start_time_unix_nano < span.events[0].time_unix_nano <= span.end_time_unix_nano
    (tried,) = (span for _, span in spans if len(span.events) == 2)
    first, second = map(_attributes, tried.events)
    assert (first["http.response.status_code"], second["loopai.attempt.outcome"]) == (429, "answered")

    unit, took = _points(collector)["gen_ai.client.operation.duration", None]
    assert (unit, took.count, took.explicit_bounds[0]) == ("s", 3, 0.01)
    unit, tokens = _points(collector)["gen_ai.client.token.usage", "output"]
    assert (unit, tokens.count, tokens.explicit_bounds[-1]) == ("{token}", 3, 4.0**13)
    assert all(CANARY.encode() not in seen.body for seen in collector.seen)
    assert all(b"windshield" not in seen.body for seen in collector.seen)


def test_texts_are_told_where_that_is_asked_for_and_secrets_never(opened, collector, tmp_path):
    """With the setting, prompts and answers stand in spans, and beginnings in the log; a key in neither."""
    with opened(
        DevServer(api_key=CANARY),
        LOOPAI_API_KEY=CANARY,
        LOOPAI_OTEL=collector.url,
        LOOPAI_TELEMETRY_CONTENT="yes",
        LOOPAI_LOG_FORMAT="json",
    ) as session:
        session.map(BIRDS, f"Which part, {CANARY}? {{{{ text }}}}", system="One word.", approve=True)
        text = repr(session.metrics()) + session.metrics().json() + session.metrics().prometheus()

    told = [_attributes(span) for _, span in _spans(collector)]
    assert any("struck the windshield" in each["gen_ai.input.messages"] for each in told)
    assert all('"role": "assistant"' in each["gen_ai.output.messages"] for each in told)
    assert all("One word." in each["gen_ai.system_instructions"] for each in told)
    log = (tmp_path / "steps.log").read_text(encoding="utf-8")
    assert '"prompt": "Which part, ***? struck the windshield"' in log
    assert CANARY not in log + text
    assert all(CANARY.encode() not in seen.body for seen in collector.seen)


def test_the_log_has_the_steps_of_a_run(opened, tmp_path):
    """Approval waits and received, run started and ended, each request: with ids, and without texts."""
    with opened(DevServer()) as session:
        run = session.map(BIRDS, "Which part? {{ text }}", approve=True)

    log = (tmp_path / "steps.log").read_text(encoding="utf-8")
    lines = [line for line in log.splitlines() if "loopai_nb." in line]
    for step in ("approval waits", "approval received", "run started", "request answered", "run ended"):
        assert any(f'msg="{step}"' in line for line in lines), step
    of_requests = [line for line in lines if "request answered" in line]
    assert len(of_requests) == 3
    assert all(f"run={run.run_id} request=" in line and "level=DEBUG" in line for line in of_requests)
    assert "state=COMPLETED" in lines[-1]
    assert "windshield" not in log


def test_the_log_has_the_steps_to_the_rows_and_no_query(opened, database, tmp_path):
    """Connection and pull with its rows; a query, which may hold values, only where texts are allowed."""
    query = f"SELECT '{CANARY}' AS word, 'windshield' AS part"
    for allowed in ("no", "yes"):
        with opened(
            DevServer(),
            DATABASE_URL=database,
            LOOPAI_TELEMETRY_CONTENT=allowed,
            LOOPAI_API_KEY=CANARY,
            LOOPAI_LOG_FILE=f"{allowed}.log",
        ) as session:
            session.connect()
            session.pull(query)
            session.pull("pg_catalog.pg_class", columns=["relname"], limit=2)

    without, with_texts = ((tmp_path / f"{name}.log").read_text(encoding="utf-8") for name in ("no", "yes"))
    assert 'msg="connection complete"' in without
    assert 'msg="pull complete" source="a query"' in without
    assert "source=pg_catalog.pg_class" in without
    assert "rows=2" in without
    assert "windshield" not in without
    assert "SELECT '***' AS word, 'windshield' AS part" in with_texts
    assert CANARY not in without + with_texts


def test_a_dead_collector_costs_no_answer(opened):
    """Nobody listens: the run is complete, and closing the session does not wait for it long."""
    with listening() as gone:
        url = gone.url
    session = opened(DevServer(), LOOPAI_OTEL=url)
    run = session.map(BIRDS, "Which part? {{ text }}", approve=True)
    session.close()

    assert run.state == "COMPLETED"


def test_the_programs_own_providers_are_used_and_left_open():
    """With LOOPAI_OTEL=on spans go where the program sends its own, below the one that is current."""
    code = """
import pandas as pd, tempfile
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from loopai_nb import Session
from loopai_nb.devserver.serve import DevServer
from loopai_nb.settings import Settings
TOLD = ("loopai_nb", "mine")
kept, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(kept))
trace.set_tracer_provider(provider)
folder = tempfile.mkdtemp()
with DevServer() as server:
    given = {"server": server.openai_url, "model": "demo-lexical", "ledger": f"{folder}/l.db", "otel": "on"}
    with Session(Settings.load(environ={}, overrides=given)) as session:
        with provider.get_tracer("mine").start_as_current_span("mine") as mine:
            session.map(pd.DataFrame({"t": ["a", "b"]}), "{{ t }}", approve=True)
provider.get_tracer("mine").start_span("after").end()
found = [span for span in kept.get_finished_spans() if span.instrumentation_scope.name in TOLD]
print([(span.name, (span.parent and span.parent.span_id) == mine.context.span_id) for span in found])
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.stdout == (
        "[('chat demo-lexical', True), ('chat demo-lexical', True), ('mine', False), ('after', False)]\n"
    ), ended.stderr


def test_without_the_library_it_says_what_to_install_before_anything_is_sent(opened, monkeypatch):
    """MissingExtra names the extra; with the setting off nothing is missed."""
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    server = DevServer()
    with (
        opened(server, LOOPAI_OTEL="on") as session,
        pytest.raises(MissingExtra, match="opentelemetry") as caught,
    ):
        session.map(BIRDS, "{{ text }}", approve=True)
    assert "loopai_nb[otel]" in caught.value.hint


def test_an_observer_that_fails_costs_no_answer(opened, monkeypatch, caplog):
    """Whatever telemetry raises, every request is answered; it is said once, without what it said."""
    with opened(DevServer()) as session:

        class Failing:
            def attempted(self, *_: object) -> None:
                raise ValueError(CANARY)

            def ended(self) -> None:
                raise ValueError(CANARY)

        monkeypatch.setattr(session._telling, "of_run", lambda *_: Failing())
        run = session.map(BIRDS, "{{ text }}", approve=True)

    assert run.row.answered == 3
    (said,) = [record.getMessage() for record in caplog.records if "Telemetry" in record.getMessage()]
    assert "ValueError" in said
    assert CANARY not in said
