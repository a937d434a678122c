"""What a judge takes of lists and decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support import pki
from tests.support.kept_lists import a_distrust, a_limit, a_version, an_entry
from tests.support.pki import HOST, NOW, Issued
from trustdesk.core.trust import AnchorLimits, ServerFault, ServerJudgement, TrustList
from trustdesk.core.trust_entry import (
    AnchorMode,
    AppliesTo,
    Distrust,
    EntryStatus,
    StatusChange,
    Usage,
)
from trustdesk.core.verification import Purpose
from trustdesk.services.lists_in_force import judgeable, vouching, with_decisions
from trustdesk.services.wording import wording
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.path_verifier import PathVerifier

DAY = timedelta(days=1)
ROOT = pki.root("Root")
ISSUING = pki.authority("Issuing", ROOT)
SERVER = pki.server(ISSUING)
CLIENT = pki.client(ISSUING)
SENT = (SERVER, ISSUING)


def judged(
    *lists: TrustList, sent: Sequence[Issued] = SENT, after: timedelta = timedelta()
) -> ServerJudgement:
    return PathJudge(lists).judge_server([one.der for one in sent], HOST, NOW + after)


def client_is_trusted(*lists: TrustList) -> bool:
    verifier = PathVerifier(lists)
    return verifier.verify(CLIENT.der, [ISSUING.der], purpose=Purpose.CLIENT, at=NOW).trusted


def why(judgement: ServerJudgement) -> str:
    (found,) = (one for one in judgement.findings if one.rule == "SRV-17")
    return wording("en").text(found.evidence)


def test_root_of_a_list_vouches_and_the_judgement_names_the_list() -> None:
    listed = judgeable(a_version(ROOT, number=3))
    assert judged(listed).trusted
    assert judged(listed).trust_list == "partners"
    assert (listed.version, listed.anchors, listed.limited) == (3, (ROOT.facts,), ())


@pytest.mark.parametrize("status", EntryStatus)
def test_only_trusted_vouches(status: EntryStatus) -> None:
    since = EntryStatus.TRUSTED_UNTIL
    until = Distrust(tls_after=NOW) if status is since else Distrust()
    entry = an_entry(ROOT, status=status, distrust=until)
    judgement = judged(judgeable(a_version(entry)))
    assert judgement.trusted is (status in {EntryStatus.TRUSTED, EntryStatus.TRUSTED_UNTIL})
    if not judgement.trusted:
        assert judgement.faults == (ServerFault.DISTRUSTED,)


@pytest.mark.parametrize(
    ("status", "for_all"),
    [
        (EntryStatus.DISTRUSTED, True),
        (EntryStatus.WITHDRAWN, True),
        (EntryStatus.SUSPENDED, True),
        (EntryStatus.PENDING, False),
        (EntryStatus.UNKNOWN, False),
    ],
)
def test_what_one_list_distrusts_another_in_force_does_not_trust(status: EntryStatus, for_all: bool) -> None:
    against = judgeable(a_version(an_entry(ROOT, status=status), name="against"))
    trusting = pki.trust_list(ROOT, called="web")
    assert judged(against, trusting).trusted is not for_all
    assert judged(trusting, against).trusted is not for_all


def test_status_is_said_with_its_date_and_reason() -> None:
    change = StatusChange(status=EntryStatus.WITHDRAWN, since=NOW, reason="audit overdue", source="ACME")
    entry = an_entry(ROOT, status=EntryStatus.WITHDRAWN, history=(change,))
    said = why(judged(judgeable(a_version(entry))))
    assert "withdrawn since 2026-11-20" in said
    assert "audit overdue" in said


def test_trusted_until_a_date_that_is_not_given_is_not_trusted() -> None:
    entry = an_entry(ROOT, status=EntryStatus.TRUSTED_UNTIL)
    assert "does not say which" in why(judged(judgeable(a_version(entry))))


def test_date_of_distrust_is_compared_with_the_start_of_the_servers_validity() -> None:
    issued = SERVER.facts.not_before
    assert issued is not None
    for status in (EntryStatus.TRUSTED, EntryStatus.TRUSTED_UNTIL):
        until = [
            judgeable(a_version(an_entry(ROOT, status=status, distrust=Distrust(tls_after=date))))
            for date in (issued, issued - DAY)
        ]
        assert judged(until[0]).trusted
        assert judged(until[1]).faults == (ServerFault.DISTRUSTED,)
        assert judged(until[0], after=200 * DAY).trusted


def test_date_of_distrust_holds_though_another_list_in_force_lost_it() -> None:
    dated = judgeable(a_version(an_entry(ROOT, distrust=Distrust(tls_after=NOW - 200 * DAY)), name="dated"))
    assert not judged(pki.trust_list(ROOT, called="bundle"), dated).trusted


def test_date_that_applies_to_now_ends_all_trust_on_that_day() -> None:
    entry = an_entry(ROOT, distrust=Distrust(tls_after=NOW + 10 * DAY, applies_to=AppliesTo.NOW))
    listed = judgeable(a_version(entry))
    bundle = pki.trust_list(ROOT, called="bundle")
    assert judged(listed, after=9 * DAY).trusted
    assert judged(listed, after=10 * DAY).faults == (ServerFault.DISTRUSTED,)
    assert judged(bundle, listed, after=9 * DAY).trusted
    assert not judged(bundle, listed, after=10 * DAY).trusted


@pytest.mark.parametrize(
    ("usages", "server", "client"),
    [
        (None, True, True),
        (frozenset({Usage.TLS_SERVER}), True, False),
        (frozenset({Usage.TLS_CLIENT}), False, True),
        (frozenset({Usage.IDP_SIGNING, Usage.EMAIL}), False, False),
        (frozenset[Usage](), False, False),
    ],
)
def test_usages(usages: frozenset[Usage] | None, server: bool, client: bool) -> None:
    listed = judgeable(a_version(an_entry(ROOT, usages=usages)))
    assert judged(listed).trusted is server
    assert client_is_trusted(listed) is client


def test_constraints_bind() -> None:
    elsewhere = AnchorLimits(permitted_names=("DNS:elsewhere.example",))
    assert not judged(judgeable(a_version(an_entry(ROOT, constraints=elsewhere)))).trusted
    assert judged(
        judgeable(a_version(an_entry(ROOT, constraints=replace(elsewhere, permitted_names=("DNS:example",)))))
    ).trusted


def test_end_entity_is_no_anchor_and_an_entry_without_certificate_neither() -> None:
    named = replace(an_entry(ROOT), certificate=None)
    listed = judgeable(a_version(an_entry(SERVER), named))
    assert listed.trust_anchors == ()
    assert {one.certificate.sha256 for one in listed.left_out} == {SERVER.sha256, ROOT.sha256}
    reasons = " ".join(wording("en").text(one.reason) for one in listed.left_out)
    assert "vouches for nobody" in reasons
    assert "by its digest alone" in reasons
    assert not judged(listed).trusted


def test_entry_without_certificate_that_is_distrusted_still_distrusts() -> None:
    named = replace(an_entry(ISSUING), certificate=None, status=EntryStatus.DISTRUSTED)
    assert not judged(pki.trust_list(ROOT), judgeable(a_version(named))).trusted


def test_intermediate_ends_paths_only_where_the_list_allows_it() -> None:
    for mode, trusted in (
        (AnchorMode.NOT_ANCHOR, False),
        (AnchorMode.FULL_CHAIN, False),
        (AnchorMode.PARTIAL_CHAIN_ALLOWED, True),
    ):
        listed = judgeable(a_version(an_entry(ISSUING, anchor_mode=mode)))
        assert judged(listed).trusted is trusted
        helped = judged(listed, pki.trust_list(ROOT), sent=[SERVER])
        assert helped.trusted


def test_pending_intermediate_helps_nobody() -> None:
    listed = judgeable(a_version(an_entry(ISSUING, status=EntryStatus.PENDING)))
    assert listed.intermediates == ()
    assert not judged(listed, pki.trust_list(ROOT), sent=[SERVER]).trusted


# --- decisions -------------------------------------------------------------------------------------------


def lists_with(*decisions: object) -> list[TrustList]:
    return [
        judgeable(a_version(ROOT), decisions),  # type: ignore[arg-type]
        with_decisions(pki.trust_list(ROOT), decisions),  # type: ignore[arg-type]
    ]


def test_local_distrust_wins_over_every_list() -> None:
    for listed in lists_with(a_distrust(ISSUING)):
        judgement = judged(listed)
        assert judgement.faults == (ServerFault.DISTRUSTED,)
        assert "Decided here by ann on 2026-11-19" in why(judgement)
        assert why(judgement).endswith("It was broken into.")


@pytest.mark.parametrize("sealed", [True, False, None])
def test_seal_takes_nothing_from_a_distrust_or_a_limit(sealed: bool | None) -> None:
    for decision in (a_distrust(ROOT, sealed=sealed), a_limit(ROOT, Usage.TLS_CLIENT, sealed=sealed)):
        assert not any(judged(listed).trusted for listed in lists_with(decision))


def test_distrust_that_expires_is_over_at_the_judged_instant() -> None:
    for listed in lists_with(a_distrust(ROOT, expires=NOW + 10 * DAY)):
        assert not judged(listed).trusted
        assert not judged(listed, after=9 * DAY).trusted
        assert judged(listed, after=10 * DAY).trusted


def test_decision_that_is_over_is_left_out_of_a_list_for_an_instant() -> None:
    decision = a_distrust(ROOT, expires=NOW + DAY)
    assert judgeable(a_version(ROOT), [decision], NOW).distrusted
    assert not judgeable(a_version(ROOT), [decision], NOW + DAY).distrusted
    assert not with_decisions(pki.trust_list(ROOT), [decision], NOW + DAY).distrusted


def test_limit_narrows_and_never_widens() -> None:
    for listed in lists_with(a_limit(ROOT, Usage.TLS_CLIENT)):
        assert not judged(listed).trusted
        assert client_is_trusted(listed)
    of_clients = an_entry(ROOT, usages=frozenset({Usage.TLS_CLIENT}))
    widened = judgeable(a_version(of_clients), [a_limit(ROOT, Usage.TLS_SERVER, Usage.TLS_CLIENT)])
    assert not judged(widened).trusted
    assert client_is_trusted(widened)
    nothing = judgeable(a_version(of_clients), [a_limit(ROOT, Usage.TLS_SERVER)])
    assert not client_is_trusted(nothing)


def test_limit_holds_below_another_root_too() -> None:
    """The limited CA stands in the middle of the path, and in a cross-certificate of its key."""
    limit = a_limit(ISSUING, Usage.TLS_CLIENT)
    listed = with_decisions(pki.trust_list(ROOT), [limit])
    assert judged(listed).faults == (ServerFault.DISTRUSTED,)
    assert "to clients" in why(judged(listed))
    assert client_is_trusted(listed)


def test_limit_that_expires() -> None:
    listed = with_decisions(pki.trust_list(ROOT), [a_limit(ROOT, expires=NOW + DAY)])
    assert "to nothing" in why(judged(listed))
    assert judged(listed, after=DAY).trusted


def test_anchors_that_vouch_at_an_instant() -> None:
    other = pki.root("Other")
    gone = an_entry(other, distrust=Distrust(tls_after=NOW + DAY, applies_to=AppliesTo.NOW))
    listed = judgeable(a_version(ROOT, gone), [a_distrust(ROOT, expires=NOW + DAY)])
    assert vouching(listed, NOW) == {other.sha256}
    assert vouching(listed, NOW + DAY) == {ROOT.sha256}
    assert vouching(judgeable(a_version(an_entry(ROOT, status=EntryStatus.PENDING))), NOW) == frozenset()
