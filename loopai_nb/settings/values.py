"""What a setting's value has to be, and the sentence that is shown where it is not."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.addresses import parse_target
from loopai_nb.connections import checked_database_url
from loopai_nb.errors import InputError, SettingsError
from loopai_nb.records import ServerKind
from loopai_nb.redaction import RULES, Secret, mask_text, mask_url, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.settings.sources import Found

__all__ = [
    "api_key",
    "count",
    "ledger",
    "money",
    "name",
    "number",
    "on_unknown",
    "page_url",
    "redaction_rules",
    "refuse_in_project",
    "server_kind",
    "text_of",
    "ui",
]

# float(), int() and Decimal() also take "nan", "1_000" and the digits of other alphabets.
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})(?:[eE][+-]?[0-9]{1,2})?")
_LONGEST_SHOWN = 60
_LONGEST_NAME = 200
_MOST_USD = Decimal(10**9)


def number(
    unit: str, example: str, low: float, high: float, *, above: bool = False
) -> Callable[[Found], float]:
    """A reader of a number between two bounds; ``above``: the lower one itself does not count."""

    def read(found: Found) -> float:
        value = _decimal(found, unit, example)
        if not low <= value <= high or (above and value == Decimal(low)):
            start = "more than" if above else "from"
            raise _wrong(
                found, f"is out of range: {start} {low:g} to {high:g}", f"Set {unit} such as {example}."
            )
        return float(value)

    return read


def count(unit: str, example: str, high: int) -> Callable[[Found], int]:
    """A reader of a whole number from 1."""

    def read(found: Found) -> int:
        value = _decimal(found, unit, example)
        if value != value.to_integral_value():
            raise _wrong(found, f"is not a whole number of {unit}", f"Set one such as {example}.")
        if not 1 <= value <= high:
            raise _wrong(found, f"is out of range: from 1 to {high}", f"Set {unit} such as {example}.")
        return int(value)

    return read


def money(found: Found) -> Decimal:
    """An amount of USD, 0 or more."""
    value = _decimal(found, "USD", "0.50")
    if not 0 <= value <= _MOST_USD:
        raise _wrong(found, f"is out of range: from 0 to {_MOST_USD}", "Set USD such as 0.50.")
    return value


def name(found: Found) -> str:
    """A name in one printable line."""
    text = text_of(found).strip()
    if not text.isprintable() or len(text) > _LONGEST_NAME:
        raise _wrong(
            found, "is no name", f"Write {_LONGEST_NAME} printable characters at most, without line ends."
        )
    return text


def api_key(found: Found) -> Secret:
    """A key that can stand in a header."""
    refuse_in_project(found)
    key = Secret(text_of(found).strip())
    if not (key.reveal().isprintable() and key.reveal().isascii()):
        raise SettingsError(
            f"{found.where} has characters that no key has (a line end, perhaps).", "Copy it again."
        )
    return key


def server_kind(found: Found) -> ServerKind:
    """One of the protocols."""
    text = str(found.value).strip().lower()
    if text not in tuple(ServerKind):
        raise _wrong(found, "is no kind of model server", f"Choose one of {', '.join(ServerKind)}.")
    return ServerKind(text)


def on_unknown(found: Found) -> str:
    """``resend``, ``ask`` or ``skip``."""
    text = str(found.value).strip().lower()
    if text not in ("resend", "ask", "skip"):
        raise _wrong(found, "is no way to go on", "Choose resend, ask or skip.")
    return text


def ui(found: Found) -> str:
    """``auto``, ``text`` or ``static``."""
    text = str(found.value).strip().lower()
    if text not in ("auto", "text", "static"):
        raise _wrong(found, "is no way to show things", "Choose auto, text or static.")
    return text


def approved_below(found: Found) -> Decimal:
    """USD below which no person is asked.

    Raises:
        SettingsError: It is no amount, or ``pyproject.toml`` says it: a project that is cloned would approve
            what it sends.
    """
    _refuse_for_others(found, "LOOPAI_APPROVE_BELOW_USD")
    return money(found)


def page_url(found: Found) -> str:
    """Base URL of our own pages, without a trailing slash.

    Raises:
        SettingsError: It is none, or ``pyproject.toml`` says it: links to decide with would lead there, and
            the pages would answer to that name, for whoever clones the project.
    """
    _refuse_for_others(found, "LOOPAI_SERVE_URL")
    text = Secret(text_of(found).strip())
    try:
        target = parse_target(text.reveal(), allow_private_metadata=True, what="page")
    except InputError as error:
        problem, hint = error.message, error.hint
    else:
        if "?" not in target.path and "#" not in text.reveal():
            return target.url.rstrip("/")
        problem, hint = "It has a query or a fragment.", ""
    # Outside the handler, whose frames hold what may be a secret.
    raise SettingsError(f"{found.where}: {problem}", hint or "Write http://127.0.0.1:8770.")


def redaction_rules(found: Found) -> tuple[str, ...]:
    """Rules of ``Redactor``, from a comma list or a TOML list; ``none`` and ``all`` are understood."""
    value = found.value
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise _wrong(found, "is no list of rules", f"Choose of {', '.join(RULES)}.")
    rules = tuple(word.strip().lower() for word in words if word.strip())
    if rules == ("none",):
        return ()
    if rules == ("all",):
        return RULES
    unknown = [rule for rule in rules if rule not in RULES]
    if unknown:
        raise _wrong(
            found, f'asks for "{_shown(unknown[0])}", which is no rule', f"Choose of {', '.join(RULES)}."
        )
    return tuple(rule for rule in RULES if rule in rules)


def ledger(found: Found) -> Path | Secret:
    """A file's path, relative to where the setting stands, or a Postgres URL."""
    if isinstance(found.value, Path):
        return found.source.folder / found.value.expanduser()
    text = Secret(text_of(found).strip())
    if text.reveal().lower().startswith("postgres") and "://" in text.reveal():
        url = checked_database_url(text, found.where)
        refuse_in_project(found, url)
        return url
    path = _file(text)
    if path is None:
        raise SettingsError(
            f"{found.where} is neither a file nor a Postgres URL.", "Write a path such as ~/ledger.sqlite3."
        )
    return found.source.folder / path


