"""Lists out of what holds certificates and says no more: PEM, DER, PKCS#7, Java's stores, folders.

A list is read whole or not at all: a damaged certificate among whole ones ends the reading with its place,
where `opening` would show the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from trustdesk.core.errors import UnusableInputError, WrongPasswordError
from trustdesk.core.inspection import ItemKind, ReadingLimits
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import EntryStatus
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.archive import is_archive
from trustdesk.formats.contents import Content, read_contents
from trustdesk.formats.der import DerError
from trustdesk.formats.java_key_protection import store_is_intact
from trustdesk.formats.java_key_store import read_java_key_store
from trustdesk.formats.kinds import FileKind, kind_of
from trustdesk.formats.list_certificates import FoundCertificate, entries_of
from trustdesk.formats.list_source import MAX_ENTRIES, MAX_LIST_BYTES, ListBytes, Progress
from trustdesk.formats.openssl_trust import TrustSettings, split_trusted
from trustdesk.formats.password_encryption import WorkBudget
from trustdesk.formats.pem import looks_like_pem, pem_blocks
from trustdesk.formats.private_key import PasswordSource, needs_password, wrong_password

JAVAS_PASSWORDS = ("changeit", "changeme")
"""What Java's own trust stores are closed with: no secret, a checksum."""

MAX_ROUNDS = 10_000_000
_MAX_FILES = 20_000
_LIMITS = ReadingLimits(bytes=MAX_LIST_BYTES, items=MAX_ENTRIES + 1, rounds=MAX_ROUNDS, depth=2)
_PLAIN = frozenset({"CERTIFICATE", "X509 CERTIFICATE"})


def read_bundle(
    source: ListBytes,
    *,
    title: str = "",
    passwords: Sequence[str] = (),
    on_progress: Progress | None = None,
) -> ListContent:
    """Read a file or a folder of certificates.

    In a folder, files that hold no certificate are left out with a remark; one that holds a damaged
    certificate ends the reading. Names say nothing; the hashed names that OpenSSL looks for (`c_rehash`) are
    further names of the same certificates, which count once.

    Args:
        title: "" for the name of the place.
        passwords: tried on key stores beside none and Java's usual ones.

    Raises:
        UnusableInputError: there is no certificate in it, or one is damaged; names block or entry, and byte.
        WrongPasswordError: a key store does not open.
        CancelledByPersonError: `on_progress` raised it.
    """
    files = source.ordered_files
    if len(files) > _MAX_FILES or sum(len(file.data) for file in files) > MAX_LIST_BYTES:
        raise UnusableInputError(
            msg("The folder holds more than a list can."),
            remedy=msg("Name a folder with the certificates alone."),
            place=source.place,
        )
    is_folder = source.files is not None
    budget, words = WorkBudget(MAX_ROUNDS), (*passwords, *JAVAS_PASSWORDS)
    found: list[FoundCertificate] = []
    instead: Message | None = None
    empty: list[str] = []
    keys = 0
    for file in files:
        place = f"{source.place}/{file.place}" if is_folder else file.place
        try:
            certificates, keys_there, instead = _found(file.data, place, words, budget)
        except WrongPasswordError:
            # Java's usual passwords were tried unasked; a person who gave none needs to hear that one is.
            raise (wrong_password(place) if passwords else needs_password(place)) from None
        keys += keys_there
        found += certificates
        if not certificates:
            empty.append(file.place)
    if not found:
        problem = msg("There is no certificate in the file.") if instead is None else instead
        raise UnusableInputError(
            msg("There is no certificate in the folder.") if is_folder else problem,
            remedy=msg("Name a trust list, or a file or folder with the certificates of CAs."),
            place=source.place,
        )
    read = entries_of(found, on_progress)
    return ListContent(
        title=title or PurePosixPath(source.place).name or source.place,
        entries=read.entries,
        remarks=(*read.remarks, *_left_out(empty, keys)),
    )


def _left_out(empty: Sequence[str], keys: int) -> Iterator[Message]:
    if empty:
        yield msg_n(
            "{count} file holds no certificate and is left out: {first}.",
            "{count} files hold no certificate and are left out, {first} among them.",
            len(empty),
            first=empty[0],
        )
    if keys:
        yield msg_n(
            "{count} private key lies beside the certificates; a list needs none, and it was not opened.",
            "{count} private keys lie beside the certificates; a list needs none, and they were not opened.",
            keys,
        )


