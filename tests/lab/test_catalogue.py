"""The catalogue is consistent with itself."""

from __future__ import annotations

from trustdesk.core.probe import Outcome
from trustdesk.lab.catalogue import CATALOGUE, ClientPolicy, IdentityName, load_endpoint
from trustdesk.lab.description import NO_CAUSE


def test_names_partners_and_dns_names_are_unique() -> None:
    specs = (*CATALOGUE, load_endpoint(1))
    for values in (
        [spec.name for spec in specs],
        [spec.partner for spec in specs],
        [spec.dns_name for spec in specs],
    ):
        assert len(set(values)) == len(values)


def test_a_server_is_healthy_exactly_when_it_has_no_cause() -> None:
    for spec in CATALOGUE:
        assert (spec.fault is None) is (spec.cause == NO_CAUSE)
        assert spec.name.startswith("healthy-") is (spec.fault is None)
        if spec.fault is None:
            assert spec.outcome is Outcome.ACCEPTED


def test_every_identity_shows_something() -> None:
    assert {spec.identity for spec in CATALOGUE} == {None, *IdentityName}


def test_every_way_of_treating_client_certificates_is_there() -> None:
    assert {spec.client_policy for spec in CATALOGUE} == set(ClientPolicy)


def test_load_endpoints_share_one_name_and_so_one_context() -> None:
    first, second = load_endpoint(1), load_endpoint(2)
    assert first.dns_name == second.dns_name
    assert (first.name, second.name) == ("load-001", "load-002")
