"""Sending alone: our transport beside httpx as it comes, at several requests in flight; CPU a request.

httpx as it comes is one AsyncClient with its shared pool, which goes through all its connections for every
request. "A transport per slot" is what our fallback does: one httpx transport with a single connection for
each request in flight.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.contenders import client_process
from benchmarks.peers.common import MAX_TOKENS, MODEL
from benchmarks.servers import serve
from benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Send = Callable[[bytes], Awaitable[bytes]]

ROUNDS = 3
REQUESTS = 3_000
FEWER = 500
"""Of the stock pool, which takes 8 ms and more for each."""

IN_FLIGHT = (8, 64, 256)
PEERS = ("pool", "slots")
NAMES = {"pool": "httpx, stock pool", "slots": "httpx, a transport per slot"}

_HEADERS = {"content-type": "application/json", "authorization": "Bearer none"}
_TIMEOUT_S = 60.0


def run(*, quick: bool = False) -> list[Row]:
    """Measure the three ways interleaved, each sample in a process of its own; medians."""
    rounds, share = (1, 4) if quick else (ROUNDS, 1)
    cpu_ms: dict[tuple[str, int], list[float]] = {}
    per_s: dict[tuple[str, int], list[float]] = {}
    with serve(0) as url:
        for _ in range(rounds):
            for in_flight in IN_FLIGHT:
                for way in ("ours", *PEERS):
                    count = (FEWER if way == "pool" else REQUESTS) // share
                    done = client_process("benchmarks.send", way, url, str(count), str(in_flight))
                    seconds, cpu_s = json.loads(done)
                    cpu_ms.setdefault((way, in_flight), []).append(cpu_s / count * 1000)
                    per_s.setdefault((way, in_flight), []).append(count / seconds)
    table = []
    for in_flight in IN_FLIGHT:
        ours = statistics.median(cpu_ms["ours", in_flight])
        for way in PEERS:
            peer = statistics.median(cpu_ms[way, in_flight])
            name = f"send, {in_flight} in flight: CPU (peer: {NAMES[way]})"
            table.append(Row(name, ours, peer, peer / ours, "", "ms/request"))
        table.append(
            Row(
                f"send, {in_flight} in flight: throughput (peer: {NAMES['slots']})",
                ours := statistics.median(per_s["ours", in_flight]),
                peer := statistics.median(per_s["slots", in_flight]),
                ours / peer,
                "",
                "requests/s",
            )
        )
    return table


async def _measured(way: str, url: str, count: int, in_flight: int) -> tuple[float, float]:
    """Seconds and CPU seconds of ``count`` requests, after a tenth of them to open the connections."""
    async with _OPEN[way](url, in_flight) as send:
        await _drain(send, max(in_flight, count // 10), in_flight)
        before_s, before_cpu_s = time.perf_counter(), time.process_time()
        await _drain(send, count, in_flight)
        return time.perf_counter() - before_s, time.process_time() - before_cpu_s


async def _drain(send: Send, count: int, in_flight: int) -> None:
    left = iter(range(count))

    async def work() -> None:
        for n in left:
            assert b"total_tokens" in await send(_body(n))

    await asyncio.gather(*(work() for _ in range(in_flight)))


def _body(n: int) -> bytes:
    import orjson

    messages = [
        {"role": "user", "content": f"Which part was hit? BIRD {n} STRUCK WINDSHIELD ON TAKEOFF ROLL"}
    ]
    return orjson.dumps({"model": MODEL, "messages": messages, "max_tokens": MAX_TOKENS, "temperature": 0})


@contextlib.asynccontextmanager
async def _ours(url: str, _in_flight: int) -> AsyncIterator[Send]:
    from loopai_nb.clients.http import HttpPool, checked_headers

    pool = HttpPool()
    headers = checked_headers(_HEADERS)

    async def send(body: bytes) -> bytes:
        answer = await pool.request(
            "POST", f"{url}/chat/completions", content=body, headers=headers, timeout_s=_TIMEOUT_S
        )
        return answer.body

    try:
        yield send
    finally:
        await pool.aclose()


@contextlib.asynccontextmanager
async def _stock_pool(url: str, in_flight: int) -> AsyncIterator[Send]:
    import httpx

    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    async with httpx.AsyncClient(limits=limits, timeout=_TIMEOUT_S, trust_env=False) as client:

        async def send(body: bytes) -> bytes:
            answer = await client.post(f"{url}/chat/completions", content=body, headers=_HEADERS)
            return answer.content

        yield send


@contextlib.asynccontextmanager
async def _stock_slots(url: str, in_flight: int) -> AsyncIterator[Send]:
    import httpx

    async with contextlib.AsyncExitStack() as stack:
        context = httpx.create_ssl_context()
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
        free = [
            await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.AsyncHTTPTransport(verify=context, limits=limits),
                    timeout=_TIMEOUT_S,
                    trust_env=False,
                )
            )
            for _ in range(in_flight)
        ]

        async def send(body: bytes) -> bytes:
            client = free.pop()
            try:
                answer = await client.post(f"{url}/chat/completions", content=body, headers=_HEADERS)
                return answer.content
            finally:
                free.append(client)

        yield send


_OPEN = {"ours": _ours, "pool": _stock_pool, "slots": _stock_slots}


if __name__ == "__main__":
    if chosen := os.environ.get("BENCH_CORES"):
        os.sched_setaffinity(0, [int(core) for core in chosen.split(",")])
    print(json.dumps(asyncio.run(_measured(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))))
