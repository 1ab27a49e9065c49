from types import SimpleNamespace

from loopai_nb.notebook.deciding import decide_by
from loopai_nb.records import ApprovalState

PLAN = SimpleNamespace(to_send=3, spec=SimpleNamespace(model="phi-4"))


def test_a_front_end_that_answers_by_itself_is_nobody():
    """Whatever it says that is no answer, the question is not asked for ever, and nothing is approved."""
    asked = []

    def read(question):
        asked.append(question)
        return ""

    assert decide_by(read, PLAN, "ann").state is ApprovalState.PENDING
    assert len(asked) == 5


def test_a_person_may_mistype():
    """An answer that is neither is asked for again, and the reason behind a no is kept."""
    said = iter(["perhaps", "N, too dear"])

    decision = decide_by(lambda _: next(said), PLAN, "ann")

    assert (decision.state, decision.feedback) == (ApprovalState.REJECTED, "too dear")
