"""The verbs of ``%loopai`` and their options, declared once for parsing, help and Tab."""

from __future__ import annotations

import difflib
from types import MappingProxyType
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from loopai_nb.notebook import option_values as values
from loopai_nb.notebook.options import Option, Verb

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["VERBS", "overview", "unknown", "waits"]

_AS = Option("--as", "name to bind the result to", "NAME", values.name, dest="output")
_BUDGET = Option("--budget", "most that it may cost, in USD; it stops before", "USD", values.decimal)
_CONCURRENCY = Option("--concurrency", "requests in flight at most", "N", values.whole(1))
_FIXED = Option("--fixed", "that many in flight from the beginning, whatever the server says", flag=True)
_SCHEMA = Option(
    "--schema",
    'fields of an answer: "part: wing|other, damaged: bool", a .json file, JSON, or a variable',
    "S",
    completes="schema",
)
_SCHEMA_RETRIES = Option(
    "--schema-retries", "how often an answer that does not fit is asked for again (2)", "N", values.whole(0)
)
_NO_CACHE = Option("--no-cache", "use no answer of the ledger", flag=True)
_ON_UNKNOWN = Option(
    "--on-unknown",
    "requests that may have been paid without a recorded answer (as the settings say)",
    "WHAT",
    choices=("resend", "skip", "ask"),
)
_NO_WAIT = Option("--no-wait", "return at once; the progress goes on below the cell", flag=True)
_SYSTEM = Option("--system", "system prompt, also a template", "TEXT")
_MAX_TOKENS = Option("--max-tokens", "most tokens of an answer", "N", values.whole(1))
_TEMPERATURE = Option("--temperature", "0 to 2", "T", values.decimal)
_RUN = Option("run", "a run's id, such as r-204e", "RUN", completes="run")
_STOPPED = Option("run", "a run's id, such as r-204e", "RUN", completes="stopped run")
_FAILED = Option("run", "a run's id, such as r-204e", "RUN", completes="failed run")
_GOING_ON = Option("run", "a run's id, such as r-204e", "RUN", completes="run going on")
_CONNECTION = Option("--connection", "a saved database; else the current one", "NAME", completes="database")
_APPROVAL = Option("id", "such as a-91c2, a plan's id, or a step's name", "ID")
_FEEDBACK = Option("--feedback", "told to whoever asks, and kept", "TEXT")
_FRAME = Option(
    "--frame", "the DataFrame that was asked, for its columns", "DF", values.name, completes="frame"
)

