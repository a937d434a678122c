"""The list of extensions of a certificate, a request or a CRL, each read by itself and none left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trustdesk.core.inspection import ExtensionFacts
from trustdesk.core.message import Message, msg
from trustdesk.formats.der import (
    BOOLEAN,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Element,
    object_identifier,
    read_element,
    whole_children,
)
from trustdesk.formats.extension_oids import BASIC_CONSTRAINTS
from trustdesk.formats.extension_text import known_extension


def read_extensions(sequence: Element) -> tuple[tuple[ExtensionFacts, ...], tuple[Message, ...]]:
    """Read the elements of Extensions in their order, and say what is wrong with the list itself.

    Offsets count from the start of the buffer that `sequence` stands in.
    """
    elements, damaged_at = whole_children(sequence)
    problems = []
    if damaged_at is not None:
        problems.append(msg("The list of extensions is damaged at byte {offset}.", offset=damaged_at))
    found: list[ExtensionFacts] = []
    seen: set[str] = set()
    for element in elements:
        facts = _read(element)
        if facts.oid and facts.oid in seen:
            facts = replace(facts, problem=msg("The extension {oid} stands there twice.", oid=facts.oid))
        seen.add(facts.oid)
        found.append(facts)
    return tuple(found), tuple(problems)


def extension_problems(extensions: Sequence[ExtensionFacts]) -> tuple[Message, ...]:
    """Return what is wrong with them, each named."""
    return tuple(
        msg("Extension {name}: {problem}", name=extension.name, problem=extension.problem)
        for extension in extensions
        if extension.problem is not None
    )


def _read(element: Element) -> ExtensionFacts:
    facts = ExtensionFacts(
        oid="",
        name="",
        critical=False,
        der=element.content,
        offset=element.start,
        length=element.end - element.start,
        value_offset=element.content_start,
        problem=msg("It is no extension: its parts are missing or damaged."),
    )
    parts, damaged_at = whole_children(element)
    try:
        oid = object_identifier(parts[0]) if parts else ""
    except DerError:
        return facts
    known = known_extension(oid)
    facts = replace(facts, oid=oid, name=oid if known is None else known.name)
    if element.tag != SEQUENCE or damaged_at is not None or len(parts) not in {2, 3}:
        return facts
    value = parts[-1]
    critical = parts[1] if len(parts) == 3 else None
    if value.tag != OCTET_STRING or (critical is not None and critical.tag != BOOLEAN):
        return facts
    facts = replace(
        facts,
        critical=critical is not None and any(critical.content),
        der=value.content,
        value_offset=value.content_start,
        problem=_boolean_problem(critical),
    )
    if known is None:
        return facts
    try:
        text = known.describe(facts.der)
    except (ValueError, OverflowError):
        return replace(facts, problem=msg("Its value cannot be decoded."))
    if oid == BASIC_CONSTRAINTS and facts.problem is None:
        facts = replace(facts, problem=_constraints_problem(facts.der))
    return replace(facts, text=text)


def _boolean_problem(boolean: Element | None) -> Message | None:
    if boolean is None or boolean.content == b"\xff":
        return None
    if boolean.content == b"\0":
        return msg("FALSE is written out, which DER leaves out.")
    return msg("A truth value is written in a way that DER does not have.")


def _constraints_problem(value: bytes) -> Message | None:
    """FALSE written out is what most of the certificates that strict libraries refuse have."""
    parts = whole_children(read_element(value))[0]
    return _boolean_problem(parts[0]) if parts and parts[0].tag == BOOLEAN else None
