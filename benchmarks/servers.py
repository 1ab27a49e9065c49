"""Model servers whose time is known: nginx with a fixed reply (0 ms), and one with a fixed delay.

Both are processes of their own on loopback and speak OpenAI's chat completions, always with the same answer,
so that what a benchmark measures is the client. Where the platform lets us, a server gets the last core for
itself and the client the others.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ANSWER", "MODEL", "client_cores", "serve", "server_cores", "zero_delay_server"]

MODEL = "fixed"
ANSWER = "engine"

COMPLETION = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": ANSWER},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 40, "completion_tokens": 2, "total_tokens": 42},
    }
)
MODELS = json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "bench"}]})

NGINX = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_timeout 75s;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type application/json;
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        location = /v1/chat/completions {{ return 200 '{completion}'; }}
        location = /v1/models {{ return 200 '{models}'; }}
    }}
}}
"""

_ROOT = Path(__file__).resolve().parent.parent
_START_S = 10.0
_STOP_S = 5.0


def client_cores() -> set[int] | None:
    """The cores for clients: all that this process may use but the last; None where nothing can be pinned."""
    cores = _cores()
    return set(cores[:-1]) if cores else None


def server_cores() -> set[int] | None:
    """The core for servers; None where nothing can be pinned."""
    cores = _cores()
    return {cores[-1]} if cores else None


def zero_delay_server() -> str:
    """What ``serve(0)`` starts: ``"nginx"``, or ``"asyncio"`` where nginx is not installed."""
    return "asyncio" if _nginx() is None else "nginx"


@contextlib.contextmanager
def serve(delay_ms: float) -> Iterator[str]:
    """Run a model server that answers after a fixed delay, and end it.

    Args:
        delay_ms: From the last byte of a request to the first of its answer; 0 is nginx where it is there.

    Yields:
        Its base URL, up to the version.

    Raises:
        RuntimeError: It did not start.
    """
    port = _free_port()
    nginx = _nginx() if delay_ms == 0 else None
    with tempfile.TemporaryDirectory(prefix="loopai-bench-") as folder:
        if nginx is None:
            alone = ["--core-of-its-own"] if server_cores() else []
            command = [sys.executable, "-m", "benchmarks.delayed", *alone, str(port), str(delay_ms)]
        else:
            config = Path(folder) / "nginx.conf"
            config.write_text(
                NGINX.format(folder=folder, port=port, completion=COMPLETION, models=MODELS), encoding="utf-8"
            )
            command = [nginx, "-p", folder, "-c", str(config)]
        process = subprocess.Popen(
            command, cwd=_ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        try:
            if cores := server_cores():
                os.sched_setaffinity(process.pid, cores)
            _await_start(process, port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            try:
                process.communicate(timeout=_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _nginx() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


def _cores() -> list[int]:
    if not hasattr(os, "sched_getaffinity"):
        return []
    cores = sorted(_ALLOWED)
    return cores if len(cores) > 1 else []


_ALLOWED = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()
"""Before anything is pinned."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_start(process: subprocess.Popen[str], port: int) -> None:
    deadline_s = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < deadline_s:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    process.kill()
    _, said = process.communicate()
    raise RuntimeError(f"the server did not start: {said.strip()[-300:] or 'no reason given'}")
