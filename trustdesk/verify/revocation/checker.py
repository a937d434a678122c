"""Joins all sources into one status for each certificate of a path, and that into both fail modes.

Asked in this order, and no further than until one decides: staple, responses and lists that were given; then,
where addresses may be asked, OCSP responders, then CRLs. REVOKED from any source that may be relied on
outweighs GOOD from another; of what is given, everything is looked at.

Sources: RFC 5280 6.3.3, RFC 6960, RFC 9608.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from trustdesk.core.message import Message, msg
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationCheck,
    RevocationRuleStatus,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.formats.extension_oids import OCSP_NO_CHECK, OCSP_SIGNING
from trustdesk.formats.revocation_entries import CERTIFICATE_HOLD
from trustdesk.verify.builder import Candidate
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.distribution_points import ALL_REASONS
from trustdesk.verify.path_sources import AnchorIndex, Pool
from trustdesk.verify.revocation.crl import ListAnswer, ListReading
from trustdesk.verify.revocation.crl_requirements import concerns
from trustdesk.verify.revocation.crl_signer import PathPlace, SignerSearch, Validate
from trustdesk.verify.revocation.decoded_list import DecodedList, KnownList
from trustdesk.verify.revocation.evidence import RevocationEvidence
from trustdesk.verify.revocation.ocsp import check_response
from trustdesk.verify.revocation.web import AddressBook
from trustdesk.verify.signatures import SignatureBook, SignatureStatus

_MAX_SIGNER_DEPTH = 3
"""CRLs whose signer's CRL has a signer whose CRL has a signer: nobody means more."""
_MAX_NESTED_QUESTIONS = 200
"""Signers of lists, and CAs above those, that are asked about for one path; its own certificates all are."""

_DECIDED = frozenset({RevocationStatus.GOOD, RevocationStatus.REVOKED})


