"""What is wrong with the fields of a draft, and what to write instead, while a person types.

The rules (CSR-…) judge the request as a whole; this is about single values, as typed. Nothing is asked of the
network, and nothing is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from trustdesk.core.certificate_request import (
    MAX_COMMON_NAME,
    DraftField,
    FieldRemark,
    RequestDraft,
    RequestPurpose,
)
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.target import is_ip_literal
from trustdesk.formats.extensions import KEY_USAGES, purpose_oid
from trustdesk.formats.request_writing import alternative_name, subject_name
from trustdesk.services.request_content import asked_for, one_record_ids_of
from trustdesk.verify.one_record_id import (
    MET_IN_THE_FIELD,
    IdFault,
    comparable_id,
    fault_text,
    host_in_a_labels,
    in_a_labels,
    is_fqdn,
    read_one_record_id,
)

MAX_VALUES = 100
"""Names in one request: what is longer than any CA takes is a slip of the hand."""
_LEAVE_OUT = msg("Leave it out")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NO_SEGMENT_CHARACTER = re.compile(r"[^A-Za-z0-9._~-]+")


def field_remarks(draft: RequestDraft) -> tuple[FieldRemark, ...]:
    """Return what is to be said of the fields that a draft's purpose uses, in the order of the fields."""
    return tuple(_remarks(draft))


def _remarks(draft: RequestDraft) -> Iterator[FieldRemark]:
    if not draft.name.strip():
        yield _obstacle(DraftField.NAME, msg("Give it a name, by which you find it again."))
    if draft.purpose is RequestPurpose.FREE:
        yield from _free(draft)
        return
    yield from _many(DraftField.ONE_RECORD_IDS, draft.one_record_ids)
    yield from _one_record_ids(draft)
    if draft.purpose is RequestPurpose.CLIENT:
        if not one_record_ids_of(draft):
            yield _obstacle(DraftField.ONE_RECORD_IDS, msg("A client certificate names at least one 1R-ID."))
        yield from _common_name(draft)
        return
    yield from _many(DraftField.DNS_NAMES, draft.dns_names)
    yield from _hosts(draft)
    if not any(text.strip() for text in (*draft.one_record_ids, *draft.dns_names)):
        yield _obstacle(DraftField.DNS_NAMES, msg("A server certificate names at least one host."))
    if draft.client_auth:
        text = msg(
            "Public server certificates issued from 2027-03-15 on hold serverAuth alone: ask a public CA for"
            " a client certificate of its own instead."
        )
        yield FieldRemark(field=DraftField.CLIENT_AUTH, text=text, is_obstacle=False)


def _one_record_ids(draft: RequestDraft) -> Iterator[FieldRemark]:
    seen: set[str] = set()
    for position, typed in enumerate(draft.one_record_ids):
        text = in_a_labels(typed.strip())
        if not text:
            continue
        if comparable_id(text) in seen:
            yield FieldRemark(
                field=DraftField.ONE_RECORD_IDS,
                position=position,
                text=msg("This 1R-ID stands there already."),
                is_obstacle=False,
                correction="",
                offer=_LEAVE_OUT,
            )
            continue
        seen.add(comparable_id(text))
        faults = read_one_record_id(text).faults
        if faults:
            yield _faulty(position, text, faults)
        elif text != typed.strip():
            yield FieldRemark(
                field=DraftField.ONE_RECORD_IDS,
                position=position,
                text=msg("It is written as {text}.", text=text),
                is_obstacle=False,
            )


def _faulty(position: int, text: str, faults: Sequence[IdFault]) -> FieldRemark:
    grave = [fault for fault in faults if fault not in MET_IN_THE_FIELD]
    corrected = corrected_id(text)
    return FieldRemark(
        field=DraftField.ONE_RECORD_IDS,
        position=position,
        text=_fault_sentence((grave or list(faults))[0], text),
        is_obstacle=bool(grave),
        correction=corrected,
        offer=None if corrected is None else msg("Use {text} instead", text=_what_changed(text, corrected)),
    )


def _fault_sentence(fault: IdFault, text: str) -> Message:
    match fault:
        case IdFault.COMPANY if _is_one_segment(text):
            return msg("The company id of a 1R-ID has ASCII letters, digits and - . _ ~ alone.")
        case IdFault.COMPANY:
            return msg("A 1R-ID has exactly one path segment.")
        case IdFault.NO_URI:
            return msg("A 1R-ID is written https://host/COMPANY-ID.")
        case IdFault.SCHEME | IdFault.HTTP:
            return msg("A 1R-ID begins with https.")
        case IdFault.PORT:
            return msg("A 1R-ID names no port.")
        case IdFault.HOST:
            return msg("The host of a 1R-ID is a full name such as 1r.halden.example.")
        case _:
            return msg("This is no 1R-ID: it {fault}.", fault=fault_text(fault))


def _is_one_segment(text: str) -> bool:
    path = re.split(r"[?#]", _SCHEME.sub("", text))[0].partition("/")[2]
    return bool(path) and "/" not in path


def corrected_id(text: str) -> str | None:
    """Return the 1R-ID that was probably meant; None where nobody can tell."""
    address = text if _SCHEME.match(text) else f"https://{text}"
    parts = re.fullmatch(r"[^:]+://(?P<authority>[^/?#]*)(?P<path>[^?#]*).*", address, re.DOTALL)
    if parts is None or not parts["path"].isascii():
        return None  # a letter that cannot stand there is no reason to leave it out
    host = host_in_a_labels(parts["authority"].rpartition("@")[2].partition(":")[0])
    segments = [
        segment
        for part in parts["path"].split("/")
        if (segment := _NO_SEGMENT_CHARACTER.sub("-", part.strip()).strip("-"))
    ]
    if not segments:
        return None
    if segments[0].isupper():
        segments = [segment.upper() for segment in segments]
    corrected = f"https://{host}/{'-'.join(segments)}"
    if corrected == text or not read_one_record_id(corrected).is_valid:
        return None
    return corrected


