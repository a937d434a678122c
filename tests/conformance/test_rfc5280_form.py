"""RFC 5280 4.1 and 4.2: how a certificate is written. Breaking it is a flaw; only some flaws cost validity.

Each chain reads end entity <- issuer <- anchor; what is not said is as the RFC wants it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.raw_pki import (
    AT,
    CONFORMANCE,
    ECDSA_SHA256,
    ECDSA_SHA384,
    HOST,
    OIDS,
    SERVER_AUTH,
    Made,
    accept,
    aki,
    bc,
    boolean,
    ca,
    cp,
    directory,
    dn,
    dns,
    eku,
    email,
    ext,
    failed_rules,
    generalized_time,
    integer,
    ip,
    judged,
    key_identifier,
    ku,
    leaf,
    nc,
    nonconforming,
    oid,
    pc,
    refuse,
    registered_id,
    san,
    seq,
    ski,
    status_of,
    tlv,
    uri,
    utc_time,
)
from trustdesk.core.verification import ENFORCED, TLS_INPUTS, RuleStatus

ROOT = ca("CN=Root")
CA = ca("CN=CA", ROOT)
UNKNOWN = "1.3.6.1.4.1.55555.1"
NULL = tlv(5)


def test_a_conforming_chain_is_valid() -> None:
    """leaf <- CA <- root, nothing wrong."""
    accept(leaf(CA), CA, ROOT)


def test_a_leaf_right_below_the_anchor_is_valid() -> None:
    """leaf <- root: a path of one certificate (6.1)."""
    accept(leaf(ROOT), ROOT)


# 4.1.2.1 version


@pytest.mark.parametrize(
    "version", [None, tlv(0xA0, integer(0)), tlv(0xA0, integer(1))], ids=["v1", "0", "v2"]
)
def test_extensions_ask_for_version_3(version: bytes | None) -> None:
    """leaf (v1 or v2, with extensions): does not conform (4.1.2.1)."""
    nonconforming("form.version", 0, leaf(CA, version=version), CA, ROOT)


@pytest.mark.parametrize("number", [3, 4, 255])
def test_no_version_beyond_3(number: int) -> None:
    """leaf (v4 and on): there is no such version (4.1.2.1)."""
    nonconforming("form.version", 0, leaf(CA, version=tlv(0xA0, integer(number))), CA, ROOT)


def test_a_version_1_leaf_without_extensions_lacks_what_conformance_asks() -> None:
    """leaf (v1, no extensions): valid by 6.1, but names no key of its issuer (4.2.1.1)."""
    old = leaf(CA, bare=True, version=None)
    nonconforming("ids.authority_key_identifier", 0, old, CA, ROOT)


@pytest.mark.parametrize("version", [None, tlv(0xA0, integer(1))], ids=["v1", "v2"])
def test_an_old_certificate_is_no_ca(version: bytes | None) -> None:
    """leaf <- CA (v1, v2: no basicConstraints): 6.1.4 (k) leaves out-of-band means, which there are none."""
    old = ca("CN=CA", ROOT, bare=True, version=version)
    refuse("ca.basic_constraints", 1, leaf(old), old, ROOT)


def test_a_version_1_anchor_is_a_name_and_a_key() -> None:
    """leaf <- root (v1): valid, for 6.1.1 (d) asks for a name and a key alone."""
    old = ca("CN=Root", bare=True, version=None)
    assert judged(leaf(old), old).trusted


def test_unique_identifiers_are_not_generated() -> None:
    """leaf (subjectUniqueID): conforming CAs MUST NOT (4.1.2.8)."""
    flawed = leaf(CA, unique_ids=tlv(0x82, b"\0\1"))
    nonconforming("form.unique_identifiers", 0, flawed, CA, ROOT)


# 4.1.2.2 serial number


@pytest.mark.parametrize(
    "serial",
    [integer(0), integer(-1), integer(-(1 << 159)), integer(1 << 159), integer(1 << 167)],
    ids=["zero", "minus-one", "negative-20-octets", "21-octets", "21-octets-and-more"],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_serial_numbers_are_positive_and_short(serial: bytes, place: int) -> None:
    """One certificate of leaf <- CA <- root with serial 0, negative or over 20 octets (4.1.2.2)."""
    root = ca("CN=Root", serial=serial if place == 2 else None)
    middle = ca("CN=CA", root, serial=serial if place == 1 else None)
    end_entity = leaf(middle, serial=serial if place == 0 else None)
    nonconforming("form.serial_number", place, end_entity, middle, root)


def test_the_longest_serial_number_conforms() -> None:
    """leaf (serial of 20 octets): just what is allowed (4.1.2.2)."""
    accept(leaf(CA, serial=integer((1 << 159) - 1)), CA, ROOT)


# 4.1.1.2 algorithms


def test_the_two_algorithms_are_the_same() -> None:
    """leaf (SHA-256 outside, SHA-384 inside): 4.1.1.2 MUST."""
    flawed = leaf(CA, inner_algorithm=seq(oid(ECDSA_SHA384)))
    nonconforming("form.algorithms_agree", 0, flawed, CA, ROOT)


def test_parameters_belong_to_the_algorithm() -> None:
    """CA (NULL inside, nothing outside): not the same identifier (4.1.1.2)."""
    flawed = ca("CN=CA", ROOT, inner_algorithm=seq(oid(ECDSA_SHA256), NULL))
    nonconforming("form.algorithms_agree", 1, leaf(flawed), flawed, ROOT)


# 4.1.2.4, 4.1.2.6 names


def test_an_empty_issuer_does_not_conform() -> None:
    """leaf (issuer empty) <- root (subject empty): names chain, 4.1.2.4 forbids it."""
    nameless = ca("")
    verification = judged(leaf(nameless), nameless, inputs=CONFORMANCE)
    assert ("form.issuer", 0) in failed_rules(verification)
    assert not verification.trusted


def test_a_ca_below_the_anchor_has_a_subject() -> None:
    """leaf <- CA (no subject) <- root: 4.1.2.6 MUST."""
    nameless = ca("", ROOT)
    refuse("ca.subject", 1, leaf(nameless), nameless, ROOT)


def test_without_a_subject_the_alternative_names_are_critical() -> None:
    """leaf (no subject, SAN critical): valid (4.2.1.6)."""
    accept(leaf(CA, subject=""), CA, ROOT)


def test_without_a_subject_alternative_names_must_be_critical() -> None:
    """leaf (no subject, SAN not critical): 4.2.1.6 MUST."""
    flawed = leaf(CA, subject="", more={"san": san(dns(HOST))})
    nonconforming("leaf.alternative_names_critical", 0, flawed, CA, ROOT)


def test_without_a_subject_and_alternative_names_there_is_no_name() -> None:
    """leaf (no subject, no SAN): 4.1.2.6 MUST."""
    flawed = leaf(CA, subject="", more={"san": None})
    nonconforming("leaf.alternative_names_critical", 0, flawed, CA, ROOT)


def test_critical_alternative_names_beside_a_subject_are_allowed() -> None:
    """leaf (subject, SAN critical): SHOULD be non-critical, no more (4.2.1.6)."""
    accept(leaf(CA, more={"san": san(dns(HOST), critical=True)}), CA, ROOT)


# 4.1.2.5 validity

LATER = datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)
FROM_2050 = datetime(2050, 1, 1, tzinfo=UTC)


def test_dates_through_2049_are_utc_times() -> None:
    """leaf (notAfter 2049 as UTCTime): as it should be (4.1.2.5)."""
    accept(leaf(CA, not_after=utc_time(LATER)), CA, ROOT)


def test_dates_from_2050_are_generalized_times() -> None:
    """leaf (notAfter 2050 as GeneralizedTime): as it should be (4.1.2.5)."""
    accept(leaf(CA, not_after=generalized_time(FROM_2050)), CA, ROOT)


def test_no_generalized_time_before_2050() -> None:
    """leaf (notAfter 2049 as GeneralizedTime): 4.1.2.5 MUST."""
    nonconforming("form.time_encoding", 0, leaf(CA, not_after=generalized_time(LATER)), CA, ROOT)


def test_no_generalized_time_as_a_beginning_before_2050() -> None:
    """CA (notBefore 2020 as GeneralizedTime): 4.1.2.5 MUST."""
    flawed = ca("CN=CA", ROOT, not_before=generalized_time(datetime(2020, 1, 1, tzinfo=UTC)))
    nonconforming("form.time_encoding", 1, leaf(flawed), flawed, ROOT)


def test_an_anchor_writes_its_dates_as_everybody() -> None:
    """root (notAfter 2049 as GeneralizedTime): 4.1.2.5 is about every certificate."""
    flawed = ca("CN=Root", not_after=generalized_time(LATER))
    nonconforming("form.time_encoding", 1, leaf(flawed), flawed)


def test_two_digit_years_from_50_are_in_the_last_century() -> None:
    """leaf (notAfter 50… as UTCTime is 1950): expired (4.1.2.5.1)."""
    flawed = leaf(CA, not_before=utc_time(FROM_2050), not_after=utc_time(FROM_2050 + timedelta(days=1)))
    refuse("validity.not_after", 0, flawed, CA, ROOT)


def test_validity_without_an_end_is_the_year_9999() -> None:
    """leaf (notAfter 99991231235959Z): no well-defined end (4.1.2.5)."""
    accept(leaf(CA, not_after=tlv(0x18, b"99991231235959Z")), CA, ROOT)


@pytest.mark.parametrize(
    "text",
    [b"2711200000Z", b"271120000000+0000", b"271120000000", b"27112000000aZ", b"271320000000Z", b""],
    ids=["no-seconds", "offset", "no-zone", "letter", "month-13", "empty"],
)
def test_a_utc_time_of_another_form_is_no_date(text: bytes) -> None:
    """leaf (notAfter not YYMMDDHHMMSSZ): nobody knows when it ends (4.1.2.5.1)."""
    verification = judged(leaf(CA, not_after=tlv(0x17, text)), CA, ROOT)
    assert failed_rules(verification) == {("validity.not_after", 0)}


@pytest.mark.parametrize(
    "text",
    [b"20501120000000.5Z", b"205011200000Z", b"20501120000000+0000", b"20501120000000", b"00000101000000Z"],
    ids=["fraction", "no-seconds", "offset", "no-zone", "year-0"],
)
def test_a_generalized_time_of_another_form_is_no_date(text: bytes) -> None:
    """leaf (notAfter not YYYYMMDDHHMMSSZ): nobody knows when it ends (4.1.2.5.2)."""
    verification = judged(leaf(CA, not_after=tlv(0x18, text)), CA, ROOT)
    assert failed_rules(verification) == {("validity.not_after", 0)}


EDGE = timedelta(seconds=1)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("edge", ["first", "last"])
def test_both_ends_belong_to_the_validity(place: int, edge: str) -> None:
    """notBefore or notAfter is the very second asked about: valid (4.1.2.5 "inclusive")."""
    dates: dict[str, Any] = {"not_before": AT} if edge == "first" else {"not_after": AT}
    middle = ca("CN=CA", ROOT, **(dates if place else {}))
    accept(leaf(middle, **({} if place else dates)), middle, ROOT)


@pytest.mark.parametrize("place", [0, 1])
def test_a_second_before_it_begins_it_is_not_valid(place: int) -> None:
    """notBefore a second from now: 6.1.3 (a)(2)."""
    dates: dict[str, Any] = {"not_before": AT + EDGE}
    middle = ca("CN=CA", ROOT, **(dates if place else {}))
    refuse("validity.not_before", place, leaf(middle, **({} if place else dates)), middle, ROOT)


@pytest.mark.parametrize("place", [0, 1])
def test_a_second_after_its_end_it_is_not_valid(place: int) -> None:
    """notAfter a second ago: 6.1.3 (a)(2)."""
    dates: dict[str, Any] = {"not_after": AT - EDGE}
    middle = ca("CN=CA", ROOT, **(dates if place else {}))
    refuse("validity.not_after", place, leaf(middle, **({} if place else dates)), middle, ROOT)


def test_parts_of_a_second_do_not_count() -> None:
    """notAfter 12:00:00, asked at 12:00:00.9: the last second has not passed."""
    accept(leaf(CA, not_after=AT), CA, ROOT, at=AT.replace(microsecond=900_000))


@pytest.mark.parametrize(
    "dates", [{"not_after": AT - EDGE}, {"not_before": AT + EDGE}], ids=["past", "future"]
)
def test_a_plain_anchor_does_not_expire(dates: dict[str, Any]) -> None:
    """leaf <- root (expired, or not begun): valid, the anchor is no part of the path (6.1)."""
    old = ca("CN=Root", **dates)
    accept(leaf(old), old)


def test_an_anchor_expires_where_that_is_asked_for() -> None:
    """leaf <- root (expired), expiry enforced: a setting, not RFC 5280."""
    old = ca("CN=Root", not_after=AT - EDGE)
    inputs = replace(CONFORMANCE, anchor=replace(CONFORMANCE.anchor, expiry_enforced=True))
    assert failed_rules(judged(leaf(old), old, inputs=inputs)) == {("validity.not_after", 1)}


def test_a_validity_that_ends_before_it_begins_holds_never() -> None:
    """leaf (notAfter before notBefore): there is no instant at which it is valid."""
    flawed = leaf(CA, not_before=AT + EDGE, not_after=AT - EDGE)
    assert not judged(flawed, CA, ROOT).trusted


# 4.2 extensions


@pytest.mark.parametrize("place", [0, 1])
def test_an_unknown_critical_extension_is_refused(place: int) -> None:
    """leaf or CA (unknown, critical): 6.1.4 (o), 6.1.5 (f)."""
    unknown = [ext(UNKNOWN, NULL, True)]
    middle = ca("CN=CA", ROOT, extra=unknown if place else ())
    refuse("critical.understood", place, leaf(middle, extra=() if place else unknown), middle, ROOT)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_unknown_extension_does_no_harm_when_not_critical(place: int) -> None:
    """Any certificate (unknown, not critical): MAY be ignored (4.2)."""
    unknown = [ext(UNKNOWN, NULL)]
    root = ca("CN=Root", extra=unknown if place == 2 else ())
    middle = ca("CN=CA", root, extra=unknown if place == 1 else ())
    accept(leaf(middle, extra=unknown if place == 0 else ()), middle, root)


def test_a_plain_anchor_may_have_what_nobody_understands() -> None:
    """leaf <- root (unknown, critical): section 6.1 does not look at the anchor's extensions."""
    root = ca("CN=Root", extra=[ext(UNKNOWN, NULL, True)])
    assert judged(leaf(root), root).trusted