class RevocationChecker:
    """Finds out the revocation of the certificates of one verification's paths; not for several threads."""

    def __init__(
        self,
        evidence: RevocationEvidence,
        *,
        at: datetime,
        pool: Pool,
        anchors: AnchorIndex,
        validate: Validate,
        addresses: AddressBook,
        signed: dict[tuple[str, bytes], bool | None],
        profile_required: bool = False,
    ) -> None:
        self._evidence = evidence
        self._at = at
        self._pool = pool
        self._addresses = addresses
        self._given = [KnownList(source, DecodedList(one)) for source, one in evidence.lists]
        self._reading = ListReading(
            at=at,
            signers=SignerSearch(
                pool=pool, anchors=anchors, validate=validate, status=self._of_signer, signed=signed
            ),
            profile_required=profile_required,
        )
        self._known: dict[tuple[str, ...], RevocationCheck] = {}
        self._in_question: list[str] = []
        self._nested_questions = 0
        self._limits_met = 0
        self._cut_short: set[tuple[str, ...]] = set()

    def checks_of(
        self, candidates: Sequence[Candidate], signatures: SignatureBook
    ) -> list[tuple[RevocationCheck, ...]]:
        """Return what is known of each certificate of some paths below their anchors, end entities first.

        What was not found out on one path because a limit was met is no doubt in favour of that path: where
        another path found that the certificate was revoked, it was.
        """
        found = [self._checks(candidate, signatures) for candidate in candidates]
        revoked = {
            check.certificate: check
            for checks in found
            for check in checks
            if check.status is RevocationStatus.REVOKED
        }
        return [
            tuple(
                revoked.get(check.certificate, check)
                if check.status not in _DECIDED and _key(candidate.certificates, index) in self._cut_short
                else check
                for index, check in enumerate(checks)
            )
            for candidate, checks in zip(candidates, found, strict=True)
        ]

    def _checks(self, candidate: Candidate, signatures: SignatureBook) -> tuple[RevocationCheck, ...]:
        path = candidate.certificates
        anchor = candidate.anchor
        if anchor is None:
            return tuple(_unknown(one, _NO_ANCHOR) for one in path)
        self._addresses.begin_path()
        self._nested_questions = 0
        found: list[RevocationCheck] = []
        chained = True
        for index in range(len(path) - 2, -1, -1):
            chained = chained and _is_issued_by(path[index], path[index + 1], signatures)
            place = PathPlace(path, index, anchor)
            found.append(self._check(place) if chained else _unknown(path[index], _NOT_CHAINED))
        return tuple(reversed(found))

    def _of_signer(self, place: PathPlace) -> RevocationCheck | None:
        """Say what is known of the signer of a list, or of a CA above it."""
        certificate = place.certificate
        if certificate.sha256 in self._in_question:
            return None  # it signs the list that speaks of itself: then that list is believed, or nothing is
        if len(self._in_question) > _MAX_SIGNER_DEPTH:
            self._limits_met += 1
            return _not_asked(certificate, _TOO_DEEP)
        return self._check(place)

    def _of_delegate(self, place: PathPlace, delegate: Decoded) -> RevocationStatus:
        """Say what CRLs know of a responder that answers about a certificate for the same issuer."""
        if delegate.sha256 in self._in_question:
            return RevocationStatus.UNKNOWN
        if len(self._in_question) > _MAX_SIGNER_DEPTH:
            self._limits_met += 1
            return RevocationStatus.UNKNOWN
        self._in_question.append(delegate.sha256)
        try:
            own = PathPlace((delegate, *place.above), 0, place.anchor)
            lists = [one for one in self._given if concerns(one.crl, delegate)]
            answers = self._reading.answers(own, lists)
            if _status_of(answers) not in _DECIDED:
                answers = self._asked_points(own, lists, answers)
            return self._joined(delegate, [], answers).status
        finally:
            self._in_question.pop()

    def _check(self, place: PathPlace) -> RevocationCheck:
        key = _key(place.certificates, place.index)
        known = self._known.get(key)
        if known is not None:
            return known
        if self._in_question:
            self._nested_questions += 1
            if self._nested_questions > _MAX_NESTED_QUESTIONS:
                self._limits_met += 1
                return _not_asked(place.certificate, _TOO_MANY)
        limits_met = self._limits_met + self._addresses.refused
        self._in_question.append(place.certificate.sha256)
        try:
            check = self._find_out(place)
        finally:
            self._in_question.pop()
        if not self._in_question:
            # What was found out on the way to another answer may rest on that one: it is not kept.
            self._known[key] = check
            if self._limits_met + self._addresses.refused > limits_met:
                self._cut_short.add(key)
        return check

    def _find_out(self, place: PathPlace) -> RevocationCheck:
        certificate = place.certificate
        exempt = exemption(certificate)
        if exempt is not None:
            return RevocationCheck(
                certificate=certificate.sha256, status=RevocationStatus.UNKNOWN, reason=exempt, exempt=exempt
            )
        answers = list(self._given_responses(place))
        lists = [one for one in self._given if concerns(one.crl, certificate)]
        from_lists = self._reading.answers(place, lists)
        if not _is_decided(answers, from_lists):
            for answer in self._asked_responders(place):
                answers.append(answer)
                if answer.status in _DECIDED:
                    break
        if not _is_decided(answers, from_lists):
            from_lists = self._asked_points(place, lists, from_lists)
        return self._joined(certificate, answers, from_lists)

    def _given_responses(self, place: PathPlace) -> Iterator[RevocationAnswer]:
        staple = self._evidence.staple
        if staple is not None and place.index == 0 and len(self._in_question) == 1:
            yield self._response(staple, _STAPLE, place)
        for source, response in self._evidence.responses:
            answer = self._response(response, source, place)
            if not _speaks_of_another(answer):
                yield answer

    def _response(self, response: bytes, source: RevocationSource, place: PathPlace) -> RevocationAnswer:
        return check_response(
            response,
            source=source,
            certificate=place.certificate,
            issuer=place.certificates[place.index + 1],
            at=self._at,
            nonce=None,
            others=self._pool.all,
            delegate_status=lambda delegate: self._of_delegate(place, delegate),
        )

    def _asked_responders(self, place: PathPlace) -> Iterator[RevocationAnswer]:
        issuer = place.certificates[place.index + 1]
        for url, origin in _urls(self._evidence.ocsp_urls, place.certificate.ocsp_urls):
            yield from self._addresses.ocsp_answers(
                url,
                origin,
                certificate=place.certificate,
                issuer=issuer,
                at=self._at,
                others=self._pool.all,
                delegate_status=lambda delegate: self._of_delegate(place, delegate),
            )

    def _asked_points(
        self, place: PathPlace, given: Sequence[KnownList], known: list[ListAnswer]
    ) -> list[ListAnswer]:
        """Fetch CRLs, one distribution point after the other, until they decide; then say what all say."""
        lists, failures = list(given), []
        certificate = place.certificate
        points = [
            *(((url,), RevocationSourceOrigin.TYPED) for url in self._evidence.crl_urls),
            *((point.urls, _CERTIFICATE) for point in certificate.crl_distribution_points or ()),
        ]
        deltas = [(point.urls, _CERTIFICATE) for point in certificate.freshest_crl or ()]
        answers = known
        for position, (urls, origin) in enumerate([*points, *deltas]):
            if position < len(points) and _status_of(answers) in _DECIDED:
                continue
            found, failed = self._addresses.first_list(urls, origin)
            failures += failed
            is_typed = origin is RevocationSourceOrigin.TYPED
            if found is None or (is_typed and not concerns(found.crl, certificate)):
                continue
            lists.append(found)
            for point in found.crl.freshest if not certificate.freshest_crl else ():
                delta, failed = self._addresses.first_list(point.urls, _CERTIFICATE)
                failures += failed
                lists += [delta] if delta is not None else []
            answers = self._reading.answers(place, lists)
        return [*answers, *(ListAnswer(failure) for failure in failures)]

    def _joined(
        self, certificate: Decoded, answers: Sequence[RevocationAnswer], from_lists: Sequence[ListAnswer]
    ) -> RevocationCheck:
        everything = [*answers, *(one.answer for one in from_lists)]
        good = [one for one in everything if one.status is RevocationStatus.GOOD]
        revoked = [one for one in everything if one.status is RevocationStatus.REVOKED]
        ended = [one for one in revoked if _has_ended(one, good)]
        # A hold ends and other reasons do not: where both are said, the other one decides.
        in_force = [one for one in revoked if one not in ended]
        decisive = sorted(in_force, key=lambda one: one.revocation_reason == CERTIFICATE_HOLD)
        decisive += [*good, *ended]
        if not decisive and _covered(from_lists) >= ALL_REASONS:
            return self._good_together(certificate, answers, from_lists)
        decisive += [one for one in everything if one.status is RevocationStatus.UNKNOWN]
        decisive += [one for one in everything if one.status is RevocationStatus.UNAVAILABLE]
        if not decisive:
            return _unknown(certificate, self._why_nothing(certificate))
        return self._decided_by(certificate, decisive[0], decisive)

    def _good_together(
        self, certificate: Decoded, answers: Sequence[RevocationAnswer], from_lists: Sequence[ListAnswer]
    ) -> RevocationCheck:
        """Say that lists which speak of some reasons each speak of all together; the oldest one counts."""
        partial = sorted(
            (one.answer for one in from_lists if one.reasons), key=lambda one: one.this_update or self._at
        )
        rest = [*answers, *(one.answer for one in from_lists if not one.reasons)]
        reason = msg(
            "{subject} is on none of the CRLs that together speak of every reason.",
            subject=certificate.title,
        )
        check = self._decided_by(certificate, partial[0], [*partial, *rest])
        return replace(check, status=RevocationStatus.GOOD, reason=reason)

    def _decided_by(
        self, certificate: Decoded, answer: RevocationAnswer, answers: Sequence[RevocationAnswer]
    ) -> RevocationCheck:
        since = answer.this_update
        return RevocationCheck(
            certificate=certificate.sha256,
            status=answer.status,
            source=answer.source,
            reason=answer.reason,
            age_s=None if since is None else int((self._at - since).total_seconds()),
            revoked_at=answer.revoked_at,
            revocation_reason=answer.revocation_reason,
            answers=tuple(answers),
        )

    def _why_nothing(self, certificate: Decoded) -> Message:
        names_any = certificate.names_revocation
        if self._evidence.web is None and names_any:
            return msg(
                "{subject} names where its revocation is published; no connection is allowed, and nothing "
                "that was given speaks of it.",
                subject=certificate.title,
            )
        if names_any:
            return msg(
                "{subject} names no address that can be asked, and nothing that was given speaks of it.",
                subject=certificate.title,
            )
        return msg(
            "{subject} does not say where its revocation is published, and nothing given speaks of it.",
            subject=certificate.title,
        )


