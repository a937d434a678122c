"""Revocation lists in one line each, and a web that is a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.ocsp import sequence, tlv
from tests.support.pki import NOW, Issued
from tests.support.revocation_lists import certificate_issuer, revocation_list, revoked
from trustdesk.core.message import msg
from trustdesk.core.ports import FetchFailure, Retrieved, RevocationList
from trustdesk.core.revocation import (
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
)
from trustdesk.formats.der import parts_of, read_element
from trustdesk.verify.revocation.evidence import RevocationEvidence
from trustdesk.verify.revocation_list import HeldRevocationList

_REASONS = {flag.value: flag for flag in x509.ReasonFlags}


class CountedList(HeldRevocationList):
    """A CRL that counts how often its signature is asked about."""

    def __init__(self, der: bytes) -> None:
        super().__init__(der)
        self.signatures_asked = 0

    def is_signed_by(self, subject_public_key_info: bytes) -> bool | None:
        self.signatures_asked += 1
        return super().is_signed_by(subject_public_key_info)


@dataclass
class DictionaryWeb:
    """Answers from what it was given, and remembers what it was asked."""

    lists: dict[str, bytes] = field(default_factory=dict)
    responses: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    def revocation_list(self, url: str) -> Retrieved[RevocationList] | FetchFailure:
        self.asked.append(url)
        if url not in self.lists:
            return FetchFailure(reason=msg("Nothing is there."))
        return Retrieved(value=CountedList(self.lists[url]), at=NOW)

    def ocsp_response(self, url: str, request: bytes) -> Retrieved[bytes] | FetchFailure:
        self.asked.append(url)
        self.requests.append(request)
        if url not in self.responses:
            return FetchFailure(reason=msg("Nobody answers."))
        return Retrieved(value=self.responses[url], at=NOW)


def from_file(place: str = "list.crl") -> RevocationSource:
    return RevocationSource(kind=RevocationSourceKind.CRL, origin=RevocationSourceOrigin.FILE, place=place)


def given(*lists: bytes) -> RevocationEvidence:
    """Evidence that consists of CRLs in files, numbered from 1."""
    return RevocationEvidence(
        lists=tuple((from_file(f"{number}.crl"), CountedList(der)) for number, der in enumerate(lists, 1))
    )


@dataclass(frozen=True)
class Entry:
    """One entry; `issuer` None for none named."""

    certificate: Issued
    reason: str | None = None
    on: datetime = NOW - timedelta(days=10)
    issuer: x509.Name | None = None
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = ()


def crl(
    issuer: Issued,
    *entries: Issued | Entry,
    this_update: datetime = NOW - timedelta(days=1),
    next_update: datetime = NOW + timedelta(days=6),
    number: int | None = 10,
    base: int | None = None,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
    signed_with: Issued | None = None,
    name: x509.Name | None = None,
) -> bytes:
    """Make a CRL (DER); `base` makes it a delta CRL, `signed_with` and `name` somebody else's."""
    all_extensions = [*extensions]
    if base is not None:
        all_extensions.insert(0, (x509.DeltaCRLIndicator(base), True))
    if number is not None:
        all_extensions.insert(0, (x509.CRLNumber(number), False))
    return revocation_list(
        issuer,
        [_revoked(one if isinstance(one, Entry) else Entry(one)) for one in entries],
        this_update=this_update,
        next_update=next_update,
        extensions=all_extensions,
        signed_with=signed_with,
        name=name,
    )


def scope(
    *,
    url: str | None = None,
    relative: x509.RelativeDistinguishedName | None = None,
    user: bool = False,
    ca: bool = False,
    attribute: bool = False,
    indirect: bool = False,
    reasons: Sequence[str] = (),
) -> tuple[x509.ExtensionType, bool]:
    """Make an issuing distribution point."""
    return (
        x509.IssuingDistributionPoint(
            full_name=[x509.UniformResourceIdentifier(url)] if url else None,
            relative_name=relative,
            only_contains_user_certs=user,
            only_contains_ca_certs=ca,
            only_some_reasons=frozenset(_REASONS[one] for one in reasons) or None,
            indirect_crl=indirect,
            only_contains_attribute_certs=attribute,
        ),
        True,
    )


def point(
    *urls: str,
    issuer: Issued | None = None,
    reasons: Sequence[str] = (),
    relative: x509.RelativeDistinguishedName | None = None,
) -> x509.DistributionPoint:
    """Make a distribution point."""
    return x509.DistributionPoint(
        full_name=[x509.UniformResourceIdentifier(url) for url in urls] or None,
        relative_name=relative,
        reasons=frozenset(_REASONS[one] for one in reasons) or None,
        crl_issuer=[x509.DirectoryName(issuer.certificate.subject)] if issuer else None,
    )


def points(*these: x509.DistributionPoint) -> tuple[x509.ExtensionType, bool]:
    """Make the extension that names where a certificate's CRLs are."""
    return x509.CRLDistributionPoints(list(these)), False


def _revoked(entry: Entry) -> x509.RevokedCertificate:
    named = () if entry.issuer is None else (certificate_issuer(entry.issuer),)
    return revoked(
        entry.certificate.certificate.serial_number,
        None if entry.reason is None else _REASONS[entry.reason],
        at=entry.on,
        extensions=(*named, *entry.extensions),
    )


def changed(der: bytes, signer: Issued, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """Return a CRL whose parts (of what is signed, each as DER) are others, signed again."""
    body, algorithm = parts_of(read_element(der), 3)[:2]
    signed = sequence(*change([part.raw for part in body.children()]))
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    signature = signer.key.sign(signed, ec.ECDSA(hashes.SHA256()))
    return sequence(signed, algorithm.raw, tlv(0x03, b"\0", signature))
