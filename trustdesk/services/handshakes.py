"""One live handshake: target, identity and trust lists joined, probed, judged and explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from trustdesk.core.target import Target

if TYPE_CHECKING:
    from trustdesk.formats.credential import ClientCredential


@dataclass(frozen=True, slots=True, kw_only=True)
class HandshakeRequest:
    """What a person asks for.

    Attributes:
        identity: the client certificate to present once the server is trusted; None for plain TLS.
        trust_lists: names or files of the lists to judge against; empty takes the desk's own.
        at: judge as of this instant; None for now.
        present_anyway: present the certificate to an untrusted server too.
        timeout_s: for the whole probe; None for the default.
    """

    target: Target
    identity: ClientCredential | None = None
    trust_lists: tuple[str, ...] = ()
    at: datetime | None = None
    present_anyway: bool = False
    timeout_s: float | None = None
