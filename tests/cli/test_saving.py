import stat

import pytest

CANARY = "canary-3141-secret"


def test_a_database_is_saved_from_a_pipe_and_used_by_name(ready, birds, template):
    """The URL is read from stdin, never from the line; ``--database NAME`` uses it."""
    saved = ready("connections", "add", "faa", stdin=birds + "\n")
    listed = ready.inside("connections", "list")
    ended = ready.inside(
        "run", "--table", "strikes", "--database", "faa", "--limit", "2", "--template", template, "--yes"
    )
    password = birds.split(":")[2].partition("@")[0]

    assert (saved.code, listed.code, ended.code) == (0, 0, 0), ended.err
    assert "faa" in listed.out
    assert "***@127.0.0.1" in listed.out
    assert password not in saved.out + saved.err + listed.out + ended.out + ended.err
    file = ready.folder / "config" / "loopai_nb" / "connections.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_url_typed_on_a_terminal_is_not_shown(cli, terminal):
    """The terminal does not echo it, and what is said does not repeat it."""
    asked = terminal(cli, "connections", "add", "shop")
    asked.until(r"not shown\): ")
    asked.type(f"postgresql://me:{CANARY}@db.internal/shop\n")

    code, out, seen = asked.end()

    assert code == 0, seen
    assert CANARY not in out + seen
    assert cli.inside("connections", "list").out.splitlines()[1].split()[0] == "shop"


def test_a_server_is_saved_with_its_key_and_resumed_with_it(cli, devserver, birds_csv, template):
    """The key goes to its own server, also where ``resume`` knows only the run's address."""
    cli.inside("connections", "list")
    added = cli(
        "connections", "add-server", "dev", "--url", devserver.openai_url, "--kind", "openai",
        "--model", "demo-lexical", stdin=f"{CANARY}\n",
    )  # fmt: skip
    devserver.faults("ok, 400")
    ran = cli.inside("run", "--csv", birds_csv(2), "--server", "dev", "--template", template, "--yes",
                     "--concurrency", "1")  # fmt: skip
    again = cli.inside("retry", ran.run_id)

    assert (added.code, ran.code, again.code) == (0, 4, 0), again.err
    keys = [dict(request.headers)[b"authorization"] for request in devserver.requests()]
    assert keys == [f"Bearer {CANARY}".encode()] * 3
    said = "".join(part for ended in (added, ran, again) for part in (ended.out, ended.err))
    assert CANARY not in said + cli.inside("connections", "list").out


def test_what_is_saved_can_be_forgotten(cli):
    """``remove`` forgets; twice is an error with the names that there are."""
    cli("connections", "add", "shop", stdin="postgresql://me@db/shop\n")

    assert cli.inside("connections", "remove", "shop").code == 0
    assert cli.inside("connections", "list").out.startswith("Nothing is saved.")
    assert cli.inside("connections", "remove", "shop").code == 1


@pytest.mark.parametrize(
    "given", ["", f"mysql://me:{CANARY}@db/shop\n", f"me:{CANARY}@db\n", f"postgresql://me:{CANARY}@x@db/s\n"]
)
def test_what_is_no_url_is_refused_without_repeating_it(cli, given):
    """A mistyped URL holds a password all the same."""
    ended = cli("connections", "add", "shop", "--debug", stdin=given)

    assert ended.code == 1
    assert CANARY not in ended.out + ended.err
    assert cli.inside("connections", "list").out.startswith("Nothing is saved.")


RING = """
import json, os, pathlib
from keyring.backend import KeyringBackend

FILE = pathlib.Path(os.environ["HOME"], "ring.json")

class Ring(KeyringBackend):
    priority = 5
    def _kept(self):
        return json.loads(FILE.read_text()) if FILE.exists() else {}
    def get_password(self, service, username):
        return self._kept().get(f"{service}/{username}")
    def set_password(self, service, username, password):
        FILE.write_text(json.dumps({**self._kept(), f"{service}/{username}": password}))
    def delete_password(self, service, username):
        FILE.write_text(json.dumps({k: v for k, v in self._kept().items() if k != f"{service}/{username}"}))
"""


def test_the_password_of_a_url_goes_to_the_keyring(cli, database):
    """With --password keyring the file has none; check finds it there, and remove takes it away."""
    (cli.folder / "ring.py").write_text(RING)
    env = {
        "PYTHONPATH": f"{cli.env['PYTHONPATH']}:{cli.folder}",
        "PYTHON_KEYRING_BACKEND": "ring.Ring",
    }
    password = database.split(":")[2].partition("@")[0]
    added = cli("connections", "add", "faa", "--password", "keyring", "--statement-timeout-s", "30",
                stdin=f"{database}\n", **env)  # fmt: skip
    file = cli.folder / "config" / "loopai_nb" / "connections.toml"
    kept = file.read_text()
    listed = cli("connections", "list", **env)
    checked = cli("check", "--database", "faa", **env)
    ring = (cli.folder / "ring.json").read_text()
    removed = cli("connections", "remove", "faa", **env)

    assert (added.code, removed.code) == (0, 0), added.err + removed.err
    assert password not in kept
    assert 'password = "keyring"' in kept
    assert "statement_timeout_s = 30" in kept
    assert "password: keyring, statement_timeout_s=30" in listed.out
    assert password in ring
    assert "Postgres 1" in checked.out + checked.err
    assert (cli.folder / "ring.json").read_text() == "{}"
    for ended in (added, listed, checked, removed):
        assert password not in ended.out + ended.err


def test_the_keyring_keeps_no_password_that_no_connection_has(cli):
    """A name that a server has is refused, and a connection saved again without the keyring leaves it."""
    (cli.folder / "ring.py").write_text(RING)
    env = {
        "PYTHONPATH": f"{cli.env['PYTHONPATH']}:{cli.folder}",
        "PYTHON_KEYRING_BACKEND": "ring.Ring",
    }
    url, ring = f"postgresql://me:{CANARY}@db/shop\n", cli.folder / "ring.json"
    cli("connections", "add-server", "taken", "--url", "http://127.0.0.1:1/v1", stdin="\n", **env)

    clash = cli("connections", "add", "taken", "--password", "keyring", stdin=url, **env)
    assert (clash.code, ring.read_text()) == (1, "{}")

    assert cli("connections", "add", "shop", "--password", "keyring", stdin=url, **env).code == 0
    assert CANARY in ring.read_text()
    assert cli("connections", "add", "shop", stdin=url, **env).code == 0
    assert ring.read_text() == "{}"


def test_a_keyring_that_keeps_nothing_saves_nothing(cli):
    """Without a keyring the command says so, and no half of a connection is left in the file."""
    url, backend = f"postgresql://me:{CANARY}@db/shop\n", "keyring.backends.null.Keyring"
    ended = cli(
        "connections", "add", "shop", "--password", "keyring", stdin=url, PYTHON_KEYRING_BACKEND=backend
    )

    assert ended.code == 1
    assert "keyring" in ended.err.lower()
    assert CANARY not in ended.out + ended.err
    assert cli.inside("connections", "list").out.startswith("Nothing is saved.")
