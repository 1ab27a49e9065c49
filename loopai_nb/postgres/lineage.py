"""Where each pushed answer came from: one row of ``loopai_lineage`` beside it, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING

from loopai_nb.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from decimal import Decimal

    import pyarrow as pa

    from loopai_nb.postgres.outgoing import Outgoing

__all__ = [
    "LINEAGE_TABLE",
    "Lineage",
    "check_lineage",
    "complete_sql",
    "create_sql",
    "lineage_reader",
    "upsert_sql",
]

LINEAGE_TABLE = "loopai_lineage"


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where one answer came from.

    Attributes:
        request_id: Of the ledger.
        run_id: Whose result it was pushed from: it paid for the answer, or found it in the ledger.
        plan_id: That was approved.
        template_sha256: Hex digest of the template.
        prompt_sha256: Hex digest of what was sent.
        model: That answered.
        input_tokens: As charged.
        output_tokens: As charged.
        cost_usd: Exact.
        approved_by: Person or policy.
        reviewed_by: Person who accepted what was pushed; None where nobody did.
        answered_at: With its time zone.
        edited: What was pushed is not what the model answered: a person changed it.
    """

    request_id: str
    run_id: str
    plan_id: str
    template_sha256: str
    prompt_sha256: str
    model: str
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    approved_by: str
    reviewed_by: str | None
    answered_at: datetime
    edited: bool = False


_NAMES = tuple(field.name for field in fields(Lineage))


def create_sql(table: str) -> str:
    """Return the DDL; ``table`` is quoted and qualified."""
    return f"""
CREATE TABLE IF NOT EXISTS {table} (
    target_table text NOT NULL,
    target_key jsonb NOT NULL,
    request_id text NOT NULL,
    run_id text NOT NULL,
    plan_id text NOT NULL,
    template_sha256 text NOT NULL,
    prompt_sha256 text NOT NULL,
    model text NOT NULL,
    input_tokens bigint,
    output_tokens bigint,
    cost_usd numeric,
    approved_by text NOT NULL,
    reviewed_by text,
    answered_at timestamp with time zone NOT NULL,
    pushed_at timestamp with time zone NOT NULL DEFAULT now(),
    edited boolean NOT NULL DEFAULT false,
    PRIMARY KEY (target_table, target_key, request_id)
)""".strip()


def complete_sql(table: str) -> str:
    """Return what gives a table of before there were edited answers its column; quoted and qualified."""
    return f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS edited boolean NOT NULL DEFAULT false"


def check_lineage(lineage: Sequence[Lineage | None], rows: int) -> None:
    """Refuse records that would stand beside the wrong rows.

    Raises:
        InputError: Not as many as rows.
    """
    if len(lineage) != rows:
        raise InputError(
            f"There are {len(lineage):,} lineage records for {rows:,} rows.",
            "Pass one for each row, None where a row has no answer. Nothing was pushed.",
        )


def lineage_reader(
    lineage: Sequence[Lineage | None], keys: Sequence[Outgoing], batch_rows: int
) -> pa.RecordBatchReader:
    """Return the lineage as ADBC stages it, with the key's values of its row as ``k0``, ``k1``...

    Args:
        lineage: One for each row of the frame, in its order; None for a row without an answer.
        keys: The frame's key columns, all rows.
        batch_rows: Of the frame, made into Arrow at once.
    """
    import pyarrow as pa

    text, number = pa.string(), pa.int64()
    odd = {
        "input_tokens": number,
        "output_tokens": number,
        "answered_at": pa.timestamp("us", tz="UTC"),
        "edited": pa.bool_(),
    }
    types = {name: odd.get(name, text) for name in _NAMES}
    schema = pa.schema([*types.items(), *((f"k{n}", key.arrow) for n, key in enumerate(keys))])

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(lineage), batch_rows):
            piece = lineage[start : start + batch_rows]
            kept = [n for n, record in enumerate(piece) if record is not None]
            records = [record for record in piece if record is not None]
            arrays = []
            for name, kind in types.items():
                values = list(map(attrgetter(name), records))
                if name == "cost_usd":  # as text: the server reads every digit
                    values = [None if value is None else str(value) for value in values]
                arrays.append(pa.array(values, kind))
            told = [key.convert(key.series.iloc[start : start + batch_rows].iloc[kept]) for key in keys]
            yield pa.record_batch([*arrays, *told], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def upsert_sql(table: str, staging: str, *, target: str, keys: Sequence[tuple[str, str, bool]]) -> str:
    """Return the statement that moves the staged lineage over; a record that is there already stays.

    Args:
        table: Quoted and qualified.
        staging: Quoted and qualified.
        target: SQL literal of the target's name.
        keys: For each key column its name as an SQL literal, its SQL type, and whether it is staged as text.
    """
    pairs = ", ".join(
        f"{literal}, s.k{n}{f'::{kind}' if cast else ''}" for n, (literal, kind, cast) in enumerate(keys)
    )
    names = ", ".join(_NAMES)
    picked = ", ".join(f"s.{name}{'::numeric' if name == 'cost_usd' else ''}" for name in _NAMES)
    updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in _NAMES if name != "request_id")
    ours = ", ".join(f"t.{name}" for name in _NAMES)
    theirs = ", ".join(f"EXCLUDED.{name}" for name in _NAMES)
    # One request may have answered many rows; without a key those are one record.
    return f"""
INSERT INTO {table} AS t (target_table, target_key, {names})
SELECT DISTINCT ON (2, s.request_id) {target}, jsonb_build_object({pairs}), {picked} FROM {staging} AS s
ON CONFLICT (target_table, target_key, request_id) DO UPDATE SET {updates}, pushed_at = now()
WHERE ({ours}) IS DISTINCT FROM ({theirs})"""  # noqa: S608  (identifiers and literals quoted by the driver)
