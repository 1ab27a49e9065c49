"""``run --whole``: one prompt over all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopai_nb.cli.exits import Exit
from loopai_nb.cli.handing import hand_over
from loopai_nb.errors import InputError, TemplateError
from loopai_nb.notebook.run_lines import run_sentences
from loopai_nb.notebook.shown import plain
from loopai_nb.prompts.tables import MOST_ROWS

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from loopai_nb.cli.console import Console
    from loopai_nb.cli.outfile import OutFile
    from loopai_nb.prompts.template import Template
    from loopai_nb.session import Session

__all__ = ["ask_whole", "check_whole"]

_MOST_ANSWER = 1_000_000


def check_whole(args: argparse.Namespace) -> None:
    """Refuse what is about many prompts: who types it expects it to do something."""
    if args.dry_run:
        raise InputError(
            "--whole shows no plan: one prompt that you type is its own approval.", "Leave --dry-run out."
        )
    typed = {
        "--pilot": args.pilot is not None,
        "--no-dedup": args.no_dedup,
        "--fixed": args.fixed,
        "--on-error raise": args.on_error == "raise",
        "--stop-on-first-error": args.stop_on_first_error,
    }
    options = [name for name, given in typed.items() if given]
    if options:
        raise InputError(
            f"--whole is one prompt, and {' and '.join(options)} {'is' if len(options) == 1 else 'are'} "
            "about many.",
            "Leave it out." if len(options) == 1 else "Leave them out.",
        )


def ask_whole(
    args: argparse.Namespace,
    console: Console,
    session: Session,
    template: Template,
    *,
    frame: pd.DataFrame,
    out: OutFile | None,
    options: dict[str, Any],
) -> int:
    """One prompt over all rows; typed and run by a person, it is its own approval within the budget."""
    if "data" not in template.variables:
        raise TemplateError("The template has no {{ data }}, which stands for all rows.", "Put it in.")
    if len(frame) > MOST_ROWS:
        console.say(f"{{{{ data }}}} holds the first {MOST_ROWS:,} of {len(frame):,} rows.")
    run = session.ask(
        template,
        variables={"data": frame},
        **options,
    )
    result = run.result()
    answer = result["answer"].iloc[0]
    console.say(run_sentences(run, session).text())
    if out is not None:
        hand_over(result.rename(columns={"answer": args.answer}), console, out)
    elif answer is not None:
        console.show(plain(answer, _MOST_ANSWER))
    return Exit.DONE if answer is not None else Exit.PARTIAL
