"""Hand-over: two parts for two channels, and the passphrase in neither."""

from __future__ import annotations

import os
import stat
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509

from tests.support import pki
from tests.support.pki import CLIENT_AUTH, NOW, SERVER_AUTH, Issued
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.identity import ExportForm, ExportProfile, HandOver
from trustdesk.core.message import msg
from trustdesk.formats.files import read_credential
from trustdesk.services.hand_over import hand_over
from trustdesk.services.identity_export import Exportable
from trustdesk.services.installation import installations
from trustdesk.services.wording import wording

PASSPHRASE = "k7Qm2-Rt5Vw-x9Zaa-B3cDe"
say = wording("en").text


@cache
def path() -> tuple[Issued, Issued, Issued]:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    return pki.client(middle), middle, root


def handed(
    folder: Path, form: ExportForm | None = None, profile: ExportProfile | None = ExportProfile.COMPATIBLE
) -> HandOver:
    leaf, middle, _ = path()
    what = Exportable(name="Mine", certification_path=(leaf.facts, middle.facts), private_key=leaf.key)
    return hand_over(what, folder, PASSPHRASE, at=NOW, say=say, form=form, profile=profile)


@pytest.mark.parametrize("form", [None, ExportForm.PKCS12, ExportForm.PEM])
def test_archive_and_sheet_without_the_passphrase(form: ExportForm | None, tmp_path: Path) -> None:
    made = handed(tmp_path, form)
    leaf = path()[0]
    archive, sheet = Path(made.archive.path), Path(made.sheet.path)
    assert archive.name == ("acme.pem" if form is ExportForm.PEM else "acme.p12")
    assert sheet.name == "acme-instructions.txt"
    credential = read_credential(archive.read_bytes(), "f", password=lambda: PASSPHRASE)
    assert credential.certification_path[0] == leaf.der
    text = sheet.read_text()
    assert PASSPHRASE not in text
    assert not any(group in text for group in PASSPHRASE.split("-"))
    assert ":".join(leaf.sha256[at : at + 2].upper() for at in range(0, 64, 2)) in text
    assert made.archive.sha256[:2].upper() in text
    for word in (archive.name, "CN=ACME", "https://acme.example/ACME", "2027-08-12", "another channel"):
        assert word in text
    for software in ("nginx", "Apache", "HAProxy", "Java", "Windows"):
        assert f"\n{software}\n" in text
    assert max(len(line) for line in text.splitlines()) <= 260


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_both_parts_are_their_owners(tmp_path: Path) -> None:
    made = handed(tmp_path)
    modes = {stat.S_IMODE(Path(one.path).stat().st_mode) for one in (made.archive, made.sheet)}
    assert modes == {0o600}


def test_what_was_handed_over_before_stays(tmp_path: Path) -> None:
    first = handed(tmp_path)
    data = Path(first.archive.path).read_bytes()
    second = handed(tmp_path)
    assert Path(second.archive.path).name == "acme-2.p12"
    assert Path(second.sheet.path).name == "acme-2-instructions.txt"
    assert Path(first.archive.path).read_bytes() == data


def test_modern_profile_names_what_does_not_open_it(tmp_path: Path) -> None:
    text = Path(handed(tmp_path, profile=None).sheet.path).read_text()
    assert "- Windows Server 2016: It does not read PBES2 AES-256-CBC." in text
    assert "What does not open" not in Path(handed(tmp_path).sheet.path).read_text()


@pytest.mark.parametrize("form", sorted({*ExportForm} - {ExportForm.PKCS12, ExportForm.PEM}))
def test_forms_without_protection_or_key_are_refused(form: ExportForm, tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="hand-over"):
        handed(tmp_path, form)
    assert list(tmp_path.iterdir()) == []


def test_archive_is_not_left_without_its_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _data: bytes) -> None:
        raise EnvironmentFailureError(msg("Full."), remedy=msg("Make room."), place=str(path))

    monkeypatch.setattr("trustdesk.services.hand_over.write_atomically", full)
    with pytest.raises(EnvironmentFailureError, match="instructions"):
        handed(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailureError):
        handed(tmp_path / "missing")


@pytest.mark.parametrize(
    ("usages", "shown", "absent"),
    [
        ((CLIENT_AUTH,), "proxy_ssl_certificate a.pem", " ssl_certificate a.pem"),
        ((SERVER_AUTH,), "ssl_certificate a.pem", "proxy_ssl_certificate"),
        (None, "proxy_ssl_certificate a.pem", "\0"),
    ],
    ids=["client", "server", "any"],
)
def test_directives_are_those_of_its_purpose(
    usages: tuple[x509.ObjectIdentifier, ...] | None, shown: str, absent: str
) -> None:
    facts = pki.client(path()[1], usages=usages).facts
    lines = [f" {line}" for one in installations(facts, "a.p12", ExportForm.PKCS12) for line in one.lines]
    assert any(shown in line for line in lines)
    assert not any(absent in line for line in lines)


def test_names_in_a_certificate_run_no_command(tmp_path: Path) -> None:
    evil = pki.client(path()[1], "$(rm -rf ~); `x` \u202e")
    what = Exportable(name="n", certification_path=(evil.facts,), private_key=evil.key)
    made = hand_over(what, tmp_path, PASSPHRASE, at=NOW, say=say, profile=ExportProfile.COMPATIBLE)
    lines = Path(made.sheet.path).read_text().splitlines()
    assert not any("$(" in line for line in lines if not line.startswith("  Subject"))
    assert "\u202e" not in "".join(lines)
