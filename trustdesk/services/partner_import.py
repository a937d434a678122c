"""A file of partners beside the directory: what it would add and change, and what stands against it.

An import adds and changes; it never removes. What a file leaves out stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.partner import Endpoint, Partner, PartnerEntry
from trustdesk.formats.partner_csv import read_partners_csv
from trustdesk.formats.partner_drafts import EndpointDraft, PartnerDraft, PartnerFile
from trustdesk.formats.partner_json import read_partners_json
from trustdesk.services.directory_values import ImportPreview, ImportProblem, ImportRow, ImportStanding
from trustdesk.services.files import read_bounded
from trustdesk.services.partner_duplicates import ResemblanceIndex, resemblance_words
from trustdesk.services.partner_rules import (
    MAX_EACH,
    PartnerFault,
    PartnerField,
    faults_of,
    tidied,
    too_many,
)
from trustdesk.services.partner_words import ROLE_WORDS

T = TypeVar("T")

MAX_BYTES = 64 * 1024 * 1024
_CHECK_EVERY = 256


def preview_import(
    file: Path, kept: Sequence[PartnerEntry], *, is_cancelled: Callable[[], bool] = lambda: False
) -> ImportPreview:
    """Read a file beside what is kept; cancelled, the rows come as far as they were compared.

    Raises:
        UnusableInputError: the file as a whole cannot be read.
    """
    found = read_partner_file(file)
    by_name = {entry.partner.name.casefold(): entry for entry in kept}
    index = ResemblanceIndex(kept)
    rows: list[ImportRow] = []
    names: set[str] = set()
    for position, draft in enumerate(found.drafts):
        if position % _CHECK_EVERY == 0 and is_cancelled():
            break
        row = _row(draft, by_name.get(draft.name.casefold()), index)
        if row.entry is not None and draft.name.casefold() in names:
            problem = ImportProblem(place=draft.place, message=msg("This partner stands in the file twice."))
            row = replace(row, standing=ImportStanding.UNUSABLE, entry=None, problems=(problem,))
        names.add(draft.name.casefold())
        if row.standing is ImportStanding.NEW and row.entry is not None:
            index.add(row.entry)  # the next rows are compared with this one too
        rows.append(row)
    return ImportPreview(file=file, rows=tuple(rows), ignored=found.ignored)


def read_partner_file(file: Path) -> PartnerFile:
    """Read a CSV or JSON file; the ending says which, and for another the first character.

    Raises:
        UnusableInputError: it cannot be read, is neither, or holds nobody.
    """
    data = read_bounded(file, MAX_BYTES, too_much=msg("Import it in parts."))
    looks_like_json = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}
    is_json = file.suffix.lower() == ".json" or (file.suffix.lower() != ".csv" and looks_like_json)
    found = (read_partners_json if is_json else read_partners_csv)(data, str(file))
    if not found.drafts:
        raise UnusableInputError(
            msg("There is no partner in this file."),
            remedy=msg("Name a file with a line or an object for each partner."),
            place=str(file),
        )
    return found


def entries_of(preview: ImportPreview, with_duplicates: Sequence[str] = ()) -> tuple[PartnerEntry, ...]:
    """Return what a preview would have kept.

    Raises:
        UnusableInputError: a row is unusable: a file is taken whole or not at all.
    """
    for row in preview.rows:
        for problem in row.problems:
            raise UnusableInputError(
                msg("{place}: {problem}", place=problem.place, problem=problem.message),
                remedy=msg("Correct the file, and import it again; nothing was changed."),
                place=str(preview.file),
            )
    wanted = frozenset(with_duplicates)
    return tuple(
        row.entry
        for row in preview.rows
        if row.entry is not None
        and (row.applies or (row.standing is ImportStanding.DUPLICATE and row.name in wanted))
    )


def _row(draft: PartnerDraft, before: PartnerEntry | None, index: ResemblanceIndex) -> ImportRow:
    problems = [ImportProblem(place=one.place, message=one.message) for one in draft.problems]
    number = len(draft.endpoints)
    if number > MAX_EACH:  # comparing each with each would take hours for a file that is refused anyway
        problems.append(ImportProblem(place=draft.place, message=too_many(number)))
        draft = replace(draft, endpoints=draft.endpoints[:MAX_EACH])
    entry = tidied(_joined(draft, before))
    problems += [
        ImportProblem(place=_place_of(draft, fault), message=fault.message)
        for fault in faults_of(entry)
        # A missing name was said by the reader, with its place.
        if not (fault.field is PartnerField.NAME and not draft.name)
    ]
    row = ImportRow(
        place=draft.place, name=entry.partner.name, standing=ImportStanding.UNUSABLE, before=before
    )
    if problems:
        return replace(row, problems=tuple(problems))
    if before is not None:
        changes = tuple(changes_of(before, entry))
        standing = ImportStanding.CHANGED if changes else ImportStanding.SAME
        return replace(row, standing=standing, entry=entry, changes=changes)
    resembles = tuple(resemblance_words(*found) for found in index.resembling(entry))
    standing = ImportStanding.DUPLICATE if resembles else ImportStanding.NEW
    return replace(row, standing=standing, entry=entry, resembles=resembles)


def _joined(draft: PartnerDraft, before: PartnerEntry | None) -> PartnerEntry:
    """Return what is kept with everything that the file says."""
    old = before.partner if before else Partner(name=draft.name)
    endpoints = list(before.endpoints) if before else []
    for one in draft.endpoints:
        place = _position_of(one, endpoints)
        if place is None:
            endpoints.append(_endpoint(one, None))
        else:
            endpoints[place] = _endpoint(one, endpoints[place])
    partner = replace(
        old,
        company_id=_said(draft.company_id, old.company_id),
        one_record_ids=_said(draft.one_record_ids, old.one_record_ids),
        role=_said(draft.role, old.role),
        contacts=_said(draft.contacts, old.contacts),
        note=_said(draft.note, old.note),
        tags=_said(draft.tags, old.tags),
    )
    return PartnerEntry(partner=partner, endpoints=tuple(endpoints))


def _said(said: T | None, before: T) -> T:
    return before if said is None else said


def _position_of(draft: EndpointDraft, endpoints: Sequence[Endpoint]) -> int | None:
    """Return which endpoint a draft says again: the same in all, else the one at the same place."""
    targets = [one.target for one in endpoints]
    if draft.target in targets:
        return targets.index(draft.target)
    same = [place for place, one in enumerate(targets) if one.endpoint == draft.target.endpoint]
    return same[0] if len(same) == 1 and endpoints[same[0]].id else None


def _endpoint(draft: EndpointDraft, before: Endpoint | None) -> Endpoint:
    old = before or Endpoint(id=0, partner="", target=draft.target)
    return replace(
        old,
        target=draft.target,
        identity=_said(draft.identity, old.identity),
        note=_said(draft.note, old.note),
        claims_mutual_tls=_said(draft.claims_mutual_tls, old.claims_mutual_tls),
    )


def changes_of(before: PartnerEntry, after: PartnerEntry) -> Iterator[Message]:
    """Say in sentences what differs between two states of one partner."""
    old, new = before.partner, after.partner
    if old.name != new.name:
        yield msg("It is called {name} then.", name=new.name)
    if old.company_id != new.company_id:
        yield _changed(msg("Company id"), old.company_id, new.company_id)
    if old.role != new.role:
        roles = [ROLE_WORDS[role] if role else "" for role in (old.role, new.role)]
        yield _changed(msg("Role"), *roles)
    yield from _listed(msg("1R-ID"), old.one_record_ids, new.one_record_ids)
    yield from _listed(msg("Tag"), old.tags, new.tags)
    yield from _listed(
        msg("Contact"),
        tuple(one.name or one.email or one.phone for one in old.contacts),
        tuple(one.name or one.email or one.phone for one in new.contacts),
    )
    if {one.name for one in old.contacts} == {one.name for one in new.contacts} and (
        old.contacts != new.contacts
    ):
        yield msg("Contacts are reached in another way.")
    if old.note != new.note:
        yield msg("The note is another one.")
    known = {one.id: one for one in before.endpoints}
    for endpoint in after.endpoints:
        kept = known.pop(endpoint.id, None)
        if kept is None:
            yield msg("New endpoint {endpoint}.", endpoint=endpoint.target.endpoint)
        elif replace(kept, partner=endpoint.partner) != endpoint:
            yield msg("{endpoint} is tested in another way.", endpoint=endpoint.target.endpoint)
    for gone in known.values():
        yield msg("{endpoint} goes, with its history.", endpoint=gone.target.endpoint)


def _changed(what: Message, before: str | Message, after: str | Message) -> Message:
    if not before:
        return msg("{what}: {after}.", what=what, after=after)
    if not after:
        return msg("{what}: {before} is left out.", what=what, before=before)
    return msg("{what}: {after} in place of {before}.", what=what, before=before, after=after)


def _listed(what: Message, before: Sequence[str], after: Sequence[str]) -> Iterator[Message]:
    for one in after:
        if one not in before:
            yield msg("{what}: {value} is added.", what=what, value=one)
    for one in before:
        if one not in after:
            yield msg("{what}: {value} is left out.", what=what, value=one)


def _place_of(draft: PartnerDraft, fault: PartnerFault) -> str:
    """Return where in the file a fault stands, as nearly as it is known."""
    drafts = draft.endpoints
    if fault.field is PartnerField.ENDPOINTS and fault.position is not None and drafts:
        return drafts[min(fault.position, len(drafts) - 1)].place
    return draft.place
