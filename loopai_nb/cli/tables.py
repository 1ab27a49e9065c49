"""``tables`` and ``describe``: what is in the database, for a person or as JSON or CSV for a program."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from loopai_nb.cli.exits import Exit
from loopai_nb.errors import InputError
from loopai_nb.notebook.verbs_looking import described, listed

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from loopai_nb.cli.console import Console

__all__ = ["describe", "tables"]


def tables(args: argparse.Namespace, console: Console) -> int:
    """Show the tables; none is an empty list for a program, and a sentence for a person."""
    with console.session() as session:
        found = session.tables(
            args.pattern,
            schema=args.schema,
            partitions=args.all,
            order=args.sort or "name",
            connection=_saved(args.database),
        )
    if args.json:
        console.show(_json(_records(found)))
    elif args.csv:
        console.show(_csv(found))
    elif len(found):
        console.show(listed(found, static=False, folded=not args.all).text())
    else:
        console.say("There is no such table." if args.pattern or args.schema else "There are no tables.")
    return Exit.DONE


def describe(args: argparse.Namespace, console: Console) -> int:
    """Show what a table is made of."""
    with console.session() as session:
        found = session.describe(args.table, examples=not args.no_examples, connection=_saved(args.database))
    if args.json:
        console.show(_json({**found.attrs["loopai"], "columns": _records(found)}))
    elif args.csv:
        console.show(_csv(found))
    else:
        console.show(described(found, static=False).text())
    return Exit.DONE


def _saved(name: str | None) -> str | None:
    """The name of a saved database, and no URL, whose password others could read.

    Raises:
        InputError: It is a URL.
    """
    if name is not None and "://" in name:
        raise InputError(
            "A URL on the command line is seen by every user of this machine.",
            "Save it: loopai-nb connections add NAME",
        )
    return name


def _records(found: pd.DataFrame) -> list[dict[str, Any]]:
    """Each line as plain Python values; missing is None."""
    import pandas as pd

    return [
        {
            str(name): None
            if pd.api.types.is_scalar(value) and pd.isna(value)
            else value
            if pd.api.types.is_scalar(value)
            else list(value)
            for name, value in line.items()
        }
        for line in found.to_dict("records")
    ]


def _json(value: object) -> str:
    import orjson

    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY).decode()


def _csv(found: pd.DataFrame) -> str:
    from loopai_nb.session.frame_files import write_csv

    file = io.BytesIO()
    write_csv(found, file)
    return file.getvalue().decode().rstrip("\n")
