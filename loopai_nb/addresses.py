"""Which addresses may be asked: http and https, and never a cloud's metadata service."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from loopai_nb.errors import InputError

__all__ = [
    "Target",
    "clean_base_url",
    "forbidden_address",
    "forbidden_host",
    "is_loopback",
    "parse_target",
    "proxied",
    "resolved",
]

_MODEL_SERVER = "model server"
_EXAMPLES = {_MODEL_SERVER: "Write it like http://127.0.0.1:8000/v1."}
_KEY_PLACES = {_MODEL_SERVER: "Put the key in .env as LOOPAI_API_KEY."}
_PORTS = {"http": 80, "https": 443}

# Characters that RFC 3986 allows in a path, with "%" so that what is escaped already stays as it is.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_NUMERIC_HOST = re.compile(r"[0-9a-fx.]+", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f]")

# Where clouds answer credentials to whoever asks: link-local on AWS, Azure and GCP, one address each on
# Alibaba Cloud and on AWS over IPv6. Loopback and private ranges are where one's own model server is.
_METADATA_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in ("169.254.0.0/16", "100.100.100.200/32", "fe80::/10", "fd00:ec2::254/128")
)
_METADATA_NAMES = frozenset({"metadata", "metadata.google.internal", "instance-data"})
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart for sending.

    Attributes:
        scheme: ``"http"`` or ``"https"``.
        host: Name or address as to resolve and to verify a certificate against, without brackets.
        port: TCP port.
        path: Path and query as they go into the request line.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a connection belongs to."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Value of the Host header (RFC 9110, section 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole URL again, normalized."""
        return f"{self.scheme}://{self.authority}{self.path}"


def clean_base_url(url: str, *, allow_private_metadata: bool = False) -> str:
    """Return a base URL without trailing slashes, or refuse it.

    Args:
        url: Such as ``http://127.0.0.1:8000/v1``.
        allow_private_metadata: Take link-local and metadata addresses too.

    Raises:
        InputError: No http(s) URL, or with a password, a query or a forbidden host.
    """
    target = parse_target(url.strip(), allow_private_metadata=allow_private_metadata)
    if "?" in target.path or "#" in url:
        raise InputError(
            "A model server's URL has no query or fragment.",
            "Give a key with LOOPAI_API_KEY in .env instead.",
        )
    return target.url.rstrip("/")


def parse_target(url: str, *, allow_private_metadata: bool = False, what: str = _MODEL_SERVER) -> Target:
    """Take a URL apart and check that it may be asked.

    Args:
        url: Such as ``http://127.0.0.1:8000/v1/models``.
        allow_private_metadata: Take link-local and metadata addresses too.
        what: Whose URL it is, in messages.

    Raises:
        InputError: It may not, or it is no URL. The message never has its userinfo or query.
    """
    if _UNSAFE.search(url):
        raise InputError(f"A {what}'s URL has a blank or a control character in it.", "Correct it.")
    try:
        parts = urlsplit(url)
        port, host = parts.port, _ascii_host(parts.hostname or "")
    except (ValueError, UnicodeError):
        # from None: both errors quote the URL, which may have a password.
        raise InputError(f"The {what}'s URL cannot be read.", _EXAMPLES.get(what, "")) from None
    if parts.scheme not in _PORTS or not host:
        raise InputError(
            f"A {what}'s URL begins with http:// or https://, not {_start(url)!r}.", _EXAMPLES.get(what, "")
        )
    if parts.username is not None or parts.password is not None:
        raise InputError(
            f"A {what}'s URL may not hold a user or a password.",
            _KEY_PLACES.get(what, "Send it in a header."),
        )
    if not allow_private_metadata and forbidden_host(host):
        raise InputError(
            f"{host} is a cloud's metadata or link-local address and is not asked.",
            f"Choose the {what}'s own address.",
        )
    path = quote(parts.path or "/", safe=_PATH_SAFE)
    if parts.query:
        path = f"{path}?{quote(parts.query, safe=_PATH_SAFE + '?')}"
    return Target(parts.scheme, host, _PORTS[parts.scheme] if port is None else port, path)


def forbidden_address(address: str) -> bool:
    """Whether an IP address, in any of its spellings, belongs to a metadata service or is link-local."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(ip in network for ip in _spellings(ip) for network in _METADATA_NETWORKS)


async def resolved(target: Target, *, allow_private_metadata: bool, what: str = _MODEL_SERVER) -> list[str]:
    """Return the IP addresses of a target's host, in the resolver's order.

    A name may lead where the URL itself may not (DNS rebinding), so what it resolves to is checked too.

    Args:
        target: From ``parse_target``.
        allow_private_metadata: Take link-local and metadata addresses too.
        what: Whose address it is, in messages.

    Raises:
        OSError: The name is unknown.
        InputError: It leads to a metadata or link-local address.
    """
    if is_address(target.host):
        return [target.host]
    import asyncio  # the settings, which a kernel reads early, import this file

    found = await asyncio.get_running_loop().getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    if not allow_private_metadata and any(map(forbidden_address, addresses)):
        raise InputError(
            f"{target.host} resolves to a cloud's metadata or link-local address and is not asked.",
            f"Choose the {what}'s own address.",
        )
    return addresses


def is_address(host: str) -> bool:
    """Whether a host is an IP address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its spelling; such a one is never asked through a proxy."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(one.is_loopback or one.is_unspecified for one in _spellings(ip))


def forbidden_host(host: str) -> bool:
    """Whether a host, by its name or as an address in any spelling, is link-local or a metadata service."""
    if host.rstrip(".") in _METADATA_NAMES or forbidden_address(host):
        return True
    if not _NUMERIC_HOST.fullmatch(host):
        return False
    try:
        # The resolver reads 2852039166, 0xa9fea9fe and 0251.0376.0251.0376 as addresses; so must the guard.
        return forbidden_address(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError:
        return False


def proxied(target: Target) -> bool:
    """Whether the environment has a proxy for it, which then resolves its name."""
    if is_loopback(target.host):
        return False
    import urllib.request

    proxies = urllib.request.getproxies()
    if not (proxies.get(target.scheme) or proxies.get("all")):
        return False
    return not urllib.request.proxy_bypass(target.host)


def _spellings(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, ...]:
    if isinstance(ip, ipaddress.IPv4Address):
        return (ip,)
    inner = [one for one in (ip.ipv4_mapped, ip.sixtofour) if one is not None]
    if ip in _NAT64 or ip in _IPV4_COMPATIBLE:
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return (ip, *inner)


def _ascii_host(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _start(url: str) -> str:
    scheme, colon, _ = url.partition(":")
    return f"{scheme[:12]}{colon}"
