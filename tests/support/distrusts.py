"""What lists and people say against certificates, in one line each."""

from __future__ import annotations

from typing import Any

from tests.support.pki import Issued
from trustdesk.core.message import msg
from trustdesk.core.trust import DistrustedKey
from trustdesk.formats.certificate_details import read_details


def key_of(issued: Issued) -> str:
    """Return the SHA-256 of its SubjectPublicKeyInfo."""
    spki = read_details(issued.der).spki_sha256
    assert spki is not None
    return spki


def distrust(issued: Issued, **keywords: Any) -> DistrustedKey:
    """Distrust a certificate and its key; without the key with `spki_sha256=None`."""
    given: dict[str, Any] = {
        "sha256": issued.sha256,
        "spki_sha256": key_of(issued),
        "why": msg("Ann decided it."),
        **keywords,
    }
    return DistrustedKey(**given)
