"""The client against a server that answers as WIRE.md says the .NET server does: not against our own."""

import asyncio
import threading
from decimal import Decimal
from uuid import UUID, uuid4

import numpy as np
import pandas as pd
import pytest
from dotnet_loopai import EXECUTION, KEY, TASK, refused

from loopai_nb import errors
from loopai_nb.clients.loopai import (
    BatchExecuteItem,
    BatchExecuteRequest,
    LoopaiClient,
    LoopaiError,
    TaskCreateRequest,
    ValidationError,
)


def _batch(*inputs, task=TASK):
    return BatchExecuteRequest(
        task_id=task, items=[BatchExecuteItem(id=n, input=value) for n, value in enumerate(inputs)]
    )


def test_a_task_is_made_got_and_executed(server):
    """The main way, awaited: the three answers are read from the server's own casing."""

    async def main():
        async with LoopaiClient(server.url, api_key=KEY) as client:
            made = await client.create_task_async(
                TaskCreateRequest(name="birds", description="d", input_schema={}, output_schema={})
            )
            got = await client.get_task_async(made.id)
            done = await client.execute_async(got.id, {"text": "a bird"}, timeout_ms=500)
            return made, got, done

    made, got, done = asyncio.run(main())

    assert made.id == got.id == done.task_id == TASK
    assert (done.output, done.latency_ms, done.version) == ({"text": "a bird"}, 4.2, 2)
    assert done.execution_id == UUID(EXECUTION)
    assert server.bodies[-1] == {
        "task_id": str(TASK),
        "input": {"text": "a bird"},
        "timeout_ms": 500,
        "force_validation": False,
    }
    assert server.keys == {f"Bearer {KEY}": 3}


def test_every_method_has_a_synchronous_face(client):
    """The five methods without the suffix give the same models."""
    made = client.create_task(TaskCreateRequest(name="b", description="d", input_schema={}, output_schema={}))

    assert client.get_task(str(made.id)).name == "birds"
    assert client.execute(made.id, "x").output == "x"
    assert client.batch_execute(_batch("x")).success_count == 1
    assert client.get_health().version == "1.0.0"


def test_the_synchronous_face_works_where_a_loop_runs(client):
    """A notebook's cell runs inside a loop; both faces of one client work there."""

    async def cell():
        waited = client.execute(TASK, 1).output
        awaited = (await client.execute_async(TASK, 2)).output
        await client.aclose()
        return waited, awaited

    assert asyncio.run(cell()) == (1, 2)


def test_one_client_serves_one_loop_after_the_other(server):
    """Connections belong to a loop; a second asyncio.run gets its own."""
    client = LoopaiClient(server.url)

    async def once(value):
        async with client:
            return (await client.execute_async(TASK, value)).output

    assert [asyncio.run(once(value)) for value in (1, 2)] == [1, 2]


def test_closing_ends_the_thread_and_a_later_call_connects_anew(client):
    """close() leaves no thread behind, may be called twice, and is not the end."""
    client.get_health()
    client.close()
    client.close()

    assert not [thread for thread in threading.enumerate() if thread.name == "loopai-client"]
    assert client.get_health().is_healthy


def test_many_requests_go_side_by_side(server):
    """Sixty-four executions at once each get their own answer."""

    async def main():
        async with LoopaiClient(server.url) as client:
            done = await asyncio.gather(*(client.execute_async(TASK, n) for n in range(64)))
            return [one.output for one in done]

    assert asyncio.run(main()) == list(range(64))


def test_a_batch_is_sent_as_the_server_takes_it(server, client):
    """UUIDs are written as text, fields in snake_case, results come back in order."""
    answer = client.batch_execute(
        BatchExecuteRequest(
            task_id=TASK,
            items=[BatchExecuteItem(id=n, input={"n": n, "by": TASK}) for n in range(3)],
            max_concurrency=7,
            stop_on_first_error=True,
        )
    )

    assert server.bodies[-1] == {
        "task_id": str(TASK),
        "items": [
            {"id": str(n), "input": {"n": n, "by": str(TASK)}, "force_validation": False} for n in range(3)
        ],
        "max_concurrency": 7,
        "stop_on_first_error": True,
    }
    assert [result.id for result in answer.results] == ["0", "1", "2"]
    assert (answer.total_items, answer.success_count, answer.avg_latency_ms) == (3, 3, 1.0)


def test_a_batch_of_an_unknown_task_is_read(client):
    """Its items all failed and have no execution_id; that is an answer, not an error."""
    answer = client.batch_execute(_batch("x", "y", task=uuid4()))

    assert (answer.success_count, answer.failure_count) == (0, 2)
    assert {result.execution_id for result in answer.results} == {None}


