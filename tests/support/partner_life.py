"""Ninety days of a partner in a real workspace: each day tested and judged as of that day's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support import pki
from tests.support.pki import Issued
from tests.support.probes import TLS12, TLS13, ended, record, refused_by_alert
from tests.support.trust_lab import SetClock
from trustdesk.core.message import msg
from trustdesk.core.probe import Outcome, Phase, PhaseTimes, ProbeRecord, StopReason
from trustdesk.core.target import parse_target
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.services.reporting import report_on
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.judge import PathJudge

FIRST_DAY = datetime(2026, 8, 23, 6, 0, tzinfo=UTC)
PARTNER = "Tamarind Logistics"
WAIT_S = 30


class PartnerLife:
    """Plays days one after the other.

    Attributes:
        clock: the desk's; it stands at the day that was played last.
        first, second, third: the partner's certificates, in their order.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.clock = SetClock(FIRST_DAY)
        self._directory = Directory(workspace)
        target = parse_target("https://1r.tamarind.example", verify_name=pki.HOST)
        self.endpoint_id = self._directory.add_endpoint(PARTNER, target).result(WAIT_S).id
        long_ago, far_off = FIRST_DAY - timedelta(days=900), FIRST_DAY + timedelta(days=2000)
        self.root = pki.root("Skybridge G3", not_before=long_ago, not_after=far_off)
        self.other_root = pki.root("Meridian TLS CA 4", not_before=long_ago, not_after=far_off)
        self.first = self._server(self.root, -60, 33)
        self.second = self._server(self.root, 27, 62)
        self.third = self._server(self.other_root, 63, 163)
        self._judge = PathJudge(
            [
                TrustList(
                    name="pilot",
                    title=msg("Pilot"),
                    origin=TrustListOrigin.FILE,
                    anchors=(self.root.facts, self.other_root.facts),
                )
            ]
        )

    def live(self) -> None:
        """Play all ninety days: two renewals, an outage, an expiry, another TLS version, and flapping."""
        for day in range(84):
            self.test(day, self._shown(day))
        for day in range(84, 90):
            self.test(day, self.answering(self.third))
            if day < 88:
                self.test(day + 0.25, refused_by_alert(80, presented_chain=(self.third.facts,)))

    def test(self, day: float, seen: ProbeRecord) -> int:
        """Keep what a test saw at a time of a day, judged as of then; return the observation's number."""
        self.clock.at = at = FIRST_DAY + timedelta(days=day)
        if seen.presented_chain:
            chain = [one.der for one in seen.presented_chain]
            judgement = self._judge.judge_server(chain, pki.HOST, at)
            outcome = seen.outcome if judgement.trusted else Outcome.UNTRUSTED_PEER
            seen = replace(seen, judgement=judgement, outcome=outcome)
        report = report_on(replace(seen, started_at=at))
        return self._directory.record_report(self.endpoint_id, report).result(WAIT_S)

    def answering(self, certificate: Issued, **different: Any) -> ProbeRecord:
        """Return a test that was answered; the handshake takes longer from day to day."""
        took = 40 + (self.clock.at - FIRST_DAY) / timedelta(days=1) / 10
        return record(presented_chain=(certificate.facts,), phases=PhaseTimes(handshake_ms=took), **different)

    def _shown(self, day: int) -> ProbeRecord:
        if day in {12, 13}:
            return ended(Outcome.NOT_REACHED, StopReason.DEADLINE, Phase.CONNECT)
        certificate = self.first if day < 28 else self.second if day < 65 else self.third
        return self.answering(certificate, negotiated=TLS12 if day == 40 else TLS13)

    def _server(self, issuer: Issued, begins: float, ends: float) -> Issued:
        return pki.server(
            issuer,
            pki.HOST,
            not_before=FIRST_DAY + timedelta(days=begins),
            not_after=FIRST_DAY + timedelta(days=ends),
        )
