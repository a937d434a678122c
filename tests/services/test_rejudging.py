"""Every way in which a probe can have ended, judged again for another day and by another list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support import pki
from tests.support.pki import HOST, NOW
from tests.support.probes import IDENTITY, TLS11, asked, ended, record, refused_by_alert
from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict
from trustdesk.core.handshake import CertificateRequested, ClientAuth, ClientCertificateVerdict
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import (
    AmqpFacts,
    HttpFacts,
    IdentityLabel,
    Outcome,
    OwnStanding,
    Phase,
    ProbeRecord,
    ProbeReport,
    Responsible,
    StopReason,
)
from trustdesk.core.revocation import RevocationCheck, RevocationStatus
from trustdesk.core.target import parse_target
from trustdesk.core.trust import ServerJudgement, TrustList
from trustdesk.formats.certificate_details import read_details
from trustdesk.services.freshness import Freshness
from trustdesk.services.rejudging import Rejudger, wire_outcome
from trustdesk.services.rejudging_worker import Rejudgers, Viewpoint
from trustdesk.services.reporting import report_on
from trustdesk.services.wording import wording
from trustdesk.verify.judge import PathJudge

ROOT = pki.root(not_after=NOW + timedelta(days=4000), not_before=NOW - timedelta(days=4000))
OTHER_ROOT = pki.root("Another root")
JUDGE = PathJudge([pki.trust_list(ROOT, called="ours")])
OTHER_JUDGE = PathJudge([pki.trust_list(OTHER_ROOT, called="theirs")])
SERVER = pki.server(ROOT)
"""From a hundred days before NOW to 265 days after it."""

EXPIRED = pki.server(ROOT, not_before=NOW - timedelta(days=100), not_after=NOW - timedelta(days=2))
CLIENT = pki.client(ROOT, not_after=NOW + timedelta(days=30))
OURS = IdentityLabel(name="acme", sha256=CLIENT.sha256)

EARLIER, LATER = NOW - timedelta(days=60), NOW + timedelta(days=60)
AFTER_ITS_END = NOW + timedelta(days=300)
ACCEPTED_WITH_OURS = asked(sent=True, verdict=ClientCertificateVerdict.ACCEPTED)


def kept_report(server: pki.Issued = SERVER, judge: PathJudge = JUDGE, **different: Any) -> ProbeReport:
    """A probe as it would have been kept: judged for NOW, outcome by the network's own rule."""
    judgement = judge.judge_server([server.der], HOST, NOW)
    made = record(f"https://{HOST}", **different)
    outcome = made.outcome if judgement.trusted else Outcome.UNTRUSTED_PEER
    return report_on(replace(made, presented_chain=(server.facts,), judgement=judgement, outcome=outcome))


def again(
    report: ProbeReport,
    at: datetime | None = LATER,
    judge: PathJudge = JUDGE,
    own: tuple[pki.Issued, ...] = (CLIENT,),
    now: datetime = NOW,
) -> ProbeReport:
    known = {own[0].sha256: tuple(one.facts for one in own)}
    return Rejudger(judge, at=at, now=now, own=known).rejudge(report)


def said(report: ProbeReport) -> str:
    return wording("en").text(report.explanation.headline)


def evidence(report: ProbeReport) -> str:
    return "\n".join(wording("en").text(one) for one in report.explanation.evidence)


def test_accepted_and_trusted_on_the_day_passes_and_tells_of_the_test_as_of_then() -> None:
    report = again(kept_report())
    assert (report.verdict, report.is_open) == (Verdict.WARN, False)  # it names no OCSP
    assert said(report) == "For 2027-01-19 the server's certificate is trusted by the list ours."
    assert evidence(report).startswith("When it was tested, on 2026-11-20: TLS works")


def test_accepted_and_expired_on_the_day_fails_in_the_future_tense() -> None:
    report = again(kept_report(), AFTER_ITS_END)
    assert report.verdict is Verdict.FAIL
    assert said(report) == "The server's certificate will have expired on 2027-08-12 12:00 UTC."
    assert report.explanation.cause == "server_cert_expired"
    assert report.explanation.responsible is Responsible.PARTNER
    assert report.record.judgement is not None
    assert not report.record.judgement.trusted
    assert report.rejudged is not None
    assert (report.record.outcome, report.rejudged.outcome) == (Outcome.UNTRUSTED_PEER, Outcome.ACCEPTED)
    assert report.record.http == HttpFacts(status=401)
    assert "It was tested on 2026-11-20." in evidence(report)


