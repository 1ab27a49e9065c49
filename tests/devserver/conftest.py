"""A development server for each test, and a plain client: ours are what it is there to test."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from loopai_nb.devserver.serve import DevServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def model_server() -> Iterator[DevServer]:
    """A fresh development server on a free port."""
    with DevServer() as server:
        yield server


@pytest.fixture
def web(model_server) -> Iterator[httpx.Client]:
    """A plain HTTP client of ``model_server``."""
    # An empty context: loading the machine's certificates takes ten times as long as a test.
    no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with httpx.Client(base_url=model_server.url, trust_env=False, timeout=60, verify=no_tls) as client:
        yield client


@pytest.fixture
def chat(web):
    """Ask ``model_server`` one prompt over OpenAI's surface; keyword arguments go into the body."""

    def ask(prompt: str = "Say hello", **body: object) -> httpx.Response:
        message = {"role": "user", "content": prompt}
        return web.post("/v1/chat/completions", json={"model": "demo-lexical", "messages": [message], **body})

    return ask
