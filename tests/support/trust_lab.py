"""Trust lists in a line each: a small PKI, contents and versions of a pilot list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any, ClassVar
from unittest.mock import patch

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support import pki
from tests.support.memory_secrets import MemorySecrets
from tests.support.pki import Issued
from tests.support.probes import record
from trustdesk.core.ports import SecretStore
from trustdesk.core.target import parse_target
from trustdesk.core.trust import AnchorLimits
from trustdesk.core.trust_decision import LogAction
from trustdesk.core.trust_entry import AnchorMode, Audit, EntryKind, ListEntry, Owner, Usage
from trustdesk.core.trust_version import (
    ListContent,
    ListSource,
    ListSummary,
    ListVersion,
    Publisher,
    SourceKind,
    Transport,
)
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_signing import sign_list
from trustdesk.network.download import Downloader
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.list_reader import ListReader
from trustdesk.services.list_reading_worker import ListJob, ListRead
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.reporting import report_on
from trustdesk.services.trust_desk import ImportWish, PreparedList, TrustDesk
from trustdesk.services.trust_lists import certifi_list
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace

WAIT_S = 60
LIST_NAME = "Air cargo pilot list"
LIST_ID = "https://trust.cargo-pilot.example/list"
ISSUED_14 = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)
ISSUED_15 = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
SERVER, CLIENT = frozenset({Usage.TLS_SERVER}), frozenset({Usage.TLS_CLIENT})
BOTH = SERVER | CLIENT
AUDIT = Audit(
    kind="WebTrust for CAs", auditor="Auditors", period="2025", report_uri="https://audit.example/1"
)


@dataclass(frozen=True)
class PilotPki:
    """The CAs of the pilot list by what they are called, with their keys, and who signs the list."""

    cas: dict[str, Issued]
    signer: Issued
    other_signer: Issued

    def __getitem__(self, called: str) -> Issued:
        return self.cas[called]


@cache
def pilot_pki() -> PilotPki:
    """One PKI for all tests; P-256, good until 2040 unless its name tells otherwise."""
    long: dict[str, Any] = {
        "not_before": datetime(2021, 1, 1, tzinfo=UTC),
        "not_after": datetime(2040, 1, 1, tzinfo=UTC),
    }
    fjordsign = pki.root("Fjordsign Root 2021", **long)
    skybridge = pki.root("Skybridge Root CA 1", **long)
    gone: dict[str, Any] = {
        "not_before": datetime(2021, 1, 1, tzinfo=UTC),
        "not_after": datetime(2026, 4, 1, tzinfo=UTC),
    }
    cas = {
        "Fjordsign Root 2021": fjordsign,
        "Fjordsign Partner CA 7": pki.authority("Fjordsign Partner CA 7", fjordsign, **long),
        "Skybridge Root CA 1": skybridge,
        "Skybridge Issuing CA G2": pki.authority("Skybridge Issuing CA G2", skybridge, **gone),
        "Skybridge Root CA 2": pki.root("Skybridge Root CA 2", **long),
        "Concordia Services CA 2": pki.root("Concordia Services CA 2", **long),
        "Concordia Client Root 3": pki.root("Concordia Client Root 3", **long),
        "Palisade Root X2": pki.root("Palisade Root X2", **long),
        "Brightline Internal CA": pki.root("Brightline Internal CA", **long),
    }
    return PilotPki(
        cas,
        pki.issue(pki.name("Pilot Operations Office"), None, **long),
        pki.issue(pki.name("Somebody Else"), None, **long),
    )


def entry_of(issued: Issued, **fields: Any) -> ListEntry:
    """Return an entry for a certificate as an import without further knowledge makes it; `fields` win."""
    facts = issued.facts
    key = issued.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    kind = EntryKind.END_ENTITY
    if facts.is_ca:
        kind = EntryKind.ROOT if facts.is_self_issued else EntryKind.INTERMEDIATE
    is_root = kind is EntryKind.ROOT
    return replace(
        ListEntry(
            sha256=facts.sha256,
            certificate=facts,
            subject=facts.subject or "",
            spki_sha256=hashlib.sha256(key).hexdigest(),
            kind=kind,
            anchor_mode=AnchorMode.FULL_CHAIN if is_root else AnchorMode.NOT_ANCHOR,
            usages=BOTH,
            audits=(AUDIT,),
        ),
        **fields,
    )


def content_of(*entries: ListEntry, **fields: Any) -> ListContent:
    """Return a list of entries; without more words an unsigned one that nobody vouches for."""
    return replace(ListContent(title="A list", entries=entries), **fields)


def pilot_14() -> ListContent:
    """The version in force of the target picture."""
    ca = pilot_pki()
    return content_of(
        entry_of(ca["Fjordsign Root 2021"], usages=CLIENT),
        entry_of(
            ca["Fjordsign Partner CA 7"],
            owner=Owner(name="Fjordsign"),
            anchor_mode=AnchorMode.PARTIAL_CHAIN_ALLOWED,
        ),
        entry_of(ca["Skybridge Root CA 1"]),
        entry_of(ca["Skybridge Issuing CA G2"], usages=SERVER, owner=Owner(name="Skybridge PKI")),
        entry_of(ca["Concordia Services CA 2"], owner=Owner(name="Concordia Trust")),
        entry_of(
            ca["Brightline Internal CA"],
            usages=SERVER,
            owner=Owner(name="Brightline GH", contact="pki@brightline.example"),
        ),
        title=LIST_NAME,
        list_id=LIST_ID,
        publisher=Publisher(name="Pilot Operations Office", uri="https://trust.cargo-pilot.example/"),
        sequence=14,
        issued_at=ISSUED_14,
        next_update=ISSUED_14 + timedelta(days=180),
    )


def pilot_15() -> ListContent:
    """The version that waits: three added, two removed, two changed."""
    ca, before = pilot_pki(), {entry.subject: entry for entry in pilot_14().entries}

    def kept(called: str) -> ListEntry:
        return before[f"CN={called}"]

    return replace(
        pilot_14(),
        entries=(
            kept("Fjordsign Root 2021"),
            replace(kept("Fjordsign Partner CA 7"), usages=CLIENT),
            kept("Skybridge Root CA 1"),
            replace(
                kept("Brightline Internal CA"),
                owner=Owner(name="Brightline GH", contact="trust@brightline.example"),
            ),
            entry_of(ca["Skybridge Root CA 2"], usages=SERVER, owner=Owner(name="Skybridge PKI")),
            entry_of(
                ca["Concordia Client Root 3"],
                usages=CLIENT,
                owner=Owner(name="Concordia Trust"),
                constraints=AnchorLimits(permitted_names=("DNS:.example", "URI:.example")),
            ),
            entry_of(ca["Palisade Root X2"], usages=SERVER, owner=Owner(name="Palisade Trust")),
        ),
        sequence=15,
        issued_at=ISSUED_15,
        next_update=ISSUED_15 + timedelta(days=180),
    )


def many_entries(count: int) -> tuple[ListEntry, ...]:
    """Return any number of entries quickly: one real certificate, each time under another digest and name."""
    model = entry_of(pilot_pki()["Palisade Root X2"])
    facts = model.certificate
    assert facts is not None

    def another(number: int) -> ListEntry:
        digest = hashlib.sha256(number.to_bytes(8, "big")).hexdigest()
        subject = f"CN=CA {number:06d}"
        return replace(
            model,
            sha256=digest,
            spki_sha256=digest[::-1],
            subject=subject,
            certificate=replace(facts, sha256=digest, subject=subject, subject_common_name=subject[3:]),
        )

    return tuple(another(number) for number in range(count))


def source_of(place: str = "list.json", **fields: Any) -> ListSource:
    """Return where a list came from: a file that was read today."""
    return replace(
        ListSource(
            kind=SourceKind.JSON,
            place=place,
            retrieved_at=pki.NOW,
            retrieved_by="tester",
            sha256=hashlib.sha256(place.encode()).hexdigest(),
            transport=Transport.FILE,
        ),
        **fields,
    )


def signed_json(content: ListContent, signer: Issued | None = None) -> bytes:
    """Return a list as its publisher signs it; without a signer by the Pilot Operations Office."""
    signer = signer or pilot_pki().signer
    return sign_list(json_list(content), signer.key, [signer.der], signed_at=content.issued_at)


@dataclass
class SetClock:
    """A clock that a test sets."""

    at: datetime = pki.NOW

    def now(self) -> datetime:
        return self.at


class SharedReader(ListReader):
    """Reads for all desks of a module's tests in one process: starting it takes a second."""

    _shared: ClassVar[ListReader] = ListReader()

    def start(self) -> None:
        self._shared.start()

    def read(self, job: ListJob, cancel: Event, on_progress: Callable[[int, int], None]) -> ListRead:
        return self._shared.read(job, cancel, on_progress)

    def close(self) -> None:
        """Leave it to the next desk."""

    @classmethod
    def process(cls) -> Iterator[None]:
        """The body of a module's fixture: it is there before a test, and after it."""
        cls._shared.start()
        yield
        cls._shared.close()


