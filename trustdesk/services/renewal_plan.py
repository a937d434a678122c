"""Plans renewals of our own certificates by their ends and by the rules of the public web that are to come.

Of partners' certificates nothing is planned: they renew their own. Decisions:
- 2026-11: an identity that another follows is not planned for, and one that is near its end stands in its
  own step only: what is renewed now is not waited for.
- 2026-11: what is bound by the public web's rules is known from its issuer chain (`publicly_trusted`); where
  that is not known, the plan says so and plans nothing by those rules.

Source: CA/Browser Forum TLS Baseline Requirements 6.3.2; Chrome Root Program Policy 1.3.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from trustdesk.core.expiry import Nearness, nearness
from trustdesk.core.identity import IdentityView, Usable
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.renewal import (
    CLIENT_AUTH_SOURCE,
    LIMITS_SOURCE,
    LimitPhase,
    RenewalPlan,
    RenewalStep,
    StepKind,
)
from trustdesk.core.workspace_settings import ExpiryThresholds
from trustdesk.verify.profiles.lifetime import CLIENT_AUTH_ENDS, web_limits

_FIRST_SHOWN = 398
_AHEAD = timedelta(days=366)
"""How long before a rule begins it is planned for."""
_DAY = timedelta(days=1)


def limit_phases() -> tuple[LimitPhase, ...]:
    """Return the phases from that of 398 days on, the oldest first."""
    known = [one for one in web_limits() if one[1] <= _FIRST_SHOWN]
    ends = [*(begins for begins, _days in known[1:]), None]
    return tuple(
        LimitPhase(days=days, begins=begins, ends=end)
        for (begins, days), end in zip(known, ends, strict=True)
    )


def renewal_plan(
    views: Sequence[IdentityView], at: datetime, thresholds: ExpiryThresholds | None = None
) -> RenewalPlan:
    """Return what there is to do.

    Args:
        views: identities as they stand at `at`.
        thresholds: when an end counts as near; None for the usual ones.
    """
    phases = limit_phases()
    open_ones = sorted(
        (one for one in views if one.identity.renewed_by is None and _end(one) is not None), key=_by_end
    )
    near = [one for one in open_ones if _nearness(one, at, thresholds or ExpiryThresholds()) is not None]
    public = [one for one in open_ones if one.publicly_trusted and one not in near]
    steps = [
        *(_of_near(one, at) for one in near),
        *_before_rule(public, at, phases),
        *_another_ca([one for one in open_ones if one.publicly_trusted], at),
    ]
    return RenewalPlan(
        at=at,
        phases=phases,
        steps=tuple(steps),
        not_known=tuple(one.identity.name for one in open_ones if one.publicly_trusted is None),
    )


def _of_near(view: IdentityView, at: datetime) -> RenewalStep:
    end, name = _end_of(view), view.identity.name
    if end < at:
        days = (at.astimezone(UTC).date() - end.astimezone(UTC).date()).days
        title = (
            msg_n("{name} expired {count} day ago", "{name} expired {count} days ago", days, name=name)
            if days
            else msg("{name} expired today", name=name)
        )
    else:
        days = (end.astimezone(UTC).date() - at.astimezone(UTC).date()).days
        title = (
            msg_n("{name} expires in {count} day", "{name} expires in {count} days", days, name=name)
            if days
            else msg("{name} expires today", name=name)
        )
    return RenewalStep(
        kind=StepKind.ENDED if end < at else StepKind.NEAR,
        identities=(name,),
        by=end,
        title=title,
        why=_how(view, at),
    )


def _how(view: IdentityView, at: datetime) -> Message:
    if view.publicly_trusted and _is_client(view) and at >= CLIENT_AUTH_ENDS:
        return msg("Public CAs issue no clientAuth any more: another CA has to issue it")
    return msg("Same names, purpose {purpose}", purpose=_purpose(view))


def _before_rule(
    public: Sequence[IdentityView], at: datetime, phases: Sequence[LimitPhase]
) -> Iterator[RenewalStep]:
    """Yield the last day of the phase in force, for those that would be renewed in a shorter one."""
    phase = next((one for one in phases if one.is_at(at)), None)
    if phase is None or phase.ends is None or phase.ends - at > _AHEAD:
        return
    last_day = phase.ends - _DAY
    # One that lives longer than what could be had on the last day gains nothing from it.
    gain = [one for one in public if _end_of(one) < last_day + timedelta(days=phase.days)]
    if not gain:
        return
    for_clients = any(map(_is_client, gain)) and at < CLIENT_AUTH_ENDS <= phase.ends
    why = (
        msg("Last day for {days} days and for clientAuth from a public CA", days=phase.days)
        if for_clients
        else msg("Last day for {days} days from a public CA", days=phase.days)
    )
    yield RenewalStep(
        kind=StepKind.BEFORE_RULE,
        identities=tuple(one.identity.name for one in gain),
        by=last_day,
        title=msg_n(
            "Renew {count} public certificate by {date}",
            "Renew {count} public certificates by {date}",
            len(gain),
            date=f"{last_day.astimezone(UTC):%Y-%m-%d}",
        ),
        why=why,
        source=f"{LIMITS_SOURCE}; {CLIENT_AUTH_SOURCE}" if for_clients else LIMITS_SOURCE,
    )


def _another_ca(public: Sequence[IdentityView], at: datetime) -> Iterator[RenewalStep]:
    """Yield that client certificates of public CAs have no successor there."""
    clients = [one for one in public if _is_client(one)]
    if not clients or CLIENT_AUTH_ENDS - at > _AHEAD:
        return
    names = tuple(one.identity.name for one in clients)
    date = f"{CLIENT_AUTH_ENDS:%Y-%m-%d}"
    why = (
        msg("{names}: public CAs issue no clientAuth from {date} on", names=listed(names), date=date)
        if at < CLIENT_AUTH_ENDS
        else msg("{names}: public CAs issue no clientAuth since {date}", names=listed(names), date=date)
    )
    yield RenewalStep(
        kind=StepKind.ANOTHER_CA,
        identities=names,
        by=max(CLIENT_AUTH_ENDS, _end_of(clients[0])),
        title=msg_n(
            "{count} client certificate needs another CA",
            "{count} client certificates need another CA",
            len(clients),
        ),
        why=why,
        source=CLIENT_AUTH_SOURCE,
    )


def _nearness(view: IdentityView, at: datetime, thresholds: ExpiryThresholds) -> Nearness | None:
    certificate = view.identity.certificate
    found = nearness(certificate.not_before, certificate.not_after, at, thresholds)
    return None if found is Nearness.LATER else found


def _is_client(view: IdentityView) -> bool:
    return view.client.usable is not Usable.NOT_MEANT


def _purpose(view: IdentityView) -> Message:
    is_client = view.client.usable is not Usable.NOT_MEANT
    is_server = view.server.usable is not Usable.NOT_MEANT
    if is_client and is_server:
        return msg("client and server")
    if is_server:
        return msg("server")
    return msg("ONE Record client") if view.one_record_ids else msg("client")


def _end(view: IdentityView) -> datetime | None:
    return view.identity.certificate.not_after


def _end_of(view: IdentityView) -> datetime:
    end = _end(view)
    if end is None:
        raise AssertionError("without an end it is not planned for")
    return end


def _by_end(view: IdentityView) -> tuple[datetime, str]:
    return _end_of(view), view.identity.name.casefold()
