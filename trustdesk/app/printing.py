"""The printer of PDFs: Qt in a process of its own, which can be ended at any time."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from trustdesk.app.preflight import window_problems
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import Message, msg

if TYPE_CHECKING:
    from trustdesk.core.printed import PrintedDocument

_POLL_S = 0.1


class QtPdfPrinter:
    """Prints with Qt (`core.ports.PdfPrinter`); from any thread, several at once."""

    def print_document(
        self,
        document: PrintedDocument | bytes,
        on_progress: Callable[[int, int], None],
        is_cancelled: Callable[[], bool],
    ) -> bytes | None:
        """Return the file; None when it was cancelled.

        Raises:
            EnvironmentFailureError: Qt cannot draw on this machine, or the printer ended by itself.
        """
        _require_drawing()
        # Imported here: every start would pay for what starts processes.
        from trustdesk.gui.printing import process
        from trustdesk.services.worker_process import WorkerProcess

        worker = WorkerProcess(process.print_documents)
        try:
            worker.send(document)
            while not is_cancelled():
                is_alive = worker.is_alive  # asked first: what it sent before its end is still read
                match worker.receive(_POLL_S):
                    case bytes(file):
                        return file
                    case int(done):
                        on_progress(done, 100)
                    case _ if not is_alive:
                        raise EnvironmentFailureError(
                            msg("The PDF could not be made: what draws it ended by itself."),
                            remedy=msg("Try again, or choose another form, such as .html."),
                        )
            return None
        finally:
            worker.kill()


def _require_drawing() -> None:
    """Raise where Qt's libraries are missing; no display is needed."""
    found = window_problems({**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    if found:
        first = found[0]
        # The line to type is our own text and longer than a parameter may be, so it is the message itself.
        remedy = first.remedy if first.command is None else Message(id=first.command)
        raise EnvironmentFailureError(first.problem, remedy=remedy)
