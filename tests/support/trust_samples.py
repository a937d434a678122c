"""Trust lists with invented CAs, as a desk gives them: four lists, five versions, and what would change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support import sample_certificates
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.message import msg
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import (
    AnchorMode,
    Audit,
    CertificatePolicy,
    Distrust,
    EntryKind,
    EntryStatus,
    ListEntry,
    Owner,
    StatusChange,
    Usage,
)
from trustdesk.core.trust_impact import AffectedChain, Impact, Standing
from trustdesk.core.trust_version import (
    UNSIGNED,
    Authenticity,
    AuthenticityState,
    ChangeKind,
    Endorsement,
    EntryChange,
    FieldChange,
    ListContent,
    ListDifference,
    ListSource,
    ListVersion,
    Publisher,
    SignatureMethod,
    SourceKind,
    Transport,
    VersionLine,
    VersionState,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SERVER, CLIENT = frozenset({Usage.TLS_SERVER}), frozenset({Usage.TLS_CLIENT})
BOTH = SERVER | CLIENT
PILOT, OWN, PINS, WEB = "pilot", "own", "pins", "certifi"
SIGNER = sample_certificates.root("Pilot Operations Office signer")
SIGNED = Authenticity(
    state=AuthenticityState.VERIFIED,
    method=SignatureMethod.JWS,
    signer=SIGNER.sha256,
    signer_certificate=SIGNER,
    signed_at=datetime(2026, 11, 17, 8, tzinfo=UTC),
    pinned=True,
)
UNKNOWN_SIGNER = replace(SIGNED, state=AuthenticityState.UNKNOWN_SIGNER, pinned=False)
URL = "https://trust.cargo-pilot.example/list.json"


def digest(text: str) -> str:
    """A digest that stands for nothing."""
    return hashlib.sha256(text.encode()).hexdigest()


def entry(name: str, owner: str = "", usages: frozenset[Usage] | None = BOTH, **changes: Any) -> ListEntry:
    """An entry with a real certificate; `changes` are fields of ListEntry."""
    facts = sample_certificates.root(name)
    made = ListEntry(
        sha256=facts.sha256,
        certificate=facts,
        subject=facts.subject or "",
        spki_sha256=digest(f"key of {name}"),
        usages=usages,
        owner=Owner(name=owner, country="NO"),
        status_since=datetime(2025, 3, 1, tzinfo=UTC),
    )
    return replace(made, **changes)


def until(one: ListEntry, end: datetime) -> ListEntry:
    """An entry whose certificate ends then."""
    assert one.certificate is not None
    return replace(one, certificate=replace(one.certificate, not_after=end))


OLD_SKYBRIDGE = until(
    entry("Skybridge Issuing CA G2", "Skybridge PKI", SERVER), datetime(2026, 4, 1, tzinfo=UTC)
)
CONCORDIA = entry("Concordia Services CA 2", "Concordia Trust")
FJORDSIGN = entry("Fjordsign Partner CA 7", "Fjordsign", kind=EntryKind.INTERMEDIATE,
                  anchor_mode=AnchorMode.PARTIAL_CHAIN_ALLOWED)  # fmt: skip
BRIGHTLINE = entry("Brightline Internal CA", "Brightline GH", SERVER)
NEW_SKYBRIDGE = entry("Skybridge Root CA 2", "Skybridge PKI", SERVER)
CONCORDIA_CLIENT = entry(
    "Concordia Client Root 3",
    "Concordia Trust",
    CLIENT,
    constraints=AnchorLimits(permitted_names=("DNS:example",), max_path_length=1),
)
PALISADE = entry("Palisade Root X2", "Palisade Trust", SERVER)
DATED = entry(
    "Meridian Global Root",
    "Meridian Certification",
    SERVER,
    status=EntryStatus.TRUSTED_UNTIL,
    distrust=Distrust(tls_after=datetime(2027, 3, 15, tzinfo=UTC)),
    history=(
        StatusChange(
            status=EntryStatus.TRUSTED,
            since=datetime(2021, 5, 2, tzinfo=UTC),
            reason="included",
            source="bug 17",
        ),
    ),
    audits=(
        Audit(
            kind="WebTrust for CAs",
            auditor="Norrland Revision",
            period="2025-01-01 to 2025-12-31",
            report_uri="https://audits.example/meridian.pdf",
            expires=datetime(2027, 1, 31, tzinfo=UTC),
        ),
    ),
    policy=CertificatePolicy(cps_uri="https://meridian.example/cps.pdf", oids=("2.23.140.1.2.2",)),
    stores=(("Mozilla", "Included"), ("Chrome", "Included")),
    roles=("1R Issuing CA",),
    notes="Renewal is planned for 2027.",
)
WITHDRAWN = entry("Tundra Legacy Root", "Tundra", BOTH, status=EntryStatus.WITHDRAWN)
OPEN = entry("Halden Freight Root", "Halden Freight", None)
BARE = ListEntry(sha256=digest("bare"), certificate=None, subject="CN=Named by its digest", usages=SERVER)
_FILLING = tuple(
    entry(f"{town} Cargo Root {number}", f"{town} PKI", (SERVER, CLIENT, BOTH)[(place + number) % 3])
    for place, town in enumerate(
        ("Alta", "Bergen", "Bodø", "Drammen", "Florø", "Hamar", "Larvik", "Molde", "Narvik", "Oslo")
    )
    for number in range(1, 6)
)
_KEPT = (DATED, WITHDRAWN, OPEN, BARE)
ENTRIES_14 = (OLD_SKYBRIDGE, CONCORDIA, FJORDSIGN, BRIGHTLINE, *_KEPT, *_FILLING)
CHANGED_FJORDSIGN = replace(FJORDSIGN, usages=CLIENT)
CHANGED_BRIGHTLINE = replace(BRIGHTLINE, owner=replace(BRIGHTLINE.owner, contact="pki@brightline.example"))
ENTRIES_15 = (
    CHANGED_FJORDSIGN,
    CHANGED_BRIGHTLINE,
    NEW_SKYBRIDGE,
    CONCORDIA_CLIENT,
    PALISADE,
    *_KEPT,
    *_FILLING,
)
DATES = {
    11: datetime(2026, 3, 2, tzinfo=UTC),
    12: datetime(2026, 5, 19, tzinfo=UTC),
    13: datetime(2026, 8, 7, tzinfo=UTC),
    14: datetime(2026, 10, 30, tzinfo=UTC),
    15: datetime(2026, 11, 17, tzinfo=UTC),
}


def version(
    name: str,
    number: int,
    entries: Iterable[ListEntry],
    *,
    title: str,
    state: VersionState = VersionState.APPLIED,
    issued: datetime | None = None,
    kind: SourceKind = SourceKind.PEM,
    transport: Transport = Transport.FILE,
    place: str = "",
    authenticity: Authenticity = UNSIGNED,
    endorsement: Endorsement = Endorsement.SELF,
    **changes: Any,
) -> ListVersion:
    """A version of a list; `changes` are fields of ListContent."""
    content = ListContent(
        title=title,
        entries=tuple(entries),
        authenticity=authenticity,
        endorsement=endorsement,
        issued_at=issued,
    )
    at = issued or NOW - timedelta(days=12)
    return ListVersion(
        list_name=name,
        number=number,
        content=replace(content, **changes),
        source=ListSource(
            kind=kind,
            place=place or f"{name}.pem",
            retrieved_at=at + timedelta(hours=2),
            retrieved_by="ada",
            sha256=digest(f"{name} {number}"),
            transport=transport,
            etag='"5f3a-15"' if transport is Transport.HTTPS else "",
        ),
        state=state,
        kept_at=at + timedelta(hours=2),
    )


def pilot_version(number: int) -> ListVersion:
    """A version of the pilot list: 14 is applied, 15 waits."""
    states = {14: VersionState.APPLIED, 15: VersionState.WAITING}
    return version(
        PILOT,
        number,
        ENTRIES_15 if number == 15 else ENTRIES_14,
        title="Air cargo pilot list",
        state=states.get(number, VersionState.REPLACED),
        issued=DATES[number],
        kind=SourceKind.JSON,
        transport=Transport.HTTPS,
        place=URL,
        authenticity=SIGNED,
        endorsement=Endorsement.ORGANISATION,
        list_id="urn:example:pilot",
        publisher=Publisher(
            name="Pilot Operations Office",
            uri="https://cargo-pilot.example",
            contact="trust@cargo-pilot.example",
        ),
        sequence=number,
        next_update=DATES[number] + timedelta(days=90),
    )


def sample_versions() -> tuple[ListVersion, ...]:
    """Versions of four lists."""
    return (
        *(pilot_version(number) for number in DATES),
        version(OWN, 1, _FILLING[:4], title="Our own CAs"),
        version(PINS, 3, _FILLING[4:11], title="Partner pins", next_update=NOW - timedelta(days=3)),
        version(
            WEB,
            1,
            _FILLING,
            title="Public web (certifi)",
            kind=SourceKind.CERTIFI,
            transport=Transport.BUNDLED,
            place="certifi 2026.10.10",
            endorsement=Endorsement.BROWSER,
            issued=NOW - timedelta(days=41),
        ),
    )


def line_of(one: ListVersion) -> VersionLine:
    """A version without its entries."""
    return VersionLine(
        number=one.number,
        sequence=one.content.sequence,
        issued_at=one.content.issued_at,
        next_update=one.content.next_update,
        kept_at=one.kept_at,
        state=one.state,
        entries=len(one.content.entries),
        authenticity=one.content.authenticity,
        source=one.source,
    )


def difference_of(before: ListVersion | None, after: ListContent, after_name: str) -> ListDifference:
    """What differs between two versions: usages and contacts are the only fields that are looked at."""
    old = {} if before is None else {one.sha256: one for one in before.content.entries}
    new = {one.sha256: one for one in after.entries}
    changes = [
        EntryChange(kind=ChangeKind.REMOVED, before=old[one], after=None) for one in old if one not in new
    ]
    changes += [
        EntryChange(kind=ChangeKind.ADDED, before=None, after=new[one]) for one in new if one not in old
    ]
    for one, was in old.items():
        if one in new and was != new[one]:
            fields = tuple(_fields(was, new[one]))
            changes.append(EntryChange(kind=ChangeKind.CHANGED, before=was, after=new[one], fields=fields))
    return ListDifference(
        before="" if before is None else before.reference,
        after=after_name,
        changes=tuple(changes),
        unchanged=sum(one in new and old[one] == new[one] for one in old),
    )


def _fields(before: ListEntry, after: ListEntry) -> Iterable[FieldChange]:
    if before.usages != after.usages:
        words = {SERVER: msg("server"), CLIENT: msg("client"), BOTH: msg("server, client")}
        yield FieldChange(
            field="usages",
            title=msg("usage scope"),
            before=words[before.usages or SERVER],
            after=words[after.usages or SERVER],
        )
    if before.owner.contact != after.owner.contact:
        yield FieldChange(
            field="owner.contact",
            title=msg("owner contact"),
            before=None,
            after=msg("{text}", text=after.owner.contact),
        )


def path_below(name: str, host: str) -> tuple[CertificateFacts, ...]:
    """A path: end entity, issuing CA, root."""
    leaf = sample_certificates.server(host, datetime(2027, 6, 1, tzinfo=UTC))
    return leaf, sample_certificates.intermediate(name), sample_certificates.root()


def sample_impact() -> Impact:
    """Two partners lose, one gains; one identity loses."""
    kestrel = path_below("Fjordsign Partner CA 7", "1r.kestrel.example")

    def chain(name: str, why: str, host: str, **changes: Any) -> AffectedChain:
        made = AffectedChain(
            before=Standing.TRUSTED,
            after=Standing.NOT_TRUSTED,
            why=msg("{text}", text=why),
            partner=name,
            endpoint_id=len(name),
            place=host,
            lost_path=kestrel,
            broken_by=kestrel[1].sha256,
        )
        return replace(made, **changes)

    return Impact(
        title=msg("Version {after} in place of version {before}", after=15, before=14),
        partners=(
            chain("Ostrava Handling", "CA left the list", "1r.ostrava.example"),
            chain("Kestrel Forwarding", "CA 7 is client only", "1r.kestrel.example"),
            chain(
                "Monsoon Air Cargo",
                "Root X2 added",
                "1r.monsoon.example",
                before=Standing.NOT_TRUSTED,
                after=Standing.TRUSTED,
                lost_path=(),
                gained_path=kestrel,
                broken_by=None,
            ),
        ),
        identities=(
            AffectedChain(
                before=Standing.TRUSTED,
                after=Standing.NOT_TRUSTED,
                why=msg("CA left the list"),
                identity="pilot-2024",
                lost_path=kestrel,
                broken_by=kestrel[1].sha256,
            ),
        ),
        looked_at=44,
        at=NOW,
        at_after=NOW,
        not_judged=("Zephyr Cargo",),
    )


def sample_lint(*, claims_iata: bool = False) -> tuple[Finding, ...]:
    """What the rules say of a list."""

    def finding(rule: str, status: FindingStatus, title: str, evidence: str, remedy: str = "") -> Finding:
        return Finding(
            rule=rule,
            status=status,
            severity=Severity.WARNING if status is FindingStatus.WARN else Severity.INFO,
            title=msg("{text}", text=title),
            evidence=msg("{text}", text=evidence),
            remedy=msg("{text}", text=remedy) if remedy else None,
            source="domain notes 5.6",
        )

    found = [
        finding("LST-01", FindingStatus.PASS, "Every entry is a CA certificate", "61 of 61."),
        finding(
            "LST-04",
            FindingStatus.WARN,
            "No entry is expired",
            "Tundra Legacy Root ended on 2026-04-01.",
            "Ask the publisher to take it off.",
        ),
        finding(
            "LST-12",
            FindingStatus.WARN,
            "Every entry says what it is for",
            "1 entry does not: Halden Freight Root.",
            "Decide it here, or ask the publisher.",
        ),
        finding("LST-07", FindingStatus.NOT_RUN, "Audits are current", "The list names none for 60 entries."),
    ]
    if claims_iata:
        found.insert(
            0,
            replace(
                finding(
                    "LST-10",
                    FindingStatus.FAIL,
                    "Nothing is called IATA's without proof",
                    "The title names IATA, and no signer was pinned as IATA's.",
                    "Ask IATA for the fingerprint of its signer, and compare it.",
                ),
                severity=Severity.ERROR,
            ),
        )
    return tuple(found)
