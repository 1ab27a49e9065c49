"""How a chat completion is asked for: its body, and what a refusal teaches of the server's own spelling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from loopai_nb.clients.answers import error_fields
from loopai_nb.clients.replies import check_extra, encoded

if TYPE_CHECKING:
    from loopai_nb.clients.answers import ErrorSaid, HttpAnswer
    from loopai_nb.clients.schemas import SchemaParts
    from loopai_nb.records import Parameters

__all__ = ["USUAL_DIALECT", "Dialect", "check_parameters"]

_RESERVED = frozenset(
    {
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "model",
        "n",  # pays for several answers where one was estimated
        "stream",
        "stream_options",
        "temperature",
    }
)
_BAD_REQUEST = 400
_UNPROCESSABLE = 422
SCHEMA_REFUSED = (
    "The server refused the schema as response_format: the prompt asks for it instead, "
    "and every answer is checked against it here."
)
_SCHEMA_WORDS = ("response_format", "json_schema", "json schema")
_UNSUPPORTED = ("unsupported", "not supported", "not support")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What servers of the same protocol disagree about; the default is what most of them take.

    Attributes:
        limit_name: Field for the most tokens of the answer.
        takes_schema: Whether ``response_format`` may hold a JSON Schema; else the prompt asks for it.
    """

    limit_name: str = "max_tokens"
    takes_schema: bool = True

    def body(
        self,
        model: str,
        prompt: str,
        system: str | None,
        parameters: Parameters,
        parts: SchemaParts,
        *,
        stream: bool = False,
    ) -> bytes:
        """Return a request's body.

        Args:
            model: ``""`` leaves the choice to the server.
            prompt: Rendered prompt.
            system: Rendered system prompt, or None.
            parameters: Of the plan.
            parts: Keeps what is sent for the schema.
            stream: Ask for a stream, with its usage.

        Raises:
            InputError: It cannot be written as JSON.
        """
        schema = parameters.schema
        if schema is not None and not self.takes_schema:
            prompt = parts.instructed(prompt, schema)
        messages = [] if system is None else [{"role": "system", "content": system}]
        messages.append({"role": "user", "content": prompt})
        body: dict[str, object] = {"model": model} if model else {}
        body["messages"] = messages
        body[self.limit_name] = parameters.max_tokens
        body["temperature"] = parameters.temperature
        if schema is not None and self.takes_schema:
            body["response_format"] = parts.response_format(schema)
        body.update(parameters.extra)
        if stream:
            body["stream"] = True
            body["stream_options"] = {"include_usage": True}
        return encoded(body)

    def taught_by(self, answer: HttpAnswer, parameters: Parameters) -> Dialect | None:
        """Return the dialect in which to ask again; None where the answer teaches nothing.

        Each lesson is learned once, so asking again comes to an end.

        Args:
            answer: To what was asked in this dialect.
            parameters: With which it was asked.
        """
        if answer.status_code not in (_BAD_REQUEST, _UNPROCESSABLE):
            return None
        said = error_fields(answer)
        if self.limit_name == "max_tokens" and (said.code, said.param) == (
            "unsupported_parameter",
            "max_tokens",
        ):
            return replace(self, limit_name="max_completion_tokens")
        if parameters.schema is not None and self.takes_schema and _refuses_schema(said):
            return replace(self, takes_schema=False)
        return None

    def lessons(self, parameters: Parameters) -> tuple[str, ...]:
        """What a person should know of how these parameters are sent, one sentence each."""
        if parameters.schema is None or self.takes_schema:
            return ()
        return (SCHEMA_REFUSED,)


USUAL_DIALECT = Dialect()
"""What a server is asked in until it says otherwise."""


def check_parameters(parameters: Parameters) -> None:
    """Refuse extra fields that would replace what was approved.

    Raises:
        InputError: ``parameters.extra`` sets what belongs to the plan.
    """
    reserved = _RESERVED if parameters.schema is None else _RESERVED | {"response_format"}
    check_extra(parameters, reserved)


def _refuses_schema(said: ErrorSaid) -> bool:
    """Whether a refusal may be about ``response_format``.

    There is no code for it that servers agree on: some name the field in ``param``, most only in their text,
    and some say no more than "unsupported". Taken wrongly, it costs one more request that is refused too.
    """
    words = f"{said.param} {said.code} {said.text}".lower()
    if any(word in words for word in _SCHEMA_WORDS):
        return True
    return not said.param and any(word in words for word in _UNSUPPORTED)
