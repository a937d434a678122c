"""`trustdesk expiry`: what ends when, for a person and for cron."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from trustdesk.cli.options import chosen_trust_lists, file_path, json_option, trust_options, workspace_option
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.render import console
from trustdesk.cli.render_expiry import print_expiry
from trustdesk.cli.revoking import note
from trustdesk.core.expiry import Ending, Endings, Nearness
from trustdesk.core.finding import Verdict
from trustdesk.core.message import msg_n
from trustdesk.formats.expiry_documents import expiry_document
from trustdesk.formats.json_text import json_text
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_BAD = frozenset({Nearness.ENDED, Nearness.URGENT, Nearness.UNKNOWN})
MOST_DAYS = 36_600


@click.command(epilog="Example: trustdesk expiry --within 30 --ics expiry.ics")
@click.option(
    "--within",
    type=click.IntRange(0, MOST_DAYS),
    metavar="DAYS",
    help="What ends within so many days (default: what is near by the workspace's thresholds).",
)
@click.option("--ics", type=file_path, metavar="FILE", help="Write what is to end as a calendar file too.")
@workspace_option
@trust_options
@json_option
@click.pass_context
def expiry(
    context: click.Context,
    within: int | None,
    ics: Path | None,
    workspace: WorkspacePlace | None,
    trust_lists: tuple[str, ...],
    at: datetime | None,
    as_json: bool,
) -> None:
    """Say what ends when: certificates of partners, identities and CAs, lists, and decisions for a time.

    Exits with 1 when something has ended, ends within --within DAYS, or has an end that cannot be read;
    without --within, when an end is urgent by the workspace's thresholds. Nobody has to act on an identity
    that another follows, on a CA of a list that has ended, or on a decision that is over: they are shown as
    settled, and count for nothing. Partners that have shown no certificate yet are counted on standard error,
    and are no pass. No connection is made.
    """
    lists = chosen_trust_lists(trust_lists, workspace)
    with own_desk(workspace, trust_lists=lists if trust_lists else (), at=at) as desk:
        plan = desk.expiry_desk.plan()
        found = desk.expiry_desk.expiry().result()
        endings, unseen = found.endings, unseen_partners(found.timeline)
        if ics is not None:
            desk.save_file(ics, desk.expiry_desk.calendar(within).result()).result()
        planned = plan.result()
    shown = _shown(endings, within)
    verdict = verdict_on(endings, within)
    if unseen:
        note(
            msg_n(
                "{count} partner has shown no certificate yet: when it ends is not known.",
                "{count} partners have shown no certificate yet: when theirs end is not known.",
                unseen,
            )
        )
        verdict = Verdict.WARN if verdict is Verdict.PASS else verdict
    if as_json:
        document = expiry_document(
            endings, shown, planned, within_days=within, verdict=verdict, text=wording().text
        )
        click.echo(json_text(document, indent=1))
    else:
        print_expiry(console(), endings, shown, planned)
    context.exit(1 if verdict is Verdict.FAIL else 0)


def unseen_partners(timeline: ExpiryTimeline) -> int:
    """Return how many partners have endpoints, and none of them ever presented a certificate."""
    seen = {one.name for one in timeline.validities if one.group is TimelineGroup.PARTNERS}
    return timeline.partners - len(seen)


def verdict_on(endings: Endings, within: int | None) -> Verdict:
    """Return FAIL where somebody has to act by what was asked for, WARN where something else is near."""
    open_ones = [one for one in _shown(endings, within) if not one.is_settled]
    if within is not None and open_ones:
        return Verdict.FAIL
    if any(one.nearness in _BAD for one in open_ones):
        return Verdict.FAIL
    return Verdict.WARN if endings.near() else Verdict.PASS


def _shown(endings: Endings, within: int | None) -> Sequence[Ending]:
    if within is not None:
        return endings.within(within)
    return [one for one in endings.all if one.nearness is not Nearness.LATER]
