"""Named databases and model servers, kept in one file that only its owner can read."""

from __future__ import annotations

from loopai_nb.connections.addresses import checked_database_url, checked_server_url
from loopai_nb.connections.book import Connections, ServerConnection
from loopai_nb.connections.databases import DatabaseConnection, without_password
from loopai_nb.connections.file import default_path
from loopai_nb.connections.passwords import PasswordFrom

__all__ = [
    "Connections",
    "DatabaseConnection",
    "PasswordFrom",
    "ServerConnection",
    "checked_database_url",
    "checked_server_url",
    "default_path",
    "without_password",
]
