"""What would change, and when trust changes by itself: questions about what the desk judges by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Job
from trustdesk.core.trust import TrustList
from trustdesk.core.trust_impact import Impact, RootDrop
from trustdesk.core.trust_version import ListReview, ListVersion, VersionState
from trustdesk.formats.certificate import read_certificate
from trustdesk.services.desk_session import DeskSession
from trustdesk.services.fingerprints import sha256_in
from trustdesk.services.identities_in_use import IdentitiesInUse
from trustdesk.services.impact_run import PathToday, Progress
from trustdesk.services.impact_subjects import OwnChains
from trustdesk.services.list_versions import ListVersions
from trustdesk.services.lists_in_force import judgeable
from trustdesk.services.partner_policies import shared_endpoints
from trustdesk.services.root_drops import DropSources, Passers, root_drops
from trustdesk.services.root_programs import root_programs
from trustdesk.services.thread_jobs import Stop, ThreadJobs
from trustdesk.services.trust_desk import WhatIf
from trustdesk.services.trust_impact import TrustImpact
from trustdesk.services.trust_lists import certifi_list
from trustdesk.services.trust_side import TrustSide
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.outline import outline

FindCertificate = Callable[[str], CertificateFacts | None]


class TrustQuestions:
    """Answers from stored chains; nobody is connected to."""

    def __init__(
        self,
        workspace: Workspace,
        session: DeskSession,
        in_use: IdentitiesInUse,
        versions: ListVersions,
        find_certificate: FindCertificate,
    ) -> None:
        """Take what others own.

        Args:
            find_certificate: one that was seen or stands on a list; blocks.
        """
        self._session = session
        self._in_use = in_use
        self._versions = versions
        self._find = find_certificate
        self._directory = Directory(workspace)
        self._impact = TrustImpact(workspace, self._own)
        self._asking = ThreadJobs("trustdesk-trust-dates")

    def close(self) -> None:
        """Cancel everything and wait for its end."""
        self._asking.close()
        self._impact.close()

    def impact(self, what_if: WhatIf, on_progress: Progress | None = None) -> Job[Impact]:
        """Say whose verdict would change, from stored chains; no connection is made.

        Args:
            on_progress: told how many chains of how many were judged, on another thread.

        Raises:
            ValueError: not exactly one change is named.
        """
        ways = (what_if.after, what_if.review, what_if.without, what_if.date)
        if sum(way is not None for way in ways) != 1 or (what_if.before and what_if.after is None):
            raise ValueError("exactly one change can be tried")
        title = self._title(what_if)
        return self._impact.impact(
            title,
            lambda: self._sides(what_if),
            revocation=self._session.revocation.given(),
            on_progress=on_progress,
        )

    def drops(self) -> Job[tuple[RootDrop, ...]]:
        """Dates at which trust in a CA of ours changes, the next first."""
        at = self._session.at

        def found(stop: Stop) -> tuple[RootDrop, ...]:
            job = self._impact.paths(self._now, revocation=self._session.revocation.given())
            with stop.ends(job.cancel):
                paths = job.future.result()
            return root_drops(self._sources(paths), root_programs(), at)

        return self._asking.start(found)

    def _own(self) -> OwnChains:
        return {
            name: [read_certificate(der) for der in one.certification_path]
            for name, one in self._in_use.everything().items()
        }

    def _now(self) -> TrustSide:
        self._session.look_again()
        partners = self._session.policies.partners
        endpoints = self._directory.endpoints().result() if partners else ()
        shared = shared_endpoints(endpoints, partners)
        by_several = {some: self._session.lists((), some) for some in set(shared.values())}
        return TrustSide(
            lists=self._session.lists(),
            at=self._session.at,
            own={partner: self._session.lists((), (partner,)) for partner in partners},
            shared={endpoint: by_several[some] for endpoint, some in shared.items()},
        )

    def _sides(self, what_if: WhatIf) -> tuple[TrustSide, TrustSide]:
        now = self._now()
        if what_if.date is not None:
            return now, now.as_of(what_if.date)
        if what_if.without is not None:
            return now, self._without(now, what_if.without)
        if what_if.review is not None:
            return now, _with(now, self._judgeable(_version_of(what_if.review)))
        after = self._versions.referred(what_if.after or "")
        if what_if.before is None:
            return now, _with(now, self._judgeable(after))
        before = self._versions.referred(what_if.before)
        rest = now
        if before.list_name != after.list_name:
            rest = replace(now, lists=_others(now.lists, before.list_name))
        return _with(now, self._judgeable(before)), _with(rest, self._judgeable(after))

    def _without(self, now: TrustSide, text: str) -> TrustSide:
        """The same without a CA and its key, as though it were distrusted."""
        digest = sha256_in(text)
        facts = None if digest is None else self._find(digest)
        if digest is None or facts is None:
            raise UnusableInputError(
                msg("There is no certificate of this fingerprint on a list or in what was seen."),
                remedy=msg("Name the SHA-256 of a CA certificate."),
                place=text,
            )
        return now.without(digest, spki_sha256=next(reversed(outline(facts.der).key_digests), None))

    def _judgeable(self, version: ListVersion) -> TrustList:
        return judgeable(version, self._session.decisions)

    def _title(self, what_if: WhatIf) -> Message:
        if what_if.date is not None:
            return msg("On {date}", date=what_if.date)
        if what_if.without is not None:
            return msg("Without the CA {ca}", ca=what_if.without)
        if what_if.review is not None:
            review = what_if.review
            return msg("{version} in place of what is applied", version=f"{review.name}@{review.number}")
        if what_if.before is None:
            return msg("{version} in place of what is applied", version=what_if.after or "")
        return msg("{after} in place of {before}", after=what_if.after or "", before=what_if.before)

    def _sources(self, paths: Sequence[PathToday]) -> DropSources:
        in_force = self._session.lists()
        versions = [self._versions.version(one.name, one.version) for one in in_force if one.version]
        listed = {entry.sha256 for one in versions for entry in one.content.entries}
        listed.update(one.certificate.sha256 for each in in_force for one in each.trust_anchors)
        between = {
            facts.sha256: facts for path in paths for facts in path.between if facts.sha256 not in listed
        }
        return DropSources(
            versions=versions,
            builtin=[one for one in in_force if one.version is None],
            decisions=self._session.decisions,
            between=tuple(between.values()),
            passers=_passers(paths),
            browser_roots=frozenset(facts.sha256 for facts in certifi_list().anchors),
        )


def _with(side: TrustSide, changed: TrustList) -> TrustSide:
    """The same with a list in place of that of its name; beside the others where it is not in force."""
    side = side.with_list(changed)
    if any(one.name == changed.name for one in side.lists):
        return side
    return replace(side, lists=(*side.lists, changed))


def _others(lists: Sequence[TrustList], name: str) -> tuple[TrustList, ...]:
    return tuple(one for one in lists if one.name != name)


def _version_of(review: ListReview) -> ListVersion:
    return ListVersion(
        list_name=review.name,
        number=review.number,
        content=review.content,
        source=review.source,
        state=VersionState.WAITING,
        kept_at=review.source.retrieved_at,
    )


def _passers(paths: Sequence[PathToday]) -> dict[str, Passers]:
    partners = defaultdict[str, dict[str, None]](dict)
    identities = defaultdict[str, dict[str, None]](dict)
    for path in paths:
        for digest in path.certificates:
            if path.subject.partner is not None:
                partners[digest][path.subject.partner] = None
            if path.subject.identity is not None:
                identities[digest][path.subject.identity] = None
    return {
        digest: Passers(
            partners=tuple(sorted(partners[digest])), identities=tuple(sorted(identities[digest]))
        )
        for digest in {*partners, *identities}
    }
