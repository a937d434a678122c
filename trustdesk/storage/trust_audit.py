"""Whether the tables say what the trust log tells: what another program changed in them is named.

The log is gone through from its beginning. A version's digest in it is over everything that is kept of the
version, a decision's over its document: an entry that somebody slipped into a list is seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection, select

from trustdesk.core.message import Message, msg
from trustdesk.core.trust_decision import DecisionKind, LogAction, LogEntry
from trustdesk.core.trust_version import VersionState
from trustdesk.storage import trust_rows, trust_version_rows
from trustdesk.storage.schema import (
    endpoints,
    fingerprint_decisions,
    local_decisions,
    partner_policies,
    partners,
    provider_lists,
)
from trustdesk.storage.sealing import NO_SEALER, Sealed
from trustdesk.storage.trust_decisions import document_digest

K = TypeVar("K")

_APPLIED = str(VersionState.APPLIED)

_DECISIONS = {
    LogAction.DISTRUSTED: DecisionKind.DISTRUST,
    LogAction.USAGE_LIMITED: DecisionKind.LIMIT_USAGE,
}


@dataclass(slots=True, kw_only=True)
class TrustState:
    """What stands in the tables, or would have to by the log.

    Attributes:
        versions: state and digest by list and number.
        pins: digest of the pin by list.
        in_force: names of lists of the workspace.
        builtin: name of the list that comes with the program, once the log has told of it.
        builtin_in_force: whether that one is.
        decisions: digest of the document by certificate and kind.
        policies: digest of the document by partner.
        fingerprints: whether accepted, by endpoint and certificate.
        providers: digest of the document by list of identity providers.
    """

    versions: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    pins: dict[tuple[str, str], str] = field(default_factory=dict)
    in_force: set[str] = field(default_factory=set)
    builtin: str = ""
    builtin_in_force: bool = True
    decisions: dict[tuple[str, str], str] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    fingerprints: dict[tuple[int, str], bool] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)


def untold_changes(
    connection: Connection, entries: Iterable[LogEntry], *, only_judged_by: bool = False
) -> tuple[Message, ...]:
    """Return in sentences what stands in the tables and the log tells otherwise.

    Args:
        entries: the log, oldest first.
        only_judged_by: look at nothing but applied versions, lists in force, decisions and policies.

    Raises:
        EnvironmentFailureError: a record is damaged.
    """
    told = told_state(entries)
    found = found_state(connection, only_judged_by=only_judged_by)
    if only_judged_by:
        told.versions = {key: value for key, value in told.versions.items() if value[0] == _APPLIED}
        told.pins, told.fingerprints, told.providers = {}, {}, {}
    there = frozenset(connection.execute(select(partners.c.name)).scalars())
    known = frozenset(connection.execute(select(endpoints.c.id)).scalars())
    # What went with its partner stands in no table.
    told.policies = {name: digest for name, digest in told.policies.items() if name in there}
    told.fingerprints = {key: value for key, value in told.fingerprints.items() if key[0] in known}
    decided = [sha256 for sha256, _kind in _differing(told.decisions, found.decisions)]
    decided += [sha256 for _endpoint, sha256 in _differing(told.fingerprints, found.fingerprints)]
    in_force = sorted(told.in_force ^ found.in_force)
    if told.builtin_in_force != found.builtin_in_force:
        in_force.append(told.builtin)
    return (
        *(
            msg("Version {version} is not as the log tells.", version=f"{name}@{number}")
            for name, number in _differing(told.versions, found.versions)
        ),
        *(
            msg("The signer pinned for {list} is not as the log tells.", list=name)
            for name, _kind in _differing(told.pins, found.pins)
        ),
        *(msg("Whether {list} is in force is not as the log tells.", list=name) for name in in_force),
        *(
            msg("The decision about {certificate} is not as the log tells.", certificate=sha256)
            for sha256 in decided
        ),
        *(
            msg("The policy of {partner} is not as the log tells.", partner=name)
            for name in _differing(told.policies, found.policies)
        ),
        *(
            msg("The identity providers of {list} are not as the log tells.", list=name)
            for name in _differing(told.providers, found.providers)
        ),
    )


def told_state(entries: Iterable[LogEntry]) -> TrustState:
    """Return what would have to stand in the tables by the log."""
    state = TrustState()
    for entry in entries:
        details = dict(entry.details)
        match details.get("list"):
            case "providers":
                _tell_of_providers(state, entry, details)
            case "builtin":
                state.builtin = entry.subject
                state.builtin_in_force = entry.action is LogAction.PUT_IN_FORCE
            case _:
                _tell(state, entry, details)
    return state


def found_state(connection: Connection, *, only_judged_by: bool = False) -> TrustState:
    """Return what stands in the tables; see `untold_changes`."""
    state = TrustState(builtin_in_force=trust_rows.builtin_is_in_force(connection))
    for row in trust_rows.all_lists(connection, NO_SEALER):
        for version in trust_version_rows.versions_of(connection, row):
            if only_judged_by and version.line.state is not VersionState.APPLIED:
                continue
            digest = trust_version_rows.digest_of(connection, version)
            state.versions[row.name, version.line.number] = (str(version.line.state), digest)
        if row.in_force:
            state.in_force.add(row.name)
        if row.pin is not None and not only_judged_by:
            state.pins[row.name, ""] = trust_rows.pin_digest(row.pin)
    for decision in connection.execute(select(local_decisions)):
        state.decisions[decision.sha256, decision.kind] = document_digest(decision.document)
    for policy in connection.execute(
        select(partner_policies.c.document, partners.c.name).join(
            partners, partners.c.id == partner_policies.c.partner_id
        )
    ):
        state.policies[policy.name] = document_digest(policy.document)
    if only_judged_by:
        return state
    for one in connection.execute(select(fingerprint_decisions)):
        state.fingerprints[one.endpoint_id, one.sha256] = one.accepted
    for providers in connection.execute(select(provider_lists)):
        state.providers[providers.name] = document_digest(providers.document)
        pin = trust_rows.pin_from(providers.pin, providers.name, Sealed.PROVIDER_PIN, NO_SEALER)
        if pin is not None:
            state.pins[providers.name, "providers"] = trust_rows.pin_digest(pin)
    return state


def _tell(state: TrustState, entry: LogEntry, details: Mapping[str, str]) -> None:
    name, digest = entry.subject, details.get("document", "")
    match entry.action:
        case LogAction.IMPORTED:
            state.versions[name, _number(details, "version")] = (str(VersionState.WAITING), digest)
        case LogAction.APPLIED:
            _replace_applied(state, name)
            state.versions[name, _number(details, "version")] = (str(VersionState.APPLIED), digest)
        case LogAction.REFUSED:
            state.versions[name, _number(details, "version")] = (str(VersionState.REFUSED), digest)
        case LogAction.UNDONE:
            _replace_applied(state, name)
            back = (name, _number(details, "version"))
            if back in state.versions:
                state.versions[back] = (str(VersionState.APPLIED), state.versions[back][1])
        case LogAction.REMOVED:
            state.versions = {key: value for key, value in state.versions.items() if key[0] != name}
            state.pins.pop((name, ""), None)
            state.in_force.discard(name)
        case LogAction.PUT_IN_FORCE:
            state.in_force.add(name)
        case LogAction.TAKEN_OUT_OF_FORCE:
            state.in_force.discard(name)
        case LogAction.SIGNER_PINNED:
            state.pins[name, ""] = digest
        case LogAction.SIGNER_UNPINNED:
            state.pins.pop((name, ""), None)
        case LogAction.DISTRUSTED | LogAction.USAGE_LIMITED:
            state.decisions[entry.fingerprint, str(_DECISIONS[entry.action])] = digest
        case LogAction.DECISION_WITHDRAWN:
            state.decisions.pop((entry.fingerprint, details.get("kind", "")), None)
        case LogAction.POLICY_SET:
            state.policies[name] = digest
        case LogAction.POLICY_CLEARED:
            state.policies.pop(name, None)
        case LogAction.FINGERPRINT_ACCEPTED | LogAction.FINGERPRINT_REFUSED:
            accepted = entry.action is LogAction.FINGERPRINT_ACCEPTED
            state.fingerprints[_number(details, "endpoint"), entry.fingerprint] = accepted


def _tell_of_providers(state: TrustState, entry: LogEntry, details: Mapping[str, str]) -> None:
    match entry.action:
        case LogAction.APPLIED:
            state.providers[entry.subject] = details.get("document", "")
        case LogAction.REMOVED:
            state.providers.pop(entry.subject, None)
            state.pins.pop((entry.subject, "providers"), None)
        case LogAction.SIGNER_PINNED:
            state.pins[entry.subject, "providers"] = details.get("document", "")


def _replace_applied(state: TrustState, name: str) -> None:
    for key, (was, digest) in state.versions.items():
        if key[0] == name and was == VersionState.APPLIED:
            state.versions[key] = (str(VersionState.REPLACED), digest)


def _number(details: Mapping[str, str], name: str) -> int:
    text = details.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _differing(told: Mapping[K, object], found: Mapping[K, object]) -> list[K]:
    """Return what is in one and not the same in the other, in order."""
    keys = [key for key in told.keys() | found.keys() if told.get(key) != found.get(key)]
    return sorted(keys, key=str)
