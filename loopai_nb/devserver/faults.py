"""Which requests go wrong, and how; docs/devserver.md says what each kind does and how it is set.

A fault is written ``kind`` or ``kind:detail``. A plan is a comma-separated list, each with an optional count
(``"429:ms*3, ok*2, reset_mid"``); a mix gives shares of all requests (``"500=0.1, truncated=0.05"``).
"""

from __future__ import annotations

import math
import random
import re
import threading
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from loopai_nb.devserver.words import word_set
from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from loopai_nb.devserver.settings import Settings

__all__ = ["BEFORE", "KINDS", "OK", "SPOILS_BYTES", "SPOILS_PAYLOAD", "Fault", "Faults", "parse_fault"]

BEFORE = word_set("reset_before close_before hang redirect")
"""The model does no work; so with every status."""
SPOILS_BYTES = word_set(
    "lost reset_mid truncated slow surplus garbage bad_utf8 html error_object json_list deep_json gzip_bomb "
    "empty_body sse_cut sse_error sse_no_done sse_odd sse_twice sse_plain"
)
"""The model worked, and its answer is damaged on its way."""
SPOILS_PAYLOAD = word_set(
    "empty_choices null_choices empty_text null_content refusal other_model program_error "
    "no_usage negative_usage nan_usage huge_usage text_usage "
    "json_missing json_type json_label json_extra json_prose json_cut"
)
"""The model worked, and its answer is well transported and wrong inside."""
KINDS = BEFORE | SPOILS_BYTES | SPOILS_PAYLOAD
"""All but ``ok`` and the statuses."""
HARMLESS = word_set("ok slow sse_odd sse_no_done")
"""A careful client gets the whole answer."""
AT_ONCE = word_set("429 503 529")
"""A server says so without waiting or working."""

