"""A real PostgreSQL server for tests: one cluster a process, one database a test, gone with the process.

It listens on a socket in a folder of its own, where everybody is let in, and on a loopback port with password
and TLS. PostgreSQL refuses to run as root: then it runs as the user that its package has made.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.servers.process import free_port
from tests.support import pki
from trustdesk.core.database_url import DatabaseUrl
from trustdesk.storage import schema
from trustdesk.storage.workspace import Workspace

USER, PASSWORD = "desk", "correct horse"
STARTING_S = 30.0

SETTINGS = {
    "fsync": "off",  # a kill of a process loses nothing that was written; nobody cuts the power here
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "autovacuum": "off",
    "jit": "off",
    "lc_messages": "C",
}
ENTRANCE = """\
local all all trust
hostssl all desk 127.0.0.1/32 scram-sha-256
hostssl all desk ::1/128 scram-sha-256
"""


def programs() -> Path:
    """Where `initdb` and `postgres` are: Debian's folder of the newest version."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda file: [int(part) for part in file.parts[-3].split(".") if part.isdigit()],
    )
    assert found, "packaging/dev.py installs Debian's package postgresql"
    return found[-1].parent


class PostgresServer:
    """A cluster in a temporary folder, running."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="trustdesk-pg-"))
        self.port = free_port()
        self._numbers = itertools.count(1)
        self._clean: list[DatabaseUrl] = []
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._data = self.folder / "data"
        self.root = self._set_up()
        self._process = self._started()
        self.sql("ALTER ROLE desk PASSWORD 'correct horse'")

    def start(self) -> None:
        """Start it again after `kill`."""
        self._process = self._started()

    def kill(self) -> None:
        """End it at once, as a machine that crashes."""
        self._run(["pg_ctl", "stop", "-D", self._data, "-m", "immediate"])
        self._process.wait()

    def close(self) -> None:
        self._process.terminate()  # "smart": every client has gone
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()
        shutil.rmtree(self.folder)

    def url(self, database: str) -> DatabaseUrl:
        """Return the URL of a database by the socket, where no password is asked for."""
        return DatabaseUrl(host=str(self.folder), port=self.port, user=USER, database=database)

    def new(self) -> DatabaseUrl:
        """Make a database with nothing in it and return its URL; `drop` it."""
        url = self.url(f"t{next(self._numbers)}")
        self.sql(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(url.database)))
        return url

    def lend(self) -> DatabaseUrl:
        """Return a database that holds an empty workspace; `give_back` it."""
        if not self._clean:
            self._clean.append(self.new())
            Workspace.open(self._clean[-1], folder=self.folder / "local").close()
        return self._clean.pop()

    def give_back(self, url: DatabaseUrl) -> None:
        """Empty a database that was lent: to make it anew takes ten times as long."""
        tables = [table.name for table in reversed(schema.metadata.sorted_tables)]
        statements = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables]
        restart = sql.SQL("SELECT setval(seqrelid, 1, false) FROM pg_sequence")
        self.sql(sql.SQL(";").join([*statements, restart]), url.database)
        self._clean.append(url)

    def drop(self, url: DatabaseUrl) -> None:
        self.sql(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(url.database)))

    def sql(self, statement: str | sql.Composed, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the owner of everything; return its rows."""
        with psycopg.connect(
            host=str(self.folder), port=self.port, user=USER, dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _set_up(self) -> pki.Issued:
        """Make the cluster; return the root of its server's certificate, for `localhost` alone."""
        collation = [
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=en",
        ]  # sorts as no program does
        self._run(["initdb", "-D", self._data, "-U", USER, "--no-sync", "--encoding=UTF8", *collation])
        now = datetime.now(UTC)
        begin, end = now - timedelta(days=1), now + timedelta(days=1)
        root = pki.root("Database CA", not_before=begin, not_after=end)
        server = pki.server(root, "localhost", not_before=begin, not_after=end)
        key = self._data / "server.key"
        (self._data / "server.crt").write_bytes(server.pem)
        key.write_bytes(server.key_pem())
        key.chmod(0o600)
        (self._data / "pg_hba.conf").write_text(ENTRANCE)
        (self.folder / "root.pem").write_bytes(root.pem)
        if self._as_user:
            os.chown(key, self._as_user["user"], self._as_user["group"])
        return root

    def _started(self) -> subprocess.Popen[bytes]:
        settings = {
            **SETTINGS,
            "ssl": "on",
            "port": str(self.port),
            "listen_addresses": "localhost",
            "unix_socket_directories": str(self.folder),
        }
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [
                    programs() / "postgres",
                    "-D",
                    self._data,
                    *itertools.chain(*(["-c", f"{name}={value}"] for name, value in settings.items())),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **self._as_user,
            )
        deadline, waiting = time.monotonic() + STARTING_S, threading.Event()
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(psycopg.OperationalError):
                self.sql("SELECT 1")
                return process
            waiting.wait(0.02)
        process.kill()
        process.wait()
        raise AssertionError((self.folder / "log").read_text(errors="replace"))

    def _run(self, arguments: Sequence[str | Path]) -> None:
        done = subprocess.run(
            [programs() / arguments[0], *arguments[1:]],
            capture_output=True,
            cwd=self.folder,
            check=False,
            **self._as_user,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Start the one server of this process."""
    server = PostgresServer()
    try:
        yield server
    finally:
        server.close()
