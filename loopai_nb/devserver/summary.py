"""Extractive summary: the sentences of a text whose words matter most in it, in their order, unchanged."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from loopai_nb.devserver.words import STOP_WORDS, stem, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["split_instruction", "summarise"]

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\s|$)|[.!?](?=\S)[^.!?\n]*)*[.!?]*")
_INSTRUCTION = re.compile(
    r"\W*(?:please |now )?(?:summari[sz]e|describe|explain|extract|list|write|give|tell|answer|what|which|"
    r"read (?:the|this)|fill in|classify|judge|"
    r"who|why|how|in (?:one|two|a few|\d+) (?:sentence|word)|you are|your task|translate|rewrite|say in|"
    r"from the following)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:one|a single|1) (?:short )?(?:sentence|line|phrase)\b|\bone word\b", re.IGNORECASE)
_MOST_SENTENCES = 3
_MOST_CHARS = 400_000
"""Beyond it a text is summarised by its beginning: counting words holds up the event loop."""


def summarise(prompt: str, fits: Callable[[str], bool]) -> str:
    """Return up to three sentences of a prompt (one where one is asked for).

    Args:
        prompt: Instruction and text.
        fits: Tells whether an answer is short enough.

    Returns:
        Sentences as written; the best one even where it does not fit; "" only for a prompt without any text.
    """
    asked, text = _sorted(prompt)
    if not text:
        return prompt.strip()[:200]
    most = 1 if any(_ONE.search(s) for s in asked) else _MOST_SENTENCES
    stems = [[stem(w) for w in tokens(s) if w not in STOP_WORDS and w.isalnum()] for s in text]
    weight = Counter(word for words in stems for word in set(words))
    wanted = {stem(w) for s in asked for w in tokens(s) if w not in STOP_WORDS}

    def worth(at: int) -> float:
        words = set(stems[at])
        total = float(sum(weight[w] + (2 if w in wanted else 0) for w in words))
        # The square root keeps a long sentence from winning by its length and a short one by its rarity.
        return total / math.sqrt(max(len(words), 4))

    order = sorted(range(len(text)), key=lambda at: (-worth(at), at))
    chosen = [order[0]]
    for at in order[1:]:
        if len(chosen) == most:
            break
        if text[at] not in {text[n] for n in chosen} and fits(
            " ".join(text[n] for n in sorted([*chosen, at]))
        ):
            chosen.append(at)
    return " ".join(text[n] for n in sorted(chosen))


def split_instruction(prompt: str) -> tuple[str, str]:
    """Return a prompt's text and its instruction; both may be empty."""
    asked, text = _sorted(prompt)
    return "\n".join(text), " ".join(asked)


def _sorted(prompt: str) -> tuple[list[str], list[str]]:
    """Return the sentences that instruct, and the others (all, where all instruct)."""
    sentences = [s.strip() for s in _SENTENCE.findall(prompt[:_MOST_CHARS]) if any(map(str.isalnum, s))]
    for at, sentence in enumerate(sentences):
        # "Summarise: the text" is an instruction and the text's first sentence.
        head, colon, rest = sentence.partition(": ")
        if colon and rest.strip() and _INSTRUCTION.match(head):
            sentences[at : at + 1] = [f"{head}:", rest.strip()]
            break
    asked = [s for s in sentences if _INSTRUCTION.match(s) or s.endswith(":")]
    return asked, [s for s in sentences if s not in asked] or sentences
