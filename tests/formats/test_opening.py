"""Any file becomes an Inspection: every kind, every way people send it, and what is damaged named."""

from __future__ import annotations

import base64
import io
import shutil
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, PublicFormat, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import pki, reader_files
from tests.support.pki import Issued
from tests.support.reader_files import KEY_PASSWORD, PASSWORD, armoured, with_indefinite_lengths, zipped
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind, ReadingLimits
from trustdesk.core.message import Message
from trustdesk.formats.opening import open_anything
from trustdesk.services.wording import wording

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
needs_keytool = pytest.mark.skipif(shutil.which("keytool") is None, reason="keytool is not installed")

CERTIFICATE, KEY, UNKNOWN = ItemKind.CERTIFICATE, ItemKind.PRIVATE_KEY, ItemKind.UNKNOWN


@cache
def path() -> tuple[Issued, Issued]:
    root = pki.root()
    return pki.client(root), root


def answers(*passwords: str) -> Callable[[Message], str | None]:
    left = list(passwords)
    return lambda _: left.pop(0) if left else None


def kinds(inspection: Inspection) -> list[ItemKind]:
    return [item.kind for item in inspection.items]


def digests(inspection: Inspection) -> list[str]:
    return [item.certificate.facts.sha256 for item in inspection.items if item.certificate is not None]


def problems(item: InspectedItem | Inspection) -> str:
    return " | ".join(wording("en").text(problem) for problem in item.problems)


def spki_of(issued: Issued) -> str:
    import hashlib

    der = issued.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


# --- text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        lambda pem: pem.replace(b"\n", b""),
        lambda pem: pem.replace(b"\n", b"\\n"),
        lambda pem: b'CERT = "' + pem.replace(b"\n", b'\\n"\n"') + b'"',
        lambda pem: b"> " + pem.replace(b"\n", b"\n> "),
        lambda pem: b">> > " + pem.replace(b"\n", b"\r\n>> > "),
        lambda pem: b"| " + pem.replace(b"\n", b"\n| "),
        lambda pem: b"  - cert: |\n" + b"".join(b"      " + line + b"\n" for line in pem.splitlines()),
        lambda pem: pem.replace(b"=", b"=3D"),
        lambda pem: pem.replace(b"-----", b"----"),
        lambda pem: pem.decode().encode("utf-16-le"),
        lambda pem: b"\xef\xbb\xbf" + pem,
        lambda pem: pem.replace(b"\n", "\u00a0\n".encode()),
        lambda pem: b"".join(line for line in pem.splitlines() if b"-" not in line),
        lambda pem: b"\n\n".join(line for line in pem.splitlines() if b"-" not in line),
        lambda pem: pem.replace(b"-----\n", b"-----\nComment: sent by mail\n\n", 1),
        lambda pem: pem.replace(b" CERTIFICATE", b" CERTIFICATE REQUEST"),
    ],
    ids=[
        *("one line", "escaped", "source code", "quoted", "quoted thrice", "quoted with bars", "indented"),
        *("quoted-printable", "a dash lost", "UTF-16 without BOM", "BOM", "web page", "no armour"),
        *("no armour, blank lines", "with a header", "wrong label"),
    ],
)
def test_certificate_comes_out_however_it_is_written(written: Callable[[bytes], bytes]) -> None:
    leaf = path()[0]
    assert digests(open_anything(written(leaf.pem), "mail.txt")) == [leaf.sha256]


def test_wrong_label_is_told() -> None:
    inspection = open_anything(path()[0].pem.replace(b" CERTIFICATE", b" PKCS7"), "file")
    assert "says PKCS7, but holds something else" in problems(inspection.items[0])


def test_mixed_items_come_out_in_their_order_with_offsets() -> None:
    leaf, root = path()
    head = b"Bag Attributes\n    friendlyName: me\n"
    request = armoured("CERTIFICATE REQUEST", reader_files.request(leaf))
    crl = armoured("X509 CRL", reader_files.revocation_list(root))
    data = head + leaf.key_pem() + b"text between\n" + leaf.pem + request + crl + root.pem
    inspection = open_anything(data, "mixed.pem")
    assert kinds(inspection) == [KEY, CERTIFICATE, ItemKind.CSR, ItemKind.CRL, CERTIFICATE]
    assert [item.position for item in inspection.items] == [0, 1, 2, 3, 4]
    assert all(data[item.offset :].startswith(b"-----BEGIN") for item in inspection.items)
    assert problems(inspection) == ""
    assert [problems(item) for item in inspection.items] == [""] * 5


