"""Trust lists, sources and notes to begin with, for the tests of what keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Executable

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust_decision import DecisionKind, LocalDecision
from trustdesk.core.trust_entry import (
    Audit,
    Distrust,
    EntryStatus,
    ListEntry,
    Owner,
    StatusChange,
    Usage,
)
from trustdesk.core.trust_version import Endorsement, ListContent, ListSource, SignerPin, SourceKind
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.workspace import Workspace

AT = datetime(2026, 11, 20, 8, 41, 7, 250000, tzinfo=UTC)


def note(comment: str = "because", *, minutes: int = 0) -> LogNote:
    """What the log says beside the deed."""
    return LogNote(by="ada", at=AT + timedelta(minutes=minutes), comment=comment)


def entry(certificate: CertificateFacts) -> ListEntry:
    """An entry of which the list says something in every kind of field."""
    return ListEntry(
        sha256=certificate.sha256,
        certificate=certificate,
        subject=certificate.subject or "",
        spki_sha256="ab" * 32,
        usages=frozenset({Usage.TLS_SERVER, Usage.EMAIL}),
        status=EntryStatus.TRUSTED_UNTIL,
        status_since=AT,
        history=(StatusChange(status=EntryStatus.PENDING, since=AT, reason="asked", source="a mail"),),
        distrust=Distrust(tls_after=AT),
        owner=Owner(name="Fjordsign", country="NO"),
        audits=(Audit(kind="WebTrust for CAs", expires=AT), Audit(auditor="somebody")),
        stores=(("Mozilla", "Included"),),
    )


def named_only(number: int) -> ListEntry:
    """An entry whose source names the certificate by its digest alone."""
    digest = hashlib.sha256(f"entry {number}".encode()).hexdigest()
    return ListEntry(sha256=digest, certificate=None, subject=f"CN=Root {number}")


def content(entries: Sequence[ListEntry], sequence: int | None = 1, title: str = "Partners") -> ListContent:
    """A list of these entries."""
    return ListContent(
        title=title, entries=tuple(entries), list_id="urn:example:partners", sequence=sequence, issued_at=AT
    )


def source(text: str = "partners.json") -> ListSource:
    """A source whose digest is that of its name."""
    return ListSource(
        kind=SourceKind.JSON,
        place=text,
        retrieved_at=AT,
        retrieved_by="ada",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def pin(signer: str = "cd" * 32) -> SignerPin:
    """A pinned signer."""
    return SignerPin(
        signer=signer,
        list_id="urn:example:partners",
        pinned_at=AT,
        pinned_by="ada",
        endorsement=Endorsement.IATA,
    )


def distrust(sha256: str = "ef" * 32) -> LocalDecision:
    """A distrust of a certificate."""
    return LocalDecision(
        sha256=sha256,
        spki_sha256="12" * 32,
        subject="CN=Fjordsign Root 2021",
        kind=DecisionKind.DISTRUST,
        by="ada",
        at=AT,
        reason="its key is out",
    )


def limit(sha256: str = "ef" * 32) -> LocalDecision:
    """A limit of what a certificate may vouch for."""
    return LocalDecision(
        sha256=sha256,
        spki_sha256=None,
        subject="CN=Fjordsign Root 2021",
        kind=DecisionKind.LIMIT_USAGE,
        by="ada",
        at=AT,
        reason="servers only",
        usages=frozenset({Usage.TLS_SERVER}),
    )


def change(workspace: Workspace, statement: Executable, rows: Sequence[Mapping[str, object]] = ()) -> None:
    """Change a workspace as another program would, which has its file alone."""

    def run(connection: Connection) -> None:
        connection.execute(statement, rows or None)

    workspace.submit(run).result()
