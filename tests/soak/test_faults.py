"""Every fault of a model server that ATTACKS.md names, mixed over one batch at random."""

import re
import time
from collections import Counter

import pytest

# Answered at once, however odd: asked once.
BORNE = ("surplus", "empty_text", "other_model", "no_usage", "negative_usage", "huge_usage", "nan_usage")
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


def _soak(soak, *, rows):
    plans = _plans(soak.dice, rows)
    marked = {f"bird f {n} ": ", ".join(plan) for n, plan in plans.items()}
    soak.server.faults(latency_ms=5, jitter_ms=10, marked=marked)
    worker = soak.start(
        "carry_out",
        mark="f",
        rows=rows,
        concurrency=32,
        fixed=False,
        env={"LOOPAI_TIMEOUT_S": "2"},
    )
    assert worker.wait(within_s=900) == 0, worker.said()
    how, statuses, answers, errors, texts = worker.words()[-1]
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
    """Faults of some rows, in order: each kind at least once, at random rates."""
    kinds = [(kind,) for kind in (*BORNE, *ASKED_AGAIN, *GIVEN_UP)]
    rates = [dice.uniform(0.2, 1) for _ in kinds]
    # A tenth of the work may be asked again; what needs it strikes fewer rows.
    again = dice.sample(ASKED_AGAIN, len(ASKED_AGAIN))
    twice = [tuple(dice.sample(QUICK, 2)) for _ in range(rows // 250)]
    struck = kinds + twice
    others = [(kind, rate) for kind, rate in zip(kinds, rates, strict=True) if kind[0] not in again]
    struck += dice.choices(*map(list, zip(*others, strict=True)), k=rows // 5)
    struck += [(kind,) for kind in dice.choices(again, k=rows // 25)]
    struck += [(dice.choice(QUICK), dice.choice(list(GIVEN_UP))) for _ in range(rows // 250)]
    return dict(zip(dice.sample(range(rows), len(struck)), struck, strict=True))