def _key(path: Sequence[Decoded], index: int) -> tuple[str, ...]:
    """Return what an answer depends on: the certificate and all above it."""
    return tuple(one.sha256 for one in path[index:])


def exemption(certificate: Decoded) -> Message | None:
    """Say why nobody has to be asked about a certificate; None for all but a few."""
    if certificate.has_no_revocation:
        return msg("{subject} says that its revocation is not published.", subject=certificate.title)
    if certificate.has(OCSP_NO_CHECK) and certificate.extended_key_usage == (OCSP_SIGNING,):
        return msg("{subject} signs OCSP responses and is trusted while it lives.", subject=certificate.title)
    return None


def _is_issued_by(certificate: Decoded, issuer: Decoded, signatures: SignatureBook) -> bool:
    return (
        certificate.issuer is not None
        and certificate.issuer == issuer.subject
        and signatures.check(certificate, issuer) is SignatureStatus.MADE
    )


def _unknown(certificate: Decoded, reason: Message) -> RevocationCheck:
    return RevocationCheck(certificate=certificate.sha256, status=RevocationStatus.UNKNOWN, reason=reason)


def _not_asked(certificate: Decoded, reason: Message) -> RevocationCheck:
    """Say that a limit was met, which is less than that nobody publishes anything."""
    return RevocationCheck(certificate=certificate.sha256, status=RevocationStatus.UNAVAILABLE, reason=reason)


