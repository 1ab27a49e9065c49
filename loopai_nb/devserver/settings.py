"""What can be set of a development server: at its start, and for the most part while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

from loopai_nb.errors import InputError

__all__ = ["MODEL_ID", "Controls", "Settings", "changed"]

MODEL_ID = "demo-lexical"
"""Id of the one model: the name says that it is for trying out and works on words."""

Plan = str | list[str]
Mix = str | Mapping[str, float]


class Controls(TypedDict, total=False):
    """What may change while a server runs, under these names in ``DevServer.faults`` and over HTTP.

    ``plan`` and ``rates`` are ``faults`` and ``fault_rates`` of :class:`Settings`, the rest is named alike.
    """

    plan: Plan
    rates: Mix
    seed: int
    marked: Mapping[str, str]
    storm: Mix
    storm_requests: int
    storm_s: float
    latency_ms: float
    jitter_ms: float
    chunk_ms: float
    max_in_flight: int
    busy: str
    capacity: int
    requests_per_minute: int
    tokens_per_minute: int
    rate_burst_s: float
    rate_headers: str
    structured: bool


_FIELDS = {"plan": "faults", "rates": "fault_rates"}
_COUNTS = (
    *("max_in_flight", "capacity", "requests_per_minute", "tokens_per_minute", "storm_requests"),
    *("context_tokens", "max_body_bytes", "keep_requests"),
)
_RANGES = {
    **dict.fromkeys(("latency_ms", "jitter_ms", "chunk_ms"), (0, 600_000, "milliseconds")),
    "storm_s": (0, 86_400, "seconds"),
    "rate_burst_s": (0.001, 86_400, "seconds"),
    "request_timeout_s": (0.001, 86_400, "seconds"),
}
_HEADERS = ("openai", "anthropic", "both", "none")


@dataclass(frozen=True, slots=True)
class Settings:
    """Behaviour of one development server; the defaults answer at once, without faults and limits.

    A limit of 0 is none.

    Attributes:
        api_key: Required as ``Authorization: Bearer`` or ``x-api-key`` where not None.
        models: Ids that ``/v1/models`` lists and chat accepts; all are the same lexical model.
        context_tokens: Most tokens of prompt plus answer.
        max_body_bytes: A request body above it is answered 413.
        request_timeout_s: Seconds within which a started request must have arrived in full, else 408.
        allowed_hosts: Further values of the Host header (without port) that are served.
        keep_requests: How many of the last model requests stay readable for tests in the same process.
        faults: Plan for the next requests, such as ``"429:ms*3, ok*2, reset_mid"``.
        fault_rates: Mix by share of requests, such as ``"500=0.1, truncated=0.05"``.

    The other fields, and these two as ``plan`` and ``rates``, are :class:`Controls`: they can change while
    the server runs, and docs/devserver.md tells them.
    """

    api_key: str | None = None
    models: tuple[str, ...] = (MODEL_ID,)
    context_tokens: int = 131_072
    max_body_bytes: int = 16 * 1024 * 1024
    request_timeout_s: float = 30.0
    allowed_hosts: tuple[str, ...] = ()
    keep_requests: int = 20
    faults: Plan = ""
    fault_rates: Mix = ""
    seed: int = 0
    marked: Mapping[str, str] = field(default_factory=dict)
    storm: Mix = ""
    storm_requests: int = 0
    storm_s: float = 0.0
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    chunk_ms: float = 0.0
    max_in_flight: int | None = None
    busy: str = "429:ms"
    capacity: int = 0
    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    rate_burst_s: float = 60.0
    rate_headers: str = "openai"
    structured: bool = True

    def __post_init__(self) -> None:
        for name, (low, high, unit) in _RANGES.items():
            value = getattr(self, name)
            if not _is_number(value) or not low <= value <= high:
                raise InputError(f"{name} must be a number of {unit} from {low} to {high}.")
        for name in _COUNTS:
            value = getattr(self, name)
            if not (value is None and name == "max_in_flight") and (type(value) is not int or value < 0):
                raise InputError(f"{name} must be an integer of at least 0.")
        if self.context_tokens < 1 or self.max_body_bytes < 1:
            raise InputError("context_tokens and max_body_bytes must be at least 1.")
        if not self.models:
            raise InputError("A development server needs at least one model id.")
        if self.rate_headers not in _HEADERS:
            raise InputError(f"rate_headers must be one of {', '.join(_HEADERS)}.")
        self._check_faults()

    def _check_faults(self) -> None:
        plan = self.faults if isinstance(self.faults, list) else [self.faults]
        marked = self.marked.items() if isinstance(self.marked, Mapping) else [(None, None)]
        texts = [*plan, self.busy, *(text for pair in marked for text in pair)]
        if not all(isinstance(text, str) for text in texts):
            raise InputError("Plans and busy are texts (a plan may be a list), marked an object of plans.")
        if not isinstance(self.fault_rates, str | Mapping) or not isinstance(self.storm, str | Mapping):
            raise InputError("rates and storm are texts or objects of shares.")
        if type(self.seed) is not int or not isinstance(self.structured, bool):
            raise InputError("seed is an integer, structured true or false.")

    def __repr__(self) -> str:
        """Without the key."""
        key = "None" if self.api_key is None else "'***'"
        return f"Settings(api_key={key}, models={self.models!r}, latency_ms={self.latency_ms!r}, ...)"


def changed(settings: Settings, controls: object) -> Settings:
    """Return settings with :class:`Controls` put in.

    Raises:
        InputError: They hold an unknown name or a wrong value.
    """
    known = Controls.__annotations__
    given: dict[str, Any] = controls if isinstance(controls, dict) else {"": None}
    if given.keys() - known.keys():
        raise InputError(f"Give an object with any of: {', '.join(sorted(known))}.")
    fields = {_FIELDS.get(name, name): value for name, value in given.items()}
    return replace(settings, **fields)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
