"""What a person opens or keeps is evidence for every judgement of a desk; asking is off until switched on."""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID
from sqlalchemy import update

from tests.support import pki
from tests.support.fake_desk import FakeJob
from tests.support.ocsp import Single, response
from tests.support.probes import ended, record
from tests.support.revocation_lists import revocation_list, revoked
from tests.support.revoking_ca import Files
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.probe import Outcome, Phase, ProbeRecord, StopReason
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.target import parse_target
from trustdesk.core.trust import ServerFault
from trustdesk.core.verification import Purpose, Verification
from trustdesk.formats.certificate_columns import RowReader
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.revocation_list import read_revocation_list
from trustdesk.network.download import Downloader
from trustdesk.network.request import ProbeRequest
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services import crl_opening
from trustdesk.services.clock import SystemClock
from trustdesk.services.crl_opening import CrlJob, CrlOpener
from trustdesk.services.desk_values import OpenedCrl
from trustdesk.services.evidence_in_use import EvidenceState, OpenEvidence
from trustdesk.services.known_list import kept_list_of
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.reporting import report_on
from trustdesk.services.revocation_web import CachingRevocationWeb
from trustdesk.services.row_values import JudgedRows
from trustdesk.services.wording import wording
from trustdesk.storage.kept_lists import KeptList, KeptLists
from trustdesk.storage.revocation_cache import RevocationCache
from trustdesk.storage.schema import revocation_lists
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.revocation_list import HeldRevocationList

NOW = datetime.now(UTC).replace(microsecond=0)
DAYS = timedelta(days=1)
LASTING: dict[str, Any] = {"not_before": NOW - 60 * DAYS, "not_after": NOW + 300 * DAYS}
ROOT = pki.root(**LASTING)
ISSUING = pki.authority("Issuing", ROOT, **LASTING)
SERVER = pki.server(ISSUING, **LASTING)
CLIENT = pki.client(ISSUING, "ours", **LASTING)
CREDENTIAL = ClientCredential(
    name="ours", certification_path=(CLIENT.der, ISSUING.der), private_key=CLIENT.key
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LiveDesk]:
    desk = opened_desk(tmp_path)
    yield desk
    desk.close()


def opened_desk(folder: Path) -> LiveDesk:
    def web() -> CachingRevocationWeb:
        return CachingRevocationWeb(
            Downloader(proxies=NoProxy()),
            RevocationCache(folder / "crls"),
            clock=SystemClock(),
            allow_private_addresses=True,
        )

    return LiveDesk(
        workspace=Workspace.open(folder / "desk"),
        trust_lists=(pki.trust_list(ROOT),),
        identities={"ours": CREDENTIAL},
        clock=SystemClock(),
        make_web=web,
    )


def crl(
    *serials: int, number: int = 1, issuer: pki.Issued = ISSUING, stale: bool = False, entries: int = 0
) -> CrlFacts:
    der = revocation_list(
        issuer,
        [revoked(serial) for serial in (*serials, *range(10**9, 10**9 + entries))],
        this_update=NOW - 30 * DAYS,
        next_update=NOW - DAYS if stale else NOW + 7 * DAYS,
        extensions=[(x509.CRLNumber(number), False)],
    )
    return read_revocation_list(der)


def serial(issued: pki.Issued) -> int:
    return issued.certificate.serial_number


def judged(desk: LiveDesk, issued: pki.Issued, *, asks: bool = False) -> Verification:
    purpose = Purpose.CLIENT if issued is CLIENT else Purpose.SERVER
    return desk.judge_certificate(
        issued.facts, purpose=purpose, beside=[ISSUING.facts], asks_revocation=asks
    ).result(timeout=30)


def status(verification: Verification) -> RevocationStatus:
    return verification.paths[0].revocation[0].status


