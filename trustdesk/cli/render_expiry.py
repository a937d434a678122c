"""What ends when, for people at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.core.expiry import Ending, Endings, Nearness
from trustdesk.core.message import listed, msg
from trustdesk.core.renewal import RenewalPlan, StepKind
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.expiry_words import KIND_WORDS, NEARNESS_WORDS, distance_words
from trustdesk.services.wording import wording

_STATES = {
    Nearness.ENDED: State.BAD,
    Nearness.URGENT: State.BAD,
    Nearness.SOON: State.WARNING,
    Nearness.LATER: State.NOT_APPLICABLE,
    Nearness.UNKNOWN: State.UNKNOWN,
}


def print_expiry(out: Console, endings: Endings, shown: Sequence[Ending], plan: RenewalPlan) -> None:
    """Print what ends, the first end first, then what to renew by when."""
    say = wording().text
    if shown:
        out.print(_table(shown, endings.at))
    else:
        out.print(say(msg("Nothing ends in this time.")))
    if plan.steps or plan.not_known:
        out.print()
    for step in plan.steps:
        state = State.BAD if step.kind is StepKind.ENDED else State.WARNING
        line = marked(state, say(step.title), bold=True)
        out.print(line.append(f". {say(step.why)}.", style="not bold"), soft_wrap=True)
    if plan.not_known:
        words = msg(
            "Nothing is planned by the public web's rules for these, as it is not known whether they are "
            "bound by them: {names}.",
            names=listed(plan.not_known),
        )
        out.print(marked(State.UNKNOWN, say(words)), soft_wrap=True)


def _table(shown: Sequence[Ending], at: datetime) -> Table:
    say = wording().text
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in (msg("State"), msg("Ends"), msg("Distance"), msg("What")):
        table.add_column(say(title), no_wrap=True)
    table.add_column(say(msg("Name")), overflow="fold")
    for one in shown:
        name = f"{visible(one.name, 80)} · {visible(one.place, 80)}" if one.place else visible(one.name, 80)
        state = State.NOT_APPLICABLE if one.is_settled else _STATES[one.nearness]
        table.add_row(
            marked(state, say(msg("Settled") if one.is_settled else NEARNESS_WORDS[one.nearness])),
            "?" if one.ends is None else f"{one.ends.astimezone(UTC):%Y-%m-%d}",
            "?" if one.ends is None else say(distance_words(one.ends, at)),
            say(KIND_WORDS[one.kind]),
            Text(name),
        )
    return table
