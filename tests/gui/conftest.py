"""What tests of the window share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from trustdesk.gui.bridge import Bridge
from trustdesk.gui.theme.theme import current_theme


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    """A bridge that is closed afterwards, under the theme."""
    current_theme().apply(qapp)
    made = Bridge()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def no_mistakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """Fail a test in which an answer, or a slot, ended in an exception that the crash dialog would show.

    Whoever makes such a mistake on purpose empties the list.
    """
    mistakes: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _type, mistake, _trace: mistakes.append(mistake))
    yield mistakes
    assert mistakes == []