def test_what_has_already_expired_is_told_in_the_past_tense() -> None:
    much_later = AFTER_ITS_END + timedelta(days=30)
    report = again(kept_report(), AFTER_ITS_END, now=much_later)
    assert said(report) == "The server's certificate expired on 2027-08-12 12:00 UTC."


def test_accepted_and_not_yet_valid_on_the_day_fails_and_blames_no_clock() -> None:
    report = again(kept_report(), NOW - timedelta(days=200))
    assert report.verdict is Verdict.FAIL
    assert said(report).startswith("On 2026-05-04 the server's certificate is not valid yet")
    assert (report.explanation.action, report.explanation.responsible) == (None, Responsible.NOBODY)


def test_a_ca_that_ends_first_is_named_for_the_day() -> None:
    middle = pki.authority("Middle", ROOT, not_after=NOW + timedelta(days=30))
    server = pki.server(middle)
    judgement = JUDGE.judge_server([server.der, middle.der], HOST, NOW)
    assert judgement.trusted
    made = record(f"https://{HOST}", presented_chain=(server.facts, middle.facts), judgement=judgement)
    report = again(report_on(made))
    assert report.verdict is Verdict.FAIL
    assert said(report) == "On 2027-01-19 a CA certificate above the server's is outside its validity."


def test_untrusted_then_and_trusted_on_the_day_would_have_been_trusted() -> None:
    then = kept_report(EXPIRED)
    assert then.explanation.cause == "server_cert_expired"
    report = again(then, EARLIER)
    assert (report.verdict, report.record.outcome) == (Verdict.WARN, Outcome.ACCEPTED)
    assert said(report) == "On 2026-09-21 the server's certificate would have been trusted by the list ours."
    assert report.rejudged is not None
    assert report.rejudged.outcome is Outcome.UNTRUSTED_PEER


def test_untrusted_then_and_on_the_day_stays_so() -> None:
    report = again(kept_report(EXPIRED))
    assert (report.verdict, report.explanation.cause) == (Verdict.FAIL, "server_cert_expired")
    assert said(report) == "The server's certificate expired on 2026-11-18 12:00 UTC."


def test_a_certificate_that_was_kept_back_leaves_the_verdict_open() -> None:
    for client_auth in (
        asked(verdict=ClientCertificateVerdict.IGNORED, requested=CertificateRequested.OPTIONAL),
        asked(requested=CertificateRequested.REQUIRED),
    ):
        for at in (EARLIER, None):
            judge, server = (JUDGE, EXPIRED) if at else (OTHER_JUDGE, SERVER)
            then = kept_report(server, judge, identity=OURS, client_auth=client_auth)
            report = again(then, at)
            assert report.is_open
            assert report.verdict is Verdict.FAIL
            assert "kept back" in said(report)


def test_a_server_that_was_not_trusted_and_wanted_a_certificate_still_wants_one() -> None:
    client_auth = asked(requested=CertificateRequested.REQUIRED)
    alert = refused_by_alert(116, client_auth)
    then = kept_report(
        EXPIRED, alerts=alert.alerts, stopped_by=StopReason.ALERT, client_auth=client_auth, http=None
    )
    report = again(then, EARLIER)
    assert (report.verdict, report.is_open) == (Verdict.FAIL, False)
    assert report.record.outcome is Outcome.REJECTED_BY_PEER
    assert report.explanation.cause == "client_cert_required"


