import subprocess
import sys
from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
from genai_prices.data_snapshot import DataSnapshot, set_custom_snapshot
from genai_prices.types import (
    ClauseEquals,
    ConditionalPrice,
    ModelInfo,
    ModelPrice,
    Provider,
    Tier,
    TieredPrices,
    TimeOfDateConstraint,
)
from hypothesis import given
from hypothesis import strategies as st

from loopai_nb.errors import InputError
from loopai_nb.pricing import PUSD_PER_USD, Price, format_usd, price_of, pusd, usd

NOW = datetime(2025, 6, 1, tzinfo=UTC)
OPENAI = "https://api.openai.com/v1"


def test_costs_are_whole_numbers():
    """Picodollars a token times tokens: 0.15 USD per million is 150,000 of them, and nothing rounds."""
    price = price_of(
        "m", OPENAI, input_usd_per_mtok=Decimal("0.15"), output_usd_per_mtok=Decimal("0.6"), at=NOW
    )
    assert price == Price(150_000, 600_000, "set")
    assert price.cost_pusd(1_000_000, 1_000_000) == pusd("0.75")
    assert isinstance(price.cost_pusd(3, 4), int)


@pytest.mark.parametrize(
    "amount",
    ["nan", "inf", "-inf", "-1", "-0.01", "sNaN", "x", "", float("nan"), float("inf"), -1, "1,5", None],
)
def test_what_is_no_amount_is_refused(amount):
    """Attack 49: NaN, infinity, negative numbers and text are no budget and no price."""
    with pytest.raises(InputError, match=r"Write it like 0\.50"):
        pusd(amount)


def test_an_amount_beyond_the_ledgers_integers_is_refused():
    """A budget that no 64-bit integer holds is refused here, rather than by the ledger later."""
    with pytest.raises(InputError, match=r"Write it like 0\.50"):
        pusd("1e8")
    with pytest.raises(InputError):
        pusd("1e400")


@pytest.mark.parametrize("price", ["nan", "-1", "inf"])
def test_a_price_that_is_none_is_refused(price):
    """A negative or impossible price never reaches a plan."""
    with pytest.raises(InputError):
        price_of("m", OPENAI, input_usd_per_mtok=Decimal(price), output_usd_per_mtok=Decimal(1), at=NOW)


@pytest.mark.parametrize("one", ["input_usd_per_mtok", "output_usd_per_mtok"])
@pytest.mark.parametrize("url", [OPENAI, "http://127.0.0.1:8000/v1"])
def test_one_price_without_the_other_is_refused(one, url):
    """What was not set is not free: half a price is none, wherever the server is."""
    with pytest.raises(InputError, match=r"use_server\(price=\(IN, OUT\)\)"):
        price_of("gpt-4o", url, **{one: Decimal(1)}, at=NOW)


def test_a_price_may_be_set_to_nothing():
    """Two zeros are a price that somebody set."""
    free = price_of("m", OPENAI, input_usd_per_mtok=Decimal(0), output_usd_per_mtok=Decimal(0), at=NOW)
    assert free == Price(0, 0, "set")


def test_a_price_finer_than_a_picodollar_is_rounded_up():
    """What can't be held exactly bounds the cost from above, so that a budget still holds."""
    tiny = Decimal("0.0000015")
    assert price_of("m", OPENAI, input_usd_per_mtok=tiny, output_usd_per_mtok=tiny, at=NOW) == Price(
        2, 2, "set"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/v1",
        "http://localhost/v1",
        "http://[::1]:8000",
        "http://10.1.2.3",
        "http://gpu-box:8000",
        "http://192.168.1.5",
        "http://box.local/v1",
        "http://172.31.255.1",
        "http://[fd12::1]",
        "http://[::ffff:10.1.2.3]:8000",
        "http://GPU_box2:8000",
    ],
)
def test_a_server_nearby_costs_nothing(url):
    """This machine and private networks are priced 0, unless a price was set."""
    assert price_of("gpt-4o", url, at=NOW) == Price(0, 0, "local")
    set_ = price_of("m", url, input_usd_per_mtok=Decimal(1), output_usd_per_mtok=Decimal(2), at=NOW)
    assert set_ == Price(1_000_000, 2_000_000, "set")


@pytest.mark.parametrize(
    "url",
    [
        "https://localhost.example.com",
        "https://8.8.8.8/v1",
        "https://local.dev.example",
        "http://134744072/",
        "http://0x08080808/",
        "http://0X08080808/",
        "http://010.8.8.8/",
        "http://0x7f.8/",
        "http://8.8/",
        "http://\uff11\uff13\uff14\uff17\uff14\uff14\uff10\uff17\uff12/",  # 134744072 in full width
        "http://api\u3002example\u3002com/",  # dots that IDNA knows
        "http://com./",
        "http://172.32.0.1/",
        "http://[::ffff:8.8.8.8]/",
        "http://[2002:808:808::1]/",
        "http://[2001:0:808:808::1]/",
        "http://[64:ff9b::808:808]/",
        "api.example.com/v1",
        "",
    ],
)
def test_a_server_that_only_sounds_near_is_not_free(url):
    """A public host is never priced 0 by its name; for an unknown model nobody knows the price."""
    assert price_of("no-such-model-x", url, at=NOW) is None


