"""What is shown of settings, and what never is; what reading them costs."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from decimal import Decimal
from pathlib import Path

import pytest
from canaries import CANARY, DATABASE

from loopai_nb.errors import SettingsError
from loopai_nb.settings import Settings


def test_provenance_lists_every_setting_masked(load):
    """What %loopai status shows: each setting in order, its masked value, and where it came from."""
    settings = load(
        {"DATABASE_URL": DATABASE}, f"LOOPAI_API_KEY={CANARY}\nLOOPAI_MODEL=phi\n", "timeout_s = 5.5"
    )

    shown = settings.provenance()

    assert shown[0] == (
        "database_url",
        "postgresql://sales:***@db.internal:5432/shop",
        "environment (DATABASE_URL)",
    )
    assert ("api_key", "***", ".env (LOOPAI_API_KEY)") in shown
    assert ("timeout_s", "5.5", "pyproject.toml (timeout_s)") in shown
    assert ("server_url", "not set", "default") in shown
    assert ("redact", "none", "default") in shown
    assert ("log_console", "no", "default") in shown
    assert len(shown) == 35
    assert all(isinstance(text, str) for row in shown for text in row)


def test_nothing_shows_a_secret(load):
    """Promise 5: neither repr, str, format nor provenance shows what is secret."""
    settings = load({"DATABASE_URL": DATABASE, "LOOPAI_API_KEY": CANARY, "LOOPAI_LEDGER": DATABASE})

    assert (
        CANARY not in f"{settings} {settings!r} {settings.provenance()} {settings.sources} {settings.notes}"
    )


@pytest.mark.parametrize(
    "dotenv",
    [
        "LOOPAI_TIMEOUT_S=abc",
        "LOOPAI_SERVER=nowhere",
        "LOOPAI_SERVER_KIND=x",
        "API_HOST=h\nAPI_PORT=x",
        "DB_PORT=x",
        f"DATABASE_URL=mysql://u:{CANARY}@h/d",
        f"LOOPAI_SERVER=http://u:{CANARY}@h",
        f"LOOPAI_LEDGER=mysql://u:{CANARY}@h/d",
        f"OPENAI_API_KEY=x\nLOOPAI_API_KEY={CANARY}\u200b",
    ],
)
def test_a_traceback_with_locals_shows_no_secret(load, folder, dotenv):
    """Attack 15: a wrong setting's traceback holds no other setting's secret in its frames."""
    (folder / ".env").write_text(f"DB_NAME=shop\nDB_PASSWORD={CANARY}\nLOOPAI_API_KEY={CANARY}\n{dotenv}\n")
    (folder / "pyproject.toml").write_text(f"# loopai_nb {CANARY}")
    environ = {"PGPASSWORD": CANARY}

    with pytest.raises(SettingsError) as caught:
        load(environ)

    text = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    # The frames of this file hold what the test gave; the product's begin where load() does.
    assert CANARY not in text.partition("settings/settings.py")[2]
    assert CANARY not in str(caught.value)


def test_settings_are_values(load):
    """Settings don't change, compare by what they say, and can be made without any source."""
    assert load({"LOOPAI_MODEL": "phi"}) == load(dotenv="LOOPAI_MODEL=phi")
    assert Settings(model="phi", user="ana", ledger=Path("l")).source_of("model") == "default"
    with pytest.raises(AttributeError):
        load().model = "other"


def test_importing_reads_nothing_and_is_light(tmp_path):
    """No heavy package is loaded, no file of ours opened, before something is asked for."""
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "import loopai_nb.settings, loopai_nb.connections, loopai_nb.redaction\n"
        "heavy = {'pandas', 'sqlalchemy', 'pydantic', 'httpx', 'pyarrow', 'dotenv', 'platformdirs'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
        "assert not [name for name in opened if name.endswith(('.env', '.toml'))]\n"
    )
    (tmp_path / ".env").write_text("LOOPAI_UI=broken")

    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    )

    assert done.returncode == 0


def test_every_name_is_documented():
    """docs/settings.md has each name of the environment, each key and each rule of redaction."""
    from loopai_nb.redaction import RULES
    from loopai_nb.settings import notifying
    from loopai_nb.settings.places import SPECS
    from loopai_nb.settings.readers import READERS

    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    specs = (*SPECS, *notifying.SPECS, *(spec for spec, _ in READERS))
    names = {name for spec in specs for name in (*spec.env, *spec.keys)} | set(RULES)

    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_the_documented_example_works(load, saved):
    """The .env and the pyproject.toml of docs/settings.md load as they stand there."""
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    dotenv = text.partition("```sh\n")[2].partition("```")[0]
    pyproject = text.partition("```toml\n[tool.loopai_nb]\n")[2].partition("```")[0]
    saved.add_database("shop", DATABASE)
    saved.add_server("gpu", "http://gpu-box:8000/v1")

    assert load(pyproject=pyproject).server_url == "http://gpu-box:8000/v1"
    settings = load(dotenv=dotenv, pyproject=pyproject)
    assert settings.notes == ()
    assert (settings.budget_usd, settings.concurrency) == (Decimal(5), 16)
