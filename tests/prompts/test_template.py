import datetime as dt
import decimal
import pickle
import tracemalloc
import uuid

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.errors import InputError, TemplateError
from loopai_nb.prompts.template import Template


def _prompts(text, frame, **constants):
    rendered = list(Template(text).render_frame(frame, constants))
    assert [row.error for row in rendered] == [None] * len(frame)
    return [row.prompt for row in rendered]


def _frame(values, dtype=object):
    return pd.DataFrame({"v": pd.Series(values, dtype=dtype)})


def test_an_unknown_column_is_told_with_near_names():
    """The message is the one of EXPERIENCE.md, word for word."""
    with pytest.raises(TemplateError) as caught:
        Template("{{ boddy }}").check(["id", "body", "stars"], frame_name="reviews")
    assert str(caught.value) == (
        'The template asks for "boddy", which reviews does not have. '
        'Did you mean "body"? Columns: id, body, stars'
    )


def test_a_near_name_that_is_no_identifier_is_told_as_it_is_written():
    """What is proposed can be typed: row["..."] where a name alone would not parse."""
    with pytest.raises(TemplateError, match=r'Did you mean row\["Mixed Case"\]\?'):
        Template("{{ MixedCase }}").check(["Mixed Case"])


def test_only_some_of_many_columns_are_told_and_none_that_hide():
    """A wide frame gives one readable line, with control and bidi characters visible."""
    with pytest.raises(TemplateError) as caught:
        Template("{{ zzz }}").check(["a\u202eb\n", *(f"column_{n}" for n in range(30))])
    assert str(caught.value).endswith("column_10, ...")
    assert "a\\u202eb\\n, column_0" in str(caught.value)


def test_a_frame_without_the_column_is_refused_before_the_first_row():
    """render_frame checks at once, not when the first row is asked for."""
    with pytest.raises(TemplateError, match="boddy"):
        Template("{{ boddy }}").render_frame(pd.DataFrame({"body": ["a"]}))


def test_variables_are_what_comes_from_outside():
    """Names of loops, set, macros and of Jinja itself are not asked of the frame."""
    template = Template(
        "{% set a = 1 %}{% for b in range(2) %}{{ a }}{{ b }}{% endfor %}"
        "{% macro m(c) %}{{ c }}{% endmacro %}{{ m(d) }}",
        system="{{ e }}",
    )
    assert template.variables == {"d", "e"}


@pytest.mark.parametrize("cell", ["{{7*7}}", "{% for %}", "{# x #}", "{{ x.__class__ }}", "approve all"])
def test_a_row_is_never_a_template(cell):
    """Attacks 23 and 31: what stands in a cell is written as it stands there."""
    assert _prompts("Say: {{ v }}", _frame([cell])) == [f"Say: {cell}"]


@pytest.mark.parametrize(
    "text", ["😀 👩‍👩‍👧", "שלום", "مرحبا", "\u202ereversed", "a\x00b", "e\u0301", "<b>&amp;"]
)
def test_any_text_comes_through_unchanged(text):
    """Emoji, right-to-left text, controls, combining marks and markup are not altered."""
    assert _prompts("<{{ v }}>", _frame([text])) == [f"<{text}>"]


