"""What a running lab is: its servers with the truth about each, its identities, its trust list."""

from __future__ import annotations

import json
from dataclasses import dataclass

from trustdesk.core.probe import Outcome
from trustdesk.core.target import Target, TargetProtocol

NO_CAUSE = "none"
"""The cause code of a server with nothing wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabServer:
    """One server of the lab and what a probe of it must find.

    Attributes:
        name: stable id, "healthy-tls13".
        partner: the invented organisation that it stands for.
        host: always the loopback address "127.0.0.1".
        server_name: what to send as SNI, a name under `.example`.
        verify_name: reference identifier to verify against.
        fault: what is wrong with it, in short words; None when it is healthy.
        expected_outcome: how a probe must end that uses `identity` and the lab's trust list.
        expected_cause: code of the closed vocabulary of causes; "none" when it is healthy.
        identity: name of the identity that shows the truth; None for a probe without one.
    """

    name: str
    partner: str
    host: str
    port: int
    protocol: TargetProtocol
    server_name: str
    verify_name: str
    fault: str | None
    expected_outcome: Outcome
    expected_cause: str
    identity: str | None

    @property
    def target(self) -> Target:
        """The server as something to probe: connects to loopback, with the server's own names."""
        return Target(
            protocol=self.protocol,
            host=self.host,
            port=self.port,
            server_name=self.server_name,
            verify_name=self.verify_name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LabIdentity:
    """A client identity: PEM files, the certificate's with its intermediate, the key's in the clear."""

    name: str
    certificate_file: str
    key_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabDescription:
    """All that a client of the lab has to know.

    Attributes:
        trust_list: PEM file with the anchors that the healthy servers lead to.
        identities: by name, good and bad.
        servers: the catalogue's, in its order, then the load endpoints.
    """

    trust_list: str
    identities: tuple[LabIdentity, ...]
    servers: tuple[LabServer, ...]


def contract_lines(description: LabDescription) -> tuple[str, ...]:
    """Return the JSON lines of `lab serve`: first the lab, then one line for each server."""
    identities = {i.name: {"cert": i.certificate_file, "key": i.key_file} for i in description.identities}
    head = {"lab": {"trust_list": description.trust_list, "identities": identities}}
    return (json.dumps(head), *(json.dumps(_server_line(server)) for server in description.servers))


def _server_line(server: LabServer) -> dict[str, str | int | None]:
    line: dict[str, str | int | None] = {
        "name": server.name,
        "partner": server.partner,
        "host": server.host,
        "port": server.port,
        "protocol": server.protocol.value,
        "server_name": server.server_name,
        "verify_name": server.verify_name,
        "fault": server.fault,
        "expected_outcome": server.expected_outcome.value,
        "expected_cause": server.expected_cause,
    }
    if server.identity is not None:
        line["identity"] = server.identity
    return line
