"""What a run does with each fault of a model server; the numbers are those of ATTACKS.md."""

import pytest

from loopai_nb.records import RowStatus, RunState

TEMPLATE = "Which part was hit? windshield, engine, wing, other. One word.\n{{ text }}"

ANSWERED, FAILED = RowStatus.ANSWERED, RowStatus.FAILED

# Fault, how often it strikes, what becomes of the row, a word of its error, and how often it was asked.
FAULTS = [
    ("429", 1, ANSWERED, "", 2),
    ("429:ms", 1, ANSWERED, "", 2),
    ("429:seconds=1", 1, ANSWERED, "", 2),
    ("429:date=-3600", 1, ANSWERED, "", 2),
    ("429:none", 1, ANSWERED, "", 2),
    ("429:nan", 1, ANSWERED, "", 2),
    ("429:-1", 1, ANSWERED, "", 2),
    ("503:inf", 1, ANSWERED, "", 2),
    ("500", 1, ANSWERED, "", 2),
    ("502", 1, ANSWERED, "", 2),
    ("529", 1, ANSWERED, "", 2),
    ("408", 1, ANSWERED, "", 2),
    ("reset_before", 1, ANSWERED, "", 2),
    ("close_before", 1, ANSWERED, "", 2),
    ("lost", 1, ANSWERED, "", 2),
    ("reset_mid", 1, ANSWERED, "", 2),
    ("truncated", 1, ANSWERED, "", 2),
    ("surplus", 1, ANSWERED, "", 1),
    ("empty_text", 1, ANSWERED, "", 1),
    ("other_model", 1, ANSWERED, "", 1),
    ("no_usage", 1, ANSWERED, "", 1),
    ("negative_usage", 1, ANSWERED, "", 1),
    ("huge_usage", 1, ANSWERED, "", 1),
    ("nan_usage", 1, ANSWERED, "", 1),
    ("bad_utf8", 1, ANSWERED, "", 1),
    ("text_usage", 1, ANSWERED, "", 1),
    ("400", 1, FAILED, "400", 1),
    ("422", 1, FAILED, "422", 1),
    ("html", 1, FAILED, "web page", 1),
    ("garbage", 1, FAILED, "not JSON", 1),
    ("empty_body", 1, FAILED, "", 1),
    ("error_object", 1, FAILED, "error", 1),
    ("json_list", 1, FAILED, "no completion", 1),
    ("deep_json", 1, FAILED, "", 1),
    ("gzip_bomb", 1, FAILED, "", 1),
    ("empty_choices", 1, FAILED, "choices", 1),
    ("null_choices", 1, FAILED, "choices", 1),
    ("redirect:http://127.0.0.1:9/", 1, FAILED, "", 1),
    ("500", 99, FAILED, "", 5),
    ("truncated", 99, FAILED, "cut", 5),
]


@pytest.mark.parametrize(
    "case", FAULTS, ids=[f"{fault.partition('//')[0]}-{times}" for fault, times, *_ in FAULTS]
)
def test_a_fault_is_survived_and_named(bench, devserver, birds, case):
    """A fault ends in an answer or in a row whose error names it; what was paid is counted."""
    fault, times, status, word, asked = case
    frame = birds(12)
    devserver.faults(marked={"bird 5 ": f"{fault}*{times}"})

    run = bench.start(bench.plan(frame), frame, concurrency=4)
    run.wait(timeout_s=60)

    result = run.result()
    struck = result.iloc[5]
    assert struck["status"] == status, struck["error"]
    assert word in (struck["error"] or "")
    assert (struck["answer"] is None) == (status == FAILED)
    assert (result.drop(index=5)["status"] == ANSWERED).all()
    assert run.state is (RunState.COMPLETED if status == ANSWERED else RunState.PARTIAL)
    attempts = bench.sql(
        "SELECT cost_pusd FROM attempts JOIN requests USING (request_no) WHERE prompt LIKE '%bird 5 %'"
    )
    prompt = TEMPLATE.replace("{{ text }}", frame["text"][5])
    stats = devserver.stats()
    assert len(attempts) == asked == stats.asked(prompt)
    # What the server billed is what the ledger counts as paid, or less: never paid and not counted.
    assert sum(cost > 0 for (cost,) in attempts) >= stats.paid(prompt)


def test_a_hanging_server_ends_at_the_deadline(bench, devserver, birds):
    """A half-open connection and a body that trickles end at the total deadline, count as paid, and go on."""
    frame = birds(6)
    devserver.faults(marked={"bird 2 ": "hang:60", "bird 3 ": "slow:1000"})

    run = bench.start(bench.plan(frame), frame, concurrency=6, timeout_s=2.0)
    run.wait(timeout_s=60)

    assert list(run.result()["status"]) == [ANSWERED] * 6
    assert run.row.maybe_paid == 2
