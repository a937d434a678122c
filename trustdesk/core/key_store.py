"""Where private keys live, and how a key is named without being shown.

A key store keeps keys and nothing else: certificates are public and stand in the workspace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.message import Message

_RECORD_ID = re.compile(r"[0-9a-f]{32}")


class KeyStoreKind(StrEnum):
    """What keeps a key; the scheme of its reference."""

    KEYRING = "keyring"  # Secret Service, Windows Credential Locker, macOS Keychain
    VAULT = "vault"  # an encrypted file of our own, where a person chose it


class KeyStoreState(StrEnum):
    """Whether keys can be had from a store now."""

    READY = "ready"
    LOCKED = "locked"  # the person has to unlock it
    UNAVAILABLE = "unavailable"  # there is none on this machine, or it does not answer
    REFUSED = "refused"  # one that keeps keys in the clear, or not at all
    ABSENT = "absent"  # a vault that has not been made


class KeyKind(StrEnum):
    """Keys that are made here (ONE Record certificate policy 6.1.5)."""

    P256 = "P-256"
    P384 = "P-384"
    RSA_2048 = "RSA-2048"
    RSA_3072 = "RSA-3072"
    RSA_4096 = "RSA-4096"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReference:
    """A key by its store and a random number: `keyring:…` or `vault:…`. It says nothing of the key.

    Attributes:
        record_id: 128 random bits, lower-case hex; where machines share a workspace, the first 32 of them
            stand for the machine in whose store it lies.
    """

    store: KeyStoreKind
    record_id: str

    def __str__(self) -> str:
        return f"{self.store}:{self.record_id}"

    @classmethod
    def parse(cls, text: str) -> KeyReference:
        """Read a reference as `str` writes it.

        Raises:
            ValueError: it is none.
        """
        scheme, _, record_id = text.partition(":")
        if not _RECORD_ID.fullmatch(record_id):
            raise ValueError("no reference of a key")
        return cls(store=KeyStoreKind(scheme), record_id=record_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyStoreStatus:
    """A store as a person sees it.

    Attributes:
        title: what the system calls it: "Secret Service", "Windows Credential Locker", "Vault".
        problem: what keeps it from being used; None when it is ready.
        remedy: what to do then.
    """

    kind: KeyStoreKind
    state: KeyStoreState
    title: str
    problem: Message | None = None
    remedy: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """What is known of a key that is kept, without the key.

    Attributes:
        store_title: of the store that took it, as in KeyStoreStatus.
        algorithm: "RSA", "EC", "Ed25519" or "Ed448".
        bits: size of an RSA modulus or of the curve's field.
        curve: "P-256" … of an EC key; None for others.
        spki_sha256: SHA-256 of its public key (SubjectPublicKeyInfo), lower-case hex.
        source: where it came from: a file's name, or what it was made for.
    """

    reference: KeyReference
    store_title: str
    algorithm: str
    bits: int
    curve: str | None
    spki_sha256: str
    created_at: datetime
    source: str
