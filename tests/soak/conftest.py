import importlib.util
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from loopai_nb.devserver.serve import DevServer


def _module(name):
    """A file of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"soak_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up here
    spec.loader.exec_module(module)
    return module


places = _module("places")
processes = _module("processes")
_checks = _module("checks")


@pytest.fixture
def server():
    """A fresh development server, which outlives the workers."""
    with DevServer() as made:
        yield made


@pytest.fixture(scope="session")
def workers():
    """Starts processes that are quickly there (forking.py), and whose disk can fail (failing_writes.c)."""
    folder = Path(tempfile.mkdtemp(prefix="loopai-nb-soak-"))
    made = processes.Workers(folder, shim=_compiled(folder))
    try:
        with DevServer() as asked:
            made.warm(asked.openai_url, str(folder / "warm" / "ledger.sqlite3"))
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


def _compiled(folder):
    """The library that makes writes fail; None where it can't be made."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    library = folder / "failing_writes.so"
    source = Path(__file__).with_name("failing_writes.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"], check=True)
    return library


@dataclass
class Soak:
    """What every soak needs.

    Attributes:
        server: A development server, with its counts at zero.
        workers: Starts processes.
        place: Where the ledger lies.
        dice: Random numbers.
        say: Says how far it is.
        checks: What has to be true at the end.
    """

    server: object
    workers: object
    place: object
    dice: object
    say: object
    checks: object = _checks

    def start(self, job, **arguments):
        """Start a worker that does a job of working.py with this server and this ledger."""
        return self.workers.start(job, server=self.server.openai_url, ledger=self.place.address, **arguments)

    def renew(self):
        """A new ledger, and a server that was asked nothing, not even by a process that is dead."""
        while self.server.stats().in_flight:
            time.sleep(0.001)
        self.place.renew()
        self.server.reset()

    def course(self):
        """What the server counted, and what the ledger holds."""
        return self.server.stats(), self.place.state()


@pytest.fixture
def file_soak(server, workers, dice, say, tmp_path):
    """A soak of a ledger in a file."""
    return Soak(server, workers, places.File(tmp_path), dice, say)


@pytest.fixture(params=["sqlite", "postgres"])
def soak(request, file_soak):
    """A soak of a ledger in a file, and of one in a database of a real Postgres."""
    if request.param == "sqlite":
        return file_soak
    return replace(file_soak, place=places.Database(request.getfixturevalue("database")))


@pytest.fixture(scope="session")
def kills():
    """How many kills, and how many races, the long versions make (`make soak KILLS=100`)."""
    return int(os.environ.get("LOOPAI_SOAK_KILLS", "1000"))


@pytest.fixture
def dice(say):
    """Random numbers; SEED of a soak that failed gives the same ones again."""
    seed = int(os.environ.get("LOOPAI_SOAK_SEED", random.randrange(10**6)))  # noqa: S311  (a soak's dice)
    say(f"seed {seed}")
    return random.Random(seed)  # noqa: S311


@pytest.fixture
def say(request, capsys):
    """Says how far a long soak is; the short ones are silent unless they fail."""

    def speak(text):
        if request.node.get_closest_marker("slow"):
            with capsys.disabled():
                sys.stdout.write(f"\n  {request.node.name}: {text}")
                sys.stdout.flush()
        else:
            sys.stdout.write(f"{text}\n")

    return speak
