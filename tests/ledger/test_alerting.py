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
