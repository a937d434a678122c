"""What CCADB's reports say of a CA beside its trust: audits, policies, addresses of revocation lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.core.trust_entry import Audit
from trustdesk.formats.ccadb_layouts import AUDITS, Columns
from trustdesk.formats.ccadb_values import items

_MAX_ADDRESSES = 20
"""Of revocation lists that an entry keeps: some CAs part theirs into thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditColumns:
    """Where the columns of one kind of audit stand; None for a column that the report lacks.

    Attributes:
        name: what the columns call it.
    """

    name: str
    address: int
    kind: int | None
    start: int | None
    end: int | None
    stated: int | None


def audit_columns(columns: Columns) -> tuple[AuditColumns, ...]:
    """Return the audits that a report has a column with an address for."""
    return tuple(
        AuditColumns(
            name=name,
            address=address,
            kind=columns.at(f"{name} Audit Type"),
            start=columns.at(f"{name} Audit Period Start Date"),
            end=columns.at(f"{name} Audit Period End Date"),
            stated=columns.at(f"{name} Audit Statement Date", f"{name} Audit Statement Dt"),
        )
        for name in AUDITS
        if (address := columns.at(f"{name} Audit URL", f"{name} Audit")) is not None
    )


def audits(fields: Sequence[str], auditor: int | None, columns: Sequence[AuditColumns]) -> tuple[Audit, ...]:
    """Return the audits of a record for which it has an address; the period as it stands there."""
    found = []
    for audit in columns:
        address = fields[audit.address].strip()
        if not address:
            continue
        kind, start, end = (_at(fields, at) for at in (audit.kind, audit.start, audit.end))
        found.append(
            Audit(
                kind=f"{audit.name}: {kind}" if kind else audit.name,
                auditor=_at(fields, auditor),
                period=f"{start} to {end}" if start and end else _at(fields, audit.stated),
                report_uri=address,
            )
        )
    return tuple(found)


def first(fields: Sequence[str], columns: Sequence[int]) -> str:
    """Return what the first of some columns holds that holds anything; "" where none does."""
    return next((fields[at].strip() for at in columns if fields[at].strip()), "")


def first_address(fields: Sequence[str], columns: Sequence[int]) -> str:
    """Return the first address in the first of some columns that holds any: the newest of several."""
    text = first(fields, columns)
    return next((part for part in text.replace(";", " ").split() if part.startswith("http")), text)


def oids(text: str) -> tuple[str, ...]:
    """Return the dotted OIDs of a field; words such as "Not EV" are none."""
    return tuple(part for part in items(text) if "." in part and part.replace(".", "").isdigit())


def addresses(fields: Sequence[str], columns: Sequence[int]) -> tuple[str, ...]:
    """Return the web addresses of some columns, each once, the first few of them."""
    found: list[str] = []
    for at in columns:
        text = fields[at].strip()
        if text:
            found += _array(text) if text.startswith("[") else items(text)
    return tuple(dict.fromkeys(one for one in found if one.startswith(("http://", "https://"))))[
        :_MAX_ADDRESSES
    ]


def _array(text: str) -> list[str]:
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        # CCADB has written such arrays without quotation marks.
        return items(text.strip("[]").replace('"', ""))
    return [one for one in parsed if isinstance(one, str)] if isinstance(parsed, list) else []


def _at(fields: Sequence[str], at: int | None) -> str:
    return "" if at is None else fields[at].strip()
