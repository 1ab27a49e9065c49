"""Every setting that has one value of its own: its names, and what the value has to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.settings import telemetry_values, values
from loopai_nb.settings.alert_rules import alert_rules
from loopai_nb.settings.sources import Spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.settings.sources import Found

__all__ = ["READERS"]

_DAY_S = 86_400.0

READERS: tuple[tuple[Spec, Callable[[Found], Any]], ...] = (
    (Spec("server_kind", ("LOOPAI_SERVER_KIND",), ("server_kind",)), values.server_kind),
    (Spec("model", ("LOOPAI_MODEL", "MODEL_TYPE"), ("model",)), values.name),
    (Spec("ledger", ("LOOPAI_LEDGER",), ("ledger",)), values.ledger),
    (Spec("ui", ("LOOPAI_UI",), ("ui",)), values.ui),
    (
        Spec("approval_timeout_s", ("LOOPAI_APPROVAL_TIMEOUT_S",), ("approval_timeout_s",)),
        values.number("seconds", "3600", 0, 30 * _DAY_S, above=True),
    ),
    (Spec("approve_below_usd", ("LOOPAI_APPROVE_BELOW_USD",), ("approve_below_usd",)), values.approved_below),
    (
        Spec("max_tokens", ("LOOPAI_MAX_TOKENS", "MAX_NEW_TOKENS"), ("max_tokens",)),
        values.count("tokens", "512", 10_000_000),
    ),
    (
        Spec("temperature", ("LOOPAI_TEMPERATURE", "TEMPERATURE"), ("temperature",)),
        values.number("a temperature", "0.7", 0, 2),
    ),
    (
        Spec("timeout_s", ("LOOPAI_TIMEOUT_S", "API_TIMEOUT"), ("timeout_s",)),
        values.number("seconds", "300", 0, _DAY_S, above=True),
    ),
    (
        Spec("read_timeout_s", ("LOOPAI_READ_TIMEOUT_S",), ("read_timeout_s",)),
        values.number("seconds", "60", 0, _DAY_S, above=True),
    ),
    (
        Spec("concurrency", ("LOOPAI_CONCURRENCY",), ("concurrency",)),
        values.count("requests in flight", "32", 4096),
    ),
    (
        Spec("requests_per_minute", ("LOOPAI_REQUESTS_PER_MINUTE",), ("requests_per_minute",)),
        values.number("requests a minute", "500", 0, 1e9, above=True),
    ),
    (
        Spec("tokens_per_minute", ("LOOPAI_TOKENS_PER_MINUTE",), ("tokens_per_minute",)),
        values.number("tokens a minute", "100000", 0, 1e12, above=True),
    ),
    (Spec("on_unknown", ("LOOPAI_ON_UNKNOWN",), ("on_unknown",)), values.on_unknown),
    (Spec("budget_usd", ("LOOPAI_BUDGET_USD",), ("budget_usd",)), values.money),
    (Spec("budget_usd_per_day", ("LOOPAI_BUDGET_USD_PER_DAY",), ("budget_usd_per_day",)), values.money),
    (
        Spec("cache_days", ("LOOPAI_CACHE_DAYS",), ("cache_days",)),
        values.number("days", "30", 0, 36_500),
    ),
    (Spec("redact", ("LOOPAI_REDACT",), ("redact",)), values.redaction_rules),
    (
        Spec("price_input_usd_per_mtok", ("LOOPAI_PRICE_INPUT_USD_PER_MTOK",), ("price_input_usd_per_mtok",)),
        values.money,
    ),
    (
        Spec(
            "price_output_usd_per_mtok", ("LOOPAI_PRICE_OUTPUT_USD_PER_MTOK",), ("price_output_usd_per_mtok",)
        ),
        values.money,
    ),
    *(
        (
            Spec(f"{name}_timeout_s", (f"LOOPAI_{name.upper()}_TIMEOUT_S",), (f"{name}_timeout_s",)),
            values.number("seconds", "60", 0, _DAY_S, above=True),
        )
        for name in ("statement", "lock", "idle_in_transaction")
    ),
    (Spec("user", ("LOOPAI_USER",), ("user",)), values.name),
    (Spec("serve_url", ("LOOPAI_SERVE_URL",), ("serve_url",)), values.page_url),
    (Spec("alerts", ("LOOPAI_ALERTS",), ("alerts",)), alert_rules),
    *telemetry_values.READERS,
)
