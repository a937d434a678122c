"""The demo's past: a month of tests that were never made, so that there is something to compare with.

Nordwind Cargo renewed its certificate with a new key, Brückenpfeiler Forwarding took another CA, Old Harbour
Logistics could not be reached for two days, Tamarisk Air works and refuses by turns. The chains are those of
the lab, the rest is invented.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.handshake import (
    Alert,
    AlertDirection,
    CertificateRequest,
    CertificateRequested,
    ClientAuth,
    ClientCertificateVerdict,
    Negotiated,
)
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.ports import Clock
from trustdesk.core.probe import (
    HttpFacts,
    IdentityLabel,
    Outcome,
    Phase,
    PhaseTimes,
    ProbeRecord,
    ProbeReport,
    StopReason,
)
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.credential import ClientCredential
from trustdesk.lab.catalogue import ServerSpec
from trustdesk.lab.pasts import ServerPast, read_past
from trustdesk.services.reporting import report_on
from trustdesk.verify.judge import PathJudge

DAYS = 30
_BEFORE_NOW = timedelta(hours=26)
"""Of the newest test: all of them are due again."""
_ACCEPTED_CAS = ("CN=Lab Root One,O=trustdesk lab",)
_TLS13 = Negotiated(
    version="TLSv1.3",
    cipher_suite="TLS_AES_256_GCM_SHA384",
    group="X25519MLKEM768",
    signature_scheme="ecdsa_secp256r1_sha256",
)
_TLS12 = Negotiated(
    version="TLSv1.2",
    cipher_suite="TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    group="x25519",
    signature_scheme="ecdsa_secp256r1_sha256",
)
_TLS12_RSA = replace(
    _TLS12, cipher_suite="TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", signature_scheme="rsa_pss_rsae_sha256"
)


class _Day(Enum):
    GOOD = auto()
    REFUSED = auto()
    SILENT = auto()


@dataclass(frozen=True, slots=True)
class _Story:
    """How an endpoint did: what happened on which days before now, and how long its handshakes take."""

    negotiated: Negotiated = _TLS13
    refused: frozenset[int] = frozenset()
    silent: frozenset[int] = frozenset()
    handshake_ms: float = 38.0
    slower_each_day_ms: float = 0.0

    def on(self, days_ago: int) -> _Day:
        if days_ago in self.silent:
            return _Day.SILENT
        return _Day.REFUSED if days_ago in self.refused else _Day.GOOD


_STORIES = {
    "healthy-tls13": _Story(),
    "healthy-cross-signed": _Story(handshake_ms=52.0),
    "healthy-tls12-only": _Story(negotiated=_TLS12_RSA, silent=frozenset({8, 9}), handshake_ms=61.0),
    "healthy-mtls-tls13": _Story(refused=frozenset({2, 4, 6, 19}), handshake_ms=44.0),
    "healthy-mtls-tls12": _Story(negotiated=_TLS12, handshake_ms=40.0, slower_each_day_ms=1.4),
}
"""By the names of the lab's servers."""


def past_reports(
    endpoints: Sequence[tuple[ServerSpec, Endpoint]],
    identities: Mapping[str, ClientCredential],
    *,
    judge: PathJudge,
    clock: Clock,
    folder: Path,
) -> list[tuple[int, ProbeReport]]:
    """Return the reports of a month, the oldest of each endpoint first, for the endpoints that have a past.

    Args:
        identities: by the names that the endpoints know them by.
        judge: says what it says of the chains, each for the day of its test.
        clock: says when now is.
        folder: of the lab.
    """
    now = clock.now().replace(microsecond=0) - _BEFORE_NOW
    found: list[tuple[int, ProbeReport]] = []
    for number, (spec, endpoint) in enumerate(endpoints):
        story, past = _STORIES.get(spec.name), read_past(spec, folder)
        if story is None or past is None:
            continue
        credential = None if endpoint.identity is None else identities[endpoint.identity]
        teller = _Teller(endpoint, story, past, credential, judge, number)
        found += [(endpoint.id, report) for report in teller.reports(now)]
    return found


