"""What the program found out about itself and the machine that it runs on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trustdesk.core.finding import FindingStatus, Verdict
from trustdesk.core.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """One thing that was looked at.

    Attributes:
        name: stable, for scripts: "keyring", "clock".
        title: the same for people.
        status: NOT_RUN where it could not be found out, which is no pass.
        found: what was found, one sentence.
        remedy: what to do; None where nothing is.
        command: a line to type for it, our own text; "" for none.
    """

    name: str
    title: Message
    status: FindingStatus
    found: Message
    remedy: Message | None = None
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest:
    """All checks, as of an instant."""

    at: datetime
    checks: tuple[SelfCheck, ...]

    @property
    def verdict(self) -> Verdict:
        """FAIL where one failed, WARN where one warns, else PASS; what was not run is neither."""
        return verdict_of(self.checks)


def verdict_of(checks: Iterable[SelfCheck]) -> Verdict:
    """Return the word for all of them."""
    found = {check.status for check in checks}
    if FindingStatus.FAIL in found:
        return Verdict.FAIL
    return Verdict.WARN if FindingStatus.WARN in found else Verdict.PASS
