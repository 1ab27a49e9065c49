"""One sight of the review widget: its list of rows, and its decisions, each of which is made once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError, LoopaiNbError
from loopai_nb.session.review_filter import ReviewFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.session.review import Review

__all__ = ["View"]

_MOST_CHANGES = 400
_MOST_REPLIES = 256


@dataclass(slots=True)
class View:
    """A page, or an output that is shown a second time, looks at rows of its own and numbers its decisions.

    Attributes:
        positions: The rows of its list, in their order.
        where: The filter that they were taken by.
        letters: What was said of each, as the view was last told.
        counted: Rows that a decision about many was last counted for, and what was said of each then.
        seq: Number of the last decision that was tried.
        replies: What was answered to the last of them, or the error.
        epoch: Decisions of an earlier one follow one that failed, and are not made.
    """

    positions: list[int] = field(default_factory=list)
    where: ReviewFilter = field(default_factory=ReviewFilter)
    letters: str = ""
    counted: tuple[list[int], str] = ([], "")
    seq: int = 0
    replies: OrderedDict[int, dict[str, Any] | LoopaiNbError] = field(default_factory=OrderedDict)
    epoch: int = 0

    def once(self, seq: int, epoch: int, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Make a decision, unless it was made before.

        Args:
            seq: Its number, one more than that of the one before.
            epoch: How many failures the view had seen when it was made.
            make: Makes it, and says what it changed.

        Returns:
            What ``make`` gave, also to one that comes a second time; behind a gap ``again``, the number from
            which on they are missing, and nothing was made.

        Raises:
            LoopaiNbError: It failed, or one before it did, of which the view had not heard: then it is not
                made, since it was made on the sight of a success (an undo would take back another one).
        """
        if seq <= self.seq:
            reply = self.replies.get(seq, {"seq": seq})
            if isinstance(reply, LoopaiNbError):
                raise reply
            return reply
        if seq > self.seq + 1:
            return {"again": self.seq + 1}
        self.seq = seq
        try:
            if epoch < self.epoch:
                raise InputError("It followed a decision that was not saved, and was not made.")
            reply = {"seq": seq, **make()}
        except LoopaiNbError as error:
            self.epoch = max(self.epoch, epoch + 1)
            self._keep(seq, error)
            raise
        self._keep(seq, reply)
        return reply

    def changes(self, review: Review) -> dict[str, Any]:
        """What was said since the view was last told, by anybody: by place, or all where it is much."""
        before, now = self.letters, review.letters(self.positions)
        self.letters = now
        if before == now:
            return {"changed": []}
        changed = [place for place, (old, new) in enumerate(zip(before, now, strict=True)) if old != new]
        if len(changed) > _MOST_CHANGES:
            return {"letters": now}
        return {"changed": [[place, now[place]] for place in changed]}

    def _keep(self, seq: int, reply: dict[str, Any] | LoopaiNbError) -> None:
        self.replies[seq] = reply
        while len(self.replies) > _MOST_REPLIES:
            self.replies.popitem(last=False)
