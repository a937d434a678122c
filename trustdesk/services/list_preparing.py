"""Lists on their way in: fetched, read, checked, and laid beside the applied version; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event

from trustdesk.core.errors import CancelledByPersonError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.ports import Clock
from trustdesk.core.trust_entry import Usage
from trustdesk.core.trust_version import (
    AuthenticityState,
    ListContent,
    ListReview,
    ListSource,
    ListVersion,
    SignerPin,
    SourceKind,
    Transport,
)
from trustdesk.formats.list_signature import as_named, is_by
from trustdesk.formats.list_source import NamedSigner
from trustdesk.network.download import Downloader
from trustdesk.services.account import account_name
from trustdesk.services.list_import import FetchProgress, Gathered, from_path, from_url
from trustdesk.services.list_reader import ListReader
from trustdesk.services.list_reading_worker import ListJob
from trustdesk.services.list_review import ReviewCase, counting_now, endorsed, review_of
from trustdesk.services.machine_lists import certifi_content, system_content
from trustdesk.services.thread_jobs import Stop
from trustdesk.services.trust_desk import ImportPhase, ImportProgress, ImportWish
from trustdesk.storage.list_schema import trust_list_schema
from trustdesk.storage.trust_log import NOTHING_TOLD, ToldOfList

_SAYS_USAGES = frozenset({SourceKind.JSON, SourceKind.CCADB, SourceKind.ETSI})

Listener = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the workspace knows of a list before another version of it is read.

    Attributes:
        applied: None where no version is applied, or there is no such list.
        newest: number of the newest version; 0 for none.
        pin: None where no signer is pinned.
        told: by the log, of all lists that had its name.
    """

    applied: ListVersion | None = None
    newest: int = 0
    pin: SignerPin | None = None
    told: ToldOfList = NOTHING_TOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedList:
    """A list that was read and judged (`services.trust_desk.PreparedList`).

    Attributes:
        url: where it is fetched again; "" where it came from elsewhere.
        pin: that keeping it would make; None for none.
        is_kept: it lies in the workspace already, and waits.
        said: what the person said of it that the file does not, for the log.
    """

    review: ListReview
    url: str = ""
    pin: SignerPin | None = None
    is_kept: bool = False
    said: tuple[tuple[str, str], ...] = ()


