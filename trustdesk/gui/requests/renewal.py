"""What a renewal of an identity asks for: what its certificate says, with a key of the same kind."""

from __future__ import annotations

from trustdesk.core.identity import IdentityView
from trustdesk.core.key_store import KeyKind, StoredKey
from trustdesk.gui.requests.wish import Wanted, Wish

_CURVES = {"P-256": KeyKind.P256, "P-384": KeyKind.P384}
_SIZES = ((4096, KeyKind.RSA_4096), (3072, KeyKind.RSA_3072), (0, KeyKind.RSA_2048))


def wish_of_renewal(view: IdentityView, *, partner: str | None = None) -> Wish:
    """Return what to ask for so that a new certificate can follow an identity's.

    A certificate for both purposes becomes two requests: public CAs issue no such certificate any more.
    """
    identity = view.identity
    certificate = identity.certificate
    names = [name.partition(":") for name in certificate.subject_alt_names]
    hosts = tuple(value for kind, _colon, value in names if kind == "DNS")
    usages = certificate.extended_key_usage or ()
    wanted = _wanted(has_ids=bool(view.one_record_ids), has_hosts=bool(hosts), usages=usages)
    of_ids = {uri.partition("://")[2].partition("/")[0].partition(":")[0] for uri in view.one_record_ids}
    if wanted is Wanted.FREE:
        return Wish(
            wanted=wanted,
            subject=certificate.subject or "",
            subject_alt_names=certificate.subject_alt_names,
            key_usage=certificate.key_usage or (),
            extended_key_usage=usages,
            key=_kind(identity.key),
            store=identity.key.reference.store,
            partner=partner,
            renews=identity.name,
        )
    return Wish(
        wanted=wanted,
        one_record_ids=view.one_record_ids,
        dns_names=tuple(host for host in hosts if host not in of_ids),
        key=_kind(identity.key),
        store=identity.key.reference.store,
        partner=partner,
        renews=identity.name,
    )


def _wanted(*, has_ids: bool, has_hosts: bool, usages: tuple[str, ...]) -> Wanted:
    is_client, is_server = "clientAuth" in usages, "serverAuth" in usages
    if has_ids and (has_hosts or is_server):
        return Wanted.BOTH
    if has_ids:
        return Wanted.CLIENT
    if has_hosts and (is_server or not is_client):
        return Wanted.SERVER
    return Wanted.FREE


def _kind(key: StoredKey) -> KeyKind:
    if key.algorithm == "RSA":
        return next(kind for size, kind in _SIZES if key.bits >= size)
    return _CURVES.get(key.curve or "", KeyKind.P256)
