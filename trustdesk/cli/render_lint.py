"""Findings for people: the verdict in words, then the worst first, each with evidence, remedy and source."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.core.finding import Finding, FindingStatus, Verdict, verdict_of
from trustdesk.core.inspection import InspectedItem
from trustdesk.core.message import Message, msg
from trustdesk.services.board import State
from trustdesk.services.verdict_words import SEVERITY_WORDS, STATE_OF_STATUS, STATUS_WORDS, WORST_FIRST
from trustdesk.services.wording import wording
from trustdesk.verify.profiles.context import Role

_STATES = {Verdict.PASS: State.GOOD, Verdict.WARN: State.WARNING, Verdict.FAIL: State.BAD}
_ROLES = {
    Role.CLIENT: msg("a ONE Record client"),
    Role.SERVER: msg("a ONE Record server"),
    Role.CA: msg("a CA"),
    Role.CSR: msg("a certificate request"),
}


def print_findings(
    out: Console, item: InspectedItem, role: Role, findings: Sequence[Finding], *, everything: bool
) -> None:
    """Print the verdict and the findings, worst first.

    Args:
        everything: also what passed and what does not apply; else they are counted.
    """
    say = wording().text
    verdict = verdict_of(findings)
    out.print(
        marked(_STATES[verdict], say(_headline(item, role, findings, verdict)), bold=True), soft_wrap=True
    )
    print_list_of_findings(out, [one for one in findings if everything or one.status in WORST_FIRST[:3]])
    if not everything:
        counts = {status: sum(one.status is status for one in findings) for status in WORST_FIRST}
        rest = msg(
            "Rules that pass: {passed}, that do not apply: {not_applicable}; --all shows them.",
            passed=counts[FindingStatus.PASS],
            not_applicable=counts[FindingStatus.NOT_APPLICABLE],
        )
        out.print()
        out.print(Text(say(rest), style="dim"), soft_wrap=True)


def print_list_of_findings(out: Console, findings: Sequence[Finding]) -> None:
    """Print findings, worst first, each with evidence, remedy and source."""
    for finding in sorted(findings, key=_worst_first):
        out.print()
        _print_finding(out, finding)


def _headline(item: InspectedItem, role: Role, findings: Sequence[Finding], verdict: Verdict) -> Message:
    facts = item.certificate.facts if item.certificate is not None else item.csr
    subject = (facts.subject if facts is not None else None) or item.source
    failed = sum(one.is_failure for one in findings)
    warned = sum(one.is_warning for one in findings)
    if verdict is Verdict.FAIL:
        return msg(
            "{subject} as {role}: rules that fail: {failed}, that warn: {warned}.",
            subject=subject,
            role=_ROLES[role],
            failed=failed,
            warned=warned,
        )
    if verdict is Verdict.WARN:
        return msg(
            "{subject} as {role}: no rule fails; rules that warn: {warned}.",
            subject=subject,
            role=_ROLES[role],
            warned=warned,
        )
    return msg("{subject} as {role}: no rule fails.", subject=subject, role=_ROLES[role])


def _worst_first(finding: Finding) -> tuple[bool, bool, int, int]:
    """What makes the verdict fail, what makes it warn, then the rest: a remark that failed is no failure."""
    return (
        not finding.is_failure,
        not finding.is_warning,
        WORST_FIRST.index(finding.status),
        list(SEVERITY_WORDS).index(finding.severity),
    )


def _print_finding(out: Console, finding: Finding) -> None:
    say = wording().text
    is_remark = finding.status is FindingStatus.FAIL and not (finding.is_failure or finding.is_warning)
    state = State.NOT_APPLICABLE if is_remark else STATE_OF_STATUS[finding.status]
    status = say(SEVERITY_WORDS[finding.severity] if is_remark else STATUS_WORDS[finding.status])
    head = marked(state, f"{finding.rule}  {status}", bold=True)
    if finding.status is FindingStatus.FAIL and not is_remark:
        head.append(f" ({say(SEVERITY_WORDS[finding.severity]).lower()})", style="bold")
    head.append(f"  {say(finding.title)}")
    out.print(head, soft_wrap=True)
    out.print(Text(f"    {say(finding.evidence)}"), soft_wrap=True)
    if finding.remedy is not None:
        out.print(Text(f"    → {say(finding.remedy)}"), soft_wrap=True)
    out.print(Text(f"    {finding.source}", style="dim"), soft_wrap=True)
