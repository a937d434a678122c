"""The review sheet of one target or partner: what the workspace knows, or what a test shows now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from trustdesk.cli.context import Faces
from trustdesk.cli.options import chosen_trust
from trustdesk.cli.own_desk import own_desk
from trustdesk.cli.probing import PreparedProbe, ProbingOptions, prepared_probe, target_from
from trustdesk.cli.progress import ReportBar
from trustdesk.cli.revoking import RevocationOptions
from trustdesk.cli.waiting import wait_for
from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint, Partner, PartnerEntry
from trustdesk.core.probe import ProbeReport
from trustdesk.network.thread import NetworkThread
from trustdesk.services.diagnosing import DiagnosisRequest, own_identity, start_diagnosis
from trustdesk.services.handshakes import start_handshake
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.preflight import preflight_of
from trustdesk.services.rejudging import Rejudger, own_paths
from trustdesk.services.report_progress import ReportSteps
from trustdesk.services.report_sources import CommandJudge, KeptResults
from trustdesk.services.review import PartnerReview
from trustdesk.services.review_reading import Surroundings, read_review
from trustdesk.services.review_sheets import write_sheet
from trustdesk.services.thread_jobs import Stop, ThreadJobs
from trustdesk.services.workspace_lists import with_kept_lists
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory
from trustdesk.storage.places import has_workspace
from trustdesk.verify.revocation.evidence import NO_EVIDENCE

_TOTAL_S = 30.0


@dataclass(frozen=True, slots=True)
class Testing:
    """Whether endpoints are tested now: None for those that never were; and whether the cause is sought."""

    now: bool | None
    diagnoses: bool


@dataclass(frozen=True, slots=True)
class _Tested:
    """What a test showed."""

    report: ProbeReport
    diagnosis: Diagnosis | None


def written_sheet(
    context: click.Context,
    text: str,
    output: Path,
    testing: Testing,
    probing: ProbingOptions,
    revocation: RevocationOptions,
) -> bool:
    """Write the sheet; False when it was cancelled.

    Raises:
        UnusableInputError: TARGET cannot be read, or is not in the workspace and must not be tested.
    """
    faces = context.find_object(Faces)
    assert faces is not None  # noqa: S101 - composition always gives the faces
    review = _review(text, testing, probing, revocation)
    jobs = ThreadJobs("trustdesk-report")
    with ReportBar() as bar:

        def work(stop: Stop) -> bool:
            steps = ReportSteps(bar.show, stop.is_set)
            steps.begin(1)
            return write_sheet(output, review, steps=steps, printer=faces.pdf_printer)

        try:
            return wait_for(jobs.start(work))
        finally:
            jobs.close()


def _review(
    text: str, testing: Testing, probing: ProbingOptions, revocation: RevocationOptions
) -> PartnerReview:
    """Put together what is known, and what a test shows now where one is wanted."""
    now = datetime.now(UTC)
    with _desk(probing) as desk:
        entry, endpoints = _known(desk, text, probing)
        # Who names a target asks for that one; who names a partner asks for what is known.
        is_named = entry is not None and entry.partner.name.casefold() == text.strip().casefold()
        if entry is None:
            if testing.now is False:
                raise UnusableInputError(
                    msg("The workspace has no partner and no endpoint of this name."),
                    remedy=msg("Add it to the directory, or leave --no-test out to test it now."),
                    place=text,
                )
            target = target_from(
                text,
                probing.connect,
                probing.server_name,
                probing.no_sni,
                probing.verify_name,
                probing.alpn,
            )
            entry = PartnerEntry(partner=Partner(name=target.host))
            endpoints = (
                Endpoint(id=0, partner=target.host, target=target, identity=probing.client.identity),
            )
        kept = _kept(probing, endpoints, now)
        reports, diagnoses = dict(kept), dict[int, Diagnosis]()
        for endpoint in endpoints:
            if testing.now or (testing.now is None and not is_named and endpoint.id not in kept):
                tested = _test(endpoint, text, testing, probing, revocation, is_known=endpoint.id > 0)
                reports[endpoint.id] = tested.report
                if tested.diagnosis is not None:
                    diagnoses[endpoint.id] = tested.diagnosis
        return read_review(
            entry.partner,
            endpoints,
            reports,
            Surroundings() if desk is None else desk.surroundings,
            made_at=now,
            evaluated_at=probing.at,
            diagnoses=diagnoses,
        )


@contextmanager
def _desk(probing: ProbingOptions) -> Iterator[LiveDesk | None]:
    """Open the desk of a workspace that is there; none is made for a report."""
    if not has_workspace(probing.workspace):
        yield None
        return
    with own_desk(probing.workspace, at=probing.at) as desk:
        yield desk


def _known(
    desk: LiveDesk | None, text: str, probing: ProbingOptions
) -> tuple[PartnerEntry | None, tuple[Endpoint, ...]]:
    """Return the partner of this name with its endpoints, or the one that has this target, with that."""
    if desk is None:
        return None, ()
    entries = desk.directory_desk.partners().result()
    wanted = text.strip().casefold()
    for entry in entries:
        if entry.partner.name.casefold() == wanted:
            return entry, entry.endpoints
    try:
        target = target_from(
            text, probing.connect, probing.server_name, probing.no_sni, probing.verify_name, probing.alpn
        )
    except UnusableInputError as error:
        raise UnusableInputError(
            msg(
                "There is no partner of this name, and it is no target either. {problem}",
                problem=error.problem,
            ),
            remedy=error.remedy,
            place=text,
        ) from error
    for entry in entries:
        if found := tuple(one for one in entry.endpoints if one.target == target):
            return entry, found
    return None, ()


def _kept(probing: ProbingOptions, endpoints: tuple[Endpoint, ...], now: datetime) -> dict[int, ProbeReport]:
    """Return the last results of endpoints that the workspace has, judged as the options say."""
    known = [one for one in endpoints if one.id]
    if not known:
        return {}
    judges_again = probing.at is not None or bool(probing.trust_lists)
    trust = chosen_trust(probing.trust_lists, probing.workspace, judges_partners=True)
    with open_workspace(probing.workspace) as opened:
        evidence = NO_EVIDENCE
        if judges_again or not trust.is_plain:
            evidence = with_kept_lists(evidence, opened)
        judge = CommandJudge(trust, evidence, at=probing.at, now=now, judges_again=judges_again)
        return dict(KeptResults(Directory(opened), judge.judged).results(known))


def _test(
    endpoint: Endpoint,
    text: str,
    testing: Testing,
    probing: ProbingOptions,
    revocation: RevocationOptions,
    *,
    is_known: bool,
) -> _Tested:
    """Test an endpoint now, with its own identity where no other is named; nothing of it is kept."""
    client = probing.client
    if is_known and client.identity is None and client.certificate_file is None:
        probing = replace(probing, client=replace(client, identity=endpoint.identity))
    prepared = prepared_probe(endpoint.target.endpoint if is_known else text, probing, revocation)
    if is_known:
        prepared = replace(prepared, request=replace(prepared.request, target=endpoint.target))
    network = NetworkThread()
    network.start()
    try:
        if testing.diagnoses:
            diagnosis = wait_for(start_diagnosis(network, _diagnosis_request(prepared, probing)))
            tested = _Tested(diagnosis.probes[0].report, diagnosis)
        else:
            tested = _Tested(
                wait_for(start_handshake(network, prepared.request, second=prepared.second)), None
            )
    finally:
        network.close()
    if probing.at is None:
        return tested
    own = own_paths(() if prepared.credential is None else (prepared.credential,))
    judge = Rejudger(prepared.later, at=probing.at, now=datetime.now(UTC), own=own)
    return _Tested(judge.rejudge(tested.report), tested.diagnosis)


def _diagnosis_request(prepared: PreparedProbe, probing: ProbingOptions) -> DiagnosisRequest:
    request = prepared.request
    preflight = preflight_of(
        prepared.credential, prepared.trust_lists, datetime.now(UTC), request.client_revocation
    )
    name = request.credential.name if request.credential is not None else None
    return DiagnosisRequest(
        probe=request,
        preflight=preflight,
        identities=own_identity(name or "–", preflight),
        total_s=probing.timeout or _TOTAL_S,
        second=prepared.second,
    )
