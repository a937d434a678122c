"""Endpoints as rows: read thousands at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from trustdesk.core.partner import Endpoint
from trustdesk.core.target import Target, TargetProtocol
from trustdesk.storage.schema import endpoints, partners


def endpoint_of(row: Any, partner: str) -> Endpoint:
    """Return the endpoint of a row of `endpoints`, of the partner of that name."""
    return Endpoint(
        id=row.id,
        partner=partner,
        target=Target(
            protocol=_PROTOCOLS[row.protocol],
            host=row.host,
            port=row.port,
            path=row.path,
            connect_address=row.connect_address,
            connect_port=row.connect_port,
            server_name=row.server_name,
            verify_name=row.verify_name,
            alpn=_names(row.alpn),
        ),
        identity=row.identity,
        note=row.note,
        claims_mutual_tls=row.claims_mutual_tls,
    )


ENDPOINT_COLUMNS = (
    endpoints.c.id,
    partners.c.name,
    endpoints.c.protocol,
    endpoints.c.host,
    endpoints.c.port,
    endpoints.c.path,
    endpoints.c.connect_address,
    endpoints.c.connect_port,
    endpoints.c.server_name,
    endpoints.c.verify_name,
    endpoints.c.alpn,
    endpoints.c.identity,
    endpoints.c.note,
    endpoints.c.claims_mutual_tls,
)
"""What `endpoint_in` takes, in its order."""


def endpoint_in(row: Sequence[Any]) -> Endpoint:
    """Return the endpoint of a row that begins with ENDPOINT_COLUMNS: in half the time of `endpoint_of`."""
    number, partner, protocol, host, port, path, address, connect_port, sni, verified, alpn, *rest = row
    return Endpoint(
        id=number,
        partner=partner,
        target=Target(
            protocol=_PROTOCOLS[protocol],
            host=host,
            port=port,
            path=path,
            connect_address=address,
            connect_port=connect_port,
            server_name=sni,
            verify_name=verified,
            alpn=_names(alpn),
        ),
        identity=rest[0],
        note=rest[1],
        claims_mutual_tls=rest[2],
    )


def endpoint_order(endpoint: Endpoint) -> tuple[str, int]:
    """Return what endpoints are sorted by: the partner's name, and then the order added.

    The collations of databases differ, and SQLite's own knows ASCII only.
    """
    return endpoint.partner.casefold(), endpoint.id


_PROTOCOLS = {one.value: one for one in TargetProtocol}


@lru_cache(256)
def _names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
