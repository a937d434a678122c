"""Who uses an identity, and which one it follows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from trustdesk.core.identity import IdentityView
from trustdesk.core.message import msg
from trustdesk.core.untrusted import visible
from trustdesk.gui.identities.facts import partners_words, use_words
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say

_SHOWN = 30


class IdentityUsage(QWidget):
    """Links to the partners and to the identity before and after this one.

    Signals:
        partner_wanted: the Endpoint to show.
        identity_wanted: name of another identity.
    """

    partner_wanted = Signal(object)
    identity_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: IdentityView | None = None
        self.partners_button = Button(kind=ButtonKind.LINK)
        self.partners_button.clicked.connect(self._open_partners)
        self._use = Text(style=TypeStyle.SECOND_LINE, ink="text2", wrap=True)
        self.before_button = Button(kind=ButtonKind.LINK)
        self.after_button = Button(kind=ButtonKind.LINK)
        self.before_button.clicked.connect(lambda: self._open_identity(before=True))
        self.after_button.clicked.connect(lambda: self._open_identity(before=False))
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.partners_button)
        line.addWidget(self._use, 1, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(Text(say(msg("Used by")), TypeStyle.LABEL, "text2"))
        layout.addLayout(line)
        layout.addWidget(self.before_button)
        layout.addWidget(self.after_button)

    @property
    def words(self) -> str:
        """Who uses it."""
        return " ".join(part for part in (self.partners_button.text(), self._use.text()) if part)

    def show_identity(self, view: IdentityView) -> None:
        """Show who uses another identity."""
        self._view = view
        some = bool(view.use.endpoints)
        words = say(partners_words(view.use)) if some else ""
        self.partners_button.show_as(words, name=say(msg("{partners} that use it", partners=words)))
        self.partners_button.setVisible(some)
        self._use.setText(say(use_words(view.use)))
        before, after = view.identity.renews, view.identity.renewed_by
        self.before_button.setVisible(before is not None)
        self.before_button.show_as(say(msg("Follows {identity}", identity=visible(before or "", 48))))
        self.after_button.setVisible(after is not None)
        self.after_button.show_as(say(msg("Followed by {identity}", identity=visible(after or "", 48))))

    def menu(self) -> QMenu:
        """Return the partners to choose from."""
        menu = QMenu(self)
        endpoints = () if self._view is None else self._view.use.endpoints
        for endpoint in endpoints[:_SHOWN]:
            words = f"{visible(endpoint.partner, 60)}  ·  {visible(endpoint.target.endpoint, 80)}"
            # An ampersand of a foreign name is no shortcut.
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(
                lambda _checked=False, endpoint=endpoint: self.partner_wanted.emit(endpoint)
            )
        if len(endpoints) > _SHOWN:
            more = menu.addAction(say(msg("and {count} more", count=len(endpoints) - _SHOWN)))
            more.setEnabled(False)
        return menu

    def _open_partners(self) -> None:
        if self._view is None:
            return
        endpoints = self._view.use.endpoints
        if len(endpoints) == 1:
            self.partner_wanted.emit(endpoints[0])
            return
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.partners_button.mapToGlobal(QPoint(0, self.partners_button.height())))

    def _open_identity(self, *, before: bool) -> None:
        if self._view is None:
            return
        identity = self._view.identity
        name = identity.renews if before else identity.renewed_by
        if name is not None:
            self.identity_wanted.emit(name)
