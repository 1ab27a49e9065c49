"""What a session tells of what happens in it, and what it keeps to itself."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pandas as pd
import pytest
from receivers import listening

from loopai_nb.approval.gate import Decision
from loopai_nb.approval.links import LinkKey
from loopai_nb.approval.told import ToldLedger
from loopai_nb.asgi.serve import PageServer
from loopai_nb.errors import ApprovalRefused, ApprovalRequired, InputError
from loopai_nb.ledger import queries
from loopai_nb.ledger.store import Ledger
from loopai_nb.records import ApprovalState, RunState
from loopai_nb.session import Session
from loopai_nb.settings import Settings

PROMPT = "zebra-crossing"


@pytest.fixture
def hook():
    """A webhook's server."""
    with listening() as made:
        yield made


@pytest.fixture
def environ(tmp_path, devserver):
    """A model server and a ledger; no database is needed here."""
    return {
        "LOOPAI_SERVER": devserver.openai_url,
        "LOOPAI_MODEL": "demo-lexical",
        "LOOPAI_LEDGER": str(tmp_path / "ledger" / "ledger.sqlite3"),
        "LOOPAI_USER": "tester",
    }


@pytest.fixture
def told_session(environ, tmp_path, hook, monkeypatch):
    """Makes sessions that tell that webhook at once; closed after the test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = []

    def make(**given):
        given = {"LOOPAI_NOTIFY_WEBHOOK_URL": hook.url, "LOOPAI_NOTIFY_AFTER_S": "0"} | given
        settings = Settings.load(environ={**environ, **given}, cwd=tmp_path, config_dir=tmp_path)
        made.append(Session(settings))
        return made[-1]

    yield make
    for session in made:
        session.close()


@pytest.fixture
def frame():
    """A few rows."""
    return pd.DataFrame({"text": [f"{PROMPT} {n}" for n in range(6)]})


def _told(hook):
    return [json.loads(seen.body) for seen in hook.seen]


def test_without_a_channel_nothing_of_it_is_there(told_session):
    """A session that tells nobody has the plain ledger; one that does has the one that tells."""
    assert type(told_session(LOOPAI_NOTIFY_WEBHOOK_URL="").ledger) is Ledger
    assert type(told_session().ledger) is ToldLedger


def test_a_run_that_ends_is_told_without_its_prompts(told_session, hook, frame):
    """One notice: how many rows, what it cost; no prompt and no answer."""
    session = told_session()
    run = session.map(frame, "About {{ text }}: one word.", approve=True)
    answers = run.result()["answer"]
    session.close()

    (notice,) = _told(hook)
    assert (notice["kind"], notice["importance"]) == ("ended", "info")
    assert notice["title"] == f"Run {run.run_id} is complete."
    assert notice["facts"]["Answered"] == "6 of 6"
    assert notice["run_id"] == run.run_id
    assert PROMPT not in json.dumps(notice)
    assert not any(answer in json.dumps(notice["facts"]) for answer in answers if len(answer) > 3)


def test_a_run_that_ends_well_and_soon_is_not_told(told_session, hook, frame):
    """Whoever began a run of a second is still there."""
    session = told_session(LOOPAI_NOTIFY_AFTER_S="30")
    session.map(frame, "About {{ text }}", approve=True)
    session.close()

    assert hook.seen == []


def test_a_run_with_failures_is_told_however_soon(told_session, hook, frame, devserver):
    """What did not go well is told; the server's words, which may repeat a prompt, are not."""
    devserver.faults(marked={f"{PROMPT} 3": "400*9"})
    session = told_session(LOOPAI_NOTIFY_AFTER_S="30")
    run = session.map(frame, "About {{ text }}", approve=True, stop_on_first_error=True, concurrency=1)
    session.close()

    (notice,) = _told(hook)
    assert run.state is RunState.PARTIAL
    assert (notice["kind"], notice["importance"]) == ("ended", "warning")
    assert notice["facts"]["Go on"] == f"loopai-nb resume {run.run_id}"
    assert (
        notice["title"] == f"Run {run.run_id} stopped before all was answered (stopped at the first error)."
    )


