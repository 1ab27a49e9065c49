"""Schemas: sent in the field that the protocol has, or in the prompt where a server has none."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from loopai_nb.clients.generate import GenerateServer
from loopai_nb.clients.loopai_server import LoopaiServer
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.errors import InputError, RequestRejected
from loopai_nb.prompts.structured import instructed, response_format
from loopai_nb.records import Parameters

TASK = "0b8f1b9e-6d5a-4f0e-9a34-0d7a4a6f3c11"
SCHEMA = {
    "type": "object",
    "properties": {"part": {"type": "string"}, "certain": {"type": "boolean"}},
    "required": ["part", "certain"],
    "additionalProperties": False,
}
OTHER = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
GOOD = b'{"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]}'
RENAMED = b'{"error": {"message": "Use it.", "param": "max_tokens", "code": "unsupported_parameter"}}'


def _ask(server, *schemas, stream=False, extra=None):
    """Send one request for each schema over one server object."""

    async def main():
        try:
            for schema in schemas:
                parameters = Parameters(schema=schema, extra=extra or {})
                asked = {"system": None, "parameters": parameters, "timeout_s": 5.0}
                if stream:
                    assert [piece async for piece in server.stream("Which?", **asked)]
                else:
                    await server.send("Which?", **asked)
        finally:
            await server.aclose()

    asyncio.run(main())


def _bodies(server):
    return [orjson.loads(request.partition(b"\r\n\r\n")[2]) for request in server.requests]


def _prompts(server):
    return [body["messages"][-1]["content"] for body in _bodies(server)]


@pytest.fixture
def refusing(faulty, http_answer):
    """A server that refuses ``response_format`` with the given error, and answers all else."""

    def start(refusal, status="400 Bad Request"):
        def script(peer):
            while (request := peer.request()) is not None:
                asked = orjson.loads(request.partition(b"\r\n\r\n")[2])
                refused = "response_format" in asked
                peer.send(http_answer(refusal, status) if refused else http_answer(GOOD))

        return faulty(script)

    return start


def test_a_schema_is_sent_as_response_format(faulty, http_answer):
    """OpenAI's field holds the schema and the prompt stays as it was approved."""
    server = faulty(http_answer(GOOD))
    _ask(OpenAIServer(server.url, "m"), SCHEMA)
    (body,) = _bodies(server)
    assert body["response_format"] == response_format(SCHEMA)
    assert _prompts(server) == ["Which?"]


def test_without_a_schema_nothing_is_said_of_it(faulty, http_answer):
    """Free text is asked for as before, and extra parameters may set the field."""
    server = faulty(http_answer(GOOD))
    _ask(OpenAIServer(server.url, "m"), None)
    _ask(OpenAIServer(server.url, "m"), None, extra={"response_format": {"type": "json_object"}})
    assert [body.get("response_format") for body in _bodies(server)] == [None, {"type": "json_object"}]


@pytest.mark.parametrize("stream", [False, True])
def test_extra_may_not_replace_the_schema(faulty, stream):
    """A response_format beside a schema is an InputError, and nothing is sent."""
    server = faulty(b"")
    with pytest.raises(InputError, match="response_format"):
        _ask(OpenAIServer(server.url, "m"), SCHEMA, stream=stream, extra={"response_format": {}})
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("400 Bad", {"error": {"message": "Unknown name.", "param": "response_format"}}),
        ("400 Bad", {"error": {"message": "Invalid parameter: 'response_format' of type 'json_schema'"}}),
        ("400 Bad", {"error": "json_schema is not a valid type"}),
        ("400 Bad", {"error": {"message": "JSON schema conversion failed", "code": 400}}),
        ("400 Bad", {"error": {"message": "no", "code": "unsupported_value"}}),
        ("400 Bad", {"error": {"message": "This feature is not supported."}}),
        (
            "422 No",
            {"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs are not permitted"}]},
        ),
    ],
)
def test_a_server_that_refuses_it_is_asked_in_the_prompt(refusing, status, body):
    """The refusal costs nothing: the same call asks again with the instruction, and later ones at once."""
    server = refusing(orjson.dumps(body), status)
    _ask(OpenAIServer(server.url, "m"), SCHEMA, SCHEMA)
    assert ["response_format" in body for body in _bodies(server)] == [True, False, False]
    said = instructed("Which?", SCHEMA)
    assert _prompts(server) == ["Which?", said, said]


