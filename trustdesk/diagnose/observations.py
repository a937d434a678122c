"""What a diagnosis looks at: probes with their variants, and what was known beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from trustdesk.core.diagnosis import (
    CertificateChoice,
    FamilyGuess,
    GroupChoice,
    LegacyVersion,
    Preflight,
    ProbeVariant,
    VariantProbe,
)
from trustdesk.core.finding import Finding
from trustdesk.core.probe import ProbeRecord
from trustdesk.core.revocation import RevocationCheck
from trustdesk.diagnose.probe_view import ProbeView

PROBE_BY_ITSELF = "P1"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenProbe:
    """One probe, without what was made of it.

    Attributes:
        id: as in `VariantProbe`.
        findings: the rules applied to it.
    """

    id: str
    variant: ProbeVariant
    record: ProbeRecord
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """Everything that rules may look at.

    Attributes:
        probes: in the order in which they were made; at least one, the first the target as it was given.
        legacy: what the server answered to old versions; empty when it was not asked.
        family: of the server; None when nothing shows it.
    """

    probes: tuple[SeenProbe, ...]
    preflight: Preflight = field(default_factory=Preflight)
    legacy: tuple[LegacyVersion, ...] = ()
    family: FamilyGuess | None = None

    @property
    def first(self) -> SeenProbe:
        """The target as it was given."""
        return self.probes[0]

    @property
    def view(self) -> ProbeView:
        """The first probe as the explanations look at it."""
        first, preflight = self.first, self.preflight
        return ProbeView(
            first.record, first.findings, preflight.certificate, preflight.issuers, self.revocation
        )

    @property
    def revocation(self) -> Sequence[RevocationCheck]:
        """What is known of our path's revocation: what was found out beforehand, else what the probe kept."""
        return self.preflight.revocation or self.first.record.client_revocation


def seen(probes: Sequence[VariantProbe]) -> tuple[SeenProbe, ...]:
    """Return the probes of a diagnosis as rules look at them."""
    return tuple(
        SeenProbe(id=one.id, variant=one.variant, record=one.report.record, findings=one.report.findings)
        for one in probes
    )


def as_given(record: ProbeRecord, findings: Sequence[Finding] = ()) -> SeenProbe:
    """Return a probe that was made by itself, of the target as it was given."""
    certificate = CertificateChoice.SELECTED if record.identity is not None else CertificateChoice.NONE
    variant = ProbeVariant(certificate=certificate, groups=GroupChoice.PQ)
    return SeenProbe(id=PROBE_BY_ITSELF, variant=variant, record=record, findings=findings)
