"""The rules on the chain above the server's certificate (CHN-…)."""

from __future__ import annotations

from trustdesk.core.message import listed, msg
from trustdesk.core.trust import ServerFault
from trustdesk.core.verification import Opinion, Purpose
from trustdesk.verify.case import Case, Ruling
from trustdesk.verify.catalogue import in_gate
from trustdesk.verify.path_view import OF_ROLE
from trustdesk.verify.profiles import chain_rules as rules
from trustdesk.verify.profiles import path_outcomes as outcomes
from trustdesk.verify.profiles.rule import Violated

PATH = in_gate(rules.path_exists)
COMPLETE = in_gate(rules.complete)
ORDER = in_gate(rules.in_order)
ISSUERS_VALID = in_gate(rules.issuers_valid)
ISSUERS_PURPOSE = in_gate(rules.issuers_purpose)
ISSUERS_ROLE = in_gate(rules.issuers_role)

_CA_HAS_TO_ACT = msg("The partner has to take this up with its CA.")


def complete(case: Case) -> Ruling:
    """CHN-02: fails where the server's certificate came alone and its issuer is nowhere.

    From outside, an intermediate that was forgotten and a CA that is not on the list look the same then. A
    server that sends its certificate alone most likely forgot: CAs rarely issue from their roots.
    """
    full_chain = msg("The partner has to configure the full chain: its certificate, then the intermediates.")
    found = outcomes.nothing_missing(case.view, [one.sha256 for one in case.presented], full_chain)
    if isinstance(found, Violated):
        # Nobody is asked for certificates here, so that it can only come from a list.
        return COMPLETE.warned(
            msg("{missing} It stands on a list here; others may not have it.", missing=found.evidence),
            full_chain,
        )
    if found is not None:
        return COMPLETE.ruled(found)
    if case.server.fields is None:
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
            full_chain,
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
    return ORDER.ruled(outcomes.in_order(case.view, case.presented, _TIDY))


def issuers_valid(case: Case) -> Ruling:
    """CHN-04."""
    if not case.issuers:
        return ISSUERS_VALID.not_run(_NO_ISSUERS)
    outcome = outcomes.issuers_valid(
        case.view,
        if_expired=msg("The partner has to install the renewed certificate of its CA."),
        otherwise=_CA_HAS_TO_ACT,
        in_time=msg("The path breaks on that day: ask the partner for its CA's renewed certificate in time."),
    )
    is_broken = isinstance(outcome, Violated) and outcome.severity is None
    return ISSUERS_VALID.ruled(outcome, *((ServerFault.INTERMEDIATE_EXPIRED,) if is_broken else ()))


def issuers_purpose(case: Case) -> Ruling:
    """CHN-05."""
    if not case.issuers:
        return ISSUERS_PURPOSE.not_run(_NO_ISSUERS)
    outcome = outcomes.issuers_purpose(
        case.view, Purpose.SERVER, msg("The partner needs a certificate from a CA for servers.")
    )
    is_limited = isinstance(outcome, Violated)
    return ISSUERS_PURPOSE.ruled(outcome, *((ServerFault.ISSUER_PURPOSE,) if is_limited else ()))


def issuers_role(case: Case) -> Ruling:
    """CHN-06: the first that is not respected, from the server's certificate upwards."""
    for failure in case.view.failures(*OF_ROLE):
        fault = next(fault for group, fault in _ROLE_FAULTS.items() if failure.rule.startswith(group))
        return ISSUERS_ROLE.failed(failure.evidence, _CA_HAS_TO_ACT, fault)
    if not case.issuers:
        return ISSUERS_ROLE.not_run(_NO_ISSUERS)
    return ISSUERS_ROLE.passed(msg("All constraints of the path are respected."))


def path(case: Case, faults: frozenset[ServerFault]) -> Ruling:
    """CHN-01: from what the other rules found, and from the second engine: both have to accept."""
    server = case.server
    if server.fields is None or case.view.failures("form.readable", "critical.readable", "critical.unique"):
        problems = server.facts.problems
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
            if case.verification.search_limit_hit is not None
            else msg("No path from the server's certificate ends at a CA of the list."),
            msg("See whether an intermediate certificate is missing, or the CA is not on the list."),
            *(() if missing else (ServerFault.CA_NOT_IN_LIST,)),
        )
    anchor = case.path[-1].title
    is_hidden = case.second.accepted is not True and faults <= _OF_REVOCATION
    if faults <= _OF_THE_SERVER_ALONE and faults and not is_hidden:
        return PATH.passed(
            msg(
                "A path leads to {anchor}; what is wrong is with the server's own certificate.", anchor=anchor
            )
        )
    if faults and faults <= _OUR_DECISIONS:
        return PATH.failed(
            msg("A path leads to {anchor}, and it is not one that is trusted here.", anchor=anchor),
            msg("See the decision, or the policy of this partner."),
        )
    if faults and not is_hidden:
        return PATH.failed(msg("The only path, to {anchor}, is not valid.", anchor=anchor), _CA_HAS_TO_ACT)
    if not faults and not case.verification.trusted:
        return PATH.failed(
            case.verification.own.reason,
            _CA_HAS_TO_ACT,
            ServerFault.REFUSED,
        )
    if case.second.accepted:
        return PATH.passed(msg("The path is {path}.", path=listed([one.title for one in case.path])))
    if faults:
        return PATH.failed(
            msg(
                "A path leads to {anchor}, but the second engine refuses it too, in its words: {refusal}",
                anchor=anchor,
                refusal=words_of(case.second),
            ),
            msg("The partner's CA should issue a certificate that follows RFC 5280 more closely."),
            ServerFault.REFUSED,
        )
    return PATH.failed(
        msg(
            "A path leads to {anchor} and passes our rules, but the second engine refuses it, in its words: "
            "{refusal} Nothing secret is sent where only one of the two is satisfied.",
            anchor=anchor,
            refusal=words_of(case.second),
        ),
        msg("The partner's CA should issue a certificate that follows RFC 5280 more closely."),
        ServerFault.REFUSED,
    )


def words_of(opinion: Opinion) -> str:
    """Return the second engine's own words, or ours where it had none."""
    words = dict(opinion.reason.params).get("words")
    return words if isinstance(words, str) else opinion.reason.id


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
        ServerFault.NOT_STAPLED,
    }
)

_OUR_DECISIONS = frozenset(
    {ServerFault.DISTRUSTED, ServerFault.NOT_THROUGH_CHOSEN_CA, ServerFault.PIN_MISMATCH}
)
"""What the CA of the partner can do nothing about."""

_OF_REVOCATION = frozenset({ServerFault.REVOKED, ServerFault.NOT_STAPLED, ServerFault.REVOCATION_UNKNOWN})
"""Of these the second engine knows nothing: what it refuses beside them is said beside them, for on another
day they may be gone."""

_ROLE_FAULTS = {
    "critical.understood": ServerFault.CRITICAL_EXTENSION,
    "critical.readable": ServerFault.UNREADABLE,
    "critical.unique": ServerFault.UNREADABLE,
    "ca.path_length": ServerFault.PATH_LENGTH,
    "ca.": ServerFault.ISSUER_NOT_CA,
    "names.": ServerFault.NAME_CONSTRAINTS,
    "policy.": ServerFault.REFUSED,
}

CHAIN_RULES = (complete, order, issuers_valid, issuers_purpose, issuers_role)
