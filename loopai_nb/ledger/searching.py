"""Which requests have a text in their prompt or answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from loopai_nb.ledger.schema import answers, requests

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from loopai_nb.ledger.store import Ledger

__all__ = ["found_by"]


def found_by(ledger: Ledger, text: str) -> NDArray[np.int64]:
    """Ascending numbers of the requests whose prompt or answer holds a text, in small or large letters."""
    import numpy as np

    statement = (
        select(requests.c.request_no)
        .join(answers, answers.c.request_no == requests.c.answer_no, isouter=True)
        .where(
            or_(
                requests.c.prompt.icontains(text, autoescape=True),
                answers.c.text.icontains(text, autoescape=True),
            )
        )
        .order_by(requests.c.request_no)
    )
    with ledger.engine.connect().execution_options(reading=True) as connection:
        return np.fromiter(connection.execute(statement).scalars(), np.int64)
