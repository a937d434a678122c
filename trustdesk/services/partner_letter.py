"""Write to partner: what we saw, what we ask, and the facts to find it by, without blame and without secrets.

A letter is a value of sentences and facts; text and Markdown are two ways of laying it out. It names public
things only: certificates by subject, serial number and SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis, Hypothesis
from trustdesk.core.handshake import AlertDirection
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import ProbeRecord, Responsible
from trustdesk.diagnose.causes import Cause
from trustdesk.services.fingerprints import in_pairs
from trustdesk.services.preflight_words import preflight_count

Words = Callable[[Message], str]

LIKELY = 0.15
"""Confidence from which a second cause is worth the partner's time."""

_MAX_ALTERNATIVES = 2
_WIDTH = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of facts; `value` is foreign text as it came, or a sentence."""

    label: Message
    value: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a letter.

    Attributes:
        heading: None for the opening.
        paragraphs: sentences.
        points: sentences, one below the other.
        code: text to look for, as it stands in a log; None without.
    """

    heading: Message | None = None
    paragraphs: tuple[Message, ...] = ()
    points: tuple[Message, ...] = ()
    facts: tuple[Fact, ...] = ()
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to a partner."""

    subject: Message
    sections: tuple[Section, ...]


def write_letter(diagnosis: Diagnosis, client: CertificateFacts | None = None) -> Letter:
    """Write to the partner about a diagnosis.

    Args:
        client: the client certificate that was selected; None when none was.
    """
    first, *others = diagnosis.hypotheses
    record = diagnosis.probes[0].report.record
    return Letter(
        subject=msg(
            "TLS test of {endpoint} on {at}", endpoint=diagnosis.target.endpoint, at=diagnosis.started_at
        ),
        sections=tuple(_sections(diagnosis, first, others, record, client)),
    )


def letter_text(letter: Letter, say: Words) -> str:
    """Lay a letter out as plain text."""
    lines = [say(msg("Subject: {subject}", subject=letter.subject)), ""]
    for section in letter.sections:
        if section.heading is not None:
            heading = say(section.heading)
            lines += [heading, "-" * len(heading)]
        lines += [line for paragraph in section.paragraphs for line in (say(paragraph), "")]
        lines += [f"  - {say(point)}" for point in section.points]
        if section.code is not None:
            lines += [*_apart(lines), f"    {say(_foreign(section.code))}"]
        lines += [f"  {say(fact.label):<{_WIDTH}} {say(fact.value)}" for fact in section.facts]
        if lines[-1]:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def letter_markdown(letter: Letter, say: Words) -> str:
    """Lay a letter out as Markdown; every text in it is escaped, so that no name of a peer is markup."""
    lines = [f"# {_escaped(say(letter.subject))}", ""]
    for section in letter.sections:
        if section.heading is not None:
            lines += [f"## {_escaped(say(section.heading))}", ""]
        lines += [line for paragraph in section.paragraphs for line in (_escaped(say(paragraph)), "")]
        lines += [f"- {_escaped(say(point))}" for point in section.points]
        if section.code is not None:
            lines += [*_apart(lines), f"    {say(_foreign(section.code))}"]
        if section.facts:
            lines += [*_apart(lines), "| | |", "|---|---|"]
            lines += [
                f"| {_escaped(say(fact.label))} | {_escaped(say(fact.value))} |" for fact in section.facts
            ]
        if lines[-1]:
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _apart(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the empty line that sets the next apart; none where one stands already."""
    return ("",) if lines and lines[-1] else ()


def _sections(
    diagnosis: Diagnosis,
    first: Hypothesis,
    others: Sequence[Hypothesis],
    record: ProbeRecord,
    client: CertificateFacts | None,
) -> Iterator[Section]:
    yield Section(
        paragraphs=(
            msg("Dear colleagues,"),
            msg(
                "we tested the connection to {endpoint} on {at}. {result}",
                endpoint=diagnosis.target.endpoint,
                at=diagnosis.started_at,
                result=first.statement,
            ),
        )
    )
    yield Section(heading=msg("What we saw"), points=tuple(one.fact for one in first.evidence))
    if first.cause != Cause.NONE:
        yield _request(first)
    likely = [one for one in others if one.confidence >= LIKELY][:_MAX_ALTERNATIVES]
    if likely:
        yield Section(
            heading=msg("What it could be as well"),
            points=tuple(
                msg("{statement} {remedy}", statement=one.statement, remedy=one.remedy)
                if one.remedy is not None
                else one.statement
                for one in likely
            ),
        )
    if first.log_hint is not None:
        yield Section(
            heading=msg("Where to look"),
            paragraphs=(
                msg("In the log of your server, at the times named below, we expect a line like this:"),
            ),
            code=first.log_hint,
        )
    yield Section(heading=msg("The test"), facts=tuple(_facts_of_test(diagnosis, record)))
    if record.presented_chain:
        yield Section(
            heading=msg("Your certificate, as it was sent"),
            facts=tuple(_facts_of_certificate(record.presented_chain[0], diagnosis.started_at)),
        )
    if client is not None:
        yield Section(
            heading=msg("Our client certificate"),
            paragraphs=tuple(_preflight(diagnosis)),
            facts=tuple(_facts_of_certificate(client, diagnosis.started_at)),
        )


