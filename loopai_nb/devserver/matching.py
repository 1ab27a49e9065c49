"""Which of a choice's labels fits a text best, by its words alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.devserver.choices import CATCH_ALL, OTHER, UNKNOWN
from loopai_nb.devserver.words import NEGATORS, content_words, fit, stem, tokens, word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LabelMatcher"]

_YES = frozenset({"yes", "true", "y"})
_NO = frozenset({"no", "false", "n"})
_NONE = frozenset({"none", "nothing", "no damage", "nil"}) | _NO
_HAPPENED = frozenset(
    stem(word)
    for word in word_set(
        "hit struck strike impact damage dmg dent bent broken cracked ingested destroyed replaced found on "
        "to into against in torn punctured"
    )
)
"""Words beside which a named thing is what the text is about."""
_FITS = 0.5
"""Least score of a label that is said to fit."""
_REACH = 3
"""Words within which a negator or a happening bears on another word."""
_BREAKS = frozenset(".;,:!?\n()")
_MOST_CACHED = 50_000


@dataclass(slots=True)
class _Hit:
    label: int
    weight: float


class LabelMatcher:
    """Fits texts to one set of labels; remembers words that it has seen, since rows repeat them.

    Args:
        labels: As written.
        question: Instruction around them, for yes/no and none.
    """

    def __init__(self, labels: Sequence[str], question: str = "") -> None:
        self._folded = [label.casefold() for label in labels]
        self._words = [[w for w in tokens(label) if w not in _BREAKS] or [label] for label in self._folded]
        self._asked = _asked(question, self._words)
        self._seen: dict[str, tuple[tuple[int, float], ...]] = {}
        self._catch_all = frozenset(
            at for at, label in enumerate(self._folded) if label in CATCH_ALL or label in _NONE
        )
        folded = set(self._folded)
        self._opposite = self._opposites()
        self._yes_no = bool(folded & _YES and folded & _NO)

    def best(self, text: str) -> int:
        """Return the index of the label that fits best; the same for the same text."""
        words = tokens(text)
        if self._yes_no:
            return self._yes_or_no(words)
        scores = self._scores(words)
        best = max(range(len(scores)), key=lambda at: (scores[at], -at))
        if scores[best] >= _FITS:
            return best
        return self._fallback(words)

    def _scores(self, words: list[str]) -> list[float]:
        """Score each label: its best mention, a little for each further one, a little for coming first."""
        best = [0.0] * len(self._folded)
        count = [0] * len(self._folded)
        first = len(words)
        opposite = self._opposite
        for at, hits in self._mentions(words).items():
            negated = _negated(words, at)
            near = any(stem(w) in _HAPPENED for w in words[max(0, at - _REACH) : at + _REACH])
            first = min(first, at)
            for hit in hits:
                weight = hit.weight * (0.4 if negated else 1.0) + (
                    0.2 if near and not negated and hit.weight >= _FITS else 0.0
                )
                weight -= 0.1 * (at - first) / len(words)
                count[hit.label] += 1
                best[hit.label] = max(best[hit.label], weight)
                if negated and hit.label in opposite:
                    best[opposite[hit.label]] = max(best[opposite[hit.label]], 0.6)
        return [b + 0.05 * min(n - 1, 4) if n > 1 else b for b, n in zip(best, count, strict=True)]

    def _mentions(self, words: list[str]) -> dict[int, list[_Hit]]:
        """Return what each word of a text stands for, by its place."""
        mentions: dict[int, list[_Hit]] = {}
        for at, word in enumerate(words):
            known = self._seen.get(word)
            if known is None:
                known = self._look_up(word)
            if known:
                mentions[at] = [_Hit(label, weight) for label, weight in known]
        for at, hits in mentions.items():
            following = mentions.get(at + 1)
            if following and not {h.label for h in hits} & {h.label for h in following}:
                # A noun before a noun only tells which: "nose gear" is gear.
                for hit in hits:
                    hit.weight *= 0.4
        return mentions

    def _look_up(self, word: str) -> tuple[tuple[int, float], ...]:
        hits: list[tuple[int, float]] = []
        if word not in _BREAKS and word not in NEGATORS:
            for label, parts in enumerate(self._words):
                if label in self._catch_all:
                    continue
                # The last word of a label is what it is; those before only tell which.
                weight = max(fit(word, parts[-1]), 0.35 * max((fit(word, p) for p in parts[:-1]), default=0))
                if weight >= 0.2:  # noqa: PLR2004  (less is chance)
                    hits.append((label, weight))
        if len(self._seen) >= _MOST_CACHED:
            self._seen.clear()
        self._seen[word] = tuple(hits)
        return self._seen[word]

    def _opposites(self) -> dict[int, int]:
        pairs = {"positive": "negative", "good": "bad", "happy": "sad", "pass": "fail"}
        found: dict[int, int] = {}
        for one, other in pairs.items():
            if one in self._folded and other in self._folded:
                a, b = self._folded.index(one), self._folded.index(other)
                found[a], found[b] = b, a
        return found

    def _evidence(self, words: list[str]) -> tuple[float, float]:
        """Return the shares of the question's words that the text says and denies."""
        said: set[str] = set()
        denied: set[str] = set()
        for at, word in enumerate(words):
            for asked in self._asked:
                if fit(word, asked) >= 0.7:  # noqa: PLR2004  (weaker ones are modifiers)
                    (denied if _negated(words, at) else said).add(asked)
        number = max(len(self._asked), 1)
        return len(said - denied) / number, len(denied) / number

    def _yes_or_no(self, words: list[str]) -> int:
        said, denied = self._evidence(words)
        yes = next(at for at, label in enumerate(self._folded) if label in _YES)
        no = next(at for at, label in enumerate(self._folded) if label in _NO)
        if denied:
            return no
        if said:
            return yes
        unknown = self._first_of(UNKNOWN)
        return no if unknown is None else unknown

    def _fallback(self, words: list[str]) -> int:
        """Return the label for a text that names none of the others."""
        none = next((at for at, label in enumerate(self._folded) if label in _NONE), None)
        if none is not None and self._evidence(words)[1]:
            return none
        other = next((at for at, label in enumerate(self._folded) if label in OTHER), None)
        unknown = self._first_of(UNKNOWN)
        if other is not None and unknown is not None:
            return other if _names_a_thing(words) else unknown
        for choice in (other, unknown, none):
            if choice is not None:
                return choice
        return self._nearest(" ".join(words))

    def _first_of(self, names: Sequence[str]) -> int | None:
        return next((self._folded.index(name) for name in names if name in self._folded), None)

    def _nearest(self, text: str) -> int:
        """Return the label that shares most three-letter runs with the text: a guess, and always the same."""
        runs = {text[i : i + 3] for i in range(len(text) - 2)}

        def share(at: int) -> float:
            label = self._folded[at]
            own = {label[i : i + 3] for i in range(len(label) - 2)} or {label}
            return len(own & runs) / len(own)

        return max(range(len(self._folded)), key=lambda at: (share(at), -at))


