# mypy: ignore-errors
"""pydantic-ai: one agent, asyncio.gather under a semaphore."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from common import KEY, MAX_TOKENS, MODEL, main, prompts_of

if TYPE_CHECKING:
    import pandas as pd


def load() -> None:
    """Import it."""
    import pydantic_ai
    import pydantic_ai.models.openai  # noqa: F401  (timed here)


async def _ask(url: str, prompts: list[str], in_flight: int) -> list[str]:
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    slots = asyncio.Semaphore(in_flight)
    agent = Agent(
        OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=url, api_key=KEY)),
        model_settings={"max_tokens": MAX_TOKENS, "temperature": 0},
    )

    async def one(prompt: str) -> str:
        async with slots:
            return (await agent.run(prompt)).output

    return await asyncio.gather(*map(one, prompts))


def ask(url: str, frame: pd.DataFrame, in_flight: int) -> list[str]:
    """Ask for every row."""
    return asyncio.run(_ask(url, prompts_of(frame), in_flight))


if __name__ == "__main__":
    main(load, ask)
