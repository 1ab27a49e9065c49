"""What the verbs work with."""

import pytest

from loopai_nb.errors import InputError
from loopai_nb.notebook.workbench import Workbench


def test_what_cannot_be_closed_keeps_nothing_else_open(notebook):
    """A widget whose figures are damaged fails: the others and the session end all the same."""
    bench = Workbench(notebook.shell)
    session, closed = bench.session, []

    def broken():
        raise ValueError("These bytes are no histogram.")

    for close in (lambda: closed.append(bench.opened), broken, lambda: closed.append(bench.opened)):
        bench.keep_open(close)

    with pytest.raises(ValueError, match="no histogram"):
        bench.close()
    assert closed == [session, session]  # they still look at it
    assert bench.opened is None
    with pytest.raises(InputError, match="closed"):
        session.runs()
    bench.close()
