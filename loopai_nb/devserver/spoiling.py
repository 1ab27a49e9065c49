"""Answers that are well transported and wrong inside; the routes' shapes are told by their keys."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fail_item", "spoil_payload"]

_BAD_TOKENS = {
    "negative_usage": -7,
    "nan_usage": math.nan,
    "huge_usage": 10**15,  # a double and a 64-bit integer still hold it
    "text_usage": "12 tokens",
}


def spoil_payload(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Return an answer with a fault of its content put in."""
    payload = dict(payload)
    if kind == "program_error":
        return _fail_program(payload)
    if kind == "other_model":
        payload["model"] = "another-model"
    elif kind.endswith("_usage"):
        _spoil_usage(kind, payload)
    elif kind.endswith("_choices"):
        _spoil_choices(kind, payload)
    else:
        _spoil_text(kind, payload)
    return payload


def _spoil_usage(kind: str, payload: dict[str, Any]) -> None:
    name = "usage" if "usage" in payload else "stats"
    usage = payload.pop(name, None)
    if usage is not None and kind != "no_usage":
        bad = _BAD_TOKENS[kind]
        payload[name] = {key: bad if "token" in key else value for key, value in usage.items()}


def _answer_key(payload: dict[str, Any]) -> str:
    return next((key for key in ("choices", "output", "response", "results") if key in payload), "output")


def _spoil_choices(kind: str, payload: dict[str, Any]) -> None:
    name = _answer_key(payload)
    if kind == "null_choices":
        payload[name] = None
    elif name in {"choices", "results"}:
        payload[name] = []
    else:
        payload.pop(name, None)


def _spoil_text(kind: str, payload: dict[str, Any]) -> None:
    name = _answer_key(payload)
    if name == "choices":
        choice = payload["choices"][0]
        message = dict(choice["message"])
        message["content"] = _spoilt(kind, message["content"])
        if kind == "refusal":
            message["refusal"] = "I can't help with that."
        payload["choices"] = [{**choice, "message": message}]
    elif name != "results":
        payload[name] = _spoilt(kind, payload.get(name))


def _spoilt(kind: str, text: Any) -> Any:
    """Return what stands in place of an answer's text; ``json_`` kinds make its object a misfit."""
    if kind in {"null_content", "refusal"}:
        return None
    if kind == "empty_text" or not isinstance(text, str):
        return ""
    if kind == "json_prose":
        return f"Sure! Here is the answer:\n\n{text}\n\nLet me know if you need anything else."
    if kind == "json_cut":
        return text[: max(1, len(text) // 2)]
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not value:
        return text
    return json.dumps(_MISFITS[kind](value), ensure_ascii=False)


_MISFITS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "json_missing": lambda value: dict(list(value.items())[:-1]),
    "json_type": lambda value: {**value, next(iter(value)): {"value": next(iter(value.values()))}},
    "json_label": lambda value: {k: "no such label" if isinstance(v, str) else v for k, v in value.items()},
    "json_extra": lambda value: {**value, "unasked": "more"},
}


def _fail_program(payload: dict[str, Any]) -> dict[str, Any]:
    """Make an execution, or the first item of a batch, one whose program failed; elsewhere nothing."""
    if payload.get("results"):
        return fail_item(payload, 0, "The program failed.")
    if "status" in payload:
        payload.pop("output", None)
        payload |= {"status": "error", _names(payload)[0]: "The program failed."}
    return payload


def fail_item(payload: dict[str, Any], at: int, message: str) -> dict[str, Any]:
    """Return a batch's answer with one item failed."""
    error, good, bad = _names(payload)
    results = list(payload["results"])
    item = {key: value for key, value in results[at].items() if key != "output"}
    results[at] = {**item, "success": False, error: message}
    failed = int(item["success"])
    return {**payload, "results": results, good: payload[good] - failed, bad: payload[bad] + failed}


def _names(payload: dict[str, Any]) -> tuple[str, str, str]:
    """Return the names of message, successes and failures in the casing of an answer."""
    if "executionId" in payload or "batchId" in payload:
        return "errorMessage", "successCount", "failureCount"
    return "error_message", "success_count", "failure_count"
