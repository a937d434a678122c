"""The last results of the target in view: one without a client certificate, one with.

Both columns of the comparison talk of the same target judged by the same list, or there is only one.
"""

from __future__ import annotations

from enum import StrEnum

from trustdesk.core.probe import ProbeReport
from trustdesk.core.target import Target


class RunKind(StrEnum):
    """Whether a client certificate was selected."""

    TLS = "tls"
    MTLS = "mtls"


def kind_of(identity: str | None) -> RunKind:
    """Return the kind of a run with this identity; None for none selected."""
    return RunKind.TLS if identity is None else RunKind.MTLS


class RunBook:
    """Keeps one result of each kind, and forgets both when the target or the trust list changes."""

    def __init__(self) -> None:
        self._subject: tuple[Target, str | None] | None = None
        self._reports: dict[RunKind, ProbeReport] = {}
        self._identities: dict[RunKind, str | None] = {}
        self._judged: dict[RunKind, ProbeReport | None] = {}
        self._outdated: set[RunKind] = set()
        self._is_run_current = True

    @property
    def subject(self) -> tuple[Target, str | None] | None:
        """Target and name of the trust list that the results are of; None before the first run."""
        return self._subject

    @property
    def target(self) -> Target | None:
        """What the results are of; None before the first run."""
        return None if self._subject is None else self._subject[0]

    @property
    def trust_list(self) -> str | None:
        """Name of the list that the results were judged by; None for the one in force."""
        return None if self._subject is None else self._subject[1]

    def clear(self) -> None:
        """Forget everything."""
        self._subject = None
        self._judged.clear()
        self._outdated.clear()
        self._reports.clear()
        self._identities.clear()

    def begin(self, target: Target, trust_list: str | None, identity: str | None) -> RunKind:
        """Open the page for a run; its kind's earlier result goes, the other's stays for the same subject."""
        kind = kind_of(identity)
        if self._subject != (target, trust_list):
            self.clear()
            self._subject = (target, trust_list)
        self._reports.pop(kind, None)
        self._judged.pop(kind, None)
        self._identities[kind] = identity
        self._is_run_current = True
        return kind

    def keep(self, kind: RunKind, report: ProbeReport) -> None:
        """Keep the result of the run that was begun; how an earlier one was judged goes with it."""
        self._reports[kind] = report
        self._judged.pop(kind, None)
        self._outdated.discard(kind)
        if not self._is_run_current:
            self._outdated.add(kind)

    def outdate(self, trust_list: str | None = None) -> None:
        """Another list is in force, or other evidence: what was run, or runs, does not stand as it was made.

        Args:
            trust_list: name of the list that all is judged by from now on; None for the one so far.
        """
        self._is_run_current = False
        self._outdated.update(self._reports)
        if trust_list is not None and self._subject is not None:
            self._subject = (self._subject[0], trust_list)

    def is_outdated(self, kind: RunKind) -> bool:
        """Whether the list or the evidence is another one than a result was judged by when it was made."""
        return kind in self._outdated

    def report(self, kind: RunKind) -> ProbeReport | None:
        """Return the last result of a kind; None when there is none."""
        return self._reports.get(kind)

    def identity(self, kind: RunKind) -> str | None:
        """Return the name of the identity of a kind's last run."""
        return self._identities.get(kind)

    def await_judgement(self, kind: RunKind) -> None:
        """A result is being judged again: until then nothing is said of it."""
        self._judged[kind] = None

    def keep_judged(self, kind: RunKind, report: ProbeReport) -> None:
        """Keep how a result stands on the day in view, by the list and the evidence of now."""
        self._judged[kind] = report

    def forget_judged(self) -> None:
        """The day is another one: how results stood on the last one is of no interest any more."""
        self._judged.clear()

    def judged(self, kind: RunKind) -> ProbeReport | None:
        """Return how a result stands now; None while that is not known, or there is none."""
        return self._judged[kind] if kind in self._judged else self._reports.get(kind)

    @property
    def has_both(self) -> bool:
        """Whether there is something to compare."""
        return len(self._reports) == len(RunKind)