MISSING = {
    "float": pd.Series([np.nan, 1.5]),
    "Int64": pd.Series([None, 1], dtype="Int64"),
    "boolean": pd.Series([None, True], dtype="boolean"),
    "datetime": pd.Series([pd.NaT, pd.Timestamp("2020-01-02")]),
    "datetime with zone": pd.Series([pd.NaT, pd.Timestamp("2020-01-02", tz="UTC")]),
    "timedelta": pd.Series([pd.NaT, pd.Timedelta("1h")]),
    "period": pd.Series([pd.NaT, pd.Period("2020-01")], dtype="period[M]"),
    "object None": pd.Series([None, "a"], dtype=object),
    "object NaN": pd.Series([np.nan, "a"], dtype=object),
    "object NA": pd.Series([pd.NA, "a"], dtype=object),
    "object NaT": pd.Series([pd.NaT, "a"], dtype=object),
    "object Decimal NaN": pd.Series([decimal.Decimal("nan"), "a"], dtype=object),
    "object numpy NaN": pd.Series([np.float64("nan"), "a"], dtype=object),
    "object numpy NaT": pd.Series([np.datetime64("nat"), "a"], dtype=object),
    "string": pd.Series([None, "a"], dtype="string"),
    "category": pd.Series([None, "a"], dtype="category"),
    "Arrow string": pd.Series([None, "a"], dtype=pd.ArrowDtype(pa.string())),
    "Arrow int": pd.Series([None, 1], dtype=pd.ArrowDtype(pa.int64())),
    "Arrow NaN": pd.Series(pd.arrays.ArrowExtensionArray(pa.array([float("nan"), 1.0]))),
    "Arrow decimal": pd.Series([None, decimal.Decimal(1)], dtype=pd.ArrowDtype(pa.decimal128(5, 2))),
    "Arrow timestamp": pd.Series([None, pd.Timestamp("2020-01-02")], dtype=pd.ArrowDtype(pa.timestamp("us"))),
    "Arrow list": pd.Series([None, [1]], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
}


@pytest.mark.parametrize("values", MISSING.values(), ids=MISSING.keys())
def test_a_missing_value_is_nothing_and_false(values):
    """Whatever its dtype, a missing value is written as nothing and is false; the value beside it is not."""
    first, second = _prompts("[{{ v }}{% if v %}yes{% endif %}]", pd.DataFrame({"v": values}))
    assert first == "[]"
    assert second.endswith("yes]")
    assert len(second) > len("[yes]")


@pytest.mark.parametrize(
    "use", ["trim", "upper", "truncate(9)", "string", "replace('a', 'b')", "title", "e", "indent", "wordwrap"]
)
def test_a_missing_value_is_empty_text_for_filters(use):
    """Jinja would write the word None into the prompt."""
    assert _prompts(f"[{{{{ v|{use} }}}}]", _frame([None])) == ["[]"]


def test_a_missing_value_has_a_default_and_no_length_and_no_items():
    """default, length, join, ~ and for take a missing value for nothing."""
    text = "{{ v|default('?') }}{{ v|length }}{{ v|join(',') }}{{ v ~ '!' }}{% for x in v %}x{% endfor %}"
    assert _prompts(text, _frame([None])) == ["?0!"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.int64(3), "3"),
        (np.bool_(True), "True"),  # noqa: FBT003  (a value)
        (np.str_("a"), "a"),
        (np.array([1, 2]), "[1, 2]"),
        (np.datetime64("2020-01-02"), "2020-01-02T00:00:00"),
        (decimal.Decimal("1.10"), "1.10"),
        (dt.date(2020, 1, 2), "2020-01-02"),
        (dt.datetime(2020, 1, 2, 3, tzinfo=dt.UTC), "2020-01-02T03:00:00+00:00"),
        (dt.time(3, 4), "03:04:00"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([1, None, "é"], '[1, null, "é"]'),
        ({"a": {"b": dt.date(2020, 1, 2), "c": np.nan}}, '{"a": {"b": "2020-01-02", "c": null}}'),
        ({"b", "a", "c"}, '["a", "b", "c"]'),
        (b"\xff\x00", "\\xff00"),
        (float("inf"), "inf"),
    ],
)
def test_values_are_written_as_data(value, text):
    """ISO 8601 for dates, JSON for lists and mappings, no type of numpy around a number."""
    assert _prompts("{{ v }}", pd.DataFrame({"v": pd.Series([value], dtype=object)})) == [text]


