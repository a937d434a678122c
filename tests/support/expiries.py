"""A timeline of invented partners, identities and CAs."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from trustdesk.core.message import msg
from trustdesk.core.trust_impact import DropKind, RootDrop
from trustdesk.services.timeline_values import ExpiryTimeline, TimelineGroup, Validity

AT = datetime(2026, 11, 20, 8, 45, tzinfo=UTC)
CLIENT_AUTH = RootDrop(
    at=datetime(2027, 3, 15, tzinfo=UTC),
    kind=DropKind.BROWSER_STORE,
    sha256="",
    subject="clientAuth",
    what=msg("Public CAs issue no certificate for both from 2027-03-15 on."),
    source="https://g.co/chrome/root-policy",
    store="Chrome",
)
_SERVER, _CLIENT = msg("server"), msg("client")


def validity(
    name: str,
    begins: int | None,
    ends: int | None,
    *,
    group: TimelineGroup = TimelineGroup.PARTNERS,
    role: str = "server",
    place: str = "",
    drops: tuple[RootDrop, ...] = (),
) -> Validity:
    """A window in days from AT."""
    roles = {"server": _SERVER, "client": _CLIENT, "root": msg("root CA"), "issuing": msg("issuing CA")}
    return Validity(
        group=group,
        name=name,
        place=place,
        role=roles[role],
        sha256=hashlib.sha256(f"{name}{place}".encode()).hexdigest(),
        begins=None if begins is None else AT + timedelta(days=begins),
        ends=None if ends is None else AT + timedelta(days=ends),
        drops=drops,
    )


def drop_of(name: str, days: int) -> RootDrop:
    """A root program's date for a CA."""
    at = AT + timedelta(days=days)
    return RootDrop(
        at=at,
        kind=DropKind.BROWSER_STORE,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        subject=name,
        what=msg("Mozilla trusts {ca} for websites until {at}.", ca=name, at=at),
        source="https://wiki.mozilla.org/CA/Root_CA_Lifecycles",
        store="Mozilla",
    )


def sample_timeline() -> ExpiryTimeline:
    """What the design shows, and a few that end later."""
    mine, cas = TimelineGroup.IDENTITIES, TimelineGroup.AUTHORITIES
    late = tuple(validity(f"Lasting partner {number}", -30, 400 + number) for number in range(32))
    roots = tuple(
        validity(f"Harbour Root G{number}", -3000, 5000 + number, group=cas, role="root")
        for number in range(58)
    )
    dropped = validity(
        "Skybridge Root R1",
        -4000,
        4000,
        group=cas,
        role="root",
        drops=(drop_of("Skybridge Root R1", 146),),
    )
    return ExpiryTimeline(
        at=AT,
        validities=(
            validity("Zephyr Ground Services", -368, -3),
            validity("Kestrel Forwarding", -191, 6),
            validity("Brightline Handling", -170, 24),
            validity("Nordwind Cargo", -90, 107),
            validity("Cóndor Andino Carga", -77, 120),
            validity("Tamarind Logistics", -2, 197),
            *late,
            validity("halden-client-2025", -343, 22, group=mine, role="client"),
            validity("halden-edge-2026", -127, 70, group=mine),
            validity("halden-client-2026", -51, 314, group=mine, role="client"),
            validity("Fjordsign Partner CA 7", -1500, 26, group=cas, role="issuing"),
            validity("Skybridge Issuing CA G3", -900, 131, group=cas, role="issuing"),
            dropped,
            *roots,
        ),
        milestones=(CLIENT_AUTH,),
        partners=38,
        identities=3,
        authorities=61,
    )
