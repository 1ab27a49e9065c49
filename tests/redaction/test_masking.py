from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.redaction import MASK, mask_headers, mask_text, mask_url, password_in_url

CANARY = "c4n4ry7f3a"
MEGABYTE = 1_000_000

# A password whose letters occur nowhere else in the URLs below, so that a leak of any piece of it is seen.
passwords = st.text(
    st.one_of(
        st.sampled_from("QZXJ"), st.sampled_from("@:/?#&;=%+ '\"\\<>[]{}|^~`\t\n\u00e9\u202e\U0001f511")
    ),
    min_size=1,
    max_size=20,
).map(lambda text: f"Q{text}Z")


def leaked(shown: str) -> bool:
    """Whether a letter of the password is in what is shown."""
    return bool(re.search("[QZXJ]", shown))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://sales:pw@db.internal:5432/shop", "postgresql://sales:***@db.internal:5432/shop"),
        ("postgresql+psycopg2://u:p%40w@[::1]/shop", "postgresql+psycopg2://u:***@[::1]/shop"),
        (
            "postgresql://u:p@h1:1,h2:2/shop?sslmode=require",
            "postgresql://u:***@h1:1,h2:2/shop?sslmode=require",
        ),
        ("postgresql://:pw@/shop", "postgresql://:***@/shop"),
        ("postgresql://u:p@ss@h/shop", "postgresql://u:***@h/shop"),
        (
            "postgresql://h/shop?user=u&password=pw&sslpassword=pw",
            "postgresql://h/shop?user=u&password=***&sslpassword=***",
        ),
        ("jdbc:postgresql://h/shop?password=pw", "jdbc:postgresql://h/shop?password=***"),
        ("sales:pw@db.internal/shop", "sales:***@db.internal/shop"),
        ("https://ghp_token@host/v1", "https://***@host/v1"),
        ("https://user:pw@host/v1", "https://***@host/v1"),
        (
            "https://host/v1?api-version=1&API_Key=k&x-goog-api-key=k",
            "https://host/v1?api-version=1&API_Key=***&x-goog-api-key=***",
        ),
        ("https://host/v1?key=k;sig=s&token=t", "https://host/v1?key=***;sig=***&token=***"),
        ("https://host/v1?p%61ssword=pw", "https://host/v1?p%61ssword=***"),
        ("https://host/cb#access_token=t&state=1", "https://host/cb#access_token=***&state=1"),
        ("https://hooks.slack.com/services/T0/B0/x", "https://hooks.slack.com/services/***"),
        ("host=h password='a b\\' c' user=u", "host=h password=*** user=u"),
        ("host=h password = a\\ b user=u", "host=h password = *** user=u"),
        ("dbname=postgresql://u:pw@h/shop", "dbname=postgresql://u:***@h/shop"),
    ],
)
def test_what_is_secret_in_a_url_is_masked(url, shown):
    """Attack 17: userinfo and secret parameters are masked, the rest stays readable, and once is enough."""
    assert mask_url(url) == shown
    assert mask_url(shown) == shown
    assert password_in_url(url)
    assert not password_in_url(shown)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///shop",
        "postgresql://sales@db.internal/shop",
        "postgresql://sales:@db.internal/shop",
        "http://[::1]:8000/v1",
        "http://gpu-box:8000/v1?max_tokens=5&keepalive=1&keyword=k",
        "https://host/@name/page",
        "host=h dbname=shop user=u",
        "shop",
        "",
    ],
)
def test_a_url_without_a_secret_stays(url):
    """What carries no secret is shown as it is."""
    assert mask_url(url) == url
    assert not password_in_url(url)


@given(passwords)
def test_no_url_leaks_its_password(password):
    """However a password is written into a URL, encoded or not, no letter of it is shown."""
    encoded = quote(password, safe="")
    for url in (
        f"postgresql://user:{password}@host:5432/shop",
        f"postgresql://user:{encoded}@host:5432/shop?sslmode=require",
        f"postgresql://user:{password}@host/shop?user=me@host",
        f"http://user:{password}@host:8000/v1",
        f"user:{password}@host/shop",
        f"postgresql://host/shop?password={encoded}&connect_timeout=1",
        f"postgresql://host:1/shop?user=me@host&password={encoded}",
        f"https://host/v1?api_key={quote_plus(password)}",
        f"host=host password='{password.translate({39: chr(92) + chr(39), 92: chr(92) * 2})}' user=user",
    ):
        assert not leaked(mask_url(url)), (url, mask_url(url))
        assert password_in_url(url)


@given(st.text())
def test_masking_a_url_twice_is_masking_it_once(text):
    """Any text can be given, and what is masked stays as it is."""
    assert mask_url(mask_url(text)) == mask_url(text)


