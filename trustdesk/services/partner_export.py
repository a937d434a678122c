"""Partners as a file that an import takes back whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.partner import PartnerEntry
from trustdesk.formats.partner_csv import partners_csv
from trustdesk.formats.partner_json import partners_json
from trustdesk.services.files import save_file

_WRITERS: Mapping[str, Callable[[Iterable[PartnerEntry]], bytes]] = {
    ".csv": partners_csv,
    ".json": partners_json,
}


def export_partners(file: Path, entries: Sequence[PartnerEntry]) -> int:
    """Write partners, whole or not at all, and return how many there are.

    Raises:
        UnusableInputError: the file's ending is neither .csv nor .json.
        EnvironmentFailureError: it cannot be written.
    """
    writer = _WRITERS.get(file.suffix.lower())
    if writer is None:
        raise UnusableInputError(
            msg("Partners are written as CSV or JSON."),
            remedy=msg("Give the file the ending .csv or .json."),
            place=str(file),
        )
    save_file(file, writer(entries))
    return len(entries)