def _request(first: Hypothesis) -> Section:
    asked = [] if first.remedy is None else [first.remedy]
    if first.responsible is Responsible.US:
        return Section(
            heading=msg("What happens next"),
            paragraphs=(msg("The cause lies on our side, and we take care of it:"),),
            points=tuple(asked),
        )
    return Section(
        heading=msg("What we ask for"),
        points=(*asked, msg("Please tell us what your log says of it, and when we may test again.")),
    )


def _facts_of_test(diagnosis: Diagnosis, record: ProbeRecord) -> Iterator[Fact]:
    target = diagnosis.target
    yield Fact(label=msg("Endpoint"), value=_foreign(target.endpoint))
    if record.address is not None:
        yield Fact(label=msg("Address"), value=_foreign(record.address))
    yield Fact(label=msg("Server name sent"), value=_foreign(target.server_name or "–"))
    yield Fact(label=msg("Name verified"), value=_foreign(target.verify_name))
    for probe in diagnosis.probes:
        yield Fact(label=msg("Test {id}", id=probe.id), value=_course(probe.report.record))


def _course(record: ProbeRecord) -> Message:
    """Say in one line when a test was made and how it went."""
    version = record.negotiated.version.replace("TLSv", "TLS ") if record.negotiated is not None else "–"
    refusal = record.last_alert(AlertDirection.RECEIVED)
    if refusal is not None:
        return msg(
            "{at}, {version}, alert {name} ({code})",
            at=record.started_at,
            version=version,
            name=refusal.name,
            code=refusal.code,
        )
    if record.http is not None:
        return msg(
            "{at}, {version}, HTTP {status}", at=record.started_at, version=version, status=record.http.status
        )
    if record.error is not None:
        return msg("{at}, {version}. {error}", at=record.started_at, version=version, error=record.error)
    return msg("{at}, {version}", at=record.started_at, version=version)


def _facts_of_certificate(facts: CertificateFacts, at: datetime) -> Iterator[Fact]:
    yield Fact(label=msg("Subject"), value=_foreign(facts.subject or "–"))
    names = [name for name in facts.subject_alt_names if name.startswith(("DNS:", "URI:", "IP:"))]
    if names:
        yield Fact(label=msg("Alternative names"), value=_foreign(", ".join(names[:8])))
    yield Fact(label=msg("Issuer"), value=_foreign(facts.issuer or "–"))
    yield Fact(label=msg("Serial number"), value=_foreign(facts.serial_number or "–"))
    if facts.not_before is not None and facts.not_after is not None:
        days = (facts.not_after - at).days
        left = msg_n("{count} day left", "{count} days left", days) if days >= 0 else msg("expired")
        yield Fact(
            label=msg("Valid"),
            value=msg(
                "{not_before} to {not_after} ({left})",
                not_before=facts.not_before,
                not_after=facts.not_after,
                left=left,
            ),
        )
    yield Fact(label=msg("SHA-256"), value=_foreign(in_pairs(facts.sha256)))


def _preflight(diagnosis: Diagnosis) -> Iterator[Message]:
    count = preflight_count(diagnosis.preflight)
    if count is None:
        return
    if count.not_run:
        yield msg(
            "We checked it before the test: {passed} of {checked} checks passed; {left} could not be made.",
            passed=count.passed,
            checked=count.checked,
            left=count.not_run,
        )
    else:
        yield msg(
            "We checked it before the test: {passed} of {checked} checks passed.",
            passed=count.passed,
            checked=count.checked,
        )


def _foreign(text: str) -> Message:
    """Wrap a text that is no sentence, so that it is bounded and escaped like all others."""
    return msg("{text}", text=text)


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>#|~!" else letter for letter in text)
