import json
import threading

import pytest
from logged import answered, begin, carry_out, refused

from loopai_nb.errors import InputError
from loopai_nb.ledger.reviews import Judgement
from loopai_nb.ledger.store import Ledger
from loopai_nb.notebook.log_desk import LogDesk, wanted_of
from loopai_nb.records import ReviewState

ALL = {"last": "all", "since_ms": None, "until_ms": None}
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '<button data-commandlinker-command="x">',
    "[x](javascript:alert(1)) ![x](http://evil/i.png)",
    "\u202egnp.exe \u200b\x1b[31mred\x00",
    "=cmd|' /C calc'!A0",
]


@pytest.fixture
def ledger(tmp_path):
    """A ledger of this test's own."""
    made = Ledger(tmp_path / "ledger" / "ledger.sqlite3")
    yield made
    made.close()


@pytest.fixture
def run_id(ledger):
    """A run over hostile texts and some hundred others; every tenth was refused."""
    texts = [*HOSTILE, *(f"text {n}" for n in range(115))]
    run_id = begin(ledger, texts, system="Be \u202e short.")
    ends = {f"text {n}" for n in range(0, 100, 10)}
    carry_out(
        ledger,
        run_id,
        lambda lease: refused(lease) if lease.prompt[20:] in ends else answered(lease, lease.prompt[20:]),
    )
    while ledger.fill_search():  # a search does so for a moment only
        pass
    return run_id


@pytest.fixture
def ask(ledger):
    """Ask the desk as a widget does: through JSON."""
    desk = LogDesk(ledger)

    def asked(kind, **message):
        return json.loads(json.dumps(desk.handlers[kind](json.loads(json.dumps(message)))))

    return asked


def test_a_log_is_opened_counted_and_gone_through(ask, run_id):
    """The first page comes at once, the number of all when it is asked for, and any window after that."""
    opened = ask("open", scope=ALL, wanted={})

    assert (len(opened["rows"]), opened["total"]) == (64, None)
    assert ask("count", look=opened["look"]) == 120
    assert ask("window", look=opened["look"], first=0, count=64) == opened["rows"]
    assert len(ask("window", look=opened["look"], first=100, count=1_000)) == 20
    row = opened["rows"][0]
    assert (row["run_id"], row["prompt"], row["answer"]) == (run_id, "text 114", "text 114")
    assert (row["latency"], row["cost"], row["tokens"]) == ("120 ms", "0.0000048", 21)
    failed = ask("open", scope=ALL, wanted={"status": "failed", "error_kind": "bad_request"})
    assert (failed["total"], failed["rows"][0]["error"]) == (10, "bad_request")
    assert ask("kinds", scope=ALL) == ["bad_request"]
    nothing = ask("open", scope=ALL | {"run": "r-none"}, wanted={"order": "cost", "descending": False})
    assert nothing == {"look": nothing["look"], "rows": [], "total": 0}
    with pytest.raises(InputError, match="looked at in another way"):
        ask("count", look="99")


def test_text_of_a_row_is_text(ask, run_id):
    """Attacks 1, 4, 5, 6 and 9: nothing is live, and what would not be seen is spelled out, everywhere."""
    opened = ask("open", scope=ALL, wanted={"order": "at", "descending": False})
    one = {
        "run_id": run_id,
        "request_no": next(r["request_no"] for r in opened["rows"] if "gnp" in r["prompt"]),
    }

    whole = ask("one", request=one, hit="EXE")

    shown = json.dumps([opened, whole], ensure_ascii=False)
    assert not any(char in shown for char in "\u202e\u200b\x1b\x00")
    assert ["odd", "[U+202E]"] in whole["prompt"]
    assert ["hit", "exe"] in whole["prompt"]
    assert ["odd", "[U+202E]"] in whole["system"]
    assert [row["prompt"] for row in opened["rows"][:1]] == ["<img src=x onerror=alert(1)>"]
    command = ask("curl", request=one)
    assert command.isascii()
    assert "\\u202e" in command


