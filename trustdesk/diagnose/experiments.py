"""Which probe to make next: the one that tells most of the open causes apart, and when to stop.

What each experiment separates stands in the rule file. Its gain is the confidence that its answer would move:
the chance that two causes drawn from the open ones fall into different groups. Two kinds of probes come
before that, whatever is open: the other addresses of the host, and one that shows which software refused us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trustdesk.core.diagnosis import CertificateChoice, Hypothesis, ProbeVariant
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome
from trustdesk.diagnose.collected import facts_of
from trustdesk.diagnose.facts import Fact
from trustdesk.diagnose.observations import Observations
from trustdesk.diagnose.rule_file import Experiment, RuleBook

MAX_PROBES = 12
"""Connections of one diagnosis."""

MAX_ADDRESSES = 4
"""Addresses of a host that are asked, the first among them."""

CERTAIN = 0.95
_LEAST_GAIN = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class NextProbe:
    """A probe that is worth its connection.

    Attributes:
        purpose: what it is made for.
        gain: 0 to 1, the confidence that its answer can move; 1 where it is made whatever is open.
    """

    variant: ProbeVariant
    purpose: Message
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Enough:
    """No further probe.

    Attributes:
        limit: why, although causes are still open; None when nothing is.
    """

    limit: Message | None


def next_probe(
    observations: Observations,
    hypotheses: Sequence[Hypothesis],
    book: RuleBook,
    max_probes: int = MAX_PROBES,
) -> NextProbe | Enough:
    """Choose the next probe.

    Args:
        hypotheses: as ranked from these observations.
        max_probes: connections in all, those already made among them.
    """
    if observations.first.record.outcome is Outcome.CANCELLED or not hypotheses:
        return Enough(limit=msg("The first probe was cancelled."))
    room = max_probes - len(observations.probes)
    address = _other_address(observations)
    if address is not None and room > 0:
        return address
    facts = frozenset(facts_of(observations, book.interceptors))
    software = _probe_for_software(observations, facts)
    if software is not None and room > 0:
        return software
    if hypotheses[0].confidence >= CERTAIN:
        return Enough(limit=None)
    choices = _choices(observations, hypotheses, book, facts)
    if not choices:
        return Enough(limit=msg("No further probe tells the causes apart that are left."))
    if room <= 0:
        return Enough(
            limit=msg("The most connections for one diagnosis, {count}, were made.", count=max_probes)
        )
    return max(choices, key=lambda choice: choice.gain)


def _choices(
    observations: Observations, hypotheses: Sequence[Hypothesis], book: RuleBook, facts: frozenset[Fact]
) -> list[NextProbe]:
    made = {probe.variant for probe in observations.probes}
    choices = []
    for experiment in book.experiments:
        variant = _variant(observations, experiment)
        if variant is None or variant in made:
            continue
        if not experiment.when <= facts or experiment.unless & facts:
            continue
        gain = separation(experiment, hypotheses)
        if gain >= _LEAST_GAIN:
            choices.append(NextProbe(variant=variant, purpose=experiment.purpose, gain=gain))
    return choices


def separation(experiment: Experiment, hypotheses: Sequence[Hypothesis]) -> float:
    """Return what an experiment tells apart among hypotheses, 0 to 1; those it does not name do not count."""
    masses = [sum(one.confidence for one in hypotheses if one.cause in group) for group in experiment.groups]
    total = sum(masses)
    if total <= 0.0:
        return 0.0
    return total - sum(mass * mass for mass in masses) / total


def _variant(observations: Observations, experiment: Experiment) -> ProbeVariant | None:
    """Return the first probe's variant with the change; None where it changes nothing, or cannot be made."""
    base, target = observations.first.variant, observations.first.record.target
    if experiment.attribute == "certificate" and base.certificate is CertificateChoice.NONE:
        return None
    if experiment.attribute == "alpn" and not target.alpn:
        return None
    if experiment.attribute == "server_name" and target.server_name is None:
        return None
    changed = experiment.applied_to(base)
    return None if changed == base else changed


def _other_address(observations: Observations) -> NextProbe | None:
    """Return the probe of an address that was not asked yet: one node of a cluster can be broken."""
    first = observations.first
    record = first.record
    if record.address is None or first.variant.address is not None:
        return None
    asked = {record.address, *(probe.variant.address for probe in observations.probes)}
    left = [address for address in record.addresses if address not in asked]
    if not left or len(asked - {None}) >= MAX_ADDRESSES:
        return None
    return NextProbe(
        variant=replace(first.variant, address=left[0]),
        purpose=msg("Whether {address} answers as {first} does.", address=left[0], first=record.address),
        gain=1.0,
    )


def _probe_for_software(observations: Observations, facts: frozenset[Fact]) -> NextProbe | None:
    """Return the probe that shows by its habits what refused us, where nothing does yet.

    It tells no cause from another: it finds the line of the log that the partner is asked to look for.
    """
    if observations.family is not None or Fact.CERTIFICATE_REFUSED not in facts:
        return None
    variant = replace(observations.first.variant, certificate=CertificateChoice.NONE)
    if variant in {probe.variant for probe in observations.probes}:
        return None
    return NextProbe(
        variant=variant,
        purpose=msg("Which software ends TLS there, so that the line in its log can be named."),
        gain=1.0,
    )