def test_damaged_block_is_named_with_its_byte_and_the_others_come_out() -> None:
    leaf, root = path()
    lines = leaf.pem.splitlines(keepends=True)
    damaged = b"".join([*lines[:3], b"\x07\x08*" + lines[3], *lines[4:]])
    data = root.pem + damaged.replace(lines[5], b"") + root.pem
    inspection = open_anything(data, "file")
    assert kinds(inspection) == [CERTIFICATE, UNKNOWN, CERTIFICATE]
    item = inspection.items[1]
    assert f"at byte {data.find(bytes([7]))}." in problems(item)
    assert item.data
    assert item.offset == len(root.pem)


def test_bad_character_in_a_block_that_is_whole_without_it() -> None:
    leaf = path()[0]
    data = leaf.pem.replace(b"\n", b"\n*", 2)
    inspection = open_anything(data, "file")
    assert digests(inspection) == [leaf.sha256]
    assert "damaged at byte" in problems(inspection.items[0])


def test_missing_end_line_is_told() -> None:
    leaf, root = path()
    cut = leaf.pem[: leaf.pem.index(b"-----END")]
    inspection = open_anything(cut + root.pem + cut, "file")
    assert digests(inspection) == [leaf.sha256, root.sha256, leaf.sha256]
    assert ["END line" in problems(item) for item in inspection.items] == [True, False, True]


def test_block_that_ends_in_the_middle_is_unknown() -> None:
    leaf, root = path()
    inspection = open_anything(leaf.pem[:300] + b"\n" + root.pem, "file")
    assert kinds(inspection) == [UNKNOWN, CERTIFICATE]
    assert inspection.items[0].data
    assert leaf.der.startswith(inspection.items[0].data)


def test_end_line_of_another_kind_is_told() -> None:
    leaf = path()[0]
    inspection = open_anything(leaf.pem.replace(b"END CERTIFICATE", b"END PKCS7"), "file")
    assert digests(inspection) == [leaf.sha256]
    assert "begins as CERTIFICATE and ends as PKCS7" in problems(inspection.items[0])


# --- DER -------------------------------------------------------------------------------------------------


def test_der_files_joined_come_out_one_by_one() -> None:
    leaf, root = path()
    inspection = open_anything(leaf.der + root.der + b"\r\n", "both.der")
    assert digests(inspection) == [leaf.sha256, root.sha256]
    assert [item.offset for item in inspection.items] == [0, len(leaf.der)]


def test_bytes_after_der_are_shown() -> None:
    leaf = path()[0]
    inspection = open_anything(leaf.der + b"rest", "file")
    assert kinds(inspection) == [CERTIFICATE, UNKNOWN]
    assert inspection.items[1].data == b"rest"
    assert inspection.items[1].offset == len(leaf.der)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"hello world", "nothing that is known"),
        (b"\x30\x82\x10\x00abc", "cut short"),
        (b"\x30\x03\x02\x01\x01", "nothing that is known here"),
        (b"PK\x03\x04garbage", "cut short"),
        (bytes.fromhex("feedfeed00"), "cut short"),
    ],
)
def test_what_is_nothing_is_said_to_be(data: bytes, word: str) -> None:
    inspection = open_anything(data, "file")
    assert word in problems(inspection.items[0])
    assert digests(inspection) == []


def test_public_key_alone_is_told() -> None:
    der = path()[0].key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    item = open_anything(der, "file").items[0]
    assert item.kind is UNKNOWN
    assert "public key alone" in problems(item)


# --- PKCS#7 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", [bytes, with_indefinite_lengths], ids=["DER", "BER"])
@pytest.mark.parametrize("form", ["DER", "PEM", "PEM called certificate"])
def test_pkcs7(changed: Callable[[bytes], bytes], form: str) -> None:
    leaf, root = path()
    data = changed(pkcs7.serialize_certificates([leaf.certificate, root.certificate], Encoding.DER))
    if form != "DER":
        data = armoured("PKCS7" if form == "PEM" else "CERTIFICATE", data)
    inspection = open_anything(data, "file.p7b")
    assert kinds(inspection) == [ItemKind.PKCS7, CERTIFICATE, CERTIFICATE]
    assert set(digests(inspection)) == {leaf.sha256, root.sha256}
    assert inspection.items[0].count == 2
    assert [item.parent for item in inspection.items] == [None, 0, 0]


