"""Numbers, durations and places in the words that a person reads."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loopai_nb.records import ServerKind
from loopai_nb.redaction import mask_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "TIMES",
    "about",
    "duration",
    "firing_said",
    "joined",
    "latency",
    "moment",
    "place",
    "plural",
    "unlisted",
    "versionless",
    "written",
]

TIMES = "\N{MULTIPLICATION SIGN}"

_VERSION = re.compile(r"/v\d")

_MINUTE_S = 60
_HOUR_S = 3600
_SECOND_MS = 1000
_EXACT_BELOW_S = 10
_MOST_MODELS = 8
_MOST_NEAR = 3
_LEAST = 1e-12
"""The smallest amount of money."""


def about(count: int) -> str:
    """A count of tokens: 214, 9k, 0.9M."""
    if count < 1_000:  # noqa: PLR2004  (where thousands begin)
        return str(count)
    if count < 100_000:  # noqa: PLR2004  (100k reads better as 0.1M)
        return f"{count / 1_000:.0f}k"
    return f"{count / 1_000_000:.1f}M"


def duration(seconds: float) -> str:
    """0.4 s, 41 s, 2 min 58 s, 3 h 10 min."""
    if seconds < _EXACT_BELOW_S:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        minutes, rest = divmod(whole, _MINUTE_S)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(whole // _MINUTE_S, _MINUTE_S)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def latency(milliseconds: float) -> str:
    """12 ms, 1.1 s."""
    if milliseconds < _SECOND_MS:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / _SECOND_MS:.1f} s"


def moment(at_ms: int | None) -> str:
    """Epoch milliseconds as a time of this machine, 2026-11-21 22:25:56; "" for None."""
    if at_ms is None:
        return ""
    return datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def place(url: str, *, static: bool = False) -> str:
    """Where a server is: ``gpu-box:8000``; without the port where outputs have to stay the same."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return mask_url(url)
    shown = f"[{host}]" if ":" in host else host
    return shown if static or port is None else f"{shown}:{port}"


def versionless(url: str, kind: ServerKind) -> str:
    """What to try where an OpenAI-style server has no such route and its URL no version; "" elsewhere."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    if kind is not ServerKind.OPENAI or _VERSION.search(path):
        return ""
    return f"Servers of this kind mostly answer under /v1. Try: %loopai server {mask_url(url.rstrip('/'))}/v1"


def written(value: float) -> str:
    """A float as people write it: 0.000065 and not 6.5e-05; exact, and what is yet smaller as Python does."""
    return f"{Decimal(repr(value)):f}" if _LEAST <= abs(value) < 1 else repr(value)


def unlisted(model: str, models: Sequence[str]) -> str:
    """That a server does not list a model, which it may serve all the same; "" where it lists none."""
    if not models or model in models:
        return ""
    import difflib

    # In lower case: people leave out what is written large, and the hyphens.
    by_name = {name.lower(): name for name in models}
    close = difflib.get_close_matches(model.lower(), by_name, n=_MOST_NEAR, cutoff=0.6)
    if close:
        return f"{model} is not in its list; did you mean {' or '.join(by_name[name] for name in close)}?"
    return f"{model} is not in its list: {', '.join(models[:_MOST_MODELS])}"


def plural(count: int, noun: str) -> str:
    """1 row, 5,000 rows."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def firing_said(firing: int, rules: int) -> str:
    """1 of 3 rules fires now."""
    return f"{firing:,} of {plural(rules, 'rule')} {'fires' if firing == 1 else 'fire'} now"


def joined(parts: Iterable[str]) -> str:
    """The parts that are there, with a middle dot between them."""
    return " · ".join(part for part in parts if part)
