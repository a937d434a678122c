"""What files hold that can become an identity: each key with what belongs to it, and what is missing.

Works on what the reading process found. No private key is touched: a key and a certificate belong together
when their public keys are the same, and the reader tells a key's public one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.identity import Identity, ImportCandidate, ImportPreview
from trustdesk.core.inspection import InspectedItem, Inspection, ItemKind, KeyFacts
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.trust import TrustList
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.certification_path import BuiltPath, IssuerPool, build_path
from trustdesk.formats.keyed_certificates import CertificatesByKey, Place, PlacedCertificate
from trustdesk.formats.private_key import USABLE_ALGORITHMS, wrong_kind
from trustdesk.services.identity_names import unique_name

MAX_WITHOUT_KEY = 100
"""Certificates without a key that are listed one by one; a bundle of thousands is no import."""

_CLOSED = (
    msg("It stayed closed for want of its password."),
    msg("Give its password too: in a Java key store, a key may have another than the store."),
)
_DAMAGED_REMEDY = msg("Export it again as PKCS#12, from where it was made.")
_NO_CERTIFICATE = (
    msg("No certificate in these files was made for this private key."),
    msg("Add the file with the certificate that the CA sent for it."),
)
_PERHAPS_CLOSED = (
    msg("No key that is open belongs to this certificate; one that stayed closed may."),
    _CLOSED[1],
)
_NO_KEY = (
    msg("The private key of this certificate is in none of these files."),
    msg("Add the file with the key, or the PKCS#12 file, which holds both."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is here already, for an import.

    Attributes:
        at: the instant as of which dates are looked at.
        trust_lists: in the order in which they are asked for issuers.
        known: certificates that the workspace has seen.
        requests: names of requests whose keys were made here, by SHA-256 of the public key.
    """

    at: datetime
    identities: Sequence[Identity] = ()
    trust_lists: Sequence[TrustList] = ()
    known: Sequence[CertificateFacts] = ()
    requests: Mapping[str, str] = field(default_factory=dict)


def preview_of(inspection: Inspection, here: Surroundings) -> ImportPreview:
    """Say what was found, key by key; then the certificates that lack theirs."""
    return _Preview(inspection, here).made()


