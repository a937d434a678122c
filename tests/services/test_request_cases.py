"""Cases in a real workspace, with real key stores over a store in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from sqlalchemy import select

from tests.support import pki, probes, profiles, samples
from tests.support.csr import answered
from tests.support.drafts import EVENTS, MAIN, client_draft, server_draft
from tests.support.memory_secrets import MemorySecrets
from tests.support.pki import NOW, Issued
from trustdesk.core.certificate_request import CaseState, RequestCase, RequestDraft
from trustdesk.core.errors import KeyStoreLockedError, UnusableInputError
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.inspection import CsrFacts, InspectedItem, Inspection, ItemKind
from trustdesk.core.key_store import KeyKind, KeyStoreKind
from trustdesk.core.probe import IdentityLabel, Outcome, ProbeRecord
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.request import read_request
from trustdesk.services.request_cases import MAX_REQUEST_BYTES, RequestCases
from trustdesk.storage.directory import Directory
from trustdesk.storage.identities import remove_identity
from trustdesk.storage.key_stores import KeyStores
from trustdesk.storage.schema import identities, identity_certificates, keys, requests
from trustdesk.storage.seen_certificates import keep_certificates
from trustdesk.storage.workspace import Workspace

RING = KeyStoreKind.KEYRING


class At:
    """A clock that stands."""

    def now(self) -> object:
        return NOW


class Desk:
    """A workspace with its key stores and cases."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace.open(folder)
        self.secrets = MemorySecrets()
        clock = At()
        self.stores = KeyStores(self.workspace, (self.secrets,), folder / "keys.lock", clock)  # type: ignore[arg-type]
        self.cases = RequestCases(self.workspace, self.stores, clock)  # type: ignore[arg-type]

    def count(self, table: object) -> int:
        return len(self.workspace.submit(lambda one: one.execute(select(table)).all()).result())  # type: ignore[call-overload]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "workspace")
    with contextlib.closing(made.workspace):
        yield made


def files(*certificates: Issued) -> Inspection:
    return Inspection(
        items=tuple(
            InspectedItem(
                kind=ItemKind.CERTIFICATE,
                source="reply.pem",
                position=position,
                certificate=read_details(one.der),
            )
            for position, one in enumerate(certificates)
        )
    )


def answer(case: RequestCase, issuer: Issued | None = None, age: timedelta = timedelta(days=1)) -> Issued:
    """Issue what a case asks for, to the letter."""
    csr = x509.load_der_x509_csr(case.request.der)
    return answered(csr, issuer or profiles.issuing_ca(), NOW - age, NOW + timedelta(days=200))


def test_two_requests_have_a_key_each_in_the_store(desk: Desk) -> None:
    drafts = (
        client_draft(partner="Cargo", key=KeyKind.P384),
        server_draft(one_record_ids=(MAIN, EVENTS)),
    )
    client, server = desk.cases.make(drafts, RING)
    assert [case.name for case in desk.cases.cases()] == ["halden-server", "halden-client"]
    assert (client.state, client.partner, server.partner) == (CaseState.REQUESTED, "Cargo", None)
    for case in (client, server):
        assert case.key is not None
        assert case.request.signature_valid
        key = desk.stores.load(case.key.reference)
        assert case.request.spki_sha256 == case.key.spki_sha256
        csr = x509.load_der_x509_csr(case.request.der)
        assert key.public_key() == csr.public_key()
    assert client.request.signature_algorithm == "ecdsa-with-SHA384"
    assert client.key != server.key


@pytest.mark.parametrize(
    "drafts",
    [
        (client_draft(), client_draft("https://1r.halden.example/HAC/osl", name="other")),
        (client_draft(), client_draft(name="Halden-Client")),
        (client_draft(renews="nobody"),),
        (client_draft(name=" "),),
    ],
)
def test_nothing_is_kept_of_drafts_that_do_not_go(desk: Desk, drafts: tuple[RequestDraft, ...]) -> None:
    with pytest.raises(UnusableInputError):
        desk.cases.make(drafts, RING)
    assert (desk.count(requests), desk.count(keys), desk.secrets.texts) == (0, 0, {})


