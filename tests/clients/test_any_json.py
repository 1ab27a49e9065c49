"""Whatever JSON a server answers with, on any route, with any status: a reply, or one of our own errors."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import NamedTuple

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loopai_nb.clients.connect import guess_kind
from loopai_nb.clients.generate import GenerateServer
from loopai_nb.clients.http import HttpPool
from loopai_nb.clients.loopai import BatchExecuteItem, BatchExecuteRequest, LoopaiClient
from loopai_nb.clients.loopai_server import LoopaiServer
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import InputError, ModelServerError
from loopai_nb.records import Parameters, Reply, ServerInfo

TASK = "00000000-0000-4000-8000-000000000001"
PARAMETERS = Parameters(max_tokens=5)
STATUSES = (200, 201, 204, 302, 400, 401, 404, 405, 408, 409, 422, 429, 500, 502, 503, 529, 599)

# Every name that is looked for in an answer, so that what is under it is of any type too.
# fmt: off
NAMES = (
    "active_version", "answer", "batch_id", "choices", "code", "completed_at", "completion", "content",
    "created_at", "data", "delta", "description", "detail", "details", "done_reason", "error",
    "error_description", "error_message", "errors", "examples", "executed_at", "execution_id",
    "executionId", "failure_count", "finish_reason", "function_call", "generated_text", "id", "index",
    "input_schema", "latency_ms", "latencyMs", "loc", "message", "model", "model_loaded", "models",
    "msg", "name", "output", "param", "program_id", "property_name", "propertyName", "prompt_tokens",
    "refusal", "response", "results", "stats", "status", "success", "success_count", "task_id",
    "taskId", "text", "title", "tool_calls", "total_items", "trace_id", "type", "usage", "version",
)
# fmt: on
WORDS = (
    TASK,
    "1",
    "success",
    "error",
    "timeout",
    "healthy",
    "unhealthy",
    "INVALID_CONCURRENCY",
    "max_tokens",
)


def _deep(depth, name=None):
    return b"[" * depth + b"]" * depth if name is None else b'{"%b":' % name * depth + b"1" + b"}" * depth


DEEP = orjson.Fragment(_deep(1000))
DEEP_OBJECT = orjson.Fragment(_deep(1000, b"error"))

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.sampled_from(WORDS)
    | st.just(DEEP)
    | st.just(DEEP_OBJECT)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=12,
)


class Served(NamedTuple):
    """A server that answers all with one body, and the loop and pool that it is asked through."""

    url: str
    answers: list[bytes]
    loop: asyncio.AbstractEventLoop
    pool: HttpPool


@pytest.fixture
def served(faulty, monkeypatch):
    """A server whose answer to everything may be set."""
    monkeypatch.setattr("loopai_nb.clients.kept.REST_S", 0)  # thousands of requests, one after the other
    answers = [b""]

    def script(peer):
        while peer.request() is not None:
            peer.send(answers[0])

    loop, pool = asyncio.new_event_loop(), HttpPool()
    yield Served(faulty(script).origin, answers, loop, pool)
    loop.run_until_complete(pool.aclose())
    loop.close()


async def _streamed(server):
    async with contextlib.aclosing(
        server.stream("x", system=None, parameters=PARAMETERS, timeout_s=60)
    ) as pieces:
        return [piece async for piece in pieces][-1]


async def _batch(server):
    return await server.send_batch(
        [("x", None), ('{"a": 1}', None)], parameters=PARAMETERS, timeout_s=60, max_concurrency=2
    )


def _sent(server):
    return server.send("x", system=None, parameters=PARAMETERS, timeout_s=60)


async def _by_hand(url, ask):
    async with LoopaiClient(url, max_retries=0) as client:
        return await ask(client)


def _openai(served):
    return OpenAIServer(f"{served.url}/v1", "m", pool=served.pool)


def _generate(served):
    return GenerateServer(served.url, pool=served.pool)


def _loopai(served):
    return LoopaiServer(served.url, TASK, pool=served.pool)


BATCH = BatchExecuteRequest(task_id=TASK, items=[BatchExecuteItem(id="1", input={})])
ROUTES = {
    "openai": lambda served: _sent(_openai(served)),
    "openai stream": lambda served: _streamed(_openai(served)),
    "openai models": lambda served: _openai(served).check(),
    "generate": lambda served: _sent(_generate(served)),
    "generate health": lambda served: _generate(served).check(),
    "loopai execute": lambda served: _sent(_loopai(served)),
    "loopai batch": lambda served: _batch(_loopai(served)),
    "loopai check": lambda served: _loopai(served).check(),
    "client execute": lambda served: _by_hand(served.url, lambda client: client.execute_async(TASK, {})),
    "client batch": lambda served: _by_hand(served.url, lambda client: client.batch_execute_async(BATCH)),
    "client health": lambda served: _by_hand(served.url, lambda client: client.get_health_async()),
    "client task": lambda served: _by_hand(served.url, lambda client: client.get_task_async(TASK)),
    "guess": lambda served: guess_kind(served.url, served.pool),
}


def _asked(served, route, status, body):
    """Ask; the answer or the error."""
    served.answers[0] = b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%b" % (
        status,
        0 if status == 204 else len(body),
        b"" if status == 204 else body,
    )
    try:
        return served.loop.run_until_complete(ROUTES[route](served))
    except ModelServerError as error:
        return error
    except InputError as error:
        if route != "guess":  # whose way it is to say that it knows no such server
            raise
        return error


def _of_a_type(text):
    """An error's shapes in which one value may be anything."""
    return [
        b'{"error":{"message":"m","code":%b,"type":%b,"param":%b}}' % (text, text, text),
        b'{"error":%b}' % text,
        b'{"detail":[{"loc":["body",%b],"msg":"m"}]}' % text,
        b'{"errors":{"name":[%b]},"details":[{"property_name":%b}],"code":%b}' % (text, text, text),
        b'{"status":%b,"task_id":%b,"output":%b,"error_message":%b}' % (text, text, text, text),
        b'{"results":[{"id":"1","success":true,"output":%b},{"id":%b,"status":%b}]}' % (text, text, text),
        b'{"choices":[{"index":%b,"message":{"content":[%b]},"finish_reason":%b}],"usage":%b}'
        % (text, text, text, text),
        b'{"status":"healthy","task_id":%b,"name":%b,"models":[%b]}' % (text, text, text),
        b'data: {"choices":[{"index":%b,"delta":%b}]}\n\n' % (text, text),
        text,
    ]


