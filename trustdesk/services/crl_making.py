"""Revocation lists of a private CA: what stands on the next one, and the forms in which it is passed on."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.private_ca import IssuedCertificate, IssuedCrl, PrivateAuthority
from trustdesk.formats.issuing import Issuer, Revoked, SigningKey, revocation_list
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.services.known_list import kept_list_of
from trustdesk.storage.authorities import Revocation
from trustdesk.storage.kept_lists import KeptList

_LABEL = "X509 CRL"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDraft:
    """What both lists of a CA have in common.

    Attributes:
        number: one more than that of the last.
    """

    number: int
    this_update: datetime
    next_update: datetime


def revoked_of(issued: Sequence[IssuedCertificate], revocation: Revocation | None) -> tuple[Revoked, ...]:
    """Return the entries: all that was revoked before, the first first, and what is revoked now.

    What has expired stays: a list from before it expired may be the last that somebody has.
    """
    from cryptography import x509

    found = [(one.certificate, one.revoked_at, one.reason) for one in issued if one.revoked_at is not None]
    if revocation is not None:
        found += [
            (one.certificate, revocation.at, revocation.reason)
            for one in issued
            if one.certificate.sha256 == revocation.sha256
        ]
    return tuple(
        Revoked(
            serial_number=int(facts.serial_number or "", 16),
            revoked_at=at,
            reason=None if reason is None else x509.ReasonFlags(reason.value),
        )
        for facts, at, reason in sorted(found, key=lambda one: (one[1], one[0].sha256))
    )


def signed_list(
    certificate: CertificateFacts, key: SigningKey, entries: Sequence[Revoked], draft: ListDraft
) -> bytes:
    """Sign a list with a CA's key, and look at it as its readers will; DER.

    Raises:
        EnvironmentFailureError: it does not say what it should; nobody gets it.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    issuer = Issuer(certificate=x509.load_der_x509_certificate(certificate.der), key=key)
    made = revocation_list(
        issuer,
        entries,
        number=draft.number,
        this_update=draft.this_update,
        next_update=draft.next_update,
    )
    read = x509.load_der_x509_crl(made.public_bytes(Encoding.DER))
    public_key = issuer.certificate.public_key()
    is_whole = {one.serial_number for one in read} == {one.serial_number for one in entries}
    if not is_whole or not read.is_signature_valid(public_key):  # type: ignore[arg-type]
        raise EnvironmentFailureError(
            msg("The revocation list that was made is not as it should be, and was thrown away."),
            remedy=msg("Look whether the key in the key store is the CA's."),
            place=certificate.title,
        )
    return read.public_bytes(Encoding.DER)


def evidence_of(
    authority: PrivateAuthority, crl: IssuedCrl, at: datetime
) -> tuple[tuple[KeptList, bytes], ...]:
    """Return both lists with what the workspace keeps of them beside their bytes.

    Whoever revokes a certificate has to see it as revoked here first, without opening a file.
    """
    signed = ((authority.issuing, crl.der), (authority.root, crl.root_der))
    return tuple(
        (
            kept_list_of(
                read_revocation_list(der), signer=ca.sha256, source=ca.title, kept_at=at, size=len(der)
            ),
            der,
        )
        for ca, der in signed
    )


def lists_as_pem(*ders: bytes) -> bytes:
    """Return lists as PEM (RFC 7468), in the order given."""
    return b"".join(_pem(der) for der in ders)


def first_list(pem: bytes) -> bytes:
    """Return the DER of the first list of `lists_as_pem`."""
    body = pem.decode().partition(f"-----END {_LABEL}-----")[0].partition("-----\n")[2]
    return base64.b64decode(body)


def _pem(der: bytes) -> bytes:
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode(), 64))
    return f"-----BEGIN {_LABEL}-----\n{body}\n-----END {_LABEL}-----\n".encode()
