"""The two streams of a terminal: results on stdout, everything said to the person on stderr."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Any

from loopai_nb.hints import in_shell

if TYPE_CHECKING:
    from typing import TextIO

    from loopai_nb.errors import LoopaiNbError
    from loopai_nb.notebook.shown import Shown
    from loopai_nb.session import Session
    from loopai_nb.settings import Settings

__all__ = ["Console"]

_EXAMPLE = "user:password@host"


class Console:
    """Where a command writes.

    Attributes:
        debug: Show the chain of an error.
        log: Settings of the log that were asked for on the command line.
    """

    def __init__(self) -> None:
        self.debug = False
        self.log: dict[str, Any] = {}
        self._secrets: list[str] = []

    def settings(self, **overrides: Any) -> Settings:
        """Read the settings, and remember their secrets so that no error shows them.

        Args:
            **overrides: See ``Settings.load``; None counts as not set.

        Raises:
            SettingsError: A value can't be used.
        """
        from loopai_nb.settings import Settings

        settings = Settings.load(overrides=self.log | overrides)
        self._secrets = settings.secrets
        return settings

    def session(self, **overrides: Any) -> Session:
        """A session on those settings; use it in a ``with``."""
        from loopai_nb.session import Session

        return Session(self.settings(**overrides))

    @property
    def is_terminal(self) -> bool:
        """Whether results appear on a terminal, whose width they should keep to."""
        return sys.stdout is not None and sys.stdout.isatty()

    def show(self, text: str) -> None:
        """Write a result to stdout."""
        _write(sys.stdout, text)

    def say(self, *lines: str) -> None:
        """Tell the person something, on stderr; hints are put in the shell's words."""
        for line in lines:
            if line:
                _write(sys.stderr, in_shell(line))

    def tell(self, shown: Shown) -> None:
        """Say what the notebook would display, exactly so: it may hold the text of a row."""
        _write(sys.stderr, shown.text())

    def fail(self, error: LoopaiNbError) -> None:
        """Say what happened, and what to do."""
        from loopai_nb.notebook.shown import plain

        self._chain(error)
        self.say(*(plain(self.masked(part)) for part in (error.message, error.hint)))

    def fail_unexpectedly(self, error: Exception) -> None:
        """Say that the program itself is at fault, without a traceback that might show a secret."""
        from loopai_nb.notebook.shown import plain

        self._chain(error)
        self.say(plain(self.masked(f"{type(error).__name__}: {error}")))
        if not self.debug:
            self.say("loopai-nb did not expect this. Where it comes from: the same command with --debug")

    def flush(self) -> None:
        """Make sure that what was written has arrived.

        Raises:
            BrokenPipeError: Nobody reads any more.
        """
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()

    def masked(self, text: str) -> str:
        """A text without the settings' secrets, and without what looks like one."""
        from loopai_nb.redaction import mask_text

        # The hint's own example of a URL is no secret, and useless with stars in it.
        return _EXAMPLE.join(mask_text(part, self._secrets) for part in text.split(_EXAMPLE))

    def _chain(self, error: BaseException) -> None:
        if self.debug:
            _write(sys.stderr, self.masked("".join(traceback.format_exception(error))).rstrip())


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:  # None where the shell closed it: >&-
        stream.write(text + "\n")
        stream.flush()
