"""What tests of the window share."""

from __future__ import annotations

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