@pytest.mark.parametrize("at", [EARLIER, LATER, AFTER_ITS_END, None])
def test_a_rejection_by_the_peer_stays_one_on_every_day(at: datetime | None) -> None:
    refused = refused_by_alert(48, asked(sent=True))
    then = kept_report(
        outcome=Outcome.REJECTED_BY_PEER, stopped_by=StopReason.ALERT, alerts=refused.alerts, identity=OURS,
        client_auth=refused.client_auth, http=None,
    )  # fmt: skip
    report = again(then, at)
    assert (report.verdict, report.is_open) == (Verdict.FAIL, False)
    assert report.record.outcome is Outcome.REJECTED_BY_PEER
    assert report.explanation.headline == then.explanation.headline
    if at == AFTER_ITS_END:
        assert "the server's certificate is not trusted by the list ours either" in evidence(report)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.NOT_REACHED, StopReason.REFUSED),
        (Outcome.NOT_TLS, StopReason.HTTP),
        (Outcome.TIMED_OUT, StopReason.DEADLINE),
        (Outcome.CANCELLED, StopReason.CANCELLED),
    ],
)
def test_without_a_certificate_nothing_is_judged_and_nothing_passes(
    outcome: Outcome, reason: StopReason
) -> None:
    then = report_on(ended(outcome, reason, Phase.CONNECT))
    report = again(then)
    assert (report.verdict, report.is_open) == (Verdict.FAIL, True)
    assert said(report) == "Not judged for 2027-01-19: no certificate was judged when it was tested."
    assert again(then, None) is then


def test_a_refusal_before_any_certificate_stays_a_refusal() -> None:
    then = report_on(refused_by_alert(70))
    report = again(then)
    assert (report.verdict, report.is_open) == (Verdict.FAIL, False)
    assert report.explanation == then.explanation


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome.TIMED_OUT, StopReason.DEADLINE),
        (Outcome.NOT_TLS, StopReason.PROTOCOL_VIOLATION),
    ],
)
def test_a_test_without_an_answer_is_open_while_its_certificate_holds_and_fails_when_not(
    outcome: Outcome, reason: StopReason
) -> None:
    then = kept_report(outcome=outcome, stopped_by=reason, http=None)
    holds = again(then)
    assert (holds.verdict, holds.is_open) == (Verdict.FAIL, True)
    assert "did not end in an answer" in said(holds)
    assert "For 2027-01-19 the server's certificate is trusted" in evidence(holds)
    over = again(then, AFTER_ITS_END)
    assert (over.verdict, over.is_open) == (Verdict.FAIL, False)
    assert over.explanation.cause == "server_cert_expired"


@pytest.mark.parametrize("at", [None, LATER - timedelta(days=40)])
def test_a_broker_that_was_asked_nothing_is_open_once_it_is_trusted(at: datetime | None) -> None:
    """To a broker that is not trusted nothing is sent, so whether it speaks AMQP was never seen."""
    target = parse_target(f"amqps://{HOST}")
    then = kept_report(judge=OTHER_JUDGE, http=None)
    then = report_on(replace(then.record, target=target))
    now = again(then, at)
    assert (now.verdict, now.is_open) == (Verdict.FAIL, True)
    assert "nothing was asked of it when it was tested" in said(now)
    greeted = replace(then.record, amqp=AmqpFacts(version="0-9-1", mechanisms=("EXTERNAL",)))
    assert not again(report_on(greeted), at).is_open


@pytest.mark.parametrize("own", [(CLIENT,), (pki.client(ROOT, "Another"),)], ids=["at hand", "gone"])
@pytest.mark.parametrize("at", [None, EARLIER, LATER - timedelta(days=40)])
def test_what_our_ca_revoked_is_still_the_cause_when_judged_again(
    at: datetime | None, own: tuple[pki.Issued, ...]
) -> None:
    """The finding stays, so the words must not say that nothing is wrong."""
    revoked = RevocationCheck(certificate=CLIENT.sha256, status=RevocationStatus.REVOKED, revoked_at=NOW)
    then = kept_report(identity=OURS, client_auth=ACCEPTED_WITH_OURS, client_revocation=(revoked,))
    then = report_on(then.record, (), CLIENT.facts)
    assert then.explanation.cause == "client_cert_revoked"
    now = again(then, at, own=own)
    assert now.verdict is Verdict.FAIL
    if not now.is_open:
        assert now.explanation.cause == "client_cert_revoked"


def test_a_chain_that_the_judge_gave_up_is_not_tried_again() -> None:
    made = record(
        outcome=Outcome.UNTRUSTED_PEER, stopped_by=StopReason.DEADLINE, presented_chain=(SERVER.facts,)
    )
    report = again(report_on(made))
    assert (report.is_open, report.record.judgement) == (True, None)


