import json
import stat
import threading
from pathlib import Path

import pandas as pd
import pytest

from loopai_nb.devserver.serve import DevServer
from loopai_nb.errors import (
    ApprovalRequired,
    DatabaseDenied,
    DatabaseUnavailable,
    InputError,
    ModelServerError,
    SettingsError,
    TableNotFound,
    TemplateError,
)
from loopai_nb.records import RunState
from loopai_nb.session import Session
from loopai_nb.settings import Settings

WHICH = "Which part was hit? engine, wing. One word.\n{{ text }}"
TEMPLATE = "Which part was hit? windshield, engine, wing, nose, other. One word.\n{{ remarks }}"


def test_rows_go_out_and_answers_come_back(session, birds, devserver):
    """The main job: pull, plan, approve, run, push, and find the pushed rows with their lineage."""
    frame = session.pull(birds, where="remarks IS NOT NULL", limit=200)
    plan = session.plan(frame, TEMPLATE, name="birds", max_tokens=4, temperature=0)
    assert (plan.rows, plan.cached) == (200, 0)
    assert devserver.stats().requests == 0

    result = session.run(plan, approve=True).wait().result()
    summary = session.push(result, "bird_parts", key="id", columns=["answer"])

    assert devserver.stats().requests == plan.distinct
    assert (summary.inserted, summary.created) == (200, True)
    (lineage,) = session.query(
        "SELECT count(*) AS n, min(run_id) AS run, min(approved_by) AS by, min(model) AS model,"
        " sum(cost_usd) AS cost FROM loopai_lineage WHERE target_table LIKE '%bird_parts'"
    )
    assert lineage["n"] == 200
    assert lineage["run"] == result.attrs["loopai"]["run_id"]
    assert (lineage["by"], lineage["model"], lineage["cost"]) == ("tester", "demo-lexical", 0)
    pushed = session.pull("bird_parts")
    assert dict(zip(pushed["id"], pushed["answer"], strict=True)) == dict(
        zip(result["id"], result["answer"], strict=True)
    )


def test_pushing_twice_changes_nothing(session, birds):
    """A second push of the same answers writes no row."""
    frame = session.pull(birds, where="remarks IS NOT NULL", limit=20)
    result = session.map(frame, TEMPLATE, approve=True, max_tokens=4).result()
    session.push(result, "parts", key="id")

    again = session.push(result, "parts", key="id")

    assert (again.inserted, again.updated, again.unchanged) == (0, 0, 20)


def test_nothing_is_sent_without_an_approval(session, birds, devserver):
    """Where nobody can be asked, the plan is refused and the server hears nothing of it."""
    frame = session.pull(birds, limit=5)

    with pytest.raises(ApprovalRequired, match="Nothing was sent"):
        session.map(frame, TEMPLATE)

    assert devserver.stats().requests == 0


def test_ask_is_its_own_approval(session, devserver):
    """One typed prompt is sent, recorded, and not paid for again."""
    variables = {"data": [{"a": 1, "b": None}], "unused": object()}

    first = session.ask("Hot or cold? hot, cold. {{ data }}", variables=variables)
    second = session.ask("Hot or cold? hot, cold. {{ data }}", variables=variables)

    assert first.state is RunState.COMPLETED
    assert second.result()["status"].iloc[0] == "cached"
    assert devserver.stats().requests == 1


def test_a_frame_in_a_prompt_is_a_table(session):
    """The whole-result form: one prompt over all rows."""
    frame = pd.DataFrame({"city": ["Graz", None], "n": [1, 2]})

    run = session.ask("Which city? Graz, Wien.\n{{ data }}", variables={"data": frame})

    assert run.result()["answer"].iloc[0] == "Graz"


def test_an_empty_frame_is_told(session, birds):
    """No rows: one sentence, nothing sent."""
    with pytest.raises(InputError, match="has no rows"):
        session.plan(session.pull(birds, where="false"), TEMPLATE, name="birds")


def test_an_unknown_column_is_told_with_a_near_one(session, birds):
    """The sentence of EXPERIENCE.md, with the frame's name."""
    with pytest.raises(
        TemplateError, match=r'asks for "remark", which birds does not have\. Did you mean "remarks"'
    ):
        session.plan(session.pull(birds, limit=1), "{{ remark }}", name="birds")


