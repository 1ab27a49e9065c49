"""``metrics``: what all requests of the ledger came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.cli.exits import Exit

if TYPE_CHECKING:
    import argparse

    from loopai_nb.cli.console import Console

__all__ = ["metrics"]


def metrics(args: argparse.Namespace, console: Console) -> int:
    """Write them in the form that is asked for.

    Raises:
        MissingExtra: Prometheus's format, without the extra ``metrics``.
    """
    with console.session() as session:
        found = session.metrics()
        forms = {"text": found.__repr__, "json": found.json, "prometheus": found.prometheus}
        console.show(forms[args.format]().rstrip("\n"))
    return Exit.DONE
