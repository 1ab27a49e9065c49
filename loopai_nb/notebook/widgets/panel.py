"""What all widgets have in common: the kernel owns the data, and a widget asks for what it shows."""

from __future__ import annotations

import contextvars
import logging
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import anywidget

from loopai_nb.errors import LoopaiNbError
from loopai_nb.notebook.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["LivePanel", "Panel"]

_log = logging.getLogger(__name__)


class Panel(anywidget.AnyWidget):
    """A widget without state: everything goes by messages, so that nothing of it is saved with a notebook.

    A message ``{"id", "kind", ...}`` is answered with ``{"id", "ok"}`` or ``{"id", "error"}``, the words for
    a person. Messages may arrive on several threads; handlers are called by one thread, in the order in which
    the messages came.

    Args:
        handlers: By kind; each is given the message and returns what JSON can say.
        met: Called when a front end says that it shows the widget, perhaps more than once; from any thread.
    """

    def __init__(
        self,
        handlers: Mapping[str, Callable[[dict[str, Any]], Any]],
        met: Callable[[], None] = lambda: None,
    ) -> None:
        self._handlers = handlers
        self._met = met
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="loopai-nb-widget")
        # What handlers display belongs to the cell that made the widget (ipykernel holds it in the context).
        self._context = contextvars.copy_context()
        self._sending = threading.Lock()
        super().__init__()
        self.on_msg(self._receive)

    def push(self, name: str, data: object) -> None:
        """Tell every view of the widget something that it did not ask for; from any thread."""
        self._say({"push": name, "data": data})

    def close(self) -> None:
        """Answer no message any more, and take the widget out of the page."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        super().close()

    def _receive(self, _widget: object, message: Any, _buffers: object) -> None:
        if not isinstance(message, dict):
            return
        if message.get("kind") == "hello":
            self._met()
            self.push("met", None)  # it asks until it hears that
            return
        try:
            self._worker.submit(self._context.run, self._answer, message)
        except RuntimeError:  # it was closed meanwhile
            _log.debug("A message came after its widget was closed.")

    def _answer(self, message: dict[str, Any]) -> None:
        number = message.get("id")
        handler = self._handlers.get(str(message.get("kind")))
        try:
            # Said in here: what JSON can't say is the handler's fault, and the front end waits for a word.
            self._say({"id": number, "ok": None if handler is None else handler(message)})
        except LoopaiNbError as error:
            self._say({"id": number, "error": error.notebook_text})
        except Exception as error:  # noqa: BLE001  (a widget's border: the person is told, the rest is in the log)
            # Without what it says, which may hold a prompt: a kernel's log is saved with its notebook.
            frames = "".join(traceback.format_tb(error.__traceback__))
            _log.error("A widget's message could not be answered: %s.\n%s", type(error).__name__, frames)
            said = "That did not work. What went wrong is in the log of loopai_nb."
            self._say({"id": number, "error": said})

    def _say(self, message: dict[str, Any]) -> None:
        with self._sending:
            self.send(message)


class LivePanel(Shown):
    """A widget where one can be shown, and something that reads well everywhere else.

    Args:
        panel: The widget.
        instead: Shown by a front end without widgets, and by a notebook that was saved meanwhile.
    """

    def __init__(self, panel: Panel, instead: Shown) -> None:
        self._panel = panel
        self._instead = instead

    def text(self) -> str:
        """Of what is shown instead."""
        return self._instead.text()

    def html(self) -> str:
        """Of what is shown instead."""
        return self._instead.html()

    def _repr_mimebundle_(self, **given: Any) -> Any:
        bundle = self._panel._repr_mimebundle_(**given)
        # Without the metadata, which say where its widget manager is, Colab shows no widget.
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, **super()._repr_mimebundle_()}, metadata
