"""The probe matrix as cells: certificate across, TLS version down, further variants below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    GroupChoice,
    ProbeVariant,
    ServerNameChoice,
    TlsVersions,
    VariantProbe,
)
from trustdesk.core.handshake import AlertDirection, Direction
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome, ProbeRecord
from trustdesk.gui.handshake.comparison_facts import comparison_column
from trustdesk.gui.handshake.run_book import RunKind
from trustdesk.services.board import State
from trustdesk.services.probe_words import VERSION_WORDS

_NEGOTIATED = {"TLSv1.3": TlsVersions.TLS_1_3, "TLSv1.2": TlsVersions.TLS_1_2}
_ALWAYS = (TlsVersions.TLS_1_3, TlsVersions.TLS_1_2)
NOT_RUN = msg("not run")

_JUDGED = frozenset({Outcome.ACCEPTED, Outcome.UNTRUSTED_PEER})
"""Outcomes that another day, list or evidence may turn round; the others are the wire's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """One probe of the matrix.

    Attributes:
        id: "P1" …
        probe: None while it runs.
        state: how it stands; NOT_APPLICABLE for a refusal that is right.
        title: what came of it, in a few words.
        detail: what that rests on; None where the words say it all.
    """

    id: str
    probe: VariantProbe | None
    state: State
    title: Message
    detail: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One line of the matrix.

    Attributes:
        variant: of its cells, whatever the certificate.
        without, selected: the probes of it; empty where none was made.
    """

    variant: ProbeVariant
    label: Message
    without: tuple[MatrixCell, ...] = ()
    selected: tuple[MatrixCell, ...] = ()


def matrix_rows(
    probes: Sequence[VariantProbe],
    running: Mapping[str, ProbeVariant] | None = None,
    *,
    is_current: bool = True,
) -> tuple[MatrixRow, ...]:
    """Return the lines of the matrix: TLS 1.3 and 1.2 always, then what else was probed.

    A probe that offers both versions stands in the line of the one that was negotiated.

    Args:
        running: variants of probes that go on, by id.
        is_current: whether what was judged then is what would be judged for the day in view; without it no
            cell says good or bad of a certificate.
    """
    placed = [
        (_line_of(probe.variant, probe.report.record), probe.variant, _cell(probe, is_current=is_current))
        for probe in probes
    ]
    placed += [
        (
            _line_of(variant, None),
            variant,
            MatrixCell(id=number, probe=None, state=State.RUNNING, title=msg("running"), detail=None),
        )
        for number, variant in (running or {}).items()
    ]
    lines = [ProbeVariant(versions=version, certificate=CertificateChoice.NONE) for version in _ALWAYS]
    lines += [line for line, _variant, _cell in placed if line not in lines]
    rows = []
    for line in dict.fromkeys(lines):
        cells = {
            choice: tuple(
                cell for where, variant, cell in placed if where == line and variant.certificate is choice
            )
            for choice in CertificateChoice
        }
        rows.append(
            MatrixRow(
                variant=line,
                label=_label(line),
                without=cells[CertificateChoice.NONE],
                selected=cells[CertificateChoice.SELECTED],
            )
        )
    return tuple(rows)


def _line_of(variant: ProbeVariant, record: ProbeRecord | None) -> ProbeVariant:
    versions = variant.versions
    if versions is TlsVersions.ANY and record is not None and record.negotiated is not None:
        versions = _NEGOTIATED.get(record.negotiated.version, versions)
    return replace(variant, versions=versions, certificate=CertificateChoice.NONE)


def _label(line: ProbeVariant) -> Message:
    version = VERSION_WORDS[line.versions]
    differs: list[Message] = []
    if line.server_name is ServerNameChoice.NONE:
        differs.append(msg("no server name"))
    if line.groups is GroupChoice.CLASSIC:
        differs.append(msg("classic groups"))
    if line.alpn is AlpnChoice.NONE:
        differs.append(msg("no ALPN"))
    if not line.offers_post_handshake_auth:
        differs.append(msg("no post-handshake authentication"))
    if line.address is not None:
        differs.append(msg("at {address}", address=line.address))
    label = version
    for one in differs:
        label = msg("{label}, {difference}", label=label, difference=one)
    return label


def _cell(probe: VariantProbe, *, is_current: bool) -> MatrixCell:
    record = probe.report.record
    kind = RunKind.TLS if probe.variant.certificate is CertificateChoice.NONE else RunKind.MTLS
    column = comparison_column(probe.report, kind, None)
    if not is_current and record.outcome in _JUDGED:
        column = replace(column, state=State.UNKNOWN)
    alert = record.last_alert(AlertDirection.RECEIVED)
    if record.outcome is Outcome.REJECTED_BY_PEER and alert is not None:
        title = msg("{alert} ({code})", alert=alert.name, code=alert.code)
        detail = _when(record, alert.at_ms)
        if column.state is State.NOT_APPLICABLE:
            detail = msg("expected: the server insists")
        return MatrixCell(id=probe.id, probe=probe, state=column.state, title=title, detail=detail)
    return MatrixCell(
        id=probe.id, probe=probe, state=column.state, title=column.outcome, detail=column.detail
    )


def _when(record: ProbeRecord, at_ms: float) -> Message:
    finished = [
        event.at_ms
        for event in record.timeline
        if event.message == "finished" and event.direction is Direction.OUT and event.at_ms <= at_ms
    ]
    # In TLS 1.2 the server's Finished is still to come then (RFC 5246 7.3).
    if finished and record.negotiated is not None and record.negotiated.version == "TLSv1.3":
        return msg("{ms} ms after our Finished", ms=round(at_ms - finished[-1]))
    return msg("inside the handshake")
