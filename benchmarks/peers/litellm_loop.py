# mypy: ignore-errors
"""litellm: ``acompletion``, asyncio.gather under a semaphore."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from common import KEY, MAX_TOKENS, MODEL, main, prompts_of

if TYPE_CHECKING:
    import pandas as pd


def load() -> None:
    """Import it."""
    import litellm  # noqa: F401  (timed here)


async def _ask(url: str, prompts: list[str], in_flight: int) -> list[str]:
    import litellm

    slots = asyncio.Semaphore(in_flight)

    async def one(prompt: str) -> str:
        async with slots:
            reply = await litellm.acompletion(
                model=f"openai/{MODEL}",
                messages=[{"role": "user", "content": prompt}],
                api_base=url,
                api_key=KEY,
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