def test_a_row_of_a_table_is_an_input(server, client):
    """Values of numpy and pandas are written as JSON, what is missing as null."""
    row = {
        "n": np.int64(3),
        "f": np.float64("nan"),
        "at": pd.Timestamp("2025-10-29T12:00:00Z"),
        "gone": pd.NaT,
        "unknown": pd.NA,
        "price": Decimal("1.10"),
        "tags": np.array(["a"], dtype=object),
    }

    client.execute(TASK, row)

    assert server.bodies[-1]["input"] == {
        "n": 3,
        "f": None,
        "at": "2025-10-29T12:00:00+00:00",
        "gone": None,
        "unknown": None,
        "price": "1.10",
        "tags": ["a"],
    }


def test_what_has_no_json_is_refused_before_it_is_sent(server, client):
    """An object, a lone surrogate and endless nesting name the argument's fault; nothing is sent."""
    deep = []
    for _ in range(2_000):
        deep = [deep]
    for value in (object(), "\ud800", deep, pd.Series({"a": 1})):
        with pytest.raises(ValidationError) as caught:
            client.execute(TASK, value)
        assert isinstance(caught.value, errors.InputError)

    assert server.asked == []


@pytest.mark.parametrize(
    ("arguments", "field"),
    [({"version": 0}, "version"), ({"timeout_ms": 60_001}, "timeout_ms"), ({"task_id": "x/../y"}, "task_id")],
)
def test_an_argument_out_of_range_is_refused_before_it_is_sent(server, client, arguments, field):
    """The field is named under ``errors`` and nothing is sent."""
    with pytest.raises(ValidationError) as caught:
        client.execute(**{"task_id": TASK, "input_data": 1, **arguments})

    assert list(caught.value.errors) == [field]
    assert caught.value.status_code is None
    with pytest.raises(ValidationError):
        client.get_task("tasks/../x")
    assert server.asked == []


def test_an_older_server_is_asked_by_its_route_and_remembered(serve):
    """tasks/{id}/execute is tried once; then tasks/execute is used straight away."""
    server = serve("sdk")
    with LoopaiClient(server.url) as client:
        assert [client.execute(TASK, n).output for n in range(3)] == [0, 1, 2]

    assert [path.removeprefix("/api/v1/tasks/") for _, path in server.asked] == [
        f"{TASK}/execute",
        "execute",
        "execute",
        "execute",
    ]


def test_a_server_that_was_renewed_is_found_again(serve):
    """The remembered route is only the first one to be tried."""
    server = serve("sdk")
    with LoopaiClient(server.url) as client:
        client.execute(TASK, 1)
        server.style = "server"
        assert client.execute(TASK, 2).output == 2


def test_an_edge_runtime_is_asked_for_its_own_task_only(serve):
    """Its one route takes any input, so its health must name the task first."""
    server = serve("edge")
    with LoopaiClient(server.url) as client:
        done = client.execute(TASK, {"text": "owl"})
        health = client.get_health()
        with pytest.raises(LoopaiError) as caught:
            client.execute(uuid4(), {"text": "owl"})

    assert (done.output, done.task_id, done.status) == ("OWL", TASK, "success")
    assert (health.task_id, health.active_version) == (TASK, 3)
    assert caught.value.status_code == 404
    assert server.asked.count(("POST", "/execute")) == 1


def test_an_edge_runtimes_refusal_names_the_field(serve):
    """FastAPI's 422 is a ValidationError as a 400 is, without what was sent."""
    with LoopaiClient(serve("edge").url) as client, pytest.raises(ValidationError) as caught:
        client.execute(TASK, {"text": 7})

    assert caught.value.status_code == 422
    assert caught.value.errors == {"body.input.text": ["Input should be a valid string"]}


def test_a_task_that_the_server_does_not_have_is_no_missing_route(server, client):
    """A 404 with the application's code is final; no other route gets the input."""
    server.plan(*(refused(404, "TASK_NOT_FOUND", "Task not found")[::2]))

    with pytest.raises(LoopaiError, match="Task not found") as caught:
        client.execute(TASK, 1)

    assert (caught.value.status_code, caught.value.code, caught.value.trace_id) == (
        404,
        "TASK_NOT_FOUND",
        "00-ab",
    )
    assert len(server.asked) == 1


def test_health_in_one_word_is_health(serve):
    """Where the API has none, the framework's text/plain Healthy is read."""
    server = serve("sdk")
    with LoopaiClient(server.url) as client:
        health = client.get_health()

    assert health.is_healthy
    assert health.status == "healthy"


def test_the_base_url_may_end_as_it_was_copied(server):
    """With /api/v1 or a slash at its end it is the same server."""
    with LoopaiClient(f"{server.url}/api/v1/") as client:
        assert client.base_url == server.url
        assert client.get_health().is_healthy
