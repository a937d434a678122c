"""Table and detail side by side, or one over the other in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter

from trustdesk.gui.partners.detail import PartnerDetail
from trustdesk.gui.partners.list_pane import ListPane

_NARROWEST_DETAIL, _GOOD_DETAIL = 400, 440
_BESIDE_TABS = 40
"""Margins of the detail beside its tabs."""


class PartnersSplit(QSplitter):
    """Shares the width between both.

    Attributes:
        is_narrow: whether only one of both has room.
        is_detail_open: whether that one is the detail.
    """

    def __init__(self, pane: ListPane, detail: PartnerDetail) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._pane, self._detail = pane, detail
        self._moved_share: float | None = None
        self.is_narrow = False
        self.is_detail_open = False
        self.setHandleWidth(16)
        self.setChildrenCollapsible(False)
        self.addWidget(pane)
        self.addWidget(detail)
        self.setStretchFactor(0, 55)
        self.setStretchFactor(1, 45)
        detail.setMinimumWidth(_NARROWEST_DETAIL)
        self.splitterMoved.connect(self._keep_as_moved)

    @property
    def moved_share(self) -> float | None:
        """The table's share of the width, 0 to 1, where the person moved the handle; None before that."""
        return self._moved_share

    def share_as(self, share: float) -> None:
        """Share the width as a person did before."""
        self._moved_share = share
        self.share()

    @property
    def shows_detail_alone(self) -> bool:
        """Whether the detail stands over the table."""
        return self.is_narrow and self.is_detail_open

    def settle(self, *, narrow: bool) -> None:
        """Show both, or the one that is open; a detail over the table closes where there is room for both."""
        if narrow != self.is_narrow:
            self.is_narrow = narrow
            self.is_detail_open = self.is_detail_open and narrow
        self._pane.setVisible(not self.shows_detail_alone)
        if (
            narrow
            and not self.is_detail_open
            and self._detail.isAncestorOf(QApplication.focusWidget() or self)
        ):
            self._pane.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._detail.setVisible(not narrow or self.is_detail_open)
        self.share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width: Qt would give each side its part of it, whatever the columns want."""
        super().resizeEvent(event)
        self.share()

    def event(self, event: QEvent) -> bool:
        """Make room for tabs that have grown by a count."""
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest and not self.is_narrow and self._widen():
            self.share()
        return done

    def _widen(self) -> bool:
        # The words of the tabs are never cut, and some languages have longer ones.
        tabs = self._detail.tabs.minimumSizeHint().width() + _BESIDE_TABS
        before = self._detail.minimumWidth()
        self._detail.setMinimumWidth(max(_NARROWEST_DETAIL, tabs))
        return self._detail.minimumWidth() != before

    def share(self) -> None:
        """Give the table the room for all its columns, until the person has moved the handle."""
        if self.is_narrow:
            return
        self._widen()
        room = self.width() - self.handleWidth()
        if self._moved_share is not None:
            table = round(room * self._moved_share)
            self.setSizes([table, room - table])
            return
        wanted = max(round(room * 0.55), min(self._pane.table.full_width + 2, room - _GOOD_DETAIL))
        self.setSizes([wanted, room - wanted])

    def _keep_as_moved(self) -> None:
        sizes = self.sizes()
        if all(sizes):
            self._moved_share = sizes[0] / sum(sizes)
