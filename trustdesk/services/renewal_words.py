"""A renewal in words: which of key, issuer and names is new, and how long the new certificate lives. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.observation import Change, ChangeKind
from trustdesk.services.board import State
from trustdesk.services.history_values import HistoryEntry

RENEWAL_KINDS = frozenset(
    {
        ChangeKind.CERTIFICATE,
        ChangeKind.KEY,
        ChangeKind.ISSUER,
        ChangeKind.NAMES,
        ChangeKind.CHAIN,
    }
)
"""What belongs to a renewal where the server's certificate changed with it."""


def renewal_entry(
    certificate: Change, together: Sequence[Change], certificates: Mapping[str, CertificateFacts]
) -> HistoryEntry:
    """Return the entry of a renewal.

    Args:
        certificate: the change of kind CERTIFICATE.
        together: all changes of the same test that belong to it.
    """
    parts = {change.kind: change for change in together}
    old, new = certificates.get(certificate.before), certificates.get(certificate.after)
    kind = next((one for one in _WEIGHTIEST if one in parts), ChangeKind.CERTIFICATE)
    return HistoryEntry(
        kind=kind,
        # The same key for the same names is what a partner is expected to do.
        state=State.NOT_APPLICABLE if kind is ChangeKind.CERTIFICATE and old and new else State.WARNING,
        endpoint_id=certificate.endpoint_id,
        observation_id=certificate.observation_id,
        at=certificate.at,
        title=_title(parts, old, new),
        details=tuple(_details(parts, old, new)),
        before=certificate.before,
        after=certificate.after,
    )


_WEIGHTIEST = (ChangeKind.ISSUER, ChangeKind.NAMES, ChangeKind.KEY)


def _title(
    parts: Mapping[ChangeKind, Change], old: CertificateFacts | None, new: CertificateFacts | None
) -> Message:
    if old is None or new is None:
        return msg("Another certificate")
    if _is_older(new, old):
        return msg("An earlier certificate is back")
    if ChangeKind.ISSUER in parts:
        return msg("Issuer changed at renewal")
    if ChangeKind.NAMES in parts:
        return msg("Names changed at renewal")
    if ChangeKind.KEY in parts:
        return msg("New key, same names")
    return msg("Renewed with the same key")


def _details(
    parts: Mapping[ChangeKind, Change], old: CertificateFacts | None, new: CertificateFacts | None
) -> Iterator[Message]:
    issuer, names = parts.get(ChangeKind.ISSUER), parts.get(ChangeKind.NAMES)
    if issuer is not None:
        yield msg("{before} to {after}", before=short_name(issuer.before), after=short_name(issuer.after))
    if names is not None:
        yield from _names(names)
    if ChangeKind.KEY in parts and (issuer is not None or names is not None):
        yield msg("The key is new too.")
    if new is not None and new.not_after is not None:
        yield _validity(new.not_after, None if old is None else old.not_after)


def _names(change: Change) -> Iterator[Message]:
    before, after = (one.split(", ") if one else [] for one in (change.before, change.after))
    gone = [_plain(name) for name in before if name not in after]
    new = [_plain(name) for name in after if name not in before]
    if gone:
        yield msg("No longer for {names}.", names=listed(gone))
    if new:
        yield msg("Now for {names}.", names=listed(new))


def _plain(name: str) -> str:
    kind, _, rest = name.partition(":")
    return rest if kind == "DNS" and rest else name


def _validity(ends: datetime, before: datetime | None) -> Message:
    if before is None or before == ends:
        return msg("Valid until {date}.", date=_day(ends))
    return msg("Valid until {date}, before until {old}.", date=_day(ends), old=_day(before))


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _is_older(new: CertificateFacts, old: CertificateFacts) -> bool:
    return new.not_before is not None and old.not_before is not None and new.not_before < old.not_before


def short_name(name: str) -> str:
    """Return what a person calls a distinguished name: its CN, else its organisation, else all of it.

    Args:
        name: RFC 4514; the comma, where it is part of a value, is escaped there.
    """
    parts = _attributes(name)
    return parts.get("CN") or parts.get("O") or name or "–"


def _attributes(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    start, is_escaped = 0, False
    for place, character in enumerate(f"{name},"):
        if is_escaped:
            is_escaped = False
        elif character == "\\":
            is_escaped = True
        elif character in ",+":
            kind, _, value = name[start:place].strip().partition("=")
            found.setdefault(kind.upper(), _unescaped(value))
            start = place + 1
    return found


def _unescaped(value: str) -> str:
    shown: list[str] = []
    is_escaped = False
    for character in value:
        if character == "\\" and not is_escaped:
            is_escaped = True
            continue
        shown.append(character)
        is_escaped = False
    return "".join(shown)
