"""A program that has everything imported and nothing opened, and forks a worker for each order.

A Python process takes a second or two to import pandas and the rest; a fork of this one takes milliseconds.
It is a process like any other, with its own session, ledger, loop and threads, to be killed at will.

Orders come as JSON lines on stdin, each answered by one on stdout; the workers end with this process.
"""

import ctypes
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path

SIGNAL_WHEN_PARENT_ENDS = 1  # PR_SET_PDEATHSIG, prctl(2)
THREADS = Path("/proc/self/task")


def main() -> None:
    """Carry out orders until stdin ends: import, start, poll."""
    sys.path.insert(0, str(Path(__file__).parent))
    ended: dict[int, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if order["do"] == "import":
            for name in order["modules"]:
                # What only one process can import (__main__, what a test made up) is no loss.
                try:
                    importlib.import_module(name)
                except Exception:  # noqa: BLE001, S112  (a module that can't be imported alone)
                    continue
            gc.freeze()  # else each fork copies what its collector touches
            said = len(list(THREADS.iterdir())) if THREADS.exists() else 1
        elif order["do"] == "start":
            said = os.fork()
            if said == 0:
                _work(order)
            ended.pop(said, None)  # the number of one that has ended long ago: there are 32,768 of them
        else:
            pid = order["pid"]
            if pid not in ended:
                found, status = os.waitpid(pid, os.WNOHANG)
                if found:
                    ended[pid] = os.waitstatus_to_exitcode(status)
            said = ended.get(pid)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


def _work(order: dict) -> None:
    code = 1
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(SIGNAL_WHEN_PARENT_ENDS, signal.SIGKILL)
        out = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        null = os.open(os.devnull, os.O_RDONLY)
        for ours, wanted in ((null, 0), (out, 1), (out, 2)):
            os.dup2(ours, wanted)
        import working

        getattr(working, order["job"])(**order["arguments"])
        code = 0
    except BaseException:  # noqa: BLE001  (a process's border: the test reads what it said)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
