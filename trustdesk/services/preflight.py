"""Our own certificate before anything is sent: what will be refused wherever somebody looks.

The rules are those of linting. Left out are the ones that ask how the key is kept (KEY-02 to KEY-04): who
selects an identity for a test has opened it already, and where it lay is not known here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Preflight
from trustdesk.core.inspection import KeyFacts
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Verification
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.credential import ClientCredential
from trustdesk.services.linting import choose_rule_sets, context_of, lint_all
from trustdesk.services.published_keys import published_keys
from trustdesk.services.trust_lists import certifi_list
from trustdesk.verify.profiles.context import CertificateSubject, KeyEvidence, Role
from trustdesk.verify.revocation_rules import client_findings

_LEFT_OUT = frozenset(
    {"KEY-02", "KEY-03", "KEY-04", "REV-01", "REV-02", "REV-03", "REV-04", "REV-05", "REV-06"}
)
"""How the key is kept, and revocation, which `client_findings` tells from what was found out beforehand."""


def preflight_of(
    credential: ClientCredential | None,
    trust_lists: Sequence[TrustList],
    at: datetime,
    revocation: tuple[RevocationCheck, ...] = (),
) -> Preflight:
    """Check a client certificate as it would be sent, without a connection.

    Args:
        credential: None when none is selected; then nothing is known and nothing is found.
        trust_lists: those selected; a client's CA may be on them.
        revocation: what was found out about its path, its certificate first.
    """
    if credential is None:
        return Preflight()
    details, *others = [read_details(der) for der in credential.certification_path]
    context = context_of(
        details,
        Role.CLIENT,
        at,
        trust_lists,
        chain=others,
        chain_is_sent=True,
        public_list=certifi_list(),
    )
    key_spki = _spki_sha256(credential)
    # Only that it fits is looked at: `encrypted` says nothing here, and no rule that asks for it is kept.
    key = KeyEvidence(facts=KeyFacts(form="PKCS#8", encrypted=True, spki_sha256=key_spki))
    context = replace(context, key=key, compromised_keys=published_keys())
    rules = lint_all(CertificateSubject(details), Role.CLIENT, choose_rule_sets(()), context)
    facts = details.facts
    sent = [facts, *(one.facts for one in others)]
    titles = {one.sha256: one.title for one in sent}
    reachable, complete = _path(sent, context.verification)
    return Preflight(
        certificate=facts,
        issuers=tuple(one.issuer for one in sent if one.issuer),
        reachable_issuers=reachable,
        chain_complete=complete,
        key_matches=None if details.spki_sha256 is None else key_spki == details.spki_sha256,
        revocation=revocation,
        findings=(
            *(finding for finding in rules if finding.rule not in _LEFT_OUT),
            *client_findings(facts, revocation, titles, at),
        ),
    )


def _path(
    sent: Sequence[CertificateFacts], verification: Verification | None
) -> tuple[tuple[str, ...], bool | None]:
    """Return the issuers of the best path to a list, and whether all of it but its anchor is sent.

    Without such a path nothing is known, but where what is sent ends in a root of its own.
    """
    best = next(
        (path for path in verification.paths if path.anchor_list is not None) if verification else iter(()),
        None,
    )
    if verification is None or best is None:
        return (), True if len(sent) > 1 and sent[-1].is_self_issued else None
    known = {facts.sha256: facts for facts in verification.known}
    path = [known[digest] for digest in best.certificates if digest in known]
    digests = {facts.sha256 for facts in sent}
    issuers = tuple(facts.issuer for facts in path if facts.issuer)
    return issuers, all(facts.sha256 in digests for facts in path[:-1])


def _spki_sha256(credential: ClientCredential) -> str:
    public = credential.private_key.public_key()
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
