"""A way to Postgres that can be cut at the one moment that matters: around a COMMIT."""

import contextlib
import socket
import threading


class Way:
    """Passes bytes on between clients and a server, until a COMMIT comes that it was told to cut at.

    Args:
        port: Of the server on the loopback.
    """

    def __init__(self, port):
        self._to = port
        self._cut = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, when, *, for_good=False):
        """Cut at the next COMMIT: ``before`` the server hears of it, or ``after``."""
        self._cut = (when, for_good)

    def close(self):
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                threading.Thread(target=self._there, args=(client, server), daemon=True).start()

    def _there(self, client, server):
        back = threading.Thread(target=self._back, args=(server, client), daemon=True)
        back.start()
        with contextlib.suppress(OSError), client, server:
            while data := client.recv(65_536):
                if self._cut is not None and b"COMMIT\0" in data:
                    (when, for_good), self._cut = self._cut, None
                    if for_good:
                        self.close()
                    self._end(client, server, back, data if when == "after" else b"")
                    return
                server.sendall(data)

    def _end(self, client, server, back, data):
        client.shutdown(socket.SHUT_RDWR)  # what the server says from here on reaches nobody
        if data:
            server.sendall(data)
            server.shutdown(socket.SHUT_WR)  # it carries the commit out, and then sees that nobody is there
        else:
            server.shutdown(socket.SHUT_RDWR)
        back.join(60)

    def _back(self, server, client):
        with contextlib.suppress(OSError):
            while data := server.recv(65_536):
                with contextlib.suppress(OSError):
                    client.sendall(data)
