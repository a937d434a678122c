"""Lists for tests of their forms: one that says everything that can be said, and keys that sign lists."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.support import pki
from tests.support.pki import Issued
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_entry import (
    AnchorMode,
    AppliesTo,
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
from trustdesk.core.trust_version import ListContent, Publisher
from trustdesk.formats.entry_facts import public_key_sha256
from trustdesk.storage.list_schema import trust_list_schema

SCHEMA = trust_list_schema()


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@cache
def _root(name: str) -> Issued:
    return pki.root(name)


def root(name: str = "Root") -> Issued:
    return _root(name)


@cache
def issuing() -> Issued:
    return pki.authority("Issuing", root())


@cache
def server() -> Issued:
    return pki.server(issuing())


@cache
def cross() -> Issued:
    """The key of "Root", certified by "Other"."""
    return pki.authority("Root", root("Other"), key=root().key)


@cache
def lonely() -> Issued:
    """An issuing CA whose root is nowhere."""
    return pki.authority("Lonely", pki.root("Absent"))


def signer(kind: str = "ES256") -> Issued:
    """Return who signs lists; its self-signed certificate stands for any."""
    return _signer(kind)


@cache
def _signer(kind: str) -> Issued:
    key: pki.PrivateKey
    match kind:
        case "ES256":
            key = ec.generate_private_key(ec.SECP256R1())
        case "ES384":
            key = ec.generate_private_key(ec.SECP384R1())
        case "EdDSA":
            key = ed25519.Ed25519PrivateKey.generate()
        case _:
            key = pki.rsa_key()
    return pki.client(None, f"Signer {kind}", key=key)


def entry(issued: Issued, kind: EntryKind = EntryKind.ROOT, **fields: object) -> ListEntry:
    facts = issued.facts
    usual = AnchorMode.FULL_CHAIN if kind is EntryKind.ROOT else AnchorMode.NOT_ANCHOR
    values: dict[str, object] = {"anchor_mode": usual, **fields}
    return ListEntry(
        sha256=facts.sha256,
        certificate=facts,
        subject=facts.subject or "",
        spki_sha256=public_key_sha256(facts.der),
        kind=kind,
        **values,  # type: ignore[arg-type]
    )


@cache
def full_entry() -> ListEntry:
    """An entry with every field filled."""
    return entry(
        root("Full"),
        id="2f1c7a52-4b55-4f0a-9c6e-0d1f3a7b9c10",
        usages=frozenset({Usage.TLS_SERVER, Usage.TLS_CLIENT}),
        status=EntryStatus.TRUSTED_UNTIL,
        status_since=day("2026-01-02"),
        history=(
            StatusChange(status=EntryStatus.PENDING, since=day("2025-05-06"), reason="audit", source="board"),
            StatusChange(status=EntryStatus.UNKNOWN),
        ),
        distrust=Distrust(
            tls_after=day("2027-01-01T10:20:30"),
            smime_after=day("2027-02-03"),
            sct_not_after=day("2027-04-05"),
            applies_to=AppliesTo.NOW,
        ),
        constraints=AnchorLimits(
            permitted_names=("DNS:example", "IP:192.0.2.0/24", "URI:.example"),
            excluded_names=("DNS:bad.example", "email:bad.example"),
            max_path_length=0,
            policies=("1.3.6.1.4.1.99999.1",),
            extended_key_usages=("serverAuth", "1.3.6.1.5.5.7.3.2"),
            max_validity_days=398,
        ),
        roles=("1R Issuing CA", "bridge"),
        owner=Owner(
            name="Ümlaut Trust Ltd", country="CH", contact="https://ca.example", problem_reporting="p@ca"
        ),
        policy=CertificatePolicy(
            cp_uri="https://ca.example/cp", cps_uri="https://ca.example/cps", oids=("2.16.756.5.14",)
        ),
        audits=(
            Audit(
                kind="WebTrust for CAs",
                auditor="Auditor & Co",
                period="2025-01-01 to 2025-12-31",
                report_uri="https://audit.example/1",
                expires=day("2026-12-31"),
            ),
        ),
        revocation_urls=("http://crl.example/full.crl", "http://ocsp.example/"),
        caa_domains=("ca.example", "issue.example"),
        notes="first line\nsecond line",
        stores=(("Mozilla", "Included"), ("Apple", "Blocked")),
    )


@cache
def full_list() -> ListContent:
    """A list that says of itself all it can, with entries of all kinds."""
    return ListContent(
        title="Partners' CAs ✈",
        entries=(
            full_entry(),
            entry(root(), usages=frozenset({Usage.TLS_SERVER})),
            entry(issuing(), EntryKind.INTERMEDIATE, anchor_mode=AnchorMode.PARTIAL_CHAIN_ALLOWED),
            entry(cross(), EntryKind.CROSS, usages=frozenset()),
            entry(server(), EntryKind.END_ENTITY),
            entry(root("Bad"), status=EntryStatus.DISTRUSTED, usages=frozenset(Usage)),
            ListEntry(
                sha256="ab" * 32,
                certificate=None,
                subject="CN=Known by its digest",
                spki_sha256="cd" * 32,
                anchor_mode=AnchorMode.NOT_ANCHOR,
                status=EntryStatus.WITHDRAWN,
            ),
        ),
        list_id="urn:example:list",
        publisher=Publisher(name="Publisher", uri="https://p.example/list.json", contact="lists@p.example"),
        scheme_uri="https://p.example/policy",
        sequence=2**63 - 1,
        issued_at=day("2026-11-01T12:00:00.123456"),
        next_update=day("2026-12-01"),
        supersedes_sha256="ef" * 32,
        authority_claimed="Nobody in particular",
    )