class _Teller:
    """Tells the past of one endpoint."""

    def __init__(
        self,
        endpoint: Endpoint,
        story: _Story,
        past: ServerPast,
        credential: ClientCredential | None,
        judge: PathJudge,
        number: int,
    ) -> None:
        self._endpoint = endpoint
        self._story = story
        self._past = past
        self._judge = judge
        # The same each time: a picture of the demo is to look like the one before.
        self._chance = random.Random(number)  # noqa: S311
        ours = () if credential is None else tuple(map(read_certificate, credential.certification_path))
        self._client: CertificateFacts | None = ours[0] if ours else None
        self._issuers = tuple(one.issuer or "" for one in ours)

    def reports(self, now: datetime) -> Iterator[ProbeReport]:
        """Yield its reports, the oldest first; the newest is of `now`."""
        for days_ago in reversed(range(DAYS)):
            minutes = timedelta(minutes=self._chance.randrange(20))
            yield self._report(days_ago, now - timedelta(days=days_ago) - minutes)

    def _report(self, days_ago: int, at: datetime) -> ProbeReport:
        return report_on(self._record(days_ago, at), self._issuers, self._client)

    def _record(self, days_ago: int, at: datetime) -> ProbeRecord:
        match self._story.on(days_ago):
            case _Day.SILENT:
                return self._unreached(at)
            case _Day.REFUSED:
                return self._refused(self._accepted(days_ago, at))
            case _Day.GOOD:
                return self._accepted(days_ago, at)

    def _accepted(self, days_ago: int, at: datetime) -> ProbeRecord:
        renewed = days_ago + _BEFORE_NOW.days < self._past.age_days
        chain = self._past.chain if renewed or not self._past.former else self._past.former
        target, story = self._endpoint.target, self._story
        slower = story.slower_each_day_ms * (DAYS - days_ago)
        handshake = story.handshake_ms + slower + self._chance.uniform(-5, 9)
        return ProbeRecord(
            target=target,
            identity=self._label(),
            started_at=at,
            outcome=Outcome.ACCEPTED,
            ended_in=Phase.DONE,
            phases=PhaseTimes(
                resolve_ms=0.1,
                connect_ms=round(self._chance.uniform(1, 4), 1),
                handshake_ms=round(handshake, 1),
                settle_ms=round(self._chance.uniform(1, 4), 1),
                first_byte_ms=round(self._chance.uniform(6, 12), 1),
            ),
            address=target.host,
            addresses=(target.host,),
            negotiated=story.negotiated,
            client_auth=self._client_auth(),
            presented_chain=tuple(map(read_certificate, chain)),
            judgement=self._judge.judge_server(chain, target.verify_name, at),
            http=HttpFacts(status=401, content_type="application/ld+json; version=2.3.0", challenge="Bearer"),
        )

    def _refused(self, good: ProbeRecord) -> ProbeRecord:
        at_ms = (good.phases.handshake_ms or 0) + (good.phases.settle_ms or 0)
        return replace(
            good,
            outcome=Outcome.REJECTED_BY_PEER,
            ended_in=Phase.SETTLE,
            stopped_by=StopReason.ALERT,
            phases=replace(good.phases, settle_ms=None, first_byte_ms=None),
            client_auth=replace(good.client_auth, verdict=ClientCertificateVerdict.REJECTED),
            alerts=(
                Alert(
                    direction=AlertDirection.RECEIVED, level="fatal", code=48, name="unknown_ca", at_ms=at_ms
                ),
            ),
            http=None,
            error=msg("The partner ended the handshake with the alert {alert}.", alert="unknown_ca"),
        )

    def _unreached(self, at: datetime) -> ProbeRecord:
        target = self._endpoint.target
        return ProbeRecord(
            target=target,
            identity=self._label(),
            started_at=at,
            outcome=Outcome.NOT_REACHED,
            ended_in=Phase.CONNECT,
            phases=PhaseTimes(resolve_ms=0.1),
            addresses=(target.host,),
            stopped_by=StopReason.UNREACHABLE,
            error=msg("There is no way to {address} port {port}.", address=target.host, port=target.port),
        )

    def _label(self) -> IdentityLabel | None:
        if self._client is None:
            return None
        return IdentityLabel(name=self._endpoint.identity, sha256=self._client.sha256)

    def _client_auth(self) -> ClientAuth:
        if self._client is None:
            return ClientAuth(
                requested=CertificateRequested.NO,
                verdict=ClientCertificateVerdict.NOT_ASKED,
                offered_later=True,
            )
        return ClientAuth(
            request=CertificateRequest(acceptable_cas=_ACCEPTED_CAS),
            sent=True,
            offered_later=True,
            verdict=ClientCertificateVerdict.ACCEPTED,
        )
