"""What a page shows, and that none of it is live."""

from __future__ import annotations

import json
import re

import pytest
from pages import House

EVIL = "<img src=x onerror=alert(1)> \u202edesrever\u202c \x1b[31m </pre><script>1</script>"


def test_a_plan_is_shown_with_what_decides(house, client):
    """Where it goes, how much it is, what it costs at most, its template and its prompts."""
    row = house.ask_plan(["robin", "gull", None], budget_pusd=5 * 10**11)

    page = client.get(house.link(row)).text

    for said in (
        "Send 2 requests to phi-4?",
        "http://gpu-box:8000/v1",
        "reviews",
        "About {{ text }}",
        "robin",
        "gull",
        "1 left out",
        "no text in it",
        "budget 0.50",
        "at most",
        row.approval_id,
        row.plan_id,
        row.digest[:16],
        "ada asked",
    ):
        assert said in page, said
    assert "names no column" not in page
    alike = client.get(house.link(house.ask_plan(["robin", "gull"], template="One word."))).text
    assert "The template names no column: every row is asked the same." in alike


def test_texts_of_rows_are_not_live(house, client):
    """Attacks 1 and 9: tags are text, and what would not be seen is spelled out and marked."""
    page = client.get(house.link(house.ask_plan([EVIL], template=EVIL))).text

    assert "<img" not in page
    assert "<script" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert '<mark class="odd"' in page
    assert "[U+202E]</mark>" in page


def test_a_gate_is_shown_with_its_context(house, client):
    """The step, why it is asked, and what it is about; flat values as a list, others as JSON."""
    flat = {"context": {"table": f"topics {EVIL}", "rows": 4871}, "explanation": "It goes public."}
    deep = {"context": {"rows": [{"id": 1}]}, "explanation": ""}

    first = client.get(house.link(house.ask_gate(json.dumps(flat), title=f"publish {EVIL}"))).text
    second = client.get(house.link(house.ask_gate(json.dumps(deep)))).text

    assert "<script" not in first
    assert "It goes public." in first
    assert "<dt>rows</dt><dd>4871</dd>" in first
    assert "&quot;id&quot;: 1" in second


def test_rows_are_paged_and_found(house, client):
    """Five at once, onward and back, the longest, and what holds a word, marked."""
    row = house.ask_plan([f"bird number {n}" for n in range(30)] + ["x" * 25_000])
    link = house.link(row)

    def rows(query):
        return [int(n) for n in re.findall(r"<span>Row (\d+)</span>", client.get(f"{link}?{query}").text)]

    assert rows("") == [0, 1, 2, 3, 4]
    assert rows("from=5") == [5, 6, 7, 8, 9]
    assert rows("from=29") == [29, 30]
    assert rows("longest=1") == [30]
    assert rows("find=number 17") == [17, 18, 19, 20, 21]
    assert '<mark class="hit">number 17</mark>' in client.get(f"{link}?find=number 17").text
    assert "No row holds" in client.get(f"{link}?find=zebra").text
    assert "5,000 more characters" in client.get(f"{link}?from=30").text


@pytest.mark.parametrize(
    "query",
    [
        "from=-1",
        "from=x",
        "from=99999999999999999999",
        "from=%D9%A3",
        "find=%FF%FE",
        "from=5&from=6",
        "%%%",
        "find=" + "x" * 5_000,
    ],
)
def test_any_query_gives_a_page(house, client, query):
    """Whatever stands behind the question mark, there is a page."""
    assert client.get(f"{house.link(house.ask_plan(['robin']))}?{query}").status_code == 200


def test_too_many_fields_are_refused(house, client):
    """A query of a thousand fields is no reader's."""
    assert (
        client.get(f"{house.link(house.ask_gate())}?{'&'.join('a=1' for _ in range(99))}").status_code == 400
    )


def test_what_needs_no_link_says_little(house, client):
    """Without a link there is no list of what waits."""
    house.ask_gate(title="secret-plan")

    assert "secret-plan" not in client.get(f"{house.server.url}/").text
    assert client.get(f"{house.server.url}/health").text == "ok\n"
    assert client.get(f"{house.server.url}/favicon.ico").status_code == 404


def test_links_of_what_waits_are_said_once(house, client):
    """Whoever serves is told the links, oldest first, each once."""
    before: set[str] = set()
    house.server.links(before)
    told = set(before)
    first, second = house.ask_gate(title="one"), house.ask_gate(title="two\n")

    said = house.server.links(told)

    assert [title for title, _ in said] == ["one", "two\N{SYMBOL FOR LINE FEED}"]
    assert client.get(said[0][1]).status_code == 200
    assert told - before == {first.approval_id, second.approval_id}
    assert house.server.links(told) == []


def test_links_of_all_that_waits_are_said(tmp_path):
    """However many asked before somebody served: none of them is asked about again."""
    house = House(tmp_path)
    with house.server:
        asked = [house.ask_gate(title=f"step {n}") for n in range(130)]

        said = house.server.links(set())
    house.ledger.close()

    assert len(said) == len(asked)
    assert {title for title, _ in said} == {row.title for row in asked}