def test_an_anchors_certificate_with_an_unknown_critical_extension_is_refused_by_section_4() -> None:
    """leaf <- root (unknown, critical): 4.2, "MUST reject the certificate", whatever its place.

    Debatable, as 6.1 makes of the anchor a name and a key. Where conformance is asked for, it is asked of
    the anchor's certificate as of the others, and so is this sentence of section 4.2.
    """
    root = ca("CN=Root", extra=[ext(UNKNOWN, NULL, True)])
    assert failed_rules(judged(leaf(root), root, inputs=CONFORMANCE)) == {("critical.understood", 1)}


def test_an_anchor_is_held_to_its_critical_extensions_where_that_is_asked_for() -> None:
    """leaf <- root (unknown, critical), anchor enforced: refused."""
    root = ca("CN=Root", extra=[ext(UNKNOWN, NULL, True)])
    inputs = replace(CONFORMANCE, conformance_required=False, anchor=ENFORCED)
    assert failed_rules(judged(leaf(root), root, inputs=inputs)) == {("critical.understood", 1)}


@pytest.mark.parametrize("name", ["ian", "sda", "sia"])
def test_a_critical_extension_that_nothing_here_processes_is_refused(name: str) -> None:
    """leaf (critical issuerAltName, …): not processed, and so rejected (4.2)."""
    value = seq(dns("ca.example")) if name == "ian" else seq()
    end_entity = leaf(CA, extra=[ext(OIDS[name], value, True)])
    assert ("critical.understood", 0) in failed_rules(judged(end_entity, CA, ROOT))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ku", ku(0)),
        ("eku", eku(SERVER_AUTH, critical=True)),
        ("cp", cp("1.2.3", critical=True)),
        ("san", san(dns(HOST), critical=True)),
        ("bc", bc(ca=False)),
    ],
)
def test_critical_extensions_of_the_profile_are_understood(name: str, value: bytes) -> None:
    """leaf (each extension of 4.2 that MUST be recognised, critical): valid."""
    accept(leaf(CA, more={name: value}), CA, ROOT)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_extension_stands_there_once(place: int) -> None:
    """Any certificate (the same unknown extension twice): 4.2 MUST NOT; nothing rests on it."""
    twice = [ext(UNKNOWN, NULL), ext(UNKNOWN, NULL)]
    root = ca("CN=Root", extra=twice if place == 2 else ())
    middle = ca("CN=CA", root, extra=twice if place == 1 else ())
    end_entity = leaf(middle, extra=twice if place == 0 else ())
    nonconforming("form.extensions_unique", place, end_entity, middle, root)


