"""What lists, decisions and policies say of every path, wherever it ends.

Decision 2026-11: what any list in force or a person here distrusts is distrusted for all lists together, and
by its key too, however that is encoded, so that a cross-certificate leads no way around it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.core.message import Message, msg
from trustdesk.core.trust import DistrustedKey, TrustList
from trustdesk.core.verification import Purpose
from trustdesk.verify.decoded import Decoded, decode

_Distrusts = Mapping[str, tuple[DistrustedKey, ...]]


@dataclass(frozen=True, slots=True)
class PathPolicy:
    """What holds for every path.

    Attributes:
        by_certificate: distrusts by the SHA-256 of the certificate.
        by_key: distrusts by the SHA-256 of SubjectPublicKeyInfo.
        only_through: sets of certificates; of each a CA's has to be in the path.
        pins: sets of keys; of each one has to be in the path.
    """

    by_certificate: _Distrusts = field(default_factory=dict)
    by_key: _Distrusts = field(default_factory=dict)
    only_through: tuple[frozenset[str], ...] = ()
    pins: tuple[frozenset[str], ...] = ()

    @property
    def of_signers(self) -> PathPolicy:
        """What holds for whoever signs revocation: distrust, but not what was agreed with a partner."""
        return PathPolicy(self.by_certificate, self.by_key)

    @property
    def narrows(self) -> bool:
        """Whether a path that is valid may not be the one that is asked for."""
        return bool(self.only_through or self.pins)

    def may_distrust(self, sha256: str, key_digests: Iterable[str]) -> bool:
        """Whether anything is said against a certificate or its key, for whatever time."""
        return sha256 in self.by_certificate or any(key in self.by_key for key in key_digests)

    def distrust_of(
        self, certificate: Decoded, end_entity: Decoded, at: datetime, purpose: Purpose | None
    ) -> DistrustedKey | None:
        """Return why a certificate of a path is distrusted; None when it is not.

        Args:
            end_entity: of the path, whose notBefore some distrusts go by.
            purpose: what the end entity is to be used as; None finds only what is distrusted for all.
        """
        if not self.by_certificate and not self.by_key:
            return None
        for one in self.said_of(certificate):
            if _holds(one, end_entity, at, purpose):
                return one
        return None

    def said_of(self, certificate: Decoded) -> Sequence[DistrustedKey]:
        """Return all that is said against a certificate or its key, for whatever time and purpose."""
        of_it = self.by_certificate.get(certificate.sha256, ())
        for key in certificate.key_digests:
            of_it = (*of_it, *self.by_key[key]) if key in self.by_key else of_it
        return of_it

    def passes_chosen(self, path: Sequence[Decoded]) -> bool:
        """Whether a path passes through the CAs that were chosen; the end entity is none of them."""
        digests = {one.sha256 for one in path[1:]}
        return all(chosen & digests for chosen in self.only_through)

    def has_pinned(self, path: Sequence[Decoded]) -> bool:
        """Whether a pinned key is in a path, end entity and anchor included (RFC 7469 2.6)."""
        keys = {one.spki_sha256 for one in path}
        return all(pinned & keys for pinned in self.pins)

    def refusal(self, path: Sequence[Decoded], at: datetime, purpose: Purpose) -> Message | None:
        """Say what is against a path; None when nothing is."""
        for one in path:
            distrust = self.distrust_of(one, path[0], at, purpose)
            if distrust is not None:
                return msg("{certificate} is distrusted. {why}", certificate=one.title, why=distrust.why)
        if not self.passes_chosen(path):
            return msg("The path does not pass through a CA that was chosen.")
        if not self.has_pinned(path):
            return msg("No key of the path is pinned.")
        return None


NO_POLICY = PathPolicy()
"""Nothing beyond what each list says of its own anchors."""


def policy_of(trust_lists: Sequence[TrustList]) -> PathPolicy:
    """Join what some lists say of every path; the strictest of each holds."""
    if not any(one.distrusted or one.only_through or one.pins for one in trust_lists):
        return NO_POLICY
    by_certificate: dict[str, list[DistrustedKey]] = defaultdict(list)
    by_key: dict[str, list[DistrustedKey]] = defaultdict(list)
    for distrust in dict.fromkeys(one for trust_list in trust_lists for one in trust_list.distrusted):
        by_certificate[distrust.sha256].append(distrust)
        if distrust.spki_sha256 is not None:
            by_key[distrust.spki_sha256].append(distrust)
    for digest, key in _keys_of(
        trust_lists,
        {sha256 for sha256, said in by_certificate.items() if any(_has_no_key(one) for one in said)},
    ):
        by_key[key].extend(one for one in by_certificate[digest] if _has_no_key(one))
    return PathPolicy(
        {sha256: tuple(said) for sha256, said in by_certificate.items()},
        {key: tuple(said) for key, said in by_key.items()},
        _sets(one.only_through for one in trust_lists),
        _sets(one.pins for one in trust_lists),
    )


def _keys_of(trust_lists: Sequence[TrustList], wanted: set[str]) -> Iterable[tuple[str, str]]:
    """Find keys of certificates that were distrusted by their digest alone, where a list holds them."""
    if not wanted:
        return
    found = {
        facts.sha256: facts
        for trust_list in trust_lists
        for facts in (
            *(anchor.certificate for anchor in trust_list.trust_anchors),
            *trust_list.intermediates,
            *(one.certificate for one in trust_list.left_out),
        )
        if facts.sha256 in wanted
    }
    for sha256, facts in found.items():
        for key in decode(facts).key_digests:
            yield sha256, key


def _has_no_key(distrust: DistrustedKey) -> bool:
    return distrust.spki_sha256 is None


def _sets(several: Iterable[tuple[str, ...]]) -> tuple[frozenset[str], ...]:
    return tuple(dict.fromkeys(frozenset(one) for one in several if one))


def _holds(distrust: DistrustedKey, end_entity: Decoded, at: datetime, purpose: Purpose | None) -> bool:
    if not (distrust.purposes >= frozenset(Purpose) if purpose is None else purpose in distrust.purposes):
        return False
    if distrust.ends is not None and at >= distrust.ends:
        return False
    if distrust.begins is not None and at < distrust.begins:
        return False
    issued_at = end_entity.facts.not_before
    return distrust.issued_after is None or issued_at is None or issued_at > distrust.issued_after
