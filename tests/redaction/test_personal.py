from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.redaction import RULES, Redactor

MEGABYTE = 1_000_000

pieces = st.one_of(
    st.sampled_from(
        [
            "4111 1111 1111 1111",
            "4111111111111111",
            "3782 822463 10005",
            "555-123-4567",
            "(555) 123-4567",
            "+44 20 7946 0958",
            "+1",
            "206.269.0743x91",
            " ext. ",
            "13912345678",
            "020 7946 0958",
            "06 12 34 56 78",
            "0049 30 123456",
            "219-09-9999",
            "AB 12 34 56 C",
            "12345678Z",
            "900101-1234567",
            "a.b+c@mail.example.org",
            "x@y.co",
            "RSSMRA85T10A562S",
        ]
    ),
    st.text("0123456789", max_size=6),
    st.text(" -.()+/@[]:,x_\n", min_size=1, max_size=2),
    st.text(max_size=3),
)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("email", "ana.li+shop@mail.example.co.uk"),
        ("email", "o'brien@example.org"),
        ("email", "\u7528\u6237@\u4f8b\u5b50.\u4e2d\u56fd"),
        ("email", "x@xn--e1afmkfd.xn--p1ai"),
        ("card", "4111 1111 1111 1111"),
        ("card", "4111-1111-1111-1111"),
        ("card", "5555555555554444"),
        ("card", "3782 822463 10005"),
        ("card", "3056 930902 5904"),
        ("card", "6304000000000000"),
        ("national_id", "219-09-9999"),
        ("national_id", "912-70-1234"),
        ("national_id", "AB 12 34 56 C"),
        ("national_id", "qq123456c".replace("qq", "jg")),
        ("national_id", "900101-1234567"),
        ("national_id", "12345678Z"),
        ("national_id", "X1234567L"),
        ("national_id", "RSSMRA85T10A562S"),
        ("phone", "(555) 123-4567"),
        ("phone", "555-123-4567"),
        ("phone", "1.555.123.4567"),
        ("phone", "1 (555) 123-4567"),
        ("phone", "+1 555 123 4567"),
        ("phone", "+49 (0)30 1234567"),
        ("phone", "+33612345678"),
        ("phone", "0049 30 1234567"),
        ("phone", "020 7946 0958"),
        ("phone", "06 12 34 56 78"),
        ("phone", "0612345678"),
        ("phone", "0171/1234567"),
        ("phone", "010-1234-5678"),
        ("phone", "(02) 9876 5432"),
        ("phone", "(03127) 76261"),
        ("phone", "206.269.0743x9150"),
        ("phone", "(206) 269-0743 ext. 915"),
        ("phone", "+1-780-563-6083x7783"),
        ("phone", "14581882124"),
    ],
)
@pytest.mark.parametrize("around", ["write {} now", "{}", "({})", "<{}>", "'{}',", "id:{}\n", "see {}."])
def test_personal_data_is_replaced_by_its_kind(rule, found, around):
    """Attack 20: each kind is found in a sentence, in brackets and quotes, alone and at a line's end."""
    text, counts = Redactor([rule]).redact(around.format(found))

    assert text == around.format(f"[{rule}]")
    assert counts == {rule: 1}


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",  # the check digit is wrong
        "0000 0000 0000 0000 4444444444444444",
        "0.4111111111111111 and 3.14159265358979",
        "2024-01-02 10:30:00 and 01.02.2024 10:30 and 20240102T103000",
        "000-12-3456 666-12-3456 219-00-9999 219-09-0000",
        "12345678A",
        "1714564800 and 1714564800123 at 10.0.0.1",
        "user@localhost, @name, numpy@1.26.4, a@b",
        "flight 1234, 500-600 birds, 12,345,678 rows, 1 555",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ],
)
def test_numbers_that_are_nobodys_stay(text):
    """Dates, times, decimals, versions, addresses of machines and failed check digits are left alone."""
    assert Redactor(RULES).redact(text) == (text, {})


def test_counts_are_per_rule():
    """Every finding is counted under its rule, and each number is taken once, by the most particular rule."""
    text, counts = Redactor(RULES).redact("a@b.co c@d.org 4111 1111 1111 1111 219-09-9999 +1 (555) 123-4567")

    assert text == "[email] [email] [card] [national_id] [phone]"
    assert counts == {"email": 2, "card": 1, "national_id": 1, "phone": 1}


def test_without_a_rule_the_text_is_the_same_object():
    """A redactor without rules costs nothing and says so."""
    text = "a@b.co"

    assert not Redactor()
    assert Redactor().redact(text)[0] is text
    assert Redactor(["email"])
    assert Redactor(["card", "email"]).rules == ("email", "card")


def test_an_unknown_rule_is_refused():
    """A misspelt rule does not silently mask nothing."""
    with pytest.raises(ValueError, match="e-mail"):
        Redactor(["e-mail"])


@given(st.lists(pieces, max_size=12).map("".join))
def test_redacting_twice_is_redacting_once(text):
    """What a redaction leaves has nothing more to redact, whatever stood side by side."""
    redactor = Redactor(RULES)
    once, _ = redactor.redact(text)

    assert redactor.redact(once) == (once, {})


@given(st.sets(st.sampled_from(RULES)), st.text())
def test_any_text_is_taken(rules, text):
    """No text and no choice of rules makes it fail, and it is idempotent."""
    redactor = Redactor(sorted(rules))
    once, _ = redactor.redact(text)

    assert redactor.redact(once)[0] == once


@pytest.mark.parametrize(
    "characters", [MEGABYTE, pytest.param(5 * MEGABYTE, marks=pytest.mark.slow)], ids=["1 MB", "5 MB"]
)
@pytest.mark.parametrize("piece", ["4", "4111 ", "@", "a.", "+1", "x@y.co ", "0 ("])
def test_megabytes_are_redacted(piece, characters):
    """No text makes a rule backtrack: the test would not end within its time."""
    Redactor(RULES).redact("x@" + piece * (characters // len(piece)))
