"""Identities at the desk with the real lab: imported from files, presented to servers, exported, deleted."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from tests.support.faulty_store import FaultyStore
from tests.support.memory_secrets import MemorySecrets
from trustdesk.core.errors import CancelledByPersonError, KeyStoreLockedError, UnusableInputError
from trustdesk.core.handshake import CertificateRequest, ClientCertificateVerdict
from trustdesk.core.identity import ExportForm, Identity, ImportChoice, Usable
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState
from trustdesk.core.ports import SecretStore
from trustdesk.core.probe import Outcome
from trustdesk.core.target import Target
from trustdesk.formats.credential import ClientCredential
from trustdesk.lab.process import LabDescription, LabProcess
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.board import State
from trustdesk.services.clock import SystemClock
from trustdesk.services.desk_values import SweepProgress
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.sweeps import usual_pace
from trustdesk.services.trust_lists import file_list
from trustdesk.services.wording import wording
from trustdesk.storage.workspace import Workspace

TIMEOUT_S = 30


@pytest.fixture(scope="module")
def lab() -> Iterator[LabDescription]:
    process = LabProcess.start()
    yield process.description
    process.stop()


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def desk(lab: LabDescription, secrets: MemorySecrets, tmp_path: Path) -> Iterator[LiveDesk]:
    opened = desk_of(lab, secrets, tmp_path)
    yield opened
    opened.close()


def desk_of(lab: LabDescription, keyring: SecretStore, folder: Path) -> LiveDesk:
    return LiveDesk(
        workspace=Workspace.open(folder / "workspace"),
        trust_lists=(file_list(Path(lab.trust_list)),),
        identities={},
        clock=SystemClock(),
        proxies=NoProxy(),
        pace=usual_pace(per_host=16, tries=1),
        keyring=keyring,
    )


class Hanging:
    """A keyring that asks a person who does not answer, until the test lets it."""

    def __init__(self, store: FaultyStore) -> None:
        self.asked, self.answered = threading.Event(), threading.Event()
        store.before = self._ask

    def _ask(self, _call: str) -> None:
        self.asked.set()
        assert self.answered.wait(TIMEOUT_S)


@pytest.fixture
def hanging_desk(
    lab: LabDescription, secrets: MemorySecrets, tmp_path: Path
) -> Iterator[tuple[LiveDesk, Hanging]]:
    """A desk with an identity whose keyring has begun to hang."""
    store = FaultyStore(secrets)
    opened = desk_of(lab, store, tmp_path)
    imported(opened, lab)
    hanging = Hanging(store)
    yield opened, hanging
    hanging.answered.set()
    opened.close()


def files_of(lab: LabDescription, name: str = "client-good") -> list[Path]:
    identity = next(one for one in lab.identities if one.name == name)
    return [Path(identity.certificate_file), Path(identity.key_file)]


def imported(
    desk: LiveDesk, lab: LabDescription, name: str = "acme", store: KeyStoreKind = KeyStoreKind.KEYRING
) -> Identity:
    prepared = desk.identity_desk.prepare_import(files_of(lab)).future.result(TIMEOUT_S)
    choice = ImportChoice(position=0, name=name, store=store)
    (identity,) = desk.identity_desk.import_identities(prepared, [choice]).future.result(TIMEOUT_S)
    prepared.discard()
    return identity


def mutual(lab: LabDescription) -> Target:
    """A healthy server that asks for our certificate."""
    return next(one.target for one in lab.servers if one.identity == "client-good" and one.fault is None)


def credentials_alive() -> int:
    """What holds a key: cryptography's own are not seen by the collector."""
    gc.collect()
    return sum(isinstance(one, ClientCredential) for one in gc.get_objects())


def test_imported_identity_can_be_selected_and_is_judged(desk: LiveDesk, lab: LabDescription) -> None:
    identity = imported(desk, lab)
    (choice,) = desk.identities().result(TIMEOUT_S)
    assert (choice.name, choice.sha256) == ("acme", identity.certificate.sha256)
    (view,) = desk.identity_desk.views().result(TIMEOUT_S)
    assert view.client.usable is Usable.YES, wording("en").text(view.client.why)
    assert view.path_is_complete is True


