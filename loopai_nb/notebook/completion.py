"""Tab behind ``%loopai``: verbs, options, tables, columns, frames, models, runs, connections.

A matcher of IPython's completer (its version 2 interface), which runs before jedi and keeps it out where it
has something to offer. What has to be fetched is fetched in a thread: Tab waits for it a moment at most, and
a later Tab finds it there.
"""

from __future__ import annotations

import contextlib
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.schemas import schema_names
from loopai_nb.notebook.verbs import VERBS
from loopai_nb.notebook.workbench import is_frame
from loopai_nb.records import RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from IPython.core.completer import CompletionContext, SimpleMatcherResult

    from loopai_nb.ledger.records import RunRow
    from loopai_nb.notebook.options import Option, Verb
    from loopai_nb.notebook.workbench import Workbench
    from loopai_nb.session import Session

    Offers = list[tuple[str, str]]

__all__ = ["matcher"]

_RUNS_FRESH_S = 1.0

_OF_DATABASE = frozenset({"table", "columns", "schemas", "database"})

_PRIORITY = 200
"""Above IPython's own matchers (jedi has 100)."""

_MAGIC = re.compile(r"\s*%{1,2}loopai(?:\s+(?P<rest>.*))?\Z", re.DOTALL)
_WORD = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"?|'[^']*'?|[^\s\"'])+")
_NO_QUOTES = str.maketrans("", "", "\"'\\")
_IN_BRACES = re.compile(r"\{[{%][^{}%]*\Z")


