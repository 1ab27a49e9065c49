import pytest


@pytest.fixture
def going(notebook, model_server, until):
    """A notebook in which a run of 400 rows goes on behind its cell."""
    model_server.faults(latency_ms=40)
    notebook.ok("import pandas as pd\nframe = pd.DataFrame({'text': [f'bird {i}' for i in range(400)]})")
    notebook.ok(
        "run = get_ipython().run_cell_magic('loopai', "
        "'map frame --as out --yes --no-wait --concurrency 4', '{{ text }}')"
    )
    until(lambda: notebook["run"].progress.answered >= 8)
    return notebook


def test_a_run_is_paused_and_goes_on_by_its_id(going, until):
    """%loopai pause says who paused it and how it goes on, and %loopai go lets it."""
    run = going["run"]

    said = going.ok(f"%loopai pause {run.run_id}").text
    until(lambda: run.progress.paused_by is not None and run.progress.in_flight == 0)
    assert "goes on" not in said

    going.ok(f"%loopai go {run.run_id}")
    until(lambda: run.progress.paused_by is None)
    run.cancel()
    run.wait()


def test_what_has_ended_is_not_paused(going):
    """Pausing a run that has ended is a line of explanation, no traceback."""
    run = going["run"]
    run.cancel()
    run.wait()

    output = going.run(f"%loopai pause {run.run_id}")

    assert "nothing to pause" in output.stderr
    assert "Traceback" not in output.stderr
