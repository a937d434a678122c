"""Who is judged: every endpoint by the last chain that it showed, every identity as what it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_path import NO_PATH, CertificatePath
from trustdesk.core.trust import ServerFault
from trustdesk.core.verification import Purpose
from trustdesk.formats.certificate import read_certificate
from trustdesk.services.side_index import SideIndex
from trustdesk.storage.stored_chains import ChainStore, KeptTrust, StoredCertificate, StoredChain
from trustdesk.verify.outline import outline
from trustdesk.verify.standing import Presented

_OF_REVOCATION = {ServerFault.REVOKED, ServerFault.NOT_STAPLED, ServerFault.REVOCATION_UNKNOWN}

OwnChains = Mapping[str, Sequence[CertificateFacts]]
"""What we send with each identity, by its name: end entity first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One endpoint, or one identity in one role.

    Attributes:
        partner, endpoint_id: None for an identity.
        identity: None for an endpoint.
        is_refused: revocation keeps it untrusted, whatever becomes of trust.
        kept: that an endpoint was trusted when it was seen; None where that is not known.
    """

    certificates: tuple[StoredCertificate, ...]
    presented: Presented
    partner: str | None = None
    endpoint_id: int | None = None
    place: str = ""
    identity: str | None = None
    is_refused: bool = False
    kept: KeptTrust | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What is the same for those on whom the same is said by the same lists."""
        presented = self.presented
        return (
            tuple(one.sha256 for one in self.certificates),
            presented.purpose,
            presented.reference_identifier,
            presented.staple,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """All of them.

    Attributes:
        not_judged: partners with an endpoint that never showed a chain, or one that cannot be read.
    """

    each: tuple[Subject, ...]
    not_judged: tuple[str, ...] = ()


def read_subjects(store: ChainStore, own: OwnChains) -> Subjects:
    """Read them from the workspace; blocks.

    The reports of servers that were not trusted, and of those that have to staple, are read for what they
    say of revocation; there are few of them.
    """
    chains = store.last_chains().result()
    wanted = [
        one
        for one in chains
        if one.certificates and (one.was_untrusted or outline(one.certificates[0].der).may_ask_for_staple)
    ]
    staples: dict[int, bytes | None] = {}
    refused = set[int]()
    for endpoint, report in store.reports_of(wanted).result().items():
        staples[endpoint] = report.record.stapled_ocsp
        judgement = report.record.judgement
        if judgement is not None and _OF_REVOCATION & set(judgement.faults):
            refused.add(endpoint)
    return subjects_of(chains, own, staples, refused)


def subjects_of(
    chains: Sequence[StoredChain],
    own: OwnChains,
    staples: Mapping[int, bytes | None] | None = None,
    refused: set[int] | frozenset[int] = frozenset(),
) -> Subjects:
    """Put them together.

    Args:
        staples: OCSP responses that came with chains, by endpoint.
        refused: endpoints that revocation keeps untrusted.
    """
    each: list[Subject] = []
    not_judged = dict[str, None]()
    for chain in chains:
        if chain.certificates and outline(chain.certificates[0].der).is_readable:
            staple = (staples or {}).get(chain.endpoint_id)
            each.append(_of_endpoint(chain, staple, is_refused=chain.endpoint_id in refused))
        else:
            not_judged[chain.partner] = None
    for name, path in own.items():
        each.extend(_of_identity(name, path))
    return Subjects(each=tuple(each), not_judged=tuple(sorted(not_judged, key=str.casefold)))


def path_of(digests: Sequence[str], subject: Subject, index: SideIndex) -> CertificatePath:
    """Return the certificates of a path that was found for a subject by the lists of an index."""
    if not digests:
        return NO_PATH
    presented = {one.sha256: one.der for one in subject.certificates}
    facts = index.facts
    return CertificatePath(
        tuple((one, presented[one] if one in presented else facts[one].der) for one in digests),
        read_certificate,
    )


def _of_endpoint(chain: StoredChain, staple: bytes | None, *, is_refused: bool) -> Subject:
    return Subject(
        certificates=chain.certificates,
        presented=Presented(
            certificates=tuple(one.der for one in chain.certificates),
            reference_identifier=chain.verify_name,
            staple=staple,
        ),
        partner=chain.partner,
        endpoint_id=chain.endpoint_id,
        place=chain.place,
        is_refused=is_refused,
        kept=chain.kept,
    )


def _of_identity(name: str, path: Sequence[CertificateFacts]) -> list[Subject]:
    """As a client, and as a server where it says to be one."""
    usages = path[0].extended_key_usage
    is_server = usages is not None and "serverAuth" in usages
    is_client = usages is None or "clientAuth" in usages or not is_server
    certificates = tuple(
        StoredCertificate(sha256=one.sha256, der=one.der, not_before=one.not_before, not_after=one.not_after)
        for one in path
    )
    ders = tuple(one.der for one in path)
    return [
        Subject(
            certificates=certificates,
            presented=Presented(certificates=ders, purpose=purpose),
            identity=name,
        )
        for purpose in [Purpose.CLIENT] * is_client + [Purpose.SERVER] * is_server
    ]
