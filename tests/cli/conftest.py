import contextlib
import io
import os
import pty
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg2
import pytest

from loopai_nb.cli import main
from loopai_nb.devserver.serve import DevServer

TEMPLATE = "Which part was hit? windshield, engine, wing, other. One word.\n{{ remarks }}"
PARTS = ("windshield", "engine", "wing")
WAIT_S = 60


class Ended(NamedTuple):
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def run_id(self) -> str:
        """The run that was spoken of."""
        return re.search(r"\br-[0-9a-f]{4,}", self.err)[0]


class CommandLine:
    """``loopai-nb`` as a process of its own, in an empty folder and with settings of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen] = []
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "LOOPAI_LEDGER": str(folder / "ledger.sqlite3"),
            "LOOPAI_USER": "tester",
        }

    def __call__(self, *words, stdin="", **env):
        """Run it to its end."""
        ended = subprocess.run(
            self.command(words),
            cwd=self.folder,
            env=self.env | env,
            input=stdin.encode(),
            capture_output=True,
            timeout=WAIT_S,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def inside(self, *words):
        """Run it to its end in this process, which saves the imports."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            for name in [name for name in os.environ if name.startswith(("LOOPAI_", "DB_", "DATABASE"))]:
                patch.delenv(name)
            for name, value in self.env.items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.StringIO())
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(list(map(str, words)))
        return Ended(code, out.getvalue(), err.getvalue())

    def command(self, words):
        """What is executed."""
        return [sys.executable, "-m", "loopai_nb.cli", *map(str, words)]

    def start(self, *words, **streams):
        """Start it and go on; what still runs when its test ends is killed."""
        process = subprocess.Popen(self.command(words), cwd=self.folder, env=self.env, **streams)
        self.started.append(process)
        return process

    def end(self):
        """Leave nothing behind, also of a test that failed: the next one would be blamed for it."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()


class Terminal:
    """The command line with a terminal for stdin and stderr; stdout is a pipe."""

    def __init__(self, command_line: CommandLine, *words: str) -> None:
        self._fd, inner = pty.openpty()
        self.process = command_line.start(
            *words, stdin=inner, stderr=inner, stdout=subprocess.PIPE, start_new_session=True
        )
        os.close(inner)
        self.seen = ""

    def until(self, pattern: str) -> str:
        """Read what the terminal shows until it matches."""
        deadline_s = time.monotonic() + WAIT_S
        while not re.search(pattern, self.seen):
            assert time.monotonic() < deadline_s, self.seen
            try:
                data = os.read(self._fd, 4096)
            except OSError:  # Linux: the other side is closed
                data = b""
            assert data, f"it ended without {pattern!r}: {self.seen}"
            self.seen += data.decode()
        return self.seen

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._fd, text.encode())

    def end(self) -> tuple[int, str, str]:
        """Exit code, stdout, and all that the terminal showed."""
        out, _ = self.process.communicate(timeout=WAIT_S)
        while True:
            try:
                data = os.read(self._fd, 4096)
            except OSError:
                break
            if not data:
                break
            self.seen += data.decode()
        return self.process.returncode, out.decode(), self.seen

    def close(self) -> None:
        """End it, however it stands."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        os.close(self._fd)


@pytest.fixture
def devserver() -> Iterator[DevServer]:
    """A model server of this test's own."""
    with DevServer() as server:
        yield server


@pytest.fixture
def cli(tmp_path) -> Iterator[CommandLine]:
    """Knows no database and no model server."""
    made = CommandLine(tmp_path)
    yield made
    made.end()


@pytest.fixture
def ready(cli, devserver) -> CommandLine:
    """Knows the model server."""
    cli.env["LOOPAI_SERVER"] = devserver.openai_url
    return cli


@pytest.fixture
def birds(database) -> str:
    """URL of a database with the table ``strikes``: id, remarks; 30 rows that differ."""
    connection = psycopg2.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE strikes (id int PRIMARY KEY, remarks text)")
        cursor.executemany(
            "INSERT INTO strikes VALUES (%s, %s)",
            [(n, f"bird {n} struck the {PARTS[n % 3]}") for n in range(30)],
        )
    connection.close()
    return database


@pytest.fixture
def birds_csv(tmp_path):
    """Makes a CSV file with a column ``remarks``."""

    def make(n):
        path = tmp_path / "birds.csv"
        lines = [f"{i},bird {i} struck the {PARTS[i % 3]}\n" for i in range(n)]
        path.write_text("id,remarks\n" + "".join(lines))
        return path

    return make


@pytest.fixture
def terminal():
    """Starts the command line in a terminal."""
    opened = []

    def start(command_line, *words):
        opened.append(Terminal(command_line, *words))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture
def template():
    """Asks for one of three parts."""
    return TEMPLATE
