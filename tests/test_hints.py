import pytest

from loopai_nb.errors import InputError
from loopai_nb.hints import in_python, in_shell


@pytest.mark.parametrize(
    ("magic", "shell"),
    [
        ("Go on: %loopai resume r-204e", "Go on: loopai-nb resume r-204e"),
        ("Go on: %loopai resume r-204e --budget 1.00", "Go on: loopai-nb resume r-204e --budget 1.00"),
        ("Again: %loopai retry r-204e", "Again: loopai-nb retry r-204e"),
        ("See them all: %loopai runs", "See them all: loopai-nb runs"),
        ("One of them: %loopai show RUN", "One of them: loopai-nb show RUN"),
        ("choose another: %loopai server URL.", "choose another: --server URL."),
        ("Connect it: %loopai server http://h/v1 --model m", "Connect it: --server http://h/v1 --model m"),
        ("(set a price: %loopai server --price IN,OUT)", "(set a price: --price IN,OUT)"),
        ("report: %loopai report r-1f --html FILE", "report: loopai-nb report r-1f --html FILE"),
        ("the whole chain: %loopai debug", "the whole chain: --debug"),
        ("nothing of ours", "nothing of ours"),
    ],
)
def test_a_hint_is_what_one_types_here(magic, shell):
    """A hint written for the notebook can be typed into a shell."""
    assert in_shell(magic) == shell


@pytest.mark.parametrize(
    ("magic", "call"),
    [
        ("Go on: %loopai resume r-204e", 'Go on: session.resume("r-204e")'),
        ("Go on: %loopai resume r-204e --budget 1.00", 'Go on: session.resume("r-204e", budget_usd="1.00")'),
        (
            "Say: %loopai resume r-2 --on-unknown resend (or skip)",
            'Say: session.resume("r-2", on_unknown="resend") (or skip)',
        ),
        (
            "stop it with %loopai cancel r-2, or help: %loopai resume r-2 --join",
            'stop it with session.cancel("r-2"), or help: session.join("r-2")',
        ),
        ("See them all: %loopai runs", "See them all: session.runs()"),
        ("One of them: %loopai show RUN.", 'One of them: session.show("RUN").'),
        ("choose another: %loopai server URL.", 'choose another: session.use_server("URL").'),
        (
            "Connect it: %loopai server http://h:8/v1 --model org/m-2.5",
            'Connect it: session.use_server("http://h:8/v1", model="org/m-2.5")',
        ),
        ("(set it: %loopai server --price IN,OUT)", "(set it: session.use_server(price=(IN, OUT)))"),
        ("Say which: --model NAME", 'Say which: model="NAME"'),
        ("USD per million: --price IN,OUT", "USD per million: session.use_server(price=(IN, OUT))"),
        ("Pull one: %loopai pull TABLE --as df", 'Pull one: session.pull("TABLE")'),
        ("report: %loopai report r-1f --html FILE", "report: loopai-nb report r-1f --html FILE"),
        ("nothing -- of --ours", "nothing -- of --ours"),
    ],
)
def test_a_hint_is_what_a_program_calls(magic, call):
    """A hint written for the notebook is a call of the session's own methods in a program."""
    assert in_python(magic) == call


def test_an_error_speaks_as_its_reader_does():
    """A traceback shows calls; a notebook shows the same error with magics."""
    error = InputError("There is no run r-2.", "See them all: %loopai runs")
    assert str(error) == "There is no run r-2. See them all: session.runs()"
    assert error.notebook_text == "There is no run r-2. See them all: %loopai runs"
