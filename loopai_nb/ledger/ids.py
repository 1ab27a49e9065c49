"""Short names for plans, approvals and runs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["free_id"]


def free_id(connection: Connection, prefix: str, column: Any) -> str:
    """A short id that nobody has yet: four hex digits, longer where those are taken."""
    digits = 2
    while True:
        candidate = prefix + secrets.token_hex(digits)
        taken = connection.execute(select(func.count()).where(column == candidate)).scalar_one()
        if not taken:
            return candidate
        digits = min(digits + 1, 8)
