"""What is displayed: plain text and HTML of the same content, in which text of a row is never live.

Every text passes through ``safe`` (HTML) or ``plain`` (text): invisible characters are spelled out, length
is bounded, and HTML is escaped, since Jupyter trusts the outputs of the user's own run. The inline styles
use the colours of the page they are in, so that they read in a light and in a dark theme.
"""

from __future__ import annotations

import html
import unicodedata
from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.wording import written
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

__all__ = [
    "FrameView",
    "Grid",
    "Preformatted",
    "Sentences",
    "Shown",
    "Stack",
    "clip",
    "columns_that_fit",
    "one_line",
    "plain",
    "safe",
    "width",
]

MOST_CELL = 200
"""Characters of one table cell; the rest becomes a note."""

MOST_LINE = 2_000
_TEXT_CELL = 60
_TEXT_FACT = 300
"""Of a table without a header, whose last column is sentences."""
_UNBROKEN = 36
_COLUMNS = 20
_BETWEEN = 2
_NARROW = 8
"""Cells of a terminal: between two columns, and of a column that can still be read."""

MUTED = "opacity:.72"
MONO = "font-family:var(--jp-code-font-family,ui-monospace,monospace);font-size:.92em"
RULE = "1px solid rgba(128,128,128,.35)"


def clip(text: str, most: int) -> str:
    """The text, or its beginning and how much more there is."""
    if len(text) <= most:
        return text
    return f"{text[:most]} … ({len(text) - most:,} more characters)"


def plain(text: object, most: int = MOST_LINE) -> str:
    """For text/plain: bounded, and no control character reaches a terminal."""
    return visible(clip(str(text), most))


def safe(text: object, most: int = MOST_LINE) -> str:
    """For text/html: bounded, invisible characters spelled out, escaped."""
    return html.escape(plain(text, most))


def width(text: str) -> int:
    """Cells that a text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class Shown:
    """Something with a text and an HTML form."""

    def text(self) -> str:
        """For terminals, and for the text/plain of a saved notebook."""
        raise NotImplementedError

    def html(self) -> str:
        """One element, escaped."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}

    def __repr__(self) -> str:
        return self.text()


class Sentences(Shown):
    """Lines that say what happened.

    Args:
        lines: From one to a few; later ones are quieter.
    """

    def __init__(self, *lines: str) -> None:
        self.lines = [line for line in lines if line]

    def text(self) -> str:
        """A line each."""
        return "\n".join(plain(line) for line in self.lines)

    def html(self) -> str:
        """A block each."""
        first, *others = [safe(line) for line in self.lines] or [""]
        rest = "".join(f'<div style="{MUTED}">{line}</div>' for line in others)
        return f'<div class="loopai"><div>{first}</div>{rest}</div>'


class Preformatted(Shown):
    """A text whose line breaks and spaces matter.

    Args:
        content: The text.
        most: Characters of it that are shown.
    """

    def __init__(self, content: str, most: int = 100_000) -> None:
        self.content = content
        self.most = most

    def text(self) -> str:
        """As it is."""
        return plain(self.content, self.most)

    def html(self) -> str:
        """A ``pre``."""
        return (
            f'<pre class="loopai" style="white-space:pre-wrap;margin:0;{MONO}">'
            f"{safe(self.content, self.most)}</pre>"
        )


class Stack(Shown):
    """Several things below each other."""

    def __init__(self, *parts: Shown) -> None:
        self.parts = parts

    def text(self) -> str:
        """One below the other."""
        return "\n".join(part.text() for part in self.parts)

    def html(self) -> str:
        """One below the other."""
        return f"<div>{''.join(part.html() for part in self.parts)}</div>"


