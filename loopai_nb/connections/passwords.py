"""Passwords that stand in no file: the system's keyring, and a person who is asked."""

from __future__ import annotations

import warnings
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import MissingExtra, SettingsError
from loopai_nb.redaction import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KEYRING_SERVICE", "PasswordFrom", "ask", "forget", "from_keyring", "keep"]

KEYRING_SERVICE = "loopai_nb"
"""Under which a keyring keeps them, by the connection's name: ``keyring set loopai_nb NAME``."""


class PasswordFrom(StrEnum):
    """Where the password of a saved database is, if not in its URL."""

    KEYRING = "keyring"
    PROMPT = "prompt"


def from_keyring(name: str) -> Secret:
    """The password that the keyring keeps for a connection.

    Raises:
        MissingExtra: The library is not installed.
        SettingsError: There is no keyring here, it is locked, or it keeps none for this name.
    """
    found = _use(lambda keyring: keyring.get_password(KEYRING_SERVICE, name))
    if not found:
        raise SettingsError(
            f'The keyring keeps no password for "{name}".',
            f"Put it there: keyring set {KEYRING_SERVICE} {name}",
        )
    return Secret(found)


def keep(name: str, password: Secret) -> None:
    """Put a password into the keyring, in place of one that is there.

    Raises:
        MissingExtra: The library is not installed.
        SettingsError: There is no keyring here, or it takes nothing.
    """
    _use(lambda keyring: keyring.set_password(KEYRING_SERVICE, name, password.reveal()))


def forget(name: str) -> None:
    """Take a password out of the keyring; one that is not there is no error.

    Raises:
        MissingExtra: The library is not installed.
        SettingsError: There is no keyring here, or it is locked.
    """

    def delete(keyring: Any) -> None:
        if keyring.get_password(KEYRING_SERVICE, name) is not None:
            keyring.delete_password(KEYRING_SERVICE, name)

    _use(delete)


def ask(question: str) -> Secret:
    """Ask the person at the terminal or in the notebook; what is typed is not shown.

    Raises:
        SettingsError: Nobody can be asked here, or nothing was typed.
    """
    import getpass

    typed = ""
    try:
        with warnings.catch_warnings():
            # Where the terminal can't hide what is typed, getpass only warns and shows it.
            warnings.simplefilter("error", getpass.GetPassWarning)
            typed = getpass.getpass(question)
    except (EOFError, OSError, NotImplementedError, getpass.GetPassWarning):
        pass  # NotImplementedError is what a notebook without a person raises
    if not typed:
        raise SettingsError(
            "A password has to be typed, and nobody typed one.",
            "Where nobody can: set PGPASSWORD, use ~/.pgpass, or keep it in the keyring.",
        )
    return Secret(typed)


def _use(work: Callable[[Any], Any]) -> Any:
    """Do something with a keyring that is known to be one."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as exc:
        raise MissingExtra(
            "The library keyring is not installed.", "pip install 'loopai_nb[keyring]'"
        ) from exc
    backend = keyring.get_keyring()
    name, problem = f"{type(backend).__module__}.{type(backend).__name__}", ""
    try:
        # What keeps nothing (fail, null) says so by a priority of 0 or less.
        if backend.priority <= 0:
            problem = "there is none on this machine"
        else:
            return work(backend)
    except (KeyringError, RuntimeError) as exc:
        problem = f"{type(exc).__name__} of {name}"
    # Outside the handler: the chain would carry the backend's frames, which may hold the password.
    raise SettingsError(
        f"The keyring can't be used: {problem}.",
        "Unlock it, or look at: python -m keyring diagnose. Without one: ~/.pgpass, PGPASSWORD, or a prompt.",
    )
