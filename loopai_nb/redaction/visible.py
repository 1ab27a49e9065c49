"""Characters that a reader would not see, made visible for the views where a person decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["spelled_out", "visible"]

# Control characters (line feed, tab and the CR of CRLF stay), soft hyphen, joiners and zero-width spaces,
# bidi controls (https://trojansource.codes), line and paragraph separators, fillers that render as nothing,
# variation selectors and tag characters (both can carry hidden text), lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    r"|\r(?!\n)"
)
# An emoji's own joiner and presentation selector are no disguise: between two symbols, once behind one.
_EMOJI_PART = re.compile(
    "(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])"
    "|(?<=[#*0-9\xa9\xae\u203c-\u303d\u3297\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]"
)
_CONTROL_PICTURES = 0x2400
_LINE_ENDS = {ord("\n"): "\u240a", ord("\r"): "\u240d", ord("\t"): "\u2409"}
_DELETE = 0x7F
_FIRST_PRINTABLE = 0x20


def visible(text: str, *, one_line: bool = False) -> str:
    """The text with control, ANSI, bidi and zero-width characters spelled out.

    C0 controls become their pictures (ESC is "␛", NUL "␀"), every other invisible character its code point,
    such as "[U+202E]". Line feeds, tabs, CRLF, and the joiners inside an emoji stay. It is for views only:
    what is sent and stored is the text itself.

    Args:
        text: Any length.
        one_line: Line feeds, carriage returns and tabs become pictures too.
    """
    emoji_parts = _emoji_parts(text)
    shown = _INVISIBLE.sub(
        lambda match: match[0] if match.start() in emoji_parts else _spelled(match[0]), text
    )
    return shown.translate(_LINE_ENDS) if one_line else shown


def spelled_out(text: str) -> Iterator[tuple[bool, str]]:
    """What ``visible`` gives, in pieces, each with whether it stands for a character that would not be seen.

    Pieces of one kind may follow each other; together they are what ``visible`` gives.
    """
    emoji_parts, seen = _emoji_parts(text), 0
    for match in _INVISIBLE.finditer(text):
        if match.start() in emoji_parts:
            continue
        if match.start() > seen:
            yield False, text[seen : match.start()]
        yield True, _spelled(match[0])
        seen = match.end()
    if seen < len(text):
        yield False, text[seen:]


def _emoji_parts(text: str) -> set[int]:
    return {match.start() for match in _EMOJI_PART.finditer(text)} if not text.isascii() else set()


def _spelled(char: str) -> str:
    code = ord(char)
    if code < _FIRST_PRINTABLE:
        return chr(_CONTROL_PICTURES + code)
    return "\u2421" if code == _DELETE else f"[U+{code:04X}]"
