"""What the judge says of a certificate: every path, every rule on every certificate, and a second opinion.

Paths run from the end entity (index 0) to the anchor. Sources: RFC 5280 section 6, RFC 9618 (policies),
RFC 5937 and RFC 5914 (constraints of anchors), RFC 9525 (names of servers).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Verdict
from trustdesk.core.light_dataclass import light_dataclass
from trustdesk.core.message import Message
from trustdesk.core.revocation import FailMode, FailModeVerdict, RevocationCheck


class Purpose(StrEnum):
    """What a certificate is to be used as."""

    SERVER = "server"
    CLIENT = "client"


class RuleKind(StrEnum):
    """What follows when a rule fails.

    VALIDITY: the path is not valid. CONFORMANCE: the certificate breaks its profile, and the path stays as
    valid as it is. PROFILE: it is not what is asked for today (strength); it takes trust away too.
    """

    VALIDITY = "validity"
    CONFORMANCE = "conformance"
    PROFILE = "profile"


class RuleStatus(StrEnum):
    """What came of a rule on one certificate.

    NOT_ENFORCED: the anchor policy leaves it out, whatever it would say. NOT_RUN: it could not be applied.
    UNKNOWN: it was applied, and what it needs to know is not to be had. Only PASS is a pass.
    """

    PASS = "pass"  # noqa: S105 - a status, not a password
    WARN = "warn"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_RUN = "not_run"
    NOT_ENFORCED = "not_enforced"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorPolicy:
    """What of an anchor's own certificate binds the path below it (RFC 5280 6.1.1 (d) leaves it open).

    What a trust list says of an anchor (uses, distrust, names) is not among it: that always binds.

    Attributes:
        constraints_enforced: its path length, name constraints, policies and extended key usage (RFC 5937).
        expiry_enforced: its validity.
        basic_constraints_required: basicConstraints with cA, and keyCertSign where it has a key usage.
    """

    constraints_enforced: bool = True
    expiry_enforced: bool = True
    basic_constraints_required: bool = True


ENFORCED = AnchorPolicy()
"""The anchor is treated as any CA of the path, as TLS stacks do."""

PLAIN_ANCHOR = AnchorPolicy(
    constraints_enforced=False, expiry_enforced=False, basic_constraints_required=False
)
"""The anchor is a name and a key, and nothing else (RFC 5280 6.1.1 (d))."""

ANY_POLICY = "2.5.29.32.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathInputs:
    """The inputs to RFC 5280 6.1.1 that a person chooses, and what goes beyond it.

    Attributes:
        initial_policies: dotted OIDs, any of which is acceptable (6.1.1 (c)).
        require_explicit_policy: 6.1.1 (f).
        inhibit_policy_mapping: 6.1.1 (e).
        inhibit_any_policy: 6.1.1 (g).
        any_extended_key_usage: whether anyExtendedKeyUsage alone makes an end entity fit for the purpose.
        nested_extended_key_usage: whether a CA's extended key usage binds what is below it (custom of all
            TLS stacks, not RFC 5280).
        strength_required: whether weak keys and broken digests take validity away; else they only warn.
        purpose_required: whether key usage and extended key usage are asked for the purpose at all.
        end_entity_required: whether the certificate of a CA is refused as end entity (TLS custom).
        conformance_required: whether flaws of form take validity away too, as conformance suites ask.
        fail_mode: whether a certificate of which no source says anything reliable takes validity away.
    """

    anchor: AnchorPolicy = ENFORCED
    initial_policies: frozenset[str] = frozenset({ANY_POLICY})
    require_explicit_policy: bool = False
    inhibit_policy_mapping: bool = False
    inhibit_any_policy: bool = False
    any_extended_key_usage: bool = False
    nested_extended_key_usage: bool = True
    strength_required: bool = True
    purpose_required: bool = True
    end_entity_required: bool = True
    conformance_required: bool = False
    fail_mode: FailMode = FailMode.SOFT


TLS_INPUTS = PathInputs()
"""What TLS software asks of a path."""

RFC_5280_INPUTS = PathInputs(
    anchor=PLAIN_ANCHOR,
    any_extended_key_usage=True,
    nested_extended_key_usage=False,
    strength_required=False,
    purpose_required=False,
    end_entity_required=False,
)
"""RFC 5280 section 6.1 and nothing else."""


@light_dataclass(frozen=True, slots=True)
class RuleCheck:
    """One rule on one certificate of one path.

    Attributes:
        certificate: its SHA-256.
        index: its place in the path, 0 for the end entity.
        rule: id such as "ca.path_length", stable; `verify.rules` holds each one's title.
        evidence: what was found, with values.
        source: "RFC 5280 6.1.4 (m)".
        byte_range: offset and end in the certificate's DER; None where no bytes show it.
    """

    certificate: str
    index: int
    rule: str
    status: RuleStatus
    kind: RuleKind
    evidence: Message
    source: str
    byte_range: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathReport:
    """One candidate path with every rule applied.

    Attributes:
        certificates: SHA-256 digests, end entity first, anchor last.
        anchor_list: name of the list that the anchor is on; None for a path that ends at no anchor.
        accepted: `failures` is empty.
        failures: the checks that make the path unacceptable; validity first, then strength, then
            conformance, and of each in the order of `checks`. The first is the one to name.
        checks: by certificate from the end entity up, then by rule.
        revocation: one for each certificate below the anchor.
        fail_modes: what follows from `revocation`, soft fail first.
        policies: dotted OIDs that the path is valid for (RFC 9618 5.6), in order of number.
        fetched: digests of the certificates that came from a CA's web address (AIA), not from the input.
        difference: how it first differs from the best path; None on the best one.
    """

    certificates: tuple[str, ...]
    anchor_list: str | None
    accepted: bool
    checks: tuple[RuleCheck, ...]
    failures: tuple[RuleCheck, ...] = ()
    revocation: tuple[RevocationCheck, ...] = ()
    fail_modes: tuple[FailModeVerdict, ...] = ()
    policies: tuple[str, ...] = ()
    fetched: tuple[str, ...] = ()
    difference: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadEnd:
    """A certificate at which the search went no further.

    Attributes:
        certificate: its SHA-256.
        below: digests of the way to it, end entity first, itself left out.
        issuer: RFC 4514 name of the issuer that is missing; None where that is not the reason.
        reason: why, in words.
    """

    certificate: str
    below: tuple[str, ...] = ()
    issuer: str | None = None
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """The word of one engine.

    Attributes:
        accepted: None when it was not asked, and `reason` says why.
        reason: in our words; the verifier's own words stand in them as a parameter.
        path: digests of the path that it means; empty when it names none.
    """

    accepted: bool | None
    reason: Message
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Everything that was found out about one certificate for one purpose.

    Attributes:
        reference_identifier: name that a server's certificate has to cover; None when none was given.
        at: the instant judged for, whole seconds.
        trusted: the best path has no failed rule of validity or strength, and the name matches.
        paths: best first.
        known: every certificate of the paths and dead ends, the end entity first.
        own: the verdict of our rules.
        cryptography: the verdict of cryptography's verifier on the same input.
        disagreement: in a sentence, where the two verdicts differ; None where they do not.
        search_limit_hit: which budget ended the search; None when all paths were seen.
        verdict: PASS when trusted, else FAIL.
    """

    certificate: CertificateFacts
    purpose: Purpose
    reference_identifier: str | None = None
    at: datetime
    trusted: bool
    paths: tuple[PathReport, ...]
    dead_ends: tuple[DeadEnd, ...]
    known: tuple[CertificateFacts, ...] = field(default=(), repr=False)
    own: Opinion
    cryptography: Opinion
    disagreement: Message | None = None
    search_limit_hit: Message | None = None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class BulkVerdict:
    """What a table of very many shows of one certificate for one purpose.

    Attributes:
        anchor_list: of the best path; None when no path ends at an anchor.
        reason: the first failure, or that every rule passed.
        disagreement: where the second engine differs; None where it does not.
    """

    trusted: bool
    anchor_list: str | None
    reason: Message
    disagreement: Message | None = None


@dataclass(frozen=True, slots=True)
class BulkVerdicts:
    """Both verdicts on one certificate; of a CA's they say what it is as an end entity, which it seldom is.

    Attributes:
        is_ca: basicConstraints cA.
    """

    is_ca: bool
    server: BulkVerdict
    client: BulkVerdict

    def of(self, purpose: Purpose) -> BulkVerdict:
        """Return the verdict for a purpose."""
        return self.server if purpose is Purpose.SERVER else self.client
