"""What is sent for a plan's schema, made once for all its requests: it takes longer than sending one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SchemaParts"]


class SchemaParts:
    """The parts of requests for the schema that was asked for last; a run has one."""

    def __init__(self) -> None:
        self._schema: Mapping[str, object] | None = None
        self._response_format = orjson.Fragment(b"null")
        self._instruction = ""

    def response_format(self, schema: Mapping[str, object]) -> orjson.Fragment:
        """Return the field ``response_format`` of OpenAI's protocol, ready to be put into a body."""
        self._make(schema)
        return self._response_format

    def instructed(self, prompt: str, schema: Mapping[str, object]) -> str:
        """Return a prompt with the instruction to answer in the schema, for servers without such a field."""
        self._make(schema)
        return prompt + self._instruction

    def _make(self, schema: Mapping[str, object]) -> None:
        if schema is self._schema:
            return
        from loopai_nb.prompts import structured  # not on the path of a run without a schema

        plain = dict(schema)
        self._response_format = orjson.Fragment(orjson.dumps(structured.response_format(plain)))
        self._instruction = structured.instructed("", plain)
        self._schema = schema