def test_cms_of_another_kind_is_told() -> None:
    data = bytes.fromhex("3014 0609 2a864886f70d010703 a007 3005 020100 3100")
    assert "another kind" in problems(open_anything(data, "file").items[0])


# --- keys ------------------------------------------------------------------------------------------------

TRADITIONAL = PrivateFormat.TraditionalOpenSSL


@pytest.mark.parametrize(
    ("made", "form", "encrypted"),
    [
        (lambda leaf: leaf.key_pem(), "PKCS#8", False),
        (lambda leaf: leaf.key_pem(encoding=Encoding.DER), "PKCS#8", False),
        (lambda leaf: leaf.key_pem(PASSWORD), "PKCS#8", True),
        (lambda leaf: leaf.key_pem(PASSWORD, encoding=Encoding.DER), "PKCS#8", True),
        (lambda leaf: leaf.key_pem(layout=TRADITIONAL), "SEC 1", False),
        (lambda leaf: leaf.key_pem(PASSWORD, layout=TRADITIONAL), "SEC 1", True),
    ],
)
def test_key_is_matched_by_its_public_key(
    made: Callable[[Issued], bytes], form: str, encrypted: bool
) -> None:
    leaf = path()[0]
    (item,) = open_anything(made(leaf), "file", answers(PASSWORD)).items
    assert item.key is not None
    assert (item.key.form, item.key.encrypted) == (form, encrypted)
    assert (item.key.algorithm, item.key.bits, item.key.curve) == ("EC", 256, "P-256")
    assert item.key.spki_sha256 == spki_of(leaf)
    assert item.data is None


@pytest.mark.parametrize("password", [None, "wrong"])
def test_key_without_its_password_is_there_and_closed(password: str | None) -> None:
    (item,) = open_anything(path()[0].key_pem(PASSWORD), "file", lambda _: password).items
    assert item.kind is KEY
    assert item.locked
    assert item.key is not None
    assert item.key.encrypted
    assert item.key.spki_sha256 is None
    assert ("needs a password" in problems(item)) == (password is None)


def test_damaged_key_leaves_no_byte_of_it_in_the_values() -> None:
    leaf = path()[0]
    lines = leaf.key_pem().splitlines()
    data = b"\n".join([lines[0], lines[1], b"*" + lines[2][:-9], *lines[3:]])
    inspection = open_anything(data, "file")
    secret = base64.b64decode(lines[1])[8:24]
    assert kinds(inspection) == [UNKNOWN]
    assert inspection.items[0].data in {None, b""}
    assert secret.hex() not in repr(inspection)


def test_key_facts_show_nothing_of_the_key() -> None:
    leaf = path()[0]
    shown = repr(open_anything(leaf.key_pem(), "file"))
    assert isinstance(leaf.key, ec.EllipticCurvePrivateKey)
    assert f"{leaf.key.private_numbers().private_value:x}" not in shown
    assert leaf.key_pem().splitlines()[1].decode() not in shown


# --- PKCS#12 ---------------------------------------------------------------------------------------------


@needs_openssl
@pytest.mark.parametrize("name", reader_files.OPENSSL_PKCS12)
@pytest.mark.parametrize("password", [PASSWORD, "", "pässwörd ✈"])
def test_pkcs12_of_openssl_opens(name: str, password: str, tmp_path: Path) -> None:
    leaf, root = path()
    options = reader_files.OPENSSL_PKCS12[name]
    data = reader_files.openssl_pkcs12(tmp_path, leaf, root, options=options, password=password)
    inspection = open_anything(data, "file.p12", answers(*([password] if password else [])))
    assert sorted(digests(inspection)) == sorted([leaf.sha256, root.sha256])
    assert [item.key.spki_sha256 for item in inspection.items if item.key] == [spki_of(leaf)]
    assert {item.alias for item in inspection.items} == {None, "Schlüssel"}
    assert [problems(item) for item in inspection.items] == [""] * 4


def test_pkcs12_of_the_library_opens_in_ber_too() -> None:
    leaf, root = path()
    for data in (leaf.pkcs12(PASSWORD, root), with_indefinite_lengths(leaf.pkcs12(PASSWORD, root))):
        inspection = open_anything(data, "file.p12", answers(PASSWORD))
        assert digests(inspection) == [leaf.sha256, root.sha256]


