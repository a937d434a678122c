"""`trustdesk trust seal`, on a machine without a keyring: what is said when, and the vault as the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import update

from tests.support import pki
from tests.support.command import trustdesk
from tests.support.trust_content import change
from trustdesk.cli.options import chosen_trust
from trustdesk.cli.secret_options import SecretOption
from trustdesk.cli.vault import opener
from trustdesk.core.target import parse_target
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace

PASSPHRASE = "seven words that nobody will ever guess"
HALDEN = "Halden Air"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")


@pytest.fixture
def space(tmp_path: Path) -> Path:
    workspace = Workspace.open(tmp_path / "space")
    Directory(workspace).add_endpoint(HALDEN, parse_target(f"https://{pki.HOST}/")).result()
    workspace.close()
    return tmp_path / "space"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    file = tmp_path / "root.pem"
    file.write_bytes(pki.root("Halden Private Root").certificate.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE)
    return file


def agree(space: Path, root: Path, *more: object) -> tuple[int, str]:
    ran = trustdesk(
        "trust", "policy", "set", HALDEN, "--private-root", root, "--comment", "by phone",
        "--workspace", space, *more,
    )  # fmt: skip
    return ran.status, ran.out + ran.err


def test_private_roots_without_a_keyring_are_said_to_count_for_nothing_with_the_remedy(
    space: Path, root: Path, passphrase: Path
) -> None:
    status, said = agree(space, root)
    assert status == 0
    assert "its private roots count for nothing until it is" in said
    assert "make the vault" in said
    assert "count for nothing" in agree(space, root, "--json")[1], "also beside a document"
    common = ("--comment", "log compared", "--workspace", space)
    without = trustdesk("trust", "seal", *common, "--yes")
    assert without.status == 3
    assert "make the vault" in without.err
    asked = trustdesk("trust", "seal", *common, "--store", "vault", "--vault-password-file", passphrase)
    assert (asked.status, "--yes" in asked.err) == (2, True)
    sealed = trustdesk(
        "trust", "seal", *common, "--store", "vault", "--vault-password-file", passphrase, "--yes", "--json"
    )
    assert sealed.status == 0, sealed.err
    assert sealed.document["sealed"] == [{"kind": "policy", "name": HALDEN}]
    assert "line 2" in sealed.err, "what stands is shown beside the document"
    # From then on the vault has to be opened for what grants.
    status, said = agree(space, root)
    assert (status, "vault needs its passphrase" in said) == (2, True)
    status, said = agree(space, root, "--vault-password-file", passphrase)
    assert (status, "count for nothing" in said) == (0, False)
    log = trustdesk("trust", "log", "--workspace", space, "--vault-password-file", passphrase, "--json")
    assert (log.status, log.document["sealed"]) == (0, True)
    assert "sealed_anew" in {one["action"] for one in log.document["entries"]}
    again = trustdesk("trust", "seal", *common, "--vault-password-file", passphrase, "--yes")
    assert (again.status, "nothing to seal anew" in again.err) == (2, True)


def test_what_another_program_changed_is_named_and_not_sealed(
    space: Path, root: Path, passphrase: Path
) -> None:
    agree(space, root)
    workspace = Workspace.open(space)
    document = schema.partner_policies.c.document
    change(workspace, update(schema.partner_policies).values(document=document + " "))
    workspace.close()
    ran = trustdesk(
        "trust", "seal", "--comment", "moved", "--workspace", space, "--store", "vault",
        "--vault-password-file", passphrase, "--yes",
    )  # fmt: skip
    assert ran.status == 0, ran.err
    assert f"Policy of {HALDEN}: not as the log tells, and not sealed" in ran.out
    assert f"The policy of {HALDEN} is not as the log tells." in ran.out


def test_a_sweep_opens_the_vault_and_says_where_private_roots_count_for_nothing(
    space: Path, root: Path, passphrase: Path
) -> None:
    agree(space, root)
    sealing = ("--store", "vault", "--vault-password-file", passphrase, "--yes")
    assert trustdesk("trust", "seal", "--comment", "made", "--workspace", space, *sealing).status == 0
    sweep = ("sweep", "--workspace", space, "--timeout", "0.1", "--connect", "127.0.0.1:9", "--json")
    assert f"count for nothing, for want of a seal that holds: {HALDEN}." in trustdesk(*sweep).err
    opened = trustdesk(*sweep, "--vault-password-file", passphrase)
    assert "count for nothing" not in opened.err
    with passphrase.open("rb") as descriptor:
        trust = chosen_trust(
            (),
            space,
            judges_partners=True,
            open_vault=opener(SecretOption(option="--vault-password", descriptor=descriptor.fileno())),
        )
    assert trust.unsealed == ()


def test_a_passphrase_from_a_descriptor_can_be_given_twice(passphrase: Path) -> None:
    with passphrase.open("rb") as descriptor:
        option = SecretOption(option="--vault-password", descriptor=descriptor.fileno())
        assert [option.read(), option.read()] == [PASSPHRASE, PASSPHRASE]
        assert PASSPHRASE not in repr(option)
