"""What a rule is, what it looks at, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.verification import PathInputs, Purpose, RuleKind, RuleStatus
from trustdesk.verify.decoded import ByteRange, Decoded
from trustdesk.verify.name_constraints import NameVerdicts
from trustdesk.verify.path_policy import NO_POLICY, PathPolicy
from trustdesk.verify.path_sources import Anchor
from trustdesk.verify.policies import PolicyState
from trustdesk.verify.signatures import SignatureStatus

Outcome = tuple[RuleStatus, Message, ByteRange | None]
"""Status, evidence, and the bytes that show it."""


class Place(StrEnum):
    """Where in a path a certificate stands. A path without an anchor has issuers up to its top."""

    END_ENTITY = "end_entity"
    ISSUER = "issuer"
    ANCHOR = "anchor"


class OnAnchor(StrEnum):
    """Which setting decides whether a rule binds an anchor's own certificate.

    ALWAYS: it binds whatever the settings. CONSTRAINTS, EXPIRY and BASIC: what `AnchorPolicy` says of each.
    BASIC and CONSTRAINTS_FORM bind too where conformance is asked for: RFC 5280 4.1 and 4.2 are about every
    certificate that a CA generates, and 4.2 has systems reject what they do not understand, anchor or not.
    """

    ALWAYS = "always"
    CONSTRAINTS = "constraints"
    CONSTRAINTS_FORM = "constraints_form"
    EXPIRY = "expiry"
    BASIC = "basic"


EVERYWHERE = frozenset(Place)
END_ENTITY = frozenset({Place.END_ENTITY})
ISSUERS = frozenset({Place.ISSUER, Place.ANCHOR})
BELOW_ANCHOR = frozenset({Place.END_ENTITY, Place.ISSUER})
ANCHOR = frozenset({Place.ANCHOR})

NOT_ASKED = {
    END_ENTITY: msg("Asked of the end entity only."),
    ISSUERS: msg("Asked of issuers only."),
    BELOW_ANCHOR: msg("Not asked of an anchor."),
    ANCHOR: msg("Asked of the anchor only."),
}
"""Why a rule is not applicable, by the places of which it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PathContext:
    """One path with the state that RFC 5280 6.1 threads through it, computed to the end.

    Attributes:
        path: end entity first.
        anchor: what the last certificate is; None when the path ends nowhere.
        listed: the anchor that the end entity itself is, where no path was found.
        signatures: of each certificate by the next; one fewer than certificates.
        cas_below: for each certificate, the CA certificates below it, self-issued ones not counted.
        names: for each certificate, what the name constraints above it say.
        limits: for each certificate, what the trust list's own names say; None without such names.
        policies: for each certificate, the state after it (6.1.3, 6.1.4).
        valid_policies: what the path is valid for (6.1.5 g); None for any.
        revocation: for each certificate below the anchor; None when nobody asked.
        policy: what lists and people say of every path.
    """

    path: tuple[Decoded, ...]
    anchor: Anchor | None
    listed: Anchor | None
    purpose: Purpose
    reference_identifier: str | None
    at: datetime
    inputs: PathInputs
    signatures: tuple[SignatureStatus, ...]
    cas_below: tuple[int, ...]
    names: tuple[NameVerdicts, ...]
    limits: tuple[NameVerdicts, ...] | None
    policies: tuple[PolicyState, ...]
    valid_policies: frozenset[str] | None
    revocation: tuple[RevocationCheck, ...] | None
    policy: PathPolicy = NO_POLICY

    def place(self, index: int) -> Place:
        """Where in the path a certificate stands."""
        if index == 0:
            return Place.END_ENTITY
        if self.anchor is not None and index == len(self.path) - 1:
            return Place.ANCHOR
        return Place.ISSUER


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """What stays the same of a rule.

    Attributes:
        judge: looks at one certificate alone; its outcome is the same in every path where it stands at the
            same kind of place. None for a rule that needs the path.
        judge_in_path: looks at a certificate by its index in a path; None for the other kind.
        asked_of: places at which it is asked; elsewhere it is not applicable.
        rests_on: the extension that it looks at, by dotted OID. Where that cannot be read or stands there
            twice the rule is not run: what is broken is not absent. None for a rule that copes by itself.
    """

    id: str
    source: str
    kind: RuleKind
    title: Message
    judge: Callable[[Decoded, Place], Outcome] | None = None
    judge_in_path: Callable[[PathContext, int], Outcome] | None = None
    on_anchor: OnAnchor = OnAnchor.ALWAYS
    asked_of: frozenset[Place] = EVERYWHERE
    rests_on: str | None = None


def passed(evidence: Message, where: ByteRange | None = None) -> Outcome:
    """It holds."""
    return RuleStatus.PASS, evidence, where


def failed(evidence: Message, where: ByteRange | None = None) -> Outcome:
    """It does not hold."""
    return RuleStatus.FAIL, evidence, where


def warned(evidence: Message, where: ByteRange | None = None) -> Outcome:
    """It holds, and something should be known."""
    return RuleStatus.WARN, evidence, where


def not_run(reason: Message) -> Outcome:
    """It could not be applied."""
    return RuleStatus.NOT_RUN, reason, None


def not_applicable(reason: Message) -> Outcome:
    """There is nothing here that it applies to."""
    return RuleStatus.NOT_APPLICABLE, reason, None


UNREADABLE = not_run(msg("The certificate cannot be read."))
BROKEN_EXTENSION = not_run(msg("The extension that this rests on cannot be read."))
NO_EXTENSION = not_applicable(msg("It has no such extension."))
