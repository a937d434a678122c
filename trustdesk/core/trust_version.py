"""A trust list as an object: where it came from, who vouches for it, and its versions, which never change.

Model of the domain notes, section 4.3. What a file says is untrusted text until its signer is pinned, and
what a person decided here is kept apart from it (`core.trust_decision`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.finding import Finding
from trustdesk.core.message import Message
from trustdesk.core.trust_entry import EntryStatus, ListEntry


class SourceKind(StrEnum):
    """What form a list came in."""

    JSON = "json"  # our open format, signed or not
    PEM = "pem"
    FOLDER = "folder"
    PKCS7 = "pkcs7"
    JKS = "jks"
    PKCS12 = "pkcs12"
    CCADB = "ccadb"
    ETSI = "etsi"  # TS 119 612 XML
    MASTER_LIST = "master_list"  # CMS SignedData of certificates, as ICAO publishes it
    SYSTEM = "system"
    CERTIFI = "certifi"


class Transport(StrEnum):
    """How a list reached this machine."""

    FILE = "file"
    HTTPS = "https"
    BUNDLED = "bundled"  # with the program
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSource:
    """Where a version came from.

    Attributes:
        place: file name without its folder, or URL.
        retrieved_by: account of the person on this machine.
        sha256: of the bytes; of a folder, of its files' digests in the order of their names.
        etag: what the server called these bytes; "" for none.
    """

    kind: SourceKind
    place: str
    retrieved_at: datetime
    retrieved_by: str
    sha256: str
    transport: Transport = Transport.FILE
    etag: str = ""


class AuthenticityState(StrEnum):
    """What is known of a list's signature. Only VERIFIED says who published it."""

    VERIFIED = "verified"  # the signature holds, by a signer that a person named or has pinned
    UNSIGNED = "unsigned"
    FAILED = "failed"  # there is a signature, and it does not hold: nothing of it may be applied
    UNKNOWN_SIGNER = "unknown_signer"  # it holds, by somebody of whom nobody has said who it is
    NOT_CHECKED = "not_checked"  # there is a signature that cannot be checked here


class SignatureMethod(StrEnum):
    """What kind of signature a list carries."""

    NONE = "none"
    JWS = "jws"
    CMS = "cms"
    XADES = "xades"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticity:
    """Who signed a list, and whether that counts.

    Attributes:
        signer: SHA-256 of the signer's certificate, of its SubjectPublicKeyInfo where it came as a bare key;
            None where there is no signature or it could not be read.
        signer_certificate: None for a bare key.
        signed_at: as the signature claims; None where it does not.
        pinned: whether the signer is the one that was pinned for this list.
        why: in a sentence, where the state is FAILED or NOT_CHECKED.
    """

    state: AuthenticityState
    method: SignatureMethod = SignatureMethod.NONE
    signer: str | None = None
    signer_certificate: CertificateFacts | None = None
    signed_at: datetime | None = None
    pinned: bool = False
    why: Message | None = None


UNSIGNED = Authenticity(state=AuthenticityState.UNSIGNED)
"""Nobody signed it."""


class Endorsement(StrEnum):
    """Who stands behind a list, as far as that is proved: a title proves nothing (LST-10)."""

    IATA = "iata"  # signed by a signer that a person pinned as IATA's
    ORGANISATION = "org"
    PARTNER = "partner"
    SELF = "self"
    BROWSER = "browser"  # a root program's store, not IATA's


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who says to have published a list; untrusted text."""

    name: str = ""
    uri: str = ""
    contact: str = ""


NOBODY = Publisher()
"""A list that does not say who published it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContent:
    """What one file, folder or answer says, as it was read. Nothing of it is decided yet.

    Attributes:
        list_id: the publisher's own name for the list, the same in every version; "" where it gives none.
        title: as the publisher writes it; untrusted text.
        scheme_uri: the policy by which entries come onto it.
        sequence: must not go down from version to version; None where the form has none.
        issued_at, next_update: None where the form has none, or where a list says that it is closed.
        is_closed: the publisher says that no further version will come.
        supersedes_sha256: digest of the source of the version before; "" for none.
        authority_claimed: whom the list names as its issuer; untrusted text, proves nothing.
        remarks: what could not be carried over, and what a person should know; not what is wrong with it.
    """

    title: str
    entries: tuple[ListEntry, ...]
    list_id: str = ""
    publisher: Publisher = NOBODY
    scheme_uri: str = ""
    sequence: int | None = None
    issued_at: datetime | None = None
    next_update: datetime | None = None
    is_closed: bool = False
    supersedes_sha256: str = ""
    authority_claimed: str = ""
    authenticity: Authenticity = UNSIGNED
    endorsement: Endorsement = Endorsement.SELF
    remarks: tuple[Message, ...] = ()


