"""What the network layer is asked for, and what it tells on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from trustdesk.core.diagnosis import AlpnChoice, CertificateChoice, ProbeVariant, ServerNameChoice
from trustdesk.core.handshake import TimelineEvent
from trustdesk.core.ports import Judge
from trustdesk.core.probe import Phase
from trustdesk.core.proxy import Proxy
from trustdesk.core.revocation import RevocationCheck
from trustdesk.core.target import Target
from trustdesk.formats.credential import ClientCredential

ProbeListener = Callable[[Phase | TimelineEvent], None]
"""Called on the network thread when a phase begins and when a message is seen; must be quick and total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeLimits:
    """Deadlines in seconds, each total for its phase, and bounds on what a peer may send.

    Attributes:
        resolve_s: for the name of the target; through a proxy for that of the proxy, within `proxy_s`.
        connect_s: for connecting, likewise.
    """

    resolve_s: float = 5.0
    proxy_s: float = 10.0
    connect_s: float = 5.0
    handshake_s: float = 10.0
    request_s: float = 10.0
    total_s: float = 30.0
    max_bytes: int = 1 << 20
    max_events: int = 2000


_AS_GIVEN = ProbeVariant()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRequest:
    """One probe to make.

    Attributes:
        judge: decides before the credential may leave, and always for the moment of the handshake: what
            leaves now must be trusted now, whatever day a person looks at.
        judges_at_once: the judge is quick with a short chain: it looks at its lists, and at nothing that is
            long or has to be asked for.
        credential: client certificate and key; None presents none.
        client_revocation: what is known of the credential's revocation; goes into the record as it is.
        present_anyway: load the credential also when the judge says untrusted.
        variant: how this probe differs from the target as it is given.
        proxy: to go through; None connects directly.
        measures_reuse: send a second bare GET over the open connection, to a trusted server that
            answered the first, for the time it takes.
        keeps_answer: read the body of the answer to the GET, and leave it with the record.
    """

    target: Target
    judge: Judge
    judges_at_once: bool = False
    credential: ClientCredential | None = None
    present_anyway: bool = False
    client_revocation: tuple[RevocationCheck, ...] = ()
    variant: ProbeVariant = field(default_factory=ProbeVariant)
    proxy: Proxy | None = None
    measures_reuse: bool = False
    keeps_answer: bool = False
    limits: ProbeLimits = field(default_factory=ProbeLimits)

    @property
    def target_as_sent(self) -> Target:
        """The target as the variant has it: what is connected to and put into the ClientHello."""
        variant, target = self.variant, self.target
        if variant == _AS_GIVEN:
            return target
        return replace(
            target,
            server_name=target.server_name if variant.server_name is ServerNameChoice.HOST else None,
            alpn=target.alpn if variant.alpn is AlpnChoice.TARGET else (),
            connect_address=variant.address or target.connect_address,
        )

    @property
    def credential_to_present(self) -> ClientCredential | None:
        """The credential, where the variant has one."""
        return self.credential if self.variant.certificate is CertificateChoice.SELECTED else None