def test_an_open_list_counts_until_it_is_closed(desk: LiveDesk) -> None:
    one = crl(serial(SERVER))
    assert status(judged(desk, SERVER)) is RevocationStatus.UNKNOWN
    in_use = desk.use_evidence([OpenEvidence(name="issuing.crl", crl=one)]).result(timeout=30)
    assert in_use.lists[one.sha256].state is EvidenceState.IN_USE
    verification = judged(desk, SERVER)
    assert not verification.trusted
    check = verification.paths[0].revocation[0]
    assert check.status is RevocationStatus.REVOKED
    assert check.source is not None
    assert (check.source.place, check.source.cached) == ("issuing.crl", False)
    assert desk.use_evidence([]).result(timeout=30).lists == {}
    assert status(judged(desk, SERVER)) is RevocationStatus.UNKNOWN


def test_a_kept_list_counts_in_the_next_session_until_it_is_forgotten(tmp_path: Path) -> None:
    one, desk = crl(serial(SERVER)), opened_desk(tmp_path)
    desk.use_evidence([OpenEvidence(name="issuing.crl", crl=one)]).result(timeout=30)
    kept = desk.keep_crl(one, "issuing.crl", beside=[ISSUING.facts]).result(timeout=30)
    assert kept.kept == 1
    desk.close()
    desk = opened_desk(tmp_path)
    check = judged(desk, SERVER).paths[0].revocation[0]
    assert check.status is RevocationStatus.REVOKED
    assert check.source is not None
    assert check.source.cached
    assert desk.forget_crl(one.sha256).result(timeout=30).lists == {}
    assert status(judged(desk, SERVER)) is RevocationStatus.UNKNOWN
    desk.close()


def test_a_kept_list_that_is_out_of_date_is_unavailable_and_nothing_is_green(desk: LiveDesk) -> None:
    one = crl(stale=True)
    desk.use_evidence([OpenEvidence(name="issuing.crl", crl=one)]).result(timeout=30)
    desk.keep_crl(one, "issuing.crl", beside=[ISSUING.facts]).result(timeout=30)
    assert status(judged(desk, SERVER)) is RevocationStatus.UNAVAILABLE


def test_a_newer_list_takes_the_place_of_the_kept_one(desk: LiveDesk) -> None:
    old, new = crl(serial(SERVER), number=1), crl(number=2)
    evidence = [OpenEvidence(name="old.crl", crl=old), OpenEvidence(name="new.crl", crl=new)]
    desk.use_evidence(evidence).result(timeout=30)
    desk.keep_crl(old, "old.crl", beside=[ISSUING.facts]).result(timeout=30)
    desk.use_evidence(evidence[1:]).result(timeout=30)
    in_use = desk.keep_crl(new, "new.crl", beside=[ISSUING.facts]).result(timeout=30)
    assert (in_use.kept, in_use.replaced, set(in_use.lists)) == (1, 1, {new.sha256})


def test_a_forged_list_of_a_higher_number_takes_nobodys_word_away(desk: LiveDesk) -> None:
    impostor = pki.authority("Issuing", pki.root(**LASTING), **LASTING)
    real, forged = crl(serial(SERVER), number=1), crl(number=2, issuer=impostor)
    evidence = [OpenEvidence(name="real.crl", crl=real), OpenEvidence(name="forged.crl", crl=forged)]
    desk.use_evidence(evidence).result(timeout=30)
    desk.keep_crl(real, "real.crl", beside=[ISSUING.facts, impostor.facts]).result(timeout=30)
    in_use = desk.keep_crl(forged, "forged.crl", beside=[ISSUING.facts, impostor.facts]).result(timeout=30)
    assert (in_use.kept, in_use.replaced) == (2, 0)
    assert status(judged(desk, SERVER)) is RevocationStatus.REVOKED


def test_what_is_not_open_cannot_be_kept(desk: LiveDesk) -> None:
    with pytest.raises(UnusableInputError):
        desk.keep_crl(crl(), "a.crl", beside=[]).result(timeout=30)


def test_a_long_list_is_indexed_once_and_found_by_its_index_in_the_next_session(tmp_path: Path) -> None:
    one, desk = crl(serial(SERVER), entries=20_000), opened_desk(tmp_path)
    in_use = desk.use_evidence([OpenEvidence(name="long.crl", crl=one)]).result(timeout=60)
    assert in_use.lists[one.sha256].state is EvidenceState.IN_USE
    desk.keep_crl(one, "long.crl", beside=[ISSUING.facts]).result(timeout=30)
    desk.close()
    desk = opened_desk(tmp_path)
    assert desk.revocation.in_use().lists[one.sha256].state is EvidenceState.IN_USE
    assert status(judged(desk, SERVER)) is RevocationStatus.REVOKED
    assert desk.revocation.given().lists[0].der is None
    desk.close()


