"""RFC 5280 findings of pkilint, a linter of others, mapped to ours.

`report` runs pkilint and takes part of a second to load it: worker processes call it (`services.linting`),
never the window and never a sweep. What crosses the process boundary is `PkilintRemark`s.

Decisions:
- 2026-11: its fatal and error are errors, a notice weighs nothing, and its information, which says of itself
  that it points to no problem, is left out.
- 2026-11: it gives up on what is not DER. Our own strict reading (`verify.lint_der`) comes first and says
  where, so that there is one finding with an offset instead of a refusal.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.inspection import CertificateDetails
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import MAX_SHOWN, bounded
from trustdesk.formats.certificate_details import read_details
from trustdesk.verify.lint_der import NotDer, first_not_der

RULE = "pkilint"
"""Rule id of findings about pkilint's run; what it remarks is `pkilint:<its code>`."""

_TITLE = msg("The certificate conforms to RFC 5280, as pkilint reads it.")
_SOURCES = {
    "pkix": "RFC 5280",
    "itu": "ITU-T X.509, X.520",
    "iso": "ISO 3166",
    "cabf": "CA/Browser Forum TLS Baseline Requirements",
    "base": "ITU-T X.690",
}
_OFFSET = re.compile(r"offset (\d+)")
_MAX_REMARKS = 200
_KEPT = frozenset({"FATAL", "ERROR", "WARNING", "NOTICE"})


@dataclass(frozen=True, slots=True)
class PkilintRemark:
    """One remark, as pkilint makes it.

    Attributes:
        severity: FATAL, ERROR, WARNING or NOTICE.
        code: such as "pkix.serial_number_zero".
        path: of the node, such as "certificate.tbsCertificate.extensions.3.extnValue.keyUsage".
        detail: pkilint's own words with the values; "" where the code says all.
    """

    severity: str
    code: str
    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class PkilintRefusal:
    """pkilint could not decode the certificate.

    Attributes:
        offset: where, in octets from the start; None when it does not say.
    """

    detail: str
    offset: int | None


class _Severity(Protocol):
    name: str


class _Kind(Protocol):
    severity: _Severity
    code: str


class _Description(Protocol):
    finding: _Kind
    message: str | None


class _Node(Protocol):
    path: str


class _Result(Protocol):
    node: _Node
    finding_descriptions: list[_Description]


class _Validator(Protocol):
    """What is used of pkilint, which brings no types."""

    def validate(self, node: object) -> Iterable[_Result]: ...


PkilintReport = tuple[PkilintRemark, ...] | PkilintRefusal


def report(der: bytes) -> PkilintReport:
    """Run pkilint's RFC 5280 profile on a certificate. Slow to load: for worker processes."""
    from pkilint.loader import RFC5280CertificateDocumentLoader  # type: ignore[import-untyped]

    logging.getLogger("pkilint").setLevel(logging.CRITICAL + 1)
    try:
        document = RFC5280CertificateDocumentLoader().load_der_document(der)
    except ValueError as error:
        detail = bounded(str(error), 400)
        offset = _OFFSET.search(detail)
        return PkilintRefusal(detail, int(offset[1]) if offset else None)
    remarks = [
        PkilintRemark(
            description.finding.severity.name,
            bounded(description.finding.code, 100),
            bounded(str(result.node.path), 200),
            bounded(description.message or "", 400),
        )
        for result in _validator().validate(document.root)
        for description in result.finding_descriptions
    ]
    return tuple(remark for remark in remarks if remark.severity in _KEPT)[:_MAX_REMARKS]


def findings_of(outcome: PkilintReport, der: bytes) -> tuple[Finding, ...]:
    """Return the report on a certificate as findings: one for each remark, or one that there was none."""
    if isinstance(outcome, PkilintRefusal):
        if outcome.offset is None:
            evidence = msg("pkilint cannot decode it: {detail}", detail=outcome.detail)
        else:
            evidence = msg("Not DER at byte {offset}: {detail}", offset=outcome.offset, detail=outcome.detail)
        return (_own(FindingStatus.FAIL, Severity.ERROR, evidence, _REISSUE),)
    if not outcome:
        return (_own(FindingStatus.PASS, Severity.ERROR, msg("pkilint remarks nothing.")),)
    details = read_details(der)
    return tuple(_remarked(remark, _byte(remark.path, details)) for remark in outcome)


def not_der(der: bytes) -> Finding | None:
    """Return the one finding for a certificate that is no DER, with the byte; None when it is DER."""
    place = first_not_der(der)
    return None if place is None else _not_der_at(place)


def not_run(reason: Message) -> Finding:
    """Return the finding for a run that gave nothing."""
    return _own(FindingStatus.NOT_RUN, Severity.ERROR, reason)


def _not_der_at(place: NotDer) -> Finding:
    evidence = msg(
        "Not DER at byte {offset}: {reason}. Strict readers stop there, so that pkilint was not asked.",
        offset=place.offset,
        reason=place.reason,
    )
    return _own(FindingStatus.FAIL, Severity.ERROR, evidence, _REISSUE)


def _byte(path: str, details: CertificateDetails) -> int | None:
    """Return where the part that a path names begins; None for the certificate as a whole."""
    match path.split("."):
        case [_, "tbsCertificate", "extensions", number, *_] if number.isdigit():
            index = int(number)
            return details.extensions[index].offset if index < len(details.extensions) else None
        case [_, "tbsCertificate", name, *_] | [_, name]:
            return next((field.offset for field in details.fields if field.name == name), None)
        case _:
            return None


def _remarked(remark: PkilintRemark, offset: int | None) -> Finding:
    severity = {
        "FATAL": Severity.ERROR,
        "ERROR": Severity.ERROR,
        "WARNING": Severity.WARNING,
    }.get(remark.severity, Severity.INFO)
    status = FindingStatus.WARN if severity is Severity.WARNING else FindingStatus.FAIL
    family, _, name = remark.code.partition(".")
    place = (
        msg("{path}", path=remark.path)
        if offset is None
        else msg("{path}, byte {offset}", path=remark.path, offset=offset)
    )
    return Finding(
        rule=f"{RULE}:{remark.code}",
        status=status,
        severity=severity,
        title=msg("RFC 5280 conformance: {subject}.", subject=name.replace("_", " ")),
        evidence=msg("At {place}: {detail}", place=place, detail=_whole(remark.detail))
        if remark.detail
        else msg("At {place}.", place=place),
        remedy=None if severity is Severity.INFO else _REISSUE,
        source=_SOURCES.get(family, "RFC 5280"),
    )


def _whole(detail: str) -> str | Message:
    """Return a text so that all of it is shown: one parameter alone would be cut short."""
    if len(detail) <= MAX_SHOWN:
        return detail
    return msg("{text}{rest}", text=detail[:MAX_SHOWN], rest=_whole(detail[MAX_SHOWN:]))


def _own(
    status: FindingStatus, severity: Severity, evidence: Message, remedy: Message | None = None
) -> Finding:
    return Finding(
        rule=RULE,
        status=status,
        severity=severity,
        title=_TITLE,
        evidence=evidence,
        remedy=remedy,
        source="RFC 5280 4.1, 4.2; ITU-T X.690 10, 11",
    )


@cache
def _validator() -> _Validator:
    from pkilint.pkix import certificate, extension, name  # type: ignore[import-untyped]

    validator: _Validator = certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )
    return validator


_REISSUE = msg("The CA should issue certificates that follow RFC 5280; most programs accept it as it is.")
