"""The partner directory's changes: each one transaction, with what takes it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint, PartnerEntry
from trustdesk.core.target import Target
from trustdesk.core.trust_decision import LogAction
from trustdesk.storage.partner_rows import (
    all_entries,
    endpoint_values,
    entry_by_id,
    insert_endpoints,
    insert_partners,
    partner_values,
)
from trustdesk.storage.readiness_checks import CheckRow, forget_checks, put_checks_back
from trustdesk.storage.schema import (
    endpoints,
    observations,
    partner_policies,
    partners,
    readiness_checks,
    requests,
)
from trustdesk.storage.sealing import NO_SEALER, Sealed, Sealer
from trustdesk.storage.seen_rows import SeenRow, seen_rows
from trustdesk.storage.set_aside import SetAside, put_back, set_aside
from trustdesk.storage.standings import count_again, outdate
from trustdesk.storage.trust_decisions import document_digest
from trustdesk.storage.trust_log import LogNote, append_line
from trustdesk.storage.workspace import Workspace

_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPartner:
    """A partner that was changed in place.

    Attributes:
        before: as it was.
        name, revision: that it has since. A number alone tells nobody apart: a file gives it again.
        new_endpoints: their numbers, which may be those of some that went.
        aside: endpoints that went, with their history; None where that was too much to hold.
        outdated: endpoints whose last test says nothing of them since, for they are tested in another way.
        checks: their readiness checks, which went for the same reason.
    """

    before: PartnerEntry
    name: str
    revision: int
    new_endpoints: tuple[int, ...]
    aside: SetAside | None = field(repr=False)
    outdated: tuple[int, ...] = ()
    checks: tuple[CheckRow, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChange:
    """What a change did.

    Attributes:
        added: names of new partners by their numbers; their revision is 0 as long as nobody changes them.
        removed: names of partners that went.
        aside: what went with them; None where that was too much to hold, or nothing was removed.
    """

    added: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    changed: tuple[ChangedPartner, ...] = ()
    removed: tuple[str, ...] = ()
    aside: SetAside | None = field(default=None, repr=False)

    @property
    def can_be_undone(self) -> bool:
        """Whether everything that went was set aside."""
        return all(one.aside is not None for one in self.changed) and (
            not self.removed or self.aside is not None
        )


class PartnerRegister:
    """Partners with their endpoints in one workspace. Every answer is a future of the workspace's thread."""

    def __init__(self, workspace: Workspace, sealer: Callable[[], Sealer] = lambda: NO_SEALER) -> None:
        """Take the workspace.

        Args:
            sealer: as for `TrustDecisions`: a partner's policy stands in the trust log by its name.
        """
        self._workspace = workspace
        self._sealer = sealer

    def entries(self) -> Future[tuple[PartnerEntry, ...]]:
        """All partners with their endpoints, by name."""
        return self._workspace.submit(all_entries)

    def tested_at(self, endpoint_ids: Sequence[int]) -> Future[dict[int, datetime]]:
        """When endpoints of one partner were tested last; one that never was is not in it."""
        return self._workspace.submit(lambda connection: _tested_at(connection, endpoint_ids), reading=True)

    def last_seen(self) -> Future[tuple[SeenRow, ...]]:
        """What was seen last at each endpoint that was tested."""
        return self._workspace.submit(seen_rows, reading=True)

    def names_with_policy(self) -> Future[frozenset[str]]:
        """Names of the partners that have a trust policy."""
        return self._workspace.submit(_names_with_policy)

    def keep(self, entries: Sequence[PartnerEntry], note: LogNote) -> Future[RegisterChange]:
        """Keep entries, all or none: new ones where their number is 0, else in place of the kept ones.

        The future fails with UnusableInputError where a name is taken, or one was changed since it was read.
        """
        return self._workspace.submit(
            lambda connection: _keep(connection, entries, note, self._sealer()), durable=True
        )

    def remove(
        self, names: Sequence[str], note: LogNote, *, for_good: bool = False
    ) -> Future[RegisterChange]:
        """Remove partners with all that was observed there, all or none.

        The future fails with UnusableInputError where there is none of a name, or where it is not `for_good`
        and so much was observed there that it could not be undone.
        """
        return self._workspace.submit(
            lambda connection: _remove(connection, names, note, self._sealer(), for_good=for_good),
            durable=True,
        )

    def undo(self, change: RegisterChange, note: LogNote) -> Future[None]:
        """Take a change back.

        The future fails with UnusableInputError where what it touched was changed or tested since.
        """
        return self._workspace.submit(
            lambda connection: _undo(connection, change, note, self._sealer()), durable=True
        )


