"""Answers that fit a schema: what may be given as one, what is sent for it, how an answer is read.

Importing it is cheap; jsonschema, pydantic and pandas are imported by what needs them.
"""

from __future__ import annotations

from loopai_nb.prompts.structured.fields import Field
from loopai_nb.prompts.structured.reading import AnswerMismatch
from loopai_nb.prompts.structured.schema import AnswerSchema
from loopai_nb.prompts.structured.sending import instructed, most_added_bytes, repaired, response_format

__all__ = [
    "AnswerMismatch",
    "AnswerSchema",
    "Field",
    "instructed",
    "most_added_bytes",
    "repaired",
    "response_format",
]
