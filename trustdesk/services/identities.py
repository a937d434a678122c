"""Client identities from files: certificate, chain and key, into memory only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.credential import ClientCredential, ClientIdentity
from trustdesk.formats.files import read_credential
from trustdesk.services.desk_values import IdentityChoice
from trustdesk.services.files import read_bounded


def load_identity(
    certificate_file: Path,
    key_file: Path | None = None,
    password: Callable[[], str | None] | None = None,
    name: str | None = None,
) -> ClientCredential:
    """Read a client certificate and its key from one or two files (PEM, DER, PKCS#12).

    `password` is asked only when a file is protected; None, or None from it, means that there is none.

    Raises:
        UnusableInputError: a file cannot be read or does not hold what is needed.
        WrongPasswordError: the password is missing or wrong.
    """
    return read_credential(
        read_bounded(certificate_file),
        str(certificate_file),
        None if key_file is None else read_bounded(key_file),
        None if key_file is None else str(key_file),
        password,
        name,
    )


def choice_of(name: str, identity: ClientIdentity) -> IdentityChoice:
    """Return what a person selects by."""
    facts = read_certificate(identity.certification_path[0])
    return IdentityChoice(name=name, sha256=facts.sha256, subject=facts.subject or "")
