"""Where the certificates of paths come from: anchors and issuers on lists, and what was given beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust import TrustAnchor, TrustList
from trustdesk.core.verification import RuleCheck
from trustdesk.verify.comparable_names import ComparableName
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.path_policy import PathPolicy, policy_of


class Anchor:
    """An anchor on a list.

    Attributes:
        trust: what the list says of it.
        list_name: the list's name.
        judged: checks of the certificates of paths to it, without those of the end entity; kept by the
            evaluator, which says by what.
    """

    def __init__(self, trust: TrustAnchor, list_name: str) -> None:
        self.trust = trust
        self.list_name = list_name
        self.judged: dict[Hashable, tuple[RuleCheck, ...]] = {}

    @cached_property
    def decoded(self) -> Decoded:
        """Its certificate, decoded when a search first meets it, and kept: few of thousands ever are."""
        return Decoded(self.trust.certificate)


class AnchorIndex:
    """The anchors of some lists, by name and by key identifier, and what else the lists say of paths.

    Attributes:
        policy: what holds for every path.
    """

    def __init__(self, trust_lists: Sequence[TrustList], policy: PathPolicy | None = None) -> None:
        """Index them.

        Args:
            policy: what holds for every path; None for what these lists say of it.
        """
        self.names = tuple(trust_list.name for trust_list in trust_lists)
        self.policy = policy_of(trust_lists) if policy is None else policy
        self.by_subject: dict[ComparableName, list[Anchor]] = defaultdict(list)
        self.by_key_identifier: dict[bytes, list[Anchor]] = defaultdict(list)
        self.all: list[Anchor] = []
        for trust_list in trust_lists:
            for trust in trust_list.trust_anchors:
                subject, key_identifier, _ = index_keys(trust.certificate)
                anchor = Anchor(trust, trust_list.name)
                if subject is not None:
                    self.by_subject[subject].append(anchor)
                    self.all.append(anchor)
                if key_identifier is not None:
                    self.by_key_identifier[key_identifier].append(anchor)
        self._issuers: dict[ComparableName, list[CertificateFacts]] = defaultdict(list)
        self._by_digest = {one.sha256: one for trust_list in trust_lists for one in trust_list.intermediates}
        for issuer in self._by_digest.values():
            subject, _, _ = index_keys(issuer)
            if subject is not None:
                self._issuers[subject].append(issuer)

    def issuers_named(self, name: ComparableName | None) -> list[Decoded]:
        """Return the CA certificates of a name that lists hold, and at which no path may end."""
        if name is None or name not in self._issuers:
            return []
        return [decode(facts) for facts in self._issuers[name]]

    def issuer(self, sha256: str) -> Decoded | None:
        """Return one of these by its digest; None where no list holds it."""
        facts = self._by_digest.get(sha256)
        return None if facts is None else decode(facts)

    def of(self, certificate: Decoded) -> Anchor | None:
        """Return the anchor that a certificate is itself; None when it is none."""
        namesakes = self.by_subject.get(certificate.subject, ()) if certificate.subject is not None else ()
        return next((one for one in namesakes if one.trust.certificate.sha256 == certificate.sha256), None)


_IndexKeys = tuple[ComparableName | None, bytes | None, tuple[str, ...]]


def index_keys(facts: CertificateFacts) -> _IndexKeys:
    """Return subject, subject key identifier and the digests of the key (`Decoded.key_digests`).

    They are read once: judges are made again with every decision.
    """
    known = _INDEX_KEYS.get(facts.sha256)
    if known is None:
        if len(_INDEX_KEYS) >= _MAX_INDEX_KEYS:
            _INDEX_KEYS.clear()
        decoded = Decoded(facts)
        known = _INDEX_KEYS[facts.sha256] = (
            decoded.subject,
            decoded.subject_key_identifier,
            decoded.key_digests,
        )
    return known


_MAX_INDEX_KEYS = 50_000
_INDEX_KEYS: dict[str, _IndexKeys] = {}


class Pool:
    """Certificates that may stand between the end entity and an anchor; no order is asked of them."""

    def __init__(self, certificates: Iterable[Decoded]) -> None:
        self.by_subject: dict[ComparableName, list[Decoded]] = defaultdict(list)
        self.by_key_identifier: dict[bytes, list[Decoded]] = defaultdict(list)
        self.all: list[Decoded] = []
        self._digests: set[str] = set()
        for certificate in certificates:
            self.add(certificate)

    def add(self, certificate: Decoded) -> bool:
        """Take one in; False when it was there."""
        if certificate.sha256 in self._digests or certificate.fields is None:
            return False
        self._digests.add(certificate.sha256)
        self.all.append(certificate)
        if certificate.subject is not None:
            self.by_subject[certificate.subject].append(certificate)
        if certificate.subject_key_identifier is not None:
            self.by_key_identifier[certificate.subject_key_identifier].append(certificate)
        return True
