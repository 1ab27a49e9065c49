"""Tests whose claim has real waits in it, held at a pace at which the machine can follow."""

from __future__ import annotations

import contextlib
import functools
import inspect
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

PACES = (1, 5, 25)


def at_leisure(test: Callable[..., None]) -> Callable[..., None]:
    """Give a test its waits ``times`` as long: once, and where it fails five times, and then 25 times.

    A machine that stands still for a second spoils what was to happen within half a second. A fault of the
    code is there at each pace.
    """

    @functools.wraps(test)
    def paced(**given: object) -> None:
        for times in PACES[:-1]:
            with contextlib.suppress(Exception, pytest.fail.Exception):
                return test(times=times, **given)
        return test(times=PACES[-1], **given)

    signature = inspect.signature(test)
    rest = [each for name, each in signature.parameters.items() if name != "times"]
    paced.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]  # what pytest reads
    return paced
