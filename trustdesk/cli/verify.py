"""`trustdesk verify`: every path of one certificate, judged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.opening import of_file, opened, require_readable
from trustdesk.cli.options import (
    chosen_trust_lists,
    file_path,
    json_option,
    trust_options,
)
from trustdesk.cli.render import console
from trustdesk.cli.render_verification import print_verification
from trustdesk.cli.revoking import (
    RevocationOptions,
    chosen_policy,
    chosen_proxies,
    note,
    revocation_options,
)
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.core.message import msg, msg_n
from trustdesk.core.verification import Purpose, Verification
from trustdesk.formats.json_text import json_text
from trustdesk.formats.judgement_documents import verification_document
from trustdesk.network.download import FetchLimits
from trustdesk.network.fetch import WebFetcher
from trustdesk.services.inspection import usability_of
from trustdesk.services.verification import (
    certificates_of,
    end_entity_of,
    explanation,
    reference_identifier,
    verify_certificate,
)
from trustdesk.services.wording import wording


@click.command(
    epilog="Example: trustdesk verify partner.pem --purpose server --hostname 1r.partner.example"
    " --trust-list partners.pem"
)
@click.argument("file", type=file_path)
@click.option(
    "--purpose",
    type=click.Choice([purpose.value for purpose in Purpose]),
    default=Purpose.SERVER.value,
    show_default=True,
    help="What the certificate is to be used as.",
)
@click.option(
    "--hostname", metavar="NAME", help="Name or IP address that the server's certificate must carry."
)
@click.option(
    "--intermediates",
    type=file_path,
    multiple=True,
    metavar="FILE",
    help="Further certificates that may stand in a path (repeatable).",
)
@trust_options
@password_options
@click.option("--aia", is_flag=True, help="Fetch missing issuers from where certificates say that they are.")
@click.option(
    "--allow-private-addresses",
    is_flag=True,
    help="Fetch from this machine and from private networks too; for tests and closed groups.",
)
@revocation_options
@json_option
@click.pass_context
def verify(
    context: click.Context,
    file: Path,
    purpose: str,
    hostname: str | None,
    intermediates: tuple[Path, ...],
    trust_lists: tuple[str, ...],
    at: datetime | None,
    password: SecretOption,
    aia: bool,
    allow_private_addresses: bool,
    revocation: RevocationOptions,
    as_json: bool,
) -> None:
    """Build and judge every path of the certificate in FILE.

    Further certificates in FILE serve as intermediates. Nobody is asked about revocation unless an option
    says so; what follows under soft and hard fail is shown either way. Exits with 0 when the certificate is
    trusted, with 1 when it is not.
    """
    reference = None if hostname is None else reference_identifier(hostname)
    lists = chosen_trust_lists(trust_lists)
    inspection = opened((file, *intermediates), password.prompt())
    for named in (file, *intermediates):
        require_readable(inspection, named)
    chosen = end_entity_of(of_file(inspection, file), str(file))
    if chosen.rivals:
        note(
            msg_n(
                "The file holds {count} more certificate that could be meant; {subject} is judged.",
                "The file holds {count} more certificates that could be meant; {subject} is judged.",
                chosen.rivals,
                subject=chosen.certificate.facts.title,
            )
        )
    if aia and revocation.offline:
        note(msg("Nothing is fetched, because --offline was given."))
    fetcher = None
    if aia and not revocation.offline:
        fetcher = WebFetcher(
            FetchLimits(allow_private_addresses=allow_private_addresses),
            proxies=chosen_proxies(revocation.proxy, no_proxy=revocation.no_proxy),
        )
    others = [one for one in certificates_of(inspection) if one is not chosen.certificate]
    instant = at or datetime.now(UTC)
    evidence = chosen_policy(revocation, allow_private_addresses=allow_private_addresses).evidence()

    def judged(wanted: Purpose) -> Verification:
        return verify_certificate(
            chosen.certificate.facts,
            [other.facts for other in others],
            purpose=wanted,
            trust_lists=lists,
            at=instant,
            reference_identifier=reference,
            fetcher=fetcher,
            revocation=evidence,
            fail_mode=revocation.fail_mode,
        )

    verification = judged(Purpose(purpose))
    if reference is not None and verification.purpose is Purpose.CLIENT:
        note(msg("A host name says nothing of a client: it is not compared."))
    if as_json:
        usable = usability_of(
            (chosen.certificate,),
            lists,
            instant,
            others=others,
            revocation=evidence,
            fail_mode=revocation.fail_mode,
        )
        document = verification_document(
            verification,
            chosen.certificate,
            usable[chosen.certificate.facts.sha256],
            explanation(verification),
            wording().text,
        )
        click.echo(json_text(document, indent=1))
    else:
        other = judged(next(one for one in Purpose if one is not verification.purpose))
        print_verification(console(), verification, other, trust_lists=lists, aia_allowed=fetcher is not None)
    context.exit(0 if verification.trusted else 1)