def matcher(bench: Workbench) -> Any:
    """A matcher for ``Completer.custom_matchers``."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier="loopai_nb", priority=_PRIORITY)  # type: ignore[untyped-decorator]
    def loopai_matcher(context: CompletionContext) -> SimpleMatcherResult:
        found: Offers = []
        start: str | None = None
        # A border: whatever fails here must not print a traceback below a Tab.
        with contextlib.suppress(Exception):
            found, start = _offers(bench, context.full_text, context.cursor_line, context.text_until_cursor)
        ours = start is not None
        if start is None:
            start = context.token.rpartition(",")[2]
            if any('"' in text for text, _ in found):
                # A name that needs its quotes: IPython's token begins behind a quote that was typed.
                start = _typing(context.text_until_cursor)[1].rpartition(",")[2]
        typed = _bare(start)
        matching = [
            SimpleCompletion(text=text, type=kind) for text, kind in found if _bare(text).startswith(typed)
        ]
        if not matching and ours:
            # Without any, IPython would ask jedi, which may take a second, and offer files and names of
            # Python. This one changes nothing.
            matching = [SimpleCompletion(text=start, type="text")]
        return {"completions": matching, "suppress": True, "matched_fragment": start, "ordered": True}

    return loopai_matcher


def _offers(bench: Workbench, text: str, line_number: int, before: str) -> tuple[Offers, str | None]:
    """What may stand at the cursor, as ``(text, kind)``, and the end of ``before`` in whose place it is put.

    The end is None where it is the word that IPython sees there, and where others may have something, too.
    """
    lines = text.split("\n")
    if line_number > 0:
        cell = _MAGIC.match(lines[0])
        if cell is not None and lines[0].lstrip().startswith("%%"):
            words = _words(cell["rest"] or "")
            if words[:1] == ["pull"]:
                from loopai_nb.notebook import completing_tables

                above = "".join(f"{line}\n" for line in lines[1:line_number])
                after = "\n".join([lines[line_number][len(before) :], *lines[line_number + 1 :]])
                return completing_tables.in_sql(bench, words[1:], above + before, after)
            return _in_template(bench, words, before), None
    # Also behind "df = %loopai pull".
    start = before.rfind("%loopai")
    found = _MAGIC.match(before[start:] if start >= 0 else "")
    if found is None or found["rest"] is None:
        return [], None
    return _on_line(bench, found["rest"], framed=before.lstrip().startswith("%%"))


def _on_line(bench: Workbench, rest: str, *, framed: bool) -> tuple[Offers, str | None]:
    words, typing = _typing(rest)
    if not words:
        frames = [(name, "instance") for name in _frames(bench)] if framed else []
        return [(name, "magic") for name in VERBS] + frames, None
    verb = VERBS.get(words[0])
    arguments = words[1:]
    if verb is None or (framed and not verb.cell):  # a DataFrame may be called as a verb without a cell is
        if is_frame(bench.shell.user_ns.get(words[0])):
            verb, arguments = VERBS["map"], words
        elif verb is None:
            return [], None
    option = next((o for o in verb.options if arguments and o.name == arguments[-1]), None)
    if option is not None and option.completes == "where":
        from loopai_nb.notebook import completing_tables

        return completing_tables.in_condition(bench, arguments, typing)
    return _for_verb(bench, verb, arguments, typing)


def _bare(name: str) -> str:
    """A name as it is compared: without its quotes, in whatever case."""
    return name.translate(_NO_QUOTES).lower()


def _words(rest: str) -> list[str]:
    """Words as far as they are typed; a quote that is still open holds one together."""
    return _WORD.findall(rest)


def _typing(text: str) -> tuple[list[str], str]:
    """The finished words, and the one that the cursor is in; "" where a new one begins."""
    words = _words(text)
    return (words[:-1], words[-1]) if words and text.endswith(words[-1]) else (words, "")


def _for_verb(bench: Workbench, verb: Verb, words: list[str], typing: str) -> tuple[Offers, str | None]:
    options = {option.name: option for option in verb.options}
    last = options.get(words[-1]) if words else None
    if last is not None and not last.flag:
        return _value_of(bench, verb, last, words, typing)
    named = [
        (name, "param") for name, option in options.items() if not option.positional and name not in words
    ]
    named.append(("--help", "param"))
    if typing.startswith("-"):
        return named, None
    place = _positionals(options, words)
    positional = [option for option in verb.options if option.positional]
    if place == len(positional):
        return named, None
    offered, end = _value_of(bench, verb, positional[place], words, typing)
    return (offered, end) if offered or typing else (named, None)


def _value_of(
    bench: Workbench, verb: Verb, option: Option, words: list[str], typing: str
) -> tuple[Offers, str | None]:
    """Values of an option; an end where nobody else may have some: names that a database has or has not."""
    offered, typed = _values(bench, verb, option, words), _bare(typing.rpartition(",")[2])
    if option.completes in _OF_DATABASE and not any(_bare(text).startswith(typed) for text, _ in offered):
        return [], ""
    return offered, None


def _positionals(options: dict[str, Option], words: list[str]) -> int:
    """How many arguments without a name were typed."""
    count, takes_value = 0, False
    for word in words:
        if takes_value:
            takes_value = False
        elif word in options:
            takes_value = not options[word].flag
        elif not word.startswith("-"):
            count += 1
    return count


def _values(bench: Workbench, verb: Verb, option: Option, words: list[str]) -> Offers:
    what, session = option.completes, bench.opened
    if option.choices:
        return [(choice, "param") for choice in option.choices]
    if what in {"database", "server"}:
        return [(name, "path") for name in bench.catalog.names("saved", {what: lambda: _saved(what)})[what]]
    if what in _HERE:
        return [(name, "instance") for name in _HERE[what](bench)]
    if verb.name == "push" and what == "columns":
        frame = next((bench.shell.user_ns.get(word) for word in words if not word.startswith("-")), None)
        return [(_held(str(name)), "property") for name in frame.columns] if is_frame(frame) else []
    if what in _RUNS and session is not None:
        # The ledger is near, and what can be gone on with changes from cell to cell.
        found = bench.catalog.names("ledger", {what: lambda: _runs(session, what)}, _RUNS_FRESH_S)
        return [(name, "instance") for name in found[what]]
    return _in_database(bench, what, words)


def _in_database(bench: Workbench, what: str, words: list[str]) -> Offers:
    from loopai_nb.notebook import completing_tables as tables  # not on the way of %load_ext

    known = {
        "table": tables.tables_on_line,
        "columns": tables.columns_on_line,
        "schemas": tables.schemas,
    }
    return known[what](bench, words) if what in known else []


def _held(name: str) -> str:
    """A name as one word of the line."""
    return f'"{name}"' if " " in name else name


def _in_template(bench: Workbench, words: list[str], before: str) -> Offers:
    """Columns inside the braces of a template."""
    if not _IN_BRACES.search(before):
        return []
    if words[:1] == ["map"]:
        words = words[1:]
    for word in words:
        value = bench.shell.user_ns.get(word)
        if is_frame(value):
            return [(str(name), "property") for name in value.columns if str(name).isidentifier()]
    return []


def _frames(bench: Workbench) -> list[str]:
    return sorted(n for n, v in bench.shell.user_ns.items() if is_frame(v) and not n.startswith("_"))


_HERE: Mapping[str, Callable[[Workbench], Iterable[str]]] = MappingProxyType(
    {
        "frame": _frames,
        "model": lambda bench: bench.models,
        "schema": lambda bench: schema_names(bench.shell.user_ns),
        "since": lambda _: ("1h", "24h", "7d", "30d", "all"),
    }
)


def _saved(what: str) -> list[str]:
    from loopai_nb.connections import Connections

    saved = Connections.load()
    return sorted(saved.databases if what == "database" else saved.servers)


def _runs(session: Session, what: str) -> list[str]:
    return [row.run_id for row in session.runs() if _RUNS[what](row)]


def _is_going_on(row: RunRow) -> bool:
    return row.state in {RunState.RUNNING, RunState.PAUSED} and not row.owner_gone


# A run that goes on is offered to resume as well, which may join it.
_RUNS: Mapping[str, Callable[[RunRow], bool]] = MappingProxyType(
    {
        "run": lambda _: True,
        "stopped run": lambda row: row.state is not RunState.COMPLETED,
        "failed run": lambda row: row.failed > 0 and not _is_going_on(row),
        "run going on": _is_going_on,
    }
)
