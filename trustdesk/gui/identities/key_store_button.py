"""How the keys are kept, at the end of the status bar; a press opens the panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from trustdesk.core.message import msg
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.identities.key_stores import KeyStoreWatch
from trustdesk.gui.identities.store_words import short_words, shown_in_bar, store_look
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import paint_focus, shows_focus
from trustdesk.gui.words import say
from trustdesk.services.identity_desk import IdentityDesk

_ICON, _GAP, _PADDING = 14, 6, 6


class KeyStoreButton(QAbstractButton):
    """Icon and words; quiet until something keeps keys from being had."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: IdentityDesk | None = None
        self._icon, self._ink = "unknown", "text2"
        self._is_short = False
        self.watch = KeyStoreWatch(bridge, self)
        self.watch.changed.connect(self._tell)
        self.setFont(font(TypeStyle.LABEL))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self.open_panel)
        self._tell()
        self.hide()

    def set_desk(self, desk: IdentityDesk) -> None:
        """Tell of a desk's key stores."""
        self._desk = desk
        self.watch.set_desk(desk)
        self.show()

    def set_short(self, short: bool) -> None:
        """Say less where there is little room."""
        self._is_short = short
        self._tell()

    def open_panel(self) -> None:
        """Show where keys are kept, and what can be done."""
        from trustdesk.gui.identities.key_store_panel import KeyStorePanel

        if self._desk is not None:
            KeyStorePanel(self.window(), self._bridge, self._desk, self.watch).show()

    def sizeHint(self) -> QSize:
        """Return the size of icon and words."""
        metrics = QFontMetrics(self.font())
        width = 2 * _PADDING + _ICON + _GAP + metrics.horizontalAdvance(self.text()) + 1
        return QSize(width, max(22, metrics.height() + 6))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon and words."""
        tokens = current_theme().tokens
        color = str(getattr(tokens, self._ink))
        painter = QPainter(self)
        direction = self.layoutDirection()
        place = self.rect().adjusted(_PADDING, (self.height() - _ICON) // 2, 0, 0)
        place.setSize(QSize(_ICON, _ICON))
        place = self.style().visualRect(direction, self.rect(), place)
        painter.drawPixmap(place.topLeft(), pixmap(self._icon, color, _ICON, self.devicePixelRatioF()))
        words = self.rect().adjusted(_PADDING + _ICON + _GAP, 0, -_PADDING, 0)
        words = self.style().visualRect(direction, self.rect(), words)
        used = self.font()
        used.setUnderline(self.underMouse())
        painter.setFont(used)
        painter.setPen(QColor(color))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        if shows_focus(self):
            paint_focus(painter, self.rect().toRectF(), 4)
        painter.end()

    def _tell(self) -> None:
        status = shown_in_bar(self.watch.stores)
        if status is None:
            self._icon, self._ink = "unknown", "text2"
            full = short = say(msg("Key store not known"))
        else:
            look = store_look(status)
            self._icon, self._ink = look.icon, look.ink
            full, short = say(look.words), say(short_words(status))
        self.setText(short if self._is_short else full)
        self.setAccessibleName(say(msg("Key store: {state}", state=full)))
        problem = None if status is None else status.problem
        tip = say(msg("Where private keys are kept")) if problem is None else say(problem)
        self.setToolTip(f"{full}. {tip}")
        self.updateGeometry()
        self.update()
