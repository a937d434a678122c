"""One certificate judged for one purpose: file, lists, instant and AIA joined, and the outcome in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CertificateDetails, InspectedItem, Inspection, ItemKind
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.ports import Fetcher, FetchFailure
from trustdesk.core.revocation import FailMode
from trustdesk.core.target import parse_target
from trustdesk.core.trust import TrustList
from trustdesk.core.verification import TLS_INPUTS, DeadEnd, PathReport, Purpose, Verification
from trustdesk.formats.certificate_details import read_details
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.revocation.evidence import NO_EVIDENCE, RevocationEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEntity:
    """What of a file is judged.

    Attributes:
        certificate: the one that is judged.
        item: where it stands in the file.
        others: the file's other certificates, in their order, each once.
        rivals: how many others could have been meant as well.
    """

    certificate: CertificateDetails
    item: InspectedItem
    others: tuple[CertificateDetails, ...]
    rivals: int


def end_entity_of(inspection: Inspection, place: str) -> EndEntity:
    """Choose which certificate of a file is meant: one with its private key, else one that issued no other.

    Of several the first is taken. Names decide who issued whom, so that a damaged chain has one as well.

    Raises:
        UnusableInputError: there is no certificate; says what there is.
    """
    items: dict[str, InspectedItem] = {}
    for item in inspection.items:
        if item.certificate is not None:
            items.setdefault(item.certificate.facts.sha256, item)
    if not items:
        raise _no_certificate(inspection, place)
    details = [item.certificate for item in items.values() if item.certificate is not None]
    keys = {item.key.spki_sha256 for item in inspection.items if item.key is not None} - {None}
    with_key = [one for one in details if one.spki_sha256 in keys]
    issuers = {one.facts.issuer for one in details if not one.facts.is_self_issued}
    leaves = [one for one in details if one.facts.subject not in issuers]
    candidates = [one for one in with_key if one in leaves] or with_key or leaves or details
    chosen = candidates[0]
    return EndEntity(
        certificate=chosen,
        item=items[chosen.facts.sha256],
        others=tuple(one for one in details if one is not chosen),
        rivals=len(candidates) - 1,
    )


def certificates_of(inspection: Inspection) -> tuple[CertificateDetails, ...]:
    """Return all certificates that were found, each once, in their order."""
    found = (item.certificate for item in inspection.items if item.certificate is not None)
    return tuple({one.facts.sha256: one for one in found}.values())


def reference_identifier(text: str) -> str:
    """Read a host name or IP address that a server is to be judged for, as A-labels.

    Raises:
        UnusableInputError: it is neither.
    """
    name = text.strip()
    if name.count(":") == 1 or "]:" in name or "/" in name:
        raise UnusableInputError(
            msg("It is no host name."), remedy=msg("Give the name alone, without a port."), place=text
        )
    bare = f"[{name}]" if ":" in name and not name.startswith("[") else name
    try:
        return parse_target(f"tls://{bare}").verify_name
    except UnusableInputError as error:
        raise UnusableInputError(
            msg("It is no host name."),
            remedy=msg("Give a name such as 1r.partner.example, or an IP address."),
            place=text,
        ) from error


class FetchLog:
    """A fetcher that keeps what was asked for (`core.ports.Fetcher`)."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.outcomes: dict[str, bytes | FetchFailure] = {}

    def fetch(self, url: str) -> bytes | FetchFailure:
        """Fetch, and note what came of it."""
        outcome = self.outcomes[url] = self._fetcher.fetch(url)
        return outcome


def verify_certificate(
    certificate: CertificateFacts,
    others: Sequence[CertificateFacts] = (),
    *,
    purpose: Purpose,
    trust_lists: Sequence[TrustList],
    at: datetime,
    reference_identifier: str | None = None,
    fetcher: Fetcher | None = None,
    revocation: RevocationEvidence = NO_EVIDENCE,
    fail_mode: FailMode = FailMode.SOFT,
) -> Verification:
    """Judge a certificate by every path that there is, and ask the second engine.

    Args:
        others: what came along or was given as intermediates, in any order.
        reference_identifier: as A-labels; None for no name to check.
        fetcher: gets issuers that are missing (AIA); None where that is not allowed.
        revocation: the sources that may be asked whether a certificate was revoked.
        fail_mode: what follows where nothing reliable is known of it.
    """
    log = None if fetcher is None else FetchLog(fetcher)
    verification = PathVerifier(trust_lists, fetcher=log).verify(
        certificate,
        others,
        purpose=purpose,
        at=at,
        reference_identifier=reference_identifier,
        inputs=replace(TLS_INPUTS, fail_mode=fail_mode),
        revocation=revocation,
    )
    if log is None or not log.outcomes:
        return verification
    known = {facts.sha256: facts for facts in verification.known}
    return replace(
        verification,
        dead_ends=tuple(_with_fetches(end, known, log.outcomes) for end in verification.dead_ends),
    )


