"""What is wrong with a request, before a private CA signs it: the rules on requests, and the CA's own (PCA-).

For the CA's own limits nothing is compared here a second time: the certificate is made as it would be, with a
throw-away key in place of the CA's, and the judge says what is wrong with it but for that signature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.private_ca import PrivateAuthority, RevocationReason
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.authority_making import BACKDATED
from trustdesk.services.issuing_profile import (
    ClientProfile,
    Profile,
    ServerProfile,
    certify,
    key_of_request,
    profile_of,
)
from trustdesk.services.request_cases import MAX_REQUEST_BYTES
from trustdesk.verify.lint import lint
from trustdesk.verify.name_subtrees import Subtrees, subtree
from trustdesk.verify.one_record_id import read_one_record_id
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.profiles.context import CsrSubject, KeyUse, LintContext, PartnerRecord, Role
from trustdesk.verify.profiles.policy import OrganisationPolicy
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName

_REQUEST_RULES = frozenset({"CSR-1", "CSR-2", "CSR-3", "CSR-4", "CSR-5", "CSR-6", "CSR-7", "CSR-8", "KEY-05"})
"""Left out: what needs a private key or an issued certificate, and CAA, which speaks of public CAs alone."""

_RULE_SETS = (
    RuleSet(RuleSetName.ONE_RECORD_2020),
    # A CA of one's own issues by the profile: what the profile calls an error is one.
    RuleSet(RuleSetName.ORGANISATION, OrganisationPolicy(enforce_1r_2020=True)),
)
_SIGNATURE = "chain.signature"
_ASK_AGAIN = msg("Ask for a request that the profile and the limits of the CA allow.")


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuingContext:
    """What is known around a request.

    Attributes:
        others: all private CAs of the workspace: keys are looked for in what they issued.
        partner: whom it is for; None for nobody in particular.
        partner_hosts: of the partner's endpoints, lower case; None without a partner.
        shared_hosts: those of them that other partners have too, with the name of one of these.
        key_uses: other requests and certificates of the workspace.
        compromised_keys: where private keys were published, by the SHA-256 of SubjectPublicKeyInfo.
    """

    at: datetime
    authority: PrivateAuthority
    others: tuple[PrivateAuthority, ...]
    partner: str | None
    partner_hosts: tuple[str, ...] | None
    compromised_keys: Mapping[str, str]
    shared_hosts: Mapping[str, str] = field(default_factory=dict)
    key_uses: tuple[KeyUse, ...] = ()


def preflight(csr: CsrFacts, purpose: Purpose, context: IssuingContext) -> tuple[Finding, ...]:
    """Apply all rules, those on requests first. Every rule reports; what could not be run says so."""
    uses = _key_uses(context)
    lint_context = LintContext(
        at=context.at,
        partner=_record(context),
        # What a private CA issued is a certificate of the workspace too: each once.
        other_keys=tuple(
            {use.sha256: use for use in (*context.key_uses, *(one for one, _ in uses))}.values()
        ),
        compromised_keys=context.compromised_keys,
        csr_purpose=purpose,
    )
    findings = lint(CsrSubject(csr), Role.CSR, _RULE_SETS, lint_context)
    profile = profile_of(csr, purpose)
    return (
        *(_proved(one) for one in findings if one.rule in _REQUEST_RULES),
        _within_limits(csr, profile, purpose, context),
        _belongs_to_partner(profile, context),
        _is_end_entity(csr),
        _key_is_good(csr, uses, (context.authority, *context.others)),
    )


def own_list(authority: PrivateAuthority) -> TrustList:
    """Return the CA's root as a trust list of its own."""
    return TrustList(
        name=authority.name,
        title=msg("Private CA {name}", name=authority.name),
        origin=TrustListOrigin.FILE,
        anchors=(authority.root,),
    )


