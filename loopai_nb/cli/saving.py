"""``connections``: databases and model servers by name; what is secret is typed without being shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from loopai_nb.cli.exits import Exit
from loopai_nb.connections import (
    Connections,
    PasswordFrom,
    checked_database_url,
    passwords,
    without_password,
)
from loopai_nb.errors import InputError
from loopai_nb.notebook.shown import Grid
from loopai_nb.redaction import Secret, mask_url

if TYPE_CHECKING:
    import argparse

    from loopai_nb.cli.console import Console

__all__ = ["add_database", "add_server", "overview", "remove"]


_DETAILS = ("statement_timeout_s", "lock_timeout_s", "idle_in_transaction_timeout_s", "application_name")


def overview(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  (a verb's signature)
    """List what is saved, without secrets."""
    saved = Connections.load()
    rows = [
        (each.name, "database", mask_url(each.url.reveal()), each.details)
        for each in saved.databases.values()
    ]
    rows += [
        (
            each.name,
            "model server",
            each.url,
            ", ".join(part for part in (each.kind, each.model, "key saved" if each.api_key else "") if part),
        )
        for each in saved.servers.values()
    ]
    for note in saved.notes:
        console.say(note)
    if not rows:
        console.show("Nothing is saved. A database: loopai-nb connections add NAME")
        return Exit.DONE
    console.show(Grid(["name", "what", "where", ""], rows, note=f"kept in {saved.path}").text())
    return Exit.DONE


def add_database(args: argparse.Namespace, console: Console) -> int:
    """Save a database; its URL never stands on the command line."""
    url = _hidden(f"URL of {args.name}, postgresql://user:password@host:5432/database (not shown): ")
    if not url:
        raise InputError("No URL was given, and nothing was saved.", "Type it, or pipe it in.")
    saved = Connections.load()
    details = {
        name: value if isinstance(value, str) else float(value)
        for name in _DETAILS
        if (value := getattr(args, name)) is not None
    }
    if args.password == PasswordFrom.KEYRING:
        checked = checked_database_url(url, "What was typed")
        url, password = without_password(checked)
        password = password or _hidden(f"Password of {args.name} (not shown): ")
        if not password:
            raise InputError("No password was given, and nothing was saved.", "Type it, or pipe it in.")
        passwords.keep(args.name, password)  # first: a keyring that takes nothing leaves no half of it
        try:
            saved.add_database(args.name, url, password=args.password, **details)
        except BaseException:
            passwords.forget(args.name)
            raise
    else:
        before = saved.databases.get(args.name)
        saved.add_database(args.name, url, password=args.password, **details)
        if before is not None and before.password is PasswordFrom.KEYRING:
            passwords.forget(args.name)
    console.show(f"{args.name} is saved in {saved.path}. Try it: loopai-nb check --database {args.name}")
    return Exit.DONE


def add_server(args: argparse.Namespace, console: Console) -> int:
    """Save a model server; its key never stands on the command line."""
    key = _hidden(f"API key of {args.name} (not shown, Enter for none): ")
    saved = Connections.load()
    saved.add_server(args.name, args.url, kind=args.kind, model=args.model, api_key=key or None)
    console.show(f"{args.name} is saved in {saved.path}. Try it: loopai-nb check --server {args.name}")
    return Exit.DONE


def remove(args: argparse.Namespace, console: Console) -> int:
    """Forget one."""
    saved = Connections.load()
    database = saved.databases.get(args.name)
    saved.remove(args.name)
    if database is not None and database.password is PasswordFrom.KEYRING:
        passwords.forget(args.name)
    console.show(f"{args.name} is forgotten.")
    return Exit.DONE


def _hidden(question: str) -> Secret:
    """One line, typed without being shown, or the first one of a pipe."""
    if sys.stdin is None:
        return Secret("")
    if sys.stdin.isatty():
        import getpass

        return Secret(getpass.getpass(question).strip())
    return Secret(sys.stdin.readline().strip())
