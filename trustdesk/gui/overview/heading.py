"""The head of the page: title, what there is, and the two buttons of a day's beginning."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.elided_label import ElidedLabel
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say
from trustdesk.services.timeline_values import ExpiryTimeline


class OverviewHeading(QWidget):
    """The line.

    Signals:
        run_wanted: every partner shall be tested.
        report_wanted: how everybody stands shall be written into a file.
        import_partners_wanted, import_identity_wanted, import_list_wanted: what shall be taken in.
    """

    run_wanted = Signal()
    report_wanted = Signal()
    import_partners_wanted = Signal()
    import_identity_wanted = Signal()
    import_list_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = ElidedLabel(ink="text2")
        self.import_button = Button(say(msg("Import …")), icon="import")
        self.report_button = Button(say(msg("Report …")), icon="export", name=say(msg("Report")))
        self.report_button.setToolTip(
            say(msg("Write how every partner stands: page, PDF, table or document"))
        )
        self.report_button.clicked.connect(self.report_wanted)
        self.run_button = Button(say(msg("Run all")), icon="run", key="F5", kind=ButtonKind.PRIMARY)
        self.run_button.setToolTip(say(msg("Test every partner (F5)")))
        self.menu = QMenu(self)
        for words, wanted in (
            (msg("Partners …"), self.import_partners_wanted),
            (msg("An identity …"), self.import_identity_wanted),
            (msg("A trust list …"), self.import_list_wanted),
        ):
            self.menu.addAction(say(words)).triggered.connect(wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(Text(say(msg("Overview")), TypeStyle.PAGE_TITLE))
        layout.addWidget(self._count, 1)
        layout.addWidget(self.report_button)
        layout.addWidget(self.import_button)
        layout.addWidget(self.run_button)
        self.setMinimumHeight(self.run_button.sizeHint().height())
        self.import_button.clicked.connect(self._ask_what)
        self.run_button.clicked.connect(self.run_wanted)
        self.show_counts(None)

    @property
    def count_words(self) -> str:
        """What is said of how many there are of everything."""
        return self._count.text()

    def show_counts(self, found: ExpiryTimeline | None) -> None:
        """Say how many there are; None for nothing, neither to count nor to run."""
        self._count.setText("" if found is None else _counts(found))
        self.import_button.setVisible(found is not None)
        for button in (self.run_button, self.report_button):
            button.setVisible(found is not None and found.partners > 0)

    def _ask_what(self) -> None:
        self.menu.popup(self.import_button.mapToGlobal(QPoint(0, self.import_button.height() + 2)))


def _counts(found: ExpiryTimeline) -> str:
    return say(
        msg(
            "{partners}, {identities}, {authorities}",
            partners=msg_n("{count} partner", "{count} partners", found.partners),
            identities=msg_n("{count} identity", "{count} identities", found.identities),
            authorities=msg_n("{count} CA in force", "{count} CAs in force", found.authorities),
        )
    )
