"""`trustdesk diagnose`: the probes that tell causes apart, the causes ranked, and what to write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.options import file_path, json_option
from trustdesk.cli.probing import ProbingOptions, prepared_probe, probing_options
from trustdesk.cli.render import console
from trustdesk.cli.render_diagnosis import print_commands, print_diagnosis
from trustdesk.cli.revoking import RevocationOptions, note
from trustdesk.cli.waiting import wait_for
from trustdesk.core.finding import Verdict
from trustdesk.core.message import msg
from trustdesk.formats.diagnosis_documents import diagnosis_document
from trustdesk.formats.json_text import json_text
from trustdesk.network.thread import NetworkThread
from trustdesk.services.diagnosing import (
    DiagnosisProgress,
    DiagnosisRequest,
    own_identity,
    start_diagnosis,
)
from trustdesk.services.diagnosis_files import (
    require_bundle_ending,
    require_letter_ending,
    save_bundle,
    save_letter,
)
from trustdesk.services.equivalent_commands import equivalent_commands
from trustdesk.services.preflight import preflight_of
from trustdesk.services.wording import ENGLISH, LANGUAGES, wording

_TOTAL_S = 30.0


@click.command(epilog="Example: trustdesk diagnose https://1r.partner.example --client-cert client.p12")
@click.argument("target")
@click.option("--letter", type=file_path, metavar="FILE", help="Write a letter to the partner (.md or .txt).")
@click.option(
    "--letter-language",
    type=click.Choice(LANGUAGES),
    default=ENGLISH,
    show_default=True,
    help="The language that the partner reads.",
)
@click.option(
    "--bundle", type=file_path, metavar="FILE", help="Write everything about it, without secrets (.zip)."
)
@click.option("--show-commands", is_flag=True, help="Show the same test as openssl, curl and keytool lines.")
@probing_options
@json_option
@click.pass_context
def diagnose(
    context: click.Context,
    target: str,
    letter: Path | None,
    letter_language: str,
    bundle: Path | None,
    show_commands: bool,
    probing: ProbingOptions,
    revocation: RevocationOptions,
    as_json: bool,
) -> None:
    """Find out why a handshake with TARGET fails, who has to act, and what to write.

    Makes at most 12 connections; over the first goes a second harmless request, for the time that it takes.
    --timeout is for the whole diagnosis, --at for the check of our own certificate alone. The causes come
    ranked, with the evidence of the probes.
    """
    if letter is not None:
        require_letter_ending(letter)
    if bundle is not None:
        require_bundle_ending(bundle)
    prepared = prepared_probe(target, probing, revocation)
    request = prepared.request
    preflight = preflight_of(
        prepared.credential,
        prepared.trust_lists,
        probing.at or datetime.now(UTC),
        request.client_revocation,
    )
    name = request.credential.name if request.credential is not None else None
    diagnosis_request = DiagnosisRequest(
        probe=request,
        preflight=preflight,
        identities=own_identity(name or "–", preflight),
        total_s=probing.timeout or _TOTAL_S,
        second=prepared.second,
    )
    errors = console(for_errors=True)
    network = NetworkThread()
    network.start()
    try:
        job = start_diagnosis(network, diagnosis_request, _told if errors.is_terminal else None)
        diagnosis = wait_for(job)
    finally:
        network.close()
    say = wording().text
    commands = equivalent_commands(
        request.target, request.variant, with_identity=request.credential is not None, proxy=prepared.proxy
    )
    if as_json:
        document = diagnosis_document(diagnosis, say)
        if show_commands:
            document["commands"] = [{"tool": one.tool, "line": one.line} for one in commands]
        click.echo(json_text(document, indent=1))
    else:
        print_diagnosis(console(), diagnosis)
        if show_commands:
            print_commands(console(), commands)
    if job.is_cancelled:
        context.exit(130)
    if letter is not None:
        save_letter(letter, diagnosis, preflight.certificate, wording(letter_language).text)
        note(msg("The letter was written to {file}.", file=str(letter)))
    if bundle is not None:
        save_bundle(bundle, diagnosis, preflight.certificate, prepared.proxy, say)
        note(msg("The support bundle was written to {file}.", file=str(bundle)))
    context.exit(1 if diagnosis.verdict is Verdict.FAIL else 0)


def _told(progress: DiagnosisProgress) -> None:
    """Say at a terminal what each probe is for, as it begins."""
    if progress.probe is None:
        note(msg("{id}: {purpose}", id=progress.id, purpose=progress.purpose))
