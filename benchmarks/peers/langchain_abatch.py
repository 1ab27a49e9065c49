# mypy: ignore-errors
"""langchain-openai: ``abatch`` with ``max_concurrency``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from common import KEY, MAX_TOKENS, MODEL, main, prompts_of

if TYPE_CHECKING:
    import pandas as pd


def load() -> None:
    """Import it."""
    import langchain_openai  # noqa: F401  (timed here)


def ask(url: str, frame: pd.DataFrame, in_flight: int) -> list[str]:
    """Ask for every row."""
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model=MODEL, base_url=url, api_key=KEY, max_tokens=MAX_TOKENS, temperature=0)
    replies = asyncio.run(model.abatch(prompts_of(frame), config={"max_concurrency": in_flight}))
    return [reply.content for reply in replies]


if __name__ == "__main__":
    main(load, ask)
