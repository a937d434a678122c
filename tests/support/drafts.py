"""Drafts of certificate requests: good by default, each thing otherwise a keyword."""

from __future__ import annotations

from trustdesk.core.certificate_request import RequestDraft, RequestPurpose

MAIN = "https://1r.halden.example/HAC"
EVENTS = "https://events.halden.example/HAC-EVENTS"


def client_draft(*ids: str, name: str = "halden-client", **keywords: object) -> RequestDraft:
    """A client's draft, of two 1R-IDs unless others are given."""
    return RequestDraft(
        name=name,
        purpose=RequestPurpose.CLIENT,
        one_record_ids=ids or (MAIN, EVENTS),
        **keywords,  # type: ignore[arg-type]
    )


def server_draft(*hosts: str, name: str = "halden-server", **keywords: object) -> RequestDraft:
    """A server's draft."""
    return RequestDraft(
        name=name,
        purpose=RequestPurpose.SERVER,
        dns_names=hosts or ("1r.halden.example", "events.halden.example"),
        **keywords,  # type: ignore[arg-type]
    )


def free_draft(
    subject: str = "CN=anything", *names: str, name: str = "anything", **keywords: object
) -> RequestDraft:
    """A draft of free form."""
    return RequestDraft(
        name=name,
        purpose=RequestPurpose.FREE,
        subject=subject,
        subject_alt_names=names,
        **keywords,  # type: ignore[arg-type]
    )
