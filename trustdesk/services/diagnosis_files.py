"""What is written about a diagnosis: letter and support bundle, each whole or not at all."""

from __future__ import annotations

from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.diagnosis import Diagnosis
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.proxy import Proxy
from trustdesk.services.partner_letter import Words, letter_markdown, letter_text, write_letter
from trustdesk.services.support_bundle import bundle_bytes, bundle_files
from trustdesk.storage.atomic_file import write_atomically

_LETTER_FORMS = {".md": letter_markdown, ".txt": letter_text}
_BUNDLE_ENDING = ".zip"


def require_letter_ending(file: Path) -> None:
    """Say before anything is tested that a letter cannot be written so.

    Raises:
        UnusableInputError: the file ends neither in .md nor in .txt.
    """
    if file.suffix.lower() not in _LETTER_FORMS:
        raise UnusableInputError(
            msg("A letter is Markdown or text."),
            remedy=msg("Name a file that ends in .md or .txt."),
            place=str(file),
        )


def require_bundle_ending(file: Path) -> None:
    """Say before anything is tested that a bundle cannot be written so.

    Raises:
        UnusableInputError: the file does not end in .zip.
    """
    if file.suffix.lower() != _BUNDLE_ENDING:
        raise UnusableInputError(
            msg("A support bundle is a ZIP file."),
            remedy=msg("Name a file that ends in .zip."),
            place=str(file),
        )


def save_letter(file: Path, diagnosis: Diagnosis, client: CertificateFacts | None, say: Words) -> None:
    """Write the letter in the form that the file's ending says.

    Raises:
        UnusableInputError: another ending.
        EnvironmentFailureError: the file cannot be written; what was there is untouched.
    """
    require_letter_ending(file)
    text = _LETTER_FORMS[file.suffix.lower()](write_letter(diagnosis, client), say)
    write_atomically(file, text.encode("utf-8"))


def save_bundle(
    file: Path, diagnosis: Diagnosis, client: CertificateFacts | None, proxy: Proxy | None, say: Words
) -> None:
    """Write the support bundle.

    Raises:
        UnusableInputError: another ending.
        EnvironmentFailureError: the file cannot be written; what was there is untouched.
    """
    require_bundle_ending(file)
    write_atomically(file, bundle_bytes(bundle_files(diagnosis, say, client=client, proxy=proxy)))
