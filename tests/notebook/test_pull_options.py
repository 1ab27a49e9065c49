from __future__ import annotations

import pytest


@pytest.fixture
def shop(notebook, database, monkeypatch):
    """A notebook that is connected to a database with a table of each kind of value that has a choice."""
    monkeypatch.setenv("DATABASE_URL", database)
    notebook.ok("%unload_ext loopai_nb")
    notebook.ok("%load_ext loopai_nb")
    notebook.ok(
        "from loopai_nb import current_session\n"
        "db = current_session().database\n"
        "_ = db.execute('CREATE TABLE things (id int PRIMARY KEY, price numeric(9,2), seen date,"
        " data jsonb)', read_only=False)\n"
        "_ = db.execute('''INSERT INTO things SELECT i * 10, i / 4.0, 'infinity', '{\"a\": 1}'"
        " FROM generate_series(1, 5) AS i''', read_only=False)"
    )
    return notebook


def test_the_choices_of_types_are_options(shop):
    """--float64, --numpy, --infinities and --json reach the pull."""
    shop.ok("%loopai pull things --float64 --numpy --infinities text --json text --as f")

    assert [str(dtype) for dtype in shop["f"].dtypes] == ["Int32", "Float64", "string", "string"]
    assert shop["f"]["data"].tolist() == ['{"a": 1}'] * 5


def test_a_key_is_the_index(shop):
    """--key: labels that hold when the table is pulled again."""
    shop.ok("%loopai pull things --columns id,price --key id --as f")

    assert shop["f"].index.tolist() == [10, 20, 30, 40, 50]
    assert list(shop["f"].columns) == ["id", "price"]


def test_a_key_stands_once_in_the_preview(shop):
    """Labels that are the key are not shown beside its column."""
    with_key, without = (
        shop.ok(f"%loopai pull things --columns id,price {key} --as f").text for key in ("--key id", "")
    )

    assert with_key.splitlines()[1].split() == without.splitlines()[1].split() == ["id", "price"]
    assert with_key.splitlines()[2].split() == ["10", "0.25"]
    assert without.splitlines()[2].split() == ["0", "10", "0.25"]


def test_chunks_are_a_stream(shop):
    """--chunks binds a stream, and says that it holds a transaction open."""
    said = shop.ok("%loopai pull things --columns id --chunks 2 --as s").text
    sizes = shop.ok("[len(frame) for frame in s]").value

    assert "holds a transaction open" in said
    assert sizes == [2, 2, 1]


def test_a_stream_has_a_name(shop):
    """Without --as it would stay open in Out, and its transaction with it."""
    assert "Name it: --as NAME" in shop.run("%loopai pull things --chunks 2").stderr


def test_another_connection_is_named(shop):
    """--connection: an unknown name is told, and the current database stays what it is."""
    refused = shop.run("%loopai pull things --connection elsewhere")

    assert "elsewhere" in refused.stderr
    assert len(shop.ok("%loopai pull things --columns id").value) == 5


def test_what_a_pull_changed_is_said_in_a_line(shop):
    """Infinite dates that became missing: how many, and what to type; no path of this machine.

    Also of a stream, which is read where it is mapped.
    """
    ask = "{}\nOne: a, b. {{{{ id }}}}".format
    pulled = shop.ok("%loopai pull things --columns id,seen --as f")
    shop.ok("%loopai pull things --columns id,seen --chunks 2 --as s")
    mapped = shop.ok(ask("%%loopai map s --as out --yes"))
    shop.ok("%loopai pull things --columns id,seen --chunks 2 --as s")
    planned = shop.ok(ask("%%loopai map s --dry-run"))

    for said in (pulled, mapped, planned):
        assert said.text.count('5 values of column "seen" became missing') == 1
        assert 'infinities="text"' in said.text
        assert "ValuesChanged" not in said.text + said.stderr
        assert ".py" not in said.text + said.stderr
