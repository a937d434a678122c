"""The process that prints: Qt draws there without a display, and the window's thread stays free."""

from __future__ import annotations

import os
import pickle
from multiprocessing.connection import Connection

from trustdesk.core.printed import PrintedDocument
from trustdesk.services.worker_process import settle_in

_MEMORY = 4 * 1024 * 1024 * 1024


def print_documents(pipe: Connection) -> None:
    """Print what comes through the pipe: how far it is goes back as a number, the file as bytes."""
    settle_in(memory=_MEMORY)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    from trustdesk.gui.printing.pages import pdf_of

    application = QGuiApplication(["trustdesk"])
    document = pipe.recv()
    if isinstance(document, bytes):
        document = pickle.loads(document)  # noqa: S301 - from another process of ours
    if isinstance(document, PrintedDocument):
        pipe.send(pdf_of(document, lambda done, _total: pipe.send(done)))
    pipe.close()
    del application
