"""ETSI trusted lists: what they say, whose signature counts, and what no signature covers."""

from __future__ import annotations

import base64
import copy
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from signxml.algorithms import SignatureMethod as XmlMethod

from tests.support import etsi_lists as lists
from tests.support import pki
from tests.support.etsi_lists import Service, signed, unsigned
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import AuthenticityState, Endorsement, ListContent, SignatureMethod
from trustdesk.formats.entry_facts import public_key_sha256
from trustdesk.formats.etsi_list import is_etsi_list, read_etsi_list

ROOT = pki.root("Fjordsign Root")
ISSUING = pki.authority("Fjordsign QWAC", ROOT)
SIGNER = lists.list_signer()
WEB = Service(certificates=[ROOT], extensions=["ForWebSiteAuthentication"])
LIST = unsigned(WEB)
SIGNED = signed(LIST, SIGNER)


def read(data: bytes, pinned: str | None = None) -> ListContent:
    return read_etsi_list(data, "list.xml", pinned=pinned)


def only(content: ListContent) -> ListEntry:
    (entry,) = content.entries
    return entry


def refused(data: bytes) -> UnusableInputError:
    with pytest.raises(UnusableInputError) as caught:
        read(data)
    assert caught.value.place == "list.xml"
    return caught.value


def failed(data: bytes) -> str:
    """Return why a signature does not hold; nothing of its list is read."""
    content = read(data, SIGNER.sha256)
    assert content.authenticity.state is AuthenticityState.FAILED
    assert content.entries == ()
    assert content.authenticity.why is not None
    return content.authenticity.why.id


def test_scheme_says_who_and_when() -> None:
    content = read(unsigned(WEB, pointers=3))
    assert content.title == "FL:Trusted list of Fjordland"
    assert content.list_id == "etsi:EUgeneric:FL"
    assert content.publisher.name == content.authority_claimed == "Authority of Fjordland"
    assert content.publisher.uri == "https://fjordland.example/"
    assert content.publisher.contact == "list@fjordland.example"
    assert content.scheme_uri == "https://fjordland.example/scheme"
    assert content.sequence == 42
    assert content.issued_at == datetime(2026, 10, 1, 8, tzinfo=UTC)
    assert content.next_update == datetime(2027, 3, 1, tzinfo=UTC)
    assert not content.is_closed
    assert content.endorsement is Endorsement.SELF
    assert content.authenticity.state is AuthenticityState.UNSIGNED
    assert any(remark.count == 3 for remark in content.remarks)


def test_null_next_update_closes_the_list() -> None:
    content = read(unsigned(WEB, next_update="<NextUpdate/>"))
    assert content.is_closed
    assert content.next_update is None
    missing = read(unsigned(WEB, next_update=""))
    assert not missing.is_closed
    assert any("when the next version comes" in remark.id for remark in missing.remarks)


def test_service_says_owner_kind_and_history() -> None:
    service = Service(
        certificates=[ROOT, ISSUING],
        extensions=["ForWebSiteAuthentication"],
        history=[
            ("accredited", "2012-01-01T00:00:00Z"),
            ("granted", "2016-07-01T00:00:00Z"),
            (
                "http://uri.etsi.org/TrstSvc/eSigDir-1999-93-EC-TrustedList/Svcstatus/undersupervision",
                "2010-01-01T00:00:00Z",
            ),
        ],
    )
    root, issuing = read(unsigned(service)).entries
    assert (root.certificate, root.kind, root.anchor_mode) == (
        ROOT.facts,
        EntryKind.ROOT,
        AnchorMode.FULL_CHAIN,
    )
    assert (issuing.kind, issuing.anchor_mode) == (
        EntryKind.INTERMEDIATE,
        AnchorMode.PARTIAL_CHAIN_ALLOWED,
    )
    assert root.usages == frozenset({Usage.TLS_SERVER})
    assert root.status is EntryStatus.TRUSTED
    assert root.status_since == datetime(2022, 6, 30, 22, tzinfo=UTC)
    assert [change.since and change.since.year for change in root.history] == [2016, 2012, 2010]
    assert {change.status for change in root.history} == {EntryStatus.TRUSTED}
    assert root.roles == ("CA/QC", "ForWebSiteAuthentication")
    assert (root.owner.name, root.owner.country) == ("Fjordsign AS", "FL")
    assert root.owner.problem_reporting == "help@fjordsign.example"
    assert root.notes == "Qualified website certificates"


