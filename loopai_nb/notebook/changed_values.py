"""Values that a frame can't hold as they are stored, said below the cell."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import Sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopai_nb.notebook.workbench import Workbench

__all__ = ["changes_said"]


@contextlib.contextmanager
def changes_said(bench: Workbench) -> Iterator[None]:
    """Say which values a reading had to change: a warning would put a path of this machine there."""
    from loopai_nb.postgres.reading import ValuesChanged

    caught: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ValuesChanged)
            yield
    finally:
        for each in caught:
            if issubclass(each.category, ValuesChanged):
                bench.show(Sentences(str(each.message)))
            else:
                warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
