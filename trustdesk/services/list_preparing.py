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
    Endorsement,
    ListContent,
    ListReview,
    ListSource,
    ListVersion,
    SignerPin,
    SourceKind,
)
from trustdesk.formats.list_source import NamedSigner
from trustdesk.network.download import Downloader
from trustdesk.services.account import account_name
from trustdesk.services.list_import import FetchProgress, Gathered, from_path, from_url
from trustdesk.services.list_reader import ListReader
from trustdesk.services.list_reading_worker import ListJob
from trustdesk.services.list_review import ReviewCase, endorsed, review_of
from trustdesk.services.thread_jobs import Stop
from trustdesk.services.trust_desk import ImportPhase, ImportProgress, ImportWish
from trustdesk.storage.list_schema import trust_list_schema

Listener = Callable[[ImportProgress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the workspace knows of a list before another version of it is read.

    Attributes:
        applied: None where no version is applied, or there is no such list.
        newest: number of the newest version; 0 for none.
        pin: None where no signer is pinned.
    """

    applied: ListVersion | None = None
    newest: int = 0
    pin: SignerPin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedList:
    """A list that was read and judged (`services.trust_desk.PreparedList`).

    Attributes:
        url: where it is fetched again; None where it came from elsewhere, and leaves that as it is.
        pin: that keeping it would make; None for none.
        is_kept: it lies in the workspace already, and waits.
        said: what the person said of it that the file does not, for the log.
    """

    review: ListReview
    url: str | None = None
    pin: SignerPin | None = None
    is_kept: bool = False
    said: tuple[tuple[str, str], ...] = ()


class ListPreparer:
    """Prepares imports, one after the other; for one thread."""

    def __init__(
        self,
        *,
        clock: Clock,
        known: Callable[[str], Known],
        make_downloader: Callable[[], Downloader],
        reader: ListReader | None = None,
    ) -> None:
        """Make one.

        Args:
            known: what the workspace knows of a list; blocks.
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
        self._reader.start()
        tell(ImportProgress(phase=ImportPhase.FETCHING))
        gathered = self._gathered(wish, etag, stop, _at_intervals(ImportPhase.FETCHING, tell))
        if gathered.is_unchanged:
            return None
        known = self._known(wish.name)
        _go_on(stop)
        tell(ImportProgress(phase=ImportPhase.READING))
        read = self._reader.read(
            ListJob(
                source=gathered.source,
                schema=trust_list_schema(),
                title=wish.name,
                signers=_signers(wish, known),
                passwords=wish.passwords,
            ),
            stop,
            lambda done, total: tell(
                ImportProgress(phase=ImportPhase.READING, done=done, total=total or None)
            ),
        )
        tell(ImportProgress(phase=ImportPhase.CHECKING))
        now = self._clock.now()
        source = ListSource(
            kind=read.kind,
            place=gathered.place,
            retrieved_at=now,
            retrieved_by=account_name(),
            sha256=gathered.source.sha256,
            transport=gathered.transport,
            etag=gathered.etag,
        )
        content = endorsed(_with_usages(read.content, wish.usages), wish.endorsement, known.pin)
        pin = _pin_of(wish, content, known.pin, now)
        review = review_of(
            ReviewCase(
                name=wish.name,
                number=known.newest + 1,
                content=content,
                source=source,
                applied=known.applied,
                pin=known.pin,
                named_signer=wish.signer,
                endorsement=wish.endorsement,
                now=now,
                at=at,
                accepts_expired=wish.accept_expired,
            )
        )
        _go_on(stop)
        url = wish.source if isinstance(wish.source, str) and not isinstance(wish.source, SourceKind) else None
        return ReviewedList(review=review, url=url, pin=pin, said=_said(wish))

    def review_kept(
        self, version: ListVersion, at: datetime, *, accept_expired: bool = False
    ) -> ReviewedList:
        """Review a version that lies in the workspace; blocks."""
        known = self._known(version.list_name)
        review = review_of(
            ReviewCase(
                name=version.list_name,
                number=version.number,
                content=version.content,
                source=version.source,
                applied=known.applied,
                pin=known.pin,
                now=self._clock.now(),
                at=at,
                accepts_expired=accept_expired,
            )
        )
        said = (("accepted_expired", "yes"),) if accept_expired else ()
        return ReviewedList(review=review, is_kept=True, said=said)

    def close(self) -> None:
        """End the process that reads."""
        self._reader.close()

    def _gathered(self, wish: ImportWish, etag: str, stop: Stop, progress: FetchProgress) -> Gathered:
        match wish.source:
            case SourceKind():
                return from_system(wish.source)
            case Path():
                return from_path(wish.source, stop, progress)
            case _:
                return from_url(wish.source, etag, self._make_downloader, stop, progress)


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


def _at_intervals(phase: ImportPhase, tell: Listener) -> FetchProgress:
    return lambda done, total: tell(ImportProgress(phase=phase, done=done, total=total))


def _signers(wish: ImportWish, known: Known) -> tuple[NamedSigner, ...]:
    """Return whose signature counts: whom the person names now, else whom they pinned under a seal that holds."""
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


def _with_usages(content: ListContent, usages: frozenset[Usage] | None) -> ListContent:
    if usages is None:
        return content
    return replace(content, entries=tuple(entry.with_usages(usages) for entry in content.entries))


def _pin_of(
    wish: ImportWish, content: ListContent, pinned: SignerPin | None, now: datetime
) -> SignerPin | None:
    """Return the pin that the person asked for by naming a signer, where the signature is that signer's."""
    is_verified = content.authenticity.state is AuthenticityState.VERIFIED
    if wish.signer is None or not is_verified:
        return None
    before = pinned.endorsement if pinned is not None and pinned.signer == wish.signer else None
    pin = SignerPin(
        signer=wish.signer,
        list_id=content.list_id,
        pinned_at=now,
        pinned_by=account_name(),
        endorsement=wish.endorsement or before or Endorsement.ORGANISATION,
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
