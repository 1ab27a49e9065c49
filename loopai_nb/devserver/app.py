"""The application: surfaces, control routes and a documentation page, behind the guard."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import FastAPI, Request

from loopai_nb.devserver.delivery import HTML, Delivery, encode
from loopai_nb.devserver.docs_page import docs_page
from loopai_nb.devserver.generate_api import generate_router
from loopai_nb.devserver.guard import BODY, Guard
from loopai_nb.devserver.loopai_api import loopai_router
from loopai_nb.devserver.openai_api import DESCRIPTION, openai_router
from loopai_nb.devserver.routes import example_body
from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp

    from loopai_nb.devserver.desk import Desk

__all__ = ["make_app"]


def make_app(desk: Desk, hosts: Iterable[str] = ()) -> ASGIApp:
    """Return the guarded application.

    Args:
        desk: State that its routes share.
        hosts: Host names, beside the loopback's, under which it may be asked.
    """
    # FastAPI's own pages fetch scripts from a CDN: /docs is ours.
    api = FastAPI(title="loopai-nb devserver", version=package_version(), docs_url=None, redoc_url=None)
    api.include_router(openai_router(desk))
    api.include_router(loopai_router(desk, lambda: health_json(desk)))
    api.include_router(generate_router(desk))
    _add_control(api, desk)

    @api.get("/health", tags=["Health"], summary="Is it up?")
    async def health() -> Delivery:
        return Delivery(200, [encode(health_json(desk))])

    @api.get("/docs", include_in_schema=False)
    async def docs() -> Delivery:
        # Nothing is fetched and nothing runs, whatever an example may hold.
        policy = (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'")
        return Delivery(200, [docs_page(api.openapi(), DESCRIPTION)], content_type=HTML, headers=[policy])

    return Guard(api, desk.handlers, desk.settings, desk.counters, hosts)


def package_version() -> str:
    """Version of loopai_nb, or "0" where it runs from a tree that is not installed."""
    try:
        return version("loopai_nb")
    except PackageNotFoundError:
        return "0"


def health_json(desk: Desk) -> dict[str, Any]:
    """Return what all clients read of a health check."""
    return {
        "status": "healthy",
        "version": package_version(),
        "timestamp": datetime.now(UTC).isoformat(),
        "environment": "development",
        "model": desk.settings.models[0],
    }


def _add_control(api: FastAPI, desk: Desk) -> None:
    @api.get("/_dev/stats", tags=["Control"], summary="What this server was asked")
    async def stats() -> Delivery:
        return Delivery(200, [encode(desk.counters.stats().as_json())])

    @api.post("/_dev/reset", tags=["Control"], summary="Count anew, and go back to the settings of the start")
    async def reset() -> Delivery:
        desk.reset()
        return Delivery(200, [encode({"status": "reset"})])

    @api.post(
        "/_dev/faults",
        tags=["Control"],
        summary="Set faults, waits and limits of the requests to come",
        openapi_extra=FAULTS_BODY,
    )
    async def faults(request: Request) -> Delivery:
        try:
            desk.control(orjson.loads(request.scope[BODY] or b"{}"))
        except orjson.JSONDecodeError:
            return desk.error(400, {"error": {"message": "The body is not valid JSON."}})
        except InputError as error:
            return desk.error(400, {"error": {"message": str(error)}})
        return Delivery(200, [encode(desk.state())])


FAULTS_BODY = example_body(
    {
        "plan": "429:ms*3, ok*2, reset_mid",
        "rates": {"500": 0.1, "truncated": 0.05},
        "marked": {"ROW 17": "lost*2"},
        "storm": "503:none=0.5",
        "storm_requests": 100,
        "latency_ms": 50,
        "capacity": 8,
        "requests_per_minute": 600,
    }
)
