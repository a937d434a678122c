"""Trust lists at the desk: everything that the page Trust lists and `trustdesk trust` ask for.

As with `services.desk`, nothing here blocks and nothing needs Qt. Reading a list keeps nothing; a person
reviews it, and applying it is one transaction that `undo` takes back. What concerns a seal runs on the key
stores' own thread and may wait for a locked keyring; it can be cancelled, and nothing is half done then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trustdesk.core.list_form import ListForm as ListForm  # noqa: PLC0414 - faces find it beside ExportWish
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_version import Endorsement, SourceKind

if TYPE_CHECKING:  # a face is painted before the values are needed
    from trustdesk.core.finding import Finding
    from trustdesk.core.ports import Job
    from trustdesk.core.seal_review import SealReview
    from trustdesk.core.trust_decision import (
        AwaitingDecision,
        LocalDecision,
        PartnerPolicy,
        TrustLog,
    )
    from trustdesk.core.trust_impact import Impact, RootDrop
    from trustdesk.core.trust_version import (
        ListDifference,
        ListReview,
        ListSummary,
        ListVersion,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """What shall be read, and what a person says of it that the file does not.

    Attributes:
        source: a file or folder, an https URL, or SourceKind.SYSTEM for this machine's store.
        name: of the list here; a new one, or one that is there already.
        usages: for entries whose usage the source leaves open; None: nobody has said.
        signer: SHA-256 that the person compared and names (`--signer`); None for none. It is pinned when the
            version is kept.
        endorsement: whom the person says the signer to be; None leaves it as it is.
        passwords: tried on a key store; Java's usual one is tried without being named.
        accept_expired: the person knows that the list's next version is overdue, and wants it all the same.
    """

    source: Path | str | SourceKind
    name: str
    usages: frozenset[Usage] | None = None
    signer: str | None = None
    endorsement: Endorsement | None = None
    passwords: tuple[str, ...] = field(default=(), repr=False)
    accept_expired: bool = False


class ImportPhase(StrEnum):
    """What an import is doing."""

    FETCHING = "fetching"
    READING = "reading"
    CHECKING = "checking"  # signature, lint, difference
    KEEPING = "keeping"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProgress:
    """How far an import is; `total` is None where it cannot be known."""

    phase: ImportPhase
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """How a version shall be written.

    Attributes:
        usage: only entries of it that are trusted for this; None for all entries (JSON) or for all that are
            trusted for anything (the other forms cannot say what is not trusted).
        identity: that signs it (JSON only); None for no signature.
        passphrase: of a Java trust store; None for Java's usual one, which protects nothing.
        with_local: apply what was decided here, and write it as the list's own; without, as imported.
    """

    form: ListForm
    usage: Usage | None = None
    identity: str | None = None
    passphrase: str | None = None
    with_local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenList:
    """A file that was written and read back.

    Attributes:
        lost: fields of entries that this form cannot carry, and that some entry has: each a name as in
            FieldChange; fields of the list itself stand behind "list.", as "list.sequence".
    """

    file: Path
    sha256: str
    entries: int
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A change to try: exactly one of the ways of saying it.

    Attributes:
        before, after: versions, `NAME@NUMBER`; `after` alone stands beside the applied one of its list.
        review: a list that was read and not kept, in place of `after`.
        without: SHA-256 of a CA that goes from every list in force.
        date: the instant that comes.
    """

    before: str | None = None
    after: str | None = None
    review: ListReview | None = None
    without: str | None = None
    date: datetime | None = None


class PreparedList(Protocol):
    """A list that was read and judged; nothing of it is kept."""

    @property
    def review(self) -> ListReview:
        """What a person decides on."""
        ...


