"""How an endpoint stands after its last test: worked out as it is recorded, and kept for the board.

Reading the whole reports of ten thousand endpoints takes seconds; reading how they stand does not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from trustdesk.core.grounds import Grounds
from trustdesk.core.handshake import ClientCertificateVerdict
from trustdesk.core.message import Message
from trustdesk.core.partner import Endpoint
from trustdesk.core.probe import ProbeReport
from trustdesk.formats.standing_records import FORM, KeptRow, Standing, standing_text
from trustdesk.services.board import BoardRow, Cell, State, board_row
from trustdesk.verify.server_rules import near_its_end

_DAY_S = 86_400


def kept_standing(report: ProbeReport) -> tuple[int, str]:
    """Return the standing of a report as the workspace keeps it: its form, and its document."""
    return FORM, standing_text(standing_of(report))


def standing_of(report: ProbeReport) -> Standing:
    """Return how an endpoint stands after a test, as that left it."""
    record = report.record
    endpoint = Endpoint(id=0, partner="", target=record.target)
    row = board_row(endpoint, report, record.started_at)
    return Standing(
        row=KeptRow(
            state=row.state.value,
            tls_version=row.tls_version,
            server=_kept(row.server),
            mtls=_kept(row.mtls),
            on_list=_kept(row.on_list),
            explanation=report.explanation,
        ),
        grounds=grounds_of(report),
    )


def grounds_of(report: ProbeReport) -> Grounds:
    """Return what a report rests on."""
    record = report.record
    chain, judgement = record.presented_chain, record.judgement
    instants = [at for one in chain for at in (one.not_before, one.not_after)]
    instants += [near_its_end(one) for one in chain[:1]]
    own = record.identity.sha256 if record.identity is not None and record.client_auth.sent else None
    grounds = Grounds(
        tested_at=record.started_at.timestamp(),
        verify_name=record.target.verify_name,
        issuers=tuple(one.issuer or "" for one in chain),
        instants=tuple(at.timestamp() for at in instants if at is not None),
        not_after=_seconds(chain[0].not_after if chain else None),
        own=own,
        own_accepted=own is not None and record.client_auth.verdict is ClientCertificateVerdict.ACCEPTED,
    )
    if judgement is None:
        return grounds
    return replace(
        grounds,
        is_judged=True,
        trusted=judgement.trusted,
        trust_list=judgement.trust_list,
        basis=judgement.basis,
        engine=judgement.engine,
        path=judgement.path,
        judged_at=_seconds(judgement.judged_at),
    )


def row_of(endpoint: Endpoint, standing: Standing, at: datetime) -> BoardRow:
    """Return the row of an endpoint as it stood after its test.

    Args:
        at: what days left are counted from.
    """
    row, grounds = standing.row, standing.grounds
    return BoardRow(
        endpoint=endpoint,
        state=_STATES[row.state],
        tls_version=row.tls_version,
        server=_cell(*row.server),
        mtls=_cell(*row.mtls),
        on_list=_cell(*row.on_list),
        days_left=None if grounds.not_after is None else int((grounds.not_after - at.timestamp()) // _DAY_S),
        tested_at=datetime.fromtimestamp(grounds.tested_at, UTC),
        explanation=row.explanation,
        # A standing is as the test left it: nothing else is left open there.
        is_inconclusive=_STATES[row.state] is State.UNKNOWN,
    )


_STATES = {one.value: one for one in State}


def _kept(cell: Cell) -> tuple[str, str]:
    return cell.state.value, cell.word.id


@lru_cache(256)
def _cell(state: str, word: str) -> Cell:
    return Cell(_STATES[state], Message(word))


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
