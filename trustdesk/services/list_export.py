"""Writing a version of a list to a file: whole or not at all, signed where that is wanted, and read back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.list_form import ListForm
from trustdesk.core.message import msg
from trustdesk.core.trust_decision import LocalDecision
from trustdesk.core.trust_version import ListVersion
from trustdesk.formats.credential import ClientCredential
from trustdesk.formats.list_reading import read_list
from trustdesk.formats.list_signing import sign_list
from trustdesk.formats.list_source import ListBytes
from trustdesk.formats.list_writing import ListDraft, write_list, written_entry
from trustdesk.services.files import save_file
from trustdesk.services.list_local import with_decisions
from trustdesk.services.trust_desk import ExportWish, WrittenList
from trustdesk.storage.list_schema import trust_list_schema


def export_list(
    version: ListVersion,
    file: Path,
    wish: ExportWish,
    *,
    decisions: Sequence[LocalDecision],
    at: datetime,
    signer: ClientCredential | None = None,
) -> WrittenList:
    """Write a version to a file, which is replaced; blocks.

    Args:
        decisions: of this workspace, for `ExportWish.with_local`.
        at: the present: what holds by then is written, and the signature tells it.
        signer: with its key; None for no signature.

    Raises:
        UnusableInputError: this form cannot be signed, or nothing would be in it.
        EnvironmentFailureError: the file cannot be written, or does not say what it should; what was there
            before is gone only if it was written.
    """
    if wish.identity is not None and wish.form is not ListForm.JSON:
        raise UnusableInputError(
            msg("Only a list in JSON is signed."),
            remedy=msg("Write it as JSON, or without an identity."),
            place=wish.identity,
        )
    content = version.content
    if wish.with_local:
        content = with_decisions(content, decisions, at)
    draft = write_list(content, wish.form, at=at, usage=wish.usage, passphrase=wish.passphrase)
    data = draft.data
    if signer is not None:
        data = sign_list(data, signer.private_key, signer.certification_path, signed_at=at)
    _see_that_it_says(data, draft, file, wish)
    save_file(file, data)
    _see_that_it_is_there(data, file)
    return WrittenList(
        file=file, sha256=hashlib.sha256(data).hexdigest(), entries=draft.entries, lost=draft.lost
    )


def _see_that_it_says(data: bytes, draft: ListDraft, file: Path, wish: ExportWish) -> None:
    """Read what would be written as anybody would, before anything is replaced by it."""
    passwords = () if wish.passphrase is None else (wish.passphrase,)
    read = read_list(ListBytes(place=file.name, data=data), schema=trust_list_schema(), passwords=passwords)
    found = Counter(written_entry(entry, wish.form) for entry in read.entries)
    if found != Counter(draft.written):
        raise EnvironmentFailureError(
            msg(
                "The list reads back as {read} entries instead of {written}.",
                read=len(read.entries),
                written=draft.entries,
            )
            if len(read.entries) != draft.entries
            else msg("The list reads back with other entries than were written."),
            remedy=msg("Nothing was written. Write it in another form, and report this."),
            place=str(file),
        )


def _see_that_it_is_there(data: bytes, file: Path) -> None:
    if file.read_bytes() != data:
        raise EnvironmentFailureError(
            msg("The file does not hold what was written."),
            remedy=msg("Write it to another disk."),
            place=str(file),
        )
