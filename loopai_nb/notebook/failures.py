"""Errors as a person sees them: one line of what and what to do, no secret, the chain kept for ``debug``."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import sys
import traceback
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from loopai_nb.notebook.options import split
from loopai_nb.notebook.shown import MOST_LINE, plain
from loopai_nb.redaction import mask_text, password_in_url

if TYPE_CHECKING:
    from loopai_nb.errors import LoopaiNbError
    from loopai_nb.notebook.workbench import Workbench

__all__ = ["CellInterrupted", "MaskedError", "chain", "masked", "one_line", "refuse_secrets"]

_ID = re.compile(r"\b([rp])-[0-9a-f]{4,}\b")
_NAMED_ID = re.compile(rf"\b([Rr]un|[Pp]lan) {_ID.pattern}")
_URL = re.compile(r"[\"']?[A-Za-z][A-Za-z0-9+.-]*://")


class MaskedError(Exception):
    """An unexpected error whose text or traceback held a secret; this one holds ``***`` in its place."""

    def __init__(self, message: str, lines: list[str]) -> None:
        super().__init__(message)
        self._lines = lines

    def _render_traceback_(self) -> list[str]:
        return self._lines


class CellInterrupted(KeyboardInterrupt):
    """A cell was interrupted: an error in a line, so that the cells behind it in "Run All" don't run.

    They would go on with the part of the answers that is there.
    """

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def one_line(error: LoopaiNbError, bench: Workbench) -> str:
    """What happened, and what to do; without ids of runs and plans where outputs have to stay the same."""
    text = mask_text(error.notebook_text, _secrets(bench))
    return plain(_without_ids(text) if bench.static else text, MOST_LINE)


def _without_ids(text: str) -> str:
    """``Run r-7f3a is ...`` as ``The run is ...``, and ``resume r-7f3a`` as ``resume RUN``."""
    named = _NAMED_ID.sub(
        lambda found: f"{'The' if found[1][0].isupper() else 'the'} {found[1].lower()}", text
    )
    return _ID.sub(lambda found: "RUN" if found[1] == "r" else "PLAN", named)


def masked(error: BaseException, bench: Workbench) -> MaskedError | None:
    """The error without secrets; None where it holds none and can be raised as it is.

    The traceback is rendered as the notebook would (in verbose mode it prints local variables), so that what
    is searched is what would be shown.
    """
    secrets = _secrets(bench)
    lines = _rendered(error, bench.shell)
    clean = [mask_text(line, secrets) for line in lines]
    said = f"{type(error).__name__}: {error}"
    if clean == lines and mask_text(said, secrets) == said:
        return None
    return MaskedError(mask_text(said, secrets), clean)


def chain(error: BaseException, bench: Workbench) -> str:
    """The error, what it came from, and where, without secrets."""
    return mask_text("".join(traceback.format_exception(error)), _secrets(bench))


def refuse_secrets(line: str, shell: Any) -> None:
    """Refuse a line with a URL or connection string that holds a secret, and take it out of the history.

    Raises:
        UsageError: It holds one. The message does not repeat it.
    """
    try:
        words = split(line)
    except UsageError:
        words = line.replace("'", " ").replace('"', " ").split()
    opens = words[0] in {"connect", "server"}
    # Elsewhere than behind these verbs, "password=" and "://" may well stand in a condition.
    if not any((opens or _URL.match(word)) and password_in_url(word) for word in words if _marked(word)):
        return
    forget(shell)
    name = next((word for word in words[1:] if word.isidentifier()), "NAME")
    if words[0] == "server":
        raise UsageError(
            "A password on a notebook line would be saved with it. Put the key in .env as LOOPAI_API_KEY, "
            "and give the URL without it. Delete it from this cell, too."
        )
    raise UsageError(
        "A password on a notebook line would be saved with it. Put it in .env as DATABASE_URL, or run: "
        f"loopai-nb connections add {name}. Delete it from this cell, too."
    )


def forget(shell: Any) -> None:
    """Take the cell that runs now out of IPython's history: its lists, its variables and its file.

    The front end still shows what was typed; that is for the person to delete.
    """
    history: Any = getattr(shell, "history_manager", None)
    count = shell.execution_count
    # Parts of these names are IPython's own; what a version does not have can't be cleaned there.
    with contextlib.suppress(AttributeError, IndexError, TypeError, StopIteration):
        typed = history.input_hist_raw[-1]
        # IPython counts a cell before it runs since 9.17, and after it before.
        number = next(n for n in (count, count - 1) if shell.user_ns.get(f"_i{n}") == typed)
        for inputs in (history.input_hist_raw, history.input_hist_parsed):
            inputs[-1] = _FORGOTTEN
        history._i00 = shell.user_ns[f"_i{number}"] = _FORGOTTEN  # noqa: SLF001  (what becomes _i next)
        _forget_in_file(history, number)


def _forget_in_file(history: Any, number: int) -> None:
    with contextlib.suppress(sqlite3.Error):
        with history.db_input_cache_lock:
            history.db_input_cache[:] = [
                (n, _FORGOTTEN, _FORGOTTEN) if n == number else (n, *texts)
                for n, *texts in history.db_input_cache
            ]
        history.writeout_cache()
        with history.db:
            history.db.execute(
                "UPDATE history SET source = ?, source_raw = ? WHERE session = ? AND line = ?",
                (_FORGOTTEN, _FORGOTTEN, history.session_number, number),
            )


_FORGOTTEN = "# a line with a password was here"


def _marked(word: str) -> bool:
    return "://" in word or "pass" in word.lower()


def _rendered(error: BaseException, shell: Any) -> list[str]:
    try:
        lines = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
    except Exception:  # noqa: BLE001  (IPython's renderer reads sources and reprs of locals, which may fail)
        lines = traceback.format_exception(error)
    return [str(line) for line in lines]


def _secrets(bench: Workbench) -> list[str]:
    """Values that must not be shown, as far as the session's settings know them."""
    session = bench.opened
    if session is None or sys.is_finalizing():
        return []
    return session.settings.secrets
