import signal
import subprocess
import sys
from pathlib import Path

from loopai_nb.devserver.counters import prompt_hash
from loopai_nb.ledger import queries
from loopai_nb.ledger.store import Ledger

PROGRAM = Path(__file__).with_name("killed_run.py")
ROWS = 2_000
IN_FLIGHT = 16


def _start(devserver, ledger):
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), devserver.openai_url, str(ledger), str(ROWS)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_resume_sends_only_what_has_no_answer(tmp_path, devserver, until):
    """After kill -9 in mid-batch every row has one answer, and at most those in flight were asked twice."""
    path = tmp_path / "ledger.sqlite3"
    devserver.faults(latency_ms=5)
    with _start(devserver, path) as killed:
        until(lambda: devserver.stats().answered >= ROWS // 2 or killed.poll() is not None)
        assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    recorded = _answered(path)

    devserver.faults(latency_ms=0)
    with _start(devserver, path) as resumed:
        said, _ = resumed.communicate(timeout=120)

    assert said.split()[1:] == ["COMPLETED", str(ROWS)]
    times_asked = devserver.stats().times_asked
    assert len(times_asked) == ROWS
    assert max(times_asked.values()) <= 2
    assert devserver.stats().requests <= ROWS + IN_FLIGHT
    twice = {key for key, n in times_asked.items() if n == 2}
    assert not twice & recorded


_WITHIN_A_DAY = """
import sys
import pandas as pd
from loopai_nb.execution import executor
from loopai_nb.session import Session
from loopai_nb.settings import Settings

executor._DAY_PATIENCE_S = 3600.0  # for what the living hold
name, server, ledger = sys.argv[1:]
settings = Settings.load(environ={
    "LOOPAI_SERVER": server, "LOOPAI_MODEL": "demo-lexical", "LOOPAI_LEDGER": ledger,
    "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "1", "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "1",
    "LOOPAI_BUDGET_USD_PER_DAY": "0.004",
})
with Session(settings) as session:
    frame = pd.DataFrame({"text": [f"{name} {i} struck the wing" for i in range(500)]})
    run = session.map(frame, "{{ text }}", approve=True, concurrency=8, fixed=True, max_tokens=64)
    print(run.state, run.row.reason)
"""


def test_what_the_dead_hold_of_a_day_is_not_waited_for(tmp_path, devserver, until):
    """What a killed process reserved is given back by nobody: the next run ends there instead of waiting."""
    command = [sys.executable, "-c", _WITHIN_A_DAY]
    rest = [devserver.openai_url, str(tmp_path / "ledger.sqlite3")]
    devserver.faults(latency_ms=60_000)
    with subprocess.Popen([*command, "first", *rest]) as killed:
        until(lambda: devserver.stats().in_flight == 8 or killed.poll() is not None)
        killed.kill()

    devserver.faults(latency_ms=0)
    with subprocess.Popen([*command, "second", *rest], stdout=subprocess.PIPE, text=True) as second:
        said, _ = second.communicate(timeout=120)

    assert said.split(maxsplit=1) == ["PARTIAL", "the day's budget\n"]


def _answered(path):
    """Hashes of the prompts that had a recorded answer when the process was killed."""
    ledger = Ledger(path)
    try:
        (run_id,) = queries.run_ids(ledger)
        row = queries.run_row(ledger, run_id)
        assert row.owner_gone
        prompts = queries.prompts_of(ledger, row.plan_id, ROWS)
        return {prompt_hash(p.prompt) for p in prompts if p.state == "ANSWERED"}
    finally:
        ledger.close()