def test_our_certificate_in_force_on_the_day_keeps_the_pass() -> None:
    report = again(kept_report(identity=OURS, client_auth=ACCEPTED_WITH_OURS), NOW + timedelta(days=10))
    assert report.verdict is not Verdict.FAIL
    assert report.rejudged is not None
    assert report.rejudged.own is OwnStanding.IN_FORCE
    assert "Our certificate is valid on 2026-11-30." in evidence(report)


def test_our_certificate_expired_on_the_day_fails_and_is_ours_to_renew() -> None:
    report = again(kept_report(identity=OURS, client_auth=ACCEPTED_WITH_OURS))
    assert (report.verdict, report.explanation.cause) == (Verdict.FAIL, "client_cert_expired")
    assert said(report) == "Our certificate will have expired on 2026-12-20 12:00 UTC."
    assert report.explanation.responsible is Responsible.US
    assert report.rejudged is not None
    assert report.rejudged.own is OwnStanding.EXPIRED


def test_our_certificate_not_yet_valid_on_the_day_fails() -> None:
    young = pki.client(ROOT, not_before=NOW - timedelta(days=1))
    ours = IdentityLabel(name="young", sha256=young.sha256)
    report = again(kept_report(identity=ours, client_auth=ACCEPTED_WITH_OURS), EARLIER, own=(young,))
    assert (report.verdict, report.explanation.cause) == (Verdict.FAIL, "client_cert_not_yet_valid")


def test_a_ca_of_ours_that_ends_first_fails_and_a_root_sent_along_does_not() -> None:
    middle = pki.authority("Our CA", ROOT, not_after=NOW + timedelta(days=20))
    old_root = pki.root("Old root", not_after=NOW + timedelta(days=5))
    leaf = pki.client(middle)
    ours = IdentityLabel(name="acme", sha256=leaf.sha256)
    then = kept_report(identity=ours, client_auth=ACCEPTED_WITH_OURS)
    assert said(again(then, own=(leaf, middle))).startswith(
        "The certificate of our CA Our CA will have expired"
    )
    assert again(then, own=(leaf, old_root)).verdict is not Verdict.FAIL


def test_a_sent_certificate_that_is_not_at_hand_leaves_another_day_open_and_today_alone() -> None:
    then = kept_report(identity=IDENTITY, client_auth=ACCEPTED_WITH_OURS)
    report = again(then)
    assert (report.verdict, report.is_open) == (Verdict.FAIL, True)
    assert said(report).startswith(
        "Not judged for 2027-01-19: the certificate that we sent is not on this desk"
    )
    today = again(then, None)
    assert (today.verdict, today.rejudged) == (then.verdict, None)


def test_an_expired_server_outweighs_our_own_certificate() -> None:
    report = again(kept_report(identity=OURS, client_auth=ACCEPTED_WITH_OURS), AFTER_ITS_END)
    assert report.explanation.cause == "server_cert_expired"
    assert report.rejudged is not None
    assert report.rejudged.own is OwnStanding.EXPIRED


def test_another_list_takes_trust_away_today() -> None:
    report = again(kept_report(), None, OTHER_JUDGE)
    assert (report.verdict, report.record.outcome) == (Verdict.FAIL, Outcome.UNTRUSTED_PEER)
    assert "theirs" in said(report) or "intermediate" in said(report)


def test_another_list_gives_trust_today_where_the_server_answered() -> None:
    report = again(kept_report(judge=OTHER_JUDGE), None)
    assert report.verdict is not Verdict.FAIL
    assert said(report) == "The server's certificate is trusted by the list ours."
    assert "It was tested on 2026-11-20" in evidence(report) or "When it was tested" in evidence(report)


def test_the_same_list_today_changes_nothing_but_what_counts_days() -> None:
    then = kept_report()
    assert again(then, None) == then
    near_its_end = again(then, None, now=NOW + timedelta(days=250))
    assert near_its_end.rejudged is None
    assert near_its_end.verdict is Verdict.WARN


def test_what_expired_since_the_test_fails_today() -> None:
    report = again(kept_report(), None, now=AFTER_ITS_END)
    assert (report.verdict, report.explanation.cause) == (Verdict.FAIL, "server_cert_expired")
    assert said(report) == "The server's certificate expired on 2027-08-12 12:00 UTC."


