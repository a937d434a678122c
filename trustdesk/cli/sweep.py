"""`trustdesk sweep`: probes of all partners, or of a list of targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trustdesk.cli.client import ClientOptions, chosen_client, client_options, stored_credentials
from trustdesk.cli.collecting import collecting_seldom
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
from trustdesk.cli.sweep_output import OutputForm, SweepOutput
from trustdesk.cli.sweep_targets import KeptRun, kept_run, partners_of, target_lines
from trustdesk.cli.vault import opener
from trustdesk.cli.waiting import wait_for
from trustdesk.core.message import msg, msg_n
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Outcome, Phase, ProbeReport
from trustdesk.network.request import ProbeRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.network.web_proxy import as_they_stand
from trustdesk.services.command_trust import rejudgers
from trustdesk.services.due import due_ones
from trustdesk.services.freshness import Freshness
from trustdesk.services.handshakes import limits_within
from trustdesk.services.published_keys import published_keys
from trustdesk.services.rejudging import own_paths
from trustdesk.services.sweep_judging import second_by_partner
from trustdesk.services.sweeps import (
    HOST_GAP_S,
    TRIES,
    KeptSweep,
    done_already,
    limits_of_a_try,
    start_sweep,
    usual_pace,
)
from trustdesk.services.workspace_lists import with_kept_lists
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.identities import IdentityIndex
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from trustdesk.formats.credential import ClientCredential
    from trustdesk.services.desk_values import SweepTotals


@click.command(epilog="Example: trustdesk sweep --targets partners.txt --trust-list partners.pem --json")
@click.option("--targets", type=file_path, metavar="FILE", help="Targets, one a line; # starts a comment.")
@workspace_option_for("Workspace whose partners are probed.")
@click.option("--concurrency", type=click.IntRange(1, 512), default=64, show_default=True, metavar="N")
@click.option("--per-host", type=click.IntRange(1, 64), default=2, show_default=True, metavar="N")
@click.option(
    "--gap",
    type=click.FloatRange(0, 3600),
    default=HOST_GAP_S,
    show_default=True,
    metavar="SECONDS",
    help="Between the beginnings of two probes at one host; this machine's own addresses need none.",
)
@click.option(
    "--tries",
    type=click.IntRange(1, 5),
    default=TRIES,
    show_default=True,
    metavar="N",
    help="Of what is not reached or does not answer in time; all together within --timeout.",
)
@click.option("--resume", is_flag=True, help="Go on with the last sweep of these partners that did not end.")
@click.option(
    "--due",
    is_flag=True,
    help="Test only partners that did not answer a test for as long as the workspace's settings say (a day).",
)
@click.option(
    "--prometheus", type=file_path, metavar="FILE", help="Write what a monitor reads, as Prometheus text."
)
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
    gap: float,
    tries: int,
    resume: bool,
    due: bool,
    prometheus: Path | None,
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
    if targets is not None and (resume or due):
        raise click.UsageError("--resume and --due are for the partners of a workspace, not for --targets.")
    trust = chosen_trust(
        trust_lists, workspace, judges_partners=True, open_vault=opener(client.vault_password)
    )
    lists = trust.lists
    credential = chosen_client(client, workspace)
    proxies = as_they_stand(chosen_proxies(revocation.proxy, no_proxy=revocation.no_proxy, tunnels=True))
    policy = chosen_policy(revocation, allow_private_addresses=allow_private_addresses, proxies=proxies)
    overrides = (connect, server_name, no_sni, verify_name, alpn)
    limits = limits_of_a_try(limits_within(timeout), tries)
    with ExitStack() as closing:
        own: dict[str, ClientCredential] = {}
        untested = 0
        kept: KeptRun | None = None
        if targets is not None:
            endpoints = [
                Endpoint(id=number, partner=line, target=target_from(line, *overrides))
                for number, line in enumerate(target_lines(targets), start=1)
            ]
        else:
            opened = closing.enter_context(open_workspace(workspace))
            endpoints = partners_of(opened, workspace)
            if due:
                endpoints = due_ones(opened, endpoints, datetime.now(UTC))
                if not endpoints:
                    note(msg("No endpoint is due for a test."))
            policy = replace(policy, given=with_kept_lists(policy.given, opened))
            if credential is None:
                own = _own_credentials(opened, endpoints, client.vault_password)
                untested = len(endpoints)
                endpoints = [one for one in endpoints if one.identity is None or one.identity in own]
                untested -= len(endpoints)
            named = "" if credential is None else credential.label.sha256
            kept = kept_run(opened, endpoints, resume=resume, client_sha256=named)
        earlier = {} if kept is None else kept.earlier
        ours = {
            id(one): preflight(one, lists, policy) for one in (credential, *own.values()) if one is not None
        }
        places = [index for index in range(len(endpoints)) if index not in earlier]
        bound = [trust.bound_at(one.target) for one in endpoints]
        judges = {
            one: policy.gate(trust.by_partners(one), published_keys=published_keys()) for one in set(bound)
        }
        second = second_by_partner(policy, [bound[index] for index in places], trust.by_partners)

        def requests() -> Iterator[ProbeRequest]:
            for index in places:
                endpoint = endpoints[index]
                sent = credential or own.get(endpoint.identity or "")
                target = endpoint.target
                yield ProbeRequest(
                    target=target,
                    judge=judges[bound[index]],
                    judges_at_once=policy.evidence().is_empty,
                    credential=sent,
                    client_revocation=ours.get(id(sent), ()),
                    present_anyway=client.present_anyway,
                    proxy=proxies.tunnel_to(
                        target.connect_address or target.host, target.connect_port or target.port
                    ),
                    limits=limits,
                )

        bar = None if as_json or jsonl else closing.enter_context(ProbeBar(len(endpoints)))
        form = OutputForm.JSON if as_json else OutputForm.LINES if jsonl else OutputForm.TABLE
        output = SweepOutput(form, at=at, metrics=prometheus, bar=bar)
        output.leave_out(untested)
        known = own_paths(own.values() if credential is None else (credential,))
        now = datetime.now(UTC)
        later = rejudgers(
            lambda some: policy.judge(some, published_keys=published_keys()),
            trust,
            at=at,
            now=now,
            own=known,
        )
        # What was tested before a sweep was interrupted may have been judged by something else.
        fresh = cache(lambda bound: Freshness(trust.by_partners(bound), now, known, policy.evidence()))

        def show(index: int, report: ProbeReport) -> None:
            is_due = at is not None or (index in earlier and fresh(bound[index]).is_out_of_date(report))
            output.add(index, endpoints[index], later(bound[index]).rejudge(report) if is_due else report)

        def ended(number: int, report: ProbeReport) -> None:
            # What is kept is the test as it was made, whatever day it is looked at for.
            if kept is not None and report.record.outcome is not Outcome.CANCELLED:
                kept.keeper.keep(places[number], endpoints[places[number]].id, report)
            show(places[number], report)

        def entered(number: int, phase: Phase) -> None:
            del number, phase  # The bar shows finished probes only.

        closing.enter_context(collecting_seldom())
        started_at = datetime.now(UTC)
        for index, report in earlier.items():
            show(index, report)
        network = NetworkThread()
        network.start()
        closing.callback(network.close)
        job = start_sweep(
            network,
            requests(),
            on_phase=entered,
            on_report=ended,
            pace=usual_pace(concurrency=concurrency, per_host=per_host, gap_s=gap, tries=tries),
            second=second,
        )
        totals = wait_for(KeptSweep(job, done_already if kept is None else kept.keeper.close))
        # --at may have changed the verdicts; nothing else is different.
        totals = replace(output.totals(), duration_ms=totals.duration_ms)
        not_started = len(endpoints) - output.count
    output.finish(totals, started_at)
    context.exit(_status(totals, not_started) or (1 if untested else 0))


def _status(totals: SweepTotals, not_started: int) -> int:
    if totals.cancelled or not_started:
        return 130
    return 1 if totals.failed or totals.inconclusive else 0


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
