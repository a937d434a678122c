"""Partners as JSON: `trustdesk.partners/1`, and the partner as part of other documents.

Reading, what is left out says nothing; what is there, also when it is empty, is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Contact, Endpoint, PartnerEntry, PartnerRole
from trustdesk.formats.json_text import json_text
from trustdesk.formats.partner_drafts import (
    MAX_PARTNERS,
    DraftProblem,
    EndpointDraft,
    PartnerDraft,
    PartnerFile,
    problem_of,
    role_of,
    target_from,
    target_texts,
)
from trustdesk.formats.strict_json import parse_json

SCHEMA = "trustdesk.partners/1"

T = TypeVar("T", str, bool)

_KNOWN = {
    "name",
    "company_id",
    "one_record_ids",
    "role",
    "contacts",
    "note",
    "tags",
    "endpoints",
}
_REMEDY = msg("Write a document as `trustdesk partner export partners.json` makes it.")


def partner_value(entry: PartnerEntry) -> dict[str, object]:
    """Return one partner as JSON-ready values, every key always there."""
    partner = entry.partner
    return {
        "name": partner.name,
        "company_id": partner.company_id,
        "one_record_ids": list(partner.one_record_ids),
        "role": None if partner.role is None else partner.role.value,
        "contacts": [
            {"name": one.name, "duty": one.duty, "email": one.email, "phone": one.phone}
            for one in partner.contacts
        ],
        "note": partner.note,
        "tags": list(partner.tags),
        "endpoints": [_endpoint_value(one) for one in entry.endpoints],
    }


def partners_document(entries: Iterable[PartnerEntry]) -> dict[str, object]:
    """Return partners as `trustdesk.partners/1`."""
    return {"schema": SCHEMA, "partners": [partner_value(entry) for entry in entries]}


def partners_json(entries: Iterable[PartnerEntry]) -> bytes:
    """Return partners as a file."""
    return (json_text(partners_document(entries), indent=1) + "\n").encode("utf-8")


def read_partners_json(data: bytes, place: str) -> PartnerFile:
    """Read partners; what is wrong with one stands with it.

    A bare array of partners is taken too.

    Raises:
        UnusableInputError: the file as a whole is no such document.
    """
    document = parse_json(data, place)
    partners = document.get("partners") if isinstance(document, dict) else document
    if not isinstance(partners, list):
        raise UnusableInputError(
            msg("There is no array “partners” in this document."), remedy=_REMEDY, place=place
        )
    if len(partners) > MAX_PARTNERS:
        raise UnusableInputError(
            msg("The file holds more than {limit} partners.", limit=MAX_PARTNERS),
            remedy=msg("Import it in parts."),
            place=place,
        )
    ignored = dict.fromkeys(
        key for one in partners if isinstance(one, dict) for key in one if key not in _KNOWN
    )
    drafts = tuple(_draft(one, f"partners[{position}]") for position, one in enumerate(partners))
    return PartnerFile(drafts=drafts, ignored=tuple(ignored)[:100])


def _endpoint_value(endpoint: Endpoint) -> dict[str, object]:
    return {
        **target_texts(endpoint.target),
        "identity": endpoint.identity,
        "claims_mutual_tls": endpoint.claims_mutual_tls,
        "note": endpoint.note,
    }


class _Object:
    """One object of the document; what is of another kind than asked for is a problem."""

    def __init__(self, value: object, place: str, problems: list[DraftProblem]) -> None:
        self.place = place
        self._problems = problems
        self._values: Mapping[str, object] = {}
        if isinstance(value, dict):
            self._values = value
        else:
            self.say("", msg("an object is expected"))

    def text(self, name: str) -> str | None:
        """Return a text; None where it is not said, and for null."""
        return self._one(name, str, msg("a text is expected"))

    def flag(self, name: str) -> bool | None:
        """Return yes or no; None where it is not said."""
        return self._one(name, bool, msg("true or false is expected"))

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return texts; None where they are not said."""
        items = self.items(name)
        if items is None:
            return None
        texts = tuple(one for one in items if isinstance(one, str))
        if len(texts) < len(items):
            self.say(name, msg("an array of texts is expected"))
        return texts

    def items(self, name: str) -> list[object] | None:
        """Return what is in an array; None where it is not said."""
        value = self._values.get(name)
        if value is None or isinstance(value, list):
            return value
        self.say(name, msg("an array is expected"))
        return None

    def say(self, name: str, expected: Message) -> None:
        """Keep a problem."""
        where = f"{self.place}.{name}" if name else self.place
        self._problems.append(DraftProblem(place=where, message=expected))

    def _one(self, name: str, kind: type[T], expected: Message) -> T | None:
        value = self._values.get(name)
        if value is None or isinstance(value, kind):
            return value
        self.say(name, expected)
        return None


def _draft(value: object, place: str) -> PartnerDraft:
    problems: list[DraftProblem] = []
    one = _Object(value, place, problems)
    name = one.text("name") or ""
    if not name.strip():
        one.say("name", msg("The partner has no name."))
    role_text = one.text("role")
    role = None if role_text is None else role_of(role_text)
    if role_text and role is None:
        roles = ", ".join(known.value for known in PartnerRole)
        one.say("role", msg("{value} is no role: {roles}.", value=role_text, roles=roles))
    contacts = one.items("contacts")
    endpoints = one.items("endpoints") or []
    return PartnerDraft(
        place=place,
        name=" ".join(name.split()),
        company_id=one.text("company_id"),
        one_record_ids=one.texts("one_record_ids"),
        role=role,
        contacts=None
        if contacts is None
        else tuple(
            _contact(_Object(item, f"{place}.contacts[{position}]", problems))
            for position, item in enumerate(contacts)
        ),
        note=one.text("note"),
        tags=one.texts("tags"),
        endpoints=tuple(
            draft
            for position, item in enumerate(endpoints)
            for draft in _endpoint(_Object(item, f"{place}.endpoints[{position}]", problems), problems)
        ),
        problems=tuple(problems),
    )


def _contact(one: _Object) -> Contact:
    return Contact(
        name=one.text("name") or "",
        duty=one.text("duty") or "",
        email=one.text("email") or "",
        phone=one.text("phone") or "",
    )


def _endpoint(one: _Object, problems: list[DraftProblem]) -> Iterable[EndpointDraft]:
    endpoint = one.text("endpoint")
    texts = [one.text(name) or "" for name in ("connect", "server_name", "verify_name", "alpn")]
    draft_of = {
        "identity": one.text("identity"),
        "note": one.text("note"),
    }
    claims = one.flag("claims_mutual_tls")
    if endpoint is None:
        one.say("endpoint", msg("a text is expected"))
        return
    try:
        target = target_from(endpoint, *texts)
    except UnusableInputError as error:
        problems.append(problem_of(one.place, error))
        return
    yield EndpointDraft(place=one.place, target=target, claims_mutual_tls=claims, **draft_of)
