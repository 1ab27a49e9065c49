"""The places that settings are read from, in their order, and what is found in them.

A value stays behind ``Found.value``, out of reprs, so that a traceback with locals does not show one.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import SettingsError
from loopai_nb.redaction import Secret, mask_text, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["PREFIX", "Found", "Source", "Spec", "near", "read_sources"]

PREFIX = "LOOPAI_NOTIFY_"
"""Names that a channel may choose for itself; which of them nothing reads is known when all are read."""

_INTERPOLATED = re.compile(r"\$\{([^}:]*)(?::-([^}]*))?\}")
_MOST_BYTES = 1_000_000
_SECRETS = (
    "LOOPAI_API_KEY",
    "OPENAI_API_KEY",
    "DATABASE_URL",
    "LOOPAI_DATABASE",
    "DB_PASSWORD",
    "LOOPAI_NOTIFY_SLACK_URL",
    "LOOPAI_NOTIFY_WEBHOOK_URL",
    "LOOPAI_NOTIFY_WEBHOOK_SECRET",
    "LOOPAI_NOTIFY_WEBHOOK_HEADERS",
    "LOOPAI_SMTP_PASSWORD",
)


@dataclass(frozen=True, slots=True)
class Spec:
    """The names of one setting.

    Attributes:
        field: Of ``Settings``.
        env: In the environment and ``.env``, the first one set counts; those of the first design come last.
        keys: In ``[tool.loopai_nb]`` and in code.
    """

    field: str
    env: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One value and where it comes from.

    Attributes:
        name: As it is spelled there.
        value: Text, or what TOML or code gave.
        source: Its source.
    """

    name: str
    value: Any = field(repr=False)
    source: Source

    @property
    def origin(self) -> str:
        """Such as ``".env (DATABASE_URL)"``."""
        return f"{self.source.label} ({self.name})"

    @property
    def where(self) -> str:
        """Such as ``"DATABASE_URL in .env"``."""
        return f"{self.name} in {self.source.label}"


@dataclass(frozen=True, slots=True)
class Source:
    """One place.

    Attributes:
        level: 0 is asked first.
        label: What to call it.
        folder: Where relative paths in it start.
        values: By name; blank ones count as not set.
        by_key: Whether its names are the fields' (``timeout_s``) and not ``LOOPAI_TIMEOUT_S``.
    """

    level: int
    label: str
    folder: Path
    values: Mapping[str, Any] = field(repr=False)
    by_key: bool = False

    def find(self, spec: Spec) -> Found | None:
        """The first of a setting's names that is set here."""
        for name in spec.keys if self.by_key else spec.env:
            value = self.values.get(name)
            if value is not None and not (isinstance(value, str) and not value.strip()):
                return Found(name, value, self)
        return None


def read_sources(
    specs: Iterable[Spec], given: Source, environment: Source
) -> tuple[tuple[Source, ...], list[str]]:
    """What code, environment, ``.env`` and ``pyproject.toml`` say, in this order, and notes about them.

    The files are the nearest ones upward from ``environment.folder``.

    Raises:
        SettingsError: A name given in code or in ``[tool.loopai_nb]`` is unknown, or a file can't be parsed.
    """
    specs = tuple(specs)
    cwd = environment.folder
    keys = tuple(key for spec in specs for key in spec.keys)
    notes: list[str] = []
    _refuse_unknown(given, keys)
    names = [name for spec in specs for name in spec.env]
    notes += _misspelt(environment, "The environment", names)
    sources = [given, environment]
    dotenv = _nearest(".env", cwd)
    if dotenv is not None:
        sources.append(_read_dotenv(dotenv, environment, notes))
        notes += _dotenv_notes(dotenv, sources[-1], names)
    pyproject = _nearest("pyproject.toml", cwd)
    if pyproject is not None:
        sources.append(_read_pyproject(pyproject, cwd))
        _refuse_unknown(sources[-1], keys)
    return tuple(sources), notes


