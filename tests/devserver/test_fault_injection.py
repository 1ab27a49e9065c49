import gzip
import json
import re
import socket
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from loopai_nb.devserver.counters import prompt_hash
from loopai_nb.devserver.faults import KINDS, Faults
from loopai_nb.devserver.serve import DevServer
from loopai_nb.devserver.settings import Controls, Settings
from loopai_nb.errors import InputError


def test_a_plan_goes_wrong_exactly_as_told(model_server, chat):
    """Three times 429, then 500, then well: in this order."""
    model_server.faults("429:none*3, 500, ok")

    assert [chat().status_code for _ in range(6)] == [429, 429, 429, 500, 200, 200]
    assert model_server.stats().faults == {"429": 3, "500": 1}


@pytest.mark.parametrize(
    ("fault", "header", "value"),
    [
        ("429", "retry-after", "1"),
        ("429:seconds", "retry-after", "1"),
        ("429:ms", "retry-after-ms", "20"),
        ("429:garbage", "retry-after", "soon, perhaps"),
        ("429:86400", "retry-after", "86400"),
        ("503:7", "retry-after", "7"),
        ("502:9", "retry-after", "9"),
        ("500:3", "retry-after", "3"),
        ("529:nan", "retry-after", "nan"),
        ("429:inf", "retry-after", "inf"),
        ("429:-1", "retry-after", "-1"),
        ("429:ms=nan", "retry-after-ms", "nan"),
        ("429:ms=1500", "retry-after-ms", "1500"),
        ("429:none", "retry-after", None),
        ("503", "retry-after", None),
    ],
)
def test_retry_after_comes_in_every_form(model_server, chat, fault, header, value):
    """Seconds, milliseconds, nonsense, another number, or nothing."""
    model_server.faults(fault)

    response = chat()

    assert response.status_code == int(fault[:3])
    assert response.headers.get(header) == value
    assert fault.startswith("502") or response.json()["error"]["message"]


def test_retry_after_may_have_digits_that_only_float_reads(model_server, chat):
    """Arabic ones, as UTF-8."""
    model_server.faults("429:\u0661\u0662")
    raw = dict(chat().headers.raw)

    assert float(raw[b"Retry-After" if b"Retry-After" in raw else b"retry-after"].decode()) == 12


def test_retry_after_may_be_a_date_of_any_day(model_server, chat):
    """Counted from now, in the past too."""
    model_server.faults("429:date=-86400")

    assert parsedate_to_datetime(chat().headers["retry-after"]) < datetime.now(UTC)


def test_retry_after_may_be_a_date(model_server, chat):
    """An HTTP date that can be read."""
    model_server.faults("429:date")

    assert parsedate_to_datetime(chat().headers["retry-after"])


def test_a_502_is_a_proxys_page(model_server, chat):
    """HTML, no JSON."""
    model_server.faults("502")
    response = chat()

    assert response.status_code == 502
    assert "text/html" in response.headers["content-type"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset_before", httpx.ReadError),
        ("close_before", httpx.RemoteProtocolError),
        ("lost", httpx.ReadError),
        ("reset_mid", httpx.ReadError),
        ("truncated", httpx.RemoteProtocolError),
        ("hang:0.05", httpx.RemoteProtocolError),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_connections_really_break(model_server, chat, fault, error, stream):
    """Reset is a TCP reset, before or within the body; the next request is well."""
    model_server.faults(fault)

    with pytest.raises(error):
        chat(stream=stream)
    assert chat().status_code == 200


def test_a_reset_in_mid_body_comes_after_a_part_of_it(model_server, web):
    """Head and some of the body were there before the reset."""
    model_server.faults("reset_mid")
    body = {"model": "demo-lexical", "messages": [{"role": "user", "content": "x"}]}
    got = []
    with web.stream("POST", "/v1/chat/completions", json=body) as response, pytest.raises(httpx.ReadError):
        got.extend(response.iter_raw())

    assert response.status_code == 200
    assert got[0].startswith(b'{"id":')


@pytest.mark.parametrize("fault", ["garbage", "bad_utf8", "html", "empty_body"])
def test_a_200_may_hold_no_json(model_server, chat, fault):
    """Cut JSON, a page, nothing."""
    model_server.faults(fault)
    response = chat()

    assert response.status_code == 200
    with pytest.raises(ValueError):  # noqa: PT011  (whichever the decoder raises)
        response.json()


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("error_object", lambda answer: "choices" not in answer and answer["error"]["message"]),
        ("empty_choices", lambda answer: answer["choices"] == []),
        ("null_choices", lambda answer: answer["choices"] is None),
        ("empty_text", lambda answer: answer["choices"][0]["message"]["content"] == ""),
        ("null_content", lambda answer: answer["choices"][0]["message"]["content"] is None),
        ("refusal", lambda answer: answer["choices"][0]["message"]["refusal"]),
        ("huge_usage", lambda answer: answer["usage"]["completion_tokens"] == 10**15),
        ("text_usage", lambda answer: answer["usage"]["total_tokens"] == "12 tokens"),
        ("json_list", lambda answer: answer == ["ok"]),
        ("no_usage", lambda answer: "usage" not in answer),
        ("negative_usage", lambda answer: answer["usage"]["prompt_tokens"] < 0),
        ("nan_usage", lambda answer: answer["usage"]["prompt_tokens"] != answer["usage"]["prompt_tokens"]),
        ("other_model", lambda answer: answer["model"] == "another-model"),
    ],
)
def test_a_200_may_be_wrong_inside(model_server, chat, fault, check):
    """Well-formed JSON that says something impossible."""
    model_server.faults(fault)

    assert check(json.loads(chat().text))