def _has_ended(answer: RevocationAnswer, good: Sequence[RevocationAnswer]) -> bool:
    """Whether it is a hold, and a source of a later time says that the certificate is good again."""
    since = answer.this_update
    return (
        answer.revocation_reason == CERTIFICATE_HOLD
        and since is not None
        and any(one.this_update is not None and one.this_update > since for one in good)
    )


def _covered(answers: Sequence[ListAnswer]) -> frozenset[int]:
    return frozenset(reason for one in answers for reason in one.reasons)


def _status_of(answers: Sequence[ListAnswer]) -> RevocationStatus:
    if any(one.answer.status is RevocationStatus.REVOKED for one in answers):
        return RevocationStatus.REVOKED
    return RevocationStatus.GOOD if _covered(answers) >= ALL_REASONS else RevocationStatus.UNKNOWN


def _is_decided(answers: Sequence[RevocationAnswer], from_lists: Sequence[ListAnswer]) -> bool:
    return any(one.status in _DECIDED for one in answers) or _status_of(from_lists) in _DECIDED


def _speaks_of_another(answer: RevocationAnswer) -> bool:
    """Whether a response that was given for a whole path has no word on this certificate."""
    return answer.status not in _DECIDED and any(
        check.rule == "ocsp.cert_id" and check.status is RevocationRuleStatus.FAIL for check in answer.checks
    )


def _urls(typed: Sequence[str], named: Sequence[str]) -> Iterator[tuple[str, RevocationSourceOrigin]]:
    seen: set[str] = set()
    for urls, origin in ((typed, RevocationSourceOrigin.TYPED), (named, _CERTIFICATE)):
        for url in urls:
            if url not in seen:
                seen.add(url)
                yield url, origin


_CERTIFICATE = RevocationSourceOrigin.CERTIFICATE
_STAPLE = RevocationSource(
    kind=RevocationSourceKind.STAPLE, origin=RevocationSourceOrigin.HANDSHAKE, place="staple"
)
_NO_ANCHOR = msg("The path ends at no anchor; nobody is asked on its word.")
_NOT_CHAINED = msg("It is not issued by the anchor through this path; nobody is asked on its word.")
_TOO_DEEP = msg("Too many CRLs rest on one another.")
_TOO_MANY = msg("Too many certificates had to be asked about.")
