# mypy: ignore-errors
"""Plain httpx: one AsyncClient with its stock pool, asyncio.gather under a semaphore."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from common import KEY, MAX_TOKENS, MODEL, main, prompts_of

if TYPE_CHECKING:
    import pandas as pd


def load() -> None:
    """Import it."""
    import httpx  # noqa: F401  (timed here)


async def _ask(url: str, prompts: list[str], in_flight: int) -> list[str]:
    import httpx

    slots = asyncio.Semaphore(in_flight)
    limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
    async with httpx.AsyncClient(
        base_url=url, headers={"authorization": f"Bearer {KEY}"}, limits=limits, timeout=300
    ) as client:

        async def one(prompt: str) -> str:
            async with slots:
                reply = await client.post(
                    "/chat/completions",
                    json={
                        "model": MODEL,
                        "messages": [{"role": "user", "content": prompt}],
                        "max_tokens": MAX_TOKENS,
                        "temperature": 0,
                    },
                )
                reply.raise_for_status()
                return reply.json()["choices"][0]["message"]["content"]

        return await asyncio.gather(*map(one, prompts))


def ask(url: str, frame: pd.DataFrame, in_flight: int) -> list[str]:
    """Ask for every row."""
    return asyncio.run(_ask(url, prompts_of(frame), in_flight))


if __name__ == "__main__":
    main(load, ask)