def test_stored_identity_is_presented_and_accepted(desk: LiveDesk, lab: LabDescription) -> None:
    identity = imported(desk, lab)
    report = desk.probe(mutual(lab), identity="acme").future.result(TIMEOUT_S)
    assert report.record.outcome is Outcome.ACCEPTED
    assert report.record.client_auth.sent
    assert report.record.client_auth.verdict is ClientCertificateVerdict.ACCEPTED
    assert report.record.identity is not None
    assert report.record.identity.sha256 == identity.certificate.sha256


def test_diagnosis_names_the_stored_identity(desk: LiveDesk, lab: LabDescription) -> None:
    imported(desk, lab)
    diagnosis = desk.diagnose(mutual(lab), identity="acme").future.result(TIMEOUT_S)
    assert [one.cause for one in diagnosis.hypotheses] == ["none"]
    assert [one.name for one in diagnosis.identities if one.name == "acme"] == ["acme"]


def test_public_side_is_had_while_the_keyring_is_locked(
    desk: LiveDesk, lab: LabDescription, secrets: MemorySecrets
) -> None:
    identity = imported(desk, lab)
    secrets.is_locked = True
    assert [one.name for one in desk.identities().result(TIMEOUT_S)] == ["acme"]
    certificate = desk.client_certificate("acme").result(TIMEOUT_S)
    assert certificate is not None
    assert certificate.sha256 == identity.certificate.sha256
    assert desk.own_revocation("acme").result(TIMEOUT_S) == ()
    (view,) = desk.identity_desk.views().result(TIMEOUT_S)
    assert view.client.usable is Usable.YES
    keyring, vault = desk.identity_desk.key_stores().result(TIMEOUT_S)
    assert (keyring.state, vault.state) == (KeyStoreState.LOCKED, KeyStoreState.ABSENT)


def test_locked_keyring_fails_probe_and_sweep_in_words_and_tests_nobody(
    desk: LiveDesk, lab: LabDescription, secrets: MemorySecrets
) -> None:
    imported(desk, lab)
    endpoint = desk.add_endpoint("Cargo", mutual(lab), "acme").result(TIMEOUT_S)
    secrets.is_locked = True
    with pytest.raises(KeyStoreLockedError):
        desk.probe(mutual(lab), identity="acme").future.result(TIMEOUT_S)
    steps: list[SweepProgress] = []
    with pytest.raises(KeyStoreLockedError):
        desk.sweep([endpoint], steps.append).future.result(TIMEOUT_S)
    assert steps == []
    assert desk.last_report(endpoint.id).result(TIMEOUT_S) is None


def test_sweep_uses_stored_identities_and_counts_who_accepted(desk: LiveDesk, lab: LabDescription) -> None:
    imported(desk, lab)
    added = [desk.add_endpoint(partner, mutual(lab), "acme").result(TIMEOUT_S) for partner in ("A", "B")]
    totals = desk.sweep(added, lambda _step: None).future.result(TIMEOUT_S)
    assert (totals.passed + totals.warned, totals.failed) == (2, 0)
    (view,) = desk.identity_desk.views().result(TIMEOUT_S)
    assert [one.partner for one in view.use.endpoints] == ["A", "B"]
    assert (view.use.presented_to, view.use.accepted_by) == (2, 2)


def test_endpoint_whose_identity_is_gone_is_not_tested_without_it(
    desk: LiveDesk, lab: LabDescription
) -> None:
    imported(desk, lab)
    mine = desk.add_endpoint("A", mutual(lab), "acme").result(TIMEOUT_S)
    other = desk.add_endpoint("B", mutual(lab), None).result(TIMEOUT_S)
    desk.identity_desk.delete("acme").future.result(TIMEOUT_S)
    steps: list[SweepProgress] = []
    totals = desk.sweep([mine, other], steps.append).future.result(TIMEOUT_S)
    rows = {step.endpoint_id: step.row for step in steps if step.row is not None}
    gone = rows[mine.id]
    assert gone.state is State.BAD
    assert gone.explanation is not None
    assert "acme" in wording("en").text(gone.explanation.headline)
    assert totals.passed + totals.warned + totals.failed == 2
    assert totals.failed >= 1
    assert desk.last_report(mine.id).result(TIMEOUT_S) is None
    assert desk.last_report(other.id).result(TIMEOUT_S) is not None