def changed_since(partner: str) -> UnusableInputError:
    """Return the error for a change that was made from an older state."""
    return UnusableInputError(
        msg("{partner} was changed by somebody else since it was read.", partner=partner),
        remedy=msg("Read it again, and make the change again."),
    )


def _tested_at(connection: Connection, endpoint_ids: Sequence[int]) -> dict[int, datetime]:
    newest = select(observations.c.endpoint_id, func.max(observations.c.started_at).label("at"))
    of_them = newest.where(observations.c.endpoint_id.in_(endpoint_ids)).group_by(observations.c.endpoint_id)
    return {row.endpoint_id: row.at for row in connection.execute(of_them)}


def _names_with_policy(connection: Connection) -> frozenset[str]:
    with_policy = partners.c.id.in_(select(partner_policies.c.partner_id))
    return frozenset(connection.execute(select(partners.c.name).where(with_policy)).scalars())


def _keep(
    connection: Connection, entries: Sequence[PartnerEntry], note: LogNote, sealer: Sealer
) -> RegisterChange:
    known = connection.execute(select(partners.c.id, partners.c.name))
    names = {row.id: row.name for row in known}
    holders = {name.casefold(): number for number, name in names.items()}
    changed = []
    for entry in entries:
        partner = entry.partner
        # Names that differ in case alone may be there from before: each of them can still be edited.
        is_called_so = partner.id != 0 and names.get(partner.id) == partner.name
        if not is_called_so and holders.setdefault(partner.name.casefold(), partner.id) != partner.id:
            raise _taken(partner.name)
        if partner.id:
            changed.append(_change(connection, entry, note, sealer))
    new = [entry for entry in entries if not entry.partner.id]
    if len({entry.partner.name.casefold() for entry in new}) < len(new):
        raise _taken(new[0].partner.name)
    try:
        numbers = insert_partners(connection, [entry.partner for entry in new])
    except IntegrityError:
        raise _taken(new[0].partner.name) from None
    of_new = zip(numbers, new, strict=True)
    insert_endpoints(connection, [(number, one) for number, entry in of_new for one in entry.endpoints])
    added = {number: entry.partner.name for number, entry in zip(numbers, new, strict=True)}
    return RegisterChange(added=added, changed=tuple(changed))


def _taken(name: str) -> UnusableInputError:
    return UnusableInputError(
        msg("There is a partner of this name already."),
        remedy=msg("Choose another name, or edit the partner that has it."),
        place=name,
    )


def _change(connection: Connection, entry: PartnerEntry, note: LogNote, sealer: Sealer) -> ChangedPartner:
    partner = entry.partner
    before = entry_by_id(connection, partner.id)
    revision = partner.revision + 1
    values = {**partner_values(partner), "revision": revision}
    is_as_read = (partners.c.id == partner.id) & (partners.c.revision == partner.revision)
    if before is None or connection.execute(update(partners).where(is_as_read).values(values)).rowcount != 1:
        raise changed_since(partner.name)
    if before.partner.name != partner.name:
        _rename(connection, partner.id, before.partner.name, partner.name, note, sealer)
    aside, new = _change_endpoints(connection, partner.id, before.endpoints, entry.endpoints)
    known = {one.id: _way(one) for one in before.endpoints}
    other = [one.id for one in entry.endpoints if one.id in known and _way(one) != known[one.id]]
    outdated, checks = outdate(connection, other), forget_checks(connection, other)
    return ChangedPartner(
        before=before,
        name=partner.name,
        revision=revision,
        new_endpoints=tuple(new),
        aside=aside,
        outdated=outdated,
        checks=checks,
    )


