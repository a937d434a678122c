"""What an identity provider publishes, judged: discovery document, keys, servers (IDP-…, JWT-06, JWT-10 …).

The check catalogue has no ids for discovery documents: IDP-01 to IDP-07 are our own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from trustdesk.core.finding import Finding, FindingStatus, Severity, Verdict, verdict_of
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.trust_entry import ListEntry
from trustdesk.formats.discovery import DiscoveryDocument
from trustdesk.formats.web_key import WebKey
from trustdesk.verify.profiles.policy import DEFAULT_POLICY
from trustdesk.verify.profiles.rule import Held, NotApplicable, NotRun, Outcome, Violated, rule
from trustdesk.verify.tokens.case import ListedProvider, ServerSeen
from trustdesk.verify.tokens.key_checks import (
    certificates_outcome,
    server_fault,
    trusted_signer_outcome,
    weakness_of,
)
from trustdesk.verify.tokens.signature import ASYMMETRIC

_DISCOVERY = "RFC 8414 3.3; OpenID Connect Discovery 1.0 4.3"
_KEY_SET = "RFC 7517 4, 5; ONE Record API 2.3 authn-application-layer"
_NO_DOCUMENT = msg("There is no discovery document to look at.")
_NO_KEYS = msg("There are no keys to look at.")
_ASK = msg("Ask the identity provider to correct it.")
_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCase:
    """What was found of a provider.

    Attributes:
        listed: None where no list names it.
        has_lists: whether there is any list of providers.
        document: None where there is none, or none that can be read.
        document_outcome: what came of asking for it.
        keys: as `jwks_uri` gave them; None where it gave none.
        keys_outcome: what came of asking for them.
        servers: the endpoints that were looked at.
        published: where private keys were published, by the SHA-256 of SubjectPublicKeyInfo.
    """

    issuer: str
    at: datetime
    document_outcome: Outcome
    keys_outcome: Outcome
    listed: ListedProvider | None = None
    has_lists: bool = True
    document: DiscoveryDocument | None = None
    keys: tuple[WebKey, ...] | None = None
    servers: tuple[ServerSeen, ...] = ()
    signing_entries: tuple[ListEntry, ...] | None = None
    published: Mapping[str, str] = field(default_factory=dict)


def judge_provider(case: ProviderCase) -> tuple[tuple[Finding, ...], Verdict]:
    """Apply the rules; whoever could not be asked is no pass."""
    findings = [one.finding(one.check(case), {}, DEFAULT_POLICY) for one in RULES]
    for server in case.servers:
        findings += [_of_server(one, server) for one in server.findings if one.rule.startswith("SRV-")]
    verdict = verdict_of(findings)
    if verdict is not Verdict.FAIL and any(
        one.rule in _NEEDED and one.status is FindingStatus.NOT_RUN for one in findings
    ):
        verdict = Verdict.FAIL
    return tuple(findings), verdict


@rule("IDP-01", msg("The provider publishes a discovery document."), _DISCOVERY, always=Severity.ERROR)
def discovery(case: ProviderCase) -> Outcome:
    """IDP-01."""
    return case.document_outcome


@rule("IDP-02", msg("Its document names the issuer, to the letter."), _DISCOVERY, always=Severity.ERROR)
def same_issuer(case: ProviderCase) -> Outcome:
    """IDP-02: a document that names another issuer is somebody else's, and nothing of it is used."""
    if case.document is None:
        return NotRun(_NO_DOCUMENT)
    if case.document.issuer == case.issuer:
        return Held(msg("It names {issuer}.", issuer=case.issuer))
    return Violated(
        msg("It names {found}, not {issuer}.", found=case.document.issuer or "-", issuer=case.issuer),
        msg("Write the issuer as the provider does, or ask the provider; nothing of this document was used."),
    )


@rule("IDP-03", msg("Its addresses are https."), "RFC 8414 2; RFC 9700 2.6", always=Severity.ERROR)
def addresses_are_https(case: ProviderCase) -> Outcome:
    """IDP-03: jwks_uri has to be there; a token endpoint may be missing."""
    if case.document is None:
        return NotRun(_NO_DOCUMENT)
    if not case.document.jwks_uri:
        return Violated(msg("It names no jwks_uri: nobody can find its keys."), _ASK)
    plain = [
        url
        for url in (case.document.jwks_uri, case.document.token_endpoint)
        if url and not url.startswith("https://")
    ]
    if plain:
        return Violated(msg("Not https: {urls}.", urls=listed(plain)), _ASK)
    return Held(msg("Its keys are at {uri}.", uri=case.document.jwks_uri))


