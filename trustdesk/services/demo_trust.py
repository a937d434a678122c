"""What the demo's workspace keeps of trust: the lab's pilot list with its history, a policy, a decision."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust_version import (
    Endorsement,
    ListContent,
    ListSource,
    ListVersion,
    SignerPin,
    SourceKind,
    VersionState,
)
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.list_json_writing import json_list
from trustdesk.formats.list_signature import as_named, open_signed
from trustdesk.formats.list_signing import sign_list
from trustdesk.formats.list_source import ListBytes, NamedSigner
from trustdesk.formats.pem import ders_of
from trustdesk.lab.list_office import ROOTS_FILE, SIGNER_FILE, SIGNER_KEY_FILE
from trustdesk.services.account import account_name
from trustdesk.services.demo_list import LIST_ID, demo_versions
from trustdesk.services.identities import load_identity
from trustdesk.services.trust_seals import TrustSeals
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.workspace import Workspace

LAB_LIST = "lab"
_COMMENTS = ("signer compared by telephone with the lab", "agreed with operations", "")


@dataclass(frozen=True, slots=True)
class SignedList:
    """A version as it came in: its content, with what its signature says, and its source."""

    content: ListContent
    source: ListSource


def signed_versions(
    folder: Path, fictional: dict[str, CertificateFacts], now: datetime
) -> tuple[SignedList, ...]:
    """Return the versions of the pilot list, the oldest first, signed by the lab's list office.

    Args:
        folder: of the lab.
        fictional: further CAs, by name.
    """
    roots = [read_certificate(der) for der in ders_of((folder / ROOTS_FILE).read_bytes(), "CERTIFICATE")]
    office = load_identity(folder / SIGNER_FILE, folder / SIGNER_KEY_FILE, name=LAB_LIST)
    signer = NamedSigner(sha256=hashlib.sha256(office.certification_path[0]).hexdigest(), is_pinned=True)
    made = []
    for content in demo_versions(roots, fictional, now):
        issued_at = content.issued_at or now
        place = f"lab-pilot-list-{content.sequence}.json"
        data = sign_list(
            json_list(content), office.private_key, office.certification_path, signed_at=issued_at
        )
        opened = open_signed(ListBytes(place=place, data=data), [signer])
        authenticity = as_named(opened.authenticity, [signer])
        source = ListSource(
            kind=SourceKind.JSON,
            place=place,
            retrieved_at=issued_at,
            retrieved_by=account_name(),
            sha256=hashlib.sha256(data).hexdigest(),
        )
        found = replace(content, authenticity=authenticity, endorsement=Endorsement.ORGANISATION)
        made.append(SignedList(found, source))
    return tuple(made)


def keep_versions(workspace: Workspace, seals: TrustSeals, versions: tuple[SignedList, ...]) -> None:
    """Keep the list: the newest version waits, those before were applied one after the other; blocks."""
    lists = TrustLists(workspace, seals.current)
    for number, one in enumerate(versions):
        at = one.source.retrieved_at
        waits = number == len(versions) - 1
        pin = SignerPin(
            signer=one.content.authenticity.signer or "",
            list_id=LIST_ID,
            pinned_at=at,
            pinned_by=account_name(),
        )
        note = LogNote(by=account_name(), at=at, comment=_COMMENTS[number])

        def keep(
            one: SignedList = one,
            number: int = number,
            *,
            waits: bool = waits,
            pin: SignerPin = pin,
            note: LogNote = note,
        ) -> Future[ListVersion]:
            return lists.keep(
                LAB_LIST,
                one.content,
                one.source,
                state=VersionState.WAITING if waits else VersionState.APPLIED,
                base=number or None,
                note=note,
                in_force=not waits,
                pin=None if number else pin,
            )

        seals.sealed(keep, may_ask=False).future.result()