@pytest.mark.parametrize(
    ("place", "extra"),
    [
        (0, san(dns("other.example"))),
        (0, ku(0)),
        (0, bc(ca=False)),
        (1, bc()),
        (1, ku(5)),
        (1, nc(permitted=[dns("example")])),
    ],
    ids=["san", "ku", "bc", "ca-bc", "ca-ku", "ca-nc"],
)
def test_what_validation_rests_on_must_not_stand_there_twice(place: int, extra: bytes) -> None:
    """leaf or CA (needed extension twice): which one counts is nobody's to choose (4.2)."""
    more = {"bc": bc(ca=False)} if extra == bc(ca=False) else {}
    extras = [extra, extra] if place and b"\x06\x03\x55\x1d\x1e" in extra else [extra]
    middle = ca("CN=CA", ROOT, extra=extras if place else ())
    refuse("critical.unique", place, leaf(middle, more=more, extra=() if place else extras), middle, ROOT)


@pytest.mark.parametrize("name", ["ski", "aki"])
def test_key_identifiers_stand_there_once(name: str) -> None:
    """leaf (SKI or AKI twice): 4.2 MUST NOT."""
    again = ski(key_identifier("leaf")) if name == "ski" else aki(key_identifier(CA.key))
    verification = judged(leaf(CA, extra=[again]), CA, ROOT, inputs=CONFORMANCE)
    assert ("form.extensions_unique", 0) in failed_rules(verification)
    assert judged(leaf(CA, extra=[again]), CA, ROOT).trusted


