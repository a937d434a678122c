"""What gives way in the history, by the settings of the workspace.

The newest test of an endpoint, its newest that saw a certificate, and those that changed something outlive
every setting: without them neither the board nor what changed could be told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from trustdesk.core.observation import Observation
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.storage.earlier_observations import newest_of
from trustdesk.storage.observation_rows import AT_ONCE, observation_rows, read_observations
from trustdesk.storage.schema import endpoints, observation_reports, observations, settings
from trustdesk.storage.settings import read_settings

_ROUND = "retention"
"""Name in `settings` of where the last time ended: by which settings, after which endpoint, or when done."""

_APART = timedelta(days=1)


def lasting_reports(newest_first: Sequence[Observation], full_reports: int) -> frozenset[int]:
    """Return which of an endpoint's newest tests keep their whole report, by their numbers.

    Args:
        newest_first: from the newest on, without gaps.
        full_reports: how many are kept in any case.
    """
    lasting = {one.id for one in newest_first[: max(full_reports, 1)]}
    lasting |= {one.id for one in newest_first if one.changed}
    with_chain = next((one.id for one in newest_first if one.chain), None)
    return frozenset(lasting if with_chain is None else lasting | {with_chain})


def forget(
    connection: Connection, newest: Mapping[int, Sequence[Observation]], chosen: WorkspaceSettings
) -> None:
    """Let go what has to give way after new tests of endpoints.

    Args:
        newest: the newest tests of endpoints, newest first.
    """
    falling = [
        one.id
        for of_it in newest.values()
        for lasting in (lasting_reports(of_it, chosen.full_reports),)
        for one in of_it
        if one.has_report and one.id not in lasting
    ]
    _delete_reports(connection, falling)
    if chosen.keep_days is None:
        return
    for endpoint_id, of_it in newest.items():
        if of_it:
            _delete_older(connection, endpoint_id, of_it, of_it[0].started_at, chosen.keep_days)


def tidy(connection: Connection, now: datetime, most: int = 100) -> bool:
    """Let go what has to give way at some endpoints, going on where the last time ended.

    For a setting that was changed, and for endpoints that are tested no more. A whole round is made once a
    day, and begins anew when a setting was changed.

    Args:
        most: endpoints that are looked at.

    Returns:
        Whether there is more to do.
    """
    chosen = read_settings(connection)
    settled = [chosen.full_reports, chosen.keep_days]
    place = _place(connection)
    if place.get("settings") != settled:
        place = {"settings": settled}
    if _is_done(place, now):
        return False
    after = place.get("after")
    after = after if isinstance(after, int) else 0
    numbers = (
        connection.execute(
            select(endpoints.c.id).where(endpoints.c.id > after).order_by(endpoints.c.id).limit(most)
        )
        .scalars()
        .all()
    )
    for endpoint_id in numbers:
        _tidy_endpoint(connection, endpoint_id, chosen, now)
    if len(numbers) == most:
        _move_to(connection, {"settings": settled, "after": numbers[-1]})
        return True
    if chosen.keep_days is not None:
        connection.execute(
            delete(observations).where(
                observations.c.endpoint_id.is_(None),
                observations.c.started_at < now - timedelta(days=chosen.keep_days),
            )
        )
    _move_to(connection, {"settings": settled, "done_at": now.isoformat()})
    return False


def _is_done(place: Mapping[str, object], now: datetime) -> bool:
    done_at = place.get("done_at")
    try:
        return isinstance(done_at, str) and timedelta() <= now - datetime.fromisoformat(done_at) < _APART
    except (ValueError, TypeError):
        return False


def _tidy_endpoint(
    connection: Connection, endpoint_id: int, chosen: WorkspaceSettings, now: datetime
) -> None:
    newest = newest_of(connection, endpoint_id, chosen.full_reports)
    if not newest:
        return
    kept = [*newest]
    if not any(one.chain for one in newest):
        kept += _newest_with_chain(connection, endpoint_id)
    lasting = [one.id for one in kept]
    with_report = (
        select(observations.c.id)
        .join(observation_reports, observation_reports.c.observation_id == observations.c.id)
        .where(observations.c.endpoint_id == endpoint_id, observations.c.changed.is_(False))
    )
    found = connection.execute(with_report).scalars().all()
    _delete_reports(connection, [one for one in found if one not in lasting])
    if chosen.keep_days is not None:
        _delete_older(connection, endpoint_id, kept, now, chosen.keep_days)


def _delete_older(
    connection: Connection, endpoint_id: int, known: Sequence[Observation], now: datetime, keep_days: int
) -> None:
    """Delete the tests of an endpoint that are too old.

    Args:
        known: newest first; beginning with the newest.
    """
    lasting = [known[0].id]
    with_chain = next((one.id for one in known if one.chain), None)
    if with_chain is None:
        lasting += [one.id for one in _newest_with_chain(connection, endpoint_id)]
    else:
        lasting.append(with_chain)
    connection.execute(
        delete(observations).where(
            observations.c.endpoint_id == endpoint_id,
            observations.c.started_at < now - timedelta(days=keep_days),
            observations.c.changed.is_(False),
            observations.c.id.not_in(lasting),
        )
    )


def _newest_with_chain(connection: Connection, endpoint_id: int) -> Sequence[Observation]:
    question = observation_rows().where(
        observations.c.endpoint_id == endpoint_id, observations.c.chain_id.is_not(None)
    )
    newest = question.order_by(observations.c.started_at.desc(), observations.c.id.desc()).limit(1)
    return read_observations(connection, newest)


def _delete_reports(connection: Connection, numbers: Sequence[int]) -> None:
    for at in range(0, len(numbers), AT_ONCE):
        some = observation_reports.c.observation_id.in_(numbers[at : at + AT_ONCE])
        connection.execute(delete(observation_reports).where(some))


def _place(connection: Connection) -> dict[str, Any]:
    text = connection.execute(
        select(settings.c.document).where(settings.c.name == _ROUND)
    ).scalar_one_or_none()
    try:
        place = json.loads(text or "{}")
    except ValueError:
        return {}
    return place if isinstance(place, dict) else {}


def _move_to(connection: Connection, place: Mapping[str, object]) -> None:
    connection.execute(delete(settings).where(settings.c.name == _ROUND))
    connection.execute(insert(settings).values(name=_ROUND, document=json.dumps(place)))
