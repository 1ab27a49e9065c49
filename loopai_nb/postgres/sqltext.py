"""Reading SQL text just far enough: where its ``:name`` parameters are, and whether it is one statement.

Postgres alone decides what a statement means. This lexer only has to know what is *not* code: comments,
string literals of every kind, quoted identifiers and ``::`` casts.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Composed", "compose", "is_statement", "one_statement", "parameters", "sendable"]

_TOKEN = re.compile(
    r"""
      (?P<comment> --[^\n]* | /\* )
    | (?P<quoted>  [eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)        # backslash escapes
                 | '(?:[^']|'')*(?:'|\Z)
                 | "(?:[^"]|"")*(?:"|\Z)
                 | \$(?P<tag>[^\W\d]\w*)?\$ .*? (?:\$(?(tag)(?P=tag))\$|\Z) )
    | (?P<word>    [^\W\d][\w$]* )                        # swallows a$b$ and prefixes such as U&
    | (?P<number>  \d[\w.]* )
    | (?P<cast>    ::|:= )
    | :(?P<name>   [^\W\d]\w* )
    | (?P<end>     ; )
    | (?P<space>   \s+ )
    | (?P<other>   . )
    """,
    re.VERBOSE | re.DOTALL,
)

_COMMENT_EDGE = re.compile(r"/\*|\*/")

_OPENING_WORDS = frozenset({"select", "with", "values", "table"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Composed:
    """SQL with its values written in as literals, ready to be sent.

    Attributes:
        text: What the server sees.
        written: The same with its ``:name`` parameters.
        piece: Start and end in ``written`` of what the person wrote; the rest is ours.
        shifts: For each literal, its end in ``text`` and the end of its ``:name`` in ``written``, ascending.
    """

    text: str
    written: str
    piece: tuple[int, int]
    shifts: tuple[tuple[int, int], ...] = ()

    @property
    def source(self) -> str:
        """What the person wrote."""
        return self.written[slice(*self.piece)]

    def position(self, position: int) -> int | None:
        """Turn a server's 1-based position in ``text`` into one in ``source``; None where it is not in it."""
        at = position - 1
        behind = [(sent, written) for sent, written in self.shifts if sent <= at]
        sent, written = behind[-1] if behind else (0, 0)
        start, end = self.piece
        mapped = at - sent + written
        return mapped - start + 1 if start <= mapped <= end else None


def parameters(sql: str) -> tuple[str, ...]:
    """Return the distinct ``:name`` parameters of a statement in the order of their first use."""
    return tuple(dict.fromkeys(token.text[1:] for token in _tokens(sql) if token.kind == "name"))


def compose(sql: str, literals: Mapping[str, str], piece: tuple[int, int] | None = None) -> Composed:
    """Replace each ``:name`` with its literal.

    Args:
        sql: As a person wrote it.
        literals: SQL literals by name, quoted by the driver.
        piece: See :class:`Composed`; None for all of it.

    Raises:
        InputError: A parameter has no value, or a value no parameter.
    """
    wanted = parameters(sql)
    if missing := [name for name in wanted if name not in literals]:
        raise InputError(
            f"The SQL asks for :{missing[0]}, which has no value.",
            f"Pass it (--param {missing[0]}=..., or params={{{missing[0]!r}: ...}}). "
            "A slice needs a space after its colon.",
        )
    if unused := [name for name in literals if name not in wanted]:
        named = ", ".join(f":{name}" for name in wanted) or "none"
        raise InputError(f"The parameter {unused[0]!r} is not in the SQL.", f"The SQL asks for: {named}.")
    pieces: list[str] = []
    shifts: list[tuple[int, int]] = []
    length = written = 0
    for token in _tokens(sql):
        if token.kind != "name":
            continue
        # The spaces keep "5:x" and "-:x" (a comment, were the value negative) what they look like.
        literal = f" {literals[token.text[1:]]} "
        pieces += [sql[written : token.start], literal]
        length += token.start - written + len(literal)
        written = token.end
        shifts.append((length, written))
    pieces.append(sql[written:])
    return Composed("".join(pieces), sql, piece or (0, len(sql)), tuple(shifts))


def one_statement(sql: str) -> str:
    """Return the statement without what follows its end: semicolon, white space and comments.

    Raises:
        InputError: There is none, or more than one; see ``sendable``.
    """
    sendable(sql)
    tokens = [token for token in _tokens(sql) if token.kind not in ("space", "comment")]
    code = [token for token in tokens if token.kind != "end"]
    if not code:
        raise InputError("There is no SQL.", "Write one SELECT statement.")
    if any(token.kind == "end" and token.start < code[-1].start for token in tokens):
        raise InputError("There are several statements.", "Send one statement at a time.")
    return sql[: code[-1].end]


def sendable(text: str) -> str:
    """Return a text that a server can be sent.

    Raises:
        InputError: It holds a NUL, behind which libpq sends nothing, or half of a surrogate pair.
    """
    with contextlib.suppress(UnicodeEncodeError):
        if b"\0" not in text.encode():
            return text
    raise InputError(
        "The SQL, or a name in it, holds a character that no server takes.",
        "Take out NUL characters and halves of surrogate pairs.",
    )


def is_statement(source: str) -> bool:
    """Tell a statement (``SELECT``, ``WITH``, ``VALUES``, ``TABLE``, or those in parentheses) from a name."""
    words = [token for token in _tokens(source) if token.kind not in ("space", "comment", "end")]
    opening = next((token for token in words if token.text != "("), None)
    return opening is not None and len(words) > 1 and opening.text.lower() in _OPENING_WORDS


def _tokens(sql: str) -> Iterator[_Token]:
    at = 0
    while (match := _TOKEN.match(sql, at)) is not None:
        kind, end = match.lastgroup or "other", match.end()
        if match["quoted"] is not None:
            kind = "quoted"
        if match.group() == "/*":
            end = _comment_end(sql, end)
        yield _Token(kind, sql[at:end], at, end)
        at = end


def _comment_end(sql: str, at: int) -> int:
    depth = 1  # Postgres nests block comments
    while depth and (edge := _COMMENT_EDGE.search(sql, at)) is not None:
        depth += 1 if edge.group() == "/*" else -1
        at = edge.end()
    return len(sql) if depth else at
