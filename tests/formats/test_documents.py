"""The documents are the contract's: every key, its order, its type, and nothing more."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest

from tests.support import samples
from trustdesk.core.message import msg
from trustdesk.core.probe import HttpFacts, ProbeReport
from trustdesk.formats.documents import probe_document, sweep_text
from trustdesk.formats.json_text import json_text
from trustdesk.services.wording import wording

TEXT = wording("en").text

# The contract's example, as types: a tuple is a list of these, a set the words allowed, None may be null.
PROBE = {
    "schema": {"trustdesk.probe/1"},
    "target": {
        "host": str,
        "port": int,
        "protocol": {"https", "amqps", "tls"},
        "server_name": (str, None),
        "verify_name": str,
        "address": (str, None),
    },
    "identity": ({"name": (str, None), "sha256": str}, None),
    "started_at": str,
    "phases": {
        "resolve_ms": (float, None),
        "connect_ms": (float, None),
        "handshake_ms": (float, None),
        "first_byte_ms": (float, None),
        "proxy_ms": (float, None),
    },
    "outcome": {
        "accepted",
        "rejected_by_peer",
        "untrusted_peer",
        "not_reached",
        "not_tls",
        "timed_out",
        "cancelled",
    },
    "ended_in": {"resolve", "proxy", "connect", "handshake", "settle", "request", "done"},
    "negotiated": (
        {
            "version": str,
            "cipher_suite": str,
            "group": (str, None),
            "signature_scheme": (str, None),
            "alpn": (str, None),
        },
        None,
    ),
    "client_auth": {
        "requested": {"no", "optional", "required", "later", "unknown"},
        "acceptable_cas": [str],
        "signature_schemes": [str],
        "sent": bool,
        "verdict": {"not_asked", "accepted", "rejected", "ignored", "unknown"},
        "offered_later": bool,
        "asked_by": (str, None),
    },
    "presented_chain": [
        {
            "sha256": str,
            "subject": (str, None),
            "issuer": (str, None),
            "serial_number": (str, None),
            "not_before": (str, None),
            "not_after": (str, None),
        }
    ],
    "trust": (
        {
            "trusted": bool,
            "trust_list": str,
            "path": [str],
            "name_matched": (bool, None),
            "matched_by": (str, None),
        },
        None,
    ),
    "alerts": [
        {"direction": {"received", "sent"}, "level": str, "code": int, "name": str, "at_ms": float},
    ],
    "timeline": [
        {
            "at_ms": float,
            "direction": {"out", "in"},
            "message": str,
            "bytes": int,
            "detail": str,
            "encrypted": bool,
        }
    ],
    "http": (
        {
            "status": int,
            "content_type": (str, None),
            "server": (str, None),
            "reused_connection_ms": (float, None),
        },
        None,
    ),
    "amqp": (
        {"version": (str, None), "mechanisms": [str], "derived_user": (str, None), "other_users": [str]},
        None,
    ),
    "addresses": [str],
    "clock_offset_s": (float, None),
    "server_family": (str, None),
    "ocsp_staple": (
        {"status": {"good", "revoked", "unknown", "absent", "invalid"}, "next_update": (str, None)},
        None,
    ),
    "revocation": [dict],
    "fail_modes": [{"mode": {"soft", "hard"}, "accepted": bool, "reason": str}],
    "client_revocation": [dict],
    "proxy": (str, None),
    "client_hello_bytes": (int, None),
    "findings": [
        {
            "rule": str,
            "status": {"pass", "warn", "fail", "not_applicable", "not_run"},
            "severity": {"blocker", "error", "warning", "info"},
            "title": str,
            "evidence": str,
            "remedy": str,
            "source": str,
        }
    ],
    "error": (str, None),
    "verdict": {"pass", "warn", "fail"},
}


def agrees(value: object, form: object, place: str) -> None:
    match form:
        case (inner, None):
            if value is not None:
                agrees(value, inner, place)
        case [inner]:
            assert isinstance(value, list), place
            for number, element in enumerate(value):
                agrees(element, inner, f"{place}[{number}]")
        case set():
            assert value in form, f"{place}: {value!r}"
        case dict():
            assert isinstance(value, dict), place
            assert list(value) == list(form), place
            for name, inner in form.items():
                agrees(value[name], inner, f"{place}.{name}")
        case _:
            assert type(value) is form, f"{place}: {value!r}"


def part(document: Mapping[str, object], name: str) -> dict[str, object]:
    return cast("dict[str, object]", document[name])


@pytest.mark.parametrize("make", [make for _partner, make in samples.KINDS])
def test_a_probe_document_has_the_contracts_form(make: Callable[[], ProbeReport]) -> None:
    document = probe_document(make(), TEXT)
    agrees(document, PROBE, "probe")
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    assert json.loads(text.encode("utf-8")) == document


def test_instants_are_rfc3339_in_utc() -> None:
    document = probe_document(samples.healthy(), TEXT)
    assert document["started_at"] == "2026-11-20T08:41:07.250Z"
    (leaf, _issuer) = cast("list[dict[str, object]]", document["presented_chain"])
    assert leaf["not_before"] == "2026-01-10T00:00:00Z"


def test_an_instant_of_another_zone_is_written_in_utc() -> None:
    started_at = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=2)))
    assert json.loads("".join(sweep_text(started_at, 0.0, (), {})))["started_at"] == "2026-11-20T08:00:00Z"


def test_a_phase_that_did_not_end_is_null_and_no_zero() -> None:
    phases = part(probe_document(samples.not_reached(), TEXT), "phases")
    assert phases == {
        "resolve_ms": 1.4,
        "connect_ms": None,
        "handshake_ms": None,
        "first_byte_ms": None,
        "proxy_ms": None,
    }


def test_what_was_not_looked_at_is_null() -> None:
    document = probe_document(samples.healthy(), TEXT)
    assert [document[name] for name in ("clock_offset_s", "server_family")] == [None] * 2
    assert probe_document(samples.not_reached(), TEXT)["ocsp_staple"] is None


def test_a_server_that_staples_nothing_is_told_apart_from_one_that_was_not_seen() -> None:
    document = probe_document(samples.healthy(), TEXT)
    assert document["ocsp_staple"] == {"status": "absent", "next_update": None}


def test_an_unreadable_certificate_keeps_its_digest() -> None:
    (leaf,) = cast("list[dict[str, object]]", probe_document(samples.unreadable(), TEXT)["presented_chain"])
    assert len(str(leaf.pop("sha256"))) == 64
    assert set(leaf.values()) == {None}


def test_the_alert_of_a_rejection_is_told() -> None:
    document = probe_document(samples.rejected_client(), TEXT)
    assert document["alerts"] == [
        {"direction": "received", "level": "fatal", "code": 48, "name": "unknown_ca", "at_ms": 58.21}
    ]
    assert document["error"] == "The partner ended the handshake with the alert unknown_ca."


def test_a_client_certificate_that_could_not_be_loaded_is_an_error_too() -> None:
    report = samples.healthy()
    record = replace(report.record, credential_error=msg("The key does not fit."))
    assert probe_document(replace(report, record=record), TEXT)["error"] == "The key does not fit."


def test_findings_come_in_words() -> None:
    findings = cast("list[dict[str, object]]", probe_document(samples.untrusted(), TEXT)["findings"])
    assert findings[0]["evidence"] == "It expired on 2026-11-17 08:45 UTC."
    assert findings[0]["remedy"] == "Install the renewed certificate and reload the server."
    assert findings[1]["remedy"] == ""


def test_a_peers_text_stays_as_it_came_but_for_lone_surrogates() -> None:
    report = samples.hostile()
    http = HttpFacts(status=200, server="a\x00\u202e<b>\ud800")
    document = probe_document(replace(report, record=replace(report.record, http=http)), TEXT)
    assert part(document, "http")["server"] == "a\x00\u202e<b>\ufffd"


def test_a_sweep_holds_its_probes_in_order() -> None:
    reports = [make() for _partner, make in samples.KINDS]
    started_at = datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
    probes = [json_text(probe_document(report, TEXT), indent=1) for report in reports]
    text = "".join(sweep_text(started_at, 1234.56789, probes, {"pass": 3, "fail": 10}))
    document = json.loads(text)
    assert text == json_text(document, indent=1) + "\n"
    assert list(document) == ["schema", "started_at", "duration_ms", "results", "summary"]
    assert document["schema"] == "trustdesk.sweep/1"
    assert document["duration_ms"] == 1234.568
    assert document["results"] == [json.loads(probe) for probe in probes]
    assert document["summary"] == {"pass": 3, "fail": 10}


def test_a_sweep_of_nothing_is_a_document_too() -> None:
    text = "".join(sweep_text(datetime(2026, 11, 20, tzinfo=UTC), 0.0, (), {"pass": 0}))
    document = json.loads(text)
    assert text == json_text(document, indent=1) + "\n"
    assert (document["results"], document["summary"]) == ([], {"pass": 0})
