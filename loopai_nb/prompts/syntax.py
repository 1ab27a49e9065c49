"""What a template's text says before it is rendered: whether it may run, what it names, and its code."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import meta, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

from loopai_nb.errors import TemplateError
from loopai_nb.prompts.sandbox import COUNTED, GLOBALS, JOINED, KEPT, LOOKED_AT, PromptEnvironment

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["ROW", "Source", "compile_source"]

ROW = "row"
"""Variable that maps column names to values, for names that are no identifiers: ``{{ row["A b"] }}``."""

_MORE_THAN_VALUES = frozenset({ROW, "self"})
_LOADING = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)
_ESCAPING = (nodes.EvalContextModifier, nodes.ScopedEvalContextModifier)
_DUNDER = re.compile(r"__\w+__")


@dataclass(frozen=True, slots=True)
class Source:
    """A template that may run.

    Attributes:
        code: Its compiled code, for any ``PromptEnvironment``.
        names: Names that it expects from outside, ``row`` among them where it uses it.
        shadowing: Names of Jinja's functions that it uses as values: a column of that name is meant.
        row_keys: Constant keys of ``row`` (``row["A b"]``, ``row.name``).
        whole_row: Whether it uses ``row`` in another way, and so needs all columns.
        form: The text as ``%`` takes it, and the variables that it writes in order; None where it does
            anything else with one.
    """

    code: CodeType
    names: frozenset[str]
    shadowing: frozenset[str]
    row_keys: frozenset[str | int]
    whole_row: bool
    form: tuple[str, tuple[str, ...]] | None


def compile_source(text: str, what: str, first_line: int) -> Source:
    """Parse, check and compile one text.

    Args:
        text: Jinja2.
        what: Its name in messages.
        first_line: Line of the person's text that ``text`` begins with, 1-based.

    Raises:
        TemplateError: It does not parse, loads other templates, or reaches for Python's internals.
    """
    environment = PromptEnvironment(len(text))
    before = first_line - 1
    try:
        tree = environment.parse(text)
        _refuse(tree, what, before)
        names = frozenset(meta.find_undeclared_variables(tree))
        _refuse_twins({node.name for node in tree.find_all(nodes.Name)}, what)
        keys, whole = _row_use(tree) if ROW in names else (frozenset(), False)
        shadowing = _shadowing(tree)
        form = _form(tree, names - _MORE_THAN_VALUES)
        code = environment.compile(_Bounding().visit(tree), filename=f"<{what}>")
    except TemplateSyntaxError as exc:
        raise TemplateError(
            f"Line {exc.lineno + before} of the {what} does not parse: {(exc.message or '').rstrip('.')}."
        ) from exc
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError) as exc:
        # Python's own limits: nesting, blocks in blocks, digits of a number.
        raise TemplateError(f"The {what} is nested too deep or holds a number that is too long.") from exc
    return Source(code, names, shadowing, keys, whole, form)


def _refuse(tree: nodes.Template, what: str, before: int) -> None:
    for loading in tree.find_all(_LOADING):
        line = loading.lineno + before
        raise TemplateError(
            f"Line {line} of the {what} loads or extends another template, which prompts can't.",
            "Write its text here.",
        )
    for escaping in tree.find_all(_ESCAPING):
        raise TemplateError(
            f"Line {escaping.lineno + before} of the {what} sets escaping; a prompt is plain text."
        )
    for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Filter)):
        for word in _words(node):
            if _DUNDER.fullmatch(word):
                line = node.lineno + before
                raise TemplateError(
                    f"Line {line} of the {what} asks for {word!r}, which the sandbox forbids.",
                    "Templates see data, not Python's internals.",
                )


def _refuse_twins(names: set[str], what: str) -> None:
    """Two names that are one in Unicode NFKC are one to Python, which would write one value for both."""
    first: dict[str, str] = {}
    for name in sorted(names):
        twin = first.setdefault(unicodedata.normalize("NFKC", name), name)
        if twin != name:
            raise TemplateError(
                f"The {what} asks for {twin!r} and {name!r}, which are one name to Python.",
                f'Write one of them as row["{name}"].',
            )


def _words(node: nodes.Node) -> list[str]:
    """Attribute names that are written in the template."""
    if isinstance(node, nodes.Getattr):
        return [node.attr]
    constants = [node.arg] if isinstance(node, nodes.Getitem) else []
    if isinstance(node, nodes.Filter) and node.name in {"attr", "map"}:
        constants = [*node.args, *(keyword.value for keyword in node.kwargs)]
    return [c.value for c in constants if isinstance(c, nodes.Const) and isinstance(c.value, str)]


def _row_use(tree: nodes.Template) -> tuple[frozenset[str | int], bool]:
    uses = [name for name in tree.find_all(nodes.Name) if name.name == ROW]
    keyed: list[str | int] = []
    read: list[nodes.Getitem | nodes.Getattr] = [*tree.find_all(nodes.Getitem), *tree.find_all(nodes.Getattr)]
    for node in read:
        if not (isinstance(node.node, nodes.Name) and node.node.name == ROW):
            continue
        if isinstance(node, nodes.Getattr):
            if not hasattr(dict, node.attr):  # row.items() and the like look at all of it
                keyed.append(node.attr)
        elif isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str | int):
            keyed.append(node.arg.value)
    if any(
        name.ctx != "load" for name in uses
    ):  # its own `row` too: which one is meant where is not told here
        return frozenset(), True
    return frozenset(keyed), len(keyed) < len(uses)


def _shadowing(tree: nodes.Template) -> frozenset[str]:
    called = {call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
    named = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    return frozenset(named & set(GLOBALS)) - called


def _form(tree: nodes.Template, names: frozenset[str]) -> tuple[str, tuple[str, ...]] | None:
    text = ""
    written = []
    for output in tree.body:
        if not isinstance(output, nodes.Output):
            return None
        for node in output.nodes:
            if isinstance(node, nodes.TemplateData):
                text += node.data.replace("%", "%%")
            elif isinstance(node, nodes.Name) and node.name in names:
                text += "%s"
                written.append(node.name)
            else:
                return None
    return text, tuple(written)


class _Bounding(NodeTransformer):
    """Puts the meter where Jinja has no hook: loops, ``~``, comparisons, slices, lists and mappings."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  (Jinja calls it by the node's class)
        self.generic_visit(node)
        node.iter = _filtered(node.iter, COUNTED)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  (Jinja calls it by the node's class)
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), JOINED)

    def visit_Operand(self, node: nodes.Operand) -> nodes.Node:  # noqa: N802  (Jinja calls it by the node's class)
        self.generic_visit(node)
        if not isinstance(node.expr, nodes.Const):
            node.expr = _filtered(node.expr, LOOKED_AT)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802  (Jinja calls it by the node's class)
        self.generic_visit(node)
        return _filtered(node, KEPT) if isinstance(node.arg, nodes.Slice) else node

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802  (Jinja calls it by the node's class)
        return self._kept(node, node.items)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802  (Jinja calls it by the node's class)
        return self._kept(node, node.items) if node.ctx == "load" else node

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802  (Jinja calls it by the node's class)
        return self._kept(node, [pair.value for pair in node.items])

    def _kept(self, node: Any, parts: list[nodes.Expr]) -> nodes.Node:
        constant = all(isinstance(part, nodes.Const) for part in parts)
        self.generic_visit(node)
        return node if constant else _filtered(node, KEPT)


def _filtered(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno, environment=node.environment)
