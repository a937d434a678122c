"""Chains as files: which certificates, in which order, in which form."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.support import pki
from trustdesk.core.certificate import CertificateFacts
from trustdesk.formats.certificate import read_certificate
from trustdesk.services.chain_export import ServerSoftware, certificates_only, export_chain
from trustdesk.services.wording import wording

ROOT = pki.root("Root CA")
SUB = pki.authority("Sub CA", ROOT)
LEAF = pki.server(SUB, "*.cargo.example", common_name="*.cargo.example")
PATH = (LEAF.facts, SUB.facts, ROOT.facts)


def ders(pem: bytes) -> list[bytes]:
    return [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem)]


@pytest.mark.parametrize("software", [ServerSoftware.NGINX, ServerSoftware.APACHE, ServerSoftware.HAPROXY])
def test_pem_servers_get_the_end_entity_first_and_no_root(software: ServerSoftware) -> None:
    made = export_chain(PATH, software)
    assert ders(made.data) == [LEAF.der, SUB.der]
    assert made.left_out == ROOT.facts
    assert made.name.endswith(".pem")


def test_java_gets_the_whole_chain_in_its_order_for_keytool_asks_for_the_root() -> None:
    made = export_chain(PATH, ServerSoftware.JAVA)
    assert ders(made.data) == [LEAF.der, SUB.der, ROOT.der]
    assert (made.name, made.left_out) == ("wildcard.cargo.example-chain.pem", None)


def test_iis_gets_the_whole_chain_as_a_set_that_strict_readers_take() -> None:
    made = export_chain(PATH, ServerSoftware.IIS)
    loaded = pkcs7.load_der_pkcs7_certificates(made.data)
    assert {one.public_bytes(Encoding.DER) for one in loaded} == {LEAF.der, SUB.der, ROOT.der}
    assert (made.name, made.left_out) == ("wildcard.cargo.example.p7b", None)


@pytest.mark.parametrize("software", ServerSoftware)
def test_each_says_in_a_sentence_what_to_do_with_the_file(software: ServerSoftware) -> None:
    made = export_chain(PATH, software)
    sentence = wording("en").text(made.instruction)
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("software", ServerSoftware)
def test_one_certificate_alone_is_exported_even_where_it_is_self_signed(software: ServerSoftware) -> None:
    made = export_chain((ROOT.facts,), software)
    assert ROOT.der in made.data or ders(made.data) == [ROOT.der]


def test_an_anchor_that_another_ca_issued_is_sent() -> None:
    assert ders(export_chain((LEAF.facts, SUB.facts), ServerSoftware.NGINX).data) == [LEAF.der, SUB.der]


@pytest.mark.parametrize("name", ["../../etc/passwd", "\u202e\x00/\\|", "A" * 300, "."])
def test_names_of_certificates_make_no_paths_of_file_names(name: str) -> None:
    facts = CertificateFacts(der=LEAF.der, sha256=LEAF.sha256, subject_common_name=name)
    made = export_chain((facts,), ServerSoftware.HAPROXY)
    assert Path(made.name).name == made.name
    assert not made.name.startswith(".")
    assert len(made.name) < 100


def test_a_certificate_that_the_library_refuses_is_exported_as_it_came() -> None:
    damaged = read_certificate(b"\x30\x03\x02\x01\x07")
    assert damaged.der in certificates_only((LEAF.facts, damaged))


@pytest.mark.servers
def test_keytool_takes_the_chain_as_the_reply_for_its_key(tmp_path: Path) -> None:
    keytool = shutil.which("keytool")
    assert keytool is not None, "packaging/dev.py test installs default-jdk-headless"
    store = tmp_path / "store.p12"
    # keytool judges dates by the machine's clock.
    now = datetime.now(UTC)
    valid: dict[str, Any] = {"not_before": now - timedelta(days=1), "not_after": now + timedelta(days=9)}
    root = pki.root("Root CA", **valid)
    sub = pki.authority("Sub CA", root, **valid)
    leaf = pki.server(sub, common_name="cargo.example", **valid)
    store.write_bytes(leaf.pkcs12("secret"))
    made = export_chain((leaf.facts, sub.facts, root.facts), ServerSoftware.JAVA)
    file = tmp_path / made.name
    file.write_bytes(made.data)
    common = ["-keystore", str(store), "-storepass", "secret", "-alias", "client"]
    run([keytool, "-importcert", "-noprompt", *common, "-file", str(file)])
    listed = run([keytool, "-J-Duser.language=en", "-list", "-v", *common])
    owners = [line.partition(": ")[2] for line in listed.splitlines() if line.startswith("Owner")]
    assert owners == ["CN=cargo.example", "CN=Sub CA", "CN=Root CA"]


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
