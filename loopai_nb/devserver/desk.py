"""Where the surfaces meet the model: one way to take a request, count it, wait, let it go wrong, answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from loopai_nb.devserver.counters import Counters, prompt_hash
from loopai_nb.devserver.delivery import EVENTS, GATEWAY_PAGE, HTML, Delivery, encode
from loopai_nb.devserver.faults import (
    AT_ONCE,
    BEFORE,
    SPOILS_BYTES,
    SPOILS_PAYLOAD,
    Fault,
    Faults,
    parse_fault,
)
from loopai_nb.devserver.limits import Places, RateLimits
from loopai_nb.devserver.loopai_tasks import Tasks
from loopai_nb.devserver.model import LexicalModel
from loopai_nb.devserver.settings import Controls, Settings, changed
from loopai_nb.devserver.spoiling import fail_item, spoil_payload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

__all__ = ["Desk", "Work"]

_TEXTS = {
    400: "The request is not valid.",
    401: "No valid key was given.",
    403: "This is not allowed.",
    404: "There is nothing here.",
    408: "The request took too long.",
    409: "The state does not allow this.",
    429: "Too many requests.",
    500: "The server had an error.",
    503: "The server is overloaded.",
    529: "The server is overloaded.",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What the model made of one request.

    Attributes:
        payload: Answer of the route, as JSON values.
        spent: Input and output tokens of each prompt; None for one that was not worked on.
        events: Makes the events of a stream of the (perhaps spoiled) payload; None for a plain answer.
    """

    payload: dict[str, Any]
    spent: list[tuple[int, int] | None]
    events: Callable[[dict[str, Any]], list[bytes]] | None = None


class ErrorShape(Protocol):
    """How a surface writes an error."""

    def __call__(self, status: int, message: str, code: str | None = None) -> dict[str, Any]:
        """Return the error's JSON."""


