"""Who signed an OCSP response, and whether the issuer lets it (RFC 6960 4.2.2.2, 4.2.2.3).

Either the issuer's own key did, or that of a delegate: a certificate that the issuer's key signed itself,
for OCSPSigning. Nobody else is believed, whatever chain stands behind him.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from trustdesk.core.message import msg
from trustdesk.formats.algorithms import signature_algorithm
from trustdesk.formats.ocsp_request import key_bits
from trustdesk.formats.ocsp_values import BasicResponse, ResponderId
from trustdesk.verify.comparable_names import comparable_name
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.revocation.allowances import BROKEN_DIGESTS, WEAK_DIGESTS, uses_digest
from trustdesk.verify.revocation.ocsp_delegate import DelegateStatus, judge_delegate
from trustdesk.verify.revocation.ocsp_requirements import Requirement, met, not_run, noted, refused
from trustdesk.verify.signatures import SignatureStatus, signature_status

_MAX_CERTIFICATES = 32
_MAX_SIGNERS = 8
"""Certificates of a response that are read, and those among them whose key is tried: a peer chooses both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signed a response.

    Attributes:
        certificate: None when nobody is known to have.
        requirements: in the order in which they are asked.
    """

    certificate: Decoded | None = None
    requirements: tuple[Requirement, ...]

    @property
    def is_authorised(self) -> bool:
        """Whether nothing stands against him."""
        return self.certificate is not None and not any(one.refuses for one in self.requirements)


def find_signer(
    basic: BasicResponse,
    *,
    certificate: Decoded,
    issuer: Decoded,
    at: datetime,
    others: Sequence[Decoded],
    delegate_status: DelegateStatus | None,
) -> Signer:
    """Say who signed a response about a certificate, and all that is asked of him.

    Args:
        others: certificates that may be a delegate's, beside those that came in the response.
        delegate_status: as `judge_delegate` asks it.
    """
    candidates = _candidates(issuer, basic.certificates, others)
    named = list(islice((one for one in candidates if _is_named(one, basic.responder)), _MAX_SIGNERS))
    if not named:
        return _unnamed(basic, issuer)
    makers: list[Signer] = []
    statuses: list[SignatureStatus] = []
    for candidate in named:
        status = _signature(basic, candidate)
        statuses.append(status)
        if status is not SignatureStatus.MADE:
            continue
        signer = _judge(basic, candidate, certificate, issuer, at, delegate_status)
        if signer.is_authorised:
            return signer
        makers.append(signer)
    if makers:
        return makers[0]
    return Signer(requirements=(_named(basic, named[0]), _not_made(basic, named[0], statuses)))


def _candidates(issuer: Decoded, came_along: Sequence[bytes], others: Iterable[Decoded]) -> Iterator[Decoded]:
    seen = {issuer.sha256}
    yield issuer
    for one in (*map(decode, came_along[:_MAX_CERTIFICATES]), *others):
        if one.fields is not None and one.sha256 not in seen:
            seen.add(one.sha256)
            yield one


def _is_named(candidate: Decoded, responder: ResponderId) -> bool:
    if candidate.fields is None:
        return False
    try:
        if responder.name is not None:
            return candidate.subject is not None and comparable_name(responder.name) == candidate.subject
        key_hash = hashlib.sha1(key_bits(candidate.fields.public_key), usedforsecurity=False).digest()
    except ValueError:
        return False
    return key_hash == responder.key_hash


def _signature(basic: BasicResponse, candidate: Decoded) -> SignatureStatus:
    return signature_status(
        basic.signature_algorithm, basic.signature, basic.to_be_signed.raw, candidate.public_key
    )


def _unnamed(basic: BasicResponse, issuer: Decoded) -> Signer:
    """Nobody who may sign is who the response says it is from; the issuer's key may have signed it yet."""
    nobody = refused(
        "ocsp.responder",
        msg(
            "The response says that it is from {responder}. That is neither {issuer} nor a certificate that"
            " is at hand.",
            responder=basic.responder.text,
            issuer=issuer.title,
        ),
    )
    if _signature(basic, issuer) is SignatureStatus.MADE:
        made = met("ocsp.signature", msg("The key of {signer} made it.", signer=issuer.title))
        return Signer(certificate=issuer, requirements=(nobody, made))
    unknown = not_run("ocsp.signature", msg("Whose key should have made it is not known."))
    return Signer(requirements=(nobody, unknown))


