"""The renewal planner: phases of the public web's limits, and what to do about our certificates by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.identity_samples import FAKE_NOW, sample_identity, sample_view
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.identity import IdentityView, PurposeVerdict, Usable
from trustdesk.core.message import msg
from trustdesk.core.renewal import RenewalPlan, StepKind
from trustdesk.services.renewal_plan import limit_phases, renewal_plan
from trustdesk.services.wording import wording

AT = FAKE_NOW  # 2026-11-20
NOT_MEANT = PurposeVerdict(usable=Usable.NOT_MEANT, why=msg("Not meant."))
YES = PurposeVerdict(usable=Usable.YES, why=msg("Yes."))


def view(
    name: str,
    days: int | None,
    *,
    public: bool | None = False,
    length: int = 200,
    client: PurposeVerdict = YES,
    followed: bool = False,
) -> IdentityView:
    ends = None if days is None else AT + timedelta(days=days)
    facts = CertificateFacts(
        der=b"",
        sha256=name.encode().hex().ljust(64, "0"),
        not_before=None if ends is None else ends - timedelta(days=length),
        not_after=ends,
    )
    identity = sample_identity(name, facts)
    if followed:
        identity = replace(identity, renewed_by=f"{name}-next")
    return sample_view(
        identity,
        client=client,
        server=NOT_MEANT if client is YES else YES,
        publicly_trusted=public,
        one_record_ids=("https://1r.example/A",) if client is YES else (),
    )


def said(plan: RenewalPlan) -> list[tuple[StepKind, str, str]]:
    say = wording().text
    return [(one.kind, say(one.title), say(one.why)) for one in plan.steps]


def test_the_phases_follow_each_other_without_a_gap() -> None:
    phases = limit_phases()
    assert [one.days for one in phases] == [398, 200, 100, 47]
    assert [one.ends for one in phases[:-1]] == [one.begins for one in phases[1:]]
    assert phases[-1].ends is None
    assert [one.days for one in phases if one.is_at(AT)] == [200]
    boundary = datetime(2027, 3, 15, tzinfo=UTC)
    assert [one.days for one in phases if one.is_at(boundary)] == [100]
    assert [one.days for one in phases if one.is_at(boundary - timedelta(seconds=1))] == [200]


def test_what_is_near_or_over_comes_first_and_once() -> None:
    plan = renewal_plan(
        [view("later", 300), view("soon", 22), view("gone", -2), view("followed", 3, followed=True)], AT
    )
    assert said(plan) == [
        (StepKind.ENDED, "gone expired 2 days ago", "Same names, purpose ONE Record client"),
        (StepKind.NEAR, "soon expires in 22 days", "Same names, purpose ONE Record client"),
    ]


def test_the_last_day_of_a_phase_is_planned_for_public_certificates_alone() -> None:
    views = [
        view("private", 150),
        view("edge", 70, public=True, client=NOT_MEANT),
        view("mq", 100, public=True, client=NOT_MEANT),
        view("lasting", 390, public=True, length=398, client=NOT_MEANT),  # it outlives what could be had
    ]
    plan = renewal_plan(views, AT)
    assert said(plan) == [
        (
            StepKind.BEFORE_RULE,
            "Renew 2 public certificates by 2027-03-14",
            "Last day for 200 days from a public CA",
        )
    ]
    assert plan.steps[0].identities == ("edge", "mq")


def test_client_certificates_of_public_cas_need_another_ca() -> None:
    plan = renewal_plan([view("client", 150, public=True)], AT)
    assert said(plan) == [
        (
            StepKind.BEFORE_RULE,
            "Renew 1 public certificate by 2027-03-14",
            "Last day for 200 days and for clientAuth from a public CA",
        ),
        (
            StepKind.ANOTHER_CA,
            "1 client certificate needs another CA",
            "client: public CAs issue no clientAuth from 2027-03-15 on",
        ),
    ]


def test_after_the_sunset_nobody_is_told_to_renew_a_client_certificate_as_it_is() -> None:
    at = datetime(2027, 6, 1, tzinfo=UTC)
    plan = renewal_plan([view("client", 200, public=True)], at)  # it ends on 2027-06-08
    assert said(plan) == [
        (
            StepKind.NEAR,
            "client expires in 7 days",
            "Public CAs issue no clientAuth any more: another CA has to issue it",
        ),
        (
            StepKind.ANOTHER_CA,
            "1 client certificate needs another CA",
            "client: public CAs issue no clientAuth since 2027-03-15",
        ),
    ]


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        (datetime(2026, 1, 10, tzinfo=UTC), 100, ["2026-03-14"]),  # the last of 398 days
        (datetime(2027, 4, 1, tzinfo=UTC), 250, []),  # the next rule is two years off
    ],
)
def test_rules_of_other_days_have_their_own_last_day(at: datetime, days: int, expected: list[str]) -> None:
    found = renewal_plan([view("edge", days, public=True, client=NOT_MEANT)], at).steps
    assert [f"{one.by:%Y-%m-%d}" for one in found if one.kind is StepKind.BEFORE_RULE] == expected


def test_of_what_nobody_knows_it_is_said_so_and_nothing_planned() -> None:
    plan = renewal_plan([view("unclear", 70, public=None), view("broken", None, public=True)], AT)
    assert (plan.steps, plan.not_known) == ((), ("unclear",))
