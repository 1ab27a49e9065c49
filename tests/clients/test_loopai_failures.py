"""What the Loopai client makes of refusals, failures and lost answers, and what it tries again."""

import asyncio
import builtins
import pickle
import socket
from contextlib import closing
from uuid import uuid4

import pytest
from dotnet_loopai import EXECUTION, HTML, JSON, KEY, PROBLEM, TASK, problem, refused
from leisure import at_leisure

from loopai_nb import errors
from loopai_nb.clients import loopai
from loopai_nb.clients.loopai import (
    ExecutionError,
    LoopaiClient,
    LoopaiError,
    TaskCreateRequest,
    ValidationError,
)


def test_both_shapes_of_a_400_name_the_fields(server, client):
    """The framework's ``errors`` and the application's ``details`` are read alike."""
    details = [{"property_name": "name", "error_message": "Too long."}]
    server.plan(*(problem({"name": ["The name field is required."]})[::2]), kind=PROBLEM)
    server.plan(*(refused(400, "VALIDATION_ERROR", "Validation failed", details=details)[::2]))
    caught = []
    for _ in range(2):
        with pytest.raises(ValidationError) as one:
            client.get_task(TASK)
        caught.append(one.value)

    assert [error.errors for error in caught] == [
        {"name": ["The name field is required."]},
        {"name": ["Too long."]},
    ]
    assert [error.status_code for error in caught] == [400, 400]
    assert [error.trace_id for error in caught] == ["00-cd", "00-ab"]
    assert caught[1].details == details
    assert "name: Too long." in str(caught[1])
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_status_that_may_pass_is_tried_again(server, client, status):
    """429, 500, 502, 503 and 504 are sent again, and the answer is had."""
    server.plan(status, b"<html>no</html>", HTML, times=3)

    assert client.execute(TASK, 1).output == 1
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [301, 400, 401, 403, 408, 409, 413, 501])
def test_a_status_that_stays_is_not_tried_again(server, client, status):
    """All others are raised at once."""
    server.plan(status, b"no", "text/plain", location="/elsewhere")

    with pytest.raises(LoopaiError) as caught:
        client.get_task(TASK)

    assert caught.value.status_code == status
    assert len(server.asked) == 1


def test_a_retry_after_is_obeyed(server):
    """The wait is at least what the server asked for."""
    server.plan(429, {"code": "RATE_LIMIT_EXCEEDED", "message": "Slow down"}, times=2, Retry_After="0.3")

    async def main():
        async with LoopaiClient(server.url, max_retries=1, retry_delay=0) as client:
            loop = asyncio.get_running_loop()
            started = loop.time()
            with pytest.raises(LoopaiError) as caught:
                await client.execute_async(TASK, 1)
            return loop.time() - started, caught.value

    waited_s, error = asyncio.run(main())

    assert waited_s >= 0.3
    assert isinstance(error, errors.RequestDeferred)
    assert (error.code, error.retry_after_s) == ("RATE_LIMIT_EXCEEDED", 0.3)


def test_a_server_that_keeps_failing_is_an_execution_error(server, client):
    """500 is tried four times and then raised, with what the server said and what to look at."""
    with pytest.raises(ExecutionError, match="An error occurred while executing") as caught:
        client.execute(uuid4(), 1)

    assert caught.value.status_code == 500
    assert isinstance(caught.value, errors.RequestDeferred)
    assert "get_task" in str(caught.value)
    assert caught.value.__notes__ == ["Sent 4 times."]
    assert len(server.asked) == 4


def test_a_program_that_fails_is_an_execution_error_at_once(server, client):
    """HTTP 200 with status error: it is raised with its id and never sent again."""
    with pytest.raises(ExecutionError, match="boom") as caught:
        client.execute(TASK, "fail")

    assert (caught.value.status_code, caught.value.execution_id) == (200, EXECUTION)
    assert isinstance(caught.value, errors.RequestRejected)
    assert len(server.asked) == 1


def test_a_program_that_takes_too_long_is_a_timeout_at_once(server, client):
    """HTTP 200 with status timeout is no answer, and sending it again would take as long."""
    with pytest.raises(loopai.TimeoutError) as caught:
        client.execute(TASK, "slow")

    assert caught.value.execution_id == EXECUTION
    assert len(server.asked) == 1


