from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter


def complete(notebook, text: str) -> set[str]:
    """What Tab offers at the end of a text, as a kernel asks for it."""
    with provisionalcompleter():
        return {each.text for each in notebook.shell.Completer.completions(text, len(text))}


@pytest.mark.parametrize("jedi", [True, False])
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%loopai st", {"status"}),
        ("%loopai pul", {"pull"}),
        ("%%loopai rev", {"review", "reviews"}),
        ("%%loopai map rev", {"reviews"}),
        ("%%loopai reviews --max", {"--max-tokens"}),
        ("%%loopai map reviews --as out --dry", {"--dry-run"}),
        ("%loopai server --kind o", {"openai"}),
        ("%%loopai reviews --no-d", {"--no-dedup"}),
        ("%%loopai reviews --fi", {"--fixed"}),
        ("%%loopai reviews --on-error ", {"record", "raise"}),
        ("%loopai resume r-1 --on-unknown s", {"skip"}),
        ("%loopai resume r-1 --jo", {"--join"}),
        ("%%loopai ask --sche", {"--schema", "--schema-retries"}),
        ("%loopai push reviews t --mode ", {"append", "upsert"}),
        ("%loopai push reviews t --key bo", {"body"}),
        ("%loopai push reviews t --columns id,bo", {"body"}),
        ("x = %loopai desc", {"describe"}),
        ("%%loopai reviews --as out\nOne word. {{ bo", {"body"}),
        ("%%loopai map reviews\n{% if bo", {"body"}),
    ],
)
def test_tab_offers_what_fits(notebook, typed, offered, jedi):
    """Verbs, options, choices, frames and columns, with jedi on and off, and nothing of Python's."""
    notebook.shell.Completer.use_jedi = jedi

    assert complete(notebook, typed) == offered


def test_tab_offers_runs_and_models(notebook):
    """Runs come from the ledger, models from the server that was chosen."""
    run = notebook.ok("%%loopai reviews --yes\nOne: a, b. {{ body }}").value
    notebook.ok("%loopai server")

    assert run.run_id in complete(notebook, "%loopai show ")
    assert complete(notebook, "%%loopai reviews --model d") == {"demo-lexical"}


def test_tab_offers_the_runs_that_fit(notebook, model_server):
    """``retry`` those with failures, ``resume`` those that stopped, ``cancel`` those that go on."""
    model_server.faults("400, ok*3")
    failed = notebook.ok("%%loopai reviews --yes --concurrency 1\nOne: a, b. {{ body }}").value.run_id
    model_server.faults("")
    done = notebook.ok("%%loopai reviews --yes\nTwo: a, b. {{ body }}").value.run_id

    assert {failed, done} <= complete(notebook, "%loopai show ")
    assert complete(notebook, "%loopai retry r-") == {failed}
    assert complete(notebook, "%loopai resume r-") == {failed}
    assert not {failed, done} & complete(notebook, "%loopai cancel r-")


def test_tab_offers_models_and_dicts_as_schemas(notebook):
    """Behind ``--schema`` stand Pydantic models and dicts, not what IPython keeps for itself."""
    notebook.ok("from pydantic import BaseModel\nclass Answer(BaseModel):\n    part: str")
    notebook.ok("fields, numbers = {'part': 'str'}, {1: 2}")

    assert complete(notebook, "%%loopai reviews --schema ") == {"Answer", "fields"}
    assert complete(notebook, "%%loopai ask --schema An") == {"Answer"}


def test_tab_offers_tables_and_columns(notebook, database, monkeypatch):
    """Tables and columns come from the connected database, behind quotes and commas too."""
    monkeypatch.setenv("DATABASE_URL", database)
    notebook.ok("%unload_ext loopai_nb")
    notebook.ok("%load_ext loopai_nb")
    notebook.ok("%loopai connect")
    notebook.ok(
        "from loopai_nb import current_session\n"
        "db = current_session().database\n"
        "_ = db.execute('CREATE TABLE strikes (id int, remarks text)', read_only=False)"
    )

    for typed, offered in [
        ("%loopai pull str", {"strikes"}),
        ("%loopai describe str", {"strikes"}),
        ("%loopai pull strikes --columns id,rem", {"remarks"}),
        ('%loopai pull strikes --where "rem', {"remarks"}),
    ]:
        complete(notebook, typed)  # the first one may give up waiting; what it asked for arrives
        assert complete(notebook, typed) == offered, typed


def completed(notebook, text: str) -> set[str]:
    """What the line is after each of Tab's offers was taken."""
    with provisionalcompleter():
        offers = list(notebook.shell.Completer.completions(text, len(text)))
    return {text[: each.start] + each.text + text[each.end :] for each in offers}


def test_tab_puts_quotes_around_names_that_need_them(notebook, database, monkeypatch):
    """However far a name and its quotes are typed, what Tab makes of it is found when the line is run."""
    monkeypatch.setenv("DATABASE_URL", database)
    notebook.ok("%unload_ext loopai_nb")
    notebook.ok("%load_ext loopai_nb")
    notebook.ok("%loopai connect")
    notebook.ok("from loopai_nb import current_session\ndb = current_session().database")
    for sql in (
        'CREATE TABLE "Mixed Case" ("Id X" int, a int)',
        'CREATE TABLE "MixedDot.ted" (a int)',
        'CREATE SCHEMA "My Shop"',
        'CREATE TABLE "My Shop".orders (a int)',
        "CREATE TABLE plain (a int)",
    ):
        notebook.ok(f"_ = db.execute({sql!r}, read_only=False)")
    complete(notebook, "%loopai pull ")  # the first one may give up waiting; what it asked for arrives

    spaced, dotted = '%loopai pull "Mixed Case"', "%loopai pull '\"MixedDot.ted\"'"
    for typed in ("Mi", "mixed", '"Mi'):
        assert completed(notebook, f"%loopai pull {typed}") == {spaced, dotted}, typed
    for typed in ('"Mixed C', '"Mixed ', '"Mixed Cas'):
        assert completed(notebook, f"%loopai pull {typed}") == {spaced}, typed
    ordered = '%loopai pull "My Shop".orders'
    for typed in ("My", '"My Sh', '"My Shop".', '"My Shop".ord'):
        assert completed(notebook, f"%loopai pull {typed}") == {ordered}, typed
    assert completed(notebook, "%loopai pull pl") == {"%loopai pull plain"}
    columns = f"{spaced} --columns "
    complete(notebook, columns)
    for typed in ("a,", "a,I", 'a,"Id '):
        assert f'{columns}a,"Id X"' in completed(notebook, columns + typed), typed
    for line in (spaced, dotted, ordered, f'{columns}a,"Id X"'):
        notebook.ok(line)


def test_tab_leaves_other_cells_alone(notebook):
    """Outside of ``%loopai``, completion is Python's, and no session is made by Tab."""
    assert "print" in complete(notebook, "prin")
    assert "%%loopai" in complete(notebook, "%%loop")
    complete(notebook, "%loopai pull ")
    assert notebook.shell.find_line_magic("loopai").__self__.bench.opened is None