class Grid(Shown):
    """A small table.

    Args:
        header: Names of the columns; empty for a table without a header.
        rows: Their cells.
        right: Positions of the columns that are aligned to the right.
        note: A line below it.
        leading: Columns at the left that label the row.
        room: Cells of a terminal that a line of its text may take; the widest columns give way. None: any.
    """

    def __init__(
        self,
        header: Sequence[str],
        rows: Iterable[Sequence[object]],
        *,
        right: Iterable[int] = (),
        note: str = "",
        leading: int = 0,
        room: int | None = None,
    ) -> None:
        self.header = list(header)
        self.rows = [[str(cell) for cell in row] for row in rows]
        self.right = frozenset(right)
        self.note = note
        self.leading = leading
        self.room = room

    def text(self) -> str:
        """Aligned columns, each cell in one line."""
        lines = ([self.header] if self.header else []) + self.rows
        longest = _TEXT_CELL if self.header else _TEXT_FACT
        shown = [[one_line(cell, longest) for cell in line] for line in lines]
        widths = [max(map(width, column)) for column in zip(*shown, strict=True)]
        if self.room is not None:
            most = _most_that_fits(widths, self.room)
            shown = [[one_line(cell, most) for cell in line] for line in shown]
            widths = [min(each, most) for each in widths]
        parts = [
            "  ".join(
                " " * (w - width(cell)) + cell if i in self.right else cell + " " * (w - width(cell))
                for i, (cell, w) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in shown
        ]
        return "\n".join([*parts, plain(self.note)] if self.note else parts)

    def html(self) -> str:
        """A table; cells keep their line breaks."""
        head = ""
        if self.header:
            cells = "".join(self._cell("th", i, name) for i, name in enumerate(self.header))
            head = f'<thead><tr style="border-bottom:{RULE}">{cells}</tr></thead>'
        body = "".join(
            "<tr>"
            + "".join(self._cell("th" if i < self.leading else "td", i, cell) for i, cell in enumerate(row))
            + "</tr>"
            for row in self.rows
        )
        note = f'<div style="{MUTED}">{safe(self.note)}</div>' if self.note else ""
        table = f'<table style="border-collapse:collapse;margin:.3em 0">{head}<tbody>{body}</tbody></table>'
        return f'<div class="loopai" style="overflow-x:auto">{table}{note}</div>'

    def _cell(self, tag: str, position: int, content: str) -> str:
        align = "right" if position in self.right else "left"
        wrap = "nowrap" if len(content) <= _UNBROKEN and "\n" not in content else "pre-wrap"
        return (
            f'<{tag} style="text-align:{align};vertical-align:top;max-width:34em;white-space:{wrap};'
            f'padding:.15em .7em">{safe(content, MOST_CELL)}</{tag}>'
        )


def columns_that_fit(room: int) -> int:
    """How many columns of a table can be read in a line of so many cells; at least 1."""
    return max(1, (room + _BETWEEN) // (_NARROW + _BETWEEN))


def _most_that_fits(widths: Sequence[int], room: int) -> int:
    """The widest that a column may be, so that all of them fit into a line."""
    most = _TEXT_CELL
    while most > _NARROW and sum(min(each, most) + _BETWEEN for each in widths) - _BETWEEN > room:
        most -= 1
    return most


class FrameView(Shown):
    """The first rows of a DataFrame below a line about it.

    Args:
        frame: The whole of it, also as the attribute ``frame``.
        title: The line; "" for none.
        most: Rows shown.
        index: Whether the index is shown.
        room: See ``Grid``.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        title: str = "",
        *,
        most: int = 5,
        index: bool = True,
        room: int | None = None,
    ) -> None:
        self.frame = frame
        self.title = title
        self.most = most
        self.index = index
        self.room = room

    def text(self) -> str:
        """The line and aligned columns."""
        return "\n".join(part.text() for part in self._parts())

    def html(self) -> str:
        """The line and a table."""
        return f"<div>{''.join(part.html() for part in self._parts())}</div>"

    def _parts(self) -> list[Shown]:
        title: list[Shown] = [Sentences(self.title)] if self.title else []
        return [*title, self._grid()] if len(self.frame.columns) else title

    def _grid(self) -> Grid:
        import pandas as pd

        head = self.frame.iloc[: self.most, :_COLUMNS]
        columns: list[tuple[str, list[object], bool]] = []
        if self.index:
            names = ", ".join(str(name) for name in head.index.names if name is not None)
            columns.append((names, list(head.index), pd.api.types.is_numeric_dtype(head.index.dtype)))
        for position, name in enumerate(head.columns):
            series = head.iloc[:, position]  # by position: two columns may have one name
            columns.append((str(name), list(series), pd.api.types.is_numeric_dtype(series.dtype)))
        hidden = len(self.frame.columns) - _COLUMNS
        notes = [f"{len(self.frame) - self.most:,} more rows"] if len(self.frame) > self.most else []
        notes += [f"{hidden} more columns"] if hidden > 0 else []
        return Grid(
            [name for name, _, _ in columns],
            zip(*([_value(value) for value in values] for _, values, _ in columns), strict=True),
            right=[i for i, (_, _, numeric) in enumerate(columns) if numeric],
            note=f"... and {', '.join(notes)}" if notes else "",
            leading=1 if self.index else 0,
            room=self.room,
        )


def _value(value: object) -> str:
    """A cell of a frame; missing is empty, as what is missing in Postgres has no text."""
    if value is None or value is _na() or value != value:  # noqa: PLR0124  (NaN and NaT are not themselves)
        return ""
    return written(float(value)) if isinstance(value, float) else str(value)


def _na() -> object:
    import pandas as pd

    return pd.NA


def one_line(text: str, most: int = MOST_LINE) -> str:
    """The text without line breaks, cut to so many cells of a terminal."""
    flat = visible(" ".join(text[: most * 2].split()))
    if width(flat) <= most and len(text) <= most * 2:
        return flat
    while width(flat) >= most:
        flat = flat[: -max(1, (width(flat) - most) // 2)]
    return f"{flat}…"
