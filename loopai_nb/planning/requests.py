"""One request of a plan: its content key, its size and its worst case, all of one look at its text."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from loopai_nb.planning.estimate import BYTES_PER_TOKEN
from loopai_nb.planning.spec import canonical, nfc
from loopai_nb.planning.worst_case import WorstCase, worst_case_pusd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loopai_nb.planning.spec import PlanSpec
    from loopai_nb.prompts.template import Rendered

__all__ = ["ContentKeys", "PlannedRow", "Requests", "planned_rows", "worst_case_of"]

_NOT_UNICODE = "text that is no valid Unicode"


class Requests:
    """Tells of each request of a plan what is stored and checked of it; what they share is worked out once.

    The key is SHA-256 over the canonical JSON of server, model and parameters, then system prompt and prompt,
    each in Unicode NFC and led by its length in bytes, so that no two different requests can run together.
    A ledger finds paid answers by it: it never changes.

    Args:
        spec: What the requests share.

    Raises:
        InputError: What a request costs can't be bounded; see ``WorstCase``.
    """

    def __init__(self, spec: PlanSpec) -> None:
        parameters = spec.parameters
        shared = canonical(
            ({} if parameters.schema is None else {"schema": dict(parameters.schema)})
            | {
                "version": 1,
                "server_kind": str(spec.server_kind),
                "server_url": spec.server_url,
                "model": spec.model,
                "max_tokens": parameters.max_tokens,
                "temperature": parameters.temperature,
                "extra": dict(parameters.extra),
            }
        )
        self._shared = hashlib.sha256(shared.encode())
        worst = WorstCase(0, 0) if spec.price is None else WorstCase.of(parameters, spec.price)
        self._base_pusd, self._pusd_per_byte = worst.base_pusd, worst.pusd_per_byte
        # The schema goes with each request, and is billed with it.
        self._schema_tokens = 0
        if parameters.schema is not None:
            self._schema_tokens = len(canonical(dict(parameters.schema)).encode()) // BYTES_PER_TOKEN
        # Nearly every system prompt is that of the row before: its hash, bytes and tokens are kept.
        self._system: tuple[str | None, hashlib._Hash, int, int] = (None, *self._with_system(None))

    def __call__(
        self, prompt: str, system: str | None, copy: int | None = None
    ) -> tuple[bytes, int, int, int]:
        """What there is to know of one request before it is sent.

        Args:
            prompt: Rendered.
            system: Rendered, or None.
            copy: The row's position, where each row is asked by itself; else None.

        Returns:
            Its key (32 bytes): the same for all that would send the same to the same model. Bytes of both
            texts in UTF-8. Expected input tokens. Picodollars that one send can cost at most, 0 without a
            price.

        Raises:
            UnicodeEncodeError: The text holds half of a surrogate pair.
        """
        kept = self._system
        if kept[0] != system:
            kept = self._system = (system, *self._with_system(system))
        _, before, system_bytes, system_tokens = kept
        data = prompt.encode()
        prompt_bytes = len(data)
        if not prompt.isascii():
            canonical_prompt = nfc(prompt)
            if canonical_prompt is not prompt:
                data = canonical_prompt.encode()
        state = before.copy()
        state.update(b"%d:%b" % (len(data), data) if copy is None else b"%d:%b#%d" % (len(data), data, copy))
        total_bytes = prompt_bytes + system_bytes
        return (
            state.digest(),
            total_bytes,
            self._schema_tokens + system_tokens - prompt_bytes // -BYTES_PER_TOKEN,
            self._base_pusd + total_bytes * self._pusd_per_byte,
        )

    def _with_system(self, system: str | None) -> tuple[hashlib._Hash, int, int]:
        """The hash as far as the system prompt, its bytes and its tokens."""
        state = self._shared.copy()
        if system is None:
            state.update(b"-")
            return state, 0, 0
        data = nfc(system).encode()
        state.update(b"%d:%b" % (len(data), data))
        size = len(system.encode())
        return state, size, -(size // -BYTES_PER_TOKEN)


class ContentKeys:
    """Content keys alone; see ``Requests``."""

    def __init__(self, spec: PlanSpec) -> None:
        self._requests = Requests(spec)

    def __call__(self, prompt: str, system: str | None, copy: int | None = None) -> bytes:
        """Key of one request, 32 bytes.

        Raises:
            UnicodeEncodeError: The text holds half of a surrogate pair.
        """
        return self._requests(prompt, system, copy)[0]


def worst_case_of(spec: PlanSpec, prompt: str, system: str | None) -> int:
    """Picodollars that one send of this request can cost at most; 0 without a price."""
    if spec.price is None:
        return 0
    system_bytes = len(system.encode()) if system else 0
    return worst_case_pusd(len(prompt.encode()), system_bytes, spec.parameters, spec.price)


class PlannedRow(NamedTuple):  # a million are made: a frozen dataclass takes five times as long
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


def planned_rows(
    spec: PlanSpec, rendered: Iterable[Rendered], labels: Iterable[str], start: int = 0
) -> Iterator[PlannedRow]:
    """Turn rendered prompts into planned rows, lazily and in order.

    Args:
        spec: What the requests share.
        rendered: One per row.
        labels: The index label of each row as JSON.
        start: Position of the first of them.

    Raises:
        InputError: What a request costs can't be bounded.
    """
    look_at = Requests(spec)
    dedup = spec.dedup
    for position, ((prompt, system, error), label) in enumerate(zip(rendered, labels, strict=True), start):
        copy = None if dedup else position
        if error is None:
            try:
                key, size, tokens, worst = look_at(prompt, system, copy)
            except UnicodeEncodeError:
                error = _NOT_UNICODE  # noqa: PLW2901  (one reason or the other)
            else:
                yield PlannedRow(position, label, key, prompt, system, size, tokens, worst, None, copy)
                continue
        yield PlannedRow(position, label, None, "", None, 0, 0, 0, error)
