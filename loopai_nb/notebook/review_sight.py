"""What the review widget shows of a row, and how an edited answer comes back from its fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.notebook.marked import MOST, marked
from loopai_nb.prompts.structured import AnswerMismatch
from loopai_nb.prompts.structured.fields import has_properties
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from loopai_nb.prompts.structured import AnswerSchema, Field

__all__ = ["Fields", "clipped_line", "detail", "label_of", "line"]

_PREVIEW = 160
_MOST_LABEL = 80
_MOST_COLUMNS = 60
_MOST_CELLS = 4
"""Columns of a line of the table; all are shown beside the answer."""

_KINDS = {"boolean": "choice", "category": "choice", "Int64": "number", "float64": "number", "object": "json"}


class Fields:
    """The fields of an answer as a person edits them: texts, one a field.

    Args:
        schema: What the answers fit; None for plain text.
    """

    def __init__(self, schema: AnswerSchema | None) -> None:
        self._schema = schema
        named = schema is not None and has_properties(schema.json_schema)
        self._fields: tuple[Field, ...] = schema.fields if schema is not None and named else ()

    def __bool__(self) -> bool:
        return bool(self._fields)

    @property
    def shown(self) -> list[dict[str, Any]]:
        """For each field its name, how it is edited and what may be chosen."""
        return [
            {
                "name": visible(field.name),
                "kind": _KINDS.get(field.dtype, "text"),
                "choices": ["true", "false"] if field.dtype == "boolean" else list(field.categories),
            }
            for field in self._fields
        ]

    def texts(self, answer: str | None) -> list[str] | None:
        """A text for each field, "" for a missing one; None where the answer does not fit."""
        value = self._value(answer)
        return None if value is None else [_text_of(value.get(field.name)) for field in self._fields]

    def words(self, answer: str) -> str:
        """The answer in a line: its fields without their names, or what it is."""
        texts = self.texts(answer) if self._fields else None
        return answer if texts is None else " · ".join(text for text in texts if text)

    def answer(self, texts: Sequence[str], before: str | None) -> str:
        """The answer with these fields; what has no field stays as it was before.

        Raises:
            InputError: A text is not what its field takes, or there are not as many.
        """
        if len(texts) != len(self._fields):
            raise InputError("The fields are not those of the run's schema.")
        value = dict(self._value(before) or {})
        old = dict(value)
        missing = []
        for field, text in zip(self._fields, texts, strict=True):
            if text == _text_of(old.get(field.name)) and field.name in old:
                continue
            if text == "" and _KINDS.get(field.dtype, "text") != "text":
                value[field.name] = None
                missing.append(field.name)
            elif text != "" or isinstance(old.get(field.name), str):
                value[field.name] = _read(field, text)
        if missing and not self._fits(value):
            # A field that may not be null may be one that can be left out.
            without = {name: each for name, each in value.items() if name not in missing}
            value = without if self._fits(without) else value
        return json.dumps(value, ensure_ascii=False)

    def _value(self, answer: str | None) -> dict[str, Any] | None:
        if self._schema is None or answer is None:
            return None
        try:
            value = self._schema.parse(answer)
        except AnswerMismatch:
            return None
        return value if isinstance(value, dict) else None

    def _fits(self, value: Mapping[str, Any]) -> bool:
        try:
            self._schema is not None and self._schema.parse(json.dumps(value, ensure_ascii=False))
        except AnswerMismatch:
            return False
        return True


def detail(
    index: int, row: Mapping[str, Any], fields: Fields, *, first: Sequence[str], hit: str, prompt: str | None
) -> dict[str, Any]:
    """All that is shown of one row.

    Args:
        index: Its place in the list.
        row: As ``Review.rows`` gives it.
        fields: Of its answer.
        first: Columns that are shown before the others.
        hit: Marked where it stands; "" for nothing.
        prompt: Shown where there is no column; None: not known.
    """
    answer, original = row["answer"], row["original"]
    cells = _cells(row["row"], first)
    shown = [[visible(name, one_line=True), marked(_text_of(value), hit=hit)] for name, value in cells]
    if not shown and prompt is not None:
        shown = [["prompt", marked(prompt, hit=hit)]]
    if len(row["row"]) > _MOST_COLUMNS:
        shown.append(["…", [["", f"{len(row['row']) - _MOST_COLUMNS:,} more columns"]]])
    texts = fields.texts(answer) if fields else None
    return {
        "index": index,
        "position": row["position"],
        "label": label_of(row["label"]),
        "status": row["status"],
        "cells": shown,
        "answer": None if answer is None else marked(answer, hit=hit),
        "text": answer if answer is None or len(answer) <= MOST else None,
        "fields": texts,
        "original": marked(original) if original is not None and original != answer else None,
        "error": None if row["error"] is None else marked(row["error"], most=2_000),
        "note": marked(row["note"]),
        "reviewer": None if row["reviewer"] is None else visible(row["reviewer"], one_line=True),
        "reviewed_ms": row["reviewed_ms"],
        "latency_ms": row["latency_ms"],
        "length": row["length"],
        "alike": row["alike"],
        "request": row["request_id"],
    }


def line(index: int, row: Mapping[str, Any], fields: Fields, first: Sequence[str]) -> dict[str, Any]:
    """A row of the table."""
    answer = row["error"] if row["answer"] is None else fields.words(row["answer"])
    return {
        "index": index,
        "label": label_of(row["label"]),
        "answer": clipped_line(answer or ""),
        "latency_ms": row["latency_ms"],
        "cells": [clipped_line(_text_of(value)) for _, value in _cells(row["row"], first)[:_MOST_CELLS]],
    }


def label_of(label: str) -> str:
    """An index label as a person reads it."""
    try:
        value = json.loads(label)
    except ValueError:
        value = label
    return visible(_text_of(value), one_line=True)[:_MOST_LABEL]


def clipped_line(text: str) -> str:
    """The beginning of a text in one line."""
    flat = visible(" ".join(text[: _PREVIEW * 2].split()), one_line=True)
    return flat if len(flat) <= _PREVIEW and len(text) <= _PREVIEW * 2 else f"{flat[:_PREVIEW]}…"


def _cells(row: Mapping[str, Any], first: Sequence[str]) -> list[tuple[str, Any]]:
    leading = [name for name in first if name in row]
    names = [*leading, *(name for name in row if name not in leading)]
    return [(name, row[name]) for name in names[:_MOST_COLUMNS]]


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(field: Field, text: str) -> Any:
    kind = _KINDS.get(field.dtype, "text")
    if kind == "text" or field.dtype == "category":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        wanted = {"number": "a number", "choice": "true or false", "json": "JSON"}[kind]
        raise InputError(f"{visible(field.name)} is {clipped_line(text)!r}, and takes {wanted}.") from None
