"""The demo's partner directory as an office would have it. Everything in it is invented, and says so."""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.partner import Contact, Endpoint, Partner, PartnerEntry, PartnerRole
from trustdesk.lab.catalogue import CATALOGUE, ClientPolicy, ServerSpec
from trustdesk.lab.description import LabServer

INVENTED = "Invented for the demo."
PAST_INVENTED = f"{INVENTED} So are its tests of the days before."
_ROLES = {
    "Messaging": PartnerRole.IT_PROVIDER,
    "Gateway": PartnerRole.IT_PROVIDER,
    "Handling": PartnerRole.GROUND_HANDLER,
    "Forwarding": PartnerRole.FORWARDER,
    "Freight": PartnerRole.FORWARDER,
    "Logistics": PartnerRole.ROAD_FEEDER_SERVICE,
    "Cargo": PartnerRole.CARRIER,
    "Air": PartnerRole.CARRIER,
}
"""What an organisation is, by a word of its name; the first that fits."""
_REGIONS = ("Europe", "Asia", "Americas")
_NIGHT_DESKS = {PartnerRole.CARRIER, PartnerRole.GROUND_HANDLER}
_SPECS = {spec.name: spec for spec in CATALOGUE}


def spec_of(server: LabServer) -> ServerSpec | None:
    """Return what the catalogue says of a running server; None for one that is not of it."""
    return _SPECS.get(server.name)


def directory_entries(servers: Sequence[LabServer]) -> tuple[PartnerEntry, ...]:
    """Return the partners of a lab, each with its endpoint, in the servers' order."""
    return tuple(_entry(server, number) for number, server in enumerate(servers))


def _entry(server: LabServer, number: int) -> PartnerEntry:
    spec = spec_of(server)
    endpoint = Endpoint(
        id=0,
        partner=server.partner,
        target=server.target,
        identity=server.identity,
        note=server.fault or "",
        claims_mutual_tls=spec is not None and spec.client_policy is ClientPolicy.REQUIRED,
    )
    if spec is None:
        return PartnerEntry(partner=Partner(name=server.partner, note=INVENTED), endpoints=(endpoint,))
    role = next((role for word, role in _ROLES.items() if word in spec.partner.split()), None)
    domain = spec.dns_name.removeprefix("onerecord.")
    contacts = [Contact(name="Certificate desk", duty="certificates", email=f"certificates@{domain}")]
    if role in _NIGHT_DESKS:
        contacts.append(Contact(name="Night desk", duty="operations", email=f"night@{domain}"))
    partner = Partner(
        name=spec.partner,
        company_id=spec.company_id,
        one_record_ids=(f"https://{spec.dns_name}/{spec.company_id}",),
        role=role,
        contacts=tuple(contacts),
        note=PAST_INVENTED if spec.age_days else INVENTED,
        tags=(_REGIONS[number % len(_REGIONS)], *(("pilot",) if spec.age_days else ())),
    )
    return PartnerEntry(partner=partner, endpoints=(endpoint,))
