"""The envelope of our open form: what every list says of itself, around CAs or identity providers.

`resources/schemas/trust-list.schema.json` describes it. A field that it does not name is refused, with its
path, for one that says what may not be trusted must not be overlooked; only names that begin with `x_` may
be added by anybody, and a remark says that they were left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import cast

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.trust_version import NOBODY, UNSIGNED, Authenticity, AuthenticityState, Publisher
from trustdesk.core.untrusted import bounded
from trustdesk.formats.list_fields import Fields, field_error, instant_text
from trustdesk.formats.list_signature import open_signed
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.formats.strict_json import parse_json

SCHEMA_NAME = "trustdesk.trust-list/1"
_FAMILY = "trustdesk.trust-list/"
_EXTENSION = "x_"
_EXTENSION_NAME = re.compile(rb'"(?:x|\\u0078)(?:_|\\u005[fF])')
_SHOWN = 100


class MemberKind(StrEnum):
    """What a list holds; the name of the field that holds them."""

    ENTRIES = "entries"
    PROVIDERS = "providers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a list says of itself, with its members unread; all as in `core.trust_version.ListContent`.

    Attributes:
        members: checked against the schema.
    """

    kind: MemberKind
    title: str
    members: tuple[Fields, ...] = ()
    list_id: str = ""
    publisher: Publisher = NOBODY
    scheme_uri: str = ""
    sequence: int | None = None
    issued_at: datetime | None = None
    next_update: datetime | None = None
    is_closed: bool = False
    supersedes_sha256: str = ""
    authority_claimed: str = ""
    authenticity: Authenticity = UNSIGNED
    remarks: tuple[Message, ...] = ()


def read_envelope(source: ListBytes, *, schema: str, signers: Sequence[NamedSigner] = ()) -> Envelope:
    """Check a list's signature, then what was signed against the schema, and read what it says of itself.

    Args:
        schema: text of the JSON Schema (`storage.list_schema.trust_list_schema`).

    Raises:
        UnusableInputError: it is damaged, not in the form, of a version that is not known, or signed in a way
            that proves nothing; names path or byte. A signature that does not hold raises nothing: it stands
            in `authenticity`, and there are no members then.
    """
    signed = open_signed(source, signers)
    document = checked_document(parse_json(signed.payload, source.place), source.place, schema)
    fields = Fields(document, "", source.place)
    kind = MemberKind.ENTRIES if MemberKind.ENTRIES in document else MemberKind.PROVIDERS
    publisher = fields.part("publisher")
    envelope = Envelope(
        kind=kind,
        title=fields.text("title"),
        # What somebody changed is shown as nobody's list.
        members=() if signed.authenticity.state is AuthenticityState.FAILED else fields.parts(kind),
        list_id=fields.text("list_id"),
        publisher=Publisher(
            name=publisher.text("name"), uri=publisher.text("uri"), contact=publisher.text("contact")
        ),
        scheme_uri=fields.text("scheme_uri"),
        sequence=fields.number("sequence"),
        issued_at=fields.instant("issued_at"),
        next_update=fields.instant("next_update"),
        is_closed=document.get("closed") is True,
        supersedes_sha256=fields.text("supersedes_sha256"),
        authority_claimed=fields.part("authority").text("issuer_claimed"),
        authenticity=signed.authenticity,
        remarks=(*signed.remarks, *_extension_remarks(document, signed.payload)),
    )
    if envelope.is_closed and envelope.next_update is not None:
        raise field_error("next_update", msg("a list that is closed has none"), source.place)
    return envelope


