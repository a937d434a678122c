"""A readiness check at a terminal: the verdict in words, the calls that were made, then the rules."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trustdesk.cli.render import marked
from trustdesk.cli.render_lint import print_list_of_findings
from trustdesk.core.finding import FindingStatus, Verdict
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.readiness import Readiness
from trustdesk.core.untrusted import visible
from trustdesk.services.board import State
from trustdesk.services.readiness_words import CALL_WORDS, shows_nothing, verdict_words
from trustdesk.services.wording import wording

_STATES = {Verdict.PASS: State.GOOD, Verdict.WARN: State.WARNING, Verdict.FAIL: State.BAD}
_SHOWN = frozenset({FindingStatus.FAIL, FindingStatus.WARN, FindingStatus.NOT_RUN})


def print_readiness(
    out: Console, endpoint: Endpoint, readiness: Readiness, *, everything: bool = False
) -> None:
    """Print one check.

    Args:
        everything: also what passed and what does not apply; else they are counted.
    """
    say = wording().text
    title = Text(visible(endpoint.target.endpoint), style="bold")
    if endpoint.partner:
        title.append(f"  {visible(endpoint.partner)}", style="none")
    out.print(title, soft_wrap=True)
    is_open = shows_nothing(readiness) and readiness.verdict is not Verdict.FAIL
    state = State.UNKNOWN if is_open else _STATES[readiness.verdict]
    out.print(marked(state, say(verdict_words(readiness)), bold=True), soft_wrap=True)
    out.print()
    out.print(_calls(readiness))
    shown = [one for one in readiness.findings if everything or one.status in _SHOWN]
    print_list_of_findings(out, shown)
    if everything:
        return
    passed = sum(one.status is FindingStatus.PASS for one in readiness.findings)
    other = sum(one.status is FindingStatus.NOT_APPLICABLE for one in readiness.findings)
    rest = msg(
        "Rules that pass: {passed}, that do not apply: {not_applicable}; --all shows them.",
        passed=passed,
        not_applicable=other,
    )
    out.print()
    out.print(Text(say(rest), style="dim"), soft_wrap=True)


def _calls(readiness: Readiness) -> Table:
    say = wording().text
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in readiness.calls:
        outcome = one.outcome if one.not_made is None else msg("not made: {why}", why=one.not_made)
        style = "none" if one.not_made is None else "dim"
        words = "" if outcome is None else say(outcome)
        table.add_row(Text(f"  {say(CALL_WORDS[one.call])}", style=style), Text(words, style=style))
    return table