def _file(text: Secret) -> Path | None:
    """A path, or None; in a frame of its own, since it may be a URL with a password after all."""
    scheme, mark, rest = text.reveal().partition("://")
    if mark and scheme.lower() != "sqlite":
        return None
    # sqlite:///name is relative, sqlite:////name absolute, as SQLAlchemy writes them.
    try:
        path = Path(rest.removeprefix("/") if mark else text.reveal()).expanduser()
    except RuntimeError:
        return None
    return path if path.name and "\0" not in str(path) else None


def refuse_in_project(found: Found, url: Secret | None = None) -> None:
    """Refuse a secret in a file that is committed.

    Raises:
        SettingsError: It stands in ``pyproject.toml``.
    """
    carries = url is None or mask_url(url.reveal()) != url.reveal()
    if carries and found.source.label.endswith("pyproject.toml"):
        raise SettingsError(
            f"{found.where} would be committed with it, and holds a secret.",
            "Put it into .env, or save it with: loopai-nb connections add NAME",
        )


def _refuse_for_others(found: Found, name: str) -> None:
    if found.source.label.endswith("pyproject.toml"):
        raise SettingsError(
            f"{found.where} would hold for whoever clones the project.", f"Put {name} into .env."
        )


def _decimal(found: Found, unit: str, example: str) -> Decimal:
    value = found.value
    text = str(value).strip()
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | Decimal | str)
        or not _NUMBER.fullmatch(text)
    ):
        raise _wrong(found, f"is not a number of {unit}", f"Set one such as {example}.")
    return Decimal(text)


def text_of(found: Found) -> str:
    """The value as text.

    Raises:
        SettingsError: It is none.
    """
    value: Any = found.value
    if isinstance(value, Secret):
        return value.reveal()
    if not isinstance(value, str):
        raise SettingsError(f"{found.where} is no text.", "Write it in quotes.")
    return value


def _wrong(found: Found, problem: str, hint: str) -> SettingsError:
    shown = _shown(str(found.value))
    return SettingsError(f'{found.name}="{shown}" in {found.source.label} {problem}.', hint)


def _shown(text: str) -> str:
    # Somebody may have put a key where a number belongs.
    text = visible(mask_text(mask_url(text)), one_line=True)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
