"""Exports: whole, for their owner alone, read back, and never in the clear unasked."""

from __future__ import annotations

import os
import stat
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support import pki
from tests.support.pki import Issued
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.identity import ExportForm, ExportProfile
from trustdesk.formats.certification_path import spki_sha256
from trustdesk.formats.files import read_certificates, read_credential
from trustdesk.services import identity_export
from trustdesk.services.export_places import warnings_of
from trustdesk.services.identity_export import PROTECTED, WITH_KEY, Exportable, export_identity
from trustdesk.services.passphrases import generate_passphrase
from trustdesk.services.stored_identities import ExportWish

PASSPHRASE = "k7Qm2-Rt5Vw-x9Zaa-B3cDe"
posix = pytest.mark.skipif(os.name != "posix", reason="modes and links are POSIX's")


@cache
def path() -> tuple[Issued, Issued, Issued]:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    return pki.client(middle), middle, root


def mine(*, key: bool = True) -> Exportable:
    leaf, middle, root = path()
    return Exportable(
        name="Mine",
        certification_path=(leaf.facts, middle.facts),
        anchor=root.facts,
        private_key=leaf.key if key else None,
    )


@pytest.mark.parametrize("form", ExportForm)
def test_each_form_holds_what_it_says(form: ExportForm, tmp_path: Path) -> None:
    leaf, middle, root = path()
    file = tmp_path / "out"
    made = export_identity(mine(key=form in WITH_KEY), file, form, passphrase=PASSPHRASE, is_agreed=True)
    data = file.read_bytes()
    digests = [one.sha256 for one in read_certificates(data, "f", lambda: PASSPHRASE)]
    expected = {
        ExportForm.CERTIFICATE: [leaf.sha256],
        ExportForm.JAVA_TRUST_STORE: [root.sha256, middle.sha256],
    }
    assert digests == expected.get(form, [leaf.sha256, middle.sha256])
    assert made.path == str(file)
    assert made.holds.count == len(digests)
    assert (b"BEGIN PRIVATE KEY" in data) is (form is ExportForm.PLAIN_PEM)
    if form in WITH_KEY:
        credential = read_credential(data, "f", password=lambda: PASSPHRASE)
        assert spki_sha256(credential.private_key) == spki_sha256(leaf.key)
    else:
        with pytest.raises(UnusableInputError, match="no private key"):
            read_credential(data, "f", password=lambda: PASSPHRASE)


@posix
@pytest.mark.parametrize("form", ExportForm)
def test_file_is_its_owners_and_a_link_is_not_followed(form: ExportForm, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"somebody's")
    file = tmp_path / "out"
    file.symlink_to(other)
    before = os.umask(0)
    try:
        export_identity(
            mine(), file, form, profile=ExportProfile.COMPATIBLE, passphrase=PASSPHRASE, is_agreed=True
        )
    finally:
        os.umask(before)
    assert other.read_bytes() == b"somebody's"
    assert not file.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["other", "out"]


def refused(form: ExportForm, file: Path, what: Exportable | None = None, **options: object) -> str:
    with pytest.raises(UnusableInputError) as caught:
        export_identity(what or mine(), file, form, **options)  # type: ignore[arg-type]
    assert not file.exists()
    return caught.value.problem.id


@pytest.mark.parametrize("form", sorted(PROTECTED))
@pytest.mark.parametrize("passphrase", [None, "", "password1234", "Mine Mine Mine"])
def test_protected_forms_have_a_strong_passphrase(
    form: ExportForm, passphrase: str | None, tmp_path: Path
) -> None:
    assert "passphrase" in refused(form, tmp_path / "out", passphrase=passphrase)


def test_plain_key_is_written_only_where_the_person_agreed(tmp_path: Path) -> None:
    assert "in the clear" in refused(ExportForm.PLAIN_PEM, tmp_path / "out", passphrase=PASSPHRASE)


@pytest.mark.parametrize("form", sorted(WITH_KEY))
def test_form_with_a_key_needs_the_key(form: ExportForm, tmp_path: Path) -> None:
    problem = refused(form, tmp_path / "out", mine(key=False), passphrase=PASSPHRASE, is_agreed=True)
    assert "not at hand" in problem


