"""What the alerts verb shows."""

from loopai_nb.notebook.verbs_alerts import listed
from loopai_nb.session import Session
from loopai_nb.settings import Settings


def test_alerts_are_a_table_below_how_things_stand(tmp_path):
    """Rule, when and what was found; in a static notebook without times; without rules, how to set one."""
    environ = {"LOOPAI_LEDGER": str(tmp_path / "ledger.sqlite3"), "LOOPAI_ALERTS": "breaker_open"}
    with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as session:
        assert listed(session, session.alerts()).text() == "0 of 1 rule fire now."
        session.ledger.fire_alert("breaker_open", "A server holds up r-1.")
        shown, static = (listed(session, session.alerts(), static=each).text() for each in (False, True))
    assert "1 of 1 rule fires now." in shown
    assert "A server holds up r-1." in shown
    assert "A server" not in static
    del environ["LOOPAI_ALERTS"]
    environ["LOOPAI_LEDGER"] = str(tmp_path / "other.sqlite3")
    with Session(Settings.load(environ=environ, cwd=tmp_path, config_dir=tmp_path)) as session:
        assert "LOOPAI_ALERTS=" in listed(session, session.alerts()).text()
