"""Loopai's wire: both casings, bodies checked field by field, and the two error shapes in one."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import orjson

__all__ = ["Body", "Refused", "camel", "loopai_error", "utc_now"]

_WORD_END = re.compile(r"_([a-z])")
_UPPER = re.compile(r"(?<!^)([A-Z])")

_CODES = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    429: "RATE_LIMIT_EXCEEDED",
    500: "INTERNAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
}


def utc_now() -> str:
    """Return the time as Loopai writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def loopai_error(
    status: int, message: str, code: str | None = None, details: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return an error that every client reads: the application's shape and the framework's, in one object."""
    trace = uuid.uuid4().hex
    error: dict[str, Any] = {
        "code": code or _CODES.get(status, "INTERNAL_ERROR"),
        "message": message,
        "trace_id": trace,
        "timestamp": utc_now(),
    }
    if details is not None:
        error["details"] = [{"property_name": name, "error_message": text} for name, text in details.items()]
        error["errors"] = {name: [text] for name, text in details.items()}
        error |= {"title": "One or more validation errors occurred.", "status": status, "traceId": trace}
    return error


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(
        self, status: int, message: str, code: str | None = None, details: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.payload = loopai_error(status, message, code, details)


class Body:
    """A JSON object whose fields are read under either casing; problems are gathered and raised together.

    Args:
        raw: Bytes of the request, or an object inside of it.
        where: Prefix of the names in messages.

    Raises:
        Refused: It is no JSON object.
    """

    def __init__(self, raw: bytes | Any, where: str = "", problems: dict[str, str] | None = None) -> None:
        try:
            value = orjson.loads(raw) if isinstance(raw, bytes) else raw
        except orjson.JSONDecodeError:
            value = None
        if not isinstance(value, dict):
            name = where.rstrip(".") or "$"
            text = "The JSON value could not be converted to an object."
            raise Refused(400, f"{name}: {text}", details={name: text})
        self._where = where
        self.problems: dict[str, str] = {} if problems is None else problems
        self.camel = any(_UPPER.search(name) for name in value)
        self._fields = {_snake(name): field for name, field in value.items()}

    def require(self, name: str) -> Any:
        """Return a field; its absence is a problem."""
        if name not in self._fields:
            self.problem(name, "The field is required.")
        return self._fields.get(name)

    def text(self, name: str, most: int, *, pattern: str = "") -> str:
        """Return a string of 1 to ``most`` characters."""
        value = self.require(name)
        if name not in self._fields:
            return ""
        if not isinstance(value, str) or not 1 <= len(value) <= most:
            self.problem(name, f"Must be a text of 1 to {most} characters.")
        elif pattern and not re.fullmatch(pattern, value):
            self.problem(name, "May hold letters, digits, '.', '_' and '-' only.")
        return value if isinstance(value, str) else ""

    def number(self, name: str, default: float, low: float, high: float) -> float:
        """Return a number within limits."""
        value = self._fields.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            self.problem(name, f"Must be a number from {low:g} to {high:g}.")
            return default
        return float(value)

    def integer(self, name: str, low: int = 1, high: int = 2**31 - 1) -> int | None:
        """Return an integer within limits, or None where it is absent."""
        value = self._fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.problem(name, f"Must be an integer from {low} to {high}.")
            return None
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean, false where it is absent."""
        value = self._fields.get(name)
        if value is not None and not isinstance(value, bool):
            self.problem(name, "Must be true or false.")
        return value is True

    def items(self, name: str, *, required: bool = False) -> list[Any]:
        """Return a list, empty where it is absent."""
        value = self.require(name) if required else self._fields.get(name)
        if value is not None and not isinstance(value, list):
            self.problem(name, "Must be a list.")
        return value if isinstance(value, list) else []

    def guid(self, name: str) -> str:
        """Return a GUID in canonical form."""
        value = self.require(name)
        found = as_guid(value)
        if name in self._fields and found is None:
            self.problem(name, "The JSON value could not be converted to a GUID.")
        return found or ""

    def get(self, name: str) -> Any:
        """Return a field as it is, None where it is absent."""
        return self._fields.get(name)

    def problem(self, name: str, text: str) -> None:
        """Note that a field is wrong."""
        self.problems.setdefault(f"{self._where}{name}", text)

    def check(self) -> None:
        """Raise what was gathered.

        Raises:
            Refused: A field is wrong.
        """
        if self.problems:
            message = " ".join(f"{name}: {text}" for name, text in self.problems.items())
            raise Refused(400, message, details=self.problems)


def as_guid(value: object) -> str | None:
    """Return a GUID in canonical form, None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        return str(uuid.UUID(value))
    except ValueError:
        return None


def _snake(name: str) -> str:
    return _UPPER.sub(r"_\1", name).lower()


def camel(value: Any, *, inside: bool = True) -> Any:
    """Return a copy with camelCase names; what a user put in (schemas, examples, outputs) keeps its names."""
    if isinstance(value, list):
        return [camel(item) for item in value] if inside else value
    if not isinstance(value, dict):
        return value
    theirs = {"output", "input", "input_schema", "output_schema", "examples"}
    return {
        _WORD_END.sub(lambda m: m.group(1).upper(), name): field if name in theirs else camel(field)
        for name, field in value.items()
    }
