"""Which URLs may be asked."""

from __future__ import annotations

import asyncio

import pytest

from loopai_nb.addresses import (
    clean_base_url,
    forbidden_address,
    is_loopback,
    parse_target,
    proxied,
    resolved,
)
from loopai_nb.errors import InputError


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "http://169.254.1.1",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[::169.254.169.254]/",
        "http://[64:ff9b::169.254.169.254]/",
        "http://[2002:a9fe:a9fe::]/",
        "http://[fe80::1]/",
        "http://[fe80::1%25eth0]/",
        "http://[fd00:ec2::254]/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://0251.0376.0251.0376/",
        "http://169.254.43518/",
        "http://100.100.100.200/",
        "http://metadata.google.internal/",
        "http://metadata.google.internal./",
        "http://METADATA/",
    ],
)
def test_attack_32_metadata_addresses_are_refused(url):
    """A cloud's metadata service is refused in each spelling, and taken where it is allowed."""
    with pytest.raises(InputError):
        clean_base_url(url)
    assert clean_base_url(url, allow_private_metadata=True)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://host/",
        "gopher://host/",
        "//host/",
        "host:8000",
        "http://",
        "",
        "javascript:1",
    ],
)
def test_attack_32_other_schemes_are_refused(url):
    """Only http and https are asked."""
    with pytest.raises(InputError):
        clean_base_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://user:canary@host/v1",
        "http://canary@host/v1",
        "http://host/v1?key=canary",
        "http://host/v1#canary",
        "http://host:canary/v1",
        "http://[canary/v1",
        "http://host/canary\r\nx: y",
        "http://ho st/canary",
    ],
)
def test_attack_17_a_refused_url_is_not_repeated(url):
    """What is secret in a URL is refused, and neither the message nor its causes repeat it."""
    with pytest.raises(InputError) as caught:
        clean_base_url(url)
    assert "canary" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("  http://localhost:11434/v1 ", "http://localhost:11434/v1"),
        ("HTTPS://API.Example.com:443/v1//", "https://api.example.com/v1"),
        ("http://192.168.0.7:8000", "http://192.168.0.7:8000"),
        ("http://10.0.0.1", "http://10.0.0.1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("http://bücher.example/v1", "http://xn--bcher-kva.example/v1"),
    ],
)
def test_one_s_own_servers_are_taken(url, clean):
    """Loopback and private ranges are where a model server is; the URL comes back normalized."""
    assert clean_base_url(url) == clean


def test_a_name_that_leads_to_metadata_is_refused(monkeypatch):
    """What counts is what a name resolves to, not how harmless it looks."""

    async def exchange():
        async def rebound(*_args, **_options):
            return [(2, 1, 6, "", ("127.0.0.1", 80)), (2, 1, 6, "", ("169.254.169.254", 80))]

        # The resolver is the system's and not ours; there is no name on loopback to test with.
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", rebound)
        target = parse_target("http://harmless.example/")
        assert await resolved(target, allow_private_metadata=True) == ["127.0.0.1", "169.254.169.254"]
        await resolved(target, allow_private_metadata=False)

    with pytest.raises(InputError):
        asyncio.run(exchange())


def test_what_is_this_machine():
    """Loopback in each spelling, and nothing that only looks like it."""
    assert all(map(is_loopback, ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1"]))
    assert not any(map(is_loopback, ["localhost.example.com", "10.0.0.1", "example.com"]))
    assert not forbidden_address("no address")


def test_a_refusal_names_whose_address_it_is():
    """A notifier's wrong URL is not called a model server's."""
    with pytest.raises(InputError, match="A webhook's URL begins with"):
        parse_target("ftp://host/", what="webhook")
    with pytest.raises(InputError, match="Choose the webhook's own address"):
        parse_target("http://169.254.169.254/", what="webhook")


def test_a_proxy_is_for_other_machines_only(monkeypatch):
    """What the environment names as a proxy is not used for this machine, nor for what NO_PROXY names."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "inside.example")

    assert proxied(parse_target("http://outside.example/"))
    assert not proxied(parse_target("http://inside.example/"))
    assert not proxied(parse_target("http://127.0.0.1:8000/"))
