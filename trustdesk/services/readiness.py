"""One readiness check: exactly the harmless calls, one after the other, and the rules over what they show.

Nothing here makes any other request: probes GET the base path (`network.http_exchange`), the strictly
verified connection GETs the base path and one object that nobody has, and the ports without TLS are asked
once. A token goes to that one connection alone, and only where the server was trusted before.

Source: ONE Record security notes, harmless calls; API 2.3.0.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import CertificateChoice, LegacyVersion, ProbeVariant, TlsVersions
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding, Verdict
from trustdesk.core.handshake import CertificateRequested
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import Message, msg
from trustdesk.core.plain_answer import PlainAnswer
from trustdesk.core.ports import Job
from trustdesk.core.probe import ProbeRecord
from trustdesk.core.readiness import CallMade, HarmlessCall, Readiness
from trustdesk.core.target import Target, TargetProtocol, parse_target
from trustdesk.formats.throw_away import throw_away_credential
from trustdesk.network.request import ProbeRequest
from trustdesk.network.strict_exchange import StrictOutcome, StrictRequest
from trustdesk.network.thread import NetworkThread
from trustdesk.services import readiness_words as words
from trustdesk.services.handshakes import ClientSide, client_side, report_of
from trustdesk.services.readiness_desk import ReadinessProgress
from trustdesk.services.readiness_plan import ReadinessRequest, planned_calls, versions_to_try
from trustdesk.services.thread_jobs import Stop
from trustdesk.verify.readiness.case import OwnEndpoint, ReadinessCase
from trustdesk.verify.readiness.judge import endpoint_findings, readiness_verdict

T = TypeVar("T")

_OF_THE_ENDPOINT = ("TLS-", "API-", "AMQ-")
_NOT_REACHED = msg("The endpoint was not reached.")
_CANCELLED = msg("It was cancelled.")
_NOT_TRUSTED = msg("The server is not trusted: nothing is sent to it but a bare GET.")
_NOT_ASKED_FOR = msg("Nobody asked for it.")


def check_readiness(
    network: NetworkThread,
    request: ReadinessRequest,
    stop: Stop,
    on_progress: Callable[[ReadinessProgress], None] | None = None,
) -> Readiness:
    """Make the calls and judge; blocks.

    Raises:
        EnvironmentFailureError: this machine cannot make connections.
    """
    run = _Run(network, request, stop, on_progress)
    try:
        return run.readiness()
    finally:
        if request.wishes.token is not None:
            request.wishes.token.forget()


class _Run:
    """One check while it runs."""

    def __init__(
        self,
        network: NetworkThread,
        request: ReadinessRequest,
        stop: Stop,
        on_progress: Callable[[ReadinessProgress], None] | None,
    ) -> None:
        self._network = network
        self._request = request
        self._stop = stop
        self._on_progress = on_progress
        self._target = request.probe.target
        self._made: dict[HarmlessCall, Message] = {}
        self._not_made: dict[HarmlessCall, Message] = {}
        self._planned = planned_calls(self._target.protocol)

    def readiness(self) -> Readiness:
        request = self._request
        bare, bare_findings = self._bare()
        others = self._others(bare)
        legacy = self._old_versions(bare)
        plain = self._plain(bare)
        strict = self._strict(bare)
        case = ReadinessCase(
            target=self._target,
            bare=bare,
            others=others,
            identity=self._identity,
            issuers=client_side(request.probe.credential).issuers,
            claims_mutual_tls=request.endpoint.claims_mutual_tls,
            legacy=legacy,
            plain=plain,
            wrong=self._wrong(bare),
            own=self._own(),
            authorised=strict.get(HarmlessCall.AUTHORISED),
            unknown_object=strict.get(HarmlessCall.UNKNOWN_OBJECT),
            required_api_version=request.required_api_version,
            not_made=self._not_made,
        )
        findings = (*endpoint_findings(case), *bare_findings, *request.preflight.findings)
        verdict, is_whole = readiness_verdict(findings), not self._stop.is_set()
        return Readiness(
            endpoint_id=request.endpoint.id,
            at=request.at,
            findings=findings,
            calls=tuple(self._call(call) for call in self._planned),
            verdict=Verdict.WARN if verdict is Verdict.PASS and not is_whole else verdict,
            is_whole=is_whole,
        )

    @property
    def _identity(self) -> CertificateFacts | None:
        return client_side(self._request.probe.credential).certificate

    def _call(self, call: HarmlessCall) -> CallMade:
        if call in self._made:
            return CallMade(call=call, outcome=self._made[call])
        return CallMade(call=call, not_made=self._not_made.get(call, _CANCELLED))

    # -- the calls, in their order --------------------------------------------------------------------

    def _bare(self) -> tuple[ProbeRecord, tuple[Finding, ...]]:
        """Probe without a certificate: the handshake, and for https the GET without any credential."""
        self._begin(HarmlessCall.HANDSHAKE)
        variant = ProbeVariant(certificate=CertificateChoice.NONE)
        record = self._probed(
            replace(self._request.probe, credential=None, variant=variant, keeps_answer=True)
        )
        second = self._request.second
        if second is not None and not self._stop.is_set():
            with self._stop.ends(second.cancel):
                record = second.judged(record)
        self._made[HarmlessCall.HANDSHAKE] = words.handshake_words(record)
        if record.http is not None:
            self._made[HarmlessCall.WITHOUT_CREDENTIALS] = words.request_words(record)
        else:
            self._not_made[HarmlessCall.WITHOUT_CREDENTIALS] = record.error or _NOT_REACHED
        report = report_of(record, ClientSide())
        of_certificates = (one for one in report.findings if not one.rule.startswith(_OF_THE_ENDPOINT))
        return record, tuple(of_certificates)

    def _others(self, bare: ProbeRecord) -> tuple[ProbeRecord, ...]:
        """Shake hands in each version by itself: with our certificate, or else what was not seen yet."""
        call = HarmlessCall.WITH_CERTIFICATE
        is_untrusted = bare.judgement is not None and not bare.judgement.trusted
        presents = self._request.probe.credential is not None and not is_untrusted
        versions = versions_to_try(bare, with_certificate=presents)
        if not presents:
            self._not_made[call] = (
                _NOT_TRUSTED if is_untrusted else msg("No client certificate was selected.")
            )
            target = replace(self._target, protocol=TargetProtocol.TLS, path="/", alpn=())
            return tuple(
                record
                for version in versions
                if (record := self._variant(CertificateChoice.NONE, version, target=target)) is not None
            )
        if not self._goes_on(call, bare):
            return ()
        if not versions:
            self._not_made[call] = msg("No client certificate is presented below TLS 1.2.")
            return ()
        self._begin(call)
        records = tuple(
            record
            for version in versions
            if (record := self._variant(CertificateChoice.SELECTED, version)) is not None
        )
        if records:
            self._made[call] = words.with_certificate_words(records)
        return records

    def _variant(
        self, certificate: CertificateChoice, version: TlsVersions, *, target: Target | None = None
    ) -> ProbeRecord | None:
        if self._stop.is_set():
            return None
        variant = ProbeVariant(certificate=certificate, versions=version)
        probe = self._request.probe
        return self._probed(
            replace(probe, target=target or probe.target, variant=variant, keeps_answer=target is None)
        )

    def _old_versions(self, bare: ProbeRecord) -> tuple[LegacyVersion, ...]:
        call = HarmlessCall.OLD_VERSIONS
        if not self._goes_on(call, bare):
            return ()
        self._begin(call)
        probe = self._request.probe
        legacy = self._done(self._network.legacy_versions(probe.target, bare.address, probe.proxy))
        self._made[call] = words.legacy_words(legacy)
        return legacy

    def _plain(self, bare: ProbeRecord) -> PlainAnswer | None:
        """Ask the port without TLS, whatever the one with TLS did, so long as the machine is there."""
        ports, target = self._request.plain_ports, self._target
        if target.protocol is TargetProtocol.TLS:
            return None
        call, port, ask = HarmlessCall.PLAIN_HTTP, ports.http, self._network.plain_http
        if target.protocol is TargetProtocol.AMQPS:
            call, port, ask = HarmlessCall.PLAIN_AMQP, ports.amqp, self._network.plain_amqp
        if not self._goes_on(call, bare):
            return None
        try:
            proxy = self._request.tunnel_to(target.connect_address or target.host, port)
        except UnusableInputError as error:
            self._not_made[call] = error.problem
            return None
        self._begin(call)
        answer = self._done(ask(target, proxy, port))
        self._made[call] = words.plain_words(answer)
        return answer

    def _strict(self, bare: ProbeRecord) -> dict[HarmlessCall, HttpAnswer]:
        """Make what goes over the verified connection: with the token, and for an object nobody has."""
        wishes, target = self._request.wishes, self._target
        if target.protocol is not TargetProtocol.HTTPS:
            return {}
        paths = {
            HarmlessCall.AUTHORISED: target.path,
            HarmlessCall.UNKNOWN_OBJECT: f"{target.path.rstrip('/')}/logistics-objects/{uuid.uuid4()}",
        }
        obstacle = self._obstacle(bare)
        wanted = []
        for call, asked_for, why_not in (
            (HarmlessCall.AUTHORISED, wishes.token is not None, msg("No token was given.")),
            (HarmlessCall.UNKNOWN_OBJECT, wishes.asks_for_unknown_object, _NOT_ASKED_FOR),
        ):
            if not asked_for:
                self._not_made[call] = why_not
            elif obstacle is not None:
                self._not_made[call] = obstacle
            elif self._goes_on(call, bare):
                wanted.append(call)
        if not wanted:
            return {}
        self._begin(wanted[0])
        probe = self._request.probe
        outcome: StrictOutcome = self._done(
            self._network.strict_exchange(
                StrictRequest(
                    target=replace(target, connect_address=bare.address or target.connect_address),
                    judge=probe.judge,
                    paths=tuple(paths[call] for call in wanted),
                    staple=bare.stapled_ocsp,
                    credential=probe.credential,
                    token=wishes.token,
                    proxy=probe.proxy,
                )
            )
        )
        answers = dict(zip(wanted, outcome.answers, strict=False))
        for position, call in enumerate(wanted):
            if call in answers:
                self._made[call] = words.answer_words(answers[call])
            elif position < outcome.sent and outcome.stopped is not None:
                self._made[call] = outcome.stopped
                self._not_made[call] = outcome.stopped
            else:
                self._not_made[call] = outcome.stopped or _CANCELLED
        return answers

    def _obstacle(self, bare: ProbeRecord) -> Message | None:
        """Return why nothing is asked over the verified connection; None where nothing is in the way."""
        token = self._request.wishes.token
        if bare.judgement is None:
            return bare.error or _NOT_REACHED
        if not bare.judgement.trusted:
            return _NOT_TRUSTED
        insists = bare.client_auth.requested is CertificateRequested.REQUIRED
        if insists and self._request.probe.credential is None:
            return msg("The server lets nobody in without a client certificate, and none was selected.")
        if token is not None and token.expires_at is not None and token.expires_at <= self._request.at:
            return msg("The token ended on {instant}; it was not sent.", instant=token.expires_at)
        return None

    def _wrong(self, bare: ProbeRecord) -> ProbeRecord | None:
        call = HarmlessCall.WRONG_CERTIFICATE
        if not self._request.wishes.tries_wrong_certificate:
            self._not_made[call] = _NOT_ASKED_FOR
            return None
        if bare.judgement is not None and not bare.judgement.trusted:
            self._not_made[call] = _NOT_TRUSTED
        if not self._goes_on(call, bare):
            return None
        self._begin(call)
        record = self._probed(
            replace(
                self._request.probe,
                credential=throw_away_credential(self._request.at),
                client_revocation=(),
                present_anyway=False,
                variant=ProbeVariant(),
            )
        )
        self._made[call] = words.request_words(record)
        return record

    def _own(self) -> OwnEndpoint | None:
        """Look at our own notifications endpoint, without a certificate, as whoever connects to it."""
        call, text = HarmlessCall.OWN_ENDPOINT, self._request.own_endpoint
        if not text:
            self._not_made[call] = msg("The settings name no notifications endpoint of ours.")
            return None
        if self._stop.is_set():
            self._not_made[call] = _CANCELLED
            return None
        try:
            target = parse_target(text)
            proxy = self._request.tunnel_to(target.host, target.port)
        except UnusableInputError as error:
            self._not_made[call] = error.problem
            return None
        self._begin(call)
        probe = ProbeRequest(
            target=target,
            judge=self._request.own_judge or self._request.probe.judge,
            proxy=proxy,
            limits=self._request.probe.limits,
        )
        first = self._probed(probe)
        records = [first]
        legacy: tuple[LegacyVersion, ...] = ()
        if words.was_reached(first) and not self._stop.is_set():
            records.append(self._probed(replace(probe, variant=ProbeVariant(versions=TlsVersions.TLS_1_2))))
            legacy = self._done(self._network.legacy_versions(target, first.address, proxy))
        self._made[call] = words.handshake_words(first)
        return OwnEndpoint(target=target, records=tuple(records), legacy=legacy)

    # -- how they are made ----------------------------------------------------------------------------

    def _goes_on(self, call: HarmlessCall, bare: ProbeRecord) -> bool:
        """Whether a further call is worth making; notes why not."""
        if self._stop.is_set():
            self._not_made[call] = _CANCELLED
        elif not words.was_reached(bare):
            self._not_made[call] = bare.error or _NOT_REACHED
        return call not in self._not_made

    def _probed(self, request: ProbeRequest) -> ProbeRecord:
        return self._done(self._network.probe(request))

    def _done(self, job: Job[T]) -> T:
        with self._stop.ends(job.cancel):
            return job.future.result()

    def _begin(self, call: HarmlessCall) -> None:
        if self._on_progress is not None:
            position = self._planned.index(call) + 1
            self._on_progress(ReadinessProgress(call=call, position=position, of=len(self._planned)))
