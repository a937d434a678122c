"""The options of `trustdesk partner add` and `edit`, and the partner that they make."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

import click

from trustdesk.cli.options import stacked
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import Contact, Endpoint, PartnerEntry, PartnerRole
from trustdesk.core.target import parse_target

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerFields:
    """What options say of a partner; None and empty for what they do not say."""

    company_id: str | None
    one_record_ids: tuple[str, ...]
    role: str | None
    tags: tuple[str, ...]
    note: str | None
    contacts: tuple[str, ...]
    endpoints: tuple[str, ...]
    identity: str | None
    claims_mutual_tls: bool | None


_OPTIONS = stacked(
    click.option(
        "--endpoint",
        "--add-endpoint",
        "endpoints",
        multiple=True,
        metavar="TARGET",
        help="Endpoint to test: host, https://host/base, amqps://host, tls://host (repeatable).",
    ),
    click.option("--company-id", metavar="ID", help="The COMPANY-ID that IATA assigns."),
    click.option(
        "--one-record-id",
        "one_record_ids",
        multiple=True,
        metavar="URI",
        help="1R-ID, the main one first (repeatable; replaces those before).",
    ),
    click.option(
        "--role",
        type=click.Choice(["", *(role.value for role in PartnerRole)]),
        metavar="ROLE",
        help=f"What it is: {', '.join(role.value for role in PartnerRole)}.",
    ),
    click.option("--tag", "tags", multiple=True, metavar="TAG", help="Tag (repeatable; replaces others)."),
    click.option("--note", metavar="TEXT", help="What to remember."),
    click.option(
        "--contact",
        "contacts",
        multiple=True,
        metavar="'NAME <EMAIL>'",
        help="Whom to ask there (repeatable; replaces those before).",
    ),
    click.option("--with-identity", "identity", metavar="NAME", help="Our identity at its endpoints."),
    click.option(
        "--claims-mtls/--no-claims-mtls",
        "claims_mutual_tls",
        default=None,
        help="Whether it says that it lets nobody in without a client certificate.",
    ),
)


def field_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options to a command, which gets them as `fields`."""

    @functools.wraps(command)
    def with_fields(**values: object) -> R:
        names = PartnerFields.__dataclass_fields__
        fields = PartnerFields(**{name: values.pop(name) for name in names})  # type: ignore[arg-type]
        return command(fields=fields, **values)

    wrapped: Callable[..., R] = _OPTIONS(with_fields)
    return wrapped


def edited(entry: PartnerEntry, fields: PartnerFields, gone: Sequence[str] = ()) -> PartnerEntry:
    """Return an entry with what options say.

    Args:
        gone: endpoints to take away, as they are shown.

    Raises:
        UnusableInputError: a target cannot be read, or one to take away is not there.
    """
    partner = entry.partner
    partner = replace(
        partner,
        company_id=partner.company_id if fields.company_id is None else fields.company_id,
        one_record_ids=fields.one_record_ids or partner.one_record_ids,
        role=partner.role if fields.role is None else (PartnerRole(fields.role) if fields.role else None),
        contacts=tuple(map(_contact, fields.contacts)) or partner.contacts,
        note=partner.note if fields.note is None else fields.note,
        tags=fields.tags or partner.tags,
    )
    kept = list(entry.endpoints)
    for text in gone:
        endpoint = parse_target(text).endpoint
        left = [one for one in kept if one.target.endpoint != endpoint]
        if len(left) == len(kept):
            raise UnusableInputError(
                msg("{partner} has no such endpoint.", partner=partner.name),
                remedy=msg("`trustdesk partner show` lists its endpoints."),
                place=text,
            )
        kept = left
    kept += [Endpoint(id=0, partner=partner.name, target=parse_target(text)) for text in fields.endpoints]
    return PartnerEntry(partner=partner, endpoints=tuple(_endpoint(one, fields) for one in kept))


def _endpoint(endpoint: Endpoint, fields: PartnerFields) -> Endpoint:
    return replace(
        endpoint,
        identity=endpoint.identity if fields.identity is None else (fields.identity or None),
        claims_mutual_tls=endpoint.claims_mutual_tls
        if fields.claims_mutual_tls is None
        else fields.claims_mutual_tls,
    )


def _contact(text: str) -> Contact:
    """Read `NAME <EMAIL>`; without the brackets what holds an @ is the address."""
    name, bracket, rest = text.partition("<")
    if bracket:
        return Contact(name=name.strip(), email=rest.partition(">")[0].strip())
    return Contact(name="", email=text.strip()) if "@" in text else Contact(name=text.strip())
