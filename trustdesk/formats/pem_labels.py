"""What the labels of PEM blocks promise (RFC 7468, and what OpenSSL and others write)."""

from __future__ import annotations

from trustdesk.formats.kinds import FileKind
from trustdesk.formats.pem import KEY_LABELS

KIND_OF_LABEL = {
    "CERTIFICATE": FileKind.CERTIFICATE,
    "X509 CERTIFICATE": FileKind.CERTIFICATE,
    "TRUSTED CERTIFICATE": FileKind.CERTIFICATE,
    "CERTIFICATE REQUEST": FileKind.REQUEST,
    "NEW CERTIFICATE REQUEST": FileKind.REQUEST,
    "X509 CRL": FileKind.REVOCATION_LIST,
    "PKCS7": FileKind.PKCS7,
    "PKCS #7 SIGNED DATA": FileKind.PKCS7,
    "CMS": FileKind.PKCS7,
    "PKCS12": FileKind.PKCS12,
    "PUBLIC KEY": FileKind.PUBLIC_KEY,
    "RSA PUBLIC KEY": FileKind.PUBLIC_KEY,
} | dict.fromkeys([*KEY_LABELS, "OPENSSH PRIVATE KEY"], FileKind.PRIVATE_KEY)
"""By label; what a block holds, its bytes say."""
