"""The fourth step: what the rules say of the requests before they are made."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trustdesk.core.message import msg, msg_n
from trustdesk.gui.handshake.field_cell import TickBox
from trustdesk.gui.requests.draft_words import chip_of
from trustdesk.gui.requests.host_asking import HostAsking
from trustdesk.gui.requests.judged import JudgedDraft
from trustdesk.gui.requests.request_head import RequestHead
from trustdesk.gui.requests.step_page import StepPage
from trustdesk.gui.widgets.button import Button, ButtonKind
from trustdesk.gui.widgets.findings_list import FindingsList
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import say


class CheckStep(StepPage):
    """Findings by rule, with source and remedy; requests that break a rule need the person's word.

    Signals:
        changed: the person agreed to go on, or took that back.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(
            msg("Would a CA take it?"),
            msg("The rules of the ONE Record profile, applied to what will be requested."),
        )
        self._judged: tuple[JudgedDraft, ...] = ()
        self.lists: list[FindingsList] = []
        self._hosts: HostAsking | None = None
        self.on_hosts = Text(ink="text2", wrap=True)
        self.look_up = Button(say(msg("Look the host names up")), kind=ButtonKind.LINK)
        self.missing = Text(ink="text2", wrap=True)
        self.agree = TickBox("", name="-")
        self._body = QWidget()
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.content.addWidget(self._body)
        self.content.addWidget(self.on_hosts)
        self.content.addWidget(self.look_up, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addWidget(self.missing)
        self.content.addWidget(self.agree, 0, Qt.AlignmentFlag.AlignLeft)
        self.content.addStretch(1)
        self.agree.toggled.connect(self.changed)

    def use_hosts(self, hosts: HostAsking) -> None:
        """Offer to look the hosts up; nobody is asked before that is pressed."""
        self._hosts = hosts
        hosts.changed.connect(self._show_hosts)
        self.look_up.clicked.connect(hosts.ask)
        self._show_hosts()

    @property
    def is_sound(self) -> bool:
        """Whether no rule is broken, or the person goes on all the same."""
        return not self._failures or self.agree.isChecked()

    @property
    def _failures(self) -> int:
        return sum(len(one.failures) for one in self._judged)

    def show_judged(self, judged: Sequence[JudgedDraft]) -> None:
        """Show the findings on drafts."""
        if tuple(judged) == self._judged:
            return
        self._judged = tuple(judged)
        while (item := self._layout.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self.lists = []
        for place, one in enumerate(self._judged):
            if place:
                self._layout.addSpacing(12)
            head = RequestHead(one.draft.purpose)
            head.chip.show_state(*chip_of(one))
            findings = FindingsList(shows_source=True)
            findings.show_findings(one.findings)
            self.lists.append(findings)
            self._layout.addWidget(head)
            self._layout.addWidget(findings)
        self.missing.setText(
            say(
                msg(
                    "What needs the key is checked when it is made: that it signed the request (CSR-1) and is"
                    " used nowhere else (CSR-8). What the CA makes of it is compared when its reply comes"
                    " (CSR-9)."
                )
            )
        )
        self.agree.setChecked(False)
        self.agree.setVisible(self._failures > 0)
        words = say(
            msg_n(
                "Make it all the same, with {count} problem",
                "Make it all the same, with {count} problems",
                self._failures,
            )
        )
        self.agree.setText(words)
        self.agree.setAccessibleName(words)
        self.agree.updateGeometry()

    def _show_hosts(self) -> None:
        hosts = self._hosts
        has_hosts = hosts is not None and hosts.has_hosts
        self.on_hosts.setVisible(has_hosts)
        self.look_up.setVisible(has_hosts)
        if hosts is not None:
            self.on_hosts.setText("\n".join(say(one) for one in hosts.said))
            self.look_up.setEnabled(not hosts.is_running)

    def focus_first(self) -> None:
        """Move the keyboard to the first finding, or to the question."""
        if self._failures:
            self.agree.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.lists and self.lists[0].rows:
            self.lists[0].rows[0].setFocus(Qt.FocusReason.OtherFocusReason)
