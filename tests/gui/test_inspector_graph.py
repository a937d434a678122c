"""The chain graph without a window: which cards and edges, and where everything stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pki
from tests.support.fake_desk import JudgeQuestion
from tests.support.inspected import file_of, judge, opened
from tests.support.pki import NOW, Issued
from trustdesk.core.inspection import InspectedItem
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import Purpose
from trustdesk.gui.inspector.chain_graph import CardRole, ChainGraph, GraphCard, GraphEdge
from trustdesk.gui.inspector.examination import Examination, ListName
from trustdesk.gui.inspector.graph_building import chain_graph
from trustdesk.gui.inspector.graph_layout import CARD_WIDTH, lay_out, neighbour
from trustdesk.services.board import State


def examine(leaf: Issued, items: tuple[InspectedItem, ...], *lists: TrustList) -> Examination:
    """Judge as the page does."""
    book = opened(*items)
    verifications = {
        (one.name, purpose): judge(
            JudgeQuestion(
                certificate=leaf.facts,
                purpose=purpose,
                beside=book.beside(leaf.sha256),
                trust_list=one,
                at=None,
            )
        )
        for one in lists
        for purpose in Purpose
    }
    return Examination(
        certificate=leaf.facts,
        lists=tuple(ListName(one.name, one.title, digests(one)) for one in lists),
        verifications=verifications,
        findings={},
        came_along=book.came_along(leaf.sha256),
        opened={one.key: one.facts for one in book.certificates() if one.facts is not None},
    )


def digests(trust_list: TrustList) -> frozenset[str]:
    return frozenset(one.certificate.sha256 for one in trust_list.trust_anchors)


def graph_of(examination: Examination, name: str = "test") -> ChainGraph:
    return chain_graph(examination, name, Purpose.SERVER)


def card(graph: ChainGraph, issued: Issued) -> GraphCard:
    found = graph.card(issued.sha256)
    assert found is not None
    return found


class Cross:
    """A root with a cross-sign by an elder one that is on another list."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self.root = pki.root("Skybridge Root CA", key=key)
        self.elder = pki.root("Concordia Root 3")
        self.cross = pki.authority("Skybridge Root CA", self.elder, key=key)
        self.issuing = pki.authority("Skybridge Issuing CA G3", self.root)
        self.old = pki.authority("Skybridge Issuing CA G2", self.root, not_after=NOW - timedelta(days=9))
        self.leaf = pki.server(self.issuing, common_name="data.example")
        self.mine = pki.trust_list(self.root, called="mine")
        self.web = replace(pki.trust_list(self.elder, called="web"), title=msg("Public web"))
        self.items = (
            *file_of(self.leaf, self.issuing, self.old, source="chain.pem"),
            *file_of(self.cross, source="cross.pem"),
        )

    def examination(self) -> Examination:
        return examine(self.leaf, self.items, self.mine, self.web)


@pytest.fixture(scope="module")
def cross() -> Cross:
    return Cross()


def test_each_certificate_says_how_it_came_in(cross: Cross) -> None:
    graph = graph_of(cross.examination(), "mine")
    roles = {one.title: one.role for one in graph.cards if one.key != cross.root.sha256}
    assert roles == {
        "data.example": CardRole.SENT,
        "Skybridge Issuing CA G3": CardRole.SENT,
        "Skybridge Issuing CA G2": CardRole.SUPERFLUOUS,
        "Skybridge Root CA": CardRole.BUILT,
        "Concordia Root 3": CardRole.ANCHOR,
    }
    assert card(graph, cross.root).role is CardRole.ANCHOR
    assert card(graph, cross.issuing).chip == "In the file, no. 2"
    assert card(graph, cross.old).chip == "In the file, not needed"
    assert card(graph, cross.cross).chip == "Cross-sign"
    assert card(graph, cross.elder).chip == "Only on Public web"
    assert graph.fact == "2 paths"


def test_only_the_root_on_the_list_is_green_and_its_path_is_highlighted(cross: Cross) -> None:
    examination = cross.examination()
    for name, root, path in (
        ("mine", cross.root, (cross.leaf, cross.issuing, cross.root)),
        ("web", cross.elder, (cross.leaf, cross.issuing, cross.cross, cross.elder)),
    ):
        graph = graph_of(examination, name)
        assert [one.key for one in graph.cards if one.state is State.GOOD] == [root.sha256]
        assert {one.key for one in graph.cards if one.is_highlighted} == {one.sha256 for one in path}
        assert sum(edge.is_highlighted for edge in graph.edges) == len(path) - 1
        assert all(one.row == 0 for one in graph.cards if one.is_highlighted)
        assert graph.is_accepted


