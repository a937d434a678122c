"""Trust lists with their versions: kept, applied, undone, refused, put in force; each one transaction.

Versions never change but for their state, and are not removed but with their list. What a person saw when
deciding (`base`, the applied version then) is looked at again inside the transaction: two processes at once
cannot undo each other's work. The line of the log is written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.trust_version import (
    Endorsement,
    ListContent,
    ListSource,
    ListSummary,
    ListVersion,
    SignerPin,
    Transport,
    VersionState,
)
from trustdesk.storage import trust_list_changes, trust_rows, trust_version_rows
from trustdesk.storage.sealing import NO_SEALER, Sealer
from trustdesk.storage.trust_list_changes import VersionWish
from trustdesk.storage.trust_log import LogNote, ToldOfList, told_of_list
from trustdesk.storage.trust_rows import ListRow
from trustdesk.storage.trust_version_rows import VersionRow, prepared_version
from trustdesk.storage.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrigin:
    """Where a list is fetched again.

    Attributes:
        url: "" for nowhere.
        etag: what the server called the newest version that came from there; "" for none, and for one that
            was applied and undone.
    """

    url: str = ""
    etag: str = ""
    pin: SignerPin | None = None


class TrustLists:
    """The trust lists of one workspace. Every answer is a future of the workspace's thread.

    Futures fail with UnusableInputError where a list or a version is not there, or where what a person saw
    is not so any more; nothing is changed then.
    """

    def __init__(self, workspace: Workspace, sealer: Callable[[], Sealer] = lambda: NO_SEALER) -> None:
        """Take the workspace.

        Args:
            sealer: what seals there can be made and checked now (`storage.seal_keys.SealKeys.current`).
        """
        self._workspace = workspace
        self._sealer = sealer

    def summaries(self) -> Future[tuple[ListSummary, ...]]:
        """All lists by name, without the one that comes with the program."""
        return self._workspace.submit(lambda connection: summaries(connection, self._sealer()))

    def builtin_is_in_force(self) -> Future[bool]:
        """Whether the list that comes with the program is judged by."""
        return self._workspace.submit(trust_rows.builtin_is_in_force)

    def version(self, name: str, number: int | None = None) -> Future[ListVersion]:
        """One version with its entries; None is the applied one."""
        return self._workspace.submit(lambda connection: _version(connection, name, number, self._sealer()))

    def version_to_decide(self, name: str, number: int) -> Future[ListVersion]:
        """One version, to be applied as it is.

        The future also fails, with EnvironmentFailureError, where it is not as the log tells.
        """
        return self._workspace.submit(
            lambda connection: _version(connection, name, number, self._sealer(), as_told=True)
        )

    def origin(self, name: str) -> Future[ListOrigin]:
        """Where a list is fetched again; nowhere where there is no such list."""
        return self._workspace.submit(lambda connection: _origin(connection, name, self._sealer()))

    def told(self, name: str) -> Future[ToldOfList]:
        """What the log tells of the lists of a name, also of one that was removed."""
        return self._workspace.submit(lambda connection: told_of_list(connection, name))

    def keep(
        self,
        name: str,
        content: ListContent,
        source: ListSource,
        *,
        state: VersionState,
        base: int | None,
        note: LogNote,
        in_force: bool = False,
        pin: SignerPin | None = None,
        url: str | None = None,
    ) -> Future[ListVersion]:
        """Keep a version: applied, waiting for a decision, or refused. The list is made where it is missing.

        The version is written out in the thread of the caller: 10,000 entries take half a second there.
        The future also fails where the sequence is lower than that of the applied version.

        Args:
            base: number of the version that was applied when a person decided; None for none.
            in_force: judge by the list from now on; False leaves it as it is.
            pin: the signer to pin; None leaves the pin as it is.
            url: where the list is fetched from now on; None leaves it as it is.
        """
        prepared = prepared_version(content, source)
        how = VersionWish(state=state, base=base, in_force=in_force, pin=pin, url=url)
        return self._workspace.submit(
            lambda connection: trust_list_changes.keep_version(
                connection, name, prepared, how, note, self._sealer()
            ),
            durable=True,
        )

    def apply(
        self, name: str, number: int, *, base: int | None, note: LogNote, in_force: bool = False
    ) -> Future[ListVersion]:
        """Judge by a version that is kept already.

        One that was applied before becomes a new version that says the same, so that `undo` finds its way.

        Args:
            base: as for `keep`; a sequence that went down is refused in the same way.
            in_force: likewise.
        """
        how = VersionWish(state=VersionState.APPLIED, base=base, in_force=in_force)
        return self._workspace.submit(
            lambda connection: trust_list_changes.apply_version(
                connection, name, number, how, note, self._sealer()
            ),
            durable=True,
        )

    def refuse(self, name: str, number: int, note: LogNote) -> Future[ListVersion]:
        """Decide against a version that waits; it stays to be looked at."""
        return self._submit(
            lambda connection: trust_list_changes.refuse_version(
                connection, name, number, note, self._sealer()
            )
        )

    def undo(self, name: str, note: LogNote, *, base: int | None = None) -> Future[ListVersion | None]:
        """Go back to the version that was applied before, further back with each call.

        The answer is None where there was none before: nothing is applied then.

        Args:
            base: number of the applied version as the person saw it; None for whichever it is.
        """
        return self._submit(
            lambda connection: trust_list_changes.undo_version(connection, name, base, note, self._sealer())
        )

    def remove(self, name: str, note: LogNote) -> Future[None]:
        """Take a list away with all its versions; the log stays.

        The future also fails where it is the only list in force, or where a partner's policy names it.
        """
        return self._submit(
            lambda connection: trust_list_changes.remove_list(connection, name, note, self._sealer())
        )

    def put_in_force(self, names: Sequence[str], note: LogNote, *, builtin: str) -> Future[None]:
        """Judge by these lists and by no others.

        The future also fails where there is none among them, or one of which no version is applied.

        Args:
            builtin: name of the list that comes with the program.
        """
        wanted = frozenset(names)
        return self._submit(
            lambda connection: trust_list_changes.put_in_force(
                connection, wanted, builtin, note, self._sealer()
            )
        )

    def forget_pin(self, name: str, note: LogNote) -> Future[None]:
        """Let any signer's list be reviewed again; nothing happens where none is pinned."""
        return self._submit(
            lambda connection: trust_list_changes.forget_pin(connection, name, note, self._sealer())
        )

    def _submit(self, work: Callable[[Connection], T]) -> Future[T]:
        return self._workspace.submit(work, durable=True)


