"""Every fault of a model server that ATTACKS.md names, mixed over one batch at random."""

import operator
import re
import time
from collections import Counter

import pytest

# Answered at once, however odd: asked once.
BORNE = ("empty_text", "other_model", "no_usage", "negative_usage", "huge_usage", "nan_usage")
BORNE += ("text_usage", "bad_utf8", "null_content", "refusal")
OWN_WORDS = {"empty_text": "", "null_content": "", "refusal": "I can't help with that."}

# Asked again, and answered then.
QUICK = (
    "429",
    "429:ms",
    "429:date=-3600",
    "429:none",
    "429:nan",
    "429:-1",
    "429:١٢",
    "503:inf",
    "500",
    "502",
)
QUICK += ("504", "529", "408", "reset_before", "close_before", "lost", "reset_mid", "truncated")
ASKED_AGAIN = (*QUICK, "429:seconds=1", "hang:60", "slow:1000")

# Given up at once, with a word of the row's error.
GIVEN_UP = {
    "400": "400",
    "413": "413",
    "422": "422",
    "html": "web page",
    "garbage": "not JSON",
    "empty_body": "",
    "error_object": "error",
    "json_list": "no completion",
    "deep_json": "",
    "gzip_bomb": "",
    "empty_choices": "choices",
    "null_choices": "choices",
    "redirect:http://127.0.0.1:9/": "",
}


def test_faults_mixed_are_survived_and_named(file_soak):
    """Each row ends as its own faults have it: answered, or failed with an error that names the last one."""
    _soak(file_soak, rows=250)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_faults_mixed_over_five_thousand_rows(file_soak):
    """The same over 5,000 rows."""
    began_s = time.monotonic()
    faults, statuses, requests, errors = _soak(file_soak, rows=5_000)
    file_soak.say(
        f"{faults.total()} faults of {len(faults)} kinds in {time.monotonic() - began_s:.0f} s, {requests} "
        f"requests; rows: {dict(statuses)}; {len(errors)} different errors"
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_surplus_answer_goes_to_nobody(file_soak):
    """A second answer behind every fifth one is never taken for the answer to another row."""
    file_soak.server.faults(latency_ms=5, jitter_ms=10, rates="surplus=0.2")

    statuses, answers, texts = operator.itemgetter(1, 2, 4)(_mapped(file_soak, 5_000, fixed=True))

    others = sum(answer not in {None, text} for answer, text in zip(answers, texts, strict=True))
    file_soak.say(
        f"{file_soak.server.stats().faults['surplus']} surplus answers; {statuses.count('failed')} rows "
        f"failed by them, {others} with another row's answer"
    )
    assert set(statuses) == {"answered"}
    assert answers == texts


def _mapped(soak, rows, *, fixed):
    worker = soak.start(
        "carry_out",
        mark="f",
        rows=rows,
        concurrency=32,
        fixed=fixed,
        env={"LOOPAI_TIMEOUT_S": "2"},
    )
    assert worker.wait(within_s=900) == 0, worker.said()
    return worker.words()[-1]


def _soak(soak, *, rows):
    plans = _plans(soak.dice, rows)
    marked = {f"bird f {n} ": ", ".join(plan) for n, plan in plans.items()}
    soak.server.faults(latency_ms=5, jitter_ms=10, marked=marked)
    how, statuses, answers, errors, texts = _mapped(soak, rows, fixed=False)
    assert how == "PARTIAL"
    wrong = {}
    for n, (status, answer, error, text) in enumerate(zip(statuses, answers, errors, texts, strict=True)):
        last = plans.get(n, ("ok",))[-1]
        if last in GIVEN_UP:
            right = status == "failed" and answer is None and GIVEN_UP[last] in error
        else:
            right = status == "answered" and answer == OWN_WORDS.get(last, text)
        if not right:
            wrong[n] = (plans.get(n), status, answer, error)
    assert not wrong, "\n".join(map(str, wrong.items()))
    stats, state = soak.course()
    refused = sum(plan[-1] == "refusal" for plan in plans.values())
    soak.checks.check_counted(stats, state, refused=refused)
    asked_again = sum(len([one for one in plan if one in ASKED_AGAIN]) for plan in plans.values())
    assert stats.requests == rows + asked_again
    named = {re.sub(r"\d+", "N", error) for error in errors if error}
    return Counter(one for plan in plans.values() for one in plan), Counter(statuses), stats.requests, named


def _plans(dice, rows):
    """Faults of some rows, in order: each kind at least once, and then at random rates."""
    at_once = [(kind,) for kind in (*BORNE, *GIVEN_UP)]
    struck = at_once + [(kind,) for kind in ASKED_AGAIN]
    struck += dice.choices(at_once, [dice.random() for _ in at_once], k=rows // 5)
    # A tenth of the work may be asked again; what needs it strikes fewer rows.
    struck += [(kind,) for kind in dice.choices(ASKED_AGAIN, k=rows // 25)]
    struck += [tuple(dice.sample(QUICK, 2)) for _ in range(rows // 250)]
    struck += [(dice.choice(QUICK), dice.choice(list(GIVEN_UP))) for _ in range(rows // 250)]
    return dict(zip(dice.sample(range(rows), len(struck)), struck, strict=True))
