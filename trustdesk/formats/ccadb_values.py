"""What single fields of CCADB's reports mean: dates, digests, PEM, trust bits, statuses, constraints."""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime
from functools import lru_cache

from trustdesk.core.trust import NO_LIMITS, AnchorLimits
from trustdesk.core.trust_entry import EntryStatus, Usage

_DATE = re.compile(
    r"(\d{4})([.\-/])(\d{1,2})\2(\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?: ?(?:Z|GMT|UTC|\+00:?00))?)?"
)
_NAMED_MONTH = re.compile(r"(\d{4}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{2})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_SEPARATORS = re.compile(r"[;,\n]")
_DOMAIN = re.compile(
    r"(?:\*?\.)?((?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)"
)
_NO_CONSTRAINTS = frozenset({"", "none", "n/a", "no"})
_MAX_CONSTRAINTS = 500


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime | None:
    """Return a date of a report as the instant it begins; None where it is no date.

    `2035.06.04`, `2035-06-04`, both with a time, which is UTC, and `2035 Jun 04`.
    """
    return _instant(text, at_end_of_day=False)


@lru_cache(maxsize=1024)
def last_instant(text: str) -> datetime | None:
    """Return the last instant of a day from whose end on something holds; None where it is no date.

    "Distrust for TLS After 2024.11.30" lets stand what begins on that day, as Mozilla's own value for it
    (241130235959Z) says. With a time it is that time.
    """
    return _instant(text, at_end_of_day=True)


def _instant(text: str, *, at_end_of_day: bool) -> datetime | None:
    named = _NAMED_MONTH.fullmatch(text.strip())
    if named is not None:
        text = f"{named[1]}-{_MONTHS.index(named[2]) + 1}-{named[3]}"
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, _, month, day, hour, minute, second = match.groups()
    rest = (
        (23, 59, 59)
        if at_end_of_day and hour is None
        else (int(hour or 0), int(minute or 0), int(second or 0))
    )
    try:
        return datetime(int(year), int(month), int(day), *rest, tzinfo=UTC)
    except ValueError:
        return None


def digest(text: str) -> str | None:
    """Return a SHA-256 digest in lower-case hex; None where the field holds none."""
    found = text.strip().strip("'").replace(":", "").replace(" ", "").lower()
    if len(found) != 64:
        return None
    try:
        return bytes.fromhex(found).hex()
    except ValueError:
        return None


def certificate_der(text: str) -> bytes | None:
    """Return the certificate of a field, which CCADB wraps in single quotes; None where it is damaged."""
    match = _PEM.fullmatch(text.strip().strip("'").strip())
    if match is None:
        return None
    try:
        return binascii.a2b_base64("".join(match[1].split()), strict_mode=True)
    except binascii.Error:
        return None


def items(text: str) -> list[str]:
    """Return the parts of a field that lists several, which semicolons, commas or newlines part."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


_USAGES = {
    # Never TLS_CLIENT: root programs judge what vouches for servers and mail, not who may be a client.
    "websites": Usage.TLS_SERVER,
    "server authentication": Usage.TLS_SERVER,
    "serverauth": Usage.TLS_SERVER,
    "email": Usage.EMAIL,
    "secure email": Usage.EMAIL,
    "emailprotection": Usage.EMAIL,
}


@lru_cache(maxsize=1024)
def usages(bits: str) -> frozenset[Usage]:
    """Return what trust bits of any of the programs stand for; all others stand for nothing of ours."""
    return frozenset(_USAGES[bit.casefold()] for bit in items(bits) if bit.casefold() in _USAGES)


_STATUSES = {
    "included": EntryStatus.TRUSTED,
    "trusted": EntryStatus.TRUSTED,
    "change requested": EntryStatus.TRUSTED,  # it stays included until the change is made
    "notbefore": EntryStatus.TRUSTED_UNTIL,
    "removed": EntryStatus.WITHDRAWN,
    "disabled": EntryStatus.SUSPENDED,
    "blocked": EntryStatus.DISTRUSTED,
    "distrusted": EntryStatus.DISTRUSTED,
    "in progress": EntryStatus.PENDING,
    "pending": EntryStatus.PENDING,
    "pending inclusion": EntryStatus.PENDING,
    "not included": EntryStatus.UNKNOWN,
    "not trusted": EntryStatus.UNKNOWN,
    "provided by ca": EntryStatus.UNKNOWN,
    "not yet included": EntryStatus.PENDING,
    "": EntryStatus.UNKNOWN,
}


def store_status(text: str) -> EntryStatus | None:
    """Return how a root program stands to a certificate; None for a word that is not known."""
    return _STATUSES.get(text.strip().casefold())


_REVOCATIONS = {
    "": None,
    "not revoked": None,
    "revoked": EntryStatus.DISTRUSTED,
    # Its own key was not withdrawn, its way to the root was.
    "parent cert revoked": EntryStatus.WITHDRAWN,
}


def revocation_status(text: str) -> EntryStatus | None:
    """Return the status that a revocation gives; None where it is not revoked, UNKNOWN for other words."""
    return _REVOCATIONS.get(text.strip().casefold(), EntryStatus.UNKNOWN)


@lru_cache(maxsize=1024)
def limits(text: str) -> AnchorLimits | None:
    """Return the names that a program holds a root to: `*.gov.fr; .gp`; None where it is not all names.

    A subtree of RFC 5280 4.2.1.10 holds its own top as well, so that `*.gov.fr` lets gov.fr pass too.
    """
    if text.strip().casefold() in _NO_CONSTRAINTS:
        return NO_LIMITS
    names: list[str] = []
    for part in text.replace(";", " ").replace(",", " ").split():
        match = _DOMAIN.fullmatch(part.casefold())
        if match is None or len(names) >= _MAX_CONSTRAINTS:
            return None
        names.append(f"DNS:{match[1]}")
    # A word of prose is a name by its letters; names of whole domains are written with a dot or a star.
    if not all("." in part for part in text.replace(";", " ").replace(",", " ").split()):
        return None
    return AnchorLimits(permitted_names=tuple(dict.fromkeys(names)))
