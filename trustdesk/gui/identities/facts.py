"""What the card below the table says of an identity, in words."""

from __future__ import annotations

from collections.abc import Iterator

from trustdesk.core.identity import IdentityUse, IdentityView, PurposeVerdict, Usable
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.dates import iso_date
from trustdesk.gui.identities.standing import usable_cell
from trustdesk.gui.inspector.verdicts import VerdictLine
from trustdesk.gui.words import say
from trustdesk.services.board import State

_LEADS: dict[str, dict[Usable, Message]] = {
    "client": {
        Usable.YES: msg("As ONE Record client: yes."),
        Usable.WARNED: msg("As ONE Record client: yes, for now."),
        Usable.NO: msg("As ONE Record client: no."),
        Usable.NOT_MEANT: msg("As ONE Record client: not meant."),
        Usable.UNKNOWN: msg("As ONE Record client: unknown."),
    },
    "server": {
        Usable.YES: msg("As ONE Record server: yes."),
        Usable.WARNED: msg("As ONE Record server: yes, for now."),
        Usable.NO: msg("As ONE Record server: no."),
        Usable.NOT_MEANT: msg("As ONE Record server: not meant."),
        Usable.UNKNOWN: msg("As ONE Record server: unknown."),
    },
}


def verdict_lines(view: IdentityView) -> Iterator[VerdictLine]:
    """Yield what it can be used as, and why."""
    yield _purpose("client", view.client)
    yield _purpose("server", view.server)


def judging_lines() -> Iterator[VerdictLine]:
    """Yield what stands in place of the verdicts until those of the day in view are there."""
    yield VerdictLine(
        state=State.UNKNOWN, lead=msg("Judging …"), reason=msg("for the day and the list in view")
    )


def validity_text(view: IdentityView, *, is_judged: bool) -> str:
    """Return the span in which it is valid, with the days of the table where they are of the day in view."""
    certificate = view.identity.certificate
    if certificate.not_before is None or certificate.not_after is None:
        return say(msg("The dates of its validity cannot be read"))
    span = f"{iso_date(certificate.not_before)} – {iso_date(certificate.not_after)}"
    days = view.days_left
    if days is None or not is_judged:
        return span
    if days < 0:
        return f"{span}, {say(msg_n('expired {count} day ago', 'expired {count} days ago', -days))}"
    return f"{span}, {say(msg_n('{count} day left', '{count} days left', days))}"


def use_words(use: IdentityUse) -> Message:
    """Say to whom it was presented, and who accepted it."""
    if not use.presented_to:
        return msg("not presented to any of them yet") if use.endpoints else msg("nobody yet")
    return msg(
        "presented to {presented}, accepted by {accepted}",
        presented=use.presented_to,
        accepted=use.accepted_by,
    )


def partners_words(use: IdentityUse) -> Message:
    """Say how many partners name it."""
    return msg_n("{count} partner", "{count} partners", len({one.partner for one in use.endpoints}))


def _purpose(purpose: str, verdict: PurposeVerdict) -> VerdictLine:
    state = usable_cell(verdict.usable).state
    return VerdictLine(state=state, lead=_LEADS[purpose][verdict.usable], reason=verdict.why)


def chain_words(view: IdentityView) -> tuple[State, Message]:
    """Say whether the chain that is kept with it is complete.

    NOT_APPLICABLE for a complete one: that is a plain fact and no trust, so that it gets no green.
    """
    stored = len(view.identity.certification_path) - 1
    with_it = msg_n(
        "{count} intermediate is stored with it", "{count} intermediates are stored with it", stored
    )
    if view.path_is_complete is None:
        return State.UNKNOWN, msg("Not known whether the chain is complete, {stored}", stored=with_it)
    if view.path_is_complete:
        return State.NOT_APPLICABLE, msg("Chain is complete, {stored}", stored=with_it)
    return State.WARNING, msg("Chain does not reach the list in force, {stored}", stored=with_it)
