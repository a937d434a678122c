"""What a trust list says of its anchor: it binds whatever the anchor's own certificate says."""

from __future__ import annotations

from datetime import timedelta

from trustdesk.core.message import Message, listed, msg
from trustdesk.core.verification import Purpose, RuleKind
from trustdesk.verify.path_sources import Anchor
from trustdesk.verify.rules.rule import (
    ANCHOR,
    NOT_ASKED,
    Outcome,
    PathContext,
    Rule,
    failed,
    not_applicable,
    not_run,
    passed,
)


def distrusted(context: PathContext, _: int) -> Outcome:
    """anchor.distrusted."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    if anchor.trust.distrusted:
        return failed(
            _with_why(
                anchor,
                msg(
                    "{anchor} is marked as distrusted on the list {list}.",
                    anchor=_title(anchor),
                    list=anchor.list_name,
                ),
            )
        )
    return _TRUSTED


def ends(context: PathContext, _: int) -> Outcome:
    """anchor.ends: the date is compared with the instant that is judged for."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    limit = anchor.trust.ends
    if limit is None:
        return _NO_END
    if context.at >= limit:
        return failed(
            _with_why(
                anchor,
                msg(
                    "The list {list} trusts {anchor} only until {limit}; judged for {at}.",
                    list=anchor.list_name,
                    anchor=_title(anchor),
                    limit=limit,
                    at=context.at,
                ),
            )
        )
    return passed(msg("The list trusts it until {limit}.", limit=limit))


def distrust_after(context: PathContext, _: int) -> Outcome:
    """anchor.distrust_after: the date is compared with the end entity's notBefore, not with today."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    limit = anchor.trust.distrust_after
    if limit is None:
        return _NO_DATE
    begins = context.path[0].facts.not_before
    if begins is None:
        return failed(msg("The start of the end entity's validity cannot be read."))
    if begins > limit:
        return failed(
            _with_why(
                anchor,
                msg(
                    "{subject} is valid from {not_before}; the list {list} trusts {anchor} only for what "
                    "was issued up to {limit}.",
                    subject=context.path[0].title,
                    not_before=begins,
                    list=anchor.list_name,
                    anchor=_title(anchor),
                    limit=limit,
                ),
            )
        )
    return passed(msg("Issued on {not_before}, not after {limit}.", not_before=begins, limit=limit))


def use(context: PathContext, _: int) -> Outcome:
    """anchor.use."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    if context.purpose in anchor.trust.uses:
        return _IN_USE
    if context.purpose is Purpose.SERVER:
        said = msg(
            "{anchor} is not on the list {list} for servers.", anchor=_title(anchor), list=anchor.list_name
        )
    else:
        said = msg(
            "{anchor} is not on the list {list} for clients.", anchor=_title(anchor), list=anchor.list_name
        )
    return failed(_with_why(anchor, said))


def names(context: PathContext, _: int) -> Outcome:
    """anchor.names."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    if context.limits is None:
        return _NO_LIMIT
    for verdicts in context.limits:
        for violation in (*verdicts.violations.values(), *verdicts.unusable.values()):
            return failed(violation)
    return passed(msg("All names below it are names that the list allows."))


def path_length(context: PathContext, index: int) -> Outcome:
    """anchor.path_length."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    limit, below = anchor.trust.limits.max_path_length, context.cas_below[index]
    if limit is None:
        return _NO_LIMIT
    if below > limit:
        return failed(
            msg(
                "The list {list} allows {limit} CA certificates below {anchor}; there are {count}.",
                list=anchor.list_name,
                limit=limit,
                anchor=_title(anchor),
                count=below,
            )
        )
    return passed(
        msg("It allows {limit} CA certificates below it; there are {count}.", limit=limit, count=below)
    )


def policies(context: PathContext, _: int) -> Outcome:
    """anchor.policies."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    allowed = anchor.trust.limits.policies
    if not allowed:
        return _NO_LIMIT
    valid = context.valid_policies
    if valid is None or valid & set(allowed):
        return passed(msg("The path is valid for a policy that the list asks for."))
    return failed(
        msg(
            "The list {list} trusts {anchor} for the policies {policies} only; the path is valid for none.",
            list=anchor.list_name,
            anchor=_title(anchor),
            policies=listed(allowed),
        )
    )


def extended_key_usages(context: PathContext, _: int) -> Outcome:
    """anchor.extended_key_usages."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    allowed = anchor.trust.limits.extended_key_usages
    if not allowed:
        return _NO_LIMIT
    facts = context.path[0].facts
    usages = facts.extended_key_usage
    if usages is not None and set(usages) <= set(allowed):
        return passed(msg("Its purposes are among those that the list allows."))
    return failed(
        msg(
            "The list {list} trusts {anchor} for {allowed} only; {subject} has {usages}.",
            list=anchor.list_name,
            anchor=_title(anchor),
            allowed=listed(allowed),
            subject=facts.title,
            usages=msg("no extended key usage") if usages is None else listed(usages),
        )
    )


