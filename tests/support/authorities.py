"""Private CAs with real certificates, as values."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from tests.support import sample_certificates
from tests.support.identity_samples import sample_key
from tests.support.request_cases import NOW
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.private_ca import AuthorityDraft, IssuedCertificate, PrivateAuthority
from trustdesk.services.authority_making import MadeAuthority, checked, make_authority

CRL_URL = "http://crl.halden.example/group.crl"


def sample_authority(
    number: int,
    name: str,
    *issued: IssuedCertificate,
    limits: tuple[str, ...] = ("DNS:fjordfrakt.example",),
    crl_days: int | None = 6,
    crl_url: str | None = CRL_URL,
) -> PrivateAuthority:
    """A CA whose last list ends in so many days; None for one that has issued none."""
    made = _made(name, limits, crl_url)
    return PrivateAuthority(
        id=number,
        name=name,
        root=made.root,
        issuing=made.issuing,
        root_key=sample_key(f"{name} root"),
        issuing_key=sample_key(f"{name} issuing"),
        crl_url=crl_url,
        created_at=NOW - timedelta(days=60),
        issued=issued,
        crl_number=None if crl_days is None else 7,
        crl_next_update=None if crl_days is None else NOW + timedelta(days=crl_days),
    )


def sample_issued(host: str, *, days: int = 200, **changes: Any) -> IssuedCertificate:
    """A certificate for a server that ends in so many days; `changes` are fields of IssuedCertificate."""
    fields: dict[str, Any] = {
        "certificate": sample_certificates.server(host, NOW + timedelta(days=days)),
        "purpose": RequestPurpose.SERVER,
        "issued_at": NOW - timedelta(days=20),
    }
    return IssuedCertificate(**(fields | changes))


@cache
def _made(name: str, limits: tuple[str, ...], crl_url: str | None) -> MadeAuthority:
    draft = checked(AuthorityDraft(name=name, permitted_names=limits, crl_url=crl_url))
    return make_authority(draft, NOW - timedelta(days=60))
