"""Whether the hosts that a draft names have addresses, asked of the name servers; a hint, never a verdict.

A name that is known only inside the partner's network, or not yet, may be right all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from trustdesk.core.certificate_request import DraftField, FieldRemark, RequestDraft, RequestPurpose
from trustdesk.core.message import msg
from trustdesk.network.resolve import NameUnresolvedError, resolve
from trustdesk.verify.one_record_id import host_in_a_labels, in_a_labels, is_fqdn, read_one_record_id

TIMEOUT_S = 5.0
_HTTPS = 443

Place = tuple[DraftField, int, str]
"""A field, which of its values, and the host in it."""


def host_remarks(
    draft: RequestDraft,
    *,
    look_up: Callable[[str, int], Awaitable[Sequence[object]]] = resolve,
    timeout_s: float = TIMEOUT_S,
) -> tuple[FieldRemark, ...]:
    """Ask for the addresses of all hosts at once, and return what is to be said of them. It blocks.

    Args:
        look_up: raises NameUnresolvedError where there is none.
        timeout_s: for all of them together; what is not known by then is said to be unknown.
    """
    places = tuple(_places(draft))
    hosts = tuple(dict.fromkeys(host for *_, host in places))
    answers = dict(zip(hosts, asyncio.run(_ask(hosts, look_up, timeout_s)), strict=True))
    return tuple(
        FieldRemark(
            field=field,
            position=position,
            text=msg("{host} does not resolve from here.", host=host)
            if answers[host] is False
            else msg("Whether {host} resolves is not known: no name server answered.", host=host),
            is_obstacle=False,
        )
        for field, position, host in places
        if answers[host] is not True
    )


def _places(draft: RequestDraft) -> Sequence[Place]:
    if draft.purpose is RequestPurpose.FREE:
        return ()
    ids = [
        (DraftField.ONE_RECORD_IDS, position, read_one_record_id(in_a_labels(text.strip())).host or "")
        for position, text in enumerate(draft.one_record_ids)
    ]
    own = [
        (DraftField.DNS_NAMES, position, host_in_a_labels(text.strip()))
        for position, text in enumerate(draft.dns_names)
        if draft.purpose is RequestPurpose.SERVER
    ]
    first: dict[str, Place] = {}
    for place in (*ids, *own):
        if is_fqdn(place[2]):
            first.setdefault(place[2], place)
    return tuple(first.values())


async def _ask(
    hosts: Sequence[str], look_up: Callable[[str, int], Awaitable[Sequence[object]]], timeout_s: float
) -> list[bool | None]:
    """Return for each host whether it has an address; None where that is not known."""

    async def one(host: str) -> bool | None:
        try:
            return bool(await asyncio.wait_for(look_up(host, _HTTPS), timeout_s))
        except NameUnresolvedError as error:
            return None if error.temporary else False
        except TimeoutError:
            return None

    return list(await asyncio.gather(*(one(host) for host in hosts)))
