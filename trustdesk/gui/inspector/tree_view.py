"""The tree of everything opened: a model over plain nodes, and the view with its delegate."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from trustdesk.core.message import msg
from trustdesk.gui.inspector.tree import TreeNode
from trustdesk.gui.theme.comfort import current_comfort, tightened
from trustdesk.gui.theme.icons import pixmap
from trustdesk.gui.theme.theme import current_theme
from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.painting import FOCUS_WIDTH, shows_focus
from trustdesk.gui.words import say

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_ROLE = Qt.ItemDataRole
_ICON = 16
_INDENT = 18
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class TreeModel(QAbstractItemModel):
    """Nodes by their path; every node is numbered once, and the number is its index's id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: list[TreeNode] = []
        self._parents: list[int] = []
        self._rows: list[int] = []
        self._children: dict[int, list[int]] = {-1: []}

    def show_nodes(self, roots: Sequence[TreeNode]) -> None:
        """Show other trees."""
        self.beginResetModel()
        self._nodes, self._parents, self._rows, self._children = [], [], [], {-1: []}
        waiting = [(node, -1) for node in reversed(roots)]
        while waiting:
            node, parent = waiting.pop()
            number = len(self._nodes)
            self._nodes.append(node)
            self._parents.append(parent)
            self._rows.append(len(self._children[parent]))
            self._children[parent].append(number)
            self._children[number] = []
            waiting.extend((child, number) for child in reversed(node.children))
        self.endResetModel()

    @property
    def nodes(self) -> tuple[TreeNode, ...]:
        """All nodes, from above."""
        return tuple(self._nodes)

    def node(self, index: _Index) -> TreeNode | None:
        """Return the node at an index; None for none."""
        number = index.internalId() if index.isValid() else -1
        return self._nodes[number] if 0 <= number < len(self._nodes) else None

    def index_of(self, key: str) -> QModelIndex:
        """Return where an item stands; an invalid index where it does not."""
        number = next((i for i, node in enumerate(self._nodes) if node.key == key), None)
        return QModelIndex() if number is None else self.createIndex(self._rows[number], 0, number)

    def index(self, row: int, column: int, parent: _Index = _TOP) -> QModelIndex:
        """Return the index of a child."""
        children = self._children.get(parent.internalId() if parent.isValid() else -1, [])
        if column != 0 or not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, 0, children[row])

    def parent(self, index: _Index = _TOP) -> QModelIndex:  # type: ignore[override]  # Qt overloads it
        """Return the index of the node above."""
        number = index.internalId() if index.isValid() else -1
        above = self._parents[number] if 0 <= number < len(self._parents) else -1
        return QModelIndex() if above < 0 else self.createIndex(self._rows[above], 0, above)

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Return the number of children."""
        return len(self._children.get(parent.internalId() if parent.isValid() else -1, []))

    def columnCount(self, _parent: _Index = _TOP) -> int:
        """Return one."""
        return 1

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what can be done: headings can be walked over, and not be chosen together with others."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if index.isValid() else Qt.ItemFlag(0)

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> str | None:
        """Return the title, and what screen readers and tooltips say."""
        node = self.node(index)
        if node is None:
            return None
        if role == _ROLE.DisplayRole:
            return node.title
        if role == _ROLE.AccessibleTextRole:
            return node.spoken
        if role == _ROLE.ToolTipRole:
            return f"<span>{html.escape(node.spoken)}</span>"
        return None


class TreeDelegate(QStyledItemDelegate):
    """Icon, title, and a word at the end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return a row of one line."""
        return QSize(super().sizeHint(option, index).width(), row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row; the ground is the view's."""
        model = index.model()
        node = model.node(index) if isinstance(model, TreeModel) else None
        if node is None:
            return
        tokens = current_theme().tokens
        rect: QRect = option.rect
        selected = QStyle.StateFlag.State_Selected in option.state
        painter.save()
        if selected:
            painter.fillRect(rect, QColor(tokens.selection))
        ratio = painter.device().devicePixelRatio()
        color = str(getattr(tokens, node.ink))
        inside = rect.adjusted(2, 0, -12, 0)
        top = inside.top() + (inside.height() - _ICON) // 2
        place = QStyle.visualRect(option.direction, inside, QRect(inside.left(), top, _ICON, _ICON))
        painter.drawPixmap(place.topLeft(), pixmap(node.icon, color, _ICON, ratio))
        small = font(TypeStyle.LABEL)
        aside_width = QFontMetrics(small).horizontalAdvance(node.aside) + 2
        left_to_right = option.direction is Qt.LayoutDirection.LeftToRight
        aside = QRect(inside.right() - aside_width, inside.top(), aside_width + 1, inside.height())
        aside = QStyle.visualRect(option.direction, inside, aside)
        painter.setFont(small)
        painter.setPen(QColor(tokens.text2 if node.ink == "good" else color))
        ends = Qt.AlignmentFlag.AlignRight if left_to_right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(aside, int(ends | Qt.AlignmentFlag.AlignVCenter), node.aside)
        strong = selected or (bool(node.children) and not index.parent().isValid())
        used = font(TypeStyle.ROW_TITLE_BAD if strong else TypeStyle.BODY)
        words = inside.adjusted(_ICON + 8, 0, -aside_width - 8, 0)
        words = QStyle.visualRect(option.direction, inside, words)
        painter.setFont(used)
        painter.setPen(QColor(tokens.text))
        shown = QFontMetrics(used).elidedText(node.title, Qt.TextElideMode.ElideRight, words.width())
        align = QStyle.visualAlignment(
            option.direction, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        painter.drawText(words, int(align | Qt.TextFlag.TextSingleLine), shown)
        painter.restore()


class OpenedTree(QTreeView):
    """The view.

    Signals:
        chosen: keys of the selected items, the current one first; empty for none.
        close_wanted: the person wants to close the selected items.
        opened: key of an item that was opened with Enter.
    """

    chosen = Signal(list)
    close_wanted = Signal()
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = TreeModel(self)
        self._folded: set[str] = set()
        self._quiet = False
        self.setModel(self._model)
        self.setItemDelegate(TreeDelegate(self))
        self.setHeaderHidden(True)
        self.setIndentation(_INDENT)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setExpandsOnDoubleClick(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(say(msg("Opened items")))
        self.viewport().setAutoFillBackground(False)
        current_theme().changed.connect(self._dress)
        current_comfort().changed.connect(self.doItemsLayout)
        self._dress()
        self.selectionModel().selectionChanged.connect(self._tell)
        self.collapsed.connect(self._fold)
        self.expanded.connect(self._unfold)

    @property
    def tree_model(self) -> TreeModel:
        """The model."""
        return self._model

    @property
    def selected_keys(self) -> tuple[str, ...]:
        """Keys of the selected items, the current one first; headings are left out."""
        current = self._model.node(self.currentIndex())
        nodes = [self._model.node(index) for index in self.selectionModel().selectedIndexes()]
        keys = [node.key for node in nodes if node is not None and not node.is_group]
        if current is not None and current.key in keys:
            keys = [current.key, *keys]
        return tuple(dict.fromkeys(keys))

    @property
    def key_after_selected(self) -> str | None:
        """Key of what stands in the place of the selected items once they are gone; None for nothing."""
        selected = self.selected_keys
        shown = [node.key for node in self._model.nodes if not node.is_group]
        place = min((shown.index(key) for key in selected if key in shown), default=0)
        left = [key for key in shown if key not in selected]
        return left[min(place, len(left) - 1)] if left else None

    def show_nodes(self, roots: Sequence[TreeNode], selected: Sequence[str]) -> None:
        """Show other trees; what was folded stays so. `selected` are keys, the current one first."""
        self._quiet = True
        self._model.show_nodes(roots)
        self.expandAll()
        for key in self._folded & {node.key for node in self._model.nodes}:
            self.collapse(self._model.index_of(key))
        self._select(selected)
        self._quiet = False

    def choose(self, key: str) -> bool:
        """Select an item; whether it is there."""
        index = self._model.index_of(key)
        if not index.isValid():
            return False
        # The view's own way would toggle the item while Ctrl is held down.
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(index, flag)
        self.scrollTo(index)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Delete, open with Enter; Ctrl+C is the page's."""
        if event.key() == Qt.Key.Key_Delete:
            self.close_wanted.emit()
        elif event.key() in _ENTER and (node := self._model.node(self.currentIndex())) is not None:
            self.opened.emit(node.key)
        elif event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fold a heading with one press."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        node = self._model.node(index)
        inside = self.visualRect(index).contains(event.position().toPoint())
        if node is not None and node.is_group and inside:
            self.setExpanded(index, not self.isExpanded(index))

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row, and over it the selection's mark and the ring."""
        super().drawRow(painter, option, index)
        tokens = current_theme().tokens
        rect = QRect(0, option.rect.top(), self.viewport().width(), option.rect.height())
        if self.selectionModel().isSelected(_plain(index)):
            mark = QStyle.visualRect(self.layoutDirection(), rect, QRect(0, rect.top(), 3, rect.height()))
            painter.fillRect(mark, QColor(tokens.accent))
        if shows_focus(self) and _plain(index) == self.currentIndex():
            for edge in (
                QRectF(rect.left(), rect.top(), rect.width(), FOCUS_WIDTH),
                QRectF(rect.left(), rect.bottom() + 1 - FOCUS_WIDTH, rect.width(), FOCUS_WIDTH),
                QRectF(rect.left(), rect.top(), FOCUS_WIDTH, rect.height()),
                QRectF(rect.right() + 1 - FOCUS_WIDTH, rect.top(), FOCUS_WIDTH, rect.height()),
            ):
                painter.fillRect(edge, QColor(tokens.accent))

    def drawBranches(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        """Paint a chevron where there is something to fold."""
        if not self._model.rowCount(index):
            return
        is_open = self.isExpanded(_plain(index))
        place = QRect(rect.right() - _INDENT + 3, rect.top() + (rect.height() - 14) // 2, 14, 14)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            place.moveLeft(rect.left() + 1)
        name = "chevron-down" if is_open else "chevron-right"
        painter.drawPixmap(
            QPoint(place.left(), place.top()),
            pixmap(name, current_theme().tokens.text2, 14, self.devicePixelRatioF()),
        )

    def _dress(self) -> None:
        """Have the style paint the selection in our colour where it paints before branches."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(current_theme().tokens.selection))
        self.setPalette(palette)

    def _select(self, keys: Sequence[str]) -> None:
        model = self.selectionModel()
        model.clearSelection()
        for place, key in enumerate(keys):
            index = self._model.index_of(key)
            if not index.isValid():
                continue
            if place == 0:
                model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
                self.scrollTo(index)
            else:
                model.select(QItemSelection(index, index), QItemSelectionModel.SelectionFlag.Select)

    def _tell(self) -> None:
        if not self._quiet:
            self.chosen.emit(list(self.selected_keys))

    def _fold(self, index: QModelIndex) -> None:
        node = self._model.node(index)
        if node is not None and not self._quiet:
            self._folded.add(node.key)

    def _unfold(self, index: QModelIndex) -> None:
        node = self._model.node(index)
        if node is not None and not self._quiet:
            self._folded.discard(node.key)


def _plain(index: _Index) -> QModelIndex:
    return index if isinstance(index, QModelIndex) else index.model().index(index.row(), 0, index.parent())


def row_height() -> int:
    """Return the height of a row."""
    return tightened(max(30, QFontMetrics(font(TypeStyle.BODY)).height() + 13), by=4)
