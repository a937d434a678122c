"""Lists, decisions and policies of the workspace in every judgement of a desk on the real lab."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from tests.support.kept_lists import a_source
from tests.support.trust_content import note
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome
from trustdesk.core.trust import ServerFault, TrustList, TrustListOrigin
from trustdesk.core.trust_decision import DecisionKind, LocalDecision, PartnerPolicy
from trustdesk.core.trust_entry import ListEntry, Usage
from trustdesk.core.trust_version import ListContent, VersionState
from trustdesk.formats.certificate_details import read_details
from trustdesk.lab.process import LabProcess
from trustdesk.network.request import ProbeLimits
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.board import BoardRow, State
from trustdesk.services.clock import SystemClock
from trustdesk.services.demo import DEMO_HANDSHAKE_S, LAB_AT_ONCE
from trustdesk.services.demo_keyring import DemoKeyring
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.sweeps import usual_pace
from trustdesk.services.trust_desk import WhatIf
from trustdesk.services.trust_lists import certifi_list, file_list
from trustdesk.storage.directory import Directory
from trustdesk.storage.schema import local_decisions
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.workspace import Workspace


class Trusting:
    """A desk with a person who decides about trust in its workspace.

    Attributes:
        one, other: endpoints of two partners; the lab's list trusts their servers, which want no identity.
    """

    def __init__(self, desk: LiveDesk) -> None:
        self.desk = desk
        self.workspace = desk._workspace
        self.seals = desk._keys.seals
        self.lists = TrustLists(self.workspace, self.seals.current)
        self.decisions = TrustDecisions(self.workspace, self.seals.current)
        everyone = [row.endpoint for row in desk.board().result()]
        desk.sweep(everyone, lambda _: None).future.result(timeout=60)
        good = [row for row in desk.board().result() if row.state is State.GOOD and not row.endpoint.identity]
        self.one = good[0].endpoint
        self.other = next(row.endpoint for row in good if row.endpoint.partner != self.one.partner)
        self.now = desk._session.clock.now()
        # What lives as long as the desk is there before the first test.
        desk.identity_desk.views().result()
        desk.trust_desk.impact(WhatIf(date=self.now)).future.result(timeout=60)
        diagnosis = desk.diagnose(self.one.target)
        diagnosis.cancel()
        diagnosis.future.exception(timeout=20)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("trustdesk.services.board_judging.AT_ONCE", 0)
            self.judged_again(self.one)

    def forget_everything(self) -> None:
        """Leave neither decisions nor policies nor lists behind."""
        for decision in self.decisions.decisions().result():
            self.decisions.withdraw(decision.sha256, note()).result()
        for policy in self.decisions.policies().result():
            self.decisions.set_policy(PartnerPolicy(partner=policy.partner), note()).result()
        for summary in self.lists.summaries().result():
            self.lists.remove(summary.name, note()).result()
        self.desk.trust_changed()

    def names_in_force(self) -> tuple[str, ...]:
        return self.desk._session.names_in_force

    def swept(self, *endpoints: Endpoint) -> dict[int, State]:
        rows: dict[int, State] = {}

        def step(progress: object) -> None:
            row = getattr(progress, "row", None)
            if row is not None:
                rows[row.endpoint.id] = row.state

        self.desk.sweep(endpoints, step).future.result(timeout=30)
        return rows

    def judged_again(self, *endpoints: Endpoint) -> dict[int, State]:
        rows: list[BoardRow] = []
        self.desk.rejudge(endpoints, rows.extend).future.result(timeout=60)
        return {row.endpoint.id: row.state for row in rows}

    def on_the_board(self, endpoint: Endpoint) -> BoardRow:
        return next(row for row in self.desk.board().result() if row.endpoint.id == endpoint.id)

    def issuer_of(self, endpoint: Endpoint) -> CertificateFacts:
        report = self.desk.last_report(endpoint.id).result()
        assert report is not None
        return report.record.presented_chain[1]

    def issuer_again(self, endpoint: Endpoint) -> CertificateFacts:
        """The same where nothing can be judged."""
        report = self.desk._parts.directory.last_report(endpoint.id).result()
        assert report is not None
        return report.record.presented_chain[1]

    def root_of(self, endpoint: Endpoint) -> CertificateFacts:
        report = self.desk.last_report(endpoint.id).result()
        assert report is not None
        assert report.record.judgement is not None
        top = report.record.judgement.path[-1]
        found = self.desk.certificate(top).result()
        assert found is not None
        return found

    def distrust(self, facts: CertificateFacts, days: float | None = None) -> None:
        self.decide(facts, days)
        self.desk.trust_changed()

    def decide(self, facts: CertificateFacts, days: float | None = None) -> None:
        """Distrust it without a word to the desk, as a command does."""
        self.decisions.decide(
            LocalDecision(
                sha256=facts.sha256,
                spki_sha256=spki_of(facts),
                subject=facts.title,
                kind=DecisionKind.DISTRUST,
                by="ann",
                at=self.now,
                reason="broken into",
                expires=None if days is None else self.now + timedelta(days=days),
            ),
            note(),
        ).result()

    def withdraw(self, facts: CertificateFacts) -> None:
        self.decisions.withdraw(facts.sha256, note()).result()
        self.desk.trust_changed()

    def agree(self, policy: PartnerPolicy, *, sealed: bool = True, tell: bool = True) -> None:
        def deed() -> object:
            return self.decisions.set_policy(policy, note(), builtin=("certifi",))

        if sealed:
            self.seals.sealed(deed, may_ask=False).future.result(timeout=10)  # type: ignore[arg-type]
        else:
            TrustDecisions(self.workspace).set_policy(policy, note(), builtin=("certifi",)).result()
        if tell:
            self.desk.trust_changed()

    def apply(self, name: str, *roots: CertificateFacts, in_force: bool = True) -> None:
        entries = tuple(
            ListEntry(
                sha256=one.sha256,
                certificate=one,
                subject=one.subject or "",
                spki_sha256=spki_of(one),
                usages=frozenset({Usage.TLS_SERVER}),
            )
            for one in roots
        )
        self.lists.keep(
            name,
            ListContent(title=name, entries=entries),
            replace(a_source(), place=name),
            state=VersionState.APPLIED,
            base=None,
            note=note(),
            in_force=in_force,
        ).result()
        self.desk.trust_changed()


def spki_of(facts: CertificateFacts) -> str:
    found = read_details(facts.der).spki_sha256
    assert found is not None
    return found


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trusting]:
    """A desk on the lab whose own list, of a file, judges as long as no other is put in force."""
    lab = LabProcess.start()
    try:
        workspace = Workspace.open(tmp_path_factory.mktemp("desk"))
        directory = Directory(workspace)
        for server in lab.description.servers:
            if server.fault is None and not server.identity:
                directory.add_endpoint(server.partner, server.target).result()
        anchors = file_list(Path(lab.description.trust_list)).anchors
        title = msg("Lab list (throw-away CAs)")
        own = TrustList(name="lab", title=title, origin=TrustListOrigin.LAB, anchors=anchors)
        desk = LiveDesk(
            workspace=workspace,
            trust_lists=(own, certifi_list()),
            identities={},
            clock=SystemClock(),
            limits=ProbeLimits(handshake_s=DEMO_HANDSHAKE_S),
            proxies=NoProxy(),
            pace=usual_pace(per_host=LAB_AT_ONCE, tries=1),
            keyring=DemoKeyring(),
        )
        desk.expiry_desk.expiry().result()  # its thread lives as long as the desk, not as long as one test
        yield Trusting(desk)
        desk.close()
    finally:
        lab.stop()


@pytest.fixture(autouse=True)
def as_it_was(trusting: Trusting) -> Iterator[None]:
    yield
    trusting.desk.set_evaluation_time(None)
    trusting.forget_everything()
    trusting.desk.use_trust_list("lab").result()
    trusting.swept(trusting.one, trusting.other)


def test_sweep_before_and_after_a_distrust_of_an_intermediate(trusting: Trusting) -> None:
    one, ca = trusting.one, trusting.issuer_of(trusting.one)
    assert trusting.swept(one) == {one.id: State.GOOD}
    trusting.distrust(ca)
    assert trusting.on_the_board(one).state is not State.GOOD, "a kept green is due, and not shown"
    assert trusting.judged_again(one) == {one.id: State.BAD}
    kept = trusting.desk.last_report(one.id).result()
    assert kept is not None
    assert kept.explanation.cause == "server_ca_not_in_list"
    assert trusting.swept(one) == {one.id: State.BAD}
    probe = trusting.desk.probe(one.target).future.result(timeout=10)
    assert probe.record.outcome is Outcome.UNTRUSTED_PEER
    assert probe.record.judgement is not None
    assert ServerFault.DISTRUSTED in probe.record.judgement.faults
    diagnosis = trusting.desk.diagnose(one.target).future.result(timeout=60)
    assert diagnosis.hypotheses[0].cause == "server_ca_not_in_list"
    assert diagnosis.hypotheses[0].responsible == "us"
    trusting.withdraw(ca)
    assert trusting.on_the_board(one).state is not State.GOOD
    assert trusting.judged_again(one) == {one.id: State.GOOD}
    assert trusting.swept(one) == {one.id: State.GOOD}


def test_distrust_that_expires_judged_for_a_day_before_and_after(trusting: Trusting) -> None:
    one = trusting.one
    trusting.distrust(trusting.root_of(one), days=5)
    trusting.desk.set_evaluation_time(trusting.now + timedelta(days=6))
    assert trusting.judged_again(one) == {one.id: State.GOOD}
    trusting.desk.set_evaluation_time(trusting.now + timedelta(days=4))
    assert trusting.judged_again(one) == {one.id: State.BAD}
    trusting.desk.set_evaluation_time(None)
    assert trusting.swept(one) == {one.id: State.BAD}, "the gate goes by the present"


def test_two_lists_in_force_judge_together(trusting: Trusting) -> None:
    one = trusting.one
    trusting.desk.use_trust_list("certifi").result()
    assert trusting.swept(one) == {one.id: State.BAD}
    trusting.apply("partners", root_from_lab(trusting, one))
    assert trusting.names_in_force() == ("partners",)
    trusting.lists.put_in_force(("partners", "certifi"), note(), builtin="certifi").result()
    trusting.desk.trust_changed()
    assert trusting.names_in_force() == ("partners", "certifi")
    assert [lists.name for lists in trusting.desk.trust_lists().result()][:2] == ["partners", "certifi"]
    assert trusting.on_the_board(one).state is not State.BAD, "a kept red is due as well"
    assert trusting.judged_again(one) == {one.id: State.GOOD}
    trusting.desk.use_trust_list("certifi").result()
    assert trusting.names_in_force() == ("certifi",)
    assert trusting.swept(one) == {one.id: State.BAD}


def root_from_lab(trusting: Trusting, endpoint: Endpoint) -> CertificateFacts:
    """Find the root of an endpoint's chain on the lab's own list."""
    lab = next(one for one in trusting.desk.trust_lists().result() if one.name == "lab")
    trusting.desk.use_trust_list("lab").result()
    found = trusting.root_of(endpoint)
    trusting.desk.use_trust_list("certifi").result()
    assert found in lab.anchors
    return found


def test_private_root_trusts_one_partner_and_no_other(trusting: Trusting) -> None:
    one, other = trusting.one, trusting.other
    root = trusting.root_of(one)
    trusting.desk.use_trust_list("certifi").result()
    assert trusting.swept(one, other) == {one.id: State.BAD, other.id: State.BAD}
    policy = PartnerPolicy(partner=one.partner, private_roots=(root,), by="ann", at=trusting.now)
    trusting.agree(policy, sealed=False)
    assert trusting.swept(one) == {one.id: State.BAD}, "without a seal it counts for nothing"
    trusting.agree(policy)
    assert trusting.judged_again(one, other) == {one.id: State.GOOD, other.id: State.BAD}
    assert trusting.swept(one, other) == {one.id: State.GOOD, other.id: State.BAD}
    assert trusting.on_the_board(one).state is State.GOOD
    for endpoint, outcome in ((one, Outcome.ACCEPTED), (other, Outcome.UNTRUSTED_PEER)):
        # Typed by hand into the window, the target is the partner's all the same.
        target = replace(endpoint.target, path="/elsewhere")
        probe = trusting.desk.probe(target).future.result(timeout=10)
        assert probe.record.outcome is outcome
        again = trusting.desk.rejudge_report(probe).result(timeout=10)
        assert again.record.outcome is outcome


def test_pin_mismatch_although_the_list_trusts_the_server(trusting: Trusting) -> None:
    one, other = trusting.one, trusting.other
    trusting.agree(PartnerPolicy(partner=one.partner, pins=("00" * 32,)), sealed=False)
    assert trusting.swept(one, other) == {one.id: State.BAD, other.id: State.GOOD}
    probe = trusting.desk.probe(one.target, trust_lists=("lab",)).future.result(timeout=10)
    assert probe.record.judgement is not None
    assert probe.record.judgement.faults == (ServerFault.PIN_MISMATCH,)
    chain = probe.record.presented_chain
    trusting.agree(PartnerPolicy(partner=one.partner, pins=(spki_of(chain[0]),)), sealed=False)
    assert trusting.judged_again(one) == {one.id: State.GOOD}


def test_many_rows_in_the_worker_process_are_judged_by_policies_too(
    trusting: Trusting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.services.board_judging.AT_ONCE", 0)
    one, other = trusting.one, trusting.other
    trusting.agree(PartnerPolicy(partner=one.partner, only_cas=("00" * 32,)), sealed=False)
    assert trusting.judged_again(one, other) == {one.id: State.BAD, other.id: State.GOOD}
    trusting.distrust(trusting.issuer_of(other))
    assert trusting.judged_again(other) == {other.id: State.BAD}


def test_undo_of_the_first_version_judges_by_the_lists_of_before(trusting: Trusting) -> None:
    one = trusting.one
    trusting.apply("partners", trusting.root_of(one))
    trusting.lists.undo("partners", note()).result()
    trusting.desk.trust_changed()
    assert trusting.names_in_force() == ("lab",), "what the desk was opened with"
    assert trusting.swept(one) == {one.id: State.GOOD}


def test_what_another_program_distrusted_holds_before_anything_is_sent(trusting: Trusting) -> None:
    """A command beside the window: nobody tells the window, whose judges trusted the CA until then."""
    one = trusting.one
    assert trusting.swept(one) == {one.id: State.GOOD}
    ca = trusting.issuer_of(one)
    trusting.decide(ca)
    probe = trusting.desk.probe(one.target).future.result(timeout=10)
    assert probe.record.outcome is Outcome.UNTRUSTED_PEER
    trusting.withdraw(ca)
    trusting.decide(ca)
    assert trusting.swept(one) == {one.id: State.BAD}
    trusting.withdraw(ca)
    trusting.swept(one)
    trusting.decide(ca)
    assert trusting.on_the_board(one).state is not State.GOOD
    trusting.withdraw(ca)
    trusting.agree(PartnerPolicy(partner=one.partner, pins=("00" * 32,)), sealed=False, tell=False)
    probe = trusting.desk.probe(one.target).future.result(timeout=10)
    assert probe.record.outcome is Outcome.UNTRUSTED_PEER


def test_workspace_that_is_not_as_its_log_tells_judges_nothing_and_says_so(trusting: Trusting) -> None:
    """Another program took a distrust away: nothing is green by what was read before."""
    one = trusting.one
    trusting.distrust(trusting.issuer_of(one))
    trusting.workspace.submit(lambda connection: connection.execute(delete(local_decisions))).result()
    with pytest.raises(EnvironmentFailureError):
        trusting.desk.trust_changed()
    asked = (
        trusting.desk.probe(one.target).future,
        trusting.desk.diagnose(one.target).future,
        trusting.desk.sweep([one], lambda _: None).future,
        trusting.desk.rejudge([one], lambda _: None).future,
        trusting.desk.board(),
        trusting.desk.last_report(one.id),
        trusting.desk.expiry_desk.expiry(),
        trusting.desk.identity_desk.views(),
        trusting.desk.trust_lists(),
    )
    for future in asked:
        assert isinstance(future.exception(timeout=10), EnvironmentFailureError)
    trusting.distrust(trusting.issuer_again(one))
    assert trusting.swept(one) == {one.id: State.BAD}


def test_endpoint_that_two_partners_share_is_judged_alike_wherever_it_is_tested(trusting: Trusting) -> None:
    """As an endpoint of one it must neither get that one's private root nor lose the other's pins."""
    one, desk = trusting.one, trusting.desk
    root = trusting.root_of(one)
    # On a second port of the lab, so that no other test meets two partners.
    second = next(
        row.endpoint
        for row in desk.board().result()
        if row.state is State.GOOD and row.endpoint.partner not in {one.partner, trusting.other.partner}
    )
    shared = desk.add_endpoint("Beside", second.target, second.identity).result()
    assert trusting.swept(shared) == {shared.id: State.GOOD}
    trusting.agree(PartnerPolicy(partner=second.partner, pins=("00" * 32,)), sealed=False)
    for at_once in (0, 50):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("trustdesk.services.board_judging.AT_ONCE", at_once)
            assert trusting.judged_again(shared) == {shared.id: State.BAD}
    assert trusting.on_the_board(shared).state is not State.GOOD
    kept = desk.last_report(shared.id).result()
    assert kept is not None
    assert kept.record.outcome is Outcome.UNTRUSTED_PEER
    assert trusting.swept(shared) == {shared.id: State.BAD}
    without = desk.trust_desk.impact(WhatIf(without=root.sha256)).future.result(timeout=30)
    assert shared.id not in {chain.endpoint_id for chain in without.partners}, "it is not trusted today"
    trusting.agree(PartnerPolicy(partner=second.partner))
    desk.use_trust_list("certifi").result()
    trusting.agree(PartnerPolicy(partner=shared.partner, private_roots=(root,), by="ann", at=trusting.now))
    assert trusting.swept(shared) == {shared.id: State.BAD}
    assert trusting.judged_again(shared) == {shared.id: State.BAD}


def test_distrust_during_a_sweep_holds_for_what_is_judged_from_then_on(trusting: Trusting) -> None:
    """The first answer makes the person distrust the CA of all; certificates of ours must not leave after."""
    one = trusting.one
    ca = trusting.root_of(one)
    rows: list[State] = []

    def step(progress: object) -> None:
        row = getattr(progress, "row", None)
        if row is not None:
            if not rows:
                trusting.distrust(ca)
            rows.append(row.state)

    # One host, one after the other.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trusting.desk._probing, "_pace", usual_pace(per_host=1, tries=1))
        trusting.desk.sweep([one] * 4, step).future.result(timeout=30)
    assert rows == [State.GOOD] + [State.BAD] * 3
