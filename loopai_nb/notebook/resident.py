"""A widget in a notebook that can be saved at any time, also while its kernel goes on."""

from __future__ import annotations

import atexit
import contextlib
import secrets
import threading
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import LoopaiNbError
from loopai_nb.notebook.shown import Sentences, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from loopai_nb.notebook.widgets.panel import Panel

__all__ = ["Resident"]


class _Named(Shown):
    """Something in an element that a widget finds by its class (src/lib/home.ts)."""

    def __init__(self, name: str, page: Shown | None = None) -> None:
        self._name = name
        self._page = page

    def text(self) -> str:
        return "" if self._page is None else self._page.text()

    def html(self) -> str:
        return f'<div class="{self._name}">{"" if self._page is None else self._page.html()}</div>'


class Resident:
    """Shows a widget in an empty output, while its own has the static form for a notebook that is saved.

    JupyterLab shows "Error displaying widget" for the output of a widget in a notebook that was saved while
    its kernel lived. So the widget moves out of its output, which is then replaced by the static form, hidden
    as long as the widget is there. A front end without such a place has the widget in its own output, with
    the static form beside it for who can't show widgets.

    Args:
        panel: Makes the widget of these further handlers.
        page: Makes the static form, from what is known when it is called.
        end: Called when the widget is closed, before the static form is made for the last time.
        home: Shows something in the place of what it showed before; None: in an output of its own.
    """

    def __init__(
        self,
        panel: Callable[[Mapping[str, Callable[[dict[str, Any]], Any]]], Panel],
        page: Callable[[], Shown],
        end: Callable[[], None] = lambda: None,
        home: Callable[[Shown], None] | None = None,
    ) -> None:
        from IPython.display import display

        from loopai_nb.notebook.widgets.panel import LivePanel

        self._page = page
        self._end = end
        self._name = f"loopai-home-{secrets.token_hex(4)}"
        self._turn = threading.RLock()
        self._asked = self._housed = self._left = False
        self._kept = page()
        handlers = {"house": self._house, "housed": self._empty, "homeless": self._stay}
        self._panel: Panel | None = panel(handlers)
        self._home = _output() if home is None else home
        self._home(Sentences())
        self._own = display(LivePanel(self._panel, self._kept), display_id=True)  # type: ignore[no-untyped-call]
        atexit.register(self.close)

    def refresh(self) -> None:
        """Keep the static form as it is now for a notebook that is saved from now on."""
        with self._turn:
            if self._panel is None or self._left or not self._housed:
                return
            kept = self._page()
            if kept.text() != self._kept.text():
                self._kept = kept
                self._own.update(_Named(f"{self._name}-kept", kept))

    def instead(self, shown: Shown | None) -> None:
        """Show something in the place of a widget that no front end shows; None: the widget, after all."""
        from loopai_nb.notebook.widgets.panel import LivePanel

        with self._turn:
            if self._panel is not None and not self._housed:
                self._own.update(LivePanel(self._panel, self._kept) if shown is None else shown)

    def close(self) -> None:
        """Put the static form, as it is now, in the place of the widget; may be called twice."""
        with self._turn:
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
        with self._turn, contextlib.suppress(LoopaiNbError):  # then the form stays that is kept
            self._left = True
            page = self._page()
            self._own.update(Sentences())
            self._home(page)
        panel.push("closed", None)

    def _house(self, _message: dict[str, Any]) -> str | None:
        """Make the place; its name, or None where there is none any more."""
        with self._turn:
            if self._left or self._panel is None:
                return None
            if not self._asked:  # there may be several views, and one may live there already
                self._asked = True
                self._home(_Named(self._name))
            return self._name

    def _empty(self, _message: dict[str, Any]) -> None:
        with self._turn:
            if not (self._housed or self._left or self._panel is None):
                self._housed = True
                self._own.update(_Named(f"{self._name}-kept", self._kept))

    def _stay(self, _message: dict[str, Any]) -> None:
        with self._turn:
            if not (self._housed or self._left or self._panel is None):
                self._home(Sentences())


def _output() -> Callable[[Shown], None]:
    """Show something in one output, and the next thing in its place."""
    handle: Any = None

    def show(shown: Shown) -> None:
        from IPython.display import display

        nonlocal handle
        if handle is None:
            handle = display(shown, display_id=True)  # type: ignore[no-untyped-call]
        else:
            handle.update(shown)

    return show
