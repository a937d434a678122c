"""A draft is judged as it is typed: the rules without a key, and each field with what to write instead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import profiles
from tests.support.drafts import EVENTS, MAIN, client_draft, free_draft, server_draft
from trustdesk.core.certificate_request import DraftField, FieldRemark, RequestDraft, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.key_store import KeyKind
from trustdesk.formats.request import read_request
from trustdesk.services.request_content import asked_for, hosts_of, one_record_ids_of
from trustdesk.services.request_fields import corrected_host, corrected_id, field_remarks
from trustdesk.services.request_preflight import preflight, preflight_request, require_makeable
from trustdesk.verify.one_record_id import is_fqdn, read_one_record_id
from trustdesk.verify.profiles.context import KeyUse

AT = datetime(2026, 11, 20, tzinfo=UTC)
PASS, WARN, NOT_RUN = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.NOT_RUN
BAD = {FindingStatus.WARN, FindingStatus.FAIL}


def found(draft: RequestDraft) -> dict[str, Finding]:
    return {finding.rule: finding for finding in preflight(draft, at=AT)}


def remarks(draft: RequestDraft, field: DraftField) -> tuple[FieldRemark, ...]:
    return tuple(remark for remark in field_remarks(draft) if remark.field is field)


@pytest.mark.parametrize("kind", list(KeyKind))
@pytest.mark.parametrize("draft", [client_draft(), server_draft(one_record_ids=(MAIN, EVENTS))])
def test_good_draft_has_no_remark_and_no_violation(draft: RequestDraft, kind: KeyKind) -> None:
    draft = RequestDraft(
        name=draft.name,
        purpose=draft.purpose,
        key=kind,
        one_record_ids=draft.one_record_ids,
        dns_names=draft.dns_names[:0],
    )
    assert field_remarks(draft) == ()
    assert [finding.rule for finding in preflight(draft, at=AT) if finding.status in BAD] == []
    own = "CSR-3" if draft.purpose is RequestPurpose.CLIENT else "CSR-4"
    rules = found(draft)
    assert [rules[rule].status for rule in ("CSR-2", own, "CSR-5", "CSR-6", "CSR-7")] == [PASS] * 5


def test_rules_that_need_a_key_are_not_shown() -> None:
    assert not {"CSR-1", "CSR-8", "CSR-9", "KEY-01", "KEY-02", "KEY-05"} & set(found(client_draft()))


def test_caa_is_not_run_and_no_pass() -> None:
    assert found(server_draft())["CSR-10"].status is NOT_RUN


@pytest.mark.parametrize(
    ("draft", "rule"),
    [
        (client_draft("https://1r.halden.example/HAC/osl"), "CSR-3"),
        (client_draft("https://1r.halden.example:8443/HAC"), "CSR-3"),
        (client_draft("http://1r.halden.example/HAC"), "CSR-3"),
        (client_draft("https://1r.halden.example/ÄB"), "CSR-3"),
        (client_draft("nonsense"), "CSR-3"),
        (client_draft("nonsense"), "CSR-2"),
        (RequestDraft(name="x", purpose=RequestPurpose.CLIENT), "CSR-3"),
        (server_draft("edge"), "CSR-4"),
        (server_draft("*.halden.example"), "CSR-4"),
        (server_draft("192.0.2.1"), "CSR-4"),
        (server_draft("ä b.example"), "CSR-4"),
        (server_draft(" "), "CSR-4"),
        (server_draft("edge.halden.example", one_record_ids=(MAIN,)), "CSR-4"),
        (free_draft("no name", "DNS:a.example", extended_key_usage=("serverAuth",)), "CSR-2"),
        (free_draft("", "other", extended_key_usage=("serverAuth",)), "CSR-4"),
        (free_draft("CN=a", "URI:https://a.example/a", key_usage=("none",)), "CSR-5"),
        (free_draft("CN=a,O=b", "URI:https://a.example/a"), "CSR-7"),
    ],
)
def test_what_is_wrong_is_no_pass(draft: RequestDraft, rule: str) -> None:
    finding = found(draft)[rule]
    assert finding.status in BAD
    assert finding.remedy is not None


@pytest.mark.parametrize(
    ("typed", "corrected", "offer", "is_obstacle"),
    [
        (f"{MAIN}/osl", "https://1r.halden.example/HAC-OSL", "HAC-OSL", True),
        (f"{MAIN}/", MAIN, MAIN, True),
        ("1r.halden.example/HAC", MAIN, MAIN, True),
        ("http://1r.halden.example/HAC", MAIN, MAIN, False),
        ("https://1r.halden.example:8443/HAC", MAIN, MAIN, False),
        ("https://ann@1r.halden.example/HAC", MAIN, MAIN, True),
        (f"{MAIN}?a=b#c", MAIN, MAIN, True),
        ("https://1r.halden.example/Halden Air", "https://1r.halden.example/Halden-Air", "Halden-Air", True),
        ("https://1r.halden.example", None, None, True),
        ("https://1r/HAC", None, None, True),
        ("https://192.0.2.1/HAC", None, None, True),
        ("HAC", None, None, True),
    ],
)
def test_field_says_what_to_write_instead(
    typed: str, corrected: str | None, offer: str | None, is_obstacle: bool
) -> None:
    (remark,) = remarks(client_draft("https://other.example/X", typed), DraftField.ONE_RECORD_IDS)
    assert (remark.position, remark.correction, remark.is_obstacle) == (1, corrected, is_obstacle)
    assert (remark.offer and dict(remark.offer.params)["text"]) == offer


def test_two_segments_are_said_in_the_words_of_the_picture() -> None:
    (remark,) = remarks(client_draft(MAIN, f"{MAIN}/osl"), DraftField.ONE_RECORD_IDS)
    assert remark.text.id == "A 1R-ID has exactly one path segment."
    assert remark.offer is not None
    assert remark.offer.id == "Use {text} instead"


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("https://1r.halden.example/ÄB", None),
        ("https://1r.halden.example/HAC OSL", "https://1r.halden.example/HAC-OSL"),
    ],
)
def test_letters_that_cannot_stand_there_are_said_and_never_left_out(
    typed: str, corrected: str | None
) -> None:
    (remark,) = remarks(client_draft(typed), DraftField.ONE_RECORD_IDS)
    assert remark.text.id.startswith("The company id of a 1R-ID has ASCII letters")
    assert remark.correction == corrected


def test_the_same_id_twice_may_be_left_out() -> None:
    draft = client_draft(MAIN, "HTTPS://1R.halden.example/HAC")
    (remark,) = remarks(draft, DraftField.ONE_RECORD_IDS)
    assert (remark.position, remark.correction, remark.is_obstacle) == (1, "", False)
    assert one_record_ids_of(draft) == (MAIN,)


def test_host_of_a_1r_id_may_be_left_out_and_is_named_once() -> None:
    draft = server_draft("1r.halden.example", "edge.halden.example", one_record_ids=(MAIN, EVENTS))
    (remark,) = remarks(draft, DraftField.DNS_NAMES)
    assert (remark.position, remark.correction) == (0, "")
    assert hosts_of(draft) == ("1r.halden.example", "events.halden.example", "edge.halden.example")


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("https://edge.halden.example/x", "edge.halden.example"),
        ("edge.halden.example:8443", "edge.halden.example"),
        ("edge.halden.example.", "edge.halden.example"),
        ("*.halden.example", None),
        ("192.0.2.1", None),
        ("edge", None),
        ("a b.example", None),
    ],
)
def test_host_says_what_to_write_instead(typed: str, corrected: str | None) -> None:
    (remark,) = remarks(server_draft(typed), DraftField.DNS_NAMES)
    assert (remark.position, remark.correction, remark.is_obstacle) == (0, corrected, True)


def test_names_in_other_scripts_become_a_labels_and_that_is_said() -> None:
    draft = server_draft("häfen.example")
    (remark,) = remarks(draft, DraftField.DNS_NAMES)
    assert dict(remark.text.params) == {"text": "xn--hfen-loa.example"}
    assert not remark.is_obstacle
    assert asked_for(draft).subject_alt_names == ("DNS:xn--hfen-loa.example",)
    asked = asked_for(client_draft("https://häfen.example/HAC"))
    assert (asked.subject, asked.subject_alt_names) == ("CN=HAC", ("URI:https://xn--hfen-loa.example/HAC",))


def test_company_id_too_long_for_a_common_name_is_an_obstacle() -> None:
    (remark,) = remarks(client_draft("https://a.example/" + "X" * 65), DraftField.ONE_RECORD_IDS)
    assert remark.is_obstacle
    with pytest.raises(UnusableInputError):
        require_makeable(client_draft("https://a.example/" + "X" * 65))


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (client_draft(name=" "), DraftField.NAME),
        (RequestDraft(name="x", purpose=RequestPurpose.CLIENT), DraftField.ONE_RECORD_IDS),
        (RequestDraft(name="x", purpose=RequestPurpose.SERVER), DraftField.DNS_NAMES),
        (RequestDraft(name="x", purpose=RequestPurpose.FREE), DraftField.SUBJECT),
        (free_draft("x"), DraftField.SUBJECT),
        (free_draft("CN=x", "nothing"), DraftField.SUBJECT_ALT_NAMES),
        (free_draft("CN=x", key_usage=("x",)), DraftField.KEY_USAGE),
        (free_draft("CN=x", key_usage=("decipherOnly",)), DraftField.KEY_USAGE),
        (free_draft("CN=x", extended_key_usage=("x",)), DraftField.EXTENDED_KEY_USAGE),
        (server_draft(*(f"h{n}.example" for n in range(101))), DraftField.DNS_NAMES),
    ],
)
def test_obstacles_keep_a_request_from_being_made(draft: RequestDraft, field: DraftField) -> None:
    assert [remark.field for remark in field_remarks(draft) if remark.is_obstacle] == [field]
    with pytest.raises(UnusableInputError):
        require_makeable(draft)


def test_client_auth_of_a_server_is_warned_of_and_no_obstacle() -> None:
    (remark,) = field_remarks(server_draft(client_auth=True))
    assert (remark.field, remark.is_obstacle) == (DraftField.CLIENT_AUTH, False)
    require_makeable(server_draft(client_auth=True))


def test_request_taken_in_is_judged_with_its_key() -> None:
    csr = read_request(profiles.request())
    other = KeyUse(title="halden-old", sha256="00", spki_sha256=csr.spki_sha256 or "")
    rules = {one.rule: one for one in preflight_request(csr, RequestPurpose.CLIENT, (other,), at=AT)}
    assert rules["CSR-1"].status is PASS
    assert rules["CSR-8"].status is WARN
    assert "CSR-9" not in rules
    forged = read_request(profiles.request()[:-3] + b"abc")
    rules = {one.rule: one for one in preflight_request(forged, RequestPurpose.CLIENT, (), at=AT)}
    assert rules["CSR-1"].status is FindingStatus.FAIL


TYPED = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="htps:/.aHA1@?#%-äß*[] ", max_size=30),
    st.builds("https://{}/{}".format, st.text(max_size=12), st.text(max_size=12)),
    st.just(MAIN),
)


@settings(max_examples=300)
@given(
    st.sampled_from(RequestPurpose),
    st.lists(TYPED, max_size=3),
    st.lists(TYPED, max_size=3),
    st.text(max_size=20),
)
def test_anything_typed_is_judged_and_what_has_no_obstacle_can_be_made(
    purpose: RequestPurpose, ids: list[str], hosts: list[str], subject: str
) -> None:
    from trustdesk.formats.request_writing import write_request

    draft = RequestDraft(
        name="x",
        purpose=purpose,
        one_record_ids=tuple(ids),
        dns_names=tuple(hosts),
        subject=subject,
        subject_alt_names=tuple(hosts),
    )
    findings = preflight(draft, at=AT)
    obstacles = [remark for remark in field_remarks(draft) if remark.is_obstacle]
    if not obstacles:
        csr = read_request(write_request(asked_for(draft), profiles.curve_key()))
        shown = {one.rule: one.status for one in preflight_request(csr, purpose, (), at=AT)}
        assert [(one.rule, one.status) for one in findings if one.rule in {"CSR-2", "CSR-3", "CSR-5"}] == [
            (rule, shown[rule]) for rule in ("CSR-2", "CSR-3", "CSR-5")
        ]
    elif purpose is RequestPurpose.CLIENT:
        assert [one for one in findings if one.status in BAD]


@settings(max_examples=300)
@given(TYPED)
def test_corrections_are_right(typed: str) -> None:
    one, host = corrected_id(typed), corrected_host(typed)
    assert one is None or read_one_record_id(one).is_valid
    assert host is None or is_fqdn(host)


def test_servers_request_is_compared_with_the_1r_ids_that_are_known() -> None:
    from trustdesk.formats.request_writing import write_request

    csr = read_request(write_request(asked_for(server_draft()), profiles.curve_key()))
    statuses = [
        {
            one.rule: one.status
            for one in preflight_request(csr, RequestPurpose.SERVER, (), at=AT, one_record_ids=ids)
        }["CSR-4"]
        for ids in ((), (MAIN, EVENTS), (MAIN,))
    ]
    assert statuses == [NOT_RUN, PASS, WARN]
