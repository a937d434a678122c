"""The rules on the chain above the server's certificate (CHN-…)."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509

from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import ServerFault
from trustdesk.verify.case import Case, Rule, Ruling, listed
from trustdesk.verify.name_constraints import violated_constraint
from trustdesk.verify.paths import Link
from trustdesk.verify.server_rules import is_self_signed

PATH = Rule(
    "CHN-01",
    Severity.BLOCKER,
    msg("A valid path leads from the server's certificate to a trusted CA."),
    "RFC 5280 6.1; ONE Record API & Security 2020 p. 67",
)
COMPLETE = Rule(
    "CHN-02",
    Severity.ERROR,
    msg("The server sends all intermediate certificates."),
    "RFC 8446 4.4.2; RFC 5246 7.4.2",
)
ORDER = Rule(
    "CHN-03",
    Severity.INFO,
    msg("The server sends its chain in order and nothing else."),
    "RFC 8446 4.4.2; RFC 5246 7.4.2",
)
ISSUERS_VALID = Rule(
    "CHN-04",
    Severity.ERROR,
    msg("Every CA certificate of the path is valid, and stays so as long as the server's."),
    "RFC 5280 6.1.3 (a)(2)",
)
ISSUERS_PURPOSE = Rule(
    "CHN-05",
    Severity.ERROR,
    msg("The CAs of the path may issue certificates for servers."),
    "RFC 5280 4.2.1.12, and custom of all TLS stacks",
)
ISSUERS_ROLE = Rule(
    "CHN-06",
    Severity.ERROR,
    msg("CA role, path length, name constraints and critical extensions are respected."),
    "RFC 5280 6.1.3, 6.1.4",
)

_UNDERSTOOD = frozenset(
    {
        "2.5.29.15",  # keyUsage
        "2.5.29.17",  # subjectAltName
        "2.5.29.19",  # basicConstraints
        "2.5.29.30",  # nameConstraints
        "2.5.29.37",  # extKeyUsage
        "2.5.29.14",  # subjectKeyIdentifier
        "2.5.29.35",  # authorityKeyIdentifier
        "1.3.6.1.5.5.7.1.1",  # authorityInfoAccess
    }
)

_CA_HAS_TO_ACT = msg("The partner has to take this up with its CA.")


def complete(case: Case) -> Ruling:
    """CHN-02: fails where the server's certificate came alone and its issuer is nowhere.

    From outside, an intermediate that was forgotten and a CA that is not on the list look the same then. A
    server that sends its certificate alone most likely forgot: CAs rarely issue from their roots.
    """
    if case.path is not None:
        return COMPLETE.passed(msg("Nothing is missing between the server's certificate and the list."))
    if case.server.certificate is None:
        return COMPLETE.not_run(msg("The server's certificate cannot be read."))
    top = case.chain[-1]
    if top.is_self_issued:
        return COMPLETE.passed(
            msg("The chain that was sent is complete; it ends at {root}.", root=top.facts.title)
        )
    if len(case.presented) == 1:
        return COMPLETE.failed(
            msg(
                "The server sent its certificate alone, and its issuer {issuer} is not on the list: "
                "most likely it does not send its intermediate certificate, else this CA is not on the list.",
                issuer=top.facts.issuer or "?",
            ),
            msg("The partner has to configure the full chain: its certificate, then the intermediates."),
            ServerFault.MISSING_INTERMEDIATE,
        )
    return COMPLETE.not_run(
        msg(
            "The chain ends at {subject}, whose issuer {issuer} is neither sent nor on the list; "
            "whether that is a root, which need not be sent, cannot be told.",
            subject=top.facts.title,
            issuer=top.facts.issuer or "?",
        )
    )


def order(case: Case) -> Ruling:
    """CHN-03."""
    digests = [link.facts.sha256 for link in case.presented]
    if len(digests) != len(set(digests)):
        return ORDER.failed(msg("A certificate is sent twice."), _TIDY)
    sent_roots = [link.facts.title for link in case.presented[1:] if is_self_signed(link)]
    in_chain = {link.facts.sha256 for link in case.chain}
    strangers = [
        link.facts.title
        for link in case.presented
        if link.facts.sha256 not in in_chain and not is_self_signed(link)
    ]
    if strangers:
        return ORDER.failed(
            msg("Not part of the path: {certificates}.", certificates=listed(strangers)), _TIDY
        )
    in_order = [link.facts.sha256 for link in case.chain if link.facts.sha256 in digests]
    if in_order != [digest for digest in digests if digest in in_chain]:
        return ORDER.failed(msg("The certificates are not sent each before its issuer."), _TIDY)
    if sent_roots:
        return ORDER.passed(msg("In order; {root} need not be sent.", root=listed(sent_roots)))
    return ORDER.passed(msg("Each certificate stands before its issuer."))


def issuers_valid(case: Case) -> Ruling:
    """CHN-04."""
    if not case.issuers:
        return ISSUERS_VALID.not_run(_NO_ISSUERS)
    for link in case.issuers:
        facts = link.facts
        if facts.not_before is None or facts.not_after is None:
            return ISSUERS_VALID.failed(
                msg("The validity of {subject} cannot be read.", subject=facts.title),
                _CA_HAS_TO_ACT,
                ServerFault.UNREADABLE,
            )
        if case.at > facts.not_after:
            return ISSUERS_VALID.failed(
                msg("{subject} expired on {not_after}.", subject=facts.title, not_after=facts.not_after),
                msg("The partner has to install the renewed certificate of its CA."),
                ServerFault.INTERMEDIATE_EXPIRED,
            )
        if case.at < facts.not_before:
            return ISSUERS_VALID.failed(
                msg("{subject} is not valid before {date}.", subject=facts.title, date=facts.not_before),
                _CA_HAS_TO_ACT,
                ServerFault.INTERMEDIATE_EXPIRED,
            )
    end = case.server.facts.not_after
    sooner = [link for link in case.issuers if end and link.facts.not_after and link.facts.not_after < end]
    if sooner:
        return ISSUERS_VALID.warned(
            msg(
                "{subject} expires on {not_after}, before the server's certificate.",
                subject=sooner[0].facts.title,
                not_after=sooner[0].facts.not_after or case.at,
            ),
            msg("The path breaks on that day: ask the partner for its CA's renewed certificate in time."),
        )
    return ISSUERS_VALID.passed(msg("All of them outlast the server's certificate."))


def issuers_purpose(case: Case) -> Ruling:
    """CHN-05."""
    if not case.issuers:
        return ISSUERS_PURPOSE.not_run(_NO_ISSUERS)
    for link in case.issuers:
        usages = link.facts.extended_key_usage
        if usages is not None and not {"serverAuth", "anyExtendedKeyUsage"} & set(usages):
            return ISSUERS_PURPOSE.failed(
                msg("{subject} is limited to {usages}.", subject=link.facts.title, usages=listed(usages)),
                msg("The partner needs a certificate from a CA for servers."),
                ServerFault.ISSUER_PURPOSE,
            )
    return ISSUERS_PURPOSE.passed(msg("No CA of the path excludes servers."))


def issuers_role(case: Case) -> Ruling:
    """CHN-06: the first that is not respected, from the server's certificate upwards."""
    for evidence, fault in _role_faults(case):
        return ISSUERS_ROLE.failed(evidence, _CA_HAS_TO_ACT, fault)
    if not case.issuers:
        return ISSUERS_ROLE.not_run(_NO_ISSUERS)
    return ISSUERS_ROLE.passed(msg("All constraints of the path are respected."))


