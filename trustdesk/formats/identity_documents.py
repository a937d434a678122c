"""The JSON documents on our own certificates.

`trustdesk.identities/1`, `…identity/1`, `…identity-import/1`, `…identity-export/1`, `…identity-handover/1`,
`…identity-deletion/1` and `…p12/1`. Every key is always there; null says that there is nothing to tell. No
private key is in any of them, and a passphrase only where a person asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.finding import Verdict
from trustdesk.core.identity import (
    Deletion,
    ExportedFile,
    HandOver,
    Identity,
    IdentityUse,
    IdentityView,
    ImportCandidate,
    ImportPreview,
    P12Diagnosis,
    PurposeVerdict,
)
from trustdesk.core.inspection import Protection
from trustdesk.core.key_store import KeyStoreStatus, StoredKey
from trustdesk.core.message import Message
from trustdesk.formats.document_values import (
    Words,
    certificate_in_short,
    finding_value,
    instant,
    optional,
    utf8,
)

IDENTITIES_SCHEMA = "trustdesk.identities/1"
IDENTITY_SCHEMA = "trustdesk.identity/1"
IMPORT_SCHEMA = "trustdesk.identity-import/1"
EXPORT_SCHEMA = "trustdesk.identity-export/1"
HAND_OVER_SCHEMA = "trustdesk.identity-handover/1"
DELETION_SCHEMA = "trustdesk.identity-deletion/1"
P12_SCHEMA = "trustdesk.p12/1"


def identities_document(
    views: Sequence[IdentityView],
    stores: Sequence[KeyStoreStatus],
    *,
    at: datetime,
    trust_lists: Sequence[str],
    text: Words,
) -> dict[str, object]:
    """Return all identities as they stand at an instant, and how the key stores stand."""
    return {
        "schema": IDENTITIES_SCHEMA,
        "at": instant(at),
        "trust_lists": [utf8(name) for name in trust_lists],
        "identities": [_view(view, text) for view in views],
        "key_stores": [_store(store, text) for store in stores],
    }


def identity_document(
    view: IdentityView,
    *,
    at: datetime,
    trust_lists: Sequence[str],
    key_was_loaded: bool | None,
    verdict: Verdict,
    text: Words,
) -> dict[str, object]:
    """Return one identity with what the rules say of it.

    Args:
        key_was_loaded: whether its key was taken from its store and fits; None when nobody tried.
    """
    return {
        "schema": IDENTITY_SCHEMA,
        "at": instant(at),
        "trust_lists": [utf8(name) for name in trust_lists],
        "identity": _view(view, text),
        "key_was_loaded": key_was_loaded,
        "findings": [finding_value(finding, text) for finding in view.findings],
        "verdict": verdict.value,
    }


def import_document(preview: ImportPreview, imported: Sequence[Identity], text: Words) -> dict[str, object]:
    """Return what files held, and what of it was kept."""
    return {
        "schema": IMPORT_SCHEMA,
        "candidates": [_candidate(candidate, text) for candidate in preview.candidates],
        "locked": [utf8(source) for source in preview.locked],
        "imported": [_identity(identity) for identity in imported],
    }


def export_document(
    name: str,
    files: Sequence[ExportedFile],
    *,
    form: str,
    profile: str | None,
    passphrase: str | None,
    text: Words,
) -> dict[str, object]:
    """Return what was written.

    Args:
        passphrase: only where a person asked for it to be printed; None otherwise.
    """
    return {
        "schema": EXPORT_SCHEMA,
        "identity": utf8(name),
        "form": form,
        "profile": profile,
        "files": [_file(file, text) for file in files],
        "passphrase": passphrase,
    }


def hand_over_document(
    name: str, done: HandOver, *, passphrase: str | None, text: Words
) -> dict[str, object]:
    """Return the two parts of a hand-over; `passphrase` as for an export."""
    return {
        "schema": HAND_OVER_SCHEMA,
        "identity": utf8(name),
        "archive": _file(done.archive, text),
        "sheet": _file(done.sheet, text),
        "passphrase": passphrase,
    }


def deletion_document(deletion: Deletion, use: IdentityUse, text: Words) -> dict[str, object]:
    """Return what was deleted, what remains, and who used it."""
    return {
        "schema": DELETION_SCHEMA,
        "identity": utf8(deletion.name),
        "meaning": optional(deletion.meaning, lambda meaning: _words(meaning, text)),
        "use": _use(use),
    }


def p12_document(
    diagnosis: P12Diagnosis,
    files: Sequence[ExportedFile],
    *,
    verdict: Verdict,
    passphrase: str | None,
    text: Words,
) -> dict[str, object]:
    """Return what a PKCS#12 file is made of and who can open it.

    Args:
        files: what was written anew of it.
        passphrase: as for an export.
    """
    protection = diagnosis.protection
    return {
        "schema": P12_SCHEMA,
        "source": utf8(diagnosis.source),
        "opened": diagnosis.opened,
        "protection": None
        if protection is None
        else {
            "parts": [_protection(part) for part in protection.parts],
            "mac": optional(protection.mac, _protection),
            "is_ber": protection.is_ber,
            "has_password": protection.has_password,
        },
        "bags": [
            {
                "what": _words(bag.what, text),
                "alias": utf8(bag.alias),
                "protection": _words(bag.protection, text),
                "problem": optional(bag.problem, lambda problem: _words(problem, text)),
            }
            for bag in diagnosis.bags
        ],
        "openers": [
            {"program": one.program, "opens": one.opens, "why": _words(one.why, text)}
            for one in diagnosis.openers
        ],
        "advice": [_words(advice, text) for advice in diagnosis.advice],
        "files": [_file(file, text) for file in files],
        "passphrase": passphrase,
        "verdict": verdict.value,
    }


def _view(view: IdentityView, text: Words) -> dict[str, object]:
    return {
        **_identity(view.identity),
        "one_record_ids": [utf8(one) for one in view.one_record_ids],
        "days_left": view.days_left,
        "path_is_complete": view.path_is_complete,
        "usable_as": {
            "client": _purpose(view.client, text),
            "server": _purpose(view.server, text),
        },
        "use": _use(view.use),
        "advice": [_words(advice, text) for advice in view.advice],
    }


def _identity(identity: Identity) -> dict[str, object]:
    return {
        "name": utf8(identity.name),
        "certificate": certificate_in_short(identity.certificate),
        "certification_path": [certificate_in_short(one) for one in identity.certification_path],
        "key": _key(identity.key),
        "added_at": instant(identity.added_at),
        "source": utf8(identity.source),
        "renews": utf8(identity.renews),
        "renewed_by": utf8(identity.renewed_by),
    }


def _key(key: StoredKey) -> dict[str, object]:
    return {
        "reference": str(key.reference),
        "store": key.reference.store.value,
        "store_title": key.store_title,
        "algorithm": key.algorithm,
        "bits": key.bits,
        "curve": key.curve,
        "spki_sha256": key.spki_sha256,
        "created_at": instant(key.created_at),
    }


def _purpose(verdict: PurposeVerdict, text: Words) -> dict[str, object]:
    return {"usable": verdict.usable.value, "why": _words(verdict.why, text)}


def _use(use: IdentityUse) -> dict[str, object]:
    return {
        "endpoints": [
            {"partner": utf8(one.partner), "endpoint": utf8(one.target.endpoint)} for one in use.endpoints
        ],
        "presented_to": use.presented_to,
        "accepted_by": use.accepted_by,
    }


def _store(status: KeyStoreStatus, text: Words) -> dict[str, object]:
    return {
        "store": status.kind.value,
        "state": status.state.value,
        "title": utf8(status.title),
        "problem": optional(status.problem, lambda problem: _words(problem, text)),
        "remedy": optional(status.remedy, lambda remedy: _words(remedy, text)),
    }


def _candidate(candidate: ImportCandidate, text: Words) -> dict[str, object]:
    key = candidate.key
    return {
        "number": candidate.position + 1,
        "source": utf8(candidate.source),
        "alias": utf8(candidate.alias),
        "suggested_name": utf8(candidate.suggested_name),
        "key": None
        if key is None
        else {
            "form": key.form,
            "algorithm": key.algorithm,
            "bits": key.bits,
            "curve": key.curve,
            "encrypted": key.encrypted,
            "spki_sha256": key.spki_sha256,
        },
        "certification_path": [certificate_in_short(one) for one in candidate.certification_path],
        "completed": [
            {"sha256": facts.sha256, "found": _words(found, text)} for facts, found in candidate.completed
        ],
        "already_here": utf8(candidate.already_here),
        "can_be_imported": candidate.can_be_imported,
        "problems": [_words(problem, text) for problem in candidate.problems],
        "remedies": [_words(remedy, text) for remedy in candidate.remedies],
        "remarks": [_words(remark, text) for remark in candidate.remarks],
    }


def _file(file: ExportedFile, text: Words) -> dict[str, object]:
    return {
        "path": utf8(file.path),
        "sha256": file.sha256,
        "holds": _words(file.holds, text),
        "warnings": [_words(warning, text) for warning in file.warnings],
    }


def _protection(protection: Protection) -> dict[str, object]:
    return {
        "cipher": protection.cipher,
        "derivation": protection.derivation,
        "rounds": protection.rounds,
    }


def _words(message: Message, text: Words) -> str | None:
    return utf8(text(message))
