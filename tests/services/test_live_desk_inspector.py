"""The live desk inspects real files in its worker, judges and lints them, for any day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from tests.support import pki, reader_files
from tests.support.pki import NOW
from tests.support.revocation_lists import revocation_list, revoked
from tests.support.revoking_ca import Files
from trustdesk.core.errors import TrustdeskError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.inspection import ItemKind
from trustdesk.core.revocation import RevocationStatus
from trustdesk.core.verification import Purpose
from trustdesk.services.desk_values import PastedData
from trustdesk.services.live_desk import LiveDesk
from trustdesk.storage.workspace import Workspace

ROOT = pki.root("Skybridge Root CA")
ISSUING = pki.authority("Skybridge Issuing CA", ROOT)
LEAF = pki.server(ISSUING, "data.example", common_name="data.example")
WAIT_S = 30


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[LiveDesk]:
    lists = (pki.trust_list(ROOT, called="mine"), pki.trust_list(pki.root("Other"), called="other"))
    made = LiveDesk(
        workspace=Workspace.open(tmp_path / "workspace"),
        trust_lists=lists,
        identities={},
        clock=FixedClock(),
    )
    yield made
    made.close()


def test_files_and_pasted_text_are_read_with_a_password_where_one_is_given(
    desk: LiveDesk, tmp_path: Path
) -> None:
    chain, store = tmp_path / "chain.pem", tmp_path / "store.p12"
    chain.write_bytes(LEAF.pem + ISSUING.pem)
    store.write_bytes(LEAF.pkcs12("secret", ISSUING))
    pasted = PastedData(name="Pasted text 1", data=ROOT.pem)
    found = desk.inspect([chain, pasted, tmp_path / "missing.pem"]).result(WAIT_S)
    kinds = [(item.source, item.kind) for item in found.items]
    assert kinds[:3] == [
        (str(chain), ItemKind.CERTIFICATE),
        (str(chain), ItemKind.CERTIFICATE),
        ("Pasted text 1", ItemKind.CERTIFICATE),
    ]
    assert kinds[3:] == [(str(tmp_path / "missing.pem"), ItemKind.UNKNOWN)]
    assert any(item.locked for item in desk.inspect([store]).result(WAIT_S).items)
    assert any(item.locked for item in desk.inspect([store], "wrong").result(WAIT_S).items)
    opened = desk.inspect([store], "secret").result(WAIT_S)
    assert [item.certificate.facts.sha256 for item in opened.items if item.certificate is not None] == [
        LEAF.sha256,
        ISSUING.sha256,
    ]
    assert not any(item.locked for item in opened.items)


def test_a_revocation_list_that_was_read_can_be_asked(desk: LiveDesk, tmp_path: Path) -> None:
    file = tmp_path / "issuing.crl"
    file.write_bytes(revocation_list(ISSUING, [revoked(LEAF.certificate.serial_number)]))
    crl = desk.inspect([file]).result(WAIT_S).items[0].crl
    assert crl is not None
    opened = desk.open_crl(crl, beside=[LEAF.facts, ISSUING.facts]).future.result(WAIT_S)
    assert list(opened.on_list) == [LEAF.sha256]
    assert opened.signer.sha256 == ISSUING.sha256


def test_a_certificate_is_judged_by_the_list_in_force_or_by_a_named_one(desk: LiveDesk) -> None:
    beside = [ISSUING.facts]
    server = desk.judge_certificate(LEAF.facts, purpose=Purpose.SERVER, beside=beside).result(WAIT_S)
    assert server.trusted
    assert server.at == NOW
    client = desk.judge_certificate(LEAF.facts, purpose=Purpose.CLIENT, beside=beside).result(WAIT_S)
    assert not client.trusted
    other = desk.judge_certificate(
        LEAF.facts, purpose=Purpose.SERVER, beside=beside, trust_list="other"
    ).result(WAIT_S)
    assert not other.trusted


def test_judgement_lint_and_days_left_follow_the_evaluation_time(desk: LiveDesk) -> None:
    later = NOW + timedelta(days=400)
    desk.set_evaluation_time(later)
    judged = desk.judge_certificate(LEAF.facts, purpose=Purpose.SERVER, beside=[ISSUING.facts]).result(WAIT_S)
    assert (judged.trusted, judged.at) == (False, later)
    desk.set_evaluation_time(None)
    again = desk.judge_certificate(LEAF.facts, purpose=Purpose.SERVER, beside=[ISSUING.facts]).result(WAIT_S)
    assert (again.trusted, again.at) == (True, NOW)


def test_the_rule_sets_are_those_of_the_purpose(desk: LiveDesk) -> None:
    items = desk.inspect([PastedData(name="x", data=LEAF.pem + ISSUING.pem)]).result(WAIT_S).items
    leaf, issuing = (item.certificate for item in items)
    assert leaf is not None
    assert issuing is not None
    server = desk.lint_certificate(leaf, purpose=Purpose.SERVER, chain=[issuing]).result(WAIT_S)
    client = desk.lint_certificate(leaf, purpose=Purpose.CLIENT, chain=[issuing]).result(WAIT_S)
    assert any(one.rule.startswith("SRV-") for one in server)
    failed = {one.rule for one in client if one.status is FindingStatus.FAIL}
    assert "CLI-03" in failed


def test_an_export_is_written_whole_or_the_reason_is_said(desk: LiveDesk, tmp_path: Path) -> None:
    file = tmp_path / "chain.pem"
    assert desk.save_file(file, LEAF.pem).result(WAIT_S) == file
    assert file.read_bytes() == LEAF.pem
    with pytest.raises(TrustdeskError):
        desk.save_file(tmp_path / "missing" / "chain.pem", LEAF.pem).result(WAIT_S)


def test_a_lists_name_that_is_not_there_is_a_mistake_of_the_caller(desk: LiveDesk) -> None:
    with pytest.raises(KeyError):
        desk.judge_certificate(LEAF.facts, purpose=Purpose.SERVER, trust_list="nowhere").result(WAIT_S)


def test_a_missing_issuer_is_fetched_only_when_asked_and_never_from_this_machine(desk: LiveDesk) -> None:
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS,
        x509.UniformResourceIdentifier("http://127.0.0.1:9/issuing.crt"),
    )
    leaf = pki.server(ISSUING, extensions=[(x509.AuthorityInformationAccess([access]), False)])
    quiet = desk.judge_certificate(leaf.facts, purpose=Purpose.SERVER).result(WAIT_S)
    asked = desk.judge_certificate(leaf.facts, purpose=Purpose.SERVER, fetches=True).result(WAIT_S)
    reasons = [[end.reason.id for end in one.dead_ends] for one in (quiet, asked)]
    assert not any("Nothing came from" in reason for reason in reasons[0])
    assert any("Nothing came from" in reason for reason in reasons[1])


def test_revocation_is_asked_only_when_a_person_said_so_and_never_of_this_machine(desk: LiveDesk) -> None:
    with Files() as files:
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(f"{files.url}/a.crl")], None, None, None
        )
        leaf = pki.server(ISSUING, extensions=[(x509.CRLDistributionPoints([point]), False)])
        beside = [ISSUING.facts]
        quiet, asked = (
            desk.judge_certificate(
                leaf.facts, purpose=Purpose.SERVER, beside=beside, asks_revocation=asks
            ).result(WAIT_S)
            for asks in (False, True)
        )
    statuses = [one.paths[0].revocation[0].status for one in (quiet, asked)]
    assert statuses == [RevocationStatus.UNKNOWN, RevocationStatus.UNAVAILABLE]
    assert files.requests == []
    assert [one.trusted for one in (quiet, asked)] == [True, True]


def test_what_is_open_beside_is_evidence_on_keys(desk: LiveDesk) -> None:
    twin = pki.client(ISSUING, key=LEAF.key)
    text = LEAF.pem + ISSUING.pem + LEAF.key_pem() + twin.pem
    items = desk.inspect([PastedData(name="x", data=text)]).result(WAIT_S).items
    leaf = items[0].certificate
    assert leaf is not None
    found = desk.lint_certificate(leaf, purpose=Purpose.SERVER, beside=items).result(WAIT_S)
    status = {one.rule: one.status for one in found if one.rule.startswith("KEY-")}
    assert status == {
        "KEY-01": FindingStatus.PASS,
        "KEY-02": FindingStatus.WARN,
        "KEY-03": FindingStatus.NOT_APPLICABLE,
        "KEY-04": FindingStatus.WARN,
        "KEY-05": FindingStatus.PASS,
    }
    assert next(one for one in found if one.rule == "SRV-17").status is FindingStatus.PASS


def test_requests_and_keys_are_linted_and_other_things_are_not(desk: LiveDesk) -> None:
    pasted = [
        PastedData(name="r", data=reader_files.request(LEAF)),
        PastedData(name="k", data=LEAF.key_pem("secret")),
        PastedData(name="c", data=LEAF.pem),
    ]
    request, key, certificate = desk.inspect(pasted).result(WAIT_S).items
    rules = [one.rule for one in desk.lint_item(request, beside=(request, key)).result(WAIT_S)]
    assert [rule for rule in rules if rule.startswith("CSR-")] == [f"CSR-{n}" for n in range(1, 11)]
    on_key = {one.rule: one.status for one in desk.lint_item(key, beside=(key,)).result(WAIT_S)}
    assert on_key == {
        "KEY-02": FindingStatus.PASS,
        "KEY-03": FindingStatus.NOT_APPLICABLE,
        "KEY-05": FindingStatus.NOT_RUN,
    }
    assert desk.lint_item(certificate).result(WAIT_S) == ()


def test_pkilint_is_asked_for_one_certificate(desk: LiveDesk) -> None:
    found = desk.lint_conformance(LEAF.facts).future.result(WAIT_S)
    assert found
    assert all(one.rule.startswith("pkilint") for one in found)
