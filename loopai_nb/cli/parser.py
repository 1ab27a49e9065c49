"""Reading the words of the command line: what is common to all verbs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Parser", "add_verb"]


class Parser(argparse.ArgumentParser):
    """Tells a mistake in two lines, and repeats nothing that may be a secret."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            allow_abbrev=False,
            formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
                prog, max_help_position=26, width=96
            ),
            **given,
        )

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse, but nothing is unknown: a verb's own parser, which is asked by this, says it.

        An unknown word, which may be a URL with a password, is not repeated.
        """
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            named = [word.partition("=")[0] for word in unknown if word.startswith("--")]
            self.error(f"unknown option {named[0]}" if named else f"{len(unknown)} words too many")
        return parsed, []

    def error(self, message: str) -> NoReturn:
        """Say it without secrets and where the help is, and end with 2."""
        from loopai_nb.notebook.shown import plain
        from loopai_nb.redaction import mask_text

        self.exit(2, f"{self.prog}: {plain(mask_text(message), 300)}\nSee: {self.prog} --help\n")


def add_verb(verbs: Any, name: str, does: str, summary: str, more: str = "") -> argparse.ArgumentParser:
    """Add a verb to those of a parser.

    Args:
        verbs: What ``add_subparsers`` returned.
        name: As typed.
        does: ``module:function`` below this package.
        summary: One phrase or question, without a full stop.
        more: What its own help says behind that.
    """
    stop = "" if summary.endswith("?") else "."
    description = f"{summary[0].upper()}{summary[1:]}{stop}{more}"
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=summary, description=description)
    parser.set_defaults(does=does)
    # Also behind the verb; left out, it must not undo the one before the verb.
    for flag in ("--debug", "--verbose"):
        parser.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.add_argument("--log-file", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return parser
