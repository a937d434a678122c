"""The partner directory: organisations, how to reach them, and the endpoints that are tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.light_dataclass import light_dataclass
from trustdesk.core.target import Target


class PartnerRole(StrEnum):
    """What an organisation is in air cargo, in the words of ONE Record's subscriber forms."""

    CARRIER = "carrier"
    FORWARDER = "forwarder"
    GROUND_HANDLER = "ground_handler"
    SHIPPER = "shipper"
    CUSTOMS = "customs"
    ROAD_FEEDER_SERVICE = "road_feeder_service"
    IT_PROVIDER = "it_provider"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or a desk at a partner.

    Attributes:
        duty: what they are asked about: "certificates", "night desk"; "" when not said.
        email, phone: "" when not known.
    """

    name: str
    duty: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """One organisation of the directory.

    Attributes:
        id: the workspace's number; 0 for one that is not kept yet.
        name: of the organisation; unique in a workspace.
        company_id: COMPANY-ID that IATA assigns, CN of its client certificate (CP 3.1.1); "" when not known.
        one_record_ids: its 1R-IDs (`https://<FQDN>/<COMPANY-ID>`), the main one first.
        role: None when not said.
        note: what a person wrote about it.
        tags: as a person wrote them, in their order, each once.
        revision: grows with each change; a change that was made from an older one is refused, so that of two
            programs none overwrites what it has not seen.
    """

    id: int = 0
    name: str
    company_id: str = ""
    one_record_ids: tuple[str, ...] = ()
    role: PartnerRole | None = None
    contacts: tuple[Contact, ...] = ()
    note: str = ""
    tags: tuple[str, ...] = ()
    revision: int = 0


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint of a partner.

    Attributes:
        id: the workspace's number; 0 for one that is not kept yet.
        partner: the organisation's name.
        identity: name of the client identity that is used there; None for none.
        note: what a person wrote about it.
        claims_mutual_tls: whether the partner says that it lets nobody in without a client certificate.
        last_tested_at: None when it never was, or is not asked for.
    """

    id: int
    partner: str
    target: Target
    identity: str | None = None
    note: str = ""
    claims_mutual_tls: bool = False
    last_tested_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerEntry:
    """A partner with its endpoints, as it is written, imported and exported.

    Attributes:
        endpoints: in the order added; each names the partner.
    """

    partner: Partner
    endpoints: tuple[Endpoint, ...] = ()
