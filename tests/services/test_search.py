"""Everything is found by what people call it: names, SANs, usages, numbers and fingerprints as written."""

from __future__ import annotations

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.support import pki
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.services.search import (
    MAX_HITS,
    Hit,
    HitKind,
    SearchIndex,
    certificate_entry,
    hex_digits,
    partner_entry,
)

ROOT = pki.root("Cargo Root")
SERVER = pki.server(ROOT, "1r.nordwind.example", "alt.nordwind.example", serial_number=0x0A0B0C0D0E)
CLIENT = pki.client(ROOT, "ACME Client", usages=(ExtendedKeyUsageOID.CLIENT_AUTH,))
NORDWIND = Endpoint(
    id=1, partner="Nordwind Cargo", target=parse_target("https://1r.nordwind.example/base"), note="blue"
)
STRASSE = Endpoint(id=2, partner="Große Straße", target=parse_target("amqps://mq.strasse.example"))
INDEX = SearchIndex(
    (
        partner_entry(NORDWIND),
        partner_entry(STRASSE),
        certificate_entry(SERVER.facts, HitKind.SEEN),
        certificate_entry(CLIENT.facts, HitKind.OPENED),
        certificate_entry(ROOT.facts, HitKind.TRUST_LIST, "lab"),
    )
)


def found(query: str) -> list[str]:
    return [hit.title for hit in INDEX.find(query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("nordwind", "Nordwind Cargo"),
        ("cargo nordwind", "Nordwind Cargo"),
        ("blue", "Nordwind Cargo"),
        ("GROSSE strasse", "Große Straße"),
        ("mq.strasse", "Große Straße"),
        ("alt.nordwind", "1r.nordwind.example"),
        ("acme.example/ACME", "ACME Client"),
        ("clientAuth", "ACME Client"),
        ("client authentication", "ACME Client"),
        ("1.3.6.1.5.5.7.3.1", "1r.nordwind.example"),
        ("cargo root", "Cargo Root"),
        ("0a:0b:0c:0d:0e", "1r.nordwind.example"),
        ("0x0A0B0C0D0E", "1r.nordwind.example"),
        ("a0b 0c0d", "1r.nordwind.example"),
    ],
)
def test_things_are_found_by_what_people_call_them(query: str, first: str) -> None:
    assert found(query)[0] == first


@pytest.mark.parametrize("spelling", ["lower", "upper", "colons", "blanks", "part"])
def test_a_fingerprint_is_found_in_any_spelling(spelling: str) -> None:
    pairs = [SERVER.sha256[at : at + 2] for at in range(0, 64, 2)]
    written = {
        "lower": SERVER.sha256,
        "upper": SERVER.sha256.upper(),
        "colons": ":".join(pairs).upper(),
        "blanks": " ".join(pairs),
        "part": ":".join(pairs[8:16]),
    }[spelling]
    assert [hit.sha256 for hit in INDEX.find(written)] == [SERVER.sha256]


@pytest.mark.parametrize("query", ["", "   ", "nobody", "nordwind nobody", "serverAuth clientAuth"])
def test_what_does_not_match_in_every_word_is_not_found(query: str) -> None:
    assert found(query) == []


@pytest.mark.parametrize(
    ("query", "digits"),
    [
        ("ab", ""),
        ("face", "face"),
        ("00:01:ab:cd", "1abcd"),
        ("x1", ""),
        ("\u200eAB:CD:EF", "abcdef"),
        ("SHA256 Fingerprint=AB:CD:EF", "abcdef"),
        ("sha256", ""),
    ],
)
def test_few_digits_are_no_number(query: str, digits: str) -> None:
    assert hex_digits(query) == digits


def test_titles_that_begin_so_come_before_what_only_holds_it() -> None:
    assert found("cargo") == ["Cargo Root", "Nordwind Cargo"]


def test_a_certificate_that_lies_in_several_places_is_one_hit_in_the_nearest() -> None:
    index = SearchIndex(
        certificate_entry(ROOT.facts, kind) for kind in (HitKind.TRUST_LIST, HitKind.SEEN, HitKind.OPENED)
    )
    assert [hit.kind for hit in index.find("root")] == [HitKind.OPENED]


def test_a_hit_tells_where_it_leads() -> None:
    partner, root = INDEX.find("nordwind cargo")[0], INDEX.find("cargo root")[0]
    assert partner == Hit(
        kind=HitKind.PARTNER,
        title="Nordwind Cargo",
        detail="https://1r.nordwind.example/base",
        endpoint=NORDWIND,
    )
    assert (root.kind, root.sha256, root.trust_list) == (HitKind.TRUST_LIST, ROOT.sha256, "lab")


def test_hits_are_bounded() -> None:
    many = SearchIndex(
        partner_entry(Endpoint(id=n, partner=f"P{n}", target=parse_target("p.example"))) for n in range(99)
    )
    assert len(many.find("p")) == MAX_HITS
