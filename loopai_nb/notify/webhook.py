"""Any webhook: one JSON object posted, signed where a secret is set."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

from loopai_nb.notify.notice import MOST_PROMPT, clipped, one_line
from loopai_nb.notify.posting import Poster
from loopai_nb.redaction import mask_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.notify.notice import Notice
    from loopai_nb.redaction import Secret
    from loopai_nb.settings.channels import Channel

__all__ = ["Webhook", "signature"]

_VERSION = 1
"""Of the JSON; a field may be added without raising it."""


class Webhook:
    """Posts to one URL.

    Args:
        channel: Of that kind.
        allow_link_local: See ``Poster``.
        clock: Seconds since the epoch, for the signature.
    """

    def __init__(
        self, channel: Channel, *, allow_link_local: bool = False, clock: Callable[[], float] = time.time
    ) -> None:
        if channel.url is None:
            raise AssertionError("the settings give each webhook a URL")
        self._secret = channel.secret
        self._headers = channel.headers
        self._clock = clock
        self._poster = Poster(channel.url, "webhook", allow_link_local=allow_link_local)

    async def send(self, notice: Notice) -> None:
        """Deliver; see ``Sender``."""
        body = json.dumps(message(notice), ensure_ascii=False).encode("utf-8", "backslashreplace")
        headers = {name: value.reveal() for name, value in self._headers.items()}
        headers["X-Loopai-Notice"] = notice.notice_id
        if self._secret is not None:
            headers["X-Loopai-Signature"] = signature(self._secret, body, int(self._clock()))
        await self._poster.post(body, headers)


def message(notice: Notice) -> dict[str, Any]:
    """What is posted: text as it is, for a program that escapes it where it shows it."""
    prompt = None if notice.prompt is None else clipped(mask_text(notice.prompt), MOST_PROMPT)
    return {
        "version": _VERSION,
        "id": notice.notice_id,
        "kind": str(notice.kind),
        "importance": notice.importance.name.lower(),
        "title": one_line(notice.title),
        "at": notice.at,
        "facts": {one_line(name, 60): one_line(value) for name, value in notice.facts},
        "run_id": notice.run_id,
        "plan_id": notice.plan_id,
        "approval_id": notice.approval_id,
        "link": None if notice.link is None else notice.link.reveal(),
        "prompt": prompt,
    }


def signature(secret: Secret, body: bytes, at_s: int) -> str:
    """Value of ``X-Loopai-Signature``: HMAC-SHA256 over the time, a full stop and the body.

    The time is signed too, so that a receiver can refuse what was recorded and is sent again.
    """
    signed = f"{at_s}.".encode() + body
    return f"t={at_s},v1={hmac.new(secret.reveal().encode(), signed, hashlib.sha256).hexdigest()}"
