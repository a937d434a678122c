"""What is spoken inside a connection, without sockets: bytes in, an answer out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Peer:
    """What a client showed of itself.

    Attributes:
        certificate_sha256: digest of its certificate, lower-case hex; None when it sent none.
        verified: whether its certificate leads to the server's own anchors; False when it sent none.
    """

    certificate_sha256: str | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What an application makes of some bytes.

    Attributes:
        data: to send; may be empty.
        complete: whether a request ended with this, so that the client's time starts anew.
        close: whether the connection ends after it.
    """

    data: bytes = b""
    complete: bool = False
    close: bool = False


class Application(Protocol):
    """What is spoken inside TLS, without sockets."""

    def receive(self, data: bytes) -> Answer:
        """Take bytes of the client, in pieces of any size."""
        ...
