"""The notifier: takes notices at once, delivers them in the background, and never stands in anybody's way."""

from __future__ import annotations

import asyncio
import collections
import functools
import itertools
import logging
import threading
import traceback
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from loopai_nb.background import BackgroundLoop
from loopai_nb.notify.notice import Notice, Undelivered, one_line
from loopai_nb.settings.channels import ChannelKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType
    from typing import Self

    from loopai_nb.notify.notice import Sender
    from loopai_nb.settings.channels import Channel, Notify

__all__ = ["MOST_WAITING", "Failure", "Notifier", "sender_of"]

MOST_WAITING = 100
"""Notices that wait for one channel; of more, the least important and oldest is dropped."""

_DEADLINE_S = 20.0
_RETRY_AFTER_S = 1.0
_CLOSE_S = 3.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A notice that did not arrive.

    Attributes:
        channel: Name of the channel.
        notice: What should have been told.
        reason: A phrase without secrets.
    """

    channel: str
    notice: Notice
    reason: str


@dataclass(slots=True)
class _Lane:
    """One channel with what waits for it, so that a dead one does not delay the others."""

    channel: Channel
    sender: Sender
    waiting: collections.deque[Notice] = field(default_factory=collections.deque)
    dropped: int = 0
    is_working: bool = False

    def put(self, notice: Notice) -> None:
        self.waiting.append(notice)
        if len(self.waiting) > MOST_WAITING:
            self.waiting.remove(min(self.waiting, key=lambda each: (each.importance, each.at_ms)))
            self.dropped += 1

    def take(self) -> Notice | None:
        if not self.waiting:
            return None
        notice, dropped = self.waiting.popleft(), self.dropped
        self.dropped = 0
        if not dropped:
            return notice
        said = f"{dropped:,} before this one were dropped: there were too many at once"
        return replace(notice, facts=(*notice.facts, ("Notices", said)))


class Notifier:
    """Tells channels. Safe to use from any thread; ``tell`` neither waits nor raises. A context manager.

    Args:
        notify: The channels.
        on_failure: Called in the notifier's thread for each notice that did not arrive.
        on_arrival: Called there with the channel's name and each notice that did.
        deadline_s: Seconds for one try.
        retry_after_s: Seconds before the second and last one.
        senders: Makes the sender of a channel.
    """

    def __init__(
        self,
        notify: Notify,
        *,
        on_failure: Callable[[Failure], None] | None = None,
        on_arrival: Callable[[str, Notice], None] | None = None,
        deadline_s: float = _DEADLINE_S,
        retry_after_s: float = _RETRY_AFTER_S,
        senders: Callable[[Channel, Notify], Sender] | None = None,
    ) -> None:
        make = senders or sender_of
        self._lanes = [_Lane(channel, make(channel, notify)) for channel in notify.channels]
        self._on_failure = on_failure
        self._on_arrival = on_arrival
        self._deadline_s = deadline_s
        self._retry_after_s = retry_after_s
        self._lock = threading.Lock()
        self._idle = threading.Condition(self._lock)
        self._loop = BackgroundLoop("loopai-nb-notify")
        self._numbers = itertools.count()
        self._later: dict[int, Callable[[], Iterable[Notice]]] = {}
        self._making = 0
        self._closed = False

    @classmethod
    def to(cls, **channels: Mapping[str, object]) -> Self:
        """A notifier of a program's own, such as ``Notifier.to(slack={"url": "https://..."})``.

        Args:
            **channels: By name, each with the entries that ``[tool.loopai_nb.notify.NAME]`` has, secrets
                included.

        Raises:
            SettingsError: An entry is unknown or can't be used.
        """
        from loopai_nb.settings.notifying import channels_of

        return cls(channels_of(channels))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close(_CLOSE_S)

    def takes(self, notice: Notice) -> tuple[str, ...]:
        """Names of the channels that a notice goes to."""
        return tuple(lane.channel.name for lane in self._for(notice))

    def tell(self, notice: Notice) -> None:
        """Take in a notice; it is delivered in the background, each channel's in the order taken in."""
        with self._lock:
            if self._closed:
                return
            for lane in self._for(notice):
                lane.put(notice if lane.channel.links else replace(notice, link=None))
                if lane.is_working:
                    continue
                try:
                    self._loop.start(self._work(lane))
                except RuntimeError as error:  # a fork has no thread of ours
                    _log.warning('Nobody was told of "%s": %s.', one_line(notice.title), error)
                    lane.waiting.clear()
                else:
                    lane.is_working = True

    def tell_later(self, make: Callable[[], Iterable[Notice]], after_s: float = 0.0) -> None:
        """Make notices in the background and tell them; neither waits nor raises, as ``tell``.

        Args:
            make: Called once, in a thread of the notifier; with ``close`` at the latest.
            after_s: Seconds until then.
        """
        with self._lock:
            if self._closed:
                return
            number = next(self._numbers)
            self._later[number] = make
            try:
                self._loop.start(self._make_after(number, after_s))
            except RuntimeError:  # a fork has no thread of ours
                del self._later[number]

    def try_out(self, notice: Notice) -> list[tuple[str, str]]:
        """Deliver a notice to every channel now; for each its name, and why not ("" where it arrived)."""

        async def deliver() -> list[str]:
            return await asyncio.gather(*(self._deliver(lane, notice) for lane in self._lanes))

        reasons = self._loop.wait(deliver())
        return [(lane.channel.name, reason) for lane, reason in zip(self._lanes, reasons, strict=True)]

    def close(self, within_s: float = 0.0) -> None:
        """Wait so long for what is on its way, give up the rest, and release all; may be called twice."""
        for number in tuple(self._later):
            self._make(number)
        with self._idle:
            self._idle.wait_for(lambda: not self._making, within_s)
            self._closed = True
            self._idle.wait_for(lambda: not any(lane.is_working for lane in self._lanes), within_s)
        self._loop.close()
        for lane in self._lanes:
            while (notice := lane.take()) is not None:
                self._failed(lane, notice, "the session was closed first")

    async def _make_after(self, number: int, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await asyncio.to_thread(self._make, number)

    def _make(self, number: int) -> None:
        with self._lock:
            make = self._later.pop(number, None)
            if make is None:
                return
            self._making += 1
        try:
            for notice in make():
                self.tell(notice)
        except Exception as error:  # noqa: BLE001  (a border: what can't be said stops nobody)
            _log.warning("Nobody was told: %s.", type(error).__name__)
        finally:
            with self._idle:
                self._making -= 1
                self._idle.notify_all()

    def _for(self, notice: Notice) -> list[_Lane]:
        return [lane for lane in self._lanes if lane.channel.takes(notice.kinds, notice.importance)]

    async def _work(self, lane: _Lane) -> None:
        """Deliver until nothing waits."""
        while True:
            with self._lock:
                notice = lane.take()
                if notice is None:
                    lane.is_working = False
                    self._idle.notify_all()
                    return
            try:
                reason = await self._deliver(lane, notice)
            except asyncio.CancelledError:
                self._failed(lane, notice, "the session was closed first")
                lane.is_working = False
                raise
            if reason:
                self._failed(lane, notice, reason)
            elif self._on_arrival is not None:
                _noted(functools.partial(self._on_arrival, lane.channel.name, notice))

    async def _deliver(self, lane: _Lane, notice: Notice) -> str:
        """Try twice at most; why it did not arrive, "" where it did."""
        reason, again, wait_s = await self._try(lane, notice)
        if reason and again:
            await asyncio.sleep(max(self._retry_after_s, wait_s))
            reason, _, _ = await self._try(lane, notice)
        return reason

    async def _try(self, lane: _Lane, notice: Notice) -> tuple[str, bool, float]:
        try:
            async with asyncio.timeout(self._deadline_s):
                await lane.sender.send(notice)
        except Undelivered as error:
            return error.reason, error.again, error.wait_s
        except TimeoutError:
            return f"did not answer within {self._deadline_s:g} s", True, 0.0
        except Exception as error:  # noqa: BLE001  (a border: a fault in a notifier may not reach a run)
            # Without what it says, which may hold the address or the password.
            _log.debug("%s: %s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
            return f"failed ({type(error).__name__})", False, 0.0
        return "", False, 0.0

    def _failed(self, lane: _Lane, notice: Notice, reason: str) -> None:
        name = lane.channel.name
        said = name if name == lane.channel.kind else f"{name} ({lane.channel.kind})"
        _log.warning('%s was not told of "%s": %s.', said, one_line(notice.title), reason)
        on_failure = self._on_failure
        if on_failure is not None:
            _noted(functools.partial(on_failure, Failure(name, notice, reason)))


def _noted(note: Callable[[], None]) -> None:
    """Call what was given to be told; its fault stays there."""
    try:
        note()
    except Exception as error:  # noqa: BLE001  (a border, as above)
        _log.debug("That could not be noted: %s.", type(error).__name__)


def sender_of(channel: Channel, notify: Notify) -> Sender:
    """What sends over a channel."""
    if channel.kind is ChannelKind.EMAIL:
        from loopai_nb.notify.email import Email

        return Email(channel, allow_link_local=notify.allow_link_local)
    if channel.kind is ChannelKind.SLACK:
        from loopai_nb.notify.slack import Slack

        return Slack(channel, allow_link_local=notify.allow_link_local)
    from loopai_nb.notify.webhook import Webhook

    return Webhook(channel, allow_link_local=notify.allow_link_local)
