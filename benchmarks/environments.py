"""The peers' own environments: made on demand from ``peers.txt``, kept in the user's cache folder.

A change of ``peers.txt`` or another Python makes a new one. What can't be installed is said in the table,
stops nothing, and is not tried again before its folder is removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PEERS", "Peer", "demands", "python_of"]

_FILE = Path(__file__).with_name("peers.txt")
_INSTALL_S = 900.0
_MOST_SAID = 60
_LARGE = frozenset({"lotus"})


@dataclass(frozen=True, slots=True)
class Peer:
    """What users have today.

    Attributes:
        name: In the table.
        script: ``peers/SCRIPT.py``.
        part: Its environment's heading in ``peers.txt``.
    """

    name: str
    script: str
    part: str


PEERS = (
    Peer("openai loop", "openai_loop", "loops"),
    Peer("langchain", "langchain_abatch", "loops"),
    Peer("curator", "curator_llm", "curator"),
    Peer("litellm", "litellm_loop", "litellm"),
    Peer("lotus", "lotus_map", "lotus"),
    Peer("pydantic-ai", "pydantic_ai_loop", "loops"),
    Peer("plain httpx", "httpx_loop", "loops"),
)


def python_of(part: str, *, large: bool) -> Path:
    """The interpreter of an environment, which is made where it is missing.

    Args:
        part: A heading of ``peers.txt``.
        large: Make those that take gigabytes too; one that is there already is used in any case.

    Raises:
        RuntimeError: It can't be made; the message says why, in a few words.
    """
    import platformdirs

    wanted = demands()[part]
    digest = hashlib.sha256("\n".join([platform.python_version(), *wanted]).encode()).hexdigest()[:12]
    folder = platformdirs.user_cache_path("loopai_nb") / "bench" / f"{part}-{digest}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    ready, failed = folder / "ready", folder / "failed"
    if ready.exists():
        return python
    if part in _LARGE and not large:
        raise RuntimeError("not installed: takes gigabytes; make bench PEERS=all")
    if failed.exists():
        raise RuntimeError(f"not installed: {failed.read_text(encoding='utf-8')}")
    print(f"  installing the peers of [{part}] into {folder} ...", file=sys.stderr, flush=True)
    _make(folder, python, wanted, failed)
    ready.touch()
    return python


def demands() -> dict[str, list[str]]:
    """What each environment holds, by the headings of ``peers.txt``."""
    parts: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("["):
            current = parts.setdefault(text.strip("[]"), [])
        elif text:
            current.append(text)
    return parts


def _make(folder: Path, python: Path, wanted: list[str], failed: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    steps = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "-q", *wanted],
    )
    for command in steps:
        why = ""
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_INSTALL_S)
        except subprocess.TimeoutExpired:
            why = f"more than {_INSTALL_S:.0f} s"
        else:
            if done.returncode != 0:
                why = (done.stderr.strip().splitlines() or ["pip failed"])[-1][:_MOST_SAID]
        if why:
            with contextlib.suppress(OSError):
                folder.mkdir(exist_ok=True)
                failed.write_text(why, encoding="utf-8")
            print(f"  {why}; to try again, remove {folder}", file=sys.stderr, flush=True)
            raise RuntimeError(f"not installed: {why}")
