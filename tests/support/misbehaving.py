"""What servers do wrong on the wire: scripts for ``faulty``, of one connection each."""

import time


def closes_without_answer(peer):
    """Read, and close."""
    peer.request()


def resets_without_answer(peer):
    """Read, and reset."""
    peer.request()
    peer.reset()


def resets_in_mid_body(peer):
    """Reset within a body."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
    time.sleep(0.1)  # what is not read by then goes with the reset
    peer.reset()


def closes_in_mid_body(peer):
    """Close within a body."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")


def closes_in_mid_chunk(peer):
    """Close within a chunk."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n5\r\nab")


def closes_before_the_last_chunk(peer):
    """Close where the end of the chunks should be."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n")


def never_answers(peer):
    """Read, and say nothing."""
    peer.request()
    peer.wait_for_close()


def trickles_its_body(peer):
    """Write a body without an end, byte by byte."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    try:
        while True:
            peer.send(b" ")
            time.sleep(0.02)
    finally:
        peer.server.closed_by_client.set()


def trickles_its_head(peer):
    """Write headers without an end."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        peer.send(b"x: y\r\n")
        time.sleep(0.02)


def is_silent_in_mid_body(peer):
    """Stop within a body, and leave the connection open."""
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
    peer.wait_for_close()