def test_edges_run_from_a_certificate_to_its_issuer_one_column_on(cross: Cross) -> None:
    graph = graph_of(cross.examination(), "mine")
    pairs = {(edge.below, edge.above) for edge in graph.edges}
    assert (cross.issuing.sha256, cross.root.sha256) in pairs
    assert (cross.issuing.sha256, cross.cross.sha256) in pairs
    assert (cross.cross.sha256, cross.elder.sha256) in pairs
    columns = {one.key: one.column for one in graph.cards}
    assert all(columns[below] < columns[above] for below, above in pairs)
    assert graph.heads == ("Leaf", "Issuing CA", "Root", "Other issuer")


def test_an_edge_names_the_algorithm_and_the_key(cross: Cross) -> None:
    examination = cross.examination()
    book = opened(*cross.items)
    details = {one.key: one.details for one in book.certificates() if one.details is not None}
    details[cross.leaf.sha256] = replace(details[cross.leaf.sha256], authority_key_id="0a0b")
    graph = chain_graph(examination, "mine", Purpose.SERVER, details)
    edge = next(one for one in graph.edges if one.below == cross.leaf.sha256)
    assert edge.words == (
        "Skybridge Issuing CA G3 signed data.example with ecdsa-with-SHA256. Key identifier 0A:0B."
    )


def test_an_expired_intermediate_is_the_card_that_fails() -> None:
    root = pki.root()
    old = pki.authority("Old CA", root, not_after=NOW - timedelta(days=3))
    leaf = pki.server(old)
    graph = graph_of(examine(leaf, file_of(leaf, old), pki.trust_list(root)))
    assert graph.is_accepted is False
    assert (card(graph, old).chip, card(graph, old).state) == ("Expired", State.BAD)
    assert "expired on" in card(graph, old).spoken
    assert not card(graph, leaf).fails
    assert [one.state for one in graph.cards].count(State.GOOD) == 0


def test_an_expired_root_beside_the_path_says_why_that_way_is_none() -> None:
    """As AddTrust: leaf - Issuing - New Root, or - New Root (cross) - Old Root, expired; both are listed."""
    old = pki.root("Old Root", not_after=NOW - timedelta(days=40))
    new = pki.root("New Root")
    cross = pki.authority("New Root", old, key=new.key)
    sub = pki.authority("Issuing", new)
    leaf = pki.server(sub)
    graph = graph_of(examine(leaf, file_of(leaf, sub, cross), pki.trust_list(new, old)))
    assert graph.is_accepted
    assert (card(graph, old).chip, card(graph, old).state) == ("Expired", State.BAD)
    assert not card(graph, old).is_highlighted
    assert card(graph, new).state is State.GOOD


def test_a_missing_issuer_is_a_card_where_the_path_breaks_off() -> None:
    middle = pki.authority("Middle", pki.root("Nobody"))
    leaf = pki.server(middle)
    graph = graph_of(examine(leaf, file_of(leaf, middle), pki.trust_list(pki.root())))
    missing = next(one for one in graph.cards if one.role is CardRole.MISSING)
    assert (missing.title, missing.column, missing.row) == ("CN=Nobody", 2, 0)
    assert card(graph, middle).chip == "No way to the list"
    assert graph.fact == "0 paths, 1 dead end"
    assert graph.ends


def test_other_leaves_of_a_file_are_not_called_superfluous() -> None:
    root = pki.root()
    first, second = pki.server(root, common_name="one"), pki.server(root, common_name="two")
    graph = graph_of(examine(first, file_of(first, second), pki.trust_list(root)))
    assert {one.title for one in graph.cards} == {"one", "Root"}


def test_the_path_of_a_ca_is_not_refused_for_being_a_cas() -> None:
    root = pki.root()
    middle = pki.authority("Middle", root)
    graph = graph_of(examine(middle, file_of(middle), pki.trust_list(root)))
    assert graph.is_accepted
    assert card(graph, root).state is State.GOOD
    assert not card(graph, middle).fails
    old = pki.authority("Old", root, not_after=NOW - timedelta(days=1))
    assert graph_of(examine(old, file_of(old), pki.trust_list(root))).is_accepted is False


