"""The kernel's side of the approval widget, without a front end."""

from __future__ import annotations

import pandas as pd
import pytest

from loopai_nb.errors import InputError, TemplateError
from loopai_nb.notebook.approval_desk import ApprovalDesk, Source
from loopai_nb.notebook.plan_figures import Press
from loopai_nb.prompts.template import Template
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import Redactor
from loopai_nb.session import Session
from loopai_nb.settings import Settings

TEMPLATE = "Which part? engine, wing. One word.\n{{ text }}"


class Desk:
    """A desk over a real plan, and what it was told."""

    def __init__(self, session: Session, frame: pd.DataFrame, *, stream: bool = False) -> None:
        self.session, self.frame = session, frame
        self.chosen, self.replaced = [], []
        self.plan = session.plan(frame, TEMPLATE, name="frame")
        redactor = Redactor(("email",))
        source = Source(redactor=redactor) if stream else Source(self.make, self.original, True, redactor)  # noqa: FBT003
        self.desk = ApprovalDesk(
            self.plan,
            ledger=session.ledger,
            press=Press(4),
            source=source,
            left_s=lambda: 90.0,
            chosen=self.chosen.append,
            replaced=lambda *told: self.replaced.append(told),
        )

    def make(self, change):
        """The plan with a change."""
        template = Template(change.template, system=change.system)
        return self.session.plan(self.frame, template, name="frame", leave_out=change.leave_out)

    def original(self, change, position):
        """A row's prompt before anything was masked."""
        (rendered,) = Template(change.template, system=change.system).render_frame(
            self.frame.iloc[[position]]
        )
        return rendered.prompt, rendered.system

    def __call__(self, kind, **asked):
        """A message of the widget."""
        return self.desk.handlers[kind]({"kind": kind, **asked})


@pytest.fixture
def session(environment, tmp_path):
    """A session that masks addresses."""
    environ = {**environment, "LOOPAI_REDACT": "email"}
    with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as made:
        yield made


@pytest.fixture
def frame():
    """Five rows, one with an address, one that looks like it was masked, one with a hidden character."""
    texts = [
        "late",
        "write to ann@example.com",
        "say [email] here",
        "a\u200bb",
        "much, much longer than the others",
    ]
    return pd.DataFrame({"text": texts}, index=list("vwxyz"))


@pytest.fixture
def desk(session, frame):
    """A desk over them."""
    return Desk(session, frame)


def test_it_tells_what_is_decided_on(desk):
    """Digest, figures, how long it waits, and what can be done."""
    opened = desk("open")

    assert opened["plan"]["digest"] == desk.plan.digest
    assert [figure["name"] for figure in opened["plan"]["figures"]] == ["rows", "to send", "cost", "time"]
    assert (opened["ends_in_ms"], opened["can_change"], opened["sample"]) == (90_000, True, 5)
    assert opened["differs"] is None


def test_a_window_shows_what_tells_rows_apart(desk):
    """Without what all prompts begin with, odd characters spelled out."""
    lines = desk("window", first=0, count=2) + desk("window", first=3, count=1)

    assert [(line["label"], line["text"]) for line in lines] == [
        ("v", "late"), ("w", "write to [email]"), ("y", "a[U+200B]b"),
    ]  # fmt: skip


def test_a_row_shows_what_a_rule_masked(desk):
    """What it was, then the mask; a text that only looked like one stays as it is."""
    shown = desk("row", position=1)["prompt"]
    assert shown[-2:] == [["cut", "ann@example.com"], ["new", "[email]"]]
    assert {kind for kind, _ in desk("row", position=2)["prompt"]} == {""}
    assert desk("row", position=5) is None


def test_ways_through_the_rows(desk):
    """Masked by a rule, odd, longest, found; None where there is none."""
    assert [desk("jump", to="masked", position=at) for at in (0, 1, 3)] == [1, 1, 1]
    assert desk("jump", to="odd", position=0) == 3
    assert desk("jump", to="longest", rank=0) == 4
    assert desk("jump", to="random") in range(5)
    assert desk("find", text="LATE", position=1, step=1) == {"position": 0, "count": 1}
    assert desk("find", text="nowhere", position=0, step=1) == {"position": None, "count": 0}


def test_a_change_makes_another_plan(desk):
    """Its difference is told, the one who asks is told, and only the new digest can be approved."""
    opened = desk("change", template=TEMPLATE.replace("One", "A"), system="", left_out=[0, 2])

    assert opened["plan"]["digest"] != desk.plan.digest
    assert opened["differs"]["before"] == {"id": desk.plan.plan_id, "digest": desk.plan.digest}
    assert ["cut", "One"] in opened["differs"]["template"]
    assert opened["differs"]["left_out"] == "2 rows: 0, 2"
    ((plan, change),) = desk.replaced
    assert (plan.digest, change.leave_out) == (opened["plan"]["digest"], {0, 2})
    with pytest.raises(InputError, match="changed meanwhile"):
        desk("approve", digest=desk.plan.digest)
    assert desk("row", position=0)["error"] == "left out by a person"


def test_what_cannot_be_made_changes_nothing(desk):
    """A wrong template, or no row at all: the plan stays, and can be approved."""
    with pytest.raises(TemplateError, match="txt"):
        desk("change", template="{{ txt }}", system="", left_out=[])
    with pytest.raises(InputError, match="Every row"):
        desk("change", template=TEMPLATE, system="", left_out=[0, 1, 2, 3, 4])

    desk("approve", digest=desk.plan.digest)
    assert [(choice.plan, choice.state) for choice in desk.chosen] == [(desk.plan, ApprovalState.APPROVED)]


def test_a_decision_is_taken_once(desk):
    """The second key does nothing, and neither does one behind the end."""
    desk("reject", digest=desk.plan.digest, reason="too dear")
    with pytest.raises(InputError, match="decided already"):
        desk("approve", digest=desk.plan.digest)

    assert [choice.feedback for choice in desk.chosen] == ["too dear"]
    assert desk.desk.close() is False


def test_a_decision_that_could_not_be_kept_can_be_given_again(desk):
    """Where the ledger fails, the widget goes on waiting."""
    failing = [OSError("disk full")]

    def chosen(choice):
        if failing:
            raise failing.pop()
        desk.chosen.append(choice)

    desk.desk._chosen = chosen
    with pytest.raises(OSError, match="disk full"):
        desk("approve", digest=desk.plan.digest)
    desk("approve", digest=desk.plan.digest)
    assert len(desk.chosen) == 1


def test_a_sample_of_all_rows_is_all_of_them(desk):
    """Fewer are a sample."""
    desk("approve", digest=desk.plan.digest, sample=5)
    assert desk.chosen[0].sample is None


def test_a_stream_can_be_looked_at_and_decided_only(session, frame):
    """It is read once: no change, no sample, and masks without what they hide."""
    desk = Desk(session, frame, stream=True)

    assert (desk("open")["can_change"], desk("open")["sample"]) == (False, 0)
    with pytest.raises(InputError, match="read once"):
        desk("change", template=TEMPLATE, system="", left_out=[])
    with pytest.raises(InputError, match="stream"):
        desk("approve", digest=desk.plan.digest, sample=2)
    assert "cut" not in {kind for kind, _ in desk("row", position=1)["prompt"]}
