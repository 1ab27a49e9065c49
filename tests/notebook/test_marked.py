"""Texts with marks: what a person has to see before deciding."""

from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.notebook.marked import changes, marked, masked_parts
from loopai_nb.redaction import Redactor, visible

REDACTOR = Redactor(("email", "phone"))


def plain(shown, without=None):
    """The text of a marked one, without one kind."""
    return "".join(text for kind, text in shown if kind != without)


def test_odd_characters_are_spelled_out_and_marked():
    """Each by itself; what is around them stays text."""
    assert marked("a\u202e\u200bb") == [["", "a"], ["odd", "[U+202E]"], ["odd", "[U+200B]"], ["", "b"]]


def test_what_was_searched_is_marked():
    """In upper and lower case alike, and as text, not as a pattern."""
    assert marked("A (wing) and a Wing", hit="wing") == [
        ["", "A ("], ["hit", "wing"], ["", ") and a "], ["hit", "Wing"],
    ]  # fmt: skip
    assert marked("a.b", hit=".") == [["", "a"], ["hit", "."], ["", "b"]]


def test_a_long_text_is_cut_with_a_note():
    """ATTACKS 10: 10 MB of a row don't go into the page."""
    shown = marked("x" * 10_000_000, most=100)
    assert plain(shown) == "x" * 100 + " … (9,999,900 more characters)"


@given(st.text())
def test_marks_change_nothing_of_what_is_visible(text):
    """All pieces together are what ``visible`` gives."""
    assert plain(marked(text)) == visible(text)


def test_a_mask_follows_what_it_hides():
    """Also where two findings stand side by side, and where a text looked like a mask before."""
    original = "call +1 202 555 0143 or write [email] to j.doe@example.com, a@b.org"
    masked, _ = REDACTOR.redact(original)
    shown = masked_parts(original, masked, REDACTOR)
    assert [text for kind, text in shown if kind == "cut"] == [
        "+1 202 555 0143",
        "j.doe@example.com",
        "a@b.org",
    ]
    assert plain(shown, "cut") == masked
    assert plain(shown, "new") == original


def test_where_it_cannot_be_told_only_the_masks_are_shown():
    """What was masked from another text is not explained wrongly."""
    assert masked_parts("something else", "write to [email]", REDACTOR) == [["", "write to [email]"]]


def test_a_change_is_shown_word_by_word():
    """What went and what came; the rest once."""
    assert changes("One word. {{ a }}", "Two words. {{ a }}") == [
        ["cut", "One"], ["new", "Two"], ["", " "], ["cut", "word"], ["new", "words"], ["", ". {{ a }}"],
    ]  # fmt: skip
    assert changes("same", "same") == [["", "same"]]


@given(st.text("ab \n{}", max_size=60), st.text("ab \n{}", max_size=60))
def test_a_change_holds_both_texts(before, after):
    """Without what is new it is the old text, without what was cut the new one."""
    shown = changes(before, after)
    assert plain(shown, "new") == before
    assert plain(shown, "cut") == after
