"""What changed at an endpoint, told from two observations and what was before them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.histories import WORKS
from trustdesk.core.finding import Verdict
from trustdesk.core.handshake import CertificateRequested, ClientCertificateVerdict
from trustdesk.core.observation import ChangeKind, Observation, ObservationFacts
from trustdesk.core.observation_changes import ServerCertificate, changes_between, past_of
from trustdesk.core.probe import Outcome, Phase
from trustdesk.core.trust import ServerFault

AT = datetime(2026, 11, 20, tzinfo=UTC)
GOOD = replace(WORKS, http_status=200, anchor="a" * 64, anchor_list="pilot", identity="5" * 64)
SILENT = ObservationFacts(
    outcome=Outcome.TIMED_OUT, verdict=Verdict.FAIL, cause="no_answer", ended_in=Phase.CONNECT
)
REFUSED = replace(
    GOOD,
    outcome=Outcome.REJECTED_BY_PEER,
    verdict=Verdict.FAIL,
    cause="client_ca_not_trusted",
    client_verdict=ClientCertificateVerdict.REJECTED,
    http_status=None,
    server_family=None,
)
EARLY = ObservationFacts(
    outcome=Outcome.REJECTED_BY_PEER, verdict=Verdict.FAIL, cause="sni", ended_in=Phase.HANDSHAKE
)
CHAIN = ("1" * 64, "c" * 64)


def history(*tests: ObservationFacts | tuple[ObservationFacts, tuple[str, ...]]) -> list[Observation]:
    """Observations, oldest first; those that got that far saw CHAIN unless another is given."""
    found = []
    for number, test in enumerate(tests):
        facts, chain = test if isinstance(test, tuple) else (test, CHAIN if test.tls_version else ())
        found.append(
            Observation(
                id=number + 1, endpoint_id=7, started_at=AT + timedelta(days=number), facts=facts, chain=chain
            )
        )
    return found


def told(*tests: Any, known: tuple[ServerCertificate, ...] = ()) -> list[tuple[ChangeKind, str, str]]:
    """What the last of some tests changed."""
    *before, last = history(*tests)
    certificates = {one.sha256: one for one in known}
    changes = changes_between(past_of(reversed(before)), last, certificates)
    assert all(
        (one.endpoint_id, one.observation_id, one.at) == (7, last.id, last.started_at) for one in changes
    )
    return [(one.kind, one.before, one.after) for one in changes]


def test_the_first_test_changes_nothing() -> None:
    assert told(GOOD) == []
    assert told(REFUSED) == []


def test_the_same_again_changes_nothing() -> None:
    assert told(GOOD, GOOD) == []
    assert told(SILENT, SILENT) == []


def test_a_failure_is_told_once_with_its_cause() -> None:
    assert told(GOOD, REFUSED) == [
        (ChangeKind.NOW_FAILS, "none", "client_ca_not_trusted"),
        (ChangeKind.CLIENT_VERDICT, "accepted", "rejected"),
    ]
    assert told(GOOD, REFUSED, REFUSED) == []
    assert told(REFUSED, replace(REFUSED, cause="expired")) == [
        (ChangeKind.CAUSE, "client_ca_not_trusted", "expired")
    ]
    assert told(GOOD, REFUSED, GOOD)[0] == (ChangeKind.NOW_WORKS, "client_ca_not_trusted", "none")


def test_a_partner_that_was_not_reached_is_no_failure_of_the_partner() -> None:
    assert told(GOOD, SILENT) == [(ChangeKind.UNREACHABLE, "accepted", "no_answer")]
    assert told(GOOD, SILENT, SILENT) == []
    assert told(GOOD, SILENT, SILENT, GOOD) == [(ChangeKind.REACHABLE, "timed_out", "accepted")]
    assert told(SILENT, GOOD) == [(ChangeKind.REACHABLE, "timed_out", "accepted")]


def test_what_happened_behind_an_outage_is_told_after_it() -> None:
    kinds = [kind for kind, _, _ in told(GOOD, SILENT, (REFUSED, ("2" * 64, "c" * 64)))]
    assert kinds == [
        ChangeKind.NOW_FAILS,
        ChangeKind.REACHABLE,
        ChangeKind.CERTIFICATE,
        ChangeKind.CLIENT_VERDICT,
    ]


def test_a_test_that_a_person_cancelled_is_passed_over() -> None:
    cancelled = replace(SILENT, outcome=Outcome.CANCELLED)
    assert told(GOOD, cancelled) == []
    assert told(GOOD, cancelled, GOOD) == []


def test_what_one_test_left_open_is_compared_with_an_older_one() -> None:
    old = replace(GOOD, tls_version="TLSv1.2", http_status=401)
    assert told(old, EARLY, GOOD) == [
        (ChangeKind.NOW_WORKS, "sni", "none"),
        (ChangeKind.TLS_VERSION, "TLSv1.2", "TLSv1.3"),
        (ChangeKind.HTTP_STATUS, "401", "200"),
        (ChangeKind.IDENTITY, "", "5" * 64),
    ]


def test_a_certificate_shown_by_a_server_that_then_fell_silent_counts() -> None:
    other = ("2" * 64, "c" * 64)
    assert told(GOOD, (SILENT, other)) == [
        (ChangeKind.UNREACHABLE, "accepted", "no_answer"),
        (ChangeKind.CERTIFICATE, "1" * 64, "2" * 64),
    ]
    assert told(GOOD, (SILENT, other), (GOOD, other)) == [(ChangeKind.REACHABLE, "timed_out", "accepted")]


def test_of_a_renewal_it_is_told_what_is_another() -> None:
    old = ServerCertificate(sha256="1" * 64, spki_sha256="k1", issuer="CN=A", names=("DNS:a", "DNS:b"))
    same = replace(old, sha256="2" * 64, names=("DNS:b", "DNS:a"))
    after = (GOOD, ("2" * 64, "d" * 64))
    assert told(GOOD, after, known=(old, same)) == [
        (ChangeKind.CERTIFICATE, "1" * 64, "2" * 64),
        (ChangeKind.CHAIN, "c" * 64, "d" * 64),
    ]
    new = ServerCertificate(sha256="2" * 64, spki_sha256="k2", issuer="CN=B", names=("DNS:c",))
    assert told(GOOD, (GOOD, ("2" * 64, "c" * 64)), known=(old, new)) == [
        (ChangeKind.CERTIFICATE, "1" * 64, "2" * 64),
        (ChangeKind.KEY, "k1", "k2"),
        (ChangeKind.ISSUER, "CN=A", "CN=B"),
        (ChangeKind.NAMES, "DNS:a, DNS:b", "DNS:c"),
    ]
    assert told(GOOD, (GOOD, ("1" * 64,))) == [(ChangeKind.CHAIN, "c" * 64, "")]


@pytest.mark.parametrize(
    ("changed", "kind", "before", "after"),
    [
        ({"anchor": "b" * 64}, ChangeKind.ANCHOR, "a" * 64, "b" * 64),
        ({"cipher_suite": "X"}, ChangeKind.CIPHER_SUITE, "TLS_AES_256_GCM_SHA384", "X"),
        ({"server_family": "apache"}, ChangeKind.SERVER_SOFTWARE, "nginx", "apache"),
        ({"identity": None}, ChangeKind.IDENTITY, "5" * 64, ""),
        (
            {"trusted": False, "faults": (ServerFault.EXPIRED,)},
            ChangeKind.TRUST_LOST,
            "",
            "expired",
        ),
    ],
)
def test_each_value_has_its_change(
    changed: dict[str, Any], kind: ChangeKind, before: str, after: str
) -> None:
    assert told(GOOD, replace(GOOD, **changed)) == [(kind, before, after)]


def test_what_is_not_known_is_no_change() -> None:
    unknown = replace(
        GOOD,
        anchor=None,
        cipher_suite=None,
        tls_version=None,
        server_family=None,
        http_status=None,
        trusted=None,
        client_verdict=ClientCertificateVerdict.UNKNOWN,
    )
    assert told(GOOD, (unknown, CHAIN)) == []
    assert told((unknown, CHAIN), GOOD) == []


def test_asking_for_a_certificate_and_what_a_listener_offers() -> None:
    asks = replace(GOOD, requested=CertificateRequested.REQUIRED, mechanisms=("EXTERNAL",))
    lets_in = replace(GOOD, requested=CertificateRequested.NO, mechanisms=("EXTERNAL", "PLAIN"))
    assert told(asks, lets_in) == [
        (ChangeKind.CLIENT_CERTIFICATE, "required", "no"),
        (ChangeKind.MECHANISMS, "EXTERNAL", "EXTERNAL PLAIN"),
    ]


def test_no_more_of_the_past_is_read_than_it_takes() -> None:
    def endless() -> Any:
        yield history(GOOD)[0]
        raise AssertionError

    past = past_of(endless())
    assert past is not None
    assert past.is_complete
