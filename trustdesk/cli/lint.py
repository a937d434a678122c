"""`trustdesk lint`: the rule sets over a certificate or a request."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.opening import of_file, opened, require_readable
from trustdesk.cli.options import (
    chosen_trust_lists,
    file_path,
    json_option,
    offline_option,
    trust_options,
)
from trustdesk.cli.render import console
from trustdesk.cli.render_lint import print_findings
from trustdesk.cli.revoking import given_options
from trustdesk.cli.secret_options import SecretOption, password_options
from trustdesk.core.finding import Verdict, verdict_of
from trustdesk.formats.json_text import json_text
from trustdesk.formats.judgement_documents import lint_document
from trustdesk.services.lint_selection import select_for_lint
from trustdesk.services.lint_worker import PkilintWorker
from trustdesk.services.linting import choose_rule_sets, lint_all
from trustdesk.services.revocation import given_evidence
from trustdesk.services.wording import wording
from trustdesk.verify.profiles.context import Role


@click.command(epilog="Example: trustdesk lint partner.pem --role server --rules 1r-2x,webpki")
@click.argument("file", type=file_path)
@click.option(
    "--rules",
    metavar="A,B",
    default="",
    help="Rule sets: 1r-2x, 1r-2020, webpki, org (default: all).",
)
@click.option("--org-file", type=file_path, metavar="FILE", help="The organisation's own rules (TOML).")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    help="As what it is judged (default: what it says of itself).",
)
@click.option("--all", "everything", is_flag=True, help="Show also what passes and what does not apply.")
@trust_options
@password_options
@given_options
@offline_option
@json_option
@click.pass_context
def lint(
    context: click.Context,
    file: Path,
    rules: str,
    org_file: Path | None,
    role: str | None,
    everything: bool,
    trust_lists: tuple[str, ...],
    at: datetime | None,
    password: SecretOption,
    crl_files: tuple[Path, ...],
    ocsp_files: tuple[Path, ...],
    offline: bool,
    as_json: bool,
) -> None:
    """Apply the rule sets to the certificate or the request in FILE, and pkilint to a certificate.

    Exits with 1 when a rule that weighs as error or blocker fails; a warning exits with 0. Fetches nothing.
    """
    del offline  # Nothing is fetched in any selection.

    rule_sets = choose_rule_sets([name.strip() for name in rules.split(",") if name.strip()], org_file)
    lists = chosen_trust_lists(trust_lists)
    inspection = opened((file,), password.prompt())
    require_readable(inspection, file)
    instant = at or datetime.now(UTC)
    selection = select_for_lint(
        of_file(inspection, file),
        str(file),
        Role(role) if role is not None else None,
        lists,
        instant,
        revocation=given_evidence(crl_files, ocsp_files),
    )
    with PkilintWorker() as worker:
        findings = lint_all(selection.subject, selection.role, rule_sets, selection.context, worker)
    if as_json:
        document = lint_document(
            selection.item,
            role=selection.role.value,
            rule_sets=[rule_set.name.value for rule_set in rule_sets],
            at=instant,
            findings=findings,
            text=wording().text,
        )
        click.echo(json_text(document, indent=1))
    else:
        print_findings(console(), selection.item, selection.role, findings, everything=everything)
    context.exit(1 if verdict_of(findings) is Verdict.FAIL else 0)