class TrustLab:
    """A real desk in a folder, with a keyring in memory and no network but what a test gives it."""

    def __init__(
        self,
        folder: Path,
        *,
        secrets: SecretStore | None = None,
        clock: SetClock | None = None,
        make_downloader: Callable[[], Downloader] | None = None,
        has_own_reader: bool = False,
    ) -> None:
        self.folder, self.clock = folder, clock or SetClock()
        self.secrets = secrets if secrets is not None else MemorySecrets()
        self.workspace = Workspace.open(folder / "workspace")
        reader = ListReader if has_own_reader else SharedReader
        with patch("trustdesk.services.list_preparing.ListReader", reader):
            self.desk = LiveDesk(
                workspace=self.workspace,
                trust_lists=(certifi_list(),),
                identities={},
                clock=self.clock,
                proxies=NoProxy(),
                keyring=self.secrets,
                make_downloader=make_downloader,
            )

    @property
    def trust(self) -> TrustDesk:
        return self.desk.trust_desk

    def file(self, data: bytes, name: str = "list.json") -> Path:
        """Write a file beside the workspace."""
        file = self.folder / name
        file.write_bytes(data)
        return file

    def review(self, source: bytes | Path | str, *, name: str = LIST_NAME, **wish: Any) -> PreparedList:
        """Prepare an import and wait for its end."""
        where = self.file(source) if isinstance(source, bytes) else source
        return self.trust.prepare_import(ImportWish(source=where, name=name, **wish)).future.result(WAIT_S)

    def apply(self, source: bytes | Path | str, comment: str = "for a test", **wish: Any) -> ListVersion:
        """Import and apply."""
        return self.trust.apply(self.review(source, **wish), comment).future.result(WAIT_S)

    def saw(self, partner: str, *chain: Issued, at: datetime = pki.NOW) -> int:
        """Let a partner have shown a chain; return its endpoint, which is made at the first."""
        directory = Directory(self.workspace)
        everyone = directory.endpoints().result(WAIT_S)
        known = [one for one in everyone if one.partner == partner]
        # Each in a place of its own: what partners share is judged by the policies of all of them.
        target = parse_target(f"partner-{len(everyone)}.example", verify_name=pki.HOST)
        endpoint = known[0] if known else directory.add_endpoint(partner, target).result(WAIT_S)
        shown = record(f"https://{pki.HOST}", presented_chain=tuple(one.facts for one in chain))
        directory.record_report(endpoint.id, report_on(replace(shown, started_at=at))).result(WAIT_S)
        return endpoint.id

    def summary(self, name: str = LIST_NAME) -> ListSummary:
        """One list as the column shows it."""
        return next(one for one in self.trust.lists().result(WAIT_S) if one.name == name)

    def actions(self) -> list[LogAction]:
        """What the log tells, which has to hold."""
        log = self.trust.log().future.result(WAIT_S)
        assert log.broken_at is None, log.broken_why
        return [entry.action for entry in log.entries]

    def close(self) -> None:
        self.desk.close()
