"""A server that answers as WIRE.md says the .NET server does, and what it answers with."""

import contextlib
import json
import re
import socket
import threading
from collections import Counter, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID, uuid4

TASK = UUID("0b8f1b9e-6d5a-4f0e-9a34-0d7a4a6f3c11")
EXECUTION = "6f1de5a2-5d0a-4c39-a5a0-6a5f1a0b8f77"
KEY = "canary-5f2c9d"
STAMP = "2025-10-29T12:34:56.1234567Z"
PROBLEM = "application/problem+json; charset=utf-8"
JSON = "application/json; charset=utf-8"
HTML = "text/html"


class DotNetLoopai(ThreadingHTTPServer):
    """Loopai's cloud API in small: its routes, casing, nulls and error shapes.

    ``planned`` answers (status, content type, body, headers) go out before any other; None resets the
    connection after the request was read.
    """

    daemon_threads = True
    request_queue_size = 128  # with the usual 5, the kernel drops some of 64 connections that come at once

    def __init__(self, style="server"):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.style = style
        self.planned = deque()
        self.asked = []
        self.bodies = []
        self.keys = Counter()
        self.silent = threading.Event()

    @property
    def url(self):
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def plan(self, status, body=b"", kind=JSON, times=1, **headers):
        """Answer the next requests so, whatever they ask."""
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.planned.extend([(status, kind, body, headers)] * times)

    def answer(self, method, path, body):
        """What it says to a request: status, content type, body."""
        if self.style == "edge":
            return self.edge(method, path, body)
        task = re.fullmatch(r"/api/v1/tasks/([^/]+)", path)
        execution = re.fullmatch(r"/api/v1/tasks/(?:([^/]+)/)?execute", path)
        found = 404, "", b""
        if path == "/health":
            found = 200, "text/plain", b"Healthy"
        elif path == "/api/v1/health" and self.style == "server":
            found = ok({"status": "healthy", "version": "1.0.0", "timestamp": STAMP, "environment": "Test"})
        elif path == "/api/v1/tasks" and method == "POST":
            found = self.create(body)
        elif path == "/api/v1/batch/execute":
            found = self.batch(body)
        elif execution and bool(execution[1]) == (self.style == "server"):
            found = self.execute(execution[1] or body["task_id"], body)
        elif task:
            found = self.task(task[1]) if method == "GET" else (405, "", b"")
        return found

    def create(self, body):
        """A new task."""
        if missing := [name for name in ("name", "description") if not body.get(name)]:
            return problem({name: [f"The {name} field is required."] for name in missing})
        if body["name"] == "taken":
            return refused(409, "TASK_ALREADY_EXISTS", "A task named 'taken' exists.")
        return ok(
            {"id": str(TASK), **body, "total_versions": 0, "created_at": STAMP, "updated_at": STAMP}, 201
        )

    def task(self, guid):
        """A task by its id."""
        if guid != str(TASK):
            return refused(404, "TASK_NOT_FOUND", f"Task {guid} not found")
        return ok({"id": guid, "name": "birds", "description": "d", "input_schema": {}, "output_schema": {}})

    def execute(self, guid, body):
        """One input through a task."""
        if "taskId" in body or "input" not in body:
            return problem({"task_id": ["The task_id field is required."]})
        if body["task_id"] != guid:
            return refused(400, "TASK_ID_MISMATCH", "Route and body differ")
        if guid != str(TASK):
            return refused(500, "EXECUTION_ERROR", "An error occurred while executing the task")
        given = body["input"]
        text = given.get("text") if isinstance(given, dict) else given
        answer = {"execution_id": EXECUTION, "task_id": guid, "program_id": str(uuid4()), "version": 2}
        answer |= {"latency_ms": 4.2, "sampled_for_validation": False, "executed_at": STAMP}
        if text == "fail":
            return ok({**answer, "status": "error", "error_message": "boom"})
        if text == "slow":
            return ok({**answer, "status": "timeout", "error_message": "took 11 ms"})
        return ok({**answer, "status": "success"} | ({} if text == "null" else {"output": given}))

    def batch(self, body):
        """Several inputs through a task."""
        if "taskId" in body or "task_id" not in body:
            return problem({"task_id": ["The task_id field is required."]})
        known = body["task_id"] == str(TASK)
        results = []
        for item in body["items"]:
            result = {"id": item["id"], "success": known, "latency_ms": 1.0, "sampled_for_validation": False}
            if known:
                result |= {"execution_id": str(uuid4()), "output": item["input"]}
            else:
                result["error_message"] = "Task not found"
            results.append(result)
        good = sum(result["success"] for result in results)
        return ok(
            {
                "batch_id": str(uuid4()),
                "task_id": body["task_id"],
                "version": 0,
                "total_items": len(results),
                "success_count": good,
                "failure_count": len(results) - good,
                "total_duration_ms": 3.5,
                "avg_latency_ms": 1.0,
                "results": results,
                "started_at": STAMP,
                "completed_at": STAMP,
            }
        )

    def edge(self, method, path, body):
        """An edge runtime's answers: it has one task, and another shape of errors."""
        if path == "/health":
            return ok({"status": "healthy", "version": "0.1", "task_id": str(TASK), "active_version": 3})
        if path == "/execute" and not isinstance(body["input"]["text"], str):
            detail = {"loc": ["body", "input", "text"], "msg": "Input should be a valid string", "input": 7}
            return 422, JSON, json.dumps({"detail": [detail]}).encode()
        if path == "/execute" and method == "POST":
            return ok({"output": body["input"]["text"].upper(), "latency_ms": 0.2})
        return 404, JSON, b'{"detail": "Not Found"}'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_one(self, method):
        length = int(self.headers.get("content-length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        server = self.server
        server.asked.append((method, self.path))
        server.bodies.append(body)
        server.keys[self.headers.get("authorization")] += 1
        if server.planned:
            planned = server.planned.popleft()
            if planned is None:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self.close_connection = True
                return
            status, kind, answer, headers = planned
            if status == "silent":
                server.silent.wait(20)
                self.close_connection = True
                return
        else:
            (status, kind, answer), headers = server.answer(method, self.path, body), {}
        self.send_response(status)
        if kind:
            self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(answer)

    def do_GET(self):
        self.handle_one("GET")

    def do_POST(self):
        self.handle_one("POST")

    def log_message(self, *args):
        pass


def ok(fields, status=200):
    """A success."""
    return status, JSON, json.dumps(fields).encode()


def refused(status, code, message, **more):
    """An error in the shape of its own middleware."""
    fields = {"code": code, "message": message, "trace_id": "00-ab", "timestamp": STAMP, **more}
    return status, JSON, json.dumps(fields).encode()


def problem(fields):
    """A 400 in the shape of ASP.NET, by field."""
    body = {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "traceId": "00-cd",
        "errors": fields,
    }
    return 400, PROBLEM, json.dumps(body).encode()


@contextlib.contextmanager
def serving():
    """A function that starts servers of a style; they are stopped at the end."""
    started = []

    def start(style="server"):
        server = DotNetLoopai(style)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        started.append((server, thread))
        return server

    try:
        yield start
    finally:
        for server, thread in started:
            server.silent.set()
            server.shutdown()
            thread.join()
            server.server_close()