def test_name_of_an_open_case_is_taken(desk: Desk) -> None:
    desk.cases.make((client_draft(),), RING)
    with pytest.raises(UnusableInputError):
        desk.cases.make((client_draft(name="HALDEN-client"),), RING)
    assert desk.count(requests) == desk.count(keys) == 1


def test_locked_store_leaves_no_case(desk: Desk) -> None:
    desk.secrets.is_locked = True
    with pytest.raises(KeyStoreLockedError):
        desk.cases.make((client_draft(),), RING)
    assert (desk.count(requests), desk.count(keys)) == (0, 0)


def test_dropped_case_takes_its_key_with_it(desk: Desk) -> None:
    (case,) = desk.cases.make((client_draft(),), RING)
    desk.cases.drop(case.id)
    assert (desk.cases.cases(), desk.count(keys), desk.secrets.texts) == ((), 0, {})
    with pytest.raises(UnusableInputError):
        desk.cases.drop(case.id)


def test_case_that_became_an_identity_leaves_the_key_to_it(desk: Desk) -> None:
    (case,) = desk.cases.make((client_draft(),), RING)
    (reply,) = desk.cases.match(files(answer(case)), ())
    desk.cases.accept(reply)
    desk.cases.drop(case.id)
    assert (desk.count(identities), desk.count(keys), len(desk.secrets.texts)) == (1, 1, 1)


def test_request_from_a_server_is_taken_in_once(desk: Desk) -> None:
    csr = read_request(profiles.request())
    case = desk.cases.take(csr, server_draft(partner="Cargo"))
    assert (case.key, case.partner, case.request.sha256) == (None, "Cargo", csr.sha256)
    with pytest.raises(UnusableInputError):
        desk.cases.take(csr, server_draft(name="again"))
    desk.cases.drop(case.id)
    assert desk.cases.cases() == ()


@pytest.mark.parametrize("is_valid", [False, None])
def test_request_without_proof_of_possession_is_not_taken_in(desk: Desk, is_valid: bool | None) -> None:
    csr: CsrFacts = replace(read_request(profiles.request()), signature_valid=is_valid)
    with pytest.raises(UnusableInputError):
        desk.cases.take(csr, server_draft())
    assert desk.cases.cases() == ()


def test_endless_request_is_not_taken_in(desk: Desk) -> None:
    csr = replace(read_request(profiles.request()), der=bytes(MAX_REQUEST_BYTES + 1))
    with pytest.raises(UnusableInputError):
        desk.cases.take(csr, server_draft())
    assert desk.cases.cases() == ()


def test_reply_becomes_an_identity_with_its_chain(desk: Desk) -> None:
    (case,) = desk.cases.make((client_draft(),), RING)
    certificate = answer(case)
    (reply,) = desk.cases.match(files(certificate, profiles.issuing_ca()), ())
    assert (reply.case, reply.differences, reply.problem) == (case, (), None)
    taken = desk.cases.accept(reply)
    assert (taken.state, taken.identity) == (CaseState.INSTALLED, "halden-client")
    assert taken.certificate is not None
    assert taken.certificate.sha256 == certificate.sha256
    rows = desk.workspace.submit(
        lambda one: (
            one.execute(select(identity_certificates.c.sha256).order_by(identity_certificates.c.position))
            .scalars()
            .all()
        )
    ).result()
    assert list(rows) == [certificate.sha256, profiles.issuing_ca().sha256]


def test_taken_twice_is_refused_and_changes_nothing(desk: Desk) -> None:
    (case,) = desk.cases.make((client_draft(),), RING)
    (reply,) = desk.cases.match(files(answer(case)), ())
    desk.cases.accept(reply)
    with pytest.raises(UnusableInputError):
        desk.cases.accept(reply)
    (again,) = desk.cases.match(files(answer(case)), ())
    assert again.problem is not None
    assert desk.count(identities) == 1


