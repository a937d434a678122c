"""The entries of a revocation list as rows of a table, and what it says of what is open as verdict lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.revocation import CrlEntry, CrlSignature, CrlSigner
from trustdesk.core.untrusted import visible
from trustdesk.gui.inspector.row_table import RowCell, RowColumn
from trustdesk.gui.inspector.verdicts import VerdictLine
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.words import say
from trustdesk.services.board import State
from trustdesk.services.crl_view import is_fit, lines_of, scope_of
from trustdesk.services.desk_values import OpenedCrl
from trustdesk.services.evidence_in_use import EvidenceState, ListInUse
from trustdesk.services.likely_issuers import plain_name

_NAMED = 4
_NO_SIGNER = CrlSigner(state=CrlSignature.NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One row: `entry` None for one that cannot be read; `holder` of an open certificate, "" for none."""

    position: int
    entry: CrlEntry | None
    holder: str = ""


def spoken(row: EntryRow) -> str:
    """Return a row in words."""
    entry = row.entry
    if entry is None:
        return say(msg("Entry {number} cannot be read.", number=row.position + 1))
    parts = [
        say(msg("Entry {number}", number=row.position + 1)),
        say(msg("serial number {serial}", serial=entry.serial_number)),
        say(msg("revoked at {date}", date=_time(entry.revoked_at))),
    ]
    if row.holder:
        parts.insert(1, say(msg("{name}, which is open", name=row.holder)))
    if entry.reason is not None:
        parts.append(say(msg("reason {reason}", reason=entry.reason)))
    if entry.invalidity_date is not None:
        parts.append(say(msg("invalid since {date}", date=_time(entry.invalidity_date))))
    if entry.certificate_issuer is not None:
        parts.append(say(msg("issued by {issuer}", issuer=entry.certificate_issuer)))
    if entry.unhandled:
        oids = ", ".join(entry.unhandled)
        parts.append(say(msg("critical extension not understood: {oids}", oids=oids)))
    return ", ".join(parts)


def columns_of(*, indirect: bool) -> tuple[RowColumn[EntryRow], ...]:
    """Return the columns; an indirect list has one for the issuer of the certificate."""
    issuer = RowColumn(head=msg("Issuer of the certificate"), cell=_issuer)
    return (*_COLUMNS, issuer) if indirect else _COLUMNS


def crl_verdict_lines(
    facts: CrlFacts,
    opened: OpenedCrl | None,
    certificates: Mapping[str, CertificateFacts],
    now: datetime,
    use: ListInUse | None = None,
) -> tuple[VerdictLine, ...]:
    """Return what there is to know of a list: how current it is, who signed it, who of what is open is on it.

    Args:
        opened: None while it is being opened: nothing is said of its entries and its signature then.
        certificates: open ones, by SHA-256.
        use: whether it is judged by; None while that is not known, and nothing is said of it then.
    """
    if opened is None:
        currency = lines_of(facts, _NO_SIGNER, now)[0]
        begun = (_line(currency.state, currency.lead, currency.words), _scope(facts))
        return begun if use is None else (*begun, use_line(use, counts=True))
    shown = [_line(one.state, one.lead, one.words) for one in lines_of(facts, opened.signer, now)]
    lines = (*shown, *_listed(facts, opened, certificates), _scope(facts))
    return lines if use is None else (*lines, use_line(use, counts=is_fit(facts, opened.signer, now)))


def use_line(use: ListInUse, *, counts: bool) -> VerdictLine:
    """Say whether a list is judged by.

    Args:
        counts: whether nothing speaks against relying on it.
    """
    words = msg("Every judgement looks at it as long as it is open.")
    match use.state:
        case EvidenceState.OPENING:
            words = msg("It is being opened; judgements do not know it yet.")
            return _line(State.UNKNOWN, msg("Not used for judging."), words)
        case EvidenceState.NOT_USED:
            reason = use.problem or msg("It could not be opened.")
            return _line(State.WARNING, msg("Not used for judging."), reason)
        case EvidenceState.IN_USE:
            pass
    if use.kept_at is not None:
        words = msg(
            "This workspace keeps it since {date}: every judgement looks at it, also when it is closed.",
            date=f"{use.kept_at.astimezone(UTC):%Y-%m-%d}",
        )
    if not counts:
        words = msg("{use} As it stands, it proves nothing.", use=words)
    return _line(State.NOT_APPLICABLE, msg("It is used for judging."), words)


def title_of(certificates: Mapping[str, CertificateFacts], sha256: str) -> str:
    """Return what an open certificate is called; "" for one that is not open."""
    return certificates[sha256].title if sha256 in certificates else ""


