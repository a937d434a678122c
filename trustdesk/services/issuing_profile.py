"""What a private CA takes out of a request: the names of a profile, and the key. Nothing else goes over.

Source: ONE Record certificate policy 7.1.2.1, 7.1.2.2; N20 p. 70, 71.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trustdesk.core.certificate_request import MAX_COMMON_NAME, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.verification import Purpose
from trustdesk.verify.one_record_id import is_fqdn, read_one_record_id

if TYPE_CHECKING:
    from cryptography import x509

    from trustdesk.formats.issuing import CertifiedKey, Issuer, Validity

_OTHER_KEY = msg("Make a new key, P-256 or RSA with at least 2048 bits, and a new request.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientProfile:
    """A client to be certified.

    Attributes:
        company_id: becomes the CN.
        one_record_ids: the main one first.
    """

    company_id: str
    one_record_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerProfile:
    """A server to be certified.

    Attributes:
        common_name: one of `dns_names`; None for an empty subject.
        dns_names: lower case, in the order of the request.
        client_auth: whether it asks to be a client too.
    """

    common_name: str | None
    dns_names: tuple[str, ...]
    client_auth: bool


Profile = ClientProfile | ServerProfile


def purpose_of(purpose: RequestPurpose) -> Purpose:
    """Return the purpose that the judge knows.

    Raises:
        UnusableInputError: FREE: a private CA signs for a purpose alone.
    """
    if purpose is RequestPurpose.FREE:
        raise UnusableInputError(
            msg("A private CA signs for a client or for a server, not free forms."),
            remedy=msg("Say what the certificate is for."),
        )
    return Purpose(purpose.value)


def profile_of(csr: CsrFacts, purpose: Purpose) -> Profile | Message:
    """Read a request as a profile; a sentence where it holds nothing that could be certified so."""
    kind = "URI" if purpose is Purpose.CLIENT else "DNS"
    values = [name.partition(":")[2] for name in csr.subject_alt_names if name.startswith(f"{kind}:")]
    if purpose is Purpose.CLIENT:
        return _client(tuple(dict.fromkeys(values)))
    names = tuple(dict.fromkeys(value.lower() for value in values))
    if not names:
        return msg("It names no host.")
    for name in names:
        if not is_fqdn(name):
            return msg("{names} is no fully qualified domain name.", names=name)
    common_name = names[0] if csr.subject and len(names[0]) <= MAX_COMMON_NAME else None
    return ServerProfile(
        common_name=common_name,
        dns_names=names,
        client_auth="clientAuth" in (csr.extended_key_usage or ()),
    )


def _client(identifiers: tuple[str, ...]) -> ClientProfile | Message:
    if not identifiers:
        return msg("It names no URI.")
    read = [read_one_record_id(identifier) for identifier in identifiers]
    for one in read:
        if not one.is_valid:
            return msg("{uri} is no 1R-ID.", uri=one.text)
    company_id = read[0].company_id or ""
    if len(company_id) > MAX_COMMON_NAME:
        return msg(
            "The company id {company_id} is longer than the {count} characters of a CN.",
            company_id=company_id,
            count=MAX_COMMON_NAME,
        )
    return ClientProfile(company_id=company_id, one_record_ids=identifiers)


def key_of_request(csr: CsrFacts) -> CertifiedKey:
    """Return the public key of a request.

    Raises:
        UnusableInputError: it is of a kind that no profile knows, or cannot be read.
    """
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        key = x509.load_der_x509_csr(csr.der).public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise UnusableInputError(
            msg("The public key of the request cannot be read."), remedy=_OTHER_KEY
        ) from None
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise UnusableInputError(
            msg("The key of the request is of a kind that is not certified here."), remedy=_OTHER_KEY
        )
    return key


def certify(
    profile: Profile, issuer: Issuer, public_key: CertifiedKey, validity: Validity
) -> x509.Certificate:
    """Make the certificate of a profile; see `formats.issuing` for what stands in it."""
    from cryptography import x509

    from trustdesk.formats import issuing

    match profile:
        case ClientProfile():
            return issuing.client_certificate(
                issuer, profile.company_id, profile.one_record_ids, public_key, validity
            )
        case ServerProfile():
            subject = (
                x509.Name([]) if profile.common_name is None else issuing.common_name(profile.common_name)
            )
            names = [x509.DNSName(name) for name in profile.dns_names]
            return issuing.server_certificate(
                issuer, subject, names, public_key, validity, client_auth=profile.client_auth
            )
