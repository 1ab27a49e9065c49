"""A widget that has no end of its own, in a notebook that can be saved at any time."""

from __future__ import annotations

import atexit
import contextlib
import threading
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LoopaiNbError
from loopai_nb.notebook.shown import Sentences, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loopai_nb.notebook.widgets.panel import Panel

__all__ = ["Home", "Resident"]

_NAME = "loopai-home-"
_MOST_NAME = 40


class Home(Shown):
    """The static form, in an element that its widget finds, and moves into (src/lib/home.ts).

    Args:
        page: The static form.
        name: Class of the element.
    """

    def __init__(self, page: Shown, name: str) -> None:
        self._page = page
        self._name = name

    def text(self) -> str:
        """Of the static form."""
        return self._page.text()

    def html(self) -> str:
        """The static form in the element."""
        return f'<div class="{self._name}">{self._page.html()}</div>'


class Resident:
    """Shows a widget in two outputs: that of the static form, where it lives, and its own, which is emptied.

    A front end without such a place has the widget in its own output, which a notebook that is saved then
    shows as an error in JupyterLab, and as the static form elsewhere.

    Args:
        panel: Makes the widget of these further handlers.
        page: Makes the static form, from what is known when it is called.
        end: Called when the widget is closed.
    """

    def __init__(
        self,
        panel: Callable[[Mapping[str, Callable[[dict[str, Any]], Any]]], Panel],
        page: Callable[[], Shown],
        end: Callable[[], None],
    ) -> None:
        from IPython.display import display

        from loopai_nb.notebook.widgets.panel import LivePanel

        self._page = page
        self._end = end
        self._lock = threading.Lock()
        self._housed = False
        self._panel: Panel | None = panel(
            {"house": self._house, "housed": self._empty, "homeless": self._clear}
        )
        self._home = display(Sentences(), display_id=True)  # type: ignore[no-untyped-call]
        self._own = display(LivePanel(self._panel, Sentences()), display_id=True)  # type: ignore[no-untyped-call]
        atexit.register(self.close)

    def close(self) -> None:
        """Put the static form, as it is now, in the place of the widget; may be called twice."""
        with self._lock:
            panel, self._panel = self._panel, None
        if panel is None:
            return
        atexit.unregister(self.close)
        self._end()
        self._leave(panel)
        panel.close()

    def leave(self) -> None:
        """Put the static form in the place of the widget, which goes on answering: a page may be late."""
        if self._panel is not None:
            self._leave(self._panel)

    def _leave(self, panel: Panel) -> None:
        panel.push("closed", None)
        with contextlib.suppress(LoopaiNbError):  # then the form stays that is there
            self._home.update(self._page())
            if not self._housed:
                self._own.update(Sentences())

    def _house(self, message: dict[str, Any]) -> None:
        name = str(message.get("name"))
        if name.startswith(_NAME) and len(name) <= _MOST_NAME and name.replace("-", "").isalnum():
            self._home.update(Home(self._page(), name))

    def _empty(self, _message: dict[str, Any]) -> None:
        self._housed = True
        self._own.update(Sentences())

    def _clear(self, _message: dict[str, Any]) -> None:
        from loopai_nb.notebook.widgets.panel import LivePanel

        self._home.update(Sentences())
        if self._panel is not None:
            self._own.update(LivePanel(self._panel, self._page()))