@rule(
    "IDP-04",
    msg("Document and list name the same addresses."),
    "ONE Record API 2.3 authn-application-layer",
    always=Severity.ERROR,
)
def agrees_with_list(case: ProviderCase) -> Outcome:
    """IDP-04: where they differ, the list counts; a token URL that differs only warns."""
    if case.document is None:
        return NotRun(_NO_DOCUMENT)
    if case.listed is None:
        return NotApplicable(msg("No list names this provider."))
    provider = case.listed.provider
    remedy = msg("Ask whoever publishes the list, and the provider, which is right.")
    if provider.jwks_uri and provider.jwks_uri != case.document.jwks_uri:
        return Violated(
            msg(
                "Its keys are at {uri} by the list, at {found} by the document; the list counts.",
                uri=provider.jwks_uri,
                found=case.document.jwks_uri or "-",
            ),
            remedy,
        )
    if provider.token_url and provider.token_url != case.document.token_endpoint:
        return Violated(
            msg(
                "Tokens are had at {url} by the list, at {found} by the document.",
                url=provider.token_url,
                found=case.document.token_endpoint or "-",
            ),
            remedy,
            Severity.WARNING,
        )
    return Held(msg("They agree as far as the list names any."))


@rule("IDP-05", msg("Its keys can be had."), _KEY_SET, always=Severity.ERROR)
def keys_are_there(case: ProviderCase) -> Outcome:
    """IDP-05: at least one that can check a signature."""
    if case.keys is None:
        return case.keys_outcome
    told = {key.spki for key in case.keys if key.secrets}
    usable = [key for key in case.keys if key.spki is not None and key.may_sign and key.spki not in told]
    if not usable:
        return Violated(
            msg("None of the {count} keys can be used to check signatures.", count=len(case.keys)), _ASK
        )
    titles = [key.title for key in usable]
    return Held(msg("Keys for signatures: {keys}.", keys=listed(titles)))


@rule(
    "IDP-06",
    msg("Each key is readable, and has a name and a use of its own."),
    _KEY_SET,
    always=Severity.WARNING,
)
def keys_are_told_apart(case: ProviderCase) -> Outcome:
    """IDP-06: `kid` there and unique, `use` sig, `alg` one of public keys that goes with the key."""
    if case.keys is None:
        return NotRun(_NO_KEYS)
    faults: list[Message] = []
    names = [key.kid for key in case.keys]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        faults.append(msg("Several keys have the name {names}.", names=listed(twice)))
    if len(case.keys) > 1 and not all(names):
        faults.append(msg("A key has no name (kid), and there are several."))
    for key in case.keys:
        if key.secrets or (key.use is not None and key.use != "sig"):
            continue
        faults += [msg("{key}: {problem}", key=key.title, problem=problem) for problem in key.problems]
        if key.use is None and key.operations is None:
            faults.append(msg("{key}: it does not say what it is for (use).", key=key.title))
        if key.algorithm is not None and key.algorithm not in ASYMMETRIC:
            faults.append(
                msg("{key}: {algorithm} is no algorithm for tokens.", key=key.title, algorithm=key.algorithm)
            )
    if faults:
        return Violated(_together(faults), _ASK)
    return Held(msg("{count} keys, each with its name.", count=len(case.keys)))


@rule(
    "IDP-07",
    msg("No private or shared key is published."),
    "RFC 7517 9.2; RFC 8725 3.5",
    always=Severity.BLOCKER,
)
def no_secrets(case: ProviderCase) -> Outcome:
    """IDP-07: whoever reads such a key can sign in the provider's name."""
    if case.keys is None:
        return NotRun(_NO_KEYS)
    told = [
        msg("{key} is published with its secret members {names}.", key=key.title, names=listed(key.secrets))
        for key in case.keys
        if key.secrets
    ]
    told += [
        msg("{key}: its private key lies open: {place}.", key=key.title, place=case.published[digest])
        for key in case.keys
        if key.spki is not None and (digest := hashlib.sha256(key.spki).hexdigest()) in case.published
    ]
    if told:
        return Violated(
            _together(told),
            msg("Tell the provider at once: everybody can sign in its name. Accept none of its tokens."),
        )
    return Held(msg("All that is published is public."))