class _Preview:
    def __init__(self, inspection: Inspection, here: Surroundings) -> None:
        self._inspection = inspection
        self._here = here
        self._taken = {identity.name for identity in here.identities}
        self._found = [
            PlacedCertificate(facts=item.certificate.facts, place=_place(item))
            for item in inspection.items
            if item.certificate is not None
        ]
        self._by_key = CertificatesByKey(self._found)
        self._pools = [
            IssuerPool(one.facts.der for one in self._found),
            *(IssuerPool(_certificates_of(one)) for one in here.trust_lists),
            IssuerPool(facts.der for facts in here.known),
        ]
        self._known_by_key: CertificatesByKey | None = None
        self._candidates: list[ImportCandidate] = []

    def made(self) -> ImportPreview:
        keys = [item for item in self._inspection.items if item.kind is ItemKind.PRIVATE_KEY]
        twins: dict[str, list[InspectedItem]] = defaultdict(list)
        for item in keys:
            if item.key is not None and item.key.spki_sha256 is not None:
                twins[item.key.spki_sha256].append(item)
        used: set[str] = set()
        for item in keys:
            spki = item.key.spki_sha256 if item.key is not None else None
            if spki is None or twins[spki][0] is item:
                candidate = self._of_key(item, twins[spki][1:] if spki is not None else [])
                self._candidates.append(candidate)
                used |= self._belonging(item, spki)
        self._closed_containers(keys)
        self._without_key(used)
        locked = (item.source for item in self._inspection.items if item.locked and not _is_java(item))
        return ImportPreview(
            candidates=tuple(self._candidates),
            everything=self._inspection,
            locked=tuple(dict.fromkeys(locked)),
        )

    def _belonging(self, item: InspectedItem, spki: str | None) -> set[str]:
        """Return the digests of a key's certificates; of a closed one's, what lies beside it."""
        if spki is not None:
            return {one.facts.sha256 for one in self._by_key.of(spki)}
        return {one.facts.sha256 for one in self._beside(item)} if item.locked else set()

    def _beside(self, item: InspectedItem) -> list[PlacedCertificate]:
        """Return the certificates in a key's container, those of its alias where aliases tell."""
        if item.parent is None:
            return []
        entry = (item.source, item.parent)
        mates = [one for one in self._found if one.place and (one.place.source, one.place.parent) == entry]
        return [one for one in mates if one.place and one.place.alias == item.alias] or mates

    def _of_key(self, item: InspectedItem, twins: list[InspectedItem]) -> ImportCandidate:
        key = item.key
        if key is None or key.spki_sha256 is None:
            return self._unread(item, key)
        problems, remarks = list[tuple[Message, Message]](), list[Message]()
        if key.algorithm not in USABLE_ALGORITHMS:
            error = wrong_kind(item.source)
            problems.append((error.problem, error.remedy))
        fitting = self._by_key.of(key.spki_sha256, _place(item))
        completed = list[tuple[CertificateFacts, Message]]()
        if not fitting and not problems:
            fitting = self._known_for(key.spki_sha256)[:1]
            completed += [(one.facts, _IN_WORKSPACE) for one in fitting]
        path: tuple[CertificateFacts, ...] = ()
        if fitting:
            path, above = self._path(fitting[0].facts, remarks)
            completed += above
            remarks += _other_certificates(fitting)
            if fitting[0].facts.is_ca:
                remarks.append(msg("It is a CA's: it signs certificates, and is no client and no server."))
        elif not problems:
            problems.append(_NO_CERTIFICATE)
        already = self._already(key.spki_sha256, path, remarks)
        remarks += self._of_lying(item, key, twins)
        return ImportCandidate(
            position=len(self._candidates),
            source=item.source,
            alias=item.alias,
            suggested_name=self._name(path, item),
            certification_path=path,
            completed=tuple(completed),
            key=key,
            already_here=already,
            problems=tuple(problem for problem, _ in problems),
            remedies=tuple(remedy for _, remedy in problems),
            remarks=tuple(remarks),
        )

    def _unread(self, item: InspectedItem, key: KeyFacts | None) -> ImportCandidate:
        """Take a key that stayed closed, or that cannot be read."""
        problems = [_CLOSED[0]] if item.locked else list(item.problems) or [msg("It cannot be read.")]
        # Its container may say whose it is; whether that is so, only the open key could tell.
        named = next((one.facts for one in self._beside(item) if not one.facts.is_ca), None)
        return ImportCandidate(
            position=len(self._candidates),
            source=item.source,
            alias=item.alias,
            suggested_name=self._name((named,) if named is not None else (), item),
            certification_path=(),
            key=None if item.locked else key,
            problems=tuple(problems),
            remedies=tuple([_CLOSED[1] if item.locked else _DAMAGED_REMEDY] * len(problems)),
        )

    def _closed_containers(self, keys: list[InspectedItem]) -> None:
        """Name the containers that showed no key because nothing opened them."""
        with_keys = {(item.source, item.parent) for item in keys}
        for item in self._inspection.items:
            if item.locked and item.kind in _CONTAINERS and (item.source, item.position) not in with_keys:
                self._candidates.append(self._unread(item, None))

    def _without_key(self, used: set[str]) -> None:
        """Name the end entities' certificates to which no key was found."""
        # A root of old has no basicConstraints: whoever issued others is no end entity either.
        issuers = {one.facts.issuer for one in self._found if not one.facts.is_self_issued}
        each = {
            one.facts.sha256: one
            for one in reversed(self._found)
            if not one.facts.is_ca and one.facts.subject not in issuers
        }
        left = [one for digest, one in reversed(each.items()) if digest not in used]
        for one in left[:MAX_WITHOUT_KEY]:
            remarks = list[Message]()
            path, completed = self._path(one.facts, remarks)
            problem, remedy = self._lacks_key(one)
            place = one.place or Place(source="", position=0)
            self._candidates.append(
                ImportCandidate(
                    position=len(self._candidates),
                    source=place.source,
                    alias=place.alias,
                    suggested_name=self._name(path, None),
                    certification_path=path,
                    completed=completed,
                    problems=(problem,),
                    remedies=(remedy,),
                    remarks=tuple(remarks),
                )
            )

    def _lacks_key(self, one: PlacedCertificate) -> tuple[Message, Message]:
        for spki, name in self._here.requests.items():
            if any(other.facts.sha256 == one.facts.sha256 for other in self._by_key.of(spki)):
                return (
                    msg(
                        "This certificate answers the request {request}, whose key was made here.",
                        request=name,
                    ),
                    msg("Match it with the request instead of importing it."),
                )
        return _PERHAPS_CLOSED if any(item.locked for item in self._inspection.items) else _NO_KEY

    def _path(
        self, end_entity: CertificateFacts, remarks: list[Message]
    ) -> tuple[tuple[CertificateFacts, ...], tuple[tuple[CertificateFacts, Message], ...]]:
        """Return the path, and what of it was in none of the files with where it was found."""
        built = build_path(end_entity.der, self._pools)
        path = (end_entity, *(read_certificate(der) for der in built.certificates[1:]))
        completed = tuple(
            (facts, self._where(pool)) for facts, pool in zip(path[1:], built.pools, strict=True) if pool
        )
        remarks += self._of_path(path, built)
        return path, completed

    def _where(self, pool: int) -> Message:
        if pool <= len(self._here.trust_lists):
            return msg("in the trust list {list}", list=self._here.trust_lists[pool - 1].name)
        return _IN_WORKSPACE

    def _of_path(self, path: tuple[CertificateFacts, ...], built: BuiltPath) -> Iterable[Message]:
        end_entity, at = path[0], self._here.at
        if end_entity.not_after is not None and end_entity.not_after < at:
            yield msg("It expired on {date}.", date=end_entity.not_after)
        if end_entity.not_before is not None and end_entity.not_before > at:
            yield msg("It is not valid before {date}.", date=end_entity.not_before)
        if built.anchor is None:
            yield msg(
                "Its chain is not complete: the certificate of {issuer} is not at hand.",
                issuer=path[-1].issuer or "?",
            )

    def _known_for(self, spki: str) -> tuple[PlacedCertificate, ...]:
        if self._known_by_key is None:
            # All keys of the workspace's certificates are read for this: only where a key has none.
            known = [facts for facts in self._here.known if not facts.is_ca]
            self._known_by_key = CertificatesByKey(PlacedCertificate(facts=facts) for facts in known)
        return self._known_by_key.of(spki)

    def _already(self, spki: str, path: tuple[CertificateFacts, ...], remarks: list[Message]) -> str | None:
        holders = [identity for identity in self._here.identities if identity.key.spki_sha256 == spki]
        if not holders:
            return None
        same = next((one for one in holders if path and one.certificate.sha256 == path[0].sha256), None)
        if same is not None:
            remarks.append(
                msg("The identity {name} is this certificate with this key already.", name=same.name)
            )
        elif path:
            remarks.append(
                msg("The identity {name} has this key, with another certificate.", name=holders[0].name)
            )
        return (same or holders[0]).name

    def _of_lying(self, item: InspectedItem, key: KeyFacts, twins: list[InspectedItem]) -> Iterable[Message]:
        """Say what is to know of how the key lies there."""
        places = tuple(dict.fromkeys(twin.source for twin in twins if twin.source != item.source))
        if places:
            yield msg("The same key lies in {files} too.", files=listed(places))
        container = self._container(item)
        if not key.encrypted:
            yield msg("The key lies in the file without protection: delete the file once the key is kept.")
        elif key.empty_password:
            yield msg("An empty password protects the key in the file: that is no protection.")
        if container is not None and _is_java(container) and container.locked:
            yield msg("The password of the key store was not given: whether anybody changed it is not known.")

    def _container(self, item: InspectedItem) -> InspectedItem | None:
        if item.parent is None:
            return None
        here = (item.source, item.parent)
        return next((one for one in self._inspection.items if (one.source, one.position) == here), None)

    def _name(self, path: Sequence[CertificateFacts], item: InspectedItem | None) -> str:
        alias = item.alias if item is not None else None
        name = unique_name(path[0].title if path else alias or "", self._taken)
        self._taken.add(name)
        return name


_IN_WORKSPACE = msg("among the certificates that this workspace knows")
_CONTAINERS = frozenset({ItemKind.PKCS12, ItemKind.JKS})


def _place(item: InspectedItem) -> Place:
    return Place(source=item.source, position=item.position, parent=item.parent, alias=item.alias)


def _is_java(item: InspectedItem) -> bool:
    # Its entries lie open whether or not its own password is known.
    return item.kind is ItemKind.JKS


def _certificates_of(trust_list: TrustList) -> Iterable[bytes]:
    yield from (one.certificate.der for one in trust_list.trust_anchors if not one.distrusted)
    yield from (one.der for one in trust_list.intermediates)
    yield from (one.certificate.der for one in trust_list.left_out if one.certificate.der)


def _other_certificates(fitting: Sequence[PlacedCertificate]) -> Iterable[Message]:
    others = [one.facts for one in fitting[1:] if not one.facts.is_ca]
    for facts in others[:3]:
        if facts.not_after is not None:
            yield msg(
                "Another certificate of this key is left out: {subject}, until {date}.",
                subject=facts.title,
                date=facts.not_after,
            )
