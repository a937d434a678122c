"""OCSP responses judged as a whole: made by hand, by the library, and broken (RFC 6960)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st

from tests.support import ocsp as made
from tests.support import pki
from tests.support.ocsp import NEXT_UPDATE, NONCE, THIS_UPDATE, Single, response, tlv
from tests.support.ocsp_cases import (
    CA,
    DAY,
    EXTENDED_REVOKE,
    GOOD,
    HOUR,
    INVALIDITY_DATE,
    LEAF,
    OTHER_CA,
    REASON_CODE,
    REVOKED,
    ROOT,
    SENT,
    SOURCE,
    UNAVAILABLE,
    UNKNOWN,
    about,
    delegate,
    failed,
    judged,
    signed_by_delegate,
)
from tests.support.pki import NOW
from trustdesk.core.revocation import (
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.verify.decoded import decode
from trustdesk.verify.revocation.ocsp import check_response, ocsp_request


def test_good_from_the_issuer_itself_is_good_with_every_time() -> None:
    answer = judged(response(about(), signer=CA), retrieved_at=NOW)
    assert answer.status is GOOD
    assert failed(answer) == []
    assert answer.signed_by == "CN=Issuing CA"
    assert answer.this_update == answer.produced_at == THIS_UPDATE
    assert answer.next_update == NEXT_UPDATE
    assert answer.retrieved_at == NOW
    assert answer.revoked_at is None
    assert all(check.source for check in answer.checks)


@pytest.mark.parametrize(
    ("code", "name"), [(0, "unspecified"), (1, "keyCompromise"), (5, "cessationOfOperation"), (None, None)]
)
def test_revoked_says_when_and_why(code: int | None, name: str | None) -> None:
    answer = judged(response(about("revoked", reason=code), signer=CA))
    assert answer.status is REVOKED
    assert answer.revoked_at == NOW - timedelta(days=2)
    assert answer.revocation_reason == name


def test_revoked_with_a_reason_nobody_knows_is_revoked() -> None:
    answer = judged(response(about("revoked", reason=42), signer=CA))
    assert (answer.status, answer.revocation_reason) == (REVOKED, "42")


def test_reason_and_invalidity_date_are_read_from_extensions_too() -> None:
    lost = NOW - timedelta(days=9)
    extra = [(REASON_CODE, False, b"\x0a\x01\x01"), (INVALIDITY_DATE, False, made.time(lost))]
    answer = judged(response(about("revoked", extensions=extra), signer=CA))
    assert (answer.revocation_reason, answer.invalidity_date) == ("keyCompromise", lost)


def test_certificate_hold_is_revoked_and_says_to_ask_the_ca() -> None:
    answer = judged(response(about("revoked", reason=6), signer=CA))
    assert answer.status is REVOKED
    assert "Ask the CA" in answer.reason.id


def test_extended_revoke_of_what_nobody_issued_is_revoked_and_says_so() -> None:
    single = about("revoked", reason=6, revoked_at="19700101000000Z")
    answer = judged(response(single, signer=CA, extra=[(EXTENDED_REVOKE, False, b"\x05\x00")]))
    assert answer.status is REVOKED
    assert "nobody issued it" in answer.reason.id


def test_unknown_is_unknown() -> None:
    answer = judged(response(about("unknown"), signer=CA))
    assert answer.status is UNKNOWN
    assert "unknown" in answer.reason.id


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5, 6, 99])
def test_responder_that_gives_no_answer_is_unavailable(code: int) -> None:
    answer = judged(made.sequence(tlv(0x0A, bytes([code]))))
    assert answer.status is UNAVAILABLE
    assert failed(answer) == ["ocsp.status"]


def test_answer_beside_a_status_of_failure_is_not_read() -> None:
    assert judged(response(about(), signer=CA, status=6)).status is UNAVAILABLE


def test_success_without_an_answer_is_unavailable() -> None:
    assert judged(made.sequence(tlv(0x0A, b"\0"))).status is UNAVAILABLE


def test_answer_of_another_type_is_unavailable() -> None:
    answer = judged(response(about(), signer=CA, response_type="1.2.3"))
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.type"])


def test_staple_is_judged_the_same_and_keeps_its_source() -> None:
    source = RevocationSource(
        kind=RevocationSourceKind.STAPLE, origin=RevocationSourceOrigin.HANDSHAKE, place="staple"
    )
    answer = check_response(
        response(about(), signer=CA),
        source=source,
        certificate=decode(LEAF.der),
        issuer=decode(CA.der),
        at=NOW,
        nonce=None,
    )
    assert (answer.status, answer.source) == (GOOD, source)


@pytest.mark.parametrize("digest", ["sha1", "sha224", "sha256", "sha384", "sha512"])
def test_cert_id_is_compared_with_every_digest(digest: str) -> None:
    assert judged(response(about(digest=digest), signer=CA)).status is GOOD


@pytest.mark.parametrize(
    "single",
    [
        about(serial_number=4711),
        about(serial_number=-LEAF.certificate.serial_number),
        about(name_hash=bytes(20)),
        about(key_hash=bytes(20)),
        about(name_hash=b"\x00"),
        about(digest="md5"),
        Single(LEAF, OTHER_CA),
        Single(LEAF, ROOT),
    ],
    ids=["serial", "negative", "name", "key", "short", "digest", "key of another", "key of the root"],
)
def test_response_about_another_certificate_says_nothing(single: Single) -> None:
    answer = judged(response(single, signer=CA))
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.cert_id"])


def test_same_serial_number_of_another_issuer_says_nothing() -> None:
    other = pki.client(OTHER_CA, serial_number=LEAF.certificate.serial_number)
    der = response(Single(other, OTHER_CA), signer=OTHER_CA)
    answer = judged(der)
    assert answer.status is UNAVAILABLE
    assert "ocsp.cert_id" in failed(answer)
    assert "ocsp.responder" in failed(answer)


def test_empty_list_of_responses_says_nothing() -> None:
    answer = judged(response(signer=CA))
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.cert_id"])


def test_certificate_is_found_among_several() -> None:
    others = [about("revoked", serial_number=1), about("unknown", serial_number=2)]
    assert judged(response(*others, about(), signer=CA)).status is GOOD


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("worse", "status"),
    [
        (about("revoked"), REVOKED),
        (about("revoked", this_update=NOW - 9 * DAY, next_update=NOW - 8 * DAY), REVOKED),
        (about("revoked", digest="sha256"), REVOKED),
        (about("unknown"), UNKNOWN),
    ],
    ids=["revoked", "old", "another digest", "unknown"],
)
def test_of_two_that_contradict_each_other_the_worse_counts(
    worse: Single, status: RevocationStatus, order: int
) -> None:
    answer = judged(response(*(about(), worse)[::order], signer=CA))
    assert answer.status is status
    assert "ocsp.single" in failed(answer)


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_that_agree_the_newest_counts(order: int) -> None:
    old = about(this_update=NOW - 9 * DAY, next_update=NOW - 8 * DAY)
    answer = judged(response(*(old, about())[::order], signer=CA))
    assert (answer.status, answer.this_update) == (GOOD, THIS_UPDATE)


def test_issuer_of_another_name_is_not_asked_for() -> None:
    renamed = pki.authority("Renamed CA", ROOT, key=CA.key)
    name = renamed.certificate.subject.public_bytes()
    name_hash = hashlib.new("sha1", name, usedforsecurity=False).digest()
    der = response(about(name_hash=name_hash), signer=renamed)
    assert "ocsp.cert_id" in failed(judged(der, issuer=renamed))
    assert judged(response(about(), signer=renamed), issuer=renamed).status is UNAVAILABLE


def test_negative_serial_number_is_asked_for_and_answered() -> None:
    leaf, issuer = decode(made.signed_again(LEAF, CA, 1, made.integer(-5))), decode(CA.der)
    request = ocsp_request(leaf, issuer, digest="sha1", nonce=None)
    assert about(serial_number=-5).cert_id in request
    for serial_number, expected in ((-5, GOOD), (251, UNAVAILABLE)):
        answer = check_response(
            response(about(serial_number=serial_number), signer=CA),
            source=SOURCE,
            certificate=leaf,
            issuer=issuer,
            at=NOW,
            nonce=None,
        )
        assert answer.status is expected


@pytest.mark.parametrize("status", ["good", "revoked", "unknown"])
def test_unknown_critical_extension_of_the_response_or_the_single_one_is_not_relied_on(status: str) -> None:
    unknown = ("1.2.3.4", True, b"\x05\x00")
    for der in (
        response(about(status), signer=CA, extra=[unknown]),
        response(about(status, extensions=[unknown]), signer=CA),
        response(about(status), about(extensions=[unknown], this_update=NOW - DAY), signer=CA),
    ):
        answer = judged(der)
        assert answer.status is UNAVAILABLE
        assert "ocsp.critical" in failed(answer)


def test_unknown_extension_that_is_not_critical_changes_nothing() -> None:
    unknown = ("1.2.3.4", False, b"\x05\x00")
    der = response(about(extensions=[unknown]), signer=CA, extra=[unknown])
    assert judged(der).status is GOOD


def test_critical_extension_of_a_single_response_about_another_certificate_changes_nothing() -> None:
    other = about(serial_number=1, extensions=[("1.2.3.4", True, b"\x05\x00")])
    assert judged(response(other, about(), signer=CA)).status is GOOD


def test_known_critical_extensions_are_understood() -> None:
    der = response(about(), signer=CA, extra=[(NONCE, True, tlv(0x04, SENT))])
    assert judged(der, nonce=SENT).status is GOOD


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\0",
        b"no response",
        response(about(), signer=CA) + b"\n",
        response(about(), signer=CA)[:-1],
        b"\x30\x80" + response(about(), signer=CA)[4:] + b"\0\0",
        response(about(), signer=CA, version=tlv(0xA0, b"\x02\x01\x01")),
        response(about(tlv(0x80, b"\0")), signer=CA),
        response(about(tlv(0x83)), signer=CA),
        response(about(tlv(0xA1)), signer=CA),
        response(about(), signer=CA, responder=tlv(0xA3, b"\x05\x00")),
        response(about(), signer=CA, extra=[(NONCE, False, SENT), (NONCE, False, SENT)]),
    ],
    ids=[
        *("empty", "zero", "text", "trailing", "cut", "indefinite", "version", "good with content"),
        *("no status", "revoked without time", "no responder", "extension twice"),
    ],
)
def test_what_is_no_whole_response_is_unavailable(der: bytes) -> None:
    answer = judged(der)
    assert (answer.status, failed(answer)) == (UNAVAILABLE, ["ocsp.form"])


def test_certificate_or_issuer_that_cannot_be_read_is_never_good() -> None:
    der = response(about(), signer=CA)
    for leaf, issuer in ((b"junk", CA.der), (LEAF.der, b"junk"), (b"", b"")):
        answer = check_response(
            der, source=SOURCE, certificate=decode(leaf), issuer=decode(issuer), at=NOW, nonce=None
        )
        assert answer.status is UNAVAILABLE


SEALED = {
    "good": response(about(), signer=CA),
    "revoked": response(about("revoked", reason=1), signer=CA),
    "unknown": response(about("unknown"), signer=CA),
    "forged": response(about(), signer=CA, key=OTHER_CA.key),
    "delegate": signed_by_delegate(delegate(), status="revoked"),
    "imposter": signed_by_delegate(delegate(purposes=None)),
    "rsa": signed_by_delegate(delegate(key=pki.rsa_key()), status="revoked", algorithm="rsassaPss"),
    "other": response(about(serial_number=1), signer=CA),
    "stale": response(about(this_update=NOW - 9 * DAY, next_update=NOW - 8 * DAY), signer=CA),
}


@given(
    kind=st.sampled_from(sorted(SEALED)),
    changes=st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=4), st.integers(0, 4)), min_size=1),
)
def test_no_change_to_a_response_raises_or_makes_it_good(
    kind: str, changes: list[tuple[int, bytes, int]]
) -> None:
    der = SEALED[kind]
    for number, octets, removed in changes:
        place = number % len(der)
        der = der[:place] + octets + der[place + removed :]
    answer = judged(der, nonce=None)
    if kind != "good":
        assert answer.status is not GOOD


@given(place=st.integers(0, 10_000), octet=st.integers(0, 255), kind=st.sampled_from(sorted(SEALED)))
def test_no_octet_of_a_response_is_worth_a_good(place: int, octet: int, kind: str) -> None:
    der = bytearray(SEALED[kind])
    der[place % len(der)] = octet
    if judged(bytes(der)).status is GOOD:
        assert kind == "good"


LIBRARY_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - names a certificate
    "sha256": hashes.SHA256(),
    "sha512": hashes.SHA512(),
}


def built(status: ocsp.OCSPCertStatus, at: datetime, digest: str) -> bytes:
    signer = delegate()
    is_revoked = status is ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=LEAF.certificate,
        issuer=CA.certificate,
        algorithm=LIBRARY_DIGESTS[digest],
        cert_status=status,
        this_update=at - HOUR,
        next_update=at + HOUR,
        revocation_time=at - DAY if is_revoked else None,
        revocation_reason=x509.ReasonFlags.superseded if is_revoked else None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    builder = builder.certificates([signer.certificate]).add_extension(x509.OCSPNonce(SENT), False)
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (ocsp.OCSPCertStatus.GOOD, GOOD),
        (ocsp.OCSPCertStatus.REVOKED, REVOKED),
        (ocsp.OCSPCertStatus.UNKNOWN, UNKNOWN),
    ],
)
def test_response_of_the_library_says_what_it_was_made_to_say(
    status: ocsp.OCSPCertStatus, expected: RevocationStatus, digest: str
) -> None:
    answer = judged(built(status, NOW, digest), nonce=SENT)
    assert answer.status is expected
    assert answer.revocation_reason == ("superseded" if expected is REVOKED else None)


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
@pytest.mark.parametrize("nonce", [SENT, None])
def test_request_is_the_librarys_to_the_octet(digest: Any, nonce: bytes | None) -> None:
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        LEAF.certificate, CA.certificate, LIBRARY_DIGESTS[digest]
    )
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), False)
    expected = builder.build().public_bytes(Encoding.DER)
    assert ocsp_request(decode(LEAF.der), decode(CA.der), digest=digest, nonce=nonce) == expected


def test_request_for_what_is_no_certificate_raises() -> None:
    with pytest.raises(ValueError, match="no certificate"):
        ocsp_request(decode(b"junk"), decode(CA.der), digest="sha1", nonce=None)
