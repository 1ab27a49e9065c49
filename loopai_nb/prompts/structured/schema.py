"""A schema that answers have to fit."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.prompts.structured import fields as columns
from loopai_nb.prompts.structured.canonical import (
    MOST_SCHEMA_BYTES,
    canonical,
    check_references,
    ordered,
    plain,
    size_bytes,
)
from loopai_nb.prompts.structured.patterns import check_patterns, linear_decimals
from loopai_nb.prompts.structured.reading import AnswerMismatch, NoJsonError, decoded, found_value, one_line
from loopai_nb.prompts.structured.short import FORMS, from_mapping, from_text, is_type
from loopai_nb.prompts.structured.validation import DEFAULT_DRAFT, check_schema, validator_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

__all__ = ["AnswerSchema"]

_TYPES = {"string", "integer", "number", "boolean", "array", "object", "null"}
_COMBINING = {"allOf", "anyOf", "oneOf", "enum"}
_KEYWORDS = {
    "additionalProperties", "allOf", "anyOf", "const", "contains", "contentEncoding", "contentMediaType",
    "contentSchema", "default", "definitions", "dependentRequired", "dependentSchemas", "deprecated",
    "description", "discriminator", "else", "enum", "examples", "exclusiveMaximum", "exclusiveMinimum",
    "format", "if", "items", "maxContains", "maxItems", "maxLength", "maxProperties", "maximum",
    "minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf",
    "pattern", "patternProperties", "prefixItems", "properties", "propertyNames", "propertyOrdering",
    "readOnly", "required", "then", "title", "type", "unevaluatedItems", "unevaluatedProperties",
    "uniqueItems", "writeOnly",
}  # fmt: skip


@dataclass(frozen=True)
class AnswerSchema:
    """What each answer has to be. Made by ``of``.

    Attributes:
        json_schema: JSON Schema as a plain JSON value, canonical: sorting its names and writing its text in
            NFC change nothing, and ``of`` gives the same schema back. The order of fields is part of it.
    """

    json_schema: dict[str, Any]

    @classmethod
    def of(cls, source: object) -> AnswerSchema:
        """The schema that something stands for.

        Args:
            source: A JSON Schema (dict), a Pydantic model class, the short form as a text
                (``part: windshield|engine, damaged: bool``) or dict (``{"damaged": "bool"}``), a JSON text of
                one of these, the path of a ``.json`` file with one, or an ``AnswerSchema``.

        Raises:
            InputError: It is none of these, or no valid schema, refers to what lies outside of it, never
                ends, has a pattern that can't be searched in linear time, or is nested too deeply, branches
                too often or is too large.
        """
        if isinstance(source, AnswerSchema):
            return source
        schema = plain(_json_schema(source))
        # With it, what the ledger holds is JSON Schema and can be read as nothing else.
        schema.setdefault("$schema", DEFAULT_DRAFT)
        schema.pop("$id", None)
        _check_size(schema)
        check_schema(schema)
        check_references(schema)
        schema = linear_decimals(schema)
        check_patterns(schema)
        schema = canonical(schema)
        _check_size(schema)
        return cls(schema)

    @functools.cached_property
    def fields(self) -> tuple[columns.Field, ...]:
        """A column for each property, in the schema's order, or one named ``value`` where it has none."""
        return columns.fields_of(self.json_schema)

    def parse(self, text: str) -> Any:
        """The value that an answer gives: a JSON value that fits the schema.

        Bare JSON is taken, and the only JSON object among prose, in a fence, or behind a leading
        ``<think>...</think>``.

        Raises:
            AnswerMismatch: There is none, it does not fit, or it would take too much work to tell (the same
                answer always does; it takes a few seconds at most); ``reason`` says why.
        """
        value = found_value(text, is_object=self._is_object)
        self._check(value)
        return value

    def columns(self, texts: Sequence[str | None], index: Any = None) -> dict[str, pd.Series[Any]]:
        """The answers as typed columns, by name.

        Args:
            texts: Answers that ``parse`` accepted, None where a row has none. They are not checked again:
                what can't be read or is of another type is missing, never an error.
            index: Of the columns; None for a RangeIndex.
        """
        values = [self._value_or_none(text) for text in texts]
        if not self._has_properties:
            (field,) = self.fields
            return {field.name: columns.column(field, values, index)}
        rows = [value if isinstance(value, dict) else {} for value in values]
        return {
            field.name: columns.column(field, [row.get(field.name) for row in rows], index)
            for field in self.fields
        }

    def __hash__(self) -> int:
        return hash(json.dumps(self.json_schema, sort_keys=True))

    def __reduce__(self) -> tuple[Any, ...]:
        return AnswerSchema, (self.json_schema,)

    @functools.cached_property
    def _is_object(self) -> bool:
        return columns.is_object(self.json_schema)

    @functools.cached_property
    def _has_properties(self) -> bool:
        return columns.has_properties(self.json_schema)

    @functools.cached_property
    def _check(self) -> Callable[[Any], None]:
        return validator_of(ordered(self.json_schema))

    def _value_or_none(self, text: str | None) -> Any:
        if text is None:
            return None
        try:
            return found_value(text, is_object=self._is_object)
        except AnswerMismatch:
            return None


