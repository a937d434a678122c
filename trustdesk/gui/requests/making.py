"""Making requests: keys in the store first, then the files; each can fail on its own, and is said."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from trustdesk.core.certificate_request import RequestCase, RequestDraft
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.ports import Job
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.requests.csr_files import request_pem
from trustdesk.services.desk import Desk


class RequestMaking(QObject):
    """One run of making requests.

    Signals:
        made: the cases; keys and requests are kept now.
        written: the files of the cases, in their order; None for one that was not written.
        failed: the TrustdeskError; nothing was made.
        not_written: the TrustdeskError of the first file that could not be written.
    """

    made = Signal(tuple)
    written = Signal(tuple)
    failed = Signal(object)
    not_written = Signal(object)

    def __init__(self, bridge: Bridge, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._desk = bridge, desk
        self._job: Job[tuple[RequestCase, ...]] | None = None
        self._files: list[Path | None] = []
        self._wanted: tuple[Path, ...] = ()
        self._open = 0
        self._is_over = False
        self._error: TrustdeskError | None = None
        self.cases: tuple[RequestCase, ...] = ()

    @property
    def is_running(self) -> bool:
        """Whether keys are being made."""
        return self._job is not None

    @property
    def is_writing(self) -> bool:
        """Whether files of what was made are being written."""
        return self._open > 0

    def stop(self) -> None:
        """Tell of nothing more: whoever it is for goes away."""
        self._is_over = True

    def make(self, drafts: Sequence[RequestDraft], store: KeyStoreKind, files: Sequence[Path]) -> None:
        """Make a key and a request for each draft, and write them."""
        self._wanted = tuple(files)
        self._job = self._desk.identity_desk.make_requests(drafts, store)
        self._bridge.when_done(self._job.future, self._take, self._fail)

    def cancel(self) -> None:
        """Stop; nothing is half done."""
        if self._job is not None:
            self._job.cancel()

    def write(self, files: Sequence[Path]) -> None:
        """Write the requests that are made into files."""
        self._wanted = tuple(files)
        self._files = [None] * len(files)
        self._open, self._error = len(files), None
        for place, (case, file) in enumerate(zip(self.cases, files, strict=True)):
            future = self._desk.save_file(file, request_pem(case.request).encode("ascii"))
            self._bridge.when_done(future, partial(self._take_file, place), self._fail_file)

    def _take(self, cases: tuple[RequestCase, ...]) -> None:
        self._job = None
        self.cases = cases
        self.write(self._wanted)
        self.made.emit(cases)

    def _fail(self, error: TrustdeskError) -> None:
        self._job = None
        self.failed.emit(error)

    def _take_file(self, place: int, file: Path) -> None:
        self._files[place] = file
        self._count()

    def _fail_file(self, error: TrustdeskError) -> None:
        self._error = self._error or error
        self._count()

    def _count(self) -> None:
        self._open -= 1
        if self._open or self._is_over:
            return
        self.written.emit(tuple(self._files))
        if self._error is not None:
            self.not_written.emit(self._error)
