"""What has to be true of a ledger and of the server after whatever happened to the processes between them."""


def check_kept(before, after):
    """Every answer that was recorded is there, byte for byte."""
    lost = [number for number, answer in before.answers.items() if after.answers.get(number) != answer]
    assert not lost, f"{len(lost)} recorded answers were lost or changed"


def check_counted(stats, state, *, refused=0):
    """All that the server saw and billed is in the ledger, which holds nothing back when all is over.

    Args:
        stats: Of the server.
        state: Of the ledger.
        refused: Answers that are no text of their prompt, as they should not be.
    """
    assert len(state.strange) <= refused, f"answers to other prompts: {state.strange[:5]}"
    for key, asked in stats.times_asked.items():
        counted = state.attempts[key]
        paid = stats.times_paid[key]
        assert counted["answered"] + counted["unknown"] + counted["invalid"] >= paid
        # No more than one attempt is answered, so that what was sent again after a kill is an unknown one.
        assert counted["answered"] <= 1
        assert counted.total() - counted["not_sent"] >= asked, "sent again without being counted MAYBE_PAID"
    assert max(state.answered.values(), default=0) <= 1
    assert state.charged >= round(stats.cost_usd(1, 2) * 1e12)
    assert sum(run[2] for run in state.runs) == state.charged == sum(spent for spent, _ in state.days)
    assert all(run[3] == 0 for run in state.runs)
    assert all(reserved == 0 for _, reserved in state.days)


def check_done(stats, worker, before, state, rows):
    """A batch is complete: one answer for each row, however often it was asked."""
    check_kept(before, state)
    check_counted(stats, state)
    how, statuses, answers, _, texts = worker.words()[-1]
    assert how == "COMPLETED"
    assert len(statuses) == len(state.answered) == len(stats.times_asked) == rows
    assert set(statuses) <= {"answered", "cached"}
    assert answers == texts
    assert state.answered.keys() == stats.times_asked.keys()
