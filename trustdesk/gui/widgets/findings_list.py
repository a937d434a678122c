"""Rules and what came of each: worst first, what was not run before what passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trustdesk.core.finding import Finding, FindingStatus
from trustdesk.core.message import Message, msg
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import (
    CONTROL_RADIUS,
    hairline,
    is_right_to_left,
    paint_focus,
    shows_focus,
)
from trustdesk.gui.widgets.paragraph import lay_out
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.verdict_words import STATUS_WORDS

_ICON = 16
_PADDING = 9
_ASIDE = 104


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLook:
    """Icon, word and token of what came of a rule."""

    icon: str
    word: Message
    ink: str
    rank: int


_FAILED = FindingLook(icon="bad", word=STATUS_WORDS[FindingStatus.FAIL], ink="bad", rank=0)
_WARNED = FindingLook(icon="warning", word=STATUS_WORDS[FindingStatus.WARN], ink="warning", rank=1)
_NOT_RUN = FindingLook(icon="unknown", word=STATUS_WORDS[FindingStatus.NOT_RUN], ink="unknown", rank=2)
_PASSED = FindingLook(icon="tick", word=STATUS_WORDS[FindingStatus.PASS], ink="text2", rank=3)
_NOT_APPLICABLE = FindingLook(
    icon="not-applicable", word=STATUS_WORDS[FindingStatus.NOT_APPLICABLE], ink="text2", rank=4
)


def finding_look(finding: Finding) -> FindingLook:
    """Return how a finding is shown; a rule that passes is grey, for green is earned by verdicts only."""
    if finding.is_failure:
        return _FAILED
    if finding.is_warning:
        return _WARNED
    match finding.status:
        case FindingStatus.NOT_RUN:
            return _NOT_RUN
        case FindingStatus.NOT_APPLICABLE:
            return _NOT_APPLICABLE
        case FindingStatus.PASS:
            return _PASSED
        case FindingStatus.FAIL | FindingStatus.WARN:
            return _WARNED


class FindingsList(QWidget):
    """One row for each finding; with `shows_source` each says where its rule comes from."""

    def __init__(self, parent: QWidget | None = None, *, shows_source: bool = False) -> None:
        super().__init__(parent)
        self._shows_source = shows_source
        self._rows: list[FindingRow] = []
        self._empty = Text(say(msg("No rule was applied.")), ink="text2")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self._empty)
        self._layout.addStretch(1)
        self.setAccessibleName(say(msg("Rules that were applied")))

    @property
    def rows(self) -> tuple[FindingRow, ...]:
        """The rows as shown."""
        return tuple(self._rows)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show findings, worst first; within a rank in the order given."""
        for row in self._rows:
            self._layout.removeWidget(row)
            row.deleteLater()
        ordered = sorted(findings, key=lambda finding: finding_look(finding).rank)
        self._rows = [FindingRow(finding, shows_source=self._shows_source) for finding in ordered]
        for place, row in enumerate(self._rows):
            self._layout.insertWidget(place, row)
        self._empty.setVisible(not self._rows)


class FindingRow(QWidget):
    """Title, evidence and, where something has to be done, the remedy; status and rule at the end."""

    def __init__(
        self, finding: Finding, parent: QWidget | None = None, *, shows_source: bool = False
    ) -> None:
        super().__init__(parent)
        self._look = finding_look(finding)
        bad = self._look.rank < 2
        self._rule = finding.rule
        self._lines: list[tuple[str, TypeStyle, str]] = [
            (say(finding.title), TypeStyle.ROW_TITLE_BAD if bad else TypeStyle.ROW_TITLE, "text"),
            (say(finding.evidence), TypeStyle.SECOND_LINE, "text2"),
        ]
        if bad and finding.remedy is not None:
            self._lines.append((say(finding.remedy), TypeStyle.SECOND_LINE, "text"))
        if shows_source:
            source = say(msg("Source: {source}", source=finding.source))
            self._lines.append((source, TypeStyle.AXIS, "text3"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{say(self._look.word)}: {self._lines[0][0]}")
        self.setAccessibleDescription(" ".join(text for text, _style, _ink in self._lines[1:]))
        self.setToolTip(say(msg("Rule {rule}, source: {source}", rule=finding.rule, source=finding.source)))

    def hasHeightForWidth(self) -> bool:
        """Whether the height follows from the width: yes, lines wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines with their padding."""
        text_width = self._text_width(width)
        heights = [lay_out(text, font(style), text_width)[1] for text, style, _ink in self._lines]
        return round(sum(heights) + 2 * (len(heights) - 1) + 2 * _PADDING + 1)

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(440, self.heightForWidth(440))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest that can be read."""
        return QSize(220, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon, lines, status, rule and the hairline below."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        color = str(getattr(tokens, self._look.ink))
        width = self._text_width(self.width())
        mirrored = is_right_to_left(self)
        title_line = QFontMetricsF(font(TypeStyle.ROW_TITLE)).height()
        top = round(_PADDING + (title_line - _ICON) / 2)
        icon = self._mirrored(QRect(0, top, _ICON, _ICON))
        painter.drawPixmap(icon.topLeft(), pixmap(self._look.icon, color, _ICON, ratio))
        left = self.width() - _ICON - 10 - width if mirrored else _ICON + 10.0
        y = float(_PADDING)
        for text, style, ink in self._lines:
            layout, height = lay_out(text, font(style), width, direction=self.layoutDirection())
            painter.setPen(QColor(str(getattr(tokens, ink))))
            layout.draw(painter, QPointF(left, y))
            y += height + 2
        aside = self._mirrored(QRect(self.width() - _ASIDE, _PADDING, _ASIDE, round(title_line)))
        # The painter turns the side round itself where text runs to the left.
        flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font(TypeStyle.LABEL))
        painter.setPen(QColor(color))
        painter.drawText(aside, flags, say(self._look.word))
        painter.setFont(font(TypeStyle.AXIS))
        painter.setPen(QColor(tokens.text3))
        painter.drawText(aside.translated(0, aside.height()), flags, self._rule)
        line = hairline(ratio)
        painter.fillRect(QRectF(0, self.height() - line, self.width(), line), QColor(tokens.grid))
        if shows_focus(self):
            paint_focus(painter, QRectF(self.rect()), CONTROL_RADIUS)
        painter.end()

    def _text_width(self, width: int) -> float:
        return max(80.0, width - _ICON - 10.0 - _ASIDE - 8)

    def _mirrored(self, rect: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), rect)
