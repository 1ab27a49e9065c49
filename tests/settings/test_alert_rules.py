import pytest

from loopai_nb.errors import SettingsError
from loopai_nb.settings import Settings
from loopai_nb.settings.alert_rules import AlertMetric, AlertRule


def _alerts(tmp_path, text):
    return Settings.load(environ={"LOOPAI_ALERTS": text}, cwd=tmp_path, config_dir=tmp_path).alerts


def test_rules_are_read_in_the_units_that_people_write(tmp_path):
    """Shares as percent or from 0 to 1, lengths with s, m, h or d; what is said twice counts once."""
    found = _alerts(
        tmp_path,
        "error_rate > 5% in 30m; error_rate > 0.05 in 1800s, p95_ms>5000\nspend_usd_per_hour > 2.50;"
        "spend_usd_per_day > 20; budget_share > 90%; breaker_open; approval_waiting_s > 10m;",
    )
    assert found == (
        AlertRule(AlertMetric.ERROR_RATE, 0.05, 1_800),
        AlertRule(AlertMetric.P95_MS, 5_000, 600),
        AlertRule(AlertMetric.SPEND_USD_PER_HOUR, 2.5, 3_600),
        AlertRule(AlertMetric.SPEND_USD_PER_DAY, 20, 86_400),
        AlertRule(AlertMetric.BUDGET_SHARE, 0.9, 0),
        AlertRule(AlertMetric.BREAKER_OPEN, 0, 0),
        AlertRule(AlertMetric.APPROVAL_WAITING_S, 600, 0),
    )


def test_a_rule_s_text_is_the_rule_again(tmp_path):
    """What is shown, and kept in the ledger, can be written into the settings as it stands."""
    found = _alerts(tmp_path, "error_rate > 7% in 90m; p95_ms > 1.5; budget_share > 100%; breaker_open")
    assert _alerts(tmp_path, "; ".join(map(str, found))) == found
    assert [str(rule) for rule in found] == [
        "error_rate > 7% in 90m",
        "p95_ms > 1.5 in 10m",
        "budget_share > 100%",
        "breaker_open",
    ]


def test_rules_stand_in_pyproject_as_a_list(tmp_path):
    """One text each."""
    text = '[tool.loopai_nb]\nalerts = ["error_rate > 5%", "breaker_open"]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    settings = Settings.load(environ={}, cwd=tmp_path, config_dir=tmp_path)
    assert [str(rule) for rule in settings.alerts] == ["error_rate > 5% in 10m", "breaker_open"]
    assert ("alerts", "error_rate > 5% in 10m, breaker_open") in [each[:2] for each in settings.provenance()]


@pytest.mark.parametrize(
    "text",
    [
        "errors > 5%",
        "error_rate",
        "error_rate < 5%",
        "error_rate > 5",
        "error_rate > nan",
        "error_rate > -1",
        "error_rate > 5s",
        "p95_ms > 5%",
        "p95_ms > 5s",
        "spend_usd_per_hour > 2 in 10m",
        "approval_waiting_s > 10%",
        "budget_share > \N{ARABIC-INDIC DIGIT FIVE}%",
        "sk-" + "abcdefghijklmnopqrstuvwxyz0123456789",
    ],
)
def test_what_is_no_rule_is_refused_with_what_one_looks_like(tmp_path, text):
    """The message names the place and shows an example of each; a key that was pasted there is not shown."""
    with pytest.raises(SettingsError, match="LOOPAI_ALERTS in environment") as refused:
        _alerts(tmp_path, f"breaker_open; {text}")
    assert all(metric in refused.value.hint for metric in AlertMetric)
    assert "abcdefghijklm" not in str(refused.value)


def test_other_values_and_too_many_rules_are_refused(tmp_path):
    """A number is no list of rules, and a thousand rules are a mistake."""
    for value in (7, ["breaker_open", 7], "; ".join(f"p95_ms > {n}" for n in range(51))):
        with pytest.raises(SettingsError, match="alerts"):
            Settings.load(environ={}, cwd=tmp_path, config_dir=tmp_path, overrides={"alerts": value})