def test_key_goes_with_its_run(desk: LiveDesk, lab: LabDescription) -> None:
    imported(desk, lab)
    before = credentials_alive()
    endpoint = desk.add_endpoint("Cargo", mutual(lab), "acme").result(TIMEOUT_S)
    jobs = (
        desk.probe(mutual(lab), identity="acme"),
        desk.diagnose(mutual(lab), identity="acme"),
        desk.sweep([endpoint], lambda _step: None),
    )
    for job in jobs:
        job.future.result(TIMEOUT_S)
    assert credentials_alive() == before, "although a face still holds the jobs"


def test_renamed_identity_takes_its_endpoints_along(desk: LiveDesk, lab: LabDescription) -> None:
    imported(desk, lab)
    desk.add_endpoint("Cargo", mutual(lab), "acme").result(TIMEOUT_S)
    assert desk.identity_desk.rename("acme", " acme 2026 ").result(TIMEOUT_S).name == "acme 2026"
    (row,) = desk.board().result(TIMEOUT_S)
    assert row.endpoint.identity == "acme 2026"
    with pytest.raises(UnusableInputError):
        desk.identity_desk.rename("acme", "other").result(TIMEOUT_S)


def test_export_is_opened_by_the_library_with_its_passphrase(
    desk: LiveDesk, lab: LabDescription, tmp_path: Path
) -> None:
    imported(desk, lab)
    file = tmp_path / "acme.p12"
    passphrase = "four words nobody puts together"
    job = desk.identity_desk.export("acme", file, ExportForm.PKCS12, passphrase=passphrase)
    (written,) = job.future.result(TIMEOUT_S)
    assert written.path == str(file)
    opened = load_pkcs12(file.read_bytes(), passphrase.encode())
    own = load_pem_private_key(files_of(lab)[1].read_bytes(), None)
    assert opened.key is not None
    assert opened.key.public_key() == own.public_key()


def test_certificate_alone_is_exported_while_the_keyring_is_locked(
    desk: LiveDesk, lab: LabDescription, secrets: MemorySecrets, tmp_path: Path
) -> None:
    imported(desk, lab)
    secrets.is_locked = True
    chain = tmp_path / "chain.pem"
    desk.identity_desk.export("acme", chain, ExportForm.CHAIN).future.result(TIMEOUT_S)
    assert b"PRIVATE" not in chain.read_bytes()
    job = desk.identity_desk.export("acme", tmp_path / "x.p12", ExportForm.PKCS12, passphrase="x" * 30)
    assert isinstance(job.future.exception(TIMEOUT_S), KeyStoreLockedError)
    assert not (tmp_path / "x.p12").exists()


def test_deleted_identity_leaves_nothing_in_the_keyring_and_says_what_that_means(
    desk: LiveDesk, lab: LabDescription, secrets: MemorySecrets
) -> None:
    imported(desk, lab)
    assert secrets.texts
    deletion = desk.identity_desk.delete("acme").future.result(TIMEOUT_S)
    assert secrets.texts == {}
    assert deletion.meaning is not None
    assert "revoked" in wording("en").text(deletion.meaning)
    assert desk.identities().result(TIMEOUT_S) == ()


def test_vault_keeps_keys_where_it_was_chosen_and_locks(desk: LiveDesk, lab: LabDescription) -> None:
    made = desk.identity_desk.make_vault("a passphrase of the test").future.result(TIMEOUT_S)
    assert made.state is KeyStoreState.READY
    imported(desk, lab, store=KeyStoreKind.VAULT)
    assert desk.identity_desk.lock_vault().result(TIMEOUT_S).state is KeyStoreState.LOCKED
    with pytest.raises(KeyStoreLockedError):
        desk.probe(mutual(lab), identity="acme").future.result(TIMEOUT_S)
    unlocked = desk.identity_desk.unlock(KeyStoreKind.VAULT, "a passphrase of the test")
    assert unlocked.future.result(TIMEOUT_S).state is KeyStoreState.READY
    report = desk.probe(mutual(lab), identity="acme").future.result(TIMEOUT_S)
    assert report.record.client_auth.sent