_DECLARED = (
    Verb(
        "connect",
        "open a database",
        "verbs_places:connect",
        (
            Option(
                "name", "a saved connection; else DATABASE_URL", "NAME", optional=True, completes="database"
            ),
        ),
    ),
    Verb(
        "server",
        "choose a model server",
        "verbs_places:server",
        (
            Option(
                "where",
                "a saved server or a URL, also as {variable}; else LOOPAI_SERVER",
                "NAME_OR_URL",
                optional=True,
                completes="server",
            ),
            Option("--model", "the model's name (for Loopai: a task's id)", "M", completes="model"),
            Option(
                "--kind",
                "its protocol; guessed where left out",
                "K",
                choices=("openai", "loopai", "generate"),
            ),
            Option("--price", "USD per million tokens in and out", "IN,OUT", values.price),
        ),
    ),
    Verb("status", "what is connected, and where each setting came from", "verbs_places:status"),
    Verb(
        "tables",
        "the tables of the database",
        "verbs_looking:tables",
        (
            Option(
                "pattern", "a word, or a pattern with * and ?", "PATTERN", optional=True, completes="table"
            ),
            Option("--schema", "only this one", "S", completes="schemas"),
            Option("--all", "partitions, too, below the table that has their sums", flag=True),
            Option("--sort", "the largest first, not by name", "BY", choices=("name", "rows", "size")),
            _CONNECTION,
        ),
    ),
    Verb(
        "describe",
        "what a table is made of",
        "verbs_looking:describe",
        (
            Option("table", 't, schema.t or "Mixed Case"', "TABLE", completes="table"),
            Option("--no-examples", "look at no value of the table", flag=True),
            _CONNECTION,
        ),
    ),
    Verb(
        "pull",
        "rows into a DataFrame",
        "verbs_tables:pull",
        (
            Option("table", "which; or SQL in the cell", "TABLE", optional=True, completes="table"),
            Option("--where", "SQL condition; values as :name", "SQL", completes="where"),
            Option(
                "--param", "value of a :name, as name=value", "K=V", values.pair, many=True, dest="params"
            ),
            Option("--limit", "most rows", "N", values.whole(0)),
            Option("--columns", "which, in this order", "A,B", values.names, completes="columns"),
            Option(
                "--key", "columns that tell a row: its index labels", "A,B", values.names, completes="columns"
            ),
            Option("--chunks", "a stream of frames of N rows, for large tables", "N", values.whole(1)),
            Option(
                "--since", "only rows past its mark: a column that only grows", "COLUMN", completes="columns"
            ),
            Option("--overlap", 'begin so far before the mark: "1 hour", for late commits', "SPAN"),
            Option("--all", "with --since: all rows, whatever the mark says", flag=True),
            _CONNECTION,
            Option("--float64", "numeric as floats, not exact decimals", flag=True),
            Option("--numpy", "NumPy's nullable dtypes, not Arrow's", flag=True),
            Option(
                "--infinities",
                "infinite dates: missing, with a warning (default); text: those columns as text",
                "AS",
                choices=("missing", "text"),
            ),
            Option(
                "--json",
                "json and jsonb: Python objects (default), or text",
                "AS",
                choices=("objects", "text"),
            ),
            _AS,
        ),
        cell="one SELECT",
    ),
    Verb(
        "map",
        "ask the model about every row",
        "verbs_asking:map_frame",
        (
            Option("frame", "a DataFrame; one request per row", "DF", values.name, completes="frame"),
            _AS,
            Option("--answer", "name of the answer's column", "NAME"),
            Option("--model", "another model of the server", "M", completes="model"),
            _SYSTEM,
            _SCHEMA,
            _SCHEMA_RETRIES,
            _MAX_TOKENS,
            _TEMPERATURE,
            _BUDGET,
            _CONCURRENCY,
            _FIXED,
            Option("--sample", "only the first N rows", "N", values.whole(1)),
            Option("--pilot", "N rows first, to know what all will cost", "N", values.whole(1)),
            _NO_CACHE,
            Option("--no-dedup", "ask each row by itself, also where rows are alike", flag=True),
            Option(
                "--on-error",
                "record: keep a row's error in the result (default); raise: end the cell with it",
                "WHAT",
                choices=("record", "raise"),
            ),
            Option("--stop-on-first-error", "end the run at the first row that fails", flag=True),
            Option("--dry-run", "show the plan, send nothing", flag=True),
            Option("--yes", "approve the plan here and now", flag=True),
            _NO_WAIT,
        ),
        cell="the template, with {{ column }}",
        cell_needed=True,
        waits=True,
    ),
    Verb(
        "ask",
        "one prompt, one answer",
        "verbs_asking:ask",
        (_SYSTEM, _SCHEMA, _SCHEMA_RETRIES, _MAX_TOKENS, _TEMPERATURE, _BUDGET, _NO_CACHE, _AS),
        cell="the prompt, with {{ variable }}",
        cell_needed=True,
    ),
    Verb(
        "runs",
        "what was run",
        "verbs_runs:runs",
        (Option("--limit", "how many, newest first", "N", values.whole(1)),),
    ),
    Verb("show", "one run in detail", "verbs_runs:show", (_RUN,)),
    Verb(
        "log",
        "what was asked, request by request",
        "verbs_log:log",
        (
            Option("run", "only of this run, such as r-204e", "RUN", optional=True, completes="run"),
            Option("--failed", "only what has no answer: short for --status failed", flag=True),
            Option(
                "--status", "how it ended", choices=("answered", "failed", "cached", "retried", "unknown")
            ),
            Option("--search", "words in the prompt or the answer", "TEXT"),
            Option("--since", "30m, 24h, 7d, 2026-11-01 or '2026-11-01 14:00'", "WHEN", completes="since"),
            Option("--until", "likewise, not included", "WHEN", completes="since"),
            Option("--model", "that was asked for", "M", completes="model"),
            Option("--server", "its address", "URL"),
            Option("--error", "kind of error of an attempt, such as timeout", "KIND"),
            Option(
                "--review",
                "what people said of the answer",
                choices=("accepted", "edited", "rejected", "skipped", "none"),
            ),
            Option(
                "--order",
                "at, latency, cost or tokens; -at, the default, is the newest first",
                "BY",
            ),
            Option("--limit", "how many (20; of a file or frame all)", "N", values.whole(1)),
            Option("--open", "one of them whole, by its number", "REQUEST", values.whole(1)),
            Option("--csv", "write them there, every text whole and none a formula", "FILE"),
            Option("--parquet", "write them there", "FILE"),
            Option("--jsonl", "write them there, an object a line", "FILE"),
            _AS,
        ),
    ),
    Verb(
        "dashboard",
        "figures, charts and requests of a period, or of one run",
        "verbs_dashboard:dashboard",
        (
            Option("run", "a run's id, such as r-204e; else all", "RUN", optional=True, completes="run"),
            Option(
                "--since", "30m, 24h, 7d, all, 2026-11-01 or '2026-11-01 14:00'", "WHEN", completes="since"
            ),
        ),
    ),
    Verb(
        "resume",
        "go on with a run that stopped",
        "verbs_runs:resume",
        (
            _STOPPED,
            _BUDGET,
            _ON_UNKNOWN,
            _AS,
            _FRAME,
            _CONCURRENCY,
            _FIXED,
            Option("--join", "help another process that carries it out", flag=True),
            _NO_WAIT,
        ),
        waits=True,
    ),
    Verb(
        "retry",
        "go on, and ask the failed rows again",
        "verbs_runs:retry",
        (_FAILED, _BUDGET, _ON_UNKNOWN, _AS, _FRAME, _CONCURRENCY, _FIXED, _NO_WAIT),
        waits=True,
    ),
    Verb("pause", "let a run send nothing more for now", "verbs_runs:pause", (_GOING_ON,)),
    Verb("go", "let a paused run go on", "verbs_runs:go_on", (_GOING_ON,)),
    Verb("cancel", "stop a run; what is answered is kept", "verbs_runs:cancel", (_GOING_ON,)),
    Verb(
        "push",
        "answers back into Postgres",
        "verbs_tables:push",
        (
            Option("frame", "the answers", "DF", values.name, completes="frame"),
            Option("table", "made where it is missing", "TABLE", completes="table"),
            Option("--key", "columns that tell a row", "A,B", values.names, completes="columns"),
            Option("--mode", "upsert needs a key", "MODE", choices=("append", "upsert")),
            Option("--replace", "take away every row of the table that is not in DF", flag=True),
            Option(
                "--columns", "what is written beside key and answer", "A,B", values.names, completes="columns"
            ),
            Option(
                "--lineage",
                "where the answers came from: in loopai_lineage (table), or beside each answer",
                "WHERE",
                choices=("table", "columns", "none"),
            ),
            Option("--partial", "also of a run that has not answered all that it asked", flag=True),
            Option("--unreviewed", "also answers that nobody decided about, of a reviewed run", flag=True),
            Option("--dry-run", "show what would change, change nothing", flag=True),
            _CONNECTION,
        ),
    ),
    Verb(
        "seen",
        "move the mark of a pull --since by hand",
        "verbs_since:seen",
        (Option("frame", "what was pulled", "DF", values.name, completes="frame"),),
    ),
    Verb(
        "watermarks",
        "how far pulls --since came",
        "verbs_since:watermarks",
        (Option("--forget", "a mark, by its name: its next pull takes all rows", "NAME"),),
    ),
    Verb(
        "report",
        "a run as one HTML file, or without one what all of them came to",
        "verbs_runs:report",
        (
            Option("run", "a run's id, such as r-204e", "RUN", optional=True, completes="run"),
            Option("--html", "the file to write", "FILE", dest="html"),
            Option("--since", "30m, 24h, 7d, all, 2026-11-01", "WHEN", completes="since"),
        ),
    ),
    Verb(
        "diff",
        "two runs on the same rows side by side",
        "verbs_reviews:diff",
        (
            Option(
                "first", "a run's id, such as r-204e, or a DataFrame of its answers", "RUN", completes="run"
            ),
            Option("second", "another one", "RUN", completes="run"),
            Option("--label", "a column with what should have been answered; part=COL for a field", "COL"),
            _FRAME,
            _AS,
        ),
    ),
    Verb(
        "review",
        "accept, edit, reject or skip answers, by keyboard",
        "verbs_reviews:review",
        (
            Option(
                "run", "a run's id, such as r-204e, or a DataFrame of its answers", "RUN", completes="run"
            ),
            Option("--reviewer", "who decides; else LOOPAI_USER", "NAME"),
            _FRAME,
            _AS,
        ),
    ),
    Verb(
        "reviews",
        "what was reviewed, by whom, and how far they agree",
        "verbs_reviews:reviews",
        (
            Option("run", "one in detail, such as r-204e", "RUN", optional=True, completes="run"),
            Option("--limit", "how many, newest first", "N", values.whole(1)),
        ),
    ),
    Verb(
        "approvals",
        "what waits for a decision, and what was decided",
        "verbs_approvals:approvals",
        (
            Option("id", "one in detail: its id, a plan's, or a step's name", "ID", optional=True),
            Option("--waiting", "only what waits", flag=True),
            Option("--limit", "how many, newest first", "N", values.whole(1)),
            Option("--verify", "only look through the audit chain", flag=True),
            Option("--noted", "an end of the chain, as it was shown before", "END"),
        ),
    ),
    Verb(
        "approve", "let what waits elsewhere go on, once", "verbs_approvals:approve", (_APPROVAL, _FEEDBACK)
    ),
    Verb("reject", "refuse what waits elsewhere", "verbs_approvals:reject", (_APPROVAL, _FEEDBACK)),
    Verb(
        "alerts",
        "look at the rules of LOOPAI_ALERTS now, and list what fired",
        "verbs_alerts:alerts",
        (
            Option("--since", "30m, 24h, 7d, 2026-11-01 or '2026-11-01 14:00'", "WHEN"),
            Option("--limit", "how many, the last one first", "N", values.whole(1)),
        ),
    ),
    Verb("debug", "the whole chain of the last error", "verbs_runs:debug"),
)
VERBS: Mapping[str, Verb] = MappingProxyType({verb.name: verb for verb in _DECLARED})


