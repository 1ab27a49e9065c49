"""The log that somebody asked for, by real files and the real logging of Python."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from canaries import CANARY, DATABASE

from loopai_nb.errors import LoopaiNbError
from loopai_nb.telemetry.logs import LogFile, Logging, run_of_context
from loopai_nb.telemetry.steps import step, tell

LOG = logging.getLogger("loopai_nb.some.module")


def _attributes(logger: logging.Logger) -> tuple[object, ...]:
    return logger.level, logger.propagate, list(logger.handlers)


def test_a_file_gets_every_line_closed_to_others_and_all_is_left_as_it_was(tmp_path):
    """From DEBUG on, in UTF-8, 0600 whatever the umask, with the run; and the logger ends as it began."""
    ours, file = logging.getLogger("loopai_nb"), tmp_path / "new" / "steps.log"
    before, umask = _attributes(ours), os.umask(0)
    try:
        with Logging(file=file):
            token = run_of_context.set("r-1")
            LOG.debug("seen by nobody else: %s", "größer 😀")
            run_of_context.reset(token)
            tell(LOG, logging.INFO, "told", rows=3, share=0.5, none=None, name="two words", done=True)
    finally:
        os.umask(umask)
    LOG.warning("after the end")

    first, second = file.read_text(encoding="utf-8").splitlines()
    assert first.endswith(
        'level=DEBUG logger=loopai_nb.some.module msg="seen by nobody else: größer 😀" run=r-1'
    )
    assert second.endswith('msg=told rows=3 share=0.5 name="two words" done=true')
    assert file.stat().st_mode & 0o777 == 0o600
    assert _attributes(ours) == before


def test_no_line_can_be_forged_and_no_secret_is_in_one(tmp_path):
    """ATTACKS 9 and 18: line ends, escapes and quotes stay within their line; secrets are masked."""
    file = tmp_path / "steps.log"
    with Logging(file=file, form="json", secrets=[CANARY]), Logging(file=tmp_path / "b.log"):
        LOG.warning("row\n%s\x1b[2J\u202e", 'ts=now level=ERROR msg="forged"')
        LOG.warning("connected to %s with %s", DATABASE, CANARY)
        tell(LOG, logging.INFO, "server", url=f"http://u:{CANARY}@h/?key={CANARY}", key=CANARY)
        try:
            raise ValueError(f"not {CANARY}")  # noqa: TRY301  (to be logged)
        except ValueError:
            LOG.exception("went wrong")

    text = file.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["level"] for line in lines] == ["WARNING", "WARNING", "INFO", "ERROR"]
    assert "\\u" not in text
    assert not set("\x1b\u202e\n") & set(lines[0]["msg"])
    assert "ValueError: not ***" in lines[3]["trace"]
    # One log knows the other one's secrets.
    assert CANARY not in text + (tmp_path / "b.log").read_text(encoding="utf-8")
    assert len((tmp_path / "b.log").read_text(encoding="utf-8").splitlines()) == 4


def test_the_programs_own_handlers_see_what_they_would_have_seen(tmp_path, monkeypatch):
    """A file at DEBUG makes neither a program's log nor a notebook's stderr any louder."""
    seen: list[str] = []

    class Own(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage())

    own, stderr = Own(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    logging.getLogger().addHandler(own)
    try:
        with Logging(file=tmp_path / "a.log"):
            LOG.info("quiet")
            LOG.warning("loud")
            with Logging(console=True):
                LOG.debug("not on the console")
                LOG.info("on the console")
    finally:
        logging.getLogger().removeHandler(own)

    assert seen == ["loud"]
    assert stderr.getvalue().count("\n") == 1
    assert "on the console" in stderr.getvalue()
    assert len((tmp_path / "a.log").read_text(encoding="utf-8").splitlines()) == 4


def test_two_sessions_share_a_file_until_the_last_one_ends(tmp_path):
    """A record is in it once; the first to end does not end it for the other."""
    file = tmp_path / "steps.log"
    first, second = Logging(file=file), Logging(file=file)
    LOG.debug("both")
    first.close()
    first.close()
    LOG.debug("one")
    second.close()
    LOG.debug("none")

    assert [line.split()[-1] for line in file.read_text().splitlines()] == ["msg=both", "msg=one"]


def test_a_file_is_put_away_when_it_is_long_also_by_another_process(tmp_path):
    """Rotated with its mode; who had it open goes on in the new one."""
    file = tmp_path / "steps.log"
    handler, other = LogFile(file, most_bytes=400), LogFile(file, most_bytes=400)
    try:
        for n in range(20):
            for each in (handler, other):
                each.emit(logging.LogRecord("x", 20, "", 0, f"{n:>40}", None, None))
    finally:
        handler.close()
        other.close()

    kept = sorted(tmp_path.iterdir())
    assert [path.name for path in kept] == ["steps.log", *(f"steps.log.{n}" for n in range(1, len(kept)))]
    assert len(kept) > 2
    assert all(path.stat().st_size <= 400 for path in kept)
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    assert file.read_text().splitlines()[-1].strip() == "19"


def test_what_is_no_file_of_ours_is_refused(tmp_path):
    """ATTACKS 47: a link, a pipe or a folder is not written to, and the error says which."""
    (tmp_path / "link.log").symlink_to(tmp_path / "elsewhere.log")
    os.mkfifo(tmp_path / "pipe.log")
    (tmp_path / "folder.log").mkdir()
    before = _attributes(logging.getLogger("loopai_nb"))
    for name in ("link.log", "pipe.log", "folder.log"):
        with pytest.raises(LoopaiNbError, match=name):
            Logging(file=tmp_path / name)
    assert not (tmp_path / "elsewhere.log").exists()
    assert _attributes(logging.getLogger("loopai_nb")) == before


def test_a_full_disk_stops_no_work():
    """A line that can't be written is left out, and nothing is said of it anywhere."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    code = (
        "import logging, os, sys, tempfile, pathlib\n"
        "from loopai_nb.telemetry.logs import Logging\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "log = Logging(file=folder / 'a.log')\n"
        "handler = [h for h in logging.getLogger('loopai_nb').handlers if hasattr(h, 'baseFilename')][0]\n"
        "os.dup2(os.open('/dev/full', os.O_WRONLY), handler.stream.fileno())\n"
        "handler._follow = lambda: None\n"
        f"logging.getLogger('loopai_nb.x').info('secret {CANARY}')\n"
        "print('went on')\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ended.stdout == "went on\n"
    assert CANARY not in ended.stderr


