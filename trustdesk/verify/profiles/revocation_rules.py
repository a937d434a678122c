"""The rules on revocation for a certificate in a file (REV-02 to REV-04, REV-06), from the judge's checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trustdesk.core.finding import Severity
from trustdesk.core.message import msg
from trustdesk.core.revocation import RevocationCheck
from trustdesk.verify.profiles.context import CertificateCase
from trustdesk.verify.profiles.rule import NotRun, Outcome, rule
from trustdesk.verify.revocation.outcomes import (
    NOBODY_ASKED,
    crl_outcome,
    no_staple_possible,
    ocsp_outcome,
    status_outcome,
)


@rule(
    "REV-02",
    msg("OCSP responses about its path can be relied on."),
    "RFC 6960 3.2, 4.2.2; RFC 9654",
    always=Severity.ERROR,
)
def ocsp(case: CertificateCase) -> Outcome:
    """REV-02."""
    checks, titles = _known(case)
    return ocsp_outcome(checks, titles, case.context.at)


@rule(
    "REV-03",
    msg("CRLs about its path can be relied on and are fresh."),
    "RFC 5280 5.1, 6.3; ONE Record certificate policy 7.2",
    always=Severity.ERROR,
)
def crl(case: CertificateCase) -> Outcome:
    """REV-03."""
    checks, titles = _known(case)
    return crl_outcome(checks, titles, case.context.at)


@rule(
    "REV-04",
    msg("No certificate of its path is revoked."),
    "RFC 5280 6.3; RFC 6960 2.2",
    always=Severity.ERROR,
)
def status(case: CertificateCase) -> Outcome:
    """REV-04."""
    checks, titles = _known(case)
    return status_outcome(checks, titles) if checks else NotRun(NOBODY_ASKED)


@rule(
    "REV-06",
    msg("The server staples an OCSP response that says good."),
    "RFC 6066 8; RFC 7633 4.2.2",
    always=Severity.INFO,
)
def staple(case: CertificateCase) -> Outcome:  # noqa: ARG001 - the rules' signature
    """REV-06: only a handshake shows it."""
    return no_staple_possible()


def _known(case: CertificateCase) -> tuple[Sequence[RevocationCheck], Mapping[str, str]]:
    verification = case.context.verification
    if case.path is None or verification is None:
        return (), {}
    return case.path.revocation, {facts.sha256: facts.title for facts in verification.known}


REVOCATION_RULES = (ocsp, crl, status)
SERVER_REVOCATION_RULES = (staple,)