def test_a_stream_is_asked_in_the_prompt_too(refusing):
    """A refused stream is asked again in the same way."""
    server = refusing(b'{"error": {"message": "no", "param": "response_format"}}')
    _ask(OpenAIServer(server.url, "m"), SCHEMA, SCHEMA, stream=True)
    assert ["response_format" in body for body in _bodies(server)] == [True, False, False]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("400 Bad", {"error": {"message": "Unsupported value", "param": "temperature"}}),
        ("400 Bad", {"error": {"message": "long", "code": "context_length_exceeded"}}),
        ("401 No", {"error": {"message": "response_format"}}),
        ("422 No", {"detail": [{"loc": ["body", "messages"], "msg": "Field required"}]}),
    ],
)
def test_another_refusal_is_no_reason_to_ask_again(refusing, status, body):
    """What is about something else is raised at once."""
    server = refusing(orjson.dumps(body), status)
    with pytest.raises(RequestRejected):
        _ask(OpenAIServer(server.url, "m"), SCHEMA)
    assert len(server.requests) == 1


def test_a_refusal_that_stays_teaches_nothing(faulty, http_answer):
    """Where the instruction is refused as well, the next request has its field again."""
    server = faulty(http_answer(b'{"error": "This model is not supported."}', "400 Bad"))
    one = OpenAIServer(server.url, "m")
    for _ in range(2):
        with pytest.raises(RequestRejected):
            _ask(one, SCHEMA)
    assert ["response_format" in body for body in _bodies(server)] == [True, False, True, False]


def test_both_lessons_are_learned(faulty, http_answer):
    """A server that knows neither the old name of the limit nor the field is asked three times, then once."""

    def script(peer):
        while (request := peer.request()) is not None:
            asked = orjson.loads(request.partition(b"\r\n\r\n")[2])
            if "max_tokens" in asked:
                peer.send(http_answer(RENAMED, "400 Bad"))
            elif "response_format" in asked:
                peer.send(http_answer(b'{"error": {"param": "response_format"}}', "400 Bad"))
            else:
                peer.send(http_answer(GOOD))

    server = faulty(script)
    _ask(OpenAIServer(server.url, "m"), SCHEMA, SCHEMA)
    assert len(server.requests) == 4


def test_each_schema_is_sent_as_itself(faulty, http_answer):
    """What was made for one schema is not sent for the next one."""
    server = faulty(http_answer(GOOD))
    _ask(OpenAIServer(server.url, "m"), SCHEMA, OTHER, SCHEMA)
    sent = [body["response_format"] for body in _bodies(server)]
    assert sent == [response_format(SCHEMA), response_format(OTHER), response_format(SCHEMA)]


def test_a_generate_server_is_always_asked_in_the_prompt(faulty, http_answer):
    """Its protocol has no such field."""
    server = faulty(http_answer('{"response": "{}"}'))
    _ask(GenerateServer(server.origin), SCHEMA, None)
    assert [body["prompt"] for body in _bodies(server)] == [instructed("Which?", SCHEMA), "Which?"]


def test_a_loopai_task_has_its_own_schema(faulty, http_answer):
    """The plan's is not sent: the executor checks the output against it."""
    server = faulty(http_answer('{"status": "success", "output": {}}'))
    _ask(LoopaiServer(server.origin, TASK), SCHEMA)
    assert _bodies(server) == [{"task_id": TASK, "input": {"text": "Which?"}}]
