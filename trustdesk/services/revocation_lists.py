"""Opening a CRL, however long: the one way for files, downloads and imports.

A short list is held in memory. A long one is indexed once, in a process that can be killed, and kept in a
folder with its index; it is asked through mapped files from then on. Measured on two shared cores with
1,000,000 entries (46 MiB): see `packaging/bench/revocation.py`.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from trustdesk.core.errors import CancelledByPersonError, EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.formats.revocation_index import open_index
from trustdesk.services.revocation_worker import (
    Indexed,
    Indexing,
    IndexingFailed,
    IndexingTask,
    index_list,
)
from trustdesk.services.worker_process import WorkerProcess
from trustdesk.storage.failures import file_failure
from trustdesk.storage.places import revocation_cache_folder
from trustdesk.storage.revocation_cache import RevocationCache, map_private
from trustdesk.verify.revocation_list import (
    HeldRevocationList,
    IndexedRevocationList,
    ReadRevocationList,
)

CRL_LABEL = "X509 CRL"
"""Of a CRL in PEM (RFC 7468 7)."""

HELD_BYTES = 400_000
"""Lists up to this size, which is some 10,000 entries, are held in memory."""

DEADLINE_S = 120.0
"""Seconds that indexing a list may take."""

_LOOK_S = 0.05
Progress = Callable[[float], None]


def open_revocation_list(
    der: bytes,
    *,
    cache: RevocationCache | None = None,
    progress: Progress | None = None,
    cancel: Event | None = None,
    held_bytes: int = HELD_BYTES,
) -> ReadRevocationList:
    """Return a list that can be asked; a long one is indexed first, unless that was done before.

    What is wrong with the list itself is in its facts; nothing is raised for it. Blocks: call it from a
    thread that may wait for some seconds.

    Args:
        der: of the whole list; not kept when it is long.
        cache: where long lists are kept; None is the person's own. A list is opened without it when it
            cannot be used.
        progress: told how far it is, from 0 to 1, in this thread; never called for what is ready at once.
        cancel: set from any thread to stop.
        held_bytes: size up to which a list is held in memory.

    Raises:
        CancelledByPersonError: `cancel` was set.
        EnvironmentFailureError: a long list could not be indexed: no room, too little memory or time.
    """
    if len(der) <= held_bytes:
        return HeldRevocationList(der)
    sha256 = hashlib.sha256(der).hexdigest()
    lasting = cache or RevocationCache(revocation_cache_folder())
    try:
        lasting.prepare()
        lasting.keep(sha256, der)
    except EnvironmentFailureError:
        return _opened_without_cache(der, sha256, progress, cancel)
    found = _opened(lasting, sha256)
    if found is None:
        lasting.forget_index(sha256)
        _index(lasting, sha256, progress, cancel)
        found = _opened(lasting, sha256)
    if found is None:  # removed by another process in between, which made room for its own
        return _opened_without_cache(der, sha256, progress, cancel)
    lasting.used(sha256)
    return found


def open_indexed_list(sha256: str, *, cache: RevocationCache | None = None) -> ReadRevocationList | None:
    """Return a long list that lies in the cache with its index; None when it has to be opened anew."""
    lasting = cache or RevocationCache(revocation_cache_folder())
    try:
        lasting.prepare()
    except EnvironmentFailureError:
        return None
    found = _opened(lasting, sha256)
    if found is not None:
        lasting.used(sha256)
    return found


def _opened_without_cache(
    der: bytes, sha256: str, progress: Progress | None, cancel: Event | None
) -> ReadRevocationList:
    """Open a list through a folder that is gone once its files are mapped (Windows keeps it)."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="trustdesk-"))
    except OSError as error:
        raise file_failure(error, tempfile.gettempprefix()) from error
    try:
        passing = RevocationCache(folder)
        passing.keep(sha256, der)
        _index(passing, sha256, progress, cancel)
        found = _opened(passing, sha256)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if found is None:
        raise EnvironmentFailureError(
            msg("The index of the revocation list cannot be read back."),
            remedy=msg("Check the disk, then try again."),
        )
    return found


def _opened(cache: RevocationCache, sha256: str) -> ReadRevocationList | None:
    """Return a list that lies there with a whole index of its own; None without."""
    der, index = map_private(cache.list_file(sha256)), map_private(cache.index_file(sha256))
    if der is None or index is None:
        return None
    opened = open_index(index, der, sha256)  # type: ignore[arg-type]
    return None if opened is None else IndexedRevocationList(der, opened, sha256)  # type: ignore[arg-type]


def _index(cache: RevocationCache, sha256: str, progress: Progress | None, cancel: Event | None) -> None:
    worker = WorkerProcess(index_list)
    try:
        worker.send(IndexingTask(cache.list_file(sha256), cache.index_file(sha256), sha256))
        _wait(worker.pipe, progress, cancel)
    finally:
        worker.kill()


def _wait(pipe: Connection, progress: Progress | None, cancel: Event | None) -> None:
    end = time.monotonic() + DEADLINE_S
    while (left := end - time.monotonic()) > 0:
        if cancel is not None and cancel.is_set():
            raise CancelledByPersonError
        try:
            answer = pipe.recv() if pipe.poll(min(_LOOK_S, left) if cancel else left) else None
        except (EOFError, OSError):
            raise EnvironmentFailureError(
                msg("Indexing the revocation list ended before it was done."),
                remedy=msg("Close other programs to have more memory, then try again."),
            ) from None
        match answer:
            case Indexing(part=part) if progress is not None:
                progress(part)
            case Indexed():
                return
            case IndexingFailed(problem=problem, remedy=remedy):
                raise EnvironmentFailureError(problem, remedy=remedy)
    raise EnvironmentFailureError(
        msg("Indexing the revocation list took too long and was stopped."),
        remedy=msg("Ask who publishes it for a shorter one."),
    )
