"""What is told to other tools, and to a log: what each of these settings has to be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.addresses import parse_target
from loopai_nb.errors import InputError, SettingsError
from loopai_nb.redaction import Secret, mask_text, visible
from loopai_nb.settings import channel_values, values
from loopai_nb.settings.sources import Spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from loopai_nb.settings.sources import Found

__all__ = ["READERS"]

_FORMATS = ("logfmt", "json")
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})


def log_file(found: Found) -> Path:
    """A file's path, relative to where the setting stands."""
    if isinstance(found.value, Path):
        return found.source.folder / found.value.expanduser()
    text = values.text_of(found).strip()
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        path = Path()
    if not path.name or "\0" in text or "://" in text:
        raise SettingsError(f"{found.where} is no file.", "Write a path such as ~/loopai.log.")
    return found.source.folder / path


def log_format(found: Found) -> str:
    """``logfmt`` or ``json``."""
    word = str(found.value).strip().lower()
    if word not in _FORMATS:
        said = visible(mask_text(word), one_line=True)[:40]
        raise SettingsError(f'"{said}" is no form of a log ({found.where}).', "Choose logfmt or json.")
    return word


def otel(found: Found) -> str | None:
    """``on``, a collector's base URL, or None for ``off``."""
    text = Secret(values.text_of(found).strip() if not isinstance(found.value, bool) else str(found.value))
    word = text.reveal().lower()
    if word in _NO:
        return None
    if word in _YES:
        return "on"
    try:
        target = parse_target(text.reveal(), allow_private_metadata=False, what="collector")
    except InputError as error:
        problem, hint = error.message, error.hint
    else:
        if "?" not in target.path and "#" not in text.reveal():
            return target.url.rstrip("/")
        problem, hint = "It has a query or a fragment.", ""
    # Outside the handler, whose frames hold what may be a secret.
    raise SettingsError(f"{found.where}: {problem}", hint or "Write on, off, or http://127.0.0.1:4318.")


READERS: tuple[tuple[Spec, Callable[[Found], Any]], ...] = (
    (Spec("log_file", ("LOOPAI_LOG_FILE",), ("log_file",)), log_file),
    (Spec("log_format", ("LOOPAI_LOG_FORMAT",), ("log_format",)), log_format),
    (Spec("log_console", ("LOOPAI_LOG_CONSOLE",), ("log_console",)), channel_values.switch),
    (Spec("otel", ("LOOPAI_OTEL",), ("otel",)), otel),
    (
        Spec("telemetry_content", ("LOOPAI_TELEMETRY_CONTENT",), ("telemetry_content",)),
        channel_values.switch,
    ),
)
