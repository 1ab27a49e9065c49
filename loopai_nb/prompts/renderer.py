"""Rendering row after row with one sandbox: what takes the time, and so what is kept short."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from jinja2 import Template as CompiledTemplate
from jinja2.exceptions import SecurityError

from loopai_nb.prompts.sandbox import PromptEnvironment
from loopai_nb.prompts.syntax import ROW
from loopai_nb.prompts.template import Rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from loopai_nb.prompts.syntax import Source

__all__ = ["Feed", "Renderer"]

_ERROR_SHOWN = 200


class Feed:
    """Which columns become which variables.

    Args:
        direct: Position of the column of each variable.
        row: Position of the column of each key of ``row``; None where ``row`` is not used.
    """

    def __init__(self, direct: Mapping[str, int], row: Mapping[Hashable, int] | None) -> None:
        self.positions = list(dict.fromkeys([*direct.values(), *(row or {}).values()]))
        place = {position: i for i, position in enumerate(self.positions)}
        self._direct = [(name, place[position]) for name, position in direct.items()]
        # The usual case, each variable a column of its own in this order: zip is the fastest.
        in_order = [i for _, i in self._direct] == list(range(len(direct)))
        self._names = tuple(direct) if in_order else None
        self._row = None if row is None else [(key, place[position]) for key, position in row.items()]

    def places(self, names: Iterable[str]) -> list[int] | None:
        """Where in a row's values those of some variables are; None where one of them is of every row."""
        place = dict(self._direct)
        return [place[name] for name in names] if place.keys() >= set(names) else None

    def variables(self, values: tuple[Any, ...], shared: Mapping[str, Any]) -> dict[str, Any]:
        """The variables of one row, from the columns at ``positions``; ``row`` knows the shared ones too."""
        variables: dict[str, Any]
        if self._names is None:
            variables = {name: values[i] for name, i in self._direct}
        else:
            variables = dict(zip(self._names, values, strict=False))
        if self._row is not None:
            variables[ROW] = {**shared, **{key: values[i] for key, i in self._row}}
        return variables


class _Filling:
    """Writes values into a form (see ``Source.form``) where all are texts: no sandbox is needed for it.

    Args:
        form: The text as ``%`` takes it.
        places: Where in a row's values those are that it takes.
    """

    def __init__(self, form: str, places: Sequence[int]) -> None:
        self._form = form
        self._pick: Callable[[tuple[str, ...]], Any] | None = itemgetter(*places) if places else None
        self._constant = None if places else form % ()
        self._times = max((places.count(place) for place in places), default=0)

    def __call__(self, values: tuple[str, ...], most: int) -> str | None:
        """The text; None where it might have more than ``most`` characters."""
        if self._pick is None:
            return self._constant
        if len(self._form) + self._times * sum(map(len, values)) > most:
            return None
        text: str = self._form % self._pick(values)
        return text


