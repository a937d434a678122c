"""Reading what a CRL says of itself, whatever is wrong with it; its entries are counted, not looked at.

Source: RFC 5280 5.1, 5.2.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from trustdesk.core.inspection import ByteField, CrlFacts
from trustdesk.core.message import msg
from trustdesk.formats import extension_oids as oids
from trustdesk.formats import extensions as ext
from trustdesk.formats.algorithms import signature_algorithm
from trustdesk.formats.certificate import PartReader
from trustdesk.formats.der import (
    BIT_STRING,
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
from trustdesk.formats.extension_oids import CRL_NUMBER, DELTA_CRL_INDICATOR
from trustdesk.formats.revocation_entries import have_extensions

_EXTENSIONS = 0xA0
_FIELDS = (
    "version",
    "signature",
    "issuer",
    "thisUpdate",
    "nextUpdate",
    "revokedCertificates",
    "crlExtensions",
)
_OPTIONAL_FIELDS = {
    UTC_TIME: "nextUpdate",
    GENERALIZED_TIME: "nextUpdate",
    SEQUENCE: "revokedCertificates",
    _EXTENSIONS: "crlExtensions",
}
_MAX_NUMBER = 64


def read_revocation_list(der: bytes, *, sha256: str | None = None, count: int | None = None) -> CrlFacts:
    """Read out a CRL; never raises. What cannot be read is None and named in `problems`.

    Args:
        sha256: of `der`, where it is known; as the next.
        count: entries: to count a million takes time.
    """
    reader = PartReader()
    facts = CrlFacts(der=der, sha256=sha256 or hashlib.sha256(der).hexdigest())
    parts = reader.read(msg("This is no revocation list."), lambda: _parts(der))
    if parts is None:
        return replace(facts, structure_damaged=True, problems=tuple(reader.problems))
    body, algorithm, *others = parts
    fields, damaged_at = whole_children(body)
    if damaged_at is not None:
        reader.problems.append(msg("The list is damaged at byte {offset}.", offset=damaged_at))
    named, in_order = _named(fields)
    version = named.get("version")
    if len(fields) < 3 or "thisUpdate" not in named:
        problems = (*reader.problems, msg("The revocation list is cut short."))
        return replace(facts, structure_damaged=True, problems=problems)
    in_order = in_order and [other.tag for other in others] == [BIT_STRING]
    if not in_order:
        reader.problems.append(msg("The list has parts that no revocation list has, or has them twice."))
    has_trailing_bytes = read_element(der).end != len(der)
    if has_trailing_bytes:
        reader.problems.append(msg("Bytes follow after the end of the revocation list."))
    next_update = named.get("nextUpdate")
    next_instant = (
        None
        if next_update is None
        else reader.read(msg("The date of the next list is no date."), lambda: instant(next_update))
    )
    version_number = (
        1
        if version is None
        else reader.read(msg("The version cannot be read."), lambda: small_integer(version) + 1)
    )
    issuer = reader.read(msg("The issuer cannot be read."), lambda: name_text(named["issuer"]))
    this_update = reader.read(msg("The date of the list is no date."), lambda: instant(named["thisUpdate"]))
    entries = named.get("revokedCertificates")
    inside, around_damaged_at = (
        whole_children(named["crlExtensions"]) if "crlExtensions" in named else ([], None)
    )
    extensions, list_problems = read_extensions(inside[0]) if inside else ((), ())
    values = {extension.oid: extension.der for extension in reversed(extensions) if extension.oid}
    authority = values.get(oids.AUTHORITY_KEY_IDENTIFIER)
    number = values.get(CRL_NUMBER)
    return replace(
        facts,
        version=version_number,
        issuer=issuer,
        this_update=this_update,
        next_update=next_instant,
        number=None if number is None else reader.quiet(lambda: _number(number)),
        count=count or 0
        if entries is None or count is not None
        else reader.read(msg("The entries of the list are damaged."), lambda: count_children(entries)),
        is_delta=DELTA_CRL_INDICATOR in values,
        authority_key_id=None
        if authority is None
        else reader.quiet(lambda: ext.authority_key_id(authority).key_id),
        signature_algorithm=reader.read(
            msg("The signature algorithm cannot be read."), lambda: signature_algorithm(algorithm)
        ),
        extensions=extensions,
        has_entry_extensions=(
            version_number == 1 and entries is not None and count != 0 and have_extensions(entries)
        ),
        algorithms_differ=named["signature"].raw != algorithm.raw,
        has_trailing_bytes=has_trailing_bytes,
        fields=tuple(
            ByteField(name=name, offset=element.start, length=element.end - element.start)
            for name, element in (("tbsCertList", body), *named.items())
        ),
        structure_damaged=damaged_at is not None
        or not in_order
        # A part that cannot be read may have swallowed the entries, or be them.
        or version_number is None
        or not issuer
        or this_update is None
        or (next_update is not None and next_instant is None),
        extensions_damaged=around_damaged_at is not None
        or bool(list_problems)
        or ("crlExtensions" in named and [one.tag for one in inside] != [SEQUENCE])
        or any(extension.problem and extension.text is None for extension in extensions)
        or len({extension.oid for extension in extensions}) != len(extensions),
        problems=(*reader.problems, *list_problems, *extension_problems(extensions)),
    )


def revoked_certificates(facts: CrlFacts, der: bytes) -> Element | None:
    """Return the list of entries of a CRL that has been read; None when it has none.

    Args:
        der: the list, which the facts of a long one do not hold.
    """
    for field in facts.fields:
        if field.name == "revokedCertificates":
            return read_element(der, field.offset)
    return None


def signed_parts(facts: CrlFacts, der: bytes) -> tuple[Element, Element, Element] | None:
    """Return tbsCertList, signatureAlgorithm and signatureValue; None when a CRL has not got these three."""
    if facts.structure_damaged or not facts.fields:
        return None
    body, algorithm, signature = parts_of(read_element(der), 3)
    return body, algorithm, signature


def _parts(der: bytes) -> list[Element]:
    parts = parts_of(read_element(der).expect(SEQUENCE), 3)
    parts[0].expect(SEQUENCE)
    return parts


def _named(fields: list[Element]) -> tuple[dict[str, Element], bool]:
    """Name the fields of TBSCertList, whose optional ones are told by their tags.

    Also says whether they are all that stands there, each once and in the order of the standard.
    """
    names = ["signature", "issuer", "thisUpdate"]
    found: dict[str, Element] = {}
    order: list[str] = []
    for field in fields:
        if field.tag == INTEGER and not found:
            name = "version"
        elif names:
            name = names.pop(0)
        else:
            name = _OPTIONAL_FIELDS.get(field.tag, "")
        order.append(name)
        found.setdefault(name, field)
    found.pop("", None)
    return found, order == [name for name in _FIELDS if name in found]


def _number(value: bytes) -> int | None:
    element = read_whole(value, INTEGER)
    return integer(element) if element.content_end - element.content_start <= _MAX_NUMBER else None
