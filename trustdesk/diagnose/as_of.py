"""In words: how a probe that was made earlier stands at another instant.

What happened on the wire is told as of the day of the test. Only certificates are judged for the instant:
what a partner will answer on that day nobody knows, so no sentence here promises it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Explanation, Outcome, OwnStanding, ProbeRecord, Responsible
from trustdesk.core.trust import ServerFault
from trustdesk.diagnose.causes import Cause
from trustdesk.diagnose.explain import explain
from trustdesk.diagnose.rule_file import RuleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The instant that is judged for, as the sentences need it.

    Attributes:
        at: the instant.
        now: the present; what lies after it "will have" happened.
        is_chosen: whether a person chose it; False: it is the present.
    """

    at: datetime
    now: datetime
    is_chosen: bool

    @property
    def day(self) -> str:
        """The UTC date, as 2027-03-01."""
        return day_of(self.at)


def day_of(at: datetime) -> str:
    """Return the UTC date of an instant, as 2027-03-01."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def server_untrusted(
    record: ProbeRecord, findings: Sequence[Finding], moment: Moment, rules: RuleBook
) -> Explanation:
    """Explain a server that is not trusted at the instant; `record` holds the judgement for it."""
    plain = explain(replace(record, outcome=Outcome.UNTRUSTED_PEER), findings, rules=rules)
    faults = record.judgement.faults if record.judgement is not None else ()
    if moment.is_chosen and faults:
        plain = _dated(plain, faults[0], record.presented_chain[0], moment)
    return _with(plain, when_tested(record))


def _dated(plain: Explanation, fault: ServerFault, server: CertificateFacts, moment: Moment) -> Explanation:
    """Put a fault of dates into the tense of its day; advice about this machine's clock is out of place."""
    match fault:
        case ServerFault.EXPIRED if server.not_after is not None and server.not_after > moment.now:
            return replace(
                plain,
                headline=msg(
                    "The server's certificate will have expired on {not_after}.", not_after=server.not_after
                ),
                action=msg("The partner has to install a renewed certificate before that."),
            )
        case ServerFault.NOT_YET_VALID if server.not_before is not None:
            return replace(
                plain,
                responsible=Responsible.NOBODY if moment.at <= moment.now else plain.responsible,
                headline=msg(
                    "On {day} the server's certificate is not valid yet; it begins on {not_before}.",
                    day=moment.day,
                    not_before=server.not_before,
                ),
                action=None,
            )
        case ServerFault.INTERMEDIATE_EXPIRED:
            return replace(
                plain,
                headline=msg(
                    "On {day} a CA certificate above the server's is outside its validity.", day=moment.day
                ),
            )
    return plain


def server_trusted(
    record: ProbeRecord,
    findings: Sequence[Finding],
    moment: Moment,
    own: OwnStanding,
    *,
    was_trusted: bool,
    rules: RuleBook,
) -> Explanation:
    """Explain a server that answered and is trusted at the instant.

    Args:
        record: with outcome ACCEPTED and the judgement for the instant.
        own: our certificate at the instant.
        was_trusted: whether the server was trusted when it was tested.
    """
    then = explain(record, findings, rules=rules)
    if then.cause != Cause.NONE.value:
        return _with(then, when_tested(record), _trusted(record, moment))
    if was_trusted and not moment.is_chosen:
        return then
    headline = _trusted(record, moment) if was_trusted else _would_be_trusted(record, moment)
    ours = msg("Our certificate is valid on {day}.", day=moment.day) if own is OwnStanding.IN_FORCE else None
    return _with(
        replace(then, headline=headline, evidence=()),
        when_tested(record, then.headline),
        ours,
        *then.evidence,
    )


def what_was_found_stays(then: Explanation, found: Finding, record: ProbeRecord) -> Explanation:
    """Explain a server that is not trusted for something that cannot be looked at again.

    Args:
        then: how it was explained when it was tested.
        found: what was found then.
    """
    return _with(replace(then, headline=found.evidence), when_tested(record))


def rejection_stays(then: Explanation, record: ProbeRecord, moment: Moment) -> Explanation:
    """Explain a probe that the peer ended: that is what happened, whoever trusts the server on which day.

    Args:
        then: how it was explained when it was tested.
        record: with the judgement for the instant.
    """
    trusted = record.judgement is not None and record.judgement.trusted
    also = _trusted(record, moment) if trusted else _untrusted(record, moment)
    return _with(then, when_tested(record), also if moment.is_chosen or not trusted else None)


def own_certificate_fails(
    record: ProbeRecord, own: OwnStanding, broken: CertificateFacts, moment: Moment
) -> Explanation:
    """Explain that our certificate, or a CA's above it, is outside its validity at the instant.

    Args:
        broken: the certificate of our path that is.
    """
    ours = record.identity is not None and broken.sha256 == record.identity.sha256
    if own is OwnStanding.NOT_YET_VALID:
        cause, begins = Cause.CLIENT_CERT_NOT_YET_VALID, broken.not_before or moment.at
        headline = (
            msg(
                "On {day} our certificate is not valid yet; it begins on {not_before}.",
                day=moment.day,
                not_before=begins,
            )
            if ours
            else msg(
                "On {day} the certificate of our CA {ca} is not valid yet; it begins on {not_before}.",
                day=moment.day,
                ca=broken.title,
                not_before=begins,
            )
        )
        action = None
    else:
        cause, ends = Cause.CLIENT_CERT_EXPIRED, broken.not_after or moment.at
        headline = _own_expired(ours, broken, ends, moment)
        action = (
            msg("Renew our certificate, and tell the partner if it keeps a copy.")
            if ours
            else msg("Get the renewed certificate of our CA, and install it beside ours.")
        )
    return Explanation(
        cause=cause.value,
        responsible=Responsible.US if action is not None else Responsible.NOBODY,
        headline=headline,
        action=action,
        evidence=(when_tested(record), msg("Our certificate was sent.")),
    )