def _named(basic: BasicResponse, signer: Decoded) -> Requirement:
    evidence = (
        msg("It is from {signer}, by name.", signer=signer.title)
        if basic.responder.name is not None
        else msg(
            "It is from {signer}, by the hash of its key, {hash}.",
            signer=signer.title,
            hash=basic.responder.text,
        )
    )
    return met("ocsp.responder", evidence)


def _not_made(basic: BasicResponse, named: Decoded, statuses: Sequence[SignatureStatus]) -> Requirement:
    if SignatureStatus.UNCHECKED in statuses:
        evidence = msg(
            "The signature ({algorithm}) cannot be checked with the key of {signer}.",
            algorithm=_algorithm(basic),
            signer=named.title,
        )
    else:
        evidence = msg(
            "The signature ({algorithm}) was not made with the key of {signer}, or the response was changed.",
            algorithm=_algorithm(basic),
            signer=named.title,
        )
    return refused("ocsp.signature", evidence)


def _judge(
    basic: BasicResponse,
    signer: Decoded,
    certificate: Decoded,
    issuer: Decoded,
    at: datetime,
    delegate_status: DelegateStatus | None,
) -> Signer:
    """Judge one whose key made the signature."""
    is_issuer = signer.public_key == issuer.public_key and signer.subject == issuer.subject
    requirements = [
        _named(basic, signer),
        met(
            "ocsp.signature",
            msg("The issuer's own key made it ({algorithm}).", algorithm=_algorithm(basic))
            if is_issuer
            else msg(
                "The key of {signer} made it ({algorithm}).", signer=signer.title, algorithm=_algorithm(basic)
            ),
        ),
        _digest(basic, None if is_issuer else signer),
        _independence(signer, certificate),
    ]
    if not is_issuer:
        requirements += judge_delegate(signer, issuer, at, delegate_status)
    return Signer(certificate=signer, requirements=tuple(requirements))


def _digest(basic: BasicResponse, delegate: Decoded | None) -> Requirement:
    """A digest of which anybody makes collisions (MD5) carries nothing; SHA-1 is named, and relied on."""
    algorithm = _algorithm(basic)
    all_of_them = [algorithm]
    if delegate is not None:
        all_of_them.append(delegate.facts.signature_algorithm or "?")
    for one in all_of_them:
        if uses_digest(one, BROKEN_DIGESTS):
            return refused(
                "ocsp.digest", msg("{algorithm} proves nothing: its digest is broken.", algorithm=one)
            )
    for one in all_of_them:
        if uses_digest(one, WEAK_DIGESTS):
            return noted(
                "ocsp.digest",
                msg("{algorithm} is too weak today; the answer is relied on nevertheless.", algorithm=one),
            )
    return met("ocsp.digest", msg("Signed with {algorithm}.", algorithm=algorithm))


def _independence(signer: Decoded, certificate: Decoded) -> Requirement:
    """Who stole a key would say with it that it is good."""
    if signer.public_key == certificate.public_key:
        return refused(
            "ocsp.independence",
            msg("{subject} speaks for itself: its own key made the signature.", subject=certificate.title),
        )
    return met("ocsp.independence", msg("It speaks of another key than that which signed it."))


def _algorithm(basic: BasicResponse) -> str:
    try:
        return signature_algorithm(basic.signature_algorithm)
    except ValueError:
        return "?"