def test_deep_json_and_a_gzip_bomb_are_what_they_say(model_server, web, chat):
    """100,000 nested arrays; 64 MiB in less than 100 kB."""
    model_server.faults("deep_json, gzip_bomb")

    assert chat().text.startswith("[" * 1000)
    body = {"model": "demo-lexical", "messages": [{"role": "user", "content": "x"}]}
    with web.stream("POST", "/v1/chat/completions", json=body) as response:
        raw = b"".join(response.iter_raw())
    assert len(raw) < 100_000
    assert len(gzip.decompress(raw)) == 64 << 20


def test_a_surplus_is_a_second_answer_on_the_connection(model_server):
    """Who reuses the connection without a look reads it as the answer to the next request."""
    model_server.faults("surplus")
    body = b'{"prompt": "x"}'
    with socket.create_connection(("127.0.0.1", model_server.port)) as peer:
        peer.settimeout(60)
        peer.sendall(
            b"POST /generate HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n" % len(body) + body
        )
        got = b""
        while got.count(b"HTTP/1.1 200") < 2 or not got.endswith(b"}}"):
            got += peer.recv(4096)

    assert b'"response":"x"' in got
    assert b"overloaded" in got


def test_a_slow_body_trickles_and_arrives(model_server, chat):
    """One byte at a time, and whole in the end."""
    model_server.faults("slow:0")

    assert chat().json()["choices"]
    assert model_server.stats().answered == 1


def test_a_redirect_names_its_place(model_server, chat):
    """307 with Location, body unanswered."""
    model_server.faults("redirect:http://127.0.0.1:9/")
    response = chat()

    assert (response.status_code, response.headers["location"]) == (307, "http://127.0.0.1:9/")


def test_a_cut_stream_ends_in_order_without_a_finish_reason(model_server, chat):
    """The HTTP body is complete, an event in it is not, and there is no [DONE]."""
    model_server.faults("sse_cut")
    text = chat("Say: one two three four five.", stream=True).text

    assert not text.endswith("\n\n")
    assert "[DONE]" not in text
    assert '"finish_reason":"stop"' not in text


def test_other_faults_of_streams(model_server, chat):
    """An error event in the middle; no [DONE]; CRLF, comments and single bytes."""
    model_server.faults("sse_error, sse_no_done, sse_odd")

    broken, undone, odd = (chat(stream=True).text for _ in range(3))

    assert '"error"' in broken
    assert "[DONE]" not in broken
    assert '"finish_reason":"stop"' in undone
    assert "[DONE]" not in undone
    assert odd.startswith(": a comment\r\n")
    assert odd.endswith("data: [DONE]\r\n\r\n")


def test_a_stream_may_repeat_itself_or_be_none(model_server, chat):
    """Each event twice; or a JSON answer where a stream was asked for."""
    model_server.faults("sse_twice, sse_plain")
    twice, plain = (chat(stream=True) for _ in range(2))

    assert twice.text.count("data: [DONE]") == 2
    assert twice.text.count('"finish_reason":"stop"') == 2
    assert plain.headers["content-type"] == "application/json"
    assert plain.json()["choices"][0]["message"]["content"] == "Say hello"


def test_what_was_paid_is_told_from_what_was_refused(model_server, chat):
    """times_asked counts arrivals, times_paid the model's work, answered what came back whole."""
    model_server.faults("429:none, 500, reset_before, reset_mid, truncated, garbage, ok")
    for _ in range(7):
        try:
            chat("same prompt")
        except httpx.TransportError:
            continue
    stats = model_server.stats()
    key = prompt_hash("same prompt")

    assert stats.times_asked[key] == stats.requests == 7
    assert stats.times_paid[key] == 4
    assert stats.answered == 1


def test_faults_of_the_other_surfaces_have_their_shapes(model_server, web):
    """Loopai's errors have code and message, those of /generate a detail; output goes missing there."""
    model_server.faults("500, 429:ms, empty_choices, no_usage")

    loopai = web.post("/api/v1/batch/execute", json={"task_id": "0" * 32, "items": []})
    plain = web.post("/generate", json={"prompt": "x"})
    empty = web.post("/generate", json={"prompt": "x"}).json()
    unstated = web.post("/generate", json={"prompt": "x"}).json()

    assert (loopai.status_code, loopai.json()["code"]) == (500, "INTERNAL_ERROR")
    assert (plain.status_code, plain.headers["retry-after-ms"]) == (429, "20")
    assert plain.json()["detail"]
    assert "response" not in empty
    assert "stats" not in unstated


