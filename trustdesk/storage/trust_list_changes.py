"""What changes trust lists: each function runs in the transaction that it is given, and tells the log.

What they raise undoes the whole transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust import PUBLIC_WEB_LIST
from trustdesk.core.trust_decision import LogAction
from trustdesk.core.trust_version import AuthenticityState, ListContent, ListVersion, SignerPin, VersionState
from trustdesk.formats.list_signature import is_by
from trustdesk.storage import trust_rows, trust_version_rows
from trustdesk.storage.sealing import NO_SEALER, Sealer
from trustdesk.storage.trust_audit import told_state
from trustdesk.storage.trust_decisions import partners_that_name
from trustdesk.storage.trust_log import LogNote, append_line, read_log
from trustdesk.storage.trust_rows import ListRow
from trustdesk.storage.trust_version_rows import PreparedVersion, VersionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionWish:
    """How a version shall be kept; see `storage.trust_lists.TrustLists.keep`."""

    state: VersionState
    base: int | None
    in_force: bool = False
    pin: SignerPin | None = None
    url: str | None = None


def keep_version(
    connection: Connection,
    name: str,
    prepared: PreparedVersion,
    how: VersionWish,
    note: LogNote,
    sealer: Sealer,
) -> ListVersion:
    """Keep a version; see `TrustLists.keep`."""
    row = trust_rows.list_for(connection, name, how.url or "", sealer)
    versions = trust_version_rows.versions_of(connection, row)
    if how.state is not VersionState.REFUSED:
        _see_that_it_may_follow(name, versions, prepared.content.sequence, how.base)
    if how.state is VersionState.APPLIED and how.pin is None:
        _see_that_its_signer_counts(row, prepared.content)
    if how.url is not None:
        trust_rows.set_url(connection, row, how.url)
    added = trust_version_rows.add_version(connection, row, prepared, how.state, note.at)
    if how.pin is not None and how.pin != row.pin:
        digest = trust_rows.set_pin(connection, row, how.pin, sealer)
        append_line(
            connection,
            note,
            sealer,
            action=LogAction.SIGNER_PINNED,
            subject=name,
            fingerprint=how.pin.signer,
            details=[("document", digest)],
        )
    action = {
        VersionState.APPLIED: LogAction.APPLIED,
        VersionState.REFUSED: LogAction.REFUSED,
    }.get(how.state, LogAction.IMPORTED)
    _tell(connection, note, sealer, action, row, added, prepared.digest, how.base)
    if how.state is VersionState.APPLIED:
        trust_version_rows.mark_applied(connection, versions, added, note.at)
    if how.in_force:
        _put_one_in_force(connection, row, note, sealer)
    kept = trust_version_rows.version_again(connection, added)
    return trust_version_rows.list_version(row, kept, prepared.content.entries)


def apply_version(
    connection: Connection, name: str, number: int, how: VersionWish, note: LogNote, sealer: Sealer
) -> ListVersion:
    """Apply a version that is kept already; see `TrustLists.apply`."""
    row = trust_rows.list_named(connection, name, sealer)
    versions = trust_version_rows.versions_of(connection, row)
    version = trust_version_rows.version_numbered(versions, name, number)
    _see_that_it_may_follow(name, versions, version.content.sequence, how.base)
    if version.line.state is not VersionState.APPLIED:
        see_that_it_is_as_told(connection, row, version)
        _see_that_its_signer_counts(row, version.content)
        if version.was_applied_at is not None:
            version = trust_version_rows.copy_version(connection, row, version, note.at)
        digest = trust_version_rows.digest_of(connection, version)
        _tell(connection, note, sealer, LogAction.APPLIED, row, version, digest, how.base)
        trust_version_rows.mark_applied(connection, versions, version, note.at)
    if how.in_force:
        _put_one_in_force(connection, row, note, sealer)
    return _kept(connection, row, version)


def refuse_version(
    connection: Connection, name: str, number: int, note: LogNote, sealer: Sealer
) -> ListVersion:
    """Decide against a version that waits; see `TrustLists.refuse`."""
    row = trust_rows.list_named(connection, name, sealer)
    versions = trust_version_rows.versions_of(connection, row)
    version = trust_version_rows.version_numbered(versions, name, number)
    if version.line.state is not VersionState.WAITING:
        raise UnusableInputError(
            msg("This version does not wait for a decision."),
            remedy=msg("Look at the versions of the list."),
            place=f"{name}@{number}",
        )
    digest = trust_version_rows.digest_of(connection, version)
    _tell(connection, note, sealer, LogAction.REFUSED, row, version, digest, None)
    trust_version_rows.set_state(connection, version, VersionState.REFUSED)
    return _kept(connection, row, version)


def undo_version(
    connection: Connection, name: str, base: int | None, note: LogNote, sealer: Sealer
) -> ListVersion | None:
    """Go back to the version that was applied before; see `TrustLists.undo`."""
    row = trust_rows.list_named(connection, name, sealer)
    versions = trust_version_rows.versions_of(connection, row)
    applied = trust_version_rows.version_numbered(versions, name, None)
    if base is not None and base != applied.line.number:
        raise _changed_meanwhile(name)
    before = trust_version_rows.applied_before(versions, applied)
    details = [("from", str(applied.line.number))]
    if before is not None:
        details.append(("version", str(before.line.number)))
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.UNDONE,
        subject=name,
        fingerprint="" if before is None else before.line.source.sha256,
        details=details,
    )
    trust_version_rows.set_state(connection, applied, VersionState.REPLACED)
    if before is None:
        _take_out_of_force(connection, row, note, sealer)
        return None
    # It keeps the instant at which it came to be applied first: the next undo goes on from there.
    trust_version_rows.set_state(connection, before, VersionState.APPLIED)
    return _kept(connection, row, before)


def remove_list(connection: Connection, name: str, note: LogNote, sealer: Sealer) -> None:
    """Take a list away; see `TrustLists.remove`."""
    row = trust_rows.list_named(connection, name, sealer)
    partners = partners_that_name(connection, name)
    if partners:
        raise UnusableInputError(
            msg("The policy of {partner} names this trust list.", partner=partners[0]),
            remedy=msg("Change the policy first."),
            place=name,
        )
    _take_out_of_force(connection, row, note, sealer)
    append_line(connection, note, sealer, action=LogAction.REMOVED, subject=name)
    trust_rows.remove_list(connection, row)


def put_in_force(
    connection: Connection, names: frozenset[str], builtin: str, note: LogNote, sealer: Sealer
) -> None:
    """Judge by these lists alone; see `TrustLists.put_in_force`."""
    if not names:
        problem = msg("No trust list would be in force.")
        raise UnusableInputError(problem, remedy=msg("Name at least one list."))
    rows = trust_rows.all_lists(connection, sealer)
    for name in sorted(names - {builtin}):
        row = trust_rows.list_named(connection, name, sealer)
        versions = trust_version_rows.versions_of(connection, row)
        if not row.in_force and trust_version_rows.applied_of(versions) is None:
            problem = msg("No version of this trust list is applied.")
            raise UnusableInputError(problem, remedy=msg("Apply a version first."), place=name)
    # A person confirms what another program may have changed: the log has to tell of it too.
    told = told_state(read_log(connection, NO_SEALER).entries)
    for row in rows:
        wanted = row.name in names
        if (row.in_force, row.name in told.in_force) != (wanted, wanted):
            trust_rows.set_in_force(connection, row, wanted)
            _tell_in_force(connection, row.name, wanted, note, sealer)
    wanted = builtin in names
    if (trust_rows.builtin_is_in_force(connection), told.builtin_in_force) != (wanted, wanted):
        trust_rows.set_builtin_in_force(connection, wanted)
        _tell_in_force(connection, builtin, wanted, note, sealer, is_builtin=True)


def forget_pin(connection: Connection, name: str, note: LogNote, sealer: Sealer) -> None:
    """Pin no signer any more; see `TrustLists.forget_pin`."""
    row = trust_rows.list_named(connection, name, sealer)
    if row.pin is None:
        return
    trust_rows.set_pin(connection, row, None, sealer)
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.SIGNER_UNPINNED,
        subject=name,
        fingerprint=row.pin.signer,
    )


def _see_that_it_may_follow(
    name: str, versions: Sequence[VersionRow], sequence: int | None, base: int | None
) -> None:
    applied = trust_version_rows.applied_of(versions)
    if (None if applied is None else applied.line.number) != base:
        raise _changed_meanwhile(name)
    before = None if applied is None else applied.line.sequence
    if sequence is not None and before is not None and sequence < before:
        raise UnusableInputError(
            msg(
                "The list is older than the one that is applied: its sequence is {sequence}, not {before}.",
                sequence=str(sequence),
                before=str(before),
            ),
            remedy=msg("Ask its publisher for the newest version."),
            place=name,
        )


def see_that_it_is_as_told(connection: Connection, row: ListRow, version: VersionRow) -> None:
    """See that a version is the one that was kept: to apply it again would make the log say so.

    Raises:
        EnvironmentFailureError: another program has changed it.
    """
    key = (row.name, version.line.number)
    told = told_state(read_log(connection, NO_SEALER).entries).versions.get(key)
    # Its state is what is about to be decided; what it says has to be as it was kept.
    if told is None or told[1] != trust_version_rows.digest_of(connection, version):
        reference = f"{row.name}@{version.line.number}"
        raise EnvironmentFailureError(
            msg("Version {version} is not as the log tells.", version=reference),
            remedy=msg("Look at the trust log, and import the list again from where it came."),
            place=reference,
        )


def _see_that_its_signer_counts(row: ListRow, content: ListContent) -> None:
    """See that the pin is still the one that the version was reviewed with."""
    found, pin = content.authenticity, row.pin
    is_verified = found.state is AuthenticityState.VERIFIED
    # A signer that is compared while no key store is there is verified without any pin, or against another.
    compared_only = is_verified and not found.pinned
    if compared_only or (not is_verified and pin is None):
        return
    if pin is None or not is_verified or not is_by(found, pin.signer):
        raise UnusableInputError(
            msg("The signer pinned for this list has changed since the version was reviewed."),
            remedy=msg("Review it again."),
            place=row.name,
        )


def _changed_meanwhile(name: str) -> UnusableInputError:
    return UnusableInputError(
        msg("Somebody else applied another version of this trust list in the meantime."),
        remedy=msg("Review it again."),
        place=name,
    )


def _tell(
    connection: Connection,
    note: LogNote,
    sealer: Sealer,
    action: LogAction,
    row: ListRow,
    version: VersionRow,
    digest: str,
    base: int | None,
) -> None:
    details = [("version", str(version.line.number)), ("document", digest)]
    if base is not None:
        details.append(("from", str(base)))
    if version.line.sequence is not None:
        details.append(("sequence", str(version.line.sequence)))
    append_line(
        connection,
        note,
        sealer,
        action=action,
        subject=row.name,
        fingerprint=version.line.source.sha256,
        details=details,
    )


def _put_one_in_force(connection: Connection, row: ListRow, note: LogNote, sealer: Sealer) -> None:
    if row.in_force:
        return
    others = any(one.in_force for one in trust_rows.all_lists(connection, sealer))
    trust_rows.set_in_force(connection, row, True)
    _tell_in_force(connection, row.name, True, note, sealer)
    # The public web's CAs judge for want of a list of one's own: beside it they would let everybody in.
    if not others and trust_rows.builtin_is_in_force(connection):
        trust_rows.set_builtin_in_force(connection, False)
        _tell_in_force(connection, PUBLIC_WEB_LIST, False, note, sealer, is_builtin=True)


def _take_out_of_force(connection: Connection, row: ListRow, note: LogNote, sealer: Sealer) -> None:
    """Judge by a list no more, and by the public web's again where it was the last."""
    if not row.in_force:
        return
    others = [one for one in trust_rows.all_lists(connection, sealer) if one.id != row.id]
    trust_rows.set_in_force(connection, row, False)
    _tell_in_force(connection, row.name, False, note, sealer)
    if not _something_is_in_force(connection, others):
        trust_rows.set_builtin_in_force(connection, True)
        _tell_in_force(connection, PUBLIC_WEB_LIST, True, note, sealer, is_builtin=True)


def _tell_in_force(
    connection: Connection,
    name: str,
    in_force: bool,
    note: LogNote,
    sealer: Sealer,
    *,
    is_builtin: bool = False,
) -> None:
    action = LogAction.PUT_IN_FORCE if in_force else LogAction.TAKEN_OUT_OF_FORCE
    details = [("list", "builtin")] if is_builtin else []
    append_line(connection, note, sealer, action=action, subject=name, details=details)


def _something_is_in_force(connection: Connection, rows: Sequence[ListRow]) -> bool:
    return trust_rows.builtin_is_in_force(connection) or any(row.in_force for row in rows)


def _kept(connection: Connection, row: ListRow, version: VersionRow) -> ListVersion:
    kept = trust_version_rows.version_again(connection, version)
    return trust_version_rows.list_version(row, kept, trust_version_rows.entries_of(connection, kept))
