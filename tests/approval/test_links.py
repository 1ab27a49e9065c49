"""Signed links: whom they let in, and where the key is."""

from __future__ import annotations

import os
import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.approval.links import LONGEST_MS, Link, LinkKey, page_link
from loopai_nb.errors import SettingsError
from loopai_nb.ledger.records import ApprovalRow
from loopai_nb.records import ApprovalState
from loopai_nb.redaction import Secret

KEY = LinkKey(Secret("11" * 32))
LINK = Link("a-91c2", "d" * 64, 1_763_750_000_000)
TOKEN = KEY.sign(LINK).reveal()


def _row(expires_ms):
    return ApprovalRow(
        approval_id="a-91c2",
        kind="plan",
        plan_id="p-1",
        digest="d" * 64,
        title="",
        context=None,
        state=ApprovalState.PENDING,
        asked_ms=0,
        expires_ms=expires_ms,
        asked_by="ada",
        decided_by=None,
        means=None,
        decided_ms=None,
        feedback="",
        modifications=None,
        used_by=None,
    )


def test_a_link_is_read_as_it_was_signed():
    """Approval, digest and expiry come back; nothing of it needs escaping in a URL."""
    assert KEY.read(TOKEN) == LINK
    assert set(TOKEN) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_another_key_signs_nothing_for_us():
    """What another user's key signed is not ours."""
    assert LinkKey(Secret("22" * 32)).read(TOKEN) is None


def test_no_character_can_be_changed():
    """Each single character counts, also the last one of either half, which base64 half ignores."""
    for position, character in enumerate(TOKEN):
        other = "A" if character != "A" else "B"
        assert KEY.read(TOKEN[:position] + other + TOKEN[position + 1 :]) is None


@given(st.text(max_size=200))
def test_any_other_text_is_no_link(text):
    """Whatever stands in its place is refused and raises nothing."""
    assert KEY.read(text) is None
    assert KEY.read(f"{TOKEN}{text}") is None or not text


@pytest.mark.parametrize(
    "token",
    ["", ".", f"{TOKEN}=", f"{TOKEN.partition('.')[0]}.", "\ud800.x", "x" * 10**6],
)
def test_what_is_no_token_is_refused(token):
    """Empty halves, padding, lone surrogates, a million characters."""
    assert KEY.read(token) is None


@pytest.mark.parametrize(
    ("expires_ms", "wanted"), [(5_000, 5_000), (None, 1_000 + LONGEST_MS), (10**15, 1_000 + LONGEST_MS)]
)
def test_a_link_expires_with_its_question(expires_ms, wanted):
    """It lasts no longer than the question, and a week at most."""
    link = page_link("http://127.0.0.1:8770", KEY, _row(expires_ms), 1_000)

    assert KEY.read(link.reveal().removeprefix("http://127.0.0.1:8770/a/")) == Link(
        "a-91c2", "d" * 64, wanted
    )


def test_the_key_is_made_once_and_is_the_users_own(tmp_path):
    """The first use makes it, 0600 in a folder of 0700; later ones read it, whatever the umask."""
    path = tmp_path / "config" / "link.key"
    before = os.umask(0o022)
    try:
        first = LinkKey.load(path)
    finally:
        os.umask(before)

    assert LinkKey.load(path).read(first.sign(LINK).reveal()) == LINK
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["link.key"]


def test_two_at_once_get_one_key(tmp_path):
    """Of several processes that need a key at the same moment, each signs for all."""
    path, tokens, start = tmp_path / "link.key", [], threading.Barrier(8)

    def sign():
        start.wait()
        tokens.append(LinkKey.load(path).sign(LINK).reveal())

    threads = [threading.Thread(target=sign) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(tokens) == 8
    assert len(set(tokens)) == 1


@pytest.mark.parametrize("fault", ["others", "symlink", "short"])
def test_a_key_that_is_not_ones_own_is_refused(tmp_path, fault):
    """A key that others can read, that lies elsewhere, or that is none signs nothing."""
    path = tmp_path / "link.key"
    LinkKey.load(path)
    if fault == "others":
        path.chmod(0o644)
    elif fault == "symlink":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.write_text("11")

    with pytest.raises(SettingsError, match="Delete it"):
        LinkKey.load(path)
