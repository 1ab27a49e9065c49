"""What every widget does with the messages of its front end."""

from __future__ import annotations

import threading

import pytest
from jupyter_client.session import json_packer

from loopai_nb.notebook.widgets.panel import Panel


class _Told(Panel):
    """A panel that keeps what it would send, where Jupyter can say it."""

    def __init__(self, handlers):
        super().__init__(handlers)
        self.told = []
        self.heard = threading.Event()

    def send(self, content, buffers=None):  # noqa: ARG002  (ipywidgets's signature)
        """Keep it."""
        json_packer(content)
        self.told.append(content)
        self.heard.set()


def test_what_a_fault_says_is_in_no_log(caplog):
    """It may hold a prompt, and a kernel's log is saved with the notebook; where it happened is told."""

    def fails(_message):
        said = "canary-of-a-prompt"
        raise ValueError(said)

    panel = _Told({"window": fails})
    panel._receive(None, {"id": "1", "kind": "window"}, None)
    assert panel.heard.wait(60)

    ((reply),) = panel.told
    assert "did not work" in reply["error"]
    assert "ValueError" in caplog.text
    assert "test_panel.py" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize("answer", [object(), "\ud800-canary"], ids=["no JSON", "no UTF-8"])
def test_an_answer_that_cannot_be_sent_is_an_error(answer, caplog):
    """The front end would wait for it for ever, and every view of the widget with it."""
    panel = _Told({"window": lambda _message: {"rows": [answer]}})
    panel._receive(None, {"id": "1", "kind": "window"}, None)
    assert panel.heard.wait(60)

    ((reply),) = panel.told
    assert reply == {"id": "1", "error": "That did not work. What went wrong is in the log of loopai_nb."}
    assert "could not be answered" in caplog.text
    assert "canary" not in caplog.text
