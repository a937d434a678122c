"""The table of partners at a terminal: laid out here where it fits, by rich where it has to be shortened."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from trustdesk.cli import render
from trustdesk.core.message import msg
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import Explanation, Responsible
from trustdesk.core.target import parse_target
from trustdesk.services.board import BoardRow, Cell, State

_STATES = list(State)


def _row(number: int) -> BoardRow:
    headline = msg("Sentence {number}.", number=number)
    responsible = list(Responsible)[number % len(Responsible)]
    return BoardRow(
        endpoint=Endpoint(
            id=number, partner=f"Pärtner 東京 {number}\x1b[0m", target=parse_target("https://a.example")
        ),
        state=_STATES[number % len(_STATES)],
        tls_version="1.3" if number % 3 else None,
        server=Cell(_STATES[number % 5], msg("Trusted")),
        mtls=Cell(_STATES[number % 4], msg("Accepted") if number % 2 else msg("No")),
        on_list=Cell(_STATES[number % 3], msg("Yes")),
        days_left=(None, -3, 88, 397)[number % 4],
        tested_at=None,
        explanation=Explanation(
            cause="", responsible=responsible, headline=headline, action=None, evidence=()
        )
        if number % 7
        else None,
    )


def _printed(width: int, rows: Sequence[BoardRow]) -> list[str]:
    file = io.StringIO()
    render.print_board(Console(file=file, width=width, markup=False, highlight=False, emoji=False), rows)
    return [line.rstrip() for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("width", [60, 129, 130, 220])
def test_rows_look_as_rich_lays_them_out(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [_row(number) for number in range(29)]
    ours = _printed(width, rows)
    monkeypatch.setattr(render, "_fits", lambda _widths, _room: False)
    assert ours == _printed(width, rows)


def test_what_does_not_fit_is_shortened() -> None:
    lines = _printed(30, [_row(1)])
    assert all(len(line) <= 30 for line in lines[:2])
    assert "…" in lines[1]


def test_every_partner_with_a_problem_has_its_sentence() -> None:
    rows = [_row(number) for number in range(450)]
    lines = _printed(100, rows)
    bad = [row for row in rows if row.state in {State.BAD, State.WARNING} and row.explanation is not None]
    assert sum(line.startswith("  Sentence ") for line in lines) == len(bad)