def test_trust_store_of_an_unknown_issuer(tmp_path: Path) -> None:
    alone = Exportable(name="Alone", certification_path=(path()[0].facts,))
    assert "issuer" in refused(ExportForm.JAVA_TRUST_STORE, tmp_path / "out", alone, passphrase=PASSPHRASE)


@pytest.mark.parametrize("form", [ExportForm.CHAIN, ExportForm.PEM, ExportForm.PKCS12])
def test_file_with_something_else_in_it_is_no_success(
    form: ExportForm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = pki.client(path()[2], "Other")
    wrong = {
        ExportForm.CHAIN: path()[0].pem,
        ExportForm.PEM: path()[0].pem + path()[1].pem + other.key_pem(),
        ExportForm.PKCS12: other.pkcs12(PASSPHRASE, path()[1]),
    }[form]
    monkeypatch.setattr(identity_export, "_data", lambda *_: wrong)
    with pytest.raises(EnvironmentFailureError, match="does not hold what was written"):
        export_identity(mine(), tmp_path / "out", form, passphrase=PASSPHRASE)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailureError, match="folder does not exist"):
        export_identity(mine(), tmp_path / "no" / "out", ExportForm.CHAIN)


def test_nothing_secret_in_its_text(tmp_path: Path) -> None:
    passphrase = generate_passphrase()
    made = export_identity(mine(), tmp_path / "out", ExportForm.PEM, passphrase=passphrase)
    assert passphrase not in repr(made)
    assert "private_key" not in repr(mine())
    assert passphrase not in repr(ExportWish(form=ExportForm.PEM, passphrase=passphrase))
    assert passphrase.encode() not in (tmp_path / "out").read_bytes()


# --- places -----------------------------------------------------------------------------------------------


@posix
def test_folder_that_others_can_list() -> None:
    # pytest's own folders are closed to others, with all that lies in them.
    with TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name) / "in"
        folder.mkdir()
        folder.chmod(0o755)
        assert warnings_of(folder) == ()
        Path(name).chmod(0o711)
        found = [warning.id for warning in warnings_of(folder)]
        assert found == [
            "Other users of this computer can list the folder {folder}; the file is yours alone."
        ]
        folder.chmod(0o711)
        assert warnings_of(folder) == ()


def test_settings_of_a_sync_program_in_the_home_folder_copy_nothing(tmp_path: Path) -> None:
    (tmp_path / ".dropbox").mkdir()
    assert warnings_of(tmp_path / "keys") == ()
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / ".dropbox").touch()
    assert [dict(warning.params)["program"] for warning in warnings_of(tmp_path / "keys")] == ["Dropbox"]


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("Dropbox/keys", "Dropbox"),
        ("OneDrive - ACME Air/keys", "OneDrive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud"),
        ("Google Drive", "Google Drive"),
        ("Nextcloud", "Nextcloud"),
    ],
)
def test_folder_that_is_copied_elsewhere_by_its_name(folder: str, program: str, tmp_path: Path) -> None:
    place = tmp_path / folder
    place.mkdir(parents=True)
    (warning,) = warnings_of(place)
    assert dict(warning.params)["program"] == program


def test_folder_that_is_copied_elsewhere_by_its_mark_or_through_a_link(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (shared / "in").mkdir(parents=True)
    (shared / ".stfolder").mkdir()
    (warning,) = warnings_of(shared / "in")
    assert dict(warning.params)["program"] == "Syncthing"
    (tmp_path / "link").symlink_to(shared)
    (warning,) = warnings_of(tmp_path / "link")
    assert dict(warning.params)["program"] == "Syncthing"


def test_warning_comes_with_a_key_and_not_without(tmp_path: Path) -> None:
    place = tmp_path / "Dropbox"
    place.mkdir()
    assert export_identity(mine(), place / "a", ExportForm.PEM, passphrase=PASSPHRASE).warnings
    assert not export_identity(mine(), place / "b", ExportForm.CHAIN).warnings
