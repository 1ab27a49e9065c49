"""Where the rows come from: a query, a table, or a CSV file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopai_nb.errors import InputError
from loopai_nb.execution.result import ANSWER_COLUMNS

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from loopai_nb.prompts.structured import AnswerSchema
    from loopai_nb.session import Session

__all__ = ["check_names", "read_rows"]

_STDIN = "-"


def read_rows(args: argparse.Namespace, session: Session) -> tuple[pd.DataFrame, str]:
    """The rows that will be asked, and what to call them.

    Args:
        args: Of ``run``.
        session: Whose database.

    Raises:
        InputError: Options that do not fit together, or a file that can't be read.
        DatabaseError: See ``Session.pull``.
    """
    if args.csv is not None:
        _refuse(args, "--csv", "where", "param", "database", "key", "float64")
        return _read_csv(args.csv, args.limit)
    if args.database is not None:
        if "://" in args.database:
            raise InputError(
                "A URL on the command line is seen by every user of this machine.",
                "Put it into .env as DATABASE_URL, or save it: loopai-nb connections add NAME",
            )
        session.connect(args.database)
    frame = session.pull(
        args.query or args.table,
        where=args.where,
        params=dict(args.param),
        limit=args.limit,
        key=args.key,
        decimals="float64" if args.float64 else "exact",
        infinities=args.infinities,
        json=args.json,
    )
    return frame, args.table or "the query"


def check_names(
    frame: pd.DataFrame, name: str, args: argparse.Namespace, schema: AnswerSchema | None = None
) -> None:
    """Refuse rows with a column that the answers would overwrite, in the words of a command line.

    Raises:
        InputError: There is one.
    """
    fields = [] if schema is None else [field.name for field in schema.fields]
    new = (args.answer, *ANSWER_COLUMNS[1:], *fields)
    taken = next((each for each in new if each in frame.columns), None)
    if taken is None:
        return
    if args.csv is not None:
        hint = f"Rename it in the file's first line, such as to old_{taken}."
    else:
        quoted = taken if taken.isidentifier() and taken.islower() else f'"{taken}"'
        hint = f"Rename it in the query: SELECT {quoted} AS old_{taken}, ..."
    if taken == args.answer:
        hint = f"Name the answers otherwise: --answer NAME. Or: {hint[0].lower()}{hint[1:]}"
    raise InputError(f'{name} already has a column "{taken}", which the answers would overwrite.', hint)


def _refuse(args: argparse.Namespace, what: str, *names: str) -> None:
    for name in names:
        if getattr(args, name):
            raise InputError(
                f"--{name} is about the database, and the rows come from {what}.", "Leave it out."
            )


def _read_csv(name: str, limit: int | None) -> tuple[pd.DataFrame, str]:
    import pandas as pd

    source: Any = sys.stdin.buffer if name == _STDIN else Path(name).expanduser()
    shown = "stdin" if name == _STDIN else source.name
    try:
        frame = pd.read_csv(source, nrows=limit, dtype_backend="pyarrow", encoding="utf-8-sig")
    except OSError as exc:
        raise InputError(f"{name} can't be read ({exc.strerror}).", "Name a CSV file.") from exc
    except UnicodeDecodeError:
        raise InputError(f"{shown} is not UTF-8.", "Save it as CSV UTF-8.") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as exc:
        reason = " ".join(str(exc).split())[:200]
        raise InputError(f"{shown} is no CSV with a header: {reason}", "Correct it.") from exc
    return frame, shown
