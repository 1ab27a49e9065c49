"""``notify``: whom the settings tell, and does it work?"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from loopai_nb.cli.exits import Exit
from loopai_nb.errors import InputError
from loopai_nb.notebook.shown import Grid, plain

if TYPE_CHECKING:
    import argparse

    from loopai_nb.cli.console import Console
    from loopai_nb.settings import Settings
    from loopai_nb.settings.channels import Channel

__all__ = ["overview", "test"]

_HOW = "Set LOOPAI_NOTIFY_SLACK_URL, LOOPAI_NOTIFY_EMAIL_TO or LOOPAI_NOTIFY_WEBHOOK_URL in .env."


def overview(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  (a verb's signature)
    """List the channels, without secrets."""
    settings = console.settings()
    channels = settings.notify.channels
    for note in settings.notes:
        console.say(note)
    if not channels:
        console.show(f"Nobody is told. {_HOW}")
        return Exit.DONE
    rows = [
        (
            channel.name,
            channel.kind,
            channel.at_least.name.lower(),
            ", ".join(channel.events) or "all",
            channel.room or ", ".join(channel.recipients),
        )
        for channel in channels
    ]
    links = settings.serve_url or "none (LOOPAI_SERVE_URL is not set)"
    note = f"from {settings.source_of('notify')} · links: {links}"
    console.show(Grid(["name", "kind", "from", "events", "to"], rows, note=note).text())
    return Exit.DONE


def test(args: argparse.Namespace, console: Console) -> int:
    """Tell every channel, or one, and say of each whether it took it.

    Raises:
        InputError: There is no channel, or none of that name.
    """
    from dataclasses import replace

    from loopai_nb.approval.notices import test_notice
    from loopai_nb.notify.notifier import Notifier

    settings = console.settings()
    channels = _chosen(settings, args.name)
    notifier = Notifier(replace(settings.notify, channels=channels))
    try:
        said = notifier.try_out(test_notice(settings.user, int(time.time() * 1000)))
    finally:
        notifier.close()
    for name, reason in said:
        console.show(f"{name:<14}{'no' if reason else 'ok':<4}{plain(console.masked(reason))}".rstrip())
    return Exit.ERROR if any(reason for _, reason in said) else Exit.DONE


def _chosen(settings: Settings, name: str | None) -> tuple[Channel, ...]:
    channels = settings.notify.channels
    if not channels:
        raise InputError("The settings tell nobody.", _HOW)
    chosen = tuple(channel for channel in channels if name is None or channel.name == name)
    if not chosen:
        names = ", ".join(channel.name for channel in channels)
        raise InputError(f"No channel is called {name!r}.", f"Choose one of {names}.")
    return chosen
