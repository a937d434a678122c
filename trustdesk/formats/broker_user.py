"""Whom a message broker takes a client for that logs in by its certificate (SASL EXTERNAL, RFC 4422 A).

Source: RabbitMQ, `ssl_cert_login_from`: `distinguished_name` (the default, RFC 4514), `common_name`, or
`subject_alternative_name`.
"""

from __future__ import annotations

from trustdesk.core.certificate import CertificateFacts

_MAX_NAMES = 8
_KINDS = ("URI", "DNS", "email")


def broker_users(certificate: CertificateFacts) -> tuple[str | None, tuple[str, ...]]:
    """Return the user name by default, and what a broker may be set up to take instead.

    Returns:
        None for the first where the certificate has no subject.
    """
    names = [certificate.subject_common_name]
    for kind in _KINDS:
        prefix = f"{kind}:"
        names += [
            name.removeprefix(prefix) for name in certificate.subject_alt_names if name.startswith(prefix)
        ]
    others = tuple(dict.fromkeys(name for name in names if name))
    return certificate.subject or None, others[:_MAX_NAMES]