def test_our_certificate_that_expired_since_the_test_fails_today() -> None:
    report = again(kept_report(identity=OURS, client_auth=ACCEPTED_WITH_OURS), None, now=LATER)
    assert (report.verdict, report.explanation.cause) == (Verdict.FAIL, "client_cert_expired")
    assert said(report) == "Our certificate expired on 2026-12-20 12:00 UTC."


def test_a_failure_that_the_judge_cannot_look_at_again_is_kept() -> None:
    revoked = Finding(
        rule="REV-99", status=FindingStatus.FAIL, severity=Severity.BLOCKER, title=msg("Not revoked."),
        evidence=msg("It is revoked."), source="RFC 5280 6.3",
    )  # fmt: skip
    plain = kept_report(EXPIRED)
    judgement = plain.record.judgement
    assert judgement is not None
    judgement = replace(judgement, findings=(*judgement.findings, revoked))
    then = report_on(replace(plain.record, judgement=judgement))
    report = again(then, EARLIER)
    assert report.verdict is Verdict.FAIL
    assert revoked in report.findings
    assert said(report) == "It is revoked."


@pytest.mark.parametrize("at", [None, EARLIER, LATER])
def test_a_published_key_stays_one_where_the_list_of_keys_is_not_at_hand(at: datetime | None) -> None:
    """Not run is not judged again: want of the list makes no server trusted whose key anybody can have."""
    digest = read_details(SERVER.der).spki_sha256 or ""
    lists = [pki.trust_list(ROOT, called="ours")]
    then = kept_report(judge=PathJudge(lists, published_keys={digest: "PyPI example, key.pem"}))
    assert then.record.outcome is Outcome.UNTRUSTED_PEER
    report = again(then, at)
    assert (report.verdict, report.record.outcome) == (Verdict.FAIL, Outcome.UNTRUSTED_PEER)
    assert report.record.judgement is not None
    assert not report.record.judgement.trusted
    assert [one.status for one in report.findings if one.rule == "KEY-05"] == [FindingStatus.FAIL]
    assert "has been published" in said(report)


def test_what_passed_then_and_is_not_run_now_is_not_shown_as_a_pass() -> None:
    then = kept_report(judge=PathJudge([pki.trust_list(ROOT, called="ours")], published_keys={}))
    assert [one.status for one in then.findings if one.rule == "KEY-05"] == [FindingStatus.PASS]
    report = again(then, None)
    assert [one.status for one in report.findings if one.rule == "KEY-05"] == [FindingStatus.NOT_RUN]


def test_a_point_of_view_in_a_worker_process_knows_the_published_keys() -> None:
    viewpoint = Viewpoint(trust_lists=(pki.trust_list(ROOT, called="ours"),), at=None, now=NOW, own={})
    report = (
        Rejudgers(viewpoint)
        .of(Endpoint(id=1, partner="ACME", target=kept_report().record.target))
        .rejudge(kept_report())
    )
    assert [one.status for one in report.findings if one.rule == "KEY-05"] == [FindingStatus.PASS]


def test_findings_of_the_handshake_stay_those_of_then() -> None:
    then = kept_report(negotiated=TLS11)
    report = again(then)
    assert report.verdict is Verdict.FAIL
    assert [one for one in report.findings if one.rule.startswith("TLS-")] == [
        one for one in then.findings if one.rule.startswith("TLS-")
    ]


@pytest.mark.parametrize("reason", [None, *StopReason])
def test_how_an_untrusted_probe_ended_on_the_wire_is_told_by_what_stopped_it(
    reason: StopReason | None,
) -> None:
    ended_so = wire_outcome(record(outcome=Outcome.UNTRUSTED_PEER, stopped_by=reason))
    assert ended_so is not Outcome.UNTRUSTED_PEER
    assert (ended_so is Outcome.ACCEPTED) is (reason is None)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("at", [EARLIER, LATER, AFTER_ITS_END, None])
