"""How far the pulls of only what is new came: look at the marks, move one by hand, forget one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.errors import InputError
from loopai_nb.ledger import watermarks
from loopai_nb.session.approvals import Approvals
from loopai_nb.session.frames import since_of

if TYPE_CHECKING:
    import pandas as pd

    from loopai_nb.ledger.watermarks import Moved
    from loopai_nb.postgres.stream import Stream

__all__ = ["Marks"]


class Marks(Approvals):
    """The part of a session that knows how far it has pulled."""

    def seen(self, frame: pd.DataFrame | Stream) -> Moved:
        """Move the mark of a pull since a column by hand, as a run over all its rows does when it completes.

        For rows that need no answer, or of which some can have none: the next pull begins behind all of them.

        Args:
            frame: What was pulled with ``since=``; a part of it, or answers to it, stand for all its rows.

        Returns:
            The mark where it is now.

        Raises:
            InputError: It is no such frame, brought nothing new, or a later pull's mark has passed it.
        """
        since = since_of(frame)
        if since is None:
            raise InputError(
                "This is no frame that was pulled since a mark.",
                "Pull one: %loopai pull TABLE --since COLUMN",
            )
        if since.get("pull") is None:
            raise InputError("That pull brought nothing new, so there is no mark to move.")
        moved = self.ledger.move_watermark(int(since["pull"]), self.settings.user)
        if moved is None:
            raise InputError(
                "The mark of this pull is no longer there: a later pull has passed it, or it was forgotten.",
                "Pull again to see what is new.",
            )
        return moved

    def watermarks(self) -> list[Moved]:
        """How far each kind of pull came whose rows were seen, the last moved first."""
        return watermarks.all_moved(self.ledger.engine)

    def forget_watermark(self, name: str) -> None:
        """Forget a mark: the next pull of its kind takes all rows.

        Args:
            name: As ``watermarks`` tells it, such as ``w-204e1a2b``.

        Raises:
            InputError: There is none of that name.
        """
        for moved in self.watermarks():
            if moved.name == name:
                self.ledger.forget_watermark(moved.mark.mark_key)
                return
        raise InputError(f"There is no mark {name}.", "See them all: %loopai watermarks")
