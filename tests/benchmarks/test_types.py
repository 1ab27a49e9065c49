from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd
import pytest

from benchmarks.peers.types_of import load_values, outcome
from benchmarks.types import VALUES


@pytest.fixture(scope="module")
def values():
    """The table of types."""
    return load_values(str(VALUES))


@dataclass
class Kind:
    """A kind with one value."""

    values: dict
    also: dict = field(default_factory=dict)


@pytest.mark.parametrize(
    ("expected", "found", "word"),
    [
        (2**53 + 1, 2**53 + 1, "same"),
        (2**53 + 1, float(2**53), "changed"),
        (1, 1.0, "equal"),
        (Decimal("1.10"), 1.1, "equal"),
        (Decimal("0.12345678901234567890"), 0.12345678901234568, "changed"),
        ([1, None], [1, None], "same"),
        (None, pd.NaT, "same"),
        ("[1,3)", "[1, 3)", "same"),
        ({"a": 1}, '{"a": 1}', "same"),
        (b"x", memoryview(b"x"), "same"),
        (pd.Timestamp("2024-01-01", tz="UTC"), pd.Timestamp("2024-01-01"), "changed"),
    ],
)
def test_a_value_is_as_stored_equal_or_changed(values, expected, found, word):
    """A reader is not blamed for another form that keeps all of a value, nor let off for a lost digit."""
    assert outcome([found], Kind({"x": expected}), values)[0] == word
