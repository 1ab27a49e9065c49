import subprocess
import sys
import warnings

import pytest

from loopai_nb import __version__
from loopai_nb.cli import main

VERBS = [
    "run",
    "check",
    "status",
    "runs",
    "show",
    "resume",
    "cancel",
    "report",
    "connections",
    "devserver",
    "demo",
    "lab",
]


def test_help_names_every_verb_and_every_exit_code(capsys):
    """``loopai-nb --help`` is where a person starts."""
    assert main(["--help"]) == 0

    said = capsys.readouterr().out
    for verb in VERBS:
        assert f"\n    {verb} " in said
    for code in (0, 1, 2, 3, 4, 130, 143):
        assert f"\n  {code} " in said


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_its_own_help(verb, capsys):
    """``VERB --help`` ends 0."""
    assert main([verb, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: loopai-nb {verb}")


def test_help_imports_nothing_heavy(cli):
    """The first answer does not wait for pandas."""
    script = (
        "import sys; from loopai_nb.cli import main; main(['--help'])\n"
        "heavy = {'pandas', 'numpy', 'sqlalchemy', 'pydantic', 'pyarrow', 'IPython', 'jinja2', 'fastapi'}\n"
        "print('heavy:', sorted(heavy & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], env=cli.env, cwd=cli.folder, capture_output=True, check=True
    )
    assert ended.stdout.endswith(b"heavy: []\n")


def test_an_unknown_option_names_its_verbs_help(capsys):
    """What is wrong behind a verb is told by that verb, whose help has the options."""
    assert main(["runs", "--newest", "3"]) == 2
    assert capsys.readouterr().err == "loopai-nb runs: unknown option --newest\nSee: loopai-nb runs --help\n"


def test_version(capsys):
    """``--version`` says the package's."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"loopai-nb {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["run"],
        ["run", "--template", "x"],
        ["run", "--template", "x", "--table", "t", "--csv", "f"],
        ["run", "--template", "@missing.txt", "--table", "t"],
        ["run", "--template", "x", "--table", "t", "--concurrency", "0"],
        ["run", "--template", "x", "--table", "t", "--budget", "nan"],
        ["run", "--template", "x", "--table", "t", "--price", "1"],
        ["run", "--template", "x", "--table", "t", "--param", "noequals"],
        ["resume"],
        ["report", "r-1"],
        ["connections"],
        ["devserver", "--port", "70000"],
    ],
)
def test_a_line_that_cannot_be_understood_ends_2(words, capsys):
    """A usage error says what is wrong and where the help is, in two lines."""
    assert main(words) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 2
    assert "--help" in captured.err


@pytest.mark.parametrize(
    "words",
    [
        ["connections", "add", "shop", "postgresql://me:canary-3141@db/shop"],
        ["run", "--template", "x", "--table", "t", "--api-key=canary-3141"],
        ["run", "--template", "x", "--table", "t", "--kind", "http://me:canary-3141@h/v1"],
        ["canary", "--password", "canary-3141"],
        ["connections", "add", "shop", "host=h password=canary-3141"],
    ],
)
def test_a_usage_error_repeats_no_secret(words, capsys):
    """A URL or a key typed in the wrong place is not written once more."""
    assert main(words) == 2
    assert "canary-3141" not in "".join(capsys.readouterr())


def test_output_is_utf8_whatever_the_locale_says(ready, birds_csv, template):
    """Arrows and frames reach a terminal of LANG=C."""
    ended = ready("run", "--csv", birds_csv(1), "--template", template, LANG="C", LC_ALL="C", PYTHONUTF8="0")

    assert ended.code == 3
    assert "┌ Plan" in ended.err


def test_a_reader_that_goes_away_is_no_error(ready, birds_csv, template):
    """``loopai-nb ... | head -1`` ends without a traceback."""
    birds_csv(3)
    ready.inside("run", "--csv", "birds.csv", "--template", template, "--yes")
    process = ready.start("status", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()

    said = process.stderr.read().decode()
    process.stderr.close()

    assert process.wait() == 141
    assert said == ""


def test_debug_shows_the_chain(cli):
    """Without --debug an error is two lines; with it, also where it comes from."""
    plain = cli.inside("show", "r-0000")
    debug = cli.inside("show", "r-0000", "--debug")

    assert plain.code == debug.code == 1
    assert plain.err.splitlines()[1] == "See them all: loopai-nb runs"
    assert plain.err.count("\n") == 2
    assert "Traceback" in debug.err


def test_a_warning_of_a_library_is_not_shown(cli, monkeypatch, recwarn):
    """What stands on stderr is for the person who typed the command."""
    monkeypatch.setattr("loopai_nb.cli.looking.runs", _warns)

    assert cli.inside("runs") == (0, "", "")
    assert not recwarn.list


def _warns(*_):
    warnings.warn("old API", FutureWarning, stacklevel=1)
    return 0


def test_an_error_of_our_own_shows_no_traceback(cli, monkeypatch, capsys):
    """What nobody expected is one line and how to see more, never a traceback with a secret."""
    monkeypatch.setenv("LOOPAI_LEDGER", str(cli.folder / "l.sqlite3"))
    monkeypatch.chdir(cli.folder)
    monkeypatch.setattr("loopai_nb.cli.looking.runs", _fails)

    assert main(["runs"]) == 1

    said = capsys.readouterr().err
    assert said.splitlines()[0] == "ValueError: postgresql://me:***@db/shop"
    assert "--debug" in said


def _fails(*_):
    raise ValueError("postgresql://me:canary-3141@db/shop")
