"""Facts about our own certificate, alone and against what the server asks for; and about clocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import CLOCK_TOLERANCE_S, Outcome
from trustdesk.core.revocation import RevocationCheck, RevocationStatus
from trustdesk.core.trust import ServerFault
from trustdesk.diagnose.acceptable_cas import fits_schemes
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.facts import Fact, Shown
from trustdesk.diagnose.observations import Observations
from trustdesk.diagnose.own_certificate import own_crl_trouble, own_faults

_FACT_OF: Mapping[Cause, Fact] = {
    Cause.CLIENT_CERT_EXPIRED: Fact.OWN_EXPIRED,
    Cause.CLIENT_CERT_NOT_YET_VALID: Fact.OWN_NOT_YET_VALID,
    Cause.CLIENT_CERT_REVOKED: Fact.OWN_REVOKED,
    Cause.CLIENT_EKU_MISSING_CLIENT_AUTH: Fact.OWN_NO_CLIENT_AUTH,
    Cause.CLIENT_KU_MISSING_DIGITAL_SIGNATURE: Fact.OWN_NO_DIGITAL_SIGNATURE,
    Cause.CLIENT_KEY_TOO_WEAK: Fact.OWN_WEAK,
    Cause.CLIENT_SELF_SIGNED: Fact.OWN_SELF_SIGNED,
}


def own_facts(observations: Observations) -> Iterator[Shown]:
    """Yield what is known of our certificate; nothing when none is selected."""
    preflight, record = observations.preflight, observations.first.record
    certificate = preflight.certificate
    if preflight.key_matches is False:
        yield Shown(Fact.OWN_KEY_MISMATCH, msg("Our private key is not the one of our certificate."))
    faults = own_faults(certificate, record.started_at, observations.revocation)
    for cause, sentence in faults.items():
        yield Shown(_FACT_OF[cause], sentence)
    if certificate is not None and not faults:
        yield Shown(Fact.OWN_CLEAN, _clean(certificate))
    yield from _revocation(observations.revocation)
    yield from _chain(observations)
    yield from _against_the_request(observations)


def _clean(certificate: CertificateFacts) -> Message:
    if certificate.not_before is None or certificate.not_after is None:
        return msg("Nothing is wrong with our certificate by itself.")
    return msg(
        "Nothing is wrong with our certificate by itself; it is valid from {not_before} to {not_after}.",
        not_before=certificate.not_before,
        not_after=certificate.not_after,
    )


def _revocation(checks: Sequence[RevocationCheck]) -> Iterator[Shown]:
    if checks and all(check.status is RevocationStatus.GOOD for check in checks):
        yield Shown(Fact.OWN_NOT_REVOKED, msg("Our certificate is not revoked, as its CA says."))
    trouble = own_crl_trouble(checks)
    if trouble is not None:
        yield Shown(Fact.OWN_CRL_OF_NO_USE, trouble)


def _chain(observations: Observations) -> Iterator[Shown]:
    preflight = observations.preflight
    if preflight.chain_complete is True:
        yield Shown(Fact.OWN_CHAIN_COMPLETE, msg("What we send leads up to a root."))
    elif preflight.chain_complete is False:
        yield Shown(Fact.OWN_CHAIN_INCOMPLETE, msg("What we send does not lead up to a root."))
    elif len(preflight.issuers) == 1:
        yield Shown(Fact.OWN_CHAIN_ALONE, msg("Our certificate was sent alone."))


def _against_the_request(observations: Observations) -> Iterator[Shown]:
    preflight, first = observations.preflight, observations.first
    request = first.record.client_auth.request
    if request is None:
        return
    named, issuers = request.acceptable_cas, preflight.issuers
    if not named:
        yield Shown(Fact.CAS_NOT_NAMED, msg("The server names no acceptable CAs."), first.id)
    elif issuers:
        matching = next((issuer for issuer in issuers if issuer in named), None)
        above = next((issuer for issuer in preflight.reachable_issuers if issuer in named), None)
        if matching is not None:
            yield Shown(
                Fact.ISSUER_NAMED, msg("{issuer} is among the CAs that it names.", issuer=matching), first.id
            )
        else:
            not_named = msg(
                "{issuer} is not among the CAs that it names ({count}).",
                issuer=issuers[-1],
                count=len(named),
            )
            yield Shown(Fact.ISSUER_NOT_NAMED, not_named, first.id)
            if above is not None:
                yield Shown(
                    Fact.NAMED_CA_ABOVE_WHAT_WE_SENT,
                    msg("It names {issuer}, which stands above what we sent.", issuer=above),
                    first.id,
                )
    certificate = preflight.certificate
    negotiated = first.record.negotiated
    version = negotiated.version if negotiated is not None else None
    if certificate is not None and fits_schemes(certificate, request.signature_schemes, version) is False:
        yield Shown(
            Fact.KEY_NOT_AMONG_SCHEMES,
            msg(
                "Our key is of the kind {kind}; the server takes {schemes}.",
                kind=certificate.key_algorithm or "?",
                schemes=", ".join(request.signature_schemes),
            ),
            first.id,
        )


def clock_facts(observations: Observations) -> Iterator[Shown]:
    """Yield what a difference of the clocks explains: dates that fail by one clock and hold by the other."""
    told = next(
        (probe for probe in observations.probes if probe.record.clock_offset_s is not None),
        None,
    )
    offset = told.record.clock_offset_s if told is not None else None
    if told is None or offset is None or not CLOCK_TOLERANCE_S < abs(offset) < _LONGEST_OFFSET_S:
        return
    here = observations.first.record.started_at
    there = here + timedelta(seconds=offset)
    sentence = msg(
        "The server's clock differs from ours by {seconds} s, and the dates hold by one of the two alone.",
        seconds=round(offset),
    )
    record = observations.first.record
    faults = record.judgement.faults if record.judgement is not None else ()
    dates = {ServerFault.EXPIRED, ServerFault.NOT_YET_VALID}
    if record.outcome is Outcome.UNTRUSTED_PEER and faults[:1] and faults[0] in dates:
        server = record.presented_chain[0] if record.presented_chain else None
        if server is not None and _holds(server, there):
            yield Shown(Fact.CLOCK_EXPLAINS_SERVER_DATES, sentence, told.id)
    ours = observations.preflight.certificate
    if ours is not None and _holds(ours, here) and not _holds(ours, there):
        yield Shown(Fact.CLOCK_EXPLAINS_OWN_DATES, sentence, told.id)


_LONGEST_OFFSET_S = 100 * 365 * 86400.0
"""A Date further off is no clock."""


def _holds(certificate: CertificateFacts, at: datetime) -> bool:
    if certificate.not_before is None or certificate.not_after is None:
        return False
    return certificate.not_before <= at <= certificate.not_after
