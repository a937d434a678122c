"""What a draft asks for: names and usages by its purpose, as the ONE Record profile has them.

Source: ONE Record API & Security 2020 p. 67-71; ONE Record certificate policy 3.1.1, 7.1.2.

Decisions:
- 2026-11: a server's subject is empty and its names are critical. The profile leaves a choice (empty, or the
  CN repeats a name). No client looks at it (RFC 9525 2), CAs of the web advise against it, a CN ends at 64
  characters where host names go on, and the one server certificate of the pilot has none.
- 2026-11: keyEncipherment is asked for with RSA keys of servers alone: EC keys cannot do it (TLS Baseline
  Requirements 7.1.2.7.11).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from trustdesk.core.certificate_request import AskedFor, RequestDraft, RequestPurpose
from trustdesk.core.key_store import KeyKind
from trustdesk.core.message import Message, msg
from trustdesk.core.verification import Purpose
from trustdesk.formats.distinguished_name import common_name_text
from trustdesk.verify.one_record_id import (
    comparable_id,
    host_in_a_labels,
    in_a_labels,
    read_one_record_id,
)

WHY_TWO_REQUESTS = msg(
    "Public CAs put no URI names into server certificates and end clientAuth on 2027-03-15. So there are two"
    " requests with two keys."
)
"""The answer to "both", short enough to stand beside the choice."""

TWO_REQUESTS_IN_DETAIL: tuple[Message, ...] = (
    msg(
        "1R-IDs are URIs. A client certificate carries them; a publicly trusted server certificate must not"
        " (TLS Baseline Requirements 7.1.2.7.12) and names hosts alone."
    ),
    msg(
        "The profile of 2020 wants serverAuth and clientAuth in one server certificate. Public server"
        " certificates issued from 2027-03-15 on hold serverAuth alone (Chrome Root Program Policy 1.3.2)."
    ),
    msg(
        "Each certificate gets a key of its own: so one can be renewed, revoked or moved without the other,"
        " and the server's key stays on the server."
    ),
)
"""Why a client and a server need a certificate each, a reason a sentence."""

_RSA = frozenset({KeyKind.RSA_2048, KeyKind.RSA_3072, KeyKind.RSA_4096})


def asked_for(draft: RequestDraft) -> AskedFor:
    """Return what a draft asks for, whatever is wrong with it."""
    match draft.purpose:
        case RequestPurpose.CLIENT:
            ids = one_record_ids_of(draft)
            main = read_one_record_id(ids[0]).company_id if ids else None
            return AskedFor(
                key=draft.key,
                subject=common_name_text(main) if main else "",
                subject_alt_names=tuple(f"URI:{one}" for one in ids),
                names_are_critical=not main,
                key_usage=("digitalSignature",),
                extended_key_usage=("clientAuth",),
            )
        case RequestPurpose.SERVER:
            is_rsa = draft.key in _RSA
            return AskedFor(
                key=draft.key,
                subject="",
                subject_alt_names=tuple(f"DNS:{host}" for host in hosts_of(draft)),
                names_are_critical=True,
                key_usage=("digitalSignature", "keyEncipherment") if is_rsa else ("digitalSignature",),
                extended_key_usage=("serverAuth", "clientAuth") if draft.client_auth else ("serverAuth",),
            )
        case RequestPurpose.FREE:
            subject = draft.subject.strip()
            return AskedFor(
                key=draft.key,
                subject=subject,
                subject_alt_names=_each_once(_free_name(name) for name in draft.subject_alt_names),
                names_are_critical=not subject,
                key_usage=_each_once(name.strip() for name in draft.key_usage),
                extended_key_usage=_each_once(name.strip() for name in draft.extended_key_usage),
            )
        case _:
            assert_never(draft.purpose)


def one_record_ids_of(draft: RequestDraft) -> tuple[str, ...]:
    """Return the 1R-IDs of a draft in A-labels, each once, blanks left out."""
    found: dict[str, str] = {}
    for text in draft.one_record_ids:
        one = in_a_labels(text.strip())
        if one:
            found.setdefault(comparable_id(one), one)
    return tuple(found.values())


def hosts_of(draft: RequestDraft) -> tuple[str, ...]:
    """Return the hosts of a server's request in A-labels: those of its 1R-IDs, then the others, each once."""
    of_ids = (read_one_record_id(one).host for one in one_record_ids_of(draft))
    others = (host_in_a_labels(name.strip()) for name in draft.dns_names)
    return _each_once(host for host in (*of_ids, *others) if host)


def purpose_of_draft(purpose: RequestPurpose) -> Purpose | None:
    """Return the purpose that the rules judge by; None where the request itself has to tell."""
    return {RequestPurpose.CLIENT: Purpose.CLIENT, RequestPurpose.SERVER: Purpose.SERVER}.get(purpose)


def _free_name(text: str) -> str:
    kind, colon, value = text.strip().partition(":")
    value = value.strip()
    if colon and kind == "DNS":
        return f"DNS:{host_in_a_labels(value)}"
    if colon and kind == "URI":
        return f"URI:{in_a_labels(value)}"
    return f"{kind}{colon}{value}"


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
