"""What may not sign a list signs none, in whatever form it comes."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support import etsi_lists, list_samples, master_lists, pki
from tests.support.etsi_lists import Service
from tests.support.pki import Issued
from trustdesk.core.trust_version import Authenticity, AuthenticityState
from trustdesk.formats.etsi_list import read_etsi_list
from trustdesk.formats.master_list import read_master_list

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
FOR_KEYS = x509.KeyUsage(False, False, True, False, False, False, False, False, False)


@cache
def enciphers_keys() -> Issued:
    return pki.issue(pki.name("For keys alone"), None, extensions=[(FOR_KEYS, True)])


@cache
def of_1024_bits() -> Issued:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it has to be refused
    return pki.issue(pki.name("Short"), None, key=key)


def why(found: Authenticity) -> str:
    assert found.state is AuthenticityState.FAILED
    return found.why.id if found.why is not None else ""


@pytest.mark.parametrize(
    ("signer", "said"), [(enciphers_keys, "key usage"), (of_1024_bits, "too few")], ids=["usage", "short"]
)
def test_xades(signer: object, said: str) -> None:
    assert callable(signer)
    signed = etsi_lists.signed(etsi_lists.unsigned(Service(certificates=[list_samples.root()])), signer())
    content = read_etsi_list(signed, "list.xml", pinned=signer().sha256)
    assert said in why(content.authenticity)
    assert content.entries == ()


def test_cms_by_a_certificate_that_may_not_sign() -> None:
    message = master_lists.message(master_lists.content(list_samples.root()), enciphers_keys())
    content = read_master_list(message, "list.ml", pinned=enciphers_keys().sha256)
    assert "key usage" in why(content.authenticity)
    assert content.entries == ()


@needs_openssl
def test_cms_by_a_short_key_that_openssl_signs_with(tmp_path: Path) -> None:
    signer = of_1024_bits()
    (tmp_path / "content").write_bytes(master_lists.content(list_samples.root()))
    (tmp_path / "signer.pem").write_bytes(signer.pem + signer.key_pem())
    options = "-binary -nodetach -econtent_type 2.23.136.1.1.2 -md sha256 -outform DER"
    command = ["openssl", "cms", "-sign", *options.split(), "-in", "content", "-signer", "signer.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    content = read_master_list(done.stdout, "list.ml", pinned=signer.sha256)
    assert "too few" in why(content.authenticity)
