"""The rules on revocation for a server that answers (REV-…), and the faults that follow from it.

What our own certificate's revocation means has ids of its own (CLI-22, CLI-23), for a probe has one finding
of each id. What cannot be relied on says nothing, and by itself refuses nobody: it warns. Revoked is an
error, and so is, under hard fail, what is not known.

A certificate that asks for a staple and comes without one is invalid (RFC 7633 4.2.2): whoever stole its key
would leave the staple out. So it takes trust away, although most software looks over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding, Severity
from trustdesk.core.message import listed, msg
from trustdesk.core.revocation import RevocationCheck, RevocationStatus, staple_answer
from trustdesk.core.trust import ServerFault
from trustdesk.formats.certificate_details import revocation_urls
from trustdesk.verify.case import Case, Rule, Ruling
from trustdesk.verify.profiles.rule import Violated
from trustdesk.verify.revocation.outcomes import (
    crl_outcome,
    ocsp_outcome,
    staple_outcome,
    status_outcome,
)

SOURCE = Rule(
    "REV-01",
    Severity.WARNING,
    msg("The server's certificate names a source of revocation: OCSP or CRL."),
    "ONE Record certificate policy 4.10, 7.3",
)
OCSP = Rule(
    "REV-02",
    Severity.WARNING,
    msg("OCSP responses about the server's path can be relied on."),
    "RFC 6960 3.2, 4.2.2; RFC 9654",
)
CRL = Rule(
    "REV-03",
    Severity.WARNING,
    msg("CRLs about the server's path can be relied on and are fresh."),
    "RFC 5280 5.1, 6.3; ONE Record certificate policy 7.2",
)
STATUS = Rule(
    "REV-04",
    Severity.ERROR,
    msg("No certificate of the server's path is revoked."),
    "RFC 5280 6.3; RFC 6960 2.2",
)
STAPLE = Rule(
    "REV-06",
    Severity.INFO,
    msg("The server staples an OCSP response that says good."),
    "RFC 6066 8; RFC 7633 4.2.2",
)


def source_named(case: Case) -> Ruling:
    """REV-01."""
    if case.server.fields is None:
        return SOURCE.not_run(msg("The server's certificate cannot be read."))
    responders, lists = revocation_urls(case.server.facts.der)
    sources = [*responders, *lists]
    if sources:
        return SOURCE.passed(msg("Named: {sources}.", sources=listed(sources)))
    if case.server.has_no_revocation:
        return SOURCE.not_applicable(msg("Its CA says that there is none (RFC 9608)."))
    return SOURCE.warned(
        msg("It names neither an OCSP responder nor a CRL."),
        msg("The partner may ask its CA for a certificate that names one."),
    )


def ocsp(case: Case) -> Ruling:
    """REV-02."""
    return OCSP.ruled(ocsp_outcome(case.revocation, case.titles, case.verification.at))


def crl(case: Case) -> Ruling:
    """REV-03."""
    return CRL.ruled(crl_outcome(case.revocation, case.titles, case.verification.at))


def status(case: Case) -> Ruling:
    """REV-04: revoked takes trust away; so does what is not known, where nothing goes on without it."""
    outcome = status_outcome(case.revocation, case.titles)
    if any(check.status is RevocationStatus.REVOKED for check in case.revocation):
        return STATUS.ruled(outcome, ServerFault.REVOKED)
    failures = case.view.failures("revocation.")
    if failures:
        refused = Violated(
            failures[0].evidence,
            msg("Ask where the CA publishes revocation, or judge with soft fail."),
        )
        return STATUS.ruled(refused, ServerFault.REVOCATION_UNKNOWN)
    return STATUS.ruled(outcome)


def staple(case: Case) -> Ruling:
    """REV-06."""
    must_staple = case.server.must_staple
    answer = staple_answer(case.revocation)
    outcome = staple_outcome(answer, stapled=case.staple is not None, must_staple=must_staple)
    is_kept = answer is not None and answer.status in {RevocationStatus.GOOD, RevocationStatus.REVOKED}
    if must_staple and not is_kept and case.path is not None:
        return STAPLE.ruled(outcome, ServerFault.NOT_STAPLED)
    return STAPLE.ruled(outcome)


REVOCATION_RULES = (source_named, ocsp, crl, status, staple)

CLIENT_CRL = Rule(
    "CLI-23",
    Severity.WARNING,
    msg("CRLs about our own path can be relied on and are fresh."),
    "RFC 5280 5.1, 6.3; ONE Record certificate policy 7.2",
)
CLIENT_STATUS = Rule(
    "CLI-22",
    Severity.ERROR,
    msg("No certificate of our own path is revoked."),
    "RFC 5280 6.3; RFC 6960 2.2",
)
CLIENT_OCSP_NAMED = Rule(
    "REV-05",
    Severity.WARNING,
    msg("Our certificate names an OCSP responder."),
    "ONE Record certificate policy 7.3; ONE Record sample code of 2020",
)


def client_findings(
    client: CertificateFacts | None,
    checks: Sequence[RevocationCheck],
    titles: Mapping[str, str],
    at: datetime,
) -> tuple[Finding, ...]:
    """Return what revocation means for our own certificate, before a partner says so.

    Args:
        client: our certificate; None when none was selected, or it is not known: then there are none.
        checks: of our path, our certificate first; empty when nothing was given and nobody was asked.
    """
    if client is None:
        return ()
    rulings = [_client_ocsp_named(client)]
    if checks:
        rulings = [
            CLIENT_STATUS.ruled(status_outcome(checks, titles)),
            CLIENT_CRL.ruled(crl_outcome(checks, titles, at)),
            *rulings,
        ]
    return tuple(ruling.finding for ruling in rulings)


def _client_ocsp_named(client: CertificateFacts) -> Ruling:
    urls, _ = revocation_urls(client.der)
    if urls:
        return CLIENT_OCSP_NAMED.passed(msg("Named: {sources}.", sources=listed(urls)))
    return CLIENT_OCSP_NAMED.warned(
        msg("It names no OCSP responder; servers built on the sample code of 2020 answer 401 then."),
        msg("Ask the partner whether its server reads CRLs, or the CA for a certificate with OCSP."),
    )
