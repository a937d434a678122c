"""A diagnosis at a terminal: what is wrong and who acts, what to do, the causes ranked, and the probes."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.core.diagnosis import (
    Diagnosis,
    Hypothesis,
    LegacyAnswer,
    LegacyVersion,
    VariantProbe,
)
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Responsible
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.equivalent_commands import EquivalentCommand
from trustdesk.services.preflight_words import preflight_count
from trustdesk.services.probe_words import result_words, variant_cells
from trustdesk.services.verdict_words import STATE_OF_STATUS, STATE_OF_VERDICT, WHO_ACTS
from trustdesk.services.wording import wording

_BAR = 10
_EVIDENCE_SHOWN = 5
_WIDE = 120
_OLD_NAMES = {"TLSv1.1": "TLS 1.1", "TLSv1": "TLS 1.0", "SSLv3": "SSL 3.0"}
_LEGACY_WORDS: dict[LegacyAnswer, tuple[State, Message]] = {
    LegacyAnswer.ACCEPTED: (State.BAD, msg("accepted")),
    LegacyAnswer.REFUSED: (State.GOOD, msg("refused")),
    LegacyAnswer.UNKNOWN: (State.UNKNOWN, msg("not known")),
}


def print_diagnosis(out: Console, diagnosis: Diagnosis) -> None:
    """Print a diagnosis."""
    say = wording().text
    state = STATE_OF_VERDICT[diagnosis.verdict]
    if not diagnosis.hypotheses:
        out.print(marked(State.UNKNOWN, say(msg("Cancelled: nothing is proved.")), bold=True), soft_wrap=True)
    else:
        first = diagnosis.hypotheses[0]
        headline = marked(state, say(first.statement), bold=True)
        if first.responsible is not Responsible.NOBODY:
            headline.append(f" {say(WHO_ACTS[first.responsible])}", style="bold")
        out.print(headline, soft_wrap=True)
        if first.remedy is not None:
            out.print(Text(f"  {say(first.remedy)}"), soft_wrap=True)
        out.print()
        for hypothesis in diagnosis.hypotheses:
            # What to do about the first stands above.
            _print_hypothesis(out, hypothesis, with_remedy=hypothesis is not first)
    if diagnosis.limit is not None:
        out.print(Text(say(diagnosis.limit), style="italic"), soft_wrap=True)
        out.print()
    _print_probes(out, diagnosis.probes)
    if diagnosis.family is not None:
        out.print(Text(say(_family(diagnosis))), soft_wrap=True)
    _print_legacy(out, diagnosis.legacy)
    _print_preflight(out, diagnosis.preflight)
    _print_identities(out, diagnosis)


def print_commands(out: Console, commands: tuple[EquivalentCommand, ...]) -> None:
    """Print the same test as lines for other tools."""
    say = wording().text
    out.print()
    out.print(Text(say(msg("The same test with other tools:")), style="bold"), soft_wrap=True)
    for command in commands:
        out.print(Text(f"  {visible(command.line, 2000)}"), soft_wrap=True)
        if command.remark is not None:
            out.print(Text(f"    # {say(command.remark)}", style="dim"), soft_wrap=True)


def bar(confidence: float) -> str:
    """Return a confidence as ten blocks and in percent."""
    filled = round(confidence * _BAR)
    return f"{'█' * filled}{'░' * (_BAR - filled)} {round(confidence * 100):3d} %"


def _print_hypothesis(out: Console, hypothesis: Hypothesis, *, with_remedy: bool) -> None:
    say = wording().text
    line = Text(f"{bar(hypothesis.confidence)}  {say(hypothesis.statement)} ")
    line.append(f"({visible(hypothesis.cause)})", style="dim")
    out.print(line, soft_wrap=True)
    for one in hypothesis.evidence[:_EVIDENCE_SHOWN]:
        sign = "+" if one.weight >= 0 else "−"
        probe = f"{one.probe}: " if one.probe else ""
        out.print(Text(f"    {sign} {probe}{say(one.fact)}", style="dim"), soft_wrap=True)
    if with_remedy and hypothesis.remedy is not None:
        out.print(Text(f"    → {say(hypothesis.remedy)}"), soft_wrap=True)
    if hypothesis.log_hint is not None:
        in_log = msg("In the partner's log: {line}", line=hypothesis.log_hint)
        out.print(Text(f"    {say(in_log)}", style="dim"), soft_wrap=True)
    if hypothesis.same_as:
        alike = msg("Nothing seen so far tells it from: {causes}.", causes=", ".join(hypothesis.same_as))
        out.print(Text(f"    {say(alike)}", style="dim"), soft_wrap=True)
    if hypothesis.separated_by is not None:
        telling = msg("What tells: {how}", how=hypothesis.separated_by)
        out.print(Text(f"    {say(telling)}", style="dim"), soft_wrap=True)
    out.print()


def _print_probes(out: Console, probes: tuple[VariantProbe, ...]) -> None:
    """Print the matrix; on a narrow terminal as two lines for each probe."""
    if out.width >= _WIDE:
        out.print(_matrix(probes))
        return
    say = wording().text
    for probe in probes:
        version, certificate, name, groups = variant_cells(probe.variant)
        asked = msg(
            "{version}, certificate: {certificate}, server name: {name}, {groups}, {address}",
            version=version,
            certificate=certificate,
            name=name,
            groups=groups,
            address=probe.report.record.address or "–",
        )
        out.print(Text(f"{probe.id}  {say(asked)}"), soft_wrap=True)
        state = STATE_OF_VERDICT[probe.report.verdict]
        result = marked(state, say(result_words(probe.report.record)))
        out.print(Text("    ").append_text(result), soft_wrap=True)


def _matrix(probes: tuple[VariantProbe, ...]) -> Table:
    say = wording().text
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    titles = (
        msg("Probe"),
        msg("Version"),
        msg("Certificate"),
        msg("Server name"),
        msg("Groups"),
        msg("Address"),
    )
    for title in titles:
        table.add_column(say(title), no_wrap=True)
    table.add_column(say(msg("Result")), overflow="fold")
    for probe in probes:
        record = probe.report.record
        state = STATE_OF_VERDICT[probe.report.verdict]
        table.add_row(
            probe.id,
            *(Text(say(cell)) for cell in variant_cells(probe.variant)),
            Text(visible(record.address or "–")),
            marked(state, say(result_words(record))),
        )
    return table


def _family(diagnosis: Diagnosis) -> Message:
    family = diagnosis.family
    assert family is not None  # noqa: S101 - the caller looked
    if family.certain:
        return msg("Server software: {family}. {evidence}", family=family.family, evidence=family.evidence)
    return msg(
        "Server software, most likely: {family}. {evidence}", family=family.family, evidence=family.evidence
    )


def _print_legacy(out: Console, legacy: tuple[LegacyVersion, ...]) -> None:
    if not legacy:
        return
    say = wording().text
    line = Text(f"{say(msg('Old versions:'))} ")
    for position, one in enumerate(legacy):
        state, word = _LEGACY_WORDS[one.answer]
        line.append(", " if position else "")
        line.append(f"{_OLD_NAMES.get(one.version, one.version)} ")
        line.append_text(marked(state, say(word)))
    out.print(line, soft_wrap=True)


_NOTHING_TO_SAY = frozenset({FindingStatus.PASS, FindingStatus.NOT_APPLICABLE, FindingStatus.NOT_RUN})


def _print_preflight(out: Console, preflight: tuple[Finding, ...]) -> None:
    count = preflight_count(preflight)
    if count is None:
        return
    say = wording().text
    summary = msg(
        "Our certificate before the test: {passed} of {count} checks passed.",
        passed=count.passed,
        count=count.checked,
    )
    if count.not_run:
        summary = msg(
            "Our certificate before the test: {passed} of {count} checks passed; {left} could not be made.",
            passed=count.passed,
            count=count.checked,
            left=count.not_run,
        )
    out.print(Text(say(summary)), soft_wrap=True)
    for one in preflight:
        if one.status not in _NOTHING_TO_SAY:
            state = STATE_OF_STATUS[one.status]
            out.print(
                Text("  ").append_text(marked(state, f"{one.rule} {say(one.evidence)}")), soft_wrap=True
            )


def _print_identities(out: Console, diagnosis: Diagnosis) -> None:
    say = wording().text
    for match in diagnosis.identities:
        sentence = msg("Whether clients would send {name}:", name=match.name)
        out.print(Text(say(sentence), style="bold"), soft_wrap=True)
        for one in match.behaviours:
            line = f"  {visible(one.client)}: {visible(one.would_send.value)}. {say(one.reason)}"
            out.print(Text(line), soft_wrap=True)
