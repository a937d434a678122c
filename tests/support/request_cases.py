"""Cases of requests and replies of CAs, as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support import sample_certificates
from tests.support.identity_samples import sample_key, sample_request
from trustdesk.core.certificate_request import (
    CaseState,
    MatchedReply,
    RequestCase,
    RequestDifference,
    RequestPurpose,
)
from trustdesk.core.message import msg

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LEAF = sample_certificates.server("1r.haldenair.example", datetime(2027, 10, 1, tzinfo=UTC))
CA = sample_certificates.intermediate()


def sample_case(
    number: int, name: str, *, days: int = 2, has_key: bool = True, **changes: Any
) -> RequestCase:
    """A client's request that waits for its CA; `days` is its age, `changes` are fields of RequestCase."""
    case = RequestCase(
        id=number,
        name=name,
        purpose=RequestPurpose.CLIENT,
        state=CaseState.REQUESTED,
        request=replace(
            sample_request(name), subject_alt_names=(f"URI:https://1r.haldenair.example/{name.upper()}",)
        ),
        created_at=NOW - timedelta(days=days),
        key=sample_key(name) if has_key else None,
    )
    return replace(case, **changes)


def sample_reply(case: RequestCase | None, *differences: RequestDifference, **changes: Any) -> MatchedReply:
    """A reply with its chain; the CA's own certificate was in the workspace."""
    reply = MatchedReply(
        certificate=LEAF,
        case=case,
        certification_path=(LEAF, CA),
        differences=differences,
        completed=((CA, msg("from the workspace")),),
        next_step=None
        if case is None
        else msg(
            "It becomes the identity {name}. {old} stays in use until a handshake with the new one is"
            " accepted.",
            name=case.name,
            old=case.renews or "",
        ),
    )
    return replace(reply, **changes)


def difference(subject: str, *, is_harmful: bool) -> RequestDifference:
    """One that says what follows."""
    return RequestDifference(
        subject=msg("{name}", name=subject),
        asked=msg("clientAuth"),
        issued=None,
        meaning=msg("No server takes it."),
        is_harmful=is_harmful,
    )
