"""What every test gets: an environment like the program's own, and no leak and no Qt warning overlooked."""

from __future__ import annotations

import gc
import os
import re
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from trustdesk.app.environment import scrub_environment

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType
    from PySide6.QtWidgets import QApplication

    from tests.support.peers import PeerPki
    from trustdesk.network.thread import NetworkThread

scrub_environment()
# What the tests read is English, whatever the desktop of this machine speaks; programs they start inherit it.
os.environ["LANGUAGE"] = "en"
# The same commit passes or fails every time; the gate takes more examples (`--hypothesis-profile=many`), and
# `--hypothesis-profile=search` looks for new ones.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True, max_examples=20)
hypothesis.settings.register_profile("many", deadline=None, derandomize=True, max_examples=200)
hypothesis.settings.register_profile("search", deadline=None, print_blob=True)
hypothesis.settings.load_profile("same")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LEAK_GRACE_S = 2.0
"""How long a thread or a connection that a test has closed may take to go."""

LONGEST_ID = 15
"""Characters of a parameter that still stand in the name of its test."""

HARMLESS_QT_MESSAGES = (
    # The offscreen platform has no native window to size, move or ask for attention.
    re.compile(r"This plugin does not support "),
)

_PASSED = pytest.StashKey[bool]()
_qt_messages: list[str] = []


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    """The one QApplication of the process; Qt's warnings are collected from here on."""
    from PySide6.QtCore import qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    qInstallMessageHandler(_collect_qt_message)
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(["trustdesk-tests"])
    application.setQuitOnLastWindowClosed(False)
    yield application
    for window in application.topLevelWidgets():
        window.close()
    application.processEvents()
    qInstallMessageHandler(None)


@pytest.fixture(scope="module")
def pki() -> Iterator[PeerPki]:
    """Certificates of peers and clients on this machine."""
    from tests.support.peers import pki_folder

    with pki_folder() as made:
        yield made


@pytest.fixture(scope="module")
def network() -> Iterator[NetworkThread]:
    """A thread that connects."""
    from trustdesk.network.thread import NetworkThread

    thread = NetworkThread()
    thread.start()
    yield thread
    thread.close()


@pytest.fixture(autouse=True)
def _no_window_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Destroy the windows that a test leaves: every later change of theme would go through all of them."""
    if "qapp" not in request.fixturenames:
        yield
        return
    application: QApplication = request.getfixturevalue("qapp")
    before = set(application.topLevelWidgets())
    yield
    from PySide6.QtCore import QCoreApplication, QEvent

    for window in set(application.topLevelWidgets()) - before:
        if window.parent() is None:
            window.close()
            window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(autouse=True)
def _no_collecting_within_qt(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect between the tests of the window, and not in the midst of a call into Qt (`gui.collector`)."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _no_qt_warning() -> Iterator[None]:
    """Fail a test in which Qt warned."""
    _qt_messages.clear()
    yield
    if _qt_messages:
        pytest.fail("Qt warned:\n" + "\n".join(_qt_messages), pytrace=False)


def pytest_collection_finish() -> None:
    """Leave what was imported alone from here on: it stays, and every collection would go through it."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name long texts and bytes by their argument: a fresh key would differ in each process."""
    return argname if isinstance(val, str | bytes) and len(val) > LONGEST_ID else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note which tests passed: the fixture below looks only at those."""
    report = yield
    item.stash[_PASSED] = report.when == "call" and report.passed
    return report


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test after which a thread runs or a socket is open that was not there before it.

    A test that failed or was interrupted is left alone: its traceback keeps what it held.
    """
    threads, sockets = _threads(), _sockets()
    yield
    if not request.node.stash.get(_PASSED, False):
        return
    deadline = time.monotonic() + LEAK_GRACE_S
    while left := [*(_threads() - threads), *(_sockets() - sockets)]:
        if time.monotonic() > deadline:
            pytest.fail("left behind: " + ", ".join(sorted(map(str, left))), pytrace=False)
        for thread in _threads() - threads:
            thread.join(0.05)
        gc.collect()


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


def _sockets() -> set[str]:
    """Return this process's open sockets by inode; empty where /proc does not tell."""
    sockets = set()
    for descriptor in Path("/proc/self/fd").glob("*"):
        try:
            target = os.readlink(descriptor)
        except OSError:
            continue  # the folder's own descriptor, gone by now
        if target.startswith("socket:"):
            sockets.add(target)
    return sockets


def _collect_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    from PySide6.QtCore import QtMsgType

    if kind in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg}:
        return
    if not any(harmless.search(text) for harmless in HARMLESS_QT_MESSAGES):
        _qt_messages.append(f"{kind.name}: {text}")
