"""What Loopai answers to a batch, and how a test sends one."""

from __future__ import annotations

import asyncio

import orjson

from loopai_nb.clients.loopai_server import LoopaiServer
from loopai_nb.records import Parameters, Reply

TASK = "0b8f1b9e-6d5a-4f0e-9a34-0d7a4a6f3c11"
EXECUTION = "6f1de5a2-5d0a-4c39-a5a0-6a5f1a0b8f77"


def done(item, **changes):
    """The cloud server's result of an item that succeeded."""
    text = item["input"].get("text")
    result = {"id": item["id"], "execution_id": EXECUTION, "success": True, "output": text, "latency_ms": 4.5}
    return {**result, "sampled_for_validation": False, **changes}


def failed(item, text="boom"):
    """The cloud server's result of an item that failed: without an execution_id."""
    return {"id": item["id"], "success": False, "error_message": text, "latency_ms": 1.0}


def batch_of(results):
    """The cloud server's answer to a batch."""
    return {"batch_id": EXECUTION, "task_id": TASK, "version": 0, "results": results}


def send_batches(origin, *batches, parameters=None, max_concurrency=10, timeout_s=60.0, **options):
    """Send batches of prompts over one server object; the results of the last one."""

    async def main():
        server = LoopaiServer(origin, TASK, **options)
        try:
            for prompts in batches:
                requests = [(one, None) if isinstance(one, str) else one for one in prompts]
                results = await server.send_batch(
                    requests,
                    parameters=parameters or Parameters(),
                    timeout_s=timeout_s,
                    max_concurrency=max_concurrency,
                )
            return results
        finally:
            await server.aclose()

    return asyncio.run(main())


def bodies_of(server):
    """What a server was sent, read."""
    bodies = (request.partition(b"\r\n\r\n")[2] for request in server.requests)
    return [orjson.loads(body) for body in bodies if body]


def texts_of(results):
    """What came of each item: its text, or the kind of its error."""
    return [one.text if isinstance(one, Reply) else one.kind for one in results]