def test_an_answer_does_not_overwrite_a_column(session):
    """A frame that has a column of that name is refused before anything is sent."""
    with pytest.raises(InputError, match="already has a column 'status'"):
        session.plan(pd.DataFrame({"status": ["x"]}), "{{ status }}", name="orders")


@pytest.mark.parametrize("budget", ["nan", "inf", "-1", "lots"])
def test_a_budget_that_is_no_amount_is_refused(session, budget):
    """ATTACKS 49: a naive comparison would let NaN pass."""
    with pytest.raises(InputError, match="USD"):
        session.plan(pd.DataFrame({"a": ["x"]}), "{{ a }}", budget_usd=budget)


def test_a_missing_table_is_told_with_near_names(session, birds):  # noqa: ARG001  (loads the table)
    """TableNotFound names what is there."""
    with pytest.raises(TableNotFound, match="bird_strikes"):
        session.pull("bird_strike")


def test_a_wrong_password_is_told_without_it(environ, tmp_path):
    """The message says whom the server refused, and the password is nowhere in the chain."""
    canary = "c4n4ry-pass"
    url = environ["DATABASE_URL"]
    user, _, rest = url.removeprefix("postgresql://").partition("@")
    wrong = f"postgresql://{user.partition(':')[0]}:{canary}@{rest}"
    settings = Settings.load(environ={**environ, "DATABASE_URL": wrong}, cwd=tmp_path, config_dir=tmp_path)

    with Session(settings) as session, pytest.raises(DatabaseDenied) as caught:
        session.connect()

    error = caught.value
    while error is not None:
        assert canary not in f"{error!r} {error} {vars(error)}"
        error = error.__cause__ or error.__context__


def test_a_database_that_is_off_is_told(environ, tmp_path):
    """Connection refused names host and port, and what to do."""
    off = "postgresql://nobody:x@127.0.0.1:1/none"
    settings = Settings.load(environ={**environ, "DATABASE_URL": off}, cwd=tmp_path, config_dir=tmp_path)

    with Session(settings) as session, pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1"):
        session.connect()


def test_a_server_that_is_off_is_told_before_anything_is_sent(environ, tmp_path):
    """The sentence of EXPERIENCE.md."""
    settings = Settings.load(
        environ={**environ, "LOOPAI_SERVER": "http://127.0.0.1:1/v1"}, cwd=tmp_path, config_dir=tmp_path
    )

    with Session(settings) as session, pytest.raises(ModelServerError, match="No model server at"):
        session.map(pd.DataFrame({"a": ["x"]}), "{{ a }}", approve=True)


def test_nothing_set_is_told_with_the_setting(tmp_path):
    """Without settings the errors say which to set."""
    settings = Settings.load(environ={}, cwd=tmp_path, config_dir=tmp_path)

    with Session(settings) as session:
        with pytest.raises(SettingsError, match="DATABASE_URL"):
            session.connect()
        with pytest.raises(SettingsError, match="LOOPAI_SERVER"):
            session.use_server()


def test_the_ledger_is_private(session):
    """ATTACKS 46: the file is 0600 and its folder 0700."""
    path = Path(session.ledger.label)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_another_session_goes_on_with_a_run(session, environ, tmp_path, birds, devserver, until):
    """A run that one session cancelled is resumed by another, and only the rest is sent."""
    frame = session.pull(birds, where="remarks IS NOT NULL", limit=300)
    devserver.faults(latency_ms=20)
    run = session.map(frame, TEMPLATE, approve=True, wait=False, concurrency=4)
    until(lambda: run.progress.answered >= 20)
    session.cancel(run.run_id)
    run.wait()
    devserver.faults(latency_ms=0)

    with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as other:
        resumed = other.resume(run.run_id, frame=frame).wait()
        statuses = set(resumed.result()["status"])

    assert resumed.state is RunState.COMPLETED
    assert statuses == {"answered"}
    assert devserver.stats().requests <= run.row.distinct + 4


def test_a_run_is_not_carried_out_twice_at_once(session, birds, devserver):
    """While it runs, nobody else takes it over."""
    frame = session.pull(birds, where="remarks IS NOT NULL", limit=300)
    devserver.faults(latency_ms=20)
    run = session.map(frame, TEMPLATE, approve=True, wait=False, concurrency=4)

    with pytest.raises(InputError, match="is being carried out"):
        session.resume(run.run_id)

    run.cancel()
    run.wait()


