"""What all requests of a plan share, and its canonical form, which digests and keys are made of."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from loopai_nb.pricing import Price
from loopai_nb.records import Parameters, ServerKind

__all__ = ["PlanSpec", "canonical", "history_key", "nfc"]

# What steers one request and not how long answers are.
_NOT_COMPARED = frozenset({"metadata", "seed", "user"})


@dataclass(frozen=True, slots=True)
class PlanSpec:
    """What all requests of a plan share.

    Attributes:
        server_kind: Protocol.
        server_url: Base URL, without secrets.
        model: Name of the model, or a Loopai task's id.
        parameters: Beside the prompt.
        price: USD per token; None where nobody knows it (costs are then not counted, a budget is refused).
        budget_pusd: Most that the run may cost, in picodollars; None for no limit.
        template: The template's text.
        system: The system prompt's text, or None.
        schema_retries: How often an answer that does not fit ``parameters.schema`` is asked for again.
        cache_max_age_s: Answers of the ledger that are older, in seconds, are not used; 0 uses none, None
            those of any age.
        dedup: Send identical requests once; else each row is asked by itself.
    """

    server_kind: ServerKind
    server_url: str
    model: str
    parameters: Parameters
    price: Price | None
    budget_pusd: int | None
    template: str
    system: str | None = None
    schema_retries: int = 2
    cache_max_age_s: float | None = None
    dedup: bool = True

    def as_json(self) -> str:
        """Canonical JSON, which ``from_json`` reads."""
        price = self.price
        # What a plan does not use is left out, so that the digest of an older plan stays what it was.
        used: dict[str, object] = {}
        if self.parameters.schema is not None:
            used |= {"schema": dict(self.parameters.schema), "schema_retries": self.schema_retries}
        if self.cache_max_age_s is not None:
            used["cache_max_age_s"] = self.cache_max_age_s
        if not self.dedup:
            used["dedup"] = False
        return canonical(
            used
            | {
                "version": 1,
                "server_kind": str(self.server_kind),
                "server_url": self.server_url,
                "model": self.model,
                "max_tokens": self.parameters.max_tokens,
                "temperature": self.parameters.temperature,
                "extra": dict(self.parameters.extra),
                "price": None
                if price is None
                else [price.input_pusd_per_token, price.output_pusd_per_token, price.source],
                "budget_pusd": self.budget_pusd,
                "template": self.template,
                "system": self.system,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> PlanSpec:
        """The spec that ``as_json`` wrote."""
        data = json.loads(text)
        price = data["price"]
        return cls(
            server_kind=ServerKind(data["server_kind"]),
            server_url=data["server_url"],
            model=data["model"],
            parameters=Parameters(data["max_tokens"], data["temperature"], data["extra"], data.get("schema")),
            price=None if price is None else Price(*price),
            budget_pusd=data["budget_pusd"],
            template=data["template"],
            system=data["system"],
            schema_retries=data.get("schema_retries", 2),
            cache_max_age_s=data.get("cache_max_age_s"),
            dedup=data.get("dedup", True),
        )


def history_key(spec: PlanSpec) -> bytes:
    """What earlier requests share with these where they tell how many tokens and how long these will take.

    Server, model, template, system prompt, ``max_tokens``, schema and extra fields (``stop`` and ``n`` change
    how much is answered); not the price, the budget, the temperature or a seed.

    Returns:
        SHA-256, 32 bytes.
    """
    parameters = spec.parameters
    compared = {name: value for name, value in parameters.extra.items() if name not in _NOT_COMPARED}
    text = canonical(
        {
            "version": 1,
            "server_kind": str(spec.server_kind),
            "server_url": spec.server_url,
            "model": spec.model,
            "template": spec.template,
            "system": spec.system,
            "max_tokens": parameters.max_tokens,
            "schema": None if parameters.schema is None else dict(parameters.schema),
            "extra": compared,
        }
    )
    return hashlib.sha256(text.encode()).digest()


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and text in Unicode NFC: equal values give equal text.

    Raises:
        ValueError: NaN or infinity, which JSON does not have.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return nfc(text)


def nfc(text: str) -> str:
    """Text in Unicode NFC; the very same object where it is in that form already."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
