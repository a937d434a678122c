"""Which of very many certificates can stand above others: by their names, before anything is decoded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from trustdesk.core.inspection import CertificateRow


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
        self._look_through(rows)
        found: dict[str, CertificateRow] = {}
        wanted, seen = [plain_name(row.issuer)], {""}
        while wanted and len(found) < limit:
            name = wanted.pop(0)
            if name in seen:
                continue
            seen.add(name)
            for one in self._by_subject.get(name, ()):
                if one.sha256 != row.sha256:
                    found[one.sha256] = one
                    wanted.append(plain_name(one.issuer))
        return tuple(found.values())[:limit]

    def _look_through(self, rows: Sequence[CertificateRow]) -> None:
        if rows is self._rows and len(rows) == self._count:
            return
        self._rows, self._count = rows, len(rows)
        by_subject: dict[str, list[CertificateRow]] = defaultdict(list)
        for one in issuers_among(rows):
            by_subject[plain_name(one.subject)].append(one)
        self._by_subject = dict(by_subject)
