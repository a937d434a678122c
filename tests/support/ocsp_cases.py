"""A CA, a certificate of it, and what is said of an OCSP response about that certificate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from tests.support import pki
from tests.support.ocsp import Single, response
from tests.support.pki import NOW, Issued
from trustdesk.core.message import Message
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationRuleStatus,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.revocation.ocsp import DelegateStatus, check_response

SOURCE = RevocationSource(
    kind=RevocationSourceKind.OCSP, origin=RevocationSourceOrigin.CERTIFICATE, place="http://ocsp.example/"
)
GOOD, REVOKED = RevocationStatus.GOOD, RevocationStatus.REVOKED
UNKNOWN, UNAVAILABLE = RevocationStatus.UNKNOWN, RevocationStatus.UNAVAILABLE
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENT = bytes(range(32))
ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6"
EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9"
INVALIDITY_DATE = "2.5.29.24"
REASON_CODE = "2.5.29.21"

ROOT = pki.root()
CA = pki.authority("Issuing CA", ROOT)
LEAF = pki.client(CA)
OTHER_CA = pki.authority("Other CA", ROOT)


def delegate(
    issuer: Issued | None = CA,
    *,
    purposes: Sequence[ObjectIdentifier] | None = (ExtendedKeyUsageOID.OCSP_SIGNING,),
    key_usage: Sequence[str] | None = ("digital_signature",),
    nocheck: bool = True,
    more: Sequence[tuple[x509.ExtensionType, bool]] = (),
    called: str = "Responder",
    **keywords: Any,
) -> Issued:
    extensions: list[tuple[x509.ExtensionType, bool]] = [*pki._key_usage(key_usage), *more]
    if purposes is not None:
        extensions.append((x509.ExtendedKeyUsage(purposes), False))
    if nocheck:
        extensions.append((x509.OCSPNoCheck(), False))
    return pki.issue(pki.name(called), issuer, extensions=extensions, **keywords)


def judged(
    der: bytes,
    *,
    leaf: Issued = LEAF,
    issuer: Issued = CA,
    at: datetime = NOW,
    nonce: bytes | None = None,
    others: Sequence[Decoded] = (),
    retrieved_at: datetime | None = None,
    delegate_status: DelegateStatus | None = None,
) -> RevocationAnswer:
    return check_response(
        der,
        source=SOURCE,
        certificate=decode(leaf.der),
        issuer=decode(issuer.der),
        at=at,
        nonce=nonce,
        others=others,
        retrieved_at=retrieved_at,
        delegate_status=delegate_status,
    )


def about(status: str | bytes = "good", **keywords: Any) -> Single:
    return Single(LEAF, CA, status, **keywords)


def failed(answer: RevocationAnswer) -> list[str]:
    return [check.rule for check in answer.checks if check.status is RevocationRuleStatus.FAIL]


def status_of(answer: RevocationAnswer, rule: str) -> RevocationRuleStatus:
    (check,) = (check for check in answer.checks if check.rule == rule)
    return check.status


def words(message: Message) -> str:
    """The sentence with all sentences inside it, as ids."""
    inside = [words(value) for _, value in message.params if isinstance(value, Message)]
    return " | ".join([message.id, *inside])


def signed_by_delegate(signer: Issued, *, status: str = "good", **keywords: Any) -> bytes:
    keywords.setdefault("certificates", [signer.der])
    return response(about(status), signer=signer, **keywords)
