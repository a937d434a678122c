"""The vault of a command: who is asked for what, whichever way it is reached."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.memory_keys import MemoryKeyring
from trustdesk.cli.own_desk import DeskVault, own_desk
from trustdesk.cli.secret_options import SecretOption
from trustdesk.cli.vault import OpensVault, make_ready
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.key_store import KeyStoreKind, KeyStoreState
from trustdesk.services import workspace_keys
from trustdesk.storage.vault import Vault

PASSPHRASE = "seven words that nobody else would ever choose"
ASKED = SecretOption(option="--vault-password")


@contextmanager
def opened(folder: Path, *, through_desk: bool) -> Iterator[OpensVault]:
    if not through_desk:
        yield Vault(folder / workspace_keys.VAULT_FILE)
        return
    with own_desk(folder) as desk:
        yield DeskVault(desk.identity_desk)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed at the terminal, the first first."""
    typed: list[str] = []
    monkeypatch.setattr(workspace_keys, "keyring_store", MemoryKeyring)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _: typed.pop(0))
    return typed


@pytest.mark.parametrize("through_desk", [False, True])
def test_a_new_passphrase_is_asked_for_twice_and_an_open_vault_asks_nobody(
    answers: list[str], tmp_path: Path, *, through_desk: bool
) -> None:
    with opened(tmp_path, through_desk=through_desk) as vault:
        answers += [PASSPHRASE, "another one"]
        with pytest.raises(UnusableInputError):
            make_ready(KeyStoreKind.VAULT, vault, ASKED, may_make=True)
        assert vault.status().state is KeyStoreState.ABSENT
        answers += [PASSPHRASE, PASSPHRASE]
        make_ready(KeyStoreKind.VAULT, vault, ASKED, may_make=True)
        make_ready(KeyStoreKind.VAULT, vault, ASKED)
        assert (vault.status().state, answers) == (KeyStoreState.READY, [])
    with opened(tmp_path, through_desk=through_desk) as vault:
        answers.append(PASSPHRASE)
        make_ready(KeyStoreKind.VAULT, vault, ASKED, may_make=True)
        assert (vault.status().state, answers) == (KeyStoreState.READY, [])


@pytest.mark.parametrize("through_desk", [False, True])
def test_a_keyring_asks_by_itself_and_a_missing_passphrase_names_its_options(
    answers: list[str], tmp_path: Path, *, through_desk: bool
) -> None:
    with opened(tmp_path, through_desk=through_desk) as vault:
        make_ready(KeyStoreKind.KEYRING, vault, ASKED, may_make=True)
        answers.append("")
        with pytest.raises(UnusableInputError) as refused:
            make_ready(KeyStoreKind.VAULT, vault, ASKED, may_make=True)
        assert dict(refused.value.remedy.params)["option"] == "--vault-password"
        assert vault.status().state is KeyStoreState.ABSENT