def test_extensions_are_not_an_empty_sequence() -> None:
    """leaf (extensions present, none in it): SIZE (1..MAX) (4.1)."""
    hollow = leaf(CA, bare=True, unique_ids=tlv(0xA3, seq()))
    verification = judged(hollow, CA, ROOT, inputs=CONFORMANCE)
    assert ("form.extensions_readable", 0) in failed_rules(verification)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("bc", tlv(4, b"\1")),
        ("ku", tlv(3, b"")),
        ("san", seq()),
        ("san", tlv(0x31, dns(HOST))),
        ("eku", seq()),
        ("cp", seq()),
        ("nc", seq()),
        ("pc", integer(1)),
        ("pm", seq(seq(oid("1.2.3")))),
        ("iap", integer(-1)),
    ],
)
def test_what_validation_rests_on_can_be_read(name: str, value: bytes) -> None:
    """CA (an extension of 4.2 that breaks its syntax): nothing that rests on it is certain."""
    broken = ext(OIDS[name], value, True)
    change = {name: broken} if name in {"bc", "ku"} else {}
    middle = ca("CN=CA", ROOT, more=change, extra=() if change else [broken])
    verification = judged(leaf(middle), middle, ROOT)
    assert ("critical.readable", 1) in failed_rules(verification)


def test_bytes_after_an_extensions_value_break_it() -> None:
    """CA (basicConstraints with a tail): it is not the value of that type."""
    middle = ca("CN=CA", ROOT, more={"bc": ext(OIDS["bc"], seq(boolean(True)) + NULL, True)})
    verification = judged(leaf(middle), middle, ROOT)
    assert ("critical.readable", 1) in failed_rules(verification)


