from __future__ import annotations

import subprocess
import sys


def test_a_ledger_in_a_file_does_not_load_what_only_postgres_needs(tmp_path):
    """SQLAlchemy's Postgres dialect takes 30 ms and more to import, in every kernel's first cell."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from loopai_nb.ledger.store import Ledger\n"
        f"Ledger(Path({str(tmp_path / 'ledger.sqlite3')!r})).close()\n"
        "assert 'sqlalchemy.dialects.sqlite' in sys.modules\n"
        "assert 'sqlalchemy.dialects.postgresql' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