class ListPreparer:
    """Prepares imports, one after the other; for one thread."""

    def __init__(
        self,
        *,
        clock: Clock,
        known: Callable[[str, Stop], Known],
        make_downloader: Callable[[], Downloader],
        reader: ListReader | None = None,
    ) -> None:
        """Make one.

        Args:
            known: what the workspace knows of a list; blocks, until it is stopped.
            make_downloader: makes one that has fetched nothing yet, for each import.
        """
        self._clock = clock
        self._known = known
        self._make_downloader = make_downloader
        self._reader = reader or ListReader()

    def prepare(
        self, wish: ImportWish, at: datetime, stop: Stop, tell: Listener, *, etag: str = ""
    ) -> ReviewedList | None:
        """Read a list and review it; blocks.

        Args:
            at: the instant that entries are judged for.
            etag: of the version that is at hand; "" reads in any case.

        Returns:
            None where the server says that what was called by `etag` still holds.

        Raises:
            UnusableInputError, EnvironmentFailureError: it cannot be had or used.
            CancelledByPersonError: `stop` was set.
        """
        _check_name(wish.name)
        tell(ImportProgress(phase=ImportPhase.FETCHING))
        if isinstance(wish.source, SourceKind):
            known = self._known(wish.name, stop)
            content, source = self._of_this_machine(wish.source, stop, tell)
        else:
            self._reader.start()
            gathered = self._gathered(wish.source, etag, stop, _telling(ImportPhase.FETCHING, tell))
            if gathered.is_unchanged:
                return None
            known = self._known(wish.name, stop)
            content, source = self._read(gathered, wish, known, stop, tell)
        _go_on(stop)
        tell(ImportProgress(phase=ImportPhase.CHECKING))
        now = self._clock.now()
        content = _as_said(content, source, wish, known)
        pin = _pin_of(wish, content, known.pin, now)
        review = review_of(
            ReviewCase(
                name=wish.name,
                number=known.newest + 1,
                content=content,
                source=source,
                applied=known.applied,
                pin=known.pin,
                told=known.told,
                named_signer=wish.signer,
                endorsement=wish.endorsement,
                now=now,
                at=at,
                accepts_expired=wish.accept_expired,
            )
        )
        _go_on(stop)
        url = source.place if source.transport is Transport.HTTPS else ""
        return ReviewedList(review=review, url=url, pin=pin, said=_said(wish))

    def review_kept(self, version: ListVersion, wish: ImportWish, at: datetime, stop: Stop) -> ReviewedList:
        """Review a version that lies in the workspace; blocks.

        Versions never change: where its signature counts for more or less than when it was kept, or the
        person says more of it, what is reviewed is a new version that says so.

        Args:
            wish: what the person says of it now; nothing is read from its source.
        """
        known = self._known(version.list_name, stop)
        content = _as_answered(version.content, wish, known.pin)
        pin = _pin_of(wish, content, known.pin, self._clock.now())
        is_kept = content == version.content and pin is None
        review = review_of(
            ReviewCase(
                name=version.list_name,
                number=version.number if is_kept else known.newest + 1,
                content=content,
                source=version.source,
                applied=known.applied,
                pin=known.pin,
                told=known.told,
                named_signer=wish.signer,
                endorsement=wish.endorsement,
                now=self._clock.now(),
                at=at,
                accepts_expired=wish.accept_expired,
            )
        )
        said = _said(wish)
        if not is_kept:
            said = (*said, ("kept_as", str(version.number)))
        return ReviewedList(review=review, pin=pin, is_kept=is_kept, said=said)

    def close(self) -> None:
        """End the process that reads."""
        self._reader.close()

    def _gathered(self, source: Path | str, etag: str, stop: Stop, progress: FetchProgress) -> Gathered:
        if isinstance(source, Path):
            return from_path(source, stop, progress)
        return from_url(source, etag, self._make_downloader, stop, progress)

    def _read(
        self, gathered: Gathered, wish: ImportWish, known: Known, stop: Stop, tell: Listener
    ) -> tuple[ListContent, ListSource]:
        tell(ImportProgress(phase=ImportPhase.READING))
        job = ListJob(
            source=gathered.source,
            schema=trust_list_schema(),
            title=wish.name,
            signers=_signers(wish, known),
            passwords=wish.passwords,
        )
        progress = _telling(ImportPhase.READING, tell)
        read = self._reader.read(job, stop, lambda done, total: progress(done, total or None))
        return read.content, self._source(
            kind=read.kind,
            place=gathered.place,
            sha256=gathered.source.sha256,
            transport=gathered.transport,
            etag=gathered.etag,
        )

    def _of_this_machine(
        self, kind: SourceKind, stop: Stop, tell: Listener
    ) -> tuple[ListContent, ListSource]:
        """Read what the system keeps, in this process: it is the machine's own."""
        told = _telling(ImportPhase.READING, tell)

        def progress(done: int, total: int) -> None:
            _go_on(stop)
            told(done, total or None)

        found = certifi_content(progress) if kind is SourceKind.CERTIFI else system_content(progress)
        return found.content, self._source(
            kind=found.kind, place=found.place, sha256=found.sha256, transport=Transport.SYSTEM
        )

    def _source(
        self, *, kind: SourceKind, place: str, sha256: str, transport: Transport, etag: str = ""
    ) -> ListSource:
        return ListSource(
            kind=kind,
            place=place,
            retrieved_at=self._clock.now(),
            retrieved_by=account_name(),
            sha256=sha256,
            transport=transport,
            etag=etag,
        )


