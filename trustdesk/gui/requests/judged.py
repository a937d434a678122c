"""A draft with all that is said of it before it becomes a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from trustdesk.core.certificate_request import AskedFor, DraftField, FieldRemark, RequestDraft
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg


class Judge(Protocol):
    """What the desk says of a draft at once; see `IdentityDesk`."""

    def asked_for(self, draft: RequestDraft) -> AskedFor:
        """What will stand in the request."""
        ...

    def field_remarks(self, draft: RequestDraft) -> tuple[FieldRemark, ...]:
        """What is to be said of its fields."""
        ...

    def preflight(self, draft: RequestDraft) -> tuple[Finding, ...]:
        """What the rules say."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedDraft:
    """A draft, what it asks for, what is said of its fields, and what the rules say of it.

    Attributes:
        is_begun: whether it names anything yet.
        remarks: on single fields, in the order of the fields.
    """

    draft: RequestDraft
    asked: AskedFor
    is_begun: bool
    remarks: tuple[FieldRemark, ...]
    findings: tuple[Finding, ...]

    @property
    def obstacles(self) -> tuple[FieldRemark, ...]:
        """What keeps a request from being made of it."""
        return tuple(remark for remark in self.remarks if remark.is_obstacle)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Rules that it breaks: the request can be made, and a CA will refuse it or issue the wrong thing."""
        return tuple(finding for finding in self.findings if finding.is_failure)

    @property
    def problems(self) -> tuple[Message, ...]:
        """What is wrong, in words; what is wrong with a field is not said again by a rule."""
        obstacles = tuple(remark.text for remark in self.obstacles)
        return obstacles or tuple(map(_by_rule, self.failures))

    @property
    def hints(self) -> tuple[Message, ...]:
        """What a person should know, in words."""
        remarks = tuple(remark.text for remark in self.remarks if not remark.is_obstacle)
        if self.obstacles:
            return remarks
        warned = tuple(_by_rule(finding) for finding in self.findings if finding.is_warning)
        return (*remarks, *warned)

    @property
    def not_run(self) -> int:
        """How many rules could not be applied."""
        return sum(finding.status is FindingStatus.NOT_RUN for finding in self.findings)

    def remarks_on(self, field: DraftField) -> tuple[FieldRemark, ...]:
        """What is said of one field."""
        return tuple(remark for remark in self.remarks if remark.field is field)


def _by_rule(finding: Finding) -> Message:
    """Return what a rule found; the whole of it stands in the step Check."""
    return msg("{rule}: {evidence}", rule=finding.rule, evidence=finding.evidence)


def judged(
    draft: RequestDraft, judge: Judge, *, is_begun: bool, on_hosts: Sequence[FieldRemark] = ()
) -> JudgedDraft:
    """Judge a draft; `on_hosts` is what name servers said of its hosts."""
    return JudgedDraft(
        draft=draft,
        asked=judge.asked_for(draft),
        is_begun=is_begun,
        remarks=(*judge.field_remarks(draft), *on_hosts),
        findings=judge.preflight(draft),
    )
