import os
import signal
import subprocess
import sys
import threading

import httpx
import pytest

from loopai_nb.devserver.counters import prompt_hash
from loopai_nb.devserver.serve import DevServer
from loopai_nb.errors import InputError, LoopaiNbError


def test_counts_are_the_same_over_http_and_in_the_process(model_server, web, chat):
    """/_dev/stats and stats() tell one truth."""
    chat("one")
    chat("one")
    chat("two", stream=True)
    over_http, here = web.get("/_dev/stats").json(), model_server.stats()

    assert over_http["times_asked"] == here.times_asked == {prompt_hash("one"): 2, prompt_hash("two"): 1}
    assert over_http["requests"] == here.requests == here.answered == 3
    assert over_http["distinct_prompts"] == 2
    assert over_http["most_asked"] == 2
    assert here.by_route == {"chat": 3}
    assert here.input_tokens == 3
    assert here.connections == 1


def test_requests_in_flight_are_counted():
    """The highest number at once is that of the clients that waited together."""
    with DevServer(latency_ms=400) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        threads = [
            threading.Thread(target=client.post, args=("/generate",), kwargs={"json": {"prompt": str(n)}})
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert server.stats().max_in_flight == 8
        assert server.stats().in_flight == 0


def test_the_last_requests_can_be_read_in_the_process(model_server, web):
    """Path, headers and body as sent: for tests of what a client lets out."""
    web.post("/generate", json={"prompt": "x"}, headers={"x-canary": "1"})
    seen = model_server.requests()[-1]

    assert seen.path == "/generate"
    assert (b"x-canary", b"1") in seen.headers
    assert seen.body == b'{"prompt":"x"}'
    assert "canary" not in web.get("/_dev/stats").text


def test_reset_forgets_counts_faults_and_tasks(model_server, web, chat):
    """As if freshly started."""
    body = {"name": "t", "description": "d", "input_schema": {}, "output_schema": {}}
    web.post("/api/v1/tasks", json=body)
    chat()
    model_server.faults("500", latency_ms=5)
    model_server.reset()

    assert model_server.stats().requests == 0
    assert chat().status_code == 200
    assert web.post("/api/v1/tasks", json=body).status_code == 201


def test_a_server_that_hangs_stops_at_once():
    """close() resets what waits instead of waiting for it, may be called twice, and leaves the port free."""
    server = DevServer(latency_ms=60_000).start()
    ended = []

    def ask():
        try:
            httpx.post(f"{server.url}/generate", json={"prompt": "x"}, trust_env=False)
        except httpx.TransportError as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while not server.stats().in_flight:
        thread.join(0.01)
    server.close()
    server.close()
    thread.join(60)

    assert len(ended) == 1
    with DevServer(port=server.port) as again:
        assert httpx.get(f"{again.url}/health", trust_env=False).is_success


def test_a_taken_port_is_said_in_one_line(model_server):
    """With what to do."""
    with pytest.raises(LoopaiNbError, match=r"Cannot listen on .*choose another") as raised:
        DevServer(port=model_server.port).start()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", ""])  # noqa: S104  (refused)
def test_an_address_that_others_reach_is_refused(host):
    """Unless it is allowed explicitly."""
    with pytest.raises(InputError, match="loopback"):
        DevServer(host=host)


def test_all_addresses_can_be_allowed():
    """For a container; the Host check stays."""
    with DevServer(host="0.0.0.0", allow_remote=True) as server:  # noqa: S104  (the claim)
        url = f"http://127.0.0.1:{server.port}/health"
        assert httpx.get(url, trust_env=False).is_success
        assert httpx.get(url, headers={"host": "evil.example"}, trust_env=False).status_code == 403


@pytest.mark.parametrize(
    "setting", [{"latency_ms": -1}, {"latency_ms": float("nan")}, {"context_tokens": 0}, {"models": ()}]
)
def test_a_wrong_setting_is_refused(setting):
    """Before anything listens."""
    with pytest.raises(InputError):
        DevServer(**setting)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_the_blocking_server_says_where_it_is_and_stops_in_order(sent):
    """One line with the address; a signal ends it with status 0 and nothing on stderr."""
    code = "import sys; from loopai_nb.devserver.serve import main_serve; sys.exit(main_serve(port=0))"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    ) as process:
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http://"))
        assert httpx.get(f"{url}/health", trust_env=False).is_success
        process.send_signal(sent)
        rest, errors = process.communicate(timeout=60)

    assert (process.returncode, rest, errors) == (0, "", "")


def test_a_missing_part_names_the_extra():
    """Without uvicorn: MissingExtra with the command to type; importing the package needs nothing."""
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from loopai_nb.devserver.serve import DevServer\n"
        "try:\n    DevServer()\nexcept Exception as error:\n    print(type(error).__name__, error)"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)

    assert done.stdout.startswith("MissingExtra")
    assert "pip install 'loopai_nb[demo]'" in done.stdout


def test_importing_it_loads_no_web_framework():
    """FastAPI and uvicorn come when a server is made."""
    code = (
        "import sys, loopai_nb.devserver.serve\n"
        "print(*{m.partition('.')[0] for m in sys.modules} & {'fastapi', 'uvicorn', 'starlette', 'pydantic'})"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)

    assert done.stdout.strip() == ""