def overview() -> list[tuple[str, str]]:
    """The verbs and what they do, as ``%loopai`` alone lists them."""
    return [
        (f"{'%%' if verb.cell_needed else '%'}loopai {verb.name}{_usage(verb)}", verb.summary)
        for verb in VERBS.values()
    ]


def waits(line: str, has_cell: bool) -> bool:  # noqa: FBT001  (as ``AwaitedMagics`` calls it)
    """Whether what is typed behind ``%loopai`` may wait for a person."""
    word = line.split(None, 1)[0] if line.strip() else ""
    verb = VERBS.get(word)
    # The name of a DataFrame is short for map; it may be that of a verb which takes no cell.
    return has_cell and bool(word) if verb is None or (has_cell and not verb.cell) else verb.waits


def unknown(word: str) -> UsageError:
    """The error for a first word that is neither a verb nor a DataFrame."""
    near = difflib.get_close_matches(word, VERBS, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Verbs: {', '.join(VERBS)}."
    return UsageError(f"{word!r} is no verb and no DataFrame of this notebook. {hint}")


def _usage(verb: Verb) -> str:
    """The positional arguments, and whether there are options."""
    shown = [f"[{o.metavar}]" if o.optional else o.metavar for o in verb.options if o.positional]
    if len(shown) < len(verb.options):
        shown.append("...")
    return "".join(f" {word}" for word in shown)