def path(case: Case, faults: frozenset[ServerFault]) -> Ruling:
    """CHN-01: from what the other rules found, and from the verifier, which has the last word."""
    if case.server.certificate is None:
        problems = case.server.facts.problems
        return PATH.failed(
            msg("The server's certificate breaks its syntax: {problem}", problem=problems[0])
            if problems
            else msg("The server's certificate breaks its syntax."),
            msg("The partner needs a new certificate; this one is refused by strict software."),
            ServerFault.UNREADABLE,
        )
    if case.path is None:
        missing = ServerFault.MISSING_INTERMEDIATE in faults
        return PATH.failed(
            msg("The search for a path was given up: the certificates sent allow too many.")
            if case.gave_up
            else msg("No path from the server's certificate ends at a CA of the list."),
            msg("See whether an intermediate certificate is missing, or the CA is not on the list."),
            *(() if missing else (ServerFault.CA_NOT_IN_LIST,)),
        )
    if case.refusal is None:
        return PATH.passed(msg("The path is {path}.", path=listed([link.facts.title for link in case.path])))
    if faults <= _OF_THE_SERVER_ALONE and faults:
        return PATH.passed(
            msg(
                "A path leads to {anchor}; what is wrong is with the server's own certificate.",
                anchor=case.path[-1].facts.title,
            )
        )
    if faults:
        return PATH.failed(
            msg("The only path, to {anchor}, is not valid.", anchor=case.path[-1].facts.title), _CA_HAS_TO_ACT
        )
    return PATH.failed(
        msg(
            "A path leads to {anchor}, but the verifier refuses it, in its words: {refusal}",
            anchor=case.path[-1].facts.title,
            refusal=case.refusal,
        ),
        msg("The partner's CA should issue a certificate that follows RFC 5280 more closely."),
        ServerFault.REFUSED,
    )