def _check_name(name: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > 100 or not name.isprintable() or "@" in name:
        raise UnusableInputError(
            msg("A list cannot be called this."),
            remedy=msg("Name it with at most 100 visible characters, without an @."),
            place=name,
        )


def _go_on(cancel: Event) -> None:
    if cancel.is_set():
        raise CancelledByPersonError


def _telling(phase: ImportPhase, tell: Listener) -> FetchProgress:
    return lambda done, total: tell(ImportProgress(phase=phase, done=done, total=total))


def _signers(wish: ImportWish, known: Known) -> tuple[NamedSigner, ...]:
    """Return whose signature counts: whom the person names now, else whom they pinned under a whole seal."""
    if wish.signer is not None:
        is_pinned = known.pin is not None and known.pin.signer == wish.signer and known.pin.sealed is True
        return (NamedSigner(sha256=wish.signer, is_pinned=is_pinned, key=_key_of(wish.signer, known)),)
    if known.pin is None or known.pin.sealed is not True:
        return ()
    signer = known.pin.signer
    return (NamedSigner(sha256=signer, is_pinned=True, key=_key_of(signer, known)),)


def _key_of(signer: str, known: Known) -> bytes | None:
    """Return the signer's certificate as the applied version brought it; it is found by its digest alone."""
    if known.applied is None:
        return None
    certificate = known.applied.content.authenticity.signer_certificate
    return certificate.der if certificate is not None and certificate.sha256 == signer else None


def _as_said(content: ListContent, source: ListSource, wish: ImportWish, known: Known) -> ListContent:
    """Return a list with what the person says of it that the file does not."""
    usages = wish.usages
    said_before = _said_before(source, known.applied)
    if usages is not None or said_before:
        entries = (
            entry.with_usages(said_before.get(entry.sha256) if usages is None else usages)
            for entry in content.entries
        )
        content = replace(content, entries=tuple(entries))
    return endorsed(content, wish.endorsement, known.pin)


def _as_answered(content: ListContent, wish: ImportWish, pin: SignerPin | None) -> ListContent:
    """Return a list that was kept with what the person says of it now: of usages only what was left open."""
    content = counting_now(content, pin)
    if wish.signer is not None:
        found = content.authenticity
        if found.state is AuthenticityState.VERIFIED and not is_by(found, wish.signer):
            found = replace(found, state=AuthenticityState.UNKNOWN_SIGNER, pinned=False)
        is_pinned = pin is not None and pin.signer == wish.signer and pin.sealed is True
        named = NamedSigner(sha256=wish.signer, is_pinned=is_pinned)
        content = replace(content, authenticity=as_named(found, [named]))
    if wish.signer is not None or wish.endorsement is not None:
        content = endorsed(content, wish.endorsement, pin)
    if wish.usages is not None:
        entries = (
            entry if entry.usages is not None else replace(entry, usages=wish.usages)
            for entry in content.entries
        )
        content = replace(content, entries=tuple(entries))
    return content


def _said_before(source: ListSource, applied: ListVersion | None) -> dict[str, frozenset[Usage]]:
    """Return what was said of entries when the version before came in, by digest.

    Of a form that can say it itself nothing: where such a list has become silent, the publisher has.
    """
    if applied is None or source.kind in _SAYS_USAGES or applied.source.kind in _SAYS_USAGES:
        return {}
    return {entry.sha256: entry.usages for entry in applied.content.entries if entry.usages is not None}


def _pin_of(
    wish: ImportWish, content: ListContent, pinned: SignerPin | None, now: datetime
) -> SignerPin | None:
    """Return the pin that the person asked for by naming a signer, where the signature is that signer's."""
    is_verified = content.authenticity.state is AuthenticityState.VERIFIED
    if wish.signer is None or not is_verified:
        return None
    pin = SignerPin(
        # As the signature is told from now on, also where the person named the key and not the certificate.
        signer=content.authenticity.signer or wish.signer,
        list_id=content.list_id,
        pinned_at=now,
        pinned_by=account_name(),
        endorsement=content.endorsement,
    )
    is_known = (
        pinned is not None
        and pinned.sealed is True
        and (pinned.signer, pinned.list_id, pinned.endorsement) == (pin.signer, pin.list_id, pin.endorsement)
    )
    return None if is_known else pin


def _said(wish: ImportWish) -> tuple[tuple[str, str], ...]:
    said: list[tuple[str, str]] = []
    if wish.usages is not None:
        said.append(("usages", " ".join(sorted(wish.usages)) or "none"))
    if wish.signer is not None:
        said.append(("signer", wish.signer))
    if wish.endorsement is not None:
        said.append(("endorsement", str(wish.endorsement)))
    if wish.accept_expired:
        said.append(("accepted_expired", "yes"))
    return tuple(said)
