# mypy: ignore-errors
"""lotus: ``sem_map`` over the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common import KEY, MAX_TOKENS, MODEL, main

if TYPE_CHECKING:
    import pandas as pd


def load() -> None:
    """Import it."""
    import lotus
    import lotus.models  # noqa: F401  (timed here)


def ask(url: str, frame: pd.DataFrame, in_flight: int) -> list[str]:
    """Ask for every row; the prompt around the two columns is lotus's own."""
    import lotus
    from lotus.models import LM

    model = LM(
        model=f"openai/{MODEL}",
        api_base=url,
        api_key=KEY,
        max_tokens=MAX_TOKENS,
        temperature=0,
        max_batch_size=in_flight,
    )
    lotus.settings.configure(lm=model)
    mapped = frame.sem_map(
        "Which part was hit? windshield, engine, wing, other. {remarks} Species: {species}"
    )
    return list(mapped["_map"])


if __name__ == "__main__":
    main(load, ask)
