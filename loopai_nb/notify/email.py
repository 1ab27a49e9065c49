"""Mail, handed in by SMTP (RFC 5321) over TLS; plain text only."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import socket
import ssl
import threading
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING, Any

from loopai_nb.addresses import Target, forbidden_host, resolved
from loopai_nb.connections import PasswordFrom, passwords
from loopai_nb.errors import InputError, LoopaiNbError
from loopai_nb.notify.notice import MOST_PROMPT, Undelivered, clipped, one_line
from loopai_nb.redaction import Secret, mask_text, visible
from loopai_nb.settings.channels import Security

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loopai_nb.notify.notice import Notice
    from loopai_nb.settings.channels import Channel, MailServer

__all__ = ["Email"]

_STEP_S = 8.0
"""For one command of the dialogue; the deadline of the whole is the notifier's."""

_MOST_SUBJECT = 150
_MOST_REASON = 120
_TEMPORARY = range(400, 500)


class Email:
    """Sends to the recipients of one channel.

    Args:
        channel: Of that kind.
        allow_link_local: Hand in at link-local and metadata addresses, too.
        tls: Makes the context that verifies; called once.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        allow_link_local: bool = False,
        tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        if channel.mail_server is None:
            raise AssertionError("the settings give each mail channel a server")
        self._server = channel.mail_server
        self._recipients = channel.recipients
        self._sender = channel.sender
        self._allow_link_local = allow_link_local
        self._tls = tls
        self._context: ssl.SSLContext | None = None

    async def send(self, notice: Notice) -> None:
        """Deliver; see ``Sender``."""
        message = self.message(notice)
        try:
            places = await self._places()
        except InputError as error:
            raise Undelivered(error.message.rstrip("."), again=False) from None
        except OSError:
            raise Undelivered("has a mail server whose name is unknown", again=True) from None
        line = _Line()
        try:
            await _in_a_thread(lambda: self._hand_in(message, places, line))
        except asyncio.CancelledError:
            line.cut()
            raise

    def message(self, notice: Notice) -> EmailMessage:
        """What is sent."""
        message = EmailMessage(policy=SMTP_POLICY)
        # One line each: a line feed here would begin another header.
        message["Subject"] = one_line(f"[loopai_nb] {notice.title}", _MOST_SUBJECT)
        message["From"] = self._sender
        message["To"] = ", ".join(self._recipients)
        message["Date"] = format_datetime(datetime.fromtimestamp(notice.at_ms / 1000, UTC))
        message["Message-ID"] = make_msgid(notice.notice_id, domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers it
        message.set_content(_body(notice), cte="quoted-printable")
        return message

    async def _places(self) -> list[str]:
        host = self._server.host
        if forbidden_host(host.lower()) and not self._allow_link_local:
            raise InputError(f"{host} is a cloud's metadata or link-local address and is not asked.")
        target = Target("smtp", host, self._server.port, "")
        return await resolved(target, allow_private_metadata=self._allow_link_local, what="mail server")

    def _hand_in(self, message: EmailMessage, places: Sequence[str], line: _Line) -> None:
        """The dialogue, in a thread of its own."""
        try:
            refused = self._talk(message, places, line)
        except (OSError, smtplib.SMTPException, LoopaiNbError) as error:
            # Not raised from it: smtplib's frames hold the password.
            problem = _problem(error)
        else:
            if not refused:
                return
            problem = Undelivered(f"refused {refused} of {len(self._recipients)} recipients", again=False)
        raise problem

    def _talk(self, message: EmailMessage, places: Sequence[str], line: _Line) -> int:
        """How many recipients were refused."""
        server = self._server
        password = _password(server)
        kind = _ImplicitTls if server.security is Security.TLS else _Plain
        with kind(server, places, line, self._verifying()) as smtp:
            if server.security is Security.STARTTLS:
                smtp.starttls(context=self._verifying())
                if smtp.sock is not None:
                    line.take(smtp.sock)
            if server.user and password is not None:
                smtp.login(server.user, password.reveal())
            return len(smtp.send_message(message, self._sender, list(self._recipients)))

    def _verifying(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = self._tls()
        return self._context


class _Line:
    """The socket of a dialogue, for whoever has to end it."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.is_cut = False

    def take(self, connected: socket.socket) -> None:
        """Go on over this one: TLS takes the place of the socket that it wraps, which can't be ended then.

        Raises:
            ConnectionAbortedError: It was cut before; the socket is closed.
        """
        self.socket = connected
        if self.is_cut:
            connected.close()
            raise ConnectionAbortedError

    def cut(self) -> None:
        """End the dialogue, now or as soon as it has a socket."""
        self.is_cut = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                # Not TLS's own, which would take the thread's state away that reads.
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