def test_file_of_a_stored_name_is_opened_under_another(desk: LiveDesk, lab: LabDescription) -> None:
    certificate, key = files_of(lab)
    imported(desk, lab, name=certificate.name)
    opened = desk.open_identity(certificate, key, None).result(TIMEOUT_S)
    assert opened.name != certificate.name
    names = [one.name for one in desk.identities().result(TIMEOUT_S)]
    assert names == [certificate.name, opened.name]


def test_search_finds_identities_by_name_and_company(desk: LiveDesk, lab: LabDescription) -> None:
    identity = imported(desk, lab, name="our own client")
    (hit,) = (one for one in desk.search("our own").result(TIMEOUT_S) if one.sha256)
    assert hit.sha256 == identity.certificate.sha256
    uri = next(name for name in identity.certificate.subject_alt_names if name.startswith("URI:"))
    found = desk.search(uri.removeprefix("URI:")).result(TIMEOUT_S)
    assert identity.certificate.sha256 in {one.sha256 for one in found}


def test_who_gives_up_on_a_keyring_that_hangs_gets_an_answer_and_the_others_go_on(
    hanging_desk: tuple[LiveDesk, Hanging], lab: LabDescription
) -> None:
    desk, hanging = hanging_desk
    probe = desk.probe(mutual(lab), identity="acme")
    assert hanging.asked.wait(TIMEOUT_S)
    (view,) = desk.identity_desk.views().result(TIMEOUT_S)
    assert view.identity.name == "acme", "nothing that is public waits"
    assert len(desk.identity_desk.key_stores().result(TIMEOUT_S)) == 2
    bare = desk.probe(mutual(lab)).future.result(TIMEOUT_S)
    assert not bare.record.client_auth.sent
    probe.cancel()
    assert isinstance(probe.future.exception(TIMEOUT_S), CancelledByPersonError)


def test_sweep_that_is_given_up_while_the_keyring_hangs_tests_and_keeps_nothing(
    hanging_desk: tuple[LiveDesk, Hanging], lab: LabDescription
) -> None:
    desk, hanging = hanging_desk
    endpoint = desk.add_endpoint("Cargo", mutual(lab), "acme").result(TIMEOUT_S)
    job = desk.sweep([endpoint], lambda _step: None)
    assert hanging.asked.wait(TIMEOUT_S)
    job.cancel()
    totals = job.future.result(TIMEOUT_S)
    assert (totals.passed, totals.warned, totals.failed, totals.cancelled) == (0, 0, 0, 1)
    assert desk.last_report(endpoint.id).result(TIMEOUT_S) is None


def test_deleting_that_is_given_up_changes_nothing(
    hanging_desk: tuple[LiveDesk, Hanging], secrets: MemorySecrets
) -> None:
    desk, hanging = hanging_desk
    kept = dict(secrets.texts)
    job = desk.identity_desk.delete("acme")
    assert hanging.asked.wait(TIMEOUT_S)
    job.cancel()
    assert isinstance(job.future.exception(TIMEOUT_S), CancelledByPersonError)
    assert [one.name for one in desk.identities().result(TIMEOUT_S)] == ["acme"]
    assert secrets.texts == kept


def test_server_request_is_joined_with_stored_identities(desk: LiveDesk, lab: LabDescription) -> None:
    identity = imported(desk, lab)
    request = CertificateRequest(acceptable_cas=(identity.certificate.issuer or "",))
    matches = desk.match_identities(request, "TLSv1.3").result(TIMEOUT_S)
    assert {one.name for one in matches} == {"acme"}


def test_desk_that_closes_while_the_keyring_hangs_ends_what_waits(
    lab: LabDescription, secrets: MemorySecrets, tmp_path: Path
) -> None:
    store = FaultyStore(secrets)
    desk = desk_of(lab, store, tmp_path)
    imported(desk, lab)
    hanging = Hanging(store)
    probe = desk.probe(mutual(lab), identity="acme")
    assert hanging.asked.wait(TIMEOUT_S)
    desk.close()
    assert isinstance(probe.future.exception(0), CancelledByPersonError)
    hanging.answered.set()