class VersionState(StrEnum):
    """Where a version stands."""

    WAITING = "waiting"  # kept, and not decided
    APPLIED = "applied"  # judged by now
    REPLACED = "replaced"  # was applied before
    REFUSED = "refused"  # a person decided against it


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """One version of a list; it never changes but for its state.

    Attributes:
        list_name: what a person calls the list here; no two of a workspace have the same.
        number: counted from 1 within the list, in the order in which versions were kept.
    """

    list_name: str
    number: int
    content: ListContent
    source: ListSource
    state: VersionState
    kept_at: datetime

    @property
    def reference(self) -> str:
        """`NAME@NUMBER`."""
        return f"{self.list_name}@{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version without its entries: what a table of versions shows."""

    number: int
    sequence: int | None
    issued_at: datetime | None
    next_update: datetime | None
    kept_at: datetime
    state: VersionState
    entries: int
    authenticity: Authenticity
    source: ListSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerPin:
    """Whose signature counts for a list: taken from a person, never from the file.

    Attributes:
        signer: SHA-256, as in Authenticity.
        list_id: that the list has to keep; "" where it has none.
        pinned_at, pinned_by: when, and by whom.
        endorsement: whom the person says the signer to be.
        sealed: whether the seal over it holds; None while the keyring cannot be asked. Only True counts.
    """

    signer: str
    list_id: str
    pinned_at: datetime
    pinned_by: str
    endorsement: Endorsement = Endorsement.ORGANISATION
    sealed: bool | None = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSummary:
    """A list as the column of lists shows it.

    Attributes:
        url: where new versions are fetched when a person asks for that; "" for a file.
        in_force: whether it is judged by; several lists in force judge together.
        applied: None while no version has been applied.
        waiting: newest version that waits for a decision; None when none does.
        is_builtin: certifi's: it has one version, comes with the program and cannot be removed.
    """

    name: str
    title: str
    endorsement: Endorsement
    versions: tuple[VersionLine, ...]
    in_force: bool
    applied: VersionLine | None
    waiting: VersionLine | None = None
    url: str = ""
    pin: SignerPin | None = None
    is_builtin: bool = False


class ChangeKind(StrEnum):
    """How an entry differs between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    EXPIRED = "expired"  # in both, and its validity ended between them


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of an entry that differs.

    Attributes:
        field: name of the field of ListEntry, with a dot where it lies deeper ("distrust.tls_after").
        title: the field in words.
        before, after: the values in words; None for nothing.
    """

    field: str
    title: Message
    before: Message | None
    after: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """An entry that differs between two versions.

    Attributes:
        before: None when it was added.
        after: None when it was removed.
        fields: that differ; empty unless it changed.
        same_key: digests of entries of the other version with the same key: a re-issued certificate.
    """

    kind: ChangeKind
    before: ListEntry | None
    after: ListEntry | None
    fields: tuple[FieldChange, ...] = ()
    same_key: tuple[str, ...] = ()

    @property
    def entry(self) -> ListEntry:
        """The entry as it is, or as it was where it is gone."""
        entry = self.after or self.before
        if entry is None:
            raise ValueError("a change of nothing")
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDifference:
    """What one version holds that another does not; by kind, then by subject.

    Attributes:
        before, after: `NAME@NUMBER`, or what was read in its place ("the file partners.pem").
        unchanged: how many entries are the same in both, those left out that expired between them.
        envelope: what differs of the list itself: title, sequence, dates, signer.
    """

    before: str
    after: str
    changes: tuple[EntryChange, ...]
    unchanged: int
    envelope: tuple[FieldChange, ...] = ()

    def of(self, kind: ChangeKind) -> tuple[EntryChange, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a version may not be applied, whatever a person decides.

    Attributes:
        overridable_by: the option of the command that answers it ("--signer"); "" where nothing does.
    """

    problem: Message
    remedy: Message
    overridable_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReview:
    """What a person decides on: a version that was read, beside the one that is applied.

    Attributes:
        name: of the list that it would belong to.
        number: that it would get, or has when it waits already.
        base: number of the applied version it is compared with; None for a new list.
        lint: of the list itself, LST-01 to LST-12.
        undecided: digests of entries whose usage nobody has said.
        is_same: nothing differs from the applied version: there is nothing to apply.
        warnings: what a person should weigh before deciding, and what stands against nothing.
    """

    name: str
    number: int
    base: int | None
    content: ListContent
    source: ListSource
    difference: ListDifference
    lint: tuple[Finding, ...]
    obstacles: tuple[Obstacle, ...] = ()
    undecided: tuple[str, ...] = ()
    is_same: bool = False
    warnings: tuple[Message, ...] = ()

    @property
    def needs_comment(self) -> bool:
        """Whether applying it takes trust from somebody, so that the log has to say why."""
        return any(change.kind is ChangeKind.REMOVED or _loses(change) for change in self.difference.changes)


def _loses(change: EntryChange) -> bool:
    """Whether an entry is trusted less by its status, or by a date that it did not have."""
    before, after = change.before, change.after
    if before is None or after is None:
        return False
    is_less = after.status is not EntryStatus.TRUSTED and after.status is not before.status
    return is_less or (after.distrust != before.distrust and after.distrust.tls_after is not None)
