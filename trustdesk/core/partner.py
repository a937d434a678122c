"""The partner directory in its first form: organisations and the endpoints that are tested."""

from __future__ import annotations

from dataclasses import dataclass

from trustdesk.core.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One endpoint of a partner.

    Attributes:
        id: the workspace's number.
        partner: the organisation's name.
        identity: name of the client identity that is used there; None for none.
        note: what a person wrote about it.
    """

    id: int
    partner: str
    target: Target
    identity: str | None = None
    note: str = ""
