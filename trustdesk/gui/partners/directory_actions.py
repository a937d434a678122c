"""Changing the directory from the page: add, edit, remove, import, export, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from trustdesk.core.errors import TrustdeskError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.partner import PartnerEntry
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.partners.detail import PartnerDetail
from trustdesk.gui.partners.directory_notice import DirectoryNotice
from trustdesk.gui.partners.heading import PartnersHeading
from trustdesk.gui.partners.model import PartnersModel
from trustdesk.gui.partners.table import PartnersTable
from trustdesk.gui.shortcuts import Key
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.save_question import ask_file
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import IdentityChoice
from trustdesk.services.directory_values import DirectoryChange, DuplicateGroup

_FORMS = {".csv": msg("Table for a spreadsheet"), ".json": msg("Document for programs")}


class DirectoryActions(QObject):
    """Opens the dialogs over the page, and tells when the directory has changed.

    Attributes:
        notice: what was done, for the page's foot.
        dialog: the one that was opened last.

    Signals:
        changed: the directory was changed.
        failed: the TrustdeskError for which something was not done.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        page: QWidget,
        heading: PartnersHeading,
        table: PartnersTable,
        model: PartnersModel,
        detail: PartnerDetail,
    ) -> None:
        super().__init__(page)
        self._bridge, self._page = bridge, page
        self._table, self._model, self._detail = table, model, detail
        self._desk: Desk | None = None
        self._identities: tuple[str, ...] = ()
        self.notice = DirectoryNotice()
        self.dialog: PlainDialog | None = None
        self.ask_file: Callable[[QWidget], Path | None] = _ask_file
        self.edit_action = self._row_action(msg("Edit the partner …"), self.edit_current, Key.PARTNERS_EDIT)
        self.remove_action = self._row_action(msg("Remove"), self.remove_marked, Key.PARTNERS_REMOVE)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        heading.import_pressed.connect(self.import_file)
        heading.add_menu(msg("Add a partner …"), self.add)
        heading.add_menu(msg("Edit the partner in view …"), self.edit_current)
        heading.add_menu(msg("Remove the marked partners"), self.remove_marked)
        heading.add_menu(msg("Export the directory …"), self.export)
        heading.add_menu(msg("Check the directory …"), self.check)
        self.notice.open_wanted.connect(self.undo)

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk."""
        self._desk = desk

    def add(self) -> None:
        """Open the form of a new partner."""
        self._with_identities(lambda: self._open_form(None))

    def edit_current(self) -> None:
        """Open the form of the partner in view."""
        endpoint = self._detail.endpoint
        if endpoint is not None:
            self.edit(endpoint.partner)

    def edit(self, name: str) -> None:
        """Open the form of a partner, as it is kept now."""
        if self._desk is not None:
            asked = self._desk.directory_desk.partner(name)
            self._bridge.when_done(
                asked, lambda entry: self._with_identities(lambda: self._open_form(entry)), self.failed.emit
            )

    def import_file(self, file: Path | None = None) -> None:
        """Open the import, with a file that is read at once where one is given."""
        from trustdesk.gui.partners.import_dialog import PartnerImportDialog

        if self._desk is None:
            return
        dialog = PartnerImportDialog(
            self._page.window(), self._bridge, self._desk.directory_desk, file or None
        )
        dialog.imported.connect(self._take_change)
        self._show(dialog)

    def export(self) -> None:
        """Write the whole directory into a file that the person names; an import takes it back."""
        file = None if self._desk is None else self.ask_file(self._page.window())
        if self._desk is None or file is None:
            return
        written = self._desk.directory_desk.export(file)
        self._bridge.when_done(written, lambda count: self._say_written(count, file), self.failed.emit)

    def remove_marked(self) -> None:
        """Remove the partners whose rows are marked, with all their endpoints."""
        places = self._table.selected_places()
        names = list(dict.fromkeys(one.partner for one in self._model.endpoints(places)))
        if self._desk is not None and names:
            removing = self._desk.directory_desk.remove(names)
            self._bridge.when_done(removing, self._take_change, self.failed.emit)

    def undo(self) -> None:
        """Take back what the notice tells of."""
        if self._desk is None or self.notice.change is None:
            return
        undoing: Future[None] = self._desk.directory_desk.undo(self.notice.change)
        self.notice.hide()
        self._bridge.when_done(undoing, self._say_undone, self.failed.emit)

    def check(self) -> None:
        """Show who may be there twice, and who is never tested."""
        desk = None if self._desk is None else self._desk.directory_desk
        if desk is None:
            return

        def take(groups: tuple[DuplicateGroup, ...]) -> None:
            self._bridge.when_done(
                desk.partners(), lambda entries: self._open_check(groups, entries), self.failed.emit
            )

        self._bridge.when_done(desk.duplicates(), take, self.failed.emit)

    def _open_form(self, entry: PartnerEntry | None) -> None:
        from trustdesk.gui.partners.partner_dialog import PartnerDialog

        if self._desk is None:
            return
        dialog = PartnerDialog(
            self._page.window(),
            self._bridge,
            self._desk.directory_desk,
            entry,
            identities=self._identities,
        )
        dialog.saved.connect(lambda change, _name: self._take_change(change))
        self._show(dialog)

    def _open_check(self, groups: tuple[DuplicateGroup, ...], entries: tuple[PartnerEntry, ...]) -> None:
        from trustdesk.gui.partners.check_dialog import CheckDialog

        bare = [entry.partner.name for entry in entries if not entry.endpoints]
        dialog = CheckDialog(self._page.window(), groups, bare)
        dialog.edit_wanted.connect(self.edit)
        self._show(dialog)

    def _with_identities(self, then: Callable[[], None]) -> None:
        """Go on once our identities are known; without them where they cannot be read."""
        if self._desk is None:
            return

        def take(choices: tuple[IdentityChoice, ...]) -> None:
            self._identities = tuple(one.name for one in choices)
            then()

        def leave_out(_error: TrustdeskError) -> None:
            then()

        self._bridge.when_done(self._desk.identities(), take, leave_out)

    def _show(self, dialog: PlainDialog) -> None:
        self.dialog = dialog
        dialog.open()

    def _take_change(self, change: DirectoryChange) -> None:
        self.notice.show_change(change)
        self.changed.emit()

    def _say_undone(self, _nothing: None) -> None:
        self.notice.show_words(msg("Undone."))
        self.changed.emit()

    def _say_written(self, count: int, file: Path) -> None:
        self.notice.show_words(
            msg_n(
                "{count} partner written: {file}", "{count} partners written: {file}", count, file=str(file)
            )
        )

    def _row_action(self, words: Message, call: Callable[[], None], key: Key) -> QAction:
        action = QAction(say(words), self)
        action.setShortcuts([QKeySequence(one) for one in key.value.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: call())
        self._table.addAction(action)
        return action


def _ask_file(parent: QWidget) -> Path | None:
    return ask_file(parent, "partners.csv", title=msg("Export the directory"), kinds=_FORMS)