@pytest.mark.parametrize("password", [None, "wrong"])
def test_pkcs12_without_its_password_is_there_and_closed(password: str | None) -> None:
    leaf, root = path()
    inspection = open_anything(leaf.pkcs12(PASSWORD, root), "file.p12", lambda _: password)
    assert inspection.items[0].kind is ItemKind.PKCS12
    assert inspection.items[0].locked
    assert digests(inspection) == []
    assert ("needs a password" in problems(inspection.items[0])) == (password is None)


@needs_openssl
def test_certificates_that_lie_open_come_out_without_the_password(tmp_path: Path) -> None:
    leaf, root = path()
    options = ("-certpbe", "NONE")
    data = reader_files.openssl_pkcs12(tmp_path, leaf, root, options=options, password=PASSWORD)
    inspection = open_anything(data, "file.p12")
    assert digests(inspection) == [leaf.sha256, root.sha256]
    assert inspection.items[0].locked


def test_java_trust_store_in_pkcs12() -> None:
    leaf, root = path()
    inspection = open_anything(reader_files.trust_store(root, leaf), "cacerts", answers(PASSWORD))
    assert digests(inspection) == [root.sha256, leaf.sha256]
    assert inspection.items[1].alias == "ca"


def test_damaged_certificate_in_pkcs12_takes_no_other_with_it() -> None:
    leaf, root = path()
    plain = leaf.pkcs12(None, root)
    at = plain.index(leaf.der)
    data = plain[: at + 40] + b"\xff" * 4 + plain[at + 44 :]
    inspection = open_anything(data, "file.p12")
    assert root.sha256 in digests(inspection)
    assert kinds(inspection).count(CERTIFICATE) == 2


# --- Java key stores -------------------------------------------------------------------------------------


@needs_keytool
@pytest.mark.parametrize("kind", ["jks", "jceks"])
def test_java_key_store_opens_with_two_passwords(kind: str, tmp_path: Path) -> None:
    root = path()[1]
    data = reader_files.java_store(tmp_path, kind, root, secret=kind == "jceks")
    inspection = open_anything(data, "file.jks", answers(PASSWORD, KEY_PASSWORD))
    assert root.sha256 in digests(inspection)
    (key,) = (item for item in inspection.items if item.key)
    assert key.key is not None
    assert (key.alias, key.key.form, key.key.algorithm) == ("mine", kind.upper(), "EC")
    own = [item.certificate for item in inspection.items if item.alias == "mine" and item.certificate]
    assert [one.spki_sha256 for one in own] == [key.key.spki_sha256]
    secrets = [item for item in inspection.items if item.alias == "aes"]
    assert [item.kind for item in secrets] == ([UNKNOWN] if kind == "jceks" else [])
    assert problems(inspection.items[0]) == ""


@needs_keytool
def test_java_key_store_shows_its_certificates_without_a_password(tmp_path: Path) -> None:
    root = path()[1]
    inspection = open_anything(reader_files.java_store(tmp_path, "jks", root), "file.jks")
    assert root.sha256 in digests(inspection)
    assert [item.locked for item in inspection.items if item.key] == [True]


@needs_keytool
def test_java_key_store_with_the_wrong_password_says_so(tmp_path: Path) -> None:
    data = reader_files.java_store(tmp_path, "jks", path()[1])
    inspection = open_anything(data, "file.jks", answers("wrong", KEY_PASSWORD))
    assert inspection.items[0].locked
    assert [item.key.algorithm for item in inspection.items if item.key] == ["EC"]


@needs_keytool
def test_java_key_store_in_pkcs12_with_a_key(tmp_path: Path) -> None:
    data = reader_files.java_store(tmp_path, "pkcs12", path()[1])
    inspection = open_anything(data, "file.p12", answers(PASSWORD))
    assert [item.key.algorithm for item in inspection.items if item.key] == ["EC"]
    assert path()[1].sha256 in digests(inspection)


@needs_keytool
def test_damaged_entry_of_a_java_key_store_leaves_the_others(tmp_path: Path) -> None:
    leaf, root = path()
    data = bytearray(reader_files.java_store(tmp_path, "jks", root, leaf))
    at = data.index(root.der) - 4
    data[at : at + 4] = b"\xff\xff\xff\xff"
    inspection = open_anything(bytes(data), "file.jks")
    assert leaf.sha256 in digests(inspection)
    assert "damaged, at byte" in problems(inspection.items[0])


# --- archives and limits ---------------------------------------------------------------------------------


