"""The answers, to a file or as a table on stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import FrameView
from loopai_nb.notebook.wording import plural

if TYPE_CHECKING:
    import pandas as pd

    from loopai_nb.cli.console import Console
    from loopai_nb.cli.outfile import OutFile

__all__ = ["hand_over"]

_ROWS_SHOWN = 50
_LEFT_OUT = ("input_tokens", "output_tokens", "request_id")
"""Columns of the file that a terminal has no room for."""


def hand_over(result: pd.DataFrame, console: Console, out: OutFile | None) -> None:
    """Write the answers to the file, or else show the first of them.

    Args:
        result: As ``Run.result`` gives it.
        console: Where a table is shown.
        out: The file; None for none.
    """
    import pandas as pd

    # The rows of a query are counted; those of a resumed run are known by their labels alone.
    if not isinstance(result.index, pd.RangeIndex):
        levels = result.index.nlevels
        result = result.reset_index(names="row" if levels == 1 else [f"row_{n}" for n in range(levels)])
    if out is not None:
        out.write(result)
        console.say(f"{plural(len(result), 'row')} → {out.path}")
        return
    shown = result.drop(columns=[name for name in _LEFT_OUT if name in result.columns])
    if not shown["error"].notna().any():
        shown = shown.drop(columns="error")
    shown = shown.assign(latency_ms=shown["latency_ms"].round(1))
    console.show(FrameView(shown, most=_ROWS_SHOWN, index=False).text())
    if len(result) > _ROWS_SHOWN:
        console.say("All rows and columns: the same command with --out FILE.csv, .parquet or .jsonl")