@pytest.mark.parametrize(
    ("kind", "extensions", "usages"),
    [
        ("CA/QC", ("ForWebSiteAuthentication",), frozenset({Usage.TLS_SERVER})),
        ("CA/QC", ("ForeSignatures", "ForWebSiteAuthentication"), frozenset({Usage.TLS_SERVER})),
        ("CA/QC", ("ForeSignatures",), frozenset()),
        ("CA/QC", ("ForeSeals",), frozenset()),
        ("CA/QC", (), None),
        ("CA/PKC", ("ForWebSiteAuthentication",), None),
        ("TSA/QTST", (), frozenset()),
        ("Certstatus/OCSP/QC", (), frozenset()),
        ("TLIssuer", (), frozenset({Usage.LIST_SIGNING})),
        ("SomethingNew", (), None),
        ("TSAlike", (), None),
    ],
)
def test_usages_follow_the_type_of_service(
    kind: str, extensions: tuple[str, ...], usages: frozenset[Usage] | None
) -> None:
    service = Service(certificates=[ROOT], kind=kind, extensions=extensions)
    assert only(read(unsigned(service))).usages == usages


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("granted", EntryStatus.TRUSTED),
        ("withdrawn", EntryStatus.WITHDRAWN),
        ("recognisedatnationallevel", EntryStatus.TRUSTED),
        ("deprecatedatnationallevel", EntryStatus.WITHDRAWN),
        ("supervisionincessation", EntryStatus.SUSPENDED),
        ("accreditationrevoked", EntryStatus.WITHDRAWN),
        ("somethingnew", EntryStatus.UNKNOWN),
        ("http://elsewhere.example/granted", EntryStatus.UNKNOWN),
    ],
)
def test_status_of_a_service(uri: str, status: EntryStatus) -> None:
    assert only(read(unsigned(Service(certificates=[ROOT], status=uri)))).status is status


def test_certificate_of_several_services_has_the_strictest_status() -> None:
    signatures = Service(
        certificates=[ROOT], status="withdrawn", extensions=["ForeSignatures"], name="Signing"
    )
    for services in ((WEB, signatures), (signatures, WEB)):
        content = read(unsigned(*services))
        entry = only(content)
        assert entry.status is EntryStatus.WITHDRAWN
        assert entry.usages == frozenset({Usage.TLS_SERVER})
        assert EntryStatus.TRUSTED in {change.status for change in entry.history}
        assert {"ForeSignatures", "ForWebSiteAuthentication"} <= {*entry.roles}
        assert "Signing" in entry.notes
        assert any("strictest status" in remark.id for remark in content.remarks)


def test_critical_extension_that_is_unknown_suspends() -> None:
    more = '<Extension Critical="true"><x xmlns="http://example/"/></Extension>'
    content = read(unsigned(Service(certificates=[ROOT], more=more)))
    assert only(content).status is EntryStatus.SUSPENDED
    harmless = more.replace("true", "false")
    assert only(read(unsigned(Service(certificates=[ROOT], more=harmless)))).status is EntryStatus.TRUSTED


def test_service_without_certificate_is_left_out_and_told() -> None:
    content = read(unsigned(Service()))
    assert content.entries == ()
    assert any("no certificate in it" in remark.id for remark in content.remarks)


def test_signature_counts_by_the_pin_alone() -> None:
    content = read(SIGNED)
    assert content.authenticity.state is AuthenticityState.UNKNOWN_SIGNER
    assert content.authenticity.method is SignatureMethod.XADES
    assert content.authenticity.signer == SIGNER.sha256
    assert content.authenticity.signer_certificate == SIGNER.facts
    assert content.authenticity.signed_at is not None
    assert not content.authenticity.pinned
    assert only(content).certificate == ROOT.facts
    for pin in (SIGNER.sha256, public_key_sha256(SIGNER.der)):
        verified = read(SIGNED, pin)
        assert verified.authenticity.state is AuthenticityState.VERIFIED
        assert verified.authenticity.pinned
        assert verified.entries == content.entries
    other = read(signed(LIST, lists.list_signer()), SIGNER.sha256)
    assert other.authenticity.state is AuthenticityState.UNKNOWN_SIGNER


def test_rsa_and_the_whole_document_by_an_empty_reference() -> None:
    signer = pki.server(issuer=None, key=pki.rsa_key())
    for method in (XmlMethod.RSA_SHA256, XmlMethod.SHA256_RSA_MGF1):
        content = read(signed(LIST, signer, method=method), signer.sha256)
        assert content.authenticity.state is AuthenticityState.VERIFIED, content.authenticity.why
    without_id = LIST.replace(b' Id="TL-1"', b"")
    data = signed(without_id, SIGNER)
    assert b'URI=""' in data
    assert read(data, SIGNER.sha256).authenticity.state is AuthenticityState.VERIFIED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Svcstatus/granted", b"Svcstatus/granteD"),
        (b"<TSLSequenceNumber>42<", b"<TSLSequenceNumber>43<"),
        (b"Fjordsign AS", b"Fjordsing AS"),
        (b"2027-03-01", b"2037-03-01"),
        (b"ForWebSiteAuthentication", b"ForeSignatures"),
    ],
)
def test_changed_list_fails(before: bytes, after: bytes) -> None:
    assert before in SIGNED
    assert (
        failed(SIGNED.replace(before, after)) == "The list was changed after it was signed: a digest differs."
    )


