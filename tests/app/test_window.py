"""The window on files: its own start's, and those of a second start, which ends."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tests.support import pki
from trustdesk.app.window import open_workspace_window
from trustdesk.core.inspection import InspectedItem
from trustdesk.gui.instance import first
from trustdesk.gui.instance.first import FirstWindow
from trustdesk.gui.window import MainWindow

_PATIENCE_S = 45


@pytest.fixture
def run() -> Iterator[Path]:
    """A session's folder; a socket's path has some 100 characters at most, and pytest's folders are long."""
    with tempfile.TemporaryDirectory(prefix="td-") as folder:
        yield Path(folder)


def test_second_start_hands_its_files_to_the_window_and_ends(
    qapp: QApplication, tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = tmp_path / "own.pem", tmp_path / "other.pem"
    for file in (own, other):
        file.write_bytes(pki.root(file.stem).certificate.public_bytes(Encoding.PEM))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))
    workspace = tmp_path / "workspace"
    command = [sys.executable, "-m", "trustdesk", "--workspace", str(workspace), str(other)]
    statuses: list[int] = []

    def start_again() -> None:
        statuses.append(subprocess.run(command, check=False, timeout=_PATIENCE_S).returncode)

    second = threading.Thread(target=start_again)
    opened: list[str] = []

    class Watched(FirstWindow):
        """Starts the program a second time, and closes the window when it has both files."""

        def __init__(self, window: MainWindow) -> None:
            super().__init__(window)

            def took(items: list[InspectedItem]) -> None:
                opened.extend(Path(one.source).name for one in items)
                if len(opened) > 1:
                    window.close()

            window.inspector.opener.took.connect(took)
            # Qt's loop does not come back to Python for pytest's alarm.
            QTimer.singleShot(_PATIENCE_S * 1000, window, window.close)
            second.start()

    monkeypatch.setattr(first, "FirstWindow", Watched)

    assert open_workspace_window(workspace, [own]) == 0

    second.join(20)
    assert statuses == [0]
    assert sorted(opened) == ["other.pem", "own.pem"]
    assert "XDG_ACTIVATION_TOKEN" not in os.environ
    assert list(run.iterdir()) == []
