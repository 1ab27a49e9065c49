"""The answers, to a file or as a table on stdout."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import FrameView, columns_that_fit
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
    room = shutil.get_terminal_size().columns if console.is_terminal else None
    fitting = _fitting(shown, room)
    console.show(FrameView(fitting, most=_ROWS_SHOWN, index=False, room=room).text())
    if len(result) > _ROWS_SHOWN or len(fitting.columns) < len(shown.columns):
        console.say("All rows and columns: the same command with --out FILE.csv, .parquet or .jsonl")


def _fitting(shown: pd.DataFrame, room: int | None) -> pd.DataFrame:
    """The columns that there is room for: the first, which tells the row, and the last, the answer's."""
    most = len(shown.columns) if room is None else columns_that_fit(room)
    if len(shown.columns) <= most:
        return shown
    positions = [0, *range(len(shown.columns) - most + 1, len(shown.columns))]
    return shown.iloc[:, positions[-most:]]
