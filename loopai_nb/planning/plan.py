"""A plan: the exact requests that would be sent, and a digest that stands for all of it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loopai_nb.planning.estimate import estimate_tokens, worst_case_pusd
from loopai_nb.pricing import Price
from loopai_nb.records import Parameters, ServerKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loopai_nb.planning.estimate import Estimate
    from loopai_nb.prompts.template import Rendered

__all__ = ["ContentKeys", "Plan", "PlanDigest", "PlanSpec", "PlannedRow", "canonical", "planned_rows"]

_NO_REQUEST = b"\0" * 32


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


class ContentKeys:
    """Computes content keys; what the requests of a plan share is hashed once.

    SHA-256 over the canonical JSON of server, model and parameters, then system prompt and prompt, each in
    Unicode NFC and led by its length in bytes, so that no two different requests can run together.
    """

    def __init__(self, spec: PlanSpec) -> None:
        schema = spec.parameters.schema
        shared = canonical(
            ({} if schema is None else {"schema": dict(schema)})
            | {
                "version": 1,
                "server_kind": str(spec.server_kind),
                "server_url": spec.server_url,
                "model": spec.model,
                "max_tokens": spec.parameters.max_tokens,
                "temperature": spec.parameters.temperature,
                "extra": dict(spec.parameters.extra),
            }
        )
        self._shared = hashlib.sha256(shared.encode())

    def __call__(self, prompt: str, system: str | None, copy: int | None = None) -> bytes:
        """Key of one request (32 bytes): the same for all that would send the same to the same model.

        Args:
            prompt: Rendered.
            system: Rendered, or None.
            copy: The row's position, where each row is asked by itself; else None.

        Raises:
            UnicodeEncodeError: The text holds half of a surrogate pair.
        """
        state = self._shared.copy()
        for part in (system, prompt):
            data = b"" if part is None else _nfc(part).encode()
            state.update(b"-" if part is None else b"%d:" % len(data))
            state.update(data)
        if copy is not None:
            state.update(b"#%d" % copy)
        return state.digest()


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the frame as it would be asked.

    Attributes:
        position: 0-based position in the frame.
        label: Its index label as JSON.
        key: Content key; None where the row can't be asked, and ``error`` says why.
        prompt: Rendered prompt.
        system: Rendered system prompt.
        prompt_bytes: Bytes of both in UTF-8.
        tokens: Expected input tokens.
        worst_case_pusd: Most that one send can cost.
        error: Why the row is left out.
        copy: What tells it from rows of the same content, where each is asked by itself; else None.
    """

    position: int
    label: str
    key: bytes | None
    prompt: str
    system: str | None
    prompt_bytes: int
    tokens: int
    worst_case_pusd: int
    error: str | None = None
    copy: int | None = None


class PlanDigest:
    """SHA-256 over the spec and, in order, the key of every row; updated as rows stream by."""

    def __init__(self, spec: PlanSpec) -> None:
        self._state = hashlib.sha256(spec.as_json().encode())

    def add(self, key: bytes | None) -> None:
        """Take in the next row's key."""
        self._state.update(_NO_REQUEST if key is None else key)

    def hexdigest(self) -> str:
        """The digest of what was added so far."""
        return self._state.hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """Frozen; its requests lie in the ledger under ``plan_id``.

    Attributes:
        plan_id: Such as ``p-91c2``.
        digest: Hex SHA-256 over all that would be sent, prices and budget included.
        spec: What its requests share.
        frame_name: Name of the frame in messages.
        rows: Rows of the frame.
        distinct: Distinct requests among them.
        cached: Distinct requests that the ledger has an answer of.
        left_out: Rows that can't be asked, with the first few reasons in ``problems``.
        problems: ``(position, reason)`` of the first rows left out.
        masked: Values masked in the prompts, by rule.
        estimate: Tokens, cost and time, as intervals.
        samples: The first rows that would be sent.
    """

    plan_id: str
    digest: str
    spec: PlanSpec
    frame_name: str
    rows: int
    distinct: int
    cached: int
    left_out: int
    estimate: Estimate
    problems: tuple[tuple[int, str], ...] = ()
    masked: tuple[tuple[str, int], ...] = ()
    samples: tuple[PlannedRow, ...] = field(default=(), repr=False)

    @property
    def to_send(self) -> int:
        """Distinct requests that would be sent."""
        return self.distinct - self.cached


def planned_rows(spec: PlanSpec, rendered: Iterable[Rendered], labels: Iterable[str]) -> Iterator[PlannedRow]:
    """Turn rendered prompts into planned rows, lazily and in order.

    Args:
        spec: What the requests share.
        rendered: One per row.
        labels: The index label of each row as JSON.
    """
    key_of = ContentKeys(spec)
    for position, (item, label) in enumerate(zip(rendered, labels, strict=True)):
        if item.error is not None:
            yield PlannedRow(position, label, None, "", None, 0, 0, 0, item.error)
            continue
        copy = None if spec.dedup else position
        try:
            key = key_of(item.prompt, item.system, copy)
        except UnicodeEncodeError:
            yield PlannedRow(position, label, None, "", None, 0, 0, 0, "text that is no valid Unicode")
            continue
        prompt_bytes = len(item.prompt.encode())
        system_bytes = len(item.system.encode()) if item.system else 0
        tokens = estimate_tokens(item.prompt) + (estimate_tokens(item.system) if item.system else 0)
        worst = worst_case_of(spec, item.prompt, item.system)
        yield PlannedRow(
            position,
            label,
            key,
            item.prompt,
            item.system,
            prompt_bytes + system_bytes,
            tokens,
            worst,
            copy=copy,
        )


def worst_case_of(spec: PlanSpec, prompt: str, system: str | None) -> int:
    """Picodollars that one send of this request can cost at most; 0 without a price."""
    if spec.price is None:
        return 0
    system_bytes = len(system.encode()) if system else 0
    return worst_case_pusd(len(prompt.encode()), system_bytes, spec.parameters, spec.price)


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and text in Unicode NFC: equal values give equal text.

    Raises:
        ValueError: NaN or infinity, which JSON does not have.
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return _nfc(text)


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