class TrustDesk(Protocol):
    """What a face does with trust lists."""

    # --- lists and versions ---

    def lists(self) -> Future[tuple[ListSummary, ...]]:
        """All lists by name, the bundled one last."""
        ...

    def version(self, name: str, number: int | None = None) -> Future[ListVersion]:
        """One version with its entries; None is the applied one.

        The future fails with UnusableInputError where there is none.
        """
        ...

    def prepare_import(
        self, wish: ImportWish, on_progress: Callable[[ImportProgress], None] | None = None
    ) -> Job[PreparedList]:
        """Read a list, check its signature, compare it with the applied version, and keep nothing.

        The future fails with UnusableInputError, which names the file and the first bad row, element or byte,
        or with EnvironmentFailureError where a URL could not be had.
        """
        ...

    def prepare_update(
        self, name: str, on_progress: Callable[[ImportProgress], None] | None = None
    ) -> Job[PreparedList | None]:
        """Fetch the list's URL again; None where the server says that nothing has changed (ETag)."""
        ...

    def prepare_waiting(
        self,
        name: str,
        number: int,
        *,
        accept_expired: bool = False,
        usages: frozenset[Usage] | None = None,
        signer: str | None = None,
        endorsement: Endorsement | None = None,
    ) -> Job[PreparedList]:
        """Review a version that waits, or was applied before, with what the person says of it.

        It is said as in ImportWish. That makes another version of it, since versions never change.
        """
        ...

    def keep_waiting(self, prepared: PreparedList, comment: str) -> Job[ListVersion]:
        """Keep a version and leave the decision for later."""
        ...

    def apply(self, prepared: PreparedList, comment: str, *, in_force: bool = True) -> Job[ListVersion]:
        """Keep a version and judge by it from now on: one transaction, with the line in the log.

        The future fails with UnusableInputError where something stands against it (`ListReview.obstacles`),
        where the review is of another applied version than there is now, or without a comment where entries
        are removed or distrusted.
        """
        ...

    def refuse(self, name: str, number: int, comment: str) -> Future[ListVersion]:
        """Decide against a version that waits; it stays to be looked at."""
        ...

    def undo(self, name: str, comment: str) -> Job[ListVersion | None]:
        """Go back to the version that was applied before; None where there was none: nothing is applied."""
        ...

    def remove(self, name: str, comment: str) -> Job[None]:
        """Take a list away with all its versions; the log stays."""
        ...

    def put_in_force(self, names: Sequence[str], comment: str = "") -> Future[tuple[ListSummary, ...]]:
        """Judge by these lists, and by no others; at least one."""
        ...

    def forget_pin(self, name: str, comment: str) -> Job[None]:
        """Let any signer's list be reviewed again."""
        ...

    # --- looking ---

    def difference(self, before: str, after: str) -> Future[ListDifference]:
        """Compare two versions, `NAME@NUMBER` each."""
        ...

    def lint(self, name: str, number: int | None = None) -> Future[tuple[Finding, ...]]:
        """Apply LST-01 to LST-12 to a version, as of the evaluation time."""
        ...

    def impact(self, what_if: WhatIf, on_progress: Callable[[int, int], None] | None = None) -> Job[Impact]:
        """Say whose verdict would change, from stored chains; no connection is made.

        Args:
            on_progress: told how many chains of how many were judged, on another thread.
        """
        ...

    def drops(self) -> Job[tuple[RootDrop, ...]]:
        """Dates at which trust in a CA of ours changes, the next first."""
        ...

    def export(self, name: str, number: int | None, file: Path, wish: ExportWish) -> Job[WrittenList]:
        """Write a version, whole or not at all; the person has agreed to replace what is there."""
        ...

    # --- decisions ---

    def decisions(self) -> Future[tuple[LocalDecision, ...]]:
        """What was decided here about certificates, the newest first."""
        ...

    def distrust(self, sha256: str, reason: str, *, expires: datetime | None = None) -> Job[LocalDecision]:
        """Trust nothing that passes through a certificate's key, whatever lists say."""
        ...

    def limit_usage(
        self, sha256: str, usages: frozenset[Usage], reason: str, *, expires: datetime | None = None
    ) -> Job[LocalDecision]:
        """Let a CA vouch for no more than this."""
        ...

    def withdraw_decision(self, sha256: str, reason: str) -> Job[None]:
        """Take a decision back; the log keeps both."""
        ...

    def policies(self) -> Future[tuple[PartnerPolicy, ...]]:
        """Policies of partners, by partner; those without one are not among them."""
        ...

    def set_policy(self, policy: PartnerPolicy, reason: str) -> Job[PartnerPolicy]:
        """Judge a partner's servers by this from now on; an empty policy takes it away.

        The future fails with UnusableInputError where a list or a partner is not there, or where a private
        root is no CA certificate.
        """
        ...

    def queue(self) -> Future[tuple[AwaitingDecision, ...]]:
        """What waits for a decision: versions, and server certificates that were not seen there before."""
        ...

    def decide_fingerprint(self, endpoint_id: int, sha256: str, *, accepted: bool, comment: str) -> Job[None]:
        """Write down that a new server certificate is expected, or is not."""
        ...

    def log(self) -> Job[TrustLog]:
        """The trust log, with whether its chain and its seal hold."""
        ...

    def export_log(self, file: Path) -> Job[Path]:
        """Write the log with the decisions that are in force, as JSON that can be checked without us."""
        ...

    def review_seals(self) -> Job[SealReview]:
        """Say what would be sealed anew; nothing is. The person may be asked to unlock the keyring."""
        ...

    def seal_anew(self, comment: str, seen: SealReview) -> Job[SealReview]:
        """Seal everything that the trust log tells with the key, or with a new one where it is lost.

        Never of itself: a person has looked at `seen`, and compared its head with one that was written down
        elsewhere, if there is one. What the log does not tell is not sealed. The result says what stands.

        The future fails with UnusableInputError without a comment, where the chain of the log is broken,
        where something has changed since, or where all seals hold; with a KeyStoreError without a store.
        """
        ...
