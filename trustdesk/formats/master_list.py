"""Master lists as ICAO and states publish them: certificates of CAs in signed content (CMS).

ICAO's own are of the CAs that sign travel documents: they vouch for no server and no client. A list of the
same shape with content of another kind may be for anything, and does not say for what.

Source: ICAO Doc 9303-12 9 (CscaMasterList), RFC 5652
"""

from __future__ import annotations

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import Authenticity, AuthenticityState, ListContent, Publisher
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.cms_signature import check_signed_data
from trustdesk.formats.der import (
    INTEGER,
    SEQUENCE,
    SET,
    DerError,
    Element,
    parts_of,
    read_whole,
    small_integer,
)
from trustdesk.formats.entry_facts import (
    is_no_certificate,
    kind_of,
    public_key_sha256,
    with_cross_certificates,
)
from trustdesk.formats.list_source import MAX_ENTRIES, PROGRESS_STEP, Progress
from trustdesk.formats.signed_data import read_signed_data, reading

CSCA_MASTER_LIST = "2.23.136.1.1.2"
_MASTER_LIST_SIGNING = "2.23.136.1.1.3"
_MAX_BYTES = 64 * 1024 * 1024
"""ICAO's own has some 600 certificates in 1 MB."""


def is_master_list(data: bytes) -> bool:
    """Whether a file is a list of certificates in signed content, of whatever kind the content says to be.

    A bundle of certificates alone (PKCS#7) is none, and other signed content is none.
    """
    try:
        message = read_signed_data(data, "")
        return message.content is not None and (
            message.content_type == CSCA_MASTER_LIST or bool(_certificates(message.content))
        )
    except (UnusableInputError, DerError, IndexError):
        return False


def read_master_list(
    data: bytes, place: str, *, pinned: str | None = None, on_progress: Progress | None = None
) -> ListContent:
    """Read a list; nothing is read of one whose signature does not hold.

    Args:
        place: what errors call the file.
        pinned: SHA-256 of the signer's certificate or of its SubjectPublicKeyInfo, lower-case hex, whose
            signature counts; None while nobody has said whose does.
        on_progress: is told how many certificates are read, and of how many; may raise
            CancelledByPersonError.

    Raises:
        UnusableInputError: it is no signed content, or no list of certificates, or damaged; names the part
            and the byte where it begins.
    """
    if len(data) > _MAX_BYTES:
        raise UnusableInputError(
            msg("The list holds more than {megabytes} MB.", megabytes=_MAX_BYTES // (1024 * 1024)),
            remedy=msg("Name the master list alone."),
            place=place,
        )
    message = read_signed_data(data, place)
    if message.content is None:
        raise UnusableInputError(
            msg(
                "It holds certificates and no content that is signed: it is a PKCS#7 bundle, no master list."
            ),
            remedy=msg("Import it as a bundle of certificates, or name the master list itself."),
            place=place,
        )
    authenticity = check_signed_data(message, pinned)
    if authenticity.state is AuthenticityState.FAILED:
        return ListContent(title="", entries=(), authenticity=authenticity)
    is_csca = message.content_type == CSCA_MASTER_LIST
    with reading("CscaMasterList" if is_csca else message.content_type, message.content_at, place):
        certificates = _certificates(message.content)
    entries: dict[str, ListEntry] = {}
    for done, element in enumerate(certificates, 1):
        entry = _entry(element, done, message.content_at, place, frozenset() if is_csca else None)
        entries[entry.sha256] = entry
        if on_progress is not None and done % PROGRESS_STEP == 0:
            on_progress(done, len(certificates))
    if on_progress is not None:
        on_progress(len(certificates), len(certificates))
    signer = authenticity.signer_certificate
    subject = (signer.subject or "") if signer is not None else ""
    return ListContent(
        title="CSCA Master List" if is_csca else f"Master List {message.content_type}",
        entries=with_cross_certificates(entries.values()),
        list_id=f"cms:{message.content_type}",
        publisher=Publisher(name=subject),
        issued_at=authenticity.signed_at,
        authority_claimed=subject,
        authenticity=authenticity,
        remarks=tuple(
            _remarks(is_csca=is_csca, authenticity=authenticity, twice=len(certificates) - len(entries))
        ),
    )


def _certificates(content: bytes) -> list[Element]:
    """Return the certificates of a CscaMasterList: version 0 and a SET of them.

    Raises:
        DerError: it is none.
    """
    version, found = parts_of(read_whole(content, SEQUENCE), 2)[:2]
    if small_integer(version.expect(INTEGER)) != 0:
        raise DerError("another version")
    certificates = list(found.expect(SET).children())
    if len(certificates) > MAX_ENTRIES:
        raise DerError("more certificates than anybody means")
    return certificates


def _entry(
    element: Element, number: int, content_at: int, place: str, usages: frozenset[Usage] | None
) -> ListEntry:
    facts = read_certificate(element.raw)
    if is_no_certificate(facts):
        raise UnusableInputError(
            msg(
                "Certificate {number}, at byte {offset}, is none.",
                number=number,
                offset=content_at + element.start,
            ),
            remedy=msg("Download the list again; nothing of this file was taken over."),
            place=place,
        )
    kind = kind_of(facts)
    return ListEntry(
        sha256=facts.sha256,
        certificate=facts,
        subject=facts.subject or "",
        spki_sha256=public_key_sha256(facts.der),
        kind=kind,
        anchor_mode=AnchorMode.FULL_CHAIN if kind is EntryKind.ROOT else AnchorMode.NOT_ANCHOR,
        usages=usages,
        status=EntryStatus.TRUSTED,
    )


def _remarks(*, is_csca: bool, authenticity: Authenticity, twice: int) -> list[Message]:
    found = [
        msg("Its CAs sign travel documents: none of them vouches for a server or a client.")
        if is_csca
        else msg("It does not say what its CAs may vouch for.")
    ]
    signer = authenticity.signer_certificate
    if is_csca and signer is not None and _MASTER_LIST_SIGNING not in (signer.extended_key_usage or ()):
        found.append(msg("The certificate of its signer is not made for signing master lists."))
    if twice:
        found.append(
            msg_n(
                "One certificate stands there twice.",
                "{count} certificates stand there more than once.",
                twice,
            )
        )
    return found
