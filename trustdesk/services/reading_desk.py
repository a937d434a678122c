"""The desk's side of reading what a person opens: items for a tree, rows for a table."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from trustdesk.core.inspection import CertificateRow, Inspection
from trustdesk.core.message import Message
from trustdesk.core.ports import Job
from trustdesk.services.desk_values import PastedData
from trustdesk.services.likely_issuers import IssuerIndex
from trustdesk.services.reading import Bytes, ReadingService
from trustdesk.services.row_reading import holds_many, read_rows
from trustdesk.services.row_values import RowsChunk, RowsRead
from trustdesk.services.thread_jobs import ThreadJobs

_MAX_ABOVE = 50
"""Certificates of a bundle that are decoded with a row, because they can stand above it."""


class ReadingDesk:
    """Reads in processes of its own; each method as in `services.desk.Desk`."""

    def __init__(self) -> None:
        self._opener = ThreadPoolExecutor(1, thread_name_prefix="trustdesk-opener")
        self._reading = ReadingService()
        # A bundle takes seconds; what a person opens beside it does not wait for that.
        self._rows = ThreadJobs("trustdesk-rows")
        self._issuers = IssuerIndex()
        self._stopping = threading.Event()

    def inspect(self, sources: Sequence[Path | PastedData], password: str | None) -> Future[Inspection]:
        """Read everything that lies in files, folders or pasted text."""
        return self._opener.submit(self._inspect, tuple(sources), password)

    def holds_many(self, sources: Sequence[Path | PastedData]) -> Future[bool]:
        """Whether sources hold so many PEM certificates that rows should be read."""
        return self._opener.submit(holds_many, _readable(sources))

    def read_rows(
        self, sources: Sequence[Path | PastedData], on_rows: Callable[[RowsChunk], None]
    ) -> Job[RowsRead]:
        """Read the columns of any number of PEM certificates."""

        def read(cancel: threading.Event) -> RowsRead:
            reading = ReadingService()
            try:
                return read_rows(reading, _readable(sources), on_rows, cancel)
            finally:
                reading.close()

        return self._rows.start(read)

    def open_row(self, rows: Sequence[CertificateRow], place: int, source: str) -> Future[Inspection]:
        """Decode one row, and after it those of `rows` that can stand above it."""
        return self._opener.submit(self._open_row, rows, place, source)

    def cancel(self) -> None:
        """Let what is being read end soon."""
        self._stopping.set()

    def close(self) -> None:
        """End what runs and let go of threads and processes."""
        self.cancel()
        self._rows.close()
        self._opener.shutdown(cancel_futures=True)
        self._reading.close()

    def _inspect(self, sources: tuple[Path | PastedData, ...], password: str | None) -> Inspection:
        given = iter(() if password is None else (password,))

        def ask(_subject: Message) -> str | None:
            # One password for one question; what it does not open stays locked, and the face asks again.
            return next(given, None)

        return self._reading.inspect(_readable(sources), ask, self._stopping)

    def _open_row(self, rows: Sequence[CertificateRow], place: int, source: str) -> Inspection:
        above = self._issuers.issuers_of(rows[place], rows, _MAX_ABOVE)
        sources = [Bytes(source, row.der) for row in (rows[place], *above)]
        return self._reading.inspect(sources, None, self._stopping)


def _readable(sources: Sequence[Path | PastedData]) -> list[Path | Bytes]:
    return [one if isinstance(one, Path) else Bytes(one.name, one.data) for one in sources]
