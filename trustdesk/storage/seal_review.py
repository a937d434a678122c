"""Sealing anew, after a person has looked: what the trust log tells, and nothing else.

Each function runs in the transaction of the connection that it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, select, update

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.seal_review import SealedItem, SealedKind, SealReview
from trustdesk.core.trust_decision import DecisionKind, LogAction, LogEntry
from trustdesk.core.trust_version import SignerPin
from trustdesk.storage import trust_rows
from trustdesk.storage.schema import (
    local_decisions,
    partner_policies,
    partners,
    provider_lists,
    trust_lists,
)
from trustdesk.storage.sealing import NO_SEALER, Sealed, Sealer
from trustdesk.storage.trust_audit import TrustState, told_state, untold_changes
from trustdesk.storage.trust_decisions import decision_name, document_digest
from trustdesk.storage.trust_log import LogNote, append_line, newest_line, read_log, seal_as_it_stands

Lines = Mapping[tuple[SealedKind, str], LogEntry]


def seal_review(connection: Connection, sealer: Sealer) -> SealReview:
    """Return what has seals, whether they hold, and what of it the log tells.

    Raises:
        EnvironmentFailureError: a version of a list is damaged.
    """
    number, head = newest_line(connection)
    chain = read_log(connection, NO_SEALER)
    log = read_log(connection, sealer)
    is_whole = chain.broken_at is None
    entries = chain.entries if is_whole else ()
    return SealReview(
        number=number,
        head=head,
        items=tuple(value.item for value in _values(connection, entries, sealer)),
        log_sealed=log.sealed,
        chain_broken_at=chain.broken_at,
        cut=log.broken_why if is_whole else None,
        has_key=sealer is not NO_SEALER,
        untold=untold_changes(connection, entries) if is_whole else (),
    )


def is_unsealed(connection: Connection, sealer: Sealer) -> bool:
    """Whether something that the log tells has no seal that holds, as far as the key is at hand."""
    entries = read_log(connection, NO_SEALER).entries
    values = _values(connection, entries, sealer)
    return any(one.item.line is not None and one.item.sealed is False for one in values)


def seal_anew(
    connection: Connection,
    sealer: Sealer,
    seen: SealReview,
    note: LogNote,
    *,
    is_new_key: bool,
) -> SealReview:
    """Seal everything that the log tells, with a line of the log that says so.

    Args:
        sealer: with the key that is sealed with.
        seen: what the person agreed to, read with this key where it was there.
        is_new_key: whether it was made for this, so that nothing can have been looked at with it.

    Returns:
        What stands then.

    Raises:
        UnusableInputError: the chain of the log is broken, something has changed since the person looked, or
            there is nothing to seal.
    """
    now = seal_review(connection, NO_SEALER if is_new_key else sealer)
    if now.chain_broken_at is not None:
        raise UnusableInputError(
            msg("The chain of the log is broken at line {number}.", number=now.chain_broken_at),
            remedy=msg("Restore the workspace from a backup: what a broken log tells cannot be sealed."),
        )
    if not now.is_same_as(seen):
        raise UnusableInputError(
            msg("Something was changed since you looked at what would be sealed."),
            remedy=msg("Look at it again."),
        )
    if now.holds:
        raise UnusableInputError(
            msg("All seals hold: there is nothing to seal anew."), remedy=msg("Look at the trust log.")
        )
    for value in _values(connection, read_log(connection, NO_SEALER).entries, sealer):
        if value.item.line is not None:
            _seal(connection, value, sealer)
    details = [("sealed", str(len(now.due))), ("key", "new" if is_new_key else "known")]
    if now.left_out:
        details.append(("left_out", ", ".join(f"{one.kind} {one.name}" for one in now.left_out)))
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.SEALED_ANEW,
        subject="",
        fingerprint=now.head,
        details=details,
    )
    seal_as_it_stands(connection, sealer)
    return seal_review(connection, sealer)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """A value with a seal of its own.

    Attributes:
        table: that it lies in, in the row of `which`.
        name, text: what the seal binds; for a pin, which carries its seal with it, `text` is "".
    """

    item: SealedItem
    table: Table
    which: ColumnElement[bool]
    name: str
    text: str = ""
    pin: SignerPin | None = None


def _values(connection: Connection, entries: Sequence[LogEntry], sealer: Sealer) -> Iterator[_Value]:
    """Return all values that have a seal of their own, each with the line that tells of it as it stands."""
    told, lines = told_state(entries), _lines(entries)
    yield from _pins(connection, told, lines, sealer)
    yield from _decisions(connection, told, lines, sealer)
    yield from _policies(connection, told, lines, sealer)


def _pins(connection: Connection, told: TrustState, lines: Lines, sealer: Sealer) -> Iterator[_Value]:
    for kind, table, mark in (
        (SealedKind.PIN, trust_lists, ""),
        (SealedKind.PROVIDER_PIN, provider_lists, "providers"),
    ):
        for row in connection.execute(select(table.c.name, table.c.pin).order_by(table.c.name)).all():
            pin = trust_rows.pin_from(row.pin, row.name, Sealed(str(kind)), sealer)
            if pin is None:
                continue
            is_told = told.pins.get((row.name, mark)) == trust_rows.pin_digest(pin)
            line = lines.get((kind, row.name)) if is_told else None
            yield _Value(
                item=SealedItem(kind=kind, name=row.name, line=line, sealed=pin.sealed),
                table=table,
                which=table.c.name == row.name,
                name=row.name,
                pin=pin,
            )


def _decisions(connection: Connection, told: TrustState, lines: Lines, sealer: Sealer) -> Iterator[_Value]:
    column = local_decisions.c
    for row in connection.execute(select(local_decisions).order_by(column.sha256, column.kind)).all():
        name = decision_name(row.sha256, row.kind)
        is_told = told.decisions.get((row.sha256, row.kind)) == document_digest(row.document)
        yield _Value(
            item=SealedItem(
                kind=SealedKind.DECISION,
                name=row.sha256,
                line=lines.get((SealedKind.DECISION, name)) if is_told else None,
                sealed=sealer.holds(Sealed.DECISION, name, row.document, row.seal),
            ),
            table=local_decisions,
            which=(column.sha256 == row.sha256) & (column.kind == row.kind),
            name=name,
            text=row.document,
        )


def _policies(connection: Connection, told: TrustState, lines: Lines, sealer: Sealer) -> Iterator[_Value]:
    of_partner = partners.c.id == partner_policies.c.partner_id
    found = select(partner_policies, partners.c.name).join(partners, of_partner).order_by(partners.c.name)
    for row in connection.execute(found).all():
        name = str(row.partner_id)
        is_told = told.policies.get(row.name) == document_digest(row.document)
        yield _Value(
            item=SealedItem(
                kind=SealedKind.POLICY,
                name=row.name,
                line=lines.get((SealedKind.POLICY, row.name)) if is_told else None,
                sealed=sealer.holds(Sealed.POLICY, name, row.document, row.seal),
            ),
            table=partner_policies,
            which=partner_policies.c.partner_id == row.partner_id,
            name=name,
            text=row.document,
        )


def _seal(connection: Connection, value: _Value, sealer: Sealer) -> None:
    kind = Sealed(str(value.item.kind))
    if value.pin is not None:
        pin, _digest = trust_rows.sealed_pin(value.pin, value.name, kind, sealer)
        connection.execute(update(value.table).where(value.which).values(pin=pin))
    else:
        seal = sealer.seal(kind, value.name, value.text)
        connection.execute(update(value.table).where(value.which).values(seal=seal))


def _lines(entries: Sequence[LogEntry]) -> dict[tuple[SealedKind, str], LogEntry]:
    """Return the newest line that tells of each value."""
    found: dict[tuple[SealedKind, str], LogEntry] = {}
    for entry in entries:
        match entry.action:
            case LogAction.SIGNER_PINNED:
                is_providers = dict(entry.details).get("list") == "providers"
                kind = SealedKind.PROVIDER_PIN if is_providers else SealedKind.PIN
                found[kind, entry.subject] = entry
            case LogAction.DISTRUSTED:
                name = decision_name(entry.fingerprint, DecisionKind.DISTRUST)
                found[SealedKind.DECISION, name] = entry
            case LogAction.USAGE_LIMITED:
                name = decision_name(entry.fingerprint, DecisionKind.LIMIT_USAGE)
                found[SealedKind.DECISION, name] = entry
            case LogAction.POLICY_SET:
                found[SealedKind.POLICY, entry.subject] = entry
    return found
