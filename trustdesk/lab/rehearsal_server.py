"""The one server of a rehearsal: where it listens, what it answers, and what it says of each client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from OpenSSL import SSL

from trustdesk.core.finding import Finding
from trustdesk.core.message import Message, msg
from trustdesk.core.probe import Outcome
from trustdesk.core.target import TargetProtocol
from trustdesk.core.trust import TrustList, TrustListOrigin
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certificate_details import read_details
from trustdesk.lab.answers import HttpApplication, Site
from trustdesk.lab.application import Application, Peer
from trustdesk.lab.catalogue import IdentityName, ServerCertificate
from trustdesk.lab.connection import Crowd
from trustdesk.lab.description import NO_CAUSE, LabServer
from trustdesk.lab.pki import LabPki
from trustdesk.lab.rehearsal import (
    ClientJudge,
    ClientVerdict,
    Presented,
    Style,
    authorities_of,
    rehearsal_context,
)
from trustdesk.lab.sockets import LOOPBACK, loopback_socket
from trustdesk.lab.tls_server import TlsConnection
from trustdesk.verify.lint import lint
from trustdesk.verify.profiles.context import CertificateSubject, LintContext, Role
from trustdesk.verify.profiles.rule import RuleSet, RuleSetName

DNS_NAME = "rehearsal.example"
_COMPANY_ID = "REHEARSAL"
_BACKLOG = 64

TellVerdict = Callable[[Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What is rehearsed.

    Attributes:
        client_list: the CAs whose clients the partner takes; None for the lab's own.
    """

    style: Style
    client_list: TrustList | None = None


class RehearsalConnection(TlsConnection):
    """A connection that collects what the client presents.

    Attributes:
        presented: what came, and what is made of it.
    """

    def __init__(
        self,
        crowd: Crowd,
        context: SSL.Context,
        make_application: Callable[[Peer, ClientVerdict | None], Application],
        tell: TellVerdict | None,
        judge: ClientJudge,
        *,
        hangs_up: bool = False,
    ) -> None:
        """Take over a connection.

        Args:
            make_application: gets what the client showed, and what is made of it.
            tell: gets a sentence on the client; None for none.
            hangs_up: whether a client that is refused finds the connection closed, without a word.
        """
        self.presented = Presented(judge)
        self._hangs_up = hangs_up
        self._tell_verdict = tell
        self._told = False
        super().__init__(crowd, context, self._with_verdict(make_application), None)

    def closed(self) -> None:
        """Say what was made of a client whose handshake came to nothing."""
        super().closed()
        self._say_verdict()

    def _establish(self) -> None:
        super()._establish()
        verdict = self.presented.verdict
        if self._hangs_up and (verdict is None or not verdict.accepted):
            self._flush()
            self.finish()

    def _with_verdict(
        self, make_application: Callable[[Peer, ClientVerdict | None], Application]
    ) -> Callable[[Peer], Application]:
        def make(peer: Peer) -> Application:
            self._say_verdict()
            verdict = self.presented.verdict
            accepted = verdict is not None and verdict.accepted
            shown = Peer(certificate_sha256=peer.certificate_sha256, verified=accepted)
            return make_application(shown, verdict)

        return make

    def _say_verdict(self) -> None:
        if self._told or self._tell_verdict is None:
            return
        self._told = True
        verdict = self.presented.verdict
        if verdict is None:
            self._tell_verdict(msg("No client certificate came."))
        elif verdict.accepted:
            self._tell_verdict(
                msg("Taken: {sha256}. {reason}", sha256=verdict.sha256 or "?", reason=verdict.reason)
            )
        else:
            self._tell_verdict(
                msg("Refused: {sha256}. {reason}", sha256=verdict.sha256 or "?", reason=verdict.reason)
            )


class RehearsalServers:
    """A lab of one server (`lab.servers.LabServers` for the whole catalogue).

    Attributes:
        running: the one that runs.
    """

    def __init__(self, pki: LabPki, crowd: Crowd, rehearsal: Rehearsal, tell: TellVerdict | None) -> None:
        self._pki = pki
        self._crowd = crowd
        self._style = rehearsal.style
        self._has_own_list = rehearsal.client_list is not None
        self._client_list = rehearsal.client_list or _list_of_the_lab(pki)
        self._tell = tell
        self._listener: asyncio.Server | None = None
        self.running: list[LabServer] = []

    async def start(self) -> None:
        """Listen on a loopback port of the system's choice.

        Raises:
            EnvironmentFailureError: the system has no port to give.
        """
        listener = loopback_socket()
        port = listener.getsockname()[1]
        site = Site(endpoint=f"https://{DNS_NAME}:{port}/", company_id=_COMPANY_ID, started_at=self._pki.now)
        judge = ClientJudge(self._style, self._client_list)
        context = rehearsal_context(
            self._style,
            self._pki.server_credential(ServerCertificate.GOOD, DNS_NAME),
            authorities_of(self._client_list),
            _presented_by,
        )

        def make_application(peer: Peer, verdict: ClientVerdict | None) -> Application:
            refusals: Sequence[str] = ()
            if self._style is Style.STRICT and verdict is not None and verdict.certificate is not None:
                refusals = failing_rules(verdict.certificate)
            return HttpApplication(
                site, peer, refuses_certificates=self._style is Style.NGINX, failing_rules=refusals
            )

        def make_connection() -> RehearsalConnection:
            return RehearsalConnection(
                self._crowd,
                context,
                make_application,
                self._tell,
                judge,
                hangs_up=self._style is Style.JAVA,
            )

        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(make_connection, sock=listener, backlog=_BACKLOG)
        self.running.append(self._description(port))

    def stop(self) -> None:
        """Close the listener and cut every connection off."""
        if self._listener is not None:
            self._listener.close()
        self._crowd.disperse()

    def _description(self, port: int) -> LabServer:
        return LabServer(
            name=f"rehearsal-{self._style}",
            partner="Rehearsal",
            host=LOOPBACK,
            port=port,
            protocol=TargetProtocol.HTTPS,
            server_name=DNS_NAME,
            verify_name=DNS_NAME,
            fault=None,
            expected_outcome=Outcome.ACCEPTED,
            expected_cause=NO_CAUSE,
            identity=None if self._has_own_list else IdentityName.GOOD.value,
        )


def failing_rules(certificate: bytes) -> tuple[str, ...]:
    """Return the rules of the ONE Record profiles that a client certificate breaks, each with its title."""
    details = read_details(certificate)
    context = LintContext(at=datetime.now(UTC))
    rule_sets = [RuleSet(RuleSetName.ONE_RECORD_2X), RuleSet(RuleSetName.ONE_RECORD_2020)]
    findings = lint(CertificateSubject(details), Role.CLIENT, rule_sets, context)
    return tuple(_words(finding) for finding in findings if finding.is_failure or finding.is_warning)


def _words(finding: Finding) -> str:
    # English, as HTTP answers are: who reads it is a program, or a person who rehearses with one.
    return f"{finding.rule}: {finding.title.id}"


def _presented_by(connection: SSL.Connection) -> Presented:
    session = connection.get_app_data()
    assert isinstance(session, RehearsalConnection)  # noqa: S101 - every connection of its context is one
    return session.presented


def _list_of_the_lab(pki: LabPki) -> TrustList:
    from cryptography.hazmat.primitives.serialization import Encoding

    der = pki.root_one.certificate.public_bytes(Encoding.DER)
    return TrustList(
        name="lab",
        title=msg("Lab list (throw-away CAs)"),
        origin=TrustListOrigin.LAB,
        anchors=(read_certificate(der),),
    )
