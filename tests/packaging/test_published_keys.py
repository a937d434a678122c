"""Finding private keys in archives: in files, in string literals, in archives within archives."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

import published_keys
from published_keys import Member
from tests.support import pki
from trustdesk.formats.certificate_details import read_details

ISSUED = pki.server(pki.root())
SPKI = read_details(ISSUED.der).spki_sha256
PEM = ISSUED.key_pem().decode()


def found_in(data: bytes, name: str = "a/test.key") -> set[str]:
    return set(published_keys.digests(Member(name, data)))


@pytest.mark.parametrize(
    "text",
    [
        PEM,
        "\n".join(f'"{line}\\n"' for line in PEM.splitlines()),
        "\n".join(f'  "{line}\\r\\n" +' for line in PEM.splitlines()),
        "key = '" + PEM.replace("\n", "\\n") + "'",
        "\n".join(f"    # {line}" for line in PEM.splitlines()),
        "not a key\n" + PEM + "and more text",
    ],
    ids=["file", "C literal", "concatenated", "one line", "comment", "within text"],
)
def test_pem_is_found_wherever_it_stands(text: str) -> None:
    assert found_in(text.encode(), "a/test.c") == {SPKI}


def test_key_under_a_usual_password_is_found_and_under_another_is_not() -> None:
    assert found_in(ISSUED.key_pem("changeit")) == {SPKI}
    assert found_in(ISSUED.key_pem("nobody knows this one")) == set()


def test_pkcs12_under_a_usual_password_is_found() -> None:
    data = ISSUED.pkcs12("password")
    assert found_in(data, "a/test.p12") == {SPKI}


def test_archives_in_archives_are_searched(tmp_path: Path) -> None:
    inner, outer = io.BytesIO(), tmp_path / "package.tar.gz"
    with zipfile.ZipFile(inner, "w") as bundle:
        bundle.writestr("deep/server.key", PEM)
    with tarfile.open(outer, "w:gz") as archive:
        info = tarfile.TarInfo("package-1/data.zip")
        info.size = len(inner.getvalue())
        archive.addfile(info, io.BytesIO(inner.getvalue()))
    paths = {member.path for member in published_keys.members(outer) if found_in(member.data, member.path)}
    assert paths == {"deep/server.key"}


def test_damaged_archive_ends_the_search_in_it_alone(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"\x1f\x8b\x08\x00damaged")
    assert list(published_keys.members(broken)) == []