def _change_endpoints(
    connection: Connection, partner_id: int, before: Sequence[Endpoint], after: Sequence[Endpoint]
) -> tuple[SetAside | None, list[int]]:
    """Bring the endpoints of a partner to another state; return what went, and the numbers of new ones."""
    known = {one.id: one for one in before}
    # What names another server is another endpoint: what was observed at the one says nothing of the other.
    kept = {one.id: one for one in after if one.id in known and _server(one) == _server(known[one.id])}
    gone = [number for number in known if number not in kept]
    aside = set_aside(connection, endpoints, gone)
    if gone:
        connection.execute(delete(endpoints).where(endpoints.c.id.in_(gone)))
    for number, endpoint in kept.items():
        if endpoint_values(endpoint) != endpoint_values(known[number]):
            of_it = update(endpoints).where(endpoints.c.id == number)
            connection.execute(of_it.values(endpoint_values(endpoint)))
    new = [(partner_id, one) for one in after if kept.get(one.id) is not one]
    return aside, insert_endpoints(connection, new)


def _server(endpoint: Endpoint) -> tuple[str, str, int]:
    target = endpoint.target
    return target.protocol, target.host, target.port


def _way(endpoint: Endpoint) -> tuple[Target, str | None]:
    """Return what a test goes by: who is asked, how, and with which identity."""
    return endpoint.target, endpoint.identity


def _remove(
    connection: Connection, names: Sequence[str], note: LogNote, sealer: Sealer, *, for_good: bool
) -> RegisterChange:
    wanted = list(dict.fromkeys(names))
    known = {name: number for number, name in connection.execute(select(partners.c.id, partners.c.name))}
    for name in wanted:
        if name not in known:
            raise UnusableInputError(
                msg("There is no partner “{name}”.", name=name),
                remedy=msg("`trustdesk partner list` shows their names."),
            )
    ids = [known[name] for name in wanted]
    aside = set_aside(connection, partners, ids)
    if aside is None and not for_good:
        raise UnusableInputError(
            msg("So much was observed there that it could not be undone."),
            remedy=msg("Remove fewer at once, or use `trustdesk partner remove`, which asks before."),
        )
    for name in sorted(_names_with_policy(connection) & set(wanted)):
        append_line(connection, note, sealer, action=LogAction.POLICY_CLEARED, subject=name)
    for first in range(0, len(ids), _AT_ONCE):
        connection.execute(delete(partners).where(partners.c.id.in_(ids[first : first + _AT_ONCE])))
    return RegisterChange(removed=tuple(wanted), aside=aside)


def _undo(connection: Connection, change: RegisterChange, note: LogNote, sealer: Sealer) -> None:
    try:
        for one in change.changed:
            _change_back(connection, one, note, sealer)
        added = list(change.added.items())
        for first in range(0, len(added), _AT_ONCE):
            _take_away(connection, dict(added[first : first + _AT_ONCE]))
        if change.aside is not None:
            numbers = put_back(connection, change.aside).get(partners.name, {})
            names = {row["id"]: str(row["name"]) for row in change.aside.rows.get(partners.name, ())}
            for row in change.aside.rows.get(partner_policies.name, ()):
                held_by = row["partner_id"]
                _tell(connection, names[held_by], str(row["document"]), note, sealer)
                if held_by in numbers:
                    _seal_again(connection, numbers[held_by], row, sealer)
    except IntegrityError:
        raise _not_undone() from None


