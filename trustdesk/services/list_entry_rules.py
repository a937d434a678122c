"""Rules on the entries of a trust list. Pure.

What an entry is not trusted for needs no audit, no usage and no root: most rules look at trusted ones alone.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.trust_entry import EntryKind, ListEntry
from trustdesk.services.list_case import NOTES, ListCase, named
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, Violated, rule
from trustdesk.verify.rules.chain import MIN_CURVE_BITS, MIN_RSA_BITS

EXPIRES_SOON = timedelta(days=90)
"""How long before its end a CA counts as ending soon: its successor has to reach everybody by then."""

_LEAST_BITS = {"RSA": MIN_RSA_BITS, "RSASSA-PSS": MIN_RSA_BITS, "EC": MIN_CURVE_BITS}
_WEAK_DIGESTS = ("sha1", "md5", "md4", "md2")


@rule(
    "LST-04",
    msg("No trusted entry has expired or expires soon."),
    "ONE Record proof of concept, trust stores",
    always=Severity.WARNING,
)
def expiry(case: ListCase) -> Outcome:
    """LST-04."""
    gone, soon, unknown = list[ListEntry](), list[ListEntry](), list[ListEntry]()
    for entry in case.trusted:
        ends = entry.certificate.not_after if entry.certificate is not None else None
        if ends is None:
            unknown.append(entry)
        elif ends <= case.at:
            gone.append(entry)
        elif ends <= case.at + EXPIRES_SOON:
            soon.append(entry)
    remedy = msg("Ask the publisher for a version with their successors.")
    if gone and soon:
        return Violated(
            msg("Expired: {gone}. Soon: {soon}.", gone=named(gone), soon=named(soon)),
            remedy,
        )
    if gone:
        return Violated(msg("Expired: {gone}.", gone=named(gone)), remedy)
    if soon:
        return Violated(msg("Expires within 90 days: {soon}.", soon=named(soon)), remedy)
    return _all_looked_at(unknown, msg("No entry ends within 90 days."))


@rule(
    "LST-05",
    msg("No certificate stands on the list twice, and no key with two statuses."),
    NOTES,
    always=Severity.WARNING,
)
def conflicts(case: ListCase) -> Outcome:
    """LST-05: a root that was issued again with its key is no conflict, unless their statuses differ."""
    by_certificate, by_key = defaultdict[str, list[ListEntry]](list), defaultdict[str, list[ListEntry]](list)
    for entry in case.content.entries:
        by_certificate[entry.sha256].append(entry)
        if entry.spki_sha256 is not None:
            by_key[entry.spki_sha256].append(entry)
    twice = [entries[0] for entries in by_certificate.values() if len(entries) > 1]
    differing = [
        entries[0]
        for entries in by_key.values()
        if len({entry.sha256 for entry in entries}) > 1 and len({entry.status for entry in entries}) > 1
    ]
    remedy = msg("Ask the publisher which of them holds; the stricter one counts until then.")
    if twice and differing:
        return Violated(
            msg(
                "Twice on the list: {twice}. One key, two statuses: {differing}.",
                twice=named(twice),
                differing=named(differing),
            ),
            remedy,
        )
    if twice:
        return Violated(msg("Twice on the list: {twice}.", twice=named(twice)), remedy)
    if differing:
        return Violated(msg("One key, two statuses: {differing}.", differing=named(differing)), remedy)
    return Held(msg("Each entry stands alone."))


@rule(
    "LST-06",
    msg("Trusted entries have strong keys and signatures."),
    "ONE Record certificate policy, 6.1.5",
    always=Severity.WARNING,
)
def strength(case: ListCase) -> Outcome:
    """LST-06: nobody relies on the signature of a root, so that SHA-1 there is told and no more."""
    weak, old_roots, unknown = list[ListEntry](), list[ListEntry](), list[ListEntry]()
    for entry in case.trusted:
        known = _is_weak(entry)
        if known is None:
            unknown.append(entry)
        elif known:
            weak.append(entry)
        elif _has_weak_digest(entry):
            (old_roots if entry.kind is EntryKind.ROOT else weak).append(entry)
    if weak:
        return Violated(
            msg("Weak: {weak}.", weak=named(weak)),
            msg("Ask the publisher to take them from the list, or distrust them here."),
        )
    if old_roots:
        return Violated(
            msg("Roots that signed themselves with SHA-1 or older: {roots}.", roots=named(old_roots)),
            None,
            Severity.INFO,
        )
    return _all_looked_at(unknown, msg("No weak key, no weak signature."))


@rule(
    "LST-07",
    msg("Every trusted entry refers to an audit."),
    "ONE Record PKI concept 2020, page 71; certificate policy, 8",
    always=Severity.INFO,
)
def audits(case: ListCase) -> Outcome:
    """LST-07."""
    without = [entry for entry in case.trusted if not entry.audits]
    if not without:
        return Held(msg("All of them do."))
    return Violated(
        msg("Without an audit: {without}.", without=named(without)),
        msg("Ask the publisher by which audit these CAs came onto the list."),
    )


@rule(
    "LST-08",
    msg("Only CA certificates are on the list."),
    "ONE Record proof of concept, trust stores",
    always=Severity.WARNING,
)
def end_entities(case: ListCase) -> Outcome:
    """LST-08: such certificates are pinned peers here and never anchors."""
    found = [entry for entry in case.trusted if entry.kind is EntryKind.END_ENTITY]
    if not found:
        return Held(msg("No certificate of a server or client is on it."))
    return Violated(
        msg("Certificates of servers or clients: {found}.", found=named(found)),
        msg("Ask for the CAs that issued them; these vouch for nobody here."),
    )


@rule(
    "LST-11",
    msg("Every issuing CA stands on the list with its root."),
    "observed with TLS libraries",
    always=Severity.WARNING,
)
def roots(case: ListCase) -> Outcome:
    """LST-11, by names: what they sign is judged where paths are built."""
    by_issuer = defaultdict[str, list[str]](list)
    below, unknown = list[ListEntry](), list[ListEntry]()
    for entry in case.trusted:
        if entry.kind not in {EntryKind.INTERMEDIATE, EntryKind.CROSS}:
            continue
        if entry.certificate is None or entry.certificate.issuer is None:
            unknown.append(entry)
            continue
        below.append(entry)
        by_issuer[entry.certificate.issuer].append(entry.subject)
    reached: set[str] = set()
    waiting = [entry.subject for entry in case.trusted if entry.kind is EntryKind.ROOT]
    while waiting:
        subject = waiting.pop()
        if subject not in reached:
            reached.add(subject)
            waiting.extend(by_issuer.get(subject, ()))
    lacking = [entry for entry in below if _issuer_of(entry) not in reached]
    if lacking:
        return Violated(
            msg("Without their root: {lacking}.", lacking=named(lacking)),
            msg("Add the roots: most programs end a path at a root only."),
        )
    if not below and not unknown:
        return NotApplicable(msg("There is no issuing CA on it."))
    return _all_looked_at(unknown, msg("All of them do, by their names."))


@rule(
    "LST-12",
    msg("It is said of every trusted entry what it is trusted for."),
    "domain notes, section 4.4",
    always=Severity.WARNING,
)
def usages(case: ListCase) -> Outcome:
    """LST-12."""
    open_ones = [entry for entry in case.trusted if entry.usages is None]
    if not open_ones:
        return Held(msg("It is said of all."))
    return Violated(
        msg("Nobody has said of: {entries}.", entries=named(open_ones)),
        msg("Say for servers, clients or both when the list is imported."),
    )


def _issuer_of(entry: ListEntry) -> str | None:
    return entry.certificate.issuer if entry.certificate is not None else None


def _is_weak(entry: ListEntry) -> bool | None:
    """Whether an entry's key is weak; None where that cannot be known."""
    facts = entry.certificate
    if facts is None or facts.key_algorithm is None:
        return None
    if facts.key_algorithm == "DSA":
        return True
    least = _LEAST_BITS.get(facts.key_algorithm)
    if least is None:
        return False
    return None if facts.key_bits is None else facts.key_bits < least


def _has_weak_digest(entry: ListEntry) -> bool:
    algorithm = (entry.certificate.signature_algorithm if entry.certificate is not None else None) or ""
    plain = algorithm.lower().replace("-", "")
    return any(weak in plain for weak in _WEAK_DIGESTS)


def _all_looked_at(unknown: list[ListEntry], held: Message) -> Outcome:
    """Return that a rule holds, or that some entries could not be looked at: never a pass for these."""
    if not unknown:
        return Held(held)
    return NotRun(
        msg_n(
            "{count} entry could not be looked at: {unknown}. Of the others: {held}",
            "{count} entries could not be looked at: {unknown}. Of the others: {held}",
            len(unknown),
            unknown=named(unknown),
            held=held,
        )
    )
