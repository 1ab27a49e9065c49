"""The pages of a real ledger, served by a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from pages import House

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"))
    with made.server:
        yield made
    made.ledger.close()


@pytest.fixture
def house(_house: House) -> Iterator[House]:
    """The pages, served; one server and ledger a file, in which each test asks its own questions."""
    yield _house
    _house.ahead_s = 0.0


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A browser without scripts and cookies."""
    with httpx.Client(timeout=30, trust_env=False) as made:
        yield made


@pytest.fixture
def decide(client):
    """Posts a decision as the form of a page does."""

    def post(link, row, *, headers=None, **given):
        form = {"digest": row.digest, "decision": "approve", "name": "Bo", "reason": ""} | given
        origin = "/".join(link.split("/")[:3])
        return client.post(link, data=form, headers={"Origin": origin} if headers is None else headers)

    return post