def test_renewal_follows_the_old_identity_which_stays(desk: Desk) -> None:
    (old,) = desk.cases.make((client_draft(),), RING)
    desk.cases.accept(desk.cases.match(files(answer(old)), ())[0])
    (new,) = desk.cases.make((client_draft(name="halden-2027", renews="halden-client"),), RING)
    assert (new.renews, new.key == old.key) == ("halden-client", False)
    (reply,) = desk.cases.match(files(answer(new)), ())
    assert reply.next_step is not None
    assert dict(reply.next_step.params)["old"] == "halden-client"
    assert desk.cases.accept(reply).renews == "halden-client"
    rows = desk.workspace.submit(
        lambda one: one.execute(
            select(identities.c.name, identities.c.renews).order_by(identities.c.id)
        ).all()
    ).result()
    assert [tuple(row) for row in rows] == [("halden-client", None), ("halden-2027", "halden-client")]
    states = {case.name: case.state for case in desk.cases.cases()}
    assert states == {"halden-2027": CaseState.INSTALLED, "halden-client": CaseState.INSTALLED}


def recorded(desk: Desk, record: ProbeRecord) -> list[CaseState]:
    Directory(desk.workspace).record_report(None, replace(samples.healthy(), record=record)).result()
    return [case.state for case in desk.cases.cases()]


def test_accepted_handshake_is_what_makes_a_client_tested(desk: Desk) -> None:
    (case,) = desk.cases.make((client_draft(),), RING)
    taken = desk.cases.accept(desk.cases.match(files(answer(case)), ())[0])
    assert taken.certificate is not None
    identity = IdentityLabel(name="halden-client", sha256=taken.certificate.sha256)
    accepted, rejected = ClientCertificateVerdict.ACCEPTED, ClientCertificateVerdict.REJECTED
    for proof in (
        probes.asked(sent=True, verdict=rejected),
        probes.asked(sent=True, verdict=ClientCertificateVerdict.UNKNOWN),
        probes.asked(sent=False, verdict=ClientCertificateVerdict.IGNORED),
        probes.NOT_ASKED,
    ):
        found = recorded(desk, probes.record(client_auth=proof, identity=identity))
        assert found == [CaseState.INSTALLED], proof
    other = replace(identity, sha256="ab" * 32)
    proof = probes.asked(sent=True, verdict=accepted)
    assert recorded(desk, probes.record(client_auth=proof, identity=other)) == [CaseState.INSTALLED]
    assert recorded(desk, probes.record(client_auth=proof, identity=identity)) == [CaseState.TESTED]


def test_server_that_presents_the_certificate_is_tested_when_it_is_accepted(desk: Desk) -> None:
    case = desk.cases.take(read_request(profiles.request()), server_draft())
    taken = desk.cases.accept(desk.cases.match(files(answer(case)), ())[0])
    assert taken.certificate is not None
    chain = (taken.certificate,)
    untrusted = probes.record(outcome=Outcome.UNTRUSTED_PEER, presented_chain=chain)
    assert recorded(desk, untrusted) == [CaseState.ISSUED]
    assert recorded(desk, probes.record(presented_chain=(profiles.client().facts, *chain))) == [
        CaseState.ISSUED
    ]
    assert recorded(desk, probes.record(presented_chain=chain)) == [CaseState.TESTED]


def test_reply_for_a_servers_own_key_is_issued_and_says_where_it_goes(desk: Desk) -> None:
    csr = read_request(profiles.request())
    case = desk.cases.take(csr, client_draft(name="on the server"))
    (reply,) = desk.cases.match(files(answer(case)), ())
    assert reply.problem is None
    assert reply.next_step is not None
    assert "on the server" in reply.next_step.id
    taken = desk.cases.accept(reply)
    assert (taken.state, taken.identity) == (CaseState.ISSUED, None)
    assert desk.count(identities) == 0
    assert desk.cases.set_state(case.id, CaseState.INSTALLED).state is CaseState.INSTALLED
    assert desk.cases.set_state(case.id, CaseState.TESTED).state is CaseState.TESTED


def test_of_two_certificates_for_one_key_the_newer_one_is_taken(desk: Desk) -> None:
    (case,) = desk.cases.make((client_draft(),), RING)
    older, newer = answer(case), answer(case, age=timedelta(hours=1))
    for order in ((older, newer), (newer, older)):
        (reply,) = [one for one in desk.cases.match(files(*order), ()) if one.problem is None]
        assert reply.certificate.sha256 == newer.facts.sha256
    (alone,) = desk.cases.match(files(older), ())
    assert desk.cases.accept(alone).identity == case.name


