"""What a workspace needs of its database, whichever one it is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.storage.claims import Claims

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.exc import DBAPIError


class Database(Protocol):
    """One database file or server, and what is not portable SQL about it."""

    @property
    def place(self) -> str:
        """The file, or the URL, as messages name it; nothing in it is secret."""
        ...

    @property
    def folder(self) -> Path:
        """Of this machine, mode 0700: what belongs to the workspace and not into its database."""
        ...

    @property
    def machine(self) -> str | None:
        """Eight hex digits that stand for this machine in a workspace that several share; else None."""
        ...

    @property
    def claims(self) -> Claims:
        """What marks the sweeps that a living program makes."""
        ...

    def connect(self) -> Connection:
        """Open the database; nothing is asked of it yet.

        Raises:
            DBAPIError: it cannot be opened; `failure_of` has the words.
            EnvironmentFailureError: it is no place for a workspace.
        """
        ...

    def prepare(self, connection: Connection) -> None:
        """Set up a connection once its tables are known to be ours; outside a transaction."""
        ...

    def settled(self, connection: Connection) -> None:
        """Take note that the tables are today's; outside a transaction.

        Raises:
            EnvironmentFailureError: the workspace is damaged.
        """
        ...

    def transaction(
        self, connection: Connection, *, durable: bool = False, reading: bool = False
    ) -> AbstractContextManager[None]:
        """Return one transaction, committed at its end, undone when its block raises.

        No other program writes while it lasts, here or on another machine: it waits for its turn first.

        Args:
            durable: whether the end waits until the disk has it.
            reading: whether it only reads, all of it as of one instant; it waits for nobody then, and
                cannot write.
        """
        ...

    def is_conflict(self, error: DBAPIError) -> bool:
        """Whether the transaction was undone because of another one, and may simply be run again."""
        ...

    def failure_of(self, error: DBAPIError) -> EnvironmentFailureError | None:
        """Return a failure in words; None where the statement is at fault, which is a bug."""
        ...

    def close(self, connection: Connection) -> None:
        """Bring everything to its place, and let go."""
        ...
