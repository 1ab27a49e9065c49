"""Which error a Loopai server's refusal is, read from either of the two shapes that its error bodies have."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import orjson

from loopai_nb.clients.answers import limits_of, one_line, raise_for_status, word
from loopai_nb.clients.loopai_errors import (
    AnswerUnreadable,
    AnswerUnsure,
    ConnectionLost,
    ConnectionRefused,
    ExecutionDeferred,
    ExecutionFailed,
    LoopaiError,
    ServerBusy,
    ServerRefused,
    TimeoutError,  # noqa: A004  (the field's name)
    ValidationError,
)
from loopai_nb.errors import (
    AnswerInvalid,
    ModelServerError,
    OutcomeUnknown,
    RequestDeferred,
    RequestNotSent,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from loopai_nb.clients.answers import HttpAnswer

__all__ = [
    "application_code",
    "check_execution",
    "check_status",
    "failed_execution",
    "loopai_error",
    "text_under",
]

_SERVER = "The Loopai server"
_INVALID = frozenset({400, 422})
_SERVER_ERROR = 500
_TIMEOUTS = frozenset({"timeout", "request_timeout", "gateway_timeout"})
_NAMED_AT_MOST = 3
_READ_AT_MOST = 200
_DEEPEST_PLACE = 8

_HINTS = {
    "unauthorized": "Set LOOPAI_API_KEY, or api_key=, to a key that this server accepts.",
    "not_found": "Check the task's id and that the URL is the server's, such as http://localhost:8080.",
    "too_large": "Send fewer items at a time, or shorter ones.",
}
_HINTS_BY_CODE = {
    "TASK_ALREADY_EXISTS": "Choose another name, or get the task that has it by its id.",
    # The server answers this 500 for a task that it doesn't have, too.
    "EXECUTION_ERROR": "Check with get_task that the task exists and has a program.",
}


def check_status(answer: HttpAnswer) -> None:
    """Return for a 2xx status, raise the fitting error for any other.

    Raises:
        LoopaiError: As its branch says.
    """
    try:
        raise_for_status(answer, what=_SERVER)
    except ModelServerError as error:
        # from None: it says the same in the words of every protocol.
        raise loopai_error(error, answer) from None


def check_execution(fields: Mapping[str, Any], answer: HttpAnswer) -> None:
    """Return for an execution that succeeded: one that failed is a success of HTTP.

    Args:
        fields: The answer's JSON object, in either casing.
        answer: Which it came in.

    Raises:
        ExecutionFailed: Its status is ``error``; kind ``"execution_error"``.
        TimeoutError: Its status is ``timeout``; kind ``"execution_timeout"``.
        AnswerUnreadable: It has no status, or another one.
    """
    status = fields.get("status")
    word = status.strip().lower() if isinstance(status, str) else ""
    if word == "success":
        return
    if word in ("error", "timeout"):
        execution_id = text_under(fields, "execution_id", "executionId", "id") or None
        raise failed_execution(fields, answer, execution_id=execution_id, timed_out=word == "timeout")
    raise AnswerUnreadable(
        f"{_SERVER} answered {answer.status_code} with what is no execution (no status).",
        answer.status_code,
        hint="Check that the URL is a Loopai server's.",
        kind="not_loopai",
        limits=limits_of(answer.headers),
    )


def failed_execution(
    fields: Mapping[str, Any], answer: HttpAnswer, *, execution_id: str | None, timed_out: bool
) -> ExecutionFailed | TimeoutError:
    """Return the error of an execution that failed.

    Args:
        fields: Of the execution, or of a batch's item, in either casing.
        answer: Which it came in.
        execution_id: None for one that was never begun.
        timed_out: The program took too long; else it failed.
    """
    said = one_line(text_under(fields, "error_message", "errorMessage"), answer.secrets)
    reason = f": {said.rstrip('.')}." if said else "."
    limits = limits_of(answer.headers)
    if timed_out:
        return TimeoutError(
            f"The task's program did not end in time{reason}",
            answer.status_code,
            hint="Allow more with timeout_ms (60000 at most).",
            execution_id=execution_id,
            kind="execution_timeout",
            limits=limits,
        )
    return ExecutionFailed(
        f"The task's program failed{reason}",
        answer.status_code,
        hint="The same input fails again; correct it or the task.",
        execution_id=execution_id,
        kind="execution_error",
        limits=limits,
    )


def loopai_error(error: ModelServerError, answer: HttpAnswer | None = None) -> LoopaiError:
    """Return an error of the pool or of a status as Loopai's, with all that the answer's body adds.

    Args:
        error: One of the branches of ``ModelServerError``.
        answer: Which it is about; None where none came.
    """
    body = _object(answer)
    code = application_code(answer)
    facts: dict[str, Any] = {
        "hint": _HINTS_BY_CODE.get(code) or _HINTS.get(error.kind) or error.hint,
        "retry_after_s": error.retry_after_s,
        "kind": error.kind,
        "code": code,
        "trace_id": text_under(body, "trace_id", "traceId"),
        "limits": error.limits,
    }
    status = error.status_code
    if status in _INVALID:
        errors = _field_errors(body, answer.secrets if answer else ())
        message = error.message + "".join(
            f" {name}: {texts[0]}" for name, texts in list(errors.items())[:_NAMED_AT_MOST] if texts
        )
        return ValidationError(message, status, errors=errors, details=body.get("details"), **facts)
    if status == _SERVER_ERROR:
        found = text_under(body, "execution_id", "executionId") or None
        return ExecutionDeferred(error.message, status, execution_id=found, **facts)
    return _branch(error)(error.message, status, **facts)


def application_code(answer: HttpAnswer | None) -> str:
    """Return the code that only the application's own errors have (``"TASK_NOT_FOUND"``), else ``""``."""
    return text_under(_object(answer), "code")


