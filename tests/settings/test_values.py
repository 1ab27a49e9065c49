"""What a value has to be, and how a wrong one is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from canaries import CANARY, DATABASE

from loopai_nb.errors import SettingsError
from loopai_nb.redaction import Secret


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LOOPAI_TIMEOUT_S", "abc", "seconds"),
        ("API_TIMEOUT", "abc", "seconds"),
        ("LOOPAI_TIMEOUT_S", "0", "range"),
        ("LOOPAI_TIMEOUT_S", "nan", "seconds"),
        ("LOOPAI_TIMEOUT_S", "inf", "seconds"),
        ("LOOPAI_TIMEOUT_S", "-1", "range"),
        ("LOOPAI_TIMEOUT_S", "1e9", "range"),
        ("LOOPAI_TIMEOUT_S", "\u0663", "seconds"),
        ("LOOPAI_BUDGET_USD", "nan", "USD"),
        ("LOOPAI_BUDGET_USD", "sNaN", "USD"),
        ("LOOPAI_BUDGET_USD", "Infinity", "USD"),
        ("LOOPAI_BUDGET_USD", "-0.01", "range"),
        ("LOOPAI_BUDGET_USD", "$5", "USD"),
        ("LOOPAI_BUDGET_USD", "1e999999999", "USD"),
        ("LOOPAI_BUDGET_USD", "1,50", "USD"),
        ("LOOPAI_PRICE_INPUT_USD_PER_MTOK", "nan", "USD"),
        ("LOOPAI_PRICE_OUTPUT_USD_PER_MTOK", "-1", "range"),
        ("LOOPAI_MAX_TOKENS", "1.5", "whole"),
        ("MAX_NEW_TOKENS", "0", "range"),
        ("LOOPAI_MAX_TOKENS", "1_000", "tokens"),
        ("LOOPAI_CONCURRENCY", "-3", "range"),
        ("LOOPAI_CONCURRENCY", "9" * 5000, "requests in flight"),
        ("LOOPAI_TEMPERATURE", "2.1", "range"),
        ("TEMPERATURE", "warm", "temperature"),
        ("LOOPAI_UI", "fancy", "auto, text or static"),
        ("LOOPAI_SERVER_KIND", "ollama", "openai, loopai, generate"),
        ("LOOPAI_REDACT", "email,mail", '"mail"'),
        ("LOOPAI_MODEL", "a\r\nX-Evil: 1", "no name"),
        ("LOOPAI_USER", "a\x1b[31m", "no name"),
        ("LOOPAI_LEDGER", "mysql://u:p@h/d", "neither a file nor"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(load, name, value, says):
    """Attacks 38, 39 and 49: the message says which setting, where it stands and what to write."""
    with pytest.raises(SettingsError) as caught:
        load({name: value})

    message = str(caught.value)
    assert name in message
    assert "environment" in message
    assert says in message
    assert caught.value.hint
    assert message.isprintable()
    assert len(message) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_PORT", "http"),
        ("API_PORT", "70000"),
        ("API_HOST", "a b"),
        ("API_HOST", "user@host"),
        ("DB_PORT", "0"),
        ("DB_HOST", "h/d?password=x"),
    ],
)
def test_a_wrong_part_is_named(load, name, value):
    """The parts of the first design are checked as well."""
    with pytest.raises(SettingsError, match=name):
        load({"API_HOST": "h", "DB_HOST": "h", "DB_NAME": "d", name: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget_usd", float("nan")),
        ("budget_usd", Decimal("NaN")),
        ("budget_usd", True),
        ("timeout_s", float("inf")),
        ("max_tokens", 1.5),
        ("model", 5),
        ("redact", ["mail"]),
        ("redact", [5]),
        ("database_url", 5),
        ("api_key", [CANARY]),
    ],
)
def test_a_wrong_value_in_code_is_refused(load, field, value):
    """Attack 49: what is given in code is checked as strictly as text."""
    with pytest.raises(SettingsError, match=f"{field}.*given here") as caught:
        load(**{field: value})

    assert CANARY not in str(caught.value)


def test_values_in_code_keep_their_types(load, tmp_path):
    """Numbers, decimals, lists, paths and secrets are taken as they are."""
    settings = load(
        timeout_s=5,
        budget_usd=0.5,
        price_input_usd_per_mtok=Decimal("0.15"),
        redact=["card", "email"],
        ledger=tmp_path / "l.sqlite3",
        api_key=Secret(CANARY),
        database=Secret(DATABASE),
        model=None,
    )

    assert (settings.timeout_s, settings.budget_usd) == (5.0, Decimal("0.5"))
    assert (settings.redact, settings.ledger) == (("email", "card"), tmp_path / "l.sqlite3")
    assert (settings.api_key, settings.database_url) == (Secret(CANARY), Secret(DATABASE))
