"""A small deterministic model without weights: it picks an offered label, or else quotes the text.

It understands nothing. It is for trying loopai_nb out and for tests: the same prompt has the same answer on
every machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loopai_nb.devserver.choices import find_choice
from loopai_nb.devserver.matching import LabelMatcher
from loopai_nb.devserver.structured import Filler, schema_within, without_complaint
from loopai_nb.devserver.summary import split_instruction, summarise

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ANY_OBJECT", "LexicalModel", "Said", "count_tokens"]

ANY_OBJECT = {"type": "object"}
"""What OpenAI's older ``json_object`` asks for."""

BYTES_PER_TOKEN = 4
_MOST_MATCHERS = 256


def count_tokens(text: str) -> int:
    """Count tokens the documented way: one for each started 4 bytes of UTF-8; an empty text has none."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer and whether ``max_tokens`` cut it short."""

    text: str
    cut: bool


class LexicalModel:
    """Answers prompts by their words; used from one thread."""

    def __init__(self) -> None:
        self._matchers: dict[tuple[tuple[str, ...], str], LabelMatcher] = {}

    def answer(
        self,
        prompt: str,
        system: str = "",
        max_tokens: int | None = None,
        schema: Mapping[str, Any] | None = None,
    ) -> Said:
        """Answer a prompt.

        Args:
            prompt: The user's message.
            system: The system prompt; a choice or a JSON Schema may stand there.
            max_tokens: Most tokens of the answer; None for no limit.
            schema: JSON Schema that the answer has to fit; None looks for one in the texts.
        """
        prompt = without_complaint(prompt)
        if schema is None:
            told = schema_within(prompt)
            if told is not None:
                schema, prompt = told
            else:
                schema = (schema_within(system) or (None,))[0]
        if schema is not None:
            return shorten(json.dumps(self._filled(schema, prompt, system), ensure_ascii=False), max_tokens)
        choice = find_choice(prompt, system)
        if choice is None:
            return shorten(summarise(prompt, lambda text: _fits(text, max_tokens)), max_tokens)
        label = choice.answers[self.matcher(choice.labels, choice.question).best(choice.text)]
        if choice.json_key:
            label = json.dumps({choice.json_key: label}, ensure_ascii=False)
        return shorten(label, max_tokens)

    def plain(self, text: str, question: str) -> str:
        """Answer a question about a text by its best label, or quote the text."""
        choice = find_choice(text, question)
        if choice is None:
            return summarise(text, lambda _: True)
        return choice.answers[self.matcher(choice.labels, choice.question).best(choice.text)]

    def _filled(self, schema: Mapping[str, Any], prompt: str, system: str) -> Any:
        choice = find_choice(prompt, system)
        if schema == ANY_OBJECT:
            text = self.plain(prompt, system)
            return {choice.json_key if choice and choice.json_key else "answer": text}
        text, question = split_instruction(prompt)
        values = json.dumps(schema, ensure_ascii=False).casefold()
        # The prompt may offer the schema's labels in words; any other list in it is none of its labels.
        if choice is not None and all(f'"{label.casefold()}"' in values for label in choice.labels):
            text, question = choice.text, choice.question
        return Filler(self, schema, text, question or system).value()

    def matcher(self, labels: tuple[str, ...], question: str) -> LabelMatcher:
        """Return the matcher of a set of labels; made once, since rows of one run share it."""
        matcher = self._matchers.get((labels, question))
        if matcher is None:
            if len(self._matchers) >= _MOST_MATCHERS:
                self._matchers.clear()
            matcher = self._matchers[labels, question] = LabelMatcher(labels, question)
        return matcher


def shorten(text: str, max_tokens: int | None) -> Said:
    """Cut a text to a number of tokens, never inside a character."""
    if _fits(text, max_tokens):
        return Said(text, cut=False)
    head = text.encode("utf-8", "surrogatepass")[: (max_tokens or 0) * BYTES_PER_TOKEN]
    return Said(head.decode("utf-8", "ignore"), cut=True)


def _fits(text: str, max_tokens: int | None) -> bool:
    return max_tokens is None or count_tokens(text) <= max_tokens
