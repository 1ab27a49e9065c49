"""Links with which somebody away from the notebook may decide: signed, for one content, and not for ever.

A token is ``PAYLOAD.SIGNATURE``, both base64url. The payload names the approval, its digest and when the
link expires; the signature is HMAC-SHA256 under a key that stays in the user's config folder. Whoever has
the link can decide, once: a decision is given once.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopai_nb.errors import SettingsError
from loopai_nb.redaction import Secret

if TYPE_CHECKING:
    from pathlib import Path

    from loopai_nb.ledger.records import ApprovalRow

__all__ = ["LONGEST_MS", "Link", "LinkKey", "page_link"]

LONGEST_MS = 7 * 24 * 3_600_000
"""A link to a question that never is over expires after a week."""

_PURPOSE = b"loopai_nb approval link v1\n"
_BYTES = 32
_LONGEST_TOKEN = 1_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says.

    Attributes:
        approval_id: Of the question.
        digest: Hex SHA-256 over what is decided on.
        expires_ms: Epoch milliseconds.
    """

    approval_id: str
    digest: str
    expires_ms: int

    @classmethod
    def to(cls, row: ApprovalRow, now_ms: int) -> Link:
        """The link to a question; it expires with it, and after a week at most."""
        longest_ms = now_ms + LONGEST_MS
        return cls(row.approval_id, row.digest, min(row.expires_ms or longest_ms, longest_ms))


class LinkKey:
    """Signs links and tells its own.

    Args:
        key: 32 bytes.
    """

    def __init__(self, key: Secret) -> None:
        self._key = key

    @classmethod
    def load(cls, path: Path | None = None) -> LinkKey:
        """The user's key, made when it is first needed: 0600 in a folder of 0700.

        Args:
            path: By default ``link.key`` in the user's config folder.

        Raises:
            SettingsError: It can't be read or written, is none, or others can read it.
        """
        path = _default_path() if path is None else path
        with contextlib.suppress(FileNotFoundError):
            return cls(_read(path))
        _make(path)
        return cls(_read(path))

    def sign(self, link: Link) -> Secret:
        """The token of a link."""
        payload = json.dumps([link.approval_id, link.digest, link.expires_ms]).encode()
        return Secret(f"{_encoded(payload)}.{_encoded(self._signature(payload))}")

    def read(self, token: str) -> Link | None:
        """What a token says; None where this key did not sign it. Whether it has expired is not looked at."""
        if len(token) > _LONGEST_TOKEN or not token.isascii():
            return None
        first, _, last = token.partition(".")
        payload, signature = _decoded(first), _decoded(last)
        # Compared before anything is read: what nobody signed is not parsed.
        if payload is None or signature is None:
            return None
        if not hmac.compare_digest(signature, self._signature(payload)):
            return None
        approval_id, digest, expires_ms = json.loads(payload)
        return Link(approval_id, digest, expires_ms)

    def _signature(self, payload: bytes) -> bytes:
        return hmac.new(bytes.fromhex(self._key.reveal()), _PURPOSE + payload, hashlib.sha256).digest()


def page_link(base_url: str, key: LinkKey, row: ApprovalRow, now_ms: int) -> Secret:
    """The whole address of the page on which a question can be decided."""
    return Secret(f"{base_url}/a/{key.sign(Link.to(row, now_ms)).reveal()}")


def _default_path() -> Path:
    import platformdirs

    return platformdirs.user_config_path("loopai_nb") / "link.key"


def _read(path: Path) -> Secret:
    problem = ""
    key = Secret("")
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            key = Secret(file.read(4 * _BYTES).decode("ascii", "replace").strip())
    except FileNotFoundError:
        raise
    except OSError as exc:
        problem = f"can't be read ({exc.strerror})"
    else:
        if os.name == "posix" and mode & _OTHERS:
            problem = "can be read by others, who could make links"
        elif not _is_key(key):
            problem = "is no key"
    if problem:
        raise SettingsError(f"{path} {problem}.", "Delete it: a new one is made, and old links end.")
    return key


def _is_key(key: Secret) -> bool:
    try:
        return len(bytes.fromhex(key.reveal())) == _BYTES
    except ValueError:
        return False


def _make(path: Path) -> None:
    """Make a key; of two processes at once, both read the one that was first."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    problem = ""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(_BYTES)}\n")
            file.flush()
            os.fsync(descriptor)
        with contextlib.suppress(FileExistsError):
            # Unlike a rename, it takes no other's place; and nobody sees half a key.
            os.link(temporary, path)
    except OSError as exc:
        problem = exc.strerror or type(exc).__name__
    finally:
        temporary.unlink(missing_ok=True)
    if problem:
        raise SettingsError(f"{path} can't be written ({problem}).", "Give its folder back to your user.")


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _decoded(text: str) -> bytes | None:
    """What was encoded; None where it is spelled otherwise than we do."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return content if _encoded(content) == text else None
