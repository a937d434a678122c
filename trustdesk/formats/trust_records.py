"""Trust lists, decisions and the trust log as JSON-ready documents, and back: what a workspace keeps.

Documents are written as `formats.records` writes them: a field at its default is left out, fields that a
reader does not know are passed over. An entry's certificate is not in its document, but its read-outs are:
to read 10,000 certificates anew takes 2.2 s, from their read-outs 0.2 s (measured on the build machine).
Elsewhere (a list's signer, a provider's certificates) a certificate stands as the Base64 of its DER.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.identity_provider import ProviderList
from trustdesk.core.message import msg
from trustdesk.core.trust_decision import LocalDecision, LogEntry, PartnerPolicy
from trustdesk.core.trust_entry import ListEntry
from trustdesk.core.trust_version import ListContent, ListSource, SignerPin
from trustdesk.formats.canonical_json import canonical_json, well_formed
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.json_text import compact_json
from trustdesk.formats.records import facts_document, facts_of, value_converter

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")

SCHEMA = 1
"""Number of the form of these documents, and of what `read_certificate` reads: another one is read anew."""

MAX_CHARACTERS = 16_000_000
"""Of one document; the longest of ours, a list of providers with their certificates, has far fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as it lies in a workspace.

    Attributes:
        der: None where the list names the certificate by its digest alone.
        document: JSON.
    """

    sha256: str
    der: bytes | None
    document: str


def stored_entry(entry: ListEntry) -> StoredEntry:
    """Return an entry as it is kept."""
    document: dict[str, object] = {"entry": _converter().unstructure(entry)}
    der = None
    if entry.certificate is not None:
        document["facts"] = facts_document(entry.certificate)
        der = entry.certificate.der
    return StoredEntry(sha256=entry.sha256, der=der, document=compact_json(document))


def entry_of(stored: StoredEntry, schema: int) -> ListEntry:
    """Return the entry that was kept.

    Args:
        schema: of the version that it belongs to.

    Raises:
        EnvironmentFailureError: it is damaged, or its certificate is another one.
    """
    if stored.der is not None and hashlib.sha256(stored.der).hexdigest() != stored.sha256:
        raise _damaged()
    document = _document(stored.document)
    try:
        certificate = _certificate_of(stored, document.get("facts"), schema)
    except UnusableInputError:
        raise _damaged() from None
    entry = _structured({**_object(document.get("entry")), "certificate": certificate}, ListEntry)
    if entry.sha256 != stored.sha256:
        raise _damaged()
    return entry


def _certificate_of(stored: StoredEntry, facts: object, schema: int) -> CertificateFacts | None:
    if stored.der is None:
        return None
    if schema != SCHEMA or not isinstance(facts, dict):
        return read_certificate(stored.der)
    return facts_of(facts, stored.der, stored.sha256)


def envelope_text(content: ListContent, source: ListSource) -> str:
    """Write what a version says beside its entries."""
    return compact_json(
        {
            "schema": SCHEMA,
            "content": _converter().unstructure(replace(content, entries=())),
            "source": _converter().unstructure(source),
        }
    )


def envelope_of(text: str) -> tuple[ListContent, ListSource, int]:
    """Return content without entries, source, and the schema of the version's entries.

    Raises:
        EnvironmentFailureError: the document is damaged, or of a newer program.
    """
    document = _document(text)
    schema = document.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise _damaged()
    if schema > SCHEMA:
        problem = msg("A newer trustdesk wrote this record.")
        raise EnvironmentFailureError(problem, remedy=msg("Update trustdesk."))
    content = _structured({"entries": [], **_object(document.get("content"))}, ListContent)
    return content, _structured(document.get("source"), ListSource), schema


def pin_document(pin: SignerPin) -> dict[str, object]:
    """Return a pin as JSON-ready values, without what is known of its seal."""
    return _unsealed(pin)


def pin_of(document: object) -> SignerPin:
    """Return the pin of a document; its seal is not known yet.

    Raises:
        EnvironmentFailureError: the document is damaged; as for the next ones.
    """
    return replace(_structured(document, SignerPin), sealed=None)


def decision_text(decision: LocalDecision) -> str:
    """Write a decision as canonical JSON, without what is known of its seal."""
    return canonical_json(_unsealed(decision)).decode()


def decision_of(text: str) -> LocalDecision:
    """Return the decision of a document; its seal is not known yet."""
    return replace(_structured(_document(text), LocalDecision), sealed=None)


def policy_text(policy: PartnerPolicy) -> str:
    """Write a policy as canonical JSON without its seal; private roots stand as digests."""
    document = _unsealed(replace(policy, private_roots=()))
    document["private_roots"] = [root.sha256 for root in policy.private_roots]
    return canonical_json(document).decode()


def policy_of(text: str, certificates: Mapping[str, CertificateFacts]) -> PartnerPolicy:
    """Return the policy of a document; its seal is not known yet.

    Args:
        certificates: private roots by digest; all that the document names.
    """
    document = dict(_document(text))
    digests = document.pop("private_roots", [])
    policy = _structured(document, PartnerPolicy)
    try:
        roots = tuple(certificates[digest] for digest in _texts(digests))
    except KeyError:
        raise _damaged() from None
    return replace(policy, private_roots=roots, sealed=None)


def private_roots_of(text: str) -> tuple[str, ...]:
    """Return the digests of the private roots that a policy's document names."""
    return _texts(_document(text).get("private_roots", []))