def test_a_step_says_when_it_begins_and_how_it_ends(tmp_path):
    """Started, complete in so many seconds with what was found, or failed and why."""
    file = tmp_path / "steps.log"
    with Logging(file=file):
        with step(LOG, "pull", table="birds") as found:
            found["rows"] = 7
        with pytest.raises(LoopaiNbError), step(LOG, "push"):
            raise LoopaiNbError("The table is locked.", "Wait.")

    started, complete, again, failed = file.read_text().splitlines()
    assert started.endswith('msg="pull started" table=birds')
    assert 'msg="pull complete" table=birds seconds=' in complete
    assert complete.endswith(" rows=7")
    assert again.endswith('msg="push started"')
    assert failed.endswith('kind=LoopaiNbError error="The table is locked."')


def test_importing_configures_no_logging():
    """Nothing is added to any logger, and neither OpenTelemetry nor prometheus_client is imported."""
    code = (
        "import logging, sys, loopai_nb, loopai_nb.session.session, loopai_nb.telemetry.tracing\n"
        "import loopai_nb.telemetry.exposition, loopai_nb.telemetry.spans\n"
        "loggers = [logging.getLogger(), logging.getLogger('loopai_nb')]\n"
        "print([logger.handlers for logger in loggers], [logger.level for logger in loggers])\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'opentelemetry', 'prometheus_client'}))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ended.stdout == "[[], []] [30, 0]\n[]\n"
