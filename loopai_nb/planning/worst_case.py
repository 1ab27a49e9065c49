"""What a request can cost at most, whatever comes back: it is reserved before anything is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loopai_nb.pricing import Price
    from loopai_nb.records import Parameters

__all__ = ["MESSAGE_OVERHEAD_TOKENS", "WorstCase", "most_answer_tokens", "worst_case_pusd"]

MESSAGE_OVERHEAD_TOKENS = 128
"""Tokens that a chat template adds to system prompt and prompt, reserved for each request.

The marks around messages are few: 3 a message and 3 for the reply in OpenAI's cookbook
(how_to_count_tokens_with_tiktoken), some more in open models. What counts is the system text that some
templates put in by themselves: Llama 3.1's dates (60 characters) and gpt-oss's dates and channels (280
characters, about 70 tokens). 128 is above these and costs 0.000128 USD a request at 1 USD per million
tokens. It is not above every template: Mistral Small 3 puts in some 200 tokens where no system prompt is
given, so give one there.
"""

# Names that servers have for how many answers are written to one request, kept or not.
_COUNTS = frozenset({"best_of", "beam_width", "candidate_count", "n", "num_beams", "num_return_sequences"})
# Names that servers have for max_tokens: where a client sends one beside its own, the greater may hold.
_LIMITS = frozenset(
    {
        *("max_completion_tokens", "max_length", "max_new_tokens", "max_output_tokens", "max_tokens"),
        *("max_tokens_to_sample", "min_tokens", "n_predict", "num_predict"),
    }
)
# Fees per call, text that the server fetches, and answer tokens beside max_tokens.
_UNBOUNDED = frozenset(
    {
        *("chat_template", "container", "conversation", "enable_search", "extra_body", "functions"),
        *("generationConfig", "generation_config", "input", "mcp_servers", "messages", "options", "plugins"),
        *("prediction", "previous_response_id", "prompt", "search_options", "search_parameters"),
        *("thinking_budget", "tools", "web_search", "web_search_options"),
    }
)
# Other prices per token than the one of the list.
_DEARER = frozenset(
    {
        *("audio", "cache_control", "fallbacks", "inference_geo", "modalities", "model", "models"),
        *("provider", "route", "service_tier", "speed"),
    }
)
_CHEAP_TIERS = ("default", "flex", "standard_only")
# What only steers the choice of tokens, or the server.
_NEVER_WRITTEN = frozenset(
    {
        *("frequency_penalty", "logit_bias", "logprobs", "metadata", "min_p", "presence_penalty"),
        *("repetition_penalty", "seed", "stop", "top_k", "top_logprobs", "top_p", "user"),
    }
)


@dataclass(frozen=True, slots=True)
class WorstCase:
    """Most that one send can cost, as a line over the bytes of its texts.

    No tokenizer makes more tokens of a text than it has bytes.

    Attributes:
        base_pusd: Picodollars of what is there with every request: the longest answer, the marks around
            messages, and what the server may write into the prompt by itself.
        pusd_per_byte: Picodollars of one byte of prompt or system prompt in UTF-8.
    """

    base_pusd: int
    pusd_per_byte: int

    @classmethod
    def of(cls, parameters: Parameters, price: Price) -> WorstCase:
        """The worst case of requests with these parameters.

        Of ``parameters.extra``, counts of answers (``n``, ``best_of``...) multiply the answer's tokens, the
        greatest of the limits (``max_completion_tokens``...) bounds them, and what else may end in the
        prompt, such as ``response_format``, counts with its bytes. Fields that nobody knows are taken to cost
        no more. A schema counts with its own bytes and with all that asking again puts into the prompt.

        Raises:
            InputError: A count or limit is no whole number from 1 on; or, where the price is not 0, a field
                lets the server charge more than any count of tokens tells (tools, searches, predictions), or
                dearer tokens than those of a listed price (``service_tier``, other models, sound).
        """
        answer_tokens = most_answer_tokens(parameters)
        if price.input_pusd_per_token == price.output_pusd_per_token == 0:
            return cls(0, 0)
        input_tokens = MESSAGE_OVERHEAD_TOKENS
        if parameters.extra:
            _check_bounded(parameters, price)
            input_tokens += _extra_bytes(parameters)
        if parameters.schema is not None:
            input_tokens += _schema_bytes(parameters.schema)
        return cls(price.cost_pusd(input_tokens, answer_tokens), price.input_pusd_per_token)


def worst_case_pusd(prompt_bytes: int, system_bytes: int, parameters: Parameters, price: Price) -> int:
    """Picodollars that one send can cost at most.

    Raises:
        InputError: It can't be bounded; see ``WorstCase.of``.
    """
    worst = WorstCase.of(parameters, price)
    return worst.base_pusd + (prompt_bytes + system_bytes) * worst.pusd_per_byte


def most_answer_tokens(parameters: Parameters) -> int:
    """Most tokens of all answers to one request.

    Raises:
        InputError: A count or limit among the extra fields is no whole number from 1 on.
    """
    if not parameters.extra:
        return parameters.max_tokens
    given = {name: value for name, value in parameters.extra.items() if value is not None}
    for name in sorted(given.keys() & (_COUNTS | _LIMITS)):
        value = given[name]
        if type(value) is not int or value < 1:
            raise InputError(f"{name} is {value!r}; it has to be a whole number from 1 on.")
    limit = max([parameters.max_tokens, *(int(str(given[name])) for name in given.keys() & _LIMITS)])
    return limit * max([1, *(int(str(given[name])) for name in given.keys() & _COUNTS)])


def _check_bounded(parameters: Parameters, price: Price) -> None:
    # What is off (false, null, empty) is as if it were not there.
    used = {name for name, value in parameters.extra.items() if value}
    if parameters.extra.get("service_tier") in _CHEAP_TIERS:
        used.discard("service_tier")
    if fees := sorted(used & _UNBOUNDED):
        raise InputError(
            f"What a request costs can't be bounded with {', '.join(fees)} among the extra parameters.",
            "Leave it out.",
        )
    if price.source != "set" and (dearer := sorted(used & _DEARER)):
        raise InputError(
            f"The price list doesn't say what {', '.join(dearer)} among the extra parameters costs.",
            "Leave it out, or set the price that you pay: --price IN,OUT",
        )


def _extra_bytes(parameters: Parameters) -> int:
    """Bytes of what a server may write into the prompt, indented as widely as servers do."""
    written = {
        name: value
        for name, value in parameters.extra.items()
        if name not in _NEVER_WRITTEN and name not in _COUNTS and name not in _LIMITS
    }
    return len(json.dumps(written, indent=4, default=str)) if written else 0


def _schema_bytes(schema: Mapping[str, object]) -> int:
    """Bytes that a schema adds: as a field, and by its instruction and the reason why an answer was refused.

    A server is sent one of the two forms, and another may be what the next send needs: both are reserved.
    """
    from loopai_nb.prompts.structured import most_added_bytes, response_format

    as_json = dict(schema)
    field = len(json.dumps(response_format(as_json), indent=4).encode())
    return field + most_added_bytes(as_json)
