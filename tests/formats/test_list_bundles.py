"""Lists out of what holds certificates and says no more, as people have them."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.support import list_samples as samples
from tests.support import pki
from trustdesk.core.errors import CancelledByPersonError, UnusableInputError, WrongPasswordError
from trustdesk.core.identity import ExportProfile
from trustdesk.core.message import Message
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus, Usage
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.list_bundles import read_bundle
from trustdesk.formats.list_source import ListBytes
from trustdesk.formats.pkcs12_writing import write_java_trust_store

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
needs_keytool = pytest.mark.skipif(shutil.which("keytool") is None, reason="keytool is not installed")


def read(data: bytes, *passwords: str) -> ListContent:
    return read_bundle(ListBytes(place="roots.pem", data=data), passwords=passwords)


def folder(**files: bytes) -> ListContent:
    inside = tuple(ListBytes(place=name.replace("_", "."), data=data) for name, data in files.items())
    return read_bundle(ListBytes(place="anchors", files=inside))


def digests(content: ListContent) -> list[str]:
    return [entry.sha256 for entry in content.entries]


def words(message: Message) -> str:
    values = {name: words(value) if isinstance(value, Message) else value for name, value in message.params}
    chosen = message.plural_id if message.plural_id and message.count != 1 else message.id
    return chosen.format(**values)


def refusal(data: bytes) -> str:
    with pytest.raises(UnusableInputError) as caught:
        read(data)
    assert caught.value.place == "roots.pem"
    return words(caught.value.problem)


def test_a_bundle_with_text_around_and_windows_line_ends() -> None:
    first, second = samples.root(), samples.root("Second")
    text = b"Our CAs\n\nsubject: x\n" + first.pem + b"# and\n" + second.pem.rstrip() + b"\nthe end"
    for data in (text, text.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + text, first.pem + second.pem.rstrip()):
        content = read(data)
        assert digests(content) == [first.sha256, second.sha256]
        assert content.title == "roots.pem"
        assert content.sequence is None


def test_what_a_bundle_does_not_say_is_open() -> None:
    (entry,) = read(samples.root().pem).entries
    assert entry.status is EntryStatus.TRUSTED
    assert entry.usages is None


def test_a_single_der_certificate_is_a_list() -> None:
    assert digests(read(samples.root().der)) == [samples.root().sha256]


def test_kinds_and_where_paths_may_end() -> None:
    everything = [samples.root(), samples.issuing(), samples.cross(), samples.lonely(), samples.server()]
    content = read(b"".join(one.pem for one in everything))
    assert [(entry.kind, entry.anchor_mode) for entry in content.entries] == [
        (EntryKind.ROOT, AnchorMode.FULL_CHAIN),
        (EntryKind.INTERMEDIATE, AnchorMode.NOT_ANCHOR),
        (EntryKind.CROSS, AnchorMode.NOT_ANCHOR),
        (EntryKind.INTERMEDIATE, AnchorMode.PARTIAL_CHAIN_ALLOWED),
        (EntryKind.END_ENTITY, AnchorMode.NOT_ANCHOR),
    ]
    assert len(content.remarks) == 2  # one without its root, one pinned peer


def test_a_root_above_another_intermediate_is_found() -> None:
    below = pki.authority("Below", samples.issuing())
    content = read(below.pem + samples.issuing().pem + samples.root().pem)
    assert content.entries[0].anchor_mode is AnchorMode.NOT_ANCHOR


def test_a_self_issued_certificate_that_another_key_signed_is_no_root() -> None:
    old = samples.root()
    rolled = pki.issue(
        old.certificate.subject,
        old,
        extensions=[(x509.BasicConstraints(True, None), True)],
    )
    kinds = {entry.sha256: entry.kind for entry in read(old.pem + rolled.pem).entries}
    assert kinds == {old.sha256: EntryKind.ROOT, rolled.sha256: EntryKind.INTERMEDIATE}


def test_a_self_signed_server_is_no_anchor() -> None:
    (entry,) = read(pki.server(None).pem).entries
    assert (entry.kind, entry.anchor_mode) == (EntryKind.END_ENTITY, AnchorMode.NOT_ANCHOR)


def test_a_certificate_that_comes_again_counts_once() -> None:
    content = read(samples.root().pem * 3)
    assert len(content.entries) == 1
    assert "stood there again" in words(content.remarks[0])


def test_a_private_key_beside_is_not_opened() -> None:
    issued = samples.root()
    content = read(issued.pem + issued.key_pem())
    assert len(content.entries) == 1
    assert "private key" in words(content.remarks[0])


def test_a_damaged_block_is_named_and_nothing_is_read() -> None:
    first, second = samples.root().pem, samples.root("Second").pem
    at = len(second) // 2
    said = refusal(first + second[:at] + b"!!!!" + second[at:])
    assert f"block 2, at byte {len(first)}" in said
    assert "block 2" in refusal(first + second[: len(second) - 40])
    assert "block 1" in refusal(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + first)


def test_damaged_der_is_named() -> None:
    der = samples.root().der
    assert "cut short" in refusal(der[:-20])
    assert f"at byte {len(der)}" in refusal(der + der[:-20])


def test_a_certificate_with_bytes_behind_it_is_damaged() -> None:
    from base64 import b64encode

    body = b64encode(samples.root().der + b"\x30\x00")
    assert "block 1" in refusal(b"-----BEGIN CERTIFICATE-----\n" + body + b"\n-----END CERTIFICATE-----\n")


def test_what_holds_no_certificate_is_no_list() -> None:
    assert "nothing that is known" in refusal(b"hello")
    assert refusal(samples.root().key_pem())
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("root.pem", samples.root().pem)
    assert "archive" in refusal(archive.getvalue())


def test_pkcs7_bare_and_in_pem() -> None:
    both = [samples.root(), samples.root("Second")]
    for encoding in (Encoding.DER, Encoding.PEM):
        data = pkcs7.serialize_certificates([one.certificate for one in both], encoding)
        assert set(digests(read(data))) == {one.sha256 for one in both}
        with pytest.raises(UnusableInputError):
            read(data[: len(data) // 2])


def store(passphrase: str) -> bytes:
    entries = [("first", samples.root().der), ("second", samples.root("Second").der)]
    return write_java_trust_store(entries, passphrase=passphrase, profile=ExportProfile.COMPATIBLE)


def test_a_pkcs12_trust_store_opens_with_javas_usual_password_unasked() -> None:
    content = read(store("changeit"))
    assert [entry.notes for entry in content.entries] == ["first", "second"]


def test_a_wrong_password_is_an_error_of_its_own_kind() -> None:
    data = store("another one")
    with pytest.raises(WrongPasswordError, match="needs a password"):
        read(data)
    with pytest.raises(WrongPasswordError, match="password is wrong"):
        read(data, "not it")
    assert len(read(data, "not it", "another one").entries) == 2


@needs_keytool
@pytest.mark.parametrize("kind", ["JKS", "JCEKS"])
def test_javas_own_stores(kind: str, tmp_path: Path) -> None:
    certificate, kept = tmp_path / "root.pem", tmp_path / "store"
    certificate.write_bytes(samples.root().pem)
    subprocess.run(
        [
            *("keytool", "-importcert", "-noprompt", "-alias", "partner-ca", "-file", str(certificate)),
            *("-keystore", str(kept), "-storetype", kind, "-storepass", "secret1"),
        ],
        check=True,
        capture_output=True,
    )
    data = kept.read_bytes()
    (entry,) = read(data, "secret1").entries
    assert (entry.sha256, entry.notes) == (samples.root().sha256, "partner-ca")
    with pytest.raises(WrongPasswordError, match="password is wrong"):
        read(data, "not it")
    with pytest.raises(WrongPasswordError, match="needs a password"):
        read(data)
    changed = data.replace(b"partner-ca", b"partner-cb")
    with pytest.raises(WrongPasswordError):
        read(changed, "secret1")


def test_a_folder_is_read_in_the_order_of_its_names() -> None:
    first, second = samples.root(), samples.root("Second")
    content = folder(b_pem=first.pem, a_crt=second.der, README=b"these are our CAs", x_key=first.key_pem())
    assert digests(content) == [second.sha256, first.sha256]
    assert content.title == "anchors"
    assert any("2 files hold no certificate" in words(remark) for remark in content.remarks)


def test_hashed_names_are_further_names_of_the_same() -> None:
    pem = samples.root().pem
    content = folder(root_pem=pem, a1b2c3d4_0=pem, a1b2c3d4_1=samples.root("Second").pem)
    assert len(content.entries) == 2


def test_a_damaged_file_of_a_folder_is_named() -> None:
    with pytest.raises(UnusableInputError) as caught:
        folder(a_pem=samples.root().pem, b_der=samples.root().der[:-9])
    assert caught.value.place == "anchors/b.der"


def test_an_empty_folder_is_no_list() -> None:
    with pytest.raises(UnusableInputError, match="no certificate in the folder"):
        folder(README=b"nothing")


def test_the_digest_of_a_folder_is_of_its_files_in_their_order() -> None:
    one, two = ListBytes(place="a", data=b"1"), ListBytes(place="b", data=b"2")
    both = ListBytes(place="f", files=(two, one))
    assert both.sha256 == ListBytes(place="f", files=(one, two)).sha256
    assert both.sha256 != ListBytes(place="f", files=(one,)).sha256


def test_a_person_may_stop_the_reading() -> None:
    def stop(done: int, total: int) -> None:
        raise CancelledByPersonError

    with pytest.raises(CancelledByPersonError):
        read_bundle(ListBytes(place="a", data=samples.root().pem), on_progress=stop)


# --- OpenSSL's trust settings ---


def trusted(tmp_path: Path, *settings: str) -> bytes:
    """Return the root as OpenSSL writes it with settings."""
    file = tmp_path / "root.pem"
    file.write_bytes(samples.root().pem)
    command = ["openssl", "x509", "-in", str(file), "-trustout", *settings]
    return subprocess.run(command, check=True, capture_output=True).stdout


@needs_openssl
@pytest.mark.parametrize(
    ("settings", "usages", "status"),
    [
        ((), None, EntryStatus.TRUSTED),
        (("-setalias", "Ours"), None, EntryStatus.TRUSTED),
        (("-addtrust", "serverAuth"), {Usage.TLS_SERVER}, EntryStatus.TRUSTED),
        (
            ("-addtrust", "serverAuth", "-addtrust", "emailProtection", "-addreject", "emailProtection"),
            {Usage.TLS_SERVER},
            EntryStatus.TRUSTED,
        ),
        (("-addreject", "serverAuth"), {Usage.TLS_CLIENT, Usage.EMAIL}, EntryStatus.TRUSTED),
        (("-addtrust", "codeSigning"), set(), EntryStatus.TRUSTED),
        (("-addreject", "anyExtendedKeyUsage"), set(), EntryStatus.DISTRUSTED),
        (
            ("-addreject", "serverAuth", "-addreject", "clientAuth", "-addreject", "emailProtection"),
            set(),
            EntryStatus.DISTRUSTED,
        ),
    ],
)
def test_what_openssl_says_of_its_trust_counts(
    settings: tuple[str, ...], usages: set[Usage] | None, status: EntryStatus, tmp_path: Path
) -> None:
    for data in (pem := trusted(tmp_path, *settings), pem.decode().encode("utf-16")):
        (entry,) = read(data).entries
        assert entry.sha256 == samples.root().sha256
        assert entry.usages == usages
        assert entry.status is status
        assert entry.notes == ("Ours" if "Ours" in settings else "")


@needs_openssl
def test_distrust_wins_where_a_certificate_comes_twice(tmp_path: Path) -> None:
    rejected = trusted(tmp_path, "-addreject", "anyExtendedKeyUsage")
    for data in (rejected + samples.root().pem, samples.root().pem + rejected):
        (entry,) = read(data).entries
        assert entry.status is EntryStatus.DISTRUSTED


@needs_openssl
def test_settings_that_cannot_be_read_are_no_settings_to_pass_over(tmp_path: Path) -> None:
    from base64 import b64decode, b64encode

    body = b64decode(b"".join(trusted(tmp_path, "-addreject", "anyExtendedKeyUsage").split(b"\n")[1:-2]))
    damaged = b64encode(body[:-3])
    pem = b"-----BEGIN TRUSTED CERTIFICATE-----\n" + damaged + b"\n-----END TRUSTED CERTIFICATE-----\n"
    assert "block 1, at byte 0" in refusal(pem)
