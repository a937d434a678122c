"""The certificate stores of Windows, as `ssl` lists them: roots with their purposes, and what is disallowed.

Source: Python's `ssl.enum_certificates`; Microsoft, System Store Locations (ROOT, CA, Disallowed).
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import cast

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust_entry import AnchorMode, EntryStatus, ListEntry, Usage
from trustdesk.core.trust_version import Endorsement, ListContent, Publisher, SourceKind
from trustdesk.formats.list_certificates import FoundCertificate, entries_of
from trustdesk.formats.list_source import Progress
from trustdesk.formats.openssl_trust import usages_of
from trustdesk.services.machine_lists import MachineList

Enumerate = Callable[[str], Iterable[tuple[bytes, str, set[str] | bool]]]
"""`ssl.enum_certificates`: DER, encoding, and True or the purposes that Windows allows."""

_PLACE = "Windows"
_STORES = ("ROOT", "CA", "Disallowed")
_X509 = "x509_asn"
_ANYTHING = frozenset({Usage.TLS_SERVER, Usage.TLS_CLIENT, Usage.EMAIL})


def windows_content(
    on_progress: Progress | None = None, enumerate_store: Enumerate | None = None
) -> MachineList:
    """Read the stores of this machine and account.

    Args:
        enumerate_store: None for Windows' own.

    Raises:
        EnvironmentFailureError: they cannot be read.
    """
    listed = enumerate_store or cast("Enumerate", vars(ssl)["enum_certificates"])
    stores: dict[str, list[tuple[bytes, set[str] | bool]]] = {}
    try:
        for store in _STORES:
            stores[store] = [(der, trust) for der, encoding, trust in listed(store) if encoding == _X509]
        found = [
            FoundCertificate(
                der=der,
                place=f"{_PLACE}/{store}",
                where=msg("certificate {number} of the store {store}", number=number, store=store),
                usages=_ANYTHING if trust is True else usages_of(trust or ()),
                status=EntryStatus.DISTRUSTED if store == "Disallowed" else EntryStatus.TRUSTED,
            )
            for store in _STORES
            for number, (der, trust) in enumerate(stores[store], start=1)
        ]
        read = entries_of(found, on_progress)
    except (OSError, UnusableInputError) as error:
        problem = error.problem if isinstance(error, UnusableInputError) else msg("Windows refused.")
        raise EnvironmentFailureError(
            msg("The system's stores cannot be read. {problem}", problem=problem),
            remedy=msg("Export the roots with certmgr, and import the file."),
            place=_PLACE,
        ) from error
    roots = {hashlib.sha256(der).hexdigest() for der, _ in stores["ROOT"]}
    digests = b"".join(hashlib.sha256(one.der).digest() for one in found)
    return MachineList(
        kind=SourceKind.SYSTEM,
        place=_PLACE,
        sha256=hashlib.sha256(digests).hexdigest(),
        content=ListContent(
            title=_PLACE,
            publisher=Publisher(name="Microsoft"),
            endorsement=Endorsement.BROWSER,
            entries=tuple(_anchored(entry, entry.sha256 in roots) for entry in read.entries),
            remarks=(
                msg("It is the system's store, not IATA's."),
                msg("Windows fetches further roots when it needs them: those are not in it."),
            ),
        ),
    )


def _anchored(entry: ListEntry, is_root: bool) -> ListEntry:
    """Let paths end at what lies among the roots alone; the store CA helps to build them."""
    return entry if is_root else replace(entry, anchor_mode=AnchorMode.NOT_ANCHOR)
