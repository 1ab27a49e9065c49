import json

import psycopg2


def test_tables_lists_what_there_is(cli, birds):
    """For a person, as JSON and as CSV; a pattern that fits nothing is no error."""
    cli.env["DATABASE_URL"] = birds
    shown, as_json = cli.inside("tables"), cli.inside("tables", "--json")
    as_csv, nothing = cli.inside("tables", "str*", "--csv"), cli.inside("tables", "nope*", "--json")

    assert (shown.code, shown.err) == (0, "")
    assert "strikes" in shown.out
    (line,) = json.loads(as_json.out)
    assert (line["schema"], line["table"], line["kind"]) == ("public", "strikes", "table")
    assert (line["readable"], line["partitions"]) == (True, None)
    assert as_csv.out.splitlines()[0].startswith("schema,table,kind,rows_estimate,size_bytes,comment")
    assert as_csv.out.splitlines()[1].startswith("public,strikes,table,")
    assert (nothing.code, json.loads(nothing.out)) == (0, [])
    assert "no such table" in cli.inside("tables", "nope*").err


def test_describe_says_what_a_table_is_made_of(cli, birds):
    """For a person, as JSON and as CSV; without examples where none are wanted."""
    cli.env["DATABASE_URL"] = birds
    shown, as_json = cli.inside("describe", "strikes"), cli.inside("describe", "strikes", "--json")
    bare = cli.inside("describe", "strikes", "--csv", "--no-examples")

    assert shown.out.startswith("public.strikes · table · about 30 rows")
    told = json.loads(as_json.out)
    assert told["table"] == "public.strikes"
    assert [each["column"] for each in told["columns"]] == ["id", "remarks"]
    assert told["columns"][0]["examples"]
    assert bare.out.splitlines()[1] == "id,integer,False,primary key,,,,True,,,"


def test_a_missing_table_is_an_error(cli, birds):
    """Exit 1, with near names, and no traceback."""
    cli.env["DATABASE_URL"] = birds
    ended = cli.inside("describe", "strike")

    assert (ended.code, ended.out) == (1, "")
    assert "public.strikes" in ended.err


def test_a_url_on_the_command_line_is_refused(cli, birds):
    """Its password would be in the list of processes."""
    ended = cli.inside("tables", "--database", birds)

    assert ended.code == 1
    assert "connections add" in ended.err
    assert birds.split(":")[2].partition("@")[0] not in ended.err


def test_a_comment_is_no_formula(cli, birds, database):
    """ATTACKS 12: what a spreadsheet would compute is prefixed in CSV."""
    cli.env["DATABASE_URL"] = birds
    connection = psycopg2.connect(database)
    with connection, connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE strikes IS '=cmd|calc'")
    connection.close()

    assert ",'=cmd|calc," in cli.inside("tables", "--csv").out
