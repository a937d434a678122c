"""Private CAs in the workspace: a list and its revocation together, and nothing of a CA that is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.support.memory_keys import MemoryKeyStores
from tests.support.pki import Issued, authority, client, root
from trustdesk.core.certificate_request import RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.private_ca import PrivateAuthority, RevocationReason
from trustdesk.services.clock import SystemClock
from trustdesk.storage import schema
from trustdesk.storage.authorities import (
    Authorities,
    KeptCrl,
    NewAuthority,
    Revocation,
    add_authority,
    remove_authority,
)
from trustdesk.storage.key_stores import NewKey
from trustdesk.storage.workspace import Workspace

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROOT = root("Group Root")
ISSUING = authority("Group Issuing CA", ROOT, path_length=0)
LEAF = client(ISSUING, common_name="ACME")
OTHER = client(ISSUING, common_name="BRAVO")


class Place:
    """A workspace with one private CA."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.keys = MemoryKeyStores(workspace, workspace.folder, SystemClock())
        self.authorities = Authorities(self.workspace)
        self.ca = self.add("Group")

    def add(self, name: str) -> PrivateAuthority:
        new = NewAuthority(name=name, root=ROOT.facts, issuing=ISSUING.facts, crl_url=None, created_at=AT)
        keys = [NewKey(private_key=one.key, source="test") for one in (ROOT, ISSUING)]
        return self.keys.put(
            keys,
            store=KeyStoreKind.KEYRING,
            also=lambda connection, stored: add_authority(connection, new, *stored),
        )

    def issue(self, issued: Issued, minutes: int = 0) -> None:
        at = AT + timedelta(minutes=minutes)
        self.authorities.add_issued(self.ca.id, issued.facts, RequestPurpose.CLIENT, at).result()

    def keep(self, number: int, revoked: Issued | None = None) -> bool:
        crl = KeptCrl(pem=f"list {number}".encode(), number=number, next_update=AT, evidence=())
        revocation = None
        if revoked is not None:
            revocation = Revocation(sha256=revoked.sha256, at=AT, reason=RevocationReason.SUPERSEDED)
        return self.authorities.keep_crl(self.ca.id, crl, revocation).result()

    def one(self) -> PrivateAuthority:
        return self.authorities.one(self.ca.id).result()


@pytest.fixture
def place(workspace: Workspace) -> Place:
    return Place(workspace)


def test_a_ca_comes_back_as_it_was_added(place: Place) -> None:
    assert place.one() == place.ca
    assert (place.ca.root, place.ca.issuing) == (ROOT.facts, ISSUING.facts)
    assert (place.ca.root_key.source, place.ca.crl_number, place.ca.issued) == ("test", None, ())
    assert place.authorities.crl(place.ca.id).result() is None
    assert place.authorities.all().result() == (place.ca,)


def test_a_name_is_taken_once(place: Place) -> None:
    with pytest.raises(UnusableInputError, match="already"):
        place.authorities.check_name("Group").result()
    with pytest.raises(UnusableInputError, match="already"):
        place.add("Group")
    # Names of issuers are compared without case and further spaces: these would be one CA to programs.
    for like in ("group", " Group "):
        with pytest.raises(UnusableInputError, match="already"):
            place.authorities.check_name(like).result()
    place.authorities.check_name("Groups").result()
    assert len(place.keys.keyring.records) == 2


def test_lists_follow_each_other(place: Place) -> None:
    assert [place.keep(number) for number in (2, 0, 1, 1, 3, 2)] == [False, False, True, False, False, True]
    assert place.authorities.crl(place.ca.id).result() == b"list 2"
    assert place.one().crl_number == 2


def test_a_revocation_and_its_list_are_both_kept_or_none(place: Place) -> None:
    place.issue(LEAF)
    place.issue(OTHER, minutes=1)
    assert not place.keep(5, LEAF)
    assert [one.revoked_at for one in place.one().issued] == [None, None]
    with pytest.raises(UnusableInputError):
        place.keep(1, ROOT)
    assert place.one().crl_number is None
    assert place.keep(1, LEAF)
    with pytest.raises(UnusableInputError):
        place.keep(2, LEAF)
    newest, oldest = place.one().issued
    assert (newest.certificate, newest.reason) == (OTHER.facts, None)
    assert (oldest.revoked_at, oldest.reason) == (AT, RevocationReason.SUPERSEDED)
    assert place.one().crl_number == 1


def test_nothing_is_kept_for_a_ca_that_is_gone(place: Place) -> None:
    place.issue(LEAF)
    references = (place.ca.root_key.reference, place.ca.issuing_key.reference)
    place.keys.release(references, also=lambda connection: remove_authority(connection, place.ca.id))
    for ask in (
        place.one,
        lambda: place.issue(OTHER),
        lambda: place.keep(1),
        lambda: place.authorities.crl(place.ca.id).result(),
    ):
        with pytest.raises(UnusableInputError, match="not there any more"):
            ask()
    rows = place.workspace.submit(
        lambda connection: connection.execute(
            select(func.count()).select_from(schema.issued_certificates)
        ).scalar_one()
    )
    assert (rows.result(), place.keys.keyring.records) == (0, {})


def test_the_keys_of_a_ca_are_in_use(place: Place) -> None:
    """Who lets go of a key for another reason does not take it away from the CA."""
    references = (place.ca.root_key.reference, place.ca.issuing_key.reference)
    place.keys.release(references, also=lambda _: None)
    assert place.keys.load(references[0]).public_key() == ROOT.key.public_key()
    assert replace(place.one(), issued=()) == place.ca
