"""The last sweep as Prometheus text, for those who monitor elsewhere (node_exporter's textfile collector).

What was not found out has no sample: a partner that was not reached has no verdict there, neither a good nor
a bad one. Names and help texts are part of the format, in English whatever the person's language is.

Source: Prometheus text exposition format 0.0.4, and its advice on metric and label naming.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from prometheus_client import Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.probe import NOT_TOLD, Outcome, ProbeReport
from trustdesk.core.untrusted import visible
from trustdesk.services.files import save_file

MAX_SERIES = 20_000
"""Endpoints with samples of their own; what is beyond is counted, so that no list can flood a monitor."""

MAX_LABEL = 120
"""Characters of a label's value that are kept."""

_LABELS = ("partner", "endpoint", "server_name")
_BADNESS = {Verdict.PASS: 0, Verdict.WARN: 1, Verdict.FAIL: 2}
_WITHOUT_VERDICT = ("inconclusive", "cancelled", "not_tested")
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSample:
    """What is told of one endpoint.

    Attributes:
        verdict: None while the test is inconclusive, or left open.
        trusted: None when its certificate was not judged.
        accepted: whether it took our certificate; None when that was not asked or is not known.
        expires_at: end of its server certificate; None when none was seen or its date cannot be read.
        handshake_s: None when no handshake got that far.
    """

    verdict: Verdict | None
    reached: bool
    trusted: bool | None
    accepted: bool | None
    expires_at: datetime | None
    tested_at: datetime
    handshake_s: float | None


class SweepMetrics(Collector):
    """Collects small values as tests end, and writes them once; nothing of a report is kept."""

    def __init__(self) -> None:
        self._samples: dict[_Key, EndpointSample] = {}
        self._left_out = 0
        self._counts = dict.fromkeys((*(one.value for one in Verdict), *_WITHOUT_VERDICT), 0)
        self._started_at: datetime | None = None
        self._duration_s = 0.0

    def add(self, partner: str, report: ProbeReport) -> None:
        """Take in how a test ended.

        Of several tests of one endpoint the worst counts: a good one must not hide a bad one.
        """
        self._counts[_counted(report)] += 1
        if report.record.outcome is Outcome.CANCELLED:
            return
        target = report.record.target
        key = (_label(partner), _label(target.endpoint), _label(target.verify_name))
        sample = endpoint_sample(report)
        known = self._samples.get(key)
        if known is None and len(self._samples) >= MAX_SERIES:
            self._left_out += 1
        elif known is None or _order(sample) > _order(known):
            self._samples[key] = sample

    def leave_out(self, count: int) -> None:
        """Count endpoints that were not tested, because the identity to test them with is gone."""
        self._counts["not_tested"] += count

    def text(self, started_at: datetime, duration_ms: float) -> bytes:
        """Return everything as one exposition, UTF-8.

        Args:
            started_at: of the sweep.
        """
        self._started_at, self._duration_s = started_at, duration_ms / 1000
        return generate_latest(self)

    def write(self, file: Path, started_at: datetime, duration_ms: float) -> None:
        """Write it whole or not at all: a monitor that reads at the same time sees the old or the new one.

        Raises:
            EnvironmentFailureError: the file cannot be written; what was there is untouched.
        """
        save_file(file, self.text(started_at, duration_ms))

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics; prometheus_client asks for them."""
        ended = None if self._started_at is None else self._started_at.timestamp() + self._duration_s
        yield _single("trustdesk_sweep_end_timestamp_seconds", "When the last sweep ended.", ended)
        yield _single("trustdesk_sweep_duration_seconds", "How long the last sweep took.", self._duration_s)
        counted = GaugeMetricFamily(
            "trustdesk_sweep_endpoints",
            "Endpoints of the last sweep by result; inconclusive: not reached, or not in time; "
            "not_tested: the identity to test with is gone.",
            labels=("result",),
        )
        for result, count in self._counts.items():
            counted.add_metric((result,), count)
        yield counted
        yield _single(
            "trustdesk_sweep_endpoints_left_out",
            f"Endpoints beyond the first {MAX_SERIES}, which have no samples of their own.",
            self._left_out,
        )
        for name, words, value in _PER_ENDPOINT:
            yield self._family(name, words, value)

    def _family(self, name: str, words: str, value: _Value) -> GaugeMetricFamily:
        family = GaugeMetricFamily(name, words, labels=_LABELS)
        for key, sample in sorted(self._samples.items()):
            number = value(sample)
            if number is not None:
                family.add_metric(key, number)
        return family


def endpoint_sample(report: ProbeReport) -> EndpointSample:
    """Return what is told of a test that was not cancelled."""
    record = report.record
    is_open = report.is_open or record.outcome in NOT_TOLD
    chain, judgement, handshake_ms = record.presented_chain, record.judgement, record.phases.handshake_ms
    accepted: bool | None
    match record.client_auth.verdict:
        case ClientCertificateVerdict.ACCEPTED:
            accepted = True
        case ClientCertificateVerdict.REJECTED:
            accepted = False
        case _:
            accepted = None
    return EndpointSample(
        verdict=None if is_open else report.verdict,
        reached=record.outcome not in NOT_TOLD,
        trusted=None if judgement is None else judgement.trusted,
        accepted=accepted,
        expires_at=chain[0].not_after if chain else None,
        tested_at=record.started_at,
        handshake_s=None if handshake_ms is None else handshake_ms / 1000,
    )


def _counted(report: ProbeReport) -> str:
    outcome = report.record.outcome
    if outcome is Outcome.CANCELLED:
        return "cancelled"
    return "inconclusive" if outcome in NOT_TOLD or report.is_open else report.verdict.value


def _order(sample: EndpointSample) -> int:
    # Inconclusive is told rather than good, and a proved failure rather than inconclusive.
    return 1 if sample.verdict is None else _BADNESS[sample.verdict] * 2


def _label(text: str) -> str:
    return visible(text, MAX_LABEL)


def _single(name: str, words: str, value: float | None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words)
    if value is not None:
        family.add_metric((), value)
    return family


_Value = Callable[[EndpointSample], float | None]


def _flag(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _per_endpoint() -> Iterator[tuple[str, str, _Value]]:
    yield (
        "trustdesk_endpoint_verdict",
        "Verdict of the last test: 0 pass, 1 warn, 2 fail; no sample while it is inconclusive.",
        lambda one: None if one.verdict is None else _BADNESS[one.verdict],
    )
    yield (
        "trustdesk_endpoint_reached",
        "Whether the endpoint answered in time.",
        lambda one: float(one.reached),
    )
    yield (
        "trustdesk_endpoint_server_trusted",
        "Whether the server certificate is trusted by the lists in force; no sample when it was not judged.",
        lambda one: _flag(one.trusted),
    )
    yield (
        "trustdesk_endpoint_client_certificate_accepted",
        "Whether the endpoint accepted our certificate; no sample when that is not known.",
        lambda one: _flag(one.accepted),
    )
    yield (
        "trustdesk_endpoint_certificate_not_after_timestamp_seconds",
        "When the server certificate that was presented ends.",
        lambda one: None if one.expires_at is None else one.expires_at.timestamp(),
    )
    yield (
        "trustdesk_endpoint_handshake_seconds",
        "How long the TLS handshake of the last test took.",
        lambda one: one.handshake_s,
    )
    yield (
        "trustdesk_endpoint_tested_timestamp_seconds",
        "When the last test of the endpoint began.",
        lambda one: one.tested_at.timestamp(),
    )


_PER_ENDPOINT = tuple(_per_endpoint())
