"""``%loopai`` and ``%%loopai``: one magic whose first word says what to do."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, needs_local_scope, no_var_expand

from loopai_nb.errors import LoopaiNbError
from loopai_nb.interrupts import stopping
from loopai_nb.notebook.options import HelpWanted, parse, split
from loopai_nb.notebook.verbs import VERBS, overview, unknown
from loopai_nb.notebook.waiting import finish_now
from loopai_nb.notebook.workbench import Call, Workbench, is_frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from loopai_nb.notebook.options import Verb

__all__ = ["LoopaiMagics"]

_HELP = frozenset({"help", "--help", "-h"})


@magics_class
class LoopaiMagics(Magics):
    """The magics of one kernel; ``bench`` holds their session."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.bench = Workbench(shell)
        self.attached: Any = None

    @no_var_expand  # $x and {x} belong to the template
    @needs_local_scope
    @line_cell_magic
    def loopai(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Ask a model server about every row of a table. The verbs: %loopai help."""
        names = {**self.bench.shell.user_ns, **(local_ns or {})}
        value: Any = None
        with self._told():
            done = self._do(line, cell, names)
            value = finish_now(done) if inspect.iscoroutine(done) else done
        return value  # noqa: RET504  (None, where the error was told)

    async def awaited(self, line: str, cell: str | None = None) -> Any:
        """The same for a cell that awaits it, so that clicks reach Python meanwhile; see ``waiting``."""
        value: Any = None
        with self._told():
            done = self._do(line, cell, self.bench.shell.user_ns, awaited=True)
            value = await done if inspect.iscoroutine(done) else done
        return value  # noqa: RET504  (as above)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Tell a person's mistakes in a line, and hide what is secret in the others."""
        try:
            with stopping():
                yield
        except UsageError:
            raise
        except HelpWanted as wanted:
            from loopai_nb.notebook.shown import Preformatted

            self.bench.show(Preformatted(str(wanted)))
        except LoopaiNbError as error:
            from loopai_nb.notebook.failures import one_line

            self.bench.last_error = error
            raise UsageError(one_line(error, self.bench)) from None
        except (KeyboardInterrupt, asyncio.CancelledError) as stop:  # the latter: ■ pressed in an await
            from loopai_nb.notebook.failures import CellInterrupted
            from loopai_nb.notebook.shown import plain

            notes = [note.replace("loopai-nb ", "%loopai ") for note in getattr(stop, "__notes__", ())]
            raise CellInterrupted("\n".join(map(plain, ["Stopped.", *map(str, stop.args), *notes]))) from None
        except Exception as error:
            from loopai_nb.notebook.failures import masked

            self.bench.last_error = error
            hidden = masked(error, self.bench)
            if hidden is None:
                raise
            raise hidden from None

    def _do(self, line: str, cell: str | None, names: Mapping[str, Any], *, awaited: bool = False) -> Any:
        if "://" in line or "pass" in line.lower():
            from loopai_nb.notebook.failures import refuse_secrets

            refuse_secrets(line, self.shell)
        words = split(line)
        if not words or words[0] in _HELP:
            from loopai_nb.notebook.shown import Grid

            note = "Options of one: %loopai VERB --help. %%loopai df is short for %%loopai map df."
            self.bench.show(Grid([], overview(), note=note))
            return None
        verb = VERBS.get(words[0])
        frame = is_frame(names.get(words[0]))
        # A frame may be called reviews or runs: with a cell, where the verb takes none, it is meant.
        if frame and (verb is None or (cell is not None and not verb.cell)):
            verb = VERBS["map"]
        elif verb is not None:
            words = words[1:]
        else:
            raise unknown(words[0])
        _check_cell(verb, cell, wants_help=bool(_HELP & set(words)))
        args = parse(verb, words)
        return _function(verb)(Call(self.bench, args, cell, names, awaited=awaited))


def _check_cell(verb: Verb, cell: str | None, *, wants_help: bool) -> None:
    if wants_help:
        return
    if cell is None and verb.cell_needed:
        raise UsageError(f"Write %%loopai {verb.name} with two % and, in the cell below it, {verb.cell}.")
    if cell is not None and not verb.cell:
        raise UsageError(f"%loopai {verb.name} takes no cell. Write it with one %.")


def _function(verb: Verb) -> Callable[[Call], Any]:
    module, _, name = verb.does.partition(":")
    function: Callable[[Call], Any] = getattr(importlib.import_module(f"loopai_nb.notebook.{module}"), name)
    return function
