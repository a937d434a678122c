"""What the inner layers need from the outer ones; `app` puts implementations behind these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from trustdesk.core.inspection import CrlFacts
from trustdesk.core.key_store import KeyStoreKind, KeyStoreStatus
from trustdesk.core.message import Message
from trustdesk.core.printed import PrintedDocument
from trustdesk.core.revocation import CrlEntry
from trustdesk.core.trust import ServerJudgement

T = TypeVar("T")


class Judge(Protocol):
    """Says whether a server may be trusted, before a client certificate is sent to it.

    Implementations are pure functions of their arguments and of the lists they hold, thread-safe, and
    total: an unreadable certificate is a judgement, not an exception.
    """

    def judge_server(
        self,
        presented_chain: Sequence[bytes],
        reference_identifier: str,
        at: datetime,
        *,
        staple: bytes | None = None,
    ) -> ServerJudgement:
        """Judge a chain (DER, end entity first, as presented) for a name, as of an instant.

        Args:
            staple: OCSP response (DER) that came with it; None when none did.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """Why nothing came from a URL: refused by a limit of ours, not reached, or not answered.

    Attributes:
        of_certificate: the certificate of the server that was asked is not trusted, or not for its name.
    """

    reason: Message
    of_certificate: bool = False


class Fetcher(Protocol):
    """Gets small files that certificates point to (AIA); limits, addresses and caching are its own."""

    def fetch(self, url: str) -> bytes | FetchFailure:
        """Return the body at `url`, or why there is none; never raises for what a peer does."""
        ...


class RevocationList(Protocol):
    """A CRL that can be asked for one serial number at once, however long it is.

    Implementations are thread-safe; nothing here raises for what stands in the list.
    """

    @property
    def facts(self) -> CrlFacts:
        """What it says of itself; `der` is empty when the list is too long to be held."""
        ...

    def is_signed_by(self, subject_public_key_info: bytes) -> bool | None:
        """Whether this key made its signature; None when key or algorithm cannot be used here."""
        ...

    def entry(self, serial_number: str, certificate_issuer: str | None = None) -> CrlEntry | None:
        """Return the entry of a certificate; None when it is not listed.

        Args:
            serial_number: as in CertificateFacts.
            certificate_issuer: RFC 4514 name; None for the list's own issuer (RFC 5280 5.3.3).
        """
        ...

    def entries(self, first: int, count: int) -> Sequence[CrlEntry]:
        """Return `count` entries, or what there is of them, from position `first` on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved(Generic[T]):
    """What came from an address.

    Attributes:
        at: when it was fetched.
        cached: whether that was earlier, and it was kept.
    """

    value: T
    at: datetime
    cached: bool = False


class RevocationWeb(Protocol):
    """Asks the addresses that publish revocation; limits, proxies and caches are its own.

    Neither call raises for what a peer does.
    """

    def revocation_list(self, url: str) -> Retrieved[RevocationList] | FetchFailure:
        """Return the CRL at a distribution point, or why there is none."""
        ...

    def ocsp_response(self, url: str, request: bytes) -> Retrieved[bytes] | FetchFailure:
        """Return the DER of a responder's answer to a request (RFC 6960 appendix A), or why there is none."""
        ...


class Job(Protocol[T]):
    """Something long that runs elsewhere."""

    @property
    def future(self) -> Future[T]:
        """The result to come; a cancelled job delivers what it has, it does not raise."""
        ...

    def cancel(self) -> None:
        """Ask it to stop; from any thread, any number of times."""
        ...


class PausableJob(Job[T], Protocol[T]):
    """A job that can be held: what has begun goes on to its end, and nothing else begins."""

    @property
    def is_paused(self) -> bool:
        """Whether it is held."""
        ...

    def pause(self) -> None:
        """Begin nothing more until `resume`; from any thread, any number of times."""
        ...

    def resume(self) -> None:
        """Go on; likewise."""
        ...


class PdfPrinter(Protocol):
    """Lays a document out on pages of A4, as PDF."""

    def print_document(
        self,
        document: PrintedDocument | bytes,
        on_progress: Callable[[int, int], None],
        is_cancelled: Callable[[], bool],
    ) -> bytes | None:
        """Return the file; None when it was cancelled. Blocks.

        Args:
            document: or itself pickled, as another process of ours made it: so it is not unpacked here.
            on_progress: told how much is done, of how much: 0 to 100 of 100.
            is_cancelled: asked several times a second.

        Raises:
            EnvironmentFailureError: this machine cannot draw, or the printer ended by itself.
        """
        ...


class Clock(Protocol):
    """Tells the time; a test or an **Evaluate at** date stands in for it."""

    def now(self) -> datetime:
        """Return the present instant, aware, UTC."""
        ...


class SecretStore(Protocol):
    """Keeps short texts under random names. Every call blocks, perhaps until a person unlocks it.

    What it does not promise: that nothing is there after a failed `set` (look), and that several calls are
    done together. Whoever needs that does it above (`storage.key_stores`).
    """

    @property
    def kind(self) -> KeyStoreKind:
        """The scheme of references to what lies here."""
        ...

    def status(self) -> KeyStoreStatus:
        """Whether it can be used now; asks nobody and unlocks nothing."""
        ...

    def get(self, name: str) -> str | None:
        """Return the text of a name; None when there is none.

        Raises:
            KeyStoreError: it is locked, unavailable or refused; as for the next ones.
        """
        ...

    def set(self, name: str, text: str) -> None:
        """Keep a text of at most 1,200 UTF-16 units under a name that was never used before."""
        ...

    def delete(self, name: str) -> None:
        """Forget a name; nothing happens when it is not there."""
        ...

    def names(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names that begin so; None where the system cannot list them."""
        ...
