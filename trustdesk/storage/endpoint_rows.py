"""Endpoints as rows: read thousands at a time."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from trustdesk.core.partner import Endpoint
from trustdesk.core.target import Target, TargetProtocol


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


def endpoint_order(endpoint: Endpoint) -> tuple[str, int]:
    """Return what endpoints are sorted by: the partner's name, and then the order added.

    The collations of databases differ, and SQLite's own knows ASCII only.
    """
    return endpoint.partner.casefold(), endpoint.id


_PROTOCOLS = {one.value: one for one in TargetProtocol}


@lru_cache(256)
def _names(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))
