"""What revocation rests on, for servers and for ourselves: files, leave to ask, and a way to stop."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import pki
from tests.support.peers import Peer, drain
from tests.support.probes import record
from tests.support.revocation_lists import revocation_list, revoked
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.probe import Outcome, ProbeRecord
from trustdesk.core.revocation import RevocationSourceKind, RevocationStatus
from trustdesk.formats.credential import ClientCredential
from trustdesk.network.download import Downloader
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.clock import SystemClock
from trustdesk.services.revocation import (
    RevocationPolicy,
    SecondJudgement,
    given_evidence,
    open_lists,
    own_revocation,
)
from trustdesk.services.revocation_web import CachingRevocationWeb
from trustdesk.storage.revocation_cache import RevocationCache

ROOT = pki.root()
ISSUING = pki.authority("Issuing", ROOT)
CLIENT = pki.client(ISSUING, "ours")
CREDENTIAL = ClientCredential(
    name="ours", certification_path=(CLIENT.der, ISSUING.der), private_key=CLIENT.key
)


def crl_file(folder: Path, *serials: int, pem: bool = False) -> Path:
    der = revocation_list(ISSUING, [revoked(serial, x509.ReasonFlags.superseded) for serial in serials])
    data = x509.load_der_x509_crl(der).public_bytes(Encoding.PEM) if pem else der
    path = folder / "issuing.crl"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("pem", [False, True])
def test_a_list_is_read_as_der_or_pem_and_named_by_its_file(tmp_path: Path, pem: bool) -> None:
    ((source, opened),) = given_evidence([crl_file(tmp_path, 7, pem=pem)], ()).lists
    assert (source.kind, source.place) == (RevocationSourceKind.CRL, "issuing.crl")
    assert opened.entry("7") is not None
    assert opened.entry("8") is None


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", b"-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"]
)
def test_a_file_without_a_list_or_response_cannot_be_used(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(UnusableInputError):
        open_lists(path)
    with pytest.raises(UnusableInputError):
        given_evidence((), [path])


def test_without_a_source_nobody_says_anything_of_our_own_certificate() -> None:
    assert own_revocation(CREDENTIAL, [], RevocationPolicy(), pki.NOW) == ()


def test_our_own_certificate_is_looked_up_though_no_list_here_trusts_its_ca(tmp_path: Path) -> None:
    given = given_evidence([crl_file(tmp_path, CLIENT.certificate.serial_number)], ())
    (ours,) = own_revocation(CREDENTIAL, [], RevocationPolicy(given=given), pki.NOW)
    assert (ours.certificate, ours.status) == (CLIENT.sha256, RevocationStatus.REVOKED)
    both = own_revocation(CREDENTIAL, [pki.trust_list(ROOT)], RevocationPolicy(given=given), pki.NOW)
    assert [one.status for one in both] == [RevocationStatus.REVOKED, RevocationStatus.UNKNOWN]


def test_a_probe_without_a_chain_is_judged_no_second_time() -> None:
    second = SecondJudgement([pki.trust_list(ROOT)], RevocationPolicy())
    not_reached = record(outcome=Outcome.NOT_REACHED)
    assert second.judged(not_reached) is not_reached


def test_servers_are_judged_again_only_where_somebody_may_be_asked(tmp_path: Path) -> None:
    lists = [pki.trust_list(ROOT)]
    assert RevocationPolicy().second(lists) is None
    web = CachingRevocationWeb(Downloader(), RevocationCache(tmp_path), clock=SystemClock())
    assert isinstance(RevocationPolicy(web=web).second(lists), SecondJudgement)


def test_cancelling_ends_a_question_that_nobody_answers(tmp_path: Path) -> None:
    asked = threading.Event()

    def says_nothing(connection: socket.socket) -> None:
        connection.recv(65536)
        asked.set()
        drain(connection)

    with Peer(says_nothing) as peer:
        url = x509.UniformResourceIdentifier(f"http://127.0.0.1:{peer.port}/ca.crl")
        point = x509.CRLDistributionPoints([x509.DistributionPoint([url], None, None, None)])
        server = pki.server(ISSUING, extensions=[(point, False)])
        web = CachingRevocationWeb(
            Downloader(proxies=NoProxy()),
            RevocationCache(tmp_path),
            clock=SystemClock(),
            allow_private_addresses=True,
        )
        policy = RevocationPolicy(web=web)
        lists = [pki.trust_list(ROOT)]
        judgement = policy.gate(lists).judge_server([server.der, ISSUING.der], pki.HOST, pki.NOW)
        before = record(
            outcome=Outcome.ACCEPTED, judgement=judgement, presented_chain=(server.facts, ISSUING.facts)
        )
        second = SecondJudgement(lists, policy, at=pki.NOW)
        results: list[ProbeRecord] = []
        judging = threading.Thread(target=lambda: results.append(second.judged(before)))
        judging.start()
        assert asked.wait(10)
        second.cancel()
        judging.join(10)
    (after,) = results
    assert before.judgement is not None
    assert after.judgement is not None
    assert before.judgement.revocation[0].status is RevocationStatus.UNKNOWN
    assert after.judgement.revocation[0].status is RevocationStatus.UNAVAILABLE
