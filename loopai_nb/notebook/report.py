"""A run, or all runs of a time, as one HTML file that needs nothing else: no script, no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.result import result_frame
from loopai_nb.ledger import queries
from loopai_nb.notebook.dashboard_desk import DashboardDesk
from loopai_nb.notebook.dashboard_page import DashboardPage, said_of
from loopai_nb.notebook.dashboard_scope import Looked
from loopai_nb.notebook.run_lines import run_sentences
from loopai_nb.notebook.shown import Grid, Preformatted, Sentences, Shown, safe
from loopai_nb.notebook.wording import latency, plural
from loopai_nb.planning.plan import PlanSpec
from loopai_nb.pricing import format_usd, pusd
from loopai_nb.redaction import mask_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from loopai_nb.execution.run import Run
    from loopai_nb.session import Session

__all__ = ["write_ledger_report", "write_report"]

MOST_ROWS = 50
_MOST_PROMPT = 4_000

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:64em;margin:2em auto;padding:0 1.2em}"
    "h1{font-size:1.4em;margin-bottom:.2em}h2{font-size:1.05em;margin:1.8em 0 .3em}"
    "table{font-size:.93em}tbody tr:nth-child(even){background:rgba(128,128,128,.09)}"
    "pre{background:rgba(128,128,128,.09);padding:.7em .9em;border-radius:6px}"
    "@media print{body{margin:0;max-width:none}}"
)
# Should an escape ever be missed, the page may still load and run nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_report(session: Session, run: Run, path: Path) -> None:
    """Write a run's report; an existing file is replaced.

    Args:
        session: Whose ledger; its secrets are masked wherever they stand.
        run: Which.
        path: The file, ending in .html by custom.

    Raises:
        InputError: The folder does not exist or can't be written to.
        LedgerError: The run can't be read.
    """
    _write(_run_html(session, run), path)


def write_ledger_report(session: Session, looked: Looked, path: Path) -> None:
    """Write what all runs of a time came to; see ``write_report``.

    Args:
        session: Whose ledger.
        looked: What is looked at.
        path: The file.

    Raises:
        InputError: The folder does not exist or can't be written to.
        LedgerError: The ledger can't be read.
    """
    page = DashboardPage(_overview(session, looked), said_of(looked))
    _write(_page("Requests, cost and latency", page.html()), path)


def _overview(session: Session, looked: Looked) -> Any:
    secrets = session.settings.secrets
    desk = DashboardDesk(session.ledger, looked, masked=lambda text: mask_text(text, secrets))
    return _without_secrets(desk.overview(looked), session)


def _write(content: str, path: Path) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as exc:
        raise InputError(
            f"{path} can't be written ({exc.strerror}).", "Name a file in a folder of yours."
        ) from exc


def _without_secrets(value: Any, session: Session) -> Any:
    """Texts, and lists and objects of them, with secrets masked.

    Before a text is cut, or half a secret would be left; and before it is part of a page, where a mask that
    goes on to the next quote or the end would take other cells, or the rest of the page, with it.
    """
    secrets = session.settings.secrets

    def clean(each: Any) -> Any:
        if isinstance(each, str):
            return mask_text(each, secrets)
        if isinstance(each, dict):
            return {name: clean(one) for name, one in each.items()}
        return [clean(one) for one in each] if isinstance(each, list | tuple) else each

    return clean(value)


def _run_html(session: Session, run: Run) -> str:
    """Plan, figures, answers, failures."""
    from loopai_nb.notebook.verbs_runs import run_details

    def clean(value: Any) -> Any:
        return _without_secrets(value, session)

    row = run.row
    spec = PlanSpec.from_json(row.spec)
    details = [fact for fact in run_details(run) if fact[0] not in {"template", "system"}]
    sections: list[tuple[str, Shown]] = [
        ("What was asked", Grid([], clean(details))),
        ("Template", Preformatted(clean(spec.template), _MOST_PROMPT)),
    ]
    if spec.system:
        sections.append(("System prompt", Preformatted(clean(spec.system), _MOST_PROMPT)))
    looked = Looked(run=row.run_id)
    overview = _overview(session, looked)
    if not overview["empty"]:
        sections.append(("Requests, cost and latency", DashboardPage(overview, "")))
    prompts = queries.prompts_of(session.ledger, row.plan_id, MOST_ROWS)
    if prompts:
        sections.append(("First prompt", Preformatted(clean(prompts[0].prompt), _MOST_PROMPT)))
        title = f"Answers ({len(prompts):,} of {plural(row.distinct, 'request')})"
        prompts.sort(key=lambda each: each.position)
        # Only of those that are shown: of a million rows all would not fit into the memory.
        asked = queries.result_rows(session.ledger, row.plan_id, [each.position for each in prompts])
        result = result_frame(session.ledger, row.plan_id, rows=asked)
        sections.append((title, _answers(prompts, result, clean)))
    failures = run.failures()
    if failures:
        sections.append(("Failures", _failures(clean(failures))))
    body = "".join(f"<section><h2>{safe(name)}</h2>{shown.html()}</section>" for name, shown in sections)
    headline = Sentences(*clean(run_sentences(run, session).lines[:1]))
    return _page(f"Run {row.run_id}", headline.html() + body)


def _page(name: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{safe(name)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{safe(name)}</h1>{content}</main></body></html>\n"
    )


def _answers(prompts: list[Any], result: pd.DataFrame, clean: Callable[[Any], Any]) -> Grid:
    """The first requests and what was answered to each; what all prompts begin with is said once, above."""
    texts = clean([each.prompt for each in prompts])
    shared = _shared_beginning(texts)
    lines = []
    for at, (each, text) in enumerate(zip(prompts, texts, strict=True)):
        found = result.iloc[at]
        own = f"… {text[len(shared) :]}" if shared else text
        answer = found["error"] if found["answer"] is None else found["answer"]
        cells = [str(each.position), own.strip(), clean(answer or ""), found["status"]]
        measured = found["answer"] is not None
        cells.append(latency(found["latency_ms"]) if measured else "")
        cells.append(format_usd(pusd(found["cost_usd"])) if measured else "")
        lines.append(cells)
    return Grid(["row", "prompt", "answer", "status", "latency", "USD"], lines, right=(0, 4, 5))


def _shared_beginning(texts: list[str]) -> str:
    """What all begin with, in whole words; "" for a single one."""
    if len(texts) < 2:  # noqa: PLR2004  (one shares with none)
        return ""
    first, last = min(texts), max(texts)  # what the outermost in order share, all share
    same = 0
    while same < len(first) and first[same] == last[same]:
        same += 1
    return first[: max(first.rfind(" ", 0, same), first.rfind("\n", 0, same)) + 1]


def _failures(failures: list[tuple[str, int, list[int]]]) -> Grid:
    lines: list[list[Any]] = [
        [f"{count:,}", reason, ", ".join(map(str, positions)) + (", ..." if count > len(positions) else "")]
        for reason, count, positions in failures
    ]
    return Grid(["rows", "reason", "positions"], lines, right=(0,))
