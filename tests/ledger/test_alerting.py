def test_an_alert_fires_once_until_it_is_over(shelf):
    """Seen again, and by another process, it is not new; it is over once, and may fire again."""
    rule = "error_rate > 5% in 10m"
    first = shelf.ledger.fire_alert(rule, "30 of 100 requests failed.")
    with_other = type(shelf)(shelf.where)
    assert with_other.ledger.fire_alert(rule, "31 of 100 requests failed.") is None
    over = with_other.ledger.end_alert(rule, "1 of 100 requests failed.")
    assert shelf.ledger.end_alert(rule, "0 of 100 requests failed.") is None
    with_other.ledger.close()
    again = shelf.ledger.fire_alert(rule, "9 of 100 requests failed.")

    assert (first.number, over.number, again.number) == (1, 1, 2)
    assert over.over_ms >= first.fired_ms
    assert shelf.ledger.alerts() == [again, over]
    assert shelf.ledger.alerts(most=1) == [again]
    assert shelf.ledger.alerts(since_ms=again.fired_ms + 1) == []


def test_alerts_of_several_rules_do_not_touch_each_other(shelf):
    """Not even where the text of one is a pattern that another one's fits."""
    ledger = shelf.ledger
    assert ledger.fire_alert("error_rate > 5% in 10m", "a").number == 1
    assert ledger.fire_alert("error_rate > 55% in 10m", "b").number == 1
    assert ledger.end_alert("error_rate > _% in 10m", "c") is None
    assert [(row.rule, row.over_ms) for row in ledger.alerts()] == [
        ("error_rate > 55% in 10m", None),
        ("error_rate > 5% in 10m", None),
    ]


def test_what_was_told_to_nobody_is_claimed_once(shelf):
    """Its last change, in the time that is asked for, unless a channel was told of it or could not be."""
    ledger, rule = shelf.ledger, "p95_ms > 5% \\_"
    fired = ledger.fire_alert(rule, "a")
    later = {"since_ms": 0, "until_ms": fired.fired_ms + 86_400_000}
    assert ledger.claim_untold_alert(rule, since_ms=fired.fired_ms + 1, until_ms=later["until_ms"]) is None
    assert ledger.claim_untold_alert(rule, since_ms=0, until_ms=fired.fired_ms) is None
    assert [ledger.claim_untold_alert(rule, **later) for _ in range(2)] == [fired, None]
    over = ledger.end_alert(rule, "b")
    insert = "INSERT INTO events (at_ms, kind, scope, message) VALUES (?, 'told', ?, '')"
    shelf.sql(insert, fired.fired_ms, f"{over.subject} slack")
    assert ledger.claim_untold_alert(rule, **later) is None
