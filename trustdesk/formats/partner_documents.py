"""The JSON documents of `trustdesk partner`; those that hold partners are importable as they are.

Sentences stand in the person's language; values are as they were written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trustdesk.core.message import Message
from trustdesk.core.partner import PartnerEntry
from trustdesk.formats.document_values import Words, instant, optional
from trustdesk.formats.partner_json import partner_value, partners_document

PARTNER_SCHEMA = "trustdesk.partner/1"
IMPORT_SCHEMA = "trustdesk.partner-import/1"
CHANGE_SCHEMA = "trustdesk.partner-change/1"

ImportLine = tuple[str, str, str, Sequence[Message], Sequence[Message], Sequence[tuple[str, Message]]]
"""Place, name, standing, changes, resembles, problems with their places."""


def partner_list_document(
    entries: Iterable[PartnerEntry], duplicates: Sequence[tuple[str, str, Sequence[str]]] | None = None
) -> dict[str, object]:
    """Return the partners, and what may be there twice where that was asked for."""
    document = partners_document(entries)
    if duplicates is not None:
        document["duplicates"] = [
            {"shares": kind, "value": shared, "partners": list(names)} for kind, shared, names in duplicates
        ]
    return document


def partner_document(entry: PartnerEntry, changes: Sequence[str] | None = None) -> dict[str, object]:
    """Return one partner, with the sentences of what changed there last; None leaves them out."""
    value = partner_value(entry)
    value["endpoints"] = [
        {**_object(one), "last_tested_at": optional(endpoint.last_tested_at, instant)}
        for one, endpoint in zip(_listed(value["endpoints"]), entry.endpoints, strict=True)
    ]
    document: dict[str, object] = {"schema": PARTNER_SCHEMA, "partner": value}
    if changes is not None:
        document["changes"] = list(changes)
    return document


def import_document(
    lines: Iterable[ImportLine], ignored: Sequence[str], *, applied: bool, text: Words
) -> dict[str, object]:
    """Return what a file brings, a line for each partner."""
    found = [
        {
            "place": place,
            "name": name,
            "standing": standing,
            "changes": [text(one) for one in changes],
            "resembles": [text(one) for one in resembles],
            "problems": [{"place": where, "problem": text(one)} for where, one in problems],
        }
        for place, name, standing, changes, resembles, problems in lines
    ]
    counts: dict[str, int] = {}
    for line in found:
        standing = str(line["standing"])
        counts[standing] = counts.get(standing, 0) + 1
    return {
        "schema": IMPORT_SCHEMA,
        "applied": applied,
        "counts": counts,
        "ignored": list(ignored),
        "partners": found,
    }


def change_document(*, added: int, changed: int, removed: int) -> dict[str, object]:
    """Return how many partners a command touched."""
    return {"schema": CHANGE_SCHEMA, "added": added, "changed": changed, "removed": removed}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
