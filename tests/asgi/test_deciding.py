"""Deciding by a link: what counts, what does not, and that it counts once."""

from __future__ import annotations

import threading

import pytest

from loopai_nb.approval.chain import verify
from loopai_nb.approval.links import Link, LinkKey
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import Secret


def test_a_person_approves_by_the_link(house, client, decide):
    """The decision is in the ledger with name and reason; the page then says so, and asks no more."""
    row = house.ask_plan(["robin", "gull"])
    link = house.link(row)

    answer = decide(link, row, name=" Bo Ng ", reason="fine\r\nby me")

    assert (answer.status_code, answer.headers["location"]) == (303, "/" + link.split("/", 3)[3])
    now = house.now(row)
    assert (now.state, now.decided_by, now.means) == (ApprovalState.APPROVED, "Bo Ng", "link")
    assert now.feedback == "fine\nby me"
    page = client.get(link).text
    assert "Approved" in page
    assert "Bo Ng" in page
    assert 'id="decide"' not in page
    assert verify(house.ledger).is_whole


def test_a_rejection_keeps_its_reason(house, decide):
    """A no is a decision as well."""
    row = house.ask_gate()

    decide(house.link(row), row, decision="reject", reason="too dear")

    assert (house.now(row).state, house.now(row).feedback) == (ApprovalState.REJECTED, "too dear")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_decides_nothing(house, client, method):
    """A link scanner that opens the link, with a form's fields in its query even, decides nothing."""
    row = house.ask_plan(["robin"])

    answer = client.request(
        method, house.link(row), params={"decision": "approve", "name": "Bo", "digest": row.digest}
    )

    assert answer.status_code == 200
    assert house.now(row).state is ApprovalState.PENDING


def test_it_is_decided_once(house, decide):
    """Of many at once one decides; the others are told who did."""
    row = house.ask_gate()
    link, answers, start = house.link(row), [], threading.Barrier(6)

    def post(n):
        start.wait()
        answers.append(decide(link, row, name=f"person {n}", decision="approve" if n % 2 else "reject"))

    threads = [threading.Thread(target=post, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 5
    by = house.now(row).decided_by
    assert all(by in answer.text for answer in answers if answer.status_code == 409)


def test_the_link_of_another_is_no_link(house, client, decide):
    """A link signed by another key, or for another content, neither shows nor decides anything."""
    row, other = house.ask_gate('{"context": {"what": "secret-plan"}}'), house.ask_gate()
    stranger = LinkKey(Secret("66" * 32)).sign(Link.to(row, house.ledger.now_ms())).reveal()
    swapped = house.key.sign(Link(row.approval_id, other.digest, row.expires_ms)).reveal()

    for token in (stranger, swapped, "x", "", f"{stranger}/../x"):
        link = f"{house.server.url}/a/{token}"
        assert client.get(link).status_code == 403
        assert "secret-plan" not in client.get(link).text
        assert decide(link, row).status_code == 403
    assert house.now(row).state is ApprovalState.PENDING


def test_an_expired_link_is_gone(house, client, decide):
    """Behind its time a link shows and decides nothing."""
    row = house.ask_gate('{"context": {"what": "secret-plan"}}', timeout_s=60)
    link = house.link(row)

    house.ahead_s = 61

    assert client.get(link).status_code == 410
    assert "secret-plan" not in client.get(link).text
    assert decide(link, row).status_code == 410
    assert house.now(row).state is ApprovalState.TIMEOUT
    assert house.now(row).decided_by is None


def test_a_question_of_another_ledger_is_gone(house, client):
    """A good link to what this ledger does not have says so."""
    token = house.key.sign(Link("a-0000", "0" * 64, house.ledger.now_ms() + 60_000)).reveal()

    assert client.get(f"{house.server.url}/a/{token}").status_code == 410


def test_what_was_decided_elsewhere_is_shown(house, decide):
    """A page that stayed open while somebody else decided does not decide again."""
    row = house.ask_gate()
    house.ledger.decide_approval(row.approval_id, ApprovalState.REJECTED, decided_by="Cy", means="cli")

    answer = decide(house.link(row), row)

    assert answer.status_code == 409
    assert "Cy" in answer.text
    assert house.now(row).decided_by == "Cy"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"name": ""}, 400),
        ({"name": "   "}, 400),
        ({"name": "x" * 101}, 400),
        ({"name": "Bo\u202e"}, 400),
        ({"name": "Bo\r\nX: y"}, 400),
        ({"reason": "x" * 2_001}, 400),
        ({"decision": "maybe"}, 400),
        ({"decision": ""}, 400),
        ({"digest": "0" * 64}, 400),
        ({"digest": ""}, 400),
        ({"digest": "\u00e9"}, 400),
    ],
)
def test_a_form_that_is_not_filled_in_decides_nothing(house, decide, given, status):
    """No name, an odd one, no decision, or another content than the page showed."""
    row = house.ask_gate()

    answer = decide(house.link(row), row, **given)

    assert answer.status_code == status
    assert house.now(row).state is ApprovalState.PENDING


def test_what_was_typed_is_kept_when_something_is_missing(house, decide):
    """A form that comes back has what was typed, escaped, and says what is missing."""
    row = house.ask_gate()

    answer = decide(house.link(row), row, name="", reason="</textarea><script>1</script>")

    assert 'role="alert"' in answer.text
    assert "&lt;/textarea&gt;&lt;script&gt;" in answer.text
    assert "<script" not in answer.text