# 4.2.1.1, 4.2.1.2 key identifiers


def test_an_end_entity_names_the_key_of_its_issuer() -> None:
    """leaf (no AKI): 4.2.1.1 MUST."""
    nonconforming("ids.authority_key_identifier", 0, leaf(CA, more={"aki": None}), CA, ROOT)


def test_a_ca_names_the_key_of_its_issuer() -> None:
    """CA (no AKI): 4.2.1.1 MUST."""
    middle = ca("CN=CA", ROOT, more={"aki": None})
    nonconforming("ids.authority_key_identifier", 1, leaf(middle), middle, ROOT)


def test_a_self_signed_root_may_leave_it_out() -> None:
    """root (no AKI): 4.2.1.1 MAY, for what is self-signed."""
    accept(leaf(ROOT), ROOT)


def test_a_self_signed_root_may_name_its_own_key() -> None:
    """root (AKI = SKI): "identical" (4.2.1.1)."""
    root = ca("CN=Root", more={"aki": aki(key_identifier("CN=Root"))})
    accept(leaf(root), root)


def test_self_issued_is_not_self_signed() -> None:
    """leaf <- CA (new key, signed by its old one, no AKI) <- CA (old) <- root: not self-signed."""
    new = ca("CN=CA", CA, key_of="new key", more={"aki": None})
    nonconforming("ids.authority_key_identifier", 1, leaf(new), new, CA, ROOT)


