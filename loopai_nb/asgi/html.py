"""Pieces of a page; every text goes through ``text`` or ``shown``, so that none of it is live."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from loopai_nb.asgi.messages import Answer
from loopai_nb.asgi.style import STYLE
from loopai_nb.redaction import spelled_out, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MOST_TEXT", "clipped", "fact_list", "page", "plain_page", "shown", "text"]

MOST_TEXT = 20_000
"""Characters of one prompt that are shown; a note tells of the rest."""


def text(given: object, most: int = 500) -> str:
    """A text in a line: bounded, invisible characters spelled out, escaped."""
    return html.escape(visible(clipped(str(given), most), one_line=True))


def shown(given: str, *, hit: str = "", most: int = MOST_TEXT) -> str:
    """A prompt: as ``text``, with its lines, and with odd characters and what was searched for marked."""
    cut = given[:most]
    parts = []
    for odd, piece in spelled_out(cut):
        if odd:
            parts.append(
                f'<mark class="odd" title="a character that would not be seen">{html.escape(piece)}</mark>'
            )
        else:
            parts.append(_hits(piece, hit))
    if len(given) > most:
        parts.append(f"<mark> … ({len(given) - most:,} more characters)</mark>")
    return "".join(parts)


def clipped(given: str, most: int) -> str:
    """The text, or its beginning and how much more there is."""
    return given if len(given) <= most else f"{given[:most]} … ({len(given) - most:,} more characters)"


def fact_list(facts: Iterable[tuple[str, str]]) -> str:
    """Names and texts; what is empty is left out."""
    rows = "".join(f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in facts if value)
    return f'<dl class="facts">{rows}</dl>'


def page(title: str, content: str, *, note: str = "", status: int = 200, decides: bool = False) -> Answer:
    """A whole page.

    Args:
        title: Plain text.
        content: HTML.
        note: Plain text at the top right.
        status: HTTP status.
        decides: It has a form to decide with, ``#decide``.
    """
    skip = '<a class="skip" href="#decide">To the decision</a>' if decides else ""
    body = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{text(title)} · loopai_nb</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body>{skip}'
        f'<header class="top"><b>loopai_nb</b><span>{text(note)}</span></header>'
        f"<main>{content}</main></body></html>"
    )
    return Answer(status, body.encode("utf-8", "backslashreplace"))


def plain_page(status: int, title: str, sentence: str) -> Answer:
    """A page that says one thing."""
    content = f"<h1>{text(title)}</h1><p class=lead>{text(sentence)}</p>"
    return page(title, content, status=status)


def _hits(piece: str, hit: str) -> str:
    if not hit:
        return html.escape(piece)
    parts, seen = [], 0
    for match in re.finditer(re.escape(hit), piece, re.IGNORECASE):
        parts.append(html.escape(piece[seen : match.start()]))
        parts.append(f'<mark class="hit">{html.escape(match[0])}</mark>')
        seen = match.end()
    return "".join([*parts, html.escape(piece[seen:])])
