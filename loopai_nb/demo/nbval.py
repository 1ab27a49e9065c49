"""``python -m loopai_nb.demo.nbval``: compare the committed outputs of the notebooks with a real run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from loopai_nb.demo.stack import Stack

__all__ = ["main"]

AT_ONCE = 2
"""Notebooks compared side by side: each is one kernel, which mostly waits for its own start."""


def main(arguments: list[str]) -> int:
    """Run nbval over each of ``notebooks/`` on a Postgres, a ledger and a model server of its own.

    What one notebook has asked and pushed is not there for the next, as for a person who opens only that one.

    Args:
        arguments: Passed on to pytest.

    Returns:
        The highest of pytest's exit codes; 1 where there are no notebooks.
    """
    notebooks = sorted(str(path) for path in Path("notebooks").glob("*.ipynb"))
    if not notebooks:  # without a path pytest would run all tests instead, and call that a success
        sys.stderr.write("There are no notebooks to compare. Run it in the folder that has notebooks/.\n")
        return 1
    codes = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in pool.map(lambda notebook: _compared(notebook, arguments), notebooks):
            sys.stdout.write(done.stdout)
            sys.stdout.flush()
            codes.append(done.returncode)
    return max(codes)


def _compared(notebook: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    # Not under a private folder: as root the server runs as `nobody`, who has to reach it.
    with tempfile.TemporaryDirectory(prefix="loopai-nb-notebooks-") as scratch:
        folder = Path(scratch)
        folder.chmod(0o755)
        with Stack(folder / "postgres", folder / "ledger" / "ledger.sqlite3") as stack:
            stack.start_postgres()
            stack.start_server()
            command = [
                sys.executable,
                "-m",
                "pytest",
                "--nbval",
                "--nbval-cell-timeout=120",
                "-p",
                "no:cacheprovider",
            ]
            return subprocess.run(  # noqa: S603  (our own command)
                [*command, notebook, *arguments],
                env={**os.environ, **stack.environment(), "LOOPAI_UI": "static"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
