import socket
from contextlib import ExitStack

import pytest

BODY = b'{"prompt": "STRUCK LEFT WING"}'
REQUEST = b"POST /generate HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)


def read_answer(peer):
    """One answer with Content-Length."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += peer.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    while len(body) < int(lines[b"content-length"]):
        body += peer.recv(65536)
    return head, body


def test_256_connections_are_kept_alive_and_answered(model_server):
    """Each is answered three times, all of them open all the time."""
    with ExitStack() as stack:
        address = ("127.0.0.1", model_server.port)
        peers = [stack.enter_context(socket.create_connection(address, 10)) for _ in range(256)]
        for _ in range(3):
            for peer in peers:
                peer.sendall(REQUEST)
            answers = [read_answer(peer) for peer in peers]
            assert all(head.startswith(b"HTTP/1.1 200") for head, _ in answers)
    stats = model_server.stats()

    assert (stats.connections, stats.requests, stats.answered) == (256, 768, 768)
    assert stats.statuses == {200: 768}


@pytest.mark.parametrize("size", [1, 7, len(REQUEST) - 1])
def test_requests_may_come_in_pieces_and_one_behind_the_other(model_server, size):
    """Two pipelined requests, cut anywhere, are two answers in order."""
    with socket.create_connection(("127.0.0.1", model_server.port), 10) as peer:
        sent = REQUEST + REQUEST
        for at in range(0, len(sent), size):
            peer.sendall(sent[at : at + size])
        got = b""
        while got.count(b"HTTP/1.1 200") < 2 or not got.endswith(b"}}"):
            got += peer.recv(65536)

    assert model_server.stats().answered == 2
    assert model_server.stats().connections == 1
