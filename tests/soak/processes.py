"""Workers of a soak as a test sees them: started, watched and killed."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = Path(__file__).with_name("forking.py")
LONGEST_S = 120.0

# Only a process without threads may be forked: numpy's linear algebra and pyarrow's allocator have some.
_NO_THREADS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}


class Workers:
    """Starts workers as forks of one process that has imported all they need.

    Args:
        folder: For what they say.
        shim: A library that is loaded before all others; None for none.
    """

    def __init__(self, folder, shim=None):
        self.shim = None if shim is None else str(shim)
        self._folder = folder
        self._numbers = itertools.count()
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **_NO_THREADS, **({} if shim is None else {"LD_PRELOAD": self.shim})},
        )

    def warm(self, server, ledger):
        """Import whatever a run imports; a worker tells which modules that are."""
        worker = self.start("modules", server=server, ledger=ledger)
        assert worker.wait() == 0, worker.said()
        threads = self.order(do="import", modules=worker.words()[-1])
        assert threads == 1, "a module starts a thread when it is imported: it can't be forked"

    def start(self, job, **arguments):
        """Fork a worker that does a job of working.py."""
        said = self._folder / f"said-{next(self._numbers)}"
        pid = self.order(do="start", job=job, arguments=arguments, said=str(said))
        return Worker(self, pid, said)

    def order(self, **what):
        """Give an order, and read the answer to it."""
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        """End the process and with it all workers."""
        self._process.kill()
        self._process.communicate()


class Worker:
    """One forked process."""

    def __init__(self, workers, pid, said):
        self._workers = workers
        self._pid = pid
        self._said = said
        self.began_s = time.monotonic()

    def code(self):
        """Its exit code, minus the signal that killed it; None while it lives."""
        return self._workers.order(do="poll", pid=self._pid)

    def kill(self):
        """Kill -9; whether it was still alive."""
        if self.code() is not None:
            return False
        os.kill(self._pid, signal.SIGKILL)
        return self.wait() == -signal.SIGKILL

    def wait(self, within_s=LONGEST_S):
        """Its exit code, once it has ended."""
        deadline_s = time.monotonic() + within_s
        while (code := self.code()) is None:
            if time.monotonic() > deadline_s:
                raise AssertionError(f"not within {within_s} s; it said: {self.said()}")
            time.sleep(0.001)
        return code

    def said(self):
        """All that it wrote."""
        return self._said.read_text(encoding="utf-8") if self._said.exists() else ""

    def words(self):
        """The lines that it wrote, each from JSON."""
        lines = self.said().splitlines()
        return [json.loads(line) for line in lines if line.startswith(("[", "{", '"'))]
