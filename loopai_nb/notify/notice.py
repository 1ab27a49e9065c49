"""What is told: one notice, and how a channel says that it could not deliver it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from loopai_nb.redaction import mask_text, visible

if TYPE_CHECKING:
    from loopai_nb.redaction import Secret
    from loopai_nb.settings.channels import Importance, NoticeKind

__all__ = ["Notice", "Sender", "Undelivered", "clipped", "one_line"]

MOST_LINE = 300
MOST_PROMPT = 2_000


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened. Its texts may come from a row or a server: each channel escapes them.

    Attributes:
        kind: What happened.
        also: What else it is; a channel that is for either is told once.
        importance: How much it matters.
        title: One sentence.
        at_ms: When, epoch milliseconds.
        facts: Name and value, in order.
        run_id: Of which run.
        plan_id: Of which plan.
        approval_id: Of which approval.
        link: Where to decide; whoever has it can.
        prompt: The first prompt, where the settings ask for it.
        subject: What it is noted under when a channel was told, or could not be; None where nobody asks.
        notice_id: The same when it is sent once more, so that a receiver can tell.
    """

    kind: NoticeKind
    importance: Importance
    title: str
    at_ms: int
    facts: tuple[tuple[str, str], ...] = ()
    also: tuple[NoticeKind, ...] = ()
    run_id: str | None = None
    plan_id: str | None = None
    approval_id: str | None = None
    link: Secret | None = None
    prompt: str | None = None
    subject: str | None = None
    notice_id: str = field(default_factory=lambda: f"n-{secrets.token_hex(8)}")

    @property
    def kinds(self) -> tuple[NoticeKind, ...]:
        """All that it is."""
        return (self.kind, *self.also)

    @property
    def at(self) -> str:
        """When, such as ``2026-11-21T19:20:00Z``."""
        return datetime.fromtimestamp(self.at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Undelivered(Exception):
    """A channel did not take a notice; it never leaves this package.

    Args:
        reason: A phrase without secrets, such as "answered 404".
        again: Whether a second try may succeed.
        wait_s: Seconds that the other side asks to wait before it.
    """

    def __init__(self, reason: str, *, again: bool, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.wait_s = wait_s


class Sender(Protocol):
    """Sends notices over one channel."""

    async def send(self, notice: Notice) -> None:
        """Deliver one notice. Cancelled at a deadline.

        Raises:
            Undelivered: The other side could not be reached or did not take it.
        """


def one_line(text: str, most: int = MOST_LINE) -> str:
    """A text in one line without secrets, with what a reader would not see spelled out."""
    return clipped(visible(mask_text(text), one_line=True), most)


def clipped(text: str, most: int) -> str:
    """The text, or its beginning and a mark."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
