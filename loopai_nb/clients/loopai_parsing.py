"""Where pydantic's errors become ours: a request refused before it is sent, an answer that is no answer."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import pydantic

from loopai_nb.clients.answers import one_line
from loopai_nb.clients.loopai_errors import AnswerUnreadable, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["guid", "parsed", "refused_here"]

_NAMED_AT_MOST = 3

Model = TypeVar("Model", bound=pydantic.BaseModel)


@contextlib.contextmanager
def refused_here() -> Iterator[None]:
    """Raise what pydantic refuses inside as a ``ValidationError`` of Loopai's; nothing was sent."""
    try:
        yield
    except pydantic.ValidationError as exc:
        errors = _errors(exc)
        named = "; ".join(f"{name}: {texts[0]}" for name, texts in errors.items())
        raise ValidationError(
            f"The request is not as Loopai takes it ({named}).",
            hint="Correct it; nothing was sent.",
            errors=errors,
            kind="invalid_request",
        ) from exc


def guid(task_id: UUID | str) -> str:
    """Return a GUID's usual text.

    Raises:
        ValidationError: It is none.
    """
    try:
        return str(UUID(str(task_id)))
    except ValueError as exc:
        raise ValidationError(
            "The task's id is no GUID.",
            hint="Pass the id of a TaskResponse; nothing was sent.",
            errors={"task_id": ["Not a GUID."]},
            kind="invalid_request",
        ) from exc


def parsed(kind: type[Model], fields: Mapping[str, Any]) -> Model:
    """Return an answer's fields as a model.

    Raises:
        AnswerUnreadable: They are no such answer; kind ``"not_loopai"``.
    """
    try:
        return kind.model_validate(fields)
    except pydantic.ValidationError as exc:
        errors = list(_errors(exc).items())[:_NAMED_AT_MOST]
        named = one_line("; ".join(f"{name}: {texts[0]}" for name, texts in errors))
        raise AnswerUnreadable(
            f"The Loopai server's answer is no {kind.__name__} ({named}).",
            200,
            hint="Check that the URL is a Loopai server's, and which version it is.",
            kind="not_loopai",
        ) from exc


def _errors(exc: pydantic.ValidationError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in exc.errors(include_url=False, include_context=False, include_input=False):
        found.setdefault(".".join(map(str, one["loc"])), []).append(one["msg"])
    return found