def test_a_budget_is_told_at_four_fifths_and_at_its_end(told_session, hook, devserver):
    """At 80% a warning, and where a run stops at its budget one urgent notice."""
    session = told_session()
    session.use_server(devserver.openai_url, model="demo-lexical", price=(1_000, 1_000))
    ten = session.map(pd.DataFrame({"n": range(10, 20)}), "About {{ n }}", max_tokens=4, approve=True)
    budget_usd = ten.row.spent_pusd * 20 / 1e12
    rows = pd.DataFrame({"n": range(1_000, 1_400)})
    run = session.map(rows, "About {{ n }}", max_tokens=4, budget_usd=budget_usd, concurrency=1, approve=True)
    session.close()

    assert run.state is RunState.PARTIAL
    told = [notice for notice in _told(hook) if notice["run_id"] == run.run_id]
    assert [(notice["kind"], notice["importance"]) for notice in told] == [
        ("budget", "warning"),
        ("budget", "urgent"),
    ]
    assert f"budgeted for run {run.run_id} are spent (8" in told[0]["title"]
    assert told[1]["title"].startswith(f"Run {run.run_id} stopped at its budget: ")


def test_a_question_that_waits_is_told_with_a_link(told_session, hook, frame):
    """Where nobody can click, whoever is told gets the id, and the link where the pages are served."""
    session = told_session(LOOPAI_SERVE_URL="http://127.0.0.1:8770/")
    plan = session.plan(frame, "About {{ text }}")
    with pytest.raises(ApprovalRequired) as caught:
        session.run(plan)
    approval_id = caught.value.approval_id
    session.close()

    (notice,) = _told(hook)
    assert (notice["kind"], notice["importance"]) == ("approval", "urgent")
    assert notice["approval_id"] == approval_id
    assert notice["facts"]["In a terminal"] == f"loopai-nb approve {approval_id}"
    token = notice["link"].removeprefix("http://127.0.0.1:8770/a/")
    link = LinkKey.load().read(token)
    assert (link.approval_id, link.digest) == (approval_id, plan.digest)
    assert notice["prompt"] is None
    assert PROMPT not in json.dumps(notice)


def test_a_prompt_is_told_where_it_was_asked_for(told_session, hook, frame):
    """LOOPAI_NOTIFY_PROMPTS puts the first prompt into the notice of a question."""
    session = told_session(LOOPAI_NOTIFY_PROMPTS="yes")
    with pytest.raises(ApprovalRequired):
        session.run(session.plan(frame, "About {{ text }}"))
    session.close()

    assert _told(hook)[0]["prompt"] == f"About {PROMPT} 0"


def test_a_question_that_is_answered_soon_is_not_told(told_session, hook, frame):
    """Whoever decides within the time that is given away was there; so is a policy."""
    session = told_session(LOOPAI_NOTIFY_AFTER_S="30")
    rejected = Decision(ApprovalState.REJECTED, "tester", feedback="no")
    with pytest.raises(ApprovalRefused):
        session.run(session.plan(frame, "About {{ text }}"), approve=lambda _: rejected)
    session.close()

    assert hook.seen == []


def test_a_decision_given_elsewhere_is_told(told_session, hook):
    """Who decided, how and when; the process in which it was decided tells it."""
    session = told_session(LOOPAI_NOTIFY_AFTER_S="3600")
    approval_id = session.ledger.ask_approval(digest="d" * 64, kind="gate", title="publish", timeout_s=60)
    elsewhere = told_session()
    elsewhere.ledger.decide_approval(
        approval_id, ApprovalState.REJECTED, decided_by="Ada", means="link", feedback="too dear"
    )
    elsewhere.close()
    session.close()

    (notice,) = _told(hook)
    assert notice["kind"] == "decided"
    assert notice["title"] == f"{approval_id} was rejected by Ada (link): too dear."
    assert notice["facts"]["What"] == "publish"
    assert notice["facts"]["When"].endswith("UTC")


def test_a_question_that_nobody_answered_is_told(told_session, hook, until):
    """When its time is over, a question says so once."""
    session = told_session()
    session.ledger.ask_approval(digest="d" * 64, kind="gate", title="publish", timeout_s=1)

    until(lambda: len(hook.seen) == 2)

    assert [notice["kind"] for notice in _told(hook)] == ["approval", "decided"]
    assert "in time" in _told(hook)[1]["title"]


