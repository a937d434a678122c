"""Records go to JSON and come back as they were, whatever they hold."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import samples
from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.probe import ProbeReport
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationCheck,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.formats.records import SCHEMA, facts_document, facts_of, report_document, report_of


def through_json(document: Mapping[str, object]) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(json.dumps(document)))


def certificates_of(report: ProbeReport) -> Callable[[str], CertificateFacts]:
    return {certificate.sha256: certificate for certificate in report.record.presented_chain}.__getitem__


@pytest.mark.parametrize("make", [make for _partner, make in samples.KINDS])
def test_a_report_comes_back_as_it_was(make: Callable[[], ProbeReport]) -> None:
    report = make()
    assert report_of(through_json(report_document(report)), certificates_of(report)) == report


@pytest.mark.parametrize("make", [make for _partner, make in samples.KINDS])
def test_read_outs_come_back_as_they_were(make: Callable[[], ProbeReport]) -> None:
    for facts in make().record.presented_chain:
        assert facts_of(through_json(facts_document(facts)), facts.der, facts.sha256) == facts


def test_a_chain_is_kept_as_digests_only() -> None:
    report = samples.hostile()
    document = report_document(report)
    assert document["presented_chain"] == [report.record.presented_chain[0].sha256]
    assert "presented_chain" not in json.dumps(document["report"])


def test_the_bytes_of_a_certificate_stay_out_of_its_document() -> None:
    assert not {"der", "sha256"} & facts_document(samples.healthy().record.presented_chain[0]).keys()


def headline(report: ProbeReport, message: Message) -> ProbeReport:
    return replace(report, explanation=replace(report.explanation, headline=message))


@given(
    st.dictionaries(
        st.text(),
        st.one_of(st.text(st.characters()), st.integers(), st.floats(allow_nan=False, allow_infinity=False)),
    )
)
def test_any_parameter_keeps_value_and_type(params: dict[str, str | float]) -> None:
    report = headline(samples.not_reached(), Message(id="x", params=tuple(params.items())))
    again = report_of(through_json(report_document(report)), certificates_of(report))
    assert again == report
    kept = [type(value) for _name, value in again.explanation.headline.params]
    assert kept == [type(value) for value in params.values()]


def test_plural_nested_and_dated_parameters_come_back() -> None:
    message = msg_n(
        "{count} of {who} at {at}",
        "{count} of {who} at {at}",
        2,
        who=msg("Partner {name}", name="{}\ud800\x00"),
        at=datetime(2026, 11, 20, 8, 41, 7, 250_001, tzinfo=UTC),
    )
    report = headline(samples.not_reached(), message)
    again = report_of(through_json(report_document(report)), certificates_of(report))
    assert again.explanation.headline == message


def test_a_field_that_a_later_program_added_is_passed_over() -> None:
    report = samples.rejected_client()
    document = through_json(report_document(report))
    inner = cast("dict[str, dict[str, object]]", document["report"])
    inner["record"]["tomorrow"] = {"x": 1}
    document["tomorrow"] = 1
    assert report_of(document, certificates_of(report)) == report


def test_a_later_schema_is_refused() -> None:
    report = samples.healthy()
    document = report_document(report) | {"schema": SCHEMA + 1}
    with pytest.raises(UnusableInputError) as caught:
        report_of(document, certificates_of(report))
    assert caught.value.remedy == msg("Update trustdesk.")


def damaged(change: dict[str, object]) -> dict[str, object]:
    return report_document(samples.healthy()) | change


@pytest.mark.parametrize(
    "change",
    [
        {"report": None},
        {"report": {}},
        {"report": []},
        {"report": {"record": 5, "findings": [], "verdict": "pass", "explanation": {}}},
        {"report": {"record": {}, "findings": [], "verdict": "perhaps", "explanation": {}}},
        {"presented_chain": None},
        {"presented_chain": ["00"]},
        {"presented_chain": [[]]},
        {"schema": None},
        {"schema": "1"},
    ],
    ids=str,
)
def test_a_damaged_record_is_said_to_be_damaged(change: dict[str, object]) -> None:
    with pytest.raises(UnusableInputError) as caught:
        report_of(damaged(change), certificates_of(samples.healthy()))
    assert caught.value.problem == msg("This record is damaged.")


@pytest.mark.parametrize(
    "headline_document",
    [None, {}, {"id": 5}, {"id": "x", "params": [["a", None]]}, {"id": "x", "params": [[[], 1]]}],
)
def test_a_damaged_sentence_is_a_damaged_record(headline_document: object) -> None:
    document = through_json(report_document(samples.healthy()))
    inner = cast("dict[str, dict[str, object]]", document["report"])
    inner["explanation"]["headline"] = headline_document
    with pytest.raises(UnusableInputError):
        report_of(document, certificates_of(samples.healthy()))


@pytest.mark.parametrize("value", ["false", "no", 0, 1, None, []])
def test_what_is_no_truth_value_makes_no_server_trusted(value: object) -> None:
    report = samples.untrusted()
    document = through_json(report_document(report))
    record = cast("dict[str, dict[str, dict[str, object]]]", document["report"])["record"]
    assert record["judgement"]["trusted"] is False
    record["judgement"]["trusted"] = value
    with pytest.raises(UnusableInputError):
        report_of(document, certificates_of(report))


@pytest.mark.parametrize("value", [None, 5, True, ["ours"]])
def test_what_is_no_text_is_not_made_one(value: object) -> None:
    report = samples.healthy()
    document = through_json(report_document(report))
    record = cast("dict[str, dict[str, dict[str, object]]]", document["report"])["record"]
    record["judgement"]["trust_list"] = value
    with pytest.raises(UnusableInputError):
        report_of(document, certificates_of(report))


def test_writing_and_reading_take_less_than_a_millisecond() -> None:
    report = samples.rejected_client()
    certificate = certificates_of(report)
    report_of(report_document(report), certificate)  # The converter writes its functions once.

    def took_ms() -> float:
        begin = time.perf_counter()
        report_of(json.loads(json.dumps(report_document(report))), certificate)
        return (time.perf_counter() - begin) * 1000

    assert min(took_ms() for _ in range(20)) < 1


def test_staple_and_revocation_are_kept_with_a_report() -> None:
    answer = RevocationAnswer(
        source=RevocationSource(
            kind=RevocationSourceKind.STAPLE, origin=RevocationSourceOrigin.HANDSHAKE, place="staple"
        ),
        status=RevocationStatus.GOOD,
        reason=msg("It says good."),
        next_update=datetime(2026, 11, 27, tzinfo=UTC),
    )
    report = samples.healthy()
    leaf = report.record.presented_chain[0]
    check = RevocationCheck(
        certificate=leaf.sha256, status=RevocationStatus.GOOD, source=answer.source, answers=(answer,)
    )
    assert report.record.judgement is not None
    record = replace(
        report.record,
        stapled_ocsp=b"\x30\x00\xff",
        judgement=replace(report.record.judgement, revocation=(check,)),
        client_revocation=(check,),
    )
    kept = replace(report, record=record)
    assert report_of(through_json(report_document(kept)), certificates_of(kept)) == kept


@pytest.mark.parametrize("text", ["no base64!", 7, ["MAA="]])
def test_a_staple_that_is_no_base64_is_a_damaged_record(text: object) -> None:
    report = samples.healthy()
    kept = json.loads(json.dumps(report_document(report)))
    kept["report"]["record"]["stapled_ocsp"] = text
    with pytest.raises(UnusableInputError):
        report_of(kept, certificates_of(report))
