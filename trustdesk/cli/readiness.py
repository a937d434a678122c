"""`trustdesk readiness`: the harmless calls to an endpoint, and every rule on it with its source."""

from __future__ import annotations

import getpass
import sys
from dataclasses import replace

import click

from trustdesk.cli.client import ClientOptions, client_options
from trustdesk.cli.options import (
    chosen_trust_lists,
    json_option,
    target_options,
    timeout_option,
    trust_list_option,
    workspace_option,
)
from trustdesk.cli.own_desk import DeskVault, own_desk
from trustdesk.cli.probing import target_from
from trustdesk.cli.render import console
from trustdesk.cli.render_readiness import print_readiness
from trustdesk.cli.revoking import chosen_proxies, proxy_options
from trustdesk.cli.secret_options import SecretOption, secret_options
from trustdesk.cli.vault import make_ready
from trustdesk.cli.waiting import wait_for
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.readiness import Readiness
from trustdesk.formats.json_text import json_text
from trustdesk.formats.readiness_documents import readiness_check_document
from trustdesk.services.bearer_tokens import bearer_token
from trustdesk.services.handshakes import limits_within
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.readiness_desk import ReadinessWishes
from trustdesk.services.readiness_words import shows_nothing
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace

_WORST_FIRST = (Verdict.FAIL, Verdict.WARN, Verdict.PASS)


@click.command(epilog="Example: trustdesk readiness https://1r.partner.example --token-file token.txt")
@click.argument("what", metavar="TARGET|PARTNER")
@secret_options("token", "the token")
@click.option("--token-prompt", is_flag=True, help="Ask for the token on the terminal, and do not show it.")
@click.option("--unknown-object", is_flag=True, help="GET an object that nobody has, too.")
@click.option(
    "--wrong-certificate", is_flag=True, help="Present a certificate that is made for this and thrown away."
)
@click.option("--own-endpoint", metavar="TARGET", help="Our notifications endpoint (default: the setting).")
@click.option("--api-version", metavar="VERSION", help="The least to support (default: the setting).")
@click.option(
    "--remember", is_flag=True, help="Keep --own-endpoint and --api-version as settings of the workspace."
)
@click.option("--claims-mtls", is_flag=True, help="The partner says that it requires a client certificate.")
@click.option(
    "--online-revocation",
    is_flag=True,
    help="Ask the OCSP responders and download the CRLs that certificates name.",
)
@click.option("--all", "everything", is_flag=True, help="Show also what passes and what does not apply.")
@target_options
@trust_list_option
@client_options
@proxy_options
@timeout_option
@workspace_option
@json_option
@click.pass_context
def readiness(
    context: click.Context,
    what: str,
    token: SecretOption,
    token_prompt: bool,
    unknown_object: bool,
    wrong_certificate: bool,
    own_endpoint: str | None,
    api_version: str | None,
    remember: bool,
    claims_mtls: bool,
    online_revocation: bool,
    everything: bool,
    connect: str | None,
    server_name: str | None,
    no_sni: bool,
    verify_name: str | None,
    alpn: str | None,
    trust_lists: tuple[str, ...],
    client: ClientOptions,
    proxy: str | None,
    no_proxy: bool,
    timeout: float | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Check whether TARGET, or every endpoint of a PARTNER of the workspace, is ready for ONE Record.

    Only harmless calls are made: handshakes, GET of the base path, one question to the port without TLS. A
    token is never an argument; it is sent once, over a connection that is verified before, and forgotten. A
    partner with several endpoints needs one run for each then. Exits with 1 when a rule fails, and when an
    endpoint could not be asked.
    """
    if client.present_anyway:
        raise UnusableInputError(
            msg("A check presents nothing to a server that is not trusted."),
            remedy=msg("Leave --present-anyway out; trustdesk probe has it."),
        )
    lists = chosen_trust_lists(trust_lists, workspace) if trust_lists else ()
    proxies = chosen_proxies(proxy, no_proxy=no_proxy, tunnels=True)
    with own_desk(workspace, trust_lists=lists, limits=limits_within(timeout), proxies=proxies) as desk:
        desk.set_online(online_revocation)
        if remember:
            desk.readiness_desk.expect(own_endpoint, api_version).result()
        endpoints = _of_partner(desk, what)
        if not endpoints:
            target = target_from(what, connect, server_name, no_sni, verify_name, alpn)
            known = [row.endpoint for row in desk.board().result() if row.endpoint.target == target]
            endpoints = tuple(known[:1]) or (
                Endpoint(id=0, partner="", target=target, claims_mutual_tls=claims_mtls),
            )
        identity = _identity(desk, client)
        token_text = _token(token, asks=token_prompt)
        if token_text is not None and len(endpoints) > 1:
            raise UnusableInputError(
                msg("A token is for one server, and this partner has several endpoints."),
                remedy=msg("Name the endpoint that the token is for."),
                place=what,
            )
        checks: list[tuple[Endpoint, Readiness]] = []
        for one in endpoints:
            endpoint = one if identity is None else replace(one, identity=identity)
            wishes = ReadinessWishes(
                token=None if token_text is None else bearer_token(token_text),
                asks_for_unknown_object=unknown_object,
                tries_wrong_certificate=wrong_certificate,
                own_endpoint=own_endpoint,
                required_api_version=api_version,
            )
            names = [trust.name for trust in lists]
            job = desk.readiness_desk.check(endpoint, wishes, trust_lists=names)
            checks.append((endpoint, wait_for(job)))
            if not checks[-1][1].is_whole:
                break
    verdict = next(one for one in _WORST_FIRST if any(found.verdict is one for _, found in checks))
    if as_json:
        click.echo(json_text(readiness_check_document(checks, verdict, wording().text), indent=1))
    else:
        for position, (endpoint, found) in enumerate(checks):
            if position:
                click.echo()
            print_readiness(console(), endpoint, found, everything=everything)
    if not all(found.is_whole for _, found in checks):
        context.exit(130)
    is_known = not any(shows_nothing(found) for _, found in checks)
    context.exit(0 if is_known and verdict is not Verdict.FAIL else 1)


def _of_partner(desk: LiveDesk, name: str) -> tuple[Endpoint, ...]:
    """Return the endpoints of a partner of this name, in any case; none where there is no such partner."""
    wanted = name.strip().casefold()
    rows = desk.board().result()
    return tuple(row.endpoint for row in rows if row.endpoint.partner.casefold() == wanted)


def _identity(desk: LiveDesk, client: ClientOptions) -> str | None:
    """Return the name of the identity that the options name; None for that of the endpoint."""
    if client.identity is not None and client.certificate_file is not None:
        raise UnusableInputError(
            msg("An identity was named and a file too."),
            remedy=msg("Give --identity NAME or --client-cert FILE, not both."),
        )
    if client.vault_password.is_given:
        make_ready(KeyStoreKind.VAULT, DeskVault(desk.identity_desk), client.vault_password)
    if client.certificate_file is None:
        return client.identity
    opened = desk.open_identity(client.certificate_file, client.key_file, _password(client))
    return opened.result().name


def _password(client: ClientOptions) -> str | None:
    return client.password.read() if client.password.is_given else None


def _token(token: SecretOption, *, asks: bool) -> str | None:
    if asks and not token.is_given:
        if not sys.stdin.isatty():
            raise UnusableInputError(
                msg("There is no terminal to ask for the token on."),
                remedy=msg("Give --token-file, --token-fd or --token-env."),
            )
        return getpass.getpass(wording().text(msg("Token: ")))
    return token.read() if token.is_given else None