def test_an_intermediate_as_anchor_is_no_exception() -> None:
    """leaf <- CA (anchor, issued by another, no AKI): 4.2.1.1 excepts what is self-signed, not anchors.

    Debatable, as nobody needs it there; the sentence is about all certificates that CAs generate.
    """
    middle = ca("CN=CA", ROOT, more={"aki": None})
    nonconforming("ids.authority_key_identifier", 1, leaf(middle), middle)


def test_an_authority_key_identifier_has_the_key() -> None:
    """leaf (AKI with issuer and serial only): the keyIdentifier field MUST be included (4.2.1.1)."""
    whole = aki(None, tlv(0xA1, directory("CN=Root")), tlv(0x82, b"\1"))
    nonconforming("ids.authority_key_identifier", 0, leaf(CA, more={"aki": whole}), CA, ROOT)


def test_an_empty_authority_key_identifier_does_not_do() -> None:
    """leaf (AKI without any field): as none (4.2.1.1)."""
    nonconforming("ids.authority_key_identifier", 0, leaf(CA, more={"aki": aki(None)}), CA, ROOT)


def test_a_root_with_half_an_authority_key_identifier() -> None:
    """root (AKI present, without keyIdentifier): self-signed MAY omit the extension, not the field in it."""
    root = ca("CN=Root", more={"aki": aki(None, tlv(0xA1, directory("CN=Root")), tlv(0x82, b"\1"))})
    nonconforming("ids.authority_key_identifier", 1, leaf(root), root)


@pytest.mark.parametrize(
    "half", [tlv(0xA1, directory("CN=Root")), tlv(0x82, b"\1")], ids=["issuer", "serial"]
)
def test_issuer_and_serial_number_come_together(half: bytes) -> None:
    """leaf (AKI with an issuer and no serial, or the reverse): both or none (4.2.1.1)."""
    flawed = leaf(CA, more={"aki": aki(key_identifier(CA.key), half)})
    nonconforming("ids.authority_key_identifier_form", 0, flawed, CA, ROOT)


def test_key_issuer_and_serial_number_together_are_well() -> None:
    """leaf (AKI with all three): allowed (4.2.1.1)."""
    whole = aki(key_identifier(CA.key), tlv(0xA1, directory("CN=Root")), tlv(0x82, b"\1"))
    accept(leaf(CA, more={"aki": whole}), CA, ROOT)


