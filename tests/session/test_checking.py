"""Whatever a caller gives to a plan, what is wrong with it is said in one sentence."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from loopai_nb.errors import InputError, TemplateError

FRAME = pd.DataFrame({"a": ["x"]})
LOOP: list[object] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"x": object()}, r"extra\['x'\] is a object, which JSON does not have"),
        ({"x": float("nan")}, r"extra\['x'\] is nan"),
        ({"x": [float("inf")]}, r"extra\['x'\] is inf"),
        ({"x": 10**400}, r"extra\['x'\] is 1000"),
        ({"x": dt.date(2020, 1, 1)}, "is a date"),
        ({"x": {"y": {1}}}, r"extra\['x'\]\['y'\] is a set"),
        ({1: "x"}, "A key in extra is a int"),
        ({"x": {("a",): 1}}, r"A key in extra\['x'\] is a tuple"),
        ({"x": LOOP}, "holds itself"),
        ({"x": "\ud800"}, "surrogate"),
        ({"\ud800": 1}, "surrogate"),
        ([("x", 1)], "has to be a dict"),
    ],
)
def test_extra_that_json_does_not_have_is_told(session, extra, said):
    """The place and the type, before anything is stored."""
    with pytest.raises(InputError, match=said):
        session.plan(FRAME, "{{ a }}", extra=extra)


def test_extra_is_what_it_was_when_the_plan_was_made(session):
    """What is changed after the approval is not sent."""
    extra = {"stop": ["."], "top_p": np.float64(0.5)}

    plan = session.plan(FRAME, "{{ a }}", extra=extra)
    extra["stop"].append("!")

    assert plan.spec.parameters.extra == {"stop": ["."], "top_p": 0.5}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_tokens": "5"}, "max_tokens is '5'; it has to be a whole number"),
        ({"max_tokens": 1.5}, "max_tokens is 1.5"),
        ({"max_tokens": 0}, "at least 1"),
        ({"temperature": "hot"}, "temperature is 'hot'; it has to be a number"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"sample": "2"}, "sample is '2'"),
        ({"sample": 0}, "at least 1"),
        ({"model": "\ud800"}, "model holds half of a surrogate pair"),
        ({"name": "\ud800"}, "name holds half of a surrogate pair"),
    ],
)
def test_an_option_of_the_wrong_kind_is_told(session, options, said):
    """Its name, what it is, and what it has to be."""
    with pytest.raises(InputError, match=said):
        session.plan(FRAME, "{{ a }}", **options)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (FRAME["a"], "the frame is a Series"),
        ([1], "Chunk 1 of the frame is a int"),
        (None, "the frame is a NoneType"),
    ],
)
def test_what_is_no_frame_is_told(session, frame, said):
    """With its type; of a list, which may hold the chunks of a stream, that of its first item."""
    with pytest.raises(InputError, match=f"{said}, not a DataFrame"):
        session.plan(frame, "{{ a }}")


def test_half_a_surrogate_pair_is_told_where_it_is(session):
    """In a template: TemplateError. In a row: that row's error, and the others go on."""
    with pytest.raises(TemplateError, match="surrogate"):
        session.plan(FRAME, "\ud800{{ a }}")
    with pytest.raises(TemplateError, match="surrogate"):
        session.plan(FRAME, "{{ a }}", system="\ud800")

    plan = session.plan(pd.DataFrame({"a": ["x", "\ud800"]}, dtype=object), "{{ a }}")

    assert [position for position, _ in plan.problems] == [1]
