"""Revocation lists are kept in a workspace, replaced by newer ones of the same signer, and forgotten."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.storage.directory import Directory
from trustdesk.storage.kept_lists import KeptList, KeptLists
from trustdesk.storage.places import WorkspacePlace
from trustdesk.storage.schema import revocation_lists
from trustdesk.storage.workspace import Workspace

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST_LIGHT = Path(__file__).parent / "workspaces" / "0001.sql"


def kept(der: bytes, number: int | None = 1, *, signer: str | None = "aa" * 32, scope: str = "") -> KeptList:
    return KeptList(
        sha256=hashlib.sha256(der).hexdigest(),
        issuer="CN=Issuing",
        scope=scope,
        number=number,
        this_update=AT,
        next_update=None,
        signer=signer,
        source="issuing.crl",
        kept_at=AT,
        size=len(der),
    )


def test_a_list_is_there_after_opening_again_with_its_bytes(workspace_place: WorkspacePlace) -> None:
    first = Workspace.open(workspace_place)
    # RFC 5280 5.2.3 lets a number have twenty octets.
    one = kept(b"list", 2**159)
    assert KeptLists(first).keep(one, b"list").result() == ()
    first.close()
    again = Workspace.open(workspace_place)
    lists = KeptLists(again)
    assert lists.all().result() == (one,)
    assert lists.der(one.sha256).result() == b"list"
    assert lists.der("00" * 32).result() is None
    again.close()


def test_a_higher_number_of_the_same_signer_and_scope_takes_the_place(workspace: Workspace) -> None:
    lists = KeptLists(workspace)
    old, new = kept(b"1", 9), kept(b"2", 10)
    lists.keep(old, b"1").result()
    assert lists.keep(new, b"2").result() == (old.sha256,)
    assert lists.all().result() == (new,)


@pytest.mark.parametrize(
    "other",
    [
        kept(b"2", 10, signer=None),
        kept(b"2", 10, signer="bb" * 32),
        kept(b"2", 10, scope="users"),
        kept(b"2", 9),
        kept(b"2", 8),
        kept(b"2", None),
    ],
    ids=["unsigned", "another key", "another scope", "same number", "lower number", "no number"],
)
def test_whatever_may_say_less_takes_no_place(workspace: Workspace, other: KeptList) -> None:
    lists = KeptLists(workspace)
    lists.keep(kept(b"1", 9), b"1").result()
    assert lists.keep(other, b"2").result() == ()
    assert len(lists.all().result()) == 2


def test_a_list_whose_signer_was_not_known_is_not_replaced(workspace: Workspace) -> None:
    lists = KeptLists(workspace)
    lists.keep(kept(b"1", 9, signer=None), b"1").result()
    assert lists.keep(kept(b"2", 10, signer=None), b"2").result() == ()


def test_keeping_a_list_again_keeps_it_once_with_what_is_known_now(workspace: Workspace) -> None:
    lists = KeptLists(workspace)
    lists.keep(kept(b"1", signer=None), b"1").result()
    now = replace(kept(b"1"), source="other.crl")
    lists.keep(now, b"1").result()
    assert lists.all().result() == (now,)


def test_a_signer_that_was_found_once_stays_known(workspace: Workspace) -> None:
    lists = KeptLists(workspace)
    one = kept(b"1", 9)
    lists.keep(one, b"1").result()
    lists.keep(replace(one, signer=None), b"1").result()
    assert lists.all().result() == (one,)
    assert lists.keep(kept(b"2", 10), b"2").result() == (one.sha256,)


def test_a_list_that_is_forgotten_is_gone(workspace: Workspace) -> None:
    lists = KeptLists(workspace)
    one = kept(b"1")
    lists.keep(one, b"1").result()
    lists.forget(one.sha256).result()
    lists.forget(one.sha256).result()
    assert lists.all().result() == ()


def test_damaged_bytes_are_not_handed_out(workspace: Workspace) -> None:
    lists = KeptLists(workspace)
    one = kept(b"1")
    lists.keep(one, b"1").result()
    damage = update(revocation_lists).values(der=b"2")
    workspace.submit(lambda connection: connection.execute(damage).rowcount).result()
    assert isinstance(lists.der(one.sha256).exception(), EnvironmentFailureError)


def test_a_workspace_of_the_first_light_keeps_its_partners_and_takes_lists(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "workspace.sqlite")) as older:
        older.executescript(FIRST_LIGHT.read_text("utf-8"))
    workspace = Workspace.open(tmp_path)
    directory, lists = Directory(workspace), KeptLists(workspace)
    (endpoint,) = directory.endpoints().result()
    report = directory.last_report(endpoint.id).result()
    lists.keep(kept(b"1"), b"1").result()
    assert len(lists.all().result()) == 1
    workspace.close()
    assert (endpoint.partner, endpoint.target.host) == ("Nordwind Cargo", "1r.nordwind-cargo.example")
    assert report is not None
    assert report.record.presented_chain[0].title == "1r.nordwind-cargo.example"
