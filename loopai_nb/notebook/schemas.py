"""``--schema``: what was typed, or what a variable of the notebook by that name holds."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.prompts.structured import AnswerSchema

__all__ = ["schema_names", "schema_of"]

_IPYTHONS_OWN = frozenset({"In", "Out"})
_FORMS = (
    'Give a short form ("part: wing|other, damaged: bool"), a .json file, JSON, or the name of a Pydantic '
    "model or dict of this notebook"
)


def schema_of(typed: str | None, names: Mapping[str, Any]) -> AnswerSchema | None:
    """The schema that an option stands for; None where it was not given.

    Args:
        typed: A variable's name, or what ``AnswerSchema.of`` takes as a text.
        names: Variables that the cell sees.

    Raises:
        InputError: There is no such variable, or it holds no schema; or see ``AnswerSchema.of``.
    """
    if typed is None:
        return None
    from loopai_nb.prompts.structured import AnswerSchema

    name = typed.strip()
    if not name.isidentifier():
        return AnswerSchema.of(typed)
    if name in names:
        return AnswerSchema.of(names[name])
    known = schema_names(names)
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        raise InputError(f'There is no "{name}" in this notebook. Did you mean "{near[0]}"?', f"{_FORMS}.")
    here = f" (here: {', '.join(known[:5])})" if known else ""
    raise InputError(f'There is no "{name}" in this notebook.', f"{_FORMS}{here}.")


def schema_names(names: Mapping[str, Any]) -> list[str]:
    """Variables that can be a schema: Pydantic models and dicts."""
    return sorted(
        name
        for name, value in names.items()
        if not name.startswith("_") and name not in _IPYTHONS_OWN and _may_be_schema(value)
    )


def _may_be_schema(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(isinstance(key, str) for key in value)
    # Pydantic's own classes, such as an imported BaseModel, have no fields.
    return (
        isinstance(value, type)
        and callable(getattr(value, "model_json_schema", None))
        and not value.__module__.startswith("pydantic.")
    )
