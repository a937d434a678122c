"""The second opinion: cryptography's verifier on the same input, always asked, never parsed.

It is independent code, and accurate, but it stops at its first reason and knows no policies, no constraints
on directory names and only the digests and curves of the public web. Its defaults are the public web's
profile; private CAs of partners miss parts of it that have no bearing on safety (an authority key identifier,
a critical basicConstraints, a keyUsage in a root). So the extension policies below ask for what RFC 5280 6.1
makes a condition of validity, and leave the rest to our rules:

- a CA has basicConstraints with cA TRUE, critical or not (6.1.4 k); its keyUsage, if any, has keyCertSign
  (6.1.4 n); its extended key usage, if any, allows the purpose or everything;
- a server's certificate has subject alternative names; where a name was asked for, one of them matches;
- an end entity's extended key usage, if any, has the purpose (anyExtendedKeyUsage alone does not do); it is
  no CA.

Stricter than our rules it stays in this: version 1 certificates, keys and signatures other than RSA of 2048
bits and ECDSA on P-256, P-384 and P-521, dates in the wrong ASN.1 type, and critical policy extensions are
refused. It knows nothing of what a list says of an anchor, but for its uses. What is distrusted at the
instant is kept from it, and its path has to be one that the policy lets through: it stops at the first that
it finds, so it is asked once more with the certificates of ours where that one will not do. Its words are
shown as they are: they change with its releases.
"""

from __future__ import annotations

import ipaddress
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from trustdesk.core.message import msg
from trustdesk.core.target import is_ip_literal
from trustdesk.core.trust import TrustList
from trustdesk.core.untrusted import bounded
from trustdesk.core.verification import Opinion, Purpose
from trustdesk.formats.certification_path import load
from trustdesk.verify.decoded import Decoded, decode
from trustdesk.verify.evaluator import Question
from trustdesk.verify.path_policy import NO_POLICY, PathPolicy
from trustdesk.verify.path_sources import index_keys


class SecondEngine:
    """cryptography's verifier over the anchors of some lists."""

    def __init__(self, trust_lists: Sequence[TrustList], policy: PathPolicy = NO_POLICY) -> None:
        self._lists = tuple(trust_lists)
        self._policy = policy
        doubtful = _doubtful(self._lists, policy)
        # Whether one is trusted depends on what is judged, or on the instant alone.
        self._by_issue = tuple(one for one in doubtful if _goes_by_issue(one[0], policy))
        self._by_instant = tuple(one for one in doubtful if not _goes_by_issue(one[0], policy))
        self._left_out: dict[Purpose, tuple[datetime, frozenset[str]]] = {}
        self._stores: dict[Purpose, tuple[frozenset[str], Store | None]] = {}
        self._last: dict[Purpose, tuple[tuple[str | None, datetime, Store], _Verify]] = {}

    def opinion(
        self,
        end_entity: Decoded,
        intermediates: Sequence[Decoded],
        question: Question,
        ours: Sequence[Decoded] | None = None,
    ) -> Opinion:
        """Ask it about one certificate.

        Args:
            ours: the path that our rules accept, where a policy lets only some paths through.
        """
        certificate = end_entity.loaded
        if certificate is None:
            return Opinion(accepted=False, reason=msg("cryptography does not load the certificate."))
        store = self._store(end_entity, question)
        if store is None:
            return Opinion(accepted=False, reason=msg("There is no anchor for this purpose."))
        said = self._asked(certificate, end_entity, intermediates, store, question)
        if said.accepted or ours is None:
            return said
        top = ours[-1].loaded
        if top is None:
            return said
        return self._asked(certificate, end_entity, ours[1:-1], Store([top]), question)

    def _asked(
        self,
        certificate: x509.Certificate,
        end_entity: Decoded,
        intermediates: Sequence[Decoded],
        store: Store,
        question: Question,
    ) -> Opinion:
        pool = [
            one.loaded
            for one in intermediates
            if one.loaded is not None
            and self._policy.distrust_of(one, end_entity, question.at, question.purpose) is None
        ]
        try:
            with warnings.catch_warnings():
                # Its refusals quote names, and warn when those are longer than they may be.
                warnings.filterwarnings("ignore", category=UserWarning)
                path = self._verify(store, question)(certificate, pool)
        except (VerificationError, ValueError, TypeError, UnsupportedAlgorithm) as error:
            words = bounded(str(error)) or type(error).__name__
            return Opinion(accepted=False, reason=msg("cryptography's verifier says: {words}", words=words))
        # Its path is of objects of its own; only the anchor's digest is not known already.
        known = {one.loaded: one.sha256 for one in (end_entity, *intermediates)}
        digests = tuple(known.get(one) or one.fingerprint(SHA256()).hex() for one in path)
        if len(digests) < 2:
            return Opinion(
                accepted=False,
                reason=msg("cryptography's verifier accepts it only because it is on the list itself."),
                path=digests,
            )
        refusal = None
        if self._policy is not NO_POLICY:
            certificates = [decode(one.public_bytes(Encoding.DER)) for one in path]
            refusal = self._policy.refusal(certificates, question.at, question.purpose)
        if refusal is not None:
            return Opinion(
                accepted=False,
                reason=msg("cryptography's verifier accepts a path that may not be used. {why}", why=refusal),
                path=digests,
            )
        return Opinion(accepted=True, reason=msg("cryptography's verifier accepts a path."), path=digests)

    def _verify(self, store: Store, question: Question) -> _Verify:
        """Return its verifier for a question; thousands of certificates in a row have the same two."""
        key = (question.reference_identifier, question.at, store)
        last = self._last.get(question.purpose)
        if last is None or last[0] != key:
            last = self._last[question.purpose] = (key, _verifier(store, question))
        return last[1]

    def _store(self, end_entity: Decoded, question: Question) -> Store | None:
        """Return the anchors for a purpose, without those that are not trusted at the instant."""
        purpose, at = question.purpose, question.at
        known = self._left_out.get(purpose)
        if known is None or known[0] != at:
            known = self._left_out[purpose] = at, self._untrusted(self._by_instant, end_entity, question)
        left_out = known[1]
        if self._by_issue:
            left_out = left_out | self._untrusted(self._by_issue, end_entity, question)
        kept = self._stores.get(purpose)
        if kept is None or kept[0] != left_out:
            loaded = {
                anchor.certificate.sha256: certificate
                for trust_list in self._lists
                for anchor in trust_list.trust_anchors
                if purpose in anchor.uses
                and not anchor.distrusted
                and anchor.certificate.sha256 not in left_out
                and (certificate := load(anchor.certificate.der)) is not None
            }
            kept = self._stores[purpose] = left_out, Store(list(loaded.values())) if loaded else None
        return kept[1]

    def _untrusted(
        self, anchors: Sequence[_Doubtful], end_entity: Decoded, question: Question
    ) -> frozenset[str]:
        """Return the digests of those that vouch for nothing at the instant."""
        purpose, at = question.purpose, question.at
        return frozenset(
            certificate.sha256
            for certificate, ends in anchors
            if (ends is not None and at >= ends)
            or self._policy.distrust_of(certificate, end_entity, at, purpose) is not None
        )


