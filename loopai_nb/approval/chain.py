"""The audit chain as a person reads it: is it whole, and where is it not?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError
from loopai_nb.ledger.chain import GENESIS, Head

if TYPE_CHECKING:
    from loopai_nb.ledger.store import Ledger

__all__ = ["Verified", "verify"]


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of looking through a chain.

    Attributes:
        rows: How many it has, as its end says.
        head: Its end, ``number:hash``. Noted down elsewhere, it shows a chain that was
            written anew.
        broken: A sentence for each thing that is wrong; none where the chain is whole.
    """

    rows: int
    head: str
    broken: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, removed or reordered."""
        return not self.broken


def verify(ledger: Ledger, *, noted: str | None = None) -> Verified:
    """Look through the whole chain, and whether approvals and runs are what it says of them.

    Args:
        ledger: Whose.
        noted: A head that was noted down before; it has to be a row of the chain.

    Raises:
        InputError: What was noted is no head.
    """
    expected = None
    if noted is not None:
        expected = Head.read(noted)
        if expected is None:
            raise InputError(
                f"{noted!r} is no end of a chain.", "Write it as it was shown: the number, a colon, the hash."
            )
    head, broken = ledger.verify_chain()
    said = [each.what for each in broken]
    if expected is not None and ledger.chain_hash(expected.seq) != expected.hash:
        said.append(f"Row {expected.seq} is not the one that was noted: the chain was written anew.")
    shown = head or Head(0, GENESIS)
    return Verified(shown.seq, str(shown), tuple(said))
