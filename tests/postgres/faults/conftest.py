"""Proxies before the real server, a server of one's own to restart, and programs to interrupt."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2
import pytest

from loopai_nb.postgres.embedded import EmbeddedPostgres
from loopai_nb.postgres.engine import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _beside(name: str) -> Any:
    """A module of this folder: tests are files to run, and no package to import from."""
    spec = importlib.util.spec_from_file_location(
        f"loopai_nb_tests_{name}", Path(__file__).with_name(f"{name}.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def make_proxy() -> Callable[..., Any]:
    """``make_proxy(url, ...)``: see proxy.py."""
    return _beside("proxy").Proxy


@pytest.fixture
def proxy(database: str, make_proxy: Callable[..., Any]) -> Iterator[Any]:
    """A proxy before this test's database that passes everything on until it is told otherwise."""
    with make_proxy(database) as running:
        yield running


@pytest.fixture
def opened() -> Iterator[Callable[..., Database]]:
    """``opened(url, ...)`` is a Database that is closed with the test."""
    with contextlib.ExitStack() as all_of_them:

        def make(url: str, **options: Any) -> Database:
            return all_of_them.enter_context(contextlib.closing(Database(url, **options)))

        yield make


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server that this module may stop, starve and fill."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="loopai-nb-tests-"))
    try:
        with EmbeddedPostgres(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def ask(database: str) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """``ask(sql, params)`` on a connection of the test's own, past everything under test."""
    with contextlib.closing(psycopg2.connect(database)) as connection, connection.cursor() as cursor:
        connection.autocommit = True

        def run(sql: str, params: tuple[Any, ...] | None = None) -> list[tuple[Any, ...]]:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else []

        yield run


@pytest.fixture
def program() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """``program(code, *arguments)`` runs Python code in a process of its own, which ends with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True, **options
            )
        )
        return running[-1]

    yield start
    for each in running:
        if each.poll() is None:
            each.kill()
        each.communicate()
