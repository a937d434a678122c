"""What a workspace knows of trust lists, with the one that comes with the program; everything here blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Finding
from trustdesk.core.message import msg
from trustdesk.core.trust import PUBLIC_WEB_LIST
from trustdesk.core.trust_version import (
    ListDifference,
    ListReview,
    ListSummary,
    ListVersion,
    VersionState,
)
from trustdesk.services.builtin_list import builtin_numbered, builtin_summary, is_builtin
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.list_case import ListCase
from trustdesk.services.list_difference import difference_of
from trustdesk.services.list_lint import lint_list
from trustdesk.services.list_preparing import Known
from trustdesk.services.sealed_trust import SealedTrust
from trustdesk.services.thread_jobs import Stop
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.trust_lists import TrustLists


class ListVersions:
    """Looks lists and versions up; for any thread that may wait."""

    def __init__(self, lists: TrustLists, seals: TrustSeals, kept: SealedTrust, session: DeskSession) -> None:
        """Take what others own."""
        self._lists = lists
        self._seals = seals
        self._kept = kept
        self._session = session

    def summaries(self) -> tuple[ListSummary, ...]:
        """All lists by name, the bundled one last."""
        self._kept.wait()
        # Where nothing is kept, a session may judge by another list that it was given.
        in_force = PUBLIC_WEB_LIST in self._session.names_in_force
        return (*self._lists.summaries().result(), builtin_summary(in_force=in_force))

    def version(self, name: str, number: int | None) -> ListVersion:
        """One version with its entries; None is the applied one.

        Raises:
            UnusableInputError: there is none.
        """
        return builtin_numbered(number) if is_builtin(name) else self._lists.version(name, number).result()

    def referred(self, text: str) -> ListVersion:
        """Return the version that `NAME@NUMBER` names; of NAME alone the applied one.

        Raises:
            UnusableInputError: there is none.
        """
        name, at, number = text.rpartition("@")
        if not at:
            return self.version(text, None)
        if not (number.isascii() and number.isdecimal() and len(number) <= 9):
            raise UnusableInputError(
                msg("A version is a number behind the name of its list."),
                remedy=msg("Name it as NAME@NUMBER."),
                place=text,
            )
        return self.version(name, int(number))

    def known(self, name: str, stop: Stop) -> Known:
        """Say what is known of a list, its pin with its seal looked at.

        Raises:
            CancelledByPersonError: it was stopped.
        """
        job = self._seals.checked(self._lists.summaries)
        with stop.ends(job.cancel):
            summaries = job.future.result()
        found = next((one for one in summaries if one.name == name), None)
        told = self._lists.told(name).result()
        if found is None:
            return Known(told=told)
        return Known(
            told=told,
            applied=None if found.applied is None else self.version(name, found.applied.number),
            newest=max((line.number for line in found.versions), default=0),
            pin=found.pin,
        )

    def waiting_as(self, review: ListReview) -> ListVersion | None:
        """Return the newest version of a list where it waits and is the one that was reviewed; else None."""
        lines = next(
            (one.versions for one in self._lists.summaries().result() if one.name == review.name), ()
        )
        newest = max(lines, key=lambda line: line.number, default=None)
        if newest is None or newest.state is not VersionState.WAITING:
            return None
        if newest.source.sha256 != review.source.sha256:
            return None
        version = self.version(review.name, newest.number)
        is_same = replace(version.content, remarks=()) == replace(review.content, remarks=())
        return version if is_same else None

    def difference(self, before: str, after: str) -> ListDifference:
        """Compare two versions, `NAME@NUMBER` each.

        Raises:
            UnusableInputError: there is none of a name.
        """
        return _difference(self.referred(before), self.referred(after))

    def lint(self, name: str, number: int | None, at: datetime) -> tuple[Finding, ...]:
        """Apply LST-01 to LST-12 to a version, beside the one that was applied before it.

        Raises:
            UnusableInputError: there is none.
        """
        version = self.version(name, number)
        summary = next((one for one in self.summaries() if one.name == name), None)
        earlier = [
            line.number
            for line in (summary.versions if summary is not None else ())
            if line.number < version.number and line.state in {VersionState.REPLACED, VersionState.APPLIED}
        ]
        before = self.version(name, max(earlier)) if earlier else None
        return lint_list(
            ListCase(
                content=version.content,
                source=version.source,
                at=at,
                before=None if before is None else before.content,
                difference=None if before is None else _difference(before, version),
                pin=None if summary is None else summary.pin,
            )
        )


def _difference(before: ListVersion, after: ListVersion) -> ListDifference:
    return difference_of(
        before.content,
        after.content,
        names=(before.reference, after.reference),
        instants=(before.kept_at, after.kept_at),
    )
