"""When somebody is to be told that something is not as it should be: rules in one line each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from loopai_nb.errors import SettingsError
from loopai_nb.redaction import mask_text, visible

if TYPE_CHECKING:
    from loopai_nb.settings.sources import Found

__all__ = ["AlertMetric", "AlertRule", "alert_rules"]

_RULE = re.compile(
    r"(?P<metric>[a-z0-9_]+)"
    r"(?:\s*>\s*(?P<above>[0-9]{1,12}(?:\.[0-9]{1,9})?)\s*(?P<unit>%|[smhd])?)?"
    r"(?:\s+in\s+(?P<window>[0-9]{1,6})\s*(?P<window_unit>[smhd]))?"
)
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_MOST_RULES = 50
_LONGEST_SHOWN = 60
_WINDOW_S = 600
_MINUTE_S = 60
_EXAMPLES = (
    "error_rate > 5% in 10m; p95_ms > 5000; spend_usd_per_hour > 2; spend_usd_per_day > 20; "
    "budget_share > 90%; breaker_open; approval_waiting_s > 10m"
)


class AlertMetric(StrEnum):
    """What a rule looks at."""

    ERROR_RATE = "error_rate"
    P95_MS = "p95_ms"
    SPEND_USD_PER_HOUR = "spend_usd_per_hour"
    SPEND_USD_PER_DAY = "spend_usd_per_day"
    BUDGET_SHARE = "budget_share"
    BREAKER_OPEN = "breaker_open"
    APPROVAL_WAITING_S = "approval_waiting_s"


_SHARES = (AlertMetric.ERROR_RATE, AlertMetric.BUDGET_SHARE)
_OF_A_TIME = (AlertMetric.ERROR_RATE, AlertMetric.P95_MS)
_FIXED_S = {AlertMetric.SPEND_USD_PER_HOUR: 3_600, AlertMetric.SPEND_USD_PER_DAY: 86_400}


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One rule; its text tells it from the others, in the ledger, too.

    Attributes:
        metric: What it looks at: the share of requests that failed, the 95th percentile of the latency, what
            was spent in the last hour or day, the greatest share of a budget that is spent, how many runs
            their server holds up, and how long a question has waited.
        above: Fires above this; a share from 0 to 1, else in the unit of the metric's name.
        window_s: Seconds that it looks back; 0 where the metric is of this moment.
    """

    metric: AlertMetric
    above: float
    window_s: int

    def __str__(self) -> str:
        if self.metric is AlertMetric.BREAKER_OPEN:
            return str(self.metric)
        above = f"{self.above * 100:.12g}%" if self.metric in _SHARES else f"{self.above:.12g}"
        window = f" in {self.window_s // _MINUTE_S}m" if self.metric in _OF_A_TIME else ""
        return f"{self.metric} > {above}{window}"


def alert_rules(found: Found) -> tuple[AlertRule, ...]:
    """Rules as a list, or in one text with a semicolon, comma or line end between them.

    Raises:
        SettingsError: One of them is none; the message shows it.
    """
    value = found.value
    if isinstance(value, str):
        texts = re.split(r"[;,\n]", value)
    elif isinstance(value, list | tuple) and all(isinstance(each, str | AlertRule) for each in value):
        texts = [str(each) for each in value]
    else:
        raise SettingsError(f"{found.where} is no list of rules.", f"Write such as: {_EXAMPLES}")
    rules = [_rule(text.strip(), found) for text in texts if text.strip()]
    if len(rules) > _MOST_RULES:
        raise SettingsError(f"{found.where} has {len(rules)} rules.", f"Keep at most {_MOST_RULES}.")
    return tuple(dict.fromkeys(rules))


def _rule(text: str, found: Found) -> AlertRule:
    match = _RULE.fullmatch(text)
    if match is None or match["metric"] not in tuple(AlertMetric):
        raise _wrong(text, found)
    metric = AlertMetric(match["metric"])
    if match["above"] is None and metric is not AlertMetric.BREAKER_OPEN:
        raise _wrong(text, found)
    above, unit = float(match["above"] or 0), match["unit"]
    if unit == "%":
        above /= 100
    elif unit is not None:
        above *= _SECONDS[unit]
    misplaced = (unit == "%") != (metric in _SHARES) if unit else above > 1 and metric in _SHARES
    if misplaced or (unit not in (None, "%") and metric is not AlertMetric.APPROVAL_WAITING_S):
        raise _wrong(text, found)
    window_s = _FIXED_S.get(metric, 0)
    if metric in _OF_A_TIME:
        # Figures are by the minute.
        window_s = max(_MINUTE_S, int(match["window"] or _WINDOW_S) * _SECONDS[match["window_unit"] or "s"])
        window_s -= window_s % _MINUTE_S
    elif match["window"] is not None:
        raise _wrong(text, found)
    return AlertRule(metric, above, window_s)


def _wrong(text: str, found: Found) -> SettingsError:
    shown = visible(mask_text(text), one_line=True)
    shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}..."
    return SettingsError(f'"{shown}" is no rule of an alert ({found.where}).', f"Write such as: {_EXAMPLES}")
