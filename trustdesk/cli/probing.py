"""The options of the commands that probe one target, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

import click

from trustdesk.cli.client import ClientOptions, chosen_client, client_options
from trustdesk.cli.options import (
    chosen_trust,
    stacked,
    target_options,
    timeout_option,
    trust_options,
    workspace_option_for,
)
from trustdesk.cli.revoking import (
    RevocationOptions,
    chosen_policy,
    chosen_proxies,
    preflight,
    private_addresses_option,
    revocation_options,
)
from trustdesk.cli.vault import opener
from trustdesk.core.diagnosis import GroupChoice, ProbeVariant, TlsVersions
from trustdesk.core.ports import Judge
from trustdesk.core.proxy import Proxy
from trustdesk.core.target import Target, parse_target
from trustdesk.core.trust import TrustList
from trustdesk.network.request import ProbeRequest
from trustdesk.services.handshakes import limits_within
from trustdesk.services.published_keys import published_keys
from trustdesk.services.revocation import SecondJudgement
from trustdesk.storage.places import WorkspacePlace

if TYPE_CHECKING:
    from trustdesk.formats.credential import ClientCredential

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbingOptions:
    """What `probing_options` were given."""

    connect: str | None
    server_name: str | None
    no_sni: bool
    verify_name: str | None
    alpn: str | None
    tls: str | None
    groups: str | None
    trust_lists: tuple[str, ...]
    at: datetime | None
    client: ClientOptions
    workspace: WorkspacePlace | None
    timeout: float | None
    allow_private_addresses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedProbe:
    """A probe that is ready to be made.

    Attributes:
        trust_lists: that our own certificate is judged by; the server is by its partner's policy too.
        later: judges kept certificates for another time, as strictly as the person asked.
        second: judges the server again, with addresses that may be asked; None for none.
    """

    request: ProbeRequest
    trust_lists: tuple[TrustList, ...]
    later: Judge
    second: SecondJudgement | None

    @property
    def credential(self) -> ClientCredential | None:
        """What is presented; None for none."""
        return self.request.credential

    @property
    def proxy(self) -> Proxy | None:
        """What the probe goes through; None for a direct connection."""
        return self.request.proxy


_variant_options = stacked(
    click.option("--tls", type=click.Choice(["1.2", "1.3"]), help="Offer this version of TLS alone."),
    click.option(
        "--groups",
        type=click.Choice([choice.value for choice in GroupChoice]),
        help="Key exchange to offer: pq, post-quantum groups too (default), or classic, secp256r1 alone.",
    ),
)
_options = stacked(
    target_options,
    _variant_options,
    trust_options,
    client_options,
    workspace_option_for("Workspace that --identity and trust lists are looked for in."),
    timeout_option,
    private_addresses_option,
)


def probing_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options to a command; it gets them together, as `probing` and `revocation`."""

    @wraps(command)
    def bundled(
        *,
        connect: str | None,
        server_name: str | None,
        no_sni: bool,
        verify_name: str | None,
        alpn: str | None,
        tls: str | None,
        groups: str | None,
        trust_lists: tuple[str, ...],
        at: datetime | None,
        client: ClientOptions,
        workspace: WorkspacePlace | None,
        timeout: float | None,
        allow_private_addresses: bool,
        **others: object,
    ) -> R:
        given = ProbingOptions(
            connect=connect,
            server_name=server_name,
            no_sni=no_sni,
            verify_name=verify_name,
            alpn=alpn,
            tls=tls,
            groups=groups,
            trust_lists=trust_lists,
            at=at,
            client=client,
            workspace=workspace,
            timeout=timeout,
            allow_private_addresses=allow_private_addresses,
        )
        return command(probing=given, **others)

    return _options(revocation_options(bundled))


def prepared_probe(target: str, probing: ProbingOptions, revocation: RevocationOptions) -> PreparedProbe:
    """Read everything that the options name; our own certificate's revocation is found out on the way.

    Raises:
        UnusableInputError: one of them cannot be used.
        KeyStoreError: the identity's key cannot be had.
    """
    parsed = target_from(
        target, probing.connect, probing.server_name, probing.no_sni, probing.verify_name, probing.alpn
    )
    proxies = chosen_proxies(revocation.proxy, no_proxy=revocation.no_proxy, tunnels=True)
    proxy = proxies.tunnel_to(parsed.connect_address or parsed.host, parsed.connect_port or parsed.port)
    trust = chosen_trust(
        probing.trust_lists,
        probing.workspace,
        judges_partners=True,
        open_vault=opener(probing.client.vault_password),
    )
    lists, by_policy = trust.lists, trust.lists_at(parsed)
    credential = chosen_client(probing.client, probing.workspace)
    policy = chosen_policy(
        revocation, allow_private_addresses=probing.allow_private_addresses, proxies=proxies
    )
    request = ProbeRequest(
        target=parsed,
        judge=policy.gate(by_policy, published_keys=published_keys()),
        credential=credential,
        client_revocation=preflight(credential, lists, policy),
        present_anyway=probing.client.present_anyway,
        variant=ProbeVariant(
            versions=TlsVersions.ANY if probing.tls is None else TlsVersions(probing.tls),
            groups=GroupChoice.PQ if probing.groups is None else GroupChoice(probing.groups),
        ),
        proxy=proxy,
        limits=limits_within(probing.timeout),
    )
    second = policy.second(by_policy, published_keys=published_keys())
    later = policy.judge(by_policy, published_keys=published_keys())
    return PreparedProbe(request=request, trust_lists=lists, later=later, second=second)


def target_from(
    text: str,
    connect: str | None,
    server_name: str | None,
    no_sni: bool,
    verify_name: str | None,
    alpn: str | None,
) -> Target:
    """Read a target with the overrides of the command line.

    Raises:
        UnusableInputError: as `parse_target`.
    """
    return parse_target(
        text,
        connect=connect,
        server_name=server_name,
        send_server_name=not no_sni,
        verify_name=verify_name,
        alpn=None if alpn is None else tuple(part.strip() for part in alpn.split(",") if part.strip()),
    )
