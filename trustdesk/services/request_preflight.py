"""The rules on requests before one is made, fast enough to follow every key that is typed.

Measured: 0.8 ms of processor time for a draft with two names, 6 ms with a hundred 1R-IDs; loading what it
needs takes most of a second, once.

On a draft the rules run that need no key. Those that do are left out instead of shown as passed: whether the
request is signed by its key (CSR-1), whether that key is used elsewhere (CSR-8) or known to be public, and
what the CA makes of it (CSR-9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.core.certificate_request import FieldRemark, RequestDraft, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.message import Message, msg
from trustdesk.formats.request_writing import read_unsigned
from trustdesk.services.published_keys import published_keys
from trustdesk.services.request_content import asked_for, one_record_ids_of, purpose_of_draft
from trustdesk.services.request_fields import field_remarks
from trustdesk.verify.lint import lint
from trustdesk.verify.profiles.context import CsrSubject, KeyUse, LintContext, PartnerRecord, Role
from trustdesk.verify.profiles.csr_rules import AGAIN
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName
from trustdesk.verify.profiles.shared_rules import REISSUE

_NEED_A_KEY = frozenset({"CSR-1", "CSR-8", "CSR-9", "KEY-01", "KEY-02", "KEY-05"})
_BEFORE_ISSUE = frozenset({"CSR-9", "KEY-01", "KEY-02"})
"""Rules on the private key in a file, and on what came back."""
_ALL = tuple(RuleSet(name) for name in RuleSetName)
_CORRECT = msg("Correct it before the request is made.")


def preflight(
    draft: RequestDraft, *, at: datetime, rule_sets: Sequence[RuleSet] = _ALL
) -> tuple[Finding, ...]:
    """Apply the rules on requests to a draft, as far as they need no key; never raises.

    Args:
        at: the instant judged for.
        rule_sets: those chosen; all by default.
    """
    subject = CsrSubject(read_unsigned(asked_for(draft)))
    context = LintContext(
        at=at,
        csr_purpose=purpose_of_draft(draft.purpose),
        partner=_record(draft.purpose, draft.name, one_record_ids_of(draft)),
    )
    found = lint(subject, Role.CSR, rule_sets, context)
    return tuple(_for_a_draft(finding) for finding in found if finding.rule not in _NEED_A_KEY)


def preflight_request(
    csr: CsrFacts,
    purpose: RequestPurpose,
    others: Sequence[KeyUse],
    *,
    at: datetime,
    one_record_ids: Sequence[str] = (),
    rule_sets: Sequence[RuleSet] = _ALL,
) -> tuple[Finding, ...]:
    """Apply the rules to a request that is there, its signature and the uses of its key among them.

    Args:
        others: certificates and requests of the workspace (CSR-8).
        one_record_ids: those whose hosts a server's request should name; empty where they are not known.
    """
    context = LintContext(
        at=at,
        csr_purpose=purpose_of_draft(purpose),
        partner=_record(purpose, csr.subject or "", one_record_ids),
        other_keys=tuple(others),
        compromised_keys=published_keys(),
    )
    found = lint(CsrSubject(csr), Role.CSR, rule_sets, context)
    return tuple(finding for finding in found if finding.rule not in _BEFORE_ISSUE)


def _record(purpose: RequestPurpose, name: str, ids: Sequence[str]) -> PartnerRecord | None:
    """A server's hosts are compared with the 1R-IDs that were typed; a client's 1R-IDs are what is typed."""
    if purpose is not RequestPurpose.SERVER or not ids:
        return None
    return PartnerRecord(name=name, one_record_ids=tuple(ids))


def require_makeable(draft: RequestDraft) -> None:
    """Make sure that nothing keeps a request from being made of a draft.

    Raises:
        UnusableInputError: the first obstacle, with what to write instead.
    """
    obstacle = next((remark for remark in field_remarks(draft) if remark.is_obstacle), None)
    if obstacle is not None:
        remedy = msg("Correct it and try again.") if obstacle.offer is None else _as_remedy(obstacle)
        raise UnusableInputError(obstacle.text, remedy=remedy, place=_typed(draft, obstacle))


def _as_remedy(remark: FieldRemark) -> Message:
    return msg("Write {text}.", text=remark.correction) if remark.correction else msg("Leave it out.")


def _typed(draft: RequestDraft, remark: FieldRemark) -> str:
    if remark.position is None:
        return draft.name
    values: Sequence[str] = getattr(draft, remark.field.value)
    return values[remark.position]


def _for_a_draft(finding: Finding) -> Finding:
    """Say of a draft to correct it, where the rule says to make or to ask for another one."""
    if finding.remedy in {AGAIN, REISSUE}:
        return replace(finding, remedy=_CORRECT)
    return finding