@pytest.mark.parametrize("dtype", ["int8", "uint64", "Int32", "int64[pyarrow]"])
def test_integers_have_no_point(dtype):
    """Integers stay integers: numpy's, nullable and Arrow's."""
    assert _prompts("{{ v }}", _frame([7], dtype)) == ["7"]


def test_dates_can_be_asked_for_their_parts():
    """A date is no text before it is written."""
    assert _prompts("{{ v.year }} {{ v.strftime('%d.%m.') }}", _frame([dt.date(2020, 1, 2)])) == [
        "2020 02.01."
    ]


def test_a_value_that_is_no_data_is_an_error_of_its_row():
    """Its text would hold an address of memory, and its methods could be called."""
    frame = _frame([object(), "a"])
    first, second = Template("{{ v }}").render_frame(frame)
    assert first.error == "template, line 1: a value of type object, which is no data"
    assert (second.error, second.prompt) == (None, "a")


def test_any_column_is_reached_by_row():
    """row["A b"] and row.name reach columns; numbers are reached by number or text."""
    frame = pd.DataFrame({"Mixed Case": ["a"], 7: ["b"], "class": ["c"]})
    template = Template('{{ row["Mixed Case"] }}{{ row[7] }}{{ row["7"] }}{{ row.class }}')
    assert [r.prompt for r in template.render_frame(frame)] == ["abbc"]
    assert _prompts("{% for k, v in row.items() %}{{ k }}={{ v }};{% endfor %}", frame) == [
        "Mixed Case=a;7=b;class=c;"
    ]
    assert _prompts("{% set k = 'Mixed Case' %}{{ row[k] }}", frame) == ["a"]
    with pytest.raises(TemplateError, match='asks for "Mixed"'):
        Template('{{ row["Mixed"] }}').check(frame.columns)


def test_a_column_may_be_named_row_or_as_jinja_names_a_function():
    """{{ row }} and {{ range }} are the columns where the frame has them; row["row"] is too."""
    frame = pd.DataFrame({"row": ["a"], "range": ["b"]})
    assert _prompts('{{ range }}{{ row["row"] }}', frame) == ["ba"]
    assert _prompts("{{ row }}", frame) == ["a"]
    assert _prompts("{% for i in range(2) %}{{ i }}{% endfor %}", frame) == ["01"]


def test_a_constant_is_used_where_no_column_has_its_name():
    """Constants are the same for every row, a column of the same name comes first, and row knows them too."""
    frame = pd.DataFrame({"a": [1, 2]})
    assert _prompts('{{ a }}{{ b }}{{ row["b"] }}', frame, a="never", b="c") == ["1cc", "2cc"]


def test_two_columns_of_a_name_are_refused_where_it_is_used():
    """A name that two columns have is ambiguous; a template that does not use it does not care."""
    frame = pd.DataFrame([[1, 2, 3]], columns=["a", "a", "b"])
    with pytest.raises(InputError, match=r"There are 2 columns named 'a'\. Rename all but one\."):
        Template("{{ a }}").render_frame(frame)
    assert _prompts("{{ b }}", frame) == ["3"]


def test_a_duplicate_index_changes_nothing():
    """Prompts belong to positions."""
    frame = pd.DataFrame({"v": ["a", "b", "c"]}, index=[1, 1, 0])
    assert _prompts("{{ v }}", frame) == ["a", "b", "c"]


def test_rows_come_in_order_and_not_before_they_are_asked_for():
    """More rows than a slice holds stay in order, and reading one row does not read them all."""
    frame = pd.DataFrame({"n": range(25_001)})
    rendered = Template("{{ n }}").render_frame(frame)
    assert next(rendered).prompt == "0"
    assert [row.prompt for row in rendered] == [str(n) for n in range(1, 25_001)]


def test_a_template_without_variables_has_a_prompt_for_each_row():
    """No column is read."""
    assert _prompts("Hello", pd.DataFrame(index=range(3))) == ["Hello"] * 3


