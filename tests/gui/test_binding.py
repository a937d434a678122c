"""The binding itself: PySide6 6.12.0 takes references away from None and so kills CPython 3.10 and 3.11."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_calls_that_return_none_do_not_take_a_reference_away_from_none(qapp: QApplication) -> None:
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    widget.update()
    before = sys.getrefcount(None)
    for _ in range(300):
        widget.update()

    assert sys.getrefcount(None) - before > -150


def test_this_python_has_a_binding_that_it_survives() -> None:
    from PySide6 import __version_info__

    assert sys.version_info >= (3, 12) or __version_info__[:2] < (6, 12)
