"""A prompt template: sandboxed Jinja2 with known variables, compiled once, rendered row by row."""

from __future__ import annotations

import difflib
import functools
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from loopai_nb.errors import TemplateError

# Jinja2 is imported by the first template and not before: this module is on the way of %load_ext.
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    import pandas as pd

    from loopai_nb.prompts.columns import Columns
    from loopai_nb.prompts.renderer import Feed, Renderer
    from loopai_nb.prompts.syntax import Source

__all__ = ["MOST_PROMPT_BYTES", "Rendered", "Template"]

MOST_PROMPT_BYTES = 1_000_000
"""A prompt over this is an error of its row: a quarter of a million tokens is a mistake, not a question."""

_COLUMNS_SHOWN = 12
_NAME_SHOWN = 60
_BLANK_LINES_BEFORE = re.compile(r"\A(?:[^\S\n]*\n)+")
_BLANK_LINES_AFTER = re.compile(r"(?:\n[^\S\n]*)+\Z")


class Rendered(NamedTuple):  # a million are made: a frozen dataclass takes three times as long
    """One row's prompt.

    Attributes:
        prompt: The text; "" where there is an error.
        system: The system prompt, if the template has one.
        error: Why the row can't be asked; None where it can.
    """

    prompt: str
    system: str | None
    error: str | None


@dataclass(frozen=True)
class Template:
    """Text with variables in ``{{ }}``, in Jinja2's sandbox; see ``docs`` of Jinja2 for its syntax.

    - Text of a row is a value; it is never rendered as a template.
    - A missing value (None, NaN, NaT, NA) renders as nothing, is false in ``{% if %}``, empty text
      for filters, and takes the value of ``|default(...)``.
    - ``row`` maps column names to values, for names that are no identifiers: ``{{ row["A b"] }}``.
    - Dates are written in ISO 8601; lists and mappings as JSON; a frame or a list of rows as a table.
    - Blank lines around the text are dropped, and a line that holds only ``{% %}`` leaves none behind.
    - The text is brought to Unicode NFC, so that texts that look alike are equal, and have one digest.

    Equal and hashable by content; may be pickled.

    Args:
        text: The prompt.
        system: The system prompt, also a template; blank is as none.

    Raises:
        TemplateError: It is empty or does not parse (with the line), loads other templates, or asks for what
            the sandbox forbids.
    """

    text: str
    system: str | None = None

    def __post_init__(self) -> None:
        given, system = self.text, self.system
        object.__setattr__(self, "text", _canonical(given))
        object.__setattr__(self, "system", None if system is None else _canonical(system) or None)
        if not self.text:
            raise TemplateError("The template is empty.", "Write the prompt into the cell.")
        from loopai_nb.prompts.syntax import compile_source

        sources = [compile_source(self.text, "template", _first_line(given))]
        if self.system is not None:
            sources.append(compile_source(self.system, "system prompt", _first_line(system or "")))
        object.__setattr__(self, "_sources", tuple(sources))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.text, self.system)  # code objects can't be pickled

    @property
    def variables(self) -> frozenset[str]:
        """Names that it expects from outside, ``row`` among them where it is used."""
        return frozenset().union(*(source.names for source in self._compiled))

    @functools.cached_property
    def sha256(self) -> str:
        """Hex digest of the canonical form: both texts as ``text`` and ``system`` give them, as JSON."""
        form = {"system": self.system, "text": self.text, "version": 1}
        return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()

    def check(self, columns: Iterable[Hashable], *, frame_name: str = "the frame") -> None:
        """Make sure that every variable is there.

        Args:
            columns: Names that can be used.
            frame_name: What has them, in the message.

        Raises:
            TemplateError: One is missing; near names are told.
        """
        from loopai_nb.prompts.columns import Columns
        from loopai_nb.prompts.syntax import ROW

        known = Columns(columns)
        has_row = known.find(ROW) is not None
        wanted: list[str | int] = sorted(self.variables - {ROW})
        wanted += [] if has_row else sorted(self._row_keys, key=str)
        missing = list(dict.fromkeys(str(name) for name in wanted if known.find(name) is None))
        if missing:
            raise _missing(missing, [str(label) for label in known.labels], frame_name)

    def render_frame(
        self,
        frame: pd.DataFrame,
        constants: Mapping[str, object] | None = None,
        *,
        max_prompt_bytes: int = MOST_PROMPT_BYTES,
    ) -> Iterator[Rendered]:
        """Render every row, lazily and in order; only the columns that are named are read.

        Args:
            frame: One prompt per row.
            constants: Variables that are the same for every row; a column of the same name comes first.
            max_prompt_bytes: Most bytes of prompt and system prompt together, in UTF-8.

        Returns:
            One ``Rendered`` a row. What is wrong with a row is its ``error``; the others go on.

        Raises:
            TemplateError: It asks for a column that is not there.
            InputError: Two columns have a name that the template uses.
        """
        from loopai_nb.prompts.columns import Columns, check_unique, value_rows

        self.check([*frame.columns, *(constants or {})])
        columns = Columns(frame.columns)
        feed = self._feed(columns, constants or {})
        check_unique(columns.labels, feed.positions)
        rows = value_rows(frame, feed.positions)
        return self._renderer(constants or {}, max_prompt_bytes).render_all(feed, rows)

    def render(self, values: Mapping[str, object], *, max_prompt_bytes: int = MOST_PROMPT_BYTES) -> Rendered:
        """Render once.

        Args:
            values: Variables: text, numbers, dates, lists and mappings of them, or a DataFrame.
            max_prompt_bytes: Most bytes of prompt and system prompt together, in UTF-8.

        Raises:
            TemplateError: A variable is missing.
        """
        from loopai_nb.prompts.syntax import ROW
        from loopai_nb.prompts.tables import as_variable

        self.check(values, frame_name="the call")
        used = values if self._whole_row else {n: v for n, v in values.items() if self._names(n)}
        plain = {name: as_variable(value) for name, value in used.items()}
        return self._renderer({}, max_prompt_bytes).render({ROW: plain, **plain})

    # Inside

    @property
    def _compiled(self) -> tuple[Source, ...]:
        sources: tuple[Source, ...] = self.__dict__["_sources"]  # set in __post_init__
        return sources

    @property
    def _row_keys(self) -> frozenset[str | int]:
        return frozenset().union(*(source.row_keys for source in self._compiled))

    @property
    def _whole_row(self) -> bool:
        return any(source.whole_row for source in self._compiled)

    def _names(self, name: str) -> bool:
        shadowing = frozenset().union(*(source.shadowing for source in self._compiled))
        return name in self.variables or name in shadowing or name in self._row_keys

    def _feed(self, columns: Columns, constants: Mapping[str, object]) -> Feed:
        from loopai_nb.prompts.renderer import Feed
        from loopai_nb.prompts.syntax import ROW

        shadowing = frozenset().union(*(source.shadowing for source in self._compiled))
        direct = {name: columns.find(name) for name in (self.variables | shadowing) - {ROW}}
        found = {name: position for name, position in direct.items() if position is not None}
        if ROW not in self.variables:
            return Feed(found, None)
        own = columns.find(ROW)
        if own is None and ROW in constants:
            return Feed(found, None)
        if own is not None and not self._row_keys:  # {{ row }} alone, and a column is called that
            return Feed({**found, ROW: own}, None)
        if self._whole_row:
            return Feed(found, {label: position for position, label in enumerate(columns.labels)})
        keyed = {key: columns.find(key) for key in self._row_keys}
        return Feed(found, {key: position for key, position in keyed.items() if position is not None})

    def _renderer(self, constants: Mapping[str, object], max_prompt_bytes: int) -> Renderer:
        from loopai_nb.prompts.renderer import Renderer
        from loopai_nb.prompts.tables import as_variable

        shared = {name: as_variable(value) for name, value in constants.items() if self._names(name)}
        return Renderer(
            self._compiled,
            len(self.text) + len(self.system or ""),
            shared,
            max_prompt_bytes,
        )