def _role_faults(case: Case) -> Iterator[tuple[Message, ServerFault]]:
    for link in case.chain:
        for oid in _critical_oids(link):
            if oid not in _UNDERSTOOD:
                yield (
                    msg(
                        "{subject} has the critical extension {oid}, which is not understood here.",
                        subject=link.facts.title,
                        oid=oid,
                    ),
                    ServerFault.CRITICAL_EXTENSION,
                )
    below = 0  # CA certificates between this one and the server's, self-issued ones not counted
    for link in case.issuers:
        facts = link.facts
        if not facts.is_ca:
            yield msg("{subject} issued, but is no CA.", subject=facts.title), ServerFault.ISSUER_NOT_CA
        elif facts.key_usage is not None and "keyCertSign" not in facts.key_usage:
            yield (
                msg("{subject} issued, but its key usage lacks keyCertSign.", subject=facts.title),
                ServerFault.ISSUER_NOT_CA,
            )
        limit = _path_length(link)
        if limit is not None and below > limit:
            yield (
                msg(
                    "{subject} allows {limit} CA certificates below it; there are {count}.",
                    subject=facts.title,
                    limit=limit,
                    count=below,
                ),
                ServerFault.PATH_LENGTH,
            )
        below += not link.is_self_issued
    for height, link in enumerate(case.path or ()):
        below_it = [case.server, *(ca for ca in case.chain[1:height] if not ca.is_self_issued)]
        for subject in below_it if height else ():
            violation = violated_constraint(link, subject)
            if violation is not None:
                yield violation, ServerFault.NAME_CONSTRAINTS


def _critical_oids(link: Link) -> list[str]:
    return [extension.oid.dotted_string for extension in link.extensions() if extension.critical]


def _path_length(link: Link) -> int | None:
    for extension in link.extensions():
        if isinstance(extension.value, x509.BasicConstraints):
            return extension.value.path_length
    return None


_NO_ISSUERS = msg("No issuer of the server's certificate was sent or is on the list.")
_TIDY = msg("The partner may tidy up its chain file; strict clients stumble over it.")
_OF_THE_SERVER_ALONE = frozenset(
    {
        ServerFault.SELF_SIGNED,
        ServerFault.EXPIRED,
        ServerFault.NOT_YET_VALID,
        ServerFault.NAME_MISMATCH,
        ServerFault.COMMON_NAME_ONLY,
        ServerFault.PURPOSE,
        ServerFault.CA_AS_SERVER,
    }
)

CHAIN_RULES = (complete, order, issuers_valid, issuers_purpose, issuers_role)
