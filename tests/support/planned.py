"""A plan's spec with something in each of its parts, and texts that may stand in a prompt."""

from hypothesis import strategies as st

from loopai_nb.planning.spec import PlanSpec
from loopai_nb.pricing import Price
from loopai_nb.records import Parameters, ServerKind

SPEC = PlanSpec(
    ServerKind.OPENAI,
    "http://127.0.0.1:1/v1",
    "phi-4",
    Parameters(8, 0.5, {"seed": 1, "stop": ["\n"]}),
    Price(1, 2, "set"),
    500,
    "{{ t }}",
    "system",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
