"""LST-01 to LST-12: each rule where it holds, where it does not, and where it cannot be run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support import pki
from tests.support.pki import NOW
from tests.support.trust_lab import (
    content_of,
    entry_of,
    many_entries,
    pilot_14,
    pilot_15,
    pilot_pki,
    source_of,
)
from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.message import msg
from trustdesk.core.trust_entry import EntryStatus, ListEntry
from trustdesk.core.trust_version import (
    Authenticity,
    AuthenticityState,
    Endorsement,
    ListContent,
    Publisher,
    SignatureMethod,
    SignerPin,
    Transport,
)
from trustdesk.services.list_case import ListCase
from trustdesk.services.list_claims import names_iata
from trustdesk.services.list_difference import difference_of
from trustdesk.services.list_lint import LIST_RULES, lint_list
from trustdesk.services.wording import wording

PASS, WARN, FAIL = FindingStatus.PASS, FindingStatus.WARN, FindingStatus.FAIL
NOT_RUN, NOT_APPLICABLE = FindingStatus.NOT_RUN, FindingStatus.NOT_APPLICABLE
PIN = SignerPin(signer="aa" * 32, list_id="", pinned_at=NOW, pinned_by="tester")
SAY = wording().text


def case_of(content: ListContent, before: ListContent | None = None, **fields: Any) -> ListCase:
    difference = None
    if before is not None:
        difference = difference_of(before, content, names=("a", "b"), instants=(NOW, NOW))
    case = ListCase(content=content, source=source_of(), at=NOW, before=before, difference=difference)
    return replace(case, **fields)


def found(rule: str, case: ListCase) -> Finding:
    (finding,) = (one for one in lint_list(case) if one.rule == rule)
    return finding


def signed(state: AuthenticityState, **fields: Any) -> ListContent:
    authenticity = Authenticity(state=state, method=SignatureMethod.JWS, signer="bb" * 32, **fields)
    return content_of(authenticity=authenticity)


def test_all_twelve_report_in_their_order_with_their_source() -> None:
    findings = lint_list(case_of(pilot_14()))
    assert [one.rule for one in findings] == [f"LST-{number:02}" for number in range(1, 13)]
    assert [rule.id for rule in LIST_RULES] == [one.rule for one in findings]
    assert all(one.source for one in findings)


def test_what_is_violated_says_what_to_do() -> None:
    content = replace(pilot_15(), next_update=NOW, title="IATA list")
    for finding in lint_list(case_of(content, pilot_14())):
        if finding.status in {WARN, FAIL}:
            assert finding.remedy is not None, finding.rule


@pytest.mark.parametrize(
    ("state", "pin", "status", "severity"),
    [
        (AuthenticityState.VERIFIED, PIN, PASS, Severity.ERROR),
        (AuthenticityState.UNSIGNED, None, WARN, Severity.WARNING),
        (AuthenticityState.UNSIGNED, PIN, FAIL, Severity.ERROR),
        (AuthenticityState.UNKNOWN_SIGNER, None, WARN, Severity.WARNING),
        (AuthenticityState.UNKNOWN_SIGNER, PIN, FAIL, Severity.ERROR),
        (AuthenticityState.FAILED, None, FAIL, Severity.ERROR),
        (AuthenticityState.NOT_CHECKED, PIN, NOT_RUN, Severity.ERROR),
    ],
)
def test_lst_01(
    state: AuthenticityState, pin: SignerPin | None, status: FindingStatus, severity: Severity
) -> None:
    finding = found("LST-01", case_of(signed(state), pin=pin))
    assert (finding.status, finding.severity) == (status, severity)


def test_lst_01_says_why_a_signature_does_not_hold() -> None:
    finding = found("LST-01", case_of(signed(AuthenticityState.FAILED, why=msg("Another key signed it."))))
    assert SAY(finding.evidence) == "Another key signed it."


def test_lst_01_asks_nothing_of_what_came_with_the_program() -> None:
    case = case_of(content_of(), source=source_of(transport=Transport.BUNDLED))
    assert found("LST-01", case).status is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        (14, 15, PASS),
        (14, 14, PASS),
        (14, 13, FAIL),
        (14, None, FAIL),
        (None, 1, PASS),
        (None, None, NOT_APPLICABLE),
        (2**64, 2**64 - 1, FAIL),
    ],
)
def test_lst_02(before: int | None, after: int | None, status: FindingStatus) -> None:
    case = case_of(content_of(sequence=after), content_of(sequence=before))
    assert found("LST-02", case).status is status


def test_lst_02_warns_of_two_lists_of_one_sequence_and_needs_a_version_before() -> None:
    changed = replace(pilot_15(), sequence=14)
    assert found("LST-02", case_of(changed, pilot_14())).status is WARN
    assert found("LST-02", case_of(pilot_14())).status is NOT_RUN


def test_lst_03() -> None:
    assert found("LST-03", case_of(content_of(next_update=NOW + timedelta(seconds=1)))).status is PASS
    assert found("LST-03", case_of(content_of(next_update=NOW))).status is WARN
    assert found("LST-03", case_of(content_of())).status is NOT_APPLICABLE
    assert found("LST-03", case_of(content_of(next_update=NOW, is_closed=True))).status is NOT_APPLICABLE


def ending(days: float, **fields: Any) -> ListEntry:
    return entry_of(pki.root(f"Ends in {days}", not_after=NOW + timedelta(days=days)), **fields)


def test_lst_04_names_what_has_expired_and_what_will_soon() -> None:
    assert found("LST-04", case_of(content_of(ending(91)))).status is PASS
    finding = found("LST-04", case_of(content_of(ending(-1), ending(89), ending(200))))
    assert (finding.status, SAY(finding.evidence)) == (WARN, "Expired: Ends in -1. Soon: Ends in 89.")


def test_lst_04_leaves_what_is_not_trusted_and_passes_nothing_that_it_cannot_see() -> None:
    assert found("LST-04", case_of(content_of(ending(-1, status=EntryStatus.WITHDRAWN)))).status is PASS
    hidden = ending(300, certificate=None)
    finding = found("LST-04", case_of(content_of(ending(300), hidden)))
    assert finding.status is NOT_RUN
    assert SAY(finding.evidence).startswith("1 entry could not be looked at: CN=Ends in 300.")


def test_lst_05() -> None:
    old = pki.root("Root")
    again = pki.root("Root", key=old.key)
    assert found("LST-05", case_of(content_of(entry_of(old), entry_of(again)))).status is PASS
    differing = content_of(entry_of(old), entry_of(again, status=EntryStatus.DISTRUSTED))
    assert SAY(found("LST-05", case_of(differing)).evidence) == "One key, two statuses: Root."
    twice = found("LST-05", case_of(content_of(entry_of(old), entry_of(old))))
    assert (twice.status, SAY(twice.evidence)) == (WARN, "Twice on the list: Root.")


def test_lst_06() -> None:
    assert found("LST-06", case_of(pilot_14())).status is PASS
    weak = entry_of(pki.root("Weak", key=pki.rsa_key(1024)))
    finding = found("LST-06", case_of(content_of(weak, *pilot_14().entries)))
    assert (finding.status, SAY(finding.evidence)) == (WARN, "Weak: Weak.")


def test_lst_06_only_tells_of_a_root_that_signed_itself_with_sha_1() -> None:
    model = entry_of(pki.root("Old root"))
    assert model.certificate is not None
    facts = replace(model.certificate, signature_algorithm="sha1WithRSAEncryption")
    root = replace(model, certificate=facts)
    finding = found("LST-06", case_of(content_of(root)))
    assert (finding.status, finding.severity, finding.is_warning) == (FAIL, Severity.INFO, False)
    issuing = entry_of(pki.authority("Old CA", pki.root()))
    assert issuing.certificate is not None
    facts = replace(issuing.certificate, signature_algorithm="sha1WithRSAEncryption")
    assert found("LST-06", case_of(content_of(replace(issuing, certificate=facts)))).status is WARN


def test_lst_06_passes_no_key_of_a_kind_that_it_does_not_know() -> None:
    model = entry_of(pki.root("New"))
    assert model.certificate is not None
    unknown = replace(model, certificate=replace(model.certificate, key_algorithm=None))
    assert found("LST-06", case_of(content_of(unknown))).status is NOT_RUN


def test_lst_07_weighs_little() -> None:
    finding = found("LST-07", case_of(content_of(entry_of(pki.root("Unaudited"), audits=()))))
    assert (finding.status, finding.severity) == (FAIL, Severity.INFO)
    assert found("LST-07", case_of(pilot_14())).status is PASS


def test_lst_08() -> None:
    peer = entry_of(pki.server(None, "peer.example", common_name="peer.example"))
    finding = found("LST-08", case_of(content_of(peer)))
    assert (finding.status, SAY(finding.evidence)) == (
        WARN,
        "Certificates of servers or clients: peer.example.",
    )
    assert found("LST-08", case_of(pilot_14())).status is PASS


def test_lst_09() -> None:
    assert found("LST-09", case_of(pilot_15())).status is NOT_RUN
    assert found("LST-09", case_of(pilot_14(), pilot_14())).status is PASS
    finding = found("LST-09", case_of(pilot_15(), pilot_14()))
    assert SAY(finding.evidence) == "3 added, 2 removed, 2 changed."


@pytest.mark.parametrize(
    "text",
    [
        "IATA",
        "Iata trusted CAs",
        "I.A.T.A.",
        "I A T A list",
        "i-a-t-a",
        "IATA-approved",
        "\u0406ATA",  # Cyrillic I
        "\u0399\u0391\u03a4\u0391",  # Greek throughout
        "I\u0410\u0422A roots",
        "I\u200bA\u200bT\u200bA",
        "\uff29\uff21\uff34\uff21",  # full width
        "\U0001d408\U0001d400\U0001d413\U0001d400",  # mathematical bold
        "\u00cd\u00c1T\u00c1",  # with accents
        "lATA",
        "1ATA",
        "myIATAList",
        "https://www.iata.org/onerecord",
        "International Air Transport Association",
        "international  air-transport\nassociation",
        "Association internationale du transport a\u00e9rien",
    ],
)
def test_lst_10_sees_the_name_in_any_spelling(text: str) -> None:
    assert names_iata(text)
    for content in (
        content_of(title=text),
        content_of(publisher=Publisher(name=text)),
        content_of(list_id=text),
        content_of(scheme_uri=text),
        content_of(authority_claimed=text),
    ):
        assert found("LST-10", case_of(content)).status is WARN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Air cargo pilot list",
        "Inviata",
        "FIATA",
        "Fiata freight",
        "La lata",
        "I at a time",
        "Mediatal",
        "Hawaii ata",
    ],
)
def test_lst_10_leaves_others_alone(text: str) -> None:
    assert not names_iata(text)
    assert found("LST-10", case_of(content_of(title=text))).status is NOT_APPLICABLE


@pytest.mark.parametrize("endorsement", list(Endorsement))
@pytest.mark.parametrize("state", list(AuthenticityState))
def test_lst_10_is_proved_by_a_signer_that_was_compared_and_named_iata(
    state: AuthenticityState, endorsement: Endorsement
) -> None:
    content = replace(signed(state), title="IATA list", endorsement=endorsement)
    proved = state is AuthenticityState.VERIFIED and endorsement is Endorsement.IATA
    assert found("LST-10", case_of(content)).status is (PASS if proved else WARN)


def test_lst_11_follows_intermediates_to_their_root() -> None:
    root = pki.root("Root")
    middle = pki.authority("Middle", root)
    low = pki.authority("Low", middle)
    whole = content_of(entry_of(low), entry_of(middle), entry_of(root))
    assert found("LST-11", case_of(whole)).status is PASS
    finding = found("LST-11", case_of(content_of(entry_of(low), entry_of(root))))
    assert (finding.status, SAY(finding.evidence)) == (WARN, "Without their root: Low.")
    assert found("LST-11", case_of(content_of(entry_of(root)))).status is NOT_APPLICABLE
    gone = content_of(entry_of(middle), entry_of(root, status=EntryStatus.WITHDRAWN))
    assert found("LST-11", case_of(gone)).status is WARN


def test_lst_12() -> None:
    assert found("LST-12", case_of(pilot_14())).status is PASS
    entry = entry_of(pilot_pki()["Palisade Root X2"], usages=None)
    finding = found("LST-12", case_of(content_of(entry)))
    assert (finding.status, SAY(finding.evidence)) == (WARN, "Nobody has said of: Palisade Root X2.")


def test_many_entries_are_cut_short_and_counted() -> None:
    entries = tuple(replace(entry, usages=None) for entry in many_entries(100))
    said = SAY(found("LST-12", case_of(content_of(*entries))).evidence)
    assert said.startswith("Nobody has said of: CA 000000, CA 000001")
    assert said.endswith("and 88 more.")
