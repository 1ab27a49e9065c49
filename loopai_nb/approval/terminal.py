"""A question that is answered at a terminal, or elsewhere meanwhile: whichever comes first."""

from __future__ import annotations

import os
import select
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from loopai_nb.approval.pending import LOOKS_EVERY_S
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import visible

if TYPE_CHECKING:
    from loopai_nb.approval.pending import Pending
    from loopai_nb.approval.shown_context import ShownContext
    from loopai_nb.ledger.records import ApprovalRow

__all__ = [
    "WAITS_FOR_LINES",
    "answer_at_terminal",
    "is_at_terminal",
    "say_how_to_decide",
    "typed",
    "yes_or_no",
]

WAITS_FOR_LINES = os.name == "posix"
"""Elsewhere nothing can be waited for at a terminal together with something else."""

_YES = frozenset({"y", "yes"})
_NO = frozenset({"n", "no"})


def is_at_terminal() -> bool:
    """Whether somebody can read a question here and answer it: who can't see it can't answer."""
    return WAITS_FOR_LINES and all(
        stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)
    )


def yes_or_no(said: str) -> tuple[bool, str] | None:
    """Yes or no, and the reason that was typed behind it; None where it is neither."""
    word, _, reason = said.strip().partition(" ")
    word = word.strip(",.:;").lower()
    return (word in _YES, reason.strip()) if word in _YES or word in _NO else None


def typed(question: str, pending: Pending) -> str | None:
    """Ask at the terminal, and wait for a line or for a decision that is given elsewhere.

    Returns:
        What was typed; None at the end of input, or where the question waits no more.
    """
    sys.stderr.write(question)
    sys.stderr.flush()
    while (row := pending.look()) is None or row.state is ApprovalState.PENDING:
        # A terminal hands over whole lines: once there is something to read, reading it waits for nothing.
        if select.select([sys.stdin], [], [], LOOKS_EVERY_S)[0]:
            said = sys.stdin.readline()
            if said:
                return said
            break
    sys.stderr.write("\n")
    sys.stderr.flush()
    return None


def answer_at_terminal(pending: Pending, user: str) -> ApprovalRow:
    """Let a person at the terminal decide, until somebody has decided or the time is over.

    Args:
        pending: The question, which was shown.
        user: Name of the person, for the ledger.
    """
    question = "y, or n and why: "
    while (said := typed(question, pending)) is not None:
        answer = yes_or_no(said)
        if answer is not None:
            state = ApprovalState.APPROVED if answer[0] else ApprovalState.REJECTED
            return pending.decide(state, decided_by=user, means="person", feedback=answer[1])
        question = "Please type y or n: "
    # Nobody types here any more; somebody may still decide elsewhere.
    return pending.wait()


def say_how_to_decide(pending: Pending, shown: ShownContext) -> None:
    """Say on stderr what waits, and how it is decided from elsewhere."""
    if sys.stderr is None:  # the shell closed it: 2>&-
        return
    lines = [f"{shown.name} waits for a decision as {pending.approval_id}."]
    if shown.explanation:
        lines.append(f"  {shown.explanation}")
    lines += [f"  {line}" for line in shown.lines()]
    until = ""
    if pending.expires_ms is not None:
        until = f" until {datetime.fromtimestamp(pending.expires_ms / 1000).astimezone():%Y-%m-%d %H:%M:%S}"
    lines.append(f"Decide{until}: loopai-nb approve {pending.approval_id}")
    lines.append(f"Or: loopai-nb reject {pending.approval_id} --feedback WHY")
    sys.stderr.write("".join(visible(line, one_line=True) + "\n" for line in lines))
    sys.stderr.flush()
