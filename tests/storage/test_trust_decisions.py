"""Decisions, policies and what waits for one are kept; a distrust is never lost or passed over."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from tests.support import samples
from tests.support.trust_content import AT, change, content, distrust, limit, named_only, note, source
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.target import parse_target
from trustdesk.core.trust_decision import DecisionKind, LocalDecision, LogAction, PartnerPolicy
from trustdesk.core.trust_version import VersionState
from trustdesk.formats.certificate import read_certificate
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.history import latest_changes
from trustdesk.storage.new_fingerprints import NewFingerprint, new_fingerprints
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.sealing import NO_SEALER, KeySealer, Sealer
from trustdesk.storage.trust_decisions import FingerprintDecision, TrustDecisions, seal_distrusts
from trustdesk.storage.trust_in_force import trust_in_force
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

DIGEST = "ef" * 32
SEALER: Sealer = KeySealer(bytes(range(32)), "workspace")


@pytest.fixture
def decisions(workspace: Workspace) -> TrustDecisions:
    return TrustDecisions(workspace)


@pytest.fixture
def sealing(workspace: Workspace) -> TrustDecisions:
    return TrustDecisions(workspace, lambda: SEALER)


@pytest.fixture
def endpoint(workspace: Workspace) -> int:
    return Directory(workspace).add_endpoint("Nordwind", parse_target("https://1r.example/")).result().id


def told(workspace: Workspace) -> list[LogAction]:
    log = TrustLogBook(workspace).read().result()
    assert (log.broken_at, log.untold) == (None, ())
    return [line.action for line in log.entries]


# --- about certificates ---


def test_a_decision_comes_back_as_it_was_made(decisions: TrustDecisions, workspace: Workspace) -> None:
    made = decisions.decide(replace(distrust(), expires=AT + timedelta(days=9)), note("leaked")).result()
    assert made == replace(distrust(), expires=AT + timedelta(days=9), sealed=None)
    assert decisions.decisions().result() == (made,)
    log = TrustLogBook(workspace).read().result().entries
    assert [(line.action, line.fingerprint, line.comment) for line in log] == [
        (LogAction.DISTRUSTED, DIGEST, "leaked")
    ]


def test_a_limit_lies_beneath_a_distrust_and_outlives_it(
    decisions: TrustDecisions, workspace: Workspace
) -> None:
    decisions.decide(limit(), note()).result()
    decisions.decide(distrust(), note()).result()
    assert {one.kind for one in decisions.decisions().result()} == set(DecisionKind)
    decisions.withdraw(DIGEST, note()).result()
    assert [one.kind for one in decisions.decisions().result()] == [DecisionKind.LIMIT_USAGE]
    decisions.decide(distrust(), note()).result()
    decisions.withdraw(DIGEST, note(), kind=DecisionKind.LIMIT_USAGE).result()
    assert [one.kind for one in decisions.decisions().result()] == [DecisionKind.DISTRUST]
    decisions.withdraw(DIGEST, note()).result()
    with pytest.raises(UnusableInputError, match="Nothing was decided"):
        decisions.withdraw(DIGEST, note()).result()
    assert told(workspace).count(LogAction.DECISION_WITHDRAWN) == 3


def test_a_decision_takes_the_place_of_the_one_of_its_kind(decisions: TrustDecisions) -> None:
    decisions.decide(distrust(), note()).result()
    decisions.decide(replace(distrust(), reason="another"), note()).result()
    assert [one.reason for one in decisions.decisions().result()] == ["another"]


def test_hostile_text_in_a_decision_is_kept(decisions: TrustDecisions, workspace: Workspace) -> None:
    made = decisions.decide(replace(distrust(), subject="CN=\ud800\x00", reason="\udfff"), note()).result()
    assert (made.subject, made.reason) == ("CN=\ufffd\ufffd", "\ufffd")
    assert told(workspace) == [LogAction.DISTRUSTED]


@pytest.mark.parametrize("document", ["", "{}", "[]", "[" * 99_999, '{"sha256":1}', "null"])
def test_a_damaged_decision_is_not_passed_over(
    decisions: TrustDecisions, workspace: Workspace, document: str
) -> None:
    decisions.decide(distrust(), note()).result()
    change(workspace, update(schema.local_decisions).values(document=document))
    for question in (decisions.decisions, lambda: trust_in_force(workspace, lambda: NO_SEALER)):
        with pytest.raises(EnvironmentFailureError):
            question().result()


def test_a_decision_that_was_moved_to_another_certificate_is_damaged(
    decisions: TrustDecisions, workspace: Workspace
) -> None:
    decisions.decide(distrust(), note()).result()
    change(workspace, update(schema.local_decisions).values(sha256="0" * 64))
    with pytest.raises(EnvironmentFailureError):
        decisions.decisions().result()


def test_a_decision_that_another_program_changed_is_seen(
    sealing: TrustDecisions, workspace: Workspace
) -> None:
    assert sealing.decide(distrust(), note()).result().sealed is True
    assert sealing.decide(limit(), note()).result().sealed is True
    widen = text("UPDATE local_decisions SET document = replace(document, 'tls_server', 'idp_signing')")
    change(workspace, widen)
    by_kind = {one.kind: one for one in sealing.decisions().result()}
    assert by_kind[DecisionKind.DISTRUST].sealed is True
    changed = by_kind[DecisionKind.LIMIT_USAGE]
    assert (changed.sealed, changed.holds_at(AT)) == (False, True)


def test_a_distrust_whose_seal_is_broken_or_gone_holds(sealing: TrustDecisions, workspace: Workspace) -> None:
    sealing.decide(distrust(), note()).result()
    for seal in ("00" * 32, "", "ü", None):
        edit = update(schema.local_decisions).values(seal=seal)
        change(workspace, edit)
        found = sealing.decisions().result()[0]
        assert (found.sealed, found.holds_at(AT)) == (False, True)


def test_a_seal_does_not_move_from_one_certificate_to_another(
    sealing: TrustDecisions, workspace: Workspace
) -> None:
    sealing.decide(limit(), note()).result()
    sealing.decide(limit("aa" * 32), note()).result()
    seals = workspace.submit(
        lambda connection: connection.execute(select(schema.local_decisions.c.seal)).scalars().all()
    ).result()
    assert len(set(seals)) == 2
    for seal in seals:
        edit = update(schema.local_decisions).values(seal=seal)
        change(workspace, edit)
        assert sorted(str(one.sealed) for one in sealing.decisions().result()) == ["False", "True"]


def test_what_was_distrusted_without_a_key_store_is_sealed_later_and_nothing_else(
    decisions: TrustDecisions, sealing: TrustDecisions, workspace: Workspace
) -> None:
    decisions.decide(distrust(), note()).result()
    decisions.decide(limit(), note()).result()
    sealing.decide(distrust("aa" * 32), note()).result()
    broken = update(schema.local_decisions).where(schema.local_decisions.c.sha256 == "aa" * 32)
    change(workspace, broken.values(seal="00" * 32))
    assert workspace.submit(lambda connection: seal_distrusts(connection, SEALER)).result() == 1
    assert {(one.sha256[:2], str(one.kind)): one.sealed for one in sealing.decisions().result()} == {
        ("ef", "distrust"): True,
        ("ef", "limit_usage"): False,
        ("aa", "distrust"): False,
    }


# --- about partners ---


@pytest.fixture
def root() -> CertificateFacts:
    return replace(read_certificate(b"\x30\x03\x02\x01\x01"), is_ca=True)


def policy(**values: object) -> PartnerPolicy:
    return replace(
        PartnerPolicy(
            partner="Nordwind", only_cas=(DIGEST,), pins=("ab" * 32,), by="ada", at=AT, reason="asked"
        ),
        **values,  # type: ignore[arg-type]
    )


@pytest.mark.usefixtures("endpoint")
def test_a_policy_comes_back_with_its_private_roots(sealing: TrustDecisions, workspace: Workspace) -> None:
    ca = replace(samples.healthy().record.presented_chain[-1], is_ca=True)
    ca = replace(read_certificate(ca.der), is_ca=True)
    kept = sealing.set_policy(policy(private_roots=(ca,)), note()).result()
    assert kept == policy(private_roots=(ca,), sealed=True)
    assert [one.sha256 for one in sealing.policies().result()[0].private_roots] == [ca.sha256]
    assert sealing.policies().result()[0].sealed is True
    assert told(workspace) == [LogAction.POLICY_SET]


@pytest.mark.usefixtures("endpoint")
def test_an_empty_policy_takes_the_one_before_away(decisions: TrustDecisions, workspace: Workspace) -> None:
    decisions.set_policy(policy(), note()).result()
    decisions.set_policy(PartnerPolicy(partner="Nordwind"), note("enough")).result()
    assert decisions.policies().result() == ()
    assert told(workspace) == [LogAction.POLICY_SET, LogAction.POLICY_CLEARED]


@pytest.mark.usefixtures("endpoint")
def test_what_a_policy_names_has_to_be_there(decisions: TrustDecisions, workspace: Workspace) -> None:
    end_entity = replace(read_certificate(b"\x30\x03\x02\x01\x01"), is_ca=False)
    for wrong in (
        policy(partner="Nobody"),
        policy(lists=("partners",)),
        policy(private_roots=(end_entity,)),
    ):
        with pytest.raises(UnusableInputError):
            decisions.set_policy(wrong, note()).result()
    assert decisions.set_policy(policy(lists=("web",)), note(), builtin=["web"]).result().lists == ("web",)
    assert told(workspace) == [LogAction.POLICY_SET]


@pytest.mark.usefixtures("endpoint")
def test_a_list_that_a_policy_names_is_judged_by_and_stays(
    decisions: TrustDecisions, workspace: Workspace
) -> None:
    lists = TrustLists(workspace)
    kept = lists.keep(
        "partners", content([named_only(1)]), source(), state=VersionState.APPLIED, base=None, note=note()
    ).result()
    assert trust_in_force(workspace, lambda: NO_SEALER).result().versions == ()
    decisions.set_policy(policy(lists=("partners",)), note()).result()
    found = trust_in_force(workspace, lambda: NO_SEALER).result()
    assert (found.versions, found.in_force) == ((kept,), ())
    with pytest.raises(UnusableInputError, match="names this trust list"):
        lists.remove("partners", note()).result()


@pytest.mark.usefixtures("endpoint")
def test_a_private_root_that_another_program_put_in_is_seen(
    sealing: TrustDecisions, workspace: Workspace, root: CertificateFacts
) -> None:
    sealing.set_policy(policy(private_roots=(root,)), note()).result()
    swap = update(schema.certificates).values(der=b"\x30\x03\x02\x01\x02")
    change(workspace, swap)
    with pytest.raises(EnvironmentFailureError):
        sealing.policies().result()


@pytest.mark.usefixtures("endpoint")
def test_a_policy_that_another_program_widened_is_not_sealed(
    sealing: TrustDecisions, workspace: Workspace
) -> None:
    sealing.set_policy(policy(), note()).result()
    widen = text("UPDATE partner_policies SET document = replace(document, '\"ab', '\"cd')")
    change(workspace, widen)
    assert sealing.policies().result()[0].sealed is False
    untold = TrustLogBook(workspace).read().result().untold
    assert [sentence.id for sentence in untold] == ["The policy of {partner} is not as the log tells."]


# --- what waits for a decision ---


def observe(workspace: Workspace, endpoint_id: int, leaf: int, minutes: int) -> str:
    """Keep an observation of an endpoint that presents a certificate of that number."""
    report = samples.healthy()
    der = bytes([0x30, 3, 2, 1, leaf])
    certificate = read_certificate(der)
    chain = (certificate, *report.record.presented_chain[1:])
    record = replace(report.record, presented_chain=chain, started_at=AT + timedelta(minutes=minutes))
    Directory(workspace).record_report(endpoint_id, replace(report, record=record)).result()
    return hashlib.sha256(der).hexdigest()


def waiting(workspace: Workspace) -> tuple[NewFingerprint, ...]:
    return workspace.submit(new_fingerprints).result()


def test_a_certificate_that_was_not_seen_there_before_waits_until_a_person_has_decided(
    workspace: Workspace, decisions: TrustDecisions, endpoint: int
) -> None:
    first = observe(workspace, endpoint, 1, 0)
    assert waiting(workspace) == (), "the first is what later ones are compared with"
    second = observe(workspace, endpoint, 2, 1)
    observe(workspace, endpoint, 2, 2)
    found = waiting(workspace)
    assert [(one.partner, one.endpoint_id, one.before.sha256, one.now.sha256) for one in found] == [
        ("Nordwind", endpoint, first, second)
    ], "testing again does not make it old"
    assert found[0].since == AT + timedelta(minutes=1)
    decisions.decide_fingerprint(endpoint, second, accepted=False, note=note()).result()
    assert waiting(workspace) == ()
    decisions.decide_fingerprint(endpoint, second, accepted=True, note=note()).result()
    assert decisions.fingerprints().result() == (
        FingerprintDecision(endpoint_id=endpoint, sha256=second, accepted=True),
    )
    observe(workspace, endpoint, 1, 3)
    assert waiting(workspace) == (), "the first is known"
    observe(workspace, endpoint, 1, 3)
    third = observe(workspace, endpoint, 3, 4)
    assert [(one.before.sha256, one.now.sha256) for one in waiting(workspace)] == [(first, third)]
    assert told(workspace) == [LogAction.FINGERPRINT_REFUSED, LogAction.FINGERPRINT_ACCEPTED]


def test_what_is_new_to_one_endpoint_is_so_whatever_another_presents(
    workspace: Workspace, endpoint: int
) -> None:
    other = Directory(workspace).add_endpoint("Zephyr", parse_target("https://2r.example/")).result().id
    observe(workspace, endpoint, 1, 0)
    observe(workspace, other, 2, 0)
    observe(workspace, endpoint, 2, 1)
    assert [one.endpoint_id for one in waiting(workspace)] == [endpoint]


def test_a_test_that_saw_no_certificate_changes_nothing(workspace: Workspace, endpoint: int) -> None:
    observe(workspace, endpoint, 1, 0)
    second = observe(workspace, endpoint, 2, 1)
    Directory(workspace).record_report(endpoint, samples.not_reached()).result()
    assert [one.now.sha256 for one in waiting(workspace)] == [second]


def test_what_came_back_before_anybody_decided_still_waits(workspace: Workspace, endpoint: int) -> None:
    first = observe(workspace, endpoint, 1, 0)
    second = observe(workspace, endpoint, 2, 1)
    observe(workspace, endpoint, 3, 2)
    observe(workspace, endpoint, 2, 3)
    assert [(one.before.sha256, one.now.sha256) for one in waiting(workspace)] == [(first, second)]


def test_an_endpoint_that_is_gone_cannot_be_decided_on(decisions: TrustDecisions) -> None:
    with pytest.raises(UnusableInputError):
        decisions.decide_fingerprint(99, DIGEST, accepted=True, note=note()).result()


def test_a_decision_that_is_made_twice_at_once_is_there_once(
    workspace: Workspace, workspace_place: WorkspacePlace
) -> None:
    other = Workspace.open(workspace_place)
    both = [TrustDecisions(one) for one in (workspace, other)]
    futures = [one.decide(distrust(), note()) for _ in range(5) for one in both]
    found: set[LocalDecision] = {future.result() for future in futures}
    other.close()
    assert found == set(both[0].decisions().result())
    assert told(workspace) == [LogAction.DISTRUSTED] * 10


def test_the_place_of_a_new_certificate_is_written_as_a_person_would(workspace: Workspace) -> None:
    added = Directory(workspace).add_endpoint("Nordwind", parse_target("[2001:db8::7]:8443")).result()
    for leaf in (1, 2):
        observe(workspace, added.id, leaf, leaf)
    assert [one.place for one in waiting(workspace)] == ["[2001:db8::7]:8443"]
    latest = workspace.submit(lambda connection: latest_changes(connection, 5)).result()
    assert {place for _partner, place in latest.places.values()} == {"[2001:db8::7]:8443"}