def _branch(error: ModelServerError) -> type[LoopaiError]:
    if isinstance(error, RequestNotSent):
        return ConnectionRefused
    if isinstance(error, OutcomeUnknown):
        if error.kind in _TIMEOUTS:
            return TimeoutError
        return ConnectionLost if error.status_code is None else AnswerUnsure
    if isinstance(error, RequestDeferred):
        return ServerBusy
    return AnswerUnreadable if isinstance(error, AnswerInvalid) else ServerRefused


def _object(answer: HttpAnswer | None) -> dict[str, Any]:
    """Return an error's body as an object: empty for a web page, a list, or nothing."""
    try:
        data = orjson.loads(answer.body) if answer else {}
    except orjson.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}


def text_under(fields: Mapping[str, Any], *names: str) -> str:
    """Return the first text under one of the names, such as both casings of one; ``""`` without any."""
    return next((value for name in names if isinstance(value := fields.get(name), str)), "")


def _field_errors(body: Mapping[str, Any], secrets: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the texts by field: of the application, of its framework, and of an edge runtime's FastAPI."""
    found: dict[str, list[str]] = {}
    pairs = itertools.chain(
        _pairs_of_details(body.get("details")),
        _pairs_of_errors(body.get("errors")),
        _pairs_of_detail(body.get("detail")),
    )
    for name, text in itertools.islice(pairs, _READ_AT_MOST):
        texts = found.setdefault(one_line(name, secrets), [])
        line = one_line(text, secrets)
        if line not in texts:
            texts.append(line)
    return found


def _pairs_of_details(details: object) -> Iterable[tuple[str, str]]:
    for item in details if isinstance(details, list) else ():
        if isinstance(item, dict):
            name = text_under(item, "property_name", "propertyName")
            yield name, text_under(item, "error_message", "errorMessage")


def _pairs_of_errors(errors: object) -> Iterable[tuple[str, str]]:
    for name, texts in errors.items() if isinstance(errors, dict) else ():
        for text in texts if isinstance(texts, list) else [texts]:
            yield name, word(text)


def _pairs_of_detail(detail: object) -> Iterable[tuple[str, str]]:
    for item in detail if isinstance(detail, list) else ():
        if isinstance(item, dict) and isinstance(item.get("loc"), list):
            # Its "input" is what was sent, a row's text, and stays out.
            yield ".".join(map(word, item["loc"][:_DEEPEST_PLACE])), text_under(item, "msg")
