import subprocess
import sys

from loopai_nb.ledger.owners import HEARTBEAT_EXPIRES_MS, Owner, is_gone, new_owner


def test_this_process_is_there():
    """The caller is never taken for dead, however old its heartbeat is."""
    assert not is_gone(new_owner(), heartbeat_ms=0, now_ms=10**12)


def test_a_killed_process_is_gone_even_as_a_zombie():
    """A process that was killed is gone at once, before its parent has waited for it and after."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        from loopai_nb.ledger.owners import _process_started

        me = new_owner()
        owner = Owner("o-1", me.host, child.pid, _process_started(child.pid))
        assert not is_gone(owner, 0, 0)
        child.kill()
        while not is_gone(owner, 0, 0):
            pass
        assert child.returncode is None
    assert is_gone(owner, 0, 0)


def test_another_process_of_the_same_pid_is_not_it():
    """A pid that was used again does not keep a dead owner's leases."""
    me = new_owner()
    assert is_gone(Owner(me.owner_id, me.host, me.pid, me.process_started + "0"), 0, 0)


def test_on_another_machine_silence_tells():
    """Of another machine's process only the age of its heartbeat is known."""
    far = Owner("o-1", "another-machine", 1, "boot/1")
    assert not is_gone(far, heartbeat_ms=0, now_ms=HEARTBEAT_EXPIRES_MS)
    assert is_gone(far, heartbeat_ms=0, now_ms=HEARTBEAT_EXPIRES_MS + 1)


def test_in_another_container_of_the_same_name_silence_tells():
    """A process number of another container says nothing here, though host name and boot are the same."""
    me = new_owner()
    boot, namespace, ticks = me.process_started.split("/")
    far = Owner("o-1", me.host, me.pid, f"{boot}/{namespace}0/{ticks}")
    assert not is_gone(far, heartbeat_ms=0, now_ms=HEARTBEAT_EXPIRES_MS)
    assert is_gone(far, heartbeat_ms=0, now_ms=HEARTBEAT_EXPIRES_MS + 1)
