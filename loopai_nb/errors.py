"""Every error that loopai_nb raises, ordered by what the caller can do about it.

::

    LoopaiNbError
    ├── InputError                change what was passed
    │   ├── SettingsError         set or correct a setting
    │   └── TemplateError         correct the template
    ├── MissingExtra              install an optional part
    ├── ApprovalRequired          ask a person, or approve in code
    ├── ApprovalRefused           make a new plan; this one may not be sent
    ├── BudgetExceeded            raise the budget and resume; what is answered is kept
    ├── RunInterrupted            resume; what is answered is kept
    ├── DatabaseError             Postgres said no (``sqlstate``)
    │   ├── DatabaseUnavailable   start it, or correct host and port
    │   ├── DatabaseDenied        correct user, password or privileges
    │   ├── TableNotFound         choose one of the names that exist
    │   └── QueryFailed           correct the SQL (``position``)
    ├── ModelServerError          the model server, told by how far the request got
    │   ├── RequestNotSent        never written: safe to send again
    │   ├── RequestDeferred       answered "not now" (429, 500, 503): send again later, nothing was paid
    │   ├── RequestRejected       answered "never" (other 4xx): sending it again cannot help
    │   ├── OutcomeUnknown        written, and the answer was lost: it may have been paid
    │   └── AnswerInvalid         answered, and unreadable: it counts as paid
    └── LedgerError               a write or read of the ledger failed; sending has stopped

``str(error)`` is the one line that says what happened followed by what to do (``hint``), as a program reads
it; ``notebook_text`` says the same as one types it in a notebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopai_nb.hints import in_python

if TYPE_CHECKING:
    from loopai_nb.records import RateLimits

__all__ = [
    "AnswerInvalid",
    "ApprovalRefused",
    "ApprovalRequired",
    "BudgetExceeded",
    "DatabaseDenied",
    "DatabaseError",
    "DatabaseUnavailable",
    "InputError",
    "LedgerError",
    "LoopaiNbError",
    "MissingExtra",
    "ModelServerError",
    "OutcomeUnknown",
    "QueryFailed",
    "RequestDeferred",
    "RequestNotSent",
    "RequestRejected",
    "RunInterrupted",
    "SettingsError",
    "TableNotFound",
    "TemplateError",
]


class LoopaiNbError(Exception):
    """Root of every error raised here.

    Args:
        message: One sentence that says what happened, without secrets.
        hint: One sentence that says what to do next, as one types it in a notebook; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    @property
    def notebook_text(self) -> str:
        """What happened and what to do, with magics (``%loopai runs``) where a program has calls."""
        return f"{self.message} {self.hint}" if self.hint else self.message

    def __str__(self) -> str:
        return in_python(self.notebook_text)


class InputError(LoopaiNbError):
    """What was passed cannot be used; change it and call again."""


class SettingsError(InputError):
    """A setting is missing or wrong; set or correct it."""


class TemplateError(InputError):
    """The template does not parse, asks for an unknown variable, or does what the sandbox forbids."""


class MissingExtra(LoopaiNbError):
    """An optional part is not installed; the hint says which extra brings it."""


class ApprovalRequired(LoopaiNbError):
    """The plan needs a person's approval and nobody was there to give it; nothing was sent.

    Args:
        message: See :class:`LoopaiNbError`.
        hint: See :class:`LoopaiNbError`.
        approval_id: Of the question that waits in the ledger; None where none does.
    """

    def __init__(self, message: str, hint: str = "", *, approval_id: str | None = None) -> None:
        super().__init__(message, hint)
        self.approval_id = approval_id


class ApprovalRefused(LoopaiNbError):
    """The approval was rejected, timed out, was used before, or is for another content; nothing was sent."""


class BudgetExceeded(LoopaiNbError):
    """The next request's worst case would pass the budget; recorded answers stay."""


class RunInterrupted(LoopaiNbError):
    """The run ended before all was answered; recorded answers stay and the run can be resumed."""


class DatabaseError(LoopaiNbError):
    """Postgres refused or failed.

    Args:
        message: See :class:`LoopaiNbError`.
        hint: See :class:`LoopaiNbError`.
        sqlstate: Five-character code of the server, where there is one.
    """

    def __init__(self, message: str, hint: str = "", *, sqlstate: str | None = None) -> None:
        super().__init__(message, hint)
        self.sqlstate = sqlstate


class DatabaseUnavailable(DatabaseError):
    """No server answers at that address, or it went away."""


class DatabaseDenied(DatabaseError):
    """The server does not accept the user, the password or the privilege."""


class TableNotFound(DatabaseError):
    """The table does not exist; the hint names near ones."""


class QueryFailed(DatabaseError):
    """The statement is wrong or was cancelled.

    Args:
        message: See :class:`LoopaiNbError`.
        hint: See :class:`LoopaiNbError`.
        sqlstate: See :class:`DatabaseError`.
        position: 1-based character position in the SQL, where the server told it.
    """

    def __init__(
        self, message: str, hint: str = "", *, sqlstate: str | None = None, position: int | None = None
    ) -> None:
        super().__init__(message, hint, sqlstate=sqlstate)
        self.position = position


class ModelServerError(LoopaiNbError):
    """The model server could not be asked or did not answer well.

    Args:
        message: See :class:`LoopaiNbError`.
        hint: See :class:`LoopaiNbError`.
        status_code: HTTP status, where there was an answer.
        retry_after_s: Seconds that the server asks to wait, validated and clamped; None where it did not say.
        kind: Short stable word for grouping (``"refused"``, ``"prompt_too_long"``, ``"rate_limited"``...).
        limits: Rate limits that came with the refusal.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status_code: int | None = None,
        retry_after_s: float | None = None,
        kind: str = "server_error",
        limits: RateLimits | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.status_code = status_code
        self.retry_after_s = retry_after_s
        self.kind = kind
        self.limits = limits


class RequestNotSent(ModelServerError):
    """No byte of the request was processed: safe to send again."""


class RequestDeferred(ModelServerError):
    """The server answered that it cannot now; nothing was paid and a later try may succeed."""


class RequestRejected(ModelServerError):
    """The server answered that it will not; the same request cannot succeed."""


class OutcomeUnknown(ModelServerError):
    """The request was written and its answer was lost: it may have been processed and paid."""


class AnswerInvalid(ModelServerError):
    """The server answered with success and the body cannot be read as an answer; it counts as paid."""


class LedgerError(LoopaiNbError):
    """A write to or read of the ledger failed; nothing more is sent after it."""
