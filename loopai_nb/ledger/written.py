"""The columns that the executor's path writes, in order, for each kind of database alike."""

from __future__ import annotations

__all__ = ["ANSWER", "ATTEMPT", "REQUEST", "ROLLUP", "ROLLUP_COUNTS", "ROLLUP_KEY", "ROW"]

ROW = ("plan_id", "position", "label", "key", "error")
REQUEST = (
    *("plan_id", "key", "prompt", "system", "copy", "prompt_bytes", "estimated_tokens"),
    *("worst_case_pusd", "state", "cached", "attempts", "mismatches", "not_before_ms"),
)
ATTEMPT = (
    *("run_id", "request_no", "number", "ended_ms", "latency_ms", "outcome", "counted_as"),
    *("status_code", "error_kind", "error", "text", "input_tokens", "output_tokens", "cost_pusd"),
)
ANSWER = (
    *("request_no", "key", "text", "model", "finish_reason", "input_tokens", "output_tokens"),
    *("cost_pusd", "latency_ms", "run_id", "answered_ms"),
)
ROLLUP_KEY = ("step", "at_ms", "run_id", "server", "model", "template", "outcome", "error_kind", "part")
ROLLUP_COUNTS = ("requests", "input_tokens", "output_tokens", "cost_pusd", "saved_pusd")
ROLLUP = (*ROLLUP_KEY, *ROLLUP_COUNTS, "latencies")