def test_comments_are_no_part_of_what_is_read() -> None:
    content = read(SIGNED.replace(b"FL:Trusted list", b"FL:<!-- IATA -->Trusted list"), SIGNER.sha256)
    assert content.authenticity.state is AuthenticityState.VERIFIED
    assert content.title == "FL:Trusted list of Fjordland"


def _signature(root: etree._Element) -> etree._Element:
    found = root.find(f"{{{lists.DSIG}}}Signature")
    assert found is not None
    return found


def _certificate(root: etree._Element) -> etree._Element:
    found = _signature(root).find(f".//{{{lists.DSIG}}}X509Certificate")
    assert found is not None
    return found


def _wrapped(*, new_id: str | None, signature_on_top: bool) -> bytes:
    """Return a list of an attacker's whose root holds the signed one somewhere inside."""
    original = etree.fromstring(SIGNED)
    evil = etree.fromstring(
        unsigned(Service(certificates=[pki.root("Evil")], extensions=["ForWebSiteAuthentication"]))
    )
    del evil.attrib["Id"]
    if new_id is not None:
        evil.set("Id", new_id)
    inner = copy.deepcopy(original)
    signature = _signature(inner)
    if signature_on_top:
        inner.remove(signature)
        evil.append(signature)
    holder = etree.SubElement(evil, f"{{{lists.NAMESPACE}}}Extension")
    holder.append(inner)
    return etree.tostring(evil)


@pytest.mark.parametrize("new_id", [None, "TL-2", "TL-1"])
@pytest.mark.parametrize("signature_on_top", [True, False])
def test_wrapped_list_fails(new_id: str | None, signature_on_top: bool) -> None:
    assert failed(_wrapped(new_id=new_id, signature_on_top=signature_on_top))


@pytest.mark.parametrize("name", ["Reference", "Transform"])
def test_signature_over_endless_parts_is_not_even_tried(name: str) -> None:
    root = etree.fromstring(SIGNED)
    one = _signature(root).findall(f".//{{{lists.DSIG}}}{name}")[-1]
    for _ in range(20):
        one.addnext(copy.deepcopy(one))
    for number, copied in enumerate(_signature(root).findall(f".//{{{lists.DSIG}}}Reference[@Id]")):
        copied.set("Id", f"reference-{number}")
    assert "more parts than a list has" in failed(etree.tostring(root))


def test_signature_of_one_part_only_fails() -> None:
    data = LIST.replace(b"<SchemeInformation>", b'<SchemeInformation Id="part">')
    assert "another part" in failed(signed(data, SIGNER, reference="part"))


def test_two_signatures_and_a_doubtful_identifier_fail() -> None:
    root = etree.fromstring(SIGNED)
    root.append(copy.deepcopy(_signature(root)))
    assert "not exactly one signature" in failed(etree.tostring(root))
    twice = SIGNED.replace(b"<SchemeInformation>", b'<SchemeInformation ID="TL-1">')
    assert "Two elements have the identifier" in failed(twice)


def test_second_root_is_no_xml() -> None:
    assert "no well-formed XML" in refused(SIGNED + b"<TrustServiceStatusList/>").problem.id


def test_swapped_certificate_of_the_signer_fails() -> None:
    other = etree.fromstring(signed(LIST, lists.list_signer()))
    root = etree.fromstring(SIGNED)
    _certificate(root).text = _certificate(other).text
    assert failed(etree.tostring(root))


def test_key_beside_the_certificate_has_to_be_its_own() -> None:
    bare = signed(LIST, SIGNER, key_value=False)
    assert read(bare, SIGNER.sha256).authenticity.state is AuthenticityState.VERIFIED
    root, other = etree.fromstring(SIGNED), etree.fromstring(signed(LIST, lists.list_signer()))
    ours, theirs = (one.find(f".//{{{lists.DSIG}}}KeyValue") for one in (root, other))
    assert ours is not None
    assert theirs is not None
    info = ours.getparent()
    assert info is not None
    info.replace(ours, theirs)
    assert failed(etree.tostring(root))


def test_weak_kinds_fail_and_unknown_ones_are_not_checked() -> None:
    weak = SIGNED.replace(b"xmldsig-more#ecdsa-sha256", b"xmldsig-more#ecdsa-sha1")
    assert "weak kind" in failed(weak)
    unknown = read(SIGNED.replace(b"xmldsig-more#ecdsa-sha256", b"xmldsig-more#ecdsa-new"), SIGNER.sha256)
    assert unknown.authenticity.state is AuthenticityState.NOT_CHECKED
    assert unknown.authenticity.why is not None
    assert not unknown.authenticity.pinned


