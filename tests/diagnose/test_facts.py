"""Facts say what was seen, with its values, and by which probe."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support import pki
from tests.support.diagnosis import RULES, observed
from tests.support.pki import HOST, NOW
from tests.support.probes import IDENTITY, TLS12, TLS13, asked, ended, record, refused_by_alert
from trustdesk.core.diagnosis import CertificateChoice, GroupChoice, Preflight, ProbeVariant, TlsVersions
from trustdesk.core.handshake import Direction, TimelineEvent
from trustdesk.core.probe import HttpFacts, Outcome, Phase, StopReason
from trustdesk.core.trust import ServerFault
from trustdesk.diagnose.collected import facts_of
from trustdesk.diagnose.explain import explain
from trustdesk.diagnose.facts import Fact, FactSet, fault_fact
from trustdesk.diagnose.observations import Observations, as_given
from trustdesk.diagnose.protocol_floor import is_weak_suite
from trustdesk.services.wording import wording
from trustdesk.verify.judge import PathJudge

BASE = ProbeVariant(certificate=CertificateChoice.NONE)


def facts(seen: Observations) -> FactSet:
    return facts_of(seen, RULES.interceptors)


def said(shown: FactSet, fact: Fact) -> str:
    return wording("en").text(shown[fact].sentence)


@pytest.mark.parametrize("fault", ServerFault)
def test_every_fault_of_a_server_has_its_fact(fault: ServerFault) -> None:
    assert fault_fact(fault).value == f"server_{fault.value}"


def test_each_fault_of_a_server_is_said_by_the_rule_that_found_it() -> None:
    root = pki.root()
    server = pki.server(root, "other.example", not_after=NOW - timedelta(days=3))
    judgement = PathJudge([pki.trust_list(root)]).judge_server([server.der], HOST, NOW)
    probe = record(outcome=Outcome.UNTRUSTED_PEER, judgement=judgement, presented_chain=(server.facts,))
    seen = Observations(probes=(as_given(probe, judgement.findings),))
    shown = facts(seen)
    assert "other.example" in said(shown, Fact.SERVER_NAME_MISMATCH)
    assert "2026-11-17" in said(shown, Fact.SERVER_EXPIRED)


def test_alert_is_told_with_the_time_since_our_finished() -> None:
    finished = TimelineEvent(at_ms=2.0, direction=Direction.OUT, message="finished", bytes=36)
    probe = replace(refused_by_alert(48, asked(sent=True)), timeline=(finished,))
    assert said(facts(observed(probe)), Fact.ALERT_UNKNOWN_CA).endswith("3 ms after our Finished.")


def test_alert_before_our_finished_is_told_with_its_time() -> None:
    assert "after 5 ms" in said(facts(observed(refused_by_alert(40))), Fact.ALERT_HANDSHAKE_FAILURE)


def test_fact_of_a_later_probe_names_it() -> None:
    silent = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.HANDSHAKE)
    shown = facts(observed(silent, (replace(BASE, groups=GroupChoice.CLASSIC), record())))
    assert shown[Fact.CLASSIC_FURTHER].probe == "P2"
    assert shown[Fact.SILENT_BEFORE_SERVER_HELLO].probe == "P1"


def test_large_first_message_is_told_by_its_size_and_not_by_what_was_asked_for() -> None:
    silent = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.HANDSHAKE)
    assert "1550 bytes" in said(facts(observed(silent)), Fact.LARGE_CLIENT_HELLO_SENT)
    for size in (None, 300, 1400):
        assert Fact.LARGE_CLIENT_HELLO_SENT not in facts(observed(replace(silent, client_hello_bytes=size)))
    old = replace(BASE, versions=TlsVersions.TLS_1_2, groups=GroupChoice.CLASSIC)
    assert Fact.LARGE_CLIENT_HELLO_SENT in facts(observed(silent, variant=old))


def test_probe_that_differs_in_two_things_shows_nothing() -> None:
    silent = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.HANDSHAKE)
    both = ProbeVariant(groups=GroupChoice.CLASSIC)
    assert Fact.CLASSIC_FURTHER not in facts(observed(silent, (both, record())))


def test_cancelled_probe_shows_nothing_against_the_first() -> None:
    silent = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.HANDSHAKE)
    stopped = ended(Outcome.CANCELLED, StopReason.CANCELLED, Phase.HANDSHAKE)
    shown = facts(observed(silent, (replace(BASE, groups=GroupChoice.CLASSIC), stopped)))
    assert not {Fact.CLASSIC_FURTHER, Fact.CLASSIC_SAME} & set(shown)


def test_named_cas_are_counted_not_listed() -> None:
    names = tuple(f"CN=CA {number}" for number in range(150))
    preflight = Preflight(issuers=("CN=Issuing", "CN=Root"))
    probe = refused_by_alert(48, asked(sent=True, acceptable=names))
    sentence = said(facts(observed(probe, preflight=preflight)), Fact.ISSUER_NOT_NAMED)
    assert sentence == "CN=Root is not among the CAs that it names (150)."


@pytest.mark.parametrize(
    ("challenge", "is_login"),
    [
        (None, False),
        ("Bearer", False),
        ("Basic realm=a, Bearer", False),
        ("DPoP", False),
        ("Negotiate", True),
        (", Basic realm=a", True),
        ("", False),
        (" ,", False),
        ("\xa0", False),
    ],
)
def test_401_asks_for_a_token_unless_it_says_otherwise(challenge: str | None, is_login: bool) -> None:
    probe = record(http=HttpFacts(status=401, challenge=challenge))
    assert (Fact.LOGIN_IS_NO_TOKEN in facts(observed(probe))) is is_login


def test_interceptor_is_found_in_an_issuer_whatever_the_letters() -> None:
    chain = (pki.server(pki.root("NETSKOPE Root")).facts,)
    assert Fact.INTERCEPTOR_NAMED in facts(observed(record(presented_chain=chain)))
    assert Fact.INTERCEPTOR_NAMED not in facts(observed(record(presented_chain=(pki.server(None).facts,))))


def test_renegotiation_is_only_missed_where_the_extensions_were_read() -> None:
    def hello(*fields: tuple[str, str]) -> TimelineEvent:
        return TimelineEvent(
            at_ms=1.0, direction=Direction.IN, message="server_hello", bytes=90, fields=fields
        )

    secure = hello(("extensions", "ec_point_formats, renegotiation_info"))
    bare = hello(("extensions", "ec_point_formats"))
    for timeline, negotiated, missed in (
        ((secure,), TLS12, False),
        ((bare,), TLS12, True),
        ((bare,), TLS13, False),  # TLS 1.3 does not renegotiate
        ((hello(),), TLS12, False),
        ((), TLS12, False),
    ):
        shown = facts(observed(record(timeline=timeline, negotiated=negotiated)))
        assert (Fact.NO_SECURE_RENEGOTIATION in shown) is missed


@pytest.mark.parametrize(
    ("suite", "is_weak"),
    [
        ("TLS_RSA_WITH_RC4_128_MD5", True),
        ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", True),
        ("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", True),
        ("TLS_DH_anon_WITH_AES_128_CBC_SHA", True),
        ("TLS_RSA_WITH_NULL_SHA256", True),
        ("TLS_AES_256_GCM_SHA384", False),
        ("TLS_RSA_WITH_AES_128_CBC_SHA", False),
        ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", False),
    ],
)
def test_weak_suite(suite: str, is_weak: bool) -> None:
    assert is_weak_suite(suite) is is_weak


def test_selected_identity_that_was_not_asked_for_is_a_fact_without_a_fault() -> None:
    told = explain(record(identity=IDENTITY), (), rules=RULES)
    assert told.cause == "none"
    assert Fact.CERTIFICATE_NOT_ASKED in facts(observed(record(identity=IDENTITY)))
