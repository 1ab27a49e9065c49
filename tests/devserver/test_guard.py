import socket

import httpx
import pytest
from leisure import at_leisure

from loopai_nb.devserver.serve import DevServer

BODY = {"model": "demo-lexical", "messages": [{"role": "user", "content": "x"}]}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.", ""]
)
def test_a_foreign_host_header_is_refused(web, host):
    """ATTACKS 52: a page that rebinds its name to the loopback gets 403."""
    assert web.get("/v1/models", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "LOCALHOST:8000", "[::1]:9"])
def test_the_loopbacks_names_are_served(web, host):
    """With any port: it may be forwarded."""
    assert web.get("/v1/models", headers={"host": host}).status_code == 200


def test_a_further_host_can_be_allowed():
    """For a container's name."""
    with DevServer(allowed_hosts=("models",)) as server:
        url = f"{server.url}/health"
        assert httpx.get(url, headers={"host": "models:8000"}, trust_env=False).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
    ],
)
def test_a_post_that_needs_no_preflight_is_refused(model_server, web, headers):
    """ATTACKS 53: text/plain from any page would reach the model."""
    response = web.post("/v1/chat/completions", content=b"{}", headers=headers)

    assert response.status_code == 415
    assert model_server.stats().requests == 0


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_a_request_of_another_sites_page_is_refused(web, headers):
    """ATTACKS 53: 403, and no CORS header that would allow it."""
    response = web.post("/v1/chat/completions", json=BODY, headers=headers)

    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers


def test_its_own_pages_origin_is_served(model_server, web):
    """A request from its own /docs is of the same origin."""
    assert web.post("/v1/chat/completions", json=BODY, headers={"origin": model_server.url}).is_success


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Bearer canary-key-1x"}, 401),
        ({"authorization": "Basic canary-key-1"}, 401),
        ({"authorization": "Bearer cl\u00e9".encode()}, 401),
        ({"authorization": "Bearer canary-key-1"}, 200),
        ({"authorization": "bearer canary-key-1"}, 200),
        ({"x-api-key": "canary-key-1"}, 200),
    ],
)
def test_a_key_is_wanted_where_one_is_set(headers, status):
    """ATTACKS 51: 401 without it or with a wrong one; health is open."""
    with DevServer(api_key="canary-key-1") as server, httpx.Client(trust_env=False) as client:
        for path in ("/v1/models", "/_dev/stats", "/docs"):
            response = client.get(f"{server.url}{path}", headers=headers)
            assert response.status_code == status
            assert "canary" not in response.text
        assert client.get(f"{server.url}/health").status_code == 200
        assert "canary" not in repr(server.settings)


def test_a_large_body_is_refused_by_its_announced_size():
    """ATTACKS 54: 413 without reading it."""
    with DevServer(max_body_bytes=1000) as server:
        response = httpx.post(f"{server.url}/generate", json={"prompt": "x" * 2000}, trust_env=False)

        assert response.status_code == 413
        assert "1000 bytes" in response.json()["message"]
        assert server.stats().requests == 0


def test_a_large_body_of_unknown_size_is_refused_while_it_comes():
    """ATTACKS 54: 100 MB in chunks is cut off, and the client reads the 413."""
    with DevServer(max_body_bytes=1000) as server:
        response = httpx.post(
            f"{server.url}/generate",
            content=(b"x" * 65_536 for _ in range(1600)),
            headers={"content-type": "application/json"},
            trust_env=False,
            timeout=30,
        )

        assert response.status_code == 413
        assert httpx.get(f"{server.url}/health", trust_env=False).is_success


HEAD = (
    b"POST /generate HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 50\r\n"
)


@pytest.mark.parametrize("sent", [b"", HEAD, HEAD + b"\r\n{"])
@at_leisure
def test_a_sender_that_never_ends_is_let_go(sent, times):
    """ATTACKS 54: slow-loris gets 408 and loses the connection; others are served meanwhile."""
    with (
        DevServer(request_timeout_s=0.2 * times) as server,
        socket.create_connection(("127.0.0.1", server.port)) as slow,
    ):
        slow.settimeout(60)
        slow.sendall(sent)
        assert httpx.get(f"{server.url}/health", trust_env=False).is_success
        got = b""
        while part := slow.recv(4096):
            got += part

        assert got.startswith(b"HTTP/1.1 408 ")
        assert server.stats().requests == 0


def test_a_head_without_end_is_refused(model_server):
    """ATTACKS 54: more than 64 KiB of headers get 431; httptools alone would gather them for ever."""
    with socket.create_connection(("127.0.0.1", model_server.port)) as peer:
        peer.settimeout(60)
        peer.sendall(b"GET /health HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 70_000)

        assert peer.recv(4096).startswith(b"HTTP/1.1 431 ")


def test_a_body_larger_than_a_head_may_be_is_served(model_server, chat):
    """The limit of heads is not one of bodies, nor of many requests on one connection."""
    assert chat("Summarise: " + "wing " * 40_000).status_code == 200
    assert [chat("x" * 3000).status_code for _ in range(30)] == [200] * 30
    assert model_server.stats().connections == 1


def test_bytes_that_are_no_http_are_a_400(model_server):
    """The connection is answered and closed."""
    with socket.create_connection(("127.0.0.1", model_server.port)) as peer:
        peer.settimeout(60)
        peer.sendall(b"\x16\x03\x01 hello\r\n\r\n")

        assert peer.recv(4096).startswith(b"HTTP/1.1 400")


def test_docs_need_no_network(web):
    """The page holds every route, no script and no foreign address, and its policy allows none."""
    page = web.get("/docs")

    assert "/v1/chat/completions" in page.text
    assert "/api/v1/batch/execute" in page.text
    assert "<script" not in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    paths = web.get("/openapi.json").json()["paths"]
    assert paths["/v1/chat/completions"]["post"]["requestBody"]
