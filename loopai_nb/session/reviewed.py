"""Which answers of a run somebody looked at and did not accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from loopai_nb.ledger.store import Ledger

__all__ = ["not_accepted"]


def not_accepted(
    ledger: Ledger,  # noqa: ARG001  (what reviews are looked up by)
    run_id: str,  # noqa: ARG001  (as above)
    request_ids: Collection[str],  # noqa: ARG001  (as above)
) -> frozenset[str]:
    """Tell which of a run's answers are still to be accepted, where it is reviewed at all.

    Returns:
        Of ``request_ids`` those without an ACCEPTED or EDITED review; none of them where the run has no
        review. The ledger holds no reviews yet, so today it is none.
    """
    return frozenset()
