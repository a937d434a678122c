"""How an endpoint stands, as a workspace keeps it: the row of the board, and what it rests on.

One document for each endpoint, read ten thousand at a time: by hand, because a converter takes five times as
long. What cannot be read is made again from the report. A document has two lines of JSON, because the second,
what is said of the test, is the same for many.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from trustdesk import __version__
from trustdesk.core.grounds import Grounds
from trustdesk.core.light_dataclass import light_dataclass
from trustdesk.core.probe import Explanation, Responsible
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.records import message_document, message_of

FORM = 2
"""Of the documents that are written, and the only one that is read."""


@light_dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """What of a row of the board depends on the test alone.

    Attributes:
        state, tls_version: as in `services.board.BoardRow`.
        server, mtls, on_list: state and word of each cell.
    """

    state: str
    tls_version: str | None
    server: tuple[str, str]
    mtls: tuple[str, str]
    on_list: tuple[str, str]
    explanation: Explanation


@light_dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A row with what it rests on."""

    row: KeptRow
    grounds: Grounds


def standing_text(standing: Standing) -> str:
    """Return a standing as it is kept."""
    row, grounds, said = standing.row, standing.grounds, standing.row.explanation
    first = {
        "by": __version__,
        "row": [row.state, row.tls_version, *row.server, *row.mtls, *row.on_list],
        "grounds": [
            grounds.tested_at,
            grounds.is_judged,
            grounds.trusted,
            grounds.trust_list,
            grounds.basis,
            grounds.engine,
            grounds.path,
            grounds.judged_at,
            grounds.verify_name,
            grounds.issuers,
            grounds.instants,
            grounds.not_after,
            grounds.own,
            grounds.own_accepted,
        ],
    }
    second = {
        "cause": said.cause,
        "responsible": said.responsible.value,
        "headline": message_document(said.headline),
        "action": None if said.action is None else message_document(said.action),
        "evidence": [message_document(one) for one in said.evidence],
    }
    return f"{compact_json(first)}\n{compact_json(second)}"


def standing_from(form: int, text: str) -> Standing | None:
    """Read a standing; None where it is damaged, or another version of the program made it."""
    first, _, second = text.partition("\n")
    document = _document(form, first)
    if document is None:
        return None
    try:
        state, tls_version, server, server_word, mtls, mtls_word, on_list, on_list_word = document["row"]
        row = KeptRow(
            state=state,
            tls_version=tls_version,
            server=(server, server_word),
            mtls=(mtls, mtls_word),
            on_list=(on_list, on_list_word),
            explanation=_explanation(second),
        )
        return Standing(row=row, grounds=_grounds(document["grounds"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def grounds_from(form: int, text: str) -> Grounds | None:
    """Read of a standing only what it rests on; None likewise."""
    document = _document(form, text.partition("\n")[0])
    try:
        return None if document is None else _grounds(document["grounds"])
    except (KeyError, ValueError, TypeError):
        return None


def _document(form: int, text: str) -> dict[str, Any] | None:
    if form != FORM:
        return None
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and document.get("by") == __version__ else None


@lru_cache(4096)
def _explanation(text: str) -> Explanation:
    said: Mapping[str, Any] = json.loads(text)
    action = said["action"]
    return Explanation(
        cause=said["cause"],
        responsible=Responsible(said["responsible"]),
        headline=message_of(said["headline"]),
        action=None if action is None else message_of(action),
        evidence=tuple(map(message_of, said["evidence"])),
    )


def _grounds(values: list[Any]) -> Grounds:
    (
        tested_at,
        is_judged,
        trusted,
        trust_list,
        basis,
        engine,
        path,
        judged_at,
        verify_name,
        issuers,
        instants,
        not_after,
        own,
        own_accepted,
    ) = values
    return Grounds(
        tested_at=float(tested_at),
        is_judged=is_judged,
        trusted=trusted,
        trust_list=trust_list,
        basis=basis,
        engine=engine,
        path=tuple(path),
        judged_at=judged_at,
        verify_name=verify_name,
        issuers=tuple(issuers),
        instants=tuple(instants),
        not_after=not_after,
        own=own,
        own_accepted=own_accepted,
    )