ODD = [_deep(1000), _deep(1000, b"message"), _deep(100_000), b"true", b"1e999", b"NaN", b"9" * 5000]


@pytest.mark.parametrize("route", ROUTES)
def test_attack_36_a_value_of_any_type_in_any_place_is_an_error_of_ours(served, route):
    """Nested deeper than Python recurses, or a number of any length, where a word belongs: no other error."""
    for text, status in itertools.product(ODD, (200, 400, 429)):
        for body in _of_a_type(text):
            found = _asked(served, route, status, body)
            assert not isinstance(found, ModelServerError) or len(str(found)) < 2_000


BODIES = VALUES.map(orjson.dumps) | st.builds(
    lambda value, shape: _of_a_type(orjson.dumps(value))[shape],
    VALUES,
    st.integers(0, len(_of_a_type(b"")) - 1),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(route=st.sampled_from(list(ROUTES)), status=st.sampled_from(STATUSES), body=BODIES)
def test_any_json_is_a_reply_or_an_error_of_ours(served, route, status, body):
    """No JSON value, as the body of any status on any route, makes a client raise another error."""
    # Depth is held by the test above: Hypothesis gives Python a deeper stack while it runs.
    found = _asked(served, route, status, body)
    for one in found if isinstance(found, list) else [found]:
        assert one is not None
        if isinstance(one, Reply):
            assert isinstance(one.text, str)
            assert isinstance(one.model, str)
            assert isinstance(one.finish_reason, str)
        elif isinstance(one, ServerInfo):
            assert all(isinstance(name, str) for name in one.models)
