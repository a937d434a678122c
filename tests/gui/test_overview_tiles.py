"""The tiles of the page Overview: what they count, what they name, and what they say while nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support import samples
from tests.support.event_loop import settle
from tests.support.expiries import AT
from tests.support.fake_trust_desk import FakeTrustDesk
from tests.support.identity_views import carrier
from tests.support.on_screen import painted
from trustdesk.core.expiry import Ending, EndingKind, Endings, Nearness, in_order
from trustdesk.core.identity import IdentityView, PurposeVerdict, Usable
from trustdesk.core.message import msg
from trustdesk.gui.overview.tile import TileContent
from trustdesk.gui.overview.tile_words import expiring_tile, identities_tile, lists_tile, partners_tile
from trustdesk.gui.overview.tiles import Tiles
from trustdesk.gui.theme.theme import ThemeMode, current_theme
from trustdesk.services.board import BoardRow, State, awaiting, untested_row
from trustdesk.services.expiry_values import JudgingList


def said(tile: TileContent) -> tuple[str, str, str]:
    return tile.number, tile.beside, tile.line


def ending(kind: EndingKind, name: str, days: int | None, near: Nearness, place: str = "") -> Ending:
    ends = None if days is None else AT + timedelta(days=days)
    return Ending(kind=kind, name=name, place=place, sha256=name, ends=ends, nearness=near)


@pytest.fixture(scope="module")
def rows() -> tuple[BoardRow, ...]:
    return samples.board_rows()


@pytest.fixture(scope="module")
def views() -> tuple[IdentityView, ...]:
    return tuple(carrier().values())


def test_partners_are_counted_once_however_many_endpoints_fail(rows: tuple[BoardRow, ...]) -> None:
    bad = [row for row in rows if row.mtls.state is State.BAD]
    twice = [replace(row, endpoint=replace(row.endpoint, partner="Nordwind")) for row in bad[:2]]
    assert said(partners_tile(twice)) == ("1", "of 1", "1 rejects our certificate")


def test_what_was_not_tested_is_no_success(rows: tuple[BoardRow, ...]) -> None:
    good = next(row for row in rows if row.state is State.GOOD)
    never = untested_row(replace(good.endpoint, partner="Never"))
    tile = partners_tile([good, never])
    assert said(tile) == ("0", "of 2", "1 without a result")
    assert tile.icon == "unknown"
    assert partners_tile([awaiting(good)]).icon == "unknown"
    assert said(partners_tile([good])) == ("0", "of 1", "All were tested")


@pytest.mark.usefixtures("qapp")
def test_nothing_is_said_before_it_is_known() -> None:
    for tile in (partners_tile(None), expiring_tile(None), identities_tile(None), lists_tile(None, 0, AT)):
        assert said(tile) == ("–", "", "Not known yet")


def test_ends_are_counted_as_a_person_counts_and_what_is_over_is_named() -> None:
    partner, soon = EndingKind.PARTNER, Nearness.SOON
    found = Endings(
        at=AT,
        all=in_order(
            (
                ending(partner, "Kestrel", 6, Nearness.URGENT, "a:443"),
                ending(partner, "Kestrel", 6, Nearness.URGENT, "b:443"),
                ending(partner, "Brightline", 24, soon),
                ending(EndingKind.IDENTITY, "halden", 22, soon),
                ending(EndingKind.AUTHORITY, "Fjordsign", 26, soon),
                ending(partner, "Zephyr", -3, Nearness.ENDED),
                ending(partner, "Broken", None, Nearness.UNKNOWN),
                ending(partner, "Later", 300, Nearness.LATER),
            )
        ),
    )
    tile = expiring_tile(found)
    assert said(tile) == (
        "4",
        "next in 6 days",
        "2 partners, 1 identity, 1 CA, 1 has ended, 1 not readable",
    )
    assert (tile.label, tile.ink) == ("Expiring within 30 days", "bad")
    calm = expiring_tile(Endings(at=AT))
    assert (said(calm), calm.ink) == (("0", "", "Nothing ends in this time"), "text2")


def test_an_identity_that_nobody_could_judge_is_no_success(views: tuple[IdentityView, ...]) -> None:
    tile = identities_tile(views)
    assert said(tile) == ("1", "of 6", "halden-edge-2026: Extended key usage lacks clientAuth.")
    unknown = PurposeVerdict(usable=Usable.UNKNOWN, why=msg("No list."))
    open_one = identities_tile([replace(views[0], client=unknown)])
    assert (said(open_one), open_one.icon) == (("0", "of 1", "1 could not be judged"), "unknown")


def test_the_list_in_force_has_its_version_its_age_and_what_waits() -> None:
    desk = FakeTrustDesk()
    desk.in_force = desk.in_force[:1]
    lists = desk.lists().result()
    applied = next(one.applied for one in lists if one.in_force)
    assert applied is not None
    assert applied.issued_at is not None
    now = applied.issued_at + timedelta(days=21, hours=1)
    assert said(lists_tile(lists, 2, now)) == (
        "14",
        "21 days old",
        "Air cargo pilot list, 2 wait for a decision",
    )
    assert applied.next_update is not None
    late = lists_tile(lists, 0, applied.next_update + timedelta(days=1))
    assert (late.ink, late.line) == ("warning", "Air cargo pilot list, its next version is overdue")
    kept = JudgingList(name=next(one.name for one in lists if one.in_force), title=msg("Pilot"))
    lab = JudgingList(name="lab", title=msg("Lab list"))
    public = JudgingList(name="certifi", title=msg("Public web"), is_public_web=True)
    assert lists_tile(lists, 0, now, [kept]).number == "14"
    assert said(lists_tile(lists, 0, now, [lab])) == ("1", "of this session alone", "Lab list")
    assert lists_tile(lists, 0, now, [public]).line.startswith("The public web's list")
    desk.in_force = []
    assert said(lists_tile(desk.lists().result(), 0, now))[2].startswith("The public web's list")


def test_a_tile_is_a_button_with_all_its_words(qapp: QApplication, rows: tuple[BoardRow, ...]) -> None:
    current_theme().apply(qapp)
    tiles = Tiles()
    tiles.resize(1100, 120)
    tiles.show_partners(rows)
    tiles.show()
    tiles.activateWindow()
    pressed: list[str] = []
    tiles.failing_wanted.connect(lambda: pressed.append("failing"))
    tiles.lists_wanted.connect(lambda: pressed.append("lists"))
    assert tiles.partners.accessibleName().startswith("Partners failing: 7 of 16, 2 reject our certificate")
    QTest.keyClick(tiles.partners, Qt.Key.Key_Return)
    QTest.keyClick(tiles.lists, Qt.Key.Key_Space)
    assert pressed == ["failing", "lists"]
    for narrow, width in ((False, 1100), (True, 600)):
        tiles.settle(narrow=narrow)
        settle()
        assert painted(tiles, ThemeMode.LIGHT, (width, 280))
    assert tiles.lists.y() > tiles.partners.y()
    tiles.close()
    tiles.deleteLater()


def test_a_long_line_is_broken_and_all_tiles_are_as_high(
    qapp: QApplication, rows: tuple[BoardRow, ...]
) -> None:
    current_theme().apply(qapp)
    tiles = Tiles()
    tiles.show()
    tiles.settle(narrow=False)
    tiles.show_partners(rows)
    heights = []
    for width in (4000, 1000):
        tiles.resize(width, tiles.sizeHint().height())
        settle()
        tiles.resize(width, tiles.sizeHint().height())
        settle()
        assert len({tile.height() for tile in tiles.all}) == 1
        heights.append(tiles.partners.height())
    assert heights[1] > heights[0]
    tiles.close()
    tiles.deleteLater()
