"""A readiness check of an invented partner, as the rules write it."""

from __future__ import annotations

from tests.support.one_record_server import JSON_LD, error
from tests.support.pki import NOW
from tests.support.probes import record
from trustdesk.core.diagnosis import LegacyAnswer, LegacyVersion
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import msg
from trustdesk.core.plain_answer import PlainAnswer, PlainOutcome
from trustdesk.core.readiness import CallMade, HarmlessCall, Readiness
from trustdesk.core.target import TargetProtocol
from trustdesk.core.trust import ServerJudgement
from trustdesk.services.readiness_plan import planned_calls
from trustdesk.verify.readiness.case import ReadinessCase
from trustdesk.verify.readiness.judge import endpoint_findings, readiness_verdict

TRUSTED = ServerJudgement(
    trusted=True, trust_list="Air cargo pilot list", name_matched=True, matched_by="DNS:x"
)
LEGACY = (
    LegacyVersion(version="TLSv1.1", answer=LegacyAnswer.REFUSED),
    LegacyVersion(version="TLSv1", answer=LegacyAnswer.ACCEPTED),
    LegacyVersion(version="SSLv3", answer=LegacyAnswer.REFUSED),
)


def readiness(endpoint_id: int = 1) -> Readiness:
    """A check without a token that found TLS 1.0, and an open port 80."""
    answer = HttpAnswer(status=401, content_type=JSON_LD, body=error(401))
    not_made = {
        HarmlessCall.WITH_CERTIFICATE: msg("No client certificate was selected."),
        HarmlessCall.AUTHORISED: msg("No token was given."),
        HarmlessCall.UNKNOWN_OBJECT: msg("Nobody asked for it."),
        HarmlessCall.WRONG_CERTIFICATE: msg("Nobody asked for it."),
        HarmlessCall.OWN_ENDPOINT: msg("The settings name no notifications endpoint of ours."),
    }
    bare = record("https://cargo.example/1r", judgement=TRUSTED, answer=answer)
    case = ReadinessCase(
        target=bare.target,
        bare=bare,
        legacy=LEGACY,
        plain=PlainAnswer(
            port=80,
            outcome=PlainOutcome.ANSWERED,
            http=HttpAnswer(status=200, content_type="text/html", body=b"<p>It works!"),
        ),
        not_made=not_made,
    )
    findings = endpoint_findings(case)
    outcomes = {
        HarmlessCall.HANDSHAKE: msg("{version}, {suite}", version="TLS 1.3", suite="TLS_AES_256_GCM_SHA384"),
        HarmlessCall.WITHOUT_CREDENTIALS: msg("answered HTTP {status}", status=401),
        HarmlessCall.OLD_VERSIONS: msg("accepted: {versions}", versions="TLS 1.0"),
        HarmlessCall.PLAIN_HTTP: msg("port {port}: answered HTTP {status}", port=80, status=200),
    }
    return Readiness(
        endpoint_id=endpoint_id,
        at=NOW,
        findings=findings,
        calls=tuple(
            CallMade(call=call, outcome=outcomes.get(call), not_made=not_made.get(call))
            for call in planned_calls(TargetProtocol.HTTPS)
        ),
        verdict=readiness_verdict(findings),
    )