class Renderer:
    """Renders one row at a time. Not for two threads at once.

    Args:
        sources: The prompt, and the system prompt if there is one.
        template_characters: Length of the texts.
        shared: Variables of every row.
        max_prompt_bytes: Of both together, in UTF-8.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        template_characters: int,
        shared: Mapping[str, Any],
        max_prompt_bytes: int,
    ) -> None:
        environment = PromptEnvironment(template_characters)
        self._meter = environment.meter
        self._forms = [source.form for source in sources]
        self._templates = [CompiledTemplate.from_code(environment, source.code, {}) for source in sources]
        # One context for all rows: to make one takes as long as to render a short prompt.
        self._parts = [(t.new_context({}, shared=True), t.root_render_func) for t in self._templates]
        self._shared = dict(shared)
        self._base = {**environment.globals, **shared}
        self._most = max_prompt_bytes

    def render_all(self, feed: Feed, rows: Iterable[tuple[Any, ...]]) -> Iterator[Rendered]:
        """The prompt of each row, lazily, from the values of the columns at ``feed.positions``."""
        fillings = self._fillings(feed)
        for values in rows:
            rendered = None if fillings is None else self._filled(fillings, values)
            yield self.render(feed.variables(values, self._shared)) if rendered is None else rendered

    def _fillings(self, feed: Feed) -> list[_Filling] | None:
        fillings = []
        for form in self._forms:
            places = None if form is None else feed.places(form[1])
            if form is None or places is None:
                return None
            fillings.append(_Filling(form[0], places))
        return fillings

    def _filled(self, fillings: Sequence[_Filling], values: tuple[Any, ...]) -> Rendered | None:
        """What ``render`` gives, in less than half of its time; None where there is more to it than texts."""
        for value in values:
            if type(value) is not str:
                return None
        most = self._most
        prompt = fillings[0](values, most)
        system = fillings[1](values, most) if len(fillings) > 1 else ""
        if not prompt or system is None or prompt.isspace():
            return None
        if not (prompt.isascii() and system.isascii() and len(prompt) + len(system) <= most):
            try:
                size = len(prompt.encode()) + len(system.encode())
            except UnicodeEncodeError:
                return None
            if size > most:
                return None
        return Rendered(prompt, system if len(fillings) > 1 else None, None)

    def render(self, variables: Mapping[str, Any]) -> Rendered:
        """The prompt of one row, or why it has none."""
        texts: list[str] = []
        room = self._most
        try:
            self._meter.reset()
            given = {**self._base, **variables}
            for context, root in self._parts:
                # All that a rendering leaves in a context; a template sets names at its top level.
                context.parent, context.vars, context.exported_vars = given, {}, set()
                parts = list(root(context))
                size = sum(map(len, parts))
                if size <= room:
                    text = "".join(parts)
                    if not text.isascii():
                        size = len(text.encode())
                else:  # measured before it is joined: a list can hold one long text many times
                    size = sum(len(part.encode()) for part in parts)
                room -= size
                if room < 0:
                    return Rendered("", None, _too_long(self._most - room, self._most))
                texts.append(text)
        except UnicodeEncodeError:
            return Rendered(
                "", None, "half of a surrogate pair in a value, which is no text that can be sent"
            )
        except Exception as exc:  # noqa: BLE001  (a border: Jinja2 says that the sandbox's caller must catch all)
            return Rendered("", None, self._told(exc))
        if not texts[0] or texts[0].isspace():
            return Rendered("", None, "the prompt is empty")
        return Rendered(texts[0], texts[1] if len(texts) > 1 else None, None)

    def _told(self, error: Exception) -> str:
        where = ""
        place = error.__traceback__
        while place is not None:
            for template in self._templates:
                if place.tb_frame.f_code.co_filename == template.filename:
                    line = template.get_corresponding_lineno(place.tb_lineno)
                    where = f"{(template.filename or '').strip('<>')}, line {line}: "
            place = place.tb_next
        if isinstance(error, RecursionError):
            what = "macros that call themselves without end"
        elif isinstance(error, MemoryError):
            what = "not enough memory"
        else:
            forbids = "the sandbox forbids it: " if isinstance(error, SecurityError) else ""
            what = forbids + (str(error) or type(error).__name__)
        line_of_text = " ".join(f"{where or 'template: '}{what}".split())
        return line_of_text if len(line_of_text) <= _ERROR_SHOWN else line_of_text[: _ERROR_SHOWN - 1] + "…"


def _too_long(size: int, limit: int) -> str:
    return f"prompt of {_megabytes(size, 1)} is over the limit of {_megabytes(limit, 0)}"


def _megabytes(size: int, digits: int) -> str:
    if size >= 1_000_000:  # noqa: PLR2004  (a megabyte)
        return f"{size / 1e6:.{digits}f} MB"
    return f"{size / 1e3:.{digits}f} kB" if size >= 1_000 else f"{size} bytes"  # noqa: PLR2004  (a kilobyte)
