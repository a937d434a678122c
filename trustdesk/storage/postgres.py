"""The workspace on an office's PostgreSQL server: everything that is PostgreSQL's own and not portable SQL.

One program writes at a time, whichever machine it runs on: each transaction begins by taking the workspace's
advisory lock, as a transaction on a file begins IMMEDIATE. What reads takes a snapshot, and waits for nobody.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from trustdesk.core.database_url import DatabaseUrl
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.storage import schema
from trustdesk.storage.claims import AdvisoryClaims
from trustdesk.storage.database_password import given_password, kept_password
from trustdesk.storage.failures import file_failure
from trustdesk.storage.places import machine_of, shared_folder
from trustdesk.storage.postgres_failures import CONFLICTS, newer_workspace, postgres_failure

if TYPE_CHECKING:
    import psycopg

CONNECT_TIMEOUT_S = 10
DEAD_AFTER_MS = 20_000
"""How long the other machine may acknowledge nothing before the connection counts as lost."""

_WORKSPACE_LOCK = 0x7472_7573_7464_6573
"""Of the advisory lock: "trustdes" in ASCII. One database holds one workspace."""


class PostgresDatabase:
    """A database on a server (`storage.database.Database`)."""

    def __init__(
        self,
        url: DatabaseUrl,
        busy_timeout_s: float,
        *,
        folder: Path | None = None,
        password: Callable[[DatabaseUrl], str | None] = kept_password,
    ) -> None:
        """Make the folder on this machine where it is missing; nothing is opened yet.

        Args:
            busy_timeout_s: how long to wait for another program that is writing.
            folder: of this machine; None is the one that goes with the URL.
            password: asked where the server wants one, and environment and password file say none.

        Raises:
            EnvironmentFailureError: the folder cannot be made.
        """
        self._url = url
        self._password = password
        self._busy_timeout_s = busy_timeout_s
        self._settled = False
        self._claims = AdvisoryClaims()
        self._folder = folder or shared_folder(url)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise file_failure(error, str(error.filename or self._folder)) from error
        self._machine = machine_of(self._folder)
        self._engine = self._made_engine()

    @property
    def place(self) -> str:
        """The URL without its options."""
        return self._url.address

    @property
    def folder(self) -> Path:
        """The one of this machine that goes with the URL."""
        return self._folder

    @property
    def machine(self) -> str:
        """The number that was made for this machine's folder."""
        return self._machine

    @property
    def claims(self) -> AdvisoryClaims:
        """Locks of the server's sessions, on whichever machines the programs run."""
        return self._claims

    def connect(self) -> Connection:
        """Open a connection to the server, and see that it can keep every text."""
        connection = self._engine.connect()
        encoding = _driver(connection).info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise EnvironmentFailureError(
                msg(
                    "The database does not keep texts as UTF-8, but as {encoding}.", encoding=encoding or "?"
                ),
                remedy=msg("Have a database made for trustdesk, with the encoding UTF8."),
                place=self.place,
            )
        return connection

    def prepare(self, connection: Connection) -> None:
        """Nothing to do: the server has its own ways."""

    def settled(self, connection: Connection) -> None:  # noqa: ARG002 - a database's signature
        """Look from now on whether another program has changed the tables."""
        self._settled = True

    @contextlib.contextmanager
    def transaction(
        self, connection: Connection, *, durable: bool = False, reading: bool = False
    ) -> Iterator[None]:
        """One transaction, alone or on a snapshot; the server waits for its disk as it is set up."""
        with connection.begin():
            self._take_turn(connection, reading=reading)
            if durable:
                connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
            yield

    def is_conflict(self, error: DBAPIError) -> bool:
        """Whether the server undid it because of another transaction: serialisation, or a deadlock."""
        return getattr(error.orig, "sqlstate", None) in CONFLICTS

    def failure_of(self, error: DBAPIError) -> EnvironmentFailureError | None:
        """Return what the server or the network says in words."""
        return postgres_failure(error, self.place)

    def close(self, connection: Connection) -> None:
        """Let go; what was committed is on the server."""
        connection.close()

    def _made_engine(self) -> Engine:
        return create_engine(
            "postgresql+psycopg://",
            creator=self._connected,
            poolclass=NullPool,
            hide_parameters=True,  # of failed statements: they would stand in messages and logs
        )

    def _take_turn(self, connection: Connection, *, reading: bool) -> None:
        if reading:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WORKSPACE_LOCK})")
        if self._settled:
            revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            if revision != schema.HEAD:
                raise newer_workspace()

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        import psycopg

        parameters = connection_parameters(self._url, self._busy_timeout_s)
        password = given_password()
        if password is not None:
            parameters["password"] = password
        try:
            return _open(parameters)
        except psycopg.OperationalError as error:
            pgconn = error.pgconn
            if password is not None or pgconn is None or not pgconn.needs_password:
                raise
            kept = self._password(self._url)
            if kept is None:
                raise
        return _open({**parameters, "password": kept})


def connection_parameters(url: DatabaseUrl, busy_timeout_s: float) -> dict[str, str | int]:
    """Return what libpq is told; no password is among it.

    The server's certificate has to hold and to name the server, unless the URL says otherwise or nothing
    leaves this machine. Its roots are those of the system, or those that the URL or libpq's own file names.
    """
    parameters: dict[str, str | int] = {
        "host": url.host,
        "port": url.port,
        "user": url.user,
        "dbname": url.database,
        "connect_timeout": CONNECT_TIMEOUT_S,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": DEAD_AFTER_MS,
        "application_name": "trustdesk",
        "client_encoding": "UTF8",
        "target_session_attrs": "read-write",
        "options": _settings(busy_timeout_s),  # also in place of PGOPTIONS
        **dict(url.options),
    }
    if "sslmode" not in parameters:
        parameters["sslmode"] = "prefer" if url.is_local else "verify-full"
    if parameters["sslmode"] == "verify-full" and "sslrootcert" not in parameters:
        own = Path.home() / ".postgresql" / "root.crt"
        if not own.exists():
            parameters["sslrootcert"] = "system"
    return parameters


def _settings(busy_timeout_s: float) -> str:
    """Return the server's settings of a session, as libpq takes them."""
    settings = {
        "lock_timeout": f"{max(1, round(busy_timeout_s * 1000))}ms",
        # A program that died in the midst of a long statement must not keep the workspace's lock.
        "client_connection_check_interval": "5s",
        # Nor one whose machine died keep what its session has locked.
        "tcp_keepalives_idle": "30",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
        "default_transaction_isolation": r"read\ committed",
        "statement_timeout": "0",
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _open(parameters: dict[str, str | int]) -> psycopg.Connection[tuple[object, ...]]:
    import psycopg

    return psycopg.connect("", **parameters)  # type: ignore[arg-type]


def _driver(connection: Connection) -> psycopg.Connection[tuple[object, ...]]:
    return cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)
