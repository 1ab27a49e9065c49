"""loopai_nb: ask a model server about every row of a table, with approval, a budget and a ledger.

The public names are imported when they are first used, so that ``import loopai_nb`` and
``%load_ext loopai_nb`` cost next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from loopai_nb.approval.gate import Decision
    from loopai_nb.approval.steps import ApprovalGate, ApprovalResponse
    from loopai_nb.clients.loopai import LoopaiClient
    from loopai_nb.costs import CostTracker
    from loopai_nb.errors import (
        AnswerInvalid,
        ApprovalRefused,
        ApprovalRequired,
        BudgetExceeded,
        DatabaseDenied,
        DatabaseError,
        DatabaseUnavailable,
        InputError,
        LedgerError,
        LoopaiNbError,
        MissingExtra,
        ModelServerError,
        OutcomeUnknown,
        QueryFailed,
        RequestDeferred,
        RequestNotSent,
        RequestRejected,
        RunInterrupted,
        SettingsError,
        TableNotFound,
        TemplateError,
    )
    from loopai_nb.execution.progress import Progress
    from loopai_nb.execution.run import Run
    from loopai_nb.notebook import current_session
    from loopai_nb.notebook.accessor import register_accessor
    from loopai_nb.notify.notifier import Notifier
    from loopai_nb.planning.plan import Plan
    from loopai_nb.prompts.template import Template
    from loopai_nb.records import ApprovalState, RowStatus, RunState, ServerKind
    from loopai_nb.retrying import API_RETRY, RetryConfig, retry, with_retry
    from loopai_nb.session import Session
    from loopai_nb.settings import Settings

from loopai_nb.version import __version__

__all__ = [
    "API_RETRY",
    "AnswerInvalid",
    "ApprovalGate",
    "ApprovalRefused",
    "ApprovalRequired",
    "ApprovalResponse",
    "ApprovalState",
    "BudgetExceeded",
    "CostTracker",
    "DatabaseDenied",
    "DatabaseError",
    "DatabaseUnavailable",
    "Decision",
    "InputError",
    "LedgerError",
    "LoopaiClient",
    "LoopaiNbError",
    "MissingExtra",
    "ModelServerError",
    "Notifier",
    "OutcomeUnknown",
    "Plan",
    "Progress",
    "QueryFailed",
    "RequestDeferred",
    "RequestNotSent",
    "RequestRejected",
    "RetryConfig",
    "RowStatus",
    "Run",
    "RunInterrupted",
    "RunState",
    "ServerKind",
    "Session",
    "Settings",
    "SettingsError",
    "TableNotFound",
    "Template",
    "TemplateError",
    "__version__",
    "current_session",
    "register_accessor",
    "retry",
    "with_retry",
]

_MODULES: Mapping[str, str] = {
    "API_RETRY": "retrying",
    "ApprovalGate": "approval.steps",
    "ApprovalResponse": "approval.steps",
    "ApprovalState": "records",
    "CostTracker": "costs",
    "Decision": "approval.gate",
    "LoopaiClient": "clients.loopai",
    "Notifier": "notify.notifier",
    "Plan": "planning.plan",
    "Progress": "execution.progress",
    "RetryConfig": "retrying",
    "RowStatus": "records",
    "Run": "execution.run",
    "RunState": "records",
    "ServerKind": "records",
    "Session": "session",
    "Settings": "settings",
    "Template": "prompts.template",
    "current_session": "notebook",
    "register_accessor": "notebook.accessor",
    "retry": "retrying",
    "with_retry": "retrying",
}
"""Where each public name is defined; the errors, which are the rest, in ``errors``."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)
    globals()[name] = value  # found without this function the next time
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load_ipython_extension(shell: Any) -> None:
    """Run by ``%load_ext loopai_nb``."""
    from loopai_nb.notebook.extension import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Run by ``%unload_ext loopai_nb``."""
    from loopai_nb.notebook.extension import unload

    unload(shell)
