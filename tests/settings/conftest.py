import pytest

from loopai_nb.connections import Connections
from loopai_nb.settings import Settings


@pytest.fixture
def folder(tmp_path):
    """An empty folder to work in, below which and above which nothing is set."""
    folder = tmp_path / "project" / "notebooks"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def load(folder, tmp_path):
    """Load the settings of that folder, with exactly the environment that is given."""

    def load_settings(environ=None, dotenv=None, pyproject=None, **overrides):
        if dotenv is not None:
            (folder / ".env").write_text(dotenv, encoding="utf-8")
            (folder / ".env").chmod(0o600)
        if pyproject is not None:
            (folder / "pyproject.toml").write_text(f"[tool.loopai_nb]\n{pyproject}", encoding="utf-8")
        return Settings.load(
            environ=environ or {}, cwd=folder, config_dir=tmp_path / "config", overrides=overrides or None
        )

    return load_settings


@pytest.fixture
def saved(tmp_path):
    """The saved connections that ``load`` reads."""
    return Connections.load(tmp_path / "config" / "connections.toml")
