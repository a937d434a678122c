"""Verdict lines, rule rows, facts and bytes in words: without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from tests.support.fake_desk import JudgeQuestion
from tests.support.inspected import (
    certificate_item,
    file_of,
    finding,
    judge,
    one_opened,
    opened,
)
from tests.support.pki import NOW, Issued
from trustdesk.core.finding import FindingStatus
from trustdesk.core.inspection import (
    ByteField,
    CrlFacts,
    CsrFacts,
    ExtensionFacts,
    InspectedItem,
    ItemKind,
    KeyFacts,
)
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose, RuleKind, RuleStatus
from trustdesk.gui.inspector.examination import Examination, ListName
from trustdesk.gui.inspector.examiner import near
from trustdesk.gui.inspector.extension_table import meaning, whole_meaning
from trustdesk.gui.inspector.fact import Fact
from trustdesk.gui.inspector.facts import summary_facts, usage_facts
from trustdesk.gui.inspector.hex_lines import hex_line, innermost, line_count, named_bytes
from trustdesk.gui.inspector.raw_pane import pem_text
from trustdesk.gui.inspector.rule_rows import Outcome, counts, finding_rows, path_rows, title_of_rule
from trustdesk.gui.inspector.verdicts import verdict_lines
from trustdesk.gui.words import fingerprint_text, say
from trustdesk.services.board import State


def examination_of(
    leaf: Issued, items: tuple[InspectedItem, ...], trust_list: TrustList, *, asks: bool = True
) -> Examination:
    book = opened(*items)
    judged = {}
    for purpose in Purpose if asks else ():
        question = JudgeQuestion(
            certificate=leaf.facts,
            purpose=purpose,
            beside=book.beside(leaf.sha256),
            trust_list=trust_list,
            at=None,
        )
        judged[(trust_list.name, purpose)] = judge(question)
    anchors = frozenset(one.certificate.sha256 for one in trust_list.trust_anchors)
    return Examination(
        certificate=leaf.facts,
        lists=(ListName(trust_list.name, trust_list.title, anchors),),
        verifications=judged,
        findings={},
        came_along=book.came_along(leaf.sha256),
        opened={one.key: one.facts for one in book.certificates() if one.facts is not None},
    )


def words(examination: Examination) -> list[tuple[State, str]]:
    return [(line.state, f"{say(line.lead)} {say(line.reason)}") for line in verdict_lines(examination, NOW)]


def value(facts: tuple[Fact, ...], label: str) -> str:
    return next(fact.value for fact in facts if say(fact.label) == label)


def test_both_purposes_are_said_first_with_root_and_list() -> None:
    root = pki.root("Skybridge Root CA")
    leaf = pki.server(root, common_name="data.example")
    lines = words(examination_of(leaf, file_of(leaf), pki.trust_list(root)))
    assert lines[:2] == [
        (State.GOOD, "As ONE Record server: yes. Path ends at Skybridge Root CA on The test's list."),
        (
            State.BAD,
            "As ONE Record client: no. The extended key usage of data.example is serverAuth, without"
            " clientAuth.",
        ),
    ]
    assert lines[2] == (State.UNKNOWN, "Revocation: not known. No source was given.")


def test_what_is_not_judged_yet_is_running_and_never_a_yes() -> None:
    root = pki.root()
    leaf = pki.server(root)
    lines = words(examination_of(leaf, file_of(leaf), pki.trust_list(root), asks=False))
    assert [state for state, _words in lines] == [State.RUNNING, State.RUNNING]


def test_without_a_list_nothing_is_judged_and_that_is_said() -> None:
    leaf = pki.server(pki.root())
    examination = replace(
        examination_of(leaf, file_of(leaf), pki.trust_list(pki.root()), asks=False), lists=()
    )
    assert words(examination)[0] == (
        State.UNKNOWN,
        "As ONE Record server: Not run: no trust list is in force.",
    )


def test_a_missing_issuer_is_named() -> None:
    middle = pki.authority("Middle", pki.root("Nobody has it"))
    leaf = pki.server(middle)
    lines = words(examination_of(leaf, file_of(leaf, middle), pki.trust_list(pki.root())))
    assert (
        State.WARNING,
        "The chain has a gap. Neither an opened file nor the list holds the issuer CN=Nobody has it.",
    ) in lines


def test_an_intermediate_from_another_file_is_a_gap_of_the_file_that_sent_a_chain() -> None:
    root = pki.root()
    middle, stray = pki.authority("Middle", root), pki.authority("Stray", root)
    leaf = pki.server(middle)
    items = (*file_of(leaf, stray), *file_of(middle, source="other.pem"))
    lines = words(examination_of(leaf, items, pki.trust_list(root)))
    assert (State.WARNING, "The file's chain has a gap. The path takes Middle from another file.") in lines


def test_a_ca_is_no_failed_server() -> None:
    root = pki.root()
    middle = pki.authority("Middle", root)
    lines = words(examination_of(middle, file_of(middle), pki.trust_list(root)))
    assert [state for state, _words in lines[:3]] == [State.NOT_APPLICABLE] * 3
    assert lines[0][1] == "Certificate of a CA. A path leads from it to Root on The test's list."
    stranger = words(examination_of(middle, file_of(middle), pki.trust_list(pki.root("Other"))))
    assert stranger[0][0] is State.WARNING
    anchor = words(examination_of(root, file_of(root), pki.trust_list(root)))
    assert anchor[0] == (State.GOOD, "Certificate of a CA. It is itself an anchor on The test's list.")


def test_the_last_thirty_days_are_said() -> None:
    root = pki.root()
    leaf = pki.server(root, not_after=NOW + timedelta(days=20))
    lines = words(examination_of(leaf, file_of(leaf), pki.trust_list(root)))
    assert (State.WARNING, "Expires soon. It is valid for 20 more days.") in lines


def test_a_second_opinion_that_differs_is_never_hidden() -> None:
    root = pki.root()
    leaf = pki.server(root)
    examination = examination_of(leaf, file_of(leaf), pki.trust_list(root))
    key = ("test", Purpose.SERVER)
    examination.verifications[key] = replace(
        examination.verifications[key], disagreement=msg("The engines disagree.")
    )
    assert (State.WARNING, "Second opinion differs. The engines disagree.") in words(examination)


def test_rules_stand_worst_first_and_not_run_before_pass() -> None:
    root = pki.root()
    middle = pki.authority("Middle", root, not_after=NOW - timedelta(days=1))
    leaf = pki.server(middle)
    examination = examination_of(leaf, file_of(leaf, middle), pki.trust_list(root))
    path = examination.verifications[("test", Purpose.SERVER)].paths[0]
    rows = path_rows(path, examination, title_of_rule)
    order = list(Outcome)
    ranks = [order.index(row.outcome) for row in rows]
    assert ranks == sorted(ranks)
    assert (rows[0].outcome, rows[0].rule, rows[0].on) == (Outcome.FAIL, "validity.not_after", "Middle")
    assert rows[0].byte_range is not None
    assert rows[0].title == "The validity has not ended."
    revocation = [row.outcome for row in rows if row.rule == "revocation.status"]
    assert revocation == [Outcome.NOT_RUN, Outcome.NOT_RUN, Outcome.NOT_APPLICABLE]
    assert sum(counts(rows).values()) == len(rows) == len(path.checks)


def test_a_flaw_of_form_is_a_warning_since_the_path_stays_valid() -> None:
    root = pki.root()
    leaf = pki.server(root)
    examination = examination_of(leaf, file_of(leaf), pki.trust_list(root))
    path = examination.verifications[("test", Purpose.SERVER)].paths[0]
    flawed = replace(path.checks[0], status=RuleStatus.FAIL, kind=RuleKind.CONFORMANCE)
    unknown = replace(path.checks[0], status=RuleStatus.UNKNOWN)
    rows = path_rows(replace(path, checks=(flawed, unknown)), examination, title_of_rule)
    assert [row.outcome for row in rows[:2]] == [Outcome.WARN, Outcome.NOT_RUN]


def test_rules_on_end_entities_do_not_apply_to_a_ca_that_is_looked_at() -> None:
    root = pki.root()
    middle = pki.authority("Middle", root)
    examination = examination_of(middle, file_of(middle), pki.trust_list(root))
    path = examination.verifications[("test", Purpose.SERVER)].paths[0]
    assert not path.accepted
    rows = {row.rule: row.outcome for row in path_rows(path, examination, title_of_rule)}
    assert rows["leaf.end_entity"] is Outcome.NOT_APPLICABLE
    assert Outcome.FAIL not in rows.values()


def test_findings_become_rows_with_their_remedy() -> None:
    leaf = pki.server(pki.root(), common_name="data.example")
    failed = replace(finding("SRV-03", FindingStatus.FAIL), remedy=msg("Ask for another one."))
    rows = finding_rows([finding("SRV-01", FindingStatus.NOT_RUN), failed], leaf.facts)
    assert [(row.rule, row.outcome) for row in rows] == [
        ("SRV-03", Outcome.FAIL),
        ("SRV-01", Outcome.NOT_RUN),
    ]
    assert "Ask for another one." in rows[0].spoken


def test_an_unknown_rule_is_named_by_its_id() -> None:
    assert say(title_of_rule("no.such_rule")) == "no.such_rule"


def test_the_summary_says_everything_with_fingerprints_in_pairs() -> None:
    leaf = pki.server(pki.root(), "a.example", common_name="a.example")
    facts = summary_facts(one_opened(leaf), NOW, "issuer-key")
    assert value(facts, "Names") == "DNS:a.example"
    assert value(facts, "Valid").replace("\u2068", "").replace("\u2069", "") == (
        "2026-08-12 – 2027-08-12, ends in 265 days"
    )
    first, second = value(facts, "SHA-256").split("\n")
    assert len(first.split(":")) == len(second.split(":")) == 16
    assert first.replace(":", "").lower() == leaf.sha256[:32]
    assert next(fact.link for fact in facts if say(fact.label) == "Issuer") == "issuer-key"


def test_a_damaged_certificate_says_so_first() -> None:
    leaf = pki.server(pki.root())
    item = certificate_item(leaf.der[:-30])
    assert item.certificate is not None
    item = replace(item, problems=item.certificate.problems or (msg("It is cut off."),))
    facts = summary_facts(opened(item).items[0], NOW, None)
    assert (say(facts[0].label), facts[0].ink) == ("Damaged", "bad")


def test_requests_lists_and_keys_have_a_summary_too() -> None:
    csr = CsrFacts(der=b"", sha256="0" * 64, subject="CN=x", signature_valid=False, is_ca=True)
    crl = CrlFacts(der=b"", sha256="1" * 64, issuer="CN=y", next_update=NOW - timedelta(days=1), count=3)
    key = KeyFacts(form="PKCS#8", encrypted=False, algorithm="RSA", bits=2048)
    items = opened(
        InspectedItem(kind=ItemKind.CSR, source="a", position=0, csr=csr),
        InspectedItem(kind=ItemKind.CRL, source="b", position=0, crl=crl),
        InspectedItem(kind=ItemKind.PRIVATE_KEY, source="c", position=0, key=key),
    ).items
    request, revoked, private = (summary_facts(one, NOW, None) for one in items)
    assert value(request, "Proof") == "not made with the request's own key"
    assert value(request, "CA") == "asked to be a CA"
    assert value(revoked, "Revoked certificates") == "3"
    assert next(fact.ink for fact in revoked if say(fact.label) == "Next update") == "bad"
    assert value(private, "Key") == "RSA 2048"
    assert "whoever has the file has the key" in value(private, "Protected")


def test_usage_says_that_an_absent_extension_allows_everything() -> None:
    leaf = pki.server(pki.root(), usages=None)
    details = certificate_item(leaf).certificate
    assert details is not None
    facts = usage_facts(details)
    assert value(facts, "Extended key usage") == "any: the extension is absent"
    assert value(facts, "CA") == "no"


def test_many_names_are_bounded() -> None:
    leaf = pki.server(pki.root(), *(f"{i}.example" for i in range(40)))
    facts = summary_facts(one_opened(leaf), NOW, None)
    assert value(facts, "Names").endswith("and 20 more")


def extension(**keywords: object) -> ExtensionFacts:
    plain = ExtensionFacts(
        oid="1.2.3", name="1.2.3", critical=True, der=b"\x05\x00", offset=10, length=9, value_offset=17
    )
    return replace(plain, **keywords)  # type: ignore[arg-type]


def test_an_extension_is_said_in_words_or_said_to_be_unknown() -> None:
    known = extension(name="keyUsage", text=(msg("One."), msg("Two.")))
    assert meaning(known) == "One.; Two."
    assert meaning(extension()) == "Not known here: 2 bytes."
    assert "05 00" in whole_meaning(extension())
    assert meaning(extension(problem=msg("It is damaged."))) == "It is damaged."
    assert whole_meaning(known).split("\n")[:2] == ["keyUsage (1.2.3)", "Critical"]


@given(st.binary(max_size=200))
def test_hex_lines_hold_every_byte_once(data: bytes) -> None:
    lines = [hex_line(data, number) for number in range(line_count(len(data)))]
    assert bytes.fromhex("".join(pair for line in lines for pair in line.pairs)) == data
    assert all(len(line.ascii) == len(line.pairs) <= 16 and line.ascii.isprintable() for line in lines)


def test_the_innermost_part_of_a_certificate_is_found() -> None:
    leaf = pki.server(pki.root())
    details = certificate_item(leaf).certificate
    assert details is not None
    parts = named_bytes(details.fields, details.extensions)
    assert [part.start for part in parts] == sorted(part.start for part in parts)
    serial = next(part for part in parts if part.name == "serialNumber")
    assert innermost(parts, serial.start, serial.start + 1) == serial
    whole = named_bytes([ByteField(name="tbsCertificate", offset=4, length=90)], ())
    assert innermost(whole, 0, 2) is None


def test_pem_is_what_openssl_reads() -> None:
    leaf = pki.server(pki.root())
    assert pem_text(leaf.der, "CERTIFICATE").encode() == leaf.pem


@pytest.mark.parametrize("size", [20, 32])
def test_short_digests_stand_in_one_line(size: int) -> None:
    assert len(fingerprint_text("ab" * size).split("\n")) == (1 if size == 20 else 2)


def test_of_many_strangers_only_possible_issuers_go_to_the_judge() -> None:
    root = pki.root("Root")
    middle = pki.authority("Middle", root)
    leaf = pki.server(middle)
    stranger = pki.root("Stranger").facts
    strangers = [replace(stranger, sha256=f"{i:064x}", subject=f"CN={i}") for i in range(500)]
    others = [middle.facts, root.facts, *strangers]
    found = near(leaf.facts, others, frozenset({strangers[0].sha256}))
    assert {one.sha256 for one in found} == {middle.sha256, root.sha256, strangers[0].sha256}
    assert near(leaf.facts, others[:9], frozenset()) == tuple(others[:9])
