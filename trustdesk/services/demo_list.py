"""The demo's trust list: three versions of a pilot list, signed by the lab's list office. Pure but for keys.

Version 1 was replaced by version 2, which is in force. Version 3 waits, and would change something for
somebody: a partner gains a root, our own client certificates lose theirs, a CA goes, an owner is renamed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import msg
from trustdesk.core.trust_entry import (
    Audit,
    Distrust,
    EntryStatus,
    ListEntry,
    Owner,
    StatusChange,
    Usage,
)
from trustdesk.core.trust_version import ListContent, Publisher
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.issuing import Validity, common_name, root_certificate
from trustdesk.formats.list_certificates import FoundCertificate, entries_of

TITLE = "Lab pilot list (throw-away CAs)"
LIST_ID = "https://lists.trustdesk-lab.example/pilot"
GONE = "Meridian Freight Root"
"""A CA that the list distrusts, and we as well."""
_DAY = timedelta(days=1)
_SERVER, _CLIENT = frozenset({Usage.TLS_SERVER}), frozenset({Usage.TLS_CLIENT})
_BOTH = _SERVER | _CLIENT


@dataclass(frozen=True, slots=True)
class _Fictional:
    """A CA that nobody runs: its name, owner and country, what it is trusted for, and its days left."""

    name: str
    owner: str
    country: str
    usages: frozenset[Usage]
    days: int = 2400
    audit: str = "WebTrust for CAs"


_CAS = (
    _Fictional("Fjordsign Root 2021", "Fjordsign", "NO", _CLIENT),
    _Fictional("Skybridge Root CA 1", "Skybridge PKI", "NL", _BOTH, 38),
    _Fictional("Skybridge Root CA 2", "Skybridge PKI", "NL", _BOTH),
    _Fictional("Concordia Services CA 2", "Concordia Trust", "CH", _BOTH),
    _Fictional("Concordia Client Root 3", "Concordia Trust", "CH", _CLIENT, audit="ETSI EN 319 411-1"),
    _Fictional("Palisade Root X2", "Palisade Trust", "US", _SERVER),
    _Fictional("Brightline Internal CA", "Brightline GH", "DE", _SERVER, audit=""),
    _Fictional("Halden Customs Root", "Halden Customs", "NO", _SERVER, audit="ETSI EN 319 411-1"),
    _Fictional("Aurora Handling Root", "Aurora Handling", "FI", _BOTH, 300),
    _Fictional("Kestrel Client Root", "Kestrel Air", "GB", _CLIENT),
    _Fictional("Borealis Pilot CA", "Borealis", "IS", _CLIENT, audit=""),
    _Fictional(GONE, "Meridian Freight", "SG", _BOTH),
)


def fictional_cas(now: datetime) -> dict[str, CertificateFacts]:
    """Make the certificates of the fictional CAs, by name; their keys are forgotten at once."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    made = {}
    for one in _CAS:
        validity = Validity(now - 1400 * _DAY, now + one.days * _DAY)
        certificate = root_certificate(
            common_name(one.name, one.owner), ec.generate_private_key(ec.SECP256R1()), validity
        )
        made[one.name] = read_certificate(certificate.public_bytes(Encoding.DER))
    return made


def demo_versions(
    roots: Sequence[CertificateFacts], fictional: dict[str, CertificateFacts], now: datetime
) -> tuple[ListContent, ListContent, ListContent]:
    """Return the three versions, unsigned, the oldest first.

    Args:
        roots: the lab's, Root One and Root Two.
    """
    one, two = (
        replace(
            _entry(root), usages=usages, owner=Owner(name="trustdesk lab", country="AQ"), audits=_audits()
        )
        for root, usages in zip(roots, (_BOTH, _SERVER), strict=True)
    )
    cas = {each.name: _fictional(each, fictional[each.name], now) for each in _CAS}
    before = replace(cas[GONE], status=EntryStatus.TRUSTED, status_since=now - 900 * _DAY, history=())
    first = (
        one,
        *(cas[name] for name in cas if name not in {GONE, "Kestrel Client Root", "Skybridge Root CA 2"}),
        before,
    )
    second = (one, *cas.values())
    renamed = {**cas, "Concordia Services CA 2": _renamed(cas["Concordia Services CA 2"])}
    del renamed["Brightline Internal CA"]
    third = (replace(one, usages=_SERVER), two, *renamed.values())
    return (
        _version(12, first, now - 190 * _DAY),
        _version(13, second, now - 40 * _DAY),
        _version(14, third, now - _DAY),
    )


def _version(sequence: int, entries: tuple[ListEntry, ...], issued_at: datetime) -> ListContent:
    return ListContent(
        title=TITLE,
        list_id=LIST_ID,
        publisher=Publisher(
            name="Lab List Office",
            uri="https://lists.trustdesk-lab.example/",
            contact="lists@trustdesk-lab.example",
        ),
        sequence=sequence,
        issued_at=issued_at,
        next_update=issued_at + 180 * _DAY,
        entries=entries,
    )


def _entry(facts: CertificateFacts) -> ListEntry:
    found = FoundCertificate(der=facts.der, place=TITLE, where=msg("the demo's list"))
    return entries_of([found]).entries[0]


def _fictional(one: _Fictional, facts: CertificateFacts, now: datetime) -> ListEntry:
    contact = f"pki@{one.owner.split()[0].casefold()}.example"
    entry = replace(
        _entry(facts),
        usages=one.usages,
        owner=Owner(name=one.owner, country=one.country, contact=contact),
        audits=_audits(one.audit) if one.audit else (),
        status_since=now - 900 * _DAY,
    )
    match one.name:
        case "Halden Customs Root":
            end = now + 60 * _DAY
            return replace(entry, status=EntryStatus.TRUSTED_UNTIL, distrust=Distrust(tls_after=end))
        case "Borealis Pilot CA":
            return replace(entry, status=EntryStatus.SUSPENDED, status_since=now - 50 * _DAY)
        case _ if one.name == GONE:
            was = StatusChange(status=EntryStatus.TRUSTED, since=now - 900 * _DAY, reason="Pilot began")
            return replace(entry, status=EntryStatus.DISTRUSTED, status_since=now - 40 * _DAY, history=(was,))
    return entry


def _renamed(entry: ListEntry) -> ListEntry:
    return replace(entry, owner=replace(entry.owner, name="Concordia Trust Services"))


def _audits(kind: str = "WebTrust for CAs") -> tuple[Audit, ...]:
    return (
        Audit(kind=kind, auditor="Invented Auditors", period="2025", report_uri="https://audits.example/"),
    )
