"""A request as it would be sent, shown without its key, and as a curl command that can be pasted."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from loopai_nb.clients.loopai_values import as_input
from loopai_nb.clients.openai_dialect import USUAL_DIALECT
from loopai_nb.clients.schemas import SchemaParts
from loopai_nb.records import ServerKind
from loopai_nb.redaction import MASK

if TYPE_CHECKING:
    from loopai_nb.records import Parameters

__all__ = ["SentAs", "sent_as"]

KEY_NAME = "LOOPAI_API_KEY"
_MOST_ARGUMENT = 100_000
"""Bytes of a body that are an argument: Linux takes 128 KiB in one."""

_END = "LOOPAI_BODY"


@dataclass(frozen=True, slots=True)
class SentAs:
    """One request.

    Attributes:
        url: Where to.
        headers: All but those of the connection, the key masked.
        body: JSON in ASCII: a character that would not be seen is an escape.
    """

    url: str
    headers: dict[str, str]
    body: str

    def curl(self) -> str:
        """As a command for a POSIX shell, with the key from the variable ``LOOPAI_API_KEY``."""
        lines = [f"curl {shlex.quote(self.url)}"]
        for name, value in self.headers.items():
            if name == "authorization":
                lines.append(f'-H "authorization: Bearer ${KEY_NAME}"')
            else:
                lines.append(f"-H {shlex.quote(f'{name}: {value}')}")
        short = len(self.body) <= _MOST_ARGUMENT
        lines.append(f"--data-binary {shlex.quote(self.body) if short else '@-'}")
        command = " \\\n  ".join(lines)
        # JSON has no line of its own that could end it early.
        return command if short else f"{command} <<'{_END}'\n{self.body}\n{_END}"


def sent_as(
    kind: ServerKind, base_url: str, model: str, prompt: str, system: str | None, parameters: Parameters
) -> SentAs:
    """What a client of this kind sends to a server that has refused nothing.

    Args:
        kind: Its protocol.
        base_url: As plans have it.
        model: The model's name, or a task's id.
        prompt: Rendered.
        system: Rendered, or None.
        parameters: Of the plan.
    """
    path, body = _MADE[kind](model, prompt, system, parameters)
    return SentAs(
        base_url + path, {"content-type": "application/json", "authorization": MASK}, json.dumps(body)
    )


def _openai(model: str, prompt: str, system: str | None, parameters: Parameters) -> tuple[str, Any]:
    body = USUAL_DIALECT.body(model, prompt, system, parameters, SchemaParts())
    return "/chat/completions", json.loads(body)


def _generate(_model: str, prompt: str, system: str | None, parameters: Parameters) -> tuple[str, Any]:
    if parameters.schema is not None:
        prompt = SchemaParts().instructed(prompt, parameters.schema)
    body: dict[str, object] = {"prompt": prompt}
    if system is not None:
        body["system_prompt"] = system
    body |= {"max_new_tokens": parameters.max_tokens, "temperature": parameters.temperature}
    return "/generate", body | dict(parameters.extra)


def _loopai(model: str, prompt: str, _system: str | None, parameters: Parameters) -> tuple[str, Any]:
    passed_on = ("version", "timeout_ms", "force_validation")
    body = {name: parameters.extra[name] for name in passed_on if name in parameters.extra}
    return f"/api/v1/tasks/{quote(model, safe='')}/execute", body | {
        "task_id": model,
        "input": as_input(prompt),
    }


_MADE = {ServerKind.OPENAI: _openai, ServerKind.GENERATE: _generate, ServerKind.LOOPAI: _loopai}