def _found(
    data: bytes, place: str, passwords: Sequence[str], budget: WorkBudget
) -> tuple[list[FoundCertificate], int, Message | None]:
    """Return a file's certificates in their order, how many keys lie beside them, and what is there instead.

    Raises:
        UnusableInputError: a certificate or a container is damaged.
    """
    if is_archive(data):
        return [], 0, msg("It is an archive: unpack it first.")
    if kind_of(data) is FileKind.JAVA_KEY_STORE:
        _prove(data, place, passwords)
    source = PasswordSource(None, list(passwords))
    contents = read_contents(data, place, source, budget, _LIMITS)
    for problem in contents.problems:
        raise _damaged(problem, place)
    settings = _trust_settings(data, place)
    found, keys = [], 0
    for item in contents.items:
        keys += item.kind is ItemKind.PRIVATE_KEY
        trouble = _trouble(item)
        if trouble is not None:
            raise trouble
        if item.kind is ItemKind.CERTIFICATE:
            trust = settings.get(item.block or 0, TrustSettings())
            found.append(
                FoundCertificate(
                    der=item.data,
                    place=item.source,
                    where=_where(item),
                    notes=item.alias or trust.alias,
                    usages=trust.usages,
                    status=trust.status,
                )
            )
    instead = next((item.problems[0] for item in contents.items if item.problems), None)
    return found, keys, instead


def _trouble(item: Content) -> UnusableInputError | None:
    """Return the error of what may hold a certificate and cannot be read; None for everything else."""
    if isinstance(item.error, WrongPasswordError):
        return item.error
    if item.error is not None and item.kind in {ItemKind.PKCS12, ItemKind.JKS}:
        return item.error
    may_hold = {FileKind.CERTIFICATE, FileKind.PKCS7, FileKind.PKCS12, FileKind.JAVA_KEY_STORE}
    if item.problems and item.found in may_hold:
        return _damaged(item.problems[0], item.source, _where(item))
    if item.kind is ItemKind.UNKNOWN and item.block is None and item.problems and _looks_cut(item):
        return _damaged(item.problems[0], item.source, _where(item))
    return None


def _looks_cut(item: Content) -> bool:
    """Whether bytes begin like a DER structure of more than 127 bytes, or follow one."""
    long_sequence = item.data[:1] == b"\x30" and item.data[1:2] >= b"\x81"
    return long_sequence or bool(item.offset and item.data)


def _where(item: Content) -> Message:
    if item.block is not None:
        return msg("block {number}, at byte {byte}", number=item.block, byte=item.offset)
    if item.alias:
        return msg("the entry {alias}", alias=item.alias)
    return msg("certificate {number}, at byte {byte}", number=item.position + 1, byte=item.offset)


def _trust_settings(data: bytes, place: str) -> dict[int, TrustSettings]:
    """Return OpenSSL's settings by the number of the block that they stand in, whatever its label."""
    if kind_of(data) is not FileKind.UNKNOWN or not looks_like_pem(data):
        return {}
    found = {}
    for block in pem_blocks(data, MAX_ENTRIES + 1):
        if block.der is not None and block.label not in _PLAIN and kind_of(block.der) is FileKind.CERTIFICATE:
            try:
                found[block.position] = split_trusted(block.der)[1]
            except DerError:
                where = msg("block {number}, at byte {byte}", number=block.position, byte=block.offset)
                problem = msg("What OpenSSL says of its trust cannot be read.")
                raise _damaged(problem, place, where) from None
    return found


def has_trust_settings(data: bytes, place: str) -> bool:
    """Whether OpenSSL says of a certificate in a file for what it is trusted, or for what it is not.

    Raises:
        UnusableInputError: what it says cannot be read.
    """
    return any(
        settings.usages is not None or settings.status is not EntryStatus.TRUSTED
        for settings in _trust_settings(data, place).values()
    )


def _prove(data: bytes, place: str, passwords: Sequence[str]) -> None:
    """Check the digest of a Java key store: without it, anybody may have put a CA into it.

    Raises:
        WrongPasswordError: no password fits, so that nobody can say that the store is whole.
    """
    store = read_java_key_store(data)
    if store.problems:
        raise _damaged(store.problems[0], place)
    if not any(store_is_intact(store.content, store.digest, password) for password in passwords):
        raise wrong_password(place)


def _damaged(problem: Message, place: str, where: Message | None = None) -> UnusableInputError:
    return UnusableInputError(
        problem if where is None else msg("Damaged is {where}. {problem}", where=where, problem=problem),
        remedy=msg("Get the file again from whoever gave it; nothing of it was taken."),
        place=place,
    )
