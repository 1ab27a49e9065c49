# mypy: ignore-errors
"""bespoke curator: an ``LLM`` over a dataset, by its OpenAI back end."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from common import KEY, MAX_TOKENS, MODEL, main, prompts_of

if TYPE_CHECKING:
    import pandas as pd


def load() -> None:
    """Import it, with the tokenizer that litellm brings along: curator would fetch the same one."""
    litellm = importlib.util.find_spec("litellm")
    if litellm is not None and litellm.origin is not None:
        tokenizers = Path(litellm.origin).parent / "litellm_core_utils" / "tokenizers"
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(tokenizers))
    from bespokelabs import curator  # noqa: F401  (timed here)


def ask(url: str, frame: pd.DataFrame, in_flight: int) -> list[str]:
    """Ask for every row."""
    from bespokelabs import curator

    os.environ["OPENAI_API_KEY"] = KEY

    class Asking(curator.LLM):
        def prompt(self, row: dict[str, str]) -> str:
            return row["prompt"]

        def parse(self, _row: dict[str, str], response: str) -> list[dict[str, str]]:
            return [{"answer": response}]

    model = Asking(
        model_name=MODEL,
        backend="openai",
        generation_params={"max_tokens": MAX_TOKENS, "temperature": 0},
        backend_params={
            "base_url": url,
            "max_requests_per_minute": 10_000_000,
            "max_tokens_per_minute": 10_000_000_000,
            "max_concurrent_requests": in_flight,
        },
    )
    answered = model([{"prompt": prompt} for prompt in prompts_of(frame)])
    dataset = getattr(answered, "dataset", answered)
    return list(dataset["answer"])


if __name__ == "__main__":
    main(load, ask)