@pytest.mark.parametrize("sees_chain", [True, False])
def test_no_combination_is_green_without_an_answer_and_a_trusted_chain(
    outcome: Outcome, at: datetime | None, *, sees_chain: bool
) -> None:
    auths = (ClientAuth(), asked(sent=True), asked(), ACCEPTED_WITH_OURS)
    for server in (SERVER, EXPIRED):
        for reason in (None, *StopReason):
            for client_auth in auths:
                judgement = JUDGE.judge_server([server.der], HOST, NOW) if sees_chain else None
                made: ProbeRecord = record(
                    f"https://{HOST}", outcome=outcome, stopped_by=reason, client_auth=client_auth,
                    identity=OURS, judgement=judgement, presented_chain=(server.facts,) if sees_chain else (),
                    http=None,
                )  # fmt: skip
                report = again(report_on(made), at)
                wording("en").text(report.explanation.headline)
                if report.verdict is Verdict.FAIL:
                    continue
                shown: ServerJudgement | None = report.record.judgement
                assert shown is None or shown.trusted
                assert not report.is_open
                assert wire_outcome(made) is Outcome.ACCEPTED
                if at is not None:
                    assert shown is not None


def test_a_report_is_out_of_date_when_the_present_may_judge_it_otherwise() -> None:
    ours = pki.trust_list(ROOT, called="ours")
    plain = kept_report()
    with_ours = kept_report(identity=OURS, client_auth=ACCEPTED_WITH_OURS)

    def due(report: ProbeReport, days: int, trust_list: TrustList = ours) -> bool:
        own = {CLIENT.sha256: (CLIENT.facts,)}
        now = NOW + timedelta(days=days)
        return Freshness([trust_list], now, own).is_out_of_date(report)

    assert not due(plain, 0)
    assert not due(plain, 200)
    assert due(plain, 240), "it has come near its end"
    assert due(plain, 300), "it has ended"
    assert due(plain, 0, pki.trust_list(ROOT, called="theirs"))
    assert due(with_ours, 31), "ours has ended"
    short_lived = pki.root(not_after=NOW + timedelta(days=50))
    server, short_list = pki.server(short_lived), pki.trust_list(short_lived, called="ours")
    by_short = kept_report(server, PathJudge([short_list]))
    assert not due(by_short, 40, short_list)
    assert due(by_short, 60, short_list), "the anchor has ended"
    between = pki.authority("Between", ROOT, not_after=NOW + timedelta(days=50))
    with_it = replace(ours, intermediates=(between.facts,))
    by_list = kept_report(pki.server(between), PathJudge([with_it]))
    assert by_list.verdict is not Verdict.FAIL
    assert not due(by_list, 40, with_it)
    assert due(by_list, 60, with_it), "the intermediate that only the list held has ended"
    assert again(by_list, None, PathJudge([with_it]), now=NOW + timedelta(days=60)).verdict is Verdict.FAIL
    assert not due(report_on(ended(Outcome.NOT_REACHED, StopReason.REFUSED, Phase.CONNECT)), 300)


def test_a_list_of_the_same_name_without_the_anchor_makes_a_report_out_of_date() -> None:
    """A file that was opened again after a CA was taken out of it: what was trusted is not any more."""
    same_name = pki.trust_list(OTHER_ROOT, called="ours")
    report = kept_report()
    assert Freshness([same_name], NOW, {}).is_out_of_date(report)
    assert not Freshness([pki.trust_list(ROOT, called="ours")], NOW, {}).is_out_of_date(report)
    assert again(report, None, PathJudge([same_name])).verdict is Verdict.FAIL


@pytest.mark.parametrize("days", range(0, 320, 20))
def test_what_is_not_out_of_date_is_judged_as_it_was_tested(days: int) -> None:
    now = NOW + timedelta(days=days)
    for report in (
        kept_report(),
        kept_report(EXPIRED),
        kept_report(identity=OURS, client_auth=ACCEPTED_WITH_OURS),
    ):
        freshness = Freshness([pki.trust_list(ROOT, called="ours")], now, {CLIENT.sha256: (CLIENT.facts,)})
        judged = again(report, None, now=now)
        is_due = freshness.is_out_of_date(report)
        assert is_due or (
            (judged.verdict, judged.explanation.cause) == (report.verdict, report.explanation.cause)
        )
        if days < 30:
            assert not is_due, "nothing ends before"