def test_an_error_of_a_row_is_only_that_rows_and_names_the_line():
    """Where an expression fails on a row, that row has an error and the others a prompt."""
    first, second = Template("a\n{{ 10 // v }}").render_frame(_frame([0, 5]))
    assert (first.prompt, second.prompt) == ("", "a\n2")
    assert first.error == "template, line 2: integer division or modulo by zero"
    (nested,) = Template("{{ v.a.b }}").render_frame(_frame([{"a": {}}]))
    assert "has no attribute 'b'" in nested.error


def test_a_cell_of_five_megabytes_is_an_error_of_its_row_and_may_be_cut():
    """A huge cell says how large its prompt is, its neighbours are asked, and a template may cut it."""
    frame = _frame(["x" * 5_000_000, "small"])
    big, small = Template("{{ v }}").render_frame(frame)
    assert (big.prompt, big.error) == ("", "prompt of 5.0 MB is over the limit of 1 MB")
    assert (small.error, small.prompt) == (None, "small")
    assert [len(p) for p in _prompts("{{ v[:100] }}", frame)] == [100, 5]
    assert [len(p) for p in _prompts("{{ v|trim|truncate(100) }}", frame)] == [100, 5]
    assert next(Template("{{ v }}").render_frame(frame, max_prompt_bytes=5_000_000)).error is None


def test_bytes_and_both_prompts_count_for_the_limit():
    """The limit is of UTF-8 bytes, of prompt and system prompt together."""
    template = Template("{{ v }}", "{{ v }}")
    assert next(template.render_frame(_frame(["é" * 5]), max_prompt_bytes=20)).error is None
    assert next(template.render_frame(_frame(["é" * 5]), max_prompt_bytes=19)).error is not None


def test_half_a_surrogate_pair_is_an_error_of_its_row():
    """It can't be encoded, so it can't be sent; replacing it would ask about other text."""
    first, second = Template("{{ v }}").render_frame(_frame(["a\ud83d", "b"]))
    assert first.error == "half of a surrogate pair in a value, which is no text that can be sent"
    assert second.prompt == "b"
    with pytest.raises(TemplateError, match="surrogate"):
        Template("\ud83d")


def test_an_empty_prompt_is_an_error_of_its_row():
    """A row without any text is not paid for."""
    first, second = Template("{{ v }}").render_frame(_frame([None, "a"]))
    assert first.error == "the prompt is empty"
    assert second.error is None


def test_the_system_prompt_is_a_template_too():
    """Its variables are checked and rendered, its mistakes are called its own, and a blank one is none."""
    template = Template("{{ a }}", system="You know {{ b }}.")
    (rendered,) = template.render_frame(pd.DataFrame({"a": [1], "b": ["birds"]}))
    assert (rendered.prompt, rendered.system) == ("1", "You know birds.")
    with pytest.raises(TemplateError, match="Line 1 of the system prompt does not parse"):
        Template("a", system="{{")
    assert Template("a", system=" \n").system is None


@pytest.mark.parametrize("text", ["", "  \n ", "\n\n"])
def test_an_empty_template_is_refused(text):
    """There is nothing to ask."""
    with pytest.raises(TemplateError, match="The template is empty"):
        Template(text)


def test_blank_lines_around_are_dropped_and_those_of_block_tags_too():
    """A cell's trailing newline is no part of the prompt, nor is a line that holds only {% %}."""
    assert Template("\n \na\n\n  b\n\n").text == "a\n\n  b"
    assert _prompts("a\n  {% if v %}\nb\n  {% endif %}\nc", _frame([True, False])) == ["a\nb\nc", "a\nc"]


@pytest.mark.parametrize(
    "text", ["{{ x", "{% if x %}", "{{ x|nofilter }}", "{% unknown %}", "{{ x is notest }}"]
)
def test_a_syntax_error_has_the_line_of_the_cell(text):
    """Blank lines that are dropped still count."""
    with pytest.raises(TemplateError, match=r"Line 4 of the template does not parse: .*[^.]\.$"):
        Template(f"\n\nfirst\n{text}")


