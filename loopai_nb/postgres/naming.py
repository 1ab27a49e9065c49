"""Names of tables: as a person types them, as Postgres stores them, and as they are shown."""

from __future__ import annotations

import re

from loopai_nb.errors import InputError

__all__ = ["parse_name", "shown_name", "spellings"]

_PART = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([^".]+?))\s*(\.|\Z)')

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_$]*\Z")

_RESERVED = frozenset(
    # SQL Key Words, appendix C of PostgreSQL's manual: what can't name a table or a column unquoted.
    """all analyse analyze and any array as asc asymmetric authorization binary both case cast check
    collate collation column concurrently constraint create cross current_catalog current_date
    current_role current_schema current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign freeze from full grant group having ilike in
    initially inner intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
    references returning right select session_user similar some symmetric system_user table
    tablesample then to trailing true union unique user using variadic verbose when where window
    with""".split()  # noqa: SIM905  (a hundred quoted words would be a page)
)


def parse_name(name: str) -> tuple[str, ...]:
    """Split ``schema."Mixed Case"`` into the names that Postgres would store.

    Raises:
        InputError: Not a name.
    """
    return tuple(likely[0] for likely in spellings(name))


def shown_name(*parts: str) -> str:
    """Return a name as a person types it in SQL: quoted only where it must be."""
    return ".".join(
        part if _PLAIN_NAME.match(part) and part not in _RESERVED else '"' + part.replace('"', '""') + '"'
        for part in parts
    )


def spellings(name: str) -> list[list[str]]:
    """Return for each part of a dotted name the stored names that it may stand for, likeliest first.

    Raises:
        InputError: Not a name.
    """
    parts: list[list[str]] = []
    at = 0
    while (match := _PART.match(name, at)) is not None:
        quoted, bare, dot = match.groups()
        if quoted is not None:
            parts.append([quoted.replace('""', '"')])
        else:
            # Postgres folds what is not quoted; a person who types MixedCase may still mean that table.
            # What could not stand unquoted ("Mixed Out", its quotes taken by a magic line) is as written.
            folded = bare.lower()
            both = [folded, bare] if _PLAIN_NAME.match(folded) else [bare, folded]
            parts.append(list(dict.fromkeys(both)))
        at = match.end()
        if not dot:
            return parts
    raise InputError(f'"{name}" is not the name of a table.', 'Names look like t, schema.t or "Mixed Case".')
