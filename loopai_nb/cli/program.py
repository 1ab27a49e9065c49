"""From words to an exit code; every error ends here, in one line and without secrets."""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import sys
import warnings
from typing import TYPE_CHECKING

from loopai_nb.cli.console import Console
from loopai_nb.cli.exits import Exit
from loopai_nb.cli.options import make_parser
from loopai_nb.errors import ApprovalRefused, ApprovalRequired, LoopaiNbError
from loopai_nb.interrupts import terminated_orderly

if TYPE_CHECKING:
    import argparse

__all__ = ["main"]

_QUIET = logging.NullHandler()


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: The words after ``loopai-nb``; by default those of this process.

    Returns:
        The exit code, see ``Exit``.
    """
    _speak_utf8()
    # What is logged is said as well: without a handler it would be on stderr twice.
    logging.getLogger("loopai_nb").addHandler(_QUIET)
    console = Console()
    try:
        args = make_parser().parse_args(argv)
    except SystemExit as end:  # argparse has said why
        return end.code if isinstance(end.code, int) else Exit.USAGE
    console.debug = args.debug
    console.log = {"log_file": args.log_file, "log_console": args.verbose or None}
    try:
        with warnings.catch_warnings():
            if not sys.warnoptions:  # a library's warning is not for the person who typed a command
                warnings.simplefilter("ignore")
            with terminated_orderly() as came:
                code = _run(args, console)
            if came and code == Exit.INTERRUPTED:
                code = Exit.TERMINATED
        console.flush()
    except BrokenPipeError:
        _forget_pipes()
        return Exit.NOBODY_READS
    return code


def _run(args: argparse.Namespace, console: Console) -> int:
    module, _, function = args.does.partition(":")
    try:
        verb = getattr(importlib.import_module(f"loopai_nb.cli.{module}"), function)
        return int(verb(args, console))
    except KeyboardInterrupt as interrupt:
        console.say(" ".join(["Interrupted.", *map(str, interrupt.args)]))
        return Exit.INTERRUPTED
    except (ApprovalRequired, ApprovalRefused) as error:
        console.fail(error)
        return Exit.NOT_APPROVED
    except LoopaiNbError as error:
        console.fail(error)
        return Exit.ERROR
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  (the program's border: a traceback could show a secret)
        console.fail_unexpectedly(error)
        return Exit.ERROR


def _speak_utf8() -> None:
    """Whatever the locale says: answers hold every script, and a half written table helps nobody."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _forget_pipes() -> None:
    """Let the interpreter's last flush, which would complain again, go nowhere."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BrokenPipeError:
                os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
