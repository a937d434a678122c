"""The JSON documents on requests: `trustdesk.csr/1`, `…csr-list/1`, `…csr-match/1` and their like.

Every key is always there; null says that there is nothing to tell. No private key is in any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from trustdesk.core.certificate_request import (
    MatchedReply,
    RequestCase,
    RequestDifference,
    RequestPurpose,
    ServerCommand,
)
from trustdesk.core.finding import Finding, Verdict, verdict_of
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.key_store import StoredKey
from trustdesk.formats.document_values import Words, certificate_in_short, finding_value, instant, utf8
from trustdesk.formats.request_writing import request_pem

CSR_SCHEMA = "trustdesk.csr/1"
CSR_LIST_SCHEMA = "trustdesk.csr-list/1"
CSR_MATCH_SCHEMA = "trustdesk.csr-match/1"
CSR_COMMANDS_SCHEMA = "trustdesk.csr-commands/1"
CSR_DROP_SCHEMA = "trustdesk.csr-drop/1"


def csr_document(
    requests: Sequence[tuple[CsrFacts, RequestPurpose, RequestCase | None, Sequence[Finding]]],
    *,
    at: datetime,
    files: Mapping[str, str],
    text: Words,
) -> dict[str, object]:
    """Return requests with what the rules say of them as JSON-ready values.

    Args:
        files: where each request was written to, by its SHA-256.
    """
    findings = [finding for *_, found in requests for finding in found]
    return {
        "schema": CSR_SCHEMA,
        "at": instant(at),
        "requests": [
            {
                "case": None if case is None else case_value(case),
                "purpose": purpose.value,
                "request": _request(csr),
                "file": utf8(files.get(csr.sha256)),
                "findings": [finding_value(finding, text) for finding in found],
                "verdict": verdict_of(found).value,
            }
            for csr, purpose, case, found in requests
        ],
        "verdict": verdict_of(findings).value,
    }


def csr_drop_document(case: RequestCase, *, loses_key: bool) -> dict[str, object]:
    """Return a request that was dropped, and whether its key was deleted with it."""
    return {"schema": CSR_DROP_SCHEMA, "case": case_value(case), "key_deleted": loses_key}


def csr_list_document(cases: Sequence[RequestCase]) -> dict[str, object]:
    """Return the cases of a workspace as JSON-ready values, in the order given."""
    return {"schema": CSR_LIST_SCHEMA, "cases": [case_value(case) for case in cases]}


def csr_match_document(
    replies: Sequence[MatchedReply], taken: Mapping[str, RequestCase], text: Words
) -> dict[str, object]:
    """Return a CA's reply and what differs in it as JSON-ready values.

    Args:
        taken: the cases that have their certificate now, by its SHA-256.
    """
    return {
        "schema": CSR_MATCH_SCHEMA,
        "replies": [_reply(reply, taken.get(reply.certificate.sha256), text) for reply in replies],
        "verdict": match_verdict(replies).value,
    }


def csr_commands_document(
    name: str, purpose: RequestPurpose, commands: Sequence[ServerCommand]
) -> dict[str, object]:
    """Return the lines for a server as JSON-ready values."""
    return {
        "schema": CSR_COMMANDS_SCHEMA,
        "name": utf8(name),
        "purpose": purpose.value,
        "commands": [
            {"tool": one.tool, "files": dict(one.files), "lines": list(one.lines)} for one in commands
        ],
    }


def match_verdict(replies: Sequence[MatchedReply]) -> Verdict:
    """Return fail when one cannot be taken or something harms, warn when something differs, else pass."""
    differences = [one for reply in replies for one in reply.differences]
    if not replies or any(reply.problem is not None for reply in replies):
        return Verdict.FAIL
    if any(one.is_harmful for one in differences):
        return Verdict.FAIL
    return Verdict.WARN if differences else Verdict.PASS


def case_value(case: RequestCase) -> dict[str, object]:
    """Return one case."""
    return {
        "id": case.id,
        "name": utf8(case.name),
        "purpose": case.purpose.value,
        "state": case.state.value,
        "created_at": instant(case.created_at),
        "partner": utf8(case.partner),
        "renews": utf8(case.renews),
        "identity": utf8(case.identity),
        "key": None if case.key is None else _key(case.key),
        "request_sha256": case.request.sha256,
        "spki_sha256": case.request.spki_sha256,
        "subject": utf8(case.request.subject),
        "subject_alt_names": [utf8(name) for name in case.request.subject_alt_names],
        "certificate": None if case.certificate is None else certificate_in_short(case.certificate),
    }


def _key(key: StoredKey) -> dict[str, object]:
    return {
        "reference": str(key.reference),
        "store": utf8(key.store_title),
        "algorithm": key.algorithm,
        "bits": key.bits,
        "curve": key.curve,
    }


def _request(csr: CsrFacts) -> dict[str, object]:
    return {
        "sha256": csr.sha256,
        "spki_sha256": csr.spki_sha256,
        "subject": utf8(csr.subject),
        "key": {"algorithm": csr.key_algorithm, "bits": csr.key_bits, "curve": csr.curve},
        "signature_algorithm": csr.signature_algorithm,
        "signature_valid": csr.signature_valid,
        "subject_alt_names": [utf8(name) for name in csr.subject_alt_names],
        "key_usage": None if csr.key_usage is None else list(csr.key_usage),
        "extended_key_usage": None if csr.extended_key_usage is None else list(csr.extended_key_usage),
        "is_ca": csr.is_ca,
        "extensions": [
            {"oid": one.oid, "name": one.name, "critical": one.critical} for one in csr.extensions
        ],
        "attributes": list(csr.attributes),
        "pem": request_pem(csr.der).decode() if csr.signature_valid is not None else None,
    }


def _reply(reply: MatchedReply, taken: RequestCase | None, text: Words) -> dict[str, object]:
    case = taken or reply.case
    return {
        "certificate": certificate_in_short(reply.certificate),
        "case": None if case is None else case_value(case),
        "path": [certificate_in_short(one) for one in reply.certification_path],
        "differences": [_difference(one, text) for one in reply.differences],
        "problem": None if reply.problem is None else utf8(text(reply.problem)),
        "remedy": None if reply.remedy is None else utf8(text(reply.remedy)),
        "next_step": None if reply.next_step is None else utf8(text(reply.next_step)),
        "applied": taken is not None,
    }


def _difference(one: RequestDifference, text: Words) -> dict[str, object]:
    return {
        "subject": utf8(text(one.subject)),
        "asked": None if one.asked is None else utf8(text(one.asked)),
        "issued": None if one.issued is None else utf8(text(one.issued)),
        "meaning": utf8(text(one.meaning)),
        "harmful": one.is_harmful,
    }
