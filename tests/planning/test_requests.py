import dataclasses
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planned import SPEC, TEXT

from loopai_nb.errors import InputError
from loopai_nb.planning.plan import PlanDigest
from loopai_nb.planning.requests import ContentKeys, Requests, planned_rows, worst_case_of
from loopai_nb.prompts.template import Rendered
from loopai_nb.records import Parameters


@given(TEXT, TEXT, st.none() | TEXT, st.none() | TEXT)
def test_two_requests_share_a_key_only_if_they_are_the_same(first, second, system, other):
    """Prompt and system prompt can't run into each other, and an empty system prompt is not none."""
    key = ContentKeys(SPEC)
    forms = [
        (unicodedata.normalize("NFC", p), None if s is None else unicodedata.normalize("NFC", s))
        for p, s in ((first, system), (second, other))
    ]
    assert (key(first, system) == key(second, other)) == (forms[0] == forms[1])
    assert key(unicodedata.normalize("NFD", first), system) == key(first, system)
    assert len(key(first, system)) == 32


def test_price_and_budget_are_not_part_of_a_request():
    """The same request is found in the ledger again, whatever it costs today."""
    cheap = dataclasses.replace(SPEC, price=None, budget_pusd=None, template="other")
    assert ContentKeys(cheap)("a", None) == ContentKeys(SPEC)("a", None)


def test_rows_carry_what_they_can_cost():
    """Bytes of both prompts, expected tokens, and the worst case by the price."""
    (row,) = planned_rows(SPEC, [Rendered("né", "sys", None)], ['"x"'])
    assert (row.position, row.label, row.prompt_bytes, row.tokens) == (0, '"x"', 6, 2)
    assert row.worst_case_pusd == (6 + 128) * 1 + 8 * 2
    (free,) = planned_rows(dataclasses.replace(SPEC, price=None), [Rendered("a", None, None)], ["0"])
    assert free.worst_case_pusd == 0


def test_a_row_that_can_not_be_asked_stays_in_its_place():
    """An error of the rendering and half a surrogate pair leave the row out, with the reason."""
    rendered = [Rendered("", None, "why"), Rendered("\ud83d", None, None), Rendered("a", None, None)]
    rows = list(planned_rows(SPEC, rendered, ["0", "1", "2"]))
    assert [(r.position, r.error) for r in rows] == [
        (0, "why"),
        (1, "text that is no valid Unicode"),
        (2, None),
    ]
    assert [r.key is None for r in rows] == [True, True, False]
    json.loads(rows[2].label)


@pytest.mark.parametrize(
    ("prompt", "system", "copy", "key"),
    [
        ("one", "system", None, "96d7e540e092739b0fb6d5c52bde08f1f07c2cfa690f95b5fbd5f4039ea0bd1e"),
        ("one", None, None, "530bf214bd3dd5c7a52cd92a625ffd44c24cccb76dc768d78960a4da8cba8ccb"),
        ("one", "", None, "8a7e2b806d170d5575cc32b83c3da6517f1fc63589e23fdafa48ef84fa6c74a0"),
        (
            "Zoe\u0308 \u4f60\u597d",
            "sy\u0301s",
            None,
            "625905c27bd1af9accc1474f2c20d07234e7402b4d392a942d6addb4a7d2425f",
        ),
        ("one", "system", 3, "9253ddc8c64ea325ec8c882f41e00645a11ed36cc1433ebc36215a157aaae457"),
        ("", None, None, "43351759a93ca1ecf3b6274a378846598e17f5f6f94345ead308bdf1cb109f9b"),
    ],
)
def test_keys_stay_what_they_were(prompt, system, copy, key):
    """Answers that were paid are found in ledgers of earlier versions, by exactly these keys."""
    assert ContentKeys(SPEC)(prompt, system, copy).hex() == key
    assert Requests(SPEC)(prompt, system, copy)[0].hex() == key


@pytest.mark.parametrize(
    ("changes", "digest"),
    [
        ({}, "e82be2818bab638bbede141df70428c85260164323f809e1c0681a6ba44574ab"),
        ({"dedup": False}, "0145389f3f4857ff5e7e35163046817efe6a42f2ad63dbaccfdcdb46c36b61d9"),
        (
            {"cache_max_age_s": 60.0, "parameters": Parameters(8, 0.5, {}, {"type": "object"})},
            "e9509427a650159f3be9d4518f2c8ed9393dd5b82633ce29b2759b44f6cafa03",
        ),
    ],
    ids=["plain", "no dedup", "schema"],
)
def test_digests_stay_what_they_were(changes, digest):
    """What was approved with an earlier version can be resumed with this one."""
    spec = dataclasses.replace(SPEC, **changes)
    made = PlanDigest(spec)
    rendered = [
        Rendered("one", "system", None),
        Rendered("", None, "bad"),
        Rendered("e\u0301", None, None),
        Rendered("one", "system", None),
    ]
    for row in planned_rows(spec, rendered, "0123"):
        made.add(row.key)
    assert made.hexdigest() == digest


@given(st.lists(st.tuples(TEXT, st.none() | TEXT), max_size=5))
def test_one_look_tells_what_separate_ones_would(texts):
    """Whatever came before it, a request has its own key, bytes, tokens and worst case."""
    look_at = Requests(SPEC)
    for prompt, system in texts:
        sizes = [len(text.encode()) for text in (prompt, system or "")]
        assert look_at(prompt, system) == (
            ContentKeys(SPEC)(prompt, system),
            sum(sizes),
            sum((size + 3) // 4 for size in sizes),
            worst_case_of(SPEC, prompt, system),
        )


def test_half_a_surrogate_pair_is_no_request():
    """Neither in the prompt nor in the system prompt, and the next request is not troubled by it."""
    look_at = Requests(SPEC)
    for prompt, system in (("\ud83d", None), ("a", "\ud83d"), ("a", "\ud83d")):
        with pytest.raises(UnicodeEncodeError):
            look_at(prompt, system)
    assert look_at("one", "system") == Requests(SPEC)("one", "system")


def test_what_can_not_be_bounded_is_no_plan():
    """A field with costs beside tokens stops the plan before its first row."""
    spec = dataclasses.replace(SPEC, parameters=Parameters(8, 0.5, {"tools": [1]}))
    with pytest.raises(InputError, match="can't be bounded"):
        next(planned_rows(spec, [Rendered("", None, "bad")], ["0"]))
