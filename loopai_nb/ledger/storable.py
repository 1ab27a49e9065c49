"""Text that Postgres can't store: U+0000, written in another way there and read back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

__all__ = ["TEXT", "original", "storable"]

_MARK = "\x1a"
"""SUBSTITUTE: hardly any text holds it, and it is doubled where one does."""


def storable(text: str) -> str:
    """The text without U+0000; ``original`` gives it back exactly."""
    if "\0" not in text and _MARK not in text:  # two searches in C: the plain case costs next to nothing
        return text
    return text.replace(_MARK, _MARK + "1").replace("\0", _MARK + "0")


def original(text: str) -> str:
    """What ``storable`` was given."""
    if _MARK not in text:
        return text
    return text.replace(_MARK + "0", "\0").replace(_MARK + "1", _MARK)


class _Storable(TypeDecorator[str]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  (SQLAlchemy's)
        return None if value is None else storable(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  (SQLAlchemy's)
        return None if value is None else original(value)


TEXT = Text().with_variant(_Storable(), "postgresql")
"""Any text, on either kind of database; on SQLite nothing is done to it."""
