"""A program that begins or joins a run on a shared ledger. Started by test_sharing.py."""

import sys
from pathlib import Path

import pandas as pd

from loopai_nb.session import Session
from loopai_nb.settings import Settings

TEMPLATE = "Which part was hit? windshield, engine, wing, other. One word.\n{{ text }}"


def main(verb: str, server: str, where: str, *arguments: str) -> None:
    """``map N``: begin a run, ``join RUN``: help with it, ``day N K USD``: map under a budget of the day."""
    environ = {
        "LOOPAI_SERVER": server,
        "LOOPAI_MODEL": "demo-lexical",
        "LOOPAI_LEDGER": where,
        "LOOPAI_PRICE_INPUT_USD_PER_MTOK": "1",
        "LOOPAI_PRICE_OUTPUT_USD_PER_MTOK": "2",
        "LOOPAI_MAX_TOKENS": "8",
        "LOOPAI_CONCURRENCY": "8",
    }
    if verb == "day":
        environ["LOOPAI_BUDGET_USD_PER_DAY"] = arguments[2]
    folder = Path.cwd()
    with Session(Settings.load(environ=environ, cwd=folder, config_dir=folder)) as session:
        if verb == "join":
            run = session.join(arguments[0])
            say("joined")
        else:
            mark = arguments[1] if verb == "day" else ""
            frame = pd.DataFrame(
                {"text": [f"bird {mark} {n} hit the wing" for n in range(int(arguments[0]))]}
            )
            run = session.map(frame, TEMPLATE, approve=True, wait=False)
            if verb == "map":
                say(run.run_id)
        run.wait()
        if verb == "day":
            say(run.run_id, run.state, run.row.reason)
        else:
            say(run._executor.counts.answered)


def say(*words: object) -> None:
    """One line for the test."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


main(*sys.argv[1:])
