"""A request as a curl command, against what the clients send."""

from __future__ import annotations

import asyncio
import json
import shlex

import pytest

from loopai_nb.clients.as_curl import sent_as
from loopai_nb.clients.generate import GenerateServer
from loopai_nb.clients.loopai_server import LoopaiServer
from loopai_nb.clients.openai import OpenAIServer
from loopai_nb.records import Parameters, ServerKind

TASK = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
PROMPT = 'it\'s "$HOME" `id` $(id) \u202e\x1b[31m\n<img src=x> 🦅 \\'
SCHEMA = {"type": "object", "properties": {"part": {"type": "string"}}, "required": ["part"]}
ANSWERS = {
    ServerKind.OPENAI: '{"choices": [{"message": {"content": "a"}, "finish_reason": "stop"}]}',
    ServerKind.GENERATE: '{"response": "a"}',
    ServerKind.LOOPAI: json.dumps({"status": "success", "task_id": TASK, "output": "a"}),
}
CLIENTS = {
    ServerKind.OPENAI: OpenAIServer,
    ServerKind.GENERATE: GenerateServer,
    ServerKind.LOOPAI: LoopaiServer,
}


@pytest.mark.parametrize("kind", list(ServerKind))
@pytest.mark.parametrize("schema", [None, SCHEMA])
def test_it_is_what_the_client_sends(faulty, http_answer, kind, schema):
    """To the same address, with the same body; the key is a name, and a shell reads every text as it is."""
    server = faulty(http_answer(ANSWERS[kind]))
    model = TASK if kind is ServerKind.LOOPAI else "m"
    system = None if kind is ServerKind.LOOPAI else "Be short."
    extra = {"timeout_ms": 7} if kind is ServerKind.LOOPAI else {"seed": 7}
    parameters = Parameters(8, 0.5, extra, schema)

    async def send():
        client = CLIENTS[kind](server.url, model, api_key="c4n4ry")
        try:
            await client.send(PROMPT, system=system, parameters=parameters, timeout_s=60)
            return client.base_url
        finally:
            await client.aclose()

    base_url = asyncio.run(send())
    head, _, body = server.requests[0].partition(b"\r\n\r\n")

    sent = sent_as(kind, base_url, model, PROMPT, system, parameters)
    words = shlex.split(sent.curl())

    assert words[1].endswith(head.split()[1].decode())
    assert json.loads(words[-1]) == json.loads(body)
    assert sent.body.isascii()
    assert '"authorization: Bearer $LOOPAI_API_KEY"' in sent.curl()
    assert sent.headers["authorization"] == "***"
    assert b"authorization: Bearer c4n4ry" in head


def test_a_long_body_is_no_argument():
    """A shell takes 128 KiB in one; what is longer comes from stdin, and nothing in it ends it early."""
    prompt = "LOOPAI_BODY\n" * 20_000
    command = sent_as(ServerKind.OPENAI, "http://h/v1", "m", prompt, None, Parameters()).curl()
    first, body, last = command.rsplit("\n", 2)
    assert first.endswith("--data-binary @- <<'LOOPAI_BODY'")
    assert json.loads(body)["messages"][0]["content"] == prompt
    assert last == "LOOPAI_BODY"
