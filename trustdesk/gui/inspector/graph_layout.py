"""Where everything of the chain graph stands: a plain function from cards and edges to rectangles.

Coordinates are logical pixels from the graph's upper left corner. Reading direction is leaf to root, from the
start of the line to its end; in a narrow place the graph stands upright, the root on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.gui.handshake.ladder_layout import Box
from trustdesk.gui.inspector.chain_graph import ChainGraph

CARD_WIDTH, CARD_HEIGHT = 172.0, 78.0
WIDEST_CARD = 226.0
COLUMN_GAP, ROW_GAP = 26.0, 22.0
HEAD_HEIGHT = 26.0
MARGIN = 4.0
_BEND = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedEdge:
    """A curve from the side of one card to the side of another.

    Attributes:
        points: start, two control points, end; the arrow head stands at the end.
        index: of the edge in the graph.
    """

    index: int
    points: tuple[tuple[float, float], ...]

    def distance_to(self, x: float, y: float) -> float:
        """Return how far a point is from the curve, to some pixels."""
        best = float("inf")
        for step in range(25):
            px, py = self.at(step / 24)
            best = min(best, ((px - x) ** 2 + (py - y) ** 2) ** 0.5)
        return best

    def at(self, t: float) -> tuple[float, float]:
        """Return the point of the curve at `t` from 0 to 1."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.points
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        return a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphLayout:
    """Everything in place.

    Attributes:
        cards: in the order of the graph's cards.
        heads: for each column's word.
        is_upright: whether the root stands on top.
    """

    width: float
    height: float
    cards: tuple[Box, ...]
    edges: tuple[PlacedEdge, ...]
    heads: tuple[Box, ...]
    is_upright: bool

    def card_at(self, x: float, y: float) -> int | None:
        """Return the index of the card at a point; None for none."""
        for index, box in enumerate(self.cards):
            if box.x <= x < box.right and box.y <= y < box.bottom:
                return index
        return None

    def edge_at(self, x: float, y: float) -> int | None:
        """Return the index of the edge near a point; None for none."""
        near = [(edge.distance_to(x, y), edge.index) for edge in self.edges]
        distance, index = min(near, default=(float("inf"), -1))
        return index if distance <= 8 else None


def lay_out(
    graph: ChainGraph,
    *,
    scale: float = 1.0,
    upright: bool = False,
    mirrored: bool = False,
    room: float = 0.0,
    head_width: float = 90.0,
) -> GraphLayout:
    """Place the graph.

    Args:
        scale: by how much larger than 13 px the system's text is.
        upright: the root on top, columns become lines.
        mirrored: from right to left.
        room: width that cards may grow into, so that long names fit; 0 for none.
        head_width: of the words beside the lines of an upright graph.
    """
    if not graph.cards:
        return GraphLayout(width=0, height=0, cards=(), edges=(), heads=(), is_upright=upright)
    width, height, head = CARD_WIDTH * scale, CARD_HEIGHT * scale, HEAD_HEIGHT * scale
    columns = max(card.column for card in graph.cards) + 1
    rows = max(card.row for card in graph.cards) + 1
    beside = rows if upright else columns
    aside = head_width * scale if upright else 0.0
    share = (room - aside - 2 * MARGIN - (beside - 1) * COLUMN_GAP) / beside
    width = min(max(width, share), WIDEST_CARD * scale)
    if upright:
        left = MARGIN + head_width * scale
        boxes = [
            Box(
                left + card.row * (width + COLUMN_GAP),
                MARGIN + (columns - 1 - card.column) * (height + COLUMN_GAP),
                width,
                height,
            )
            for card in graph.cards
        ]
        total_width = left + rows * (width + COLUMN_GAP) - COLUMN_GAP + MARGIN
        total_height = MARGIN * 2 + columns * (height + COLUMN_GAP) - COLUMN_GAP
        heads = [
            Box(
                MARGIN,
                MARGIN + (columns - 1 - column) * (height + COLUMN_GAP) + (height - head) / 2,
                head_width * scale - 8,
                head,
            )
            for column in range(columns)
        ]
    else:
        boxes = [
            Box(
                MARGIN + card.column * (width + COLUMN_GAP),
                head + card.row * (height + ROW_GAP),
                width,
                height,
            )
            for card in graph.cards
        ]
        total_width = MARGIN * 2 + columns * (width + COLUMN_GAP) - COLUMN_GAP
        total_height = head + rows * (height + ROW_GAP) - ROW_GAP + MARGIN
        heads = [Box(MARGIN + column * (width + COLUMN_GAP), 0, width, head - 4) for column in range(columns)]
    if mirrored:
        boxes = [_mirrored(box, total_width) for box in boxes]
        heads = [_mirrored(box, total_width) for box in heads]
    places = {card.key: box for card, box in zip(graph.cards, boxes, strict=True)}
    edges = tuple(
        PlacedEdge(
            index=index,
            points=_curve(places[edge.below], places[edge.above], upright=upright, mirrored=mirrored),
        )
        for index, edge in enumerate(graph.edges)
    )
    return GraphLayout(
        width=total_width,
        height=total_height,
        cards=tuple(boxes),
        edges=edges,
        heads=tuple(heads),
        is_upright=upright,
    )