@pytest.mark.parametrize("place", [0, 1])
def test_an_authority_key_identifier_is_not_critical(place: int) -> None:
    """leaf or CA (AKI critical): MUST be non-critical (4.2.1.1); validation understands it."""
    middle = ca("CN=CA", ROOT, more={"aki": aki(key_identifier(ROOT.key), critical=True)} if place else {})
    mine = {} if place else {"aki": aki(key_identifier(middle.key), critical=True)}
    nonconforming("ids.not_critical", place, leaf(middle, more=mine), middle, ROOT)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_subject_key_identifier_is_not_critical(place: int) -> None:
    """Any certificate (SKI critical): MUST be non-critical (4.2.1.2)."""
    root = ca("CN=Root", more={"ski": ski(key_identifier("CN=Root"), True)} if place == 2 else {})
    marked = {"ski": ski(key_identifier("CN=CA"), True)} if place == 1 else {}
    middle = ca("CN=CA", root, more={"aki": aki(key_identifier("CN=Root")), **marked})
    end_entity = leaf(middle, more={"ski": ski(key_identifier("leaf"), True)} if place == 0 else {})
    nonconforming("ids.not_critical", place, end_entity, middle, root)


@pytest.mark.parametrize("name", ["aia", "freshest"])
def test_access_information_is_not_critical(name: str) -> None:
    """leaf (AIA, freshestCRL critical): MUST be non-critical (4.2.2.1, 4.2.1.15)."""
    location = seq(oid("1.3.6.1.5.5.7.48.2"), uri("http://ca.example/ca.cer"))
    point = seq(tlv(0xA0, tlv(0xA0, uri("http://ca.example/crl"))))
    value = seq(location if name == "aia" else point)
    nonconforming("ids.not_critical", 0, leaf(CA, extra=[ext(OIDS[name], value, True)]), CA, ROOT)


@pytest.mark.parametrize("place", [1, 2])
def test_a_ca_names_its_key(place: int) -> None:
    """CA or root (no SKI): MUST appear in all conforming CA certificates (4.2.1.2)."""
    root = ca("CN=Root", more={"ski": None} if place == 2 else {})
    middle = ca(
        "CN=CA",
        root,
        more={"aki": aki(key_identifier("CN=Root")), **({"ski": None} if place == 1 else {})},
    )
    nonconforming("ca.subject_key_identifier", place, leaf(middle), middle, root)


def test_an_end_entity_need_not_name_its_key() -> None:
    """leaf (no SKI): SHOULD, no more (4.2.1.2)."""
    accept(leaf(CA, more={"ski": None}), CA, ROOT)


def test_key_identifiers_that_differ_do_not_break_a_path() -> None:
    """leaf (AKI of another key, signature by the right one): 4.2.1.2, need not be verified; it is said."""
    flawed = leaf(CA, more={"aki": aki(b"\1" * 20)})
    accept(flawed, CA, ROOT)
    assert status_of(judged(flawed, CA, ROOT), "ids.keys_match", 0) is RuleStatus.WARN


def test_key_identifiers_that_agree_are_said_to() -> None:
    """leaf (AKI) = CA (SKI)."""
    assert status_of(judged(leaf(CA), CA, ROOT), "ids.keys_match", 0) is RuleStatus.PASS


# 4.2.1.6 names in the SAN


@pytest.mark.parametrize(
    "name",
    [
        dns(""),
        dns(" "),
        dns("host_name.example"),
        dns("-host.example"),
        dns("host-.example"),
        dns("host..example"),
        dns("host.example."),
        dns(".example"),
        dns("f*o.example"),
        dns("*"),
        dns("a" * 64 + ".example"),
        dns(".".join(["a" * 50] * 6)),
        dns("https://host.example"),
        email(""),
        email("someone"),
        email("someone@"),
        email("@example"),
        email("a@b@example"),
        email("Some One <someone@example>"),
        email("some one@example"),
        uri("//host.example/path"),
        uri("/path"),
        uri("host.example"),
        uri("https:"),
        uri("https:///path"),
        uri("https://host name.example/"),
        tlv(0x87, b"\1\2\3"),
        tlv(0x87, b"\1\2\3\4\5"),
        tlv(0x87, b""),
        tlv(0x87, b"\0" * 8),
    ],
    ids=lambda value: repr(value[2:40]),
)
def test_alternative_names_are_well_formed(name: bytes) -> None:
    """leaf (one SAN that its type does not allow): 4.2.1.6 MUST; the path itself is valid."""
    nonconforming("leaf.name_syntax", 0, leaf(CA, dns(HOST), name), CA, ROOT)


