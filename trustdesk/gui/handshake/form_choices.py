"""As whom, and against which list: the two choices of the form, from the desk or from files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.core.untrusted import visible
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.handshake.file_choice import FileChoice, FileRole
from trustdesk.gui.handshake.file_combo import ComboChoice, FileCombo
from trustdesk.gui.handshake.own_revocation import OwnRevocationNote
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import IdentityChoice


class FormChoices(QObject):
    """Holds both fields, fills them from a desk, and adds what is opened from files.

    Signals:
        identity_changed: another identity, or none, was chosen.
        identities_known: the desk has named its identities.
        failed: the TrustdeskError with which the desk answered.
    """

    identity_changed = Signal()
    identities_known = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge: Bridge | None = None
        self._desk: Desk | None = None
        self._identities: tuple[IdentityChoice, ...] = ()
        self._trust_lists: tuple[TrustList, ...] = ()
        self._wanted_list: str | None = None
        self.identity_field = FileCombo(name=say(msg("Identity")), icon="key")
        self.trust_list_field = FileCombo(name=say(msg("Trust list")), icon="trust-lists")
        self.identity_file: FileChoice[IdentityChoice] = FileChoice(
            self.identity_field,
            FileRole(title=msg("Client certificate"), has_key=True),
            self._add_identity,
            self,
        )
        self.trust_list_file: FileChoice[TrustList] = FileChoice(
            self.trust_list_field,
            FileRole(title=msg("Trust list"), has_key=False),
            self.add_trust_list,
            self,
        )
        self.own_revocation = OwnRevocationNote()
        self._offer_identities((), None)
        self.identity_field.choice_changed.connect(self.identity_changed)
        for known in (self.identity_changed, self.identities_known):
            known.connect(lambda: self.own_revocation.show_identity(self.identity))

    @property
    def identity(self) -> str | None:
        """Name of the chosen identity; None for none."""
        return self.identity_field.choice

    @property
    def trust_list(self) -> str | None:
        """Name of the chosen list; None before any was offered."""
        return self.trust_list_field.choice

    def work_with(self, bridge: Bridge, desk: Desk) -> None:
        """Ask a desk for its identities and lists, and have it read files."""
        self._bridge, self._desk = bridge, desk
        self.own_revocation.work_with(bridge, desk)
        self.identity_file.work_with(bridge, desk.open_identity)
        self.trust_list_file.work_with(bridge, lambda file, _key, _password: desk.open_trust_list(file))
        self.refresh()

    def refresh(self) -> None:
        """Ask the desk again; what is chosen stays chosen where it is still there."""
        if self._bridge is None or self._desk is None:
            return
        self._bridge.when_done(self._desk.trust_lists(), self._take_lists, self.failed.emit)
        self._bridge.when_done(self._desk.identities(), self._take_identities, self.failed.emit)

    def select_identity(self, name: str | None) -> None:
        """Choose an identity; None, or one that is not there, chooses none. A file on its way is let go."""
        self.identity_file.give_up()
        self.identity_field.select(name)

    def select_trust_list(self, name: str | None) -> None:
        """Choose a list, now or once it is offered; one that is not there leaves the first."""
        self._wanted_list = name
        self.trust_list_field.select(name)

    def add_trust_list(self, opened: TrustList) -> None:
        """Offer a list that was just opened from a file, and choose it."""
        others = (trust_list for trust_list in self._trust_lists if trust_list.name != opened.name)
        self._offer_lists((*others, opened), opened.name)

    def _take_identities(self, identities: tuple[IdentityChoice, ...]) -> None:
        self._offer_identities(identities, self.identity)
        self.identities_known.emit()

    def _take_lists(self, lists: tuple[TrustList, ...]) -> None:
        self._offer_lists(lists, self.trust_list or self._wanted_list)

    def _add_identity(self, opened: IdentityChoice) -> None:
        others = (identity for identity in self._identities if identity.name != opened.name)
        self._offer_identities((*others, opened), opened.name)

    def _offer_identities(self, identities: Sequence[IdentityChoice], name: str | None) -> None:
        self._identities = tuple(identities)
        nobody = ComboChoice(key=None, words=say(msg("None (plain TLS)")))
        named = (
            ComboChoice(key=one.name, words=visible(one.name), about=visible(one.subject))
            for one in self._identities
        )
        self.identity_field.set_choices((nobody, *named), name)

    def _offer_lists(self, lists: Sequence[TrustList], name: str | None) -> None:
        self._trust_lists = tuple(lists)
        self.trust_list_field.set_choices(
            [ComboChoice(key=one.name, words=say(one.title)) for one in self._trust_lists], name
        )
