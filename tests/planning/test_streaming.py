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


def _peak_bytes_above_the_frame(rows):
    gc.collect()
    tracemalloc.start()
    try:
        frame = pd.DataFrame({"remarks": [f"bird {n}" for n in range(rows)]})
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        digest = PlanDigest(SPEC)
        for row in planned_rows(SPEC, TEMPLATE.render_frame(frame), map(str, range(rows))):
            digest.add(row.key)
        return tracemalloc.get_traced_memory()[1] - held
    finally:
        tracemalloc.stop()


def test_twice_the_rows_take_no_more_memory():
    """Rows stream from the frame through rendering, keys and digest: no step holds them all."""
    list(planned_rows(SPEC, TEMPLATE.render_frame(pd.DataFrame({"remarks": ["bird"]})), "0"))  # imports
    small, large = _peak_bytes_above_the_frame(10_000), _peak_bytes_above_the_frame(20_000)
    assert large < small * 1.2
    assert large < 10_000_000