@given(passwords)
def test_a_known_secret_is_masked_in_every_spelling(password):
    """A secret that is given is not found in a text again: raw, URL-encoded, or escaped."""
    spellings = (
        password,
        quote(password, safe=""),
        quote(password, safe="").lower() if not re.search("[QZXJ]", quote(password, safe="").lower()) else "",
        quote_plus(password),
        json.dumps(password),
        json.dumps(password, ensure_ascii=False),
        repr(password)[1:-1],
    )
    text = " | ".join(f"the value {spelling} was refused" for spelling in spellings)

    assert not leaked(mask_text(text, [password]))


def test_the_longer_of_two_secrets_is_masked_whole():
    """A secret that begins with another one leaves no tail."""
    assert mask_text("abcdef abcd", ["abcd", "abcdef"]) == "*** ***"


def test_a_short_secret_does_not_shred_the_text():
    """A secret of one to three letters is masked where it stands alone, and empty ones not at all."""
    assert mask_text("password a failed at table a", ["a", "", " "]) == "password *** failed at table ***"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"authorization: basic {base64.b64encode(CANARY.encode()).decode()}",
        f"Headers({{'authorization': 'Basic {CANARY}', 'accept': '*/*'}})",
        f"Headers([('x-api-key', '{CANARY}')])",
        f"{{'x-api-key': '{CANARY}'}} {{\"api_key\": \"{CANARY}\"}} b'apikey': b'{CANARY}'",
        f"OPENAI_API_KEY={CANARY} PGPASSWORD={CANARY}; DB_PASSWORD: {CANARY}",
        f"password = 'two words {CANARY}'",
        f"the key sk-proj-{CANARY} is wrong, and so are ghp_{CANARY}, hf_{CANARY}, xoxb-{CANARY}",
        f"could not open postgresql+psycopg2://user:{CANARY}@host:5432/shop, giving up",
        f"(Background: 'http://host/v1?key={CANARY}')",
        f"POST https://hooks.slack.com/services/T0/B0/{CANARY} 404",
        f"POST https://discord.com/api/webhooks/1/{CANARY} 404",
        f"-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128\n\n{CANARY}\n-----END RSA PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY}",
        f"cookie eyJhbGciOiJIUzI1NiJ9.eyJ{CANARY}.{CANARY}",
        f"grant AIza{CANARY}{CANARY}{CANARY}{CANARY}",
    ],
)
def test_secrets_in_longer_text_are_masked(text):
    """Attacks 16 to 19: what looks like a secret in an error or a log line is masked without being known."""
    shown = mask_text(text)

    assert CANARY not in shown
    assert base64.b64encode(CANARY.encode()).decode() not in shown
    assert MASK in shown
    assert mask_text(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        'FATAL: password authentication failed for user "sales"',
        "fe_sendauth: no password supplied",
        "input_tokens=214 max_tokens: 512 keyword=k",
        "a task-oriented risk-assessment-of-all-things at http://host:8000/v1/chat/completions",
        "basic understanding; bearer of news; a key: 5; Unexpected token: <",
        "me@example.org wrote to https://host/@name",
    ],
)
def test_ordinary_sentences_stay(text):
    """Words that only sound secret are left alone."""
    assert mask_text(text) == text


def test_headers_keep_their_names_and_lose_their_secrets():
    """Attack 16: every header that carries a credential is masked, whatever its case; others are readable."""
    shown = mask_headers(
        {
            "Authorization": f"Bearer {CANARY}",
            "Proxy-Authorization": CANARY,
            "x-api-key": CANARY,
            "API-Key": CANARY,
            "X-Goog-Api-Key": CANARY,
            "X-Amz-Security-Token": CANARY,
            "Cookie": f"session={CANARY}",
            "Set-Cookie": f"session={CANARY}",
            "Location": f"https://u:{CANARY}@host/",
            "Content-Type": "application/json",
            "x-ratelimit-remaining-tokens": "12",
            "Idempotency-Key": "r-204e",
        }
    )

    assert CANARY not in str(shown)
    assert shown["Content-Type"] == "application/json"
    assert shown["x-ratelimit-remaining-tokens"] == "12"
    assert shown["Idempotency-Key"] == "r-204e"
    assert shown["Authorization"] == MASK


@pytest.mark.parametrize(
    "characters", [MEGABYTE, pytest.param(5 * MEGABYTE, marks=pytest.mark.slow)], ids=["1 MB", "5 MB"]
)
@pytest.mark.parametrize(
    "piece",
    ["a", "eyJ", "sk-", "-----BEGIN PRIVATE KEY-----", 'password="', "://", "://a: ", "\\", "@", "a.b:c@"],
)
def test_megabytes_are_masked(piece, characters):
    """No text makes masking backtrack: the test would not end within its time."""
    text = piece * (characters // len(piece))

    mask_text(text, [CANARY])
    mask_url("postgresql://" + text)
