"""Trusted lists as the EU's member states publish them (ETSI TS 119 612, versions 5 and 6), with XAdES.

They say who issues qualified certificates. Nothing in them is said of clients, and nothing by IATA.

Source: ETSI TS 119 612 V2.3.1 5.3 to 5.6
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections import Counter
from datetime import datetime
from enum import StrEnum

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import AnchorMode, EntryKind, EntryStatus, ListEntry, Owner
from trustdesk.core.trust_version import Authenticity, AuthenticityState, ListContent, Publisher
from trustdesk.formats import etsi_services as services
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.entry_facts import (
    is_no_certificate,
    kind_of,
    public_key_sha256,
    with_cross_certificates,
)
from trustdesk.formats.entry_merging import merged, stricter
from trustdesk.formats.etsi_document import NAMESPACES, Node, instant, parsed
from trustdesk.formats.etsi_signature import check_signature
from trustdesk.formats.list_source import MAX_ENTRIES, PROGRESS_STEP, Progress

_VERSIONS = frozenset({"5", "6"})
_BEGINNING = 64 * 1024
_ONCE = (
    *("SchemeInformation", "NextUpdate", "TrustServiceProviderList", "TSPServices", "ServiceInformation"),
    *("ServiceTypeIdentifier", "ServiceStatus", "StatusStartingTime", "ServiceDigitalIdentity"),
    *("ServiceInformationExtensions", "TSLVersionIdentifier", "TSLSequenceNumber"),
)
"""What stands once in its parent: of two nobody could say which counts."""

_SEVERAL_IDENTITIES = "ServiceDigitalIdentities"
"""Of the signers of another list, to which this one points."""

_STRUCTURE = frozenset({*_ONCE, "TrustServiceProvider", "TSPService", "DigitalId", "X509Certificate"})
_ANCHOR_MODES = {
    EntryKind.ROOT: AnchorMode.FULL_CHAIN,
    # The list names issuing CAs themselves: a path may end at one (TS 119 612 5.5.3).
    EntryKind.INTERMEDIATE: AnchorMode.PARTIAL_CHAIN_ALLOWED,
}


class _Noticed(StrEnum):
    """What is counted over all services, and told once."""

    NO_CERTIFICATE = "no_certificate"
    SHARED = "shared"
    UNKNOWN_STATUS = "unknown_status"
    CRITICAL = "critical"


def is_etsi_list(data: bytes) -> bool:
    """Whether a file looks like XML of a trusted list; looks at its beginning only."""
    beginning = data[:_BEGINNING]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if beginning.startswith(mark):
            beginning = beginning[2:].decode(encoding, "replace").encode("utf-8", "replace")
    named = b"TrustServiceStatusList" in beginning and any(one.encode() in beginning for one in NAMESPACES)
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and named


def read_etsi_list(
    data: bytes, place: str, *, pinned: str | None = None, on_progress: Progress | None = None
) -> ListContent:
    """Read a list: of a signed one what was signed, and nothing of one whose signature does not hold.

    Args:
        place: what errors call the file.
        pinned: SHA-256 of the signer's certificate or of its SubjectPublicKeyInfo, lower-case hex, whose
            signature counts; None while nobody has said whose does.
        on_progress: is told how many services are read, and of how many; may raise CancelledByPersonError.

    Raises:
        UnusableInputError: it is no list of version 5 or 6, or damaged; names line and element.
    """
    root = parsed(data, place)
    checked = check_signature(data, pinned)
    if checked.authenticity.state is AuthenticityState.FAILED:
        # Which parts of the file were signed is open then, so that none of it is shown as the list's.
        return ListContent(title="", entries=(), authenticity=checked.authenticity)
    tree = Node(root if checked.signed is None else parsed(checked.signed, place))
    return _Reading(tree, place, checked.authenticity).content(on_progress)


class _Reading:
    def __init__(self, tree: Node, place: str, authenticity: Authenticity) -> None:
        self._tree, self._place, self._authenticity = tree, place, authenticity
        self._noticed: Counter[_Noticed] = Counter()
        self._entries: dict[str, ListEntry] = {}

    def content(self, on_progress: Progress | None) -> ListContent:
        self._require_one_reading()
        scheme = self._tree.child("SchemeInformation")
        if scheme is None:
            raise self._bad(self._tree, msg("SchemeInformation is missing"))
        version = scheme.text("TSLVersionIdentifier")
        if version not in _VERSIONS:
            raise self._bad(
                scheme, msg("the version is {version}, where 5 and 6 are known", version=version[:40])
            )
        self._read_services(on_progress)
        next_update = scheme.child("NextUpdate")
        is_closed = next_update is not None and not next_update.text()
        territory = scheme.text("SchemeTerritory")
        kind = scheme.text("TSLType").rpartition("/")[2]
        operator = scheme.in_english("SchemeOperatorName", "Name")
        addresses = [
            node.text() for node in scheme.every("SchemeOperatorAddress", "ElectronicAddress", "URI")
        ]
        return ListContent(
            title=scheme.in_english("SchemeName", "Name"),
            entries=with_cross_certificates(self._entries.values()),
            list_id=f"etsi:{kind}:{territory}" if kind or territory else "",
            publisher=Publisher(
                name=operator,
                uri=next((one for one in addresses if one.startswith(("http://", "https://"))), ""),
                contact=next((one.removeprefix("mailto:") for one in addresses if "@" in one), ""),
            ),
            scheme_uri=scheme.in_english("SchemeInformationURI", "URI"),
            sequence=self._sequence(scheme),
            issued_at=self._instant(scheme, "ListIssueDateTime"),
            next_update=None if next_update is None or is_closed else self._instant(next_update, "dateTime"),
            is_closed=is_closed,
            authority_claimed=operator,
            authenticity=self._authenticity,
            remarks=tuple(self._remarks(scheme, next_update)),
        )

    def _require_one_reading(self) -> None:
        """Refuse what would be passed over in silence: a second one, or one of another namespace."""
        seen: set[tuple[object, str]] = set()
        for element in self._tree.element.iter("{*}*"):
            node, parent = Node(element), element.getparent()
            if node.name not in _STRUCTURE or not node.namespace.startswith("http://uri.etsi.org/"):
                continue
            if node.namespace != self._tree.namespace:
                raise self._bad(node, msg("it is of another namespace than the list"))
            if node.name not in _ONCE or parent is None or Node(parent).name == _SEVERAL_IDENTITIES:
                continue
            if (parent, node.name) in seen:
                raise self._bad(node, msg("it stands there twice, so that it is open which counts"))
            seen.add((parent, node.name))

    def _read_services(self, on_progress: Progress | None) -> None:
        providers = self._tree.every("TrustServiceProviderList", "TrustServiceProvider")
        found = [
            (owner, service)
            for owner, provider in ((_owner(one), one) for one in providers)
            for service in provider.every("TSPServices", "TSPService")
        ]
        for done, (owner, service) in enumerate(found, 1):
            for entry in self._of_service(service, owner):
                self._add(entry, service)
            if on_progress is not None and done % PROGRESS_STEP == 0:
                on_progress(done, len(found))
        if on_progress is not None:
            on_progress(len(found), len(found))

    def _add(self, entry: ListEntry, service: Node) -> None:
        known = self._entries.get(entry.sha256)
        self._noticed[_Noticed.SHARED] += known is not None
        self._entries[entry.sha256] = entry if known is None else merged(known, entry)
        if len(self._entries) > MAX_ENTRIES:
            raise self._bad(service, msg("the list holds more than {count} certificates", count=MAX_ENTRIES))

    def _of_service(self, service: Node, owner: Owner) -> list[ListEntry]:
        information = service.child("ServiceInformation")
        if information is None:
            raise self._bad(service, msg("ServiceInformation is missing"))
        certificates = self._certificates(information)
        if not certificates:
            self._noticed[_Noticed.NO_CERTIFICATE] += 1
            return []
        kind = information.text("ServiceTypeIdentifier")
        uri = information.text("ServiceStatus")
        status = services.status(uri)
        if status is None:
            self._noticed[_Noticed.UNKNOWN_STATUS] += 1
            status = EntryStatus.UNKNOWN
        if services.unknown_critical(information):
            self._noticed[_Noticed.CRITICAL] += 1
            status = stricter(status, EntryStatus.SUSPENDED)
        extensions = services.additional_information(information)
        name = information.in_english("ServiceName", "Name")
        since = self._instant(information, "StatusStartingTime")
        history = services.history(service)
        roles = tuple(
            dict.fromkeys((services.role(kind), *sorted(one.rpartition("/")[2] for one in extensions)))
        )
        return [
            ListEntry(
                sha256=facts.sha256,
                certificate=facts,
                subject=facts.subject or "",
                spki_sha256=public_key_sha256(facts.der),
                kind=kind_of(facts),
                anchor_mode=_ANCHOR_MODES.get(kind_of(facts), AnchorMode.NOT_ANCHOR),
                usages=services.usages(kind, extensions),
                status=status,
                status_since=since,
                history=history,
                roles=roles,
                owner=owner,
                notes=name,
            )
            for facts in certificates
        ]

    def _certificates(self, information: Node) -> list[CertificateFacts]:
        found: dict[str, CertificateFacts] = {}
        for identity in information.every("ServiceDigitalIdentity", "DigitalId"):
            for node in identity.every("X509Certificate"):
                try:
                    facts = read_certificate(b64decode("".join(node.text().split()), validate=True))
                except (binascii.Error, ValueError):
                    raise self._bad(node, msg("X509Certificate holds damaged Base64")) from None
                if is_no_certificate(facts):
                    raise self._bad(node, msg("X509Certificate holds no certificate"))
                found[facts.sha256] = facts
        return list(found.values())

    def _sequence(self, scheme: Node) -> int | None:
        text = scheme.text("TSLSequenceNumber")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise self._bad(scheme, msg("TSLSequenceNumber is no number: {text}", text=text[:40]))
        return int(text)

    def _instant(self, parent: Node, name: str) -> datetime | None:
        text = parent.text(name)
        found = instant(text) if text else None
        if text and found is None:
            raise self._bad(parent, msg("{name} is no date: {text}", name=name, text=text[:40]))
        return found

    def _remarks(self, scheme: Node, next_update: Node | None) -> list[Message]:
        found = [msg("It says who issues qualified certificates in a country, and nothing of clients.")]
        noticed = self._noticed
        pointers = scheme.every("PointersToOtherTSL", "OtherTSLPointer")
        if pointers:
            found.append(
                msg_n(
                    "It points to one other list, which is not read with it.",
                    "It points to {count} other lists, which are not read with it.",
                    len(pointers),
                )
            )
        if count := noticed[_Noticed.NO_CERTIFICATE]:
            found.append(
                msg_n(
                    "One service has no certificate in it, and is left out.",
                    "{count} services have no certificate in them, and are left out.",
                    count,
                )
            )
        if count := noticed[_Noticed.SHARED]:
            found.append(
                msg_n(
                    "One certificate stands there for several services; the strictest status counts.",
                    "{count} times a certificate stands there for one more service; the strictest status "
                    "counts.",
                    count,
                )
            )
        if count := noticed[_Noticed.UNKNOWN_STATUS]:
            found.append(
                msg_n(
                    "One status is not known here; it lets nothing be trusted.",
                    "{count} statuses are not known here; they let nothing be trusted.",
                    count,
                )
            )
        if count := noticed[_Noticed.CRITICAL]:
            found.append(
                msg_n(
                    "One service has an extension that has to be understood and is not; it is suspended.",
                    "{count} services have extensions that have to be understood and are not; they are "
                    "suspended.",
                    count,
                )
            )
        if next_update is None:
            found.append(msg("It does not say when the next version comes, as it has to."))
        return found

    def _bad(self, node: Node, what: Message) -> UnusableInputError:
        return UnusableInputError(
            # What was signed is canonical, without the file's own lines between attributes.
            msg("In {element}, near line {line}: {what}.", element=node.name, line=node.line, what=what),
            remedy=msg("Download the list again; nothing of this file was taken over."),
            place=self._place,
        )


def _owner(provider: Node) -> Owner:
    information = provider.child("TSPInformation")
    if information is None:
        return Owner()
    addresses = [node.text() for node in information.every("TSPAddress", "ElectronicAddress", "URI")]
    return Owner(
        name=information.in_english("TSPName", "Name"),
        country=information.in_english("TSPAddress", "PostalAddresses", "PostalAddress", "CountryName"),
        contact=next((one for one in addresses if one.startswith("http")), ""),
        problem_reporting=next((one.removeprefix("mailto:") for one in addresses if "@" in one), ""),
    )