def _goes_by_issue(anchor: Decoded, policy: PathPolicy) -> bool:
    """Whether it is distrusted for what was issued after a date: each end entity is looked at then."""
    return any(one.issued_after is not None for one in policy.said_of(anchor))


def _doubtful(trust_lists: Sequence[TrustList], policy: PathPolicy) -> tuple[_Doubtful, ...]:
    """Return the anchors that may not be trusted at some instant, few of thousands, with their ends."""
    anchors = (anchor for trust_list in trust_lists for anchor in trust_list.trust_anchors)
    has_distrust = bool(policy.by_certificate or policy.by_key)
    return tuple(
        (Decoded(anchor.certificate), anchor.ends)
        for anchor in anchors
        if anchor.ends is not None
        or (
            has_distrust and policy.may_distrust(anchor.certificate.sha256, index_keys(anchor.certificate)[2])
        )
    )


_Doubtful = tuple[Decoded, datetime | None]
_Verify = Callable[[x509.Certificate, list[x509.Certificate]], list[x509.Certificate]]


def _verifier(store: Store, question: Question) -> _Verify:
    policies = PolicyBuilder().store(store).time(question.at)
    purpose, reference = question.purpose, question.reference_identifier
    if purpose is Purpose.SERVER and reference is not None:
        with_policies = policies.extension_policies(ca_policy=_CA[purpose], ee_policy=_NAMED_SERVER)
        return with_policies.build_server_verifier(_subject(reference)).verify
    # Without a name to compare there is only its verifier for clients, with the purpose in the policy.
    with_policies = policies.extension_policies(ca_policy=_CA[purpose], ee_policy=_END_ENTITY[purpose])
    of_clients = with_policies.build_client_verifier()
    return lambda certificate, pool: of_clients.verify(certificate, pool).chain


def _subject(reference_identifier: str) -> x509.DNSName | x509.IPAddress:
    if is_ip_literal(reference_identifier):
        return x509.IPAddress(ipaddress.ip_address(reference_identifier))
    return x509.DNSName(reference_identifier)


def _ca_role(_: Policy, __: x509.Certificate, constraints: x509.BasicConstraints) -> None:
    if not constraints.ca:
        raise ValueError("basicConstraints without cA")


def _ca_key_usage(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("keyUsage without keyCertSign")


def _end_entity_role(_: Policy, __: x509.Certificate, constraints: x509.BasicConstraints | None) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError("the certificate is that of a CA")


_OID = {
    Purpose.SERVER: ExtendedKeyUsageOID.SERVER_AUTH,
    Purpose.CLIENT: ExtendedKeyUsageOID.CLIENT_AUTH,
}
_UsageCheck = Callable[[Policy, x509.Certificate, x509.ExtendedKeyUsage | None], None]


def _needs(purpose: Purpose, *others: x509.ObjectIdentifier) -> _UsageCheck:
    allowed = {_OID[purpose], *others}

    def check(_: Policy, __: x509.Certificate, usage: x509.ExtendedKeyUsage | None) -> None:
        if usage is not None and not allowed & set(usage):
            raise ValueError(f"the extendedKeyUsage does not allow the purpose {purpose.value}")

    return check


def _ca_policy(purpose: Purpose) -> ExtensionPolicy:
    usage = _needs(purpose, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _ca_role)
        .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _ca_key_usage)
        .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, usage)
    )


def _end_entity_policy(purpose: Purpose) -> ExtensionPolicy:
    return (
        ExtensionPolicy.permit_all()
        .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _end_entity_role)
        .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _needs(purpose))
    )


_CA = {purpose: _ca_policy(purpose) for purpose in Purpose}
_END_ENTITY = {purpose: _end_entity_policy(purpose) for purpose in Purpose}
# The name itself is compared by the verifier whenever it is built for a server.
_NAMED_SERVER = _END_ENTITY[Purpose.SERVER].require_present(
    x509.SubjectAlternativeName, Criticality.AGNOSTIC, None
)
