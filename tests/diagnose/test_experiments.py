"""The next probe: it tells the open causes apart, is possible, and there is an end to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support import pki
from tests.support.diagnosis import RULES, observed
from tests.support.pki import NOW
from tests.support.probes import IDENTITY, asked, ended, record, refused_by_alert
from trustdesk.core.diagnosis import (
    AlpnChoice,
    CertificateChoice,
    GroupChoice,
    Preflight,
    ProbeVariant,
    TlsVersions,
)
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.probe import HttpFacts, Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.target import parse_target
from trustdesk.diagnose.experiments import MAX_ADDRESSES, Enough, NextProbe, next_probe
from trustdesk.diagnose.explain import diagnose
from trustdesk.diagnose.observations import Observations
from trustdesk.diagnose.server_family import guess_family

BASE = ProbeVariant(certificate=CertificateChoice.NONE)
SELECTED = ProbeVariant()
SILENT = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.HANDSHAKE)
RESET = ended(Outcome.REJECTED_BY_PEER, StopReason.RESET, Phase.HANDSHAKE)
ACCEPTED = asked(sent=True, verdict=ClientCertificateVerdict.ACCEPTED)


def chosen(seen: Observations) -> NextProbe | Enough:
    return next_probe(seen, diagnose(seen, RULES), RULES)


def changes(choice: NextProbe | Enough, base: ProbeVariant = BASE) -> dict[str, Any]:
    assert isinstance(choice, NextProbe)
    names = ("versions", "certificate", "server_name", "groups", "alpn", "address")
    return {
        name: getattr(choice.variant, name)
        for name in names
        if getattr(choice.variant, name) != getattr(base, name)
    }


@pytest.mark.parametrize("first", [SILENT, RESET])
def test_silence_is_first_asked_with_a_small_hello(first: ProbeRecord) -> None:
    assert changes(chosen(observed(first))) == {"groups": GroupChoice.CLASSIC}


def test_small_hello_that_is_answered_settles_it() -> None:
    small = replace(BASE, groups=GroupChoice.CLASSIC)
    assert chosen(observed(SILENT, (small, record()))) == Enough(limit=None)


def expired() -> Preflight:
    certificate = pki.client(pki.authority("Issuing", pki.root()), not_after=NOW - timedelta(days=1)).facts
    return Preflight(certificate=certificate, issuers=("CN=Issuing", "CN=Root"))


def test_refusal_by_unknown_software_is_asked_without_a_certificate_to_know_its_log() -> None:
    """Go answers 42 to an expired certificate and to none; the cause is certain before."""
    first = refused_by_alert(42, asked(sent=True))
    seen = observed(first, preflight=expired())
    choice = chosen(seen)
    assert changes(choice, SELECTED) == {"certificate": CertificateChoice.NONE}
    known = replace(seen, family=guess_family([first, refused_by_alert(42, asked())]))
    assert chosen(known) == Enough(limit=None)


def test_software_that_stays_unknown_is_asked_for_once() -> None:
    seen = observed(
        refused_by_alert(42, asked(sent=True)),
        (replace(SELECTED, certificate=CertificateChoice.NONE), refused_by_alert(80, asked())),
        preflight=expired(),
    )
    assert chosen(seen) == Enough(limit=None)


def test_refusal_without_reason_is_asked_without_a_certificate_or_in_tls_1_2() -> None:
    certificate = pki.client(pki.authority("Issuing", pki.root())).facts
    preflight = Preflight(certificate=certificate, issuers=("CN=Issuing", "CN=Root"))
    seen = observed(refused_by_alert(46, asked(sent=True)), preflight=preflight)
    first = changes(chosen(seen), SELECTED)
    assert first in ({"certificate": CertificateChoice.NONE}, {"versions": TlsVersions.TLS_1_2})


def test_forbidden_with_our_certificate_is_asked_without_it() -> None:
    forbidden = record(http=HttpFacts(status=403), client_auth=ACCEPTED, identity=IDENTITY)
    assert changes(chosen(observed(forbidden)), SELECTED) == {"certificate": CertificateChoice.NONE}


@pytest.mark.parametrize(
    ("target", "missing"),
    [
        (parse_target("tls://cargo.example"), "alpn"),
        (parse_target("https://192.0.2.1"), "server_name"),
    ],
)
def test_what_the_target_has_not_is_not_taken_away(target: Any, missing: str) -> None:
    seen = observed(refused_by_alert(40, target=target))
    for number in range(2, 13):
        choice = chosen(seen)
        if isinstance(choice, Enough):
            break
        assert missing not in changes(choice)
        probe = replace(seen.first, id=f"P{number}", variant=choice.variant)
        seen = replace(seen, probes=(*seen.probes, probe))
    else:
        pytest.fail("there is no end to it")


def test_refused_hello_is_asked_again_one_thing_at_a_time_until_nothing_is_left() -> None:
    seen = observed(refused_by_alert(40))
    made: list[str] = []
    while isinstance(choice := chosen(seen), NextProbe):
        made += changes(choice)
        probe = replace(seen.first, id=f"P{len(seen.probes) + 1}", variant=choice.variant)
        seen = replace(seen, probes=(*seen.probes, probe))
    assert sorted(made) == ["alpn", "groups", "server_name", "versions"]
    assert choice.limit is not None
    assert "No further probe" in choice.limit.id


def test_certain_cause_needs_no_further_probe() -> None:
    assert chosen(observed(refused_by_alert(116, asked()))) == Enough(limit=None)
    assert chosen(observed(record())) == Enough(limit=None)


def test_limit_is_said_while_causes_are_open() -> None:
    seen = observed(SILENT)
    choice = next_probe(seen, diagnose(seen, RULES), RULES, max_probes=1)
    assert isinstance(choice, Enough)
    assert choice.limit is not None
    assert dict(choice.limit.params) == {"count": 1}


def test_cancelled_first_probe_asks_nothing_more() -> None:
    choice = chosen(observed(ended(Outcome.CANCELLED, StopReason.CANCELLED, Phase.HANDSHAKE)))
    assert isinstance(choice, Enough)
    assert choice.limit is not None


def test_other_addresses_are_asked_even_when_the_first_is_healthy_up_to_the_limit() -> None:
    addresses = tuple(f"192.0.2.{number}" for number in range(1, 9))
    seen = observed(record(address=addresses[0], addresses=addresses))
    asked_for: list[object] = []
    while isinstance(choice := chosen(seen), NextProbe):
        asked_for += changes(choice).values()
        probe = replace(seen.first, id=f"P{len(seen.probes) + 1}", variant=choice.variant)
        seen = replace(seen, probes=(*seen.probes, probe))
    assert asked_for == list(addresses[1:MAX_ADDRESSES])
    assert choice == Enough(limit=None)


def test_only_one_thing_changes_from_the_first_probe() -> None:
    seen = observed(refused_by_alert(40), (replace(BASE, alpn=AlpnChoice.NONE), refused_by_alert(40)))
    choice = chosen(seen)
    assert isinstance(choice, NextProbe)
    assert len(changes(choice)) == 1
    assert choice.variant.alpn is AlpnChoice.TARGET
