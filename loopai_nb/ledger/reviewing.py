"""The part of a ledger that reviews; see ``reviews``, which holds what each call does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.ledger import reviews
from loopai_nb.ledger.alerting import Alerting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.ledger.reviews import AssignmentRow, Ended, Judgement, News, ReviewRow

__all__ = ["Reviewing"]


class Reviewing(Alerting):
    """Reviews of answers, and who is to review which."""

    def add_reviews(self, run_id: str, judgements: Sequence[Judgement], *, reviewer: str) -> int:
        """Record what one person said at once; see ``reviews.add``. Durable when it returns.

        Raises:
            InputError: There is no such run.
        """
        return self._do(
            lambda connection: reviews.add(connection, run_id, judgements, reviewer, self.now_ms())
        )

    def undo_review(self, run_id: str, *, reviewer: str) -> list[ReviewRow]:
        """Take back what a person decided last in a run; see ``reviews.undo``."""
        return self._do(lambda connection: reviews.undo(connection, run_id, reviewer))

    def assign_reviewer(self, run_id: str, row: AssignmentRow) -> int:
        """Say what a person is to review; see ``reviews.assign``."""
        return self._do(lambda connection: reviews.assign(connection, run_id, row))

    def unassign_reviewer(self, run_id: str, reviewer: str) -> int:
        """See ``reviews.unassign``."""
        return self._do(lambda connection: reviews.unassign(connection, run_id, reviewer))

    def review_news(
        self, run_id: str, plan_id: str, after: int, undone_before: int
    ) -> tuple[News, Ended, list[AssignmentRow]]:
        """What came to a run's reviews since, how many of its requests have ended, and all assignments.

        In a few look-ups in indexes, cheap enough for every keystroke; see ``reviews.news`` and ``ended``.
        """
        with self._engine.connect().execution_options(reading=True) as connection:
            return (
                reviews.news(connection, run_id, after, undone_before),
                reviews.ended(connection, plan_id),
                reviews.assignments(connection, run_id),
            )

    def is_reviewed(self, run_id: str) -> bool:
        """Whether anybody said anything of a run's answers that is not undone."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return reviews.any_live(connection, run_id)

    def edits_of(self, run_id: str) -> dict[int, frozenset[str]]:
        """What anybody ever put in an answer's place, by its request; see ``reviews.edits``."""
        made: dict[int, set[str]] = {}
        with self._engine.connect().execution_options(reading=True) as connection:
            for row in reviews.edits(connection, run_id):
                made.setdefault(row.request_no, set()).add(row.text)
        return {number: frozenset(texts) for number, texts in made.items()}

    def reviews_of(self, run_id: str) -> list[ReviewRow]:
        """All reviews of a run that are not undone, in their order."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return reviews.live(connection, run_id)

    def reviewable(self, plan_id: str) -> tuple[Ended, list[Any]]:
        """How many requests of a plan have ended, and every row with its answer; see ``reviews``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return reviews.ended(connection, plan_id), reviews.reviewable(connection, plan_id)

    def answered_requests(self, plan_id: str) -> list[Any]:
        """See ``reviews.answered_requests``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return reviews.answered_requests(connection, plan_id)

    def prompt_of(self, plan_id: str, key: bytes) -> tuple[str, str | None]:
        """See ``reviews.prompt_of``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return reviews.prompt_of(connection, plan_id, key)

    def review_assignments(self, run_id: str) -> list[AssignmentRow]:
        """See ``reviews.assignments``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return reviews.assignments(connection, run_id)

    def review_counts(self, most: int, **chosen: Any) -> list[Any]:
        """See ``reviews.counts``."""
        with self._engine.connect().execution_options(reading=True) as connection:
            return reviews.counts(connection, most, **chosen)
