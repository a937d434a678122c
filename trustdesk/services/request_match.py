"""The CA's reply: which request a certificate answers, what differs from what was asked, and taking it.

Keys decide: a certificate answers the request that has its public key. Names, dates and the issuer are
differences to be shown, and nothing is taken before a person has seen them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import MatchedReply, RequestCase, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CertificateDetails, Inspection, ItemKind
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import TrustList
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import IssuerPool, build_path
from trustdesk.services.linting import context_of
from trustdesk.services.reply_faults import signature_faults
from trustdesk.services.request_differences import request_differences
from trustdesk.services.trust_lists import certifi_list
from trustdesk.services.verification import certificates_of
from trustdesk.verify.profiles.context import Role

MAX_UNMATCHED = 100
"""Certificates that answer nothing and are named one by one; a bundle of thousands is no reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySurroundings:
    """What is here already, for a CA's reply.

    Attributes:
        at: the instant judged for.
        cases: the newest first.
        trust_lists: asked for issuers, in this order.
        known: certificates of the workspace that may stand above the new ones.
        identities: names of identities by the SHA-256 of their public keys.
    """

    at: datetime
    cases: Sequence[RequestCase] = ()
    trust_lists: Sequence[TrustList] = ()
    known: Sequence[CertificateFacts] = ()
    identities: Mapping[str, str] = field(default_factory=dict)


def match_replies(inspection: Inspection, here: ReplySurroundings) -> tuple[MatchedReply, ...]:
    """Return the certificates for end entities in a CA's files, those that answer a request first.

    Raises:
        UnusableInputError: there is none among what could be read.
    """
    found = certificates_of(inspection)
    cases = {spki: one for one in reversed(here.cases) if (spki := one.request.spki_sha256) is not None}
    # Of several requests with one key, the newest that still waits.
    waiting = (one for one in reversed(here.cases) if one.certificate is None)
    cases |= {spki: one for one in waiting if (spki := one.request.spki_sha256) is not None}
    # A root of old has no basicConstraints: whoever issued others is no end entity either.
    issuers = {one.facts.issuer for one in found if not one.facts.is_self_issued}
    pools = [
        IssuerPool(one.facts.der for one in found),
        *(IssuerPool(_certificates_of(one)) for one in here.trust_lists),
        IssuerPool(facts.der for facts in here.known),
    ]
    answers, others = list[MatchedReply](), list[MatchedReply]()
    for one in found:
        case = cases.get(one.spki_sha256 or "")
        if case is not None:
            answers.append(_answer(one, case, found, pools, here))
        elif not one.facts.is_ca and one.facts.subject not in issuers and len(others) < MAX_UNMATCHED:
            others.append(_stranger(one, pools, here))
    if not answers and not others:
        raise _nothing(inspection, authorities=bool(found))
    return (*_one_a_case(answers), *others)


def _one_a_case(answers: Sequence[MatchedReply]) -> Iterator[MatchedReply]:
    """Yield the answers; of several to one case the best can be taken: without harm, then the newest."""
    best: dict[int, MatchedReply] = {}
    for reply in sorted(answers, key=_worth):
        if reply.case is not None:
            best[reply.case.id] = reply
    for reply in answers:
        if reply.case is None or reply.problem is not None or reply is best[reply.case.id]:
            yield reply
            continue
        yield replace(
            reply,
            problem=msg("Another certificate here answers {name} better, or is newer.", name=reply.case.name),
            remedy=msg("To take this one, name a file that holds it without the other."),
            next_step=None,
        )


def _worth(reply: MatchedReply) -> tuple[bool, bool, float]:
    begins = reply.certificate.not_before
    is_harmless = not any(one.is_harmful for one in reply.differences)
    return reply.problem is None, is_harmless, 0.0 if begins is None else begins.timestamp()


def compare(
    case: RequestCase,
    certificate: CertificateDetails,
    others: Sequence[CertificateDetails],
    at: datetime,
) -> MatchedReply:
    """Compare a certificate with a request that is no case of the workspace.

    Another key is a difference here: the two were given as belonging together.
    """
    pools = [IssuerPool(one.facts.der for one in others)]
    return replace(_answer(certificate, case, others, pools, ReplySurroundings(at=at)), next_step=None)


def _answer(
    issued: CertificateDetails,
    case: RequestCase,
    found: Sequence[CertificateDetails],
    pools: Sequence[IssuerPool],
    here: ReplySurroundings,
) -> MatchedReply:
    others = [one for one in found if one.facts.sha256 != issued.facts.sha256]
    is_public = _is_public(issued, case, others, here.at)
    path, completed = _path(issued, pools, here)
    reply = MatchedReply(
        certificate=issued.facts,
        case=case,
        certification_path=path,
        completed=completed,
        differences=(
            *signature_faults(issued, pools),
            *request_differences(case.request, issued, case.purpose, at=here.at, is_public=is_public),
        ),
    )
    problem = _problem(issued, case, here)
    if problem is not None:
        return replace(reply, problem=problem[0], remedy=problem[1])
    return replace(reply, next_step=_next_step(case))


