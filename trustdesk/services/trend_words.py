"""How it went, in sentences: by turns or not, renewals, times of handshakes, what a person decided. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.services.flapping import Flapping
from trustdesk.services.history_trend import HandshakeTimes, Trend
from trustdesk.services.history_values import DecidedFingerprint

_NOTICED_MS = 0.05
"""Milliseconds a day from which on a slope is said."""


def flapping_sentences(flapping: Flapping) -> tuple[Message, ...]:
    """Say that a partner, or the way to it, changes by turns; empty where neither does."""
    days = flapping.window // timedelta(days=1)
    found: list[Message] = []
    if flapping.is_flapping:
        found.append(
            msg(
                "It works and fails by turns: {changes} changes in {days} days, {failing} of {tests} tests"
                " failed.",
                changes=flapping.changes,
                days=days,
                failing=flapping.failing,
                tests=flapping.tests,
            )
        )
        if flapping.inconclusive:
            found.append(
                msg_n(
                    "{count} test did not reach it, and is not counted.",
                    "{count} tests did not reach it, and are not counted.",
                    flapping.inconclusive,
                )
            )
    if flapping.is_reach_flapping:
        found.append(
            msg(
                "It is reached and not reached by turns: {count} tests did not reach it in {days} days. That"
                " says nothing of the partner; look at the network first.",
                count=flapping.inconclusive,
                days=days,
            )
        )
    if flapping.is_certificate_flapping:
        found.append(
            msg(
                "It presents {certificates} certificates by turns: {changes} changes in {days} days. Several"
                " servers answer there, or something in between.",
                certificates=flapping.certificates,
                changes=flapping.certificate_changes,
                days=days,
            )
        )
    return tuple(found)


def trend_sentences(trend: Trend) -> tuple[Message, ...]:
    """Say how days left and the time of a handshake went; empty without any."""
    return (*_renewals(trend), *(() if trend.handshakes is None else _times(trend.handshakes)))


def _renewals(trend: Trend) -> Iterator[Message]:
    known = [one.days_left for one in trend.renewals if one.days_left is not None]
    count = len(trend.renewals)
    if known and min(known) < 0:
        yield msg_n(
            "Renewed {count} time, {days} days after its end.",
            "Renewed {count} times, once only {days} days after its end.",
            count,
            days=-int(min(known) // 1),
        )
    elif known:
        yield msg_n(
            "Renewed {count} time, with {days} days left.",
            "Renewed {count} times, with {days} days left at the least.",
            count,
            days=int(min(known) // 1),
        )
    elif count:
        yield msg_n("Renewed {count} time.", "Renewed {count} times.", count)


def _times(times: HandshakeTimes) -> Iterator[Message]:
    yield msg(
        "Handshake: half within {median} ms, 90 of 100 within {p90} ms, 99 within {p99} ms.",
        median=round(times.median_ms),
        p90=round(times.p90_ms),
        p99=round(times.p99_ms),
    )
    slope = times.slope_ms
    if slope is not None and slope >= _NOTICED_MS:
        yield msg("It takes {count} ms longer each day.", count=slope)
    elif slope is not None and slope <= -_NOTICED_MS:
        yield msg("It takes {count} ms less each day.", count=-slope)


def decision_words(decided: DecidedFingerprint) -> Message:
    """Say what a person decided of a new certificate."""
    if decided.accepted:
        return msg("Expected, says {by}: {comment}", by=decided.by, comment=decided.comment)
    return msg("Not expected, says {by}: {comment}", by=decided.by, comment=decided.comment)
