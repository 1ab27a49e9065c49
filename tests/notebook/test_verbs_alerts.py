from __future__ import annotations


def test_alerts_lists_the_rules_that_fire(plain_shell, monkeypatch):
    """Without rules it says how to set one, of one that is true what it found; in static form no times."""
    plain_shell.ok("%load_ext loopai_nb")
    none = plain_shell.ok("%loopai alerts").text
    plain_shell.ok("%unload_ext loopai_nb")
    monkeypatch.setenv("LOOPAI_ALERTS", "spend_usd_per_day > 0.0001")
    plain_shell.ok(
        "%load_ext loopai_nb\nimport pandas as pd\nrows = pd.DataFrame({'body': ['late', 'broken']})"
    )
    plain_shell.ok("%loopai server --price 100,100")
    plain_shell.ok("%%loopai rows --yes\nOne: a, b. {{ body }}")
    fires = plain_shell.ok("%loopai alerts").text
    monkeypatch.setenv("LOOPAI_UI", "static")
    plain_shell.ok("%unload_ext loopai_nb\n%load_ext loopai_nb")
    static = plain_shell.ok("%loopai alerts").text

    assert "No rule is set" in none
    assert "1 of 1 rule fires now." in fires
    assert "spent" in fires
    assert static.splitlines()[1:] == [
        "rule                        state",
        "spend_usd_per_day > 0.0001  fires",
    ]
