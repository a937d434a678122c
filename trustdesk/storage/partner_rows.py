"""Rows of partners and endpoints, and the values that they are."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from trustdesk.core.partner import Contact, Endpoint, Partner, PartnerEntry, PartnerRole
from trustdesk.formats.json_text import compact_json
from trustdesk.storage.endpoint_rows import endpoint_of
from trustdesk.storage.schema import endpoints, partners


def partner_values(partner: Partner) -> dict[str, object]:
    """Return a partner as its row, without number and revision."""
    return {
        "name": partner.name,
        "company_id": partner.company_id,
        "role": None if partner.role is None else partner.role.value,
        "note": partner.note,
        "details": compact_json(
            {
                "one_record_ids": list(partner.one_record_ids),
                "contacts": [
                    {"name": one.name, "duty": one.duty, "email": one.email, "phone": one.phone}
                    for one in partner.contacts
                ],
                "tags": list(partner.tags),
            }
        ),
    }


def partner_of(row: Row[Any]) -> Partner:
    """Return the partner of a row; what of its details cannot be read is left out."""
    details = _details(row.details)
    roles = {role.value: role for role in PartnerRole}
    return Partner(
        id=row.id,
        name=row.name,
        company_id=row.company_id,
        one_record_ids=_texts(details.get("one_record_ids")),
        role=roles.get(row.role or ""),
        contacts=tuple(map(_contact, _objects(details.get("contacts")))),
        note=row.note,
        tags=_texts(details.get("tags")),
        revision=row.revision,
    )


def endpoint_values(endpoint: Endpoint) -> dict[str, object]:
    """Return an endpoint as its row, without number and partner."""
    target = endpoint.target
    return {
        "protocol": target.protocol.value,
        "host": target.host,
        "port": target.port,
        "path": target.path,
        "connect_address": target.connect_address,
        "connect_port": target.connect_port,
        "server_name": target.server_name,
        "verify_name": target.verify_name,
        "alpn": json.dumps(target.alpn),
        "identity": endpoint.identity,
        "note": endpoint.note,
        "claims_mutual_tls": endpoint.claims_mutual_tls,
    }


def all_entries(connection: Connection) -> tuple[PartnerEntry, ...]:
    """Return all partners with their endpoints, by name."""
    found = [partner_of(row) for row in connection.execute(select(partners))]
    names = {partner.id: partner.name for partner in found}
    by_partner: dict[int, list[Endpoint]] = defaultdict(list)
    for row in connection.execute(select(endpoints).order_by(endpoints.c.id)):
        by_partner[row.partner_id].append(endpoint_of(row, names[row.partner_id]))
    entries = [PartnerEntry(partner=one, endpoints=tuple(by_partner[one.id])) for one in found]
    return tuple(sorted(entries, key=lambda entry: (entry.partner.name.casefold(), entry.partner.id)))


def entry_by_id(connection: Connection, partner_id: int) -> PartnerEntry | None:
    """Return one partner with its endpoints; None when there is none of this number."""
    row = connection.execute(select(partners).where(partners.c.id == partner_id)).one_or_none()
    if row is None:
        return None
    partner = partner_of(row)
    rows = connection.execute(
        select(endpoints).where(endpoints.c.partner_id == partner_id).order_by(endpoints.c.id)
    )
    return PartnerEntry(partner=partner, endpoints=tuple(endpoint_of(one, partner.name) for one in rows))


def insert_partners(connection: Connection, found: Sequence[Partner]) -> list[int]:
    """Insert partners, and return their numbers in the same order."""
    if not found:
        return []
    rows = [{**partner_values(one), "revision": 0} for one in found]
    statement = insert(partners).returning(partners.c.id, sort_by_parameter_order=True)
    return [int(number) for number in connection.execute(statement, rows).scalars()]


def insert_endpoints(connection: Connection, found: Sequence[tuple[int, Endpoint]]) -> list[int]:
    """Insert endpoints, each with the number of its partner, and return their own in the same order."""
    if not found:
        return []
    rows = [{**endpoint_values(one), "partner_id": number} for number, one in found]
    statement = insert(endpoints).returning(endpoints.c.id, sort_by_parameter_order=True)
    return [int(number) for number in connection.execute(statement, rows).scalars()]


def _details(text: str) -> Mapping[str, object]:
    try:
        details = json.loads(text)
    except ValueError:
        return {}
    return details if isinstance(details, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _objects(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _contact(values: Mapping[str, object]) -> Contact:
    def text(name: str) -> str:
        value = values.get(name)
        return value if isinstance(value, str) else ""

    return Contact(name=text("name"), duty=text("duty"), email=text("email"), phone=text("phone"))
