"""What a Loopai task runs: a classifier fitted on its examples, an enumeration's best label, a quotation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from loopai_nb.devserver.classifier import NaiveBayes
from loopai_nb.devserver.structured import Filler

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from loopai_nb.devserver.model import LexicalModel

__all__ = ["Program", "ProgramError", "input_text"]

_MOST_DEPTH = 50


class ProgramError(Exception):
    """The program cannot answer this input: Loopai answers 200 with status error."""


class Program:
    """One task's program; deterministic.

    Args:
        model: Answers where there are no examples.
        description: Of the task; the instruction then.
        output_schema: JSON schema that an answer follows where it is simple.
        examples: ``{"input": ..., "output": ...}`` each.
    """

    def __init__(
        self,
        model: LexicalModel,
        description: str,
        output_schema: Mapping[str, Any],
        examples: Sequence[Mapping[str, Any]],
    ) -> None:
        self._model = model
        self._description = description
        self._property = _only_property(output_schema)
        # An object of no known properties holds its text under the usual name.
        bare = self._property and not output_schema.get("properties")
        self._schema = {"properties": {self._property: {}}} if bare else output_schema
        self._outputs: list[Any] = []
        self._classifier: NaiveBayes | None = None
        classes: dict[bytes, int] = {}
        fitted: list[tuple[str, int]] = []
        for example in examples:
            key = orjson.dumps(example["output"], option=orjson.OPT_SORT_KEYS)
            if key not in classes:
                classes[key] = len(classes)
                self._outputs.append(example["output"])
            fitted.append((" ".join(_texts(example["input"])), classes[key]))
        if fitted:
            self._classifier = NaiveBayes(fitted)

    def run(self, value: Any) -> Any:
        """Return the output for an input.

        Raises:
            ProgramError: The input holds no text.
        """
        text = " ".join(_texts(value)).strip()
        if not text:
            raise ProgramError("The input holds no text.")
        if self._classifier is not None:
            output = self._outputs[self._classifier.best(text)]
            return self._wrap(output) if isinstance(output, str | int | float | bool) else output
        return Filler(self._model, self._schema, text, self._description).value()

    def _wrap(self, output: Any) -> Any:
        return {self._property: output} if self._property else output


def _only_property(schema: Mapping[str, Any]) -> str:
    """Return the property that holds a plain output: the first; "" where outputs are no objects."""
    properties = schema.get("properties")
    known = [*properties] if isinstance(properties, dict) else []
    return str(known[0] if known else "result") if known or schema.get("type") == "object" else ""


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the texts and numbers of a JSON value, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None or depth > _MOST_DEPTH:
        return
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, depth + 1)


def input_text(value: Any) -> str:
    """Return the prompt by which an input is counted: its one string, else its JSON with sorted keys."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and len(value) == 1:
        only = next(iter(value.values()))
        if isinstance(only, str):
            return only
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
