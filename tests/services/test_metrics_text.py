"""What a monitor reads of a sweep: parsed by prometheus_client's own parser."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support import samples
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.probe import ProbeReport
from trustdesk.services import metrics_text
from trustdesk.services.metrics_text import SweepMetrics

STARTED = datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
Series = dict[tuple[str, ...], float]


def read(text: bytes) -> dict[str, Series]:
    """Return the samples by name, and in it by the labels' values in the order of their names."""
    return {
        family.name: {
            tuple(value for _, value in sorted(one.labels.items())): one.value for one in family.samples
        }
        for family in text_string_to_metric_families(text.decode())
    }


def metrics_of(*tests: tuple[str, ProbeReport]) -> dict[str, Series]:
    metrics = SweepMetrics()
    for partner, report in tests:
        metrics.add(partner, report)
    return read(metrics.text(STARTED, 4100.0))


def of(series: Series, partner: str) -> float | None:
    return next((value for labels, value in series.items() if partner in labels), None)


def test_a_sweep_says_when_it_ended_how_long_it_took_and_how_its_tests_ended() -> None:
    found = metrics_of(
        ("Tamarind", samples.healthy()),
        ("Kestrel", samples.expiring()),
        ("Nordwind", samples.rejected_client()),
        ("Aurelia", samples.not_reached()),
        ("Harbourgate", samples.timed_out()),
        ("Meridian", samples.cancelled()),
    )
    assert found["trustdesk_sweep_end_timestamp_seconds"][()] == STARTED.timestamp() + 4.1
    assert found["trustdesk_sweep_duration_seconds"][()] == 4.1
    assert found["trustdesk_sweep_endpoints"] == {
        ("pass",): 1,
        ("warn",): 1,
        ("fail",): 1,
        ("inconclusive",): 2,
        ("cancelled",): 1,
        ("not_tested",): 0,
    }


def test_what_was_not_found_out_has_no_sample() -> None:
    found = metrics_of(("Aurelia", samples.not_reached()), ("Meridian", samples.cancelled()))
    assert of(found["trustdesk_endpoint_verdict"], "Aurelia") is None
    assert of(found["trustdesk_endpoint_reached"], "Aurelia") == 0
    assert of(found["trustdesk_endpoint_server_trusted"], "Aurelia") is None
    assert of(found["trustdesk_endpoint_certificate_not_after_timestamp_seconds"], "Aurelia") is None
    assert of(found["trustdesk_endpoint_reached"], "Meridian") is None


def test_an_endpoint_has_its_verdict_its_trust_and_the_end_of_its_certificate() -> None:
    healthy, refused, bad = samples.healthy(), samples.rejected_client(), samples.untrusted()
    found = metrics_of(("Tamarind", healthy), ("Nordwind", refused), ("Zephyr", bad))
    verdict = found["trustdesk_endpoint_verdict"]
    assert (of(verdict, "Tamarind"), of(verdict, "Nordwind"), of(verdict, "Zephyr")) == (0, 2, 2)
    accepted = found["trustdesk_endpoint_client_certificate_accepted"]
    assert (of(accepted, "Tamarind"), of(accepted, "Nordwind")) == (1, 0)
    trusted = found["trustdesk_endpoint_server_trusted"]
    assert (of(trusted, "Tamarind"), of(trusted, "Zephyr")) == (1, 0)
    ends = healthy.record.presented_chain[0].not_after
    assert ends is not None
    assert (
        of(found["trustdesk_endpoint_certificate_not_after_timestamp_seconds"], "Tamarind")
        == ends.timestamp()
    )


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_tests_of_one_endpoint_the_worst_counts(order: int) -> None:
    host = "same.example"
    tests = [("Same", samples.healthy(host)), ("Same", samples.rejected_client(host))][::order]
    assert of(metrics_of(*tests)["trustdesk_endpoint_verdict"], "Same") == 2
    tests = [("Same", samples.healthy(host)), ("Same", samples.not_reached(host))][::order]
    assert of(metrics_of(*tests)["trustdesk_endpoint_verdict"], "Same") is None


def test_a_hostile_name_stays_one_bounded_label() -> None:
    name = 'Evil"} 1\ntrustdesk_endpoint_verdict{partner="Other"} 0\n\\' + "x" * 5000
    found = metrics_of((name, samples.rejected_client()))
    assert list(found["trustdesk_endpoint_verdict"].values()) == [2]
    labels = next(iter(found["trustdesk_endpoint_verdict"]))
    assert all("\n" not in one and len(one) < 200 for one in labels)


def test_endpoints_beyond_the_bound_are_counted_and_have_no_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_text, "MAX_SERIES", 2)
    found = metrics_of(*((f"P{n}", samples.not_tls(f"p{n}.example")) for n in range(5)))
    assert len(found["trustdesk_endpoint_verdict"]) == 2
    assert found["trustdesk_sweep_endpoints_left_out"][()] == 3
    assert found["trustdesk_sweep_endpoints"][("fail",)] == 5


def test_the_file_is_replaced_whole_and_untouched_by_a_failure(tmp_path: Path) -> None:
    metrics = SweepMetrics()
    metrics.add("Tamarind", samples.healthy())
    file = tmp_path / "trustdesk.prom"
    file.write_bytes(b"old")
    metrics.write(file, STARTED, 10.0)
    assert of(read(file.read_bytes())["trustdesk_endpoint_verdict"], "Tamarind") == 0
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(EnvironmentFailureError):
        metrics.write(tmp_path / "none" / "trustdesk.prom", STARTED, 10.0)
