"""What is applied before anything is stored, shown or shipped: secrets, personal data, invisible characters.

Imports nothing but the standard library, so that every layer can use it.
"""

from __future__ import annotations

from loopai_nb.redaction.masking import (
    MASK,
    mask_headers,
    mask_text,
    mask_url,
    password_in_url,
)
from loopai_nb.redaction.personal import RULES, Redactor
from loopai_nb.redaction.secret import Secret
from loopai_nb.redaction.visible import spelled_out, visible

__all__ = [
    "MASK",
    "RULES",
    "Redactor",
    "Secret",
    "mask_headers",
    "mask_text",
    "mask_url",
    "password_in_url",
    "spelled_out",
    "visible",
]
