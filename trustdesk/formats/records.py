"""Probe reports and certificate read-outs as JSON-ready documents, and back: what a workspace keeps.

Documents are for this program's own history, not for others: `formats.documents` writes those. Instants are
RFC 3339 strings in UTC, enums their values, tuples lists; a field at its default is left out. Fields that
a reader does not know are passed over, so that an older program reads what a newer one of the same
schema added. A chain is kept as digests; whoever reads brings the certificates.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, Parameter, msg
from trustdesk.core.probe import ProbeRecord, ProbeReport

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")

_TEXTS = tuple[str, ...]
_PAIRS = tuple[tuple[str, str], ...]

SCHEMA = 1
"""Number of the form of the documents that this module writes; it reads this one and lower."""


def report_document(report: ProbeReport) -> dict[str, object]:
    """Return a report as JSON-ready values: `schema`, `presented_chain` (SHA-256, leaf first), `report`."""
    return {
        "schema": SCHEMA,
        "presented_chain": [certificate.sha256 for certificate in report.record.presented_chain],
        "report": _converter().unstructure(report),
    }


def report_of(document: Mapping[str, object], certificate: Callable[[str], CertificateFacts]) -> ProbeReport:
    """Return the report of a document; `certificate` gives the certificate of a SHA-256, or raises KeyError.

    Raises:
        UnusableInputError: the document is damaged, a certificate of it is missing, or a newer program
            wrote it.
    """
    schema = document.get("schema")
    if isinstance(schema, bool) or not isinstance(schema, int):
        raise _damaged()
    if schema > SCHEMA:
        raise UnusableInputError(msg("A newer trustdesk wrote this record."), remedy=msg("Update trustdesk."))
    report = _structured(document.get("report"), ProbeReport)
    digests = document.get("presented_chain")
    if not isinstance(digests, list):
        raise _damaged()
    try:
        chain = tuple(certificate(digest) for digest in digests)
    except (KeyError, TypeError):
        raise _damaged() from None
    return replace(report, record=replace(report.record, presented_chain=chain))


def facts_document(facts: CertificateFacts) -> dict[str, object]:
    """Return a certificate's read-outs as JSON-ready values, without its bytes and digest."""
    document: dict[str, object] = _converter().unstructure(facts)
    return document


def facts_of(document: Mapping[str, object], der: bytes, sha256: str) -> CertificateFacts:
    """Return the read-outs of a document for the certificate that they were read from.

    Raises:
        UnusableInputError: the document is damaged.
    """
    return _structured({**document, "der": der, "sha256": sha256}, CertificateFacts)


def prepare() -> None:
    """Import cattrs and write its functions now, so that the first report kept costs no more than the rest.

    It takes some 150 ms of the interpreter, which a window in the middle of a sweep would feel.
    """
    for kind in (ProbeReport, CertificateFacts):
        _converter().get_unstructure_hook(kind)
        _converter().get_structure_hook(kind)


def _structured(document: object, kind: type[T]) -> T:
    try:
        return _converter().structure(document, kind)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged() from error


def _damaged() -> UnusableInputError:
    return UnusableInputError(msg("This record is damaged."), remedy=msg("Test the endpoint again."))


def value_converter() -> Converter:
    """Return a new converter for core's values: instants, messages, enums; what is damaged is an error.

    Text, numbers and truth values are taken as they are or not at all, bytes as they were given.
    """
    # cattrs takes its time to import and to write its functions: only when something is kept or read.
    from cattrs import Converter

    converter = Converter(
        omit_if_default=True, detailed_validation=False, unstruct_collection_overrides={frozenset: sorted}
    )
    converter.register_unstructure_hook(datetime, _instant_text)
    # A timeline has some eighty of these pairs; cattrs asks for the kind of each text in them.
    converter.register_unstructure_hook_func(
        lambda kind: kind == _PAIRS, lambda pairs: [list(one) for one in pairs]
    )
    converter.register_unstructure_hook_func(lambda kind: kind == _TEXTS, list)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(Message, message_document)
    converter.register_structure_hook(Message, lambda document, _: message_of(document))
    converter.register_structure_hook(bytes, lambda der, _: der)
    converter.register_structure_hook(bool, _bool)
    converter.register_structure_hook(int, _int)
    converter.register_structure_hook(str, _str)
    return converter


@cache
def _converter() -> Converter:
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

    converter = value_converter()
    converter.register_unstructure_hook(
        CertificateFacts,
        make_dict_unstructure_fn(
            CertificateFacts,
            converter,
            _cattrs_omit_if_default=True,
            der=override(omit=True),
            sha256=override(omit=True),
        ),
    )
    converter.register_unstructure_hook(
        ProbeRecord,
        make_dict_unstructure_fn(
            ProbeRecord,
            converter,
            _cattrs_omit_if_default=True,
            presented_chain=override(omit=True),
            answer=override(omit=True),
            stapled_ocsp=override(unstruct_hook=_base64),
        ),
    )
    converter.register_structure_hook(
        ProbeRecord,
        make_dict_structure_fn(
            ProbeRecord,
            converter,
            _cattrs_detailed_validation=False,
            presented_chain=override(omit=True),
            answer=override(omit=True),
            stapled_ocsp=override(struct_hook=lambda text, _: b64decode(text, validate=True)),
        ),
    )
    return converter


# cattrs makes what it reads fit: any text but an empty one would be True, and None the text "None".
# The hooks for int and str are those of enums too.
def _bool(value: object, _: object) -> bool:
    if value is True or value is False:
        return value
    raise TypeError


def _int(value: object, kind: type[int]) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return kind(value)
    raise TypeError


def _str(value: object, kind: type[str]) -> str:
    if isinstance(value, str):
        # A hook for str is one for every StrEnum too.
        return value if kind is str else kind(value)
    raise TypeError


def _base64(data: bytes | None) -> str | None:
    return None if data is None else b64encode(data).decode()


def _instant_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def message_document(message: Message) -> dict[str, object]:
    """Return a sentence as JSON-ready values."""
    document: dict[str, object] = {"id": message.id}
    if message.plural_id is not None:
        document["plural_id"] = message.plural_id
        document["count"] = message.count
    if message.params:
        document["params"] = [[name, _parameter_document(value)] for name, value in message.params]
    return document


def _parameter_document(value: Parameter | Message) -> object:
    match value:
        case Message():
            return {"message": message_document(value)}
        case datetime():
            return {"instant": _instant_text(value)}
        case _:
            return value


def message_of(document: object) -> Message:
    """Return the sentence of a document.

    Raises:
        TypeError: it is damaged.
    """
    match document:
        case {"id": str(message_id), "plural_id": str(plural_id), "count": int(count), **rest}:
            return Message(id=message_id, plural_id=plural_id, count=count, params=_params(rest))
        case {"id": str(message_id), **rest}:
            return Message(id=message_id, params=_params(rest))
        case _:
            raise TypeError


def _params(rest: Mapping[object, object]) -> tuple[tuple[str, Parameter | Message], ...]:
    params = cast("list[tuple[str, object]]", rest.get("params", ()))
    return tuple((_str(name, str), _parameter(value)) for name, value in params)


def _parameter(value: object) -> Parameter | Message:
    match value:
        case {"message": nested}:
            return message_of(nested)
        case {"instant": str(text)}:
            return datetime.fromisoformat(text)
        case str() | int() | float():
            return value
        case _:
            raise TypeError
