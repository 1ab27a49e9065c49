"""A dashboard in a few lines and tables, where there is no widget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.notebook.shown import Grid, Sentences, Shown, Stack
from loopai_nb.notebook.wording import joined

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PlainDashboard"]

_TIMES = ("Latency", "Requests a")
_TABLES = (("models", "model"), ("templates", "template"))


class PlainDashboard(Shown):
    """Figures and tables of an overview.

    Args:
        overview: See ``DashboardDesk.overview``.
        says: Of what and of when, in words.
        static: Leave out what differs from run to run.
    """

    def __init__(self, overview: Mapping[str, Any], says: str, *, static: bool = False) -> None:
        self._parts = list(_parts(overview, says, static=static))

    def text(self) -> str:
        """One part below the other."""
        return Stack(*self._parts).text()

    def html(self) -> str:
        """One part below the other."""
        return Stack(*self._parts).html()


def _parts(overview: Mapping[str, Any], says: str, *, static: bool) -> list[Shown]:
    if overview["empty"]:
        return [Sentences(overview["empty"], overview["example"])]
    tiles = [tile for tile in overview["tiles"] if not (static and tile["name"].startswith(_TIMES))]
    figures = Grid(
        [],
        [
            [tile["name"], tile["value"], "" if static else joined([tile["change"], tile["note"]])]
            for tile in tiles
        ],
        right=(1,),
    )
    parts: list[Shown] = [Sentences(says), figures]
    for table, name in _TABLES:
        lines = [[line["shown"], *line["cells"][: 2 if static else 3]] for line in overview[table]]
        header = [name, "requests", "USD", *([] if static else ["p95"])]
        parts.append(Grid(header, lines, right=(1, 2, 3)))
    return parts
