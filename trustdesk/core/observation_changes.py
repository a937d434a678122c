"""What changed at an endpoint from one test to the next: comparing observations, and nothing else.

A test that did not reach the partner tells nothing of the partner but that. Everything else is compared with
the last test that had an answer, and a certificate with the last that was shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.observation import Change, ChangeKind, Observation, ObservationFacts
from trustdesk.core.probe import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """What of a server's certificate is compared.

    Attributes:
        spki_sha256: of its public key; "" when it cannot be read.
        issuer: RFC 4514; "" when it cannot be read.
        names: its subjectAltName, as in `CertificateFacts`.
    """

    sha256: str
    spki_sha256: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What an endpoint had shown before a test.

    Attributes:
        was_reached: whether the test just before reached the partner.
        outcome: how that one ended.
        facts: of the last test that reached it, and what that left open as older ones saw it; None when
            none ever did.
        chain: presented last, end entity first; empty when none ever was.
    """

    was_reached: bool
    outcome: Outcome
    facts: ObservationFacts | None = None
    chain: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether older tests would add nothing that matters."""
        return (
            self.facts is not None
            and self.facts.tls_version is not None
            and self.facts.trusted is not None
            and bool(self.chain)
        )


def past_of(newest_first: Iterable[Observation]) -> Past | None:
    """Sum up what is known of an endpoint; None when there was no test, or each was cancelled.

    Args:
        newest_first: read only as far as it takes.
    """
    past: Past | None = None
    for one in newest_first:
        if one.facts.outcome is Outcome.CANCELLED:
            continue
        if past is None:
            past = Past(was_reached=one.is_conclusive, outcome=one.facts.outcome)
        if one.is_conclusive:
            facts = one.facts if past.facts is None else _completed(past.facts, one.facts)
            past = replace(past, facts=facts)
        if one.chain and not past.chain:
            past = replace(past, chain=one.chain)
        if past.is_complete:
            break
    return past


def _completed(facts: ObservationFacts, older: ObservationFacts) -> ObservationFacts:
    """Fill in what a test left open with what an older one saw."""
    if facts.tls_version is None:
        facts = replace(facts, tls_version=older.tls_version, cipher_suite=older.cipher_suite)
    if facts.trusted is None:
        facts = replace(facts, trusted=older.trusted, faults=older.faults)
    if facts.requested is CertificateRequested.UNKNOWN:
        facts = replace(facts, requested=older.requested)
    if facts.client_verdict is ClientCertificateVerdict.UNKNOWN:
        facts = replace(facts, client_verdict=older.client_verdict)
    if facts.anchor is None:
        facts = replace(facts, anchor=older.anchor, anchor_list=older.anchor_list)
    return replace(
        facts,
        http_status=older.http_status if facts.http_status is None else facts.http_status,
        server_family=facts.server_family or older.server_family,
        mechanisms=facts.mechanisms or older.mechanisms,
    )


def changes_between(
    past: Past | None, after: Observation, certificates: Mapping[str, ServerCertificate]
) -> tuple[Change, ...]:
    """Return what a test showed that was otherwise before, in the order of `ChangeKind`.

    Args:
        past: None for the first test of an endpoint, to which everything is new and nothing changed.
        after: a test of an endpoint; one of no endpoint has no past.
        certificates: end entities by digest; of one that is not in it only the digest is compared.
    """
    if past is None or after.endpoint_id is None or after.facts.outcome is Outcome.CANCELLED:
        return ()
    found = [*_of_reaching(past, after)]
    if after.chain and past.chain and after.chain != past.chain:
        found += _of_chains(past.chain, after.chain, certificates)
    if after.is_conclusive and past.facts is not None:
        found += _of_facts(past.facts, after.facts)
    order = list(ChangeKind)
    return tuple(
        Change(
            kind=kind,
            endpoint_id=after.endpoint_id,
            observation_id=after.id,
            at=after.started_at,
            before=before,
            after=now,
        )
        for kind, before, now in sorted(found, key=lambda one: order.index(one[0]))
    )


_Found = tuple[ChangeKind, str, str]


def _of_reaching(past: Past, after: Observation) -> Iterator[_Found]:
    if past.was_reached and not after.is_conclusive:
        yield ChangeKind.UNREACHABLE, past.outcome.value, after.facts.cause
    elif not past.was_reached and after.is_conclusive:
        yield ChangeKind.REACHABLE, past.outcome.value, after.facts.outcome.value


def _of_chains(
    before: tuple[str, ...], after: tuple[str, ...], certificates: Mapping[str, ServerCertificate]
) -> Iterator[_Found]:
    if before[1:] != after[1:]:
        yield ChangeKind.CHAIN, " ".join(before[1:]), " ".join(after[1:])
    if before[0] == after[0]:
        return
    yield ChangeKind.CERTIFICATE, before[0], after[0]
    old, new = certificates.get(before[0]), certificates.get(after[0])
    if old is None or new is None:
        return
    if old.spki_sha256 and new.spki_sha256 and old.spki_sha256 != new.spki_sha256:
        yield ChangeKind.KEY, old.spki_sha256, new.spki_sha256
    if old.issuer != new.issuer:
        yield ChangeKind.ISSUER, old.issuer, new.issuer
    if set(old.names) != set(new.names):
        yield ChangeKind.NAMES, ", ".join(old.names), ", ".join(new.names)


def _of_facts(before: ObservationFacts, after: ObservationFacts) -> Iterator[_Found]:
    failed, fails = before.verdict is Verdict.FAIL, after.verdict is Verdict.FAIL
    if failed != fails:
        yield ChangeKind.NOW_FAILS if fails else ChangeKind.NOW_WORKS, before.cause, after.cause
    elif before.cause != after.cause:
        yield ChangeKind.CAUSE, before.cause, after.cause
    if None not in (before.trusted, after.trusted) and before.trusted != after.trusted:
        kind = ChangeKind.TRUST_GAINED if after.trusted else ChangeKind.TRUST_LOST
        yield kind, _first(before.faults), _first(after.faults)
    for kind, old, new in (
        (ChangeKind.ANCHOR, before.anchor, after.anchor),
        (ChangeKind.TLS_VERSION, before.tls_version, after.tls_version),
        (ChangeKind.CIPHER_SUITE, before.cipher_suite, after.cipher_suite),
        (ChangeKind.SERVER_SOFTWARE, before.server_family, after.server_family),
        (ChangeKind.HTTP_STATUS, _text(before.http_status), _text(after.http_status)),
        (ChangeKind.MECHANISMS, " ".join(before.mechanisms), " ".join(after.mechanisms)),
        (ChangeKind.CLIENT_CERTIFICATE, _known(before.requested), _known(after.requested)),
        (ChangeKind.CLIENT_VERDICT, _known(before.client_verdict), _known(after.client_verdict)),
    ):
        if old and new and old != new:
            yield kind, old, new
    if before.identity != after.identity:
        yield ChangeKind.IDENTITY, before.identity or "", after.identity or ""


def _first(values: tuple[str, ...]) -> str:
    return str(values[0]) if values else ""


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _known(value: CertificateRequested | ClientCertificateVerdict) -> str:
    return "" if value.value == "unknown" else value.value
