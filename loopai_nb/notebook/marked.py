"""Texts with marks for a widget: odd characters, what a rule masked, what was searched, what was changed.

A marked text is a list of ``[kind, text]``; the kinds are "" (as it is), "odd" (a character that would not be
seen, spelled out), "cut" (was there before), "new" (is there now) and "hit" (was searched for).
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from loopai_nb.redaction import spelled_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loopai_nb.redaction import Redactor

__all__ = ["Marked", "changes", "marked", "masked_parts"]

Marked = list[list[str]]

MOST = 20_000
"""Characters of one text that are shown."""

_MOST_COMPARED = 2_000
"""Words; above, a text that changed is shown as a whole, since comparing takes the square of it."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_TRIES = 8


def marked(text: str, *, kind: str = "", hit: str = "", most: int = MOST) -> Marked:
    """A text with its odd characters, and what was searched for, marked.

    Args:
        text: Any length.
        kind: Of all that is neither.
        hit: What was searched for, upper and lower case alike; "" for nothing.
        most: Characters that are shown; a note tells of the rest.
    """
    pieces: list[tuple[str, str]] = []
    for odd, piece in spelled_out(text[:most]):
        if odd:
            pieces.append(("odd", piece))
        else:
            pieces += _hits(piece, hit, kind) if hit else [(kind, piece)]
    if len(text) > most:
        pieces.append(("", f" … ({len(text) - most:,} more characters)"))
    return _joined(pieces)


def masked_parts(original: str, masked: str, redactor: Redactor, *, hit: str = "") -> Marked:
    """A masked text in which each mask follows what it stands for; where that can't be told, the masks alone.

    Args:
        original: As the template gave it.
        masked: As it is sent.
        redactor: Whose rules masked it.
        hit: See ``marked``.
    """
    if original == masked or not redactor:
        return marked(masked, hit=hit)
    parts = re.split(rf"\[({'|'.join(redactor.rules)})\]", masked)  # text, rule, text, rule, ..., text
    shown: Marked = []
    at = 0
    for i in range(0, len(parts), 2):
        if not original.startswith(parts[i], at):
            return marked(masked, hit=hit)
        shown += marked(parts[i], hit=hit)
        at += len(parts[i])
        if i + 1 == len(parts):
            break
        mask = f"[{parts[i + 1]}]"
        if original.startswith(mask, at):  # it stood there as text
            shown.append(["", mask])
            at += len(mask)
            continue
        end = _end_of(original, at, parts[i + 2], mask, redactor)
        shown += [*marked(original[at:end], kind="cut"), ["new", mask]]
        at = end
    return _clipped(shown)


def changes(before: str, after: str) -> Marked:
    """What was changed in a text, word by word; "" in both gives nothing."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > _MOST_COMPARED:
        return [*marked(before, kind="cut"), *marked(after, kind="new")]
    shown: list[tuple[str, str]] = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            shown += _pieces("".join(old[a:b]), "")
            continue
        shown += _pieces("".join(old[a:b]), "cut")
        shown += _pieces("".join(new[c:d]), "new")
    return _joined(shown)


def _end_of(original: str, at: int, following: str, mask: str, redactor: Redactor) -> int:
    """Where a finding ends that begins somewhere: before the text behind it, at the first place that fits."""
    if not following:
        return len(original)
    first = end = original.find(following, at + 1)
    for _ in range(_TRIES):
        if end < 0:
            break
        if redactor.redact(original[at:end])[0] == mask:
            return end
        end = original.find(following, end + 1)
    return first if first >= 0 else len(original)


def _hits(text: str, hit: str, kind: str) -> Iterator[tuple[str, str]]:
    seen = 0
    for match in re.finditer(re.escape(hit), text, re.IGNORECASE):
        yield kind, text[seen : match.start()]
        yield "hit", match[0]
        seen = match.end()
    yield kind, text[seen:]


def _pieces(text: str, kind: str) -> list[tuple[str, str]]:
    return [(one[0], one[1]) for one in marked(text, kind=kind)]


def _joined(pieces: Iterable[tuple[str, str]]) -> Marked:
    """Neighbours of one kind as one; nothing empty."""
    shown: Marked = []
    for kind, text in pieces:
        if not text:
            continue
        if shown and shown[-1][0] == kind and kind != "odd":
            shown[-1][1] += text
        else:
            shown.append([kind, text])
    return shown


def _clipped(shown: Marked) -> Marked:
    total = sum(len(text) for _, text in shown)
    return shown if total <= MOST * 2 else [*shown[: MOST // 10], ["", f" … ({total:,} characters)"]]
