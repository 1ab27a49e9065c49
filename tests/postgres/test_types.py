"""Every type of ``values.py`` through a pull and back: a few wide pulls, then one test for each type."""

import importlib.util
import json
import sys
import warnings
from contextlib import closing
from pathlib import Path

import pandas as pd
import psycopg2
import pytest

from loopai_nb.errors import InputError
from loopai_nb.postgres.columns import to_frame
from loopai_nb.postgres.engine import Database
from loopai_nb.postgres.pull import pull
from loopai_nb.postgres.push import push
from loopai_nb.postgres.reading import Reading, ValuesChanged
from loopai_nb.postgres.routes import Route


def _values():
    """The table beside this file, which is in no package."""
    spec = importlib.util.spec_from_file_location("values_of_postgres", Path(__file__).with_name("values.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


VALUES = _values()
KINDS = dict(zip((f"k{n}" for n in range(len(VALUES.KINDS))), VALUES.KINDS, strict=True))
EACH = pytest.mark.parametrize("name", KINDS, ids=[f"{kind}-{name}" for name, kind in KINDS.items()])

WITHOUT_EQUALITY = (
    "feeling",
    "json",
    "xml",
    "point",
    "polygon",
    "jsonpath",
    "pg_snapshot",
    "box",
    "circle",
    "lseg",
)

PUSH_CHANGES = {
    name: "lists in lists are JSON arrays to a push, so that a jsonb[] comes back with one dimension"
    for name, kind in KINDS.items()
    if kind.type == "jsonb[]" and kind.deep
}
"""Why a push cannot give back what was pulled, by the kind."""


@pytest.fixture(scope="module")
def db(postgres):
    """A database with a table ``k0``, ``k1``, ... for each kind that its server knows; none is changed."""
    with closing(psycopg2.connect(postgres.url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE DATABASE type_tests")
        url = f"{postgres.url.rpartition('/')[0]}/type_tests"
        with closing(psycopg2.connect(url)) as inside:
            inside.autocommit = True
            with inside.cursor() as make:
                make_kinds(make)
        with closing(Database(url)) as opened:
            yield opened
        cursor.execute("DROP DATABASE type_tests WITH (FORCE)")


def make_kinds(cursor):
    """Make the types and their tables, but for what comes with extensions that the server has not."""
    cursor.execute("SELECT name FROM pg_available_extensions")
    there = {name for (name,) in cursor.fetchall()}
    for extension in sorted({kind.extension for kind in KINDS.values()} & there):
        cursor.execute(f"CREATE EXTENSION {extension}")
    cursor.execute("; ".join(VALUES.SETUP))
    for name, kind in KINDS.items():
        if kind.extension and kind.extension not in there:
            continue
        try:
            cursor.execute("; ".join(VALUES.table_sql(kind, name)))
        except psycopg2.errors.FeatureNotSupported:
            assert kind.type == "xml"  # a server may be built without it


@pytest.fixture(scope="module")
def there(db):
    """Names of the kinds that the server knows."""
    found = {row["name"] for row in db.execute("SELECT relname::text AS name FROM pg_class")}
    return [name for name in KINDS if name in found]


def expected_of(name):
    """What a pull makes of the values of a kind."""
    return list(dict(KINDS[name].values).values())


def wide(names, where="true"):
    """One query for many kinds: ``id``, and each kind's values in a column of its name."""
    ids = "(SELECT generate_series(1, 20)) AS every (id)"
    joined = " ".join(f"LEFT JOIN {name} ON {name}.id = every.id" for name in names)
    columns = ", ".join(f"{name}.c AS {name}" for name in names)
    return f"SELECT every.id, {columns} FROM {ids} {joined} WHERE {where} ORDER BY 1"


@pytest.fixture(scope="module")
def frames(db, there):
    """The frame of a reading, pulled once, and the warnings of its pull."""
    pulled = {}

    def frame_of(name, reading, where="true"):
        if name not in there:
            pytest.skip("this server does not have the type")
        if (reading, where) not in pulled:
            with warnings.catch_warnings(record=True) as said:
                warnings.simplefilter("always")
                pulled[reading, where] = pull(db, wide(there, where), reading=reading), said
        return pulled[reading, where]

    return frame_of


def told_missing(said, name):
    """How many values of a column the warnings of a pull call missing."""
    texts = [str(warning.message) for warning in said]
    return sum(int(text.split()[0]) for text in texts if f'of column "{name}" became missing' in text)


def plain(series):
    """The values of a column, None where one is missing."""
    categories = isinstance(series.dtype, pd.CategoricalDtype)
    return [
        None if value is pd.NA or value is pd.NaT or (categories and pd.isna(value)) else value
        for value in series
    ]


def assert_same(series, expected):
    """Compare values in their kind, NULLs behind them, and show the first that differs."""
    found = plain(series)
    wanted = [*expected, *[None] * (len(found) - len(expected))]
    differ = [pair for pair in zip(found, wanted, strict=True) if not VALUES.same(*pair)]
    assert not differ, differ[0]


@EACH
def test_a_value_arrives_as_it_is_stored(frames, name):
    """Each value of each type, and NULL, is the Python value of the table, in the dtype of the table."""
    frame, said = frames(name, Reading())

    assert str(frame[name].dtype) == KINDS[name].dtype
    assert_same(frame[name], expected_of(name))
    assert told_missing(said, name) == KINDS[name].missing


@EACH
def test_a_value_arrives_in_numpy_dtypes_too(frames, name):
    """The same values where NumPy's memory is asked for; NaN is missing there, as pandas has it."""
    frame, said = frames(name, Reading(dtype_backend="numpy_nullable"))

    expected = [
        None if "float" in KINDS[name].type and value != value else value  # noqa: PLR0124  (NaN)
        for value in expected_of(name)
    ]
    assert "pyarrow" not in str(frame[name].dtype)
    assert_same(frame[name], expected)
    assert told_missing(said, name) == KINDS[name].missing


@pytest.mark.parametrize("where", ["false", "every.id > 15"])
@EACH
def test_a_column_without_values_has_its_dtype(frames, name, where):
    """No rows, or rows of NULL alone, have the dtype that the type says."""
    frame, _ = frames(name, Reading(), where)
    kind = KINDS[name]

    assert plain(frame[name]) == [None] * len(frame)
    if kind.dtype != "object" and kind.type not in ("numeric", "numeric(80,2)"):
        assert str(frame[name].dtype) == kind.dtype


@pytest.fixture(scope="module")
def pushed(db, there, frames):
    """The table ``back``, into which the frame of all kinds was pushed."""
    columns = ", ".join(f"{name} {KINDS[name].type}" for name in there)
    db.execute(f"CREATE TABLE back (id int PRIMARY KEY, {columns})", read_only=False)
    frame, _ = frames(there[0], Reading())
    push(db, frame, "back", mode="append")
    return "back"


@EACH
def test_a_value_pushed_back_is_the_value(db, there, pushed, name, request):
    """What was pulled and pushed into a column of the same type is what was there."""
    if name not in there:
        pytest.skip("this server does not have the type")
    kind = KINDS[name]
    if name in PUSH_CHANGES:
        request.applymarker(pytest.mark.xfail(reason=PUSH_CHANGES[name], strict=True))
    stored, back = f"{name}.c", f"{pushed}.{name}"
    if kind.bounds_lost:
        stored += "[:]"
    if kind.type in WITHOUT_EQUALITY:
        stored, back = f"{stored}::text", f"{back}::text"

    compared = db.execute(
        f"SELECT id FROM {name} JOIN {pushed} USING (id) WHERE {stored} IS DISTINCT FROM {back} ORDER BY id"
    )

    assert [row["id"] for row in compared] == [
        n for n, value in enumerate(expected_of(name), 1) if kind.missing and holds_none(value)
    ]


def holds_none(value):
    """Whether a frame lost something of a value of a kind with ``missing``."""
    return value is None or (isinstance(value, list) and value[:1] == [None])


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.missing])
def test_one_warning_names_the_column_and_counts(db, name):
    """A frame cannot hold infinity, the year 10000 or 24:00: those are missing, and it is said."""
    with pytest.warns(ValuesChanged) as said:
        pull(db, f'SELECT c AS "when" FROM {name}')

    count = KINDS[name].missing
    (warning,) = said
    assert str(warning.message).startswith(f'{count} value{"s" if count > 1 else ""} of column "when" became')
    assert 'infinities="text"' in str(warning.message)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.missing])
