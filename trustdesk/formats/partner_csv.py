"""Partners as CSV: a line for each endpoint, the partner's own columns on its first.

What a spreadsheet would take for a formula is defused (`formats.tables.defused`) and read back as it was.
Semicolons and tabs part columns where the header has them: spreadsheets write what their language asks for.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Contact, PartnerEntry, PartnerRole
from trustdesk.formats.csv_records import CsvRecords, Record
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
from trustdesk.formats.tables import defused, undefused

PARTNER_COLUMNS = ("partner", "company_id", "one_record_ids", "role", "tags", "note")
CONTACT_COLUMNS = ("contact", "contact_duty", "contact_email", "contact_phone")
ENDPOINT_COLUMNS = (
    "endpoint",
    "connect",
    "server_name",
    "verify_name",
    "alpn",
    "identity",
    "claims_mtls",
    "endpoint_note",
)
COLUMNS = (*PARTNER_COLUMNS, *ENDPOINT_COLUMNS, *CONTACT_COLUMNS)

_ALSO = {
    "name": "partner",
    "organisation": "partner",
    "organization": "partner",
    "company": "partner",
    "1r_ids": "one_record_ids",
    "1r_id": "one_record_ids",
    "one_record_id": "one_record_ids",
    "notes": "note",
    "url": "endpoint",
    "host": "endpoint",
    "target": "endpoint",
    "sni": "server_name",
    "mtls": "claims_mtls",
    "claims_mutual_tls": "claims_mtls",
    "contact_name": "contact",
    "email": "contact_email",
    "phone": "contact_phone",
}
_YES = frozenset({"yes", "true", "1", "x", "ja", "oui", "si", "sí"})
_NO = frozenset({"no", "false", "0", "nein", "non"})
_REMEDY = msg("Save it as CSV in UTF-8, with a first line of column names such as partner and endpoint.")
_MAX_PROBLEMS = 1_000


def partners_csv(entries: Iterable[PartnerEntry]) -> bytes:
    """Return partners as CSV: CRLF, UTF-8 with a byte order mark, which spreadsheets ask for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        for values in _lines(entry):
            writer.writerow([defused(values.get(column, "")) for column in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def read_partners_csv(data: bytes, place: str) -> PartnerFile:
    """Read partners; what is wrong with a line stands with its partner.

    Lines of one partner follow each other or not. Empty cells say nothing.

    Raises:
        UnusableInputError: the file as a whole is no such table.
    """
    records = CsvRecords(data, place, delimiter=_delimiter(data), remedy=_REMEDY, any_width=True)
    columns = [_column(name) for name in records.header]
    known = [name for name in columns if name in COLUMNS]
    if "partner" not in known:
        raise UnusableInputError(msg("There is no column “partner”."), remedy=_REMEDY, place=place)
    if len(set(known)) < len(known):
        twice = next(name for name in known if known.count(name) > 1)
        raise UnusableInputError(
            msg("The column “{column}” is there twice.", column=twice), remedy=_REMEDY, place=place
        )
    gathered: dict[str, _Gathered] = {}
    for record in records:
        cells = {name: undefused(value).strip() for name, value in zip(columns, record.fields, strict=False)}
        if any(record.fields):
            _gather(gathered, cells, record, len(columns))
        if len(gathered) > MAX_PARTNERS:
            raise UnusableInputError(
                msg("The file holds more than {limit} partners.", limit=MAX_PARTNERS),
                remedy=msg("Import it in parts."),
                place=place,
            )
    ignored = [name for name in records.header if _column(name) not in COLUMNS and name]
    return PartnerFile(drafts=tuple(one.draft() for one in gathered.values()), ignored=tuple(ignored))


# --- writing ---


def _lines(entry: PartnerEntry) -> Iterator[Mapping[str, str]]:
    partner = entry.partner
    first = {
        "company_id": partner.company_id,
        "one_record_ids": " ".join(partner.one_record_ids),
        "role": "" if partner.role is None else partner.role.value,
        "tags": "; ".join(partner.tags),
        "note": partner.note,
    }
    for position in range(max(1, len(entry.endpoints), len(partner.contacts))):
        line = {"partner": partner.name, **(first if position == 0 else {})}
        if position < len(entry.endpoints):
            endpoint = entry.endpoints[position]
            line |= target_texts(endpoint.target)
            line["identity"] = endpoint.identity or ""
            line["claims_mtls"] = "yes" if endpoint.claims_mutual_tls else "no"
            line["endpoint_note"] = endpoint.note
        if position < len(partner.contacts):
            contact = partner.contacts[position]
            values = (contact.name, contact.duty, contact.email, contact.phone)
            line |= dict(zip(CONTACT_COLUMNS, values, strict=True))
        yield line


# --- reading ---


@dataclass(slots=True)
class _Gathered:
    """What the lines of one partner say so far."""

    place: str
    name: str
    texts: dict[str, str] = field(default_factory=dict)
    contacts: dict[Contact, None] = field(default_factory=dict)
    endpoints: list[EndpointDraft] = field(default_factory=list)
    problems: list[DraftProblem] = field(default_factory=list)

    def draft(self) -> PartnerDraft:
        """Return it as a draft; what no line says is None."""

        def said(name: str) -> str | None:
            return self.texts.get(name)

        ids, tags, role = said("one_record_ids"), said("tags"), said("role")
        return PartnerDraft(
            place=self.place,
            name=self.name,
            company_id=said("company_id"),
            one_record_ids=None if ids is None else tuple(re.split(r"[\s;]+", ids)),
            role=self._role(role),
            contacts=tuple(self.contacts) or None,
            note=said("note"),
            tags=None if tags is None else tuple(tags.replace(";", ",").split(",")),
            endpoints=tuple(self.endpoints),
            problems=tuple(self.problems),
        )

    def _role(self, text: str | None) -> PartnerRole | None:
        if text is None:
            return None
        role = role_of(text)
        if role is None:
            roles = ", ".join(one.value for one in PartnerRole)
            self.say(self.place, msg("{value} is no role: {roles}.", value=text, roles=roles))
        return role

    def say(self, place: str, message: Message) -> None:
        """Keep a problem."""
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(DraftProblem(place=place, message=message))


def _gather(gathered: dict[str, _Gathered], cells: Mapping[str, str], record: Record, width: int) -> None:
    place = f"line {record.line}"
    name = " ".join(cells.get("partner", "").split())
    # A line without a name is one of its own, so that its problem is shown beside it.
    one = gathered.setdefault(name.casefold() or f"\0{place}", _Gathered(place, name))
    if not name:
        one.say(place, msg("The partner has no name."))
    if len(record.fields) != width:
        one.say(
            place,
            msg(
                "The line has {fields} fields, and the header {columns}.",
                fields=len(record.fields),
                columns=width,
            ),
        )
        return
    for column in PARTNER_COLUMNS[1:]:
        value = cells.get(column, "")
        if value and one.texts.setdefault(column, value) != value:
            one.say(place, msg("{column} is another one here than on the lines before.", column=column))
    contact = Contact(
        name=cells.get("contact", ""),
        duty=cells.get("contact_duty", ""),
        email=cells.get("contact_email", ""),
        phone=cells.get("contact_phone", ""),
    )
    if contact != Contact(name=""):
        one.contacts.setdefault(contact)
    _gather_endpoint(one, cells, place)


def _gather_endpoint(one: _Gathered, cells: Mapping[str, str], place: str) -> None:
    if not cells.get("endpoint"):
        extra = next(
            (name for name in ENDPOINT_COLUMNS[1:7] if cells.get(name) and name != "claims_mtls"), None
        )
        if extra is not None:
            one.say(place, msg("{column} is given, and no endpoint that it belongs to.", column=extra))
        return
    try:
        target = target_from(*(cells.get(name, "") for name in ENDPOINT_COLUMNS[:5]))
    except UnusableInputError as error:
        one.problems.append(problem_of(place, error))
        return
    word = cells.get("claims_mtls", "").casefold()
    if word and word not in _YES | _NO:
        one.say(place, msg("{value} is neither yes nor no.", value=word))
    one.endpoints.append(
        EndpointDraft(
            place=place,
            target=target,
            identity=cells.get("identity") or None,
            note=cells.get("endpoint_note") or None,
            claims_mutual_tls=None if not word else word in _YES,
        )
    )


def _column(name: str) -> str:
    word = "_".join(undefused(name).casefold().replace("-", " ").split())
    return _ALSO.get(word, word)


def _delimiter(data: bytes) -> str:
    """Return what parts the columns of the first line; a column's name holds none of it."""
    first = data[:4096].partition(b"\n")[0]
    return max((",", ";", "\t"), key=lambda one: first.count(one.encode()))
