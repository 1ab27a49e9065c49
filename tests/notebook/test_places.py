from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from loopai_nb.connections import Connections


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
