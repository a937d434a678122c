"""An identity as a file for another program, written whole, for its owner alone, and read back.

The caller takes the key from its store for the time of the call. What another program finds in the file is
checked with the reader that opens foreign files: the same key, the same certificates, in the same order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.identity import ExportedFile, ExportForm, ExportProfile, Identity
from trustdesk.core.inspection import ItemKind, ReadingLimits
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.formats.certification_path import spki_sha256
from trustdesk.formats.contents import read_contents
from trustdesk.formats.key_writing import encrypted_pem, plain_pem
from trustdesk.formats.keyed_certificates import keyed_certificates
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.pkcs12_writing import write_java_trust_store, write_pkcs12
from trustdesk.formats.private_key import PasswordSource
from trustdesk.services.chain_export import pem_of
from trustdesk.services.export_places import warnings_of
from trustdesk.services.files import read_bounded
from trustdesk.services.identity_names import unique_name
from trustdesk.services.passphrases import check_passphrase
from trustdesk.storage.atomic_file import write_atomically

WITH_KEY = frozenset({ExportForm.PKCS12, ExportForm.PEM, ExportForm.PLAIN_PEM})
"""Forms that hold the private key."""

PROTECTED = frozenset({ExportForm.PKCS12, ExportForm.PEM, ExportForm.JAVA_TRUST_STORE})
"""Forms that a passphrase protects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exportable:
    """What is to be written.

    Attributes:
        name: friendly name or alias in the file.
        certification_path: end entity first; not empty.
        anchor: the self-issued certificate above it, for a trust store; None when it is not known.
        private_key: None for forms without one.
    """

    name: str
    certification_path: tuple[CertificateFacts, ...]
    anchor: CertificateFacts | None = None
    private_key: CertificateIssuerPrivateKeyTypes | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        identity: Identity,
        private_key: CertificateIssuerPrivateKeyTypes | None = None,
        anchor: CertificateFacts | None = None,
    ) -> Exportable:
        """Take what an identity has."""
        return cls(
            name=identity.name,
            certification_path=identity.certification_path,
            anchor=anchor,
            private_key=private_key,
        )


def export_identity(
    what: Exportable,
    file: Path,
    form: ExportForm,
    *,
    profile: ExportProfile | None = None,
    passphrase: str | None = None,
    is_agreed: bool = False,
) -> ExportedFile:
    """Write a file of mode 0600 and read it back; a link at its place is replaced, not followed.

    Args:
        profile: for PKCS12 and JAVA_TRUST_STORE; None is MODERN.
        passphrase: of the protected forms, which have none without.
        is_agreed: for PLAIN_PEM: that the person typed the sentence.

    Raises:
        UnusableInputError: the passphrase is missing or weak, a plain key was not agreed to, or the identity
            lacks what the form needs; nothing was written.
        EnvironmentFailureError: the file cannot be written, or does not hold what was written.
    """
    if form in PROTECTED:
        passphrase = check_passphrase(passphrase, (what.name, what.certification_path[0].title))
    if form is ExportForm.PLAIN_PEM and not is_agreed:
        raise UnusableInputError(
            msg("A private key is written in the clear only after you agreed to it."),
            remedy=msg("Type the sentence, or export it under a passphrase."),
        )
    if form in WITH_KEY and what.private_key is None:
        raise UnusableInputError(
            msg("This form holds the private key, and the key is not at hand."),
            remedy=msg("Unlock the store that keeps it, or export the certificate alone."),
        )
    return write_and_read_back(
        _data(what, form, profile or ExportProfile.MODERN, passphrase or ""), what, file, form, passphrase
    )


