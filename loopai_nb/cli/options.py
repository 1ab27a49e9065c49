"""What can be typed after ``loopai-nb``: each verb with its options. Building it imports nothing heavy."""

from __future__ import annotations

import argparse
from typing import Any

from loopai_nb import __version__
from loopai_nb.cli import reading
from loopai_nb.cli.options_away import add_away
from loopai_nb.cli.parser import Parser, add_verb
from loopai_nb.notebook import option_values as values

__all__ = ["make_parser"]

_KINDS = ("openai", "loopai", "generate")
_OR_KINDS = "openai, loopai or generate"
_EXITS = """exit codes:
  0  all is well: every row answered, everything reachable
  1  an error, said on stderr
  2  the command line can't be understood
  3  the plan was not approved; nothing was sent
  4  some rows have no answer (budget, failures, cancelled); what is answered is kept
  130  interrupted; what is answered is kept
  143  the same by SIGTERM
"""


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; ``does`` of its result is ``module:function`` of the verb."""
    parser = Parser(
        prog="loopai-nb",
        description="Ask a model server about every row of a Postgres table, with approval, a budget and a "
        "ledger.",
        epilog=_EXITS + "\nOne verb in detail: loopai-nb VERB --help",
    )
    parser.add_argument("--version", action="version", version=f"loopai-nb {__version__}")
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    parser.add_argument("--verbose", action="store_true", help="say each step on stderr")
    parser.add_argument("--log-file", metavar="FILE", help="write each step and each request there")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB [options]", required=True, parser_class=Parser)
    _add_run(verbs)
    _add_looking(verbs)
    _add_runs(verbs)
    _add_approvals(verbs)
    add_away(verbs, _port, values.whole(1))
    _add_connections(verbs)
    _add_ledger(verbs)
    _add_devserver(verbs)
    add_verb(verbs, "demo", "demonstration:demo", "the main job on real data, start to end")
    add_verb(verbs, "lab", "demonstration:lab", "JupyterLab on the example notebooks, until Ctrl-C")
    return parser


def _add_run(verbs: Any) -> None:
    parser = add_verb(
        verbs,
        "run",
        "running:run",
        "ask the model server about every row",
        "\n\nShows the plan and asks; with --yes it goes on at once. TEXT, SQL and the system prompt may be "
        "@FILE.\nThe same command again sends only what has no answer yet.",
    )
    rows = parser.add_argument_group("rows")
    source = rows.add_mutually_exclusive_group(required=True)
    source.add_argument("--query", type=reading.text, metavar="SQL", help="one SELECT; values as :name")
    source.add_argument("--table", metavar="T", help='t, schema.t or "Mixed Case"')
    source.add_argument("--csv", metavar="FILE", help="a CSV file with a header; - is stdin")
    rows.add_argument("--where", metavar="SQL", help="condition for --table; values as :name")
    rows.add_argument("--limit", type=values.whole(1), metavar="N", help="most rows")
    rows.add_argument(
        "--param",
        type=values.pair,
        action="append",
        default=[],
        metavar="K=V",
        help="value of a :name; may be repeated",
    )
    rows.add_argument("--database", metavar="NAME", help="a saved database; else DATABASE_URL")
    rows.add_argument("--key", type=values.names, metavar="A,B", help="columns that tell a row")
    rows.add_argument("--float64", action="store_true", help="numeric as floats, not exact decimals")
    rows.add_argument(
        "--infinities",
        choices=("missing", "text"),
        default="missing",
        help="infinite dates: missing, with a warning (default); text: those columns as text",
    )
    rows.add_argument(
        "--json",
        choices=("objects", "text"),
        default="objects",
        help="json and jsonb: Python objects (default), or text",
    )
    asked = parser.add_argument_group("what is asked")
    asked.add_argument(
        "--template",
        type=reading.text,
        required=True,
        metavar="TEXT",
        help="the prompt, with {{ column }}; @FILE reads it",
    )
    asked.add_argument("--system", type=reading.text, metavar="TEXT", help="system prompt, also a template")
    asked.add_argument("--answer", default="answer", metavar="NAME", help="name of the answer's column")
    asked.add_argument(
        "--schema",
        metavar="S",
        help='fields of an answer: "part: wing|other, damaged: bool", a .json file, or JSON',
    )
    asked.add_argument(
        "--schema-retries",
        type=values.whole(0),
        metavar="N",
        help="how often an answer that does not fit is asked for again (2)",
    )
    asked.add_argument("--sample", type=values.whole(1), metavar="N", help="only the first N rows")
    asked.add_argument(
        "--pilot", type=values.whole(1), metavar="N", help="N rows first, to know what all will cost"
    )
    asked.add_argument("--no-cache", action="store_true", help="use no answer of the ledger")
    asked.add_argument(
        "--no-dedup", action="store_true", help="ask each row by itself, also where rows are alike"
    )
    asked.add_argument(
        "--whole", action="store_true", help="one prompt over all rows, which are {{ data }} (a table)"
    )
    _add_server(parser)
    _add_limits(parser)
    failing = parser.add_argument_group("rows that fail")
    failing.add_argument(
        "--on-error",
        choices=("record", "raise"),
        default="record",
        help="record: hand the others over, exit 4 (default); raise: hand nothing over, exit 1",
    )
    failing.add_argument(
        "--stop-on-first-error", action="store_true", help="end the run at the first row that fails"
    )
    out = parser.add_argument_group("result")
    out.add_argument("--out", metavar="FILE", help=".csv, .parquet or .jsonl; without it a table on stdout")
    out.add_argument("--dry-run", action="store_true", help="show the plan, send nothing")
    out.add_argument("--yes", action="store_true", help="approve the plan here and now")


def _add_server(parser: argparse.ArgumentParser) -> None:
    server = parser.add_argument_group("model server")
    server.add_argument("--server", metavar="URL", help="a URL or a saved name; else LOOPAI_SERVER")
    server.add_argument("--kind", choices=_KINDS, metavar="K", help=f"{_OR_KINDS}; guessed where left out")
    server.add_argument("--model", metavar="M", help="the model's name (for Loopai: a task's id)")
    server.add_argument(
        "--price", type=values.price, metavar="IN,OUT", help="USD per million tokens in and out"
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    limits = parser.add_argument_group("limits")
    limits.add_argument("--budget", type=values.decimal, metavar="USD", help="most that it may cost")
    limits.add_argument("--max-tokens", type=values.whole(1), metavar="N", help="most tokens of an answer")
    limits.add_argument("--temperature", type=values.decimal, metavar="F", help="0 to 2")
    _add_pace(limits)


def _add_pace(parser: Any) -> None:
    parser.add_argument("--concurrency", type=values.whole(1), metavar="N", help="requests in flight at most")
    parser.add_argument(
        "--fixed", action="store_true", help="that many from the beginning, whatever the server says"
    )
    parser.add_argument(
        "--timeout-s", type=values.decimal, metavar="S", help="seconds that one request may take"
    )


def _add_looking(verbs: Any) -> None:
    check = add_verb(verbs, "check", "looking:check", "are database, model server and ledger usable?")
    check.add_argument("--database", metavar="NAME", help="a saved database; else DATABASE_URL")
    _add_server(check)
    add_verb(verbs, "status", "looking:status", "what is connected, and where each setting came from")
    metrics = add_verb(verbs, "metrics", "measuring:metrics", "what all requests of the ledger came to")
    metrics.add_argument(
        "--format",
        choices=("text", "json", "prometheus"),
        default="text",
        help="text (default), or for programs",
    )
    _add_tables(verbs)


def _add_tables(verbs: Any) -> None:
    tables = add_verb(verbs, "tables", "tables:tables", "the tables of the database")
    tables.add_argument("pattern", nargs="?", metavar="PATTERN", help="a word, or a pattern with * and ?")
    tables.add_argument("--schema", metavar="S", help="only this one")
    tables.add_argument("--all", action="store_true", help="partitions, too, below what has their sums")
    tables.add_argument("--sort", choices=("name", "rows", "size"), help="the largest first, not by name")
    describe = add_verb(verbs, "describe", "tables:describe", "what a table is made of")
    describe.add_argument("table", metavar="TABLE", help='t, schema.t or "Mixed Case"')
    describe.add_argument("--no-examples", action="store_true", help="look at no value of the table")
    for parser in (tables, describe):
        parser.add_argument("--database", metavar="NAME", help="a saved database; else DATABASE_URL")
        written = parser.add_mutually_exclusive_group()
        written.add_argument("--json", action="store_true", help="write JSON, for programs")
        written.add_argument("--csv", action="store_true", help="write CSV, a line each")


def _add_runs(verbs: Any) -> None:
    listed = add_verb(verbs, "runs", "looking:runs", "what was run, newest first")
    listed.add_argument("--limit", type=values.whole(1), metavar="N", help="how many (20)")
    show = add_verb(verbs, "show", "looking:show", "one run in detail")
    _add_run_id(show)
    _add_log(verbs)
    resume = add_verb(
        verbs, "resume", "running:resume", "go on with a run that stopped; only what has no answer is sent"
    )
    _add_going_on(resume)
    resume.add_argument("--join", action="store_true", help="help another process that carries it out")
    retry = add_verb(
        verbs, "retry", "running:retry", "ask the failed rows of a run again, and what was not asked yet"
    )
    _add_going_on(retry)
    pause = add_verb(verbs, "pause", "looking:pause", "let a run send nothing more for now")
    _add_run_id(pause)
    go_on = add_verb(verbs, "go", "looking:go_on", "let a paused run go on")
    _add_run_id(go_on)
    cancel = add_verb(verbs, "cancel", "looking:cancel", "stop a run; what is answered is kept")
    _add_run_id(cancel)
    report = add_verb(
        verbs, "report", "looking:report", "a run as one HTML file, or without one what all of them came to"
    )
    report.add_argument("run", nargs="?", metavar="RUN", help="its id, such as r-204e")
    report.add_argument("--html", required=True, metavar="FILE", help="the file to write")
    report.add_argument("--since", metavar="WHEN", help="30m, 24h, 7d, all, 2026-11-01")


def _add_log(verbs: Any) -> None:
    log = add_verb(
        verbs, "log", "looking:log", "what was asked, request by request", " Texts are as they are stored."
    )
    log.add_argument("run", nargs="?", metavar="RUN", help="only of this run, such as r-204e")
    log.add_argument("--failed", action="store_true", help="short for --status failed")
    log.add_argument(
        "--status", choices=("answered", "failed", "cached", "retried", "unknown"), help="how it ended"
    )
    log.add_argument("--search", metavar="TEXT", help="words in the prompt or the answer")
    log.add_argument("--since", metavar="WHEN", help="30m, 24h, 7d, 2026-11-01 or '2026-11-01 14:00'")
    log.add_argument("--until", metavar="WHEN", help="likewise, not included")
    log.add_argument("--model", metavar="M", help="that was asked for")
    log.add_argument("--server", metavar="URL", help="its address")
    log.add_argument("--error", metavar="KIND", help="kind of error of an attempt, such as timeout")
    log.add_argument(
        "--review", choices=("accepted", "edited", "rejected", "skipped", "none"), help="what people said"
    )
    log.add_argument(
        "--order", metavar="BY", help="at, latency, cost or tokens; --order=-at, the default: newest first"
    )
    log.add_argument("--limit", type=values.whole(1), metavar="N", help="how many (20; of a file all)")
    log.add_argument("--open", type=values.whole(1), metavar="REQUEST", help="one of them whole")
    written = log.add_mutually_exclusive_group()
    written.add_argument("--csv", metavar="FILE", help="write them there, none of them a formula")
    written.add_argument("--parquet", metavar="FILE", help="write them there")
    written.add_argument("--jsonl", metavar="FILE", help="write them there, an object a line")


def _add_approvals(verbs: Any) -> None:
    listed = add_verb(
        verbs,
        "approvals",
        "approving:approvals",
        "what waits for a decision, and what was decided",
        "\n\nLooks through the audit chain as well; exit code 1 where it is broken.",
    )
    listed.add_argument(
        "id", nargs="?", metavar="ID", help="one in detail: its id, a plan's, or a step's name"
    )
    listed.add_argument("--waiting", action="store_true", help="only what waits")
    listed.add_argument("--limit", type=values.whole(1), metavar="N", help="how many (20)")
    listed.add_argument("--verify", action="store_true", help="only look through the audit chain")
    listed.add_argument("--noted", metavar="END", help="an end of the chain, as it was shown before")
    for verb, what in (("approve", "let a plan be sent or a step be done, once"), ("reject", "refuse it")):
        parser = add_verb(
            verbs, verb, f"approving:{verb}", what, " It may wait in any process on this ledger."
        )
        parser.add_argument("id", metavar="ID", help="such as a-91c2, a plan's id, or a step's name")
        parser.add_argument("--feedback", metavar="TEXT", help="told to whoever asks, and kept")


def _add_going_on(parser: argparse.ArgumentParser) -> None:
    _add_run_id(parser)
    parser.add_argument(
        "--budget", type=values.decimal, metavar="USD", help="its new budget, what is spent included"
    )
    parser.add_argument(
        "--on-unknown",
        choices=("resend", "skip", "ask"),
        help="requests that may have been paid without a recorded answer (as the settings say)",
    )
    parser.add_argument("--out", metavar="FILE", help="answers by row: .csv, .parquet or .jsonl")
    parser.add_argument(
        "--server", metavar="NAME", help="the saved server that has the key; else the run's own address"
    )
    _add_pace(parser)


def _add_run_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="a run's id, such as r-204e")


def _add_connections(verbs: Any) -> None:
    parser = add_verb(verbs, "connections", "saving:overview", "saved databases and model servers")
    actions = parser.add_subparsers(
        title="actions", metavar="ACTION [options]", required=True, parser_class=Parser
    )
    add_verb(actions, "list", "saving:overview", "what is saved; no secret is shown")
    add = add_verb(
        actions,
        "add",
        "saving:add_database",
        "save a database",
        " Its URL is asked for without showing it, or read from stdin.",
    )
    add.add_argument("name", metavar="NAME")
    add.add_argument(
        "--password",
        choices=("keyring", "prompt"),
        metavar="WHERE",
        help="keyring: the system keeps it; prompt: typed each time; else the URL, PGPASSWORD or ~/.pgpass",
    )
    for name, what in (
        ("statement", "stop a statement"),
        ("lock", "stop waiting for a lock"),
        ("idle-in-transaction", "end a transaction that stands still"),
    ):
        add.add_argument(
            f"--{name}-timeout-s", type=values.decimal, metavar="S", help=f"the server is to {what} after S"
        )
    add.add_argument("--application-name", metavar="TEXT", help="shown in pg_stat_activity")
    server = add_verb(
        actions,
        "add-server",
        "saving:add_server",
        "save a model server",
        " Its key is asked for without showing it, or read from stdin; empty for none.",
    )
    server.add_argument("name", metavar="NAME")
    server.add_argument("--url", required=True, metavar="URL", help="base URL, without a key")
    server.add_argument("--kind", choices=_KINDS, metavar="K", help=f"{_OR_KINDS}; guessed where left out")
    server.add_argument("--model", metavar="M", help="the model's name (for Loopai: a task's id)")
    remove = add_verb(actions, "remove", "saving:remove", "forget one")
    remove.add_argument("name", metavar="NAME")


def _add_ledger(verbs: Any) -> None:
    parser = add_verb(verbs, "ledger", "ledger:path", "where the ledger is, is it sound, forget what is old")
    actions = parser.add_subparsers(
        title="actions", metavar="ACTION [options]", required=True, parser_class=Parser
    )
    add_verb(actions, "path", "ledger:path", "where it is")
    add_verb(
        actions, "check", "ledger:check", "is it sound?", " Reads all of it; exit code 1 where it is not."
    )
    add_verb(
        actions,
        "rebuild",
        "ledger:rebuild",
        "make figures over time and the search index anew",
        " Others wait with their writes meanwhile: do it while nothing runs.",
    )
    prune = add_verb(
        actions,
        "prune",
        "ledger:prune",
        "forget what is old",
        "\n\nEmpties the prompts and answers of what was answered before; tokens, costs and times stay.\n"
        "With --drop it deletes plans and runs that ended before, with all that belongs to them.",
    )
    prune.add_argument(
        "--older-than", type=reading.days, required=True, metavar="AGE", help="such as 90d or 12h"
    )
    prune.add_argument("--drop", action="store_true", help="delete, rather than empty the texts")
    prune.add_argument("--vacuum", action="store_true", help="give the room back afterwards; takes a while")
    prune.add_argument("--dry-run", action="store_true", help="only say what would be forgotten")
    prune.add_argument("--yes", action="store_true", help="do not ask")


def _add_devserver(verbs: Any) -> None:
    parser = add_verb(
        verbs,
        "devserver",
        "demonstration:devserver",
        "a small model server without weights, to try and test against",
        " Ctrl-C ends it.\n\nWith /v1 behind its address it is an OpenAI server, without it a Loopai server.",
    )
    parser.add_argument("--host", default="127.0.0.1", metavar="H", help="address (127.0.0.1)")
    parser.add_argument("--port", type=_port, default=8000, metavar="P", help="8000; 0 takes a free one")
    parser.add_argument("--allow-remote", action="store_true", help="allow an address others can reach")
    parser.add_argument("--latency-ms", type=float, default=0.0, metavar="MS", help="before each answer")
    parser.add_argument("--jitter-ms", type=float, default=0.0, metavar="MS", help="up to so much more")
    parser.add_argument("--chunk-ms", type=float, default=0.0, metavar="MS", help="between stream events")
    parser.add_argument("--faults", default="", metavar="PLAN", help='such as "429:ms*3, ok*2, reset_mid"')
    parser.add_argument("--fault-rates", default="", metavar="MIX", help='such as "500=0.1, truncated=0.05"')
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of jitter and rates (0)")
    parser.add_argument("--max-in-flight", type=values.whole(1), metavar="N", help="above it: 429")
    parser.add_argument("--model", action="append", metavar="ID", help="id that it offers; may be repeated")
    parser.add_argument("--api-key-env", metavar="NAME", help="environment variable with the key it asks for")
    parser.add_argument(
        "--allowed-host", action="append", default=[], metavar="H", help="further Host headers it serves"
    )


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > 65535:  # noqa: PLR2004  (the highest port)
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(value)
