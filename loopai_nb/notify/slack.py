"""Slack's incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from loopai_nb.notify.notice import MOST_PROMPT, clipped, one_line
from loopai_nb.notify.posting import Poster
from loopai_nb.redaction import mask_text, visible

if TYPE_CHECKING:
    from loopai_nb.notify.notice import Notice
    from loopai_nb.settings.channels import Channel

__all__ = ["Slack", "escaped"]

_MOST_TITLE = 150
_MOST_FIELDS = 10
"""Limits of Slack's blocks: a header's characters, a section's fields."""


class Slack:
    """Posts to one incoming webhook.

    What may come from a row or a server stands in plain text blocks, where Slack reads no markup; only the
    fallback for notifications is markup, and is escaped.

    Args:
        channel: Of that kind.
        allow_link_local: See ``Poster``.
    """

    def __init__(self, channel: Channel, *, allow_link_local: bool = False) -> None:
        if channel.url is None:
            raise AssertionError("the settings give each Slack channel a URL")
        self._room = channel.room
        self._poster = Poster(channel.url, "Slack webhook", allow_link_local=allow_link_local)

    async def send(self, notice: Notice) -> None:
        """Deliver; see ``Sender``."""
        await self._poster.post(json.dumps(self.message(notice)).encode(), {})

    def message(self, notice: Notice) -> dict[str, Any]:
        """What is posted."""
        title = one_line(notice.title)
        blocks: list[dict[str, Any]] = []
        if len(title) <= _MOST_TITLE:
            blocks.append({"type": "header", "text": _plain(title)})
        else:
            blocks.append({"type": "section", "text": _plain(title)})
        facts = [_plain(f"{one_line(name, 60)}\n{one_line(value)}") for name, value in notice.facts]
        if facts:
            blocks.append({"type": "section", "fields": facts[:_MOST_FIELDS]})
        if notice.prompt is not None:
            prompt = clipped(visible(mask_text(notice.prompt)), MOST_PROMPT)
            blocks.append({"type": "section", "text": _plain(prompt)})
        if notice.link is not None:
            link = f"<{escaped(notice.link.reveal())}|Look at it and decide>"
            blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": link, "verbatim": True}})
        message: dict[str, Any] = {
            "text": escaped(title),
            "blocks": blocks,
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,  # nobody but a person opens the link
            "unfurl_media": False,
        }
        if self._room:
            message["channel"] = self._room
        return message


def escaped(text: str) -> str:
    """A text in Slack's markup, in which ``<!channel>`` and ``<https://...>`` are text.

    The three characters of https://docs.slack.dev/messaging/formatting-message-text#escaping; the signs for
    bold and the like may still make it bold.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text or "-", "emoji": False}
