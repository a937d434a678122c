"""One direction of a connection: which keys open its records, and how its messages are put together again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.network.key_schedule import KeyLog, SecretLabel, connection_keys
from trustdesk.network.tls_names import TLS_1_0
from trustdesk.network.tls_openers import (
    RecordOpener,
    TrafficOpener,
    UnopenableRecordError,
    connection_opener,
)
from trustdesk.network.tls_records import RECORD_HEADER, ContentType
from trustdesk.network.tls_suites import suite_parameters

_MESSAGE_HEADER = 4
_ALERT_LENGTH = 2
_TLS_1_3_SUITES = 0x13


class Protection(StrEnum):
    """How a record's content came to be readable, or not."""

    PLAIN = "plain"
    OPENED = "opened"
    SEALED = "sealed"  # a cipher that is not opened here, or a key that never came
    DAMAGED = "damaged"  # the right key does not open it


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a record carries.

    Attributes:
        content_type: the inner one where the record was opened.
        data: content, or the protected payload where it was not opened.
        encrypted: whether it travelled encrypted.
    """

    content_type: int
    data: bytes
    protection: Protection
    encrypted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficKeysWanted:
    """Keys of TLS 1.3, once the engine has told the traffic secret."""

    label: SecretLabel
    client_random: bytes
    suite: int

    @property
    def can_open(self) -> bool:
        """Whether records of the suite are opened here at all."""
        return self.suite >> 8 == _TLS_1_3_SUITES and suite_parameters(self.suite) is not None

    def opener(self, key_log: KeyLog) -> RecordOpener | None:
        """Return the opener; None as long as the secret has not come."""
        suite = suite_parameters(self.suite)
        secret = key_log.get(self.label, self.client_random)
        return None if suite is None or secret is None else TrafficOpener(suite, secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionKeysWanted:
    """Keys of TLS 1.2 and before, once the engine has told the master secret."""

    version: int
    suite: int
    client_random: bytes
    server_random: bytes
    encrypt_then_mac: bool
    of_client: bool

    @property
    def can_open(self) -> bool:
        """Whether records of the suite are opened here at all."""
        return self.version >= TLS_1_0 and suite_parameters(self.suite) is not None

    def opener(self, key_log: KeyLog) -> RecordOpener | None:
        """Return the opener; None as long as the secret has not come."""
        suite = suite_parameters(self.suite)
        master_secret = key_log.get(SecretLabel.MASTER, self.client_random)
        if suite is None or master_secret is None:
            return None
        client, server = connection_keys(
            self.version, suite, master_secret, self.client_random, self.server_random
        )
        return connection_opener(
            self.version,
            suite,
            client if self.of_client else server,
            encrypt_then_mac=self.encrypt_then_mac,
        )


class Flow:
    """One direction.

    Attributes:
        waiting: records with their times, whose key has not come.
        finished_comes_sealed: the next handshake record under keys that are not opened here must be Finished.
        problem: what broke the putting together of messages since it was last looked at; None when nothing.
    """

    def __init__(self, max_message: int) -> None:
        self.waiting: deque[tuple[bytes, float]] = deque()
        self.finished_comes_sealed = False
        self.problem: str | None = None
        self._max_message = max_message
        self._opener: RecordOpener | None = None
        self._wanted: TrafficKeysWanted | ConnectionKeysWanted | None = None
        self._sealed = False
        self._lenient = False
        self._handshake = bytearray()
        self._lost = False

    @property
    def is_protected(self) -> bool:
        """Whether keys are in use, known or not."""
        return self._opener is not None or self._wanted is not None or self._sealed

    def expect(self, wanted: TrafficKeysWanted | ConnectionKeysWanted) -> None:
        """Use new keys from the next record on (RFC 8446 5.1: no message may span the change)."""
        if self._handshake:
            self.problem = "message across a change of keys"
        self._handshake.clear()
        self._lost = False
        self._opener = None
        self._sealed = not wanted.can_open
        self._wanted = None if self._sealed else wanted
        # TLS 1.3 lets change_cipher_spec through, and alerts from before the keys were there.
        self._lenient = isinstance(wanted, TrafficKeysWanted)
        self.finished_comes_sealed = self._sealed and not self._lenient

    def key_update(self) -> None:
        """Go on to the next traffic keys (RFC 8446 4.6.3)."""
        if isinstance(self._opener, TrafficOpener):
            self._opener = self._opener.after_key_update()

    def unwrap(self, record: bytes, key_log: KeyLog) -> Content | None:
        """Return what a record carries; None when it has to wait for its key."""
        content_type, payload = record[0], record[RECORD_HEADER:]
        if not self.is_protected or (self._lenient and _is_bare(content_type, payload)):
            return Content(
                content_type=content_type, data=payload, protection=Protection.PLAIN, encrypted=False
            )
        if self._wanted is not None:
            self._opener = self._wanted.opener(key_log)
            if self._opener is None:
                return None
            self._wanted = None
        if self._opener is None:
            return sealed(record)
        try:
            content_type, content = self._opener.open(record)
        except UnopenableRecordError:
            return Content(
                content_type=content_type, data=payload, protection=Protection.DAMAGED, encrypted=True
            )
        return Content(
            content_type=content_type,
            data=content,
            protection=Protection.OPENED,
            encrypted=self._opener.encrypts,
        )

    def messages(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield type and body of each handshake message that `data` completes.

        Stops when `expect` is called in between. A message longer than the limit ends the reading of
        messages until the keys change.
        """
        if self._lost:
            return
        buffer = self._handshake
        buffer += data
        while len(buffer) >= _MESSAGE_HEADER:
            length = int.from_bytes(buffer[1:_MESSAGE_HEADER], "big")
            if length > self._max_message:
                self.problem = f"handshake message of {length} bytes"
                self._lost = True
                buffer.clear()
                return
            end = _MESSAGE_HEADER + length
            if len(buffer) < end:
                return
            message_type, body = buffer[0], bytes(buffer[_MESSAGE_HEADER:end])
            del buffer[:end]
            yield message_type, body

    def take_problem(self) -> str | None:
        """Return `problem` and forget it."""
        problem, self.problem = self.problem, None
        return problem


def sealed(record: bytes) -> Content:
    """Return a record's payload as what cannot be opened."""
    return Content(
        content_type=record[0],
        data=record[RECORD_HEADER:],
        protection=Protection.SEALED,
        encrypted=True,
    )


def _is_bare(content_type: int, payload: bytes) -> bool:
    """Whether a record of TLS 1.3 stands outside the encryption although keys are in use."""
    return content_type == ContentType.CHANGE_CIPHER_SPEC or (
        content_type == ContentType.ALERT and len(payload) == _ALERT_LENGTH
    )
