from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd
import pytest

from loopai_nb.notebook.plan_card import PlanCard
from loopai_nb.notebook.shown import FrameView, Grid, Preformatted, Sentences, Stack
from loopai_nb.notebook.verbs_asking import AnswerText
from loopai_nb.planning.estimate import Estimate
from loopai_nb.planning.plan import Plan, PlannedRow, PlanSpec
from loopai_nb.records import Parameters, ServerKind

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '<button data-commandlinker-command="terminal:create-new">ok</button>',
    "</pre></td></table><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "[x](javascript:alert(1)) ![i](http://foreign.example/i.png)",
    "\x1b[31mred\x1b[0m",
    "safe\u202egnp.exe",
    "zero\u200bwidth",
]
OURS = {"div", "span", "b", "pre", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"}
ATTRIBUTES = {"style", "class", "role", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-label"}


class Tags(HTMLParser):
    """Collects the tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Keep what was opened."""
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def plan_with(text: str) -> Plan:
    """A plan whose every text is this one."""
    spec = PlanSpec(ServerKind.OPENAI, "http://h:1/v1", text, Parameters(), None, None, text, text)
    sums = Estimate(1, 1, 0, 1, 5, 1, 2, None, None, None, None, None)
    row = PlannedRow(0, '"a"', b"k" * 32, text, text, 5, 5, 0)
    return Plan("p-1", "0", spec, text, 1, 1, 0, 1, sums, ((0, text),), (), (row,))


def shown_with(text: str):
    """Everything that displays a text, each time with this one in every place that it has."""
    frame = pd.DataFrame({text: [text]}, index=pd.Index([text], name=text))
    return [
        Sentences(text, text),
        Preformatted(text),
        Grid([text], [[text]], note=text),
        FrameView(frame, text),
        Stack(Sentences(text), Preformatted(text)),
        AnswerText(text, text),
        PlanCard(plan_with(text)),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_row_is_never_live(text):
    """ATTACKS 1, 2, 4 to 9: cells, column and index names, prompts and models stay text in every display."""
    for shown in shown_with(text):
        bundle = shown._repr_mimebundle_()
        tags = Tags(bundle["text/html"])
        assert tags.seen <= OURS, type(shown)
        assert tags.attributes <= ATTRIBUTES, type(shown)
        assert set(bundle) == {"text/plain", "text/html"}
        for invisible in ("\x1b", "\u202e", "\u200b"):
            assert invisible not in bundle["text/html"]
            assert invisible not in bundle["text/plain"]


def test_a_huge_cell_is_cut_with_a_note():
    """ATTACKS 10: ten megabytes in a cell become a short display that says how much is left out."""
    huge = "x" * 10_000_000
    for shown in shown_with(huge):
        bundle = shown._repr_mimebundle_()
        assert len(bundle["text/html"]) < 250_000, type(shown)
        assert len(bundle["text/plain"]) < 250_000, type(shown)
        assert "more characters" in bundle["text/html"]


def test_frames_with_odd_shapes_are_shown():
    """Doubled column names, several index levels, missing values, many columns and no rows are no error."""
    doubled = pd.DataFrame([[1, None], [2, pd.NA]], columns=["a", "a"])
    levels = pd.DataFrame({"a": [1.5]}, index=pd.MultiIndex.from_tuples([("x", 1)], names=["k", "n"]))
    wide = pd.DataFrame([range(30)])

    assert "<NA>" not in FrameView(doubled).text()
    assert "('x', 1)" in FrameView(levels).text()
    assert "10 more columns" in FrameView(wide).text()
    assert FrameView(doubled.head(0)).html()


def test_the_box_is_as_wide_on_every_line():
    """Wide characters and long words do not break the box of a plan."""
    for text in ("短い文 " * 60, "word " * 90, "x" * 500, "a\tb\n\nc"):
        lines = PlanCard(plan_with(text)).text().splitlines()
        assert all(line[0] in "┌│└" and line[-1] in "┐│┘" for line in lines)


def test_a_static_card_has_no_id_and_no_port():
    """What differs from run to run is not in a card that has to stay the same."""
    text = PlanCard(plan_with("m"), in_flight=4, static=True).text()

    assert "p-1" not in text
    assert ":1" not in text
    assert "m at h" in text


def test_small_amounts_have_no_exponent_in_a_table():
    """0.000065 and not 6.5e-05; other floats are as Python writes them."""
    text = FrameView(pd.DataFrame({"cost_usd": [6.5e-05, 0.5], "x": [1e300, 2.0]}), index=False).text()

    assert [line.split() for line in text.splitlines()[1:]] == [["0.000065", "1e+300"], ["0.5", "2.0"]]


def test_a_fact_is_a_sentence_that_is_read_to_its_end():
    """Where a table has no header its cells are sentences, and only a page of text is cut."""
    fact = "0.0214 USD, 0.0114 of it the worst case of 54 requests that may have been paid"

    assert Grid([], [("cost", fact)]).text() == f"cost  {fact}"
    assert fact not in Grid(["what", "value"], [("cost", fact)]).text()
