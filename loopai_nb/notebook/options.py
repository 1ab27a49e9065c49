"""What an option of a verb is, and reading the words of a magic line by them."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from IPython.core.error import UsageError

from loopai_nb.notebook.shown import plain
from loopai_nb.redaction import mask_text

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HelpWanted", "Option", "Verb", "parse", "split"]


_MOST_ERROR = 300


class HelpWanted(Exception):
    """Somebody asked for help; the argument is the text to show."""


@dataclass(frozen=True, slots=True)
class Option:
    """One argument of a verb.

    Attributes:
        name: ``--where``, or a plain word for a positional argument.
        help: One phrase.
        metavar: How its value is called in the help.
        read: From the text to the value; raises ``argparse.ArgumentTypeError``.
        flag: Takes no value.
        many: Takes several values, and may be given several times.
        optional: A positional argument that may be left out.
        dest: Attribute of the parsed arguments, where the name can't be one.
        choices: The values that it takes.
        completes: What Tab offers for its value: ``table``, ``columns``, ``where``, ``frame``, ``model``,
            ``schema``, ``database``, ``server``, ``since``, ``run`` and the runs that it fits
            (``stopped run``, ``failed run``, ``run going on``); "" for nothing.
    """

    name: str
    help: str
    metavar: str = ""
    read: Callable[[str], Any] = str
    flag: bool = False
    many: bool = False
    optional: bool = False
    dest: str = ""
    choices: tuple[str, ...] = ()
    completes: str = ""

    @property
    def positional(self) -> bool:
        """Whether it is told by its place."""
        return not self.name.startswith("-")


@dataclass(frozen=True, slots=True)
class Verb:
    """The first word after ``%loopai``.

    Attributes:
        name: As typed.
        summary: One phrase for the list of verbs.
        does: ``module:function`` below this package; imported when the verb is first used.
        options: In the order of the help.
        cell: What the cell below the line is: "" (there is none), or a word for it.
        cell_needed: There is no line form.
        waits: It may wait for a person's clicks: it is awaited where a kernel can do that, and its function
            may return a coroutine.
    """

    name: str
    summary: str
    does: str
    options: tuple[Option, ...] = field(default=())
    cell: str = ""
    cell_needed: bool = False
    waits: bool = False


class _Parser(argparse.ArgumentParser):
    """Tells mistakes as ``UsageError`` and never ends the process."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {plain(mask_text(message), _MOST_ERROR)}. See: {self.prog} --help")


class _Help(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        raise HelpWanted(parser.format_help().rstrip())


def split(line: str) -> list[str]:
    """The words of a magic line; quotes hold one together.

    Raises:
        UsageError: A quote is not closed.
    """
    try:
        return shlex.split(line)
    except ValueError:
        raise UsageError("A quote on this line is not closed.") from None


def parse(verb: Verb, words: list[str]) -> argparse.Namespace:
    """What was typed behind a verb.

    Raises:
        UsageError: It does not fit the verb's options.
        HelpWanted: ``--help`` is among the words.
    """
    return _parser(verb).parse_args(words)


def _parser(verb: Verb) -> argparse.ArgumentParser:
    cell = f"\n\nThe cell holds {verb.cell}." if verb.cell else ""
    parser = _Parser(
        prog=f"{'%%' if verb.cell_needed else '%'}loopai {verb.name}",
        description=f"{verb.summary[0].upper()}{verb.summary[1:]}.{cell}",
        add_help=False,
        allow_abbrev=False,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(
            prog, max_help_position=26, width=88
        ),
    )
    for option in verb.options:
        _add(parser, option)
    parser.add_argument("-h", "--help", action=_Help, nargs=0, help="show this")
    return parser


def _add(parser: argparse.ArgumentParser, option: Option) -> None:
    named: dict[str, Any] = {"help": option.help.replace("%", "%%")}
    if option.dest:
        named["dest"] = option.dest
    if option.flag:
        parser.add_argument(option.name, action="store_true", **named)
        return
    named |= {"type": option.read, "metavar": option.metavar}
    if option.choices:
        named["choices"] = option.choices
        named["metavar"] = "|".join(option.choices)
    if option.many:
        named |= {"action": "extend", "nargs": "+", "default": []}
    if option.positional and option.optional:
        named["nargs"] = "?"
    parser.add_argument(option.name, **named)
