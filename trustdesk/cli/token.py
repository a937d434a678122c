"""`trustdesk token`: what stands in a token, and whether it counts; it is read, judged and forgotten."""

from __future__ import annotations

import getpass
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.idp import private_hosts_option
from trustdesk.cli.opening import of_file, opened, require_readable
from trustdesk.cli.options import (
    Instant,
    chosen_trust_lists,
    file_path,
    json_option,
    timeout_option,
    trust_list_option,
    workspace_option,
)
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.render import console
from trustdesk.cli.render_idp import print_token
from trustdesk.cli.revoking import chosen_proxies, proxy_options
from trustdesk.cli.waiting import wait_for
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Verdict
from trustdesk.core.identity_provider import ProviderList
from trustdesk.core.message import Message, msg
from trustdesk.formats.json_text import json_text
from trustdesk.formats.provider_documents import token_document
from trustdesk.formats.token import MAX_TOKEN
from trustdesk.services.handshakes import limits_within
from trustdesk.services.provider_desk import ProviderDesk
from trustdesk.services.provider_lists import obstacle_of
from trustdesk.services.verification import end_entity_of
from trustdesk.services.wording import wording
from trustdesk.storage.places import WorkspacePlace


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def token() -> None:
    """Tokens (JWT) of identity providers."""


@token.command(epilog="Example: trustdesk token inspect --identity acme < token.txt")
# What stands here is refused, and not quoted: click's own complaint about it would be.
@click.argument("refused", nargs=-1, type=click.UNPROCESSED, metavar="")
@click.option("--token-fd", type=int, metavar="N", help="Read the token from this file descriptor.")
@click.option(
    "--idp-list",
    "idp_lists",
    multiple=True,
    type=file_path,
    metavar="FILE",
    help="List of identity providers to use without importing it (repeatable).",
)
@click.option("--identity", metavar="NAME", help="Our certificate that a bound token has to name.")
@click.option("--client-cert", type=file_path, metavar="FILE", help="The same from a file; needs no key.")
@click.option("--fetch-keys", is_flag=True, help="Ask the provider for its keys where none are kept.")
@click.option("--offline", is_flag=True, help="Ask nobody: the default.")
@click.option("--all", "everything", is_flag=True, help="Show also what passes and what does not apply.")
@click.option("--at", type=Instant(), metavar="TIME", help="Judge as of this time.")
@trust_list_option
@private_hosts_option
@proxy_options
@timeout_option
@workspace_option
@json_option
@click.pass_context
def inspect(
    context: click.Context,
    refused: tuple[str, ...],
    token_fd: int | None,
    idp_lists: tuple[Path, ...],
    identity: str | None,
    client_cert: Path | None,
    fetch_keys: bool,
    offline: bool,
    everything: bool,
    at: datetime | None,
    trust_lists: tuple[str, ...],
    allow_private_addresses: bool,
    proxy: str | None,
    no_proxy: bool,
    timeout: float | None,
    workspace: WorkspacePlace | None,
    as_json: bool,
) -> None:
    """Read a token from standard input, say what stands in it, and judge it by the rules JWT-01 to JWT-12.

    It is never an argument, never stored and never written anywhere. On a terminal it is asked for and not
    shown; terminals cut lines at about 4,000 characters, so that a longer one has to come from a file or
    pipe. Exits with 1 when a rule fails. A token whose signature was not checked warns at best.
    """
    if refused:
        raise UnusableInputError(
            msg("A token never stands in an argument: other programs see it there, and the shell keeps it."),
            remedy=msg("Give it on standard input, and get a new one in place of that one."),
        )
    if fetch_keys and offline:
        raise UnusableInputError(
            msg("Keys cannot be fetched offline."), remedy=msg("Give --fetch-keys or --offline.")
        )
    if identity is not None and client_cert is not None:
        raise UnusableInputError(
            msg("An identity was named and a file too."),
            remedy=msg("Give --identity NAME or --client-cert FILE, not both."),
        )
    certificate = None if client_cert is None else _certificate(client_cert)
    lists = chosen_trust_lists(trust_lists, workspace) if trust_lists else ()
    proxies = chosen_proxies(proxy, no_proxy=no_proxy, tunnels=True)
    with own_desk(
        workspace, trust_lists=lists, at=at, limits=limits_within(timeout), proxies=proxies
    ) as desk:
        now = at or datetime.now(UTC)
        beside = [_list_of(desk.provider_desk, file, now) for file in idp_lists]
        reading = wait_for(
            desk.provider_desk.read_token(
                _token_text(token_fd),
                identity=identity,
                certificate=certificate,
                beside=beside,
                with_keys=fetch_keys,
                trust_lists=[one.name for one in lists],
                allow_private_addresses=allow_private_addresses,
            )
        )
    if as_json:
        click.echo(json_text(token_document(reading, at=now, text=wording().text), indent=1))
    else:
        print_token(console(), reading, everything=everything)
    context.exit(1 if reading.verdict is Verdict.FAIL else 0)


def _token_text(descriptor: int | None) -> str:
    """Return what was given as token; a bit more than can be one, so that this is seen."""
    if descriptor is not None:
        try:
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                return _text(stream.read(MAX_TOKEN + 1))
        except OSError as error:
            raise UnusableInputError(
                msg("The file descriptor cannot be read: {reason}.", reason=error.strerror or str(error)),
                remedy=msg("Open it for the program, as in 3<file."),
                place=f"--token-fd {descriptor}",
            ) from None
    if sys.stdin.isatty():
        return getpass.getpass(wording().text(msg("Token: ")))
    if hasattr(sys.stdin, "buffer"):
        return _text(sys.stdin.buffer.read(MAX_TOKEN + 1))
    return sys.stdin.read(MAX_TOKEN + 1)


def _text(data: bytes) -> str:
    # Not UTF-8: no token either, and the reader says so.
    return data.decode("utf-8", "replace")


def _certificate(file: Path) -> CertificateFacts:
    inspection = opened((file,), _no_password)
    require_readable(inspection, file)
    return end_entity_of(of_file(inspection, file), str(file)).certificate.facts


def _no_password(_subject: Message) -> None:
    return None


def _list_of(desk: ProviderDesk, file: Path, now: datetime) -> ProviderList:
    providers = wait_for(desk.prepare_providers(file, file.name))
    obstacle = obstacle_of(providers, None, None, now, accept_expired=True)
    if obstacle is not None:
        raise obstacle
    return providers
