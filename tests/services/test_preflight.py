"""Our own certificate before anything is sent: each fault of it is found without a connection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.servers import clients
from tests.servers.clients import Client, Park
from tests.servers.diagnosed import park_list
from tests.support import pki
from trustdesk.core.diagnosis import Preflight
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import msg
from trustdesk.core.revocation import RevocationCheck, RevocationStatus
from trustdesk.services.preflight import preflight_of


@pytest.fixture(scope="module")
def park() -> Park:
    return clients.make_park()


def checked(park: Park, client: Client) -> Preflight:
    return preflight_of(park.credential(client), [park_list(park)], clients.NOW)


def failed(preflight: Preflight) -> set[str]:
    """Return the rules that failed, warnings among them."""
    bad = {FindingStatus.FAIL, FindingStatus.WARN}
    return {finding.rule for finding in preflight.findings if finding.status in bad}


def blocking(preflight: Preflight) -> set[str]:
    return {finding.rule for finding in preflight.findings if finding.is_failure}


def test_nobody_has_nothing_to_check() -> None:
    assert preflight_of(None, [], clients.NOW) == Preflight()


def test_good_certificate_fails_nothing_and_its_whole_path_is_known(park: Park) -> None:
    preflight = checked(park, Client.GOOD)
    assert blocking(preflight) == set()
    assert preflight.key_matches is True
    assert preflight.chain_complete is True
    assert preflight.issuers == ("CN=Park Issuing CA", "CN=Park Root")
    assert preflight.reachable_issuers[-1] == "CN=Park Root"


@pytest.mark.parametrize(
    ("client", "rule"),
    [
        (Client.EXPIRED, "CLI-01"),
        (Client.NOT_YET_VALID, "CLI-01"),
        (Client.SERVER_AUTH_ONLY, "CLI-03"),
        (Client.NO_DIGITAL_SIGNATURE, "CLI-06"),
        (Client.RSA_1024, "CLI-13"),
        (Client.STRANGER, "CLI-19"),
    ],
)
def test_fault_of_a_certificate_fails_its_rule(park: Park, client: Client, rule: str) -> None:
    assert rule in failed(checked(park, client))


def test_chain_without_its_intermediate_is_not_known_to_be_complete(park: Park) -> None:
    alone = checked(park, Client.LEAF_ONLY)
    assert alone.chain_complete is None
    assert alone.issuers == ("CN=Park Issuing CA",)
    assert "CHN-01" in failed(alone)


def test_chain_whose_intermediate_only_a_list_holds_ends_there(park: Park) -> None:
    holds_it = pki.trust_list(park.intermediate)
    preflight = preflight_of(park.credential(Client.LEAF_ONLY), [holds_it], clients.NOW)
    assert preflight.chain_complete is True
    assert "CN=Park Issuing CA" in preflight.reachable_issuers


def test_key_of_another_certificate_is_told(park: Park) -> None:
    good, other = park.credential(Client.GOOD), park.credential(Client.EXPIRED)
    assert good is not None
    assert other is not None
    mixed = replace(good, private_key=other.private_key)
    preflight = preflight_of(mixed, [park_list(park)], clients.NOW)
    assert preflight.key_matches is False
    assert "KEY-01" in failed(preflight)


def test_how_the_key_is_kept_is_not_judged(park: Park) -> None:
    rules = {finding.rule for finding in checked(park, Client.GOOD).findings}
    assert not rules & {"KEY-02", "KEY-03", "KEY-04"}
    assert "KEY-01" in rules


def test_known_revocation_is_told(park: Park) -> None:
    credential = park.credential(Client.REVOKED)
    assert credential is not None
    check = RevocationCheck(
        certificate=credential.label.sha256, status=RevocationStatus.REVOKED, reason=msg("On the list.")
    )
    preflight = preflight_of(credential, [park_list(park)], clients.NOW, (check,))
    assert "CLI-22" in failed(preflight)
    assert preflight.revocation == (check,)
