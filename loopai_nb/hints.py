"""What to do next, in the words of the place where it is read.

A hint is written once, as one types it in a notebook (``%loopai resume r-204e``). A traceback of a program
shows it as a Python call, the command line as a command.
"""

from __future__ import annotations

import re

__all__ = ["in_python", "in_shell"]

_RUN = r"r-[0-9a-f]+|RUN"
_MAGIC = re.compile(rf"%%?loopai (?P<verb>[a-z]+)(?: (?P<run>{_RUN})\b)?(?P<option> (?=--))?")

# What a hint may name behind its verb. A sentence's stop and comma are none of it.
_WORD = r"[A-Za-z0-9](?:[^\s()]*[^\s().,;:])?"
_CALL = re.compile(
    rf"%%?loopai (?P<verb>[a-z]+)(?: (?P<what>{_RUN}|URL|NAME|TABLE|https?://{_WORD}))?"
    rf"(?P<options>(?: --[a-z-]+(?: {_WORD})?)*)"
)
_OPTION = re.compile(rf"--(?P<name>[a-z-]+)(?: (?P<value>{_WORD}))?")
_ALONE = re.compile(rf"(?<![\w-])--(?P<name>model|price)\b(?: (?P<value>{_WORD}))?")
"""Options that a hint names without their verb."""

_METHODS = {
    "cancel": "cancel",
    "connect": "connect",
    "go": "go_on",
    "pause": "pause",
    "pull": "pull",
    "resume": "resume",
    "retry": "retry",
    "runs": "runs",
    "server": "use_server",
    "show": "show",
}
"""Of ``Session``, by verb."""


def in_shell(text: str) -> str:
    """The hints of a text as one types them into a shell."""
    return _MAGIC.sub(_spelled, text) if "%loopai" in text else text


def in_python(text: str) -> str:
    """The hints of a text as calls of a ``Session``'s methods."""
    if "%loopai" in text:
        text = _CALL.sub(_called, text)
    return _ALONE.sub(_argument, text) if "--" in text else text


def _spelled(match: re.Match[str]) -> str:
    verb, run = match["verb"], match["run"]
    option = match["option"] or ""
    if verb == "server":
        return option.strip() if option else "--server"
    if verb == "debug":
        return "--debug"
    return f"loopai-nb {verb}{f' {run}' if run else ''}{option}"


def _called(match: re.Match[str]) -> str:
    verb, what, options = match["verb"], match["what"], match["options"]
    if verb not in _METHODS:
        return in_shell(match[0])
    method = _METHODS[verb]
    if verb == "resume" and "--join" in options:
        method, options = "join", options.replace(" --join", "")
    arguments = [f'"{what}"'] if what else []
    arguments += [_keyword(each) for each in _OPTION.finditer(options) if each["name"] != "as"]
    return f"session.{method}({', '.join(arguments)})"


def _argument(match: re.Match[str]) -> str:
    if match["name"] == "price":
        return f"session.use_server({_keyword(match)})"
    return _keyword(match)


def _keyword(match: re.Match[str]) -> str:
    name, value = match["name"].replace("-", "_"), match["value"]
    if name == "budget":
        name = "budget_usd"
    if value is None:
        return f"{name}=True"
    if name == "price":
        return f"price=({value.replace(',', ', ')})"
    return f'{name}="{value}"'
