"""A field of the form with its label above it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from trustdesk.gui.theme.type import TypeStyle, font
from trustdesk.gui.widgets.text import Text


class FieldCell(QWidget):
    """Label, an optional key hint or switch beside it, and the control below."""

    def __init__(
        self,
        label: str,
        control: QWidget,
        *,
        key: str = "",
        switch: QCheckBox | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        words = Text(label, TypeStyle.LABEL, "text2")
        words.setBuddy(control)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(words)
        if key:
            head.addWidget(Text(key, TypeStyle.AXIS, "text3"))
        head.addStretch(1)
        if switch is not None:
            switch.setFont(font(TypeStyle.LABEL))
            head.addWidget(switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addStretch(1)
        layout.addWidget(control)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)


def line_edit(name: str, *, placeholder: str = "") -> QLineEdit:
    """Return a field for one line of text; `name` is what assistive technology says."""
    edit = QLineEdit()
    edit.setAccessibleName(name)
    edit.setPlaceholderText(placeholder)
    edit.setFont(font(TypeStyle.BODY))
    edit.setMaxLength(2100)
    edit.setMinimumWidth(64)
    # Host names and addresses run from left to right in every language.
    edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return edit


def set_invalid(edit: QLineEdit, invalid: bool) -> None:
    """Mark a field as unusable, or take the mark away."""
    if bool(edit.property("invalid")) is invalid:
        return
    edit.setProperty("invalid", invalid)
    # A dynamic property changes the style sheet's answer only after the style has been asked again.
    edit.style().unpolish(edit)
    edit.style().polish(edit)
