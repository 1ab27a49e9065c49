import gc
import tracemalloc

import pandas as pd

from loopai_nb.planning.plan import PlanDigest, planned_rows
from loopai_nb.planning.spec import PlanSpec
from loopai_nb.pricing import Price
from loopai_nb.prompts.template import Template
from loopai_nb.records import Parameters, ServerKind

TEMPLATE = Template("Which part was hit?\n{{ remarks }}", system="Be short.")
SPEC = PlanSpec(
    ServerKind.OPENAI, "http://127.0.0.1:1/v1", "m", Parameters(8), Price(1, 2, "set"), None, TEMPLATE.text
)


def _peak_bytes(rows):
    frame = pd.DataFrame({"remarks": pd.array([f"bird {n}" for n in range(rows)], "string[pyarrow]")})
    digest = PlanDigest(SPEC)
    gc.collect()
    tracemalloc.start()
    try:
        for row in planned_rows(SPEC, TEMPLATE.render_frame(frame), map(str, range(rows))):
            digest.add(row.key)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_twice_the_rows_take_no_more_memory():
    """Rows stream from the frame through rendering, keys and digest: no step holds them all."""
    _peak_bytes(100)
    small, large = _peak_bytes(10_000), _peak_bytes(20_000)
    assert large < small * 1.2
    assert large < 10_000_000
