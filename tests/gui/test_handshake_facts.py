"""What the page says of runs, without a window: phases, comparison, known facts, run book."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import samples
from trustdesk.core.handshake import CertificateRequested, ClientAuth, ClientCertificateVerdict
from trustdesk.core.probe import Outcome, Phase, PhaseTimes, ProbeReport
from trustdesk.core.target import parse_target
from trustdesk.gui.handshake.comparison_facts import comparison_column
from trustdesk.gui.handshake.known_facts import known_facts, reached_tls
from trustdesk.gui.handshake.message_names import field_name, message_name
from trustdesk.gui.handshake.phase_facts import StepState, finished_steps, running_steps
from trustdesk.gui.handshake.run_book import RunBook, RunKind
from trustdesk.gui.handshake.run_view import report_details, report_fact, report_title
from trustdesk.gui.words import say
from trustdesk.services.board import State


def test_a_running_strip_ticks_what_lies_behind_the_present_phase() -> None:
    steps = running_steps([Phase.RESOLVE, Phase.CONNECT, Phase.HANDSHAKE])
    states = [step.state for step in steps]
    assert states == [
        StepState.DONE,
        StepState.DONE,
        StepState.RUNNING,
        StepState.NOT_RUN,
        StepState.NOT_RUN,
    ]


def test_a_phase_that_was_jumped_over_is_not_called_done() -> None:
    steps = running_steps([Phase.RESOLVE, Phase.CONNECT, Phase.HANDSHAKE, Phase.REQUEST])
    assert steps[3].state is StepState.SKIPPED


def test_a_run_through_a_proxy_connects_by_it() -> None:
    running = running_steps([Phase.PROXY])
    assert [step.state for step in running[:3]] == [StepState.SKIPPED, StepState.RUNNING, StepState.NOT_RUN]
    record = samples.healthy().record
    times = replace(record.phases, resolve_ms=None, connect_ms=None, proxy_ms=12.0)
    steps = finished_steps(replace(record, phases=times))
    assert [step.state for step in steps[:2]] == [StepState.SKIPPED, StepState.DONE]
    assert say(steps[1].word) == "12.0 ms"


def test_before_the_first_word_the_first_phase_runs() -> None:
    assert running_steps([])[0].state is StepState.RUNNING


def test_an_answered_run_is_done_with_its_times() -> None:
    steps = finished_steps(samples.healthy().record)
    assert {step.state for step in steps} == {StepState.DONE}
    assert say(steps[2].word) == "32.6 ms"


def test_settle_is_not_needed_where_nothing_settles() -> None:
    record = samples.healthy_without_mtls().record
    steps = finished_steps(replace(record, phases=replace(record.phases, settle_ms=None)))
    assert steps[3].state is StepState.SKIPPED


@pytest.mark.parametrize(
    ("report", "phase", "word"),
    [
        (samples.rejected_client(), Phase.SETTLE, "refused"),
        (samples.not_reached(), Phase.CONNECT, "failed"),
        (samples.timed_out(), Phase.HANDSHAKE, "timed out"),
        (samples.not_tls(), Phase.HANDSHAKE, "failed"),
        (samples.cancelled(), Phase.CONNECT, "cancelled"),
    ],
)
def test_the_strip_says_where_it_stopped_and_nothing_after_it_ran(
    report: ProbeReport, phase: Phase, word: str
) -> None:
    steps = finished_steps(report.record)
    stopped = [step for step in steps if step.state in {StepState.FAILED, StepState.CANCELLED}]
    assert [(step.phase, say(step.word)) for step in stopped] == [(phase, word)]
    later = steps[steps.index(stopped[0]) + 1 :]
    assert {step.state for step in later} <= {StepState.NOT_RUN}


def test_a_refusal_without_certificate_is_as_expected_and_no_trouble() -> None:
    record = samples.rejected_client().record
    without = replace(
        samples.rejected_client(),
        record=replace(
            record,
            identity=None,
            client_auth=ClientAuth(
                requested=CertificateRequested.REQUIRED, verdict=ClientCertificateVerdict.REJECTED
            ),
        ),
    )
    column = comparison_column(without, RunKind.TLS, None)
    assert (column.state, say(column.outcome)) == (State.NOT_APPLICABLE, "Refused as expected")


def test_the_same_refusal_with_a_certificate_is_trouble_and_names_the_alert() -> None:
    column = comparison_column(samples.rejected_client(), RunKind.MTLS, "halden")
    assert (column.state, say(column.outcome)) == (State.BAD, "Rejected by partner")
    assert column.detail is not None
    assert say(column.detail) == "unknown_ca (48)"


@pytest.mark.parametrize("make", [make for _name, make in samples.KINDS])
def test_every_way_to_end_has_words_and_a_sum(make: object) -> None:
    assert callable(make)
    report = make()
    column = comparison_column(report, RunKind.MTLS, "x")
    assert say(column.outcome)
    assert column.total_ms == pytest.approx(sum(part.elapsed_ms or 0 for part in column.parts))
    if report.record.outcome is not Outcome.ACCEPTED:
        assert column.state is not State.GOOD
    assert say(known_facts(report.record)[0].label)
    assert report_title(report)
    assert report_fact(report, RunKind.TLS)
    assert "\u202e" not in report_details(report)


def test_what_was_not_seen_is_not_said_to_be_known() -> None:
    facts = {say(fact.label): fact for fact in known_facts(samples.not_reached().record)}
    assert not facts["Server certificate"].known
    assert not facts["Connection"].known
    assert facts["Addresses"].known


def test_many_addresses_are_counted() -> None:
    record = replace(samples.not_reached().record, addresses=tuple(f"192.0.2.{i}" for i in range(9)))
    assert say(known_facts(record)[0].text).endswith("and 5 more")


def test_an_identity_that_was_selected_was_not_sent() -> None:
    record = replace(samples.not_reached().record, identity=samples.IDENTITY)
    facts = {say(fact.label): say(fact.text) for fact in known_facts(record)}
    assert facts["Our certificate"] == "halden-client-2026 was selected; it was not sent"


def test_a_lone_client_hello_is_worth_a_ladder_and_a_lone_connection_is_not() -> None:
    assert reached_tls(samples.timed_out().record)
    record = samples.timed_out().record
    assert not reached_tls(replace(record, timeline=record.timeline[:1]))


def test_both_kinds_are_kept_for_one_target_and_list() -> None:
    book, target = RunBook(), parse_target("1r.example")
    for identity in (None, "me"):
        book.keep(book.begin(target, "list", identity), samples.healthy())
    assert book.has_both
    assert book.identity(RunKind.MTLS) == "me"


@pytest.mark.parametrize(("host", "trust_list"), [("2r.example", "list"), ("1r.example", "other")])
def test_another_target_or_list_starts_a_new_comparison(host: str, trust_list: str) -> None:
    book = RunBook()
    book.keep(book.begin(parse_target("1r.example"), "list", None), samples.healthy())
    book.begin(parse_target(host), trust_list, "me")
    assert book.report(RunKind.TLS) is None


def test_a_new_run_takes_back_the_result_of_its_kind() -> None:
    book, target = RunBook(), parse_target("1r.example")
    book.keep(book.begin(target, None, None), samples.healthy())
    book.begin(target, None, None)
    assert book.report(RunKind.TLS) is None


def test_the_total_is_that_of_the_phases() -> None:
    report = samples.healthy()
    phases = PhaseTimes(resolve_ms=1.0, connect_ms=2.0)
    column = comparison_column(
        replace(report, record=replace(report.record, phases=phases)), RunKind.TLS, None
    )
    assert column.total_ms == 3.0


def test_names_of_messages_and_fields_are_words() -> None:
    assert message_name("new_session_ticket") == "NewSessionTicket"
    assert message_name("tcp_reset") == "TCP reset"
    assert message_name("gre\u202ease") == "gre\\u202ease"
    assert field_name("signature_algorithms") == "Signature schemes"
    assert field_name("certificate_2") == "Certificate 2"
    assert field_name("something_new") == "Something new"
