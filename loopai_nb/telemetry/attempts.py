"""What is told of each attempt, as far as spans and log lines need it; the ledger's settlements fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loopai_nb.records import Outcome, Parameters, RequestState, ServerKind

__all__ = ["AttemptObserver", "Leased", "Observers", "RunTold", "Settled"]


class Leased(Protocol):
    """The request that was sent."""

    @property
    def request_no(self) -> int: ...  # noqa: D102  (see ledger.records.Lease)
    @property
    def prompt(self) -> str: ...  # noqa: D102
    @property
    def system(self) -> str | None: ...  # noqa: D102
    @property
    def attempt(self) -> int: ...  # noqa: D102


class Settled(Protocol):
    """How its attempt ended."""

    @property
    def lease(self) -> Leased: ...  # noqa: D102  (see ledger.records.Settlement)
    @property
    def outcome(self) -> Outcome: ...  # noqa: D102
    @property
    def state(self) -> RequestState: ...  # noqa: D102
    @property
    def cost_pusd(self) -> int: ...  # noqa: D102
    @property
    def text(self) -> str | None: ...  # noqa: D102
    @property
    def model(self) -> str: ...  # noqa: D102
    @property
    def finish_reason(self) -> str: ...  # noqa: D102
    @property
    def input_tokens(self) -> int | None: ...  # noqa: D102
    @property
    def output_tokens(self) -> int | None: ...  # noqa: D102
    @property
    def latency_ms(self) -> float | None: ...  # noqa: D102
    @property
    def status_code(self) -> int | None: ...  # noqa: D102
    @property
    def error_kind(self) -> str | None: ...  # noqa: D102
    @property
    def error(self) -> str | None: ...  # noqa: D102
    @property
    def mismatch(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class RunTold:
    """The run whose attempts are told.

    Attributes:
        run_id: Which.
        model: As it is asked for.
        kind: The server's protocol.
        server_url: Its base URL.
        parameters: Of every request.
    """

    run_id: str
    model: str
    kind: ServerKind
    server_url: str
    parameters: Parameters


class AttemptObserver(Protocol):
    """Is told of every attempt, in the executor's loop: it must not wait."""

    def attempted(self, settled: Settled, began_ns: int, ended_ns: int) -> None:
        """An attempt has ended (epoch nanoseconds)."""

    def ended(self) -> None:
        """The run is not carried out here any more."""


@dataclass(frozen=True, slots=True)
class Observers:
    """Several, told one after the other."""

    each: Sequence[AttemptObserver] = field(default_factory=tuple)

    def attempted(self, settled: Settled, began_ns: int, ended_ns: int) -> None:
        """See ``AttemptObserver``."""
        for one in self.each:
            one.attempted(settled, began_ns, ended_ns)

    def ended(self) -> None:
        """See ``AttemptObserver``."""
        for one in self.each:
            one.ended()
