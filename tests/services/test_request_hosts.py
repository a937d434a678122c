"""Hosts without an address are a hint; what no name server answers is unknown, and no hint of a fault."""

from __future__ import annotations

import asyncio

from tests.support.drafts import MAIN, client_draft, free_draft, server_draft
from trustdesk.core.certificate_request import DraftField
from trustdesk.network.resolve import NameUnresolvedError
from trustdesk.services.request_hosts import host_remarks

asked: list[str] = []


async def look_up(host: str, port: int) -> tuple[str, ...]:
    asked.append(host)
    if host.startswith("edge."):
        raise NameUnresolvedError(temporary=False, detail="no such name")
    if host.startswith("silent."):
        raise NameUnresolvedError(temporary=True, detail="try again")
    if host.startswith("slow."):
        await asyncio.Event().wait()
    return ("192.0.2.1",)


def test_each_host_is_asked_for_once_and_said_where_it_stands() -> None:
    asked.clear()
    draft = server_draft(
        "1r.halden.example", "edge.halden.example", "*.halden.example", "10.0.0.1", one_record_ids=(MAIN,)
    )
    (remark,) = host_remarks(draft, look_up=look_up)
    assert asked == ["1r.halden.example", "edge.halden.example"]
    assert (remark.field, remark.position, remark.is_obstacle) == (DraftField.DNS_NAMES, 1, False)
    assert remark.text.id == "{host} does not resolve from here."


def test_what_nobody_answers_is_unknown() -> None:
    draft = server_draft("silent.halden.example", "slow.halden.example")
    remarks = host_remarks(draft, look_up=look_up, timeout_s=0.01)
    assert [remark.position for remark in remarks] == [0, 1]
    assert {remark.text.id for remark in remarks} == {
        "Whether {host} resolves is not known: no name server answered."
    }


def test_host_of_a_1r_id_is_said_beside_it() -> None:
    (remark,) = host_remarks(client_draft(MAIN, "https://edge.halden.example/X"), look_up=look_up)
    assert (remark.field, remark.position) == (DraftField.ONE_RECORD_IDS, 1)


def test_free_form_asks_nobody() -> None:
    asked.clear()
    assert host_remarks(free_draft("CN=a", "DNS:edge.halden.example"), look_up=look_up) == ()
    assert asked == []


def test_real_resolver_knows_that_invalid_names_have_no_address() -> None:
    """RFC 6761 6.4: nothing resolves below `invalid`; without a name server it is unknown."""
    (remark,) = host_remarks(server_draft("host.invalid"))
    assert dict(remark.text.params) == {"host": "host.invalid"}
