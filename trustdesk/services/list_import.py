"""Getting the bytes of a trust list: from a file, a folder, an https address, or this machine's store.

Decisions:
- 2026-11: an address on a private network is asked where a person named its host, for organisations keep
  their lists on an intranet; where it redirects to has to be public, or that same host.
- 2026-11: a server's certificate is judged by the public web's list. Who has a CA of their own takes the
  file; what a list says is proved by its signature, and not by the way it came.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from trustdesk.core.errors import CancelledByPersonError, EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.ports import FetchFailure
from trustdesk.core.trust_version import Transport
from trustdesk.formats.list_source import MAX_LIST_BYTES, ListBytes
from trustdesk.network.download import Downloader, FetchLimits
from trustdesk.network.web_connection import WebRequest
from trustdesk.network.web_url import RefusedError, host_of, parsed_url
from trustdesk.services.files import read_bounded
from trustdesk.services.thread_jobs import Stop

URL_BYTES = 64 * 1024 * 1024
URL_S = 120.0
_MAX_FILES = 20_000
_MAX_DEPTH = 8
_MAX_SIGNATURE_BYTES = 1024 * 1024
_SIGNATURE_SUFFIX = ".jws"

FetchProgress = Callable[[int, int | None], None]
"""Gets how much is there, in bytes or files, and of how much (None: nobody knows)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The bytes of a list, with where they came from.

    Attributes:
        place: file name without its folder, or URL.
        etag: what the server calls them; "" for none.
        is_unchanged: the server says that it has nothing newer than what its ETag was given for; there are
            no bytes then.
    """

    source: ListBytes
    place: str
    transport: Transport
    etag: str = ""
    is_unchanged: bool = False


def check_url(url: str) -> str:
    """Return the host of an address from which a list can be fetched.

    Raises:
        UnusableInputError: it is not https, carries a name and a password, or is no address at all.
    """
    try:
        parsed = parsed_url(url)
    except RefusedError as refused:
        raise UnusableInputError(
            msg("No list can be fetched from this address: {reason}.", reason=refused.reason),
            remedy=msg("Name an https address without a name and a password in it."),
            place=_without_password(url),
        ) from None
    if parsed.scheme != "https":
        raise UnusableInputError(
            msg("Over http anybody on the way can change a list."),
            remedy=msg("Name an https address, or download the list and compare its fingerprint."),
            place=url,
        )
    return host_of(parsed)


def from_url(
    url: str, etag: str, make_downloader: Callable[[], Downloader], stop: Stop, on_progress: FetchProgress
) -> Gathered:
    """Fetch a list; blocks.

    Args:
        etag: of the version that is at hand; "" fetches in any case.
        make_downloader: makes one that has fetched nothing yet.
        stop: ends it.

    Raises:
        UnusableInputError: nothing is fetched from such an address.
        EnvironmentFailureError: it could not be had.
        CancelledByPersonError: it was stopped.
    """
    host = check_url(url)
    limits = FetchLimits(bytes=URL_BYTES, total_s=URL_S, private_host=host, https_only=True)
    body = bytearray()
    downloader = make_downloader()
    with stop.ends(downloader.cancel):
        outcome = downloader.download(WebRequest(url=url, etag=etag), limits, body.extend, on_progress)
    if stop.is_set():
        raise CancelledByPersonError
    if isinstance(outcome, FetchFailure):
        raise EnvironmentFailureError(
            msg("The list cannot be had: {reason}.", reason=outcome.reason),
            remedy=msg(
                "An https address is judged by the public web's list (certifi), whatever list is in force: "
                "download the list in another way, and import the file."
            )
            if outcome.of_certificate
            else msg("Try again later, or download it in a browser and import the file."),
            place=url,
        )
    return Gathered(
        source=ListBytes(place=url, data=bytes(body)),
        place=url,
        transport=Transport.HTTPS,
        etag=outcome.etag,
        is_unchanged=outcome.is_unchanged,
    )


def from_path(path: Path, cancel: Event, on_progress: FetchProgress) -> Gathered:
    """Read a file with the signature that lies beside it (`list.json.jws`), or all files of a folder.

    Hidden files are left out of a folder, and it is read eight folders deep; a system's own is full of links
    to files, which are followed.

    Raises:
        UnusableInputError: there is nothing of the name, it cannot be read, or it is too much.
        CancelledByPersonError: `cancel` was set.
    """
    if path.is_dir():
        return Gathered(
            source=ListBytes(place=path.name or str(path), files=tuple(_folder(path, cancel, on_progress))),
            place=path.name or str(path),
            transport=Transport.FILE,
        )
    data = _regular(path, MAX_LIST_BYTES)
    on_progress(len(data), len(data))
    beside = path.with_name(path.name + _SIGNATURE_SUFFIX)
    signature = _regular(beside, _MAX_SIGNATURE_BYTES) if beside.is_file() else None
    return Gathered(
        source=ListBytes(place=path.name, data=data, signature=signature),
        place=path.name,
        transport=Transport.FILE,
    )


def _folder(folder: Path, cancel: Event, on_progress: FetchProgress) -> Iterator[ListBytes]:
    left, count = MAX_LIST_BYTES, 0
    for file in _files_of(folder):
        if cancel.is_set():
            raise CancelledByPersonError
        if count == _MAX_FILES:
            raise UnusableInputError(
                msg("The folder has more than {limit} files.", limit=_MAX_FILES),
                remedy=msg("Name the folder with the certificates alone."),
                place=str(folder),
            )
        data = read_bounded(file, left)
        left -= len(data)
        count += 1
        on_progress(count, None)
        yield ListBytes(place=file.relative_to(folder).as_posix(), data=data)
    if not count:
        raise UnusableInputError(
            msg("There is no file in the folder."),
            remedy=msg("Name the folder with the certificates."),
            place=str(folder),
        )


def _files_of(folder: Path) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        raise UnusableInputError(
            msg("The folder cannot be read: {reason}.", reason=error.strerror or str(error)),
            remedy=msg("Check who may read it."),
            place=str(error.filename),
        )

    for place, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if len(Path(place).relative_to(folder).parts) >= _MAX_DEPTH:
            folders.clear()
        for name in sorted(names):
            file = Path(place, name)
            if not name.startswith(".") and file.is_file():
                yield file


def _regular(file: Path, limit: int) -> bytes:
    """Return the bytes of a file; a device or a pipe would never end, and is none."""
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        mode = stat.S_IFREG  # reading it says what is the matter
    if not stat.S_ISREG(mode):
        raise UnusableInputError(
            msg("This is no file, but a device or a pipe."),
            remedy=msg("Name a file or a folder."),
            place=str(file),
        )
    return read_bounded(file, limit)


def _without_password(url: str) -> str:
    """Return an address as it may be shown: what stands before an @ may be a password."""
    before, at, rest = url.rpartition("@")
    scheme = "https://" if before.startswith("https://") else ""
    return f"{scheme}…@{rest}" if at else url
