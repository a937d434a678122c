"""A trust list in whatever form it came, into a ListContent: the form is told by the bytes alone.

Nothing partial comes out: the first bad block, row, element or byte is named, and nothing is read then.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import replace

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust_version import AuthenticityState, ListContent, SourceKind
from trustdesk.formats.jws_parts import looks_like_jws
from trustdesk.formats.kinds import FileKind, kind_of, nothing_known
from trustdesk.formats.list_source import MAX_ENTRIES, MAX_LIST_BYTES, ListBytes, NamedSigner, Progress
from trustdesk.formats.pem import decode_base64, looks_like_pem, pem_blocks

_HEAD = 64 * 1024
_OF_FILE_KIND = {
    FileKind.CERTIFICATE: SourceKind.PEM,
    FileKind.PKCS7: SourceKind.PKCS7,
    FileKind.PKCS12: SourceKind.PKCS12,
    FileKind.JAVA_KEY_STORE: SourceKind.JKS,
}


def detect(data: bytes) -> SourceKind | None:
    """Return the form of a file by its first bytes and structure; None for what is no list of ours.

    A single DER certificate counts as PEM, which it would be in another wrapping.
    """
    kind = kind_of(data)
    if kind is not FileKind.UNKNOWN:
        return _of_der(data, kind)
    if looks_like_jws(data):
        return SourceKind.JSON
    head = _head(data).lstrip()
    if head.startswith("{"):
        return SourceKind.JSON
    if head.startswith("<"):
        from trustdesk.formats.etsi_list import is_etsi_list

        return SourceKind.ETSI if is_etsi_list(data) else None
    if _is_ccadb(data, head):
        return SourceKind.CCADB
    if looks_like_pem(data):
        first = next((block.der for block in pem_blocks(data, 1) if block.der is not None), b"")
        kind = kind_of(first)
        return _of_der(first, kind) or SourceKind.PEM
    decoded = decode_base64(data)
    return None if decoded is None else _of_der(decoded, kind_of(decoded))


def kind_of_source(source: ListBytes) -> SourceKind | None:
    """Return the form of a source: FOLDER for a folder, else as `detect`."""
    return SourceKind.FOLDER if source.files is not None else detect(source.data)


def read_list(
    source: ListBytes,
    *,
    schema: str,
    title: str = "",
    signers: Sequence[NamedSigner] = (),
    passwords: Sequence[str] = (),
    on_progress: Progress | None = None,
) -> ListContent:
    """Read a list of any form.

    A detached signature beside a file counts for every form: it is over the file's bytes. Of a list whose
    signature does not hold no entry comes out.

    Args:
        schema: text of the JSON Schema of our open form (`storage.list_schema.trust_list_schema`).
        title: for forms that have none; "" for the name of the place.
        signers: whose signature counts; with none, a signature that holds is an unknown signer's.
        passwords: tried on key stores, beside none and Java's usual one.

    Raises:
        UnusableInputError: it is none of these forms, or damaged; names the place and what is wrong first.
        WrongPasswordError: a key store does not open.
        CancelledByPersonError: `on_progress` raised it.
    """
    from trustdesk.formats.list_signature import as_named, open_signed

    _bound(source)
    kind = kind_of_source(source)
    if kind is None:
        raise _no_list(source)
    if kind is SourceKind.JSON:
        from trustdesk.formats.list_json import read_json_list

        return read_json_list(source, schema=schema, signers=signers, on_progress=on_progress)
    signed = open_signed(source, signers) if source.signature is not None else None
    content = _unsigned(source, kind, title, passwords, on_progress)
    if len(content.entries) > MAX_ENTRIES:
        from trustdesk.formats.list_certificates import too_many

        raise too_many(source.place)
    if signed is not None:
        failed = signed.authenticity.state is AuthenticityState.FAILED
        return replace(
            content,
            entries=() if failed else content.entries,
            authenticity=signed.authenticity,
            remarks=(*content.remarks, *signed.remarks),
        )
    return replace(content, authenticity=as_named(content.authenticity, signers))


def _unsigned(
    source: ListBytes,
    kind: SourceKind,
    title: str,
    passwords: Sequence[str],
    on_progress: Progress | None,
) -> ListContent:
    place, data = source.place, source.data
    match kind:
        case SourceKind.CCADB:
            from trustdesk.formats.ccadb import read_ccadb

            _without_nul(data, place)
            return read_ccadb(data, place, on_progress=on_progress)
        case SourceKind.ETSI:
            from trustdesk.formats.etsi_list import read_etsi_list

            return read_etsi_list(data, place, on_progress=on_progress)
        case SourceKind.MASTER_LIST:
            from trustdesk.formats.master_list import read_master_list

            return read_master_list(_der(data), place, on_progress=on_progress)
        case _:
            from trustdesk.formats.list_bundles import read_bundle

            return read_bundle(source, title=title, passwords=passwords, on_progress=on_progress)


def _without_nul(data: bytes, place: str) -> None:
    at = data.find(b"\0")
    if at >= 0 and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnusableInputError(
            msg("A NUL stands at byte {byte}, which belongs in no text.", byte=at),
            remedy=msg("Get the file again from whoever publishes it, and see that it is whole."),
            place=place,
        )


def _of_der(der: bytes, kind: FileKind) -> SourceKind | None:
    if kind is FileKind.PKCS7:
        from trustdesk.formats.master_list import is_master_list

        return SourceKind.MASTER_LIST if is_master_list(der) else SourceKind.PKCS7
    return _OF_FILE_KIND.get(kind)


def _der(data: bytes) -> bytes:
    """Return the DER of a file that holds it bare, in PEM or in Base64."""
    if kind_of(data) is not FileKind.UNKNOWN:
        return data
    if looks_like_pem(data):
        return next((block.der for block in pem_blocks(data, 1) if block.der is not None), b"")
    return decode_base64(data) or b""


def _head(data: bytes) -> str:
    start = data[:_HEAD]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return start.decode("utf-16", "replace")
    return start.decode("utf-8-sig", "replace")


def _is_ccadb(data: bytes, head: str) -> bool:
    if "," not in head.partition("\n")[0]:
        return False
    from trustdesk.formats.ccadb import is_ccadb

    return is_ccadb(data)


def _bound(source: ListBytes) -> None:
    if len(source.data) > MAX_LIST_BYTES:
        raise UnusableInputError(
            msg("The file holds more than {megabytes} MB.", megabytes=MAX_LIST_BYTES // (1024 * 1024)),
            remedy=msg("Name the file with the list alone."),
            place=source.place,
        )
    if source.files is None and not source.data.strip():
        raise UnusableInputError(
            msg("The file is empty."), remedy=msg("Name the file that holds the list."), place=source.place
        )


def _no_list(source: ListBytes) -> UnusableInputError:
    kind = kind_of(source.data)
    if kind is FileKind.UNKNOWN:
        problem = nothing_known(source.data)
    else:
        problem = msg("The file is no list of CAs: it holds {kind}.", kind=_NAMES.get(kind, kind.value))
    return UnusableInputError(
        problem,
        remedy=msg("Name a trust list, or a file or folder with the certificates of CAs."),
        place=source.place,
    )


_NAMES = {
    FileKind.REQUEST: msg("a certificate request (CSR)"),
    FileKind.REVOCATION_LIST: msg("a revocation list (CRL)"),
    FileKind.PRIVATE_KEY: msg("a private key"),
    FileKind.ENCRYPTED_PRIVATE_KEY: msg("a private key"),
    FileKind.PUBLIC_KEY: msg("a public key"),
}