class _Plain(smtplib.SMTP):
    """Connects to the addresses that were checked, whatever the name leads to by now."""

    def __init__(
        self, server: MailServer, places: Sequence[str], line: _Line, context: ssl.SSLContext
    ) -> None:
        self._places = places
        self._line = line
        self._tls = context
        super().__init__(server.host, server.port, local_hostname="localhost", timeout=_STEP_S)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:  # noqa: ARG002  (smtplib's own hook)
        problem: OSError = OSError("no address")
        for place in self._places:
            try:
                connected = socket.create_connection((place, port), timeout)
            except OSError as error:
                problem = error
                continue
            self._line.take(connected)
            return connected
        raise problem


class _ImplicitTls(_Plain):
    """TLS from the first byte (RFC 8314)."""

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        wrapped = self._tls.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)
        self._line.take(wrapped)
        return wrapped


def _body(notice: Notice) -> str:
    lines = [one_line(notice.title), ""]
    lines += [f"{one_line(name, 60)}: {one_line(value)}" for name, value in notice.facts]
    if notice.link is not None:
        lines += ["", "Look at it and decide:", notice.link.reveal()]
    if notice.prompt is not None:
        lines += ["", "The first prompt:", "", clipped(visible(mask_text(notice.prompt)), MOST_PROMPT)]
    return "\n".join([*lines, "", f"loopai_nb, {notice.at}", ""])


def _password(server: MailServer) -> Secret | None:
    if isinstance(server.password, PasswordFrom):
        return passwords.from_keyring(server.keyring_name)
    return server.password


async def _in_a_thread(work: Callable[[], None]) -> None:
    """Wait for work that can't be cancelled; where we are, it is left to end by itself.

    In a daemon: a keyring that waits for a person must not keep a process from ending.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def tell(error: Undelivered | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        problem: Undelivered | None = None
        try:
            work()
        except Undelivered as error:
            problem = error
        except Exception as error:  # noqa: BLE001  (a thread's border)
            problem = Undelivered(f"failed ({type(error).__name__})", again=False)
        with contextlib.suppress(RuntimeError):  # the loop has gone
            loop.call_soon_threadsafe(tell, problem)

    threading.Thread(target=run, name="loopai-nb-mail", daemon=True).start()
    await done


def _problem(error: Exception) -> Undelivered:
    """What went wrong, in words, and whether a second try may go well."""
    again = False
    if isinstance(error, LoopaiNbError):
        reason = f"could not be asked: {error.message.rstrip('.')}"
    elif isinstance(error, smtplib.SMTPAuthenticationError):
        reason = f"did not take user and password ({error.smtp_code})"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        reason = "does not offer what is asked of it (STARTTLS or AUTH)"
    elif isinstance(error, smtplib.SMTPResponseException):
        again = error.smtp_code in _TEMPORARY
        reason = f"answered {error.smtp_code}: {_said(error.smtp_error)}"
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        again = code in _TEMPORARY
        reason = f"refused every recipient ({code}: {_said(said)})"
    elif isinstance(error, ssl.SSLError):
        why = getattr(error, "verify_message", "") or str(error.reason)
        reason = f"has no TLS that can be trusted ({one_line(why, _MOST_REASON)})"
    else:
        again = True
        reason = f"could not be talked to ({_fault(error)})"
    return Undelivered(reason, again=again)


def _said(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return one_line(text, _MOST_REASON)


def _fault(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hung up"
    return type(error).__name__
