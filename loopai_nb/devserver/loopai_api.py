"""Loopai's cloud API, as a server must speak it that serves the Python, TypeScript and .NET clients alike.

Where they and the cloud server disagree it answers all of them: both execute paths, ``id`` beside
``execution_id``, both casings of a request (answered in the casing asked), an ``execution_id`` for failed
batch items too. Tasks live in memory and end with the server.
"""

from __future__ import annotations

import math
import time
import uuid
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request

from loopai_nb.devserver.delivery import Delivery, encode
from loopai_nb.devserver.desk import Desk, Work
from loopai_nb.devserver.guard import BODY
from loopai_nb.devserver.loopai_program import input_text
from loopai_nb.devserver.loopai_tasks import MOST_TIMEOUT_MS
from loopai_nb.devserver.loopai_wire import Body, Refused, as_guid, camel, loopai_error, utc_now
from loopai_nb.devserver.model import count_tokens
from loopai_nb.devserver.routes import example_body, route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["loopai_router"]

_MOST_CONCURRENCY = 100
TASKS = "/api/v1/tasks/"


class _Api:
    """The handlers, with what they share."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tasks = desk.tasks

    async def answered(self, work: Callable[[], Awaitable[Delivery]]) -> Delivery:
        try:
            return await work()
        except Refused as refused:
            kind = [(b"x-trace-id", str(refused.payload["trace_id"]).encode())]
            return self.desk.error(refused.status, refused.payload, kind)

    def task(self, task_id: str) -> dict[str, Any]:
        guid = as_guid(task_id)
        if guid is None:
            raise Refused(400, f"The value '{task_id[:80]}' is not valid.", details={"id": "Must be a GUID."})
        task = self.tasks.get(guid)
        if task is None:
            raise Refused(404, f"Task {guid} was not found.", "TASK_NOT_FOUND")
        return task

    async def execute(self, raw: bytes, path: str) -> Delivery:
        body = Body(raw)
        task_id = body.guid("task_id")
        value = body.require("input")
        version = body.integer("version")
        timeout_ms = body.integer("timeout_ms", high=MOST_TIMEOUT_MS)
        sampled = body.flag("force_validation")
        body.check()
        # The SDKs name the task in the body only.
        path_id = None if path == TASKS + "execute" else path[len(TASKS) : -len("/execute")]
        if path_id is not None and as_guid(path_id) is None:
            raise Refused(400, f"The value '{path_id[:80]}' is not valid.", details={"id": "Must be a GUID."})
        if path_id is not None and as_guid(path_id) != task_id:
            raise Refused(400, "The task of the path and of the body differ.", "TASK_ID_MISMATCH")
        if self.tasks.program(task_id) is None or version not in (None, 1):
            # The cloud server too answers 500 for it, whatever its documentation says.
            raise Refused(500, f"Task {task_id} has no such program.", "EXECUTION_ERROR")
        prompt = input_text(value)
        asked = count_tokens(prompt)
        wait_s = self.desk.latency_s()
        late = timeout_ms is not None and wait_s * 1000 > timeout_ms
        waited_s = timeout_ms / 1000 if late and timeout_ms is not None else wait_s

        def work() -> Work:
            result = {"error_message": f"No result within {timeout_ms} ms.", "latency_ms": 0.0}
            if not late:
                result = self.tasks.outcome(task_id, value, version)
            payload = execution(task_id, result, sampled=sampled, waited_ms=waited_s * 1000)
            if late:
                payload["status"] = "timeout"
            tokens = count_tokens(input_text(result["output"])) if "output" in result else 0
            return Work(camel(payload) if body.camel else payload, [(asked, tokens)])

        return await self.desk.serve([prompt], work, loopai_error, tokens=asked, wait_s=waited_s)

    async def batch(self, raw: bytes, _path: str) -> Delivery:
        body = Body(raw)
        task_id = body.guid("task_id")
        version = body.integer("version")
        body.flag("stop_on_first_error")
        at_once = body.get("max_concurrency")
        items = [
            Body(item, f"items[{at}].", body.problems)
            for at, item in enumerate(body.items("items", required=True))
        ]
        asked = [
            (item.text("id", 1000), item.require("input"), item.flag("force_validation")) for item in items
        ]
        body.check()
        at_once = 10 if at_once is None else at_once
        if isinstance(at_once, bool) or not isinstance(at_once, int) or not 1 <= at_once <= _MOST_CONCURRENCY:
            raise Refused(400, f"max_concurrency must be 1 to {_MOST_CONCURRENCY}.", "INVALID_CONCURRENCY")
        prompts = [input_text(value) for _, value, _ in asked]
        latency_s = self.desk.latency_s()
        started, started_at = time.perf_counter(), utc_now()
        as_camel = body.camel or any(item.camel for item in items)

        def work() -> Work:
            results = [self._item(task_id, version, item, latency_s * 1000) for item in asked]
            good = sum(result["success"] for result in results)
            total_ms = (time.perf_counter() - started) * 1000
            payload = {
                "batch_id": str(uuid.uuid4()),
                "task_id": task_id,
                "version": version or 0,
                "total_items": len(results),
                "success_count": good,
                "failure_count": len(results) - good,
                "total_duration_ms": total_ms,
                "avg_latency_ms": sum(r["latency_ms"] for r in results) / max(len(results), 1),
                "results": results,
                "started_at": started_at,
                "completed_at": utc_now(),
            }
            # Of an unknown task nothing is run, so nothing is billed.
            spent = [
                (tokens, count_tokens(input_text(result["output"])) if "output" in result else 0)
                if self.tasks.program(task_id)
                else None
                for tokens, result in zip(sizes, results, strict=True)
            ]
            return Work(camel(payload) if as_camel else payload, spent)

        sizes = [count_tokens(prompt) for prompt in prompts]
        wait_s = math.ceil(len(asked) / at_once) * latency_s
        return await self.desk.serve(
            prompts, work, loopai_error, tokens=sum(sizes), wait_s=wait_s, batch=True
        )

    def _item(
        self, task_id: str, version: int | None, asked: tuple[str, Any, bool], waited_ms: float
    ) -> dict[str, Any]:
        item_id, value, sampled = asked
        try:
            result = self.tasks.outcome(task_id, value, version)
        except KeyError:
            result = {"error_message": f"Task {task_id} has no such program.", "latency_ms": 0.0}
        execution_id = str(uuid.uuid4())
        return {
            "id": item_id,
            "execution_id": execution_id,
            "success": "output" in result,
            **result,
            "latency_ms": result["latency_ms"] + waited_ms,
            "sampled_for_validation": sampled,
        }

    async def validate(self, request: Request) -> Delivery:
        body = Body(request.scope[BODY])
        task_id = body.guid("task_id")
        items = [
            Body(item, f"items[{at}].", body.problems)
            for at, item in enumerate(body.items("items", required=True))
        ]
        asked = [(item.text("id", 1000), item.get("output"), item.get("expected_output")) for item in items]
        body.check()
        results = [{"id": name, "is_valid": got == wanted} for name, got, wanted in asked]
        valid = sum(result["is_valid"] for result in results)
        payload = {"task_id": task_id, "total_items": len(results), "valid_count": valid}
        payload |= {"invalid_count": len(results) - valid, "results": results}
        return Delivery(200, [encode(camel(payload) if body.camel else payload)])


def execution(task_id: str, result: dict[str, Any], *, sampled: bool, waited_ms: float) -> dict[str, Any]:
    """Return the answer of one execution."""
    execution_id = str(uuid.uuid4())
    return {
        "id": execution_id,
        "execution_id": execution_id,
        "task_id": task_id,
        "program_id": str(uuid.uuid5(uuid.NAMESPACE_OID, task_id)),
        "version": 1,
        "status": "success" if "output" in result else "error",
        **result,
        "latency_ms": result["latency_ms"] + waited_ms,
        "sampled_for_validation": sampled,
        "executed_at": utc_now(),
    }


def loopai_router(desk: Desk, health: Callable[[], dict[str, Any]]) -> APIRouter:
    """Return the routes below ``/api/v1``."""
    router = APIRouter(prefix="/api/v1", tags=["Loopai"])
    api = _Api(desk)
    _add_tasks(router, api)
    _add_batches(router, api)
    _add_health(router, health)
    return router


def _add_tasks(router: APIRouter, api: _Api) -> None:

    @router.post("/tasks", status_code=201, summary="Make a task", openapi_extra=TASK_BODY)
    async def create(request: Request) -> Delivery:
        async def work() -> Delivery:
            body = Body(request.scope[BODY])
            task = api.tasks.create(body)
            place = f"/api/v1/tasks/{task['id']}".encode()
            return Delivery(
                201, [encode(camel(task) if body.camel else task)], headers=[(b"location", place)]
            )

        return await api.answered(work)

    @router.get("/tasks/{task_id}", summary="Read a task")
    async def read(task_id: str) -> Delivery:
        async def work() -> Delivery:
            return Delivery(200, [encode(api.task(task_id))])

        return await api.answered(work)

    async def execute(body: bytes, path: str) -> Delivery:
        return await api.answered(lambda: api.execute(body, path))

    api.desk.handlers["execute"] = execute
    route(router, "/tasks/execute", execute, "Run a task (path of the SDKs)", EXECUTE_BODY)
    route(router, "/tasks/{task_id}/execute", execute, "Run a task (path of the server)", EXECUTE_BODY)

    @router.get("/tasks/{task_id}/artifacts", summary="Programs of a task")
    @router.get("/tasks/{task_id}/artifacts/{version}", summary="One program of a task")
    async def artifacts(task_id: str, version: str = "") -> Delivery:
        text = (
            f"Task {task_id[:80]} has no artifact{version[:20] and ' ' + version[:20]}: nothing is compiled."
        )
        return api.desk.error(404, loopai_error(404, text, "ARTIFACT_NOT_FOUND"))


def _add_batches(router: APIRouter, api: _Api) -> None:
    async def batch(body: bytes, path: str) -> Delivery:
        return await api.answered(lambda: api.batch(body, path))

    api.desk.handlers["batch"] = batch
    route(router, "/batch/execute", batch, "Run a task on many inputs", BATCH_BODY)

    @router.post("/batch/validate", summary="Compare outputs with expected ones")
    async def validate(request: Request) -> Delivery:
        return await api.answered(lambda: api.validate(request))


def _add_health(router: APIRouter, health: Callable[[], dict[str, Any]]) -> None:
    @router.get("/health", summary="Is it up?")
    @router.get("/health/live", summary="Is it alive?")
    @router.get("/health/ready", summary="Is it ready?")
    async def is_healthy() -> Delivery:
        return Delivery(200, [encode(health())])

    @router.get("/health/detailed", summary="Health with components")
    async def detailed() -> Delivery:
        components = {"model": {"status": "healthy", "description": "lexical rules, no weights"}}
        return Delivery(200, [encode({**health(), "components": components})])


TASK_BODY = example_body(
    {
        "name": "part-hit",
        "description": "Which part of the aircraft was hit?",
        "input_schema": {"type": "object", "properties": {"text": {"type": "string"}}},
        "output_schema": {"type": "string"},
        "examples": [{"input": {"text": "STRUCK LEFT WING"}, "output": "wing"}],
    },
    *("name", "description", "input_schema", "output_schema"),
)
EXECUTE_BODY = example_body(
    {"task_id": "00000000-0000-0000-0000-000000000000", "input": {"text": "BIRD HIT WING"}},
    *("task_id", "input"),
)
BATCH_BODY = example_body(
    {
        "task_id": "00000000-0000-0000-0000-000000000000",
        "items": [{"id": "1", "input": {"text": "BIRD HIT WING"}}],
        "max_concurrency": 10,
    },
    *("task_id", "items"),
)
