"""Trust lists for people: what a list is, what a version would change, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.cli.render_lint import print_list_of_findings
from trustdesk.core.finding import Finding, FindingStatus, Verdict, verdict_of
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import EntryKind, ListEntry
from trustdesk.core.trust_version import (
    Authenticity,
    AuthenticityState,
    ChangeKind,
    EntryChange,
    FieldChange,
    ListDifference,
    ListReview,
    ListSummary,
    ListVersion,
    VersionLine,
)
from trustdesk.core.untrusted import visible
from trustdesk.services import trust_words as words
from trustdesk.services.board import State
from trustdesk.services.list_case import is_readable, is_trusted
from trustdesk.services.wording import wording

_SHOWN = 40
"""Entries of one kind that are printed without `--all`."""
_STATES = {Verdict.PASS: State.GOOD, Verdict.WARN: State.WARNING, Verdict.FAIL: State.BAD}
_TOLD = {FindingStatus.FAIL, FindingStatus.WARN, FindingStatus.NOT_RUN}


def print_lists(out: Console, lists: Sequence[ListSummary], at: datetime) -> None:
    """Print each list on a few lines, those in force first.

    Args:
        at: now: what ages are counted from.
    """
    for summary in sorted(lists, key=lambda one: not one.in_force):
        state = State.GOOD if summary.in_force else State.NOT_APPLICABLE
        out.print(marked(state, visible(summary.name, 80), bold=True), soft_wrap=True)
        for line in _facts_of_list(summary, at):
            print_line(out, line, indent=2)
        for version in summary.versions:
            _print_version_line(out, version)


def print_version(out: Console, version: ListVersion, at: datetime, *, everything: bool) -> None:
    """Print what a version says of itself, then its entries.

    Args:
        at: now: what has expired by then is said to have.
    """
    content = version.content
    out.print(Text(visible(content.title or version.list_name, 200), style="bold"), soft_wrap=True)
    _print_facts(
        out,
        (
            (msg("Version"), f"{version.reference}, {wording().text(words.VERSION_WORDS[version.state])}"),
            (msg("Publisher"), visible(content.publisher.name, 200) or "–"),
            (msg("Sequence"), "–" if content.sequence is None else str(content.sequence)),
            (msg("Issued"), _date(content.issued_at)),
            (msg("Next update"), _date(content.next_update)),
            (msg("Signature"), wording().text(signature_words(content.authenticity))),
            (msg("Signer"), content.authenticity.signer or "–"),
            (msg("Source"), visible(version.source.place, 300)),
            (msg("Form"), wording().text(words.SOURCE_WORDS[version.source.kind])),
            (msg("SHA-256"), version.source.sha256),
            (msg("Who stands behind it"), wording().text(words.ENDORSEMENT_WORDS[content.endorsement])),
        ),
    )
    out.print()
    _print_entries(out, content.entries if everything else content.entries[:_SHOWN], at)
    _print_left_out(out, 0 if everything else len(content.entries) - _SHOWN)
    for remark in content.remarks:
        out.print(marked(State.WARNING, wording().text(remark)), soft_wrap=True)


def print_review(out: Console, review: ListReview, *, everything: bool) -> None:
    """Print what a person decides on: what stands against it, what it changes, and its lint."""
    say = wording().text
    verdict = Verdict.FAIL if review.obstacles else verdict_of(review.lint)
    out.print(marked(_STATES[verdict], say(_headline(review)), bold=True), soft_wrap=True)
    for obstacle in review.obstacles:
        out.print(Text("  ").append_text(marked(State.BAD, say(obstacle.problem))), soft_wrap=True)
        option = f" ({obstacle.overridable_by})" if obstacle.overridable_by else ""
        out.print(Text(f"    {say(obstacle.remedy)}{option}"), soft_wrap=True)
    for warning in review.warnings:
        out.print(Text("  ").append_text(marked(State.WARNING, say(warning))), soft_wrap=True)
    content = review.content
    out.print()
    _print_facts(
        out,
        (
            (msg("Title"), visible(content.title, 200) or "–"),
            (msg("Signature"), say(signature_words(content.authenticity))),
            (msg("Signer"), content.authenticity.signer or "–"),
            (msg("Sequence"), "–" if content.sequence is None else str(content.sequence)),
            (msg("Next update"), _date(content.next_update)),
            (msg("Source"), f"{visible(review.source.place, 300)}, {review.source.sha256}"),
        ),
    )
    out.print()
    if is_readable(content):
        print_difference(out, review.difference, everything=everything)
    else:
        print_line(out, msg("What is not proved is not compared: nothing is said of its entries."))
    if review.undecided:
        undecided = msg_n(
            "The list does not say what {count} CA may vouch for: until somebody does (--usage), it counts"
            " for servers and clients.",
            "The list does not say what {count} CAs may vouch for: until somebody does (--usage), they count"
            " for servers and clients.",
            len(review.undecided),
        )
        out.print(marked(State.WARNING, say(undecided)), soft_wrap=True)
    for remark in content.remarks:
        out.print(marked(State.WARNING, say(remark)), soft_wrap=True)
    print_lint(out, review.lint, everything=everything)


def print_difference(out: Console, difference: ListDifference, *, everything: bool) -> None:
    """Print what one version holds that another does not."""
    say = wording().text
    counts = msg(
        "Added {added}, removed {removed}, changed {changed}, expired {expired}, unchanged {unchanged}.",
        added=len(difference.of(ChangeKind.ADDED)),
        removed=len(difference.of(ChangeKind.REMOVED)),
        changed=len(difference.of(ChangeKind.CHANGED)),
        expired=len(difference.of(ChangeKind.EXPIRED)),
        unchanged=difference.unchanged,
    )
    if difference.before:
        counts = msg(
            "{before} to {after}: {counts}", before=difference.before, after=difference.after, counts=counts
        )
    out.print(Text(say(counts)), soft_wrap=True)
    _print_fields(out, difference.envelope, indent=2)
    for kind in ChangeKind:
        changes = difference.of(kind)
        for change in changes if everything else changes[:_SHOWN]:
            _print_change(out, change)
        _print_left_out(out, 0 if everything else len(changes) - _SHOWN)


def print_lint(out: Console, findings: Sequence[Finding], *, everything: bool) -> None:
    """Print the lint of a list, worst first."""
    print_list_of_findings(out, [one for one in findings if everything or one.status in _TOLD])


def print_line(out: Console, line: Message, *, indent: int = 0) -> None:
    """Print one sentence."""
    out.print(Text(" " * indent + wording().text(line)), soft_wrap=True)


def signature_words(authenticity: Authenticity) -> Message:
    """Return what is known of a signature; only a verified one is good."""
    said = words.AUTHENTICITY_WORDS[authenticity.state]
    if authenticity.state is AuthenticityState.FAILED and authenticity.why is not None:
        return authenticity.why
    if authenticity.why is not None:
        return msg("{state}: {why}", state=said, why=authenticity.why)
    if authenticity.state is AuthenticityState.VERIFIED and authenticity.pinned:
        return msg("{state}, by the pinned signer", state=said)
    return said


def _headline(review: ListReview) -> Message:
    if review.obstacles:
        return msg("{name}: this version cannot be applied.", name=review.name)
    if review.is_same:
        return msg("{name}: nothing differs from what is applied.", name=review.name)
    if review.base is None:
        return msg_n(
            "{name}: a new list of {count} entry. Nothing is applied yet.",
            "{name}: a new list of {count} entries. Nothing is applied yet.",
            len(review.content.entries),
            name=review.name,
        )
    return msg(
        "{name}: version {number} in place of version {base}. Nothing is applied yet.",
        name=review.name,
        number=review.number,
        base=review.base,
    )


def _facts_of_list(summary: ListSummary, at: datetime) -> list[Message]:
    facts = [msg("{title}; {endorsement}", title=summary.title, endorsement=_endorsed(summary))]
    applied = summary.applied
    if applied is None:
        facts.append(msg("Nothing of it is applied."))
    else:
        facts.append(
            msg_n(
                "Version {number}, {count} entry, kept {days} days ago. {signature}.",
                "Version {number}, {count} entries, kept {days} days ago. {signature}.",
                applied.entries,
                number=applied.number,
                days=max(0, (at - applied.kept_at).days),
                signature=words.AUTHENTICITY_WORDS[applied.authenticity.state],
            )
        )
        if applied.next_update is not None and applied.next_update < at:
            facts.append(
                msg("Its next version was due on {date}; ask its publisher.", date=applied.next_update)
            )
    if summary.waiting is not None:
        facts.append(msg("Version {number} waits for a decision.", number=summary.waiting.number))
    return facts


def _endorsed(summary: ListSummary) -> Message:
    return words.ENDORSEMENT_WORDS[summary.endorsement]


def _print_version_line(out: Console, version: VersionLine) -> None:
    line = msg_n(
        "@{number} {state}, sequence {sequence}, {count} entry, {source}",
        "@{number} {state}, sequence {sequence}, {count} entries, {source}",
        version.entries,
        number=version.number,
        state=words.VERSION_WORDS[version.state],
        sequence="–" if version.sequence is None else str(version.sequence),
        source=version.source.place,
    )
    out.print(Text(f"    {wording().text(line)}", style="dim"), soft_wrap=True)


def _print_facts(out: Console, facts: Sequence[tuple[Message, str]]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for title, value in facts:
        table.add_row(wording().text(title), Text(value))
    out.print(table)


def _print_entries(out: Console, entries: Sequence[ListEntry], at: datetime) -> None:
    say = wording().text
    for entry in entries:
        until = None if entry.certificate is None else entry.certificate.not_after
        state, status = words.STATUS_STATES[entry.status], words.STATUS_WORDS[entry.status]
        if is_trusted(entry) and until is not None and until <= at:
            # Whatever the list says of it, nothing is trusted by a certificate that has expired.
            state, status = State.BAD, msg("{status}, but expired", status=status)
        line = marked(state, say(status))
        line.append(f"  {visible(entry.subject, 160)}")
        out.print(line, soft_wrap=True)
        facts = msg(
            "{kind}, for {usage}, until {date}",
            kind=words.KIND_WORDS[entry.kind],
            usage=words.usage_words(entry.usages),
            date=_date(until),
        )
        out.print(Text(f"    {say(facts)}  {entry.sha256}", style="dim"), soft_wrap=True)


def _print_change(out: Console, change: EntryChange) -> None:
    say = wording().text
    state = {
        ChangeKind.ADDED: State.RUNNING,
        ChangeKind.REMOVED: State.BAD,
        ChangeKind.CHANGED: State.WARNING,
        ChangeKind.EXPIRED: State.WARNING,
    }[change.kind]
    line = Text("  ").append_text(marked(state, say(words.CHANGE_WORDS[change.kind])))
    line.append(f"  {visible(change.entry.subject, 160)}")
    out.print(line, soft_wrap=True)
    if change.kind is not ChangeKind.CHANGED:
        usage = say(words.usage_words(change.entry.usages))
        kind = "" if change.entry.kind is EntryKind.ROOT else f"{say(words.KIND_WORDS[change.entry.kind])}, "
        out.print(Text(f"      {kind}{usage}  {change.entry.sha256}", style="dim"), soft_wrap=True)
    _print_fields(out, change.fields, indent=6)


def _print_fields(out: Console, fields: Sequence[FieldChange], *, indent: int) -> None:
    say = wording().text
    for field in fields:
        before, after = ("–" if one is None else say(one) for one in (field.before, field.after))
        out.print(Text(f"{' ' * indent}{say(field.title)}: {before} → {after}"), soft_wrap=True)


def _print_left_out(out: Console, count: int) -> None:
    if count > 0:
        rest = msg_n("{count} more; --all shows it.", "{count} more; --all shows them.", count)
        out.print(Text(f"  {wording().text(rest)}", style="dim"), soft_wrap=True)


def _date(at: datetime | None) -> str:
    return "–" if at is None else f"{at:%Y-%m-%d}"
