"""The examples of docs/own-code.md run as they stand there."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from loopai_nb.devserver.serve import DevServer

PAGE = (Path(__file__).parents[1] / "docs" / "own-code.md").read_text(encoding="utf-8")
RETRIES, COSTS, LOOPAI = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


class Service:
    """What the page calls: every first call fails."""

    def __init__(self):
        self.failed = 0

    def rate(self, currency):
        """A number."""
        return self._second({"EUR": 1.1}[currency])

    def rows(self, limit):
        """As many as are asked for."""
        return self._second(list(range(limit)))

    def ask(self, question, max_tokens):
        """A dear answer."""
        return SimpleNamespace(text=question, input_tokens=200, output_tokens=max_tokens)

    def _second(self, result):
        self.failed += 1
        if self.failed % 2:
            raise ConnectionError
        return result


def test_the_retries_of_the_page_run():
    """A decorated function and a call succeed after a failure each."""
    names = {"service": Service()}

    exec(RETRIES, names)  # noqa: S102  (the page is ours)

    assert names["rate"] == 1.1
    assert names["rows"] == list(range(10))
    assert names["service"].failed == 4


def test_the_costs_of_the_page_run(capsys, caplog):
    """The loop stops before the call that may pass the budget, with what the page says."""
    names = {"service": Service(), "questions": ["a", "b", "c", "d", "e"]}

    with caplog.at_level(logging.WARNING, "loopai_nb"):
        exec(COSTS, names)  # noqa: S102  (the page is ours)

    stopped, shown = capsys.readouterr().out.splitlines()
    assert stopped.startswith("0.45 of 0.50 USD are spent, and the next call may cost 0.18.")
    assert shown == re.search(r"print\(costs\)  # (.*)", COSTS)[1]
    assert len(names["answers"]) == 3


def test_the_loopai_client_of_the_page_runs():
    """A task is made, executed once, and then for a batch whose results have the items' ids."""
    with DevServer() as server:
        names = {"url": server.url, "reports": ["ENGINE INGESTED BIRD", "HIT WINDSHIELD"]}
        exec(LOOPAI, names)  # noqa: S102  (the page is ours)

    assert names["answer"] == "wing"
    assert names["parts"] == {"0": "engine", "1": "windshield"}


@pytest.mark.parametrize("name", ["RetryConfig", "CostTracker", "with_retry", "retry", "API_RETRY"])
def test_the_page_names_what_is_public(name):
    """Each name for a user's own code is on the page."""
    assert name in PAGE
