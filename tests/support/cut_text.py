"""A walk over a window in view: which of its words do not fit their place, or show what nobody should see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTabBar, QTableView, QWidget

from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.table_header import TableHeader
from trustdesk.gui.widgets.text import Text

_ESCAPE = re.compile(r"\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\{\w+\}|%\([a-z]+\)")
"""What a mark of direction becomes in a text that was escaped twice, and an empty place of a sentence."""
_TOLERANCE = 2


def cut_texts(root: QWidget) -> list[str]:
    """Return what is cut in a widget and in everything in view below it, each with where it stands.

    An `ElidedLabel` may end in an ellipsis: it stands for what others name, and shows all in its tooltip.
    """
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisible() and (widget is root or widget.window() is root.window()):
            found += [f"{_path(widget, root)}: {words}" for words in _cut(widget)]
    return found


def escapes(root: QWidget) -> list[str]:
    """Return the words in view that show an escape or an empty place of a sentence."""
    shown = [
        (widget, words)
        for widget in (root, *root.findChildren(QWidget))
        if widget.isVisible()
        for words in (_words(widget), widget.toolTip(), widget.accessibleName())
    ]
    return [f"{_path(widget, root)}: {words!r}" for widget, words in shown if _ESCAPE.search(words)]


def _words(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _cut(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QTabBar):
        yield from _cut_tabs(widget)
    elif isinstance(widget, TableHeader):
        yield from _cut_heads(widget)
    elif isinstance(widget, QLabel):
        if widget.text() and not isinstance(widget, ElidedLabel):
            yield from _cut_label(widget)
    elif isinstance(widget, QAbstractButton) and widget.text():
        smallest = widget.minimumSizeHint().width()
        if widget.width() + _TOLERANCE < smallest:
            yield f"{widget.text()!r} has {widget.width()} of {smallest} pixels"
    if isinstance(widget, QLineEdit) and widget.placeholderText() and not widget.text():
        hint = QFontMetrics(widget.font()).horizontalAdvance(widget.placeholderText())
        if hint > widget.contentsRect().width():
            yield f"hint {widget.placeholderText()!r} has {widget.contentsRect().width()} of {hint} pixels"
    yield from _beyond(widget)


def _cut_label(label: QLabel) -> Iterator[str]:
    wraps = label.wordWrap() or (isinstance(label, Text) and label.hasHeightForWidth())
    if wraps:
        need = label.heightForWidth(label.width())
        if label.height() + _TOLERANCE < need:
            yield f"{label.text()!r} has {label.height()} of {need} pixels in height"
        return
    metrics = QFontMetrics(label.font())
    need = max(metrics.horizontalAdvance(line) for line in label.text().split("\n"))
    if label.width() + _TOLERANCE < need:
        yield f"{label.text()!r} has {label.width()} of {need} pixels"


def _cut_tabs(tabs: QTabBar) -> Iterator[str]:
    last = QRect()
    for place in range(tabs.count()):
        last = last.united(tabs.tabRect(place))
    if last.width() > tabs.width() + _TOLERANCE:
        words = [tabs.tabText(place) for place in range(tabs.count())]
        yield f"tabs {words} have {tabs.width()} of {last.width()} pixels"


def _cut_heads(header: TableHeader) -> Iterator[str]:
    model = header.model()
    for section in range(header.count()):
        if header.isSectionHidden(section):
            continue
        word = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        need = header.word_width(section)
        if word and header.sectionSize(section) + _TOLERANCE < need:
            yield f"head {word!r} has {header.sectionSize(section)} of {need} pixels"


def _beyond(widget: QWidget) -> Iterator[str]:
    """Tell of a control that reaches over its parent's sides: what lies there is not painted."""
    parent = widget.parentWidget()
    if parent is None or widget.isWindow() or not _words(widget):
        return
    if parent.objectName() == "qt_scrollarea_viewport" or isinstance(parent, QTableView):
        return
    over = max(-widget.x(), widget.x() + widget.width() - parent.width())
    if over > _TOLERANCE and parent.width() > 0:
        yield f"{_words(widget)!r} reaches {over} pixels over {type(parent).__name__}"


def _path(widget: QWidget, root: QWidget) -> str:
    names: list[str] = []
    at: QWidget | None = widget
    while at is not None and at is not root:
        names.append(type(at).__name__)
        at = at.parentWidget()
    return "/".join(reversed(names[:4])) or type(root).__name__
