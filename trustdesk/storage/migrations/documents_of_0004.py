"""Reports' documents as a workspace of revision 0004 keeps them, read by hand.

A migration knows the documents of its own time, whatever becomes of the program's values later.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from trustdesk.core.errors import UnusableInputError
from trustdesk.formats.observation_records import facts_from


def facts_text(outcome: str, verdict: str, cause: str, document: Mapping[str, object]) -> str:
    """Return facts as 0005 keeps them: sorted members, defaults left out.

    What a damaged document does not say is left out; the three columns stand for themselves.
    """
    report = member(document, "report")
    record = member(report, "record")
    negotiated, client_auth = member(record, "negotiated"), member(record, "client_auth")
    judgement = member(record, "judgement")
    path = texts(judgement.get("path"))
    failed = {
        rule
        for finding in _members(report.get("findings"))
        if finding.get("status") == "fail" and isinstance(rule := finding.get("rule"), str)
    }
    facts: dict[str, object] = {
        "outcome": outcome,
        "verdict": verdict,
        "cause": cause,
        # A damaged record does not say how far it came.
        "ended_in": record.get("ended_in") or ("done" if outcome == "accepted" else "connect"),
        "tls_version": negotiated.get("version"),
        "cipher_suite": negotiated.get("cipher_suite"),
        "group": negotiated.get("group"),
        "alpn": negotiated.get("alpn"),
        "requested": client_auth.get("requested"),
        "client_verdict": client_auth.get("verdict"),
        "alert": _refusing_alert(record),
        "http_status": member(record, "http").get("status"),
        "server_family": report.get("server_family"),
        "trusted": judgement.get("trusted"),
        "faults": texts(judgement.get("faults")),
        "anchor": path[-1] if path else None,
        "anchor_list": judgement.get("trust_list") if path else None,
        "identity": member(record, "identity").get("sha256"),
        "mechanisms": texts(member(record, "amqp").get("mechanisms")),
        "not_passed": sorted(failed - {"CLI-02"}),
    }
    said = {name: value for name, value in facts.items() if value is not None and value not in ((), [])}
    if not _is_readable(said):
        said = {name: facts[name] for name in ("outcome", "verdict", "cause")} | {"ended_in": "connect"}
    if not _is_readable(said):
        # Not even the columns can be read: like a test that was cancelled, it tells nothing of anybody.
        said = {"outcome": "cancelled", "verdict": "fail", "cause": "unknown", "ended_in": "connect"}
    return json.dumps(said, separators=(",", ":"), sort_keys=True)


def _is_readable(facts: dict[str, object]) -> bool:
    try:
        facts_from(json.dumps(facts))
    except UnusableInputError:
        return False
    return True


def _refusing_alert(record: Mapping[str, object]) -> object:
    if record.get("stopped_by") != "alert":
        return None
    received = [
        one.get("code")
        for one in _members(record.get("alerts"))
        if one.get("direction") == "received" and one.get("code") != 0
    ]
    return received[-1] if received else None


def document_of(text: str) -> Mapping[str, object]:
    """Return a kept document; an empty one where it is damaged."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def member(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return an object in a document; an empty one where there is none."""
    member = document.get(name)
    return member if isinstance(member, dict) else {}


def _members(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(value: object) -> tuple[str, ...]:
    """Return the texts of an array."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def milliseconds(value: object) -> float | None:
    """Return a number of milliseconds; None for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
