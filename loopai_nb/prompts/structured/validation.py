"""The seam to jsonschema: whether a schema is one, whether a value fits it, and why not in one line."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
import itertools
import json
import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.prompts.structured.metered import Checker, TooMuchWorkError
from loopai_nb.prompts.structured.quick import quick_check
from loopai_nb.prompts.structured.reading import AnswerMismatch, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["DEFAULT_DRAFT", "check_schema", "to_date", "to_moment", "validator_of"]

DEFAULT_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DRAFTS = {
    DEFAULT_DRAFT: "Draft202012Validator",
    "https://json-schema.org/draft/2019-09/schema": "Draft201909Validator",
    "http://json-schema.org/draft-07/schema": "Draft7Validator",
}
_IRI_GRAMMAR = "rfc3987_syntax"
_FORMATS = ("date", "email", "ipv4", "ipv6", "uuid")  # of jsonschema without its optional parts
_MOST_ERRORS = 100  # a long list may be wrong in each of its items
_LONGEST_QUOTED = 60
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def to_moment(text: object) -> dt.datetime | None:
    """The UTC time, without a zone, that an RFC 3339 date-time says; None where it is none."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def to_date(text: object) -> dt.date | None:
    """The day of an RFC 3339 full-date; None where it is none."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def check_schema(schema: dict[str, Any]) -> None:
    """Refuse what is no schema of its draft.

    Raises:
        InputError: With what is wrong and where.
    """
    kind = _validator_class(_draft(schema))
    try:
        # Without formats: that of patterns has Python's re read them, which can fail in other ways.
        kind.check_schema(schema, format_checker=_library().FormatChecker(formats=()))
    except _library().SchemaError as exc:
        reason = _reason(exc)
    except RecursionError:
        reason = "it is nested too deeply"
    else:
        return
    raise InputError(
        f"That is no JSON Schema: {reason}.", "See https://json-schema.org/understanding-json-schema"
    )


def validator_of(schema: dict[str, Any]) -> Callable[[Any], None]:
    """A check of values against a schema that passed the checks of a schema.

    Returns:
        A function that raises ``AnswerMismatch`` for a value that does not fit.
    """
    checker = Checker(_validator_class(_draft(schema)), schema, _formats())
    quick = quick_check(schema)

    def check(value: Any) -> None:
        if quick is not None and quick(value):
            return
        try:
            error = _best(checker.errors(value))
        except RecursionError:
            raise AnswerMismatch("the answer is nested too deeply to be checked") from None
        except TooMuchWorkError:
            raise AnswerMismatch("the answer holds too much to be checked") from None
        if error is not None:
            raise AnswerMismatch(_reason(error))

    return check


def _draft(schema: dict[str, Any]) -> str:
    given = str(schema.get("$schema", DEFAULT_DRAFT)).removesuffix("#")
    if given not in _DRAFTS:
        raise InputError(
            f'The schema is of "{one_line(given, _LONGEST_QUOTED)}", which is not known here.',
            "Use Draft 2020-12 (the default), 2019-09 or 07.",
        )
    return given


def _validator_class(draft: str) -> Any:
    return getattr(_library(), _DRAFTS[draft])


@functools.cache
def _library() -> Any:
    """jsonschema, which would make a grammar of IRIs as it is imported, and takes over a second for it.

    JupyterLab brings what that is made with. Whoever checks an IRI in this process makes it then.
    https://github.com/python-jsonschema/jsonschema/issues/1428
    """
    needed = (_IRI_GRAMMAR, "lark")
    late = _IRI_GRAMMAR not in sys.modules and all(map(importlib.util.find_spec, needed))
    if late:
        stand_in: Any = ModuleType(_IRI_GRAMMAR)
        stand_in.__spec__ = importlib.util.find_spec(_IRI_GRAMMAR)
        stand_in.is_valid_syntax = _is_valid_iri
        sys.modules[_IRI_GRAMMAR] = stand_in
    try:
        import jsonschema
    finally:
        if late:
            sys.modules.pop(_IRI_GRAMMAR, None)
    return jsonschema


def _is_valid_iri(term: str, text: str) -> bool:
    return bool(importlib.import_module(_IRI_GRAMMAR).is_valid_syntax(term, text))


@functools.cache
def _formats() -> Any:
    checker = _library().FormatChecker(formats=_FORMATS)
    checker.checks("date-time")(lambda value: not isinstance(value, str) or to_moment(value) is not None)
    checker.checks("date")(lambda value: not isinstance(value, str) or to_date(value) is not None)
    return checker


def _best(errors: Iterator[Any]) -> Any:
    from jsonschema.exceptions import best_match

    return best_match(itertools.islice(errors, _MOST_ERRORS))


def _reason(error: Any) -> str:
    """What was wrong, in our words: jsonschema's own quote the whole value."""
    what, rule = error.instance, error.validator_value
    match error.validator:
        case "required":
            names = [name for name in rule if name not in what]
            said = f"{_listed(names)} {'is' if len(names) == 1 else 'are'} missing"
        case "type":
            kinds = rule if isinstance(rule, list) else [rule]
            said = f"{_quoted(what)} is not {' or '.join(_KINDS.get(kind, str(kind)) for kind in kinds)}"
        case "enum":
            said = f"{_quoted(what)} is none of {_listed(rule)}"
        case "additionalProperties" | "unevaluatedProperties":
            known = error.schema.get("properties", {})
            said = f"{_listed([name for name in what if name not in known])} is not among the fields"
        case "uniqueItems":
            said = "the list holds an item twice"
        case None:
            said = f"{_quoted(what)} is not allowed"
        case keyword:
            # A schema or a list of schemas would say nothing in a line.
            asked = "" if isinstance(rule, dict | list | bool) else f" {_quoted(rule)}"
            said = f"{_quoted(what)} does not meet {keyword}{asked}"
    return _where(error.absolute_path) + said


def _where(path: Any) -> str:
    text = ""
    for step in itertools.islice(path, 8):
        text += f"[{step}]" if isinstance(step, int) else ("." if text else "") + one_line(str(step), 40)
    return f"{text}: " if text else ""


def _quoted(value: Any) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, str):
        value = value if len(value) <= _LONGEST_QUOTED else value[: _LONGEST_QUOTED - 1] + "…"
    return one_line(json.dumps(value, ensure_ascii=False), _LONGEST_QUOTED + 20)


def _listed(values: list[Any]) -> str:
    shown = one_line(", ".join(_quoted(value) for value in values[:10]), 140)
    return shown + ", ..." if len(values) > 10 else shown  # noqa: PLR2004 (as many as are shown)
