"""What a form of trust lists cannot carry, by field: said before it is written, never found later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime

from trustdesk.core.list_form import ListForm
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import NOBODY, UNSIGNED, ListContent
from trustdesk.formats.ccadb_cells import addresses_fit, audits_fit, fits, list_fits, names_fit

_LIST = "list."
_DERIVED = frozenset({"sha256", "certificate", "subject", "spki_sha256", "kind", "anchor_mode"})
"""What the certificate says itself, and what is looked at by itself."""

_CCADB_USAGES = frozenset({Usage.TLS_SERVER, Usage.EMAIL})
_TRUSTED = frozenset({EntryStatus.TRUSTED, EntryStatus.TRUSTED_UNTIL})


def what_is_lost(content: ListContent, form: ListForm) -> tuple[str, ...]:
    """Return the fields that a form cannot carry, and that the list or some entry has.

    Names are those of `ListEntry`, with a dot where they lie deeper ("distrust.tls_after"); fields of
    `ListContent` stand behind "list.". "status" and "anchor_mode" are among them too where entries are left
    out for them: forms that cannot say what is not trusted hold what is.
    """
    lost: dict[str, None] = dict.fromkeys(_of_list(content, form))
    for entry in content.entries:
        lost.update(dict.fromkeys(_of_entry(entry, form)))
    return tuple(name for name in _ORDER if name in lost)


def _of_list(content: ListContent, form: ListForm) -> Iterator[str]:
    # Whether a signature counts is known where a list is imported; ours is over what we write.
    if content.authenticity != UNSIGNED:
        yield f"{_LIST}authenticity"
    if form is ListForm.JSON:
        return
    yield f"{_LIST}title"
    if content.publisher != NOBODY:
        yield f"{_LIST}publisher"
    for name in _PLAIN:
        if getattr(content, name) not in {None, "", False}:
            yield f"{_LIST}{name}"


def _of_entry(entry: ListEntry, form: ListForm) -> Iterator[str]:
    if form is ListForm.JSON:
        return
    if entry.certificate is None:
        yield "certificate"
    if entry.anchor_mode is not _usual_mode(entry, form) or entry.anchor_mode is AnchorMode.NOT_ANCHOR:
        yield "anchor_mode"
    if form is ListForm.CCADB:
        if entry.usages is None:
            yield "usages"
        # The report tells TRUSTED_UNTIL by its date alone.
        if (entry.status is EntryStatus.TRUSTED_UNTIL) != (entry.distrust.tls_after is not None):
            yield "status"
    for name in _filled(entry):
        if form is not ListForm.CCADB or not _carries(entry, name):
            yield name


def _filled(entry: ListEntry) -> Iterator[str]:
    """Yield the fields of an entry that say more than the certificate does."""
    for field in fields(ListEntry):
        value, usual = getattr(entry, field.name), field.default
        if field.name in _DERIVED or usual is MISSING or value == usual:
            continue
        if is_dataclass(value):
            for inner in fields(value):
                if getattr(value, inner.name) != inner.default:
                    yield f"{field.name}.{inner.name}"
        else:
            yield field.name


def _usual_mode(entry: ListEntry, form: ListForm) -> AnchorMode:
    """What a reader of the form makes of an entry that is written; NOT_ANCHOR is left out."""
    if entry.kind is EntryKind.ROOT:
        return AnchorMode.FULL_CHAIN
    return AnchorMode.NOT_ANCHOR if form is ListForm.CCADB else AnchorMode.PARTIAL_CHAIN_ALLOWED


def _carries(entry: ListEntry, name: str) -> bool:
    """Whether CCADB's report carries what an entry says in a field."""
    distrust = entry.distrust
    match name:
        case "usages":
            return entry.usages is not None and entry.usages <= _CCADB_USAGES
        case "status":
            return entry.status in _TRUSTED
        case "distrust.tls_after":
            return not _has_fraction(distrust.tls_after)
        case "distrust.smime_after":
            return not _has_fraction(distrust.smime_after)
        case "constraints.permitted_names":
            return names_fit(entry.constraints)
        case "owner.name" | "owner.country" | "owner.contact" | "owner.problem_reporting":
            return fits(str(getattr(entry.owner, name.removeprefix("owner."))))
        case "policy.cp_uri" | "policy.cps_uri":
            return fits(str(getattr(entry.policy, name.removeprefix("policy."))))
        case "policy.oids":
            return list_fits(entry.policy.oids)
        case "audits":
            return audits_fit(entry.audits)
        case "revocation_urls":
            return addresses_fit(entry.revocation_urls)
        case "caa_domains":
            return list_fits(entry.caa_domains)
        case "notes":
            return fits(entry.notes)
        case _:
            return False


def _has_fraction(at: datetime | None) -> bool:
    return at is not None and at.microsecond != 0


_PLAIN = (
    "list_id",
    "scheme_uri",
    "sequence",
    "issued_at",
    "next_update",
    "is_closed",
    "supersedes_sha256",
    "authority_claimed",
)


def _order() -> tuple[str, ...]:
    names = [f"{_LIST}{name}" for name in ("authenticity", "title", "publisher", *_PLAIN)]
    for field in fields(ListEntry):
        names.append(field.name)
        if is_dataclass(field.default):
            names += [f"{field.name}.{inner.name}" for inner in fields(field.default)]
    return tuple(names)


_ORDER = _order()
