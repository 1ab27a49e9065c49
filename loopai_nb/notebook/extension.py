"""Loading into and unloading from a kernel; nothing heavy is imported by it."""

from __future__ import annotations

import atexit
import logging
import sys
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.notebook.magics import LoopaiMagics
from loopai_nb.notebook.step_asking import NotebookAsker
from loopai_nb.notebook.verbs import waits
from loopai_nb.notebook.waiting import AwaitedMagics

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.notebook.shown import Shown

__all__ = ["load", "loaded", "unload"]

_REGISTERED = "LoopaiMagics"
_AWAITED = f"get_ipython().magics_manager.registry[{_REGISTERED!r}].awaited"
_QUIET = logging.NullHandler()


def load(shell: Any) -> None:
    """Register magics, displays, Tab and the accessor; a second time changes nothing."""
    if _REGISTERED in shell.magics_manager.registry:
        return
    magics = LoopaiMagics(shell)
    shell.register_magics(magics)
    # What is logged is displayed as well: without a handler of anybody's it would stand in the cell, too.
    logging.getLogger("loopai_nb").addHandler(_QUIET)
    magics.attached = _Attached(shell, magics)


def unload(shell: Any) -> None:
    """Take out what ``load`` put in, and close the session."""
    magics = shell.magics_manager.registry.pop(_REGISTERED, None)
    if magics is None:
        return
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("loopai", None)
    magics.attached.detach()
    magics.bench.close()
    logging.getLogger("loopai_nb").removeHandler(_QUIET)


def loaded() -> LoopaiMagics:
    """The magics of the running kernel.

    Raises:
        InputError: There is no kernel, or the extension is not loaded.
    """
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    magics = None if shell is None else shell.magics_manager.registry.get(_REGISTERED)
    if not isinstance(magics, LoopaiMagics):
        raise InputError("There is no session in this notebook yet.", "Load it first: %load_ext loopai_nb")
    return magics


class _Attached:
    """What is registered with the shell beside the magics."""

    def __init__(self, shell: Any, magics: LoopaiMagics) -> None:
        from loopai_nb.notebook.completion import matcher

        self._shell = shell
        self._magics = magics
        self._matcher = matcher(magics.bench)
        if shell.Completer is not None:
            shell.Completer.custom_matchers.append(self._matcher)
        for module, name, to_shown in (
            ("loopai_nb.execution.run", "Run", self._run),
            ("loopai_nb.planning.plan", "Plan", self._plan),
        ):
            self._format(module, name, to_shown)
        self._awaited: AwaitedMagics | None = None
        if getattr(shell, "kernel", None) is not None:
            self._awaited = AwaitedMagics(shell, _AWAITED, waits)
            self._awaited.register()
            shell.loopai_nb_asker = NotebookAsker(magics.bench)
        atexit.register(magics.bench.close)
        if "pandas" in sys.modules:
            self._accessor()
        else:
            # Without an import hook, the next best moment is the next cell after somebody imports pandas.
            shell.events.register("pre_run_cell", self._accessor_later)

    def detach(self) -> None:
        """Take all of it out again."""
        if self._awaited is not None:
            self._awaited.unregister()
            del self._shell.loopai_nb_asker
        atexit.unregister(self._magics.bench.close)
        completer = self._shell.Completer
        if completer is not None and self._matcher in completer.custom_matchers:
            completer.custom_matchers.remove(self._matcher)
        for kind in ("text/plain", "text/html"):
            formatter = self._shell.display_formatter.formatters[kind]
            for name in ("loopai_nb.execution.run.Run", "loopai_nb.planning.plan.Plan"):
                formatter.pop(name, None)
        if self._accessor_later in self._shell.events.callbacks["pre_run_cell"]:
            self._shell.events.unregister("pre_run_cell", self._accessor_later)

    def _format(self, module: str, name: str, to_shown: Callable[[Any], Shown]) -> None:
        """Display a class of a layer below, which knows no notebook; by name, so without importing it."""
        formatters = self._shell.display_formatter.formatters
        formatters["text/html"].for_type_by_name(module, name, lambda value: to_shown(value).html())
        formatters["text/plain"].for_type_by_name(
            module, name, lambda value, printer, _cycle: printer.text(to_shown(value).text())
        )

    def _run(self, run: Any) -> Shown:
        return self._magics.bench.said_of(run)

    def _plan(self, plan: Any) -> Shown:
        return self._magics.bench.card(plan)

    def _accessor(self) -> None:
        from loopai_nb.notebook.accessor import register_accessor

        register_accessor()

    def _accessor_later(self, _info: Any) -> None:
        if "pandas" in sys.modules:
            self._accessor()
            self._shell.events.unregister("pre_run_cell", self._accessor_later)