def max_validity(context: PathContext, _: int) -> Outcome:
    """anchor.max_validity."""
    anchor = context.anchor
    if anchor is None:
        return _NO_ANCHOR
    limit = anchor.trust.limits.max_validity_days
    if limit is None:
        return _NO_LIMIT
    facts = context.path[0].facts
    if facts.not_before is None or facts.not_after is None:
        return not_run(msg("The validity of the end entity cannot be read."))
    # Both ends belong to the period (RFC 5280 4.1.2.5).
    lifetime = facts.not_after - facts.not_before + timedelta(seconds=1)
    if lifetime > timedelta(days=limit):
        return failed(
            msg(
                "{subject} is valid for {days} days; the list {list} allows {limit} below {anchor}.",
                subject=facts.title,
                days=lifetime.days,
                list=anchor.list_name,
                limit=limit,
                anchor=_title(anchor),
            )
        )
    return passed(msg("Valid for {days} of {limit} days.", days=lifetime.days, limit=limit))


def _with_why(anchor: Anchor, said: Message) -> Message:
    """Add who decided it, where that is known."""
    why = anchor.trust.why
    return said if why is None else msg("{said} {why}", said=said, why=why)


def _title(anchor: Anchor) -> str:
    return anchor.trust.certificate.title


_NO_ANCHOR = not_applicable(NOT_ASKED[ANCHOR])
_TRUSTED = passed(msg("The list trusts it."))
_NO_DATE = not_applicable(msg("The list gives no date from which it is distrusted."))
_NO_END = not_applicable(msg("The list gives no date at which its trust ends."))
_IN_USE = passed(msg("The list has it for this purpose."))
_NO_LIMIT = not_applicable(msg("The list sets no such limit."))

_VALIDITY = RuleKind.VALIDITY
_LIST = "Trust list; RFC 5914, RFC 5937"
ANCHOR_RULES = (
    Rule(
        "anchor.distrusted",
        _LIST,
        _VALIDITY,
        msg("The anchor is not distrusted."),
        judge_in_path=distrusted,
        asked_of=ANCHOR,
    ),
    Rule(
        "anchor.distrust_after",
        "Trust list (CCADB's distrust date)",
        _VALIDITY,
        msg("The end entity was issued before the anchor's date of distrust."),
        judge_in_path=distrust_after,
        asked_of=ANCHOR,
    ),
    Rule(
        "anchor.ends",
        "Trust list",
        _VALIDITY,
        msg("The list's trust in the anchor has not ended."),
        judge_in_path=ends,
        asked_of=ANCHOR,
    ),
    Rule(
        "anchor.use",
        _LIST,
        _VALIDITY,
        msg("The list has the anchor for this purpose."),
        judge_in_path=use,
        asked_of=ANCHOR,
    ),
    Rule(
        "anchor.names",
        _LIST,
        _VALIDITY,
        msg("The list allows the names below the anchor."),
        judge_in_path=names,
        asked_of=ANCHOR,
    ),
    Rule(
        "anchor.path_length",
        _LIST,
        _VALIDITY,
        msg("The list allows as many CAs below the anchor."),
        judge_in_path=path_length,
        asked_of=ANCHOR,
    ),
    Rule(
        "anchor.policies",
        _LIST,
        _VALIDITY,
        msg("The list's policies are kept."),
        judge_in_path=policies,
        asked_of=ANCHOR,
    ),
    Rule(
        "anchor.extended_key_usages",
        _LIST,
        _VALIDITY,
        msg("The end entity has no purpose that the list leaves out."),
        judge_in_path=extended_key_usages,
        asked_of=ANCHOR,
    ),
    Rule(
        "anchor.max_validity",
        _LIST,
        _VALIDITY,
        msg("The end entity is not valid for longer than the list allows."),
        judge_in_path=max_validity,
        asked_of=ANCHOR,
    ),
)