def test_certificate_that_the_library_does_not_load_is_not_checked() -> None:
    root = etree.fromstring(SIGNED)
    odd = SIGNER.der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x22")
    _certificate(root).text = base64.b64encode(odd).decode()
    content = read(etree.tostring(root), SIGNER.sha256)
    assert content.authenticity.state is AuthenticityState.NOT_CHECKED
    assert not content.authenticity.pinned


def test_signer_that_was_not_valid_when_it_signed_fails() -> None:
    expired = lists.list_signer(datetime(2019, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))
    assert "was not valid when" in failed(signed(LIST, expired))


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE x [<!ENTITY e "v">]>' + LIST.partition(b"\n")[2],
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">' + LIST.partition(b"\n")[2],
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + LIST.partition(b"\n")[2].replace(b"Fjordsign AS", b"&e;"),
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
        + LIST.partition(b"\n")[2].replace(b"Fjordsign AS", b"&c;&c;&c;&c;"),
    ],
)
def test_entities_and_document_types_are_refused(data: bytes) -> None:
    assert "document type declaration" in refused(data).problem.id


def test_damage_is_named_with_its_place() -> None:
    cut = refused(LIST[: LIST.index(b"TSPServices")])
    assert "line" in dict(cut.problem.params)
    encoded = LIST.replace(b"<X509Certificate>M", b"<X509Certificate>*")
    damaged = refused(encoded)
    assert dict(damaged.problem.params)["element"] == "X509Certificate"
    assert dict(damaged.problem.params)["line"] == LIST[: LIST.index(b"<X509Certificate>")].count(b"\n") + 1
    assert refused(unsigned(WEB, version="4")).problem.id
    assert refused(unsigned(WEB, sequence="four")).problem.id
    assert refused(unsigned(WEB, issued="yesterday")).problem.id
    assert refused(b"<other/>").problem.id
    assert refused(b"").problem.id
    assert refused(b"\x00\x01").problem.id


@pytest.mark.parametrize(
    ("element", "once_more"),
    [
        ("ServiceStatus", f"<ServiceStatus>{lists.STATUSES}withdrawn</ServiceStatus>"),
        ("TrustServiceProviderList", "<TrustServiceProviderList/>"),
        ("SchemeInformation", "<SchemeInformation/>"),
        ("TSPService", '<TSPService xmlns="http://uri.etsi.org/19612/v2.4.1#"/>'),
        ("ServiceStatus", '<ServiceStatus xmlns="http://uri.etsi.org/19612/v2.4.1#"/>'),
    ],
)
def test_what_would_be_passed_over_is_refused(element: str, once_more: str) -> None:
    end = f"</{element}>".encode()
    assert only(read(LIST)).status is EntryStatus.TRUSTED
    found = refused(LIST.replace(end, end + once_more.encode(), 1)).problem
    assert dict(found.params)["element"] == element


def test_a_list_that_is_pointed_to_may_have_several_signers() -> None:
    signers = "<ServiceDigitalIdentities><ServiceDigitalIdentity/><ServiceDigitalIdentity/>"
    pointer = f"<OtherTSLPointer>{signers}</ServiceDigitalIdentities></OtherTSLPointer>"
    pointers = f"<PointersToOtherTSL>{pointer}</PointersToOtherTSL></SchemeInformation>"
    assert only(read(LIST.replace(b"</SchemeInformation>", pointers.encode()))).certificate is not None


def test_deep_nesting_is_refused() -> None:
    assert refused(b"<a>" * 5000 + b"</a>" * 5000).problem.id


def test_is_etsi_list_looks_at_the_root() -> None:
    assert is_etsi_list(SIGNED)
    assert is_etsi_list(b"\xef\xbb\xbf" + LIST)
    assert is_etsi_list(LIST.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    assert not is_etsi_list(b"<other/>")
    assert not is_etsi_list(b"{}")


def test_progress_counts_services() -> None:
    told: list[tuple[int, int]] = []
    data = unsigned(*(Service(certificates=[ROOT]) for _ in range(120)))
    read_etsi_list(data, "list.xml", on_progress=lambda done, total: told.append((done, total)))
    assert told == [(100, 120), (120, 120)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(at=st.integers(0, len(SIGNED) - 1), octet=st.integers(0, 255), cut=st.booleans())
def test_damaged_files_are_refused_or_say_what_was_signed(at: int, octet: int, cut: bool) -> None:
    data = SIGNED[:at] if cut else SIGNED[:at] + bytes([octet]) + SIGNED[at + 1 :]
    try:
        content = read(data, SIGNER.sha256)
    except UnusableInputError:
        return
    if content.authenticity.state is AuthenticityState.VERIFIED:
        assert content.entries == read(SIGNED, SIGNER.sha256).entries