def test_what_was_told_and_what_not_is_in_the_ledger(told_session, hook, frame):
    """A channel that fails fails no run; the ledger says what it did not take."""
    hook.script.extend([(404, {}, b"gone")])
    session = told_session()
    first = session.map(frame, "About {{ text }}", approve=True)
    second = session.map(frame, "Again {{ text }}", approve=True)
    assert (first.state, second.state) == (RunState.COMPLETED, RunState.COMPLETED)
    session.close()

    reopened = told_session()
    events = {event.run_id: event for event in queries.recent_events(reopened.ledger)}
    assert (events[first.run_id].kind, events[second.run_id].kind) == ("not_told", "told")
    assert events[first.run_id].message == (
        f"webhook was not told (answered 404: gone): Run {first.run_id} is complete."
    )


def test_two_processes_on_one_run_tell_its_end_once(told_session, hook, frame):
    """Of those who carry out a run together, the last one's end is the run's."""
    session, helper = told_session(LOOPAI_CONCURRENCY="1"), told_session(LOOPAI_CONCURRENCY="1")
    run = session.run(session.plan(frame, "About {{ text }}"), approve=True)
    with contextlib.suppress(InputError):  # it may have ended before
        helper.join(run.run_id).wait()
    run.wait()
    session.close()
    helper.close()

    assert [notice["kind"] for notice in _told(hook)] == ["ended"]


def test_a_run_that_waits_goes_on_when_the_link_is_used(told_session, hook, frame, until):
    """From the notice to the page, the decision and the answers: nobody touches the notebook."""
    session = told_session(LOOPAI_SERVE_URL="http://localhost")

    class Waits:
        def ask(self, plan, pending):  # noqa: ARG002  (an AskingApprover's signature)
            pending.wait()
            return Decision(ApprovalState.PENDING, "")

        def told(self, *_):
            raise AssertionError

    plan = session.plan(frame, "About {{ text }}")
    with (
        PageServer(session.ledger, session.settings, port=0) as pages,
        ThreadPoolExecutor(1) as thread,
        httpx.Client(trust_env=False) as client,
    ):
        running = thread.submit(lambda: session.run(plan, approve=Waits()).wait())
        until(lambda: hook.seen)
        link = pages.url + _told(hook)[0]["link"].removeprefix("http://localhost")
        assert f"{PROMPT} 0" in client.get(link).text
        assert not running.done()
        client.post(link, data={"digest": plan.digest, "decision": "approve", "name": "Ada"})
        run = running.result(timeout=60)

    assert run.state is RunState.COMPLETED
    assert run.row.decided_by == "Ada"
    session.close()
    assert [notice["kind"] for notice in _told(hook)] == ["approval", "decided", "ended"]


def test_a_ledger_in_postgres_tells_and_is_served(told_session, hook, frame, database):
    """A team's ledger tells, notes what it told, and shows its plans as one in a file does."""
    session = told_session(LOOPAI_LEDGER=database)
    with pytest.raises(ApprovalRequired) as caught:
        session.run(session.plan(frame, "About {{ text }}"))
    with PageServer(session.ledger, session.settings, port=0) as pages:
        ((_, link),) = pages.links(set())
        page = httpx.get(f"{link}?find={PROMPT}%203", trust_env=False).text
    run = session.map(frame, "About {{ text }}", approve=True)
    session.close()

    assert caught.value.approval_id in page
    assert f'<mark class="hit">{PROMPT} 3</mark>' in page
    assert {notice["kind"] for notice in _told(hook)} == {"approval", "ended"}
    events = queries.recent_events(told_session(LOOPAI_LEDGER=database).ledger)
    assert run.run_id in {event.run_id for event in events if event.kind == "told"}


def test_telling_needs_nothing_before_a_channel_is_set(environ, tmp_path):
    """Without a channel no module of the notifiers is imported, on the way to a ledger."""
    code = (
        "import sys\n"
        "from loopai_nb.session import Session\n"
        "with Session() as session: session.ledger\n"
        "assert not [name for name in sys.modules if name.startswith('loopai_nb.notify')]\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environ, cwd=tmp_path, check=False)

    assert done.returncode == 0
