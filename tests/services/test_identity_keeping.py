"""Files become identities: the key in a store, everything public in the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from tests.support import pki
from tests.support.faulty_store import FaultyStore
from tests.support.pki import NOW
from tests.support.store_cases import opened_vault
from trustdesk.core.errors import KeyStoreError, UnusableInputError
from trustdesk.core.identity import Identity, ImportCandidate, ImportChoice
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.formats.certification_path import spki_sha256
from trustdesk.services.clock import SystemClock
from trustdesk.services.identity_import import OpenedImport, import_chosen, prepare
from trustdesk.services.identity_keeping import keeper, surroundings_of
from trustdesk.services.reading import ReadingService
from trustdesk.storage.identities import all_identities
from trustdesk.storage.key_stores import KeyStores
from trustdesk.storage.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = Workspace.open(tmp_path / "workspace")
    yield opened
    opened.close()


@pytest.fixture
def reading() -> Iterator[ReadingService]:
    service = ReadingService()
    yield service
    service.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FaultyStore]:
    vault = opened_vault(tmp_path, make=True)
    yield FaultyStore(vault)
    vault.lock()


@pytest.fixture
def stores(workspace: Workspace, store: FaultyStore, tmp_path: Path) -> KeyStores:
    return KeyStores(workspace, [store], tmp_path / "lock", SystemClock())


def opened(folder: Path, reading: ReadingService, workspace: Workspace, *issued: pki.Issued) -> OpenedImport:
    file = folder / "keys.pem"
    file.write_bytes(b"".join(one.pem + one.key_pem() for one in issued))
    here = surroundings_of(workspace, [pki.trust_list(pki.root())], NOW)
    return prepare([file], [], reading=reading, here=here)


def chosen(*names: str) -> list[ImportChoice]:
    return [ImportChoice(position=at, name=name, store=KeyStoreKind.VAULT) for at, name in enumerate(names)]


def kept(workspace: Workspace) -> tuple[Identity, ...]:
    return workspace.submit(all_identities).result()


def test_identity_is_kept_and_the_next_import_knows_it(
    tmp_path: Path, reading: ReadingService, workspace: Workspace, stores: KeyStores
) -> None:
    leaf = pki.client(pki.root())
    prepared = opened(tmp_path, reading, workspace, leaf)
    (made,) = import_chosen(prepared, chosen("Mine"), taken=(), keep=keeper(stores, NOW))
    assert kept(workspace) == (made,)
    assert spki_sha256(stores.load(made.key.reference)) == spki_sha256(leaf.key)
    again = opened(tmp_path, reading, workspace, leaf).preview.candidates[0]
    assert again.already_here == "Mine"


def test_store_that_fails_keeps_nothing_of_that_identity(
    tmp_path: Path, reading: ReadingService, workspace: Workspace, stores: KeyStores, store: FaultyStore
) -> None:
    root = pki.root()
    prepared = opened(tmp_path, reading, workspace, pki.client(root, "A"), pki.client(root, "B"))
    keep = keeper(stores, NOW)

    def keep_one_then_fail(
        candidate: ImportCandidate, choice: ImportChoice, key: CertificateIssuerPrivateKeyTypes
    ) -> Identity:
        store.is_reachable = choice.name == "A"
        return keep(candidate, choice, key)

    with pytest.raises(KeyStoreError) as caught:
        import_chosen(prepared, chosen("A", "B"), taken=(), keep=keep_one_then_fail)
    assert [identity.name for identity in kept(workspace)] == ["A"]
    assert dict(caught.value.problem.params)["names"] == "A"


def test_name_taken_in_the_meantime_keeps_nothing(
    tmp_path: Path, reading: ReadingService, workspace: Workspace, stores: KeyStores, store: FaultyStore
) -> None:
    leaf = pki.client(pki.root())
    prepared = opened(tmp_path, reading, workspace, leaf)
    import_chosen(prepared, chosen("Mine"), taken=(), keep=keeper(stores, NOW))
    names = store.names("")
    with pytest.raises(UnusableInputError):
        import_chosen(prepared, chosen("Mine"), taken=(), keep=keeper(stores, NOW))
    assert len(kept(workspace)) == 1
    assert store.names("") == names
