"""What a private CA of the workspace revoked is revoked in every judgement here, without opening its list."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.memory_secrets import MemorySecrets
from tests.support.own_group import TIMEOUT_S, desk_of, in_force, member_of_a_group
from trustdesk.core.identity import IdentityView, Usable
from trustdesk.core.private_ca import RevocationReason
from trustdesk.services import crl_opening, desk_revocation
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.wording import wording
from trustdesk.services.workspace_lists import with_kept_lists
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.revocation.evidence import NO_EVIDENCE
from trustdesk.verify.revocation_list import HeldRevocationList


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def desk(secrets: MemorySecrets, tmp_path: Path) -> Iterator[LiveDesk]:
    opened = desk_of(secrets, tmp_path)
    yield opened
    opened.close()


def view(desk: LiveDesk) -> IdentityView:
    (found,) = desk.identity_desk.views().result(TIMEOUT_S)
    return found


def test_identity_is_no_client_any_more_once_its_private_ca_revoked_it(
    desk: LiveDesk, secrets: MemorySecrets, tmp_path: Path
) -> None:
    ca = member_of_a_group(desk, tmp_path)
    before = view(desk)
    assert before.client.usable is Usable.YES, wording("en").text(before.client.why)
    sha256 = before.identity.certificate.sha256
    desk.authority_desk.revoke(ca.id, sha256, RevocationReason.KEY_COMPROMISE).future.result(TIMEOUT_S)
    after = view(desk)
    assert after.client.usable is Usable.NO
    assert "revoked" in wording("en").text(after.client.why)
    desk.close()
    again = desk_of(secrets, tmp_path)
    try:
        in_force(again, ca, tmp_path)
        assert view(again).client.usable is Usable.NO
    finally:
        again.close()


def test_each_list_takes_the_place_of_the_one_before(desk: LiveDesk, tmp_path: Path) -> None:
    ca = member_of_a_group(desk, tmp_path)
    for _ in range(2):
        desk.authority_desk.issue_crl(ca.id).future.result(TIMEOUT_S)
    kept = desk.kept_crls().result(TIMEOUT_S)
    assert len(kept) == 2  # of the issuing CA and of the root
    assert view(desk).client.usable is Usable.YES
    desk.close()
    workspace = Workspace.open(tmp_path / "workspace")
    try:
        lists = with_kept_lists(NO_EVIDENCE, workspace).lists
        assert {one.facts.number for _, one in lists} == {2}
    finally:
        workspace.close()


def test_identities_are_judged_once_the_lists_are_open(
    desk: LiveDesk, secrets: MemorySecrets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, may_open = member_of_a_group(desk, tmp_path), threading.Event()
    sha256 = view(desk).identity.certificate.sha256
    desk.authority_desk.revoke(ca.id, sha256, RevocationReason.KEY_COMPROMISE).future.result(TIMEOUT_S)
    desk.close()

    def opened(der: bytes, **_options: object) -> HeldRevocationList:
        may_open.wait(TIMEOUT_S)
        return HeldRevocationList(der)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(desk_revocation, "HELD_BYTES", 0)
    monkeypatch.setattr(crl_opening, "open_revocation_list", opened)
    again = desk_of(secrets, tmp_path)
    try:
        in_force(again, ca, tmp_path)
        views, cases = again.identity_desk.views(), again.identity_desk.cases()
        cases.result(TIMEOUT_S)  # nothing else waits for the lists
        may_open.set()
        (found,) = views.result(TIMEOUT_S)
        assert "revoked" in wording("en").text(found.client.why)
    finally:
        may_open.set()
        again.close()