def _own_expired(ours: bool, broken: CertificateFacts, ends: datetime, moment: Moment) -> Message:
    if ends > moment.now:
        if ours:
            return msg("Our certificate will have expired on {not_after}.", not_after=ends)
        return msg(
            "The certificate of our CA {ca} will have expired on {not_after}.",
            ca=broken.title,
            not_after=ends,
        )
    if ours:
        return msg("Our certificate expired on {not_after}.", not_after=ends)
    return msg("The certificate of our CA {ca} expired on {not_after}.", ca=broken.title, not_after=ends)


def own_certificate_unknown(record: ProbeRecord, moment: Moment) -> Explanation:
    """Explain that the dates of the certificate that was sent are not known here."""
    return _open(
        record,
        msg("Not judged for {day}: the certificate that we sent is not on this desk.", day=moment.day),
        msg("Open the client certificate, and judge again."),
        _trusted(record, moment),
    )


def kept_back(record: ProbeRecord, moment: Moment) -> Explanation:
    """Explain that the server is trusted now, and our certificate was not sent to it when it was not."""
    return _open(
        record,
        msg("The server's certificate is trusted; ours was kept back when it was tested.")
        if not moment.is_chosen
        else msg(
            "For {day} the server's certificate is trusted; ours was kept back when it was tested.",
            day=moment.day,
        ),
        msg("Test it again."),
    )


def broker_not_asked(record: ProbeRecord, moment: Moment) -> Explanation:
    """Explain that a broker is trusted now, and was asked nothing when it was not."""
    return _open(
        record,
        msg("The broker's certificate is trusted; nothing was asked of it when it was tested.")
        if not moment.is_chosen
        else msg(
            "For {day} the broker's certificate is trusted; nothing was asked of it when it was tested.",
            day=moment.day,
        ),
        msg("Test it again."),
    )


def staple_unknown(record: ProbeRecord, moment: Moment) -> Explanation:
    """Explain that nobody knows what a server that has to staple will staple on another day."""
    return _open(
        record,
        msg(
            "Not judged for {day}: the certificate demands a stapled OCSP response, and nobody knows what "
            "the server will staple then.",
            day=moment.day,
        ),
        msg("Test it again on that day."),
    )


def nothing_seen(then: Explanation, record: ProbeRecord, moment: Moment) -> Explanation:
    """Explain that there is nothing that could be judged for the instant.

    Args:
        then: how it was explained when it was tested.
    """
    seen = bool(record.presented_chain)
    headline = (
        msg("Not judged for {day}: the test did not end in an answer.", day=moment.day)
        if seen and record.judgement is not None
        else msg("Not judged for {day}: no certificate was judged when it was tested.", day=moment.day)
    )
    also = _trusted(record, moment) if seen and record.judgement is not None else None
    return _open(record, headline, msg("Test it again."), also, told=then.headline)


def when_tested(record: ProbeRecord, said: Message | None = None) -> Message:
    """Say when the test was, and what came of it; None leaves that out."""
    if said is None:
        return msg("It was tested on {day}.", day=day_of(record.started_at))
    return msg("When it was tested, on {day}: {said}", day=day_of(record.started_at), said=said)


def _open(
    record: ProbeRecord,
    headline: Message,
    action: Message,
    *evidence: Message | None,
    told: Message | None = None,
) -> Explanation:
    explanation = Explanation(
        cause=Cause.NONE.value, responsible=Responsible.NOBODY, headline=headline, action=action
    )
    return _with(explanation, when_tested(record, told), *evidence)


def _trusted(record: ProbeRecord, moment: Moment) -> Message:
    name = record.judgement.trust_list if record.judgement is not None else ""
    if moment.is_chosen:
        return msg(
            "For {day} the server's certificate is trusted by the list {list}.", day=moment.day, list=name
        )
    return msg("The server's certificate is trusted by the list {list}.", list=name)


def _would_be_trusted(record: ProbeRecord, moment: Moment) -> Message:
    name = record.judgement.trust_list if record.judgement is not None else ""
    if moment.is_chosen and moment.at < moment.now:
        return msg(
            "On {day} the server's certificate would have been trusted by the list {list}.",
            day=moment.day,
            list=name,
        )
    if moment.is_chosen:
        return msg(
            "On {day} the server's certificate would be trusted by the list {list}.",
            day=moment.day,
            list=name,
        )
    return msg("The server's certificate is trusted by the list {list}.", list=name)


def _untrusted(record: ProbeRecord, moment: Moment) -> Message:
    name = record.judgement.trust_list if record.judgement is not None else ""
    if moment.is_chosen:
        return msg(
            "For {day} the server's certificate is not trusted by the list {list} either.",
            day=moment.day,
            list=name,
        )
    return msg("The server's certificate is not trusted by the list {list} either.", list=name)


def _with(explanation: Explanation, *evidence: Message | None) -> Explanation:
    told = [
        one for one in (*evidence, *explanation.evidence) if one is not None and one != explanation.headline
    ]
    return replace(explanation, evidence=tuple(dict.fromkeys(told)))