def _proved(finding: Finding) -> Finding:
    """Take a proof of possession that could not be checked for none: nothing is signed without it."""
    if finding.rule != "CSR-1" or finding.status is not FindingStatus.NOT_RUN:
        return finding
    return replace(finding, status=FindingStatus.FAIL, remedy=_ASK_AGAIN)


def _within_limits(
    csr: CsrFacts, profile: Profile | Message, purpose: Purpose, context: IssuingContext
) -> Finding:
    problem = profile if isinstance(profile, Message) else _rehearsed(csr, profile, purpose, context)
    return _finding(
        "PCA-1",
        msg("The certificate would be valid below this CA: its names, dates and purpose."),
        "RFC 5280 4.2.1.9, 4.2.1.10, 6.1",
        Severity.BLOCKER,
        problem,
        msg("It lies within the limits of the CA and was judged valid with a throw-away signature."),
    )


def _rehearsed(csr: CsrFacts, profile: Profile, purpose: Purpose, context: IssuingContext) -> Message | None:
    """Return what the judge has against the certificate but for its signature; None for nothing."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    from trustdesk.formats.issuing import Addresses, Issuer, Validity

    authority = context.authority
    issuer = Issuer(
        certificate=x509.load_der_x509_certificate(authority.issuing.der),
        key=ec.generate_private_key(ec.SECP256R1()),
        addresses=Addresses(crl=authority.crl_url),
    )
    at = context.at.replace(microsecond=0)
    try:
        made = certify(profile, issuer, key_of_request(csr), Validity(at - BACKDATED, at + BACKDATED))
    except UnusableInputError as error:
        return error.problem
    except ValueError:
        return msg("What it names cannot be written into a certificate.")
    verification = PathVerifier([own_list(authority)]).verify(
        made.public_bytes(Encoding.DER), [authority.issuing], purpose=purpose, at=at
    )
    best = verification.paths[0]
    against = [check for check in best.failures if check.rule != _SIGNATURE]
    if against:
        return against[0].evidence
    if best.anchor_list is None:
        return msg("No path leads from this CA's certificates to its root.")
    return _outside_for_openssl(profile, authority)


def _outside_for_openssl(profile: Profile, authority: PrivateAuthority) -> Message | None:
    """OpenSSL takes a CN with a dot for a host name where no host stands in the SAN, and limits it too."""
    if not isinstance(profile, ClientProfile) or "." not in profile.company_id:
        return None
    permitted = [
        subtree(name)
        for name in read_details(authority.issuing.der).permitted_names
        if name.startswith("DNS:")
    ]
    if not permitted or Subtrees(permitted).holding(subtree(f"DNS:{profile.company_id}")) is not None:
        return None
    return msg(
        "The company id {company_id} reads like a host outside of the CA's limits, and OpenSSL would refuse"
        " it.",
        company_id=profile.company_id,
    )


def _belongs_to_partner(profile: Profile | Message, context: IssuingContext) -> Finding:
    title = msg("Its names belong to hosts of the partner.")
    source = "ONE Record API & Security 2020 p. 67 5c; ONE Record certificate policy 3.2"
    if isinstance(profile, Message):
        evidence = msg("It names nothing that could be compared.")
    elif context.partner is None:
        evidence = msg("No partner was named, so that nobody compared its names with the directory.")
    else:
        hosts, known = _hosts(profile), context.partner_hosts or ()
        strange = [host for host in hosts if host not in known]
        shared = [host for host in hosts if host in context.shared_hosts]
        if strange or not shared or isinstance(profile, ServerProfile):
            held = msg("{hosts} is a host of {partner}.", hosts=listed(hosts), partner=context.partner)
            problem = _strange(strange, context.partner, known) if strange else None
            return _finding("PCA-2", title, source, Severity.ERROR, problem, held)
        evidence = msg(
            "{host} is a host of {partner} and of {other}: whose company id {company_id} is, the directory"
            " does not say. Compare it yourself.",
            host=shared[0],
            partner=context.partner,
            other=context.shared_hosts[shared[0]],
            company_id=profile.company_id,
        )
    return Finding(
        rule="PCA-2",
        status=FindingStatus.NOT_RUN,
        severity=Severity.ERROR,
        title=title,
        evidence=evidence,
        source=source,
    )


def _strange(hosts: list[str], partner: str, known: tuple[str, ...]) -> Message:
    if not known:
        return msg("The directory has no endpoint of {partner} to compare with.", partner=partner)
    return msg(
        "{strange} is no host of {partner}, which has {known}.",
        strange=listed(hosts),
        partner=partner,
        known=listed(known),
    )


def _hosts(profile: Profile) -> list[str]:
    if isinstance(profile, ClientProfile):
        found = [read_one_record_id(identifier).host for identifier in profile.one_record_ids]
        return list(dict.fromkeys(host for host in found if host is not None))
    return list(profile.dns_names)


def _is_end_entity(csr: CsrFacts) -> Finding:
    problem = csr.problems[0] if csr.problems else None
    if len(csr.der) > MAX_REQUEST_BYTES:
        problem = msg("The request is longer than {limit} bytes.", limit=MAX_REQUEST_BYTES)
    elif csr.is_ca:
        problem = msg("It asks for the certificate of a CA.")
    return _finding(
        "PCA-3",
        msg("The request is whole, and asks for the certificate of an end entity."),
        "RFC 2986; RFC 5280 4.2.1.9",
        Severity.ERROR,
        problem,
        msg("It could be read whole, and asks to be no CA."),
    )


def _key_is_good(
    csr: CsrFacts, uses: Sequence[tuple[KeyUse, bool]], authorities: Sequence[PrivateAuthority]
) -> Finding:
    names = {key.spki_sha256: one.name for one in authorities for key in (one.root_key, one.issuing_key)}
    digests = CsrSubject(csr).key_digests
    own = next((names[one] for one in digests if one in names), None)
    given_up = [use.title for use, is_compromised in uses if is_compromised and use.spki_sha256 in digests]
    problem: Message | None = None
    if not digests:
        problem = msg("The public key cannot be read.")
    elif own is not None:
        problem = msg("The key is that of the private CA {name}.", name=own)
    elif given_up:
        problem = msg(
            "The certificate {title} was revoked here because this key was compromised.", title=given_up[0]
        )
    return _finding(
        "PCA-4",
        msg("The key is no CA's, and was not given up as compromised."),
        "ONE Record certificate policy 4.9.1",
        Severity.BLOCKER,
        problem,
        msg("No certificate with this key was revoked here as compromised."),
    )


def _finding(
    rule: str, title: Message, source: str, severity: Severity, problem: Message | None, held: Message
) -> Finding:
    return Finding(
        rule=rule,
        status=FindingStatus.PASS if problem is None else FindingStatus.FAIL,
        severity=severity,
        title=title,
        evidence=held if problem is None else problem,
        remedy=None if problem is None else _ASK_AGAIN,
        source=source,
    )


def _record(context: IssuingContext) -> PartnerRecord | None:
    if context.partner is None or context.partner_hosts is None:
        return None
    return PartnerRecord(name=context.partner, hosts=context.partner_hosts)


def _key_uses(context: IssuingContext) -> list[tuple[KeyUse, bool]]:
    """Return the keys of all certificates of the private CAs, and whether each was given up."""
    uses: list[tuple[KeyUse, bool]] = []
    for authority in context.others:
        for facts in (authority.root, authority.issuing):
            uses += _use(facts, is_compromised=False)
        for one in authority.issued:
            uses += _use(one.certificate, is_compromised=one.reason is RevocationReason.KEY_COMPROMISE)
    return uses


def _use(facts: CertificateFacts, *, is_compromised: bool) -> list[tuple[KeyUse, bool]]:
    digest = read_details(facts.der).spki_sha256
    if digest is None:
        return []
    return [(KeyUse(title=facts.title, sha256=facts.sha256, spki_sha256=digest), is_compromised)]
