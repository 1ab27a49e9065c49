import stat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.journal import Journal, journal_files, owner_of, read_journal


@pytest.fixture
def ledger(tmp_path):
    """Where a ledger would lie; its journals lie beside it."""
    return tmp_path / "ledger [1].sqlite3"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.integers(1, 120_000), st.none()), max_size=40))
def test_what_is_not_recorded_is_found_in_its_order(ledger, steps):
    """However entries and records interleave, a reader finds every open entry whole, and in its order."""
    journal = Journal(ledger, "o-1")
    try:
        written, open_, turn = [], [], 0
        for size in steps:
            if size is None:
                for ticket in [ticket for ticket, _ in open_]:
                    journal.recorded(ticket)
                open_ = []
            else:
                turn += 1
                entry = (b"%d:" % turn).ljust(size, b"x")
                written.append(entry)
                open_.append((journal.append(entry), entry))
        found = read_journal(ledger, "o-1")
        assert found == [entry for entry in written if entry in set(found)]
        assert {entry for _, entry in open_} <= set(found)
    finally:
        journal.close(remove=True)


def test_a_journal_begins_anew_when_all_is_recorded(ledger):
    """However much goes through it, the files stay as small as what is open at a time."""
    journal = Journal(ledger, "o-1")
    for _ in range(200):
        ticket = journal.append(b"x" * 50_000)
        journal.sync()
        journal.recorded(ticket)
    assert sum(path.stat().st_size for path in journal_files(ledger)) < 2_000_000
    journal.close(remove=True)
    assert journal_files(ledger) == []


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_an_entry_that_was_not_written_whole_is_no_entry(ledger, damage):
    """After a power cut in a write, what was written before it is read, and what it had begun is not."""
    journal = Journal(ledger, "o-1")
    journal.append(b"first")
    journal.append(b"second")
    journal.close(remove=False)
    path = next(path for path in journal_files(ledger) if b"second" in path.read_bytes())
    data = path.read_bytes()
    at = data.index(b"second")
    path.write_bytes(data[: at + 3] if damage == "cut" else data.replace(b"second", b"secund"))
    assert read_journal(ledger, "o-1") == [b"first"]


def test_a_journal_is_private_and_known_by_its_owner(ledger):
    """Its files are readable by their user alone, and tell whose answers they hold."""
    journal = Journal(ledger, "o-12ab")
    assert [stat.S_IMODE(path.stat().st_mode) for path in journal_files(ledger)] == [0o600, 0o600]
    assert {owner_of(path) for path in journal_files(ledger)} == {"o-12ab"}
    assert read_journal(ledger, "o-12") == []
    journal.close(remove=True)


def test_a_journal_is_never_written_through_a_link(ledger, tmp_path):
    """Where something lies at its place already, it is an error and that is left as it is."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    ledger.with_name(f"{ledger.name}-answers-o-1-a").symlink_to(elsewhere)
    with pytest.raises(LedgerError, match="could not be written"):
        Journal(ledger, "o-1")
    assert elsewhere.read_text() == "mine"
