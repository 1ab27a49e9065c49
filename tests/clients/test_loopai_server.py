"""Loopai behind the executor's seam: one task as a model server."""

import asyncio
import json
from uuid import uuid4

import pytest
from dotnet_loopai import EXECUTION, KEY, TASK
from leisure import at_leisure

from loopai_nb import errors
from loopai_nb.clients.base import ModelServer
from loopai_nb.clients.http import HttpPool
from loopai_nb.clients.loopai import (
    LoopaiError,
    LoopaiServer,
)
from loopai_nb.records import Parameters, ServerKind


def _send(server, prompt, **more):
    """Send one prompt by the executor's seam and return the reply."""
    arguments = {"system": None, "parameters": Parameters(), "timeout_s": 5.0, **more}

    async def main():
        one = LoopaiServer(server.url, TASK, api_key=KEY)
        try:
            return await one.send(prompt, **arguments)
        finally:
            await one.aclose()

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("prompt", "given"),
    [
        ("a bird", {"text": "a bird"}),
        ('{"text": "a", "n": 1}', {"text": "a", "n": 1}),
        ('  {"a": {}}\n', {"a": {}}),
        ("{not json}", {"text": "{not json}"}),
        ('{"a": NaN}', {"text": '{"a": NaN}'}),
        ("[1]", {"text": "[1]"}),
        ("🦉 مرحبا", {"text": "🦉 مرحبا"}),
        ("", {"text": ""}),
    ],
)
def test_a_prompt_becomes_a_tasks_input(server, prompt, given):
    """A JSON object is the input as it is; all else is its text."""
    reply = _send(server, prompt)

    assert server.bodies[-1]["input"] == given
    assert json.loads(reply.text) == given


def test_a_reply_has_what_the_protocol_has(server):
    """Text, time and task; no tokens, for Loopai counts none; the key and extra fields were sent."""
    server.plan(200, {"status": "success", "output": "sparrow", "execution_id": EXECUTION})
    reply = _send(server, "x", parameters=Parameters(extra={"version": 3, "timeout_ms": 9, "seed": 1}))

    assert (reply.text, reply.model, reply.finish_reason) == ("sparrow", str(TASK), "")
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (None, None)
    assert reply.latency_ms > 0
    assert server.bodies[-1] == {"task_id": str(TASK), "input": {"text": "x"}, "version": 3, "timeout_ms": 9}
    assert server.keys == {f"Bearer {KEY}": 1}


def test_an_output_left_out_is_null(server):
    """The server leaves nulls out, so an execution without output answered null."""
    assert _send(server, "null").text == "null"


@pytest.mark.parametrize(
    ("prompt", "branch", "kind"),
    [
        ("fail", errors.RequestRejected, "execution_error"),
        ("slow", errors.OutcomeUnknown, "execution_timeout"),
    ],
)
def test_an_execution_that_failed_takes_its_branch(server, prompt, branch, kind):
    """The executor is told by type and kind, and nothing is sent twice."""
    with pytest.raises(branch) as caught:
        _send(server, prompt)

    assert caught.value.kind == kind
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "branch"),
    [
        (400, errors.RequestRejected),
        (401, errors.RequestRejected),
        (408, errors.OutcomeUnknown),
        (429, errors.RequestDeferred),
        (500, errors.RequestDeferred),
        (502, errors.OutcomeUnknown),
        (503, errors.RequestDeferred),
        (504, errors.OutcomeUnknown),
    ],
)
def test_each_status_takes_the_seams_branch_without_a_second_try(server, status, branch):
    """The executor retries, the server object does not."""
    server.plan(status, b"no", "text/plain")

    with pytest.raises(branch) as caught:
        _send(server, "x")

    assert isinstance(caught.value, LoopaiError)
    assert caught.value.status_code == status
    assert len(server.asked) == 1


@at_leisure
def test_a_lost_answer_and_a_late_one_are_unknown(server, times):
    """After it was written, nobody knows whether it was carried out."""
    server.planned.clear()
    server.planned.append(None)
    server.plan("silent")
    for kind, timeout_s in (("reset", 60), ("timeout", 0.2 * times)):
        with pytest.raises(errors.OutcomeUnknown) as caught:
            _send(server, "x", timeout_s=timeout_s)
        assert caught.value.kind == kind


def test_a_callers_pool_stays_open(server):
    """Two tasks may share a pool; the key goes with each request, and the caller closes it."""

    async def main():
        pool = HttpPool()
        try:
            replies = []
            for _ in range(2):
                one = LoopaiServer(server.url, TASK, api_key=KEY, pool=pool)
                replies.append(await one.send("x", system=None, parameters=Parameters(), timeout_s=60))
                await one.aclose()
            return replies
        finally:
            await pool.aclose()

    assert [reply.text for reply in asyncio.run(main())] == ['{"text":"x"}'] * 2
    assert server.keys == {f"Bearer {KEY}": 2}


def test_a_system_prompt_is_refused_not_dropped(server):
    """What was approved would not be what is sent."""
    with pytest.raises(errors.RequestRejected, match="system prompt"):
        _send(server, "x", system="You are a bird.")

    assert server.asked == []


@pytest.mark.parametrize(
    ("style", "said"), [("server", "Loopai task birds"), ("edge", "Loopai task of an edge runtime")]
)
def test_a_check_tells_the_task(serve, style, said):
    """Health and task together; an edge runtime has only health."""
    one = LoopaiServer(serve(style).url + "/", TASK)

    async def main():
        try:
            return await one.check()
        finally:
            await one.aclose()

    info = asyncio.run(main())

    assert isinstance(one, ModelServer)
    assert (info.kind, info.base_url, info.models) == (ServerKind.LOOPAI, one.base_url, (str(TASK),))
    assert (info.description, one.model, one.kind) == (said, str(TASK), ServerKind.LOOPAI)


@pytest.mark.parametrize(
    ("health", "branch"),
    [({"status": "unhealthy"}, errors.RequestDeferred), ({"status": "healthy"}, errors.RequestRejected)],
)
def test_a_check_fails_where_a_run_would(server, health, branch):
    """An unhealthy server, or a task that it does not have."""
    server.plan(200, health)

    async def main():
        one = LoopaiServer(server.url, uuid4())
        try:
            await one.check()
        finally:
            await one.aclose()

    with pytest.raises(branch):
        asyncio.run(main())