def test_a_loopai_program_can_be_made_to_fail(model_server, web):
    """program_error is a 200 with status error and no output."""
    body = {"name": "t", "description": "d", "input_schema": {}, "output_schema": {"type": "string"}}
    task_id = web.post("/api/v1/tasks", json=body).json()["id"]
    model_server.faults("program_error*2")

    one = web.post("/api/v1/tasks/execute", json={"task_id": task_id, "input": "x"})
    many = web.post(
        "/api/v1/batch/execute",
        json={"task_id": task_id, "items": [{"id": "1", "input": "x"}, {"id": "2", "input": "x"}]},
    ).json()

    assert (one.status_code, one.json()["status"]) == (200, "error")
    assert "output" not in one.json()
    assert (many["success_count"], many["failure_count"]) == (1, 1)
    assert [result["success"] for result in many["results"]] == [False, True]


def faults(**settings):
    """Faults without a server."""
    return Faults(Settings(**settings), lambda: 0.0)


def test_a_mix_by_rate_repeats_with_its_seed():
    """The same seed gives the same faults, in about the shares asked for."""
    shares = {"500": 0.2, "truncated": 0.1}
    first_draws = {faults(fault_rates="500=0.2, truncated=0.1", seed=n).draw().kind for n in range(300)}
    one, two = (faults(fault_rates=shares, seed=7) for _ in range(2))
    first = [one.draw().kind for _ in range(1000)]

    assert first == [two.draw().kind for _ in range(1000)]
    assert 150 < first.count("500") < 250
    assert 60 < first.count("truncated") < 140
    assert first_draws == {"ok", "500", "truncated"}


@pytest.mark.parametrize(
    ("plan", "rates"),
    [
        ("explode", None),
        ("slow:fast", None),
        ("slow:nan", None),
        ("redirect", None),
        ("429:a\nb", None),
        ("ok*2000000", None),
        (None, "500=2"),
        (None, "500=nan"),
        (None, "500"),
        (None, {"500": 0.6, "429": 0.6}),
    ],
)
def test_a_plan_that_cannot_be_read_changes_nothing(plan, rates):
    """It is refused, and the plan before it stays."""
    server = DevServer(faults="500", fault_rates="503=1")
    controls = {name: value for name, value in (("plan", plan), ("rates", rates)) if value is not None}

    with pytest.raises(InputError):
        server.faults(**controls)
    assert server._desk.state()["plan_left"] == 1


def test_the_control_route_sets_faults_and_waits(model_server, web, chat):
    """POST /_dev/faults says what is now set; reset goes back."""
    state = web.post(
        "/_dev/faults", json={"plan": ["500", "ok*2"], "latency_ms": 1, "jitter_ms": 1, "seed": 3}
    )

    assert {
        "plan_left": 3,
        "latency_ms": 1,
        "jitter_ms": 1,
        "chunk_ms": 0,
        "seed": 3,
    }.items() <= state.json().items()
    assert chat().status_code == 500
    assert web.post("/_dev/reset").status_code == 200
    assert web.get("/_dev/stats").json()["requests"] == 0
    assert chat().status_code == 200
    assert model_server.stats().requests == 1


@pytest.mark.parametrize(
    "body", [[], {"plans": "500"}, {"plan": 7}, {"latency_ms": -1}, {"latency_ms": "1"}, {"rates": "x=1"}]
)
def test_the_control_route_refuses_what_it_cannot_read(web, body):
    """A 400 that says why."""
    response = web.post("/_dev/faults", json=body)

    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_too_many_at_once_are_refused():
    """Above max_in_flight: 429 with a wait in milliseconds, and nothing paid."""
    with DevServer(max_in_flight=1, latency_ms=300) as server:
        import threading

        statuses = []

        def ask():
            response = httpx.post(f"{server.url}/generate", json={"prompt": "x"}, trust_env=False)
            statuses.append(response.status_code)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        stats = server.stats()

    assert 200 in statuses
    assert statuses.count(429) == 3 - stats.times_paid.total()
    assert stats.max_in_flight <= 3


def test_every_kind_stands_in_the_documentation():
    """The table of docs/devserver.md and the kinds are the same, 25 at least."""
    page = Path(__file__).parents[2] / "docs" / "devserver.md"
    told = set(re.findall(r"^\| `([a-z0-9_]+)[:`]", page.read_text(), re.MULTILINE))

    assert told >= KINDS
    assert told - KINDS - set(Controls.__annotations__) == {"ok"}
    assert len(KINDS) >= 25
    assert set(Controls.__annotations__) <= told
