"""The list of published keys: a key that lies in a public package is found, and the file is what it says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from tests.support import pki
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.finding import FindingStatus, Severity
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.published_keys import (
    PublishedKey,
    PublishedKeys,
    published_keys,
    read_published_keys,
    written,
)
from trustdesk.storage.resources import resource_folder
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.standing import Presented, StandingJudge

FILE = resource_folder() / "published_keys" / "published-keys.tsv"


@pytest.fixture(scope="module")
def vector_key() -> pki.PrivateKey:
    with cryptography_vectors.open_vector_file("x509/custom/ca/rsa_key.pem", "rb") as file:
        key = load_pem_private_key(file.read(), None)
    assert isinstance(key, pki.PrivateKey)
    return key


def spki(key: pki.PrivateKey) -> str:
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(public).hexdigest()


def test_key_of_a_public_package_is_on_the_list_with_its_origin(vector_key: pki.PrivateKey) -> None:
    origin = published_keys().get(spki(vector_key))
    assert origin is not None
    assert origin.startswith("PyPI cryptography-vectors, ")
    assert origin.endswith(".pem")


def test_new_key_is_not_on_the_list() -> None:
    assert spki(pki.root().key) not in published_keys()


def test_list_is_sorted_and_holds_digests_and_names_alone() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 700
    assert lines == sorted(set(lines))
    for line in lines:
        digest, registry, package, path = line.split("\t")
        assert len(digest) == 64
        assert bytes.fromhex(digest)
        assert registry in {"PyPI", "Debian", "npm"}
        assert package
        assert path.isprintable()
    assert b"PRIVATE KEY" not in FILE.read_bytes()


def test_server_with_a_published_key_is_blocked(vector_key: pki.PrivateKey) -> None:
    root = pki.root()
    server = pki.server(root, key=vector_key)
    judge = PathJudge([pki.trust_list(root)], published_keys=published_keys())
    judgement = judge.judge_server([server.der], pki.HOST, pki.NOW)
    found = next(finding for finding in judgement.findings if finding.rule == "KEY-05")
    assert not judgement.trusted
    assert (found.status, found.severity) == (FindingStatus.FAIL, Severity.BLOCKER)
    assert read_details(server.der).spki_sha256 in published_keys()


@pytest.mark.parametrize("is_issuer", [False, True])
def test_published_key_in_another_encoding_is_the_same_key(is_issuer: bool) -> None:
    root, key = pki.root(), ec.generate_private_key(ec.SECP256R1())
    known = {spki(key): "npm somewhere, a.key"}
    other = ec.generate_private_key(ec.SECP256R1())
    issuing = pki.authority("Issuing", root, key=key if is_issuer else other)
    server = pki.server(issuing, key=other if is_issuer else key)
    rewritten = pki.compressed_key(key)
    if is_issuer:
        issuing = pki.with_key_encoded(issuing, root, rewritten)
    else:
        server = pki.with_key_encoded(server, issuing, rewritten)
    sent, lists = (server.der, issuing.der), [pki.trust_list(root)]
    assert PathJudge(lists, published_keys={}).judge_server(sent, pki.HOST, pki.NOW).trusted
    judgement = PathJudge(lists, published_keys=known).judge_server(sent, pki.HOST, pki.NOW)
    assert not judgement.trusted
    assert next(one for one in judgement.findings if one.rule == "KEY-05").is_failure
    presented = Presented(certificates=sent, reference_identifier=pki.HOST)
    assert not StandingJudge(lists, at=pki.NOW, published_keys=known).standing(presented).trusted


def test_file_is_read_when_it_is_first_asked_and_not_before(tmp_path: Path) -> None:
    file = tmp_path / "list.tsv"
    keys = PublishedKeys(file)
    file.write_text(
        written({"ab" * 32: PublishedKey(registry="npm", package="p", file="a/b.key")}), encoding="utf-8"
    )
    assert dict(keys) == {"ab" * 32: "npm p, a/b.key"}
    file.unlink()
    assert len(keys) == 1


@pytest.mark.parametrize("content", [None, b"no list\n", b"\xff\tPyPI\ta\tb\n"])
def test_missing_or_damaged_list_is_an_incomplete_installation(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "list.tsv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(EnvironmentFailureError):
        read_published_keys(file)