def envelope_document(envelope: Envelope, members: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Return a list as a JSON-ready document; `members` take the place of the envelope's own.

    What is empty is left out.
    """
    publisher = envelope.publisher
    document: dict[str, object] = {
        "schema": SCHEMA_NAME,
        "list_id": envelope.list_id,
        "title": envelope.title,
        "publisher": filled({"name": publisher.name, "uri": publisher.uri, "contact": publisher.contact}),
        "scheme_uri": envelope.scheme_uri,
        "issued_at": None if envelope.issued_at is None else instant_text(envelope.issued_at),
        "next_update": None if envelope.next_update is None else instant_text(envelope.next_update),
        "closed": True if envelope.is_closed else None,
        "supersedes_sha256": envelope.supersedes_sha256,
        "authority": filled({"issuer_claimed": envelope.authority_claimed}),
    }
    sequence = {} if envelope.sequence is None else {"sequence": envelope.sequence}
    return {**filled(document), **sequence, envelope.kind.value: list(members)}


def filled(document: Mapping[str, object]) -> dict[str, object]:
    """Return a document without what is empty; numbers and truth values are never empty."""
    return {
        name: value
        for name, value in document.items()
        if value is not None and (isinstance(value, int) or value != type(value)())
    }


def checked_document(document: object, place: str, schema: str) -> Mapping[str, object]:
    """Return a document that keeps to the schema.

    Raises:
        UnusableInputError: it does not; names the path of what is wrong first.
    """
    if not isinstance(document, dict):
        raise field_error("$", msg("an object is expected"), place)
    name = document.get("schema")
    if not isinstance(name, str) or not name.startswith(_FAMILY):
        raise UnusableInputError(
            msg("The JSON is no trust list: its schema is not {schema}.", schema=SCHEMA_NAME),
            remedy=msg("Name the list's own file."),
            place=place,
        )
    if name != SCHEMA_NAME:
        raise UnusableInputError(
            msg("The list is in a newer form than is known here: {schema}.", schema=bounded(name, _SHOWN)),
            remedy=msg("Update trustdesk, or ask the publisher for {schema}.", schema=SCHEMA_NAME),
            place=place,
        )
    if (MemberKind.ENTRIES in document) == (MemberKind.PROVIDERS in document):
        raise field_error("$", msg("either entries or providers are expected"), place)
    from fastjsonschema import JsonSchemaValueException

    try:
        _compiled(schema)(document)
    except JsonSchemaValueException as error:
        raise field_error(_path(error.path), _detail(error), place) from None
    except RecursionError:
        raise field_error("$", msg("it is nested too deep"), place) from None
    return document


@lru_cache(maxsize=4)
def _compiled(schema: str) -> Callable[[object], object]:
    import fastjsonschema

    return cast("Callable[[object], object]", fastjsonschema.compile(json.loads(schema)))


def _path(parts: Sequence[object]) -> str:
    path = ""
    for part in parts[1:]:
        text = str(part)
        path += f"[{text}]" if text.isdigit() else f".{text}" if path else text
    return bounded(path, _SHOWN) or "$"


def _detail(error: object) -> Message:
    """Say what the schema wants there; never what stands there, which may be anything."""
    rule, definition = getattr(error, "rule", None), getattr(error, "rule_definition", None)
    if rule == "additionalProperties":
        known = cast("Mapping[str, object]", getattr(error, "definition", {})).get("properties", {})
        value = getattr(error, "value", None)
        names = [name for name in value or () if name not in cast("Mapping[str, object]", known)]
        unknown = [bounded(name, _SHOWN) for name in names if not name.startswith(_EXTENSION)]
        return msg("a field stands that the form does not know: {names}", names=listed(unknown))
    match rule:
        case "required":
            return msg(
                "one of these fields is missing: {names}", names=listed([str(n) for n in definition or ()])
            )
        case "type":
            return msg("a value of another type is expected: {type}", type=str(definition))
        case "enum":
            return msg("one of these is expected: {names}", names=listed([str(n) for n in definition or ()]))
        case "format":
            return msg("a date and time with its zone is expected (RFC 3339)")
        case "pattern":
            return msg("a text of another form is expected: {pattern}", pattern=str(definition))
        case "maxItems" | "maxLength" | "maximum" | "maxProperties":
            return msg("there is more than the form lets there be: at most {limit}", limit=str(definition))
        case "minItems" | "minLength" | "minimum":
            return msg("there is less than the form asks for: at least {limit}", limit=str(definition))
        case _:
            return msg("something stands that must not stand there")


def _extension_remarks(document: Mapping[str, object], data: bytes) -> tuple[Message, ...]:
    if _EXTENSION_NAME.search(data) is None:
        return ()  # nearly every list; walking through 10,000 entries takes a second
    names: dict[str, None] = {}
    waiting: list[object] = [document]
    while waiting:
        match waiting.pop():
            case dict(members):
                for name, value in members.items():
                    if name.startswith(_EXTENSION):
                        names.setdefault(bounded(name, _SHOWN))
                    else:
                        waiting.append(value)
            case list(elements):
                waiting += elements
            case _:
                pass
    if not names:
        return ()
    return (msg("Left out are additions that the form does not know: {names}.", names=listed(sorted(names))),)