def summaries(connection: Connection, sealer: Sealer) -> tuple[ListSummary, ...]:
    """Return all lists of the workspace, by name."""
    return tuple(
        _summary(row, trust_version_rows.versions_of(connection, row))
        for row in trust_rows.all_lists(connection, sealer)
    )


def _summary(row: ListRow, versions: Sequence[VersionRow]) -> ListSummary:
    applied = trust_version_rows.applied_of(versions)
    waiting = trust_version_rows.waiting_of(versions)
    shown = applied or waiting or (versions[0] if versions else None)
    return ListSummary(
        name=row.name,
        title="" if shown is None else shown.content.title,
        endorsement=Endorsement.SELF if shown is None else shown.content.endorsement,
        versions=tuple(version.line for version in versions),
        in_force=row.in_force,
        applied=None if applied is None else applied.line,
        waiting=None if waiting is None else waiting.line,
        url=row.url,
        pin=row.pin,
    )


def _version(
    connection: Connection, name: str, number: int | None, sealer: Sealer, *, as_told: bool = False
) -> ListVersion:
    row = trust_rows.list_named(connection, name, sealer)
    versions = trust_version_rows.versions_of(connection, row)
    version = trust_version_rows.version_numbered(versions, name, number)
    if as_told:
        trust_list_changes.see_that_it_is_as_told(connection, row, version)
    return trust_version_rows.list_version(row, version, trust_version_rows.entries_of(connection, version))


def _origin(connection: Connection, name: str, sealer: Sealer) -> ListOrigin:
    try:
        row = trust_rows.list_named(connection, name, sealer)
    except UnusableInputError:
        return ListOrigin()
    versions = trust_version_rows.versions_of(connection, row)
    newest = next((one for one in versions if _came_from(one, row.url)), None)
    return ListOrigin(
        url=row.url,
        etag="" if newest is None or _was_undone(newest, versions) else newest.line.source.etag,
        pin=row.pin,
    )


def _came_from(version: VersionRow, url: str) -> bool:
    source = version.line.source
    return source.transport is Transport.HTTPS and source.place == url


def _was_undone(version: VersionRow, versions: Sequence[VersionRow]) -> bool:
    """Whether a version was applied and taken back: then that it has not changed says nothing of ours."""
    applied = trust_version_rows.applied_of(versions)
    is_newer = applied is None or version.line.number > applied.line.number
    return version.line.state is VersionState.REPLACED and is_newer
