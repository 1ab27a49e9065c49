"""Which protocol a URL speaks, and the client that is made for it."""

from __future__ import annotations

import asyncio
import traceback

import pytest

from loopai_nb.clients.base import ModelServer
from loopai_nb.clients.connect import guess_kind, model_server
from loopai_nb.errors import InputError, OutcomeUnknown, RequestNotSent
from loopai_nb.records import Parameters, ServerKind
from loopai_nb.redaction import Secret

TASK = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
LIST = b'{"data": [{"id": "m"}]}'


@pytest.fixture
def routes(faulty, http_answer):
    """A server of the given GET routes; the others answer 404."""

    def start(answers):
        def script(peer):
            while (request := peer.request()) is not None:
                path = request.split(b" ", 2)[1].decode()
                body, status = answers.get(path, (b"{}", "404 Not Found"))
                peer.send(http_answer(body, status))

        return faulty(script)

    return start


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"/models": (LIST, "200 OK")}, ServerKind.OPENAI),
        ({"/models": (b"", "401 No")}, ServerKind.OPENAI),
        ({"/api/v1/health": (b'{"status": "healthy"}', "200 OK")}, ServerKind.LOOPAI),
        ({"/health": (b"OK", "200 OK"), "/generate": (b"", "405 Method Not Allowed")}, ServerKind.GENERATE),
        (
            {"/models": (b"<html>", "200 OK"), "/health": (b"", "200 OK"), "/generate": (b"", "405 No")},
            ServerKind.GENERATE,
        ),
    ],
)
def test_what_answers_decides(routes, answers, kind):
    """The first protocol whose routes answer is the server's."""
    assert asyncio.run(guess_kind(routes(answers).origin)) is kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/v1", ServerKind.OPENAI), ("/openai/v1/", ServerKind.OPENAI), ("/api/v1", ServerKind.LOOPAI)],
)
def test_a_telling_url_is_not_asked(free_port, path, kind):
    """A URL that ends with its version tells the protocol by itself, though nobody listens."""
    assert asyncio.run(guess_kind(f"http://127.0.0.1:{free_port}{path}")) is kind


def test_a_forgotten_version_is_named(routes):
    """A base URL without its /v1 is an InputError that says the right one."""
    server = routes({"/v1/models": (LIST, "200 OK")})
    with pytest.raises(InputError) as caught:
        asyncio.run(guess_kind(server.origin))
    assert caught.value.hint == f"Use that URL: %loopai server {server.origin}/v1"


def test_an_unknown_server_is_an_input_error(routes):
    """A server with none of the routes: InputError that names the setting."""
    with pytest.raises(InputError, match="LOOPAI_SERVER_KIND"):
        asyncio.run(guess_kind(routes({"/health": (b"OK", "200 OK")}).origin))


def test_no_server_is_not_sent(free_port):
    """Nobody listens: RequestNotSent, kind refused."""
    with pytest.raises(RequestNotSent) as caught:
        asyncio.run(guess_kind(f"http://127.0.0.1:{free_port}"))
    assert caught.value.kind == "refused"


@pytest.mark.parametrize("kind", list(ServerKind))
def test_each_kind_has_its_client(kind):
    """The client of a kind is a ModelServer of that kind with the model's name."""
    server = model_server("http://127.0.0.1:8000", kind=kind, model=TASK, api_key="k")
    assert isinstance(server, ModelServer)
    assert (server.kind, server.model) == (kind, TASK)


@pytest.mark.parametrize("kind", list(ServerKind))
def test_attack_15_a_server_that_could_not_be_made_shows_no_key(kind):
    """A traceback with locals of a refused key can be written, and does not have it."""
    with pytest.raises(InputError) as caught:
        model_server("http://127.0.0.1:8000", kind=kind, model=TASK, api_key=Secret("c4n4ry\r\n0123456789"))
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    # The test's own line has the key in it, in its source.
    frames = [frame for frame in shown.stack if frame.filename != __file__]
    text = "".join(f"{frame.locals}" for frame in frames)
    assert "'self'" in text
    assert "0123456789" not in text


@pytest.mark.parametrize("kind", list(ServerKind))
def test_each_kind_takes_a_read_timeout(faulty, kind):
    """A server that falls silent ends a request of any protocol long before its deadline."""

    def script(peer):
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")
        peer.wait_for_close()

    async def send(url):
        server = model_server(url, kind=kind, model=TASK, read_timeout_s=0.2)
        try:
            await server.send("x", system=None, parameters=Parameters(), timeout_s=60)
        finally:
            await server.aclose()

    with pytest.raises(OutcomeUnknown) as caught:
        asyncio.run(send(faulty(script).origin))
    assert caught.value.kind == "timeout"


@pytest.mark.parametrize("kind", list(ServerKind))
@pytest.mark.parametrize("read_timeout_s", [0, -1.0, float("nan")])
def test_a_read_timeout_is_above_zero(kind, read_timeout_s):
    """Another number is an InputError where the server is made."""
    with pytest.raises(InputError):
        model_server("http://127.0.0.1:8000", kind=kind, model=TASK, read_timeout_s=read_timeout_s)
