"""Master lists: what they say, and whose signature counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import master_lists as lists
from tests.support import pki
from tests.support.key_files import run
from tests.support.pki import Issued
from tests.support.raw_pki import oid, tlv
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus
from trustdesk.core.trust_version import AuthenticityState, ListContent, SignatureMethod, SourceKind
from trustdesk.formats.entry_facts import public_key_sha256
from trustdesk.formats.list_reading import detect
from trustdesk.formats.master_list import is_master_list, read_master_list

CSCA = pki.root("CSCA Fjordland", not_before=datetime(2024, 1, 1, tzinfo=UTC))
NEXT = pki.root("CSCA Fjordland 2")
LINK = pki.issue(
    NEXT.certificate.subject,
    CSCA,
    key=NEXT.key,
    extensions=[(x509.BasicConstraints(True, None), True)],
)
SIGNER = lists.list_signer(CSCA)
CONTENT = lists.content(CSCA, NEXT, LINK)
LIST = lists.message(CONTENT, SIGNER, certificates=[CSCA, SIGNER])


def read(data: bytes, pinned: str | None = None) -> ListContent:
    return read_master_list(data, "list.ml", pinned=pinned)


def refused(data: bytes) -> UnusableInputError:
    with pytest.raises(UnusableInputError) as caught:
        read(data)
    assert caught.value.place == "list.ml"
    return caught.value


def failed(data: bytes) -> str:
    content = read(data, SIGNER.sha256)
    assert content.authenticity.state is AuthenticityState.FAILED
    assert content.entries == ()
    assert content.authenticity.why is not None
    return content.authenticity.why.id


def not_checked(data: bytes) -> ListContent:
    content = read(data, SIGNER.sha256)
    assert content.authenticity.state is AuthenticityState.NOT_CHECKED
    assert content.authenticity.why is not None
    assert not content.authenticity.pinned
    return content


def test_icaos_list_is_for_nothing_of_ours() -> None:
    content = read(LIST)
    assert content.list_id == "cms:2.23.136.1.1.2"
    assert content.authenticity.state is AuthenticityState.UNKNOWN_SIGNER
    assert content.authenticity.method is SignatureMethod.CMS
    assert content.authenticity.signer_certificate == SIGNER.facts
    assert content.authenticity.signed_at == content.issued_at == lists.SIGNED_AT
    assert content.authority_claimed == SIGNER.facts.subject
    assert {entry.sha256 for entry in content.entries} == {CSCA.sha256, NEXT.sha256, LINK.sha256}
    assert {entry.usages for entry in content.entries} == {frozenset()}
    assert {entry.status for entry in content.entries} == {EntryStatus.TRUSTED}
    kinds = {entry.sha256: (entry.kind, entry.anchor_mode) for entry in content.entries}
    assert kinds[CSCA.sha256] == (EntryKind.ROOT, AnchorMode.FULL_CHAIN)
    assert kinds[LINK.sha256] == (EntryKind.CROSS, AnchorMode.NOT_ANCHOR)
    assert [remark.id for remark in content.remarks] == [
        "Its CAs sign travel documents: none of them vouches for a server or a client."
    ]


def test_other_content_does_not_say_for_what() -> None:
    data = lists.message(CONTENT, SIGNER, content_type=lists.OTHER_CONTENT)
    content = read(data)
    assert {entry.usages for entry in content.entries} == {None}
    assert content.list_id == f"cms:{lists.OTHER_CONTENT}"
    assert content.remarks[0].id == "It does not say what its CAs may vouch for."


def test_signature_counts_by_the_pin_alone() -> None:
    for pin in (SIGNER.sha256, public_key_sha256(SIGNER.der)):
        content = read(LIST, pin)
        assert content.authenticity.state is AuthenticityState.VERIFIED
        assert content.authenticity.pinned
    other = lists.list_signer(CSCA)
    content = read(lists.message(CONTENT, other), SIGNER.sha256)
    assert content.authenticity.state is AuthenticityState.UNKNOWN_SIGNER


def test_signer_whose_validity_cannot_be_read_fails() -> None:
    # With the SEQUENCE around it: a serial number of chance may hold the two octets of the time alone.
    place = SIGNER.der.index(b"\x30\x1e\x17\x0d") + 4
    for at in (place, place + 15):
        broken = SIGNER.der[:at] + b"x" + SIGNER.der[at + 1 :]
        data = lists.message(CONTENT, SIGNER).replace(SIGNER.der, broken)
        content = read(data, public_key_sha256(SIGNER.der))
        assert content.authenticity.state is AuthenticityState.FAILED
        assert content.entries == ()


def test_signer_that_is_not_for_lists_is_told() -> None:
    content = read(lists.message(CONTENT, pki.issue(pki.name("Somebody"), CSCA)))
    assert any("not made for signing master lists" in remark.id for remark in content.remarks)


@pytest.mark.parametrize(
    ("signed", "why"),
    [
        (lists.attributes(CONTENT + b"x"), "its digest differs"),
        (lists.attributes(CONTENT, lists.OTHER_CONTENT), "content of another kind"),
        (lists.attributes(CONTENT)[:1], "does not say what it is a signature of"),
        ([], "does not say what it is a signature of"),
        ([*lists.attributes(CONTENT), lists.attributes(CONTENT)[0]], "stands there twice"),
        (
            lists.attributes(CONTENT, signed_at=datetime(2040, 1, 1, tzinfo=UTC)),
            "was not valid when the list was signed",
        ),
        ([tlv(0x30, oid("1.2.3"))], "cannot be read"),
    ],
)
def test_attributes_have_to_fit(signed: Sequence[bytes], why: str) -> None:
    assert why in failed(lists.message(CONTENT, SIGNER, signed=signed))


def test_changed_content_and_forged_signature_fail() -> None:
    changed = LIST.replace(b"CSCA Fjordland 2", b"CSCA Fjordland 3")
    assert "digest differs" in failed(changed)
    forged = Issued(SIGNER.certificate, ec.generate_private_key(ec.SECP256R1()))
    assert "does not hold" in failed(lists.message(CONTENT, forged))


def test_content_type_cannot_be_swapped() -> None:
    other = lists.message(CONTENT, SIGNER, content_type=lists.OTHER_CONTENT)
    named, meant = oid(lists.OTHER_CONTENT), oid(lists.CSCA)
    assert "content of another kind" in failed(other.replace(named, meant, 1))
    assert "does not hold" in failed(other.replace(named, meant))


@pytest.mark.parametrize("weak", [{"digest": "1.3.14.3.2.26"}, {"signature_algorithm": "1.2.840.10045.4.1"}])
def test_weak_kinds_fail(weak: dict[str, str]) -> None:
    assert "weak kind" in failed(lists.message(CONTENT, SIGNER, **weak))  # type: ignore[arg-type]


def test_what_cannot_be_checked_is_never_verified() -> None:
    unknown = not_checked(lists.message(CONTENT, SIGNER, signature_algorithm="1.2.3.4"))
    assert len(unknown.entries) == 3
    assert not_checked(lists.message(CONTENT, SIGNER, digest="1.2.3.4")).entries
    assert not_checked(lists.message(CONTENT, SIGNER, certificates=[CSCA])).entries


def test_one_bad_signature_of_two_fails() -> None:
    two = lists.message(CONTENT, SIGNER, signers=2)
    assert read(two, SIGNER.sha256).authenticity.state is AuthenticityState.VERIFIED
    assert failed(two[:-1] + bytes([two[-1] ^ 1]))


def test_unsigned_content_is_unsigned() -> None:
    content = read(lists.message(CONTENT, SIGNER, signers=0), SIGNER.sha256)
    assert content.authenticity.state is AuthenticityState.UNSIGNED
    assert len(content.entries) == 3


RSA_SIGNER = lists.list_signer(CSCA, key=pki.rsa_key())


def _openssl(folder: Path, signer: Issued, *options: str, form: str = "DER") -> bytes:
    (folder / "content").write_bytes(CONTENT)
    (folder / "signer.pem").write_bytes(signer.pem + signer.key_pem())
    run(folder, "openssl", "cms", "-sign", "-binary", "-nodetach", "-econtent_type", lists.CSCA,
        "-in", "content", "-signer", "signer.pem", "-outform", form, "-out", "out", *options)  # fmt: skip
    (folder / "signer.pem").unlink()
    return (folder / "out").read_bytes()


@pytest.mark.parametrize(
    ("signer", "options"),
    [
        (SIGNER, ()),
        (SIGNER, ("-md", "sha384")),
        (SIGNER, ("-keyid",)),
        (SIGNER, ("-stream",)),
        (RSA_SIGNER, ("-md", "sha512")),
        (RSA_SIGNER, ("-md", "sha256", "-keyopt", "rsa_padding_mode:pss")),
        (RSA_SIGNER, ("-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:20")),
    ],
)
def test_what_openssl_signs_holds(tmp_path: Path, signer: Issued, options: Sequence[str]) -> None:
    if "-keyid" in options:
        extensions = [(x509.SubjectKeyIdentifier(b"\x01\x02\x03"), False)]
        signer = pki.issue(pki.name("By key"), CSCA, extensions=extensions)
    data = _openssl(tmp_path, signer, *options)
    content = read(data, signer.sha256)
    assert content.authenticity.state is AuthenticityState.VERIFIED, content.authenticity.why
    assert len(content.entries) == 3
    at = data.index(b"CSCA Fjordland 2")
    assert read(data[:at] + b"X" + data[at + 1 :]).authenticity.state is AuthenticityState.FAILED


def test_weak_digest_of_openssl_fails(tmp_path: Path) -> None:
    assert "weak kind" in failed(_openssl(tmp_path, RSA_SIGNER, "-md", "sha1"))


def test_signature_without_attributes_fails(tmp_path: Path) -> None:
    assert failed(_openssl(tmp_path, SIGNER, "-noattr"))


def test_armored_list_is_read(tmp_path: Path) -> None:
    data = _openssl(tmp_path, SIGNER, form="PEM")
    assert is_master_list(data)
    assert read(data, SIGNER.sha256).authenticity.state is AuthenticityState.VERIFIED


def test_bundle_of_certificates_is_no_master_list() -> None:
    bundle = pkcs7.serialize_certificates([CSCA.certificate, NEXT.certificate], Encoding.DER)
    assert not is_master_list(bundle)
    assert "no master list" in refused(bundle).problem.id
    assert is_master_list(LIST)
    other = lists.message(CONTENT, SIGNER, content_type=lists.OTHER_CONTENT)
    assert is_master_list(other)
    assert not is_master_list(lists.message(b"a letter", SIGNER, content_type=lists.OTHER_CONTENT))
    assert {detect(data) for data in (LIST, other)} == {SourceKind.MASTER_LIST}
    assert detect(bundle) is SourceKind.PKCS7
    assert not is_master_list(CSCA.der)
    assert not is_master_list(b"")
    assert not is_master_list(CSCA.pem)


@pytest.mark.parametrize(
    "content",
    [
        lists.content(CSCA, version=1),
        b"",
        b"text",
        lists.content(CSCA) + b"\0",
        tlv(0x30, CSCA.der),
    ],
)
def test_content_that_is_no_list_is_refused(content: bytes) -> None:
    error = refused(lists.message(content, SIGNER))
    assert dict(error.problem.params)["part"] == "CscaMasterList"


def test_what_is_no_certificate_is_named_by_number_and_byte() -> None:
    content = lists.content(CSCA, b"\x30\x03\x02\x01\x01")
    data = lists.message(content, SIGNER)
    params = dict(refused(data).problem.params)
    assert params == {"number": 1, "offset": data.index(b"\x30\x03\x02\x01\x01")}


def test_cut_file_and_more_bytes_are_refused() -> None:
    assert dict(refused(LIST[:-10]).problem.params) == {"part": "ContentInfo", "offset": 0}
    assert refused(LIST + b"\0").problem.id
    assert refused(b"").problem.id


def test_progress_counts_certificates() -> None:
    told: list[tuple[int, int]] = []
    read_master_list(LIST, "list.ml", on_progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 3)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(LIST) - 1), octet=st.integers(0, 255), cut=st.booleans())
def test_damaged_files_are_refused_or_fail(at: int, octet: int, cut: bool) -> None:
    data = LIST[:at] if cut else LIST[:at] + bytes([octet]) + LIST[at + 1 :]
    try:
        content = read(data, SIGNER.sha256)
    except UnusableInputError:
        return
    if content.authenticity.state is AuthenticityState.VERIFIED:
        assert content.entries == read(LIST, SIGNER.sha256).entries
    elif content.entries:
        assert content.authenticity.state is not AuthenticityState.FAILED
        assert not content.authenticity.pinned
