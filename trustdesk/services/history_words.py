"""What changed at an endpoint, in sentences: the changes of one test, the weightiest first. Pure.

Changes keep values in no language (`core.observation.Change`). What one test showed together is said
together: a renewal with another key by another CA is one entry, and not four.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.observation import Change, ChangeKind
from trustdesk.diagnose.causes import Cause
from trustdesk.services.board import State
from trustdesk.services.explaining import cause_texts
from trustdesk.services.history_values import HistoryEntry
from trustdesk.services.renewal_words import RENEWAL_KINDS, renewal_entry
from trustdesk.services.verdict_words import CLIENT_CERTIFICATE_WORDS, REQUESTED_WORDS

Certificates = Mapping[str, CertificateFacts]
_TURNS = frozenset({ChangeKind.NOW_FAILS, ChangeKind.NOW_WORKS})


def entries_of(changes: Iterable[Change], certificates: Certificates) -> tuple[HistoryEntry, ...]:
    """Return what changed in sentences, in the order of `changes`.

    Args:
        changes: those of one test beside each other.
        certificates: those that changes name, by SHA-256; what is not there is said without them.
    """
    found: list[HistoryEntry] = []
    for _observation, together in groupby(changes, key=lambda one: (one.endpoint_id, one.observation_id)):
        found += _of_one_test(tuple(together), certificates)
    return tuple(found)


def _of_one_test(changes: Sequence[Change], certificates: Certificates) -> list[HistoryEntry]:
    kinds = {change.kind for change in changes}
    entries: list[HistoryEntry] = []
    renewal = [change for change in changes if change.kind in RENEWAL_KINDS]
    is_renewed = ChangeKind.CERTIFICATE in kinds
    verdicts = [_entry(one, certificates) for one in changes if one.kind is ChangeKind.CLIENT_VERDICT]
    for change in changes:
        if change.kind is ChangeKind.CERTIFICATE:
            entries.append(renewal_entry(change, renewal, certificates))
        elif change.kind in RENEWAL_KINDS and is_renewed:
            continue  # part of the renewal
        elif _goes_without_saying(change.kind, kinds):
            continue
        else:
            entry = _entry(change, certificates)
            if change.kind in _TURNS:
                entry = replace(entry, details=(*entry.details, *(one.title for one in verdicts)))
            entries.append(entry)
    return entries


def _goes_without_saying(kind: ChangeKind, beside: set[ChangeKind]) -> bool:
    match kind:
        case ChangeKind.TRUST_LOST:
            return ChangeKind.NOW_FAILS in beside  # its cause says why
        case ChangeKind.TRUST_GAINED:
            return ChangeKind.NOW_WORKS in beside
        case ChangeKind.CLIENT_VERDICT:
            return not _TURNS.isdisjoint(beside)  # a line of theirs says it
        case ChangeKind.CIPHER_SUITE:
            return ChangeKind.TLS_VERSION in beside  # another version has other suites
        case ChangeKind.ANCHOR:
            return ChangeKind.ISSUER in beside  # the issuer says it
        case _:
            return False


def _entry(change: Change, certificates: Certificates) -> HistoryEntry:
    state, title, detail = _WORDS[change.kind](change, certificates)
    return HistoryEntry(
        kind=change.kind,
        state=state,
        endpoint_id=change.endpoint_id,
        observation_id=change.observation_id,
        at=change.at,
        title=title,
        details=() if detail is None else (detail,),
    )


_Said = tuple[State, Message, Message | None]


def cause_words(code: str) -> Message | None:
    """Return what a cause means; None for none, or for one that this version does not know."""
    if code in {"", Cause.NONE}:
        return None
    known = Cause(code) if code in set(Cause) else None
    return None if known is None else cause_texts()[known].meaning


def _fails(change: Change, _certificates: Certificates) -> _Said:
    return State.BAD, msg("Fails now"), cause_words(change.after)


def _works(change: Change, _certificates: Certificates) -> _Said:
    before = cause_words(change.before)
    return State.GOOD, msg("Works again"), None if before is None else msg("Before: {what}", what=before)


def _cause(change: Change, _certificates: Certificates) -> _Said:
    before, after = cause_words(change.before), cause_words(change.after)
    if after is not None:
        return State.WARNING, msg("Another cause"), after
    return (
        State.NOT_APPLICABLE,
        msg("Nothing to remark any more"),
        before and msg("Before: {what}", what=before),
    )


def _unreachable(change: Change, _certificates: Certificates) -> _Said:
    return State.UNKNOWN, msg("Not reached"), cause_words(change.after)


def _reachable(change: Change, _certificates: Certificates) -> _Said:
    before = cause_words(change.before)
    return (
        State.NOT_APPLICABLE,
        msg("Reached again"),
        None if before is None else msg("Before: {what}", what=before),
    )


def _chain(change: Change, _certificates: Certificates) -> _Said:
    before, after = len(change.before.split()), len(change.after.split())
    if not after:
        return State.WARNING, msg("CA certificates are no longer sent"), None
    if not before:
        return State.NOT_APPLICABLE, msg("CA certificates are sent now"), _sent(after)
    if before == after:
        return State.NOT_APPLICABLE, msg("Other CA certificates are sent"), None
    detail = msg("{now} Before: {count}.", now=_sent(after), count=before)
    return State.NOT_APPLICABLE, msg("Other CA certificates are sent"), detail


def _sent(count: int) -> Message:
    return msg_n(
        "{count} CA certificate comes with the server's.",
        "{count} CA certificates come with the server's.",
        count,
    )


def _anchor(change: Change, certificates: Certificates) -> _Said:
    names = [_name_of(digest, certificates) for digest in (change.before, change.after)]
    detail = msg("{before} to {after}", before=names[0], after=names[1])
    return State.NOT_APPLICABLE, msg("Its path ends at another CA"), detail


def _name_of(sha256: str, certificates: Certificates) -> str:
    facts = certificates.get(sha256)
    return sha256[:16] if facts is None else facts.title


def _trust_gained(_change: Change, _certificates: Certificates) -> _Said:
    return State.GOOD, msg("Its certificate is trusted now"), None


def _trust_lost(_change: Change, _certificates: Certificates) -> _Said:
    return State.BAD, msg("Its certificate is no longer trusted"), None


def _tls_version(change: Change, _certificates: Certificates) -> _Said:
    before, after = (text.replace("TLSv", "TLS ") for text in (change.before, change.after))
    # As text they stand in the order in which they came: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3.
    state = State.WARNING if change.after < change.before else State.NOT_APPLICABLE
    return state, msg("{after} instead of {before}", after=after, before=before), None


def _cipher_suite(change: Change, _certificates: Certificates) -> _Said:
    return State.NOT_APPLICABLE, msg("Another cipher suite"), _instead(change.after, change.before)


def _client_certificate(change: Change, _certificates: Certificates) -> _Said:
    before, after = (
        REQUESTED_WORDS[CertificateRequested(one)] if one in set(CertificateRequested) else _text(one)
        for one in (change.before, change.after)
    )
    title = msg("Client certificate: {after}", after=after)
    return State.NOT_APPLICABLE, title, msg("Before: {what}", what=before)


def _client_verdict(change: Change, _certificates: Certificates) -> _Said:
    before, after = (
        CLIENT_CERTIFICATE_WORDS[ClientCertificateVerdict(one)]
        if one in set(ClientCertificateVerdict)
        else _text(one)
        for one in (change.before, change.after)
    )
    is_rejected = change.after == ClientCertificateVerdict.REJECTED
    state = State.BAD if is_rejected else State.NOT_APPLICABLE
    return state, msg("Our certificate: {after}", after=after), msg("Before: {what}", what=before)


def _server_software(change: Change, _certificates: Certificates) -> _Said:
    return State.NOT_APPLICABLE, msg("Other server software"), _instead(change.after, change.before)


def _http_status(change: Change, _certificates: Certificates) -> _Said:
    is_fault = change.after.startswith("5")
    title = msg("HTTP {after} instead of {before}", after=change.after, before=change.before)
    return State.WARNING if is_fault else State.NOT_APPLICABLE, title, None


def _mechanisms(change: Change, _certificates: Certificates) -> _Said:
    before, after = (listed(one.split()) for one in (change.before, change.after))
    detail = msg("{after} instead of {before}", after=after, before=before)
    return State.NOT_APPLICABLE, msg("Other ways to log in are offered"), detail


def _identity(change: Change, _certificates: Certificates) -> _Said:
    if not change.after:
        return State.NOT_APPLICABLE, msg("Tested without a client certificate of ours"), None
    if not change.before:
        return State.NOT_APPLICABLE, msg("Tested with a client certificate of ours"), None
    return State.NOT_APPLICABLE, msg("Tested with another client certificate of ours"), None


def _other(change: Change, _certificates: Certificates) -> _Said:
    # Parts of a renewal whose certificate was not named.
    title = {
        ChangeKind.KEY: msg("Another key"),
        ChangeKind.ISSUER: msg("Another issuer"),
        ChangeKind.NAMES: msg("Other names"),
    }.get(change.kind, msg("Another certificate"))
    return State.WARNING, title, _instead(change.after, change.before) if change.before else None


def _instead(after: str, before: str) -> Message:
    return msg("{after} instead of {before}", after=after, before=before)


def _text(value: str) -> Message:
    return msg("{value}", value=value)


_WORDS: dict[ChangeKind, Callable[[Change, Certificates], _Said]] = {
    ChangeKind.NOW_FAILS: _fails,
    ChangeKind.NOW_WORKS: _works,
    ChangeKind.CAUSE: _cause,
    ChangeKind.UNREACHABLE: _unreachable,
    ChangeKind.REACHABLE: _reachable,
    ChangeKind.CERTIFICATE: _other,
    ChangeKind.KEY: _other,
    ChangeKind.ISSUER: _other,
    ChangeKind.NAMES: _other,
    ChangeKind.CHAIN: _chain,
    ChangeKind.ANCHOR: _anchor,
    ChangeKind.TRUST_GAINED: _trust_gained,
    ChangeKind.TRUST_LOST: _trust_lost,
    ChangeKind.TLS_VERSION: _tls_version,
    ChangeKind.CIPHER_SUITE: _cipher_suite,
    ChangeKind.CLIENT_CERTIFICATE: _client_certificate,
    ChangeKind.CLIENT_VERDICT: _client_verdict,
    ChangeKind.SERVER_SOFTWARE: _server_software,
    ChangeKind.HTTP_STATUS: _http_status,
    ChangeKind.MECHANISMS: _mechanisms,
    ChangeKind.IDENTITY: _identity,
}
