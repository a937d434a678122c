"""Which of very many certificates can stand above others: by their names, before anything is decoded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from trustdesk.core.inspection import CertificateRow


class Named(Protocol):
    """What says whose certificate it is, and by whom."""

    @property
    def sha256(self) -> str:
        """Fingerprint of the certificate."""
        ...

    @property
    def subject(self) -> str | None:
        """Whose it is; None when it cannot be read."""
        ...

    @property
    def issuer(self) -> str | None:
        """Who issued it; None when it cannot be read."""
        ...


_Named = TypeVar("_Named", bound=Named)


def plain_name(name: str | None) -> str:
    """Return a name without case and doubled spaces.

    Near enough to RFC 5280 7.1 to leave nothing out: the judge compares exactly.
    """
    return " ".join((name or "").casefold().split())


def issuers_among(rows: Sequence[CertificateRow]) -> tuple[CertificateRow, ...]:
    """Return the rows that others name as their issuer, each certificate once, in their order."""
    plain: dict[str | None, str] = {}

    def known(name: str | None) -> str:
        if name not in plain:
            plain[name] = plain_name(name)
        return plain[name]

    # Whoever issued only itself stands above nothing.
    named = {known(row.issuer) for row in rows if row.issuer != row.subject}
    named.discard("")
    return tuple({row.sha256: row for row in rows if row.subject and known(row.subject) in named}.values())


def by_subject(certificates: Iterable[_Named]) -> dict[str, list[_Named]]:
    """Return certificates by the plain name of their subject."""
    found: dict[str, list[_Named]] = defaultdict(list)
    for one in certificates:
        found[plain_name(one.subject)].append(one)
    return dict(found)


def named_above(
    start: Named, subjects: Mapping[str, Sequence[_Named]], limit: int | None = None
) -> tuple[_Named, ...]:
    """Return what can stand above a certificate, up to the top, nearest first.

    Args:
        start: the certificate, which does not stand above itself.
        subjects: see `by_subject`.
        limit: how many at most; None for all.
    """
    found: dict[str, _Named] = {}
    wanted, seen = [plain_name(start.issuer)], {""}
    while wanted and (limit is None or len(found) < limit):
        name = wanted.pop(0)
        if name in seen:
            continue
        seen.add(name)
        for one in subjects.get(name, ()):
            if one.sha256 != start.sha256:
                found[one.sha256] = one
                wanted.append(plain_name(one.issuer))
    return tuple(found.values())[:limit]


class IssuerIndex:
    """Finds what can stand above one of very many rows; the rows are looked through once.

    For one thread. Rows may have been added since the last question; other rows are another list.
    """

    def __init__(self) -> None:
        self._rows: Sequence[CertificateRow] = ()
        self._count = 0
        self._by_subject: dict[str, list[CertificateRow]] = {}

    def issuers_of(
        self, row: CertificateRow, rows: Sequence[CertificateRow], limit: int
    ) -> tuple[CertificateRow, ...]:
        """Return what can stand above `row`, up to the top, nearest first and at most `limit`."""
        if rows is not self._rows or len(rows) != self._count:
            self._rows, self._count = rows, len(rows)
            self._by_subject = by_subject(issuers_among(rows))
        return named_above(row, self._by_subject, limit)