class Desk:
    """State of one server: its settings, model, counts, faults and limits.

    Args:
        settings: At the start, and after ``reset``.
        clock: Seconds, monotonic; rates and storms go by it.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings = self.live = settings
        self.counters = Counters(settings.keep_requests)
        self.model = LexicalModel()
        self.tasks = Tasks(self.model)
        self.handlers: dict[str, Callable[[bytes, str], Awaitable[Delivery]]] = {}
        self.places = Places(settings.capacity)
        self._clock = clock
        self._faults = Faults(settings, clock)
        self._rates = RateLimits(settings, clock)
        self._busy = parse_fault(settings.busy)

    def control(self, controls: Controls) -> None:
        """Change how the requests to come are answered; what is not named goes on as it is.

        Raises:
            InputError: It cannot be read; then nothing was changed.
        """
        self._apply(changed(self.live, controls), set(controls))

    def _apply(self, live: Settings, names: set[str]) -> None:
        busy = parse_fault(live.busy)
        self._faults.set(live, names)
        self.live, self._busy = live, busy
        if any(name.startswith("rate_") or name.endswith("_per_minute") for name in names):
            self._rates = RateLimits(live, self._clock)
        if "capacity" in names:
            self.places.resize(live.capacity)

    def state(self) -> dict[str, object]:
        """What ``POST /_dev/faults`` answers: what is set, and what is left of the faults."""
        names = set(Controls.__annotations__) - {
            "plan",
            "rates",
            "marked",
            "storm",
            "storm_requests",
            "storm_s",
        }
        return {name: getattr(self.live, name) for name in sorted(names)} | self._faults.state()

    def reset(self) -> None:
        """Count anew, forget the tasks, and go back to the settings of the start."""
        self._apply(self.settings, set(Controls.__annotations__))
        self.counters.reset()
        self.tasks.clear()

    def error(
        self, status: int, payload: dict[str, Any], headers: Sequence[tuple[bytes, bytes]] = ()
    ) -> Delivery:
        """Answer with an error."""
        return Delivery(status, [encode(payload)], headers=headers)

    def latency_s(self) -> float:
        """Draw the wait of one answer."""
        jitter_ms = self.live.jitter_ms * self._faults.jitter() if self.live.jitter_ms else 0.0
        return (self.live.latency_ms + jitter_ms) / 1000

    async def serve(
        self,
        prompts: Sequence[str],
        work: Callable[[], Work],
        shape: ErrorShape,
        *,
        tokens: int,
        wait_s: float | None = None,
        batch: bool = False,
    ) -> Delivery:
        """Answer one valid model request.

        Args:
            prompts: One, or those of a batch; counted by their hash.
            work: Asks the model; called when the wait is over, and not for a request that is refused.
            shape: Writes the surface's errors.
            tokens: What it takes of the tokens a minute.
            wait_s: Instead of the drawn latency.
            batch: Whether the prompts are items, whose marked faults fail them alone.
        """
        hashes = [prompt_hash(prompt) for prompt in prompts]
        self.counters.asked(hashes)
        refusal = self._over_a_limit(tokens, shape)
        if refusal is not None:
            return refusal
        fault, of_items = self._draw(prompts, hashes, batch=batch)
        if fault.kind in AT_ONCE:
            return self._refuse(fault, shape)
        await self.places.take()
        try:
            self.counters.working(self.places.taken)
            wait_s = self.latency_s() if wait_s is None else wait_s
            if wait_s:
                await asyncio.sleep(wait_s)
            if fault.status is not None or fault.kind in BEFORE:
                return self._refuse(fault, shape)
            done = work()
        finally:
            self.places.give()
        return self._deliver(done, hashes, fault, of_items)

    def _over_a_limit(self, tokens: int, shape: ErrorShape) -> Delivery | None:
        most = self.live.max_in_flight
        if most and self.counters.in_flight > most:
            self.counters.refused("busy")
            return self._refuse(self._busy, shape)
        lacking = self._rates.admit(tokens)
        if lacking is None:
            return None
        name, wait_s = lacking
        self.counters.refused(name)
        text = f"Rate limit reached: {name} per minute."
        headers = [*self._rates.retry_after(wait_s), *self._rates.headers()]
        return self.error(429, shape(429, text), headers)

    def _draw(
        self, prompts: Sequence[str], hashes: Sequence[str], *, batch: bool
    ) -> tuple[Fault, dict[int, Fault]]:
        """Return the fault of the whole request, and those of single items of a batch.

        A marked item whose fault is the connection's takes the whole batch with it.
        """
        marked = self._faults.draw_marked(prompts)
        whole = {
            at: fault for at, fault in marked.items() if not batch or fault.kind in BEFORE | SPOILS_BYTES
        }
        fault = next(iter(whole.values())) if whole else self._faults.draw()
        items = {at: fault for at, fault in marked.items() if at not in whole and fault.kind != "ok"}
        if fault.kind != "ok":
            self.counters.fault(fault.kind, hashes)
        for at, one in items.items():
            self.counters.fault(one.kind, [hashes[at]])
        return fault, items

    def _deliver(
        self, done: Work, hashes: Sequence[str], fault: Fault, of_items: dict[int, Fault]
    ) -> Delivery:
        payload, spent = done.payload, done.spent
        if of_items:
            # A status says that the item was not run; any other kind is a run that came to nothing.
            spent = [None if at in of_items and of_items[at].status else s for at, s in enumerate(spent)]
            for at, one in of_items.items():
                payload = fail_item(payload, at, f"The program failed ({one.kind}).")
        self.counters.paid(hashes, spent)
        if fault.kind in SPOILS_PAYLOAD:
            payload = spoil_payload(fault.kind, payload)
        events = None if fault.kind == "sse_plain" else done.events
        return Delivery(
            200,
            [encode(payload, nan=fault.kind == "nan_usage")] if events is None else events(payload),
            content_type=EVENTS if events is not None else b"application/json",
            headers=self._rates.headers(),
            fault=fault,
            chunk_s=self.live.chunk_ms / 1000,
            when_whole=self.counters.answered,
        )

    def _refuse(self, fault: Fault, shape: ErrorShape) -> Delivery:
        status = fault.status
        if status is None:
            if fault.kind == "redirect":
                place = fault.detail.encode("utf-8")
                return Delivery(307, [b""], headers=[(b"location", place)])
            return Delivery(200, [b""], fault=fault)
        wait = fault.retry_after(datetime.now(UTC))
        if status == 502:  # noqa: PLR2004  (what a proxy in front of a dead server writes)
            return Delivery(502, [GATEWAY_PAGE], content_type=HTML, headers=wait)
        text = _TEXTS.get(status, "This fault was asked for.")
        return self.error(status, shape(status, text), [*wait, *self._rates.headers()])


def epoch_s() -> int:
    """Seconds since 1970, as OpenAI's ``created`` counts them."""
    return int(time.time())
