"""A test CA issues what was asked and every deviation of it; each is said, with whether it harms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from tests.support import pki, profiles
from tests.support.drafts import EVENTS, MAIN, client_draft, free_draft, server_draft
from tests.support.pki import CLIENT_AUTH, NOW, SERVER_AUTH, Issued
from trustdesk.core.certificate_request import (
    CaseState,
    MatchedReply,
    RequestCase,
    RequestDifference,
    RequestDraft,
    RequestPurpose,
)
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CsrFacts, InspectedItem, Inspection, ItemKind
from trustdesk.core.untrusted import MAX_KEPT
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.request import read_request
from trustdesk.formats.request_writing import write_request
from trustdesk.services.request_content import asked_for
from trustdesk.services.request_differences import request_differences
from trustdesk.services.request_match import ReplySurroundings, compare, match_replies

CLIENT, SERVER = client_draft(), server_draft()
KEY = profiles.curve_key()


def issued(
    *,
    subject: Sequence[tuple[ObjectIdentifier, str]] = ((NameOID.COMMON_NAME, "HAC"),),
    names: Sequence[str] = (f"URI:{MAIN}", f"URI:{EVENTS}"),
    **keywords: object,
) -> Issued:
    return profiles.client(subject=subject, names=names, **keywords)  # type: ignore[arg-type]


def issued_server(
    *, names: Sequence[str] = ("DNS:1r.halden.example", "DNS:events.halden.example"), **keywords: object
) -> Issued:
    keywords = {"subject": (), "critical_names": True, "usages": (SERVER_AUTH,), "days": 100} | keywords
    return profiles.client(names=names, **keywords)  # type: ignore[arg-type]


def differences(
    draft: RequestDraft, certificate: Issued, *, at: datetime = NOW, is_public: bool | None = None
) -> tuple[RequestDifference, ...]:
    csr = read_request(write_request(asked_for(draft), KEY))
    return request_differences(csr, read_details(certificate.der), draft.purpose, at=at, is_public=is_public)


def said(found: tuple[RequestDifference, ...]) -> list[tuple[str, bool]]:
    return [(one.subject.id, one.is_harmful) for one in found]


NAMES, EKU, KU = "Subject alternative names", "Extended key usage", "Key usage"


def test_what_was_asked_differs_in_nothing() -> None:
    assert differences(CLIENT, issued()) == ()
    assert differences(SERVER, issued_server()) == ()


@pytest.mark.parametrize(
    ("certificate", "expected"),
    [
        (issued(key=pki.rsa_key()), [("Key", True)]),
        (issued(names=(f"URI:{EVENTS}", f"URI:{MAIN}")), [("Main 1R-ID", True)]),
        (issued(names=(f"URI:{MAIN}",)), [(NAMES, True)]),
        (issued(names=(f"URI:{EVENTS}",)), [(NAMES, True)]),
        (issued(names=()), [(NAMES, True)]),
        (issued(names=(f"URI:{MAIN}", f"URI:{EVENTS}", "DNS:halden.example")), [(NAMES, False)]),
        (issued(names=(f"URI:{MAIN}/", f"URI:{EVENTS}")), [(NAMES, True), (NAMES, False)]),
        (issued(names=("URI:https://1R.halden.example/HAC", f"URI:{EVENTS}")), []),
        (
            issued(names=("URI:https://1r.halden.example/hac", f"URI:{EVENTS}")),
            [(NAMES, True), (NAMES, False)],
        ),
        (issued(subject=((NameOID.COMMON_NAME, "hac"),)), [("Subject", True)]),
        (issued(subject=()), [(NAMES, True), ("Subject", True)]),
        (issued(subject=(), critical_names=True), [("Subject", True)]),
        (
            issued(subject=((NameOID.ORGANIZATION_NAME, "Halden Air"), (NameOID.COMMON_NAME, "HAC"))),
            [("Subject", False)],
        ),
        (
            issued(subject=((NameOID.COMMON_NAME, "HAC"), (NameOID.COMMON_NAME, "OTHER"))),
            [("Subject", True)],
        ),
        (issued(usages=(SERVER_AUTH,)), [(EKU, True), (EKU, False)]),
        (issued(usages=(SERVER_AUTH, CLIENT_AUTH)), [(EKU, False)]),
        (issued(usages=(ObjectIdentifier("2.5.29.37.0"),)), [(EKU, True), (EKU, False)]),
        (issued(self_signed=True), [("Issuer", True)]),
        (issued(usages=None), [(EKU, False)]),
        (issued(key_usage=("key_encipherment",)), [(KU, True), (KU, False)]),
        (issued(key_usage=("digital_signature", "key_encipherment")), [(KU, False)]),
        (issued(key_usage=None), [(KU, False)]),
        (issued(is_ca=True), [("CA", True)]),
        (issued(days=366), []),
        (issued(days=367), [("Validity", False)]),
        (issued(not_before=NOW + timedelta(days=1)), [("Validity", False)]),
    ],
)
def test_deviations_of_a_client(certificate: Issued, expected: list[tuple[str, bool]]) -> None:
    assert said(differences(CLIENT, certificate)) == expected


@pytest.mark.parametrize(
    ("certificate", "is_public", "expected"),
    [
        (issued_server(names=("DNS:1R.halden.example", "DNS:events.halden.example")), None, []),
        (issued_server(names=("DNS:events.halden.example", "DNS:1r.halden.example")), None, []),
        (issued_server(names=("DNS:1r.halden.example",)), None, [(NAMES, True)]),
        (issued_server(names=("DNS:*.halden.example",)), None, [(NAMES, True), (NAMES, False)]),
        (issued_server(critical_names=False), None, [(NAMES, True)]),
        (
            issued_server(subject=((NameOID.COMMON_NAME, "1r.halden.example"),), critical_names=False),
            None,
            [("Subject", False)],
        ),
        (issued_server(usages=(CLIENT_AUTH,)), None, [(EKU, True), (EKU, False)]),
        (issued_server(days=366), False, []),
        (issued_server(not_before=datetime.fromisoformat("2026-11-01T00:00:00Z"), days=200), True, []),
        (
            issued_server(not_before=datetime.fromisoformat("2026-11-01T00:00:00Z"), days=201),
            True,
            [("Validity", True)],
        ),
    ],
)
def test_deviations_of_a_server(
    certificate: Issued, is_public: bool | None, expected: list[tuple[str, bool]]
) -> None:
    assert said(differences(SERVER, certificate, is_public=is_public)) == expected


def bare_request() -> CsrFacts:
    """A request that asks for names alone, as keytool makes it."""
    subject = ((NameOID.COMMON_NAME, "HAC"),)
    names = (f"URI:{MAIN}", f"URI:{EVENTS}")
    return read_request(profiles.request(subject=subject, names=names, usages=None, key_usage=None, key=KEY))


@pytest.mark.parametrize(
    ("certificate", "expected"),
    [
        (issued(), []),
        (issued(usages=(SERVER_AUTH,)), [(EKU, True)]),
        (issued(usages=(ObjectIdentifier("2.5.29.37.0"),)), [(EKU, True)]),
        (issued(key_usage=("key_agreement",)), [(KU, True)]),
    ],
)
def test_what_the_purpose_needs_is_missed_though_nobody_asked_for_it(
    certificate: Issued, expected: list[tuple[str, bool]]
) -> None:
    found = request_differences(bare_request(), read_details(certificate.der), RequestPurpose.CLIENT, at=NOW)
    assert [one for one in said(found) if one[0] != "Key"] == expected


def with_names(names: Sequence[x509.GeneralName], *others: tuple[x509.ExtensionType, bool]) -> Issued:
    extensions = [(x509.SubjectAlternativeName(names), False), *others]
    until = NOW + timedelta(days=100)
    return pki.issue(
        pki.name("HAC"),
        profiles.issuing_ca(),
        key=KEY,
        not_before=NOW,
        not_after=until,
        extensions=extensions,
    )


def request_for(name: x509.GeneralName) -> CsrFacts:
    builder = x509.CertificateSigningRequestBuilder().subject_name(pki.name("HAC"))
    made = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
    return read_request(made.sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER))


def user_name(text: str) -> x509.GeneralName:
    return x509.OtherName(ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), bytes([12, len(text)]) + text.encode())


def long_name(end: str) -> x509.GeneralName:
    return x509.UniformResourceIdentifier(f"https://1r.halden.example/{'A' * MAX_KEPT}{end}")


@pytest.mark.parametrize("named", [user_name, long_name])
def test_names_that_look_alike_are_compared_by_their_octets(
    named: Callable[[str], x509.GeneralName],
) -> None:
    csr, free = request_for(named("alice")), RequestPurpose.FREE
    same, other = (read_details(with_names([named(text)]).der) for text in ("alice", "mallo"))
    assert request_differences(csr, same, free, at=NOW) == ()
    assert said(request_differences(csr, other, free, at=NOW)) == [(NAMES, True)]


def test_a_critical_extension_that_nobody_knows_harms() -> None:
    name = x509.UniformResourceIdentifier(MAIN)
    unknown = (x509.UnrecognizedExtension(ObjectIdentifier("1.2.3.4"), b"\5\0"), True)
    found = request_differences(
        request_for(name), read_details(with_names([name], unknown).der), RequestPurpose.FREE, at=NOW
    )
    assert said(found) == [("Critical extensions", True)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(b"\x30\5\1", [("Extensions", True)]), (b"\x30\3\1\1\0", [])],  # cut; FALSE, spelt out
)
def test_a_damaged_extension_harms(value: bytes, expected: list[tuple[str, bool]]) -> None:
    name = x509.UniformResourceIdentifier(MAIN)
    constraints = (x509.UnrecognizedExtension(ObjectIdentifier("2.5.29.19"), value), True)
    details = read_details(with_names([name], constraints).der)
    assert said(request_differences(request_for(name), details, RequestPurpose.FREE, at=NOW)) == expected


def test_subjects_that_are_cut_are_compared_by_their_octets() -> None:
    def long_subject(first: str) -> x509.Name:
        units = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "A" * 60) for _ in range(80)]
        return x509.Name([x509.NameAttribute(NameOID.LOCALITY_NAME, first), *units])

    asked = (
        x509.CertificateSigningRequestBuilder().subject_name(long_subject("Oslo")).sign(KEY, hashes.SHA256())
    )
    csr = read_request(asked.public_bytes(Encoding.DER))
    for city, expected in (("Oslo", []), ("Rome", [("Subject", False)])):
        certificate = pki.issue(
            long_subject(city),
            profiles.issuing_ca(),
            key=KEY,
            not_before=NOW,
            not_after=NOW + timedelta(days=9),
        )
        found = request_differences(csr, read_details(certificate.der), RequestPurpose.FREE, at=NOW)
        assert said(found) == expected


def case_of_client() -> RequestCase:
    csr = read_request(write_request(asked_for(CLIENT), KEY))
    return RequestCase(
        id=1,
        name="own",
        purpose=RequestPurpose.CLIENT,
        state=CaseState.REQUESTED,
        request=csr,
        created_at=NOW,
    )


@pytest.mark.parametrize("identifiers", [True, False])
def test_a_signature_that_the_named_ca_did_not_make_is_said(*, identifiers: bool) -> None:
    good = issued(key=KEY, identifiers=identifiers)
    damaged = good.der[:-1] + bytes([good.der[-1] ^ 1])
    issuing = read_details(profiles.issuing_ca().der)
    case = case_of_client()
    for der, others, expected in (
        (good.der, [issuing], []),
        (damaged, [issuing], [("Signature", True)]),
        (damaged, [], []),  # whose CA is not here
    ):
        assert said(compare(case, read_details(der), others, NOW).differences) == expected


def test_a_ca_of_the_same_name_with_another_key_proves_nothing() -> None:
    renewed = read_details(pki.authority("Issuing", pki.root(), path_length=0).der)
    case = case_of_client()
    assert compare(case, read_details(issued(key=KEY).der), [renewed], NOW).differences == ()


def test_key_encipherment_that_was_left_out_harms_nobody() -> None:
    draft = server_draft(key="RSA-2048")
    csr = read_request(write_request(asked_for(draft), pki.rsa_key()))
    got = issued_server(key=pki.rsa_key(), key_usage=("digital_signature",))
    found = request_differences(csr, read_details(got.der), RequestPurpose.SERVER, at=NOW)
    assert said(found) == [(KU, False)]


def test_client_auth_that_a_server_asked_for_is_missed() -> None:
    found = differences(server_draft(client_auth=True), issued_server())
    assert said(found) == [(EKU, True)]


@pytest.mark.parametrize("damaged", [b"\x06\x03\x55\x1d\x25", b"\x06\x03\x55\x1d\x0f"])
def test_damaged_usage_is_not_taken_for_none(damaged: bytes) -> None:
    certificate = issued()
    at = certificate.der.index(damaged)
    # The OCTET STRING's content begins behind its header; KeyUsage has a BOOLEAN before it.
    value = certificate.der.index(b"\x04", at + 5) + 2
    broken = bytearray(certificate.der)
    broken[value] = 0x05
    csr = read_request(write_request(asked_for(CLIENT), KEY))
    found = request_differences(csr, read_details(bytes(broken)), RequestPurpose.CLIENT, at=NOW)
    assert [one.is_harmful for one in found] == [True]
    assert found[0].issued is not None
    assert found[0].issued.id == "damaged"


def test_free_form_is_compared_too() -> None:
    draft = free_draft("CN=x,O=y", "DNS:a.example", extended_key_usage=("serverAuth",))
    certificate = issued(
        subject=((NameOID.COMMON_NAME, "x"),), names=("DNS:a.example",), usages=(SERVER_AUTH,)
    )
    assert said(differences(draft, certificate)) == [("Subject", False)]


# --- which case a certificate answers ---


def case(draft: RequestDraft, number: int = 1, **keywords: object) -> RequestCase:
    return RequestCase(
        id=number,
        name=draft.name,
        purpose=draft.purpose,
        state=CaseState.REQUESTED,
        request=read_request(write_request(asked_for(draft), KEY)),
        created_at=NOW,
        **keywords,  # type: ignore[arg-type]
    )


def files(*certificates: Issued) -> Inspection:
    items = (
        InspectedItem(
            kind=ItemKind.CERTIFICATE, source="reply", position=position, certificate=read_details(one.der)
        )
        for position, one in enumerate(certificates)
    )
    return Inspection(items=tuple(items))


def replies(*certificates: Issued, **keywords: object) -> tuple[MatchedReply, ...]:
    surroundings = {"at": NOW, "cases": (case(CLIENT),)} | keywords
    return match_replies(files(*certificates), ReplySurroundings(**surroundings))  # type: ignore[arg-type]


def test_answer_comes_first_and_cas_are_no_answers() -> None:
    other, own = profiles.client(key=pki.rsa_key()), issued()
    found = replies(pki.root(), other, profiles.issuing_ca(), own, own)
    assert [one.certificate.sha256 for one in found] == [own.sha256, other.sha256]
    assert [one.case is None for one in found] == [False, True]
    assert [one.sha256 for one in found[0].certification_path] == [own.sha256, profiles.issuing_ca().sha256]


def test_what_did_not_come_along_says_where_it_was_found() -> None:
    known = read_certificate(profiles.issuing_ca().der)
    (alone,) = replies(issued())
    (from_here,) = replies(issued(), known=(known,))
    (along,) = replies(issued(), profiles.issuing_ca(), known=(known,))
    assert alone.completed == ()
    assert [(facts.sha256, where.id) for facts, where in from_here.completed] == [
        (known.sha256, "among the certificates that this workspace knows")
    ]
    assert along.completed == (), "it came along, and is known here too"


@pytest.mark.parametrize(
    "certificate",
    [
        issued(days=50),
        issued(is_ca=True),
        issued(not_before=NOW - timedelta(days=400), days=365),
    ],
    ids=["expired", "ca", "long-expired"],
)
def test_certificate_that_cannot_be_taken_has_a_problem_and_a_remedy(certificate: Issued) -> None:
    (found,) = replies(certificate)
    assert found.case is not None
    assert found.problem is not None
    assert found.remedy is not None
    assert found.next_step is None


def test_certificate_that_was_taken_or_whose_key_is_in_use_has_a_problem() -> None:
    certificate = issued()
    taken = case(CLIENT, certificate=certificate.facts)
    (found,) = replies(certificate, cases=(taken,))
    assert found.problem is not None
    spki = case(CLIENT).request.spki_sha256
    (found,) = replies(issued(days=200), identities={spki: "halden"})
    assert found.problem is not None
    assert dict(found.problem.params)["name"] == "halden"


def test_of_cases_with_one_key_the_newest_that_waits_is_answered() -> None:
    newest, waiting, oldest = case(CLIENT, 3, certificate=issued().facts), case(CLIENT, 2), case(CLIENT, 1)
    (found,) = replies(issued(days=200), cases=(newest, waiting, oldest))
    assert found.case is waiting


def test_identity_with_the_key_of_a_stranger_is_named() -> None:
    stranger = profiles.client(key=pki.rsa_key())
    spki = read_details(stranger.der).spki_sha256
    (found,) = replies(stranger, identities={spki: "halden"})
    assert found.problem is not None
    assert dict(found.problem.params)["name"] == "halden"


def test_compared_files_need_no_case() -> None:
    certificate, other = issued(), issued(key=pki.rsa_key())
    authority = read_details(profiles.issuing_ca().der)
    good = compare(case(CLIENT), read_details(certificate.der), (authority,), NOW)
    assert (good.differences, good.problem, good.next_step) == ((), None, None)
    assert len(good.certification_path) == 2
    assert said(compare(case(CLIENT), read_details(other.der), (), NOW).differences) == [("Key", True)]


def test_old_root_without_constraints_is_no_answer() -> None:
    root = pki.authority("Old root", None, is_ca=None, key_usage=None)
    own = profiles.client(subject=((NameOID.COMMON_NAME, "HAC"),), names=(f"URI:{MAIN}",), issuer=root)
    assert [one.certificate.sha256 for one in replies(root, own)] == [own.sha256]


def test_request_in_place_of_an_answer_is_said() -> None:
    csr = read_request(profiles.request())
    item = InspectedItem(kind=ItemKind.CSR, source="x", position=0, csr=csr)
    with pytest.raises(UnusableInputError) as caught:
        match_replies(Inspection(items=(item,)), ReplySurroundings(at=NOW))
    assert caught.value.problem.id == "It holds a request, and no certificate yet."


def test_signature_of_the_test_ca_is_good() -> None:
    """The certificates here are real ones: what is read of them is what a CA would write."""
    certificate = issued().certificate
    certificate.verify_directly_issued_by(profiles.issuing_ca().certificate)
    assert isinstance(certificate.signature_hash_algorithm, hashes.SHA256)
    assert isinstance(certificate, x509.Certificate)
