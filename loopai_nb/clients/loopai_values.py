"""Prompts as a Loopai task's input, and its output as a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from loopai_nb.clients.answers import limits_of
from loopai_nb.clients.loopai_errors import AnswerUnreadable, ServerRefused
from loopai_nb.records import Reply, Usage

if TYPE_CHECKING:
    from loopai_nb.clients.answers import HttpAnswer

__all__ = ["as_input", "reply_of", "takes_no_system"]


def as_input(prompt: str) -> dict[str, Any]:
    """Return a prompt as a task's input: a JSON object as it is, any other text under ``text``."""
    if prompt.lstrip().startswith("{"):
        try:
            data = orjson.loads(prompt)
        except orjson.JSONDecodeError:
            pass
        else:
            if isinstance(data, dict):
                return data
    return {"text": prompt}


def takes_no_system() -> ServerRefused:
    """Return the error of a request with a system prompt: dropped, it would not be what was approved."""
    return ServerRefused(
        "A Loopai task takes no system prompt.",
        hint="Leave it out; the task's description says what to do.",
        kind="system_prompt",
    )


def reply_of(output: object, answer: HttpAnswer, task_id: str, *, latency_ms: float | None = None) -> Reply:
    """Return an execution's output as a reply; Loopai counts no tokens.

    Args:
        output: Any JSON value; what is no text becomes JSON.
        answer: Which it came in.
        task_id: Of the task.
        latency_ms: Of this execution; by default the answer's.

    Raises:
        AnswerUnreadable: It is nested deeper than 254; kind ``"not_json"``.
    """
    try:
        text = output if isinstance(output, str) else orjson.dumps(output).decode()
    except orjson.JSONEncodeError:
        raise AnswerUnreadable(
            "The Loopai server answered with an output that is nested too deep.",
            answer.status_code,
            kind="not_json",
            limits=limits_of(answer.headers),
        ) from None
    return Reply(
        text=text,
        usage=Usage(),
        model=task_id,
        latency_ms=answer.latency_ms if latency_ms is None else latency_ms,
        limits=limits_of(answer.headers),
    )
