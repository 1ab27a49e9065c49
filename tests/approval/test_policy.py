from decimal import Decimal

import pytest

from loopai_nb.approval.gate import Decision, Terms, approve_in_code, decide
from loopai_nb.approval.policy import Policy
from loopai_nb.pricing import format_usd, pusd
from loopai_nb.records import ApprovalState

CENT = pusd("0.01")


class _Asker:
    def __init__(self):
        self.asked = []
        self.seen = []

    def ask(self, plan, _pending):
        self.asked.append(plan.plan_id)
        return Decision(ApprovalState.APPROVED, "ada", "widget")

    def told(self, plan, row):
        self.seen.append((plan.plan_id, row.state))


@pytest.mark.parametrize(
    ("below_usd", "worst_pusd", "means"),
    [
        ("0.01", CENT - 1, "policy"),
        ("0.01", CENT, "widget"),
        ("0.01", None, "widget"),
        ("0", 0, "widget"),
        ("0.01", 0, "policy"),
        (None, 0, "widget"),
    ],
)
def test_a_policy_goes_by_the_worst_case(desk, below_usd, worst_pusd, means):
    """Only what can cost less than the threshold needs no person; what has no price always does."""
    asker = _Asker()
    plan = desk.plan(worst_pusd=worst_pusd)
    terms = Terms("ada", 60, Policy(None if below_usd is None else Decimal(below_usd)))
    row = desk.ledger.approval(decide(plan, desk.ledger, asker, terms))
    assert (row.means, row.decided_by) == (means, "ada")
    by_policy = means == "policy"
    assert asker.asked == ([] if by_policy else [plan.plan_id])
    assert asker.seen == ([(plan.plan_id, "APPROVED")] if by_policy else [])


def test_a_policy_counts_what_a_schema_has_asked_again(desk):
    """Three times the price of one answer each, where two retries are allowed; so does the title."""
    asker, terms = _Asker(), Terms("ada", 60, Policy(Decimal("0.01")))
    plan = desk.plan(worst_pusd=CENT // 3, schema={"type": "object", "properties": {}})
    decide(plan, desk.ledger, asker, terms)
    assert asker.asked == []
    plan = desk.plan(("wren",), worst_pusd=CENT // 3 + 1, schema={"type": "object", "properties": {}})
    row = desk.ledger.approval(decide(plan, desk.ledger, asker, terms))
    assert asker.asked == [plan.plan_id]
    assert row.title.endswith(f"at most {format_usd(3 * (CENT // 3 + 1))} USD")


def test_the_ledger_says_what_the_policy_was(desk):
    """Who reads the chain later sees what the threshold was then."""
    plan = desk.plan(worst_pusd=CENT // 2)
    terms = Terms("ada", 60, Policy(Decimal("0.01")))
    row = desk.ledger.approval(decide(plan, desk.ledger, lambda _: None, terms))
    assert row.feedback == "at most 0.005 USD, below 0.01"


def test_what_code_approves_is_the_codes(desk):
    """Where the program says yes itself, no policy is asked."""
    terms = Terms("ada", 60, Policy(Decimal(1)))
    approval_id = decide(desk.plan(), desk.ledger, approve_in_code("ada"), terms)
    assert desk.ledger.approval(approval_id).means == "code"
