"""A log line for each attempt of a run, at DEBUG."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from loopai_nb.records import RequestState
from loopai_nb.telemetry.steps import tell

if TYPE_CHECKING:
    from loopai_nb.telemetry.attempts import RunTold, Settled

__all__ = ["RequestLines"]

_BEGINNING = 50
"""Characters of a prompt, as the first design's log had them."""
_LONGEST_ANSWER = 500

_log = logging.getLogger(__name__)


class RequestLines:
    """Writes what an attempt came to; texts only where that is allowed.

    Args:
        run: Whose attempts.
        content: Write how prompts begin, and what was answered and said of an error.
    """

    def __init__(self, run: RunTold, *, content: bool) -> None:
        self._run = run
        self._content = content

    @staticmethod
    def wanted() -> bool:
        """Whether anybody would read them."""
        return _log.isEnabledFor(logging.DEBUG)

    def attempted(self, settled: Settled, began_ns: int, ended_ns: int) -> None:
        """See ``AttemptObserver``."""
        lease = settled.lease
        fields: dict[str, object] = {
            "run": self._run.run_id,
            "request": lease.request_no,
            "attempt": lease.attempt,
            "model": self._run.model,
            "outcome": settled.outcome.value,
            "state": settled.state.value,
            "status": settled.status_code,
            "kind": settled.error_kind,
            "ms": (ended_ns - began_ns) // 1_000_000,
            "tokens_in": settled.input_tokens,
            "tokens_out": settled.output_tokens,
            "cost_usd": settled.cost_pusd / 1e12 or None,
        }
        if self._content:
            fields["prompt"] = lease.prompt[:_BEGINNING]
            fields["answer"] = settled.text and settled.text[:_LONGEST_ANSWER]
            fields["error"] = settled.error
        tell(_log, logging.DEBUG, _SENTENCES.get(settled.state, "request sent"), **fields)

    def ended(self) -> None:
        """Nothing is left to be said."""


_SENTENCES = {
    RequestState.ANSWERED: "request answered",
    RequestState.WAITING: "request is tried again",
    RequestState.FAILED: "request failed",
    RequestState.MAYBE_PAID: "request may have been paid",
}