def test_a_long_list_whose_index_went_is_indexed_again(tmp_path: Path) -> None:
    one, desk = crl(serial(SERVER), entries=20_000), opened_desk(tmp_path)
    desk.use_evidence([OpenEvidence(name="long.crl", crl=one)]).result(timeout=60)
    desk.keep_crl(one, "long.crl", beside=[ISSUING.facts]).result(timeout=30)
    desk.close()
    for file in (tmp_path / "caches").rglob(f"{one.sha256}*"):
        file.unlink()
    desk = opened_desk(tmp_path)
    assert desk.revocation.in_use().lists[one.sha256].state is EvidenceState.OPENING
    desk.use_evidence([OpenEvidence(name="long.crl", crl=one)]).result(timeout=60)
    assert status(judged(desk, SERVER)) is RevocationStatus.REVOKED
    desk.close()


def test_a_kept_list_that_is_damaged_is_unavailable_and_not_as_if_nobody_was_asked(tmp_path: Path) -> None:
    one, desk = crl(serial(SERVER)), opened_desk(tmp_path)
    desk.use_evidence([OpenEvidence(name="issuing.crl", crl=one)]).result(timeout=30)
    desk.keep_crl(one, "issuing.crl", beside=[ISSUING.facts]).result(timeout=30)
    desk.close()
    workspace = Workspace.open(tmp_path / "desk")
    damage = update(revocation_lists).values(der=one.der[:-1])
    workspace.submit(lambda connection: connection.execute(damage).rowcount).result()
    workspace.close()
    desk = opened_desk(tmp_path)
    assert desk.revocation.in_use().lists[one.sha256].state is EvidenceState.NOT_USED
    check = judged(desk, SERVER).paths[0].revocation[0]
    assert check.status is RevocationStatus.UNAVAILABLE
    assert check.reason is not None
    assert wording("en").text(check.reason) == "A revocation list in the workspace is damaged."
    (given,) = pickle.loads(pickle.dumps(desk.revocation.given())).evidence().lists  # noqa: S301 - our own
    assert given[1].facts.issuer == ISSUING.facts.subject
    assert judged(desk, ISSUING).paths[0].revocation[0].status is RevocationStatus.UNKNOWN
    desk.close()


def test_the_gate_waits_for_a_kept_list_that_is_being_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, desk = crl(serial(SERVER), entries=20_000), opened_desk(tmp_path)
    desk.use_evidence([OpenEvidence(name="long.crl", crl=one)]).result(timeout=60)
    desk.keep_crl(one, "long.crl", beside=[ISSUING.facts]).result(timeout=30)
    desk.close()
    for file in (tmp_path / "caches").rglob(f"{one.sha256}*"):
        file.unlink()
    may_open = threading.Event()

    def opened(der: bytes, **_options: object) -> HeldRevocationList:
        may_open.wait(30)
        return HeldRevocationList(der)

    monkeypatch.setattr(crl_opening, "open_revocation_list", opened)
    desk = opened_desk(tmp_path)
    probed: list[ProbeRequest] = []

    def probe(request: ProbeRequest, _on_progress: object = None) -> FakeJob[ProbeRecord]:
        probed.append(request)
        job: FakeJob[ProbeRecord] = FakeJob()
        job.future.set_result(ended(Outcome.NOT_TLS, StopReason.CLOSED, Phase.CONNECT))
        return job

    monkeypatch.setattr(desk._network, "probe", probe)
    assert status(judged(desk, SERVER)) is RevocationStatus.UNAVAILABLE
    target = parse_target(f"https://{pki.HOST}")
    handshake, diagnosis = desk.probe(target), desk.diagnose(target)
    assert not probed
    may_open.set()
    handshake.future.result(timeout=30)
    diagnosis.future.result(timeout=30)
    assert len(probed) >= 2
    judgements = [one.judge.judge_server([SERVER.der, ISSUING.der], pki.HOST, NOW) for one in probed]
    assert all(ServerFault.REVOKED in one.faults for one in judgements)
    desk.close()


