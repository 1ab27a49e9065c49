import threading
from datetime import datetime

import httpx
import pytest

from loopai_nb.devserver.limits import go_duration
from loopai_nb.devserver.serve import DevServer
from loopai_nb.errors import InputError


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        """Seconds."""
        return self.now


@pytest.fixture
def clock():
    """The clock of ``limited``."""
    return Clock()


@pytest.fixture
def limited(clock):
    """A server whose rates go by ``clock``, and a way to ask it."""
    with (
        DevServer(clock=clock) as server,
        httpx.Client(base_url=server.openai_url, trust_env=False) as client,
    ):

        def ask(prompt="x", **body):
            messages = [{"role": "user", "content": prompt}]
            return client.post(
                "/chat/completions", json={"model": "demo-lexical", "messages": messages, **body}
            )

        server.ask = ask
        yield server


def together(server, number):
    """Ask ``number`` times at once, each on its own connection; their statuses."""
    statuses = []

    def ask():
        statuses.append(
            httpx.post(f"{server.url}/generate", json={"prompt": "x"}, trust_env=False).status_code
        )

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_requests_over_the_rate_are_refused_until_it_refills(limited, clock):
    """Two a minute: the third waits half a minute, as Retry-After says, and nothing refused is paid."""
    limited.faults(requests_per_minute=2)

    assert [limited.ask().status_code for _ in range(2)] == [200, 200]
    refused = limited.ask()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    assert refused.headers["retry-after-ms"] == "30000"
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    clock.now += 29
    assert limited.ask().status_code == 429
    clock.now += 1
    assert limited.ask().status_code == 200
    assert limited.stats().refused == {"requests": 2}
    assert limited.stats().paid("x") == 3


def test_each_answer_tells_what_is_left(limited, clock):
    """OpenAI's headers count down, and say when the rate is whole again."""
    limited.faults(requests_per_minute=60, tokens_per_minute=6000)

    headers = limited.ask("four", max_tokens=99).headers

    assert headers["x-ratelimit-limit-requests"] == "60"
    assert headers["x-ratelimit-remaining-requests"] == "59"
    assert headers["x-ratelimit-reset-requests"] == "1s"
    assert headers["x-ratelimit-limit-tokens"] == "6000"
    assert headers["x-ratelimit-remaining-tokens"] == "5900"
    assert headers["x-ratelimit-reset-tokens"] == "1s"
    clock.now += 60
    assert limited.ask("four", max_tokens=99).headers["x-ratelimit-remaining-requests"] == "59"


def test_tokens_over_the_rate_are_refused(limited):
    """Prompt and max_tokens count; a request larger than the limit is refused without a time to come back."""
    limited.faults(tokens_per_minute=100)

    assert limited.ask(max_tokens=59).status_code == 200
    later, never = limited.ask(max_tokens=59), limited.ask(max_tokens=200)

    assert (later.status_code, later.headers["retry-after"]) == (429, "12")
    assert (never.status_code, "retry-after" in never.headers) == (429, False)
    assert limited.ask(max_tokens=39).status_code == 200
    assert limited.stats().refused == {"tokens": 2}


def test_a_rate_may_allow_no_burst(limited, clock):
    """With rate_burst_s, 600 a minute are one each 0.1 s, not 600 at once."""
    limited.faults(requests_per_minute=600, rate_burst_s=0.1)

    assert [limited.ask().status_code for _ in range(2)] == [200, 429]
    clock.now += 0.1
    assert limited.ask().status_code == 200


@pytest.mark.parametrize(
    ("style", "names"),
    [
        ("anthropic", {"anthropic-ratelimit-requests-limit"}),
        ("both", {"anthropic-ratelimit-requests-limit", "x-ratelimit-limit-requests"}),
        ("none", set()),
    ],
)
def test_a_rate_may_be_told_otherwise_or_not_at_all(limited, style, names):
    """Anthropic's headers, both, or a plain 429 without any hint."""
    limited.faults(requests_per_minute=1, rate_headers=style)
    answer, refused = limited.ask(), limited.ask()

    for response in (answer, refused):
        told = {name for name in response.headers if "ratelimit" in name and "limit-requests" in name + "-"}
        assert {
            name for name in response.headers if name.endswith(("requests-limit", "limit-requests"))
        } == names
        assert bool(told) == bool(names)
    assert ("retry-after" in refused.headers) == (style != "none")
    if style == "anthropic":
        assert datetime.fromisoformat(answer.headers["anthropic-ratelimit-requests-reset"])


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0ms"), (0.02, "20ms"), (1, "1s"), (1.5, "1.5s"), (60, "1m0s"), (360, "6m0s"), (61.25, "1m1.25s")],
)
def test_durations_are_written_as_openai_does(seconds, text):
    """Milliseconds below a second, else minutes and seconds."""
    assert go_duration(seconds) == text