def log_entry_document(entry: LogEntry) -> dict[str, object]:
    """Return a line of the log as JSON-ready values, with every field but its hash."""
    return {
        "action": str(entry.action),
        "at": _converter().unstructure(entry.at),
        "by": entry.by,
        "comment": entry.comment,
        "details": dict(entry.details),
        "fingerprint": entry.fingerprint,
        "number": entry.number,
        "previous": entry.previous,
        "subject": entry.subject,
    }


def log_entry_of(text: str, line_hash: str) -> LogEntry:
    """Return the line of the log that a document holds; whether the hash is right is not looked at."""
    document = _document(text)
    details = _object(document.get("details"))
    pairs = [list(pair) for pair in sorted(details.items())]
    return _structured({**document, "details": pairs, "hash": line_hash}, LogEntry)


def provider_list_text(providers: ProviderList) -> str:
    """Write a list of identity providers, with its certificates."""
    return compact_json({"schema": SCHEMA, "list": _converter().unstructure(providers)})


def provider_list_of(text: str) -> ProviderList:
    """Return the list of a document."""
    return _structured(_document(text).get("list"), ProviderList)


def _unsealed(value: SignerPin | LocalDecision | PartnerPolicy) -> dict[str, object]:
    document: dict[str, object] = _converter().unstructure(value)
    document.pop("sealed", None)
    return {name: _well_formed(value) for name, value in document.items()}


def _well_formed(value: object) -> object:
    match value:
        case str():
            return well_formed(value)
        case list() | tuple():
            return [_well_formed(one) for one in value]
        case _:
            return value


def _document(text: str) -> Mapping[str, object]:
    if len(text) > MAX_CHARACTERS:
        raise _damaged()
    try:
        return _object(json.loads(text))
    except (ValueError, RecursionError):
        raise _damaged() from None


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _damaged()
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _damaged()
    return tuple(value)


def _structured(document: object, kind: type[T]) -> T:
    try:
        return _converter().structure(document, kind)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise _damaged() from error


def _damaged() -> EnvironmentFailureError:
    return EnvironmentFailureError(
        msg("A record of trust in the workspace is damaged."),
        remedy=msg("Restore the workspace from a backup, or import the list again."),
    )


@cache
def _converter() -> Converter:
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

    converter = value_converter()
    converter.register_structure_hook(datetime, lambda text, _: _instant(text))
    converter.register_unstructure_hook(CertificateFacts, lambda facts: b64encode(facts.der).decode())
    converter.register_structure_hook(
        CertificateFacts, lambda text, _: read_certificate(b64decode(text, validate=True))
    )
    converter.register_unstructure_hook(
        ListEntry,
        make_dict_unstructure_fn(
            ListEntry, converter, _cattrs_omit_if_default=True, certificate=override(omit=True)
        ),
    )
    as_read = make_dict_structure_fn(
        ListEntry,
        converter,
        _cattrs_detailed_validation=False,
        certificate=override(struct_hook=lambda certificate, _: certificate),
    )
    converter.register_structure_hook(ListEntry, as_read)
    return converter


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant without its zone")
    return at.astimezone(UTC)
