"""A TLS server over memory BIOs.

asyncio's own TLS transport drops the alert of a failed handshake; here everything that OpenSSL has to say
is flushed before the connection closes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL

from trustdesk.lab.application import Answer, Application, Peer
from trustdesk.lab.connection import BoundedConnection, Crowd

_CHUNK = 16_384


MakeApplication = Callable[[Peer], Application]


class TlsConnection(BoundedConnection):
    """One TLS connection that hands its application data to an application."""

    def __init__(
        self,
        crowd: Crowd,
        context: SSL.Context,
        make_application: MakeApplication,
        tell: Callable[[str], None] | None,
    ) -> None:
        super().__init__(crowd)
        self._tls = SSL.Connection(context, None)
        self._tls.set_app_data(self)
        self._tls.set_accept_state()
        self._make_application = make_application
        self._application: Application | None = None
        self._tell = tell
        self._certificate_came = False
        self._certificate_failed = False

    def received(self, data: bytes) -> None:
        """Hand the bytes to OpenSSL and see what it makes of them."""
        self._tls.bio_write(data)
        self._pump()

    def resumed(self) -> None:
        """Go on with what OpenSSL already has."""
        self._pump()

    def closed(self) -> None:
        """Tell of a handshake that came to nothing."""
        if self._application is None:
            self._say("handshake not completed")

    def note_client_certificate(self, *, verified: bool) -> None:
        """Take what OpenSSL says of one certificate of the client's chain, from its verify callback."""
        self._certificate_came = True
        self._certificate_failed |= not verified

    def _pump(self) -> None:
        """Let OpenSSL work until it wants more, or the client must read first."""
        while not (self.paused or self.finished):
            try:
                if self._application is None:
                    self._tls.do_handshake()
                    self._establish()
                answer = self._step()
            except SSL.WantReadError:
                self._flush()
                return
            except SSL.Error:  # an alert of either side, or close_notify
                self._close()
                return
            self._flush()
            if answer.close:
                self._close()
            elif answer.complete:
                self.start_phase()

    def _step(self) -> Answer:
        assert self._application is not None  # noqa: S101 - set when the handshake ended
        answer = self._application.receive(self._tls.recv(_CHUNK))
        if answer.data:
            self._tls.sendall(answer.data)
        return answer

    def _establish(self) -> None:
        self._application = self._make_application(self._peer())
        self._say("handshake complete")
        self.start_phase()

    def _peer(self) -> Peer:
        certificate = self._tls.get_peer_certificate(as_cryptography=True)
        if certificate is None:
            return Peer()
        digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
        return Peer(certificate_sha256=digest, verified=not self._certificate_failed)

    def _say(self, what: str) -> None:
        if self._tell is None:
            return
        # OpenSSL forgets a certificate that it refused; that one came must not look like none.
        digest = self._peer().certificate_sha256
        missing = "received and refused" if self._certificate_came else "none"
        self._tell(f"{what}, client certificate: {missing if digest is None else f'SHA-256 {digest}'}")

    def _close(self) -> None:
        if self._application is not None:
            with suppress(SSL.Error):  # nothing to say good-bye to after a fatal alert
                self._tls.shutdown()
        self._flush()
        self.finish()

    def _flush(self) -> None:
        with suppress(SSL.WantReadError):  # raised by an empty BIO
            while True:
                self.transport.write(self._tls.bio_read(_CHUNK))
