"""What the partner directory takes: tidied, within limits, and every fault of an entry at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Contact, Endpoint, Partner, PartnerEntry
from trustdesk.core.untrusted import visible
from trustdesk.verify.one_record_id import IdFault, read_one_record_id

MAX_NAME = 200
MAX_COMPANY_ID = 64
MAX_LINE = 320
"""Characters of a name, an address or a number of a contact: as long as an e-mail address can be."""
MAX_NOTE = 4000
MAX_TAG = 60
MAX_URI = 2048
MAX_EACH = 100
"""1R-IDs, contacts, tags and endpoints of one partner, each."""

_COMPANY_ID = re.compile(r"[A-Za-z0-9._~-]+")
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
# A 2.x organisation has more than one path segment, and the field has http and ports in it: none of these
# keeps an address from being written down. Rules judge them where it matters.
_NO_ID = frozenset({IdFault.NO_URI, IdFault.SCHEME, IdFault.USER, IdFault.HOST})


class PartnerField(StrEnum):
    """What of an entry a fault is about."""

    NAME = "name"
    COMPANY_ID = "company_id"
    ONE_RECORD_IDS = "one_record_ids"
    CONTACTS = "contacts"
    NOTE = "note"
    TAGS = "tags"
    ENDPOINTS = "endpoints"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFault:
    """Something for which an entry cannot be kept.

    Attributes:
        position: of the item among its kind, counted from 0; None for a single value.
    """

    field: PartnerField
    message: Message
    position: int | None = None


def tidied(entry: PartnerEntry) -> PartnerEntry:
    """Return an entry without space around its values, each of what is listed once, empty items left out."""
    partner = entry.partner
    name = " ".join(partner.name.split())
    contacts = [_tidied_contact(one) for one in partner.contacts]
    return PartnerEntry(
        partner=replace(
            partner,
            name=name,
            company_id=partner.company_id.strip(),
            one_record_ids=_each_once(partner.one_record_ids),
            contacts=tuple(dict.fromkeys(one for one in contacts if one != Contact(name=""))),
            note=partner.note.strip(),
            tags=_tags(partner.tags),
        ),
        endpoints=tuple(
            replace(one, partner=name, note=one.note.strip(), identity=(one.identity or "").strip() or None)
            for one in entry.endpoints
        ),
    )


def faults_of(entry: PartnerEntry) -> tuple[PartnerFault, ...]:
    """Return everything for which a tidied entry cannot be kept, in the order of the fields."""
    return (
        *_name_faults(entry.partner),
        *_text_faults(entry.partner),
        *_listed_faults(entry.partner),
        *_endpoint_faults(entry.endpoints),
    )


def usable_entry(entry: PartnerEntry) -> PartnerEntry:
    """Return an entry tidied.

    Raises:
        UnusableInputError: something of it cannot be kept; says the first.
    """
    tidy = tidied(entry)
    for fault in faults_of(tidy):
        raise UnusableInputError(
            fault.message, remedy=msg("Correct it, and save again."), place=tidy.partner.name or None
        )
    return tidy


def _tidied_contact(contact: Contact) -> Contact:
    return Contact(
        name=" ".join(contact.name.split()),
        duty=" ".join(contact.duty.split()),
        email=contact.email.strip(),
        phone=" ".join(contact.phone.split()),
    )


def _each_once(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in (one.strip() for one in texts) if text))


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    by_word: dict[str, str] = {}
    for tag in tags:
        word = " ".join(tag.split())
        if word:
            by_word.setdefault(word.casefold(), word)
    return tuple(by_word.values())


def _name_faults(partner: Partner) -> Iterator[PartnerFault]:
    if not partner.name:
        yield PartnerFault(field=PartnerField.NAME, message=msg("The partner has no name."))
    else:
        yield from _line_faults(partner.name, PartnerField.NAME, MAX_NAME)


def _text_faults(partner: Partner) -> Iterator[PartnerFault]:
    company_id = partner.company_id
    yield from _line_faults(company_id, PartnerField.COMPANY_ID, MAX_COMPANY_ID)
    if company_id and not _COMPANY_ID.fullmatch(company_id):
        yield PartnerFault(
            field=PartnerField.COMPANY_ID,
            message=msg(
                "The company id {value} holds more than letters, digits and . _ ~ -.", value=company_id
            ),
        )
    if len(partner.note) > MAX_NOTE:
        yield PartnerFault(
            field=PartnerField.NOTE,
            message=msg("The note has more than {limit} characters.", limit=MAX_NOTE),
        )
    if _has_unseen(partner.note.replace("\n", " ").replace("\t", " ")):
        yield PartnerFault(
            field=PartnerField.NOTE, message=msg("The note holds characters that cannot be seen.")
        )


def _listed_faults(partner: Partner) -> Iterator[PartnerFault]:
    for field, items in (
        (PartnerField.ONE_RECORD_IDS, partner.one_record_ids),
        (PartnerField.CONTACTS, partner.contacts),
        (PartnerField.TAGS, partner.tags),
    ):
        yield from _number_faults(field, len(items))
    for position, text in enumerate(partner.one_record_ids):
        if len(text) > MAX_URI or _NO_ID & set(read_one_record_id(text).faults):
            yield PartnerFault(
                field=PartnerField.ONE_RECORD_IDS,
                message=msg("{value} is no 1R-ID: write https://HOST/COMPANY-ID.", value=text),
                position=position,
            )
    for position, contact in enumerate(partner.contacts):
        for value in (contact.name, contact.duty, contact.email, contact.phone):
            yield from _line_faults(value, PartnerField.CONTACTS, MAX_LINE, position)
        if contact.email and not _EMAIL.fullmatch(contact.email):
            yield PartnerFault(
                field=PartnerField.CONTACTS,
                message=msg("{value} is no e-mail address.", value=contact.email),
                position=position,
            )
    for position, tag in enumerate(partner.tags):
        yield from _line_faults(tag, PartnerField.TAGS, MAX_TAG, position)
        if "," in tag or ";" in tag:
            yield PartnerFault(
                field=PartnerField.TAGS,
                message=msg("The tag {value} holds a comma or semicolon, which part tags.", value=tag),
                position=position,
            )


def _endpoint_faults(endpoints: tuple[Endpoint, ...]) -> Iterator[PartnerFault]:
    yield from _number_faults(PartnerField.ENDPOINTS, len(endpoints))
    met = set()
    for position, endpoint in enumerate(endpoints):
        if endpoint.target in met:
            yield PartnerFault(
                field=PartnerField.ENDPOINTS,
                message=msg("{endpoint} is there twice.", endpoint=endpoint.target.endpoint),
                position=position,
            )
        met.add(endpoint.target)
        if len(endpoint.note) > MAX_NOTE or _has_unseen(endpoint.note.replace("\n", " ").replace("\t", " ")):
            yield PartnerFault(
                field=PartnerField.ENDPOINTS,
                message=msg(
                    "The note of {endpoint} is too long, or holds characters that cannot be seen.",
                    endpoint=endpoint.target.endpoint,
                ),
                position=position,
            )


def _number_faults(field: PartnerField, number: int) -> Iterator[PartnerFault]:
    if number > MAX_EACH:
        yield PartnerFault(field=field, message=too_many(number))


def too_many(number: int) -> Message:
    """Say that there are more of something than are kept of it."""
    return msg("There are {number} of them; at most {limit} can be kept.", number=number, limit=MAX_EACH)


def _line_faults(
    text: str, field: PartnerField, limit: int, position: int | None = None
) -> Iterator[PartnerFault]:
    if len(text) > limit:
        message = msg("{value} has more than {limit} characters.", value=text[:40], limit=limit)
        yield PartnerFault(field=field, message=message, position=position)
    elif _has_unseen(text):
        message = msg("{value} holds characters that cannot be seen.", value=text)
        yield PartnerFault(field=field, message=message, position=position)


def _has_unseen(text: str) -> bool:
    # An ordinary text stays as it is, but for spaces of other widths, which are seen.
    return visible(text, len(text) or 1) != "".join(" " if one.isspace() else one for one in text)
