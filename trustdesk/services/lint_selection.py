"""What of a file is linted, as what, and with which key beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import InspectedItem, Inspection
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.services.lint_evidence import with_evidence
from trustdesk.services.linting import context_of
from trustdesk.services.trust_lists import certifi_list
from trustdesk.services.verification import end_entity_of
from trustdesk.verify.profiles.context import CertificateSubject, CsrSubject, LintContext, Role
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class LintSelection:
    """One certificate or request, ready to be linted."""

    item: InspectedItem
    subject: CertificateSubject | CsrSubject
    role: Role
    context: LintContext


def select_for_lint(
    inspection: Inspection,
    place: str,
    role: Role | None,
    trust_lists: Sequence[TrustList],
    at: datetime,
    *,
    revocation: RevocationEvidence = NO_EVIDENCE,
) -> LintSelection:
    """Choose what of a file is linted, and gather what the file and the lists know around it.

    Args:
        place: the file, for errors.
        role: None for what it says of itself: a request, a CA, a client where that is all it may be, else
            a server.
        revocation: the sources that may be asked whether a certificate was revoked.

    Raises:
        UnusableInputError: the file holds nothing that has this role.
    """
    request = next((item for item in inspection.items if item.csr is not None), None)
    has_certificate = any(item.certificate is not None for item in inspection.items)
    if role is Role.CSR or (role is None and not has_certificate and request is not None):
        return _request(inspection, request, place, at)
    chosen = end_entity_of(inspection, place)
    role = role or _own_role(chosen.certificate.facts)
    context = context_of(
        chosen.certificate,
        role,
        at,
        trust_lists,
        chain=chosen.others,
        public_list=certifi_list(),
        revocation=revocation,
    )
    subject = CertificateSubject(chosen.certificate)
    return LintSelection(
        item=chosen.item,
        subject=subject,
        role=role,
        context=with_evidence(
            context, subject, inspection.items, source=chosen.item.source, place=msg("the file")
        ),
    )


def _request(inspection: Inspection, item: InspectedItem | None, place: str, at: datetime) -> LintSelection:
    if item is None or item.csr is None:
        raise UnusableInputError(
            msg("There is no certificate request in it."),
            remedy=msg("Name the file with the request (CSR), or another --role."),
            place=place,
        )
    subject = CsrSubject(item.csr)
    context = with_evidence(
        LintContext(at=at), subject, inspection.items, source=item.source, place=msg("the file")
    )
    return LintSelection(item=item, subject=subject, role=Role.CSR, context=context)


def _own_role(facts: CertificateFacts) -> Role:
    if facts.is_ca:
        return Role.CA
    usages = facts.extended_key_usage or ()
    return Role.CLIENT if "clientAuth" in usages and "serverAuth" not in usages else Role.SERVER
