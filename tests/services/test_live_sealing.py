"""Seals at the desk: judgement follows an unlocked key store, and sealing anew waits for a person."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.faulty_store import FaultyStore
from tests.support.memory_secrets import MemorySecrets
from tests.support.trust_lab import WAIT_S, TrustLab
from trustdesk.core.errors import CancelledByPersonError, KeyStoreUnavailableError, UnusableInputError
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.trust_decision import LogAction, PartnerPolicy

HALDEN = "Halden"
PASSPHRASE = "seven words that nobody will ever guess"


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def agreed(tmp_path: Path, secrets: MemorySecrets) -> MemorySecrets:
    """A workspace in which a partner is trusted by a private root alone, and its desk closed again."""
    lab = TrustLab(tmp_path, secrets=secrets)
    root = pki.root("Halden Private Root")
    lab.saw(HALDEN, pki.server(root), root)
    policy = PartnerPolicy(partner=HALDEN, private_roots=(root.facts,))
    lab.trust.set_policy(policy, "agreed by phone").future.result(WAIT_S)
    assert standing(lab)
    lab.close()
    return secrets


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[TrustLab]]:
    """Desks that are closed at the end."""
    labs: list[TrustLab] = []
    yield labs
    for lab in labs:
        lab.close()


def open_again(opened: list[TrustLab], folder: Path, secrets: MemorySecrets | FaultyStore) -> TrustLab:
    opened.append(TrustLab(folder, secrets=secrets))
    return opened[-1]


def standing(lab: TrustLab) -> bool:
    """Whether the partner's server is trusted as of now."""
    endpoint = lab.desk.board().result(WAIT_S)[0].endpoint
    report = lab.desk.last_report(endpoint.id).result(WAIT_S)
    assert report is not None
    assert report.record.judgement is not None
    return not report.record.judgement.faults


@pytest.mark.parametrize("by", ["status bar", "another program"])
def test_judgement_follows_a_keyring_that_is_unlocked_later(
    tmp_path: Path, opened: list[TrustLab], agreed: MemorySecrets, by: str
) -> None:
    agreed.is_locked = True
    lab = open_again(opened, tmp_path, agreed)
    lab.desk.identity_desk.key_stores().result(WAIT_S)
    assert not standing(lab), "without its seal a private root counts for nothing"
    agreed.is_locked = False
    if by == "status bar":
        lab.desk.identity_desk.unlock(KeyStoreKind.KEYRING).future.result(WAIT_S)
    else:
        lab.desk.identity_desk.key_stores().result(WAIT_S)
    assert standing(lab)
    assert lab.trust.policies().result(WAIT_S)[0].sealed is True


def test_on_another_machine_a_person_seals_anew_and_it_counts_at_once(
    tmp_path: Path, opened: list[TrustLab], agreed: MemorySecrets
) -> None:
    lab = open_again(opened, tmp_path, MemorySecrets())
    assert not standing(lab)
    log = lab.trust.log().future.result(WAIT_S)
    assert (log.sealed, log.key_is_lost, log.wants_sealing) == (None, True, True)
    seen = lab.trust.review_seals().future.result(WAIT_S)
    with pytest.raises(UnusableInputError, match="needs a reason"):
        lab.trust.seal_anew("  ", seen).future.result(WAIT_S)
    after = lab.trust.seal_anew("moved to the new laptop", seen).future.result(WAIT_S)
    assert after.holds
    assert standing(lab)
    log = lab.trust.log().future.result(WAIT_S)
    assert (log.sealed, log.wants_sealing) == (True, False)
    assert (log.entries[-1].action, log.entries[-1].comment) == (
        LogAction.SEALED_ANEW,
        "moved to the new laptop",
    )


def test_nothing_is_sealed_anew_of_itself(
    tmp_path: Path, opened: list[TrustLab], agreed: MemorySecrets
) -> None:
    lab = open_again(opened, tmp_path, MemorySecrets())
    lab.trust.distrust("ab" * 32, "a deed that makes a key").future.result(WAIT_S)
    lab.desk.identity_desk.key_stores().result(WAIT_S)
    log = lab.trust.log().future.result(WAIT_S)
    assert (log.sealed, log.wants_sealing) == (False, True)
    assert lab.trust.policies().result(WAIT_S)[0].sealed is False
    assert not standing(lab)


def test_waiting_for_a_keyring_can_be_given_up_and_nothing_is_sealed(
    tmp_path: Path, opened: list[TrustLab], agreed: MemorySecrets
) -> None:
    fresh = MemorySecrets()
    store = FaultyStore(fresh)
    lab = open_again(opened, tmp_path, store)
    seen = lab.trust.review_seals().future.result(WAIT_S)
    reached, answers = threading.Event(), threading.Event()

    def block(_call: str) -> None:
        reached.set()
        assert answers.wait(WAIT_S)

    store.before = block
    job = lab.trust.seal_anew("moved", seen)
    assert reached.wait(WAIT_S)
    job.cancel()
    with pytest.raises(CancelledByPersonError):
        job.future.result(WAIT_S)
    store.before = lambda _call: None
    answers.set()
    log = lab.trust.log().future.result(WAIT_S)
    assert log.entries[-1].action is LogAction.POLICY_SET
    assert log.sealed is not True


def test_a_machine_without_a_keyring_says_so_and_the_vault_is_the_remedy(
    tmp_path: Path, opened: list[TrustLab], agreed: MemorySecrets
) -> None:
    headless = FaultyStore(MemorySecrets())
    headless.is_reachable = False
    lab = open_again(opened, tmp_path, headless)
    seen = lab.trust.review_seals().future.result(WAIT_S)
    with pytest.raises(KeyStoreUnavailableError) as failed:
        lab.trust.seal_anew("no keyring here", seen).future.result(WAIT_S)
    assert "vault" in failed.value.remedy.id
    lab.desk.identity_desk.make_vault(PASSPHRASE).future.result(WAIT_S)
    seen = lab.trust.review_seals().future.result(WAIT_S)
    assert lab.trust.seal_anew("in the vault now", seen).future.result(WAIT_S).holds
    assert standing(lab)
    lab.close()
    opened.remove(lab)
    again = open_again(opened, tmp_path, headless)
    assert not standing(again)
    again.desk.identity_desk.unlock(KeyStoreKind.VAULT, PASSPHRASE).future.result(WAIT_S)
    assert standing(again)


def test_a_copy_of_the_workspace_on_the_same_keyring_holds_and_both_go_on(
    tmp_path: Path, opened: list[TrustLab], agreed: MemorySecrets
) -> None:
    shutil.copytree(tmp_path / "workspace", tmp_path / "copy" / "workspace")
    for folder in (tmp_path, tmp_path / "copy"):
        lab = open_again(opened, folder, agreed)
        assert standing(lab)
        lab.trust.distrust("ab" * 32, "a line of its own").future.result(WAIT_S)
        assert lab.trust.log().future.result(WAIT_S).sealed is True


def test_two_workspaces_on_one_keyring_have_seals_of_their_own(
    tmp_path: Path, opened: list[TrustLab], agreed: MemorySecrets
) -> None:
    (tmp_path / "other").mkdir()
    other = open_again(opened, tmp_path / "other", agreed)
    other.trust.distrust("ab" * 32, "another office").future.result(WAIT_S)
    other.desk.identity_desk.key_stores().result(WAIT_S)
    assert other.trust.log().future.result(WAIT_S).sealed is True
    assert standing(open_again(opened, tmp_path, agreed))
    assert len([name for name in agreed.texts if name.endswith(":key")]) == 2
