"""A server that does not take a schema is asked another way, and that is said."""

import logging

import pandas as pd
import pytest

from loopai_nb.ledger import queries
from loopai_nb.notebook.run_lines import run_sentences
from loopai_nb.records import RunState

REFUSED = (
    "The server refused the schema as response_format: the prompt asks for it instead, "
    "and every answer is checked against it here."
)
SCHEMA = {"type": "object", "properties": {"part": {"enum": ["wing", "engine"]}}, "required": ["part"]}


@pytest.fixture
def reports():
    """Remarks that differ."""
    return pd.DataFrame({"remark": [f"bird {n} hit the wing" for n in range(20)]})


def test_a_refused_schema_is_said_once_in_each_run(session, devserver, reports, caplog):
    """As event, in progress, sentence and log; of the run that learns it and of the next, which knows."""
    devserver.faults(structured=False)
    caplog.set_level(logging.WARNING, "loopai_nb")
    runs = [
        session.map(reports, f"{ask} {{{{ remark }}}}", schema=SCHEMA, approve=True)
        for ask in ("Which?", "What?")
    ]
    for run in runs:
        assert run.state in {RunState.COMPLETED, RunState.PARTIAL}
        assert run.progress.warnings == (REFUSED,)
        events = queries.recent_events(session.ledger, run_id=run.run_id)
        assert [(event.kind, event.message) for event in events] == [("server_refused", REFUSED)]
        assert REFUSED in run_sentences(run, session).text()
        assert caplog.text.count(f"{run.run_id}: {REFUSED}") == 1


def test_a_run_without_a_schema_hears_nothing_of_it(session, devserver, reports):
    """What the server refuses is said only where it is asked for."""
    devserver.faults(structured=False)
    session.map(reports.head(2), "Which? {{ remark }}", schema=SCHEMA, approve=True)
    run = session.map(reports.head(2), "Where? {{ remark }}", approve=True)
    assert run.progress.warnings == ()
    assert queries.recent_events(session.ledger, run_id=run.run_id) == []
