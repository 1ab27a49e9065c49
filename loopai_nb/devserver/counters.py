"""What a server was asked, counted on its side: a test reads the truth, not a client's opinion."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Counters", "SeenRequest", "Stats", "prompt_hash"]


def prompt_hash(prompt: str) -> str:
    """SHA-256 of a prompt's UTF-8 bytes, in hex: the key of ``times_asked``."""
    return hashlib.sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One model request as it arrived; kept in this process only, never served over HTTP."""

    path: str
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass
class Stats:
    """A copy of the counts at one moment. "Model requests" are those of chat, execute, batch and generate.

    Attributes:
        requests: Model requests that arrived, whatever became of them.
        answered: Model requests whose complete, unspoiled answer was handed to the network.
        in_flight: Model requests arrived and not yet ended.
        max_in_flight: Highest ``in_flight`` seen.
        max_working: Most worked on at once: ``capacity`` is its limit.
        input_tokens: Billed: of all prompts that the model worked on.
        output_tokens: Billed: of all answers that the model made, those that a fault lost included.
        connections: TCP connections accepted.
        by_route: Model requests by route.
        statuses: Answers by HTTP status, of all routes; resets have none.
        faults: Faults injected, by kind; an item's fault in a batch is one.
        refused: Model requests over a limit, by ``busy``, ``requests``, ``tokens``.
        times_asked: Arrivals by :func:`prompt_hash`; each item of a batch is one.
        times_paid: As ``times_asked``, only where the model did the work: what a real server would bill.
        times_faulted: As ``times_asked``, only where a fault was injected.
    """

    requests: int = 0
    answered: int = 0
    in_flight: int = 0
    max_in_flight: int = 0
    max_working: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    connections: int = 0
    by_route: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    times_asked: Counter[str] = field(default_factory=Counter)
    times_paid: Counter[str] = field(default_factory=Counter)
    times_faulted: Counter[str] = field(default_factory=Counter)

    def asked(self, prompt: str) -> int:
        """How often a prompt (a chat's last user message, a task's input text) arrived."""
        return self.times_asked[prompt_hash(prompt)]

    def paid(self, prompt: str) -> int:
        """How often the model worked on a prompt."""
        return self.times_paid[prompt_hash(prompt)]

    def cost_usd(self, input_usd: float, output_usd: float) -> float:
        """What the billed tokens cost.

        Args:
            input_usd: USD for a million input tokens.
            output_usd: USD for a million output tokens.
        """
        return (self.input_tokens * input_usd + self.output_tokens * output_usd) / 1_000_000

    def as_json(self) -> dict[str, object]:
        """All fields as JSON values, with string keys."""
        values: dict[str, object] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            values[name] = {str(k): n for k, n in value.items()} if isinstance(value, Counter) else value
        values["prompts"] = self.times_asked.total()
        values["distinct_prompts"] = len(self.times_asked)
        values["most_asked"] = max(self.times_asked.values(), default=0)
        return values


class Counters:
    """The counts of one server; written by its loop, read from any thread."""

    def __init__(self, keep_requests: int = 0) -> None:
        self._lock = threading.Lock()
        self._seen: deque[SeenRequest] = deque(maxlen=keep_requests)
        self._now = Stats()

    @property
    def in_flight(self) -> int:
        """Model requests arrived and not yet ended."""
        return self._now.in_flight

    def enter(self, route: str, seen: SeenRequest) -> None:
        """A model request arrived; ``leave`` must follow."""
        with self._lock:
            now = self._now
            now.requests += 1
            now.by_route[route] += 1
            self._seen.append(seen)
            now.in_flight += 1
            now.max_in_flight = max(now.max_in_flight, now.in_flight)

    def leave(self) -> None:
        """The model request ended, answered or not."""
        with self._lock:
            self._now.in_flight -= 1

    def working(self, at_once: int) -> None:
        """So many are worked on."""
        self._now.max_working = max(self._now.max_working, at_once)

    def connected(self) -> None:
        """A TCP connection was accepted."""
        with self._lock:
            self._now.connections += 1

    def status(self, code: int) -> None:
        """The head of an answer was written."""
        with self._lock:
            self._now.statuses[code] += 1

    def asked(self, hashes: Sequence[str]) -> None:
        """These prompts were read from a request."""
        with self._lock:
            for key in hashes:
                self._now.times_asked[key] += 1

    def paid(self, hashes: Sequence[str], spent: Sequence[tuple[int, int] | None]) -> None:
        """The model worked on these prompts: input and output tokens, None where it did not."""
        with self._lock:
            for key, tokens in zip(hashes, spent, strict=True):
                if tokens is not None:
                    self._now.times_paid[key] += 1
                    self._now.input_tokens += tokens[0]
                    self._now.output_tokens += tokens[1]

    def answered(self) -> None:
        """One complete, unspoiled answer was handed to the network."""
        with self._lock:
            self._now.answered += 1

    def fault(self, kind: str, hashes: Sequence[str]) -> None:
        """One fault was injected into what asks these prompts."""
        with self._lock:
            self._now.faults[kind] += 1
            for key in hashes:
                self._now.times_faulted[key] += 1

    def refused(self, reason: str) -> None:
        """A request went over a limit."""
        with self._lock:
            self._now.refused[reason] += 1

    def stats(self) -> Stats:
        """Copy the counts."""
        with self._lock:
            copy = replace(self._now)
            for name, value in vars(copy).items():
                if isinstance(value, Counter):
                    setattr(copy, name, value.copy())
            return copy

    def seen(self) -> list[SeenRequest]:
        """The last model requests, oldest first."""
        with self._lock:
            return list(self._seen)

    def reset(self) -> None:
        """Start counting anew; what is in flight stays in flight."""
        with self._lock:
            flying = self._now.in_flight
            self._now = replace(Stats(), in_flight=flying, max_in_flight=flying)
            self._seen.clear()
