"""What may stand at the cursor of a SELECT that is being typed: a table, a column, or nothing of ours.

Reads SQL just far enough for that. Half a statement has no grammar, so it goes by the last word that opens a
clause, in whatever brackets the cursor is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Spot", "look"]

MOST_CHARS = 50_000
"""Of a cell; in a longer one nothing is offered."""

_TOKEN = re.compile(
    r"""
      (?P<space>  \s+ )
    | (?P<note>   --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<text>   [eE]'(?:[^'\\]|\\.|'')*(?:'|\Z) | '(?:[^']|'')*(?:'|\Z)
                | \$(?P<tag>[^\W\d]\w*)?\$.*?(?:\$(?(tag)(?P=tag))\$|\Z) )
    | (?P<name>   "(?:[^"]|"")*(?:"|\Z) )
    | (?P<word>   [^\W\d][\w$]* )
    | (?P<number> \d[\w.]* )
    | (?P<sign>   . )
    """,
    re.VERBOSE | re.DOTALL,
)

_REST_OF_NAME = re.compile(r'\A[\w$]*"?')

_CLAUSES = {
    **dict.fromkeys(("from", "join", "table"), "tables"),
    **dict.fromkeys(("select", "where", "on", "by", "having", "using", "returning", "window"), "columns"),
    **dict.fromkeys(("limit", "offset", "fetch", "with", "values", "as", "for"), ""),
}
_AFTER_TABLE = frozenset(
    """as cross except fetch for full group having inner intersect join lateral left limit natural offset on
    only order right tablesample union using where window with""".split()  # noqa: SIM905  (reads as a text does)
)
_OWN_FROM = frozenset({"extract", "overlay", "substring", "trim"})
_BEFORE_TABLE = frozenset({"from", "join", "table", "only", "lateral", ",", "("})
_BEFORE_VALUE = frozenset(
    """all and any between by case distinct else from having ilike in is like not on or returning select
    similar some then using when where""".split()  # noqa: SIM905  (as above)
)


@dataclass(frozen=True, slots=True)
class Spot:
    """The cursor.

    Attributes:
        kind: What may stand there.
        typed: The name that is being typed, with its qualifier, as it stands before the cursor.
        tables: For columns: the tables whose columns fit, as they are named in the statement.
        names: For columns: what the statement calls its tables, where it has several.
    """

    kind: Literal["tables", "columns", ""]
    typed: str = ""
    tables: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class _Level:
    """Where the reading is within one pair of brackets."""

    clause: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    end: int = field(default=0)

    @property
    def named(self) -> bool:
        return self.kind == "name" or (self.kind == "word" and self.text.lower() not in _AFTER_TABLE)


def look(before: str, after: str = "", *, clause: str = "") -> Spot:
    """What may stand at the cursor.

    Args:
        before: The SQL up to the cursor.
        after: The rest of it.
        clause: The clause that it begins in, such as ``where``; "" for a whole statement.
    """
    if len(before) + len(after) > MOST_CHARS:
        return Spot("")
    tokens = list(_tokens(before))
    if tokens and (_is_open(tokens[-1]) or tokens[-1].kind == "number"):
        return Spot("")
    typed, tokens = _typed(tokens)
    level, previous = _read(tokens, clause)
    if level.clause == "tables":
        return Spot("tables", typed) if previous in _BEFORE_TABLE else Spot("")
    if level.clause != "columns" or not _value_may_follow(tokens):
        return Spot("")
    # Without the name that is being typed, whose quote may still be open.
    rest = f"{before[: len(before) - len(typed)]} {_REST_OF_NAME.sub('', after, count=1)}"
    sources = _sources([token for token in _tokens(rest) if token.kind not in {"space", "note"}])
    qualifier = typed.rpartition(".")[0]
    if qualifier:
        sources = [
            (table, name) for table, name in sources if _same(name, qualifier) or _same(table, qualifier)
        ]
        return Spot("columns", typed, tuple(dict.fromkeys(table for table, _ in sources)))
    names = tuple(dict.fromkeys(name for _, name in sources))
    tables = tuple(dict.fromkeys(table for table, _ in sources))
    return Spot("columns", typed, tables, names if len(names) > 1 else ())


def _tokens(sql: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(sql):
        kind = match.lastgroup or "sign"
        kind = "text" if kind == "tag" else kind
        if kind != "space" and (kind != "note" or match.end() == len(sql)):
            yield _Token(kind, match[0], match.end())
        elif kind == "space" and match.end() == len(sql):
            yield _Token("space", match[0], match.end())


def _is_open(token: _Token) -> bool:
    """Whether the cursor is inside of a text or a comment."""
    if token.kind == "text":
        return True  # also right behind one: a name can't stand there
    return token.kind == "note" and not token.text.endswith("*/")


def _typed(tokens: list[_Token]) -> tuple[str, list[_Token]]:
    """The dotted name that ends at the cursor, and what stands before it."""
    if tokens and tokens[-1].kind in {"space", "note"}:
        return "", tokens[:-1]
    at, start = len(tokens), tokens[-1].end if tokens else 0
    wants_name = True
    while at > 0:
        token = tokens[at - 1]
        if token.end != start:
            break  # there is a space between
        if token.text == "." and token.kind == "sign":
            wants_name = True
        elif wants_name and token.kind in {"name", "word"}:
            wants_name = False
        else:
            break
        start -= len(token.text)
        at -= 1
    return "".join(token.text for token in tokens[at:]), tokens[:at]


def _read(tokens: Sequence[_Token], clause: str) -> tuple[_Level, str]:
    """The brackets that the cursor is in, and the word or sign before it."""
    levels = [_Level(_CLAUSES.get(clause, ""))]
    previous = ""
    for token in tokens:
        previous = _step(levels, token, previous)
    # Behind AS stands a name that nobody has given yet.
    return (_Level() if previous == "as" else levels[-1]), previous


def _step(levels: list[_Level], token: _Token, previous: str) -> str:
    """Take one more token into account; return its text where it is a word or a sign."""
    level, text = levels[-1], token.text.lower()
    if token.kind == "word" and text in _CLAUSES and text != "as":
        # "extract(year FROM at)" and "IS DISTINCT FROM x" name no table.
        if text != "from" or (level.function not in _OWN_FROM and previous != "distinct"):
            level.clause = _CLAUSES[text]
    elif token.kind == "sign" and text == "(":
        levels.append(_Level(level.clause, previous))
    elif token.kind == "sign" and text == ")" and len(levels) > 1:
        levels.pop()
    elif token.kind == "sign" and text == ";":
        levels[:] = [_Level()]
    return text if token.kind in {"word", "sign"} else ""


def _value_may_follow(tokens: Sequence[_Token]) -> bool:
    """Whether an expression goes on here: behind an operator, a comma, or a word such as AND."""
    if not tokens:
        return True
    last = tokens[-1]
    if last.kind == "word":
        return last.text.lower() in _BEFORE_VALUE
    return last.kind == "sign" and last.text not in ").]"


def _sources(tokens: Sequence[_Token]) -> list[tuple[str, str]]:
    """Every table that the statement names, and what it is called there."""
    following = zip(tokens, tokens[1:], tokens[2:], strict=False)
    own = {
        name.text.lower() for name, word, sign in following if (word.text.lower(), sign.text) == ("as", "(")
    }
    found: list[tuple[str, str]] = []
    levels, previous = [_Level()], ""
    for at, token in enumerate(tokens):
        previous = _step(levels, token, previous)
        if levels[-1].clause == "tables" and previous in _BEFORE_TABLE:
            name, end = _name_at(tokens, at + 1)
            if name and name.lower() not in own:
                found.append((name, _alias_at(tokens, end) or name))
    return found


def _alias_at(tokens: Sequence[_Token], at: int) -> str:
    at += at < len(tokens) and tokens[at].text.lower() == "as"
    return tokens[at].text if at < len(tokens) and tokens[at].named else ""


def _name_at(tokens: Sequence[_Token], at: int) -> tuple[str, int]:
    """The dotted name that begins there, and where it ends."""
    parts: list[str] = []
    while at < len(tokens) and tokens[at].named:
        parts.append(tokens[at].text)
        at += 1
        if at < len(tokens) and tokens[at].text == ".":
            at += 1
        else:
            break
    return ".".join(parts), at


def _same(name: str, other: str) -> bool:
    return name.replace('"', "").lower() == other.replace('"', "").lower()
