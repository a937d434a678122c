"""Importing identities: files are opened and shown first; keys are taken out when they are to be kept.

What a hostile file does to its reader happens in the reading process. This process takes a key out of its
file only when a person chose it, from the very bytes that were shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from threading import Event, Lock

from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes

from trustdesk.core.errors import CancelledByPersonError, TrustdeskError, UnusableInputError
from trustdesk.core.identity import Identity, ImportCandidate, ImportChoice, ImportPreview
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind, ReadingLimits
from trustdesk.core.message import listed, msg
from trustdesk.formats.certification_path import spki_sha256
from trustdesk.formats.contents import read_contents
from trustdesk.formats.keyed_certificates import open_content
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.private_key import PasswordSource
from trustdesk.services.files import read_bounded
from trustdesk.services.identity_names import check_names
from trustdesk.services.identity_preview import Surroundings, preview_of
from trustdesk.services.reading import Bytes, ReadingService

Keep = Callable[[ImportCandidate, ImportChoice, CertificateIssuerPrivateKeyTypes], Identity]
"""Keeps one identity whole: its key in a store, its rows in the workspace; or raises a TrustdeskError."""


class OpenedImport:
    """Files that were opened to be imported, in memory until `discard`; for one thread at a time.

    Nothing of it is in its repr: a file may hold a key in the clear.
    """

    def __init__(self, preview: ImportPreview, sources: Sequence[Bytes], passwords: Sequence[str]) -> None:
        self._preview = preview
        self._sources = {source.name: source.data for source in sources}
        self._passwords = list(passwords)
        self._lock = Lock()

    @property
    def preview(self) -> ImportPreview:
        """What the files hold."""
        return self._preview

    def discard(self) -> None:
        """Let go of the files, the keys in them, and the passwords; any number of times."""
        with self._lock:
            self._sources = {}
            self._passwords = []

    def candidate(self, position: int) -> ImportCandidate:
        """Return a candidate that can be imported.

        Raises:
            UnusableInputError: there is none at that position, or it lacks something.
        """
        candidates = self._preview.candidates
        if not 0 <= position < len(candidates):
            raise UnusableInputError(
                msg("There is no key number {number} in the files.", number=position + 1),
                remedy=msg("Open the files again and choose from what they hold."),
            )
        candidate = candidates[position]
        if not candidate.can_be_imported:
            raise UnusableInputError(
                candidate.problems[0] if candidate.problems else msg("There is no certificate for it."),
                remedy=candidate.remedies[0] if candidate.remedies else msg("Choose another one."),
                place=candidate.source,
            )
        return candidate

    def private_key(self, position: int) -> CertificateIssuerPrivateKeyTypes:
        """Take the key of a candidate out of its file. The caller keeps it no longer than it needs it.

        Raises:
            UnusableInputError: it cannot be imported or is damaged, or the files were let go.
        """
        candidate = self.candidate(position)
        with self._lock:
            file = next((name for name in self._sources if _lies_in(candidate.source, name)), None)
            if file is None:
                raise UnusableInputError(
                    msg("The files are not open any more."),
                    remedy=msg("Open them again."),
                    place=candidate.source,
                )
            data, passwords = self._sources[file], PasswordSource(None, list(self._passwords))
        limits = ReadingLimits()
        budget = WorkBudget(limits.rounds)
        contents = read_contents(data, file, passwords, budget, limits)
        wanted = self._places(candidate)
        for item in contents.items:
            if item.key is None or (item.source, item.position) not in wanted:
                continue
            key = open_content(item, passwords, budget)
            # What is kept is what was shown: the certificate was chosen by this public key.
            if candidate.key is not None and spki_sha256(key) == candidate.key.spki_sha256:
                return key
        raise UnusableInputError(
            msg("The private key is damaged."),
            remedy=msg("Export it again from where it was made."),
            place=candidate.source,
        )

    def _places(self, candidate: ImportCandidate) -> set[tuple[str, int]]:
        spki = candidate.key.spki_sha256 if candidate.key is not None else None
        return {
            (item.source, item.position)
            for item in self._preview.everything.items
            if item.key is not None and item.key.spki_sha256 == spki and item.source == candidate.source
        }


def prepare(
    files: Sequence[Path],
    passwords: Sequence[str],
    *,
    reading: ReadingService,
    here: Surroundings,
    cancel: Event | None = None,
) -> OpenedImport:
    """Open files and say what they hold; nothing is kept.

    A file that cannot be read is an item with its problem, and the others still come out. It blocks.

    Args:
        passwords: tried on everything.
        reading: whose process opens the files.
        cancel: set from any thread to stop.

    Raises:
        CancelledByPersonError: `cancel` was set.
    """
    sources, unread = list[Bytes](), list[InspectedItem]()
    for file in dict.fromkeys(files):
        try:
            sources.append(Bytes(str(file), read_bounded(file)))
        except UnusableInputError as error:
            unread.append(
                InspectedItem(kind=ItemKind.UNKNOWN, source=str(file), position=0, problems=(error.problem,))
            )
    found = reading.inspect(sources, None, cancel, passwords)
    inspection = Inspection(items=(*found.items, *unread), problems=found.problems)
    return OpenedImport(preview_of(inspection, here), sources, passwords)


def import_chosen(
    prepared: OpenedImport, choices: Sequence[ImportChoice], *, taken: Collection[str], keep: Keep
) -> tuple[Identity, ...]:
    """Keep the chosen ones in their order, each whole or not at all.

    Args:
        taken: names of the identities that are there.
        keep: keeps one; called when all keys could be had.

    Raises:
        UnusableInputError: a name or a position cannot be used; nothing was kept.
        TrustdeskError: as `keep` raised it; says which were kept before.
    """
    check_names([choice.name for choice in choices], taken)
    if len({choice.position for choice in choices}) < len(choices):
        raise UnusableInputError(msg("The same key is chosen twice."), remedy=msg("Choose each key once."))
    opened = [
        (prepared.candidate(choice.position), choice, prepared.private_key(choice.position))
        for choice in choices
    ]
    kept: list[Identity] = []
    for candidate, choice, key in opened:
        try:
            kept.append(keep(candidate, choice, key))
        except TrustdeskError as error:
            if kept and not isinstance(error, CancelledByPersonError):  # which says so itself
                names = listed([identity.name for identity in kept])
                error.problem = msg("{problem} Kept before it: {names}.", problem=error.problem, names=names)
            raise
    return tuple(kept)


def _lies_in(source: str, file: str) -> bool:
    """Whether a source is a file or a member of that archive."""
    return source == file or source.startswith(f"{file}/")