def _what_changed(text: str, corrected: str) -> str:
    """Return what of a 1R-ID is new: the company id where all before it stands there already."""
    before, _, company_id = corrected.rpartition("/")
    return (
        company_id
        if text.startswith(f"{before}/") and company_id not in re.split(r"[/?#]", text)
        else corrected
    )


def _common_name(draft: RequestDraft) -> Iterator[FieldRemark]:
    ids = one_record_ids_of(draft)
    company_id = read_one_record_id(ids[0]).company_id if ids else None
    if company_id is not None and len(company_id) > MAX_COMMON_NAME:
        yield _obstacle(
            DraftField.ONE_RECORD_IDS,
            msg(
                "The company id becomes the common name, which has at most {limit} characters.",
                limit=MAX_COMMON_NAME,
            ),
            next(at for at, typed in enumerate(draft.one_record_ids) if typed.strip()),
        )


def _hosts(draft: RequestDraft) -> Iterator[FieldRemark]:
    seen = {read_one_record_id(one).host for one in one_record_ids_of(draft)}
    of_ids = frozenset(seen)
    for position, typed in enumerate(draft.dns_names):
        name = typed.strip()
        host = host_in_a_labels(name)
        if not name:
            continue
        if host in seen:
            text = (
                msg("This host follows from the 1R-IDs already.")
                if host in of_ids
                else msg("This host stands there already.")
            )
            yield FieldRemark(
                field=DraftField.DNS_NAMES,
                position=position,
                text=text,
                is_obstacle=False,
                correction="",
                offer=_LEAVE_OUT,
            )
            continue
        seen.add(host)
        if is_fqdn(host):
            if host != name:
                text = msg("It is written as {text}.", text=host)
                yield FieldRemark(field=DraftField.DNS_NAMES, position=position, text=text, is_obstacle=False)
            continue
        corrected = corrected_host(name)
        yield FieldRemark(
            field=DraftField.DNS_NAMES,
            position=position,
            text=_host_sentence(host),
            is_obstacle=True,
            correction=corrected,
            offer=None if corrected is None else msg("Use {text} instead", text=corrected),
        )


def _host_sentence(host: str) -> Message:
    if host.startswith("*"):
        return msg("ONE Record's profile has no wildcards: name each host.")
    if is_ip_literal(host):
        return msg("A server is named by its host name; no CA of the profile certifies an address.")
    return msg("This is no fully qualified host name.")


def corrected_host(text: str) -> str | None:
    """Return the host name that was probably meant; None where nobody can tell."""
    rest = _SCHEME.sub("", text.strip()).partition("/")[0].rpartition("@")[2]
    host = host_in_a_labels(rest.partition(":")[0].removesuffix("."))
    return host if host != text and is_fqdn(host) else None


def _free(draft: RequestDraft) -> Iterator[FieldRemark]:
    try:
        subject_name(draft.subject)
    except UnusableInputError as error:
        text = msg("{problem} {remedy}", problem=error.problem, remedy=error.remedy)
        yield _obstacle(DraftField.SUBJECT, text)
    yield from _many(DraftField.SUBJECT_ALT_NAMES, draft.subject_alt_names)
    for position, typed in enumerate(draft.subject_alt_names):
        if not typed.strip():
            continue
        asked = asked_for(_one_name(draft, typed)).subject_alt_names
        try:
            for name in asked:
                alternative_name(name)
        except UnusableInputError as error:
            text = msg("{problem} {remedy}", problem=error.problem, remedy=error.remedy)
            yield _obstacle(DraftField.SUBJECT_ALT_NAMES, text, position)
    if not draft.subject.strip() and not any(name.strip() for name in draft.subject_alt_names):
        yield _obstacle(DraftField.SUBJECT, msg("A certificate names somebody: give a subject or a name."))
    usages = {name.strip() for name in draft.key_usage}
    for usage in sorted(usages - set(KEY_USAGES) - {""}):
        yield _obstacle(DraftField.KEY_USAGE, msg("There is no key usage {usage}.", usage=usage))
    if usages & {"encipherOnly", "decipherOnly"} and "keyAgreement" not in usages:
        text = msg("encipherOnly and decipherOnly go with keyAgreement alone.")
        yield _obstacle(DraftField.KEY_USAGE, text)
    for purpose in dict.fromkeys(name.strip() for name in draft.extended_key_usage):
        if purpose and purpose_oid(purpose) is None:
            text = msg("{usage} is neither an extended key usage nor a dotted number.", usage=purpose)
            yield _obstacle(DraftField.EXTENDED_KEY_USAGE, text)


def _one_name(draft: RequestDraft, name: str) -> RequestDraft:
    return RequestDraft(name=draft.name, purpose=RequestPurpose.FREE, subject_alt_names=(name,))


def _many(field: DraftField, values: Sequence[str]) -> Iterator[FieldRemark]:
    if len(values) > MAX_VALUES:
        yield _obstacle(field, msg("These are more than {limit} names.", limit=MAX_VALUES))


def _obstacle(field: DraftField, text: Message, position: int | None = None) -> FieldRemark:
    return FieldRemark(field=field, position=position, text=text, is_obstacle=True)
