"""`trustdesk --smoke`: whether what was built or installed is whole; `packaging/dev.py build` asks it.

A frozen program lacks what its builder did not find: a module that is imported late, a data file, a plug-in,
the worker processes. All of them are used once here, on a workspace that is thrown away. Nothing is read of
the person's own data, and nothing is sent.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import trustdesk
import trustdesk.services
from trustdesk.app.preflight import can_show_window
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg

if TYPE_CHECKING:
    from trustdesk.services.desk import Desk

KEYRING_BACKENDS = {
    "linux": "keyring.backends.SecretService",
    "darwin": "keyring.backends.macOS",
    "win32": "keyring.backends.Windows",
}
"""What holds private keys, by `sys.platform`; imported by name, so that no builder finds it by itself."""

_VERSIONS = (
    ("PySide6", "PySide6"),
    ("cryptography", "cryptography"),
    ("pyOpenSSL", "OpenSSL"),
    ("SQLAlchemy", "sqlalchemy"),
    ("alembic", "alembic"),
    ("lxml", "lxml.etree"),
)
_RESOURCES = (
    "icons/logo.svg",
    "desktop/trustdesk.svg",
    "themes/controls.qss",
    "schemas/trust-list.schema.json",
    "rules",
    "reports",
)
_RUN_BY_OTHERS = ("trustdesk.__main__", "trustdesk.storage.migrations.env")
FIRST_PAINT = "painted"
"""The line that is printed at the instant of the first paint."""

_WORKER_S = 60.0
_OK = 0


def run_smoke() -> int:
    """Use every part once, print versions and what was found; return 0.

    Raises:
        EnvironmentFailureError: something is missing, or does not start.
    """
    started = time.perf_counter()
    if not can_show_window(os.environ, sys.platform) and "QT_QPA_PLATFORM" not in os.environ:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    print(f"trustdesk {trustdesk.__version__}{' (frozen)' if getattr(sys, 'frozen', False) else ''}")  # noqa: T201
    # The window first: what it imports late must not be there already for another reason.
    for part in (_window, _modules, _resources, _worker):
        for line in part():
            print(line, flush=True)  # noqa: T201
    print(f"whole, in {time.perf_counter() - started:.1f} s")  # noqa: T201
    return _OK


def answer_versions(pipe: Connection) -> None:
    """Work of the process that is started: import what such processes use, native libraries too."""
    from importlib.metadata import version

    # Its data files are read when it is imported.
    from pkilint.pkix import certificate  # type: ignore[import-untyped]

    names = [
        one.name
        for one in pkgutil.iter_modules(trustdesk.services.__path__, f"{trustdesk.services.__name__}.")
        if one.name.endswith(("_worker", "_process"))
    ]
    for name in names:
        importlib.import_module(name)
    pipe.send(f"{len(names)} kinds of processes, pkilint {version('pkilint')} ({certificate.__name__})")


def _window() -> Iterator[str]:
    from trustdesk.app.window import load_window

    painted: list[float] = []
    seen: list[str] = []

    def note_paint(elapsed_ms: float) -> None:
        painted.append(elapsed_ms)
        # At once: packaging/bench/window.py takes the time from the start of the process to this line.
        print(FIRST_PAINT, flush=True)  # noqa: T201

    with tempfile.TemporaryDirectory(prefix="trustdesk-smoke-") as folder:

        def desk() -> Desk:
            from trustdesk.app.printing import QtPdfPrinter
            from trustdesk.services.workspaces import open_desk

            return open_desk(Path(folder), pdf_printer=QtPdfPrinter())

        run_window = load_window()
        status = run_window(
            desk,
            title="trustdesk",
            settings_file=None,
            on_ready=lambda window, _desk: seen.append(type(window).__name__),
            on_first_paint=note_paint,
            smoke=True,
        )
    from PySide6.QtGui import QGuiApplication, QImageReader

    if status or not painted or not seen:
        raise _broken("window")
    formats = {bytes(one.data()).decode() for one in QImageReader.supportedImageFormats()}
    if not {"png", "svg"} <= formats:
        raise _broken("Qt: imageformats")
    yield f"window on {QGuiApplication.platformName()}, first paint after {painted[0]:.0f} ms"


def _modules() -> Iterator[str]:
    names = [
        one.name
        for one in pkgutil.walk_packages(trustdesk.__path__, "trustdesk.")
        if one.name not in _RUN_BY_OTHERS
    ]
    for name in (*names, KEYRING_BACKENDS.get(sys.platform, "keyring.backends")):
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise _broken(f"{name} ({error.name})") from error
    yield f"{len(names)} modules, {KEYRING_BACKENDS.get(sys.platform, 'no keyring of this system')}"
    import ssl

    yield f"Python {platform.python_version()}, {ssl.OPENSSL_VERSION}, {platform.platform(terse=True)}"
    versions = ((title, importlib.import_module(name)) for title, name in _VERSIONS)
    yield ", ".join(f"{title} {getattr(module, '__version__', '?')}" for title, module in versions)


def _resources() -> Iterator[str]:
    from trustdesk.storage.resources import resource_folder

    folder = resource_folder()
    for name in _RESOURCES:
        if not (folder / name).exists():
            raise _broken(name)
    languages = sorted(file.parent.parent.name for file in folder.glob("translations/*/LC_MESSAGES/*.mo"))
    sources = sorted(file.parent.parent.name for file in folder.glob("translations/*/LC_MESSAGES/*.po"))
    if missing := set(sources) - set(languages):
        raise _broken(f"translations: {', '.join(sorted(missing))}")
    yield f"languages: {', '.join(['en', *languages])}"


def _worker() -> Iterator[str]:
    from trustdesk.services.worker_process import WorkerProcess

    worker = WorkerProcess(answer_versions)
    try:
        answer = worker.receive(_WORKER_S)
    finally:
        worker.kill()
    if not isinstance(answer, str):
        raise _broken("worker process")
    yield answer


def _broken(what: str) -> EnvironmentFailureError:
    return EnvironmentFailureError(
        msg("This installation is not whole: {what} is missing or does not start.", what=what),
        remedy=msg("Install trustdesk again."),
    )