def _listed(
    facts: CrlFacts, opened: OpenedCrl, certificates: Mapping[str, CertificateFacts]
) -> Iterator[VerdictLine]:
    on_list = [(certificates[key], entry) for key, entry in opened.on_list.items() if key in certificates]
    # What nobody is known to have signed proves nothing.
    state = State.BAD if opened.signer.state is CrlSignature.VALID else State.WARNING
    for certificate, entry in on_list[:_NAMED]:
        words = msg(
            "{name} is on this list since {date}: {reason}.",
            name=certificate.title,
            date=_time(entry.revoked_at),
            reason=entry.reason or msg("no reason is given"),
        )
        if entry.reason == "removeFromCRL":
            yield _line(State.NOT_APPLICABLE, msg("Taken off."), words)
        else:
            yield _line(state, msg("Revoked."), words)
    if len(on_list) > _NAMED:
        more = msg_n("{count} more is on it.", "{count} more are on it.", len(on_list) - _NAMED)
        yield _line(state, msg("Revoked."), more)
    rest = sum(
        1
        for key in opened.asked & certificates.keys() - opened.on_list.keys()
        if facts.issuer is not None and plain_name(certificates[key].issuer) == plain_name(facts.issuer)
    )
    if rest and facts.is_damaged:
        words = msg_n(
            "Whether {count} open certificate of this CA is on the list cannot be said.",
            "Whether {count} open certificates of this CA are on the list cannot be said.",
            rest,
        )
        yield _line(State.UNKNOWN, msg("Not known."), words)
    elif rest and facts.is_delta:
        words = msg_n(
            "{count} open certificate of this CA is not among the changes.",
            "{count} open certificates of this CA are not among the changes.",
            rest,
        )
        yield _line(State.NOT_APPLICABLE, msg("Not listed."), words)
    elif rest:
        words = msg_n(
            "{count} open certificate of this CA is not on this list.",
            "{count} open certificates of this CA are not on this list.",
            rest,
        )
        yield _line(State.NOT_APPLICABLE, msg("Not listed."), words)


def _scope(facts: CrlFacts) -> VerdictLine:
    """Say which list it is, and for what it speaks."""
    words = reduce(lambda first, then: msg("{first}; {then}", first=first, then=then), scope_of(facts))
    lead = msg("Without a number.")
    if facts.number is not None:
        lead = msg("Number {number}.", number=str(facts.number))
    return _line(State.NOT_APPLICABLE, lead, msg("{sentence}.", sentence=words))


def _line(state: State, lead: Message, words: Message) -> VerdictLine:
    return VerdictLine(state=state, lead=lead, reason=words)


def _time(at: datetime | None) -> str:
    return say(msg("not readable")) if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _position(row: EntryRow) -> RowCell:
    return RowCell(str(row.position + 1), "text3")


def _serial(row: EntryRow) -> RowCell:
    if row.entry is None:
        return RowCell(say(msg("cannot be read")), "bad", "bad", TypeStyle.ROW_TITLE_BAD)
    number = visible(row.entry.serial_number, 60)
    if row.holder:
        words = say(msg("{name} · {serial}", name=row.holder, serial=number))
        return RowCell(words, "bad", "certificate", TypeStyle.ROW_TITLE_BAD)
    if row.entry.unhandled:
        return RowCell(number, "warning", "warning", TypeStyle.FIXED)
    return RowCell(number, "text", "", TypeStyle.FIXED)


def _revoked_at(row: EntryRow) -> RowCell:
    if row.entry is None:
        return RowCell("–", "text3")
    return RowCell(_time(row.entry.revoked_at), "bad" if row.entry.revoked_at is None else "text")


def _reason(row: EntryRow) -> RowCell:
    reason = row.entry.reason if row.entry is not None else None
    return RowCell("–", "text3") if reason is None else RowCell(visible(reason, 40))


def _invalid_since(row: EntryRow) -> RowCell:
    date = row.entry.invalidity_date if row.entry is not None else None
    return RowCell("–", "text3") if date is None else RowCell(_time(date))


def _issuer(row: EntryRow) -> RowCell:
    if row.entry is None:
        return RowCell("–", "text3")
    issuer = row.entry.certificate_issuer
    return RowCell(say(msg("the list's own")), "text2") if issuer is None else RowCell(visible(issuer))


_COLUMNS: tuple[RowColumn[EntryRow], ...] = (
    RowColumn(head=msg("Entry"), cell=_position, width=10),
    RowColumn(head=msg("Serial number"), cell=_serial),
    RowColumn(head=msg("Revoked at"), cell=_revoked_at, width=22),
    RowColumn(head=msg("Reason"), cell=_reason, width=24),
    RowColumn(head=msg("Invalid since"), cell=_invalid_since, width=22, goes_first=1),
)