def test_infinities_are_kept_as_text_by_option(db, name):
    """The whole column is the server's text then, and nothing is missing."""
    frame = pull(db, f"SELECT c FROM {name} ORDER BY id", reading=Reading(infinities="text"))

    listed = KINDS[name].type.endswith("[]")
    assert str(frame["c"].dtype) == ("list<item: string>[pyarrow]" if listed else "string[pyarrow]")
    stored = db.execute(f"SELECT c::text{'[]' if listed else ''} AS c FROM {name} ORDER BY id")
    assert plain(frame["c"]) == [row["c"] for row in stored]


@pytest.mark.parametrize(
    "name", [name for name, kind in KINDS.items() if kind.type.startswith("numeric") and "[" not in kind.type]
)
def test_decimals_are_floats_by_option(frames, name):
    """The nearest float64 of each numeric, infinite or 0 where it is outside of all floats."""
    frame, _ = frames(name, Reading(decimals="float64"))

    assert str(frame[name].dtype) == "double[pyarrow]"
    # + 0.0: numeric has no negative zero, and what is 0 in it is 0.0
    assert_same(frame[name], [float(value) + 0.0 for value in expected_of(name)])


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.type in ("json", "jsonb")])
def test_json_is_text_by_option(frames, name):
    """The server's own text, with every digit of it."""
    frame, _ = frames(name, Reading(json="text"))

    assert str(frame[name].dtype) == "string[pyarrow]"
    found = [json.loads(text) for text in plain(frame[name]) if text is not None]
    assert found == expected_of(name)