def _is_public(
    issued: CertificateDetails, case: RequestCase, others: Sequence[CertificateDetails], at: datetime
) -> bool | None:
    if case.purpose is not RequestPurpose.SERVER:
        return None
    context = context_of(issued, Role.SERVER, at, (), chain=others, public_list=certifi_list())
    return context.publicly_trusted


def _path(
    issued: CertificateDetails, pools: Sequence[IssuerPool], here: ReplySurroundings
) -> tuple[tuple[CertificateFacts, ...], tuple[tuple[CertificateFacts, Message], ...]]:
    """Return the path, and what of it did not come along with where it was found."""
    built = build_path(issued.facts.der, pools)
    path = (issued.facts, *(read_certificate(der) for der in built.certificates[1:]))
    completed = tuple(
        (facts, _where(pool, here)) for facts, pool in zip(path[1:], built.pools, strict=True) if pool
    )
    return path, completed


def _where(pool: int, here: ReplySurroundings) -> Message:
    if pool <= len(here.trust_lists):
        return msg("in the trust list {list}", list=here.trust_lists[pool - 1].name)
    return msg("among the certificates that this workspace knows")


def _certificates_of(trust_list: TrustList) -> Iterator[bytes]:
    """Yield what may stand in a chain: anchors, and what is on the list and is no anchor."""
    yield from (one.certificate.der for one in trust_list.trust_anchors if not one.distrusted)
    yield from (one.der for one in trust_list.intermediates)
    yield from (one.certificate.der for one in trust_list.left_out if one.certificate.der)


def _problem(
    issued: CertificateDetails, case: RequestCase, here: ReplySurroundings
) -> tuple[Message, Message] | None:
    """Return why a certificate cannot be taken, and what to do."""
    facts = issued.facts
    if facts.is_ca:
        return (
            msg("It is the certificate of a CA: servers and clients must not use it."),
            msg("Ask the CA for a certificate for an end entity."),
        )
    if facts.not_after is None or facts.not_before is None:
        return msg("Its validity cannot be read."), msg("Ask the CA for a new certificate.")
    if facts.not_after < here.at:
        return (
            msg("It expired on {date}.", date=facts.not_after),
            msg("Ask the CA for a certificate that is valid today."),
        )
    is_in_use = case.key is None or case.identity is not None
    if is_in_use and case.certificate is not None and case.certificate.sha256 == facts.sha256:
        return (
            msg("This certificate was taken already, for the request {name}.", name=case.name),
            msg("Nothing has to be done."),
        )
    holder = here.identities.get(issued.spki_sha256 or "")
    if holder is not None:
        return (
            msg("The identity {name} has this key already, with another certificate.", name=holder),
            msg("If this one corrects it, delete that identity first and match the reply again."),
        )
    return None


def _next_step(case: RequestCase) -> Message:
    if case.key is None:
        return msg(
            "Its key is on the server, where the request was made: install the certificate with its chain"
            " there, then note here that it is installed."
        )
    if case.renews is not None:
        return msg(
            "As the identity {name} it can be tested with a handshake; {old} stays in use until one is"
            " accepted.",
            name=case.name,
            old=case.renews,
        )
    return msg("As the identity {name} it can be tested with a handshake.", name=case.name)


def _stranger(one: CertificateDetails, pools: Sequence[IssuerPool], here: ReplySurroundings) -> MatchedReply:
    holder = here.identities.get(one.spki_sha256 or "")
    if holder is not None:
        problem = msg("No request has its key; the identity {name} has.", name=holder)
        remedy = msg("A certificate for a key that is in use already was not asked for here: ask the CA.")
    else:
        problem = msg("No request has its key.")
        remedy = msg(
            "Take in the request that was made on the server first; if the key lies in a file, import the"
            " certificate together with it."
        )
    path, completed = _path(one, pools, here)
    return MatchedReply(
        certificate=one.facts,
        case=None,
        certification_path=path,
        completed=completed,
        problem=problem,
        remedy=remedy,
    )


def _nothing(inspection: Inspection, *, authorities: bool) -> UnusableInputError:
    kinds = {item.kind for item in inspection.items}
    if authorities:
        return UnusableInputError(
            msg("There are certificates of CAs alone in it."),
            remedy=msg("Add the file with the certificate that the CA issued for the request."),
        )
    if ItemKind.CSR in kinds:
        return UnusableInputError(
            msg("It holds a request, and no certificate yet."),
            remedy=msg("Send the request to the CA, and name the file with its answer."),
        )
    problems = (*(problem for item in inspection.items for problem in item.problems), *inspection.problems)
    return UnusableInputError(
        next(iter(problems), msg("There is no certificate in it.")),
        remedy=msg("Name the file that the CA sent, as PEM, DER or PKCS#7."),
    )