def _change_back(connection: Connection, one: ChangedPartner, note: LogNote, sealer: Sealer) -> None:
    before = one.before.partner
    now = entry_by_id(connection, before.id)
    is_as_left = (
        (partners.c.id == before.id) & (partners.c.revision == one.revision) & (partners.c.name == one.name)
    )
    values = {**partner_values(before), "revision": one.revision + 1}
    if now is None or connection.execute(update(partners).where(is_as_left).values(values)).rowcount != 1:
        raise _not_undone()
    if now.partner.name != before.name:
        _rename(connection, before.id, now.partner.name, before.name, note, sealer)
    fresh = endpoints.c.id.in_(one.new_endpoints)
    _see_untested(connection, fresh)
    connection.execute(delete(endpoints).where(fresh))
    gone = set() if one.aside is None else {row["id"] for row in one.aside.rows.get(endpoints.name, ())}
    for endpoint in one.before.endpoints:
        if endpoint.id not in gone:
            of_it = update(endpoints).where(endpoints.c.id == endpoint.id)
            connection.execute(of_it.values(endpoint_values(endpoint)))
    count_again(connection, one.outdated)
    put_checks_back(connection, one.checks)
    if one.aside is not None:
        put_back(connection, one.aside)


def _take_away(connection: Connection, added: Mapping[int, str]) -> None:
    """Remove partners that were added, and of which nothing is known since."""
    numbers = list(added)
    as_added = select(partners.c.id, partners.c.name)
    as_added = as_added.where(partners.c.id.in_(numbers) & (partners.c.revision == 0))
    with_policy = select(func.count()).select_from(partner_policies)
    with_policy = with_policy.where(partner_policies.c.partner_id.in_(numbers))
    there = {row.id: row.name for row in connection.execute(as_added)}
    if there != added or connection.execute(with_policy).scalar_one():
        raise _not_undone()
    _see_untested(connection, endpoints.c.partner_id.in_(numbers))
    connection.execute(delete(partners).where(partners.c.id.in_(numbers)))


def _see_untested(connection: Connection, which: ColumnElement[bool]) -> None:
    tested = select(observations.c.id).join(endpoints, endpoints.c.id == observations.c.endpoint_id)
    checked = select(readiness_checks.c.endpoint_id).join(endpoints)
    found = (connection.execute(one.where(which).limit(1)).first() for one in (tested, checked))
    if any(one is not None for one in found):
        raise UnusableInputError(
            msg("A new endpoint was tested since: undoing would lose what was observed."),
            remedy=msg("Remove what is not wanted by hand."),
        )


def _not_undone() -> UnusableInputError:
    return UnusableInputError(
        msg("It cannot be undone: what it touched was changed again since."),
        remedy=msg("Make the change by hand."),
    )


def _rename(
    connection: Connection, number: int, before: str, after: str, note: LogNote, sealer: Sealer
) -> None:
    """Let everything that goes by a partner's name go by the new one."""
    connection.execute(update(requests).where(requests.c.partner == before).values(partner=after))
    document = connection.execute(
        select(partner_policies.c.document).where(partner_policies.c.partner_id == number)
    ).scalar_one_or_none()
    if document is not None:
        append_line(connection, note, sealer, action=LogAction.POLICY_CLEARED, subject=before)
        _tell(connection, after, document, note, sealer)


def _seal_again(connection: Connection, number: object, row: Mapping[str, object], sealer: Sealer) -> None:
    """Seal a policy under its partner's new number, where the seal under the old one holds."""
    document, seal = str(row["document"]), row["seal"]
    held = sealer.holds(
        Sealed.POLICY, str(row["partner_id"]), document, seal if isinstance(seal, str) else None
    )
    fresh = sealer.seal(Sealed.POLICY, str(number), document) if held else None
    of_it = update(partner_policies).where(partner_policies.c.partner_id == number)
    connection.execute(of_it.values(seal=fresh))


def _tell(connection: Connection, name: str, document: str, note: LogNote, sealer: Sealer) -> None:
    append_line(
        connection,
        note,
        sealer,
        action=LogAction.POLICY_SET,
        subject=name,
        details=[("document", document_digest(document))],
    )
