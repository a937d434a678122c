"""Issuers that were not given, from where a certificate says they are (AIA caIssuers, RFC 5280 4.2.2.1).

The fetcher that is put in holds the limits on addresses, sizes and times; here only what comes back is read,
and a bound on how much is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from trustdesk.core.ports import Fetcher, FetchFailure
from trustdesk.formats.pkcs7 import read_pkcs7
from trustdesk.verify.builder import Built
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.path_sources import Pool

MAX_URLS = 8
MAX_CERTIFICATES = 16


def fetch_issuers(
    fetcher: Fetcher,
    built: Built,
    end_entity: Decoded,
    pool: Pool,
    asked: set[str],
    of_list: Callable[[str], Decoded | None] = lambda _: None,
) -> Sequence[Decoded]:
    """Ask for the issuers of the certificates at which a search ended.

    Args:
        of_list: finds what a list brought in, by its digest.
        asked: URLs that were asked already; grows, and never beyond `MAX_URLS`.
    """
    by_digest = {one.sha256: one for one in (end_entity, *pool.all)}
    found: list[Decoded] = []
    for dead_end in built.dead_ends:
        certificate = by_digest.get(dead_end.certificate) or of_list(dead_end.certificate)
        if certificate is None or certificate.is_self_issued:
            continue
        for url in certificate.ca_issuers:
            if url in asked or len(asked) >= MAX_URLS:
                continue
            asked.add(url)
            body = fetcher.fetch(url)
            if not isinstance(body, FetchFailure):
                found.extend(_certificates(body))
    return found


def _certificates(body: bytes) -> list[Decoded]:
    """Read one certificate, or a certs-only PKCS#7 (RFC 5280 4.2.2.1 allows no other)."""
    alone = decode(body)
    if alone.fields is not None:
        return [alone]
    return [decode(der) for der, _ in read_pkcs7(body).certificates[:MAX_CERTIFICATES]]