def test_too_many_at_once_are_refused_as_told(until):
    """Above max_in_flight the answer is that of ``busy``, at once, and nothing is paid for it."""
    with DevServer(max_in_flight=1, busy="503:none", latency_ms=600_000) as server:
        first = threading.Thread(target=_swallow, args=(server,))
        first.start()
        until(lambda: server.stats().in_flight == 1)
        refused = httpx.post(f"{server.url}/generate", json={"prompt": "y"}, trust_env=False)

        assert (refused.status_code, "retry-after" in refused.headers) == (503, False)
        assert server.stats().refused == {"busy": 1}
        assert server.stats().asked("y") == 1
        assert server.stats().paid("y") == 0
        server.close()
        first.join()


def _swallow(server):
    try:
        httpx.post(f"{server.url}/generate", json={"prompt": "x"}, trust_env=False, timeout=None)  # noqa: S113  (ended by close)
    except httpx.TransportError:
        return


def test_a_small_server_works_on_few_and_answers_all():
    """With capacity 2, twelve at once are all answered, two at a time."""
    with DevServer(capacity=2, latency_ms=200) as server:
        assert together(server, 12) == [200] * 12
        assert server.stats().max_working == 2
        assert server.stats().max_in_flight > 2


def test_more_capacity_lets_the_waiting_in(until):
    """Capacity can grow while requests wait for a place."""
    with DevServer(capacity=1, latency_ms=600_000) as server:
        threads = [threading.Thread(target=_swallow, args=(server,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        until(lambda: server.stats().in_flight == 3)
        assert server.stats().max_working == 1
        server.faults(capacity=0)
        until(lambda: server.stats().max_working == 3)
        server.close()
        for thread in threads:
            thread.join()


def test_a_storm_lasts_as_many_requests_as_told(limited):
    """Three requests in the storm, then the plan goes on where it was."""
    limited.faults("500")
    limited.faults(storm="503:none=1", storm_requests=3)

    assert [limited.ask().status_code for _ in range(5)] == [503, 503, 503, 500, 200]


def test_a_storm_is_begun_and_ended_by_a_word(limited):
    """It goes on until it is ended."""
    limited.faults(storm={"429:none": 0.5, "529": 0.5})
    during = {limited.ask().status_code for _ in range(40)}
    limited.faults(storm="")

    assert during == {429, 529}
    assert limited.ask().status_code == 200


def test_a_storm_may_end_by_the_clock(limited, clock):
    """After storm_s seconds of the server's clock."""
    limited.faults(storm="500=1", storm_s=5)

    assert limited.ask().status_code == 500
    clock.now = 4.9
    assert limited.ask().status_code == 500
    clock.now = 5
    assert limited.ask().status_code == 200


def test_a_share_of_a_storm_is_hit(limited):
    """The others are answered, and count as requests of the storm."""
    limited.faults(storm="500=0.5", storm_requests=100)
    statuses = [limited.ask().status_code for _ in range(150)]

    assert 30 <= statuses[:100].count(500) <= 70
    assert statuses[100:] == [200] * 50


def test_every_limit_can_be_set_over_http_and_is_told(web):
    """POST /_dev/faults takes them all and answers what is set; reset takes them back."""
    controls = {
        "storm": {"503": 1},
        "storm_requests": 2,
        "capacity": 3,
        "max_in_flight": 4,
        "busy": "503",
        "requests_per_minute": 5,
        "tokens_per_minute": 6,
        "rate_burst_s": 7,
        "rate_headers": "both",
        "structured": False,
        "marked": {"MARK": "500*2"},
    }
    state = web.post("/_dev/faults", json=controls).json()

    assert state["storm_on"]
    assert state["marked_left"] == {"MARK": 2}
    told = {name: value for name, value in controls.items() if not name.startswith(("storm", "marked"))}
    assert told.items() <= state.items()
    web.post("/_dev/reset")
    state = web.post("/_dev/faults", json={}).json()
    assert (state["capacity"], state["storm_on"], state["marked_left"]) == (0, False, {})


@pytest.mark.parametrize(
    "controls",
    [
        {"capacity": -1},
        {"capacity": True},
        {"requests_per_minute": 1.5},
        {"tokens_per_minute": "9"},
        {"rate_burst_s": 0},
        {"rate_headers": "ours"},
        {"storm_s": float("nan")},
        {"storm": 7},
        {"storm": "500=2"},
        {"busy": "nothing"},
        {"busy": 503},
        {"marked": ["x"]},
        {"marked": {"x": 7}},
        {"marked": {"x": "explode"}},
        {"structured": "no"},
        {"seed": "1"},
    ],
)
def test_a_limit_that_cannot_be_read_changes_nothing(controls):
    """It is refused with its name or kind, and what was set with it is not set either."""
    server = DevServer()
    before = server._desk.state()

    with pytest.raises(InputError):
        server.faults("500*3", **controls)
    assert server._desk.state() == before
