"""`trustdesk explain`: the causes behind the error message of another tool."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.text import Text

from trustdesk.cli.options import json_option
from trustdesk.cli.render import console, marked
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.diagnose.pasted import MAX_TEXT
from trustdesk.formats.json_text import json_text
from trustdesk.services.board import State
from trustdesk.services.explaining import ExplainedMessage, PossibleCause, explain_text, explanation_document
from trustdesk.services.verdict_words import WHO_ACTS
from trustdesk.services.wording import wording

_READ_FROM_INPUT = "-"
_IN_OUR_PROGRAM = msg("If a program on our side printed it:")
_IN_PARTNERS_LOG = msg("If it stands in the log of the partner's server:")


@click.command(epilog="Example: trustdesk explain 'tlsv13 alert certificate required'")
@click.argument("text")
@json_option
@click.pass_context
def explain(context: click.Context, text: str, as_json: bool) -> None:
    """Say which causes can stand behind TEXT, an error that another tool printed; `-` reads the input.

    Exits with 1 when nothing in it is known.
    """
    pasted = text
    if text == _READ_FROM_INPUT:
        # One more octet than the longest text has: that there is more is what it is refused for.
        pasted = sys.stdin.buffer.read(4 * MAX_TEXT + 1).decode("utf-8", "replace")
    explained = explain_text(pasted)
    if as_json:
        click.echo(json_text(explanation_document(explained, wording().text), indent=1))
    else:
        _print(console(), explained)
    context.exit(0 if explained else 1)


def _print(out: Console, explained: tuple[ExplainedMessage, ...]) -> None:
    say = wording().text
    if not explained:
        unknown = msg("Nothing in this text is known here. Test the server itself: trustdesk probe HOST.")
        out.print(marked(State.UNKNOWN, say(unknown), bold=True), soft_wrap=True)
    for position, one in enumerate(explained):
        if position:
            out.print()
        out.print(Text(say(one.meaning), style="bold"), soft_wrap=True)
        said = msg("“{words}”, as written by {tools}.", words=one.words, tools=", ".join(one.tools))
        out.print(Text(f"  {say(said)}", style="dim"), soft_wrap=True)
        both = bool(one.client and one.server)
        _print_causes(out, _IN_OUR_PROGRAM if both else None, one.client)
        _print_causes(out, _IN_PARTNERS_LOG if both or one.server else None, one.server)
        if one.separate is not None:
            telling = msg("What tells: {how}", how=one.separate)
            out.print(Text(f"  {say(telling)}"), soft_wrap=True)


def _print_causes(out: Console, heading: Message | None, causes: tuple[PossibleCause, ...]) -> None:
    say = wording().text
    if causes and heading is not None:
        out.print(Text(f"  {say(heading)}", style="italic"), soft_wrap=True)
    for cause in causes:
        line = Text(f"  · {say(cause.meaning)} ")
        line.append(say(WHO_ACTS[cause.responsible]), style="bold")
        line.append(f" ({visible(cause.cause.value)})", style="dim")
        out.print(line, soft_wrap=True)
        if cause.remedy is not None:
            out.print(Text(f"    → {say(cause.remedy)}", style="dim"), soft_wrap=True)
