"""The releases of ipykernel that deliver a widget's messages differently, each in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

INSTALLED = version("ipykernel")

OTHERS = [release for release in ("6.31.0", "7.0.1", "7.3.0", "7.4.0") if release != INSTALLED]
"""Beside the installed one, whose tests are not slow."""

RELEASES = [INSTALLED, *(pytest.param(release, id=release, marks=pytest.mark.slow) for release in OTHERS)]

EACH = [INSTALLED, *OTHERS]
"""None of them slow: for what is quick, and shows that a kernel delivers at all."""


def environment_of(release: str, folder: Path) -> dict[str, str]:
    """Environment variables of a process that is to use this release of ipykernel.

    Args:
        release: One of ``RELEASES``.
        folder: Where it is installed to, with pip, unless it is there; every release in a folder of its own.
    """
    if release == INSTALLED:
        return {}
    kept = os.environ.get("LOOPAI_TEST_KERNELS")
    target = (Path(kept) if kept else folder) / f"ipykernel-{release}"
    if not target.exists():
        # Without what it needs: that is in this environment.
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
        subprocess.run([*command, f"ipykernel=={release}"], check=True, capture_output=True)
    return {"PYTHONPATH": str(target)}
