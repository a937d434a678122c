"""What a page shows before it holds anything: headline, sentences, and buttons in the middle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from tests.support.event_loop import settle
from trustdesk.core.message import msg
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.widgets.empty_state import EmptyState

LONG = msg("So many words that one line of a narrow page cannot hold them all, and that break into several.")


@pytest.fixture
def state(qapp: QApplication) -> Iterator[EmptyState]:
    current_theme().apply(qapp)
    made = EmptyState(msg("Nothing yet"), LONG, buttons=(Button("First"), Button("Second")), widest=400)
    made.resize(1000, 600)
    made.show()
    made.activateWindow()
    settle()
    yield made
    made.close()
    made.deleteLater()
    settle()


def test_words_and_buttons_stand_in_the_middle(state: EmptyState) -> None:
    for line in state.findChildren(QLabel):
        assert abs(line.geometry().center().x() - 500) <= 1
        assert line.width() == 400
    first, second = state.findChildren(Button)
    assert abs((first.geometry().left() + second.geometry().right()) - 1000) <= 2


def test_a_long_sentence_breaks_and_widens_nothing(state: EmptyState) -> None:
    state.resize(260, 600)
    settle()
    assert state.width() == 260
    headline, sentence = state.findChildren(QLabel)
    assert sentence.height() >= 3 * headline.fontMetrics().height() / 2
    assert sentence.geometry().bottom() < state.findChildren(Button)[0].geometry().top()


def test_the_keyboard_goes_to_the_first_way_in(state: EmptyState) -> None:
    state.focus_first()
    assert state.findChildren(Button)[0].hasFocus()
