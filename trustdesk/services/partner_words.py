"""The words of the partner directory, for window, command line and reports."""

from __future__ import annotations

from collections.abc import Mapping

from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.partner import PartnerRole
from trustdesk.services.board import State
from trustdesk.services.directory_values import (
    DirectoryChange,
    DuplicateGroup,
    ImportStanding,
    Resemblance,
)

ROLE_WORDS: Mapping[PartnerRole, Message] = {
    PartnerRole.CARRIER: msg("Carrier"),
    PartnerRole.FORWARDER: msg("Forwarder"),
    PartnerRole.GROUND_HANDLER: msg("Ground handler"),
    PartnerRole.SHIPPER: msg("Shipper"),
    PartnerRole.CUSTOMS: msg("Customs"),
    PartnerRole.ROAD_FEEDER_SERVICE: msg("Road feeder service"),
    PartnerRole.IT_PROVIDER: msg("IT provider"),
    PartnerRole.OTHER: msg("Other"),
}

STANDING_STATES: Mapping[ImportStanding, State] = {
    ImportStanding.NEW: State.GOOD,
    ImportStanding.CHANGED: State.GOOD,
    ImportStanding.SAME: State.NOT_APPLICABLE,
    ImportStanding.DUPLICATE: State.WARNING,
    ImportStanding.UNUSABLE: State.BAD,
}

STANDING_WORDS: Mapping[ImportStanding, Message] = {
    ImportStanding.NEW: msg("New"),
    ImportStanding.CHANGED: msg("Changed"),
    ImportStanding.SAME: msg("As it is"),
    ImportStanding.DUPLICATE: msg("There already?"),
    ImportStanding.UNUSABLE: msg("Unusable"),
}


def duplicate_words(group: DuplicateGroup) -> Message:
    """Say who may be one and the same, and why."""
    names = listed(group.partners)
    match group.resemblance:
        case Resemblance.COMPANY_ID:
            return msg("{names} have the company id {value}.", names=names, value=group.shared)
        case Resemblance.ONE_RECORD_ID:
            return msg("{names} have the 1R-ID {value}.", names=names, value=group.shared)
        case Resemblance.ENDPOINT:
            return msg("{names} have the endpoint {value}.", names=names, value=group.shared)
        case Resemblance.NAME:
            return msg("{names} are called nearly the same.", names=names)


def change_words(change: DirectoryChange) -> Message:
    """Say what was done to the directory."""
    if change.removed:
        return msg_n("{count} partner removed.", "{count} partners removed.", change.removed)
    if change.added and change.changed:
        return msg(
            "{added} {changed}",
            added=_added(change.added),
            changed=msg_n("{count} changed.", "{count} changed.", change.changed),
        )
    if change.added:
        return _added(change.added)
    if change.changed:
        return msg_n("{count} partner changed.", "{count} partners changed.", change.changed)
    return msg("Nothing to change.")


def _added(count: int) -> Message:
    return msg_n("{count} partner added.", "{count} partners added.", count)