def test_nothing_is_drawn_before_it_is_judged() -> None:
    leaf = pki.server(pki.root())
    empty = replace(examine(leaf, file_of(leaf), pki.trust_list(pki.root())), verifications={})
    assert graph_of(empty) == ChainGraph()


def test_a_name_cannot_grow_a_card_without_bound() -> None:
    root = pki.root()
    leaf = pki.server(root, common_name="A" * 400 + "\u202e")
    graph = graph_of(examine(leaf, file_of(leaf), pki.trust_list(root)))
    assert len(card(graph, leaf).title) < 120
    assert "\u202e" not in card(graph, leaf).spoken


def drawn(places: list[tuple[int, int]], edges: list[tuple[int, int]]) -> ChainGraph:
    cards = tuple(
        GraphCard(
            key=str(number),
            title=str(number),
            second="",
            chip="",
            chip_icon="tick",
            state=None,
            role=CardRole.SENT,
            column=column,
            row=row,
            spoken=str(number),
        )
        for number, (column, row) in enumerate(places)
    )
    columns = max(column for column, _row in places) + 1
    return ChainGraph(
        cards=cards,
        edges=tuple(GraphEdge(below=str(a), above=str(b), is_highlighted=a == 0, words="") for a, b in edges),
        heads=tuple(str(column) for column in range(columns)),
    )


FOUR = drawn([(0, 0), (1, 0), (2, 0), (2, 1), (3, 1)], [(0, 1), (1, 2), (1, 3), (3, 4)])


@given(
    st.sets(st.tuples(st.integers(0, 7), st.integers(0, 5)), min_size=1, max_size=20),
    st.booleans(),
    st.booleans(),
    st.sampled_from([1.0, 1.5]),
    st.integers(0, 2400),
)
def test_cards_and_heads_never_overlap_and_lie_inside(
    places: set[tuple[int, int]], upright: bool, mirrored: bool, scale: float, room: int
) -> None:
    layout = lay_out(drawn(sorted(places), []), scale=scale, upright=upright, mirrored=mirrored, room=room)
    boxes = [*layout.cards, *layout.heads]
    for index, box in enumerate(boxes):
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= layout.width + 0.01
        assert box.bottom <= layout.height + 0.01
        assert not any(box.overlaps(other) for other in boxes[:index])


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("mirrored", [False, True])
def test_edges_end_at_the_sides_of_their_cards(upright: bool, mirrored: bool) -> None:
    layout = lay_out(FOUR, upright=upright, mirrored=mirrored)
    for placed in layout.edges:
        edge = FOUR.edges[placed.index]
        below, above = layout.cards[int(edge.below)], layout.cards[int(edge.above)]
        (x, y), (to_x, to_y) = placed.points[0], placed.points[-1]
        if upright:
            assert (y, to_y) == (below.y, above.bottom)
        else:
            assert x == pytest.approx(below.x if mirrored else below.right)
            assert to_x == pytest.approx(above.right if mirrored else above.x)


def test_cards_grow_into_the_room_and_keep_their_size_without_it() -> None:
    assert lay_out(FOUR, room=100).cards[0].width == CARD_WIDTH
    wide = lay_out(FOUR, room=860)
    assert wide.cards[0].width > CARD_WIDTH
    assert wide.width <= 860.01


def test_what_is_under_the_pointer_is_found() -> None:
    layout = lay_out(FOUR)
    box = layout.cards[2]
    assert layout.card_at(box.x + 3, box.y + 3) == 2
    assert layout.card_at(box.x - 3, box.y + 3) is None
    x, y = layout.edges[0].at(0.5)
    assert layout.edge_at(x, y + 2) == 0
    assert layout.edge_at(0, 0) is None


@pytest.mark.parametrize(
    ("start", "way", "expected"),
    [
        (0, (1, 0), 1),
        (1, (1, 0), 2),
        (2, (0, 1), 3),
        (3, (1, 0), 4),
        (4, (-1, 0), 3),
        (3, (-1, 0), 1),
        (0, (-1, 0), None),
        (2, (0, -1), None),
    ],
)
def test_arrow_keys_walk_along_edges(start: int, way: tuple[int, int], expected: int | None) -> None:
    assert neighbour(FOUR, lay_out(FOUR), start, way) == expected


def test_in_an_upright_graph_up_leads_to_the_issuer() -> None:
    layout = lay_out(FOUR, upright=True)
    assert neighbour(FOUR, layout, 0, (0, -1)) == 1
    assert neighbour(FOUR, layout, 1, (0, 1)) == 0
