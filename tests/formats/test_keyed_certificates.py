"""Every key out of every file, with the certificates that were made for it."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from tests.support import key_files, pki
from tests.support.key_files import KEY_PASSWORD, PASSWORD, PRODUCERS
from tests.support.pki import NOW, Issued
from trustdesk.core.errors import WrongPasswordError
from trustdesk.core.inspection import ReadingLimits
from trustdesk.formats import certification_path
from trustdesk.formats.certification_path import IssuerPool, build_path, is_issued_by, spki_sha256
from trustdesk.formats.contents import Content, read_contents
from trustdesk.formats.keyed_certificates import (
    CertificatesByKey,
    KeyedCertificate,
    Place,
    PlacedCertificate,
    keyed_certificates,
)
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.private_key import PasswordSource

NEEDED = {
    "OpenSSL": "openssl",
    "Windows": "openssl",
    "keytool": "keytool",
    "JKS": "keytool",
    "JCEKS": "keytool",
}


@cache
def path() -> tuple[Issued, Issued, Issued]:
    root = pki.root()
    middle = pki.authority("Issuing", root)
    return pki.client(middle), middle, root


def read(*files: bytes, passwords: tuple[str, ...] = ()) -> tuple[KeyedCertificate, ...]:
    source, budget = PasswordSource(None, list(passwords)), WorkBudget(10_000_000)
    items: list[Content] = []
    for number, data in enumerate(files):
        items += read_contents(data, f"file{number}", source, budget, ReadingLimits()).items
    return keyed_certificates(items, items, source, budget)


def public(issued: Issued) -> str:
    return spki_sha256(issued.key)


def found(*keyed: KeyedCertificate) -> list[tuple[str, tuple[bytes, ...]]]:
    return [
        (spki_sha256(one.private_key), one.certification_path) for one in keyed if one.private_key is not None
    ]


@pytest.mark.parametrize("producer", PRODUCERS)
def test_store_of_each_producer_gives_key_and_chain(producer: str, tmp_path: Path) -> None:
    program = next(program for word, program in NEEDED.items() if producer.startswith(word))
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    leaf, middle, _ = path()
    data = PRODUCERS[producer](tmp_path, leaf, middle)
    assert found(*read(data, passwords=("wrong", PASSWORD, KEY_PASSWORD))) == [
        (public(leaf), (leaf.der, middle.der))
    ]


@pytest.mark.parametrize(
    "layout", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL], ids=["PKCS#8", "traditional"]
)
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER], ids=["PEM", "DER"])
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_plain_key_in_a_file_of_its_own(layout: PrivateFormat, encoding: Encoding, kind: str) -> None:
    _, middle, root = path()
    leaf = pki.client(middle, key=pki.rsa_key() if kind == "rsa" else None)
    files = (root.pem, leaf.key_pem(layout=layout, encoding=encoding), middle.pem + leaf.pem)
    assert found(*read(*files)) == [(public(leaf), (leaf.der, middle.der))]


@pytest.mark.parametrize(
    "layout", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL], ids=["PKCS#8", "RFC 1421"]
)
def test_encrypted_key_in_a_file_of_its_own(layout: PrivateFormat) -> None:
    _, middle, _ = path()
    leaf = pki.client(middle, key=pki.rsa_key())
    (keyed,) = read(leaf.pem, leaf.key_pem(PASSWORD, layout=layout), passwords=("other", PASSWORD))
    assert found(keyed) == [(public(leaf), (leaf.der,))]


def test_several_keys_each_with_its_own_and_one_that_stays_closed() -> None:
    root = pki.root()
    first, second, third = (pki.client(root, name) for name in ("First", "Second", "Third"))
    keyed = read(
        first.key_pem() + second.pem + third.key_pem(KEY_PASSWORD),
        second.pkcs12(PASSWORD, root),
        first.pem + third.pem,
        passwords=(PASSWORD,),
    )
    assert found(*keyed) == [(public(first), (first.der,)), (public(second), (second.der,))]
    assert [type(one.error) for one in keyed] == [type(None), WrongPasswordError, type(None)]


@pytest.mark.skipif(shutil.which("keytool") is None, reason="keytool is not installed")
@pytest.mark.parametrize("kind", ["jks", "jceks", "pkcs12"])
def test_java_store_with_several_keys(kind: str, tmp_path: Path) -> None:
    root = pki.root()
    first, second = pki.client(root, "First"), pki.client(root, "Second", key=pki.rsa_key())
    key_password = PASSWORD if kind == "pkcs12" else KEY_PASSWORD
    data = key_files.java_store(tmp_path, kind, (first, root), (second, root), key_password=key_password)
    keyed = read(data, passwords=(PASSWORD, KEY_PASSWORD))
    assert sorted(found(*keyed)) == sorted([(public(first), (first.der,)), (public(second), (second.der,))])
    assert {one.place.alias for one in keyed} == {"key0", "key1"}


def test_nothing_secret_in_its_text() -> None:
    leaf = path()[0]
    (keyed,) = read(leaf.pem + leaf.key_pem())
    assert isinstance(keyed.private_key, ec.EllipticCurvePrivateKey)
    number = str(keyed.private_key.private_numbers().private_value)
    assert "private_key" not in repr(keyed)
    assert number not in repr(keyed)


# --- which of several certificates ------------------------------------------------------------------------


def placed(issued: Issued, parent: int | None = None, alias: str | None = None) -> PlacedCertificate:
    return PlacedCertificate(
        facts=issued.facts, place=Place(source="f", position=9, parent=parent, alias=alias)
    )


def test_renewal_with_the_same_key_is_taken_before_the_old_certificate() -> None:
    root = pki.root()
    old = pki.client(root, not_after=NOW)
    new = pki.client(root, key=old.key)
    by_key = CertificatesByKey([placed(old), placed(new)])
    assert [one.facts.sha256 for one in by_key.of(public(old))] == [new.sha256, old.sha256]


def test_certificate_in_the_keys_own_container_is_taken_before_another() -> None:
    root = pki.root()
    mine = pki.client(root, not_after=NOW)
    other = pki.client(root, key=mine.key)
    by_key = CertificatesByKey([placed(other), placed(mine, 0, "a")])
    key = Place(source="f", position=1, parent=0, alias="a")
    assert by_key.of(public(mine), key)[0].facts.sha256 == mine.sha256


def test_ca_that_has_the_same_key_comes_last() -> None:
    root = pki.root()
    leaf = pki.client(root, key=root.key)
    by_key = CertificatesByKey([placed(root), placed(leaf), placed(root)])
    assert [one.facts.sha256 for one in by_key.of(public(root))] == [leaf.sha256, root.sha256]


# --- paths through several pools --------------------------------------------------------------------------


def test_path_is_completed_from_later_pools_and_says_from_which() -> None:
    leaf, middle, root = path()
    built = build_path(leaf.der, [IssuerPool([]), IssuerPool([root.der]), IssuerPool([middle.der])])
    assert built.certificates == (leaf.der, middle.der)
    assert built.pools == (2,)
    assert built.anchor == root.der


def test_later_pools_add_no_cross_certificate_above_an_anchor_that_is_there() -> None:
    leaf, middle, root = path()
    above = pki.root("Above")
    cross = pki.authority("Root", above, key=root.key)
    pools = [IssuerPool([middle.der, root.der]), IssuerPool([cross.der, above.der])]
    assert build_path(leaf.der, pools).certificates == (leaf.der, middle.der)
    # What lies in the files themselves is somebody's chain: it stays as it is.
    own = [IssuerPool([middle.der, root.der, cross.der])]
    assert build_path(leaf.der, own).certificates == (leaf.der, middle.der, cross.der)


def test_path_of_a_self_signed_certificate_is_itself() -> None:
    alone = pki.client(None)
    built = build_path(alone.der, [IssuerPool([alone.der])])
    assert (built.certificates, built.anchor) == ((alone.der,), alone.der)


def test_namesake_that_did_not_sign_is_no_issuer() -> None:
    leaf = path()[0]
    namesake = pki.authority("Issuing", pki.root())
    built = build_path(leaf.der, [IssuerPool([namesake.der])])
    assert (built.certificates, built.anchor) == ((leaf.der,), None)


def test_thousands_of_namesakes_are_not_all_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two CAs that sign each other, under the same names again and again."""
    tried = []

    def count(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        tried.append(issuer)
        return is_issued_by(certificate, issuer)

    monkeypatch.setattr(certification_path, "is_issued_by", count)
    first, second = pki.root("First"), pki.root("Second")
    crossed = [
        pki.authority(name, issuer, key=key)
        for name, issuer, key in [("First", second, first.key), ("Second", first, second.key)]
        for _ in range(200)
    ]
    pool = IssuerPool(one.der for one in crossed)
    assert len(build_path(crossed[0].der, [pool]).certificates) == 16
    once = len(tried)
    assert once <= 16 * 64
    build_path(crossed[0].der, [pool])
    assert len(tried) == once, "what was found out is remembered"
