"""Posting JSON to an address that was checked: what Slack and webhooks share."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from loopai_nb.addresses import parse_target, proxied, resolved
from loopai_nb.errors import InputError
from loopai_nb.notify.notice import Undelivered, one_line
from loopai_nb.redaction import mask_text

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    import httpx

    from loopai_nb.addresses import Target
    from loopai_nb.redaction import Secret

__all__ = ["Poster"]

_MOST_ANSWER = 2_000
_MOST_REASON = 120
_LONGEST_WAIT_S = 10.0
_DIGITS = 9
_OK = range(200, 300)
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONNECT_S = 5.0


class Poster:
    """Posts to one URL, each time over a connection of its own: notices are few.

    A name is resolved once, its addresses are checked, and one of those is connected to, so that a name
    cannot lead elsewhere between check and connection. Redirects are not followed.

    Args:
        url: Where to; it may be a secret.
        what: What is there, for messages.
        allow_link_local: Post to link-local and metadata addresses, too.
    """

    def __init__(self, url: Secret, what: str, *, allow_link_local: bool = False) -> None:
        self._url = url
        self._what = what
        self._allow_link_local = allow_link_local
        self._context: ssl.SSLContext | None = None

    async def post(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Send one body and look at the status of the answer.

        Raises:
            Undelivered: The address may not be asked, does not answer, or answers with an error.
        """
        import httpx

        try:
            target = parse_target(
                self._url.reveal(), allow_private_metadata=self._allow_link_local, what=self._what
            )
            places = [target.host] if proxied(target) else await self._places(target)
        except InputError as error:
            raise Undelivered(error.message.rstrip("."), again=False) from None
        except OSError:
            raise Undelivered("has a name that is unknown", again=True) from None
        problem: Undelivered | None = None
        for place in places:
            try:
                return await self._post_to(place, target, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                problem = Undelivered(f"could not be connected ({_cause(error)})", again=True)
            except httpx.HTTPError as error:
                # Not raised from it: its request holds the address, which may be a secret.
                raise Undelivered(f"did not answer ({type(error).__name__})", again=True) from None
        raise problem or Undelivered("has no address", again=False)

    async def _places(self, target: Target) -> list[str]:
        return await resolved(target, allow_private_metadata=self._allow_link_local, what=self._what)

    async def _post_to(self, place: str, target: Target, body: bytes, headers: Mapping[str, str]) -> None:
        import httpx

        url = httpx.URL(target.url)
        through = proxied(target)
        async with httpx.AsyncClient(
            verify=await self._verifying(),
            trust_env=through,
            follow_redirects=False,
            timeout=httpx.Timeout(None, connect=_CONNECT_S),
        ) as client:
            request = client.build_request(
                "POST",
                url if through else url.copy_with(host=place),
                content=body,
                headers={
                    "User-Agent": "loopai-nb",
                    "Content-Type": "application/json; charset=utf-8",
                    **headers,
                    "Host": target.authority,
                },
                # The certificate has to be of the name, though an address is connected to.
                extensions={} if through else {"sni_hostname": target.host},
            )
            response = await client.send(request, stream=True)
            try:
                await self._look_at(response)
            finally:
                await response.aclose()

    async def _look_at(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in _OK:
            return
        said = ""
        with contextlib.suppress(Exception):  # the status says all that matters
            async for chunk in response.aiter_text(_MOST_ANSWER):
                said = mask_text(chunk[:_MOST_ANSWER], [self._url.reveal()])
                break
        reason = f"answered {status}" + (f": {one_line(said, _MOST_REASON)}" if said.strip() else "")
        wait_s = _seconds(response.headers.get("retry-after", ""))
        raise Undelivered(reason, again=status in _AGAIN, wait_s=wait_s)

    async def _verifying(self) -> ssl.SSLContext:
        if self._context is None:
            import httpx

            self._context = await asyncio.to_thread(httpx.create_ssl_context)
        return self._context


def _seconds(text: str) -> float:
    """What Retry-After says, clamped; a date, NaN or other digits count as nothing."""
    text = text.strip()
    return (
        min(float(text), _LONGEST_WAIT_S)
        if text.isascii() and text.isdigit() and len(text) < _DIGITS
        else 0.0
    )


def _cause(error: BaseException) -> str:
    """What the system or TLS says behind httpx's own type, in a few words."""
    import ssl

    found: BaseException | None = error
    while found is not None:
        if isinstance(found, ssl.SSLCertVerificationError):
            return f"its certificate is not valid: {one_line(found.verify_message, _MOST_REASON)}"
        if isinstance(found, ConnectionRefusedError):
            return "connection refused"
        found = found.__cause__ or found.__context__
    return "timed out" if "Timeout" in type(error).__name__ else "no connection"