def _asked(question: str, labels: list[list[str]]) -> list[str]:
    """Return the words that a question is about: its own, without the labels' and those of form."""
    form = word_set(
        "answer word label reply respond yes no one choose text report remark following question remarks "
        "mention mentioned anything please only none"
    ).union(*labels)
    return [word for word in content_words(question) if word not in form and not word.isdigit()]


def _negated(words: list[str], at: int) -> bool:
    """Tell whether a negator stands up to two words before, within the clause."""
    for word in reversed(words[max(0, at - _REACH + 1) : at]):
        if word in _BREAKS:
            return False
        if word in NEGATORS:
            return True
    return False


_ABOUT = frozenset(
    stem(word) for word in word_set("damage dent bent broken cracked torn struck hit impact replaced")
)
_NO_THING = frozenset(
    stem(word)
    for word in word_set(
        "bird birds flock gull gulls goose geese hawk owl duck dove sparrow deer aircraft plane flight "
        "flt runway rwy minor small large no time unknown unkn reported reptd found report pilot crew "
        "approach takeoff landing visible part several many whole same area side apparent none slight "
        "left right rt lt ac strike damage injury injuries"
    )
)


def _names_a_thing(words: list[str]) -> bool:
    """Tell whether something that is no label was hit or damaged: ``DAMAGE TO PITOT``, ``LIGHT BROKEN``."""
    for at, word in enumerate(words):
        if stem(word) not in _ABOUT or _negated(words, at):
            continue
        after = words[at + 1 : at + 5]
        if after[:1] in (["to"], ["on"], ["in"]) or stem(word) in {stem("struck"), stem("hit")}:
            clause = []
            for w in after:
                if w in _BREAKS:
                    break
                clause.append(w)
            # "Struck 100 starlings" counts what flew, and "part struck not given" says nothing.
            if NEGATORS.intersection(clause) or (clause and clause[0].isdigit()):
                continue
            things = [w for w in content_words(" ".join(clause)) if not w.isdigit()]
            if things and not any(stem(w) in _NO_THING or w.endswith("bird") for w in things):
                return True
    return False
