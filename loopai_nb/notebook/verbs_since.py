"""Verbs about what is new in the database: how far pulls came, and rows that are seen without answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.notebook.shown import Grid, Sentences, Shown
from loopai_nb.notebook.wording import moment

if TYPE_CHECKING:
    from loopai_nb.ledger.watermarks import Moved
    from loopai_nb.notebook.workbench import Call

__all__ = ["seen", "watermarks"]


def seen(call: Call) -> Shown:
    """Move the mark of a pull by hand."""
    moved = call.session.seen(call.asked(call.args.frame))
    mark = moved.mark
    return Sentences(f"{mark.source}: the next pull since {mark.column} begins after {mark.value}.")


def watermarks(call: Call) -> Shown:
    """How far the pulls of only what is new came; or forget one of the marks."""
    name = call.args.forget
    if name is not None:
        call.session.forget_watermark(name)
        return Sentences(f"{name} is forgotten: the next pull of its kind takes all rows.")
    found = call.session.watermarks()
    if not found:
        return Sentences("No pull has left a mark yet: %loopai pull TABLE --since COLUMN")
    header = ["source", "condition", "column", "up to"]
    lines = [_line(moved) for moved in found]
    if call.bench.static:
        return Grid(header, lines)
    said = [
        [moved.name, *line, moved.mark.place, moved.moved_by, moment(moved.moved_ms)]
        for moved, line in zip(found, lines, strict=True)
    ]
    note = "Forget one: %loopai watermarks --forget NAME"
    return Grid(["name", *header, "database", "moved by", "at"], said, note=note)


def _line(moved: Moved) -> list[str]:
    mark = moved.mark
    return [mark.source, mark.condition or "", mark.column, mark.value]