@rule(
    "JWT-06",
    msg("The issuer is on the list of identity providers."),
    "ONE Record API 2.3 authn-application-layer",
    always=Severity.WARNING,
)
def on_a_list(case: ProviderCase) -> Outcome:
    """JWT-06, of a provider that a person asks about: to look before it is listed is no fault."""
    if case.listed is not None:
        return Held(msg("It is on the list {list}.", list=case.listed.list_name))
    if not case.has_lists:
        return NotRun(msg("There is no list of identity providers."))
    return Violated(
        msg("It is on no list."),
        msg("Put it on a list before its tokens are accepted, if you decide to trust it."),
    )


@rule(
    "JWT-10",
    msg("Certificates beside the keys are their own, in time, and thumbprints are right."),
    "RFC 7517 4.7 to 4.9",
    always=Severity.WARNING,
)
def certificates(case: ProviderCase) -> Outcome:
    """JWT-10, of every key."""
    return _of_all(case, [certificates_outcome(key, case.at) for key in case.keys or ()])


@rule(
    "JWT-11",
    msg("Its keys are strong, and its TLS endpoints pass the rules for servers."),
    "ONE Record certificate policy 6.1.5; RFC 7518 3.3; RFC 8414 6.2",
    always=Severity.ERROR,
)
def strong(case: ProviderCase) -> Outcome:
    """JWT-11: RSA of 2,048 bits or more, and every server that was looked at."""
    faults = [
        msg("{key}: {weakness}", key=key.title, weakness=weakness)
        for key in case.keys or ()
        if (weakness := weakness_of(key)) is not None
    ]
    faults += [fault for server in case.servers if (fault := server_fault(server)) is not None]
    if faults:
        return Violated(
            _together(faults), msg("Ask the identity provider to correct it; see the rules below.")
        )
    for server in case.servers:
        if server.trouble is not None:
            return NotRun(msg("{endpoint}: {trouble}", endpoint=server.endpoint, trouble=server.trouble))
    if case.keys is None:
        return NotRun(_NO_KEYS)
    if not case.servers or not all(server.trusted for server in case.servers):
        return NotRun(msg("None of its servers was looked at."))
    names = [server.endpoint for server in case.servers]
    if any(key.spki is None for key in case.keys):
        return Held(
            msg(
                "Strong keys as far as they can be read, and trusted servers: {servers}.",
                servers=listed(names),
            )
        )
    return Held(msg("Strong keys, and trusted servers: {servers}.", servers=listed(names)))


@rule(
    "JWT-12",
    msg("A trust list names the signing certificates."),
    "ONE Record API & Security 2020 p. 72",
    always=Severity.INFO,
)
def on_trust_list(case: ProviderCase) -> Outcome:
    """JWT-12, of every key that can sign."""
    provider = None if case.listed is None else case.listed.provider
    keys = [key for key in case.keys or () if key.spki is not None and key.may_sign]
    return _of_all(
        case, [trusted_signer_outcome(key, provider, case.signing_entries, case.at) for key in keys]
    )


RULES = (
    discovery,
    same_issuer,
    addresses_are_https,
    agrees_with_list,
    keys_are_there,
    keys_are_told_apart,
    no_secrets,
    on_a_list,
    certificates,
    strong,
    on_trust_list,
)

_NEEDED = frozenset({"IDP-01", "IDP-05", "JWT-11"})
"""What a check is for: where it could not be found out, nobody may call the provider good."""


def _of_server(finding: Finding, server: ServerSeen) -> Finding:
    return Finding(
        rule=finding.rule,
        status=finding.status,
        severity=finding.severity,
        title=finding.title,
        evidence=msg("{endpoint}: {evidence}", endpoint=server.endpoint, evidence=finding.evidence),
        remedy=finding.remedy,
        source=finding.source,
    )


def _of_all(case: ProviderCase, outcomes: Sequence[Outcome]) -> Outcome:
    """Return what came of a rule for all keys: the worst of it, with all that is wrong."""
    if not case.keys:
        return NotRun(_NO_KEYS)
    bad = [one for one in outcomes if isinstance(one, Violated)]
    if bad:
        worst = next((one.severity for one in bad if one.severity is not None), None)
        return Violated(_together([one.evidence for one in bad]), bad[0].remedy, worst)
    for kind in (NotRun, Held):
        found = [one.evidence for one in outcomes if isinstance(one, kind)]
        if found:
            return kind(_together(found))
    return outcomes[0] if outcomes else NotRun(_NO_KEYS)


def _together(sentences: Iterable[Message]) -> Message:
    every = list(dict.fromkeys(sentences))
    words = every[0]
    for sentence in every[1:_SHOWN]:
        words = msg("{before} {next}", before=words, next=sentence)
    if len(every) > _SHOWN:
        words = msg("{before} And {count} more.", before=words, count=len(every) - _SHOWN)
    return words
