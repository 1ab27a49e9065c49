import datetime as dt

import pytest

from loopai_nb.notebook.wording import moment, unlisted

MODELS = ("Phi-4", "llama3.2:3b", "qwen2.5-coder")


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("phi4", "phi4 is not in its list; did you mean Phi-4?"),
        ("llama3.2", "llama3.2 is not in its list; did you mean llama3.2:3b?"),
        ("gpt-5", "gpt-5 is not in its list: Phi-4, llama3.2:3b, qwen2.5-coder"),
        ("qwen2.5-coder", ""),
    ],
)
def test_a_model_that_is_not_listed_is_told_with_near_names(model, said):
    """A wrong name is no error, as some servers answer under names that they do not list; it is told."""
    assert unlisted(model, MODELS) == said


def test_a_server_without_a_list_is_believed():
    """Where nothing is listed nothing is missing."""
    assert unlisted("any", ()) == ""


def test_a_moment_is_a_time_of_this_machine():
    """Epoch milliseconds without their fraction; nothing for a moment that has not come."""
    at = dt.datetime(2026, 11, 21, 22, 25, 56, 789_000).astimezone()
    assert moment(round(at.timestamp() * 1000)) == "2026-11-21 22:25:56"
    assert moment(None) == ""