def test_zip_and_zip_in_zip() -> None:
    leaf, root = path()
    inner = zipped({"ca/root.der": root.der})
    inspection = open_anything(zipped({"leaf.pem": leaf.pem, "inner.zip": inner, "x.txt": b"x"}), "a.zip")
    assert [(item.source, item.position, item.kind) for item in inspection.items] == [
        ("a.zip/leaf.pem", 0, CERTIFICATE),
        ("a.zip/inner.zip/ca/root.der", 0, CERTIFICATE),
        ("a.zip/x.txt", 0, UNKNOWN),
    ]


def test_zip_bomb_is_not_unpacked() -> None:
    data = zipped({"bomb.pem": bytes(50_000_000), "leaf.pem": path()[0].pem})
    inspection = open_anything(data, "a.zip")
    assert "unpacks to more" in problems(inspection.items[0])
    assert digests(inspection) == [path()[0].sha256]


def test_zip_in_zip_in_zip_ends_somewhere() -> None:
    data = path()[0].pem
    for _ in range(8):
        data = zipped({"in.zip": data})
    inspection = open_anything(data, "a.zip")
    assert "too deep" in problems(inspection.items[0])


def test_zip_with_too_many_members_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(11):
            archive.writestr(f"{number}", b"")
    limits = ReadingLimits(members=10)
    assert "more than 10 members" in problems(
        open_anything(stream.getvalue(), "a.zip", None, limits).items[0]
    )


@pytest.mark.parametrize("cut", [30, 100, -10])
def test_damaged_zip_is_told(cut: int) -> None:
    data = zipped({"leaf.pem": path()[0].pem * 3})
    inspection = open_anything(data[:cut], "a.zip")
    assert kinds(inspection) == [UNKNOWN]
    assert "archive" in problems(inspection.items[0])


def test_items_are_limited_and_the_rest_is_said_to_be_unread() -> None:
    inspection = open_anything(path()[0].pem * 6, "file", None, ReadingLimits(items=5))
    assert len(inspection.items) == 5
    assert "more than 5 items" in problems(inspection)


def test_rounds_of_all_keys_together_are_limited() -> None:
    key = path()[0].key_pem(PASSWORD)
    inspection = open_anything(key, "file", answers(PASSWORD), ReadingLimits(rounds=100))
    assert "rounds" in problems(inspection.items[0])


def test_bytes_are_limited() -> None:
    inspection = open_anything(path()[0].pem, "file", None, ReadingLimits(bytes=100))
    assert kinds(inspection) == [UNKNOWN]


# --- damage ----------------------------------------------------------------------------------------------


@cache
def all_files() -> Sequence[tuple[str, bytes]]:
    leaf, root = path()
    everything = reader_files.full_certificate(root)
    bundle = pkcs7.serialize_certificates([leaf.certificate], Encoding.DER)
    return (
        ("certificate", everything.der),
        ("request", reader_files.request(leaf)),
        ("list", reader_files.revocation_list(root)),
        ("bundle", with_indefinite_lengths(bundle)),
        ("store", leaf.pkcs12(None, root)),
        ("key", leaf.key_pem(encoding=Encoding.DER)),
        ("text", leaf.pem + leaf.key_pem() + root.pem),
        ("archive", zipped({"a": leaf.der, "b": root.pem})),
    )


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_nothing_raises_whatever_is_damaged(data: st.DataObject) -> None:
    changed = bytearray(data.draw(st.sampled_from(all_files()))[1])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, max(len(changed) - 1, 0)))
        match data.draw(st.integers(0, 2)):
            case 0:
                changed[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
            case 1:
                del changed[at : at + data.draw(st.integers(1, 50))]
            case _:
                changed[at:at] = data.draw(st.binary(max_size=8))
    inspection = open_anything(bytes(changed), "file", answers("x"))
    assert inspection.items
    for item in inspection.items:
        problems(item)


def test_many_small_things_in_one_file_cost_no_more_than_their_number() -> None:
    """Each used to be cut off from all that follows it."""
    small = bytes.fromhex("3009 3003 060100 0302 0001".replace(" ", ""))
    inspection = open_anything(small * 20_000, "file", None, ReadingLimits(items=3_000))
    assert len(inspection.items) == 3_000


@pytest.mark.parametrize("data", [b"0\x03\n\x01\x06", b"0\x07\n\x01\x00\xa0\x020\x00"])
def test_an_ocsp_response_is_told_with_what_to_do(data: bytes) -> None:
    (item,) = open_anything(data, "answer.ors").items
    assert item.kind is ItemKind.UNKNOWN
    assert "trustdesk verify --ocsp" in problems(item)