def near(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant."""
    import difflib

    return next(iter(difflib.get_close_matches(name, sorted(set(names)), n=1, cutoff=0.75)), None)


def _nearest(name: str, cwd: Path) -> Path | None:
    # os.path.isfile: a folder that may not be looked into, a pipe or a device is simply not it.
    return next((folder / name for folder in (cwd, *cwd.parents) if os.path.isfile(folder / name)), None)  # noqa: PTH113


def _refuse_unknown(source: Source, keys: tuple[str, ...]) -> None:
    for name in source.values:
        if name not in keys:
            meant = near(name, keys)
            hint = f'Did you mean "{meant}"?' if meant else f"Known: {', '.join(sorted(keys))}."
            raise SettingsError(f'There is no setting "{mask_text(name)}" ({source.label}).', hint)


def _read_dotenv(path: Path, environment: Source, notes: list[str]) -> Source:
    """Parse as python-dotenv does, without its reading and writing of ``os.environ``."""
    import io

    from dotenv.parser import parse_stream

    label = os.path.relpath(path, environment.folder)
    values: dict[str, str] = {}
    text, problem = _text(path)
    if text is None:
        notes.append(f"{label} {problem} and was passed over.")
        text = Secret("")
    for binding in parse_stream(io.StringIO(text.reveal())):
        if binding.error:
            notes.append(f"{label} has a line that can't be read (line {binding.original.line}).")
        elif binding.key is not None and binding.value is not None:
            values[binding.key] = _interpolated(binding.value, values, environment.values)
    return Source(2, label, path.parent, values)


def _interpolated(value: str, values: Mapping[str, str], environ: Mapping[str, str]) -> str:
    if "${" not in value:
        return value
    return _INTERPOLATED.sub(lambda name: values.get(name[1], environ.get(name[1], name[2] or "")), value)


def _dotenv_notes(path: Path, source: Source, known: list[str]) -> list[str]:
    notes = []
    if os.name == "posix" and any(source.values.get(name) for name in _SECRETS):
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            close = f"chmod 600 {source.label}"
            notes.append(f"{source.label} holds a secret and can be read by others; close it: {close}")
    return notes + _misspelt(source, source.label, known)


def _misspelt(source: Source, label: str, known: list[str]) -> list[str]:
    """Names of ours that nothing reads and that are nearly a setting's."""
    ours = [
        name
        for name in source.values
        if name.startswith("LOOPAI_") and not name.startswith(PREFIX) and name not in known
    ]
    found = [(name, near(name, known)) for name in ours]
    return [
        f"{label} sets {visible(name, one_line=True)}, which nothing reads; did you mean {meant}?"
        for name, meant in found
        if meant
    ]


def _read_pyproject(path: Path, cwd: Path) -> Source:
    label = os.path.relpath(path, cwd)
    source, problem = _parse_pyproject(path, label)
    if problem:
        raise SettingsError(f"{label} {problem}.", "Correct it.")
    return source


def _parse_pyproject(path: Path, label: str) -> tuple[Source, str]:
    import tomllib

    text, problem = _text(path)
    table: Any = {}
    if text is not None and "loopai_nb" in text.reveal():  # most projects' file is none of our business
        try:
            tool = tomllib.loads(text.reveal()).get("tool", {})
            table = tool.get("loopai_nb", {}) if isinstance(tool, dict) else {}
        except tomllib.TOMLDecodeError as exc:
            problem = f"is no TOML: {mask_text(str(exc))}"
    if not isinstance(table, dict):
        table, problem = {}, "has a tool.loopai_nb that is no table"
    return Source(3, label, path.parent, table, by_key=True), problem


def _text(path: Path) -> tuple[Secret | None, str]:
    """What a file says, or why it can't be read."""
    try:
        with path.open(encoding="utf-8-sig") as file:  # editors on Windows begin a file with a mark
            text = file.read(_MOST_BYTES + 1)
    except OSError as exc:
        return None, f"can't be read ({exc.strerror})"
    except UnicodeDecodeError:
        return None, "is not UTF-8"
    return (None, "is too large") if len(text) > _MOST_BYTES else (Secret(text), "")