def test_a_lost_connection_is_tried_again(server, client):
    """A reset after the request was read is retried; when it stays, it is a ConnectionError of both kinds."""
    server.planned.extend([None] * 2)
    assert client.execute(TASK, 1).output == 1

    server.planned.extend([None] * 4)
    with pytest.raises(loopai.ConnectionError) as caught:
        client.execute(TASK, 1)
    assert isinstance(caught.value, builtins.ConnectionError)
    assert isinstance(caught.value, errors.OutcomeUnknown)
    assert caught.value.status_code is None
    assert len(server.asked) == 3 + 4


def test_no_server_is_a_connection_error():
    """Refused: nothing was sent, and the error says so to either kind of caller."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        with (
            LoopaiClient(url, max_retries=1, retry_delay=0) as client,
            pytest.raises(builtins.ConnectionError) as caught,
        ):
            client.get_health()

    assert isinstance(caught.value, loopai.ConnectionError)
    assert isinstance(caught.value, errors.RequestNotSent)
    assert caught.value.__notes__ == ["Sent 2 times."]
    assert url in str(caught.value)


@at_leisure
def test_a_silent_server_is_a_timeout(server, times):
    """The deadline ends a try; the builtin name catches it too."""
    server.planned.clear()
    server.asked.clear()
    server.plan("silent", times=2)

    with (
        LoopaiClient(server.url, timeout=0.2 * times, max_retries=1, retry_delay=0) as client,
        pytest.raises(builtins.TimeoutError) as caught,
    ):
        client.execute(TASK, 1)

    assert isinstance(caught.value, loopai.TimeoutError)
    assert isinstance(caught.value, errors.OutcomeUnknown)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><title>Hello</title></html>", HTML),
        (b'{"status": "succ', JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b"{}", JSON),
        (b'{"error": {"message": "no"}}', JSON),
        (b'{"status": "success", "latency_ms": "soon"}', JSON),
        (b"[" * 100_000, JSON),
        (b"", JSON),
    ],
    ids=["page", "cut", "list", "null", "empty", "error", "wrong type", "deep", "nothing"],
)
def test_a_success_that_is_no_answer_is_told(server, client, body, kind):
    """It counts as paid and is not sent again."""
    server.plan(200, body, kind)

    with pytest.raises(LoopaiError) as caught:
        client.execute(TASK, 1)

    assert isinstance(caught.value, errors.AnswerInvalid)
    assert len(server.asked) == 1


def test_a_name_that_an_earlier_try_may_have_taken_is_told(server, client):
    """A create whose answer was lost and then meets 409 says why that may be."""
    server.planned.append(None)

    with pytest.raises(LoopaiError, match="exists") as caught:
        client.create_task(
            TaskCreateRequest(name="taken", description="d", input_schema={}, output_schema={})
        )

    assert (caught.value.status_code, caught.value.code) == (409, "TASK_ALREADY_EXISTS")
    assert "An earlier try, whose answer was lost, may have made it." in caught.value.__notes__


def test_the_key_is_nowhere_in_an_error(server):
    """A server that repeats the key, a repr and a pickled error show none of it."""
    server.plan(401, {"message": f"bad key {KEY}", "errors": {"key": [KEY]}})

    with LoopaiClient(server.url, api_key=KEY) as client, pytest.raises(LoopaiError) as caught:
        client.get_task(TASK)

    assert KEY not in f"{caught.value} {caught.value!r} {client!r} {vars(caught.value)}"
    assert "LOOPAI_API_KEY" in str(caught.value)
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  (our own bytes)
    assert (str(copy), copy.status_code, type(copy)) == (str(caught.value), 401, type(caught.value))


@pytest.mark.parametrize(
    "arguments",
    [
        {"base_url": "file:///etc/passwd"},
        {"base_url": "http://169.254.169.254"},
        {"base_url": f"http://me:{KEY}@localhost"},
        {"timeout": 0},
        {"timeout": float("nan")},
        {"max_retries": -1},
        {"retry_delay": -1.0},
    ],
)
def test_a_client_that_cannot_work_is_not_made(arguments):
    """The constructor refuses, in one line, without the URL's password."""
    with pytest.raises(errors.InputError) as caught:
        LoopaiClient(**arguments)

    assert KEY not in str(caught.value)