def test_one_request_is_opened_whole(ask, ledger, run_id):
    """With its attempts, cost by price, approval, review, rows, and headers without the key."""
    row = ask("open", scope=ALL, wanted={"search": "text 7"})["rows"][-1]
    ledger.add_reviews(
        run_id, [Judgement(row["request_no"], None, ReviewState.EDITED, "tail", "no wing")], reviewer="ada"
    )

    one = ask("one", request=row)

    facts = dict(one["facts"])
    assert facts["cost"] == "0.0000048 USD, at 0.20 in and 0.80 out per million tokens (set)"
    assert facts["approved"].startswith("by ann · (widget)")
    assert facts["asked"] == "phi-4 at http://gpu-box:8000/v1"
    assert one["attempts"][0]["outcome"] == "answered"
    assert one["headers"][0] == ["POST", "http://gpu-box:8000/v1/chat/completions"]
    assert ["authorization", "***"] in one["headers"]
    (said,) = one["reviews"]
    assert (said["state"], said["by"], said["note"], said["text"]) == (
        "edited",
        "ada",
        "no wing",
        [["", "tail"]],
    )
    assert one["rows"] == ["12"]
    failed = ask("one", request=ask("open", scope=ALL, wanted={"status": "failed"})["rows"][0])
    assert (failed["answer"], failed["no_answer"]) == (
        None,
        "The server refused the request (400): too long.",
    )
    for bad in (None, {}, {"request_no": True}, {"request_no": 10**6}, {"request_no": "1"}):
        with pytest.raises(InputError):
            ask("one", request=bad)


def test_a_long_text_is_cut_with_a_note(ask, ledger):
    """Attack 10: ten megabytes make a small page, and what is left out is said."""
    run = begin(ledger, ["x" * 10_000_000])
    carry_out(ledger, run, lambda lease: answered(lease, "y" * 3_000_000))
    opened = ask("open", scope=ALL, wanted={})
    one = ask("one", request=opened["rows"][0])
    assert len(json.dumps([opened, one])) < 60_000
    assert "more characters" in one["prompt"][-1][1]
    with pytest.raises(InputError, match="too many to paste"):
        ask("curl", request=opened["rows"][0])


def test_what_comes_is_let_in_by_a_refresh(ask, ledger, run_id):
    """Nothing new is None; else the newest and how many there are now; rows keep their places until then.

    Who opens a log sees what is new.
    """
    opened = ask("open", scope=ALL, wanted={})
    assert ask("count", look=opened["look"]) == 120
    assert ask("refresh", look=opened["look"]) is None
    run = begin(ledger, ["a new text"])
    carry_out(ledger, run, answered)
    assert ask("window", look=opened["look"], first=0, count=1) == opened["rows"][:1]

    now = ask("refresh", look=opened["look"])

    assert (now["total"], now["rows"][0]["prompt"]) == (121, "a new text")
    assert run_id in {row["run_id"] for row in now["rows"]}
    run = begin(ledger, ["a newer text"])
    carry_out(ledger, run, answered)
    assert ask("open", scope=ALL, wanted={})["rows"][0]["prompt"] == "a newer text"


def test_what_makes_no_sense_is_not_asked_for():
    """A page's messages may hold anything: only known names and sane numbers reach the ledger."""
    odd = {
        "search": " ",
        "min_latency_ms": "1; DROP",
        "max_latency_ms": -1,
        "min_cost_pusd": 1e300,
        "order": 7,
    }
    wanted = wanted_of({"scope": "no", "wanted": odd | {"descending": "no"}}, 10)
    assert wanted == wanted_of({}, 10)
    assert wanted_of({"scope": {"last": "1h"}}, 3_600_010).since_ms == 10
    with pytest.raises(InputError, match="There is no status 'x'"):
        wanted_of({"wanted": {"status": "x"}}, 10)


def test_two_threads_go_through_one_log(ask, run_id):
    """Messages may arrive on several threads: each gets its own rows."""
    opened = ask("open", scope=ALL, wanted={})
    found = {}

    def read(first):
        found[first] = [row["prompt"] for row in ask("window", look=opened["look"], first=first, count=10)]

    threads = [threading.Thread(target=read, args=(first,)) for first in range(0, 120, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = [row["prompt"] for row in ask("window", look=opened["look"], first=0, count=120)]
    assert [prompt for first in sorted(found) for prompt in found[first]] == whole
    assert run_id
