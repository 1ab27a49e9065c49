"""Rules over rows, such as ``answer == 'other' and latency_ms > 900``.

A part of what ``DataFrame.query`` takes, read here and never handed to Python or pandas as code: a rule may
come out of a ledger, where somebody else wrote it.
"""

from __future__ import annotations

import ast
import operator
import re
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

__all__ = ["check_rule", "rows_by_rule"]

_MOST_CHARACTERS = 2_000
_MOST_SHOWN = 60
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_OF_TEXT = {"lower", "upper", "strip", "len"}
_WITH_TEXT = {"contains", "startswith", "endswith"}
_MISSING = {"isna": "isna", "isnull": "isna", "notna": "notna", "notnull": "notna"}
_KNOWN = (
    "A rule compares columns: answer == 'other' and latency_ms > 900. Beside == != < <= > >= in and, or, not "
    "it knows .str.contains('x'), .str.startswith, .str.endswith, .str.lower(), .str.upper(), .str.strip(), "
    ".str.len(), .isin([...]), .isna() and .notna(); `a name` of several words stands in backticks."
)


def check_rule(rule: str) -> None:
    """Refuse what can't be read as a rule.

    Raises:
        InputError: It can't; the hint says what can.
    """
    tree, _ = _parsed(rule)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Call | ast.Compare):
            continue
        if not isinstance(node, _PLAIN):
            raise _unknown(rule, node)


_PLAIN = (
    ast.Expression, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Name, ast.Constant, ast.List, ast.Tuple,
    ast.boolop, ast.unaryop, ast.cmpop, ast.expr_context, ast.BitAnd, ast.BitOr,
)  # fmt: skip


def rows_by_rule(rule: str, column: Callable[[str], pd.Series[Any]]) -> Any:
    """Which rows a rule holds for, as an array of booleans; where a value is missing it does not hold.

    Args:
        rule: See ``check_rule``.
        column: Gives a column by its name; raises InputError where there is none.

    Raises:
        InputError: It is no rule, names no column, or compares what can't be compared.
    """
    check_rule(rule)
    tree, names = _parsed(rule)
    try:
        found = _Rule(rule, names, column).value(tree.body)
    except (TypeError, ValueError, NotImplementedError, ArithmeticError, RecursionError) as exc:
        raise InputError(
            f"The rule {_shown(rule)} compares what can't be compared ({visible(str(exc))[:200]}).", _KNOWN
        ) from exc
    return _truth(rule, found).to_numpy(bool)


class _Rule:
    def __init__(self, rule: str, names: dict[str, str], column: Callable[[str], pd.Series[Any]]) -> None:
        self._rule = rule
        self._names = names
        self._column = column

    def value(self, node: ast.expr) -> Any:  # noqa: C901, PLR0911  (one case a kind of node)
        """What a part of the rule gives: a column, a constant or a list of them."""
        match node:
            case ast.BoolOp(op=op, values=values):
                parts = [_truth(self._rule, self.value(each)) for each in values]
                whole = parts[0]
                for part in parts[1:]:
                    whole = whole & part if isinstance(op, ast.And) else whole | part
                return whole
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as op, right=right):
                one, other = (_truth(self._rule, self.value(side)) for side in (left, right))
                return one & other if isinstance(op, ast.BitAnd) else one | other
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                return ~_truth(self._rule, self.value(operand))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return -number
            case ast.Compare():
                return self._compared(node)
            case ast.Name(id=name):
                return self._column(self._names.get(name, name))
            case ast.Constant(value=str() | int() | float() | bool() as constant):
                return constant
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [self.value(each) for each in elements]
            case ast.Call(func=function, args=arguments, keywords=[]):
                return self._called(node, function, [self.value(each) for each in arguments])
        raise _unknown(self._rule, node)

    def _compared(self, node: ast.Compare) -> Any:
        sides = [self.value(each) for each in (node.left, *node.comparators)]
        whole: Any = None
        for place, op in enumerate(node.ops):
            one, other = sides[place], sides[place + 1]
            if isinstance(op, ast.In | ast.NotIn):
                if not (isinstance(other, list) and _is_column(one)):
                    raise _unknown(self._rule, node)
                part = one.isin(other)
                part = ~part if isinstance(op, ast.NotIn) else part
            elif type(op) in _COMPARE and (_is_column(one) or _is_column(other)):
                part = _COMPARE[type(op)](one, other)
            else:
                raise _unknown(self._rule, node)
            part = _truth(self._rule, part)
            whole = part if whole is None else whole & part
        return whole

    def _called(self, node: ast.Call, function: ast.expr, arguments: list[Any]) -> Any:
        match function, arguments:
            case ast.Attribute(value=ast.Attribute(value=of, attr="str"), attr=name), []:
                if name in _OF_TEXT:
                    return getattr(self._texts(of, node).str, name)()
            case ast.Attribute(value=ast.Attribute(value=of, attr="str"), attr=name), [str() as part]:
                if name == "contains":  # never as a pattern: some take for ever
                    return self._texts(of, node).str.contains(part, regex=False, na=False)
                if name in _WITH_TEXT:
                    return getattr(self._texts(of, node).str, name)(part, na=False)
            case ast.Attribute(value=of, attr="isin"), [list() as among]:
                return self._series(of, node).isin(among)
            case ast.Attribute(value=of, attr=name), []:
                if name in _MISSING:
                    return getattr(self._series(of, node), _MISSING[name])()
        raise _unknown(self._rule, node)

    def _series(self, node: ast.expr, whole: ast.Call) -> pd.Series[Any]:
        found = self.value(node)
        if not _is_column(found):
            raise _unknown(self._rule, whole)
        series: pd.Series[Any] = found
        return series

    def _texts(self, node: ast.expr, whole: ast.Call) -> pd.Series[Any]:
        return self._series(node, whole).astype("string")


def _parsed(rule: str) -> tuple[ast.Expression, dict[str, str]]:
    names: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        names[f"_backtick_{len(names)}"] = match.group(1)
        return f"_backtick_{len(names) - 1}"

    if len(rule) > _MOST_CHARACTERS:
        raise InputError(f"The rule has more than {_MOST_CHARACTERS:,} characters.", _KNOWN)
    try:
        return ast.parse(re.sub(r"`([^`\n]+)`", named, rule.strip()), mode="eval"), names
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise InputError(f"The rule {_shown(rule)} can't be read.", _KNOWN) from exc


def _truth(rule: str, value: Any) -> pd.Series[Any]:
    import pandas as pd

    if not (_is_column(value) and pd.api.types.is_bool_dtype(value.dtype)):
        if _is_column(value) and value.dtype == object and value.dropna().isin([True, False]).all():
            value = value.astype("boolean")
        else:
            raise InputError(f"The rule {_shown(rule)} says neither yes nor no of a row.", _KNOWN)
    truth: pd.Series[Any] = value.astype("boolean").fillna(False).astype(bool)  # noqa: FBT003  (pandas's)
    return truth


def _is_column(value: object) -> bool:
    import pandas as pd

    return isinstance(value, pd.Series)


def _unknown(rule: str, node: ast.AST) -> InputError:
    try:
        part = ast.unparse(node)
    except (ValueError, RecursionError):
        part = rule
    return InputError(f"A rule can't hold {_shown(part)}.", _KNOWN)


def _shown(text: str) -> str:
    flat = visible(" ".join(text.split()), one_line=True)
    return flat if len(flat) <= _MOST_SHOWN else f"{flat[:_MOST_SHOWN]}…"
