"""Reading what a CRL says of itself, whatever is wrong with it; its entries are counted, not kept.

Source: RFC 5280 5.1, 5.2.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from trustdesk.core.inspection import ByteField, CrlFacts
from trustdesk.core.message import msg
from trustdesk.formats import extensions as ext
from trustdesk.formats.algorithms import signature_algorithm
from trustdesk.formats.certificate import PartReader
from trustdesk.formats.der import (
    GENERALIZED_TIME,
    INTEGER,
    SEQUENCE,
    UTC_TIME,
    Element,
    count_children,
    instant,
    integer,
    parts_of,
    read_element,
    read_whole,
    small_integer,
    whole_children,
)
from trustdesk.formats.distinguished_name import name_text
from trustdesk.formats.extension_facts import extension_problems, read_extensions

_CRL_NUMBER = "2.5.29.20"
_DELTA_INDICATOR = "2.5.29.27"
_EXTENSIONS = 0xA0
_TIMES = frozenset({UTC_TIME, GENERALIZED_TIME})
_MAX_NUMBER = 64


def read_revocation_list(der: bytes) -> CrlFacts:
    """Read out a CRL; never raises. What cannot be read is None and named in `problems`."""
    reader = PartReader()
    facts = CrlFacts(der=der, sha256=hashlib.sha256(der).hexdigest())
    parts = reader.read(msg("This is no revocation list."), lambda: _parts(der))
    if parts is None:
        return replace(facts, problems=tuple(reader.problems))
    body, algorithm = parts
    fields, damaged_at = whole_children(body)
    if damaged_at is not None:
        reader.problems.append(msg("The list is damaged at byte {offset}.", offset=damaged_at))
    named = _named(fields)
    version = named.get("version")
    if len(fields) < 3 or "thisUpdate" not in named:
        return replace(facts, problems=(*reader.problems, msg("The revocation list is cut short.")))
    next_update = named.get("nextUpdate")
    entries = named.get("revokedCertificates")
    inside = whole_children(named["crlExtensions"])[0] if "crlExtensions" in named else []
    extensions, list_problems = read_extensions(inside[0]) if inside else ((), ())
    values = {extension.oid: extension.der for extension in reversed(extensions) if extension.oid}
    authority = values.get(ext.AUTHORITY_KEY_ID)
    number = values.get(_CRL_NUMBER)
    return replace(
        facts,
        version=1 if version is None else reader.quiet(lambda: small_integer(version) + 1),
        issuer=reader.read(msg("The issuer cannot be read."), lambda: name_text(named["issuer"])),
        this_update=reader.read(
            msg("The date of the list is no date."), lambda: instant(named["thisUpdate"])
        ),
        next_update=None
        if next_update is None
        else reader.read(msg("The date of the next list is no date."), lambda: instant(next_update)),
        number=None if number is None else reader.quiet(lambda: _number(number)),
        count=0
        if entries is None
        else reader.read(msg("The entries of the list are damaged."), lambda: count_children(entries)),
        is_delta=_DELTA_INDICATOR in values,
        authority_key_id=None
        if authority is None
        else reader.quiet(lambda: ext.authority_key_id(authority).key_id),
        signature_algorithm=reader.read(
            msg("The signature algorithm cannot be read."), lambda: signature_algorithm(algorithm)
        ),
        extensions=extensions,
        fields=tuple(
            ByteField(name=name, offset=element.start, length=element.end - element.start)
            for name, element in (("tbsCertList", body), *named.items())
        ),
        problems=(*reader.problems, *list_problems, *extension_problems(extensions)),
    )


def _parts(der: bytes) -> tuple[Element, Element]:
    body, algorithm = parts_of(read_element(der).expect(SEQUENCE), 3)[:2]
    return body.expect(SEQUENCE), algorithm


def _named(fields: list[Element]) -> dict[str, Element]:
    """Name the fields of TBSCertList, whose optional ones are told by their tags."""
    names = ["signature", "issuer", "thisUpdate"]
    found: dict[str, Element] = {}
    for field in fields:
        if field.tag == INTEGER and not found:
            found["version"] = field
        elif names:
            found[names.pop(0)] = field
        elif field.tag in _TIMES:
            found["nextUpdate"] = field
        elif field.tag == SEQUENCE:
            found["revokedCertificates"] = field
        elif field.tag == _EXTENSIONS:
            found["crlExtensions"] = field
    return found


def _number(value: bytes) -> int | None:
    element = read_whole(value, INTEGER)
    return integer(element) if element.content_end - element.content_start <= _MAX_NUMBER else None
