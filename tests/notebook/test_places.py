from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from jupyter_client.manager import start_new_kernel

from loopai_nb.connections import Connections
from loopai_nb.redaction import Secret


@pytest.fixture
def two(notebook, database, postgres, monkeypatch, tmp_path):
    """A notebook whose user has saved two databases, of which the settings name the first."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LOOPAI_DATABASE", "shop")
    saved = Connections.load()
    saved.add_database("shop", database)
    saved.add_database("demo", postgres.url)
    notebook.ok("%unload_ext loopai_nb")
    notebook.ok("%load_ext loopai_nb")
    return notebook


def test_connecting_to_another_keeps_the_first(two, database, postgres):
    """Connecting says which one is current and which stay open; status lists all, without a password."""
    first = two.ok("%loopai connect").text
    second = two.ok("%loopai connect demo").text
    status = two.ok("%loopai status").text
    back = two.ok("%loopai connect shop").text

    assert "saved as shop" in first
    assert "beside" not in first
    assert f"/{urlsplit(postgres.url).path[1:]}" in second
    assert "beside shop" in second
    assert "database shop" in status
    assert "beside demo" in back
    for url in (database, postgres.url):
        assert urlsplit(url).password not in first + second + status + back


def test_addresses_may_be_variables(notebook, database, model_server):
    """``{name}`` and ``$name`` as in other magics; of what they hold no password is shown."""
    names = notebook.shell.user_ns
    names |= {"db": database, "hidden": Secret(database), "url": model_server.openai_url, "odd": [1]}
    names |= {"key": "http://ann:canary@127.0.0.1:9/v1", "port": urlsplit(model_server.openai_url).port}
    names["which"] = "demo-lexical"

    for typed in ("{url} --model $which", "$url", "http://127.0.0.1:{port}/v1"):
        assert "demo-lexical at" in notebook.ok(f"%loopai server {typed}").text
    connected = [notebook.ok(f"%loopai connect {typed}").text for typed in ("{db}", "$hidden")]
    refused = [
        notebook.run(f"%loopai {line}").stderr
        for line in ("server {key}", "connect {key}", "server {nowhere}", "connect $odd")
    ]

    assert [text.split()[0] for text in connected] == ["Postgres"] * 2
    for said, text in zip(
        ("A password in the server's URL", "not a Postgres URL", '"nowhere"', '"odd" is a list'),
        refused,
        strict=True,
    ):
        assert said in text
    shown = "".join([*connected, *refused, notebook.ok("%loopai status").text])
    assert "canary" not in shown
    assert urlsplit(database).password not in shown


@pytest.mark.parametrize("person", [True, False])
def test_a_notebook_asks_for_the_password_of_a_saved_database(database, tmp_path, monkeypatch, person):
    """A real kernel asks its front end without showing what is typed; where nobody is there, it says so."""
    parts = urlsplit(database)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    bare = parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port}").geturl()
    Connections.load().add_database("shop", bare, password="prompt")
    said, questions = [], []
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        client.execute_interactive(
            "%load_ext loopai_nb\n%loopai connect shop",
            allow_stdin=person,
            stdin_hook=lambda message: (questions.append(message["content"]), client.input(parts.password)),
            output_hook=lambda message: said.append(str(message["content"])),
            timeout=60,
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()

    shown = "".join(said)
    assert parts.password not in shown
    if person:
        assert [(each["prompt"], each["password"]) for each in questions] == [
            ("Password of shop (not shown): ", True)
        ]
        assert "Postgres 1" in shown
    else:
        assert "set PGPASSWORD" in shown