_STATUS = re.compile(r"[45][0-9][0-9]")
_MOST_COUNT = 1_000_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to go wrong."""

    kind: str
    detail: str = ""

    @property
    def status(self) -> int | None:
        """HTTP status where the fault is one."""
        return int(self.kind) if _STATUS.fullmatch(self.kind) else None

    @property
    def harmless(self) -> bool:
        """Whether a careful client still gets the whole answer."""
        return self.kind in HARMLESS

    def number(self, default: float) -> float:
        """The detail as a number, or the default."""
        return float(self.detail) if self.detail else default

    def retry_after(self, now: datetime) -> list[tuple[bytes, bytes]]:
        """Headers that ask the client to wait."""
        detail = self.detail or ("seconds" if self.kind == "429" else "none")
        form, _, value = detail.partition("=")
        if form == "none":
            return []
        if form == "ms":
            return [(b"retry-after-ms", value.encode() or b"20")]
        if form == "date":
            # Whole seconds only: two ahead is never less than one.
            date = now + timedelta(seconds=float(value or 2))
            return [(b"retry-after", format_datetime(date, usegmt=True).encode())]
        literal = {"seconds": "1", "garbage": "soon, perhaps"}.get(detail, detail)
        return [(b"retry-after", literal.encode("utf-8"))]


OK = Fault("ok")


def parse_fault(text: str) -> Fault:
    """Read ``kind`` or ``kind:detail``.

    Raises:
        InputError: No such kind, or a detail that it does not take.
    """
    kind, _, detail = text.strip().partition(":")
    fault = Fault(kind.strip(), detail.strip())
    if fault.status is None and fault.kind not in KINDS | {"ok"}:
        known = ", ".join(sorted(KINDS))
        raise InputError(
            f"There is no fault {kind[:40]!r}.", f"Give ok, a status of 400 to 599, or: {known}."
        )
    if any(ord(c) < ord(" ") or ord(c) == 127 for c in fault.detail):  # noqa: PLR2004  (DEL)
        raise InputError("A fault's detail may not hold control characters.")
    if fault.kind in {"slow", "hang"}:
        _check_number(fault.kind, fault.detail, 0, 3_600_000)
    if fault.status is not None and fault.detail.startswith("date="):
        _check_number("date", fault.detail.removeprefix("date="), -(10**9), 10**9)
    if fault.kind == "redirect" and not fault.detail:
        raise InputError("redirect needs a URL, such as redirect:http://127.0.0.1:9/.")
    return fault


def _check_number(name: str, text: str, low: float, high: float) -> None:
    try:
        value = float(text or 0)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise InputError(f"The detail of {name} must be a number from {low:g} to {high:g}.")


def parse_plan(text: str | Iterable[str]) -> list[Fault]:
    """Read a plan; see the module.

    Raises:
        InputError: A part cannot be read.
    """
    plan: list[Fault] = []
    for part in text.split(",") if isinstance(text, str) else text:
        if not part.strip():
            continue
        body, star, count = part.rpartition("*")
        times = count.strip() if star else "1"
        # "*" may be of a Retry-After's literal text: only digits after it are a count.
        if not re.fullmatch(r"[0-9]{1,7}", times):
            body, times = part, "1"
        if len(plan) + int(times) > _MOST_COUNT:
            raise InputError(f"A fault plan may hold {_MOST_COUNT} requests at most.")
        plan += [parse_fault(body if star and body is not part else part)] * int(times)
    return plan


def parse_rates(rates: str | Mapping[str, float]) -> list[tuple[float, Fault]]:
    """Read a mix by rate; see the module.

    Raises:
        InputError: A share is no number from 0 to 1, or they pass 1 together.
    """
    pairs: list[tuple[str, object]] = (
        [(kind, share) for kind, _, share in (p.rpartition("=") for p in rates.split(",") if p.strip())]
        if isinstance(rates, str)
        else list(rates.items())
    )
    mix: list[tuple[float, Fault]] = []
    for kind, share in pairs:
        try:
            value = float(str(share))
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise InputError(f"The rate of {kind[:40]!r} must be a number from 0 to 1, as in 500=0.1.")
        mix.append((value, parse_fault(kind)))
    if sum(share for share, _ in mix) > 1 + 1e-9:
        raise InputError("The rates of all faults may not pass 1 together.")
    return mix


class Faults:
    """What happens to the next requests; set from any thread.

    A request meets the first of these that has something for it: the plan of a text that it contains, the
    storm, the plan, the mix.

    Args:
        settings: Its fields of faults.
        clock: Seconds, monotonic: ends a storm.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._plan: deque[Fault] = deque()
        self._marked: dict[str, deque[Fault]] = {}
        self._mix: list[tuple[float, Fault]] = []
        self._storm: list[tuple[float, Fault]] = []
        self._storm_left, self._storm_end = math.inf, math.inf
        self._random = random.Random(settings.seed)  # noqa: S311  (a repeatable mix, no secret)
        self.set(settings, {"plan", "rates", "marked", "storm"})

    def set(self, settings: Settings, names: Iterable[str]) -> None:
        """Begin anew with what is named in ``Controls`` names; the rest goes on as it is.

        Raises:
            InputError: A value cannot be read; then nothing was changed.
        """
        names = set(names)
        plan = parse_plan(settings.faults) if "plan" in names else []
        mix = parse_rates(settings.fault_rates) if "rates" in names else []
        storm = parse_rates(settings.storm) if "storm" in names else []
        marked = {}
        if "marked" in names:
            marked = {text: deque(parse_plan(faults)) for text, faults in settings.marked.items()}
        with self._lock:
            if "plan" in names:
                self._plan = deque(plan)
            if "rates" in names:
                self._mix = mix
            if "marked" in names:
                self._marked = marked
            if "seed" in names:
                self._random.seed(settings.seed)
            if "storm" in names:
                self._storm = storm
                self._storm_left = settings.storm_requests or math.inf
                self._storm_end = self._clock() + settings.storm_s if settings.storm_s else math.inf

    def draw(self) -> Fault:
        """Return the fault of the next request."""
        if not self._plan and not self._mix and not self._storm:
            return OK
        with self._lock:
            if self._storm:
                self._storm_left -= 1
                fault = self._pick(self._storm) if self._clock() < self._storm_end else None
                if self._storm_left < 1 or self._clock() >= self._storm_end:
                    self._storm = []
                if fault is not None:
                    return fault
            if self._plan:
                return self._plan.popleft()
            return self._pick(self._mix) or OK

    def draw_marked(self, prompts: Sequence[str]) -> dict[int, Fault]:
        """Return the faults of prompts that contain a marked text, by position."""
        if not self._marked:
            return {}
        drawn: dict[int, Fault] = {}
        with self._lock:
            for at, prompt in enumerate(prompts):
                plan = next((plan for text, plan in self._marked.items() if plan and text in prompt), None)
                if plan:
                    drawn[at] = plan.popleft()
        return drawn

    def _pick(self, mix: list[tuple[float, Fault]]) -> Fault | None:
        point = self._random.random() if mix else 1.0
        for share, fault in mix:
            if point < share:
                return fault
            point -= share
        return None

    def jitter(self) -> float:
        """Draw from 0 to 1, for latencies."""
        with self._lock:
            return self._random.random()

    def state(self) -> dict[str, object]:
        """What is left: requests of the plan, of each marked text's, and whether a storm is on."""
        with self._lock:
            marked = {text: len(plan) for text, plan in self._marked.items() if plan}
            return {"plan_left": len(self._plan), "marked_left": marked, "storm_on": bool(self._storm)}
