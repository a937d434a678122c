"""Certificates and credentials out of files: every form people have, and clear words for the others."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs7,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import pki
from tests.support.pki import Issued
from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.formats.files import MAX_BYTES, read_certificates, read_credential
from trustdesk.formats.kinds import FileKind, kind_of

PASSWORD = "correct horse Ü"


@cache
def path() -> tuple[Issued, Issued, Issued]:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    return pki.client(middle), middle, root


def digests(data: bytes, password: Callable[[], str | None] | None = None) -> list[str]:
    return [facts.sha256 for facts in read_certificates(data, "file", password)]


def problem(call: Callable[[], object]) -> str:
    with pytest.raises(UnusableInputError) as caught:
        call()
    assert caught.value.place
    assert caught.value.remedy.id
    return caught.value.problem.id


# --- certificates ----------------------------------------------------------------------------------------


def test_pem_bundle_with_text_around() -> None:
    leaf, middle, root = path()
    text = (
        b"Subject: CN=ACME\n" + leaf.pem + b"\n-- the issuer: --\n" + middle.pem + b"\n" + root.pem + b"end"
    )
    assert digests(text) == [leaf.sha256, middle.sha256, root.sha256]


@pytest.mark.parametrize(
    "written",
    [
        lambda pem: pem.replace(b"\n", b"\r\n"),
        lambda pem: pem.replace(b"\n", b"\r"),
        lambda pem: b"\xef\xbb\xbf" + pem,
        lambda pem: pem.decode().encode("utf-16"),
        lambda pem: pem.rstrip(),
        lambda pem: pem.replace(b"\n", b"\n    "),
        lambda pem: b"Bag Attributes\n    localKeyID: 01\n" + pem,
        lambda pem: pem.replace(b" CERTIFICATE", b" X509 CERTIFICATE"),
    ],
    ids=["CRLF", "CR", "BOM", "UTF-16", "no final newline", "indented", "bag attributes", "X509 label"],
)
def test_pem_as_people_have_it(written: Callable[[bytes], bytes]) -> None:
    leaf = path()[0]
    assert digests(written(leaf.pem)) == [leaf.sha256]


def test_openssl_trusted_certificate_without_its_trust_settings() -> None:
    leaf = path()[0]
    body = base64.encodebytes(leaf.der + b"\x30\x00")
    data = b"-----BEGIN TRUSTED CERTIFICATE-----\n%b-----END TRUSTED CERTIFICATE-----\n" % body
    assert digests(data) == [leaf.sha256]


def test_der() -> None:
    assert digests(path()[0].der) == [path()[0].sha256]


def test_pkcs12_with_and_without_a_password() -> None:
    leaf, middle, root = path()
    expected = [leaf.sha256, middle.sha256, root.sha256]
    assert digests(leaf.pkcs12(None, middle, root)) == expected
    assert digests(leaf.pkcs12(PASSWORD, middle, root), lambda: PASSWORD) == expected


def test_damaged_certificate_among_good_ones_travels_as_facts() -> None:
    leaf, middle, _ = path()
    broken = base64.encodebytes(b"\x30\x03\x02\x01\x00")
    data = leaf.pem + b"-----BEGIN CERTIFICATE-----\n%b-----END CERTIFICATE-----\n" % broken + middle.pem
    facts = read_certificates(data, "file")
    assert [bool(one.problems) for one in facts] == [False, True, False]


def test_damaged_base64_names_the_block() -> None:
    data = path()[0].pem + b"-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n"
    with pytest.raises(UnusableInputError) as caught:
        read_certificates(data, "file")
    assert dict(caught.value.problem.params)["position"] == 2


@pytest.mark.parametrize("data", [b"", b" \n\t"])
def test_empty_file(data: bytes) -> None:
    assert problem(lambda: read_certificates(data, "file")) == "The file is empty."


def test_file_over_the_limit() -> None:
    assert "MB" in problem(lambda: read_certificates(b"x" * (MAX_BYTES + 1), "file"))


def request_pem() -> bytes:
    key = path()[0].key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    builder = x509.CertificateSigningRequestBuilder().subject_name(pki.name("ACME"))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def crl_pem() -> bytes:
    root = path()[2]
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(pki.NOW)
        .next_update(pki.NOW)
    )
    assert isinstance(root.key, ec.EllipticCurvePrivateKey)
    return builder.sign(root.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def pkcs7_pem() -> bytes:
    return pkcs7.serialize_certificates([path()[0].certificate], Encoding.PEM)


def public_key_pem() -> bytes:
    return path()[0].key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def as_der(pem: bytes) -> bytes:
    return base64.b64decode(b"".join(line for line in pem.splitlines() if not line.startswith(b"-----")))


INSTEAD = [
    (lambda: path()[0].key_pem(None), "private key"),
    (lambda: path()[0].key_pem(PASSWORD), "private key"),
    (request_pem, "certificate request"),
    (crl_pem, "revocation list"),
    (public_key_pem, "public key"),
]


@pytest.mark.parametrize(("made", "word"), INSTEAD)
@pytest.mark.parametrize("form", ["PEM", "DER"])
def test_something_else_is_called_what_it_is(made: Callable[[], bytes], word: str, form: str) -> None:
    data = made() if form == "PEM" else as_der(made())
    assert word in problem(lambda: read_certificates(data, "file"))


def test_java_key_store_is_called_what_it_is() -> None:
    data = bytes.fromhex("feedfeed0000000200000000") + bytes(20)
    assert "JKS" in problem(lambda: read_certificates(data, "file"))


@pytest.mark.parametrize("data", [b"hello", b"\x30\x82", b"-----END CERTIFICATE-----\nMIIB", bytes(64)])
def test_nothing_known(data: bytes) -> None:
    assert problem(lambda: read_certificates(data, "file")) == "There is no certificate in the file."


# --- passwords -------------------------------------------------------------------------------------------


def protected() -> list[bytes]:
    leaf, middle, _ = path()
    traditional = PrivateFormat.TraditionalOpenSSL
    return [
        leaf.pkcs12(PASSWORD, middle),
        leaf.pem + leaf.key_pem(PASSWORD),
        leaf.pem + leaf.key_pem(PASSWORD, traditional),
    ]


@pytest.mark.parametrize("number", range(3))
def test_right_password_opens(number: int) -> None:
    credential = read_credential(protected()[number], "file", password=lambda: PASSWORD, name="acme")
    assert credential.certification_path[0] == path()[0].der
    assert credential.label.name == "acme"


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("given_password", ["wrong", ""])
def test_wrong_password_is_told(number: int, given_password: str) -> None:
    with pytest.raises(WrongPasswordError) as caught:
        read_credential(protected()[number], "file", password=lambda: given_password)
    assert caught.value.place == "file"


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("ask", [None, lambda: None])
def test_missing_password_is_told(number: int, ask: Callable[[], str | None] | None) -> None:
    with pytest.raises(WrongPasswordError) as caught:
        read_credential(protected()[number], "file", password=ask)
    assert "needs a password" in caught.value.problem.id


def test_password_is_asked_once_and_only_when_needed() -> None:
    leaf, middle, _ = path()
    asked: list[str] = []

    def ask() -> str:
        asked.append("asked")
        return PASSWORD

    read_credential(leaf.pem, "certificate", leaf.key_pem(), "key", ask)
    assert asked == []
    read_credential(leaf.pkcs12(PASSWORD, middle), "certificate", leaf.key_pem(PASSWORD), "key", ask)
    assert asked == ["asked"]


def test_pkcs12_without_a_password_opens_without_asking() -> None:
    leaf = path()[0]
    assert read_credential(leaf.pkcs12(None), "file").certification_path == (leaf.der,)


# --- credentials -----------------------------------------------------------------------------------------


def test_path_is_ordered_and_ends_below_the_root() -> None:
    leaf, middle, root = path()
    stranger = pki.root("Stranger")
    bundle = root.pem + stranger.pem + middle.pem + leaf.pem
    credential = read_credential(bundle, "certificate", leaf.key_pem(), "key")
    assert credential.certification_path == (leaf.der, middle.der)


def test_certificate_that_belongs_to_the_key_is_chosen() -> None:
    leaf, middle, _ = path()
    other = pki.client(middle, "OTHER")
    credential = read_credential(other.pem + leaf.pem + middle.pem + leaf.key_pem(), "file")
    assert credential.certification_path == (leaf.der, middle.der)


def test_key_that_belongs_to_the_certificate_is_chosen() -> None:
    leaf, middle, _ = path()
    other = pki.client(middle, "OTHER")
    credential = read_credential(leaf.pem + other.key_pem() + leaf.key_pem(), "file")
    assert credential.private_key.public_key() == leaf.key.public_key()


@pytest.mark.parametrize(
    "key_file",
    [
        lambda leaf: leaf.key_pem(),
        lambda leaf: leaf.key_pem(layout=PrivateFormat.TraditionalOpenSSL),
        lambda leaf: leaf.key_pem(encoding=Encoding.DER),
        lambda leaf: leaf.key_pem(PASSWORD, encoding=Encoding.DER),
        lambda leaf: leaf.key_pem(layout=PrivateFormat.TraditionalOpenSSL, encoding=Encoding.DER),
        lambda leaf: leaf.pkcs12(PASSWORD),
    ],
)
@pytest.mark.parametrize("certificate_file", [lambda leaf: leaf.pem, lambda leaf: leaf.der])
def test_key_in_a_file_of_its_own(
    key_file: Callable[[Issued], bytes], certificate_file: Callable[[Issued], bytes]
) -> None:
    leaf = path()[0]
    credential = read_credential(certificate_file(leaf), "c", key_file(leaf), "k", lambda: PASSWORD)
    assert credential.certification_path == (leaf.der,)


@pytest.mark.parametrize("key", [pki.rsa_key(), ed25519.Ed25519PrivateKey.generate()])
def test_other_kinds_of_keys(key: pki.PrivateKey) -> None:
    leaf = pki.client(path()[1], key=key)
    assert read_credential(leaf.pem + leaf.key_pem(), "file").certification_path == (leaf.der,)


def test_key_and_certificate_that_do_not_belong_together() -> None:
    leaf, middle, _ = path()
    other = pki.client(middle)
    with pytest.raises(UnusableInputError) as caught:
        read_credential(leaf.pem, "certificate.pem", other.key_pem(), "key.pem")
    assert "do not belong together" in caught.value.problem.id
    assert caught.value.place == "key.pem"


def test_no_key_anywhere() -> None:
    leaf = path()[0]
    assert "no private key" in problem(lambda: read_credential(leaf.pem, "file"))
    assert "no private key" in problem(lambda: read_credential(leaf.pem, "file", leaf.pem, "key"))


def test_key_where_the_certificate_is_expected() -> None:
    leaf = path()[0]
    word = "a private key, where a certificate is expected"
    assert word in problem(lambda: read_credential(leaf.key_pem(), "file"))
    assert word in problem(lambda: read_credential(leaf.key_pem(), "file", leaf.key_pem(), "key"))


def dsa_key() -> bytes:
    key = dsa.generate_private_key(2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def x25519_key() -> bytes:
    key = x25519.X25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize("made", [dsa_key, x25519_key])
def test_unsupported_kind_of_key(made: Callable[[], bytes]) -> None:
    data = made()
    assert "kind" in problem(lambda: read_credential(path()[0].pem, "file", data, "key"))


def test_damaged_key_is_told_without_a_word_of_it() -> None:
    leaf = path()[0]
    body = leaf.key_pem().splitlines()[1]
    damaged = leaf.key_pem().replace(body[:24], b"A" * 24)
    with pytest.raises(UnusableInputError) as caught:
        read_credential(leaf.pem, "file", damaged, "key")
    assert body.decode() not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "private_key" not in repr(read_credential(leaf.pem + leaf.key_pem(), "file"))


# --- endless work ----------------------------------------------------------------------------------------


def pbkdf2_key(rounds: int) -> bytes:
    """Return an encrypted PKCS#8 key that asks for `rounds` of PBKDF2 (RFC 8018 A.2), with nothing in it."""

    def tlv(tag: int, *parts: bytes) -> bytes:
        content = b"".join(parts)
        return bytes([tag, len(content)]) + content

    number = rounds.to_bytes(5, "big")
    pbkdf2 = tlv(0x30, bytes.fromhex("06092a864886f70d01050c"), tlv(0x30, tlv(4, bytes(8)), tlv(2, number)))
    cipher = tlv(0x30, bytes.fromhex("060960864801650304012a"), tlv(4, bytes(16)))
    pbes2 = tlv(0x30, bytes.fromhex("06092a864886f70d01050d"), tlv(0x30, pbkdf2, cipher))
    return tlv(0x30, pbes2, tlv(4, bytes(32)))


