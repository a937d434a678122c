"""Partners with everything that the directory knows of one."""

from __future__ import annotations

from trustdesk.core.partner import Contact, Endpoint, Partner, PartnerEntry, PartnerRole
from trustdesk.core.target import Target, parse_target


def endpoint(target: str | Target, **values: object) -> Endpoint:
    """Return an endpoint that is not kept yet."""
    parsed = target if isinstance(target, Target) else parse_target(target)
    made = Endpoint(id=0, partner="", target=parsed)
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def full_entry(name: str = "Nordwind Cargo") -> PartnerEntry:
    """Return a partner of which everything is said."""
    return PartnerEntry(
        partner=Partner(
            name=name,
            company_id="NWC",
            one_record_ids=("https://1r.nordwind.example/NWC", "https://2r.nordwind.example/NWC"),
            role=PartnerRole.CARRIER,
            contacts=(
                Contact(name="Ann Lee", duty="certificates", email="ann@nordwind.example", phone="+49 30 1"),
                Contact(name="Night desk", phone="-1-"),
            ),
            note='=cmd|"/c calc"!A1; =2\nsecond line, "quoted"',
            tags=("pilot", "EU west"),
        ),
        endpoints=(
            Endpoint(
                id=0,
                partner=name,
                target=parse_target(
                    "https://1r.nordwind.example:8443/NWC",
                    connect="[2001:db8::1]:9443",
                    send_server_name=False,
                    verify_name="front.example",
                    alpn=("h2", "http/1.1"),
                ),
                identity="halden",
                note="@night",
                claims_mutual_tls=True,
            ),
            Endpoint(id=0, partner=name, target=parse_target("amqps://mq.nordwind.example", alpn=())),
            Endpoint(id=0, partner=name, target=parse_target("https://plain.nordwind.example", alpn=())),
        ),
    )
