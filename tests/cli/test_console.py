import pytest

from loopai_nb.cli.console import in_shell


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
