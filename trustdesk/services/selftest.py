"""The self-test: keyring, clock, libraries, lists, workspace and disk, each with what to do.

What needs Qt (its plug-ins, the fonts) is found out by `gui.help.window_checks` and handed in. Nothing here
makes a connection, unlocks anything or changes the workspace.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk import __version__
from trustdesk.core.errors import EnvironmentFailureError, TrustdeskError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState, KeyStoreStatus
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.self_check import SelfCheck, SelfTest
from trustdesk.core.trust_version import ListSummary
from trustdesk.services.clock_check import clock_check, newest_tested, system_is_synchronised, told_offset_s
from trustdesk.storage.places import APPLICATION
from trustdesk.storage.resources import resource_folder
from trustdesk.storage.secret_stores.systems import keyring_store

if TYPE_CHECKING:
    from trustdesk.services.desk import Desk
    from trustdesk.storage.workspace_check import WorkspaceCheck

DOCUMENT = "trustdesk.selftest/1"
LITTLE_BYTES, TOO_LITTLE_BYTES = 500 * 2**20, 50 * 2**20
"""Free space that a workspace should have, and without which it cannot go on."""

_PASS, _WARN, _FAIL, _NOT_RUN = (
    FindingStatus.PASS,
    FindingStatus.WARN,
    FindingStatus.FAIL,
    FindingStatus.NOT_RUN,
)
_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_RESOURCES = ("icons", "translations", "diagnosis", "schemas", "trust", "handbook")


def machine_checks(folder: Path) -> tuple[SelfCheck, ...]:
    """Look at what needs no workspace: program, libraries, resources, disk.

    Args:
        folder: where the workspace is or would be; it need not exist.
    """
    return (program_check(), libraries_check(), resources_check(), disk_check(folder))


def desk_checks(desk: Desk, look: Callable[[], WorkspaceCheck], now: datetime) -> Iterator[SelfCheck]:
    """Look at what an open desk knows: key stores, clock, lists, workspace. Blocks.

    Args:
        look: looks at all of the workspace.
    """
    yield from _guarded(
        "keyring", msg("Keyring"), lambda: keyring_checks(desk.identity_desk.key_stores().result())
    )
    yield from _guarded("clock", msg("Clock"), lambda: [_clock_of(desk, now)])
    yield from _guarded(
        "lists", msg("Trust lists"), lambda: lists_checks(desk.trust_desk.lists().result(), now)
    )
    yield from _guarded("workspace", msg("Workspace"), lambda: [workspace_check(look())])


def without_desk(error: TrustdeskError | None, now: datetime) -> tuple[SelfCheck, ...]:
    """Say of what needs a workspace why it was not looked at.

    Args:
        error: why the workspace could not be opened; None where there is none yet.
    """
    if error is not None:
        workspace = _failed("workspace", msg("Workspace"), error)
    else:
        workspace = SelfCheck(
            name="workspace",
            title=msg("Workspace"),
            status=_NOT_RUN,
            found=msg("There is no workspace yet: the first start of the window makes one."),
        )
    return (
        *_guarded("keyring", msg("Keyring"), lambda: keyring_checks([keyring_store().status()])),
        clock_check(None, now, is_synchronised=system_is_synchronised()),
        workspace,
    )


def self_test(now: datetime, *parts: Sequence[SelfCheck]) -> SelfTest:
    """Put the checks together."""
    return SelfTest(at=now, checks=tuple(check for part in parts for check in part))


def selftest_document(test: SelfTest, text: Callable[[Message], str]) -> dict[str, object]:
    """Return the document `trustdesk.selftest/1`."""
    return {
        "schema": DOCUMENT,
        "at": test.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "version": __version__,
        "checks": [
            {
                "check": one.name,
                "title": text(one.title),
                "status": one.status.value,
                "found": text(one.found),
                "remedy": None if one.remedy is None else text(one.remedy),
                "command": one.command or None,
            }
            for one in test.checks
        ],
        "verdict": test.verdict.value,
    }


def program_check() -> SelfCheck:
    """Say which program this is, on what."""
    return SelfCheck(
        name="program",
        title=msg("Program"),
        status=_PASS,
        found=msg(
            "trustdesk {version} with Python {python} on {system}.",
            version=__version__,
            python=sys.version.split()[0],
            system=sys.platform,
        ),
    )


def libraries_check() -> SelfCheck:
    """Look whether every library is there that the program asks for, and which OpenSSL it uses."""
    title = msg("Libraries")
    try:
        required = metadata.requires(APPLICATION) or []
    except metadata.PackageNotFoundError:
        required = []
    if not required:
        return SelfCheck(
            name="libraries",
            title=title,
            status=_NOT_RUN,
            found=msg("This installation does not say which libraries it needs."),
        )
    missing = [name for name in _needed(required) if not _is_there(name)]
    if missing:
        return SelfCheck(
            name="libraries",
            title=title,
            status=_FAIL,
            found=msg("Missing: {names}.", names=", ".join(missing)),
            remedy=msg("Install trustdesk again with all that it depends on."),
        )
    from cryptography.hazmat.backends.openssl import backend
    from OpenSSL import SSL

    handshakes, certificates = SSL.SSLeay_version(SSL.SSLEAY_VERSION).decode(), backend.openssl_version_text()
    if handshakes != certificates:
        return SelfCheck(
            name="libraries",
            title=title,
            status=_WARN,
            found=msg(
                "Handshakes are made with {one}, certificates are read with {other}.",
                one=handshakes,
                other=certificates,
            ),
            remedy=msg("Install trustdesk again: pyOpenSSL and cryptography belong together."),
        )
    return SelfCheck(
        name="libraries",
        title=title,
        status=_PASS,
        found=msg(
            "cryptography {cryptography}, pyOpenSSL {pyopenssl}, {openssl}.",
            cryptography=metadata.version("cryptography"),
            pyopenssl=metadata.version("pyOpenSSL"),
            openssl=handshakes,
        ),
    )


def resources_check() -> SelfCheck:
    """Look whether the files are there that come with the program."""
    title = msg("Files of the program")
    try:
        folder = resource_folder()
    except EnvironmentFailureError as error:
        return SelfCheck(
            name="resources", title=title, status=_FAIL, found=error.problem, remedy=error.remedy
        )
    missing = [name for name in _RESOURCES if not (folder / name).is_dir()]
    if missing:
        return SelfCheck(
            name="resources",
            title=title,
            status=_FAIL,
            found=msg("Missing: {names}.", names=", ".join(missing)),
            remedy=msg("Install trustdesk again."),
        )
    return SelfCheck(name="resources", title=title, status=_PASS, found=msg("All of them are there."))


def disk_check(folder: Path, free_bytes: int | None = None) -> SelfCheck:
    """Look how much room a workspace has.

    Args:
        free_bytes: None asks the system.
    """
    title = msg("Disk")
    if free_bytes is None:
        there = next(place for place in (folder, *folder.parents) if place.exists())
        try:
            free_bytes = shutil.disk_usage(there).free
        except OSError as error:
            return SelfCheck(
                name="disk", title=title, status=_NOT_RUN, found=msg("Not told: {reason}.", reason=str(error))
            )
    status = _FAIL if free_bytes < TOO_LITTLE_BYTES else _WARN if free_bytes < LITTLE_BYTES else _PASS
    return SelfCheck(
        name="disk",
        title=title,
        status=status,
        found=msg("{free} MB are free in {folder}.", free=free_bytes // 2**20, folder=str(folder)),
        remedy=None if status is _PASS else msg("Make room there: what cannot be written is lost."),
    )


def keyring_checks(stores: Sequence[KeyStoreStatus]) -> list[SelfCheck]:
    """Say how the key stores stand; a vault that nobody made is not told."""
    return [
        _store_check(one)
        for one in stores
        if one.kind is KeyStoreKind.KEYRING or one.state is not KeyStoreState.ABSENT
    ]


def _store_check(store: KeyStoreStatus) -> SelfCheck:
    is_vault = store.kind is KeyStoreKind.VAULT
    if store.state is KeyStoreState.READY:
        status, found = _PASS, msg("{title} is unlocked.", title=store.title)
    elif store.state is KeyStoreState.LOCKED:
        status, found = _WARN, store.problem or msg("{title} is locked.", title=store.title)
    else:
        status, found = _FAIL, store.problem or msg("{title} cannot be used.", title=store.title)
    remedy = None
    if status is not _PASS:
        remedy = store.remedy or msg("Unlock it: at the end of the status bar.")
    return SelfCheck(
        name="vault" if is_vault else "keyring",
        title=msg("Vault") if is_vault else msg("Keyring"),
        status=status,
        found=found,
        remedy=remedy,
    )


def lists_checks(lists: Sequence[ListSummary], now: datetime) -> list[SelfCheck]:
    """Say how old the lists in force are, and what waits for a decision."""
    in_force = [one for one in lists if one.in_force]
    if not in_force:
        return [
            SelfCheck(
                name="lists",
                title=msg("Trust lists"),
                status=_FAIL,
                found=msg("No list is in force: nothing is trusted."),
                remedy=msg("Put a list in force on the page Trust lists."),
            )
        ]
    return [_list_check(one, now) for one in in_force]


def _list_check(one: ListSummary, now: datetime) -> SelfCheck:
    status, remedy = _PASS, None
    version = one.applied
    if version is None:
        return SelfCheck(
            name="lists",
            title=msg("Trust lists"),
            status=_FAIL,
            found=msg("{name}: no version of it was applied, so it trusts nothing.", name=one.title),
            remedy=msg("Apply a version on the page Trust lists, or take it out of force."),
        )
    days = (now - (version.issued_at or version.kept_at)).days
    found = msg_n("{name}: {count} day old.", "{name}: {count} days old.", days, name=one.title)
    if version.next_update is not None and version.next_update < now:
        status = _WARN
        found = msg(
            "{name}: a new version was due on {date}.",
            name=one.title,
            date=f"{version.next_update.astimezone(UTC):%Y-%m-%d}",
        )
        remedy = msg("Fetch or import the new version on the page Trust lists.")
    elif one.is_builtin:
        status = _WARN
        found = msg("Only the public web's list judges: it is not an air cargo list.")
        remedy = msg("Load the list that your community agreed on, on the page Trust lists.")
    elif one.waiting is not None:
        status = _WARN
        found = msg("{name}: a newer version waits for a decision.", name=one.title)
        remedy = msg("Review it on the page Trust lists.")
    return SelfCheck(name="lists", title=msg("Trust lists"), status=status, found=found, remedy=remedy)


def workspace_check(found: WorkspaceCheck) -> SelfCheck:
    """Say whether the workspace is whole."""
    if found.problems:
        return SelfCheck(
            name="workspace",
            title=msg("Workspace"),
            status=_FAIL,
            found=found.problems[0],
            remedy=msg("Put a backup in its place:"),
            command="trustdesk workspace restore FILE --replace",
        )
    words = msg_n("It is whole: {count} row.", "It is whole: {count} rows.", found.rows)
    return SelfCheck(name="workspace", title=msg("Workspace"), status=_PASS, found=words)


def _clock_of(desk: Desk, now: datetime) -> SelfCheck:
    rows = newest_tested(desk.board().result(), now)
    reports = [desk.last_report(row.endpoint.id).result() for row in rows]
    return clock_check(told_offset_s(reports), now, is_synchronised=system_is_synchronised())


def _guarded(name: str, title: Message, look: Callable[[], list[SelfCheck]]) -> list[SelfCheck]:
    """Return what was found; a look that fails is a finding, and ends no other."""
    try:
        return look()
    except TrustdeskError as error:
        return [_failed(name, title, error)]


def _failed(name: str, title: Message, error: TrustdeskError) -> SelfCheck:
    return SelfCheck(name=name, title=title, status=_FAIL, found=error.problem, remedy=error.remedy)


def _needed(required: Sequence[str]) -> Iterator[str]:
    """Names that are needed on every system; those with a condition are looked at where they are used."""
    for line in required:
        name, _, condition = line.partition(";")
        found = _NAME.match(name.strip())
        if found and not condition.strip():
            yield found[0]


def _is_there(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