def write_and_read_back(
    data: bytes, what: Exportable, file: Path, form: ExportForm, passphrase: str | None
) -> ExportedFile:
    """Write what was made of an identity, and say what is in it now.

    Raises:
        EnvironmentFailureError: the file cannot be written, or holds something else.
    """
    write_atomically(file, data)
    read = read_bounded(file)
    if read != data:
        raise not_what_was_written(file)
    try:
        holds = _found(read, what, form, str(file), passphrase)
    except UnusableInputError:
        raise not_what_was_written(file) from None
    if holds is None:
        raise not_what_was_written(file)
    return ExportedFile(
        path=str(file),
        sha256=hashlib.sha256(read).hexdigest(),
        holds=holds,
        warnings=warnings_of(file.parent) if form in WITH_KEY else (),
    )


def issuers_of(what: Exportable) -> tuple[CertificateFacts, ...]:
    """Return what a trust store for this identity's issuers holds: they and the anchor, from the top down.

    Raises:
        UnusableInputError: none is known.
    """
    issuers = [*what.certification_path[1:], *([what.anchor] if what.anchor is not None else [])]
    if not issuers:
        raise UnusableInputError(
            msg("The issuer of this certificate is not known, so that there is nothing to trust."),
            remedy=msg("Import the identity again together with its chain."),
        )
    return tuple(reversed(list(dict.fromkeys(issuers))))


def _data(what: Exportable, form: ExportForm, profile: ExportProfile, passphrase: str) -> bytes:
    path, key = what.certification_path, what.private_key
    match form:
        case ExportForm.CERTIFICATE:
            return pem_of(path[:1])
        case ExportForm.CHAIN:
            return pem_of(path)
        case ExportForm.JAVA_TRUST_STORE:
            aliases: list[str] = []
            for facts in issuers_of(what):
                # Java takes aliases without case.
                aliases.append(unique_name(facts.title.lower(), aliases))
            entries = [(alias, facts.der) for alias, facts in zip(aliases, issuers_of(what), strict=True)]
            return write_java_trust_store(entries, passphrase=passphrase, profile=profile)
        case _ if key is None:
            raise ValueError("a form with a key, and no key")
        case ExportForm.PEM:
            return pem_of(path) + encrypted_pem(key, passphrase)
        case ExportForm.PLAIN_PEM:
            return pem_of(path) + plain_pem(key)
        case ExportForm.PKCS12:
            ders = [facts.der for facts in path]
            return write_pkcs12(key, ders, name=what.name, passphrase=passphrase, profile=profile)


def _found(
    data: bytes, what: Exportable, form: ExportForm, place: str, passphrase: str | None
) -> Message | None:
    """Return what is in the file in words; None when it is not what was to be written.

    Raises:
        UnusableInputError: it does not open.
    """
    passwords, limits = PasswordSource(None, [passphrase] if passphrase else []), ReadingLimits()
    budget = WorkBudget(limits.rounds)
    contents = read_contents(data, place, passwords, budget, limits)
    items = contents.items
    if contents.problems or any(item.error is not None or item.problems for item in items):
        return None
    found = [hashlib.sha256(item.data).hexdigest() for item in items if item.kind is ItemKind.CERTIFICATE]
    if form is ExportForm.JAVA_TRUST_STORE:
        wanted: Sequence[CertificateFacts] = issuers_of(what)
    else:
        wanted = what.certification_path[: 1 if form is ExportForm.CERTIFICATE else None]
    keys = keyed_certificates(items, items, passwords, budget)
    if found != [one.sha256 for one in wanted] or len(keys) != (form in WITH_KEY):
        return None
    if form not in WITH_KEY:
        return msg_n(
            "{count} certificate, no private key", "{count} certificates, no private key", len(found)
        )
    (read,), written = keys, what.private_key
    if read.private_key is None or written is None or not read.certification_path:
        return None
    if spki_sha256(read.private_key) != spki_sha256(written):
        return None
    return msg_n(
        "The private key with its certificate, {count} certificate in all",
        "The private key with its certificate and the issuers above it, {count} certificates in all",
        len(found),
    )


def not_what_was_written(file: Path) -> EnvironmentFailureError:
    """Say that a file holds something else than was written into it."""
    return EnvironmentFailureError(
        msg("The file does not hold what was written into it."),
        remedy=msg("Do not use it. Write it to another place, and have the disk checked."),
        place=str(file),
    )