def test_equal_texts_are_equal_templates_with_one_digest():
    """Attack 45: NFC and NFD, line ends and outer blank lines make no other template; content does."""
    one, other = Template("caf\u00e9\n{{ a }}"), Template("\ncafe\u0301\r\n{{ a }}\n")
    assert one == other
    assert hash(one) == hash(other)
    assert one.sha256 == other.sha256
    assert len({Template("a").sha256, Template("b").sha256, Template("a", "b").sha256}) == 3


def test_a_column_in_another_unicode_form_is_found():
    """A name that looks the same is the same, whichever way its accents are written."""
    assert _prompts("{{ caf\u00e9 }}", pd.DataFrame({"cafe\u0301": ["a"]})) == ["a"]


def test_a_template_can_be_pickled():
    """Workers get it by its text."""
    template = Template("{{ a }}", "{{ b }}")
    assert pickle.loads(pickle.dumps(template)) == template  # noqa: S301  (of our own making)


def test_a_missing_variable_of_one_prompt_is_told_at_once():
    """A single prompt has no rows to be left out."""
    with pytest.raises(TemplateError, match='asks for "y"'):
        Template("{{ y }}").render({"x": 1})


def test_a_row_finds_nothing_that_the_row_before_it_set():
    """Names that a template sets, also in a rendering that failed, are gone at the next row."""
    frame = pd.DataFrame({"a": [1, 2, 0, 3]})
    text = "{% if a %}{% set b = a %}{% endif %}{% if a == 2 %}{{ 1 / 0 }}{% endif %}{{ b }}"
    rendered = Template(text).render_frame(frame, {"b": "none"})
    assert [row.prompt for row in rendered] == ["1", "", "none", "3"]


TEXTS = st.text(st.sampled_from("a%s \n\u00e9\u0301\ud800{("), max_size=6)
PARTS = st.lists(
    st.sampled_from(
        ["{{ a }}", "{{b}}", "{{ c }}", "{% raw %}{{ a }}{% endraw %}", "{# no #}", "%s", "% ", "\n", "x"]
    ),
    min_size=1,
    max_size=6,
).map("".join)


@given(
    text=PARTS.filter(str.strip),
    system=st.none() | PARTS,
    rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS | st.none() | st.integers()), min_size=1, max_size=5),
    most=st.sampled_from([8, 20, 1_000]),
)
def test_texts_that_are_only_filled_in_read_as_the_sandbox_writes_them(text, system, rows, most):
    """A template that only writes variables gives the same prompts and errors with and without Jinja."""
    template = Template(text, system=system)
    frame = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=object)

    filled = list(template.render_frame(frame, max_prompt_bytes=most))

    for row, rendered in zip(frame.to_dict("records"), filled, strict=True):
        assert rendered == template.render(row, max_prompt_bytes=most)


def test_many_copies_of_a_long_text_are_refused_before_they_are_made():
    """A hundred times 5 MB is an error of its row, and is never in memory."""
    frame = pd.DataFrame({"body": ["x" * 5_000_000]})

    tracemalloc.start()
    (rendered,) = Template("{{ body }}" * 100).render_frame(frame)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "500.0 MB is over the limit" in rendered.error
    assert peak < 50_000_000


@pytest.mark.parametrize(
    "text",
    ["{{ \u00b5 }} {{ \u03bc }}", "{% if \ufb01 %}{{ fi }}{% endif %}", "{% set \u00b5 = 1 %}{{ \u03bc }}"],
)
def test_two_names_that_are_one_to_python_are_refused(text):
    """The micro sign and a mu, a ligature and its letters: one of both values would be written twice."""
    with pytest.raises(TemplateError, match="one name to Python") as caught:
        Template(text)
    assert 'row["' in caught.value.notebook_text
