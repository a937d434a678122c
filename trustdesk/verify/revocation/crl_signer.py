"""Who signed a CRL, and whether that one may: RFC 5280 6.3.3 (f) and (g).

A signer that stands above the certificate in its own path is judged with that path. Any other one needs a
path of its own to the same anchor, on which nothing is revoked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import RevocationCheck, RevocationRuleCheck, RevocationStatus
from trustdesk.formats.extension_oids import KEY_USAGE
from trustdesk.verify.builder import Candidate
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.extension_values import CRL_SIGN
from trustdesk.verify.path_sources import Anchor, AnchorIndex, Pool
from trustdesk.verify.revocation.crl_requirements import failed, not_run, passed
from trustdesk.verify.revocation.decoded_list import DecodedList

_MAX_SIGNERS = 8
"""Certificates of the name that are tried: the signature of a long CRL takes a second."""
SIGNER_RULE = ("crl.signer", "RFC 5280 6.3.3 (f)")
SIGNATURE_RULE = ("crl.signature", "RFC 5280 6.3.3 (g)")


@dataclass(frozen=True, slots=True, eq=False)
class PathPlace:
    """One certificate of one path to an anchor; the anchor is the last of `certificates`."""

    certificates: tuple[Decoded, ...]
    index: int
    anchor: Anchor

    @property
    def certificate(self) -> Decoded:
        """The one that is asked about."""
        return self.certificates[self.index]

    @property
    def above(self) -> tuple[Decoded, ...]:
        """Its issuer and everything above, the anchor last."""
        return self.certificates[self.index + 1 :]


Validate = Callable[[Decoded, Anchor], Candidate | Message]
"""Finds a path that holds from a certificate to an anchor, or says why there is none."""
Status = Callable[[PathPlace], RevocationCheck | None]
"""Says what is known of a certificate; None when that is being found out, higher up in the same question."""


@dataclass(eq=False, slots=True, kw_only=True)
class SignerSearch:
    """Finds the signers of CRLs for one verification.

    Attributes:
        signed: which key signed which list (SHA-256), as far as it was found out; grows, and may be shared.
    """

    pool: Pool
    anchors: AnchorIndex
    validate: Validate
    status: Status
    signed: dict[tuple[str, bytes], bool | None]
    _valid: dict[tuple[str, str], Candidate | Message] = field(default_factory=dict)

    def find(
        self, crl: DecodedList, place: PathPlace
    ) -> tuple[Decoded | None, tuple[RevocationRuleCheck, ...]]:
        """Return who signed a list and may, and the checks on it; None when nobody did."""
        refused: Message | None = None
        answers: list[bool | None] = []
        for candidate in self._candidates(crl, place):
            made = self.is_signed_by(crl, candidate)
            answers.append(made)
            if made:
                refusal = self._refusal(candidate, place)
                if refusal is None:
                    may = msg(
                        "{signer} has a path to the same anchor and may sign CRLs.", signer=candidate.title
                    )
                    signature = msg("The key of {signer} made it.", signer=candidate.title)
                    return candidate, (passed(*SIGNER_RULE, may), passed(*SIGNATURE_RULE, signature))
                refused = refused or refusal
        if refused is not None:
            return None, (failed(*SIGNER_RULE, refused), passed(*SIGNATURE_RULE, _MADE_BY_ISSUER))
        if not answers:
            nobody = msg("No certificate of its issuer {issuer} is at hand.", issuer=crl.title)
            return None, (failed(*SIGNER_RULE, nobody), not_run(*SIGNATURE_RULE, _NO_KEY))
        if False in answers:
            wrong = msg(
                "The signature of the CRL was not made with a key of {issuer}, or it was changed.",
                issuer=crl.title,
            )
        else:
            wrong = msg(
                "The signature of the CRL cannot be checked with a key of {issuer}.", issuer=crl.title
            )
        return None, (not_run(*SIGNER_RULE, _NO_SIGNER), failed(*SIGNATURE_RULE, wrong))

    def is_signed_by(self, crl: DecodedList, signer: Decoded) -> bool | None:
        """Whether a key signed a list; None when key or algorithm cannot be used here."""
        if not signer.public_key:
            return None
        pair = (crl.facts.sha256, signer.public_key)
        if pair not in self.signed:
            self.signed[pair] = crl.list.is_signed_by(signer.public_key)
        return self.signed[pair]

    def _candidates(self, crl: DecodedList, place: PathPlace) -> Iterator[Decoded]:
        """Return certificates of the list's issuer, those of the path first, then by key identifier."""
        above = [one for one in place.above if crl.is_issued_by(one.subject, one.facts.subject)]
        others: Sequence[Decoded]
        if crl.issuer is not None:
            others = [
                *self.pool.by_subject.get(crl.issuer, ()),
                *self.anchors.issuers_named(crl.issuer),
                *(anchor.decoded for anchor in self.anchors.by_subject.get(crl.issuer, ())),
                *(one for one in place.certificates if one.subject == crl.issuer),
            ]
        else:
            others = [one for one in self.pool.all if crl.is_issued_by(one.subject, one.facts.subject)]
        wanted = crl.key_identifier
        others = sorted(
            others, key=lambda one: wanted is not None and one.subject_key_identifier not in {None, wanted}
        )
        seen: set[str] = set()
        for one in (*above, *others):
            if one.sha256 not in seen and len(seen) < _MAX_SIGNERS:
                seen.add(one.sha256)
                yield one

    def _refusal(self, signer: Decoded, place: PathPlace) -> Message | None:
        """Say why a certificate may not sign CRLs; None when it may."""
        title = signer.title
        if KEY_USAGE in signer.broken or (signer.fields is not None and signer.fields.unread_extensions):
            return msg("The key usage of {signer} cannot be read.", signer=title)
        if signer.key_usage is not None and CRL_SIGN not in signer.key_usage:
            return msg("{signer} may not sign CRLs: its key usage lacks cRLSign.", signer=title)
        if any(one.sha256 == signer.sha256 for one in place.above):
            return None
        if signer.key_usage is None and not signer.may_issue:
            return msg("{signer} is no CA and is not said to sign CRLs.", signer=title)
        path = self._path(signer, place.anchor)
        if isinstance(path, Message):
            return msg("{signer} cannot be relied on. {reason}", signer=title, reason=path)
        shared = {one.sha256 for one in place.above}
        for index, certificate in enumerate(path.certificates[:-1]):
            if certificate.sha256 in shared or path.anchor is None:
                continue
            check = self.status(PathPlace(path.certificates, index, path.anchor))
            refusal = None if check is None else _of_status(check, certificate)
            if refusal is not None:
                return refusal
        return None

    def _path(self, signer: Decoded, anchor: Anchor) -> Candidate | Message:
        key = (signer.sha256, anchor.decoded.sha256)
        if key not in self._valid:
            self._valid[key] = self.validate(signer, anchor)
        return self._valid[key]


def _of_status(check: RevocationCheck, certificate: Decoded) -> Message | None:
    """Say why the revocation of a signer, or of a CA above it, keeps its lists from being relied on."""
    if check.status is RevocationStatus.GOOD or check.exempt is not None:
        return None
    if check.status is RevocationStatus.REVOKED:
        return msg(
            "{signer}, which signed it or stands above who did, was revoked.", signer=certificate.title
        )
    is_unknown = check.status is RevocationStatus.UNKNOWN
    if is_unknown and not check.answers and not certificate.names_revocation:
        return None  # nobody publishes anything of it: its issuer has to be taken at its word
    return msg("It is not known whether {signer}, which signed it, was revoked.", signer=certificate.title)


_MADE_BY_ISSUER = msg("A key of its issuer made it.")
_NO_KEY = msg("There is no key to check it with.")
_NO_SIGNER = msg("Nobody is known to have signed it.")
