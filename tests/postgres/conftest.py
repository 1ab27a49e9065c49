"""Folders for embedded servers of a test's own, and processes that use them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USER = """
import sys
from pathlib import Path
from loopai_nb.postgres.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), system_dir=Path(sys.argv[2])).start()
print(server.url, flush=True)
sys.stdin.read()
server.stop()
"""


def wait_until(true: Callable[[], bool], timeout_s: float = 60) -> bool:
    """Return whether something became true in time."""
    deadline = time.monotonic() + timeout_s
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


class User:
    """A Python process that uses an embedded server until it is told to leave or is killed."""

    def __init__(self, folder: Path, system_dir: Path, **options: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(folder), str(system_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )

    @property
    def url(self) -> str:
        """Where its server is; waits until it has started."""
        if not hasattr(self, "_url"):
            self._url = self.process.stdout.readline().strip()
            assert self._url, "it did not start"
        return self._url

    def leave(self) -> None:
        """Let it stop and end."""
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End it as `kill -9` does."""
        self.process.kill()
        self.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def open_dir() -> Iterator[Path]:
    """A folder that every account can pass through, as ``/var/lib`` is; pytest's is not, as root."""
    folder = Path(tempfile.mkdtemp(prefix="loopai-nb-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def use(open_dir: Path) -> Iterator[Callable[..., User]]:
    """Start processes that use a folder's server: ``use(folder)``; those that are left are ended."""
    users = []

    def start(folder: Path, **options: object) -> User:
        users.append(User(folder, open_dir, **options))
        return users[-1]

    yield start
    for user in users:
        if user.process.poll() is None:
            user.kill()
        user.process.stdout.close()
        user.process.stdin.close()


@pytest.fixture
def root() -> None:
    """Skip where the test needs root's powers."""
    if os.geteuid() != 0:
        pytest.skip("needs root")
