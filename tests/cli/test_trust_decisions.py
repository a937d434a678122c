"""`trustdesk trust decide`, `policy`, `impact` and `drops`: what is decided here, and what follows."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.support import pki
from tests.support.trust_commands import NAME, TrustCommands, server_of
from tests.support.trust_lab import pilot_pki

HALDEN, NORDWIND = "Halden Air", "Nordwind Cargo"


def sha256(called: str) -> str:
    return pilot_pki()[called].facts.sha256


@pytest.fixture
def seen(trust: TrustCommands) -> TrustCommands:
    """The pilot in force, and two partners whose chains end on it."""
    trust.applied()
    trust.saw(HALDEN, server_of(pilot_pki()["Skybridge Root CA 1"]))
    trust.saw(NORDWIND, server_of(pilot_pki()["Concordia Services CA 2"]))
    return trust


def test_a_distrust_is_kept_told_and_taken_back(seen: TrustCommands) -> None:
    digest = sha256("Skybridge Root CA 1")
    made = seen.document("decide", "distrust", digest, "--comment", "its key was stolen")
    assert made["schema"] == "trustdesk.trust-decisions/1"
    (decision,) = seen.document("decide", "list")["decisions"]
    assert (decision["sha256"], decision["kind"], decision["sealed"]) == (digest, "distrust", True)
    assert "its key was stolen" in seen.run("decide", "list").out
    seen.document("decide", "withdraw", digest, "--comment", "it was another key")
    assert seen.document("decide", "list")["decisions"] == []
    assert seen.run("decide", "withdraw", digest, "--comment", "again").status == 2


def test_a_limit_in_place_of_another_keeps_a_seal_that_holds(seen: TrustCommands) -> None:
    digest = ":".join(sha256("Fjordsign Root 2021").upper()[place : place + 2] for place in range(0, 64, 2))
    for usage, *until in (("client", "--until", "2100-01-01"), ("server",)):
        seen.document("decide", "limit", digest, "--usage", usage, *until, "--comment", "agreed")
    (decision,) = seen.document("decide", "list")["decisions"]
    assert (decision["usages"], decision["expires"], decision["sealed"]) == (["tls_server"], None, True)


def test_the_first_decision_of_a_workspace_is_sealed_whatever_it_is(trust: TrustCommands) -> None:
    trust.document("decide", "limit", "ab" * 32, "--usage", "client", "--comment", "agreed")
    trust.document("decide", "distrust", "cd" * 32, "--comment", "stolen")
    assert [one["sealed"] for one in trust.document("decide", "list")["decisions"]] == [True, True]


def test_a_decision_goes_into_an_export_only_where_that_is_asked(seen: TrustCommands) -> None:
    seen.document("decide", "distrust", sha256("Skybridge Root CA 1"), "--comment", "stolen")
    plain, local = seen.folder / "plain.pem", seen.folder / "local.pem"
    with_it = seen.document("export", NAME, "--output", plain)["entry_count"]
    without = seen.document("export", NAME, "--output", local, "--with-local")["entry_count"]
    assert with_it == without + 1


def test_a_partners_policy_holds_for_it_alone(seen: TrustCommands) -> None:
    digest = sha256("Concordia Services CA 2")
    made = seen.document("policy", "set", HALDEN, "--only-ca", digest, "--comment", "agreed in the contract")
    assert made["policies"][0]["only_cas"] == [digest]
    shown = seen.run("policy", "list").out
    assert HALDEN in shown
    assert digest in shown
    cleared = seen.document("policy", "clear", HALDEN, "--comment", "back to the list")
    assert cleared["policies"] == []


def test_private_roots_come_from_a_file(seen: TrustCommands) -> None:
    file = seen.file(pki.root("Private").certificate.public_bytes(Encoding.PEM), "private.pem")
    made = seen.document("policy", "set", HALDEN, "--private-root", file, "--comment", "theirs")
    assert [root["subject"] for root in made["policies"][0]["private_roots"]] == ["CN=Private"]


def names(affected: list[dict[str, Any]]) -> list[str]:
    return [one["partner"] for one in affected]


def test_the_impact_of_a_ca_that_goes_names_who_loses_which_path(seen: TrustCommands) -> None:
    digest = sha256("Skybridge Root CA 1")
    document = seen.document("impact", "--without", digest)
    assert document["schema"] == "trustdesk.trust-impact/1"
    (loses,) = document["partners"]
    assert (loses["partner"], loses["before"], loses["after"]) == (HALDEN, "trusted", "not_trusted")
    assert loses["lost_path"][-1] == digest
    assert document["identities"] == []
    shown = seen.run("impact", "--without", digest).out
    assert "1 would lose trust, 0 would gain it; 1 of 2 stay as they are." in shown
    assert "Lost path: " in shown


def test_the_impact_of_a_version_and_of_a_date(seen: TrustCommands) -> None:
    seen.run("import", seen.next_version(), "--name", NAME, "--keep")
    between = seen.document("impact", "--from", f"{NAME}@1", "--to", f"{NAME}@2")
    beside = seen.document("impact", "--to", f"{NAME}@2")
    assert names(between["partners"]) == names(beside["partners"]) == [NORDWIND]
    later = seen.document("impact", "--date", "2045-01-01")
    assert names(later["partners"]) == [HALDEN, NORDWIND]


def test_where_no_chain_was_seen_nothing_is_green(trust: TrustCommands) -> None:
    ran = trust.applied().run("impact", "--without", sha256("Skybridge Root CA 1"))
    assert (ran.status, ran.out[0]) == (0, "?")


def test_drops_name_who_is_below_and_count_the_rest(seen: TrustCommands) -> None:
    document = seen.document("drops")
    below = [one for one in document["drops"] if one["partners"] == [HALDEN]]
    assert [one["kind"] for one in below] == ["expires"]
    shown, everything = seen.run("drops").out, seen.run("drops", "--all").out
    assert "1 partner or identity of yours is below it. Halden Air" in shown
    assert "--all shows" in shown
    assert "Palisade" not in shown
    assert len(everything.splitlines()) > len(shown.splitlines())


def test_a_new_certificate_of_a_server_waits_and_is_decided(seen: TrustCommands) -> None:
    renewed = server_of(pilot_pki()["Skybridge Root CA 1"])
    endpoint = seen.saw(HALDEN, renewed)
    (waiting,) = [one for one in seen.document("queue")["waiting"] if one["endpoint_id"] == endpoint]
    assert waiting["now"]["sha256"] == renewed.facts.sha256
    assert f"trust decide fingerprint {endpoint} {renewed.facts.sha256}" in seen.run("queue").out
    decided = seen.document(
        "decide", "fingerprint", endpoint, renewed.facts.sha256, "--comment", "announced by mail"
    )
    assert decided["accepted"] is True
    assert seen.document("queue")["waiting"] == []


def test_what_is_decided_needs_a_reason(seen: TrustCommands) -> None:
    for command in (("distrust", "ab" * 32), ("limit", "ab" * 32, "--usage", "client")):
        ran = seen.run("decide", *command, "--comment", " ")
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (2, "", 1)
