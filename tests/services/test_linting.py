"""Rule sets chosen by name, and pkilint in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import pki
from tests.support.pki import NOW
from tests.support.profiles import AT, client, request, subject_of
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import FindingStatus
from trustdesk.core.message import Message
from trustdesk.core.trust import TrustAnchor, TrustList
from trustdesk.formats.certificate_details import read_details
from trustdesk.formats.request import read_request
from trustdesk.services import lint_worker
from trustdesk.services.lint_worker import MAX_BYTES, PkilintWorker
from trustdesk.services.linting import choose_rule_sets, context_of, lint_all
from trustdesk.services.wording import wording
from trustdesk.verify.lint_pkilint import PkilintReport
from trustdesk.verify.profiles.context import CsrSubject, LintContext, Role
from trustdesk.verify.profiles.rule import RuleSetName

RULES = choose_rule_sets([])


@pytest.fixture
def worker() -> Iterator[PkilintWorker]:
    with PkilintWorker(deadline_s=50) as started:
        yield started


def test_nothing_chosen_is_everything() -> None:
    assert tuple(rule_set.name for rule_set in RULES) == tuple(RuleSetName)


def test_names_are_chosen_once_and_in_order() -> None:
    chosen = choose_rule_sets(["org", "1r-2x", "org"])
    assert [rule_set.name for rule_set in chosen] == ["1r-2x", "org"]


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(UnusableInputError) as caught:
        choose_rule_sets(["1r-2024"])
    assert wording("en").text(caught.value.remedy) == "Choose from 1r-2x, 1r-2020, webpki, org."


def test_organisations_file_chooses_its_set(tmp_path: Path) -> None:
    file = tmp_path / "org.toml"
    file.write_text("[keys]\nrsa_min_bits = 4096\n", encoding="utf-8")
    chosen = {rule_set.name: rule_set.policy for rule_set in choose_rule_sets(["webpki"], file)}
    assert list(chosen) == [RuleSetName.WEB_PKI, RuleSetName.ORGANISATION]
    policy = chosen[RuleSetName.ORGANISATION]
    assert policy is not None
    assert policy.rsa_min_bits == 4096


def test_mistake_in_the_file_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "org.toml"
    file.write_text("[keys]\nsize = 1\n", encoding="utf-8")
    with pytest.raises(UnusableInputError) as caught:
        choose_rule_sets([], file)
    assert caught.value.place == str(file)
    assert "Line 2: keys.size" in wording("en").text(caught.value.problem)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match=r"org\.toml"):
        choose_rule_sets([], tmp_path / "org.toml")


ROOT = pki.root()
ISSUING = pki.authority("Issuing", ROOT)
LEAF = client(issuer=ISSUING)
PARTNERS, PUBLIC = pki.trust_list(ROOT, called="partners"), pki.trust_list(pki.root("Web"), called="web")


def context(
    *lists: TrustList, public_list: TrustList | None = None, chain: tuple[pki.Issued, ...] = (ISSUING,)
) -> LintContext:
    details = [read_details(issued.der) for issued in chain]
    leaf = read_details(LEAF.der)
    return context_of(leaf, Role.CLIENT, NOW, lists, chain=details, public_list=public_list)


def statuses(known: LintContext) -> dict[str, FindingStatus]:
    return {one.rule: one.status for one in lint_all(subject_of(LEAF), Role.CLIENT, RULES, known)}


def test_context_finds_the_path_and_its_anchor() -> None:
    known = context(PARTNERS)
    assert [issuer.facts.sha256 for issuer in known.issuers] == [ISSUING.sha256, ROOT.sha256]
    found = statuses(known)
    assert {found[f"CHN-0{number}"] for number in (1, 4, 5, 6, 7, 9)} == {FindingStatus.PASS}
    assert found["CLI-19"] is FindingStatus.PASS
    assert found["CHN-08"] is FindingStatus.NOT_APPLICABLE


def test_context_without_a_list_runs_none_of_its_rules() -> None:
    found = statuses(context())
    assert found["CLI-19"] is found["CHN-01"] is FindingStatus.NOT_RUN
    assert found["CHN-04"] is FindingStatus.PASS


def test_list_without_the_ca_fails_the_rules_of_the_list() -> None:
    found = statuses(context(PUBLIC))
    assert found["CLI-19"] is found["CHN-01"] is FindingStatus.FAIL
    assert found["CHN-07"] is FindingStatus.NOT_RUN


IMPOSTOR = pki.authority("Issuing", pki.root())
"""A CA of the same name as `ISSUING`, with a key of its own, below another root of the same name."""


@pytest.mark.parametrize("beside", [(), (IMPOSTOR,), (IMPOSTOR, ROOT)])
def test_a_ca_that_did_not_sign_the_certificate_puts_it_on_no_list(beside: tuple[pki.Issued, ...]) -> None:
    """LEAF -/-> IMPOSTOR, which is on the list: the names fit, and the signature was made by another key."""
    impostors = pki.trust_list(IMPOSTOR, called="partners")
    known = context(impostors, public_list=impostors, chain=beside)
    found = statuses(known)
    assert found["CLI-19"] is found["CHN-01"] is FindingStatus.FAIL
    above = {rule: found[rule] for rule in ("CHN-02", "CHN-07", "CHN-08", "CHN-09", "ORG-03")}
    assert FindingStatus.PASS not in above.values(), above
    assert known.publicly_trusted is False
    assert known.issuers == ()


def test_an_unsigned_link_above_leaves_only_what_is_below_it() -> None:
    """LEAF -> ISSUING -/-> another root of the same name, which is on the list."""
    known = context(pki.trust_list(pki.root(), called="partners"))
    found = statuses(known)
    assert [issuer.facts.sha256 for issuer in known.issuers] == [ISSUING.sha256]
    assert found["CLI-19"] is found["CHN-01"] is FindingStatus.FAIL
    assert found["CHN-07"] is found["CHN-09"] is FindingStatus.NOT_RUN


def test_context_tells_who_is_publicly_trusted() -> None:
    assert context(PARTNERS).publicly_trusted is None
    assert context(PARTNERS, public_list=PUBLIC).publicly_trusted is False
    assert context(public_list=PARTNERS).publicly_trusted is True
    assert context(PARTNERS, public_list=PARTNERS, chain=()).publicly_trusted is False


def test_context_takes_the_anchors_distrust_date() -> None:
    limited = TrustAnchor(certificate=ROOT.facts, distrust_after=NOW - timedelta(days=300))
    known = context(replace(PARTNERS, anchors=(), limited=(limited,)))
    assert known.distrust_after == NOW - timedelta(days=300)
    assert statuses(known)["CHN-08"] is FindingStatus.FAIL


def test_pkilint_comes_after_ours(worker: PkilintWorker) -> None:
    subject = subject_of(client(identifiers=False))
    found = [finding.rule for finding in lint_all(subject, Role.CLIENT, RULES, AT, worker)]
    assert found[0] == "CLI-01"
    assert found[-1].startswith("pkilint:pkix.")
    assert "pkilint:pkix.authority_key_identifier_extension_absent" in found


def test_without_a_worker_ours_alone() -> None:
    found = lint_all(subject_of(client()), Role.CLIENT, RULES, AT)
    assert not [finding for finding in found if finding.rule.startswith("pkilint")]


def test_request_gets_ours_alone(worker: PkilintWorker) -> None:
    found = lint_all(CsrSubject(read_request(request())), Role.CSR, RULES, AT, worker)
    assert found[0].rule == "CSR-1"
    assert not [finding for finding in found if finding.rule.startswith("pkilint")]


def test_clean_certificate_passes(worker: PkilintWorker) -> None:
    (finding,) = worker.findings(client().der)
    assert (finding.rule, finding.status) == ("pkilint", FindingStatus.PASS)


def test_no_der_is_one_finding_and_starts_no_process() -> None:
    idle = PkilintWorker()
    (finding,) = idle.findings(client().der[:-1])
    assert finding.status is FindingStatus.FAIL
    assert "Not DER at byte" in wording("en").text(finding.evidence)
    assert not idle.is_running


def test_process_is_used_again(worker: PkilintWorker) -> None:
    worker.findings(client().der)
    first = worker.pid
    worker.findings(client(crl=False).der)
    assert worker.pid == first
    assert first != os.getpid()


def test_deadline_ends_the_process_and_is_no_pass() -> None:
    hurried = PkilintWorker(deadline_s=0.0)
    (finding,) = hurried.findings(client().der)
    assert (finding.rule, finding.status) == ("pkilint", FindingStatus.NOT_RUN)
    assert "no answer within 0.0 s" in wording("en").text(finding.evidence)
    assert not hurried.is_running


def test_closed_worker_starts_again() -> None:
    with PkilintWorker(deadline_s=50) as restarted:
        restarted.findings(client().der)
        restarted.close()
        assert not restarted.is_running
        (finding,) = restarted.findings(client().der)
        assert finding.status is FindingStatus.PASS
    assert not restarted.is_running


def test_close_from_another_thread_ends_a_wait() -> None:
    """The person cancels while pkilint is still being loaded."""
    with PkilintWorker(deadline_s=50) as slow:
        found: list[FindingStatus] = []
        waiting = threading.Thread(target=lambda: found.append(slow.findings(client().der)[0].status))
        waiting.start()
        while not slow.is_running and waiting.is_alive():
            waiting.join(0.001)
        slow.close()
        waiting.join(30)
        assert not waiting.is_alive()
        assert found in ([FindingStatus.NOT_RUN], [FindingStatus.PASS])


def test_killed_process_is_no_pass_and_is_replaced(worker: PkilintWorker) -> None:
    worker.findings(client().der)
    assert worker.pid is not None
    os.kill(worker.pid, 9)
    statuses = {worker.findings(client().der)[0].status for _ in range(3)}
    assert FindingStatus.PASS in statuses
    assert statuses <= {FindingStatus.PASS, FindingStatus.NOT_RUN}


def test_too_big_is_not_run() -> None:
    size = MAX_BYTES + 16
    der = b"\x30\x83" + (size + 5).to_bytes(3, "big") + b"\x04\x83" + size.to_bytes(3, "big") + bytes(size)
    (finding,) = PkilintWorker().findings(der)
    assert finding.status is FindingStatus.NOT_RUN


def test_worker_answers_a_failure_of_pkilint_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process runs, run here: a library that raises must not take the answers with it."""

    def fails(der: bytes) -> PkilintReport:
        raise RecursionError

    ours, theirs = multiprocessing.Pipe()
    monkeypatch.setattr(lint_worker, "report", fails)
    # Only a main thread may; and the memory of this process is not the worker's.
    monkeypatch.setattr(lint_worker, "settle_in", lambda **_: None)
    serving = threading.Thread(target=lint_worker.serve, args=(theirs,))
    with ours, theirs, warnings.catch_warnings():
        serving.start()
        for _ in range(2):
            ours.send_bytes(b"certificate")
            assert json.loads(ours.recv_bytes()) == {"failure": "RecursionError"}
        ours.close()
        serving.join(30)
    assert not serving.is_alive()


def test_answer_that_is_no_report_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def nonsense(answer: bytes) -> PkilintReport:
        raise ValueError(answer)

    monkeypatch.setattr(lint_worker, "_answer_of", nonsense)
    with PkilintWorker(deadline_s=50) as worker:
        (finding,) = worker.findings(client().der)
        assert finding.status is FindingStatus.NOT_RUN
        assert "no report" in wording("en").text(finding.evidence)
        assert not worker.is_running


def test_failure_in_the_process_is_said() -> None:
    said = lint_worker._answer_of(b'{"failure": "MemoryError"}')
    assert isinstance(said, Message)
    assert wording("en").text(said) == "pkilint failed on this certificate (MemoryError)."
