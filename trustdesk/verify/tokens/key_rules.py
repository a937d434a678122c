"""The rules on who signed a token: JWT-06, JWT-07 and JWT-10 to JWT-12."""

from __future__ import annotations

from trustdesk.core.finding import Severity
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.trust_version import AuthenticityState
from trustdesk.verify.profiles.rule import Held, NotRun, Outcome, Violated, rule
from trustdesk.verify.tokens.case import SignatureState, TokenCase
from trustdesk.verify.tokens.form_rules import UNREADABLE
from trustdesk.verify.tokens.key_checks import (
    certificates_outcome,
    server_fault,
    trusted_signer_outcome,
    weakness_of,
)
from trustdesk.verify.tokens.thumbprints import thumbprint_fault

_KEYS_OF_ITS_OWN = ("jku", "x5u", "jwk", "x5c")
_NO_KEY = msg("No key of the provider is at hand.")

_AUTHENTICITY = {
    AuthenticityState.VERIFIED: msg("signed by its publisher"),
    AuthenticityState.UNSIGNED: msg("unsigned"),
    AuthenticityState.FAILED: msg("whose signature does not hold"),
    AuthenticityState.UNKNOWN_SIGNER: msg("signed by somebody unknown here"),
    AuthenticityState.NOT_CHECKED: msg("whose signature was not checked"),
}


@rule(
    "JWT-06",
    msg("The issuer is on the list of identity providers, and keys come from there."),
    "ONE Record API 2.3 authn-application-layer; RFC 8725 3.8, 3.10",
    always=Severity.ERROR,
)
def issuer_on_list(case: TokenCase) -> Outcome:
    """JWT-06: `iss` to the letter; keys that the token itself names are not used."""
    if case.token.claims is None:
        return NotRun(UNREADABLE)
    issuer = case.text("iss")
    if not issuer:
        return NotRun(msg("The token names no issuer."))
    if case.providers is None:
        return NotRun(msg("There is no list of identity providers to look for {issuer} in.", issuer=issuer))
    listed_provider = case.provider
    if listed_provider is None:
        near = next(
            (
                one.provider.issuer
                for one in case.providers
                if one.provider.issuer.rstrip("/").lower() == issuer.rstrip("/").lower()
            ),
            None,
        )
        if near is not None:
            return Violated(
                msg(
                    "{issuer} is on no list; {near} is, and issuers are compared to the letter.",
                    issuer=issuer,
                    near=near,
                ),
                msg("Ask the provider how it writes its issuer, and let list and token say the same."),
            )
        return Violated(
            msg("{issuer} is on no list.", issuer=issuer),
            msg("Do not accept it, unless you decide to trust this provider and put it on a list."),
        )
    where = msg(
        "{issuer} is on the list {list}, {authenticity}.",
        issuer=issuer,
        list=listed_provider.list_name,
        authenticity=_AUTHENTICITY[listed_provider.authenticity],
    )
    if listed_provider.authenticity is AuthenticityState.FAILED:
        return Violated(where, msg("Get the list again from whoever publishes it."))
    own = [name for name in _KEYS_OF_ITS_OWN if name in (case.token.header or {})]
    where_keys = case.header_text("jku")
    if where_keys is not None and where_keys != (listed_provider.provider.jwks_uri or where_keys):
        return Violated(
            msg(
                "{where} The token's header names other keys ({jku}) than the list ({uri}): not used.",
                where=where,
                jku=where_keys,
                uri=listed_provider.provider.jwks_uri,
            ),
            msg("Ask the provider where its keys are."),
            Severity.WARNING,
        )
    if listed_provider.next_update is not None and listed_provider.next_update < case.at:
        return Violated(
            msg("{where} A newer list was to come by {date}.", where=where, date=listed_provider.next_update),
            msg("Import the newest list."),
            Severity.WARNING,
        )
    if own:
        return Held(
            msg(
                "{where} What the token's header says of keys ({names}) was not used.",
                where=where,
                names=listed(own),
            )
        )
    return Held(where)


