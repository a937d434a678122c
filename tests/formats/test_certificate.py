"""Reading a certificate: right on good ones, total on all others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import pki
from tests.support.pki import HOST, NOW
from trustdesk.core.untrusted import MAX_KEPT
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import load, raw_names
from trustdesk.verify.judge import PathJudge


def test_server_certificate_reads_out_as_issued() -> None:
    root = pki.root()
    server = pki.server(
        root, HOST, "192.0.2.7", "2001:db8::7", "https://cargo.example/ACME", common_name="ACME"
    )
    facts = read_certificate(server.der)
    assert facts.problems == ()
    assert facts.der == server.der
    assert facts.subject == "CN=ACME"
    assert facts.issuer == "CN=Root"
    assert facts.subject_common_name == "ACME"
    assert facts.serial_number == f"{server.certificate.serial_number:x}"
    assert facts.not_before == NOW - timedelta(days=100)
    assert facts.not_after == NOW + timedelta(days=265)
    assert facts.subject_alt_names == (
        f"DNS:{HOST}",
        "IP:192.0.2.7",
        "IP:2001:db8::7",
        "URI:https://cargo.example/ACME",
    )
    assert facts.extended_key_usage == ("serverAuth",)
    assert facts.key_usage is None
    assert not facts.is_ca
    assert (facts.key_algorithm, facts.key_bits) == ("EC", 256)
    assert facts.signature_algorithm == "ecdsa-with-SHA256"


def test_ca_certificate_reads_out_as_issued() -> None:
    facts = pki.root(key=pki.rsa_key()).facts
    assert facts.is_ca
    assert facts.is_self_issued
    assert facts.key_usage == ("keyCertSign", "cRLSign")
    assert facts.extended_key_usage is None
    assert (facts.key_algorithm, facts.key_bits) == ("RSA", 2048)
    assert facts.signature_algorithm == "sha256WithRSAEncryption"


@pytest.mark.parametrize(
    ("key", "algorithm", "bits"),
    [
        (ec.generate_private_key(ec.SECP384R1()), "EC", 384),
        (ec.generate_private_key(ec.SECP521R1()), "EC", 521),
        (ed25519.Ed25519PrivateKey.generate(), "Ed25519", 256),
    ],
    ids=["P-384", "P-521", "Ed25519"],
)
def test_key_is_named_with_its_size(key: pki.PrivateKey, algorithm: str, bits: int) -> None:
    facts = pki.root(key=key).facts
    assert (facts.key_algorithm, facts.key_bits) == (algorithm, bits)


def test_names_of_all_kinds_are_shown_with_their_kind() -> None:
    names = x509.SubjectAlternativeName(
        [
            x509.RFC822Name("desk@cargo.example"),
            x509.DirectoryName(pki.name("Desk", "ACME")),
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x01x"),
            x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
        ]
    )
    facts = pki.server(pki.root(), "", extensions=[(names, False)]).facts
    assert facts.subject_alt_names == (
        "email:desk@cargo.example",
        "DirName:CN=Desk,O=ACME",
        "other:1.3.6.1.4.1.311.20.2.3",
        "RID:1.2.3.4",
    )


def test_unknown_purposes_keep_their_oid() -> None:
    usages = (pki.CLIENT_AUTH, x509.ObjectIdentifier("1.3.6.1.4.1.99999.7"))
    facts = pki.server(pki.root(), usages=usages).facts
    assert facts.extended_key_usage == ("clientAuth", "1.3.6.1.4.1.99999.7")


# The library refuses to write attributes of more than 64 octets.
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
    lambda text: len(text.encode()) <= 64
)


@given(
    st.lists(st.tuples(st.sampled_from([NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME]), _TEXT), max_size=4)
)
@settings(deadline=None, max_examples=60)
def test_name_is_written_as_the_library_writes_it(
    attributes: list[tuple[x509.ObjectIdentifier, str]],
) -> None:
    """RFC 4514: escapes and order, whatever stands in a name."""
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
    assert pki.issue(subject, _root()).facts.subject == subject.rfc4514_string()


def test_long_common_name_is_kept_in_the_bytes_and_cut_in_the_facts() -> None:
    common_name = "\u202e<b>A" * 2048
    issued = pki.server(pki.root(), common_name=common_name)
    facts = issued.facts
    assert common_name.encode() in facts.der
    assert facts.subject_common_name == common_name[:MAX_KEPT]
    assert facts.subject is not None
    assert len(facts.subject) == MAX_KEPT


@pytest.mark.parametrize("end", ["500101000000Z", "20500101000000Z"])
def test_two_digit_years_turn_at_fifty(end: str) -> None:
    """RFC 5280 4.1.2.5.1."""
    der = pki.server(_root(), not_after=datetime(2049, 1, 1, tzinfo=UTC)).der
    old = b"\x17\x0d490101000000Z"
    assert old in der
    if len(end) == 13:
        facts = read_certificate(der.replace(old, b"\x17\x0d" + end.encode()))
        assert facts.not_after == datetime(1950, 1, 1, tzinfo=UTC)
    else:
        assert pki.server(_root(), not_after=datetime(2050, 1, 1, tzinfo=UTC)).facts.not_after == datetime(
            2050, 1, 1, tzinfo=UTC
        )


def test_one_broken_extension_hides_no_other_field() -> None:
    """The strict library gives up on all extensions; the facts name the one."""
    root = pki.root()
    issued = pki.server(root, extensions=[(x509.BasicConstraints(ca=False, path_length=None), True)])
    # cA FALSE written out, as a tenth of old server certificates have it, with a wrong tag inside.
    der = issued.der.replace(
        bytes.fromhex("0603551d130101ff04023000"), bytes.fromhex("0603551d130101ff04020500")
    )
    assert der != issued.der
    facts = read_certificate(der)
    assert [problem.id for problem in facts.problems] == ["The basic constraints cannot be read."]
    assert facts.subject_alt_names == (f"DNS:{HOST}",)
    assert facts.extended_key_usage == ("serverAuth",)


@pytest.mark.parametrize("serial", [b"\x02\x01\x00", b"\x02\x01\xff"])
def test_serial_number_that_is_not_positive_is_read_without_a_warning(serial: bytes) -> None:
    der = pki.server(_root(), serial_number=5).der
    odd = der.replace(b"\x02\x01\x05", serial, 1)
    facts = read_certificate(odd)
    assert facts.serial_number == ("0" if serial == b"\x02\x01\x00" else "-1")
    assert load(odd) is not None


@pytest.mark.parametrize("date", [b"991332000000Z", b"9912312359Z00", b"abcdefghijklZ", b"990101000060Z"])
def test_impossible_date_is_a_problem(date: bytes) -> None:
    der = pki.server(_root(), not_after=datetime(2049, 1, 1, tzinfo=UTC)).der
    facts = read_certificate(der.replace(b"490101000000Z", date))
    assert facts.not_after is None
    assert facts.not_before is not None
    assert [problem.id for problem in facts.problems] == ["The end of the validity is no date."]


def test_bytes_after_the_certificate_are_a_problem() -> None:
    facts = read_certificate(pki.server(_root()).der + b"\x00")
    assert [problem.id for problem in facts.problems] == ["Bytes follow after the end of the certificate."]
    assert facts.subject_alt_names == (f"DNS:{HOST}",)


@pytest.mark.parametrize(
    "der", [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x31\x00", b"\x30\x00"]
)
def test_no_certificate_at_all_is_facts_with_a_problem(der: bytes) -> None:
    facts = read_certificate(der)
    assert facts.der == der
    assert facts.subject is None
    assert len(facts.problems) == 1


@cache
def _root() -> pki.Issued:
    return pki.root()


@cache
def _samples() -> tuple[bytes, ...]:
    names = x509.NameConstraints([x509.DNSName("example")], [x509.DirectoryName(pki.name("X", "Y"))])
    return (
        pki.server(_root(), HOST, "192.0.2.7", common_name="ACME").der,
        pki.root(key=pki.rsa_key()).der,
        pki.authority("Limited", _root(), path_length=1, extensions=[(names, True)]).der,
        pki.client(_root()).der,
    )


@st.composite
def _damaged(draw: st.DrawFn) -> bytes:
    der = bytearray(draw(st.sampled_from(_samples())))
    for _ in range(draw(st.integers(1, 6))):
        position = draw(st.integers(0, len(der) - 1))
        match draw(st.sampled_from(["set", "cut", "insert", "remove"])):
            case "set":
                der[position] = draw(st.integers(0, 255))
            case "insert":
                der[position:position] = draw(st.binary(max_size=4))
            case "remove" if len(der) > 1:
                del der[position]
            case "cut":
                del der[max(position, 1) :]
    return bytes(der)


@given(st.one_of(_damaged(), st.binary(max_size=64)))
@settings(deadline=None, max_examples=400)
def test_reading_and_judging_never_raise(der: bytes) -> None:
    """Whatever a peer sends: facts with problems, and a judgement that trusts nothing damaged."""
    facts = read_certificate(der)
    assert facts.der == der
    raw_names(der)
    chain = [der, _samples()[2], der]
    judgement = _judge().judge_server(chain, HOST, NOW)
    assert judgement.trusted is False or der in _samples() or _signature_holds(der)


@given(_damaged())
@settings(deadline=None, max_examples=200)
def test_damaged_intermediate_or_anchor_never_raises(der: bytes) -> None:
    judge = PathJudge([pki.trust_list(_root())])
    assert judge.judge_server([_samples()[0], der], HOST, NOW).trusted
    anchors = pki.trust_list()
    damaged = type(anchors)(
        name="d", title=anchors.title, origin=anchors.origin, anchors=(read_certificate(der),)
    )
    PathJudge([damaged]).judge_server(_samples()[:1], HOST, NOW)


@cache
def _judge() -> PathJudge:
    return PathJudge([pki.trust_list(_root())])


def _signature_holds(der: bytes) -> bool:
    """Octets outside of what is signed may change (bytes after the end) without the signature noticing."""
    certificate = load(der)
    originals = [load(sample) for sample in _samples()]
    return certificate is not None and any(
        original is not None and certificate.tbs_certificate_bytes == original.tbs_certificate_bytes
        for original in originals
    )
