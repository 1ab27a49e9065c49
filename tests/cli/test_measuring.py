"""``metrics``, and the log that any verb can write."""

from __future__ import annotations

import json

from prometheus_client.parser import text_string_to_metric_families


def test_metrics_are_written_in_three_forms(cli):
    """Text for people, JSON and Prometheus's format for programs, of a ledger that may be new."""
    text, told, exposed = (
        cli.inside("metrics", *words) for words in ((), ("--format", "json"), ("--format", "prometheus"))
    )

    assert (text.code, told.code, exposed.code) == (0, 0, 0)
    assert "Approvals that wait: 0" in text.out
    assert json.loads(told.out)["total"]["requests"] == 0
    assert {family.name for family in text_string_to_metric_families(exposed.out)} >= {
        "loopai_requests",
        "loopai_runs",
        "loopai_build_info",
    }
    assert not exposed.out.endswith("\n\n")


def test_any_verb_writes_a_log_where_it_is_asked_to(cli):
    """--log-file before or behind the verb, --verbose on stderr; without them nothing is written."""
    asked = cli("--verbose", "check", "--log-file", "steps.log", LOOPAI_SERVER="http://127.0.0.1:9/v1")
    plain = cli("check", LOOPAI_SERVER="http://127.0.0.1:9/v1")

    log = (cli.folder / "steps.log").read_text(encoding="utf-8")
    assert 'level=INFO logger=loopai_nb.session.serving msg="server started"' in log
    assert 'msg="server failed"' in log
    assert 'msg="server failed"' in asked.err
    assert (cli.folder / "steps.log").stat().st_mode & 0o777 == 0o600
    assert "msg=" not in plain.err + plain.out
    assert asked.code == plain.code == 1