def explanation(verification: Verification) -> Message:
    """Say in a sentence why a certificate is trusted or not: certificate, rule and value named."""
    best = verification.paths[0]
    titles = {facts.sha256: facts.title for facts in verification.known}
    if best.accepted:
        return msg(
            "{path} is a valid path to the list {list}.",
            path=path_in_words(best, titles),
            list=best.anchor_list or "?",
        )
    first = best.failures[0]
    named: dict[str, str | Message] = {
        "evidence": first.evidence,
        "certificate": titles.get(first.certificate, first.certificate),
        "rule": first.rule,
        "source": first.source,
    }
    others = len(best.failures) - 1
    if not others:
        return msg("{evidence} Rule {rule} ({source}) on {certificate}.", **named)
    return msg_n(
        "{evidence} Rule {rule} ({source}) on {certificate}; {count} more check fails.",
        "{evidence} Rule {rule} ({source}) on {certificate}; {count} more checks fail.",
        others,
        **named,
    )


def path_in_words(path: PathReport, titles: dict[str, str]) -> Message:
    """Return the titles of a path from the end entity to the anchor; what was fetched is marked."""
    steps = [
        msg("{certificate} (fetched)", certificate=titles.get(digest, digest[:16]))
        if digest in path.fetched
        else msg("{certificate}", certificate=titles.get(digest, digest[:16]))
        for digest in path.certificates
    ]
    words = steps[0]
    for step in steps[1:]:
        words = msg("{below} → {above}", below=words, above=step)
    return words


def fetchable_issuers(verification: Verification) -> tuple[str, ...]:
    """Return the URLs from which the issuers that are missing could be fetched, each once."""
    known = {facts.sha256: facts for facts in verification.known}
    ends = [known[end.certificate] for end in verification.dead_ends if end.certificate in known]
    urls = (url for facts in ends for url in read_details(facts.der).ca_issuer_urls)
    return tuple(dict.fromkeys(urls))


def _with_fetches(
    end: DeadEnd, known: dict[str, CertificateFacts], outcomes: dict[str, bytes | FetchFailure]
) -> DeadEnd:
    """Add what came of asking for the issuer to the reason of a dead end."""
    facts = known.get(end.certificate)
    for url in () if facts is None else read_details(facts.der).ca_issuer_urls:
        outcome = outcomes.get(url)
        if isinstance(outcome, FetchFailure):
            reason = msg(
                "{reason} Nothing came from {url}: {failure}.",
                reason=end.reason,
                url=url,
                failure=outcome.reason,
            )
        elif outcome is not None:
            reason = msg("{reason} What lies at {url} is not it.", reason=end.reason, url=url)
        else:
            continue
        end = replace(end, reason=reason)
    return end


_FOR_OTHERS: dict[ItemKind, tuple[Message, Message]] = {
    ItemKind.CSR: (
        msg("It holds a request, and no certificate yet."),
        msg("Judge a request with: trustdesk lint FILE --role csr"),
    ),
    ItemKind.CRL: (
        msg("It holds a revocation list, and no certificate."),
        msg("Read a list with: trustdesk crl show FILE, or give it to verify as --crl FILE."),
    ),
    ItemKind.PRIVATE_KEY: (
        msg("It holds a private key, and no certificate."),
        msg("Keep it to yourself, and name the file with its certificate."),
    ),
}


def _only_others(kinds: set[ItemKind], place: str) -> UnusableInputError:
    """Say what is in a file instead of a certificate, and where that belongs."""
    for kind, (problem, remedy) in _FOR_OTHERS.items():
        if kind in kinds:
            return UnusableInputError(problem, remedy=remedy, place=place)
    return UnusableInputError(
        msg("It holds no certificate: the store is empty."),
        remedy=msg("Ask whoever made it to put the certificate in."),
        place=place,
    )


def _no_certificate(inspection: Inspection, place: str) -> UnusableInputError:
    problems = [problem for item in inspection.items for problem in item.problems] + list(inspection.problems)
    kinds = {item.kind for item in inspection.items} - {ItemKind.UNKNOWN}
    if problems:
        problem: Message = msg("There is no certificate to judge in it. {problem}", problem=problems[0])
    elif kinds:
        return _only_others(kinds, place)
    else:
        problem = msg("There is no certificate in it.")
    return UnusableInputError(
        problem,
        remedy=msg(
            "Name a file with a certificate (PEM, DER, PKCS#7, PKCS#12 or JKS), or give its password."
        ),
        place=place,
    )
