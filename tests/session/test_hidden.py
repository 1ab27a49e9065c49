"""No secret in a traceback that prints local variables (IPython's verbose mode, pytest, Sentry)."""

import asyncio
import traceback

import pandas as pd
import pytest

from loopai_nb.clients.connect import guess_kind, model_server
from loopai_nb.devserver.serve import DevServer
from loopai_nb.errors import DatabaseDenied, InputError, LoopaiNbError, ModelServerError, SettingsError
from loopai_nb.records import ServerKind
from loopai_nb.redaction import Secret
from loopai_nb.session import Session
from loopai_nb.settings import Settings

CANARY = "c4n4ry-0123456789"
OFF = "http://127.0.0.1:1"


@pytest.fixture
def shown(environ, tmp_path):
    """What a traceback with locals shows of an action on a session with those settings."""

    def show(act, error, **changes):
        settings = Settings.load(environ={**environ, **changes}, cwd=tmp_path, config_dir=tmp_path)
        with Session(settings) as session, pytest.raises(error) as caught:
            act(session)
        # From the first frame that is not the test's own: what the test wrote, it knows.
        while caught.value.__traceback__.tb_frame.f_code.co_filename == __file__:
            caught.value.__traceback__ = caught.value.__traceback__.tb_next
        text = "".join(
            traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
        )
        assert "self = " in text
        return text

    return show


@pytest.mark.parametrize("kind", [None, "openai", "generate", "loopai"])
@pytest.mark.parametrize("where", [None, OFF])
def test_a_server_that_is_off_shows_no_key(shown, kind, where):
    """Refused connection: the key went through every layer down to the socket."""
    changes = {"LOOPAI_SERVER": OFF, "LOOPAI_API_KEY": CANARY}

    text = shown(lambda s: s.use_server(where, kind=kind, model="m"), ModelServerError, **changes)

    assert CANARY not in text


@pytest.mark.parametrize("path", ["/v1", ""])
def test_a_wrong_key_is_not_shown(shown, path):
    """The server answers 401."""
    with DevServer(api_key="right") as server:
        base = server.openai_url.removesuffix("/v1")

        text = shown(
            lambda s: s.use_server(), ModelServerError, LOOPAI_SERVER=base + path, LOOPAI_API_KEY=CANARY
        )

    assert CANARY not in text


def test_a_key_that_no_header_can_carry_is_not_shown():
    """The check of the header's characters fails with the value in its hands."""
    for kind in ServerKind:
        with pytest.raises(InputError) as caught:
            asyncio.run(_send(kind, Secret(f"{CANARY}\n")))
        found = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        assert CANARY not in "".join(found.format())
    with pytest.raises(InputError) as caught:
        asyncio.run(guess_kind(OFF, api_key=Secret(f"{CANARY}\u20ac")))
    assert CANARY not in "".join(
        traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    )


async def _send(kind, key):
    server = model_server(f"{OFF}/v1", kind=kind, model="m", api_key=key)
    await server.check()


@pytest.mark.parametrize("given", [False, True])
def test_a_wrong_password_is_not_shown(shown, environ, given):
    """The server refuses it; the URL comes from the settings, or as an argument."""
    scheme, _, rest = environ["DATABASE_URL"].partition("://")
    user, _, place = rest.partition("@")
    wrong = f"{scheme}://{user.partition(':')[0]}:{CANARY}@{place}"

    if given:
        text = shown(lambda s: s.connect(wrong), DatabaseDenied)
    else:
        text = shown(lambda s: s.connect(), DatabaseDenied, DATABASE_URL=wrong)

    assert CANARY not in text


@pytest.mark.parametrize("given", [False, True])
def test_a_database_that_is_off_shows_no_password(shown, given):
    """Connection refused, for the check and for a pull."""
    off = f"postgresql://somebody:{CANARY}@127.0.0.1:1/none"
    changes = {} if given else {"DATABASE_URL": off}

    text = shown(lambda s: s.connect(off if given else None), LoopaiNbError, **changes)
    text += shown(lambda s: s.pull("t"), LoopaiNbError, DATABASE_URL=off)

    assert CANARY not in text


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://somebody:{CANARY}@host:notaport/none",
        f"mysql://somebody:{CANARY}@host/none",
        f"postgresql://somebody:{CANARY}@[::1/none",
        f"postgresql://host/none?password={CANARY}&nosuchoption=1",
    ],
)
def test_a_url_that_is_none_of_postgres_is_not_shown(shown, url):
    """Parsing it fails, with all of it in its hands."""
    assert CANARY not in shown(lambda s: s.connect(url), SettingsError)


def test_a_password_in_the_servers_url_is_refused_without_it(shown):
    """It would be saved with the notebook, and is not shown either."""
    assert CANARY not in shown(lambda s: s.use_server(f"http://me:{CANARY}@127.0.0.1:1/v1"), InputError)


@pytest.mark.parametrize(
    "use",
    [
        lambda s, url: s.tables(connection=url),
        lambda s, url: s.describe("t", connection=url),
        lambda s, url: s.pull("t", connection=url),
        lambda s, url: s.pull("t", since="at", connection=url),
        lambda s, url: s.pull("t", chunks=10, connection=url),
        lambda s, url: s.push(pd.DataFrame({"a": [1]}), "t", connection=url),
    ],
    ids=["tables", "describe", "pull", "since", "chunks", "push"],
)
def test_a_url_in_place_of_a_connections_name_is_not_shown(shown, use):
    """It is refused, and hidden in the frames that the error passed."""
    text = shown(lambda s: use(s, f"postgresql://kim:{CANARY}@localhost/shop"), InputError)

    assert CANARY not in text
