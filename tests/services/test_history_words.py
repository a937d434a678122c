"""What changed, in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.histories import (
    CA,
    CERTIFICATES,
    EXPIRED,
    FIRST,
    NEW_ISSUER,
    NEW_KEY,
    NEW_NAMES,
    OTHER_CA,
    SAME_KEY,
    SILENT,
    WORKS,
    changes_of,
    observed,
)
from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.observation import Change, ChangeKind, Observation, ObservationFacts
from trustdesk.core.probe import Outcome
from trustdesk.services.board import State
from trustdesk.services.history_values import HistoryEntry
from trustdesk.services.history_words import entries_of
from trustdesk.services.renewal_words import short_name
from trustdesk.services.wording import wording


def entries(*observations: Observation) -> tuple[HistoryEntry, ...]:
    return entries_of(changes_of(observations), CERTIFICATES)


def lines(entry: HistoryEntry) -> list[str]:
    return [wording("en").text(one) for one in (entry.title, *entry.details)]


def said(*observations: Observation) -> list[list[str]]:
    return [lines(entry) for entry in entries(*observations)]


@pytest.mark.parametrize(
    ("before", "after", "kind", "expected"),
    [
        (
            FIRST,
            NEW_KEY,
            ChangeKind.KEY,
            ["New key, same names", "Valid until 2026-12-31, before until 2026-10-02."],
        ),
        (
            FIRST,
            SAME_KEY,
            ChangeKind.CERTIFICATE,
            ["Renewed with the same key", "Valid until 2026-12-31, before until 2026-10-02."],
        ),
        (
            FIRST,
            NEW_ISSUER,
            ChangeKind.ISSUER,
            [
                "Issuer changed at renewal",
                "Skybridge G3 to Meridian, TLS CA 4",
                "The key is new too.",
                "Valid until 2026-12-31, before until 2026-10-02.",
            ],
        ),
        (
            NEW_ISSUER,
            NEW_NAMES,
            ChangeKind.NAMES,
            [
                "Names changed at renewal",
                "Now for new.tamarind.example.",
                "Valid until 2027-01-10, before until 2026-12-31.",
            ],
        ),
        (
            NEW_NAMES,
            NEW_ISSUER,
            ChangeKind.NAMES,
            [
                "An earlier certificate is back",
                "No longer for new.tamarind.example.",
                "Valid until 2026-12-31, before until 2027-01-10.",
            ],
        ),
    ],
)
def test_a_renewal_is_one_entry_that_the_weightiest_names(
    before: str, after: str, kind: ChangeKind, expected: list[str]
) -> None:
    (entry,) = entries(observed(0, chain=(before, CA)), observed(1, chain=(after, OTHER_CA)))

    assert lines(entry) == expected
    assert (entry.kind, entry.before, entry.after) == (kind, before, after)


def test_only_the_same_key_for_the_same_names_needs_no_look() -> None:
    same, other = (
        entries(observed(0), observed(1, chain=(after, CA)))[0].state for after in (SAME_KEY, NEW_KEY)
    )

    assert (same, other) == (State.NOT_APPLICABLE, State.WARNING)


def test_of_a_certificate_that_is_not_at_hand_nothing_is_claimed() -> None:
    (entry,) = entries(observed(0), observed(1, chain=("f" * 64, CA)))

    assert lines(entry) == ["Another certificate"]
    assert entry.state is State.WARNING


def test_an_outage_an_expiry_and_its_end() -> None:
    days = [observed(0), observed(1, SILENT), observed(2), observed(3, EXPIRED), observed(4)]

    assert said(*days) == [
        ["Not reached", "No connection came about in time: something on the way drops our packets."],
        ["Reached again"],
        ["Fails now", "The server's certificate has expired."],
        ["Works again", "Before: The server's certificate has expired."],
    ]
    assert [entry.state for entry in entries(*days)] == [
        State.UNKNOWN,
        State.NOT_APPLICABLE,
        State.BAD,
        State.GOOD,
    ]


@pytest.mark.parametrize(
    ("before", "after", "state", "expected"),
    [
        (
            WORKS,
            replace(WORKS, tls_version="TLSv1.2", cipher_suite="X"),
            State.WARNING,
            ["TLS 1.2 instead of TLS 1.3"],
        ),
        (
            replace(WORKS, tls_version="TLSv1.2"),
            WORKS,
            State.NOT_APPLICABLE,
            ["TLS 1.3 instead of TLS 1.2"],
        ),
        (
            WORKS,
            replace(WORKS, cipher_suite="X"),
            State.NOT_APPLICABLE,
            ["Another cipher suite", "X instead of TLS_AES_256_GCM_SHA384"],
        ),
        (
            replace(WORKS, requested=CertificateRequested.NO),
            replace(WORKS, requested=CertificateRequested.REQUIRED),
            State.NOT_APPLICABLE,
            ["Client certificate: required", "Before: not asked for"],
        ),
        (
            WORKS,
            replace(WORKS, client_verdict=ClientCertificateVerdict.REJECTED),
            State.BAD,
            ["Our certificate: rejected", "Before: accepted, an answer proves it"],
        ),
        (
            WORKS,
            replace(WORKS, server_family="haproxy"),
            State.NOT_APPLICABLE,
            ["Other server software", "haproxy instead of nginx"],
        ),
        (WORKS, replace(WORKS, http_status=503), State.WARNING, ["HTTP 503 instead of 401"]),
        (
            replace(WORKS, mechanisms=("PLAIN", "EXTERNAL")),
            replace(WORKS, mechanisms=("PLAIN",)),
            State.NOT_APPLICABLE,
            ["Other ways to log in are offered", "PLAIN instead of PLAIN, EXTERNAL"],
        ),
        (
            WORKS,
            replace(WORKS, identity=None),
            State.NOT_APPLICABLE,
            ["Tested without a client certificate of ours"],
        ),
        (
            WORKS,
            replace(WORKS, anchor=NEW_KEY),
            State.NOT_APPLICABLE,
            ["Its path ends at another CA", f"{'ea' * 8} to 1r.tamarind.example"],
        ),
        (
            WORKS,
            replace(WORKS, trusted=False),
            State.BAD,
            ["Its certificate is no longer trusted"],
        ),
    ],
)
def test_each_kind_has_its_words(
    before: ObservationFacts, after: ObservationFacts, state: State, expected: list[str]
) -> None:
    (entry,) = entries(observed(0, before), observed(1, after))

    assert lines(entry) == expected
    assert entry.state is state


def test_a_chain_that_is_no_longer_sent_is_a_warning() -> None:
    (entry,) = entries(observed(0), observed(1, chain=(FIRST,)))

    assert (entry.state, lines(entry)) == (State.WARNING, ["CA certificates are no longer sent"])


def test_another_number_of_ca_certificates() -> None:
    (entry,) = entries(observed(0, chain=(FIRST, CA, OTHER_CA)), observed(1))

    assert lines(entry) == [
        "Other CA certificates are sent",
        "1 CA certificate comes with the server's. Before: 2.",
    ]


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_every_kind_has_words_whatever_stands_in_it(kind: ChangeKind) -> None:
    odd = Change(
        kind=kind, endpoint_id=7, observation_id=1, at=observed(0).started_at, before="\x1b[31m", after="½"
    )

    (entry,) = entries_of([odd], {})

    assert lines(entry)[0]
    assert "\x1b" not in "".join(lines(entry))


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("CN=Skybridge G3,O=Skybridge", "Skybridge G3"),
        ("O=Only An Organisation,C=NO", "Only An Organisation"),
        (r"CN=A\, B+OU=x,O=y", "A, B"),
        ("1.2.3=zz", "1.2.3=zz"),
        ("", "–"),
    ],
)
def test_a_distinguished_name_is_called_by_its_common_name(name: str, short: str) -> None:
    assert short_name(name) == short


def test_what_became_of_our_certificate_is_a_line_of_the_failure_and_no_entry_of_its_own() -> None:
    refused = replace(
        WORKS,
        outcome=Outcome.REJECTED_BY_PEER,
        verdict=Verdict.FAIL,
        cause="client_ca_not_trusted",
        client_verdict=ClientCertificateVerdict.REJECTED,
    )
    again, fails = said(observed(0), observed(1, refused), observed(2))[::-1]
    assert (again[0], again[-1]) == ("Works again", "Our certificate: accepted, an answer proves it")
    assert (fails[0], fails[-1]) == ("Fails now", "Our certificate: rejected")
