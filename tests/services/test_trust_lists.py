"""Lists to select from: what is an anchor, and what a list is called."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.support import list_samples as samples
from tests.support import pki
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.trust import ServerFault, TrustListOrigin
from trustdesk.core.trust_entry import EntryStatus, Usage
from trustdesk.core.trust_version import ListContent
from trustdesk.core.verification import (
    ENFORCED,
    PLAIN_ANCHOR,
    TLS_INPUTS,
    AnchorPolicy,
    Purpose,
    Verification,
)
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_signing import sign_list
from trustdesk.services.trust_lists import certifi_list, file_list
from trustdesk.services.wording import wording
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.path_verifier import PathVerifier


def test_public_web_list_is_labelled_as_such() -> None:
    web = certifi_list()
    assert web.origin is TrustListOrigin.PUBLIC_WEB
    assert web.name == "certifi"
    assert len(web.anchors) > 100
    assert all(anchor.is_ca and not anchor.problems for anchor in web.anchors)


def test_file_keeps_ca_certificates_alone(tmp_path: Path) -> None:
    root = pki.root()
    file = tmp_path / "partners.pem"
    file.write_bytes(pki.server(root).pem + root.pem)
    trust_list = file_list(file)
    assert trust_list.name == "partners.pem"
    assert trust_list.origin is TrustListOrigin.FILE
    assert [anchor.sha256 for anchor in trust_list.anchors] == [root.sha256]


def version_1_root(folder: Path) -> pki.Issued:
    """What old CAs still have: a self-signed certificate of version 1, without any extension."""
    key, file = folder / "v1.key", folder / "v1.pem"
    curve, request = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"), str(folder / "v1.csr")
    for command in (
        ["req", *curve, "-nodes", "-keyout", str(key), "-out", request, "-subj", "/CN=Old root"],
        ["x509", "-req", "-in", request, "-signkey", str(key), "-out", str(file)],
    ):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    private = load_pem_private_key(key.read_bytes(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return pki.Issued(x509.load_pem_x509_certificate(file.read_bytes()), private)


@pytest.mark.servers
def test_root_of_version_1_is_an_anchor_and_the_anchor_setting_decides(tmp_path: Path) -> None:
    """Server ← [v1 root]: RFC 5280 6.1.1 (d) takes it for a name and a key; TLS stacks want a CA."""
    root = version_1_root(tmp_path)
    at = root.certificate.not_valid_before_utc + timedelta(hours=1)
    server = pki.server(root, not_before=at - timedelta(hours=1), not_after=at + timedelta(days=9))
    trust_list = file_list(tmp_path / "v1.pem")
    assert [anchor.sha256 for anchor in trust_list.anchors] == [root.sha256]
    assert trust_list.left_out == ()

    def judged(policy: AnchorPolicy) -> Verification:
        inputs = replace(TLS_INPUTS, anchor=policy)
        return PathVerifier([trust_list]).verify(server.facts, purpose=Purpose.SERVER, at=at, inputs=inputs)

    assert judged(PLAIN_ANCHOR).trusted
    refused = judged(ENFORCED)
    assert not refused.trusted
    assert [failure.rule for failure in refused.paths[0].failures] == ["ca.basic_constraints"]
    live = PathJudge([trust_list]).judge_server([server.der], pki.HOST, at)
    assert live.faults == (ServerFault.ISSUER_NOT_CA,)
    itself = PathVerifier([trust_list]).verify(root.facts, purpose=Purpose.SERVER, at=at)
    assert not itself.trusted


def test_what_is_left_out_of_a_file_is_listed_with_its_reason(tmp_path: Path) -> None:
    root = pki.root()
    server, alone = pki.server(root), pki.issue(pki.name("Alone"), None)
    file = tmp_path / "mixed.pem"
    file.write_bytes(server.pem + root.pem + alone.pem)
    left_out = {one.certificate.sha256: wording().text(one.reason) for one in file_list(file).left_out}
    assert "server or client" in left_out[server.sha256]
    assert "self-signed" in left_out[alone.sha256]
    assert len(left_out) == 2


def test_file_without_a_ca_certificate_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "server.pem"
    file.write_bytes(pki.server(pki.root()).pem)
    with pytest.raises(UnusableInputError) as caught:
        file_list(file)
    assert "no CA certificate" in caught.value.problem.id
    assert caught.value.place == str(file)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError) as caught:
        file_list(tmp_path / "none.pem")
    assert caught.value.place is not None
    assert caught.value.place.endswith("none.pem")


def test_a_file_in_our_form_is_judged_by_what_it_says(tmp_path: Path) -> None:
    bad, servers = samples.root("Bad"), samples.root("Servers")
    entries = (
        samples.entry(bad, status=EntryStatus.DISTRUSTED),
        samples.entry(servers, usages=frozenset({Usage.TLS_SERVER})),
        samples.entry(samples.root()),
    )
    file = tmp_path / "partners.json"
    file.write_bytes(json_list(ListContent(title="Partners", entries=entries)))
    found = file_list(file)
    assert (found.name, found.origin, found.version) == ("partners.json", TrustListOrigin.FILE, None)
    uses = {anchor.certificate.sha256: anchor.uses for anchor in found.trust_anchors if not anchor.distrusted}
    assert uses == {
        servers.sha256: frozenset({Purpose.SERVER}),
        samples.root().sha256: frozenset(Purpose),
    }
    assert [key.sha256 for key in found.distrusted] == [bad.sha256]


def test_what_openssl_rejects_is_no_anchor_of_a_file(tmp_path: Path) -> None:
    file, plain = tmp_path / "ca-bundle.trust.crt", tmp_path / "root.pem"
    plain.write_bytes(samples.root("Bad").pem)
    command = ["openssl", "x509", "-in", str(plain), "-trustout", "-addreject", "anyExtendedKeyUsage"]
    rejected = subprocess.run(command, check=True, capture_output=True).stdout
    file.write_bytes(rejected + samples.root().pem)
    found = file_list(file)
    assert [one.sha256 for one in found.anchors] == [samples.root().sha256]
    assert [key.sha256 for key in found.distrusted] == [samples.root("Bad").sha256]


def test_a_file_whose_signature_does_not_hold_is_refused(tmp_path: Path) -> None:
    issued = samples.signer()
    signed = sign_list(json_list(samples.full_list()), issued.key, [issued.der])
    other = sign_list(b"another", issued.key, [issued.der])
    file = tmp_path / "partners.jws"
    file.write_bytes(signed.rpartition(b".")[0] + b"." + other.rpartition(b".")[2])
    with pytest.raises(UnusableInputError, match="does not hold"):
        file_list(file)