def _json_schema(source: object) -> dict[str, Any]:
    """The JSON Schema that a source stands for, not yet checked."""
    if isinstance(source, Path):
        return _of_json(_read(source))
    if isinstance(source, str):
        text = source.strip()
        if text.startswith("{"):
            return _of_json(text)
        return _of_json(_read(Path(text))) if text.lower().endswith(".json") else from_text(text)
    if isinstance(source, dict):
        return _of_mapping(source)
    if isinstance(source, type) and callable(getattr(source, "model_json_schema", None)):
        return _of_model(source)
    raise InputError(f"A schema can't be made of {one_line(type(source).__name__, 60)}.", FORMS)


def _of_json(text: str) -> dict[str, Any]:
    try:
        value = decoded(text)
    except (NoJsonError, AnswerMismatch) as exc:
        raise InputError(f"The schema can't be read as JSON: {exc}.", FORMS) from None
    if not isinstance(value, dict):
        raise InputError("The schema is JSON, but no object.", FORMS)
    return _of_mapping(value)


def _read(path: Path) -> str:
    shown = one_line(str(path), 120)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_SCHEMA_BYTES * 4 + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError) as exc:
        why = "is no text in UTF-8" if isinstance(exc, UnicodeDecodeError) else "can't be read"
        raise InputError(f"The schema's file {shown} {why}.", "Check the path and the file.") from exc
    if len(data) > MOST_SCHEMA_BYTES * 4:
        raise InputError(f"The schema's file {shown} is too large.", "Pass the schema of one answer.")
    return text


def _of_model(model: Any) -> dict[str, Any]:
    from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

    try:
        schema: dict[str, Any] = model.model_json_schema()
    except (PydanticUserError, PydanticUndefinedAnnotation) as exc:
        raise InputError(
            f"The model {one_line(model.__name__, 60)} has no JSON Schema.",
            "Leave out the fields that JSON can't hold, or give them a type that it can.",
        ) from exc
    return schema


def _of_mapping(value: dict[Any, Any], depth: int = 1) -> dict[str, Any]:
    """A JSON Schema as it is; else the schema that a dict of types by name stands for."""
    sure = [name for name, part in value.items() if _is_keyword(name, part)]
    if not sure:
        if not value:
            raise InputError("The schema has no fields.", FORMS)
        if depth > 32:  # noqa: PLR2004 (half of MOST_DEPTH: a field adds two levels)
            raise InputError("The schema is nested too deeply.", "Ask for a part of the fields at a time.")
        return from_mapping(value, lambda part: _of_mapping(part, depth + 1))
    for name, part in value.items():
        if "$schema" not in value and name not in _KEYWORDS and is_type(part):
            raise InputError(
                f"The schema can be read in two ways: {sure[0]} is a keyword of JSON Schema, and "
                f"{one_line(str(name), 60)} is a field.",
                f'Write fields as a text, such as "{sure[0]}: str, {one_line(str(name), 60)}: str".',
            )
    return value


def _check_size(schema: dict[str, Any]) -> None:
    if size_bytes(schema) > MOST_SCHEMA_BYTES:
        raise InputError(
            f"The schema has more than {MOST_SCHEMA_BYTES:,} bytes, which each request would carry.",
            "Ask for fewer fields, or shorten the descriptions.",
        )


def _is_keyword(name: object, value: object) -> bool:
    """Whether an entry of a dict can only be JSON Schema, and no field of the short form."""
    if name == "type":
        return (
            value in _TYPES
            if isinstance(value, str)
            else isinstance(value, list) and {*map(str, value)} <= _TYPES
        )
    if name in {"properties", "$defs", "definitions"}:
        return isinstance(value, dict)
    if name in _COMBINING:
        return isinstance(value, list)
    return name in {"$schema", "$ref", "const"}
