"""The desk's side of what says who is revoked: what is open, what is kept, and whether anybody is asked."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.inspection import CrlFacts
from trustdesk.services.desk_revocation import DeskRevocation
from trustdesk.services.desk_values import PastedData
from trustdesk.services.evidence_in_use import EvidenceInUse, OpenEvidence


class EvidenceSide:
    """The methods of `services.desk.Desk` on evidence; whoever inherits it sets `_revocation`."""

    _revocation: DeskRevocation

    def use_evidence(self, evidence: Sequence[OpenEvidence]) -> Future[EvidenceInUse]:
        """Judge by what a person has open, and by what the workspace keeps."""
        return self._revocation.use(evidence)

    def keep_crl(
        self, crl: CrlFacts, name: str, *, beside: Sequence[CertificateFacts] = ()
    ) -> Future[EvidenceInUse]:
        """Keep a list that is open for the workspace."""
        return self._revocation.keep(crl, name, beside)

    def forget_crl(self, sha256: str) -> Future[EvidenceInUse]:
        """Keep a list no longer."""
        return self._revocation.forget(sha256)

    def kept_crls(self) -> Future[tuple[PastedData, ...]]:
        """The lists that the workspace keeps."""
        return self._revocation.kept()

    def set_online(self, online: bool) -> None:
        """Ask the CAs about revocation from now on, or nobody."""
        self._revocation.set_online(online)

    def stop_asking(self) -> None:
        """End what is being asked now."""
        self._revocation.stop_asking()
