"""What OpenSSL appends to a TRUSTED CERTIFICATE: for what it is trusted and for what it is not.

Linux distributions keep certificates of CAs that lost their trust in this form: whoever overlooks what
follows the certificate trusts them again.

Source: OpenSSL's X509_CERT_AUX (crypto/x509/x_x509a.c), as `openssl x509 -addtrust -addreject` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trustdesk.core.trust_entry import EntryStatus, Usage
from trustdesk.core.untrusted import bounded
from trustdesk.formats.der import (
    OBJECT_IDENTIFIER,
    SEQUENCE,
    DerError,
    Element,
    object_identifier,
    read_element,
)

_REJECT = 0xA0
_UTF8_STRING = 0x0C
_ANY = "2.5.29.37.0"
_USAGES = {
    "1.3.6.1.5.5.7.3.1": Usage.TLS_SERVER,
    "1.3.6.1.5.5.7.3.2": Usage.TLS_CLIENT,
    "1.3.6.1.5.5.7.3.4": Usage.EMAIL,
}
_ALL = frozenset(_USAGES.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSettings:
    """What stands behind a certificate.

    Attributes:
        usages: None where nothing is said.
        status: DISTRUSTED where it is rejected for all that we know.
        alias: "" for none; untrusted.
    """

    usages: frozenset[Usage] | None = None
    status: EntryStatus = EntryStatus.TRUSTED
    alias: str = ""


def split_trusted(data: bytes) -> tuple[bytes, TrustSettings]:
    """Return the DER of the certificate, and what follows it.

    Raises:
        DerError: one of the two is damaged.
    """
    certificate = read_element(data).expect(SEQUENCE)
    rest = data[certificate.end :]
    if not rest:
        return certificate.raw, TrustSettings()
    settings = read_element(rest).expect(SEQUENCE)
    trusted: set[str] | None = None
    rejected: set[str] = set()
    alias = ""
    for part in settings.children():
        if part.tag == SEQUENCE and trusted is None:
            trusted = _purposes(part)
        elif part.tag == _REJECT:
            rejected = _purposes(part)
        elif part.tag == _UTF8_STRING:
            alias = bounded(part.content.decode("utf-8", "replace"))
    denied = _ALL if _ANY in rejected else usages_of(rejected)
    if trusted is None and not rejected:
        return certificate.raw, TrustSettings(alias=alias)
    # Without a list of its own, OpenSSL takes a root for everything that is not rejected.
    named = _ALL if trusted is None or _ANY in trusted else usages_of(trusted)
    usages = named - denied
    is_distrusted = bool(denied) and not usages
    status = EntryStatus.DISTRUSTED if is_distrusted else EntryStatus.TRUSTED
    return certificate.raw, TrustSettings(usages=usages, status=status, alias=alias)


def usages_of(purposes: Iterable[str]) -> frozenset[Usage]:
    """Return what extended key usages (dotted OIDs) let a CA vouch for; others stand for nothing of ours."""
    return frozenset(_USAGES[oid] for oid in purposes if oid in _USAGES)


def _purposes(element: Element) -> set[str]:
    purposes = list(element.children())
    if any(purpose.tag != OBJECT_IDENTIFIER for purpose in purposes):
        raise DerError("a purpose that is no object identifier")
    return {object_identifier(purpose) for purpose in purposes}