@rule(
    "JWT-07",
    msg("One of the provider's keys made the signature."),
    "ONE Record API 2.3 authn-application-layer; RFC 7515 5.2; RFC 8725 3.1",
    always=Severity.ERROR,
)
def signature_holds(case: TokenCase) -> Outcome:
    """JWT-07."""
    if case.signature.state is SignatureState.VALID:
        return Held(case.signature.reason)
    if case.signature.state is SignatureState.INVALID:
        return Violated(case.signature.reason, case.signature.remedy)
    if case.signature.remedy is not None:
        return NotRun(msg("{reason} {remedy}", reason=case.signature.reason, remedy=case.signature.remedy))
    return NotRun(case.signature.reason)


@rule(
    "JWT-10",
    msg("Certificates beside the key are its own, in time, and thumbprints are right."),
    "RFC 7515 4.1.6 to 4.1.8; RFC 7517 4.7 to 4.9",
    always=Severity.WARNING,
)
def certificates_of_key(case: TokenCase) -> Outcome:
    """JWT-10: those in the key set, and the thumbprints that the token's header repeats."""
    key = case.signature.key
    if key is None:
        return NotRun(_NO_KEY)
    outcome = certificates_outcome(key, case.at)
    if isinstance(outcome, Held):
        fault = _header_fault(case)
        if fault is not None:
            return Violated(
                fault, msg("Ask the identity provider to write the thumbprint of its certificate.")
            )
    return outcome


def _header_fault(case: TokenCase) -> Message | None:
    key = case.signature.key
    for name, is_sha1 in (("x5t", True), ("x5t#S256", False)):
        value = case.header_text(name)
        if value is None or key is None or not key.certificates:
            continue
        if value == case.header_text("kid") != (key.sha1_thumbprint if is_sha1 else key.sha256_thumbprint):
            return msg("The token's {member} repeats its key id (kid).", member=name)
        fault = thumbprint_fault(value, key.certificates[0], sha1=is_sha1)
        if fault is not None:
            return msg("The token's {member} is wrong. {fault}", member=name, fault=fault)
    return None


@rule(
    "JWT-11",
    msg("The provider's key is strong, and its TLS endpoint passes the rules for servers."),
    "ONE Record certificate policy 6.1.5; RFC 7518 3.3; RFC 8414 6.2",
    always=Severity.ERROR,
)
def strong_key(case: TokenCase) -> Outcome:
    """JWT-11; of a token alone only the key can be looked at."""
    key = case.signature.key
    if key is None:
        return NotRun(_NO_KEY)
    if key.spki is None:
        return NotRun(msg("{key}: the key cannot be read.", key=key.title))
    weakness = weakness_of(key)
    if weakness is not None:
        return Violated(
            msg("{key}: {weakness}", key=key.title, weakness=weakness),
            msg("Ask the identity provider for a key of 2,048 bits or more, or on P-256."),
        )
    faults = [fault for server in case.servers if (fault := server_fault(server)) is not None]
    if faults:
        return Violated(faults[0], msg("Ask the identity provider to correct it."))
    if case.servers and all(server.trusted for server in case.servers):
        return Held(
            msg(
                "{key} is strong enough ({algorithm}, {bits} bits), and came from a trusted server.",
                key=key.title,
                algorithm=key.key_algorithm or "?",
                bits=key.key_bits or 0,
            )
        )
    return NotRun(
        msg(
            "{key} is strong enough ({algorithm}, {bits} bits). The provider's server was not asked: "
            "trustdesk idp check does that.",
            key=key.title,
            algorithm=key.key_algorithm or "?",
            bits=key.key_bits or 0,
        )
    )


@rule(
    "JWT-12",
    msg("A trust list names the provider's signing certificate."),
    "ONE Record API & Security 2020 p. 72",
    always=Severity.INFO,
)
def signer_on_trust_list(case: TokenCase) -> Outcome:
    """JWT-12: the look-up by subject key identifier of 2020."""
    key = case.signature.key
    if key is None:
        return NotRun(_NO_KEY)
    provider = None if case.provider is None else case.provider.provider
    return trusted_signer_outcome(key, provider, case.signing_entries, case.at)


WHO_RULES = (issuer_on_list, signature_holds)
KEY_RULES = (certificates_of_key, strong_key, signer_on_trust_list)
