"""``/metrics`` of `loopai-nb serve`, scraped from a real server."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as text_format

from loopai_nb.asgi.metrics import MetricsPage
from loopai_nb.asgi.serve import PageServer
from loopai_nb.settings import Settings


def _waiting(families) -> float:
    return next(
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == "loopai_approvals_waiting"
    )


def test_a_scraper_reads_the_ledger_in_the_format_that_it_takes(house, client):
    """Both of Prometheus's formats, with the headers of every page; a HEAD has no body, a POST finds none."""
    house.ask_gate()
    url = f"{house.server.url}/metrics"

    plain = client.get(url)
    richer = client.get(url, headers={"Accept": "application/openmetrics-text; version=1.0.0"})

    assert plain.headers["content-type"].startswith("text/plain")
    assert plain.headers["x-content-type-options"] == "nosniff"
    assert _waiting(text_format(plain.text)) >= 1
    assert richer.headers["content-type"].startswith("application/openmetrics-text")
    assert _waiting(open_metrics(richer.text)) >= 1
    assert client.head(url).text == ""
    posted = client.post(url, data={"a": "b"}, headers={"Origin": house.server.url})
    assert posted.status_code == 404


def test_nobody_else_reads_them_but_where_that_is_allowed(house, client):
    """Another name, also the proxy's own, or a request that was passed on: 403; a foreign host as ever."""
    settings = Settings(serve_url="https://approve.example")
    tried = (
        {"Host": "approve.example"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"Host": "evil.example"},
    )
    with PageServer(house.ledger, settings, port=0, key=house.key) as server:
        for headers in tried:
            answer = client.get(f"{server.url}/metrics", headers=headers)
            assert answer.status_code == 403
            assert "loopai_requests_total" not in answer.text
        assert client.get(f"{server.url}/metrics", headers={"Host": "localhost:9"}).status_code == 200
    with PageServer(house.ledger, settings, port=0, key=house.key, remote_metrics=True) as server:
        answers = [client.get(f"{server.url}/metrics", headers=headers).status_code for headers in tried]
        assert answers == [200, 200, 200, 403]


@pytest.mark.parametrize("client", [None, ("203.0.113.9", 1), ("no address", 1)])
def test_a_connection_from_elsewhere_is_refused_whatever_it_calls_us(house, client):
    """--allow-remote lets others decide, and not read the metrics."""
    scope = {"client": client, "headers": [(b"host", b"127.0.0.1:8770")]}

    answer = asyncio.run(_asked(house.ledger, scope))

    assert answer.status == 403


async def _asked(ledger, scope):
    return await MetricsPage(ledger)(scope)


def test_many_scrapers_read_the_ledger_once_a_second(house):
    """The same figures are told until a second has passed."""
    now_s = [0.0]
    scope = {"client": ("127.0.0.1", 1), "headers": [(b"host", b"127.0.0.1")]}

    async def waiting(page) -> float:
        return _waiting(text_format((await page(scope)).body.decode()))

    async def scrape() -> list[float]:
        page = MetricsPage(house.ledger, clock=lambda: now_s[0])
        before = await waiting(page)
        house.ask_gate()
        again = await asyncio.gather(*(waiting(page) for _ in range(20)))
        now_s[0] += 1.5
        return [before, *set(again), await waiting(page)]

    first, same, later = asyncio.run(scrape())

    assert (same, later) == (first, first + 1)
