"""What a kept result rests on, and what can put it out of date: its report in a few values."""

from __future__ import annotations

from trustdesk.core.light_dataclass import light_dataclass


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What the last result of an endpoint rests on.

    Instants are seconds since 1970-01-01 UTC, so that thousands of rows are compared at once.

    Attributes:
        tested_at: start of the test.
        is_judged: whether a certificate was presented and judged; what follows is empty otherwise.
        trusted, trust_list, basis, engine, path: as in `core.trust.ServerJudgement`.
        judged_at: for which instant; None where the judgement does not say.
        verify_name: reference identifier that it was judged for.
        issuers: of what was presented, RFC 4514.
        instants: at which one of the certificates presented begins, ends, or comes near its end.
        not_after: end of the server's certificate; None when none was presented or it cannot be read.
        own: SHA-256 of our certificate, where it was sent; None otherwise.
        own_accepted: whether an answer proved that it was accepted.
    """

    tested_at: float
    is_judged: bool = False
    trusted: bool = False
    trust_list: str = ""
    basis: str = ""
    engine: str = ""
    path: tuple[str, ...] = ()
    judged_at: float | None = None
    verify_name: str = ""
    issuers: tuple[str, ...] = ()
    instants: tuple[float, ...] = ()
    not_after: float | None = None
    own: str | None = None
    own_accepted: bool = False
