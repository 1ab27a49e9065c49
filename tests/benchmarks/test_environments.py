from __future__ import annotations

from pathlib import Path

import benchmarks
from benchmarks import pull
from benchmarks.environments import PEERS, demands
from benchmarks.peers.tables import READERS

SCRIPTS = Path(benchmarks.__file__).with_name("peers")


def test_each_peer_has_its_script_and_its_environment():
    """What the table names can be run: there is a program for it, and something to install for it."""
    assert {peer.part for peer in PEERS} | {pull.PART} == set(demands())
    assert all((SCRIPTS / f"{peer.script}.py").is_file() for peer in PEERS)
    assert {reader for reader, _, _ in pull.PEERS.values()} < set(READERS)


def test_every_demand_is_pinned():
    """The same peers are measured everywhere."""
    assert all("==" in demand for part in demands().values() for demand in part)