def test_closing_ends_what_runs(environ, tmp_path, devserver, until):
    """close() cancels runs, keeps what is answered and leaves no thread behind."""
    devserver.faults(latency_ms=50)
    before = {thread.name for thread in threading.enumerate()}
    session = Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path))
    frame = pd.DataFrame({"remarks": [f"bird {n} in the engine" for n in range(500)]})
    run = session.map(frame, TEMPLATE, approve=True, wait=False, concurrency=8)

    session.close()

    assert run.done
    until(lambda: {thread.name for thread in threading.enumerate()} <= before)
    session.close()


def test_personal_data_is_masked_before_it_is_stored_or_sent(environ, tmp_path, devserver):
    """ATTACKS 20: with the rule on, neither the server nor the ledger sees the address."""
    settings = Settings.load(environ={**environ, "LOOPAI_REDACT": "email"}, cwd=tmp_path, config_dir=tmp_path)
    frame = pd.DataFrame({"remarks": ["write to jane.doe@example.com about the engine"]})

    with Session(settings) as session:
        plan = session.plan(frame, TEMPLATE)
        session.run(plan, approve=True).wait()
        stored = (
            Path(session.ledger.label).read_bytes()
            + Path(session.ledger.label).with_name("ledger.sqlite3-wal").read_bytes()
        )

    assert plan.masked == (("email", 1),)
    assert b"jane.doe" not in stored
    assert "jane.doe" not in str(devserver.requests())


def test_a_plan_for_one_server_is_not_sent_to_another(session, devserver):
    """What was planned, and could be approved, for one server stays with it."""
    plan = session.plan(pd.DataFrame({"a": ["bird in the engine"]}), "Hit? engine, wing. {{ a }}")
    with DevServer() as other:
        session.use_server(other.openai_url, model="demo-lexical")

        with pytest.raises(InputError, match="another server is connected"):
            session.run(plan, approve=True)

        assert other.stats().requests == 0
    assert devserver.stats().requests == 0


def test_another_model_of_the_server_serves_one_plan(environ, tmp_path):
    """plan(model=...) asks another model and leaves the chosen one as it was."""
    with DevServer(models=("small", "large")) as server:
        settings = Settings.load(
            environ={**environ, "LOOPAI_SERVER": server.openai_url, "LOOPAI_MODEL": "small"},
            cwd=tmp_path,
            config_dir=tmp_path,
        )
        with Session(settings) as session:
            run = session.map(pd.DataFrame({"a": ["x"]}), "{{ a }}", model="large", approve=True)

            assert run.state is RunState.COMPLETED
            assert session.server.model == "small"
            asked = [json.loads(request.body)["model"] for request in server.requests()]
    assert asked == ["large"]


def test_a_prompt_that_can_not_be_rendered_is_told_and_not_sent(session, devserver):
    """ask() with an error in its template raises before anything is recorded as a run."""
    with pytest.raises(TemplateError, match="can't be sent"):
        session.ask("{{ 1 / 0 }}")

    assert session.runs() == []
    assert devserver.stats().requests == 0


def test_changing_the_frame_meanwhile_moves_no_answer(session, devserver):
    """Answers stay with the rows that they were asked for, whatever the caller does to the frame."""
    devserver.faults(latency_ms=20)
    frame = pd.DataFrame({"text": ["hit the wing", "hit the engine"]}, index=[2, 1])
    run = session.map(frame, WHICH, approve=True, wait=False)
    frame["text"] = frame["text"].to_list()[::-1]
    frame.index = [1, 2]

    result = run.wait().result()

    assert result.loc[2, "text"] == "hit the wing"
    assert result.loc[2, "answer"] == "wing"


def test_personal_data_in_an_index_is_masked_too(environ, tmp_path):
    """An index of addresses does not reach the ledger under the rule, and the result keeps it."""
    settings = Settings.load(environ={**environ, "LOOPAI_REDACT": "email"}, cwd=tmp_path, config_dir=tmp_path)
    frame = pd.DataFrame({"text": ["hit the wing"]}, index=["jane.doe@example.com"])

    with Session(settings) as session:
        run = session.map(frame, "Hit what part? engine, wing.\n{{ text }}", approve=True)
        result = run.result()
        path = Path(session.ledger.label)
        stored = path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()

    assert list(result.index) == ["jane.doe@example.com"]
    assert b"jane.doe" not in stored