def _canonical(text: str) -> str:
    """Outer blank lines dropped, line ends as one newline, Unicode NFC."""
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise TemplateError("The template holds half of a surrogate pair, which is no text.") from exc
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _BLANK_LINES_AFTER.sub("", _BLANK_LINES_BEFORE.sub("", text))
    return unicodedata.normalize("NFC", text) if text.strip() else ""


def _first_line(text: str) -> int:
    dropped = _BLANK_LINES_BEFORE.match(text.replace("\r\n", "\n").replace("\r", "\n"))
    return 1 + (dropped.group().count("\n") if dropped else 0)


def _missing(missing: list[str], known: list[str], frame_name: str) -> TemplateError:
    near = difflib.get_close_matches(missing[0], known, n=1) or [
        name for name in known if name.casefold() == missing[0].casefold()
    ]
    hint = ""
    if near:
        shown = _shown(near[0])
        hint = f"Did you mean {shown}? " if near[0].isidentifier() else f"Did you mean row[{shown}]? "
    names = ", ".join(_shown(name)[1:-1] for name in known[:_COLUMNS_SHOWN])
    more = ", ..." if len(known) > _COLUMNS_SHOWN else ""
    asked = " and ".join(_shown(name) for name in missing[:3])
    return TemplateError(
        f"The template asks for {asked}, which {frame_name} does not have.",
        f"{hint}Columns: {names}{more}" if known else "It has none.",
    )


def _shown(name: str) -> str:
    """A name in one line of a message: quoted, control and bidi characters visible, not too long."""
    visible = "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in name
    )
    return f'"{visible}"' if len(visible) <= _NAME_SHOWN else f'"{visible[: _NAME_SHOWN - 1]}…"'
