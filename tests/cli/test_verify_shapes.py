"""`verify --json` on chains of real shape: what is decided, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.peers import Peer, says
from trustdesk.core.trust import TrustAnchor, TrustList

Verify = Callable[..., Ran]


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    """Write the chain and the list into files and judge them as of the fixed instant of the tests."""

    def run(chain: list[pki.Issued], anchors: list[pki.Issued], *options: object) -> Ran:
        file, trust_list = tmp_path / "chain.pem", tmp_path / "list.pem"
        file.write_bytes(b"".join(one.pem for one in chain))
        trust_list.write_bytes(b"".join(one.pem for one in anchors))
        at = pki.NOW.isoformat()
        return trustdesk("verify", file, "--trust-list", trust_list, "--at", at, *options, "--json")

    return run


def checks(path: dict[str, Any], status: str) -> list[tuple[str, str]]:
    return [(one["certificate"], one["rule"]) for one in path["checks"] if one["status"] == status]


def reason(document: dict[str, Any]) -> str:
    said = document["verdicts"]["own"]["reason"]
    assert isinstance(said, str)
    return said


def cross_signed() -> tuple[pki.Issued, pki.Issued, pki.Issued, pki.Issued, pki.Issued]:
    """Return leaf, intermediate, new root, new root signed by the old one, and the old root, expired."""
    old = pki.root("Old External Root", not_after=pki.NOW - timedelta(days=40))
    new = pki.root("New Root")
    cross = pki.authority("New Root", old, key=new.key)
    sub = pki.authority("Issuing CA", new)
    return pki.server(sub, common_name="cargo.example"), sub, new, cross, old


def test_cross_signed_root_the_path_past_the_expired_one_is_taken(verify: Verify) -> None:
    """As AddTrust in 2020 and DST Root CA X3 in 2021: the expired path is shown and does no harm.

    leaf - Issuing CA - New Root              valid
                      - New Root (cross) - Old External Root (expired)
    """
    leaf, sub, new, cross, old = cross_signed()
    ran = verify([leaf, sub, cross], [new, old])
    document = ran.document
    assert (ran.status, document["trusted"], document["verdict"]) == (0, True, "pass")
    assert reason(document) == "cargo.example → Issuing CA → New Root is a valid path to the list list.pem."
    best, other = document["paths"]
    assert best["certificates"] == [leaf.sha256, sub.sha256, new.sha256]
    assert (best["accepted"], other["accepted"]) == (True, False)
    assert other["certificates"] == [leaf.sha256, sub.sha256, cross.sha256, old.sha256]
    assert (old.sha256, "validity.not_after") in checks(other, "fail")
    (evidence,) = [
        one["evidence"]
        for one in other["checks"]
        if (one["certificate"], one["rule"]) == (old.sha256, "validity.not_after")
    ]
    assert "Old External Root" in evidence
    assert "2026-10-11" in evidence


def test_cross_signed_root_with_the_old_root_alone_on_the_list_has_no_other_path(verify: Verify) -> None:
    leaf, sub, _, cross, old = cross_signed()
    ran = verify([leaf, sub, cross], [old])
    assert (ran.status, ran.document["trusted"]) == (1, False)
    said = reason(ran.document)
    assert "Old External Root expired on 2026-10-11" in said
    assert "validity.not_after (RFC 5280 6.1.3 (a)(2)) on Old External Root" in said
    assert ran.document["verdicts"]["cryptography"]["accepted"] is False


def test_name_constraints_name_the_ca_the_name_and_what_is_permitted(verify: Verify) -> None:
    """leaf (cargo.example) - Partner CA (permits partner.example) - Root."""
    root = pki.root("Root")
    constraints = x509.NameConstraints([x509.DNSName("partner.example")], None)
    sub = pki.authority("Partner CA", root, extensions=[(constraints, True)])
    inside = pki.server(sub, "1r.partner.example")
    outside = pki.server(sub, "cargo.example", common_name="cargo.example")
    assert verify([inside, sub], [root]).status == 0
    ran = verify([outside, sub], [root])
    assert ran.status == 1
    said = reason(ran.document)
    assert "cargo.example" in said
    assert "partner.example" in said
    assert "Rule names.dns (RFC 5280 4.2.1.10, 6.1.3 (b), (c)) on cargo.example" in said


def having_issuer_at(url: str, issuer: pki.Issued) -> pki.Issued:
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(
                AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url)
            )
        ]
    )
    return pki.server(issuer, common_name="cargo.example", extensions=[(access, False)])


def serving(certificate: pki.Issued) -> Peer:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-cert\r\nContent-Length: %d\r\n\r\n"
    return Peer(says(head % len(certificate.der) + certificate.der))


def test_missing_intermediate_is_fetched_where_the_certificate_says_if_asked(verify: Verify) -> None:
    """leaf (caIssuers http://127.0.0.1/) - [Issuing CA, not sent] - Root."""
    root = pki.root("Root")
    sub = pki.authority("Issuing CA", root)
    with serving(sub) as peer:
        url = f"http://127.0.0.1:{peer.port}/sub.cer"
        leaf = having_issuer_at(url, sub)
        repaired = verify([leaf], [root], "--aia", "--allow-private-addresses")
        not_asked = verify([leaf], [root])
        forbidden = verify([leaf], [root], "--aia", "--offline", "--allow-private-addresses")
        too_near = verify([leaf], [root], "--aia")
    assert (repaired.status, repaired.document["trusted"]) == (0, True)
    (path,) = repaired.document["paths"]
    assert path["certificates"] == [leaf.sha256, sub.sha256, root.sha256]
    assert reason(repaired.document) == (
        "cargo.example → Issuing CA (fetched) → Root is a valid path to the list list.pem."
    )
    for ran in (not_asked, forbidden, too_near):
        assert (ran.status, ran.document["trusted"]) == (1, False)
        said = reason(ran.document)
        assert said.startswith(
            "cargo.example was issued by CN=Issuing CA, which is neither given nor on a list."
        )
        assert "Rule chain.anchor" in said
    assert "--offline" in forbidden.err
    (end,) = too_near.document["dead_ends"]
    assert end["reason"].endswith(
        f"Nothing came from {url}: nothing is fetched from there:"
        " 127.0.0.1 is an address of this machine itself."
    )


def test_ca_without_extended_key_usage_does_not_limit_a_leaf_that_has_one(verify: Verify) -> None:
    """leaf (serverAuth) - Issuing CA (no extended key usage) - Root."""
    root = pki.root("Root")
    sub = pki.authority("Issuing CA", root)
    ran = verify([pki.server(sub), sub], [root])
    assert (ran.status, ran.document["trusted"]) == (0, True)
    (evidence,) = [
        one["evidence"]
        for one in ran.document["paths"][0]["checks"]
        if (one["certificate"], one["rule"]) == (sub.sha256, "purpose.issuer_extended_key_usage")
    ]
    assert "extended key usage" in evidence


def test_ca_limited_to_clients_takes_the_server_purpose_from_what_is_below(verify: Verify) -> None:
    """leaf (serverAuth) - Client CA (clientAuth) - Root: custom of TLS software, not RFC 5280."""
    root = pki.root("Root")
    sub = pki.authority("Client CA", root, extensions=[(x509.ExtendedKeyUsage([pki.CLIENT_AUTH]), False)])
    ran = verify([pki.server(sub), sub], [root])
    assert (ran.status, ran.document["trusted"]) == (1, False)
    said = reason(ran.document)
    assert "Client CA is limited to clientAuth, without serverAuth." in said
    assert "Rule purpose.issuer_extended_key_usage" in said


def test_anchor_distrusted_after_a_date_takes_what_was_issued_before(
    verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """leaf (notBefore after the list's date) - Root (distrust-after): the list's date binds the leaf's."""
    root = pki.root("Fading Root")
    date = pki.NOW - timedelta(days=60)
    before = pki.server(root, common_name="before.example")
    after = pki.server(root, common_name="after.example", not_before=pki.NOW - timedelta(days=5))

    def limited(path: Path) -> TrustList:
        anchor = TrustAnchor(certificate=root.facts, distrust_after=date)
        return replace(pki.trust_list(called=path.name), limited=(anchor,))

    monkeypatch.setattr("trustdesk.services.command_trust.file_list", limited)
    assert verify([before], [root]).status == 0
    ran = verify([after], [root])
    assert (ran.status, ran.document["trusted"]) == (1, False)
    said = reason(ran.document)
    assert "2026-09-21" in said
    assert "2026-11-15" in said
    assert "Rule anchor.distrust_after" in said
    assert "Fading Root" in said