def test_an_enum_has_all_its_labels_in_their_order(db):
    """Also those that no row has; they sort and compare as they do in Postgres."""
    series = pull(db, "SELECT c FROM (VALUES ('ok'::mood), ('sad'), (NULL)) AS v (c)")["c"]

    assert series.cat.categories.tolist() == ["sad", "ok", "Sehr gut", "ünï"]
    assert series.cat.ordered
    assert plain(series.sort_values()) == ["sad", "ok", None]


def test_a_label_that_an_enum_gets_meanwhile_is_not_lost(db):
    """Between the look at the enum and the rows, another session may add one."""
    sql = "SELECT c FROM (VALUES ('sad'::mood), ('ok')) AS v (c)"
    with db.arrow(read_only=True) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetch_arrow_table()

    series = to_frame(rows, [Route("c", read="enum", labels=("ok",))])["c"]

    assert series.tolist() == ["sad", "ok"]
    assert series.cat.categories.tolist() == ["ok", "sad"]


def test_subscripts_that_start_elsewhere_are_told(db):
    """A list cannot keep them, and the warning says how to see them."""
    with pytest.warns(ValuesChanged, match='"c" has arrays whose subscripts do not start at 1'):
        frame = pull(db, "SELECT '[2:3]={1,2}'::int[] AS c")

    assert frame["c"].tolist() == [[1, 2]]


@pytest.mark.parametrize(
    "sql", ["SELECT 1, 2", "SELECT 1 AS a, 2 AS a", 'SELECT 1 AS "ü ,{c}", 2 AS "ü ,{c}"']
)
def test_two_columns_of_one_name_are_refused(db, sql):
    """A frame with them would give two columns for one name."""
    with pytest.raises(InputError, match=r"returns two columns named .*Give one another name"):
        pull(db, sql)


def test_a_column_may_have_any_name(db):
    """Braces, quotes, spaces and commas, the names that we use ourselves, and no name at all."""
    frame = pull(db, """SELECT 1::money AS "{c}", '{1}'::int[] AS "a""b, ", '{2}'::int[] AS c0, 'x'""")

    assert frame.to_dict("records") == [{"{c}": "$1.00", 'a"b, ': [1], "c0": [2], "?column?": "x"}]


def test_text_does_not_depend_on_the_settings_of_the_database(database):
    """Dates, intervals and floats in text are written as usual, whatever a role or a database has set."""
    sql = (
        """SELECT '[2024-01-31,)'::daterange AS d, '1 mon -1 day'::interval AS i, point(0.1, 1e15 / 3) AS p"""
    )
    with closing(psycopg2.connect(database)) as connection, connection, connection.cursor() as cursor:
        for setting in ("datestyle = 'German'", "intervalstyle = 'iso_8601'", "extra_float_digits = -5"):
            cursor.execute(f"ALTER DATABASE {database.rpartition('/')[2]} SET {setting}")

    with closing(Database(database)) as opened:
        assert pull(opened, sql).to_dict("records") == [
            {"d": "[2024-01-31,)", "i": "1 mon -1 days", "p": "(0.1,333333333333333.3)"}
        ]


def test_the_comments_of_a_tables_columns_travel_with_the_frame(db):
    """Of those that were asked for, as plain JSON beside the query; a query has none."""
    db.execute("CREATE TABLE told (id int, body text, secret text)", read_only=False)
    for column, comment in {"body": 'what they "wrote"', "secret": "not asked for"}.items():
        db.execute(f"COMMENT ON COLUMN told.{column} IS '{comment}'", read_only=False)

    frame = pull(db, "told", columns=["body", "id"])

    assert json.loads(json.dumps(frame.attrs["loopai"]))["comments"] == {"body": 'what they "wrote"'}
    assert "comments" not in pull(db, "SELECT body FROM told").attrs["loopai"]


def test_a_json_value_too_deep_for_python_says_so(db):
    """An error that tells the way out, not a RecursionError."""
    sql = "SELECT (repeat('[', 3000) || repeat(']', 3000))::json AS c"

    with pytest.raises(InputError, match='json="text"'):
        pull(db, sql)
    assert len(pull(db, sql, reading=Reading(json="text"))["c"][0]) == 6000


def test_a_number_too_long_for_pythons_integers_is_a_decimal(db):
    """Python refuses to read more than 4,300 digits as an int; the value is kept."""
    (value,) = pull(db, "SELECT ('[' || repeat('7', 5000) || ']')::jsonb AS c")["c"][0]

    assert str(value) == "7" * 5000


def test_the_system_tables_can_be_pulled(db):
    """They have what nobody else uses: xid, aclitem, pg_node_tree, anyarray."""
    for table in ("pg_class", "pg_type", "pg_attribute", "pg_stats", "pg_statistic", "pg_proc"):
        assert len(pull(db, f"SELECT * FROM {table} LIMIT 3")) == 3


@pytest.mark.parametrize("choice", [{"json": "objekts"}, {"decimals": "float"}, {"dtype_backend": ""}])
def test_a_choice_that_there_is_not_is_refused(choice):
    """With those that there are."""
    with pytest.raises(InputError, match="Choose one of: '"):
        Reading(**choice)
