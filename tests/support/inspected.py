"""Items as the reader makes them of certificates, and a judge for the fake desk that really judges."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support.fake_desk import JudgeQuestion
from tests.support.pki import NOW, Issued
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.inspection import CertificateDetails, InspectedItem, Inspection, ItemKind
from trustdesk.core.message import Message, msg
from trustdesk.core.verification import Purpose, Verification
from trustdesk.formats.certificate_details import read_details
from trustdesk.gui.inspector.opened import OpenedItem, OpenedItems
from trustdesk.verify.path_verifier import PathVerifier


def certificate_item(issued: Issued | bytes, source: str = "chain.pem", position: int = 0) -> InspectedItem:
    """A certificate as it lies in a file."""
    der = issued if isinstance(issued, bytes) else issued.der
    return InspectedItem(
        kind=ItemKind.CERTIFICATE, source=source, position=position, certificate=read_details(der)
    )


def file_of(*issued: Issued, source: str = "chain.pem") -> tuple[InspectedItem, ...]:
    """A file of certificates in their order."""
    return tuple(certificate_item(one, source, position) for position, one in enumerate(issued))


def inspection_of(*issued: Issued, source: str = "chain.pem") -> Inspection:
    """What the desk says of such a file."""
    return Inspection(items=file_of(*issued, source=source))


def broken_item(source: str = "broken.pem", position: int = 0) -> InspectedItem:
    """Something that nobody can read."""
    return InspectedItem(
        kind=ItemKind.UNKNOWN,
        source=source,
        position=position,
        data=b"\x30",
        problems=(msg("The item is cut off."),),
    )


def opened(*items: InspectedItem) -> OpenedItems:
    """Items as the page has them open."""
    made = OpenedItems()
    made.add(items)
    return made


def one_opened(issued: Issued) -> OpenedItem:
    """A certificate alone."""
    return opened(certificate_item(issued)).items[0]


def judge(question: JudgeQuestion) -> Verification:
    """Judge by the rules of the program, at the tests' own instant where the desk has none."""
    return PathVerifier([question.trust_list]).verify(
        question.certificate, question.beside, purpose=question.purpose, at=question.at or NOW
    )


def finding(rule: str, status: FindingStatus, title: Message | None = None) -> Finding:
    """A finding with next to nothing in it."""
    return Finding(
        rule=rule,
        status=status,
        severity=Severity.ERROR,
        title=title or msg("It is as it should be."),
        evidence=msg("It was looked at."),
        source="RFC 5280",
    )


def fixed_findings(_details: CertificateDetails, purpose: Purpose) -> Sequence[Finding]:
    """One finding of each outcome, named for the purpose."""
    name = "CLI" if purpose is Purpose.CLIENT else "SRV"
    return (
        finding(f"{name}-01", FindingStatus.PASS),
        finding(f"{name}-02", FindingStatus.NOT_RUN),
        finding(f"{name}-03", FindingStatus.FAIL),
        finding(f"{name}-04", FindingStatus.NOT_APPLICABLE),
    )