def neighbour(graph: ChainGraph, layout: GraphLayout, current: int, way: tuple[int, int]) -> int | None:
    """Return the card that an arrow key leads to; None where there is none.

    Along the reading direction it follows an edge, highlighted ones first. Across, and where there is no
    edge, it goes to the nearest card on that side.

    Args:
        way: steps to the right and down, one of them 0.
    """
    here = layout.cards[current]
    along = way[0] if not layout.is_upright else way[1]
    if along:
        key = graph.cards[current].key
        up = (_centre(layout.cards, current, layout.is_upright), along)
        linked = [
            (not edge.is_highlighted, _index(graph, other))
            for edge in graph.edges
            for mine, other in ((edge.below, edge.above), (edge.above, edge.below))
            if mine == key
            and (_centre(layout.cards, _index(graph, other), layout.is_upright) - up[0]) * along > 0
        ]
        if linked:
            return min(linked)[1]
    return _nearest(layout.cards, current, here, way)


def _nearest(boxes: Sequence[Box], current: int, here: Box, way: tuple[int, int]) -> int | None:
    found: list[tuple[float, int]] = []
    for index, box in enumerate(boxes):
        dx, dy = box.x - here.x, box.y - here.y
        forward = dx * way[0] + dy * way[1]
        if index == current or forward <= 0:
            continue
        aside = abs(dy) if way[0] else abs(dx)
        found.append((forward + 3 * aside, index))
    return min(found)[1] if found else None


def _centre(boxes: Sequence[Box], index: int, upright: bool) -> float:
    return boxes[index].y if upright else boxes[index].x


def _index(graph: ChainGraph, key: str) -> int:
    return next(index for index, card in enumerate(graph.cards) if card.key == key)


def _mirrored(box: Box, width: float) -> Box:
    return Box(width - box.right, box.y, box.width, box.height)


def _curve(below: Box, above: Box, *, upright: bool, mirrored: bool) -> tuple[tuple[float, float], ...]:
    if upright:
        start = (below.x + below.width / 2, below.y)
        end = (above.x + above.width / 2, above.bottom)
        bend = (end[1] - start[1]) * _BEND
        return start, (start[0], start[1] + bend), (end[0], end[1] - bend), end
    start = (below.x if mirrored else below.right, below.y + below.height / 2)
    end = (above.right if mirrored else above.x, above.y + above.height / 2)
    bend = (end[0] - start[0]) * _BEND
    return start, (start[0] + bend, start[1]), (end[0] - bend, end[1]), end