@pytest.mark.parametrize(
    "name",
    [
        dns("xn--bcher-kva.example"),
        dns("HOST.Example"),
        dns("3com.example"),
        dns("*.host.example"),
        dns("host"),
        email("some.one+box@host.example"),
        email('"some one"@host.example'),
        uri("https://host.example:8443/path?query#part"),
        uri("https://192.0.2.1/"),
        uri("https://[2001:db8::1]/"),
        uri("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        uri("mailto:someone@host.example"),
        ip("192.0.2.1"),
        ip("2001:db8::1"),
        directory("O=ACME,CN=Somebody"),
        registered_id("1.2.3"),
    ],
    ids=lambda value: repr(value[2:40]),
)
def test_alternative_names_of_every_form(name: bytes) -> None:
    """leaf (one SAN of a form that 4.2.1.6 has): valid."""
    accept(leaf(CA, dns(HOST), name), CA, ROOT)


def test_octets_that_are_no_ascii_are_no_name() -> None:
    """leaf (dNSName in UTF-8): IA5String (4.2.1.6); U-labels become A-labels first (RFC 9549)."""
    verification = judged(leaf(CA, dns("bücher.example")), CA, ROOT)
    assert ("critical.readable", 0) in failed_rules(verification)


# 4.2.1.5, 4.2.1.11, 4.2.1.14: criticality of what constrains


@pytest.mark.parametrize(
    ("extension", "rule"),
    [
        (pc(require=0, critical=False), "policy.critical"),
        (ext(OIDS["iap"], integer(0)), "policy.critical"),
        (nc(permitted=[dns("example")], critical=False), "names.critical"),
    ],
    ids=["policyConstraints", "inhibitAnyPolicy", "nameConstraints"],
)
def test_what_constrains_is_critical(extension: bytes, rule: str) -> None:
    """CA (policyConstraints, inhibitAnyPolicy or nameConstraints, not critical): MUST be critical."""
    middle = ca("CN=CA", ROOT, extra=[extension, cp("1.2.3")])
    end_entity = leaf(middle, extra=[cp("1.2.3")])
    nonconforming(rule, 1, end_entity, middle, ROOT)


def test_a_certificate_with_a_tail_is_no_certificate() -> None:
    """leaf with octets after its end: nothing that is signed, and nothing to be relied on."""
    end_entity = leaf(CA)
    tailed = Made(end_entity.der + b"\0", end_entity.subject, end_entity.key)
    assert not judged(tailed, CA, ROOT).trusted


def test_octets_that_are_no_certificate_are_named() -> None:
    """Garbage in the place of the leaf."""
    verification = judged(Made(b"\x30\x03\x02\x01\x01", dn("CN=x"), "leaf"), CA, ROOT)
    assert ("form.readable", 0) in failed_rules(verification)


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("bc", ["leaf.end_entity", "ca.path_length_form"]),
        ("ku", ["leaf.key_usage_not_empty", "leaf.key_cert_sign", "purpose.key_usage"]),
        ("eku", ["purpose.extended_key_usage"]),
        ("san", ["leaf.name_syntax"]),
        ("nc", ["names.syntax", "names.leading_dot"]),
    ],
)
@pytest.mark.parametrize("twice", [False, True])
def test_what_is_broken_is_not_absent(name: str, rules: list[str], twice: bool) -> None:
    """leaf (an extension that cannot be read, or stands there twice): no rule on it passes."""
    good = {"bc": bc(ca=False), "ku": ku(0), "eku": eku(SERVER_AUTH), "san": san(dns(HOST))}
    if name == "nc":
        extra = [nc([dns("example")])] * 2 if twice else [ext(OIDS["nc"], seq(), True)]
        end_entity = leaf(CA, extra=extra)
    elif twice:
        end_entity = leaf(CA, more={name: good[name]}, extra=[good[name]])
    else:
        end_entity = leaf(CA, more={name: ext(OIDS[name], tlv(5))})
    verification = judged(end_entity, CA, ROOT, inputs=TLS_INPUTS)
    assert not verification.trusted
    for rule in rules:
        assert status_of(verification, rule, 0) is RuleStatus.NOT_RUN
