"""The guess at the server's software: certain where it names itself, else by its habits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.probes import IDENTITY, TLS13, asked, ended, record, refused_by_alert
from trustdesk.core.diagnosis import ServerFamily
from trustdesk.core.probe import (
    AmqpFacts,
    CertificateRefusal,
    HttpFacts,
    Outcome,
    Phase,
    ProbeRecord,
    StopReason,
)
from trustdesk.diagnose.server_family import guess_family

CLOSED_ON_OURS = ended(
    Outcome.REJECTED_BY_PEER,
    StopReason.CLOSED,
    Phase.SETTLE,
    negotiated=TLS13,
    client_auth=asked(sent=True),
    identity=IDENTITY,
)
CLOSED_ON_NOBODY = ended(
    Outcome.REJECTED_BY_PEER, StopReason.CLOSED, Phase.SETTLE, negotiated=TLS13, client_auth=asked()
)


def refused(code: int) -> ProbeRecord:
    return refused_by_alert(code, asked(sent=True))


def with_close_notify(record: ProbeRecord) -> ProbeRecord:
    return replace(record, alerts=(*record.alerts, replace(record.alerts[-1], level="warning", code=0)))


def missed(code: int) -> ProbeRecord:
    return refused_by_alert(code, asked())


@pytest.mark.parametrize(
    ("server", "family"),
    [
        ("nginx/1.22.1", ServerFamily.NGINX),
        ("openresty", ServerFamily.NGINX),
        ("Apache/2.4.62 (Debian) OpenSSL/3.0.19", ServerFamily.APACHE),
        ("Apache-Coyote/1.1", ServerFamily.JAVA),
        ("Jetty(11.0.20)", ServerFamily.JAVA),
        ("Microsoft-IIS/10.0", ServerFamily.IIS),
        ("Caddy", ServerFamily.GO),
    ],
)
def test_server_that_names_itself_is_certain(server: str, family: ServerFamily) -> None:
    guess = guess_family([record(http=HttpFacts(status=401, server=server))])
    assert guess is not None
    assert (guess.family, guess.certain) == (family, True)


def test_application_behind_a_front_end_is_no_certainty() -> None:
    guess = guess_family([record(http=HttpFacts(status=401, server="gunicorn"))])
    assert guess is not None
    assert not guess.certain


@pytest.mark.parametrize(
    ("records", "family"),
    [
        ([refused(48)], ServerFamily.OPENSSL),
        ([refused(45)], ServerFamily.OPENSSL),
        ([refused(46)], ServerFamily.JAVA),
        ([refused(46), missed(42)], ServerFamily.JAVA),
        ([refused(42), missed(42)], ServerFamily.GO),
        ([refused(42), missed(116)], ServerFamily.OPENSSL),  # a certificate that is not valid yet
        ([CLOSED_ON_OURS, missed(116)], ServerFamily.NODE),
        ([CLOSED_ON_OURS, CLOSED_ON_NOBODY], ServerFamily.JAVA),
        ([with_close_notify(refused(48))], ServerFamily.OPENSSL),
    ],
)
def test_habit_is_a_guess(records: list[ProbeRecord], family: ServerFamily) -> None:
    guess = guess_family(records)
    assert guess is not None
    assert (guess.family, guess.certain) == (family, False)


@pytest.mark.parametrize(
    "records",
    [
        [refused(42)],  # Go for anything, OpenSSL for a certificate that is not valid yet
        [missed(42)],  # Go and Java
        [missed(116)],
        [CLOSED_ON_OURS],  # Node and Java's HttpsServer
        [record()],
        [record(http=HttpFacts(status=401, server="unheard-of"))],
    ],
)
def test_what_several_do_is_no_guess(records: list[ProbeRecord]) -> None:
    assert guess_family(records) is None


@pytest.mark.parametrize(
    ("refusal", "family"),
    [
        (CertificateRefusal.NONE_SENT, ServerFamily.NGINX),
        (CertificateRefusal.CERTIFICATE_ERROR, ServerFamily.NGINX),
        (CertificateRefusal.NOT_ASKED_LATER, ServerFamily.APACHE),
    ],
)
def test_page_about_the_certificate_has_a_style(refusal: CertificateRefusal, family: ServerFamily) -> None:
    guess = guess_family([record(http=HttpFacts(status=400, certificate_refusal=refusal))])
    assert guess is not None
    assert (guess.family, guess.certain) == (family, False)


def test_broker_of_amqp_0_9_1_is_most_likely_rabbitmq() -> None:
    answered = record("amqps://mq.example", http=None, amqp=AmqpFacts(version="0-9-1", mechanisms=("PLAIN",)))
    refused_there = refused_by_alert(48, asked(sent=True), target=answered.target)
    for records in ([answered], [refused_there]):
        guess = guess_family(records)
        assert guess is not None
        assert guess.family is ServerFamily.RABBITMQ
