"""Opens the revocation list in view at the desk, and tells what it says of what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.message import msg
from trustdesk.core.ports import Job
from trustdesk.core.trust import TrustList
from trustdesk.gui.bridge import Bridge
from trustdesk.gui.inspector.crl_pane import CrlPane
from trustdesk.gui.inspector.crl_rows import crl_verdict_lines, title_of
from trustdesk.gui.inspector.evidence import Evidence
from trustdesk.gui.inspector.opened import OpenedItems
from trustdesk.gui.widgets.button import Button
from trustdesk.gui.words import say
from trustdesk.services.desk import Desk
from trustdesk.services.desk_values import OpenedCrl
from trustdesk.services.evidence_in_use import EvidenceState, ListInUse


class CrlViewer(QObject):
    """One list at a time; what comes of an earlier one is dropped, and its indexing cancelled.

    Signals:
        judged: a tuple of VerdictLine for the list in view.
    """

    judged = Signal(object)

    def __init__(
        self, bridge: Bridge, pane: CrlPane, evidence: Evidence, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._pane = pane
        self._evidence = evidence
        self._name = ""
        self.keep_button = Button(say(msg("Keep for this workspace")), icon="import")
        self.keep_button.setToolTip(say(msg("Every judgement looks at it then, in every session.")))
        self.forget_button = Button(say(msg("Forget")), icon="close", name=say(msg("Forget this list")))
        self.keep_button.clicked.connect(self._keep)
        self.forget_button.clicked.connect(self._forget)
        evidence.changed.connect(self._tell)
        self._desk: Desk | None = None
        self._crl: CrlFacts | None = None
        self._beside: dict[str, CertificateFacts] = {}
        self._certificates: dict[str, CertificateFacts] = {}
        self._now: datetime | None = None
        self._job: Job[OpenedCrl] | None = None
        self._opened: OpenedCrl | None = None
        pane.cancel_wanted.connect(self._cancel)
        pane.again_wanted.connect(self._open)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being opened."""
        return self._job is None

    def view(
        self,
        desk: Desk,
        crl: CrlFacts | None,
        opened: OpenedItems,
        lists: Sequence[TrustList],
        now: datetime,
        *,
        name: str = "",
    ) -> None:
        """Show a list, as of an instant; None shows none.

        What is open or stands on the trust lists may have signed it, or be on it.

        Args:
            name: of the file that it came from.
        """
        if crl is None:
            self.clear()
            return
        certificates = {one.key: one.facts for one in opened.certificates() if one.facts is not None}
        anchors = (anchor.certificate for trust_list in lists for anchor in trust_list.trust_anchors)
        beside = {**{one.sha256: one for one in anchors}, **certificates}
        is_known = (
            self._crl is not None and crl.sha256 == self._crl.sha256 and beside.keys() == self._beside.keys()
        )
        if self._crl is None or crl.sha256 != self._crl.sha256:
            self._opened = None
        self._desk, self._crl, self._now, self._name = desk, crl, now, name
        self._beside, self._certificates = beside, certificates
        if is_known and (self._opened is not None or self._job is not None):
            self._tell()
        else:
            self._open()

    def clear(self) -> None:
        """Show no list, and stop opening one."""
        self._cancel()
        self._job = None
        self._crl = self._opened = None
        self._pane.clear()
        self._offer(None)

    def _open(self) -> None:
        if self._desk is None or self._crl is None:
            return
        self._cancel()
        if self._opened is None:
            self._pane.show_progress(None)
        job = self._desk.open_crl(self._crl, beside=tuple(self._beside.values()), on_progress=self._progress)
        self._job = job
        self._tell()
        self._bridge.when_done(
            job.future, lambda opened: self._take(job, opened), lambda error: self._fail(job, error)
        )

    def _cancel(self) -> None:
        if self._job is not None and not self._job.future.done():
            self._job.cancel()

    def _progress(self, part: float) -> None:
        """Take how far it is, from another thread."""
        job = self._job
        self._bridge.post(lambda: self._show_progress(job, part))

    def _show_progress(self, job: Job[OpenedCrl] | None, part: float) -> None:
        if job is self._job and self._opened is None and job is not None and not job.future.done():
            self._pane.show_progress(part)

    def _take(self, job: Job[OpenedCrl], opened: OpenedCrl) -> None:
        if job is not self._job:
            return
        self._opened, self._job = opened, None
        holders = {entry.position: title_of(self._certificates, key) for key, entry in opened.on_list.items()}
        self._pane.show_crl(opened, {position: name for position, name in holders.items() if name})
        self._tell()

    def _fail(self, job: Job[OpenedCrl], error: TrustdeskError) -> None:
        if job is self._job:
            self._job = None
            self._pane.show_error(error)

    def _tell(self) -> None:
        if self._crl is None or self._now is None:
            return
        facts = self._crl if self._opened is None else self._opened.revocation_list.facts
        use = self._evidence.of(self._crl.sha256)
        self._offer(use)
        self.judged.emit(crl_verdict_lines(facts, self._opened, self._certificates, self._now, use))

    def _offer(self, use: ListInUse | None) -> None:
        is_kept = use is not None and use.kept_at is not None
        can_keep = use is not None and use.state is EvidenceState.IN_USE and not is_kept
        self.keep_button.setVisible(can_keep)
        self.forget_button.setVisible(is_kept)

    def _keep(self) -> None:
        if self._crl is not None:
            self._evidence.keep(self._crl, self._name, tuple(self._beside.values()))

    def _forget(self) -> None:
        if self._crl is not None:
            self._evidence.forget(self._crl.sha256)
