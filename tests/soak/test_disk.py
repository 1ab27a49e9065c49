"""A ledger's disk that is full or broken from some write on: sending stops, and the file is whole."""

import contextlib
import errno
import os
import subprocess
from collections import Counter

import pytest

ROWS = 40
IN_FLIGHT = 8
MARK = {"mark": "d", "rows": ROWS}


@pytest.fixture
def shim(workers):
    """The library that makes writes fail."""
    if workers.shim is None:
        pytest.skip("needs gcc, on Linux: a library that makes writes fail is compiled for the test")
    return workers.shim


def test_a_write_that_fails_stops_the_run(file_soak, shim):
    """A write fails: what was sent is in the ledger, which is whole, and the run goes on."""
    seen = _count(file_soak, shim)
    for nth in file_soak.dice.sample(range(1, seen), 8):
        _fail(file_soak, _fault(file_soak.dice, nth), shim)


def test_a_full_disk_stops_the_run(file_soak):
    """The same where the files can't grow beyond a size."""
    for _ in range(2):
        _fail(file_soak, {"most_bytes": file_soak.dice.randint(1, 100) * 4096}, None)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_write_may_fail(file_soak, shim):
    """Each write, sync and truncation of a run fails once, with EIO or ENOSPC, alone or with all after it."""
    seen, ends, wrong = _count(file_soak, shim), Counter(), {}
    for nth in range(1, seen + 1):
        fault = _fault(file_soak.dice, nth)
        try:
            ends[_fail(file_soak, fault, shim)] += 1
        except AssertionError as error:  # the others are tried all the same
            wrong[nth] = (fault, str(error))
            file_soak.say(f"wrong with {fault}")
    file_soak.say(f"{seen} writes: " + ", ".join(f"{end} {n}" for end, n in ends.most_common()))
    assert not wrong


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_every_size_may_be_the_last(file_soak):
    """No file grows beyond a size, for each size of up to a hundred pages and some beside."""
    ends = Counter()
    for pages in range(1, 101):
        most = pages * 4096 + file_soak.dice.choice([0, 0, 24, 2048])
        ends[_fail(file_soak, {"most_bytes": most}, None)] += 1
    file_soak.say("100 sizes: " + ", ".join(f"{end} {n}" for end, n in ends.most_common()))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_file_system_without_room(file_soak, tmp_path):
    """A real file system that is full: the run stops, and goes on once there is room."""
    ends = Counter()
    for kib in range(16, 816, 40):
        with _small_file_system(tmp_path / "small", kib) as folder:
            file_soak.place.place_in(folder)
            ends[_fail(file_soak, {}, None, enlarge=folder)] += 1
    file_soak.say("20 file systems: " + ", ".join(f"{end} {n}" for end, n in ends.most_common()))


def _fault(dice, nth):
    error = dice.choice([errno.EIO, errno.ENOSPC])
    return {"nth": nth, "errno": error, "lasts": int(dice.random() < 0.6)}


def _count(soak, shim):
    """How many writes a run makes that nothing happens to."""
    soak.renew()
    worker = soak.start("until_it_fails", fault={}, shim=shim, **MARK)
    assert worker.wait() == 0, worker.said()
    seen = worker.words()[-1][1]
    if not seen:
        pytest.skip("this Python's SQLite can't be made to fail: it does not write through the C library")
    return seen


def _fail(soak, fault, shim, enlarge=None):
    """Run until the disk fails, look, and go on with a disk in order; how the first run ended."""
    if enlarge is None:
        soak.renew()
    soak.server.reset()
    soak.server.faults(latency_ms=2)
    worker = soak.start("until_it_fails", fault=fault, shim=shim, **MARK)
    assert worker.wait() == 0, worker.said()
    what, *said = worker.words()[0]
    if what == "LedgerError":
        assert "struck the windshield" not in said[0], "an error that quotes a prompt"
    else:
        assert what == "COMPLETED", worker.said()
    if enlarge is not None:
        subprocess.run(["mount", "-o", "remount,size=64m", enlarge], check=True)
    stats, state = soak.course()
    # What was not leased on the disk was not sent: nobody is paid without a record.
    known = state.held | {key for key, counts in state.attempts.items() if counts.total()}
    assert stats.times_asked.keys() <= known, f"sent and not in the ledger, {fault}"
    again = soak.start("carry_out", concurrency=IN_FLIGHT, **MARK)
    assert again.wait() == 0, again.said()
    stats, after = soak.course()
    soak.checks.check_done(stats, again, state, after, ROWS)
    assert stats.requests - ROWS <= IN_FLIGHT, fault
    if what != "LedgerError":
        return "did no harm"
    return "while sending" if state.runs else "before anything was sent"


@contextlib.contextmanager
def _small_file_system(folder, kib):
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kib}k,mode=700", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"a small file system can't be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)