def test_a_listed_price_is_dated_and_needs_no_network():
    """The snapshot gives a price with its source where every socket is refused."""
    program = (
        "import socket, datetime\n"
        "def no(*a, **k): raise SystemExit('network')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = no\n"
        "from loopai_nb.pricing import price_of\n"
        "p = price_of('gpt-4o-mini', 'https://api.openai.com/v1',\n"
        "             at=datetime.datetime(2025, 6, 1, tzinfo=datetime.UTC))\n"
        "print(p.input_pusd_per_token, p.output_pusd_per_token, p.source)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("150000 600000 genai-prices ")


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("sonar", "https://api.perplexity.ai"),
        ("sonar-pro", "https://api.perplexity.ai"),
        ("sonar-reasoning", "https://api.perplexity.ai"),
        ("sonar-reasoning-pro", "https://api.perplexity.ai"),
        ("sonar-deep-research", "https://api.perplexity.ai"),
        ("perplexity/sonar", "https://openrouter.ai/api/v1"),
        ("openai/gpt-4o:online", "https://openrouter.ai/api/v1"),
        ("gpt-4o-search-preview", OPENAI),
        ("gpt-audio", OPENAI),
    ],
)
def test_a_model_that_charges_for_more_than_text_has_no_price(model, url):
    """Fees per request or search, and sound, would be missing from a sum of tokens."""
    assert price_of(model, url, at=NOW) is None


@pytest.mark.parametrize(
    ("model", "url"),
    [
        ("gpt-4o", "https://api.githubcopilot.com"),
        ("meta-llama/llama-3.3-70b-instruct:free", "https://openrouter.ai/api/v1"),
        ("text-embedding-3-small", OPENAI),
    ],
)
def test_an_entry_without_both_prices_is_no_price(model, url):
    """Empty entries stand for subscriptions as for free models, so that neither is priced 0."""
    assert price_of(model, url, at=NOW) is None


@pytest.mark.parametrize(
    ("prices", "price"),
    [
        ({"input_mtok": Decimal(0), "output_mtok": Decimal(0)}, (0, 0)),
        ({"input_mtok": Decimal(1)}, None),
        ({"output_mtok": Decimal(1)}, None),
        ({}, None),
        ({"input_mtok": Decimal(1), "output_mtok": Decimal(2), "requests_kcount": Decimal(5)}, None),
        ({"input_mtok": Decimal(1), "output_mtok": Decimal(2), "cache_write_mtok": Decimal(3)}, (3, 2)),
        ({"input_mtok": Decimal(1), "output_mtok": Decimal(2), "web_searches_kcount": Decimal(9)}, (1, 2)),
    ],
)
def test_a_listed_price_is_what_its_entry_says(prices, price):
    """Nothing only where the entry says 0; and caches that fill unasked are paid for."""
    listed = _priced(ModelPrice(**prices))
    assert listed == (None if price is None else tuple(1_000_000 * usd_per_mtok for usd_per_mtok in price))


def test_the_dearest_tier_and_hour_bound_what_is_charged():
    """A run may go on past an hour's end, and a prompt past a tier's start."""
    tiers = TieredPrices(base=Decimal(4), tiers=[Tier(start=200_000, price=Decimal(6))])
    by_day = ModelPrice(input_mtok=tiers, output_mtok=Decimal(8))
    by_night = ModelPrice(input_mtok=Decimal(1), output_mtok=Decimal(2))
    for start in (0, 20):  # now is midnight: within the cheap hours both times
        cheap = TimeOfDateConstraint(time(start, tzinfo=UTC), time(8, tzinfo=UTC))
        listed = _priced([ConditionalPrice(prices=by_day), ConditionalPrice(cheap, prices=by_night)])
        assert listed == (6_000_000, 8_000_000)


def _priced(prices):
    """Picodollars per token of a model at a public host with these prices in the list; None without."""
    model = ModelInfo(id="m", match=ClauseEquals(equals="m"), prices=prices)
    provider = Provider(id="maker", name="Maker", api_pattern=r"https://api\.example\.com", models=[model])
    set_custom_snapshot(DataSnapshot(providers=[provider], from_auto_update=False))
    try:
        price = price_of("m", "https://api.example.com/v1", at=NOW)
    finally:
        set_custom_snapshot(None)
    return None if price is None else (price.input_pusd_per_token, price.output_pusd_per_token)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("0.5", "0.50"),
        ("0.226", "0.226"),
        ("0.4998", "0.4998"),
        ("1234.567", "1,234.57"),
        ("1", "1.00"),
        ("0.000012", "0.000012"),
        ("0.0000000001", "0.0000000001"),
    ],
)
def test_amounts_for_people(amount, text):
    """Cents at least, and the digits of what is smaller."""
    assert format_usd(pusd(amount)) == text


@given(st.integers(0, 10**18))
def test_no_amount_above_nothing_looks_like_nothing(amount):
    """What costs something is never shown as 0.00, and is off by a hundredth of itself at most."""
    shown = Decimal(format_usd(amount).replace(",", ""))
    assert (shown == 0) == (amount == 0)
    assert abs(shown - usd(amount)) <= max(usd(amount) / 100, Decimal(0))


@given(st.decimals(0, 10**6, places=12))
def test_an_amount_comes_back_exactly(amount):
    """Twelve decimals of a dollar are kept."""
    assert usd(pusd(amount)) == amount
    assert pusd(amount) == amount * PUSD_PER_USD
