"""The options on revocation and downloads, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from trustdesk.cli.options import file_path, offline_option, stacked
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import FailMode, RevocationCheck, RevocationStatus
from trustdesk.core.trust import TrustList
from trustdesk.network.web_proxy import EnvironmentProxies, NamedProxy, NoProxy, ProxyChoice
from trustdesk.services.clock import SystemClock
from trustdesk.services.handshakes import client_side
from trustdesk.services.revocation import (
    RevocationPolicy,
    given_evidence,
    own_revocation,
    person_web,
)
from trustdesk.services.wording import wording
from trustdesk.verify.revocation.outcomes import revoked_words

if TYPE_CHECKING:
    from trustdesk.formats.credential import ClientCredential

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationOptions:
    """What `revocation_options` were given."""

    crl_files: tuple[Path, ...]
    ocsp_files: tuple[Path, ...]
    crl_urls: tuple[str, ...]
    ocsp_urls: tuple[str, ...]
    online_revocation: bool
    fail_mode: FailMode
    offline: bool
    proxy: str | None
    no_proxy: bool

    @property
    def is_online(self) -> bool:
        """Whether addresses are to be asked."""
        wanted = self.online_revocation or bool(self.crl_urls) or bool(self.ocsp_urls)
        return wanted and not self.offline


proxy_options = stacked(
    click.option(
        "--proxy",
        metavar="URL",
        help="Connect through this proxy: http:// or, for tests, socks5:// (default: the environment's).",
    ),
    click.option("--no-proxy", is_flag=True, help="Connect directly, whatever the environment says."),
)
given_options = stacked(
    click.option(
        "--crl",
        "crl_files",
        type=file_path,
        multiple=True,
        metavar="FILE",
        help="CRL to look certificates up in (repeatable).",
    ),
    click.option(
        "--ocsp",
        "ocsp_files",
        type=file_path,
        multiple=True,
        metavar="FILE",
        help="OCSP response to believe (repeatable).",
    ),
)
"""Files that say who is revoked; with them alone nobody is asked."""

private_addresses_option = click.option(
    "--allow-private-addresses",
    is_flag=True,
    help="Ask about revocation on this machine and in private networks too; for tests and closed groups.",
)
"""Of the commands that probe; `trustdesk verify` fetches issuers from there too, and says so."""

_options = stacked(
    given_options,
    click.option("--crl-url", "crl_urls", multiple=True, metavar="URL", help="CRL to download (repeatable)."),
    click.option(
        "--ocsp-url", "ocsp_urls", multiple=True, metavar="URL", help="OCSP responder to ask (repeatable)."
    ),
    click.option(
        "--online-revocation",
        is_flag=True,
        help="Ask the OCSP responders and download the CRLs that certificates name; an URL above implies it.",
    ),
    click.option(
        "--fail-mode",
        type=click.Choice([mode.value for mode in FailMode]),
        default=FailMode.SOFT.value,
        show_default=True,
        help="Whether a revocation that is not known is passed over (soft) or refused (hard).",
    ),
    offline_option,
    proxy_options,
)


def revocation_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options to a command; it gets them together, as `revocation`."""

    @wraps(command)
    def bundled(
        *,
        crl_files: tuple[Path, ...],
        ocsp_files: tuple[Path, ...],
        crl_urls: tuple[str, ...],
        ocsp_urls: tuple[str, ...],
        online_revocation: bool,
        fail_mode: str,
        offline: bool,
        proxy: str | None,
        no_proxy: bool,
        **others: object,
    ) -> R:
        given = RevocationOptions(
            crl_files=crl_files,
            ocsp_files=ocsp_files,
            crl_urls=crl_urls,
            ocsp_urls=ocsp_urls,
            online_revocation=online_revocation,
            fail_mode=FailMode(fail_mode),
            offline=offline,
            proxy=proxy,
            no_proxy=no_proxy,
        )
        return command(revocation=given, **others)

    return _options(bundled)


def chosen_proxies(proxy: str | None, *, no_proxy: bool, tunnels: bool = False) -> ProxyChoice:
    """Return what `--proxy` and `--no-proxy` say, the environment's without either.

    Args:
        tunnels: they are for probes too, so that socks5:// will do.

    Raises:
        UnusableInputError: both were given, or the proxy is of a kind that cannot be used.
    """
    if proxy is not None and no_proxy:
        raise UnusableInputError(
            msg("A proxy was named and forbidden at once."), remedy=msg("Give --proxy or --no-proxy.")
        )
    if no_proxy:
        return NoProxy()
    return EnvironmentProxies() if proxy is None else NamedProxy(proxy, tunnels=tunnels)


def chosen_policy(
    options: RevocationOptions, *, allow_private_addresses: bool, proxies: ProxyChoice | None = None
) -> RevocationPolicy:
    """Read the files, and prepare the downloads that were asked for.

    Args:
        proxies: for the downloads; None for what the options say.

    Raises:
        UnusableInputError: a file or the proxy cannot be used.
    """
    if proxies is None:
        proxies = chosen_proxies(options.proxy, no_proxy=options.no_proxy)
    asks = options.online_revocation or options.crl_urls or options.ocsp_urls
    if asks and options.offline:
        note(msg("Nobody is asked about revocation, because --offline was given."))
    web = None
    if options.is_online:
        web = person_web(SystemClock(), proxies=proxies, allow_private_addresses=allow_private_addresses)
    return RevocationPolicy(
        given=given_evidence(
            options.crl_files, options.ocsp_files, crl_urls=options.crl_urls, ocsp_urls=options.ocsp_urls
        ),
        web=web,
        fail_mode=options.fail_mode,
    )


def preflight(
    credential: ClientCredential | None,
    trust_lists: Sequence[TrustList],
    policy: RevocationPolicy,
) -> tuple[RevocationCheck, ...]:
    """Find out whether our own certificate is revoked, and say so before any partner is asked.

    Returns:
        Of each certificate of our path, ours first; empty without a credential or a source.
    """
    if credential is None:
        return ()
    checks = own_revocation(credential, trust_lists, policy)
    for check in checks:
        if check.status is RevocationStatus.REVOKED:
            titles = client_side(credential).titles
            note(
                msg(
                    "Before the partner is asked: {revoked} It will be refused by everybody who looks.",
                    revoked=revoked_words(check, titles.get(check.certificate, check.certificate[:16])),
                )
            )
    return checks


def note(message: Message) -> None:
    """Tell something beside the result, on standard error."""
    click.echo(f"trustdesk: {wording().text(message)}", err=True)