def test_encrypted_key_with_endless_rounds_is_refused() -> None:
    data = pbkdf2_key(1 << 31)
    assert kind_of(data) is FileKind.ENCRYPTED_PRIVATE_KEY
    word = problem(lambda: read_credential(path()[0].pem, "file", data, "key", lambda: PASSWORD))
    assert "rounds" in word


def test_rounds_inside_ber_segments_are_found() -> None:
    """X.690 8.7.3: octets may come in segments of indefinite length; the count does not hide there."""
    ciphertext = bytes(32)
    segments = b"".join(bytes([4, len(part)]) + part for part in (ciphertext[:9], ciphertext[9:]))
    whole = pbkdf2_key(1 << 31)
    algorithm = whole[2 : whole.index(b"\x04\x20" + ciphertext)]
    data = b"\x30\x80" + algorithm + b"\x24\x80" + segments + b"\x00\x00" + b"\x00\x00"
    word = problem(lambda: read_credential(path()[0].pem, "file", data, "key", lambda: PASSWORD))
    assert "rounds" in word


def test_file_of_begin_lines_costs_no_more_than_its_length() -> None:
    data = b"-----BEGIN CERTIFICATE-----\n" * 40_000
    assert "damaged Base64" in problem(lambda: read_certificates(data, "file"))


def test_pkcs7_is_read() -> None:
    assert digests(pkcs7_pem()) == digests(as_der(pkcs7_pem())) == [path()[0].sha256]


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_damaged_files_never_raise_anything_else(data: st.DataObject) -> None:
    leaf, middle, _ = path()
    sources = [
        leaf.pkcs12(None, middle),
        leaf.pem + leaf.key_pem(),
        leaf.der,
        leaf.key_pem(encoding=Encoding.DER),
    ]
    damaged = bytearray(data.draw(st.sampled_from(sources)))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    for call in (read_certificates, read_credential):
        with suppress(UnusableInputError):
            call(bytes(damaged), "file")
