# mypy: ignore-errors
"""The openai SDK in a loop: asyncio.gather under a semaphore."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from common import KEY, MAX_TOKENS, MODEL, main, prompts_of

if TYPE_CHECKING:
    import pandas as pd


def load() -> None:
    """Import it."""
    import openai  # noqa: F401  (timed here)


async def _ask(url: str, prompts: list[str], in_flight: int) -> list[str]:
    from openai import AsyncOpenAI

    slots = asyncio.Semaphore(in_flight)
    async with AsyncOpenAI(base_url=url, api_key=KEY) as client:

        async def one(prompt: str) -> str:
            async with slots:
                reply = await client.chat.completions.create(
                    model=MODEL,
                    messages=[{"role": "user", "content": prompt}],
                    max_tokens=MAX_TOKENS,
                    temperature=0,
                )
                return reply.choices[0].message.content

        return await asyncio.gather(*map(one, prompts))


def ask(url: str, frame: pd.DataFrame, in_flight: int) -> list[str]:
    """Ask for every row."""
    return asyncio.run(_ask(url, prompts_of(frame), in_flight))


if __name__ == "__main__":
    main(load, ask)