def test_state_goes_with_what_is_there(desk: Desk) -> None:
    (case,) = desk.cases.make((client_draft(),), RING)
    with pytest.raises(UnusableInputError):
        desk.cases.set_state(case.id, CaseState.INSTALLED)
    desk.cases.accept(desk.cases.match(files(answer(case)), ())[0])
    with pytest.raises(UnusableInputError):
        desk.cases.set_state(case.id, CaseState.REQUESTED)
    with pytest.raises(UnusableInputError, match="proved"):
        desk.cases.set_state(case.id, CaseState.TESTED)
    (kept,) = desk.cases.cases()
    assert kept.state is CaseState.INSTALLED
    with pytest.raises(UnusableInputError):
        desk.cases.set_state(case.id + 1, CaseState.TESTED)


def test_chain_is_completed_from_the_list_and_the_workspace(desk: Desk) -> None:
    root = pki.root("Far root")
    middle = pki.authority("Far middle", root)
    issuing = pki.authority("Far issuing", middle)
    (case,) = desk.cases.make((client_draft(),), RING)
    certificate = answer(case, issuing)
    (reply,) = desk.cases.match(files(certificate), (pki.trust_list(issuing),))
    assert [one.sha256 for one in reply.certification_path] == [certificate.sha256, issuing.sha256]
    seen = (issuing.facts, middle.facts, root.facts)
    desk.workspace.submit(lambda connection: keep_certificates(connection, seen, NOW)).result()
    (reply,) = desk.cases.match(files(certificate), ())
    assert [one.sha256 for one in reply.certification_path] == [
        certificate.sha256,
        issuing.sha256,
        middle.sha256,
    ]


def test_certificate_of_another_key_answers_nothing(desk: Desk) -> None:
    desk.cases.make((client_draft(),), RING)
    (reply,) = desk.cases.match(files(profiles.client()), ())
    assert reply.case is None
    assert reply.problem is not None
    assert reply.remedy is not None
    with pytest.raises(UnusableInputError):
        desk.cases.accept(reply)
    assert desk.count(identities) == 0


def test_files_without_an_answer_are_said(desk: Desk) -> None:
    for inspection in (files(profiles.issuing_ca()), Inspection()):
        with pytest.raises(UnusableInputError):
            desk.cases.match(inspection, ())


def test_uses_of_a_key_are_other_requests_and_certificates_and_not_its_own(desk: Desk) -> None:
    csr = read_request(profiles.request())
    assert desk.cases.key_uses(csr) == ()
    (other,) = desk.cases.make((client_draft(name="other"),), RING)
    assert [one.title for one in desk.cases.key_uses(csr)] == ["other"]
    case = desk.cases.take(csr, client_draft(name="taken"))
    desk.cases.accept(desk.cases.match(files(answer(case), profiles.issuing_ca()), ())[0])
    same = [one for one in desk.cases.key_uses(csr) if one.spki_sha256 == csr.spki_sha256]
    assert [one.sha256 for one in same] == [csr.sha256]
    elsewhere = profiles.client(key=profiles.curve_key())
    desk.workspace.submit(lambda connection: keep_certificates(connection, [elsewhere.facts], NOW)).result()
    same = [one for one in desk.cases.key_uses(csr) if one.spki_sha256 == csr.spki_sha256]
    assert {one.sha256 for one in same} == {csr.sha256, elsewhere.sha256}
    desk.cases.accept(desk.cases.match(files(answer(other)), ())[0])
    own = other.request
    same = [one for one in desk.cases.key_uses(own) if one.spki_sha256 == own.spki_sha256]
    assert [one.sha256 for one in same] == [own.sha256]


def test_certificate_is_taken_again_when_its_identity_was_deleted(desk: Desk) -> None:
    (case,) = desk.cases.make((client_draft(),), RING)
    reply_files = files(answer(case))
    desk.cases.accept(desk.cases.match(reply_files, ())[0])
    assert case.key is not None
    desk.stores.release((case.key.reference,), also=lambda one: remove_identity(one, "halden-client"))
    assert (desk.count(identities), desk.count(keys)) == (0, 1)
    (reply,) = desk.cases.match(reply_files, ())
    assert reply.problem is None
    assert desk.cases.accept(reply).identity == "halden-client"
