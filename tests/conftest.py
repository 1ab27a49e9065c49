"""One embedded Postgres for the whole test session, and a fresh database for each test that asks."""

from __future__ import annotations

import collections
import contextlib
import gc
import itertools
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
import pytest
from hypothesis import HealthCheck, settings

from loopai_nb.postgres.embedded import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# An example that takes long tells of the machine. The parent finds the same examples each time in CI.
settings.register_profile(
    "loopai_nb", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("loopai_nb")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while thousands of tests are made, which takes a quarter of that time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()  # what was made lives to the end: no later look goes through it


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A running server that ends with the session; ``postgres.url`` is of its database ``demo``."""
    # Not pytest's folder: as root it is closed to `nobody`, whom the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="loopai-nb-tests-"))
    try:
        with EmbeddedPostgres(folder) as server:
            with contextlib.closing(psycopg2.connect(server.url)) as connection:
                connection.autocommit = True
                with connection.cursor() as cursor:
                    # Processes are killed here, never the machine; making a database waits for the disk most.
                    cursor.execute("ALTER SYSTEM SET fsync = off")
                    cursor.execute("SELECT pg_reload_conf()")
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _ended() -> collections.deque[str]:
    """Databases of ended tests. To drop one at once waits 0.1 s, as somebody is just leaving it."""
    return collections.deque()


@pytest.fixture(scope="session")
def _database_names() -> Iterator[str]:
    return (f"test_{os.getpid()}_{n}" for n in itertools.count(1))


@pytest.fixture
def database(
    postgres: EmbeddedPostgres, _database_names: Iterator[str], _ended: collections.deque[str]
) -> Iterator[str]:
    """URL of an empty database of this test's own, from which everybody is sent away after it."""
    name = next(_database_names)
    with contextlib.closing(psycopg2.connect(postgres.url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            if len(_ended) > 3:
                cursor.execute(f"DROP DATABASE {_ended.popleft()} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name}")
            yield postgres.url.rpartition("/")[0] + f"/{name}"
            leave = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            cursor.execute(leave, (name,))
            _ended.append(name)


@pytest.fixture
def until() -> Callable[..., None]:
    """Waits until a condition is true, and fails the test when it does not come true in time."""

    def wait(true: Callable[[], object], within_s: float = 60) -> None:
        deadline_s = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < deadline_s, f"not within {within_s} s"
            time.sleep(0.01)

    return wait


@pytest.fixture
def one_day(until: Callable[..., None]) -> None:
    """The day (UTC) does not end within the test: its last minute is let go by."""
    until(lambda: time.time() % 86_400 < 86_400 - 60, within_s=90)
