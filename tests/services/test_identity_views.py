"""What an identity can be used as, by rule and case, and what a person is told to plan for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support import pki
from tests.support.identity_samples import sample_identity
from tests.support.pki import CLIENT_AUTH, NOW, SERVER_AUTH, Issued
from trustdesk.core.finding import FindingStatus
from trustdesk.core.identity import Identity, IdentityUse, IdentityView, Usable
from trustdesk.core.partner import Endpoint
from trustdesk.core.target import parse_target
from trustdesk.services.identity_views import IdentityViewpoint, identity_view
from trustdesk.services.wording import wording
from trustdesk.verify.revocation.evidence import RevocationEvidence

DECADE = NOW + timedelta(days=3650)
ROOT = pki.root(not_after=DECADE)
ISSUING = pki.authority("Issuing", ROOT, not_after=DECADE)
PUBLIC = pki.root("Public web", not_after=DECADE)


def identity_of(*path: Issued, name: str = "acme") -> Identity:
    return sample_identity(name, *(one.facts for one in path))


def view(identity: Identity, at: datetime = NOW, **different: Any) -> IdentityView:
    viewpoint = IdentityViewpoint(
        at=at,
        trust_lists=(pki.trust_list(ROOT, PUBLIC),),
        public_list=pki.trust_list(PUBLIC, called="public"),
        own=(identity,),
    )
    return identity_view(identity, replace(viewpoint, **different))


def words(view: IdentityView) -> list[str]:
    return [wording("en").text(one) for one in view.advice]


def used_by_one() -> dict[str, IdentityUse]:
    endpoint = Endpoint(id=1, partner="Cargo", target=parse_target("https://cargo.example"), identity="acme")
    return {"acme": IdentityUse(endpoints=(endpoint,))}


def test_good_client_is_usable_by_the_list_in_force() -> None:
    shown = view(identity_of(pki.client(ISSUING), ISSUING))
    assert shown.client.usable is Usable.YES
    assert wording("en").text(shown.client.why) == (
        "It can be used as a TLS client, as https://acme.example/ACME;"
        " its path ends on the list The test's list."
    )
    assert shown.server.usable is Usable.NOT_MEANT
    assert shown.one_record_ids == ("https://acme.example/ACME",)
    assert shown.days_left == 265
    assert shown.path_is_complete is True
    assert shown.advice == ()


def test_findings_are_those_of_the_client() -> None:
    shown = view(identity_of(pki.client(ISSUING), ISSUING))
    assert {one.rule for one in shown.findings} >= {"CLI-01", "CHN-01", "KEY-01"}
    assert not any(one.rule.startswith("SRV-") for one in shown.findings)


def test_server_alone_is_not_meant_as_client_and_its_rules_are_shown() -> None:
    shown = view(identity_of(pki.server(ISSUING, common_name=pki.HOST), ISSUING))
    assert (shown.client.usable, shown.server.usable) == (Usable.NOT_MEANT, Usable.YES)
    assert "SRV-01" in {one.rule for one in shown.findings}


def test_server_certificate_that_partners_are_shown_is_no_client() -> None:
    shown = view(identity_of(pki.server(ISSUING), ISSUING), uses=used_by_one())
    assert shown.client.usable is Usable.NO
    assert "without clientAuth" in wording("en").text(shown.client.why)


def test_server_without_a_host_name_is_none() -> None:
    shown = view(identity_of(pki.server(ISSUING, "", common_name="cargo.example"), ISSUING))
    assert shown.server.usable is Usable.NO


def test_without_extended_key_usage_it_is_a_client_and_no_server_without_a_host() -> None:
    shown = view(identity_of(pki.client(ISSUING, usages=None), ISSUING))
    assert (shown.client.usable, shown.server.usable) == (Usable.YES, Usable.NOT_MEANT)


def test_no_digital_signature_is_no_client() -> None:
    shown = view(identity_of(pki.client(ISSUING, key_usage=("key_agreement",)), ISSUING))
    assert shown.client.usable is Usable.NO


def test_ca_of_no_list_makes_it_unusable() -> None:
    shown = view(identity_of(pki.client(ISSUING), ISSUING), trust_lists=(pki.trust_list(PUBLIC),))
    assert shown.client.usable is Usable.NO
    assert shown.path_is_complete is False


def test_without_a_list_nobody_knows() -> None:
    shown = view(identity_of(pki.client(ISSUING), ISSUING), trust_lists=())
    assert shown.client.usable is Usable.UNKNOWN
    assert shown.path_is_complete is None


def test_missing_intermediate_is_said() -> None:
    shown = view(identity_of(pki.client(ISSUING)))
    assert shown.client.usable is Usable.NO
    assert shown.path_is_complete is False
    assert any("import the identity again" in text for text in words(shown))


def test_key_of_something_else_makes_it_unusable() -> None:
    identity = identity_of(pki.client(ISSUING), ISSUING)
    other = replace(identity, key=replace(identity.key, spki_sha256="0" * 64))
    shown = view(other)
    assert shown.client.usable is Usable.NO
    assert "belongs to another public key" in wording("en").text(shown.client.why)


@pytest.mark.parametrize(
    ("days", "usable"),
    [(40, Usable.YES), (29, Usable.WARNED), (3, Usable.WARNED), (-1, Usable.NO)],
)
def test_end_of_the_validity(days: int, usable: Usable) -> None:
    client = pki.client(ISSUING, not_after=NOW + timedelta(days=days, hours=1))
    shown = view(identity_of(client, ISSUING))
    assert shown.client.usable is usable
    assert shown.days_left == days
    assert bool(words(shown)) is (usable is not Usable.YES)


def test_it_is_judged_for_the_day_in_view() -> None:
    identity = identity_of(pki.client(ISSUING), ISSUING)
    assert view(identity, NOW + timedelta(days=264, hours=-1)).client.usable is Usable.WARNED
    assert view(identity, NOW + timedelta(days=400)).client.usable is Usable.NO
    early = view(identity, NOW - timedelta(days=101))
    assert early.client.usable is Usable.NO
    assert early.days_left == 366


def test_renewed_one_says_by_whom_and_not_that_it_ends() -> None:
    client = pki.client(ISSUING, not_after=NOW + timedelta(days=3))
    shown = view(replace(identity_of(client, ISSUING), renewed_by="acme-2027"))
    assert words(shown) == ["acme-2027 follows it. Delete this one once partners accept the new one."]


def test_public_certificate_for_both_ends_as_a_client() -> None:
    both = pki.server(PUBLIC, common_name=pki.HOST, usages=(SERVER_AUTH, CLIENT_AUTH))
    shown = view(identity_of(both))
    assert (shown.client.usable, shown.server.usable) == (Usable.WARNED, Usable.WARNED)
    assert words(shown)[0].startswith("It is publicly trusted and may act as a client. From 2027-03-15")
    later = view(identity_of(both), datetime(2027, 4, 1, tzinfo=UTC))
    assert words(later)[0].startswith("It is publicly trusted and may act as a client. Since 2027-03-15")


def test_public_lifetime_shrinks_by_the_next_renewal() -> None:
    server = pki.server(PUBLIC, not_before=NOW, not_after=NOW + timedelta(days=199))
    assert words(view(identity_of(server))) == [
        "It is valid for 200 days; when it ends, public CAs issue for 100 days at most. "
        "Plan for renewals that need nobody."
    ]


def test_private_certificate_of_two_years_is_too_long_for_the_policy() -> None:
    client = pki.client(ISSUING, not_before=NOW, not_after=NOW + timedelta(days=730))
    shown = view(identity_of(client, ISSUING))
    assert shown.client.usable is Usable.YES
    assert words(shown) == [
        "It is valid for 731 days; the limit is 366. Ask the CA for a shorter lifetime at the next renewal."
    ]


def test_revocation_that_nobody_was_asked_about_does_not_decide_and_is_not_run() -> None:
    shown = view(identity_of(pki.client(ISSUING), ISSUING), revocation=RevocationEvidence())
    assert shown.client.usable is Usable.YES
    status = {one.rule: one.status for one in shown.findings}
    assert status["REV-04"] is FindingStatus.NOT_RUN


def test_same_key_in_two_identities_is_a_finding() -> None:
    key = pki.client(ISSUING)
    one = identity_of(key, ISSUING)
    other = identity_of(pki.client(ISSUING, key=key.key), ISSUING, name="other")
    shown = view(one, own=(one, other))
    assert {f.rule for f in shown.findings if f.status is FindingStatus.WARN} >= {"KEY-04"}


def test_certificate_that_cannot_be_read_is_a_verdict() -> None:
    broken = replace(pki.client(ISSUING).facts, der=b"0\x03\x02\x01\x01", not_before=None, not_after=None)
    shown = view(sample_identity("acme", broken))
    assert shown.client.usable in {Usable.NO, Usable.UNKNOWN}
    assert shown.days_left is None
