import importlib.util
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from loopai_nb.redaction import Secret


def _module(name):
    spec = importlib.util.spec_from_file_location(f"ledger_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _check(shelf_at, finished, examples):
    class Here(_module("promises").Promises):
        pass

    Here.shelf_at, Here.finished = staticmethod(shelf_at), staticmethod(finished)
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # to shrink an example takes minutes; its steps are printed as they are
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def _on_files(folder, examples):
    made, shelf = itertools.count(), _module("conftest").Shelf
    _check(
        lambda **options: shelf(folder / f"{next(made)}.sqlite3", **options),
        lambda done: done.where.unlink(),
        examples,
    )


def _on_postgres(url, examples):
    shelf = _module("conftest").Shelf
    _check(
        lambda **options: shelf(Secret(url), **options),
        lambda done: done.sql("DROP SCHEMA loopai_nb CASCADE"),
        examples,
    )


def test_any_order_keeps_the_promises(tmp_path):
    """Claims, records, crashes, sweeps, resumes, joins, pauses, ends: money and answers stay true."""
    _on_files(tmp_path, 8)


def test_any_order_keeps_the_promises_on_postgres(database):
    """The same on a Postgres ledger."""
    _on_postgres(database, 2)


@pytest.mark.slow
def test_a_thousand_orders_keep_the_promises(tmp_path):
    """The same with many more orders."""
    _on_files(tmp_path, 1_000)


@pytest.mark.slow
def test_a_hundred_orders_keep_the_promises_on_postgres(database):
    """The same with many more orders on a Postgres ledger."""
    _on_postgres(database, 100)
