"""What is open in the Inspector as evidence of revocation: the desk is told of it, and what it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QObject, Signal

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.opened import OpenedItem, OpenedItems
from trustdesk.services.desk import Desk
from trustdesk.services.evidence_in_use import EvidenceInUse, ListInUse, OpenEvidence


class Evidence(QObject):
    """Keeps the desk's evidence in step with what is open.

    Signals:
        changed: judgements may come out otherwise than before.
        done: a Message that says what was done for the person.
        kept_wanted: the sources that hold the kept lists, for the person to look at.
        failed: a TrustdeskError.
    """

    changed = Signal()
    done = Signal(object)
    kept_wanted = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk: Desk | None = None
        self._told: tuple[str, ...] | None = None
        self._asked = 0
        self._in_use = EvidenceInUse()

    @property
    def in_use(self) -> EvidenceInUse:
        """How it stands, as the desk said last."""
        return self._in_use

    def of(self, sha256: str) -> ListInUse | None:
        """How one list stands; None before the desk has said so."""
        return self._in_use.lists.get(sha256)

    def set_desk(self, desk: Desk) -> None:
        """Work with a desk; what it keeps is told once something is."""
        self._desk = desk
        self._told = None

    def tell(self, opened: OpenedItems) -> None:
        """Tell the desk what is open now, if that is not what it was told before."""
        found = {one.key: evidence for one in opened.items if (evidence := _evidence_of(one)) is not None}
        if self._desk is None or tuple(found) == self._told:
            return
        self._told = tuple(found)
        self._asked += 1
        asked = self._asked

        def take(in_use: EvidenceInUse) -> None:
            if asked == self._asked:
                self._take(in_use)

        self._bridge.when_done(self._desk.use_evidence(tuple(found.values())), take, self.failed.emit)

    def look_again(self, opened: OpenedItems) -> None:
        """Ask the desk once more what it goes by: it may have taken up lists that nobody opened."""
        self._told = None
        self.tell(opened)

    def stop_asking(self) -> None:
        """Wait no longer for what the CAs are being asked."""
        if self._desk is not None:
            self._desk.stop_asking()

    def keep(self, crl: CrlFacts, name: str, beside: Sequence[CertificateFacts]) -> None:
        """Have the workspace keep a list."""
        if self._desk is not None:
            question = self._desk.keep_crl(crl, name, beside=beside)
            self._bridge.when_done(question, self._kept, self.failed.emit)

    def forget(self, sha256: str) -> None:
        """Have the workspace keep a list no longer."""
        if self._desk is not None:
            self._bridge.when_done(self._desk.forget_crl(sha256), self._forgotten, self.failed.emit)

    def open_kept(self) -> None:
        """Have the lists opened that the workspace keeps."""
        if self._desk is not None:
            self._bridge.when_done(self._desk.kept_crls(), self.kept_wanted.emit, self.failed.emit)

    def _take(self, in_use: EvidenceInUse) -> None:
        if in_use != self._in_use:
            self._in_use = in_use
            self.changed.emit()

    def _kept(self, in_use: EvidenceInUse) -> None:
        self._take(in_use)
        words: Message = msg("Kept for this workspace.")
        if in_use.replaced:
            words = msg_n(
                "Kept for this workspace, in place of {count} older list.",
                "Kept for this workspace, in place of {count} older lists.",
                in_use.replaced,
            )
        self.done.emit(words)

    def _forgotten(self, in_use: EvidenceInUse) -> None:
        self._take(in_use)
        self.done.emit(msg("Forgotten: it counts as long as it is open."))


def _evidence_of(one: OpenedItem) -> OpenEvidence | None:
    """Return what an item says of revocation; None for most."""
    if one.item.crl is None:
        return None
    return OpenEvidence(name=PurePath(one.places[0][0]).name, crl=one.item.crl)
