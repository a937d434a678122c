"""What a search found: one line each, by its kind, with what tells it from others of the name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, elided, font, metrics
from trustdesk.gui.widgets.painting import paint_rounded
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.search import Hit, HitKind

_KINDS: dict[HitKind, tuple[str, Message]] = {
    HitKind.PARTNER: ("partners", msg("Partner")),
    HitKind.IDENTITY: ("identities", msg("Identity")),
    HitKind.OPENED: ("inspector", msg("Open in the Inspector")),
    HitKind.SEEN: ("handshake", msg("Shown by a partner")),
    HitKind.TRUST_LIST: ("trust-lists", msg("On a trust list")),
}
_HIT = Qt.ItemDataRole.UserRole
_ICON, _PADDING, _SHOWN = 16, 12, 12


class SearchResults(QFrame):
    """A list over the page that never takes the keyboard.

    Signals:
        chosen: the Hit that was clicked.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(say(msg("Found")))
        self._words = Text(ink="text2")
        self._words.setContentsMargins(_PADDING, 8, _PADDING, 8)
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setItemDelegate(_HitDelegate(self._list))
        self._list.setMouseTracking(True)
        self._list.viewport().setAutoFillBackground(False)
        self._list.setAccessibleName(say(msg("Found")))
        self._list.itemClicked.connect(lambda item: self.chosen.emit(item.data(_HIT)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._words)
        layout.addWidget(self._list)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """What is shown."""
        return tuple(self._list.item(row).data(_HIT) for row in range(self._list.count()))

    @property
    def current(self) -> Hit | None:
        """The hit that Enter opens; None when nothing was found."""
        row = self._list.currentRow()
        return self.hits[row] if row >= 0 else None

    @property
    def current_words(self) -> str:
        """What a screen reader says of it."""
        return "" if self.current is None else _spoken(self.current)

    @property
    def words(self) -> str:
        """What stands in place of hits; "" where there are some."""
        return "" if self._list.count() else self._words.text()

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show what was found, the first chosen."""
        self._list.clear()
        for hit in hits:
            item = QListWidgetItem(visible(hit.title))
            item.setData(_HIT, hit)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(hit))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.setVisible(bool(hits))
        self._words.setVisible(not hits)
        self._words.setText(say(msg("Nothing found")))

    def show_error(self, error: TrustdeskError) -> None:
        """Say why nothing can be found."""
        self._list.clear()
        self._list.hide()
        self._words.setText(say(error.problem))
        self._words.show()

    def move_current(self, step: int) -> None:
        """Choose another hit, that many lines further down."""
        row = max(0, min(self._list.currentRow() + step, self._list.count() - 1))
        self._list.setCurrentRow(row)

    def fit(self, width: int, most: int) -> None:
        """Take the height of the lines, up to a dozen of them and to `most`."""
        lines = min(self._list.count(), _SHOWN)
        height = lines * _line_height() if lines else self._words.sizeHint().height()
        self.setFixedSize(width, min(height + 12, most))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground."""
        tokens = current_theme().tokens
        painter = QPainter(self)
        paint_rounded(painter, QRectF(self.rect()), 8, fill=tokens.surface, outline=tokens.border)
        painter.end()


class _HitDelegate(QStyledItemDelegate):
    """Icon of the kind, title, and the detail in a quieter second line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), _line_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit: Hit = index.data(_HIT)
        tokens = current_theme().tokens
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        direction: Qt.LayoutDirection = option.direction
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            paint_rounded(painter, QRectF(rect), 6, fill=tokens.selection)
        elif state & QStyle.StateFlag.State_MouseOver:
            paint_rounded(painter, QRectF(rect), 6, fill=tokens.hover)
        inside = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        top = inside.top() + (inside.height() - _ICON) // 2
        place = QStyle.visualRect(direction, inside, QRect(inside.left(), top, _ICON, _ICON))
        icon, kind = _KINDS[hit.kind]
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(place.topLeft(), pixmap(icon, tokens.text2, _ICON, ratio))
        words = inside.adjusted(_ICON + 10, 0, 0, 0)
        align = int(QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop))
        first, second = metrics(TypeStyle.ROW_TITLE).height(), metrics(TypeStyle.SECOND_LINE).height()
        y = inside.top() + (inside.height() - first - second - 2) // 2
        line = QStyle.visualRect(direction, inside, QRect(words.left(), y, words.width(), first))
        _draw(painter, line, align, visible(hit.title), TypeStyle.ROW_TITLE, tokens.text)
        line = QStyle.visualRect(direction, inside, QRect(words.left(), y + first + 2, words.width(), second))
        quiet = say(kind) if not hit.detail else say(msg("{kind}: {detail}", kind=kind, detail=hit.detail))
        _draw(painter, line, align, quiet, TypeStyle.SECOND_LINE, tokens.text2)
        painter.restore()


def _draw(painter: QPainter, place: QRect, align: int, words: str, style: TypeStyle, ink: str) -> None:
    painter.setFont(font(style))
    painter.setPen(QColor(ink))
    painter.drawText(place, align, elided(words, style, place.width()))


def _line_height() -> int:
    return metrics(TypeStyle.ROW_TITLE).height() + metrics(TypeStyle.SECOND_LINE).height() + 14


def _spoken(hit: Hit) -> str:
    return say(
        msg("{kind}: {title}, {detail}", kind=_KINDS[hit.kind][1], title=hit.title, detail=hit.detail or "–")
    )
