"""Identities of an invented carrier, in every standing that the page shows; the certificates are real DER."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tests.support import pki
from tests.support.identity_samples import FAKE_NOW, sample_identity, sample_view
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.identity import (
    IdentityUse,
    IdentityView,
    ImportCandidate,
    ImportPreview,
    Opener,
    P12Bag,
    P12Diagnosis,
    PurposeVerdict,
    Usable,
)
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind, KeyFacts
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.formats.certificate_details import read_details

_ROOT = pki.root("Fjordsign Root 2021")
PARTNER_CA = pki.authority("Fjordsign Partner CA 7", _ROOT)
_TLS_CA = pki.authority("Meridian TLS CA 4", _ROOT)
_NO_CLIENT = PurposeVerdict(usable=Usable.NO, why=msg("Extended key usage lacks clientAuth."))
_SERVER = PurposeVerdict(usable=Usable.YES, why=msg("It can be used as a TLS server."))
_LAST = PurposeVerdict(
    usable=Usable.WARNED, why=msg("Its public CA will not issue clientAuth again after 2026-06-15.")
)


def endpoint(number: int, partner: str, identity: str) -> Endpoint:
    """An endpoint that names an identity."""
    host = f"1r.{partner.split(maxsplit=1)[0].lower()}.example"
    return Endpoint(id=number, partner=partner, target=parse_target(f"https://{host}"), identity=identity)


def view(
    name: str,
    common_name: str,
    days: int,
    *ids: str,
    issuer: pki.Issued = PARTNER_CA,
    **changes: object,
) -> IdentityView:
    """An identity that ends so many days from now."""
    end: datetime = FAKE_NOW + timedelta(days=days, hours=1)
    issued = pki.client(issuer, common_name=common_name, not_before=end - timedelta(days=364), not_after=end)
    made = sample_view(sample_identity(name, issued.facts, issuer.facts), one_record_ids=ids)
    return replace(made, **changes)  # type: ignore[arg-type]


def finding(rule: str, status: FindingStatus, title: str, evidence: str) -> Finding:
    """What a rule says."""
    return Finding(
        rule=rule,
        status=status,
        severity=Severity.ERROR,
        title=msg(title),
        evidence=msg(evidence),
        source="RFC 5280 4.2.1.12",
    )


def carrier() -> dict[str, IdentityView]:
    """The six of the target picture, by name."""
    users = tuple(
        endpoint(number, partner, "halden-client-2026")
        for number, partner in enumerate(("Nordwind Cargo", "Zephyr Ground Services", "Tamarind Logistics"))
    )
    base = "https://1r.haldenair.example/HAC"
    views = (
        view(
            "halden-client-2026",
            "HAC",
            314,
            base,
            "https://events.haldenair.example/HAC-EVENTS",
            use=IdentityUse(endpoints=users, presented_to=3, accepted_by=2),
            advice=(msg("Plan its renewal for August 2027: the CA takes two weeks."),),
            findings=(
                finding("CLI-02", FindingStatus.PASS, "Extended key usage has clientAuth", "clientAuth"),
                finding("CLI-09", FindingStatus.NOT_RUN, "OCSP answer holds", "Nobody was asked."),
            ),
        ),
        view("halden-client-2025", "HAC", 22, base, f"{base}-OLD"),
        view(
            "halden-edge-2026", "1r.haldenair.example", 70, issuer=_TLS_CA, client=_NO_CLIENT, server=_SERVER
        ),
        view("halden-amqp", "HAC-EVENTS", 201, "https://events.haldenair.example/HAC-EVENTS"),
        view("halden-ground-oslo", "HAC-OSL", 96, "https://osl.haldenair.example/HAC-OSL"),
        view("pilot-2024", "HAC-PILOT", 133, f"{base}-PILOT", client=_LAST, server=_SERVER),
    )
    found = {one.identity.name: one for one in views}
    now, before = found["halden-client-2026"], found["halden-client-2025"]
    found["halden-client-2026"] = replace(now, identity=replace(now.identity, renews="halden-client-2025"))
    found["halden-client-2025"] = replace(
        before, identity=replace(before.identity, renewed_by="halden-client-2026")
    )
    return found


def import_preview(*, is_open: bool = True) -> ImportPreview:
    """Two keys that can be imported, one that is here already, one without a certificate, and more."""
    issued = pki.client(PARTNER_CA, common_name="HAC-2027")
    old = pki.client(PARTNER_CA, common_name="HAC")
    source = "/home/person/haldenair-2027.p12"
    old_source, java_source = "/home/person/old.pem", "/home/person/keys.jks"
    key = KeyFacts(form="PKCS#8", encrypted=True, algorithm="EC", bits=256, curve="P-256")
    candidates = (
        ImportCandidate(
            position=0,
            source=source,
            alias="client",
            suggested_name="HAC-2027",
            certification_path=(issued.facts, PARTNER_CA.facts, _ROOT.facts),
            completed=((_ROOT.facts, msg("in the trust list {list}", list="pilot")),),
            key=replace(key, spki_sha256="5a" * 32),
            remarks=(msg("It is not valid before {date}.", date=FAKE_NOW),),
        ),
        ImportCandidate(
            position=1,
            source=old_source,
            alias=None,
            suggested_name="HAC-2",
            certification_path=(old.facts, PARTNER_CA.facts),
            key=replace(key, spki_sha256="5b" * 32),
            already_here="halden-client-2025",
            remarks=(msg("The identity {name} has this key already.", name="halden-client-2025"),),
        ),
        ImportCandidate(
            position=2,
            source=old_source,
            alias="spare",
            suggested_name="spare",
            certification_path=(),
            key=replace(key, spki_sha256="5c" * 32),
            problems=(msg("No certificate in these files was made for this private key."),),
            remedies=(msg("Add the file with the certificate that the CA sent for it."),),
        ),
    )
    everything = Inspection(
        items=(
            InspectedItem(
                kind=ItemKind.CERTIFICATE,
                source=old_source,
                position=4,
                certificate=read_details(_TLS_CA.der),
            ),
            InspectedItem(
                kind=ItemKind.UNKNOWN,
                source="/home/person/notes.txt",
                position=0,
                problems=(msg("There is nothing in it that can be read."),),
            ),
            InspectedItem(kind=ItemKind.JKS, source=java_source, position=0, locked=True, count=2),
        )
    )
    locked = () if is_open else (source, java_source)
    return ImportPreview(
        candidates=candidates if is_open else candidates[1:], everything=everything, locked=locked
    )


def diagnosis(source: str = "old.p12") -> P12Diagnosis:
    """An old file that OpenSSL 3 does not open, with one bag that has something wrong."""
    return P12Diagnosis(
        source=source,
        opened=True,
        protection=None,
        bags=(
            P12Bag(
                what=msg("Private key of {subject}", subject="CN=HAC"),
                alias="client",
                protection=msg("3DES, SHA-1, 2,048 rounds"),
            ),
            P12Bag(
                what=msg("Certificate {subject}", subject="CN=HAC"),
                alias=None,
                protection=msg("RC2-40, SHA-1, 2,048 rounds"),
                problem=msg("RC2 with 40 bits is no protection."),
            ),
        ),
        mac=msg("SHA-1, 2,048 rounds"),
        openers=(
            Opener(program="OpenSSL 3", opens=False, why=msg("It does not read {what}.", what="RC2-40")),
            Opener(program="Java 17", opens=True, why=msg("It reads all that the file uses.")),
            Opener(program="curl", opens=None, why=msg("It depends on the library that it was built with.")),
        ),
        advice=(msg("Export it anew: OpenSSL 3 does not open it."),),
    )
