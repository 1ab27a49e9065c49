"""The simple server of the first design: ``/generate`` takes a prompt and answers text and stats."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter

from loopai_nb.devserver.desk import Desk, Work
from loopai_nb.devserver.model import count_tokens
from loopai_nb.devserver.routes import example_body, route

if TYPE_CHECKING:
    from loopai_nb.devserver.delivery import Delivery

__all__ = ["generate_router"]


def generate_error(status: int, message: str, code: str | None = None) -> dict[str, Any]:
    """Return an error as FastAPI servers write it."""
    return {"detail": message, "code": code or str(status)}


def generate_router(desk: Desk) -> APIRouter:
    """Return the route ``/generate``."""
    router = APIRouter(tags=["Generate"])

    async def generate(body: bytes, _path: str) -> Delivery:
        started = time.perf_counter()
        try:
            prompt, system, most = _read(body, desk)
        except ValueError as error:
            status = 422
            return desk.error(status, generate_error(status, str(error)))

        def work() -> Work:
            said = desk.model.answer(prompt, system, most)
            asked, answered = count_tokens(f"{system}{prompt}"), count_tokens(said.text)
            seconds = time.perf_counter() - started
            stats = {
                "prompt_tokens": asked,
                "completion_tokens": answered,
                "total_tokens": asked + answered,
                "tokens_generated": answered,
                "latency_ms": seconds * 1000,
                "finish_reason": "length" if said.cut else "stop",
                "model": desk.settings.models[0],
            }
            return Work({"response": said.text, "stats": stats}, [(asked, answered)])

        tokens = count_tokens(prompt) + count_tokens(system) + most
        return await desk.serve([prompt], work, generate_error, tokens=tokens)

    desk.handlers["generate"] = generate
    route(router, "/generate", generate, "Answer one prompt", GENERATE_BODY)
    return router


def _read(raw: bytes, desk: Desk) -> tuple[str, str, int]:
    """Return prompt, system prompt and most tokens.

    Raises:
        ValueError: The body is not valid; the text says why.
    """
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise ValueError("The body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise ValueError("The body must be a JSON object.")  # noqa: TRY004  (one kind of refusal for the caller)
    prompt, system = body.get("prompt"), body.get("system_prompt")
    if not isinstance(prompt, str) or not isinstance(system, str | None):
        raise ValueError("prompt must be text; system_prompt text or absent.")  # noqa: TRY004  (as above)
    most = body.get("max_new_tokens", 512)
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise ValueError("max_new_tokens must be an integer of at least 1.")
    temperature = body.get("temperature", 0.7)
    if isinstance(temperature, bool) or not isinstance(temperature, int | float) or not 0 <= temperature <= 2:  # noqa: PLR2004  (the usual range)
        raise ValueError("temperature must be a number from 0 to 2.")
    if count_tokens(prompt) + count_tokens(system or "") + most > desk.settings.context_tokens:
        raise ValueError(f"The prompt and max_new_tokens pass {desk.settings.context_tokens} tokens.")
    return prompt, system or "", most


GENERATE_BODY = example_body(
    {"prompt": "Which part was hit? engine, wing, other.\nSTRUCK LEFT WING", "max_new_tokens": 16}, "prompt"
)
