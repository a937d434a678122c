"""From the catalogue to listening sockets: each spec gets a port, a certificate and a behaviour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from OpenSSL import SSL

from trustdesk.core.target import TargetProtocol
from trustdesk.lab.amqp import AmqpApplication
from trustdesk.lab.answers import HttpApplication, Site
from trustdesk.lab.application import Application, Peer
from trustdesk.lab.catalogue import Behaviour, ClientPolicy, ServerSpec
from trustdesk.lab.connection import BoundedConnection, Crowd
from trustdesk.lab.contexts import server_context
from trustdesk.lab.description import LabServer
from trustdesk.lab.misbehave import (
    GarbageConnection,
    PlainConnection,
    ResettingConnection,
    StallingConnection,
)
from trustdesk.lab.pki import Credential, LabPki
from trustdesk.lab.sockets import LOOPBACK, loopback_socket
from trustdesk.lab.tls_server import TlsConnection

_BACKLOG = 256

Tell = Callable[[str], None]


class LabServers:
    """All listening servers of one lab.

    Attributes:
        running: what runs, in the order of the specs.
        presented: the servers with a certificate, each with the first credential made for its name.
    """

    def __init__(self, pki: LabPki, crowd: Crowd, specs: Sequence[ServerSpec], tell: Tell | None) -> None:
        self._pki = pki
        self._crowd = crowd
        self._specs = specs
        self._tell = tell
        self._contexts: dict[str, SSL.Context] = {}
        self._listeners: list[asyncio.Server] = []
        self.running: list[LabServer] = []
        self.presented: list[tuple[ServerSpec, Credential]] = []

    async def start(self) -> None:
        """Bind every server to a port of the system's choice on loopback, and listen.

        Raises:
            EnvironmentFailureError: the system has no more ports or file descriptors to give.
        """
        loop = asyncio.get_running_loop()
        for spec in self._specs:
            listener = loopback_socket()
            port = listener.getsockname()[1]
            make_connection = self._make_connection(spec, port)
            self._listeners.append(await loop.create_server(make_connection, sock=listener, backlog=_BACKLOG))
            self.running.append(_running(spec, port))

    def stop(self) -> None:
        """Close every listener and cut every connection off."""
        for listener in self._listeners:
            listener.close()
        self._crowd.disperse()

    def _make_connection(self, spec: ServerSpec, port: int) -> Callable[[], BoundedConnection]:
        site = Site(
            endpoint=f"https://{spec.dns_name}:{port}/",
            company_id=spec.company_id,
            started_at=self._pki.now,
        )
        match spec.behaviour:
            case Behaviour.PLAIN_HTTP:
                return lambda: PlainConnection(self._crowd, HttpApplication(site, None))
            case Behaviour.STALL:
                return partial(StallingConnection, self._crowd)
            case Behaviour.RESET:
                return partial(ResettingConnection, self._crowd)
            case Behaviour.GARBAGE:
                return partial(GarbageConnection, self._crowd, self._context(spec))
            case Behaviour.ANSWER:
                make_application = partial(_application, spec, site)
                return partial(
                    TlsConnection, self._crowd, self._context(spec), make_application, self._teller(spec)
                )

    def _context(self, spec: ServerSpec) -> SSL.Context:
        """Return the context of a spec; servers of one name share one, as the load endpoints do."""
        context = self._contexts.get(spec.dns_name)
        if context is None:
            credential = self._pki.server_credential(spec.certificate, spec.dns_name, spec.age_days)
            self.presented.append((spec, credential))
            context = server_context(credential, spec.versions, spec.client_policy, self._pki)
            self._contexts[spec.dns_name] = context
        return context

    def _teller(self, spec: ServerSpec) -> Tell | None:
        tell = self._tell
        if tell is None or spec.client_policy is ClientPolicy.NONE:
            return None
        return lambda event: tell(f"{spec.name}: {event}")


def _application(spec: ServerSpec, site: Site, peer: Peer) -> Application:
    if spec.protocol is TargetProtocol.AMQPS:
        return AmqpApplication()
    asks = spec.client_policy is not ClientPolicy.NONE
    refuses = spec.client_policy is ClientPolicy.IN_HTTP
    return HttpApplication(site, peer if asks else None, refuses_certificates=refuses)


def _running(spec: ServerSpec, port: int) -> LabServer:
    return LabServer(
        name=spec.name,
        partner=spec.partner,
        host=LOOPBACK,
        port=port,
        protocol=spec.protocol,
        server_name=spec.dns_name,
        verify_name=spec.dns_name,
        fault=spec.fault,
        expected_outcome=spec.outcome,
        expected_cause=spec.cause,
        identity=None if spec.identity is None else spec.identity.value,
    )
