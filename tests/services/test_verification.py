"""A verification: which certificate of a file is judged, with which others, what is fetched and said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from tests.support import pki
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import Inspection
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import FetchFailure
from trustdesk.core.trust import AnchorLimits, TrustAnchor
from trustdesk.core.verification import Purpose, Verification
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.opening import open_anything
from trustdesk.services.chain_export import certificates_only
from trustdesk.services.inspection import usability_of
from trustdesk.services.verification import (
    certificates_of,
    end_entity_of,
    explanation,
    fetchable_issuers,
    reference_identifier,
    verify_certificate,
)
from trustdesk.services.wording import wording

URL = "http://ca.example/sub.cer"
ROOT = pki.root("Root")
SUB = pki.authority("Sub", ROOT)
ACCESS = x509.AuthorityInformationAccess(
    [x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(URL))]
)
LEAF = pki.server(SUB, common_name="cargo.example", extensions=[(ACCESS, False)])


def say(message: Message) -> str:
    return wording("en").text(message)


def opened(*parts: bytes) -> Inspection:
    return open_anything(b"".join(parts), "chain.pem")


class Fixed:
    """A fetcher that knows some URLs."""

    def __init__(self, **bodies: bytes) -> None:
        self.asked: list[str] = []
        self._body = bodies.get("body")

    def fetch(self, url: str) -> bytes | FetchFailure:
        self.asked.append(url)
        return self._body if self._body is not None else FetchFailure(reason=msg("the server is on holiday"))


def verified(fetcher: Fixed | None = None, *others: pki.Issued) -> Verification:
    return verify_certificate(
        LEAF.facts,
        [one.facts for one in others],
        purpose=Purpose.SERVER,
        trust_lists=[pki.trust_list(ROOT)],
        at=pki.NOW,
        reference_identifier=pki.HOST,
        fetcher=fetcher,
    )


@pytest.mark.parametrize("parts", [(LEAF, SUB, ROOT), (ROOT, SUB, LEAF), (SUB, LEAF, ROOT)])
def test_the_end_entity_is_found_wherever_it_stands(parts: tuple[pki.Issued, ...]) -> None:
    chosen = end_entity_of(opened(*(one.pem for one in parts)), "chain.pem")
    assert chosen.certificate.facts.sha256 == LEAF.sha256
    assert {one.facts.sha256 for one in chosen.others} == {SUB.sha256, ROOT.sha256}
    assert chosen.rivals == 0


def test_the_certificate_with_its_key_beside_is_meant() -> None:
    other = pki.server(SUB, "other.example")
    chosen = end_entity_of(opened(other.pem, LEAF.pem, LEAF.key_pem()), "both.pem")
    assert (chosen.certificate.facts.sha256, chosen.rivals) == (LEAF.sha256, 0)


def test_of_several_the_first_is_judged_and_the_others_are_counted() -> None:
    other = pki.server(SUB, "other.example")
    chosen = end_entity_of(opened(other.pem, LEAF.pem, SUB.pem), "both.pem")
    assert (chosen.certificate.facts.sha256, chosen.rivals) == (other.sha256, 1)


def test_a_certificate_that_comes_twice_is_one() -> None:
    inspection = opened(LEAF.pem, LEAF.pem)
    assert end_entity_of(inspection, "twice.pem").rivals == 0
    assert len(certificates_of(inspection)) == 1


def test_certificates_that_issued_each_other_still_have_a_first() -> None:
    one = pki.issue(pki.name("A"), pki.root("B"))
    other = pki.issue(pki.name("B"), pki.root("A"))
    assert end_entity_of(opened(one.pem, other.pem), "loop.pem").certificate.facts.sha256 == one.sha256


def test_a_file_without_a_certificate_says_what_it_holds_instead() -> None:
    with pytest.raises(UnusableInputError) as raised:
        end_entity_of(opened(LEAF.key_pem()), "key.pem")
    assert "It holds a private key" in say(raised.value.problem)
    assert raised.value.place == "key.pem"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Cargo.Example", "cargo.example"),
        ("cargo.example.", "cargo.example"),
        ("käse.example", "xn--kse-qla.example"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_names_to_judge_for_are_normalised(text: str, name: str) -> None:
    assert reference_identifier(text) == name


@pytest.mark.parametrize(
    "text", ["", "cargo.example:443", "https://cargo.example", "a b", "*.example", "a/b"]
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(UnusableInputError):
        reference_identifier(text)


def test_a_valid_path_is_said_with_its_certificates_and_list() -> None:
    verification = verified(None, SUB)
    assert verification.trusted
    assert say(explanation(verification)) == "cargo.example → Sub → Root is a valid path to the list test."


def test_a_failure_names_certificate_rule_source_and_value() -> None:
    expired = pki.authority("Sub", ROOT, key=SUB.key, not_after=pki.NOW.replace(month=10))
    sentence = say(explanation(verified(None, expired)))
    assert "2026-10-20" in sentence
    assert "Rule validity.not_after (RFC 5280 6.1.3 (a)(2)) on Sub." in sentence


def test_without_a_fetcher_nothing_is_asked_for_and_the_place_of_the_issuer_is_known() -> None:
    verification = verified()
    assert not verification.trusted
    assert fetchable_issuers(verification) == (URL,)


@pytest.mark.parametrize(
    "body",
    [SUB.der, certificates_only((ROOT.facts, SUB.facts))],
    ids=["certificate", "certs-only PKCS#7"],
)
def test_a_missing_issuer_is_fetched_and_marked(body: bytes) -> None:
    fetcher = Fixed(body=body)
    verification = verified(fetcher)
    assert verification.trusted
    assert verification.paths[0].fetched == (SUB.sha256,)
    assert fetcher.asked == [URL]


def test_a_pkcs7_that_is_not_sorted_is_read_all_the_same() -> None:
    sorted_set = certificates_only((ROOT.facts, SUB.facts))
    first, second = sorted((ROOT.der, SUB.der))
    unsorted = sorted_set.replace(first + second, second + first)
    assert unsorted != sorted_set
    assert verified(Fixed(body=unsorted)).trusted


def test_a_complete_chain_asks_for_nothing() -> None:
    fetcher = Fixed(body=SUB.der)
    assert verified(fetcher, SUB).trusted
    assert fetcher.asked == []


def test_a_fetch_that_failed_is_said_where_the_path_ends() -> None:
    (end,) = verified(Fixed()).dead_ends
    assert say(end.reason).endswith(f"Nothing came from {URL}: the server is on holiday.")


def test_a_fetch_that_brought_something_else_is_said_too() -> None:
    (end,) = verified(Fixed(body=b"<html>")).dead_ends
    assert say(end.reason).endswith(f"What lies at {URL} is not it.")


def test_what_a_certificate_can_be_used_as_needs_its_contents_and_a_path() -> None:
    certificates = [read_details(one.der) for one in (LEAF, SUB)]
    listed = usability_of(certificates, [pki.trust_list(ROOT)], pki.NOW)[LEAF.sha256]
    assert listed.server.usable
    assert say(listed.server.why) == "for DNS:cargo.example; cargo.example → Sub → Root on the list test"
    assert say(listed.client.why) == "extended key usage lacks clientAuth"
    strange = usability_of(certificates, [pki.trust_list(pki.root("Stranger"))], pki.NOW)[LEAF.sha256]
    assert not strange.server.usable
    assert "neither given nor on a list" in say(strange.server.why)


def test_a_ca_is_no_server_and_others_may_stand_between() -> None:
    leaf, sub = read_details(LEAF.der), read_details(SUB.der)
    found = usability_of([leaf], [pki.trust_list(ROOT)], pki.NOW, others=[sub])
    assert set(found) == {LEAF.sha256}
    assert found[LEAF.sha256].server.usable
    of_ca = usability_of([sub], [pki.trust_list(ROOT)], pki.NOW)[SUB.sha256]
    assert (of_ca.server.usable, of_ca.client.usable) == (False, False)


def test_limits_of_the_list_reach_the_verdict() -> None:
    limited = TrustAnchor(certificate=ROOT.facts, limits=AnchorLimits(permitted_names=("DNS:other.example",)))
    trust_list = replace(pki.trust_list(), limited=(limited,))
    verification = verify_certificate(
        LEAF.facts, [SUB.facts], purpose=Purpose.SERVER, trust_lists=[trust_list], at=pki.NOW
    )
    assert not verification.trusted
    assert "anchor." in say(explanation(verification))
