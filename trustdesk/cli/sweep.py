"""`trustdesk sweep`: probes of all partners, or of a list of targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustdesk.cli.client import ClientOptions, chosen_client, client_options, stored_credentials
from trustdesk.cli.options import (
    chosen_trust,
    file_path,
    json_option,
    target_options,
    timeout_option,
    trust_options,
    workspace_option_for,
)
from trustdesk.cli.probing import target_from
from trustdesk.cli.progress import ProbeBar
from trustdesk.cli.render import console, print_board
from trustdesk.cli.revoking import (
    RevocationOptions,
    chosen_policy,
    chosen_proxies,
    note,
    preflight,
    private_addresses_option,
    revocation_options,
)
from trustdesk.cli.secret_options import SecretOption
from trustdesk.cli.vault import opener
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.message import msg, msg_n
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome, Phase, ProbeReport
from trustdesk.formats.documents import probe_document, sweep_document
from trustdesk.formats.json_text import json_text
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services.board import board_row
from trustdesk.services.command_trust import rejudgers
from trustdesk.services.files import read_bounded
from trustdesk.services.handshakes import limits_within
from trustdesk.services.published_keys import published_keys
from trustdesk.services.rejudging import own_paths
from trustdesk.services.standings import kept_standing
from trustdesk.services.sweep_judging import second_by_partner
from trustdesk.services.sweeps import KeptSweep, start_sweep
from trustdesk.services.wording import wording
from trustdesk.services.workspace_lists import with_kept_lists
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory
from trustdesk.storage.identities import IdentityIndex
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from trustdesk.formats.credential import ClientCredential
    from trustdesk.services.desk_values import SweepTotals

MAX_TARGETS = 100_000


@click.command(epilog="Example: trustdesk sweep --targets partners.txt --trust-list partners.pem --json")
@click.option("--targets", type=file_path, metavar="FILE", help="Targets, one a line; # starts a comment.")
@workspace_option_for("Workspace whose partners are probed.")
@click.option("--concurrency", type=click.IntRange(1, 512), default=64, show_default=True, metavar="N")
@click.option("--per-host", type=click.IntRange(1, 64), default=2, show_default=True, metavar="N")
@click.option("--jsonl", is_flag=True, help="One probe document a line, as each ends.")
@target_options
@trust_options
@client_options
@timeout_option
@private_addresses_option
@revocation_options
@json_option
@click.pass_context
def sweep(
    context: click.Context,
    targets: Path | None,
    workspace: WorkspacePlace | None,
    concurrency: int,
    per_host: int,
    jsonl: bool,
    connect: str | None,
    server_name: str | None,
    no_sni: bool,
    verify_name: str | None,
    alpn: str | None,
    trust_lists: tuple[str, ...],
    at: datetime | None,
    client: ClientOptions,
    timeout: float | None,
    allow_private_addresses: bool,
    revocation: RevocationOptions,
    as_json: bool,
) -> None:
    """Probe all partners of the workspace, or a list of targets, side by side.

    Target options apply to all of them, and so does a client certificate that is named; without one, each
    partner of the workspace gets the identity that it is tested with. The revocation lists that the workspace
    keeps are looked at besides those of --crl, ours before any partner is asked; a list of targets knows of
    no workspace, but for what is trusted in it and what was agreed with a partner whose endpoint a target is.
    """
    if as_json and jsonl:
        raise click.UsageError("Give --json or --jsonl, not both.")
    trust = chosen_trust(
        trust_lists, workspace, judges_partners=True, open_vault=opener(client.vault_password)
    )
    lists = trust.lists
    credential = chosen_client(client, workspace)
    say = wording().text
    proxies = chosen_proxies(revocation.proxy, no_proxy=revocation.no_proxy, tunnels=True)
    policy = chosen_policy(revocation, allow_private_addresses=allow_private_addresses, proxies=proxies)
    overrides = (connect, server_name, no_sni, verify_name, alpn)
    limits = limits_within(timeout)
    reports: dict[int, ProbeReport] = {}
    with ExitStack() as closing:
        directory = None
        own: dict[str, ClientCredential] = {}
        untested = 0
        if targets is not None:
            endpoints = [
                Endpoint(id=number, partner=line, target=target_from(line, *overrides))
                for number, line in enumerate(_target_lines(targets), start=1)
            ]
        else:
            opened = closing.enter_context(open_workspace(workspace))
            directory = Directory(opened, kept_standing)
            endpoints = _partners(directory, workspace)
            policy = replace(policy, given=with_kept_lists(policy.given, opened))
            if credential is None:
                own = _own_credentials(opened, endpoints, client.vault_password)
                untested = len(endpoints)
                endpoints = [one for one in endpoints if one.identity is None or one.identity in own]
                untested -= len(endpoints)
        presented = [credential or own.get(endpoint.identity or "") for endpoint in endpoints]
        ours = {
            id(one): preflight(one, lists, policy) for one in (credential, *own.values()) if one is not None
        }
        bound = [trust.bound_at(one.target) for one in endpoints]
        judges = {
            one: policy.gate(trust.by_partners(one), published_keys=published_keys()) for one in set(bound)
        }
        second = second_by_partner(policy, bound, trust.by_partners)
        requests = [
            ProbeRequest(
                target=endpoint.target,
                judge=judges[partners],
                credential=sent,
                client_revocation=ours.get(id(sent), ()),
                present_anyway=client.present_anyway,
                proxy=proxies.tunnel_to(
                    endpoint.target.connect_address or endpoint.target.host,
                    endpoint.target.connect_port or endpoint.target.port,
                ),
                limits=limits,
            )
            for endpoint, sent, partners in zip(endpoints, presented, bound, strict=True)
        ]
        progress = None if as_json or jsonl else closing.enter_context(ProbeBar(len(requests)))

        known = own_paths(own.values() if credential is None else (credential,))
        later = rejudgers(
            lambda some: policy.judge(some, published_keys=published_keys()),
            trust,
            at=at,
            now=datetime.now(UTC),
            own=known,
        )

        def ended(index: int, report: ProbeReport) -> None:
            shown = reports[index] = report if at is None else later(bound[index]).rejudge(report)
            # What is kept is the test as it was made, whatever day it is looked at for.
            if directory is not None and report.record.outcome is not Outcome.CANCELLED:
                kept.append(directory.record_report(endpoints[index].id, report))
            if jsonl:
                click.echo(json_text(probe_document(shown, say)))
            if progress is not None:
                progress.advance()

        def entered(index: int, phase: Phase) -> None:
            del index, phase  # The bar shows finished probes only.

        kept: list[Future[int]] = []
        started_at = datetime.now(UTC)
        network = NetworkThread()
        network.start()
        closing.callback(network.close)
        job = start_sweep(
            network,
            requests,
            on_phase=entered,
            on_report=ended,
            concurrency=concurrency,
            per_host=per_host,
            second=second,
        )
        totals = _shown_totals(wait_for(KeptSweep(job, kept)), reports.values())
    in_order = [reports[index] for index in sorted(reports)]
    if as_json:
        document = sweep_document(in_order, started_at, totals.duration_ms, say)
        click.echo(json_text(document, indent=1))
    elif not jsonl:
        now = at or datetime.now(UTC)
        rows = [board_row(endpoints[index], reports[index], now) for index in sorted(reports)]
        print_board(console(), rows, totals)
    context.exit(_status(totals, len(requests) - len(reports)) or (1 if untested else 0))


def _shown_totals(totals: SweepTotals, reports: Iterable[ProbeReport]) -> SweepTotals:
    """Count the verdicts that are shown, which --at may have changed; nothing else is different."""
    verdicts = Counter(report.verdict for report in reports if report.record.outcome is not Outcome.CANCELLED)
    return replace(
        totals,
        passed=verdicts[Verdict.PASS],
        warned=verdicts[Verdict.WARN],
        failed=verdicts[Verdict.FAIL],
    )


def _status(totals: SweepTotals, not_started: int) -> int:
    if totals.cancelled or not_started:
        return 130
    return 1 if totals.failed else 0


def _partners(directory: Directory, workspace: WorkspacePlace | None) -> list[Endpoint]:
    endpoints = list(directory.endpoints().result())
    if not endpoints:
        raise UnusableInputError(
            msg("There are no partners in this workspace."),
            remedy=msg("Add one in the window, or name targets with --targets FILE."),
            place=None if workspace is None else str(workspace),
        )
    return endpoints


def _own_credentials(
    workspace: Workspace, endpoints: Iterable[Endpoint], vault_password: SecretOption
) -> dict[str, ClientCredential]:
    """Load the identities that endpoints are tested with; says of which there is none any more."""
    wanted = Counter(endpoint.identity for endpoint in endpoints if endpoint.identity is not None)
    known = {one.name for one in IdentityIndex(workspace).all().result()} if wanted else set()
    for name in wanted.keys() - known:
        note(
            msg_n(
                "There is no identity {name} in this workspace: {count} endpoint is not tested.",
                "There is no identity {name} in this workspace: {count} endpoints are not tested.",
                wanted[name],
                name=name,
            )
        )
    return stored_credentials(workspace, [name for name in wanted if name in known], vault_password)


def _target_lines(file: Path) -> list[str]:

    try:
        text = read_bounded(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableInputError(
            msg("The list of targets is not UTF-8 text."), remedy=msg("Save it as UTF-8."), place=str(file)
        ) from None
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    targets = [line for line in lines if line]
    if not targets:
        raise UnusableInputError(
            msg("There is no target in the list."), remedy=msg("Write one target a line."), place=str(file)
        )
    if len(targets) > MAX_TARGETS:
        raise UnusableInputError(
            msg("The list holds more than {limit} targets.", limit=MAX_TARGETS),
            remedy=msg("Split it."),
            place=str(file),
        )
    return targets
