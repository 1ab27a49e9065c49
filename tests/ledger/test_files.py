import os
import stat

import platformdirs
import pytest

from loopai_nb.errors import LedgerError
from loopai_nb.ledger.files import prepare_file


@pytest.fixture
def umask_022():
    """The usual umask, under which SQLite makes files that everybody can read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask_022")
def test_the_ledger_is_private_with_all_its_files(file_shelf):
    """Attack 46: under umask 022 the folder is 0700, and the file with all that lies beside it is 0600."""
    file_shelf.plan(["a"])
    assert _mode(file_shelf.path.parent) == 0o700
    assert {p.name: _mode(p) for p in file_shelf.path.parent.iterdir()} == {
        "ledger.sqlite3": 0o600,
        "ledger.sqlite3-lock": 0o600,
        "ledger.sqlite3-wal": 0o600,
        "ledger.sqlite3-shm": 0o600,
    }


@pytest.mark.usefixtures("umask_022")
def test_every_folder_that_is_made_is_private(tmp_path, monkeypatch):
    """Of a new user's data folder not only the last one that is missing is made 0700."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "a" / "b"))
    prepare_file(platformdirs.user_data_path("loopai_nb") / "ledger.sqlite3")
    assert [_mode(tmp_path / p) for p in ("a", "a/b", "a/b/loopai_nb")] == [0o700] * 3


def test_a_mistyped_place_makes_no_folders(tmp_path):
    """Only the ledger's own folder is made; where those above it are missing the setting is named."""
    with pytest.raises(LedgerError, match=r"no folder .*hoem\. Correct LOOPAI_LEDGER, or make that folder"):
        prepare_file(tmp_path / "hoem" / "loopai" / "ledger.sqlite3")
    assert list(tmp_path.iterdir()) == []
    prepare_file(tmp_path / "loopai" / "ledger.sqlite3")


@pytest.mark.usefixtures("umask_022")
def test_a_file_that_others_can_read_is_made_private(tmp_path):
    """A ledger that was copied with 0644 is closed to others when it is opened."""
    path = tmp_path / "ledger.sqlite3"
    path.touch(mode=0o644)
    prepare_file(path)
    assert _mode(path) == 0o600


def test_a_symbolic_link_is_refused(tmp_path):
    """Attack 47: a link at the ledger's path is not followed, whether its target is there or not."""
    target = tmp_path / "target"
    link = tmp_path / "ledger.sqlite3"
    link.symlink_to(target)
    for _ in range(2):
        with pytest.raises(
            LedgerError, match=r"it is a symbolic link\. Set LOOPAI_LEDGER to a file of your own"
        ):
            prepare_file(link)
        target.touch()
    assert target.read_bytes() == b""


def test_a_symbolic_link_beside_it_is_refused(tmp_path):
    """A planted -wal link would let SQLite write into its target."""
    target = tmp_path / "target"
    target.write_text("precious")
    (tmp_path / "ledger.sqlite3-wal").symlink_to(target)
    with pytest.raises(LedgerError, match="symbolic link"):
        prepare_file(tmp_path / "ledger.sqlite3")
    assert target.read_text() == "precious"


def test_what_is_no_file_is_refused_at_once(tmp_path):
    """A folder or a named pipe at the path is refused, without waiting for anybody to open the pipe."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("folder", "pipe"):
        with pytest.raises(LedgerError, match=r"The ledger .* (can't be used|is no regular file)"):
            prepare_file(tmp_path / name)


def test_a_folder_that_can_not_be_made_is_told(tmp_path):
    """Where a file stands in the way, the message names the ledger."""
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="can't be used: Not a directory"):
        prepare_file(tmp_path / "file" / "ledger.sqlite3")