def test_what_waits_for_a_list_waits_until_it_counts(desk: LiveDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    one, open_it = crl(entries=20_000), CrlOpener.open
    may_open, is_open, may_count = threading.Event(), threading.Event(), threading.Event()

    def held(der: bytes, **_options: object) -> HeldRevocationList:
        may_open.wait(30)
        return HeldRevocationList(der)

    def before_the_desk_knows(_done: Future[OpenedCrl]) -> None:
        is_open.set()
        may_count.wait(30)

    def opened(opener: CrlOpener, *options: Any) -> CrlJob:
        job = open_it(opener, *options)
        job.future.add_done_callback(before_the_desk_knows)
        return job

    monkeypatch.setattr(crl_opening, "open_revocation_list", held)
    monkeypatch.setattr(CrlOpener, "open", opened)
    in_use = desk.use_evidence([OpenEvidence(name="long.crl", crl=one)])
    may_open.set()
    assert is_open.wait(30)
    (opening,) = desk.revocation.opening()
    assert not opening.done()
    may_count.set()
    opening.result(timeout=30)
    assert desk.revocation.opening() == ()
    assert in_use.result(timeout=30).lists[one.sha256].state is EvidenceState.IN_USE


def kept_by_another(desk: LiveDesk, one: CrlFacts) -> None:
    """Keep a list past the desk, as a private CA does that issues it."""
    kept = kept_list_of(one, signer=ISSUING.facts.sha256, source="our CA", kept_at=NOW, size=len(one.der))
    KeptLists(desk._workspace).keep(kept, one.der).result(timeout=30)


def test_a_list_that_is_opened_while_it_is_taken_up_is_open(
    desk: LiveDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, take_up = crl(serial(SERVER)), desk.revocation._take_up

    def taken_up(kept: KeptList) -> None:
        desk.use_evidence([OpenEvidence(name="issuing.crl", crl=one)]).result(timeout=30)
        take_up(kept)

    monkeypatch.setattr(desk.revocation, "_take_up", taken_up)
    kept_by_another(desk, one)
    found = desk.revocation.look_again().result(timeout=30).lists[one.sha256]
    assert (found.is_open, found.kept_at, found.state) == (True, NOW, EvidenceState.IN_USE)
    desk.forget_crl(one.sha256).result(timeout=30)
    assert status(judged(desk, SERVER)) is RevocationStatus.REVOKED


def test_a_list_that_is_taken_up_does_not_count_half(desk: LiveDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    one, der, meanwhile = crl(serial(SERVER)), KeptLists.der, list[RevocationStatus]()

    def read(lists: KeptLists, sha256: str) -> Future[bytes | None]:
        meanwhile.append(status(judged(desk, SERVER)))
        return der(lists, sha256)

    monkeypatch.setattr(KeptLists, "der", read)
    kept_by_another(desk, one)
    desk.revocation.look_again().result(timeout=30)
    assert meanwhile == [RevocationStatus.UNKNOWN]
    assert status(judged(desk, SERVER)) is RevocationStatus.REVOKED


def test_a_list_that_is_forgotten_while_it_is_taken_up_is_none(
    desk: LiveDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, der = crl(serial(SERVER)), KeptLists.der

    def read(lists: KeptLists, sha256: str) -> Future[bytes | None]:
        lists.forget(sha256).result(timeout=30)
        return der(lists, sha256)

    monkeypatch.setattr(KeptLists, "der", read)
    kept_by_another(desk, one)
    assert desk.revocation.look_again().result(timeout=30).lists == {}


def test_a_response_from_a_file_is_evidence_too(desk: LiveDesk) -> None:
    in_use = desk.use_evidence([OpenEvidence(name="answer.ors", response=b"0\x03\n\x01\x06")]).result()
    assert in_use.responses == {hashlib.sha256(b"0\x03\n\x01\x06").hexdigest()}
    assert status(judged(desk, SERVER)) is RevocationStatus.UNAVAILABLE


def test_kept_results_are_judged_again_by_the_evidence_and_rows_are_due(desk: LiveDesk) -> None:
    lists = (pki.trust_list(ROOT),)
    endpoint = desk.add_endpoint("Partner", record(f"https://{pki.HOST}").target, None).result(timeout=30)
    judgement = PathJudge(lists).judge_server([SERVER.der, ISSUING.der], pki.HOST, NOW)
    tested = record(
        f"https://{pki.HOST}",
        outcome=Outcome.ACCEPTED,
        judgement=judgement,
        presented_chain=(SERVER.facts, ISSUING.facts),
        started_at=NOW,
    )
    assert judgement.trusted
    desk._parts.directory.record_report(endpoint.id, report_on(tested)).result(timeout=30)
    (row,) = desk.board().result(timeout=30)
    assert not row.is_due
    desk.use_evidence([OpenEvidence(name="issuing.crl", crl=crl(serial(SERVER)))]).result(timeout=30)
    (row,) = desk.board().result(timeout=30)
    assert row.is_due, "it has to be judged again"
    rows: list[object] = []
    desk.rejudge([endpoint], rows.extend).future.result(timeout=30)
    again = desk.last_report(endpoint.id).result(timeout=30)
    assert again is not None
    assert again.record.judgement is not None
    assert again.record.judgement.faults == (ServerFault.REVOKED,)
    assert again.explanation.cause == "server_cert_revoked"


def test_our_own_certificate_is_looked_up_without_asking_anybody(desk: LiveDesk) -> None:
    assert desk.own_revocation("ours").result(timeout=30) == ()
    desk.use_evidence([OpenEvidence(name="issuing.crl", crl=crl(serial(CLIENT)))]).result(timeout=30)
    ours = desk.own_revocation("ours").result(timeout=30)
    assert (ours[0].certificate, ours[0].status) == (CLIENT.sha256, RevocationStatus.REVOKED)
    assert desk.own_revocation("nobody").result(timeout=30) == ()


def test_nobody_is_asked_until_it_is_switched_on(desk: LiveDesk) -> None:
    with Files() as web:
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(f"{web.url}/ca.crl")], None, None, None
        )
        asking = pki.server(ISSUING, extensions=[(x509.CRLDistributionPoints([point]), False)], **LASTING)
        web.bodies["/ca.crl"] = crl(serial(asking)).der
        assert status(judged(desk, asking)) is RevocationStatus.UNKNOWN
        assert web.requests == []
        assert status(judged(desk, asking, asks=True)) is RevocationStatus.REVOKED
        assert web.requests == ["GET /ca.crl"]


def test_what_a_responder_answered_to_one_question_the_next_one_knows(desk: LiveDesk) -> None:
    with Files() as web:
        path = f"/{'o' * 200}"  # too long for GET, where the request is a part of the address
        address = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{web.url}{path}")
        )
        asking = pki.server(
            ISSUING, extensions=[(x509.AuthorityInformationAccess([address]), False)], **LASTING
        )
        single = Single(asking, ISSUING, this_update=NOW - DAYS, next_update=NOW + DAYS)
        web.bodies[path] = response(single, signer=ISSUING, produced_at=NOW - DAYS)
        checks = [judged(desk, asking, asks=True).paths[0].revocation[0] for _ in range(3)]
        assert [one.status for one in checks] == [RevocationStatus.GOOD] * 3
        assert len(web.requests) == 1


def test_rows_of_a_table_are_judged_by_the_evidence_too(desk: LiveDesk) -> None:
    reader = RowReader()
    rows = (reader.row(SERVER.der), reader.row(ISSUING.der))

    def server_is_trusted() -> bool:
        verdicts: list[JudgedRows] = []
        desk.judge_rows(rows, verdicts.append).future.result(timeout=60)
        return next(one for one in verdicts if one.start == 0).verdicts[0].server.trusted

    before = server_is_trusted()
    desk.use_evidence([OpenEvidence(name="issuing.crl", crl=crl(serial(SERVER)))]).result(timeout=30)
    assert (before, server_is_trusted()) == (True, False)
