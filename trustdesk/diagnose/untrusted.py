"""In words: why the server's certificate is not trusted."""

from __future__ import annotations

from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation, Responsible
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.trust import ServerFault
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.facts import fault_fact
from trustdesk.diagnose.probe_view import ProbeView
from trustdesk.diagnose.rule_file import RuleBook


def explain_untrusted(view: ProbeView, cause: Cause, rules: RuleBook) -> Explanation | None:
    """Say a cause with the fault of the judgement behind it, and what else failed as evidence.

    None where no fault of the judgement is behind it.
    """
    judgement = view.record.judgement
    faults = judgement.faults if judgement is not None else ()
    behind = {fact for rule in rules.rules if rule.cause is cause for fact in rule.when}
    fault = next((one for one in faults or (ServerFault.REFUSED,) if fault_fact(one) in behind), None)
    if fault is None or cause in _NOT_OF_THE_CERTIFICATE:
        return None
    headline, action = _words(view, fault)
    return view.explanation(
        cause,
        headline,
        action,
        *view.failed_evidence(),
        view.about_client_certificate(),
        msg("The verifier says: {opinion}", opinion=judgement.opinion)
        if judgement is not None and judgement.opinion
        else None,
        responsible=_RESPONSIBLE.get(fault),
    )


_RESPONSIBLE = {
    ServerFault.DISTRUSTED: Responsible.US,
    ServerFault.NOT_THROUGH_CHOSEN_CA: Responsible.US,
    ServerFault.PIN_MISMATCH: Responsible.US,
    ServerFault.REFUSED: Responsible.UNCLEAR,
}
"""Who has to act where it is not whom the cause names: what we decided is not the partner's fault."""

_NOT_OF_THE_CERTIFICATE = frozenset({Cause.TLS_INTERCEPTION, Cause.LOCAL_CLOCK_WRONG, Cause.SNI_REQUIRED})
"""Causes that a fault of the certificate only points to; they are said in their own words."""


def _revoked(view: ProbeView) -> Message:
    judgement, chain = view.record.judgement, view.record.presented_chain
    checks = judgement.revocation if judgement is not None else ()
    check = next((one for one in checks if one.status is RevocationStatus.REVOKED), None)
    if check is None or not chain or check.certificate == chain[0].sha256:
        return msg("The server's certificate is revoked.")
    title = next((one.title for one in chain if one.sha256 == check.certificate), check.certificate[:16])
    return msg("The CA certificate {certificate} above the server's is revoked.", certificate=title)


_RENEW = msg("The partner has to install a new certificate.")
_ASK_CA = msg("The partner has to take this up with its CA, which issued against its own rules.")


