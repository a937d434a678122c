"""A workspace with private CAs at a clock that a test sets, and its keys in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, select

from tests.support.memory_keys import MemoryKeyStores
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.finding import Finding
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.private_ca import (
    AuthorityDraft,
    IssuedCertificate,
    IssuedCrl,
    PrivateAuthority,
    RevocationReason,
)
from trustdesk.services.key_thread import KeyThread
from trustdesk.services.private_ca import PrivateCa
from trustdesk.storage.workspace import Workspace

CLIENT = RequestPurpose.CLIENT
DAYS = timedelta(days=1)
NOW = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that a test sets."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


class PrivateCaDesk:
    """A workspace with its private CAs and what stands around them."""

    def __init__(self, folder: Path, at: datetime = NOW) -> None:
        self.folder = folder
        self.workspace = Workspace.open(folder / "desk")
        self.clock = SetClock(at)
        self.keys = MemoryKeyStores(self.workspace, folder, self.clock)
        self.thread = KeyThread()
        self.compromised: dict[str, str] = {}
        self.ca = PrivateCa(self.workspace, self.keys, self.thread, self.clock, self.compromised)

    def create(self, name: str = "Group", **keywords: Any) -> PrivateAuthority:
        return self.ca.create(AuthorityDraft(name=name, **keywords)).future.result()

    def issue(
        self,
        authority: PrivateAuthority,
        csr: CsrFacts,
        purpose: RequestPurpose = CLIENT,
        days: int = 90,
        partner: str | None = None,
    ) -> IssuedCertificate:
        job = self.ca.issue(authority.id, csr, purpose, validity=days * DAYS, partner=partner)
        return job.future.result()

    def findings(
        self,
        authority: PrivateAuthority,
        csr: CsrFacts,
        purpose: RequestPurpose = CLIENT,
        partner: str | None = None,
    ) -> dict[str, Finding]:
        found = self.ca.preflight(authority.id, csr, purpose, partner).result()
        assert len({one.rule for one in found}) == len(found)
        return {one.rule: one for one in found}

    def revoke(
        self,
        authority: PrivateAuthority,
        issued: IssuedCertificate,
        reason: RevocationReason = RevocationReason.KEY_COMPROMISE,
    ) -> IssuedCrl:
        return self.ca.revoke(authority.id, issued.certificate.sha256, reason).future.result()

    def one(self) -> PrivateAuthority:
        (authority,) = self.ca.authorities().result()
        return authority

    def rows(self, table: Table) -> int:
        return self.workspace.submit(
            lambda connection: connection.execute(select(func.count()).select_from(table)).scalar_one()
        ).result()

    def close(self) -> None:
        self.ca.close()
        self.thread.close()
        self.workspace.close()
