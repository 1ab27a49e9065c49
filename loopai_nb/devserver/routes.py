"""How the model routes stand in the application: FastAPI describes them, the guard calls them directly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request  # noqa: TC002  (FastAPI reads the annotations)

from loopai_nb.devserver.delivery import Delivery  # noqa: TC001  (as above)
from loopai_nb.devserver.guard import BODY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["example_body", "route"]


def route(
    router: APIRouter,
    path: str,
    handler: Callable[[bytes, str], Awaitable[Delivery]],
    summary: str,
    body: dict[str, Any],
) -> None:
    """Add a POST of a model route, whose handler takes body and path."""

    @router.post(path, summary=summary, openapi_extra=body)
    async def endpoint(request: Request) -> Delivery:
        return await handler(request.scope[BODY], request.scope["path"])


def example_body(value: dict[str, Any], *required: str) -> dict[str, Any]:
    """Return OpenAPI's description of a JSON body, by example."""
    schema = {"type": "object", "required": [*required]}
    content = {"application/json": {"schema": schema, "example": value}}
    return {"requestBody": {"required": True, "content": content}}