def _words(view: ProbeView, fault: ServerFault) -> tuple[Message, Message]:
    record = view.record
    facts = record.presented_chain[0] if record.presented_chain else None
    issuer = (facts.issuer if facts else None) or "?"
    at = record.started_at
    trust_list = record.judgement.trust_list if record.judgement else ""
    match fault:
        case ServerFault.UNREADABLE:
            return (
                msg("The server's certificate cannot be read: it breaks its own syntax."),
                _RENEW,
            )
        case ServerFault.KEY_PUBLISHED:
            return (
                msg("A private key of the server's chain has been published: anybody can be this server."),
                msg("The partner has to make a new key, and have the old certificate revoked."),
            )
        case ServerFault.SELF_SIGNED:
            return (
                msg("The server's certificate is self-signed: no CA vouches for it."),
                msg("The partner needs a certificate from a CA that both sides trust."),
            )
        case ServerFault.EXPIRED:
            return (
                msg(
                    "The server's certificate expired on {not_after}.",
                    not_after=(facts.not_after if facts else None) or at,
                ),
                msg("The partner has to install a renewed certificate."),
            )
        case ServerFault.NOT_YET_VALID:
            return (
                msg(
                    "The server's certificate is not valid before {not_before}.",
                    not_before=(facts.not_before if facts else None) or at,
                ),
                msg("Check the clock of this machine; if it is right, the partner has to wait or renew."),
            )
        case ServerFault.INTERMEDIATE_EXPIRED:
            return (
                msg("A CA certificate above the server's is outside its validity."),
                msg("The partner has to install the renewed certificate of its CA."),
            )
        case ServerFault.MISSING_INTERMEDIATE:
            return (
                msg("Most likely the server does not send its intermediate certificate."),
                msg(
                    "The partner has to configure the full chain. If its CA has no intermediate, it is "
                    "{issuer} that is missing on the list.",
                    issuer=issuer,
                ),
            )
        case ServerFault.CA_NOT_IN_LIST:
            return (
                msg(
                    "The server's certificate comes from a CA that is not on the list {list}.",
                    list=trust_list,
                ),
                msg(
                    "Select the list that this CA belongs to, or ask the partner for a certificate from a "
                    "listed CA. Do not trust it because it is there."
                ),
            )
        case ServerFault.DISTRUSTED:
            return (
                msg("The server's chain passes through a certificate or key that is distrusted here."),
                msg(
                    "Ask the partner for a certificate from a CA that is trusted here, or take the decision "
                    "back if it is outdated."
                ),
            )
        case ServerFault.NOT_THROUGH_CHOSEN_CA:
            return (
                msg(
                    "The server's certificate does not come from the CA that our policy for this partner "
                    "asks for."
                ),
                msg(
                    "Ask the partner whether it changed its CA; if that is agreed, change the policy of this "
                    "partner."
                ),
            )
        case ServerFault.PIN_MISMATCH:
            return (
                msg("No key of the server's chain is one that our policy for this partner pins."),
                msg("Ask the partner over another channel whether its key is new; if so, pin the new one."),
            )
        case ServerFault.REVOKED:
            return (
                _revoked(view),
                msg("The partner has to install a new certificate, and to ask its CA why this was revoked."),
            )
        case ServerFault.NOT_STAPLED:
            return (
                msg("The server's certificate asks for a stapled OCSP response that holds, and none came."),
                msg("The partner has to turn on OCSP stapling, or take a certificate without must-staple."),
            )
        case ServerFault.REVOCATION_UNKNOWN:
            return (
                msg("Nothing reliable is known of a revocation in the server's chain (hard fail)."),
                msg("Ask the partner's CA where it publishes revocation, or judge with soft fail."),
            )
        case ServerFault.COMMON_NAME_ONLY:
            return (
                msg(
                    "The server's certificate names {name} as common name only.",
                    name=record.target.verify_name,
                ),
                msg("The partner needs a certificate with the name as subject alternative name (SAN)."),
            )
        case ServerFault.NAME_MISMATCH:
            return (
                msg("The server's certificate is not for {name}.", name=record.target.verify_name),
                msg("Check the name to verify; if it is right, the partner needs a certificate for it."),
            )
        case ServerFault.PURPOSE:
            return (
                msg("The server's certificate is not made for servers (serverAuth is missing)."),
                msg("The partner needs a certificate for servers from its CA."),
            )
        case ServerFault.WEAK_SIGNATURE:
            return (
                msg("A signature in the server's chain uses a broken digest."),
                _RENEW,
            )
        case ServerFault.WEAK_KEY:
            return msg("A key in the server's chain is too weak."), _RENEW
        case ServerFault.NAME_CONSTRAINTS:
            return (
                msg("The server's CA may not issue for this name."),
                _ASK_CA,
            )
        case ServerFault.PATH_LENGTH:
            return (
                msg("A CA above the server's certificate allows fewer CAs below it than there are."),
                _ASK_CA,
            )
        case ServerFault.ISSUER_NOT_CA:
            return (
                msg("The server's certificate was issued by something that is no CA."),
                _ASK_CA,
            )
        case ServerFault.ISSUER_PURPOSE:
            return (
                msg("The server's CA may not issue certificates for servers."),
                _ASK_CA,
            )
        case ServerFault.CRITICAL_EXTENSION:
            return (
                msg("The server's chain has a critical extension that is not understood here."),
                _ASK_CA,
            )
        case ServerFault.CA_AS_SERVER:
            return (
                msg("The server shows the certificate of a CA, not one of its own."),
                msg("The partner has to issue a certificate to the server."),
            )
        case ServerFault.REFUSED:
            return (
                msg("The server's certificate was refused, and no rule here says why in plain words."),
                msg("See what the verifier says; the partner and its CA may know it."),
            )
