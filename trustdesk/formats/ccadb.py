"""Reports of the Common CA Database (CCADB), CSV of whatever layout, as a trust list.

They are the root programs' of browsers and systems, and nobody signs them: what they say of servers is not
said of clients, and is not IATA's.

Source: https://www.ccadb.org/resources, RFC 4180
"""

from __future__ import annotations

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, listed, msg, msg_n
from trustdesk.core.trust_entry import EntryKind, ListEntry
from trustdesk.core.trust_version import Endorsement, ListContent, Publisher
from trustdesk.formats.ccadb_layouts import Columns, Layout, Report, layout_of, looks_like_ccadb
from trustdesk.formats.ccadb_rows import Noticed, RowReading
from trustdesk.formats.csv_records import CsvRecords
from trustdesk.formats.entry_facts import with_cross_certificates
from trustdesk.formats.entry_merging import merged
from trustdesk.formats.list_source import MAX_ENTRIES, MAX_LIST_BYTES, PROGRESS_STEP, Progress

_CCADB = Publisher(name="Common CA Database (CCADB)", uri="https://www.ccadb.org/")
_HEADER_BYTES = 64 * 1024


def is_ccadb(data: bytes) -> bool:
    """Whether a file begins with the names of columns of one of CCADB's reports; looks at nothing else."""
    header = data[:_HEADER_BYTES].split(b"\n", 1)[0]
    try:
        return looks_like_ccadb(CsvRecords(header, "").header)
    except UnusableInputError:
        return False


def read_ccadb(data: bytes, place: str, *, on_progress: Progress | None = None) -> ListContent:
    """Read a report; a record without a certificate is an entry by its digest alone, which is no anchor.

    Args:
        place: what errors call the file.
        on_progress: is told how many records are read, and of how many; may raise CancelledByPersonError.

    Raises:
        UnusableInputError: it is no report with certificates, columns are missing, or a record is damaged:
            the first one is named by its number, its line and its column.
    """
    if len(data) > MAX_LIST_BYTES:
        raise _too_much(place)
    records = CsvRecords(data, place)
    columns = Columns(records.header)
    layout = layout_of(columns, place)
    reading = RowReading(columns, layout, place)
    entries: dict[str, ListEntry] = {}
    twice = done = 0
    for record in records:
        if record.number > MAX_ENTRIES:
            raise _too_much(place)
        entry = reading.entry(record)
        known = entries.get(entry.sha256)
        twice += known is not None
        entries[entry.sha256] = entry if known is None else merged(known, entry)
        done = record.number
        if on_progress is not None and done % PROGRESS_STEP == 0:
            on_progress(done, max(done, records.expected))
    if on_progress is not None:
        on_progress(done, done)
    return ListContent(
        title=layout.title,
        entries=with_cross_certificates(entries.values()),
        list_id=f"ccadb:{layout.report}",
        publisher=_CCADB,
        scheme_uri="https://www.ccadb.org/resources",
        authority_claimed=_CCADB.name,
        endorsement=Endorsement.BROWSER,
        remarks=(*_remarks(reading, layout, columns, twice), *_of_entries(entries)),
    )


def _remarks(reading: RowReading, layout: Layout, columns: Columns, twice: int) -> list[Message]:
    noticed = reading.noticed
    found = [
        msg(
            "Root programs of browsers and systems made it: “Websites” lets a CA vouch for servers, and says "
            "nothing of clients."
        )
    ]
    unknown = columns.unknown()
    if unknown:
        found.append(msg("Columns that nothing here reads are left out: {columns}.", columns=listed(unknown)))
    if count := noticed[Noticed.WITHOUT_CERTIFICATE]:
        found.append(
            msg_n(
                "One record holds no certificate, so that no path can end there.",
                "{count} records hold no certificate, so that no path can end there.",
                count,
            )
        )
    if count := noticed[Noticed.CLIENT_BITS]:
        found.append(
            msg_n(
                "One record names client authentication as well; that is not taken over.",
                "{count} records name client authentication as well; that is not taken over.",
                count,
            )
        )
    if count := noticed[Noticed.STORES_DISAGREE]:
        found.append(
            msg_n(
                "One certificate is in one root program and out of another; it counts as trusted where none "
                "blocks it.",
                "{count} certificates are in one root program and out of another; they count as trusted "
                "where none blocks them.",
                count,
            )
        )
    if count := noticed[Noticed.CONSTRAINT]:
        found.append(
            msg_n(
                "One constraint is in words that cannot be kept to; its certificate is suspended.",
                "{count} constraints are in words that cannot be kept to; their certificates are suspended.",
                count,
            )
        )
    if count := noticed[Noticed.NO_DATE]:
        found.append(
            msg_n(
                "One certificate is trusted up to a date that the report does not carry; it is suspended.",
                "{count} certificates are trusted up to dates that the report does not carry; they are "
                "suspended.",
                count,
            )
        )
    if count := noticed[Noticed.UNKNOWN_STATUS]:
        found.append(
            msg_n(
                "One status is a word that is not known here; it lets nothing be trusted.",
                "{count} statuses are words that are not known here; they let nothing be trusted.",
                count,
            )
        )
    if twice:
        found.append(
            msg_n(
                "One certificate stands there twice; the stricter record counts.",
                "{count} certificates stand there more than once; the stricter record counts.",
                twice,
            )
        )
    if layout.report is Report.MOZILLA_UPCOMING:
        found.append(
            msg("Roots that will come and roots that will go are alike in it: it lets none be trusted.")
        )
    if layout.report is Report.ALL_PEMS:
        found.append(msg("It says of no certificate whether anybody trusts it."))
    return found


def _of_entries(entries: dict[str, ListEntry]) -> list[Message]:
    count = sum(entry.kind is EntryKind.END_ENTITY for entry in entries.values())
    if not count:
        return []
    return [
        msg_n(
            "One certificate is no CA's, whatever its record says: it vouches for nobody.",
            "{count} certificates are no CA's, whatever their records say: they vouch for nobody.",
            count,
        )
    ]


def _too_much(place: str) -> UnusableInputError:
    return UnusableInputError(
        msg(
            "The report holds more than {megabytes} MB or {entries} records.",
            megabytes=MAX_LIST_BYTES // (1024 * 1024),
            entries=MAX_ENTRIES,
        ),
        remedy=msg("Name one report of CCADB's as it came."),
        place=place,
    )
