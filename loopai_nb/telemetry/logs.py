"""A log that somebody asked for: a file with everything, stderr with the steps. Nothing happens on import.

What is logged goes on to the handlers of the program as it did before: those see what they would have seen
without us, however much is written into the file.
"""

from __future__ import annotations

import contextvars
import logging
import os
import stat
import sys
import threading
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from loopai_nb.errors import LoopaiNbError
from loopai_nb.telemetry.log_lines import FIELDS, JsonLines, Logfmt
from loopai_nb.telemetry.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Iterable
    from io import TextIOWrapper
    from pathlib import Path
    from types import TracebackType
    from typing import Literal, Self

__all__ = ["LogFile", "Logging", "run_of_context"]

_ROOT = "loopai_nb"
_MOST_BYTES = 10_000_000
_KEPT = 5
_OWN_ONLY = 0o600
_ATTACHING = threading.Lock()

run_of_context: contextvars.ContextVar[str | None] = contextvars.ContextVar("loopai_run", default=None)
"""The run that this task or thread works for; its lines say so."""


class LogFile(RotatingFileHandler):
    """A file of the user's alone, rotated; several processes may write the same one.

    Args:
        path: Where; its folder is made.
        most_bytes: A file that would become longer is put away; five of those are kept.

    Raises:
        OSError: It can't be opened, is a link, or is no file.
    """

    def __init__(self, path: Path, *, most_bytes: int = _MOST_BYTES) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(
            path, maxBytes=most_bytes, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace"
        )

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        # Not blocking: opening a pipe that nobody reads would wait for ever.
        descriptor = os.open(self.baseFilename, flags | getattr(os, "O_NONBLOCK", 0), _OWN_ONLY)
        try:
            _close_to_others(descriptor)
            return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123  (of a descriptor; the handler closes it)
        except BaseException:
            os.close(descriptor)
            raise

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, into the file that has the name now: another process may have put ours away."""
        try:
            self._follow()
        except OSError:
            self.handleError(record)
            return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's own name)
        """Go without the line: a full disk stops no work, and a report would show what is not masked yet."""

    def _follow(self) -> None:
        if self.stream is None:
            return
        try:
            named = os.stat(self.baseFilename, follow_symlinks=False)  # noqa: PTH116  (a string, at every line)
        except FileNotFoundError:
            named = None
        ours = os.fstat(self.stream.fileno())
        if named is None or (named.st_dev, named.st_ino) != (ours.st_dev, ours.st_ino):
            self.stream.close()
            self.stream = self._open()
        self.stream.seek(0, os.SEEK_END)  # how long it is by now, also by others' lines


def _close_to_others(descriptor: int) -> None:
    """Make sure that it is a file, and nobody else's to read.

    Raises:
        OSError: It is none.
    """
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise OSError
    if os.name == "posix" and found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        os.fchmod(descriptor, _OWN_ONLY)


class _Console(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what stderr is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setLevel(logging.INFO)

    @property
    def stream(self) -> object:
        """``sys.stderr``, which a notebook and a test exchange."""
        return sys.stderr

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's own name)
        """Go without the line; see ``LogFile``."""


class _Hub(logging.Handler):
    """What all open logs have in common; it stands at our logger as long as there is one.

    It hands records on to the program's own handlers, as many as these would have got without us.

    Attributes:
        mask: Knows the secrets of all of them.
        holders: How often each handler is held.
    """

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__(logger.getEffectiveLevel())
        self.mask = Masker()
        self.holders: dict[logging.Handler, int] = {}
        self._logger = logger
        self._before = logger.level, logger.propagate
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it on, where it would have gone; where a handler of another kind made sure of silence, not."""
        above = self._logger.parent
        if above is None or not self._before[1]:
            return
        others = any(not isinstance(each, _Hub | LogFile | _Console) for each in self._logger.handlers)
        if above.hasHandlers() or not others:
            above.callHandlers(record)

    def leave(self) -> None:
        """Put the logger back."""
        level, self._logger.propagate = self._before
        self._logger.setLevel(level)
        self._logger.removeHandler(self)


class Logging:
    """Log lines of ``loopai_nb`` into a file, to stderr, or both, until ``close``; a context manager.

    Several may be open, also on one file: a record is in it once.

    Args:
        file: Gets everything from DEBUG on; None for none.
        console: Write what is INFO or more to stderr.
        form: Of the file's lines, where nobody writes it yet.
        secrets: Values that are masked wherever they turn up.

    Raises:
        LoopaiNbError: The file can't be written.
    """

    def __init__(
        self,
        *,
        file: Path | None = None,
        console: bool = False,
        form: Literal["logfmt", "json"] = "logfmt",
        secrets: Iterable[str] = (),
    ) -> None:
        self._held: list[logging.Handler] = []
        if file is None and not console:
            return
        with _ATTACHING:
            hub = _hub(logging.getLogger(_ROOT))
            hub.mask.learn(secrets)
            try:
                if file is not None:
                    self._hold(hub, _file(hub, file, form))
                if console:
                    self._hold(hub, _console(hub))
            finally:
                _let_go(hub, [])

    def _hold(self, hub: _Hub, handler: logging.Handler) -> None:
        logger = logging.getLogger(_ROOT)
        self._held.append(handler)
        hub.holders[handler] = hub.holders.get(handler, 0) + 1
        if handler not in logger.handlers:
            handler.addFilter(_with_run)
            logger.addHandler(handler)
        if logger.getEffectiveLevel() > handler.level:
            logger.setLevel(handler.level)

    def close(self) -> None:
        """Write no more, and leave everything as it was; may be called twice."""
        with _ATTACHING:
            held, self._held = self._held, []
            if held:
                _let_go(_hub(logging.getLogger(_ROOT)), held)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _hub(logger: logging.Logger) -> _Hub:
    for each in logger.handlers:
        if isinstance(each, _Hub):
            return each
    made = _Hub(logger)
    logger.addHandler(made)
    return made


def _file(hub: _Hub, path: Path, form: Literal["logfmt", "json"]) -> LogFile:
    for each in hub.holders:
        if isinstance(each, LogFile) and each.baseFilename == os.path.abspath(path):  # noqa: PTH100  (as logging does)
            return each
    try:
        made = LogFile(path)
    except OSError as error:
        reason = error.strerror or "it is no file"
        raise LoopaiNbError(
            f"The log can't be written to {path}: {reason}.", "Choose another file: LOOPAI_LOG_FILE"
        ) from error
    made.setFormatter(JsonLines(hub.mask.line) if form == "json" else Logfmt(hub.mask.line))
    made.setLevel(logging.DEBUG)
    return made


def _console(hub: _Hub) -> _Console:
    for each in hub.holders:
        if isinstance(each, _Console):
            return each
    made = _Console()
    made.setFormatter(Logfmt(hub.mask.line))
    return made


def _let_go(hub: _Hub, held: Iterable[logging.Handler]) -> None:
    """Let go of these handlers; those that nobody holds any more are closed, and the hub with the last."""
    logger = logging.getLogger(_ROOT)
    for handler in held:
        hub.holders[handler] -= 1
        if not hub.holders[handler]:
            del hub.holders[handler]
            logger.removeHandler(handler)
            handler.close()
    if not hub.holders:
        hub.leave()


def _with_run(record: logging.LogRecord) -> bool:
    """Add the run that a record was written for; all of them pass."""
    run_id = run_of_context.get()
    fields = getattr(record, FIELDS, None) or {}
    if run_id is not None and "run" not in fields:
        setattr(record, FIELDS, {"run": run_id, **fields})
    return True
