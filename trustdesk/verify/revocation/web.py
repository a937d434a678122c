"""Asks the addresses that publish revocation, within a budget, each one once in a verification."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trustdesk.core.message import Message, msg
from trustdesk.core.ports import FetchFailure, Retrieved, RevocationWeb
from trustdesk.core.revocation import (
    RevocationAnswer,
    RevocationRuleStatus,
    RevocationSource,
    RevocationSourceKind,
    RevocationSourceOrigin,
    RevocationStatus,
)
from trustdesk.verify.decoded import Decoded
from trustdesk.verify.revocation.decoded_list import DecodedList, KnownList
from trustdesk.verify.revocation.evidence import RevocationEvidence
from trustdesk.verify.revocation.ocsp import DelegateStatus, OcspDigest, check_response, ocsp_request

MAX_ADDRESSES_OF_A_PATH = 32
MAX_ADDRESSES = 64
"""Of one verification, whose paths share most of them."""
_MAX_URLS_OF_A_POINT = 4
_SCHEMES = ("http://", "https://")
_DIGESTS: tuple[OcspDigest, ...] = ("sha1", "sha256")
_SAYS = frozenset({RevocationStatus.GOOD, RevocationStatus.REVOKED})

Fetched = tuple[KnownList | None, list[RevocationAnswer]]


class AddressBook:
    """The addresses asked in one verification and what came back; empty-handed without a connection.

    Attributes:
        refused: how often an address was not asked because a budget was spent.
    """

    def __init__(self, evidence: RevocationEvidence) -> None:
        self._web: RevocationWeb | None = evidence.web
        self._nonce = evidence.nonce
        self._lists: dict[str, KnownList | FetchFailure] = {}
        self._responses: dict[tuple[str, bytes], Retrieved[bytes] | FetchFailure] = {}
        self._left_of_path = MAX_ADDRESSES_OF_A_PATH
        self._left = MAX_ADDRESSES
        self.refused = 0

    def begin_path(self) -> None:
        """Start the budget of another path; what was fetched for one before costs nothing."""
        self._left_of_path = MAX_ADDRESSES_OF_A_PATH

    def first_list(self, urls: Sequence[str], origin: RevocationSourceOrigin) -> Fetched:
        """Return the CRL at the first of a point's addresses that has one, and why those before had none."""
        failures: list[RevocationAnswer] = []
        for url in [one for one in urls if one.lower().startswith(_SCHEMES)][:_MAX_URLS_OF_A_POINT]:
            if self._web is None:
                break
            found = self._list(self._web, url, origin)
            if isinstance(found, KnownList):
                return found, failures
            failures.append(_failure(_source(RevocationSourceKind.CRL, origin, url), found.reason))
        return None, failures

    def ocsp_answers(
        self,
        url: str,
        origin: RevocationSourceOrigin,
        *,
        certificate: Decoded,
        issuer: Decoded,
        at: datetime,
        others: Sequence[Decoded],
        delegate_status: DelegateStatus,
    ) -> list[RevocationAnswer]:
        """Ask a responder, with the digest that all understand first; nothing without a connection."""
        if self._web is None or not url.lower().startswith(_SCHEMES):
            return []
        source = _source(RevocationSourceKind.OCSP, origin, url)
        answers: list[RevocationAnswer] = []
        for digest in _DIGESTS:
            try:
                request = ocsp_request(certificate, issuer, digest=digest, nonce=self._nonce)
            except ValueError:
                return [_failure(source, _NO_REQUEST)]
            response = self._response(self._web, url, request)
            if isinstance(response, FetchFailure):
                return answers or [_failure(source, response.reason)]
            answer = check_response(
                response.value,
                source=RevocationSource(kind=source.kind, origin=origin, place=url, cached=response.cached),
                certificate=certificate,
                issuer=issuer,
                at=at,
                nonce=self._nonce,
                others=others,
                retrieved_at=response.at,
                delegate_status=delegate_status,
            )
            if answer.status in _SAYS or not _may_not_know_the_digest(answer):
                return [answer]
            answers = answers or [answer]
        return answers

    def _list(self, web: RevocationWeb, url: str, origin: RevocationSourceOrigin) -> KnownList | FetchFailure:
        known = self._lists.get(url)
        if known is None:
            if not self._may_ask():
                return _BUDGET_SPENT
            retrieved = web.revocation_list(url)
            if isinstance(retrieved, FetchFailure):
                known = retrieved
            else:
                crl = DecodedList(retrieved.value)
                kind = RevocationSourceKind.DELTA_CRL if crl.is_delta else RevocationSourceKind.CRL
                source = RevocationSource(kind=kind, origin=origin, place=url, cached=retrieved.cached)
                known = KnownList(source, crl, retrieved.at)
            self._lists[url] = known
        return known

    def _response(self, web: RevocationWeb, url: str, request: bytes) -> Retrieved[bytes] | FetchFailure:
        known = self._responses.get((url, request))
        if known is None:
            if not self._may_ask():
                return _BUDGET_SPENT
            known = self._responses[url, request] = web.ocsp_response(url, request)
        return known

    def _may_ask(self) -> bool:
        if min(self._left, self._left_of_path) <= 0:
            self.refused += 1
            return False
        self._left -= 1
        self._left_of_path -= 1
        return True


def _may_not_know_the_digest(answer: RevocationAnswer) -> bool:
    """Whether a responder may have had no word because it names issuers by another digest."""
    return any(
        check.rule in {"ocsp.status", "ocsp.cert_id"} and check.status is RevocationRuleStatus.FAIL
        for check in answer.checks
    )


def _source(kind: RevocationSourceKind, origin: RevocationSourceOrigin, url: str) -> RevocationSource:
    return RevocationSource(kind=kind, origin=origin, place=url)


def _failure(source: RevocationSource, reason: Message) -> RevocationAnswer:
    return RevocationAnswer(source=source, status=RevocationStatus.UNAVAILABLE, reason=reason)


_NO_REQUEST = msg("The certificate is too damaged to ask about it.")
_BUDGET_SPENT = FetchFailure(
    reason=msg(
        "Not asked: no more than {limit} addresses are asked for one path, and {all} for all together.",
        limit=MAX_ADDRESSES_OF_A_PATH,
        all=MAX_ADDRESSES,
    )
)
